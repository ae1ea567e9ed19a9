-- Colleagues: requests to an address to become a member of the vendor, and whom an audit line is about.

CREATE TABLE team_invitation (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id   BINARY(16) NOT NULL UNIQUE,
  vendor_id   BIGINT UNSIGNED NOT NULL,
  sender_id   BIGINT UNSIGNED NOT NULL,
  email       VARCHAR(254) NOT NULL,
  email_canon VARBINARY(254) NOT NULL,
  role        ENUM('owner','admin','inviter','auditor') NOT NULL,
  status      ENUM('pending','accepted','cancelled') NOT NULL,
  open_canon  VARBINARY(254) AS (IF(status = 'pending', email_canon, NULL)) PERSISTENT,
  sent_at     DATETIME(6) NOT NULL,
  expires_at  DATETIME(6) NOT NULL,
  ended_at    DATETIME(6) NULL,
  accepted_by BIGINT UNSIGNED NULL,
  outbox_id   BIGINT UNSIGNED NULL COMMENT 'the newest mail that carries the link',
  UNIQUE KEY team_invitation_open (vendor_id, open_canon),
  KEY team_invitation_list (vendor_id, status, id),
  KEY team_invitation_sender (sender_id, vendor_id, status),
  FOREIGN KEY (vendor_id) REFERENCES company (id),
  FOREIGN KEY (sender_id) REFERENCES account (id),
  FOREIGN KEY (accepted_by) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE team_token (
  hash               BINARY(32) NOT NULL PRIMARY KEY,
  team_invitation_id BIGINT UNSIGNED NOT NULL,
  created_at         DATETIME(6) NOT NULL,
  superseded_at      DATETIME(6) NULL,
  KEY team_token_invitation (team_invitation_id),
  FOREIGN KEY (team_invitation_id) REFERENCES team_invitation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE audit_event ADD COLUMN subject_id BIGINT UNSIGNED NULL COMMENT 'the account that it was done to';

-- All open invitations of one sender.
ALTER TABLE invitation ADD KEY invitation_sender (sender_id, vendor_id, status, expires_at);
