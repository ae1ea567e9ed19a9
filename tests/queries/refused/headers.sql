-- A subject.

SELECT 1 AS a;

-- other_name() exec
-- Not of this subject.
DELETE FROM t WHERE a;

-- headers_one() some t
-- No such kind.
SELECT 1 AS a;

-- headers_two() one
-- No row.
-- -> a u64
SELECT 1 AS a;

-- headers_three() exec t
-- A row too many.
DELETE FROM t WHERE a;

-- headers_four() one t
-- No columns.
SELECT 1 AS a;

-- headers_five() exec
-- Columns.
-- -> a u64
DELETE FROM t WHERE a;

-- headers_six() exec
DELETE FROM t WHERE a;

-- headers_seven() exec
-- Fine.
DELETE FROM t WHERE a;

-- headers_seven() exec
-- The same name.
DELETE FROM t WHERE a;

-- headers_Eight() exec
-- Capitals.
DELETE FROM t WHERE a;
