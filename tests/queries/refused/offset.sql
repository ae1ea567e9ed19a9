-- offset_one() many t
-- OFFSET.
-- -> id u64
SELECT id FROM t LIMIT 10 OFFSET 5;

-- offset_two(from u64) many t
-- The same with a comma.
-- -> id u64
SELECT id FROM t
LIMIT :from, 10;
