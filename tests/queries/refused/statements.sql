-- statements_one() exec
-- Two.
DELETE FROM t WHERE a; DELETE FROM u WHERE a;

-- statements_two() exec
-- A missing ; before the next one.
DELETE FROM t WHERE a

-- statements_three() exec
-- A quote without end.
DELETE FROM t WHERE a = 'b;

-- statements_four() exec
-- The other comments.
DELETE FROM t /* all */ WHERE a;

-- statements_five() exec
-- Variables.
DELETE FROM t WHERE a = @b;

-- statements_six() exec
-- Parentheses.
DELETE FROM t WHERE (a;

-- statements_seven() exec
-- No ; at the end.
DELETE FROM t WHERE a
