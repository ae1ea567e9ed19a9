-- A vendor withdraws a request to connect that waits. A refusal stays a refusal: what was refused and withdrawn is not asked again before its end.

ALTER TABLE connection_request
  ADD COLUMN withdrawn_at DATETIME(6) NULL COMMENT 'by the vendor' AFTER status,
  ADD COLUMN outbox_id BIGINT UNSIGNED NULL COMMENT 'the mail that tells of it' AFTER withdrawn_at;
