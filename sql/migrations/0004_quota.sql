-- How many invitations were mailed: by whom and to whom, a day; and how often one invitation was sent again.

-- `subject` is a keyed hash of who is counted, so that no address stands here. Days are UTC's; older ones are swept away.
CREATE TABLE recipient_count (
  scope   ENUM('member','vendor','address','installation') NOT NULL,
  subject BINARY(32) NOT NULL,
  day     DATE NOT NULL,
  n       INT UNSIGNED NOT NULL,
  PRIMARY KEY (scope, subject, day),
  KEY recipient_count_day (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE invitation ADD COLUMN resends INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'mails after the first, since it was last sent anew';
