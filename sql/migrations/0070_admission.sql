-- A person asks to join a company that is here already; its owner decides.

CREATE TABLE admission_request (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id     BINARY(16) NOT NULL UNIQUE,
  company_id    BIGINT UNSIGNED NULL COMMENT 'NULL: there is none that is asked; whoever asks is not told',
  account_id    BIGINT UNSIGNED NOT NULL COMMENT 'who asks',
  invitation_id BIGINT UNSIGNED NULL COMMENT 'through whose link; accepted for the company together with the request',
  status        ENUM('open','accepted','declined') NOT NULL,
  open_company  BIGINT UNSIGNED AS (IF(status = 'open', company_id, NULL)) PERSISTENT,
  created_at    DATETIME(6) NOT NULL,
  ended_at      DATETIME(6) NULL,
  decided_by    BIGINT UNSIGNED NULL,
  UNIQUE KEY admission_request_open (account_id, open_company),
  KEY admission_request_inbox (company_id, status, created_at),
  KEY admission_request_asker (account_id, created_at),
  FOREIGN KEY (company_id) REFERENCES company (id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (invitation_id) REFERENCES invitation (id),
  FOREIGN KEY (decided_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
