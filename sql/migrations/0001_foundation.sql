-- The house: people, companies, invitations, the links that carry secrets, mail on its way, and what happened.
--
-- Addresses: `email` as typed, for sending and showing; `email_canon` is identity, compared bytewise (every text
-- collation merges strangers). Times are UTC with microseconds. Public ids are 128 random bits. Rows that lists
-- page through have one increasing `id`, and every index of a list ends in it.

CREATE TABLE account (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id   BINARY(16) NOT NULL UNIQUE,
  email       VARCHAR(254) NOT NULL,
  email_canon VARBINARY(254) NOT NULL UNIQUE,
  first_name  VARCHAR(100) NOT NULL,
  last_name   VARCHAR(100) NOT NULL,
  password    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Argon2id, or NULL until one is set',
  verified_at DATETIME(6) NULL COMMENT 'when the mailbox was proven',
  created_at  DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE company (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id    BINARY(16) NOT NULL UNIQUE,
  kind         ENUM('vendor','customer','supplier') NOT NULL,
  name         VARCHAR(100) NOT NULL,
  phone        VARCHAR(40) NOT NULL DEFAULT '',
  street       VARCHAR(100) NOT NULL DEFAULT '',
  house_number VARCHAR(20) NOT NULL DEFAULT '',
  postal_code  VARCHAR(20) NOT NULL DEFAULT '',
  city         VARCHAR(100) NOT NULL DEFAULT '',
  country      VARCHAR(60) NOT NULL DEFAULT '',
  created_at   DATETIME(6) NOT NULL,
  KEY company_name (kind, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE member (
  company_id BIGINT UNSIGNED NOT NULL,
  account_id BIGINT UNSIGNED NOT NULL,
  role       ENUM('owner','admin','inviter','auditor','member') NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (company_id, account_id),
  KEY member_account (account_id, company_id),
  FOREIGN KEY (company_id) REFERENCES company (id),
  FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE partner_role (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id   BINARY(16) NOT NULL UNIQUE,
  vendor_id   BIGINT UNSIGNED NOT NULL,
  name        VARCHAR(50) NOT NULL,
  permissions SET('read','download','upload','write') NOT NULL,
  UNIQUE KEY partner_role_name (vendor_id, name),
  FOREIGN KEY (vendor_id) REFERENCES company (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE relationship (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  vendor_id       BIGINT UNSIGNED NOT NULL,
  partner_id      BIGINT UNSIGNED NOT NULL,
  kind            ENUM('customer','supplier') NOT NULL,
  number          VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'the number that the vendor gave the partner',
  partner_role_id BIGINT UNSIGNED NOT NULL,
  state           ENUM('active','paused','disconnected') NOT NULL,
  since           DATETIME(6) NOT NULL,
  UNIQUE KEY relationship_one (vendor_id, partner_id, kind),
  KEY relationship_list (vendor_id, kind, id),
  KEY relationship_partner (partner_id, id),
  FOREIGN KEY (vendor_id) REFERENCES company (id),
  FOREIGN KEY (partner_id) REFERENCES company (id),
  FOREIGN KEY (partner_role_id) REFERENCES partner_role (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Mail on its way out. `sealed` is the whole message, readable by the mailer alone, erased at hand-over.
CREATE TABLE outbox (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  invitation_id BIGINT UNSIGNED NULL COMMENT 'the invitation whose link it carries',
  sender        VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient     VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed        MEDIUMBLOB NULL,
  state         ENUM('queued','sent','deferred','bounced','withdrawn') NOT NULL,
  attempts      INT UNSIGNED NOT NULL DEFAULT 0,
  next_at       DATETIME(6) NULL COMMENT 'the next try; NULL when there will be none',
  give_up_at    DATETIME(6) NOT NULL COMMENT 'never tried after this',
  reply         VARCHAR(400) NOT NULL DEFAULT '' COMMENT 'the last words of the mail server',
  created_at    DATETIME(6) NOT NULL,
  KEY outbox_invitation (invitation_id),
  KEY outbox_due (next_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- `status` is Expired when it says pending and expires_at has passed: decided when read, by this server's clock.
CREATE TABLE invitation (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id       BINARY(16) NOT NULL UNIQUE,
  vendor_id       BIGINT UNSIGNED NOT NULL,
  sender_id       BIGINT UNSIGNED NOT NULL,
  kind            ENUM('customer','supplier') NOT NULL,
  status          ENUM('pending','accepted','cancelled','declined') NOT NULL,
  email           VARCHAR(254) NOT NULL,
  email_canon     VARBINARY(254) NOT NULL,
  open_canon      VARBINARY(254) AS (IF(status = 'pending', email_canon, NULL)) PERSISTENT,
  first_name      VARCHAR(100) NOT NULL DEFAULT '',
  last_name       VARCHAR(100) NOT NULL DEFAULT '',
  business_name   VARCHAR(100) NOT NULL DEFAULT '',
  number          VARCHAR(50) NOT NULL DEFAULT '',
  partner_role_id BIGINT UNSIGNED NOT NULL,
  language        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message         VARCHAR(1000) NOT NULL DEFAULT '',
  expires_days    TINYINT UNSIGNED NOT NULL,
  sent_at         DATETIME(6) NOT NULL,
  expires_at      DATETIME(6) NOT NULL,
  ended_at        DATETIME(6) NULL COMMENT 'accepted, cancelled or declined',
  accepted_by     BIGINT UNSIGNED NULL,
  relationship_id BIGINT UNSIGNED NULL,
  outbox_id       BIGINT UNSIGNED NULL COMMENT 'the newest mail that carries the link',
  UNIQUE KEY invitation_open (vendor_id, kind, open_canon),
  KEY invitation_all (vendor_id, id),
  KEY invitation_kind (vendor_id, kind, id),
  KEY invitation_status (vendor_id, status, id),
  KEY invitation_kind_status (vendor_id, kind, status, id),
  KEY invitation_expiry (vendor_id, status, expires_at, id),
  KEY invitation_kind_expiry (vendor_id, kind, status, expires_at, id),
  KEY invitation_address (email_canon, status),
  FOREIGN KEY (vendor_id) REFERENCES company (id),
  FOREIGN KEY (sender_id) REFERENCES account (id),
  FOREIGN KEY (partner_role_id) REFERENCES partner_role (id),
  FOREIGN KEY (accepted_by) REFERENCES account (id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What the panel's search finds an invitation by: lower-case words of address, names and business, found by prefix.
CREATE TABLE invitation_word (
  vendor_id     BIGINT UNSIGNED NOT NULL,
  word          VARBINARY(254) NOT NULL,
  invitation_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (vendor_id, word, invitation_id),
  KEY invitation_word_of (invitation_id),
  FOREIGN KEY (invitation_id) REFERENCES invitation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Secrets that travel in links: a keyed hash of purpose and secret, never the secret.
CREATE TABLE token (
  hash          BINARY(32) NOT NULL PRIMARY KEY,
  purpose       ENUM('invitation','password') NOT NULL,
  invitation_id BIGINT UNSIGNED NULL,
  account_id    BIGINT UNSIGNED NULL,
  created_at    DATETIME(6) NOT NULL,
  expires_at    DATETIME(6) NULL COMMENT 'NULL: the invitation''s own expiry decides',
  superseded_at DATETIME(6) NULL,
  used_at       DATETIME(6) NULL,
  KEY token_invitation (invitation_id),
  KEY token_account (account_id),
  FOREIGN KEY (invitation_id) REFERENCES invitation (id),
  FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE session (
  hash       BINARY(32) NOT NULL PRIMARY KEY,
  account_id BIGINT UNSIGNED NOT NULL,
  company_id BIGINT UNSIGNED NULL COMMENT 'the company in use',
  created_at DATETIME(6) NOT NULL,
  seen_at    DATETIME(6) NOT NULL,
  KEY session_account (account_id),
  FOREIGN KEY (account_id) REFERENCES account (id),
  FOREIGN KEY (company_id) REFERENCES company (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One line for each change of state, in the change's own transaction. Only ever inserted.
-- `request` lets a request whose COMMIT got no answer find out whether it happened.
CREATE TABLE audit_event (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at              DATETIME(6) NOT NULL,
  request         BINARY(16) NULL,
  event           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  vendor_id       BIGINT UNSIGNED NULL,
  account_id      BIGINT UNSIGNED NULL COMMENT 'who did it; NULL: the mailer, the operator, nobody signed in',
  invitation_id   BIGINT UNSIGNED NULL,
  relationship_id BIGINT UNSIGNED NULL,
  detail          VARCHAR(400) NOT NULL DEFAULT '',
  KEY audit_event_request (request),
  KEY audit_event_invitation (invitation_id, id),
  KEY audit_event_relationship (relationship_id, id),
  KEY audit_event_vendor (vendor_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
