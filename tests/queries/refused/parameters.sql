-- parameters_one(id u64) exec
-- Not declared.
DELETE FROM t WHERE id = :id
AND name = :name;

-- parameters_two(id u64, name text) exec
-- Not used, though a comment and a text say so.
DELETE FROM t WHERE id = :id -- :name
AND a = ':name';

-- parameters_three(id u64, id u64) exec
-- Twice.
DELETE FROM t WHERE id = :id;

-- parameters_four(id) exec
-- Without a type.
DELETE FROM t WHERE id = :id;

-- parameters_five(id number) exec
-- Of no type.
DELETE FROM t WHERE id = :id;

-- parameters_six(id u64) exec
-- Without a name.
DELETE FROM t WHERE id = ?;

-- parameters_seven(int u64, db text) exec
-- Names that C or the generated code has.
DELETE FROM t WHERE id = :int;

-- parameters_eight(id u64
-- Not closed.
DELETE FROM t WHERE id = :id;
