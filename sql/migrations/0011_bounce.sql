-- A mail that came back names itself by the number in the envelope sender's address (bounce+NUMBER.MAC@…).

ALTER TABLE outbox ADD COLUMN number BINARY(16) NULL UNIQUE AFTER id;
