-- Proving a mailbox, and what waits for it.

-- verification_add(hash hash, account_id u64, address hash, browser hash, minutes u64, live bool) insert
-- A mail on its way to this person's address. Not `live`: it carries no link, but counts among the mails of the day.
INSERT INTO verification (hash, account_id, address, browser, created_at, expires_at, used_at)
VALUES (:hash, :account_id, :address, :browser, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL :minutes MINUTE, IF(:live, NULL, UTC_TIMESTAMP(6)));

-- verification_by_hash(hash hash, browser hash) one verification
-- The link that a mail carried, whose address it proves, and whether this is the browser that asked for it.
-- -> account_id u64, email text, email_canon text, first_name text, password text?, live bool, verified bool, known bool
SELECT v.account_id, a.email, a.email_canon, a.first_name, a.password, v.used_at IS NULL AND v.expires_at > UTC_TIMESTAMP(6) AND a.locked_at IS NULL AS live,
  a.verified_at IS NOT NULL AS verified, v.browser = :browser AS known
FROM verification v JOIN account a ON a.id = v.account_id WHERE v.hash = :hash;

-- verification_use(hash hash) change
-- Used once, and only in time.
UPDATE verification SET used_at = UTC_TIMESTAMP(6) WHERE hash = :hash AND used_at IS NULL AND expires_at > UTC_TIMESTAMP(6);

-- verification_void(account_id u64) exec
-- The other links of this person die.
UPDATE verification SET used_at = UTC_TIMESTAMP(6) WHERE account_id = :account_id AND used_at IS NULL;

-- verification_wait(account_id u64, invitation_id u64, company_id u64) exec
-- This person pressed Accept, for this company; the last choice counts.
INSERT INTO waiting_acceptance (account_id, invitation_id, company_id, created_at)
VALUES (:account_id, :invitation_id, :company_id, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE company_id = VALUES(company_id);

-- verification_remembered(account_id u64) many remembered
-- What this person accepted before the address was proven. Only for a company in which they decide, and of the kind that the invitation
-- has now: nobody accepts something else than was shown.
-- -> invitation id, company_id u64, company_name text
SELECT i.public_id AS invitation, c.id AS company_id, c.name AS company_name
FROM waiting_acceptance w JOIN invitation i ON i.id = w.invitation_id JOIN company c ON c.id = w.company_id
JOIN member m ON m.company_id = c.id AND m.account_id = w.account_id AND m.role IN ('owner', 'admin')
WHERE w.account_id = :account_id AND c.kind = IF(i.kind = 'customer', 'customer', 'supplier') ORDER BY w.created_at, i.id LIMIT 20;

-- verification_forget(account_id u64) exec
-- Done, or nobody's any more.
DELETE FROM waiting_acceptance WHERE account_id = :account_id;

-- verification_lone_companies(account_id u64) many lone_company
-- Customers and suppliers that this person alone belongs to and that are connected with nobody.
-- -> id u64
SELECT c.id FROM member m JOIN company c ON c.id = m.company_id
WHERE m.account_id = :account_id AND c.kind <> 'vendor'
  AND NOT EXISTS (SELECT 1 FROM member o WHERE o.company_id = c.id AND o.account_id <> m.account_id)
  AND NOT EXISTS (SELECT 1 FROM relationship r WHERE r.partner_id = c.id);

-- verification_member_drop(company_id u64, account_id u64) exec
-- Before such a company is removed.
DELETE FROM member WHERE company_id = :company_id AND account_id = :account_id;

-- verification_company_drop(company_id u64) exec
-- A company that was nobody else's.
DELETE FROM company WHERE id = :company_id;
