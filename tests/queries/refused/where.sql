-- where_one(id u64) change
-- Everything, by mistake: the WHERE belongs to the sub-select.
UPDATE t SET a = (SELECT a FROM u WHERE id = :id);

-- where_two() exec
-- Everything.
DELETE FROM t;
