-- Messages: one thread for each relationship, and when its two sides are told by mail.

CREATE TABLE message (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id       BINARY(16) NOT NULL UNIQUE COMMENT 'made with the form, so that the same form sent twice is one message',
  relationship_id BIGINT UNSIGNED NOT NULL,
  sender_id       BIGINT UNSIGNED NOT NULL,
  from_vendor     BOOL NOT NULL,
  text            VARCHAR(4000) NOT NULL,
  at              DATETIME(6) NOT NULL,
  KEY message_thread (relationship_id, id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id),
  FOREIGN KEY (sender_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- `told_at` may lie ahead: then a mail is waiting in the outbox that tells of everything until then.
CREATE TABLE message_notice (
  relationship_id BIGINT UNSIGNED NOT NULL,
  to_vendor       BOOL NOT NULL,
  told_at         DATETIME(6) NOT NULL,
  PRIMARY KEY (relationship_id, to_vendor),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
