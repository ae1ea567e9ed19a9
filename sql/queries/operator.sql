-- What the operator's commands ask: names, states and counts, never a tenant's content.

-- operator_vendors(after u64) many operator_vendor
-- All vendors, oldest first; the next page begins after the last one.
-- -> id u64, public_id id, name text, created_at time, suspended_at time?, delete_asked_at time?, members u64
SELECT c.id, c.public_id, c.name, c.created_at, c.suspended_at, c.delete_asked_at, (SELECT COUNT(*) FROM member m WHERE m.company_id = c.id) AS members
FROM company c FORCE INDEX (PRIMARY) WHERE c.id > :after AND c.kind = 'vendor' ORDER BY c.id LIMIT 500;

-- operator_vendor_by_id(public_id id) one vendor_company
-- The vendor of an id.
-- -> id u64, public_id id, name text
SELECT id, public_id, name FROM company WHERE public_id = :public_id AND kind = 'vendor';

-- operator_suspend(id u64) change
-- Closed from now on. None: it was already.
UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE id = :id AND kind = 'vendor' AND suspended_at IS NULL;

-- operator_resume(id u64) change
-- Open again. None: it was not closed.
UPDATE company SET suspended_at = NULL WHERE id = :id AND kind = 'vendor' AND suspended_at IS NOT NULL;

-- operator_accounts(after u64) many operator_account
-- All accounts, oldest first; the next page begins after the last one.
-- -> id u64, email text, created_at time, locked_at time?, verified bool, companies u64
SELECT a.id, a.email, a.created_at, a.locked_at, a.verified_at IS NOT NULL AS verified, (SELECT COUNT(*) FROM member m WHERE m.account_id = a.id) AS companies
FROM account a WHERE a.id > :after ORDER BY a.id LIMIT 500;

-- operator_accounts_of(company_id u64, after u64) many operator_account
-- The same of one vendor's people.
-- -> id u64, email text, created_at time, locked_at time?, verified bool, companies u64
SELECT a.id, a.email, a.created_at, a.locked_at, a.verified_at IS NOT NULL AS verified, (SELECT COUNT(*) FROM member m WHERE m.account_id = a.id) AS companies
FROM member v JOIN account a ON a.id = v.account_id WHERE v.company_id = :company_id AND v.account_id > :after ORDER BY v.account_id LIMIT 500;

-- operator_lock(id u64) change
-- No sign-in from now on. None: it was locked already.
UPDATE account SET locked_at = UTC_TIMESTAMP(6) WHERE id = :id AND locked_at IS NULL;

-- operator_unlock(id u64) change
-- Open again. None: it was not locked.
UPDATE account SET locked_at = NULL WHERE id = :id AND locked_at IS NOT NULL;

-- operator_queue() one operator_queue
-- How many mails wait, how many of them for a vendor to be opened again, and since when the oldest that is due. A reminder waits from its day on.
-- -> waiting u64, held u64, oldest time?
SELECT
  (SELECT COUNT(*) FROM outbox FORCE INDEX (outbox_due) WHERE next_at IS NOT NULL AND (remind_at IS NULL OR remind_at <= UTC_TIMESTAMP(6))) AS waiting,
  (SELECT COUNT(*) FROM company v JOIN outbox o ON o.vendor_id = v.id
   WHERE v.closed_at IS NOT NULL AND o.state IN ('queued', 'deferred') AND o.next_at IS NULL AND o.sealed IS NOT NULL) AS held,
  (SELECT MIN(COALESCE(remind_at, created_at)) FROM outbox FORCE INDEX (outbox_due)
   WHERE next_at IS NOT NULL AND (remind_at IS NULL OR remind_at <= UTC_TIMESTAMP(6))) AS oldest;
