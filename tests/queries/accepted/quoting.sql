-- What looks like something and is inside quotes or a comment, and pieces.

-- piece quoting_open
-- Pieces nest, and have parameters.
state = 'open' AND owner = :owner;

-- piece quoting_mine
(number > 1
 AND $quoting_open);

-- quoting_all(owner u64) many quoting
-- One statement: its ; is the one outside.
-- -> words text, question text
SELECT ':owner; -- no "comment' AS words, -- a comment with :nothing; and 'a quote
  "it''s ? \" $x" AS question -- the end
FROM `a:table?;` WHERE $quoting_mine OR $quoting_open;

-- quoting_with(owner u64) one quoting
-- WITH is a SELECT too.
-- -> words text, question text
WITH w AS (SELECT 'é' AS words, '??=' AS question) SELECT words, question FROM w WHERE :owner = 1 - -1;
