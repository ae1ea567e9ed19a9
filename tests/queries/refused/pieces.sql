-- piece pieces_round
-- Itself inside.
a AND $pieces_round;

-- piece pieces_unused
-- Nobody wants it.
b;

-- pieces_one() exec
-- Unknown, and one that never ends.
DELETE FROM t WHERE $pieces_none AND $pieces_round;

-- piece pieces_round
-- Twice.
c;

-- piece other
-- Not of this subject.
d;
