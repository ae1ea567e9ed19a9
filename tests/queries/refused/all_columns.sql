-- all_columns_one() one t
-- Stars.
-- -> id u64
SELECT * FROM t;

-- all_columns_two() one t
-- Stars.
-- -> id u64
SELECT t.*, 1 FROM t;

-- all_columns_three() one t
-- Stars.
-- -> id u64
SELECT id, * FROM t;
