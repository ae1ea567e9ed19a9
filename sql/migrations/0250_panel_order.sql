-- The panel's Pending and Expired are newest first too, by when each was last sent: an expired one that is sent again is new again. The index
-- runs the way the list is read, and what decides about a row is in it, so that the filter costs no row. A link lives 30 days at most: what
-- was sent before that is not pending, and a page of the pending ones is a range however many expired ones lie below it.
ALTER TABLE invitation
  DROP KEY invitation_kind_expiry,
  ADD KEY invitation_sent (vendor_id, status, sent_at DESC, id DESC, expires_at, sender_id),
  ADD KEY invitation_kind_sent (vendor_id, kind, status, sent_at DESC, id DESC, expires_at, sender_id),
  ADD CONSTRAINT invitation_lasts CHECK (expires_at <= sent_at + INTERVAL 30 DAY);
