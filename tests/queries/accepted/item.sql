-- Every type, every kind, a row of another query, and enums.

-- enum item_state ITEM_ open closed in_between

-- item_by_code(code text, state item_state?) one item
-- One of them. Two lines
-- of description */ with a trap.
-- -> id u64, public_id id, hash hash, change i64, active bool, name text?,
--    note bytes?, state item_state, before item_state?, since time, until time?
SELECT id, public_id, hash, `change`, active, name, note, state, before, since, until
FROM item WHERE code = :code AND (:state IS NULL OR state = :state);

-- item_all() many item
-- All of them: the same row.
-- -> id u64, public_id id, hash hash, change i64, active bool, name text?, note bytes?, state item_state, before item_state?, since time, until time?
SELECT id, public_id, hash, `change`, active, name, note, state, before, since, until FROM item LIMIT 10;

-- item_count() one item_count
-- COUNT(*) is no list of columns, and 2 * 3 is a product.
-- -> n u64
SELECT COUNT(*) * 2 * 3 AS n FROM item;

-- item_add(public_id id, hash hash?, change i64?, active bool?, name text,
--          note bytes, state item_state, before item_state?, since time, until time?) insert
-- A header of two lines.
INSERT INTO item (public_id, hash, `change`, active, name, note, state, before, since, until)
VALUES (:public_id, :hash, :change, :active, :name, :note, :state, :before, :since, :until);

-- item_close(id u64, more id?, number i64, flag bool, text_too text?, data bytes?, h hash, t time) change
-- What can be NULL and what cannot.
UPDATE item SET state = 'closed' WHERE id = :id AND more = :more AND a = :number AND b = :flag AND c = :text_too AND d = :data AND e = :h AND f = :t;

-- item_sweep(ids u64?) exec
-- WITH and sub-selects have a WHERE of their own.
DELETE FROM item WHERE id IN (SELECT id FROM other WHERE id = :ids);
