-- The audit log is narrowed to a kind of event: the first word of its name.

ALTER TABLE audit_event
  ADD COLUMN topic VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin AS (SUBSTRING_INDEX(event, '_', 1)) PERSISTENT,
  ADD KEY audit_event_topic (vendor_id, topic, id);
