-- Two customer (or supplier) companies that turn out to be one: one is emptied into the other, and what was known of it stays findable.

ALTER TABLE company
  ADD COLUMN merged_into BIGINT UNSIGNED NULL COMMENT 'emptied into that company, which lives on',
  ADD COLUMN merged_at   DATETIME(6) NULL,
  ADD KEY company_merged (merged_into),
  ADD FOREIGN KEY (merged_into) REFERENCES company (id);

-- What a vendor's relationship with an emptied company became. History keeps the ids that it was written with.
CREATE TABLE relationship_merged (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  company_id      BIGINT UNSIGNED NOT NULL COMMENT 'the emptied one',
  vendor_id       BIGINT UNSIGNED NOT NULL,
  kind            ENUM('customer','supplier') NOT NULL,
  relationship_id BIGINT UNSIGNED NOT NULL COMMENT 'the one that lives on',
  old_id          BIGINT UNSIGNED NULL COMMENT 'the one that ended because both companies were connected; NULL: it was moved',
  number          VARCHAR(50) NOT NULL COMMENT 'the number that it had',
  KEY relationship_merged_company (company_id, vendor_id, kind),
  KEY relationship_merged_into (relationship_id),
  FOREIGN KEY (company_id) REFERENCES company (id),
  FOREIGN KEY (vendor_id) REFERENCES company (id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
