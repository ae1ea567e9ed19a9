-- The do-not-invite list, honoured by all vendors. It holds keyed hashes only: whoever reads it learns no address.

CREATE TABLE suppression (
  address  BINARY(32) NOT NULL PRIMARY KEY COMMENT 'keyed hash of the canonical address',
  asked_by ENUM('person','operator') NOT NULL,
  asked_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- `address` finds a person's mails also after the recipient was erased; `unsolicited` is mail that nobody at that address asked for.
ALTER TABLE outbox
  MODIFY state ENUM('queued','sent','deferred','bounced','withdrawn','suppressed') NOT NULL,
  ADD address BINARY(32) NULL COMMENT 'keyed hash of the canonical recipient' AFTER recipient,
  ADD unsolicited BOOLEAN NOT NULL DEFAULT FALSE AFTER address,
  ADD vendor_id BIGINT UNSIGNED NULL COMMENT 'on whose behalf; NULL: the portal''s own mail' AFTER invitation_id,
  ADD KEY outbox_address (address),
  ADD KEY outbox_vendor (vendor_id, id);
