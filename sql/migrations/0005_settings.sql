-- What a vendor decides for itself. A partner's row keeps the defaults.

ALTER TABLE company
  ADD COLUMN language       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'en',
  ADD COLUMN time_zone      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'UTC' COMMENT 'a name of the IANA database',
  ADD COLUMN colour         VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT '#rrggbb, or none',
  ADD COLUMN expires_days   TINYINT UNSIGNED NOT NULL DEFAULT 7 COMMENT 'of an invitation that says nothing else',
  ADD COLUMN address_policy ENUM('exact','domain','any') NOT NULL DEFAULT 'exact' COMMENT 'which signed-in address may accept';

-- The picture on a vendor's invitations. Its name is new with every picture, so a copy is good for ever.
CREATE TABLE logo (
  vendor_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  public_id BINARY(16) NOT NULL UNIQUE,
  kind      ENUM('png','jpeg','webp') NOT NULL,
  width     SMALLINT UNSIGNED NOT NULL,
  height    SMALLINT UNSIGNED NOT NULL,
  image     MEDIUMBLOB NOT NULL,
  FOREIGN KEY (vendor_id) REFERENCES company (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
