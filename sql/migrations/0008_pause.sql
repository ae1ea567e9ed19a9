-- A pause may have an end: whether a relationship is active is decided when it is read, by this server's clock. Never by a sweeper.

ALTER TABLE relationship
  ADD COLUMN paused_until DATETIME(6) NULL COMMENT 'of state paused: active again from then on; NULL: until it is lifted' AFTER state,
  ADD KEY relationship_state (vendor_id, kind, state, id, paused_until);

-- The relationships in which the partner may see and use what the vendor shares.
CREATE SQL SECURITY INVOKER VIEW active_relationship AS
SELECT id, vendor_id, partner_id, kind, number, partner_role_id, since
FROM relationship WHERE state = 'active' OR (state = 'paused' AND paused_until <= UTC_TIMESTAMP(6));

-- What the lists' search finds a partner by: lower-case words of business name, number and contact address, found by prefix.
CREATE TABLE relationship_word (
  vendor_id       BIGINT UNSIGNED NOT NULL,
  kind            ENUM('customer','supplier') NOT NULL,
  word            VARBINARY(254) NOT NULL,
  relationship_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (vendor_id, kind, word, relationship_id),
  KEY relationship_word_of (relationship_id),
  FOREIGN KEY (relationship_id) REFERENCES relationship (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
