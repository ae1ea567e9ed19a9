-- What a vendor shares with its customers and suppliers, and what they send to it: files, links and notes.

-- A file's way: `coming` is committed before its first octet is written, `kept` together with the row that shows it, `gone` before it is removed.
-- So whatever a crash leaves in the folder has a row here that says what to do with it.
CREATE TABLE shared_file (
  stored BINARY(16) NOT NULL PRIMARY KEY COMMENT 'in hexadecimal its name in resource_folder',
  state  ENUM('coming','kept','gone') NOT NULL,
  since  DATETIME(6) NOT NULL,
  KEY shared_file_state (state, since)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE shared (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id       BINARY(16) NOT NULL UNIQUE,
  vendor_id       BIGINT UNSIGNED NOT NULL,
  kind            ENUM('file','link','note') NOT NULL,
  audience        ENUM('customers','suppliers','chosen','vendor') NOT NULL,
  relationship_id BIGINT UNSIGNED NULL COMMENT 'audience vendor: the partner that sent it',
  received        BOOLEAN AS (audience = 'vendor') PERSISTENT,
  title           VARCHAR(200) NOT NULL COMMENT 'of a file its name',
  url             VARCHAR(500) NOT NULL DEFAULT '',
  body            VARCHAR(2000) NOT NULL DEFAULT '',
  stored          BINARY(16) NULL UNIQUE,
  size            BIGINT UNSIGNED NOT NULL DEFAULT 0,
  account_id      BIGINT UNSIGNED NOT NULL COMMENT 'who added it',
  created_at      DATETIME(6) NOT NULL,
  KEY shared_list (vendor_id, received, id),
  KEY shared_audience (vendor_id, audience, id),
  KEY shared_sent (relationship_id, id),
  FOREIGN KEY (vendor_id) REFERENCES company (id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id),
  FOREIGN KEY (stored) REFERENCES shared_file (stored),
  FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The chosen companies of a resource.
CREATE TABLE shared_with (
  relationship_id BIGINT UNSIGNED NOT NULL,
  shared_id       BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (relationship_id, shared_id),
  KEY shared_with_of (shared_id, relationship_id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id),
  FOREIGN KEY (shared_id) REFERENCES shared (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Companies are chosen by their number too.
ALTER TABLE relationship ADD KEY relationship_number (vendor_id, number);
