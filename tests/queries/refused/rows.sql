-- rows_one() one t
-- First.
-- -> a u64, b text
SELECT a, b FROM t;

-- rows_two() many t
-- Another nullability.
-- -> a u64, b text?
SELECT a, b FROM t;

-- rows_three() one u
-- A column twice, and a type that is none.
-- -> a u64, a text
SELECT a, a FROM t;

-- rows_four() one u
-- No such type.
-- -> a enumeration
SELECT a FROM t;

-- rows_five() one u
-- A comma too many.
-- -> a u64,
SELECT a FROM t;
