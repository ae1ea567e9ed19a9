-- Secrets in mailed links, by keyed hash. A token of one purpose is never found under another.

-- token_add_invitation(hash hash, invitation_id u64) insert
-- The link of an invitation; the invitation's own expiry decides how long it works.
INSERT INTO token (hash, purpose, invitation_id, created_at) VALUES (:hash, 'invitation', :invitation_id, UTC_TIMESTAMP(6));

-- token_add_copied(hash hash, invitation_id u64, vendor_id u64) change
-- One more link of an invitation that is open, for a member to hand on: it does not prove the mailbox. The earlier links stay good.
INSERT INTO token (hash, purpose, invitation_id, copied, created_at)
SELECT :hash, 'invitation', i.id, 1, UTC_TIMESTAMP(6) FROM invitation i
WHERE i.id = :invitation_id AND i.vendor_id = :vendor_id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6);

-- token_copied(hash hash, invitation_id u64) one token_copied
-- Whether a secret is a copied link of this invitation that still works.
-- -> invitation_id u64
SELECT i.id AS invitation_id FROM token t JOIN invitation i ON i.id = t.invitation_id
WHERE t.hash = :hash AND t.purpose = 'invitation' AND t.copied AND i.id = :invitation_id
  AND t.superseded_at IS NULL AND t.used_at IS NULL AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6);

-- token_void(invitation_id u64) exec
-- The address was wrong: the links that went there are dead outright and do not even say that there is a newer one.
UPDATE token SET used_at = UTC_TIMESTAMP(6) WHERE invitation_id = :invitation_id AND purpose = 'invitation' AND used_at IS NULL;

-- token_supersede(invitation_id u64) exec
-- A newer mail was sent: the earlier links say so and do nothing else.
UPDATE token SET superseded_at = UTC_TIMESTAMP(6) WHERE invitation_id = :invitation_id AND superseded_at IS NULL;

-- token_add_password(hash hash, account_id u64?, minutes u64) insert
-- The link that sets a password. Without an account it leads nowhere: the answer to an unknown address costs the same.
INSERT INTO token (hash, purpose, account_id, created_at, expires_at)
VALUES (:hash, 'password', :account_id, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL :minutes MINUTE);

-- token_password_live(account_id u64) one token_password_live
-- Whether the person has such a link that works. Always one row.
-- -> live bool
SELECT EXISTS (SELECT 1 FROM token WHERE account_id = :account_id AND purpose = 'password' AND used_at IS NULL AND expires_at > UTC_TIMESTAMP(6)) AS live;

-- token_password(hash hash) one password_token
-- The live link that sets a password, and whose it is.
-- -> account_id u64, email text, first_name text, last_name text, unfinished bool
SELECT a.id AS account_id, a.email, a.first_name, a.last_name, a.unfinished AND a.locked_at IS NULL AS unfinished FROM token t JOIN account a ON a.id = t.account_id
WHERE t.hash = :hash AND t.purpose = 'password' AND t.used_at IS NULL AND t.expires_at > UTC_TIMESTAMP(6);

-- token_password_use(hash hash) change
-- Used once, and only in time.
UPDATE token SET used_at = UTC_TIMESTAMP(6)
WHERE hash = :hash AND purpose = 'password' AND used_at IS NULL AND expires_at > UTC_TIMESTAMP(6);

-- token_password_void(account_id u64) exec
-- The other password links of this person die with the first one that is used.
UPDATE token SET used_at = UTC_TIMESTAMP(6) WHERE account_id = :account_id AND purpose = 'password' AND used_at IS NULL;
