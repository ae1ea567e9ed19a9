-- Accounts, memberships and companies of people: who signs in, and what they belong to.

-- enum member_role ROLE_ owner admin inviter auditor member

-- account_by_email(email_canon text) one account
-- The account that owns an address, or none. Used at sign-in, at "Forgot your password" and by the operator.
-- -> id u64, public_id id, email text, first_name text, last_name text, password text?, verified bool, locked bool
SELECT id, public_id, email, first_name, last_name, password, verified_at IS NOT NULL AS verified, locked_at IS NOT NULL AS locked
FROM account WHERE email_canon = :email_canon;

-- account_add(public_id id, email text, email_canon text, first_name text, last_name text, password text?, verified bool) insert
-- A new person. The unique key on the canonical address answers DB_CONFLICT for a second one.
INSERT INTO account (public_id, email, email_canon, first_name, last_name, password, verified_at, created_at)
VALUES (:public_id, :email, :email_canon, :first_name, :last_name, :password, IF(:verified, UTC_TIMESTAMP(6), NULL), UTC_TIMESTAMP(6));

-- account_password_set(id u64, password text) change
-- A new password, through a link that reached the mailbox: so the address is proven too.
UPDATE account SET password = :password, verified_at = COALESCE(verified_at, UTC_TIMESTAMP(6)) WHERE id = :id;

-- account_password_rehash(id u64, old text, new text) exec
-- The same password under stronger parameters; nothing happens when it was changed meanwhile.
UPDATE account SET password = :new WHERE id = :id AND password = :old;
