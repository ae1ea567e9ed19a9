-- Two colleagues at the page of one customer or supplier: the later one sees what the other has changed before saving.

ALTER TABLE relationship ADD COLUMN revision INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'counts changes of number and role, so that nobody overwrites what they have not seen';
