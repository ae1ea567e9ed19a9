-- A vendor asks a company of this installation to connect, by exact address or company ID. Who may answer is found when it is asked; of what
-- belongs to nobody there is the same row, so that nothing the vendor sees tells whether the company exists. One row for each target.

CREATE TABLE connection_request (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id       BINARY(16) NOT NULL UNIQUE,
  vendor_id       BIGINT UNSIGNED NOT NULL,
  sender_id       BIGINT UNSIGNED NOT NULL,
  kind            ENUM('customer','supplier') NOT NULL,
  target          VARCHAR(254) NOT NULL COMMENT 'as typed: an address or a company ID',
  target_canon    VARBINARY(254) NOT NULL,
  email_canon     VARBINARY(254) NULL COMMENT 'whoever proves this address may answer',
  company_id      BIGINT UNSIGNED NULL COMMENT 'or who decides for this company',
  number          VARCHAR(50) NOT NULL DEFAULT '',
  partner_role_id BIGINT UNSIGNED NOT NULL,
  status          ENUM('waiting','accepted','declined') NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  expires_at      DATETIME(6) NOT NULL,
  UNIQUE KEY connection_request_one (vendor_id, kind, target_canon),
  KEY connection_request_list (vendor_id, kind, id),
  KEY connection_request_address (email_canon, status),
  KEY connection_request_company (company_id, status),
  FOREIGN KEY (vendor_id) REFERENCES company (id) ON DELETE CASCADE,
  FOREIGN KEY (sender_id) REFERENCES account (id) ON DELETE CASCADE,
  FOREIGN KEY (company_id) REFERENCES company (id) ON DELETE CASCADE,
  FOREIGN KEY (partner_role_id) REFERENCES partner_role (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The lists' search finds who was connected before it knew words.
INSERT IGNORE INTO relationship_word (vendor_id, kind, word, relationship_id)
SELECT r.vendor_id, r.kind, LEFT(LOWER(c.name), 60), r.id FROM relationship r JOIN company c ON c.id = r.partner_id;
INSERT IGNORE INTO relationship_word (vendor_id, kind, word, relationship_id)
SELECT r.vendor_id, r.kind, LOWER(r.number), r.id FROM relationship r WHERE r.number <> '';
