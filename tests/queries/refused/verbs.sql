-- verbs_one() one t
-- Not a SELECT.
-- -> a u64
UPDATE t SET a = 1 WHERE a;

-- verbs_two() exec
-- Not a change.
SELECT 1;

-- verbs_three() insert
-- Not an INSERT.
UPDATE t SET a = 1 WHERE a;

-- verbs_four(s text) exec
-- String-built SQL.
EXECUTE IMMEDIATE :s;

-- verbs_five() insert
-- RETURNING.
INSERT INTO t (a) VALUES (1) RETURNING id;

-- verbs_six() one t
-- A file.
-- -> a u64
SELECT a INTO OUTFILE 'x' FROM t;

-- verbs_seven() exec
-- A schema.
DROP TABLE t;
