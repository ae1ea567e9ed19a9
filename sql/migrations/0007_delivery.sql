-- Where a customer or supplier wants things delivered: kept by the company itself, seen by the vendors that it is connected with.

CREATE TABLE delivery_location (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id    BINARY(16) NOT NULL UNIQUE,
  company_id   BIGINT UNSIGNED NOT NULL,
  name         VARCHAR(100) NOT NULL,
  street       VARCHAR(100) NOT NULL,
  house_number VARCHAR(20) NOT NULL DEFAULT '',
  postal_code  VARCHAR(20) NOT NULL DEFAULT '',
  city         VARCHAR(100) NOT NULL,
  country      VARCHAR(60) NOT NULL DEFAULT '',
  note         VARCHAR(500) NOT NULL DEFAULT '',
  created_at   DATETIME(6) NOT NULL,
  KEY delivery_location_of (company_id, id),
  FOREIGN KEY (company_id) REFERENCES company (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
