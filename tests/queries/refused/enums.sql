-- enum colour COLOUR_ red green
-- enum colour COLOR_ red
-- enum shade COLOUR_ dark red
-- enum empty EMPTY_
-- enum lower lower_ a
-- enum signs SIGNS_ a, b

-- enums_one() one colour
-- A row that is called like an enum.
-- -> a colour
SELECT a FROM t;
