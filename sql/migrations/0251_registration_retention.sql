-- A registration whose address nobody proved does not stay for ever either: whose it is was never known.
ALTER TABLE account
  ADD unproven_from DATETIME(6) AS (IF(unfinished AND locked_at IS NULL, created_at, NULL)) PERSISTENT,
  ADD KEY account_unproven (unproven_from);

-- Its mails are found by the keyed hash of the address, which the mailer cannot make.
ALTER TABLE verification ADD address BINARY(32) NULL COMMENT 'keyed hash of the address; NULL: older than this column, and no mail was found' AFTER account_id;
UPDATE verification v JOIN account a ON a.id = v.account_id JOIN outbox o ON o.recipient = a.email SET v.address = o.address WHERE a.unfinished;
