-- The language in which a person reads pages and mails; empty: as the browser says, and for mails as who writes.

ALTER TABLE account ADD COLUMN language VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
