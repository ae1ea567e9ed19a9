-- The do-not-invite list: keyed hashes of addresses, honoured by all vendors.

-- enum suppression_by SUPPRESSION_BY_ person operator

-- suppression_find(address hash) one suppressed
-- Whether an address is on the list.
-- -> asked_by suppression_by, asked_at time
SELECT asked_by, asked_at FROM suppression WHERE address = :address;

-- suppression_add(address hash, asked_by suppression_by) exec
-- Nobody may invite this address any more. Asked twice, the first time stays.
INSERT IGNORE INTO suppression (address, asked_by, asked_at) VALUES (:address, :asked_by, UTC_TIMESTAMP(6));

-- suppression_remove(address hash) exec
-- Invitations are welcome again.
DELETE FROM suppression WHERE address = :address;

-- suppression_list(after hash) many suppression_line
-- The list for the operator, by hash; the next page begins after the last one.
-- -> address hash, asked_by suppression_by, asked_at time
SELECT address, asked_by, asked_at FROM suppression WHERE address > :after ORDER BY address LIMIT 500;
