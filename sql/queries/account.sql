-- Accounts, memberships and companies of people: who signs in, and what they belong to.

-- enum member_role ROLE_ owner admin inviter auditor member

-- account_by_email(email_canon text) one account
-- The account that owns an address, or none. Used at sign-in, at "Forgot your password" and by the operator.
-- -> id u64, public_id id, email text, first_name text, last_name text, password text?, verified bool, locked bool, unfinished bool
SELECT id, public_id, email, first_name, last_name, password, verified_at IS NOT NULL AS verified, locked_at IS NOT NULL AS locked,
  unfinished AND locked_at IS NULL AS unfinished
FROM account WHERE email_canon = :email_canon;

-- account_language(id u64) one account_language
-- The language that a person has chosen, or "".
-- -> language text
SELECT language FROM account WHERE id = :id;

-- account_language_at(email_canon text) one account_language
-- The same of whoever owns an address; none: nobody.
-- -> language text
SELECT language FROM account WHERE email_canon = :email_canon;

-- account_language_set(id u64, language text) change
-- Chosen anew.
UPDATE account SET language = :language WHERE id = :id;

-- account_add(public_id id, email text, email_canon text, first_name text, last_name text, password text?, verified bool) insert
-- A new person. The unique key on the canonical address answers DB_CONFLICT for a second one.
INSERT INTO account (public_id, email, email_canon, first_name, last_name, password, verified_at, created_at)
VALUES (:public_id, :email, :email_canon, :first_name, :last_name, :password, IF(:verified, UTC_TIMESTAMP(6), NULL), UTC_TIMESTAMP(6));

-- account_password_set(id u64, password text) change
-- A new password, through a link that reached the mailbox. The first one of an account that an operator or a vendor made proves the
-- address too; a reset activates nothing. (The columns are set in this order.)
UPDATE account SET verified_at = IF(password IS NULL, COALESCE(verified_at, UTC_TIMESTAMP(6)), verified_at), password = :password WHERE id = :id;

-- account_register(public_id id, email text, email_canon text, first_name text, last_name text, password text) insert
-- Somebody registered and has yet to prove the mailbox. DB_CONFLICT: the address has an account.
INSERT INTO account (public_id, email, email_canon, first_name, last_name, password, unfinished, created_at)
VALUES (:public_id, :email, :email_canon, :first_name, :last_name, :password, 1, UTC_TIMESTAMP(6));

-- account_verify(id u64) change
-- The mailbox is proven.
UPDATE account SET verified_at = UTC_TIMESTAMP(6), unfinished = 0 WHERE id = :id AND verified_at IS NULL;

-- account_empty(id u64) change
-- The mailbox's owner has come: what a stranger may have typed before is gone.
UPDATE account SET password = NULL, first_name = '', last_name = '' WHERE id = :id AND unfinished;

-- account_claim(id u64, email text, first_name text, last_name text, password text, verified bool) change
-- Registered anew after that. DB_NONE: by somebody else meanwhile.
UPDATE account SET email = :email, first_name = :first_name, last_name = :last_name, password = :password,
  verified_at = IF(:verified, UTC_TIMESTAMP(6), NULL), unfinished = NOT :verified
WHERE id = :id AND unfinished AND password IS NULL;

-- account_password_rehash(id u64, old text, new text) exec
-- The same password under stronger parameters; nothing happens when it was changed meanwhile.
UPDATE account SET password = :new WHERE id = :id AND password = :old;
