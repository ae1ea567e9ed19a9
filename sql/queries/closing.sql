-- A vendor that its owner deletes: closed at once, deleted some time later, kept if an owner wants it back until then.

-- piece closing_owner
-- Said by somebody who is an owner at this moment.
EXISTS (SELECT 1 FROM member m WHERE m.company_id = c.id AND m.account_id = :account_id AND m.role = 'owner');

-- closing_begin(vendor_id u64, account_id u64, days u64) change
-- Closed from now on. DB_NONE: it was already.
UPDATE company c SET c.delete_asked_at = UTC_TIMESTAMP(6), c.delete_at = UTC_TIMESTAMP(6) + INTERVAL :days DAY
WHERE c.id = :vendor_id AND c.kind = 'vendor' AND c.closed_at IS NULL AND $closing_owner;

-- closing_undo(vendor_id u64, account_id u64) change
-- Open again, unless the operator has closed it. DB_NONE: it is open, or its time has come.
UPDATE company c SET c.delete_asked_at = NULL, c.delete_at = NULL WHERE c.id = :vendor_id AND c.delete_at > UTC_TIMESTAMP(6) AND $closing_owner;

-- closing_when(vendor_id u64) one closing
-- Until when it can be kept.
-- -> delete_at time?
SELECT delete_at FROM company WHERE id = :vendor_id;

-- closing_owners(vendor_id u64, after u64) many closing_owner
-- Who is told; the next page begins after the last one.
-- -> id u64, email text
SELECT a.id, a.email FROM member m JOIN account a ON a.id = m.account_id
WHERE m.company_id = :vendor_id AND m.role = 'owner' AND m.account_id > :after ORDER BY m.account_id LIMIT 100;

-- closing_due() one closing_due
-- The vendor whose time came first, but for those that are tried again later.
-- -> id u64
SELECT id FROM company FORCE INDEX (company_delete)
WHERE delete_at <= UTC_TIMESTAMP(6) AND (delete_again_at IS NULL OR delete_again_at <= UTC_TIMESTAMP(6)) ORDER BY delete_at LIMIT 1;

-- closing_later(vendor_id u64, minutes u64) exec
-- It cannot be deleted now: the next one's turn.
UPDATE company SET delete_again_at = UTC_TIMESTAMP(6) + INTERVAL :minutes MINUTE WHERE id = :vendor_id;

-- closing_hold(vendor_id u64) change
-- Nobody else deletes it until this transaction ends. DB_NONE: somebody has.
UPDATE company SET delete_at = delete_at WHERE id = :vendor_id AND delete_at <= UTC_TIMESTAMP(6);
