-- What the overview counts, by ranges of indexes that hold everything it needs.

-- `sent_at` moves with every resending; the week of the first mail stays.
ALTER TABLE invitation
  ADD COLUMN first_sent_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)) AFTER sent_at,
  ADD KEY invitation_first_sent (vendor_id, first_sent_at, kind, status),
  ADD KEY invitation_ended (vendor_id, status, ended_at, kind, first_sent_at);
UPDATE invitation i SET i.first_sent_at = LEAST(i.sent_at, COALESCE((SELECT MIN(e.at) FROM audit_event e WHERE e.invitation_id = i.id), i.sent_at));

ALTER TABLE outbox
  ADD COLUMN domain VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin
    AS (IF(recipient = '', NULL, LOWER(SUBSTRING_INDEX(recipient, '@', -1)))) PERSISTENT COMMENT 'NULL: nobody, or erased' AFTER recipient,
  ADD KEY outbox_domain (vendor_id, created_at, state, domain, invitation_id);
