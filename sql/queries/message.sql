-- Messages between a vendor and one of its partners: one thread for each relationship.

-- message_thread_of_vendor(vendor_id u64, kind partner_kind, partner id) one thread
-- The thread with one of the vendor's own partners, from the vendor's side.
-- -> relationship_id u64, vendor_id u64, vendor text, vendor_public id, partner text, partner_public id, kind partner_kind, active bool, reads bool, writes bool
SELECT r.id AS relationship_id, r.vendor_id, v.name AS vendor, v.public_id AS vendor_public, c.name AS partner, c.public_id AS partner_public, r.kind,
  EXISTS (SELECT 1 FROM active_relationship ar WHERE ar.id = r.id) AS active, 1 AS `reads`, 1 AS `writes`
FROM company c JOIN relationship r ON r.partner_id = c.id JOIN company v ON v.id = r.vendor_id
WHERE c.public_id = :partner AND r.vendor_id = :vendor_id AND r.kind = :kind;

-- message_thread_of_partner(partner_id u64, vendor id) one thread
-- The same from the partner's side, with what its role at this vendor permits.
-- -> relationship_id u64, vendor_id u64, vendor text, vendor_public id, partner text, partner_public id, kind partner_kind, active bool, reads bool, writes bool
SELECT r.id AS relationship_id, r.vendor_id, v.name AS vendor, v.public_id AS vendor_public, c.name AS partner, c.public_id AS partner_public, r.kind,
  EXISTS (SELECT 1 FROM active_relationship ar WHERE ar.id = r.id) AS active, FIND_IN_SET('read', pr.permissions) > 0 AS `reads`, FIND_IN_SET('write', pr.permissions) > 0 AS `writes`
FROM company v JOIN relationship r ON r.vendor_id = v.id JOIN company c ON c.id = r.partner_id JOIN partner_role pr ON pr.id = r.partner_role_id
WHERE v.public_id = :vendor AND r.partner_id = :partner_id AND r.kind = c.kind;

-- piece message_row
-- One message and who wrote it.
SELECT m.id, m.public_id, m.at, m.text, m.from_vendor, a.first_name, a.last_name, a.email
FROM message m FORCE INDEX (message_thread) JOIN account a ON a.id = m.sender_id WHERE m.relationship_id = :relationship_id;

-- message_earlier(relationship_id u64, before_id u64) many message_line
-- A page of the thread, newest first, and one row more to know whether there is another page.
-- -> id u64, public_id id, at time, text text, from_vendor bool, first_name text, last_name text, email text
$message_row AND m.id < :before_id ORDER BY m.id DESC LIMIT 51;

-- message_place(relationship_id u64, message id) one message_place
-- Where a message stands in its thread.
-- -> id u64
SELECT id FROM message WHERE public_id = :message AND relationship_id = :relationship_id;

-- message_add(public_id id, relationship_id u64, sender_id u64, from_vendor bool, text text) insert
-- DB_CONFLICT: this form was sent before.
INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at)
VALUES (:public_id, :relationship_id, :sender_id, :from_vendor, :text, UTC_TIMESTAMP(6));

-- message_notice_begin(relationship_id u64, to_vendor bool) exec
-- A side that was never told.
INSERT IGNORE INTO message_notice (relationship_id, to_vendor, told_at) VALUES (:relationship_id, :to_vendor, '2000-01-01');

-- message_notice_due(relationship_id u64, to_vendor bool) change
-- Whether a mail must be written: at once, or an hour after the last one. DB_NONE: one that waits tells of this message too.
UPDATE message_notice SET told_at = GREATEST(UTC_TIMESTAMP(6), told_at + INTERVAL 1 HOUR)
WHERE relationship_id = :relationship_id AND to_vendor = :to_vendor AND told_at <= UTC_TIMESTAMP(6);

-- message_notice_schedule(outbox_id u64, relationship_id u64, to_vendor bool) change
-- The mail leaves at the time that was found.
UPDATE outbox o JOIN message_notice n ON n.relationship_id = :relationship_id AND n.to_vendor = :to_vendor
SET o.next_at = n.told_at WHERE o.id = :outbox_id AND o.next_at IS NOT NULL;

-- message_readers_of_partner(relationship_id u64) many message_reader
-- Whom to tell on the partner's side: its members.
-- -> email text
SELECT a.email FROM relationship r JOIN member m ON m.company_id = r.partner_id JOIN account a ON a.id = m.account_id
WHERE r.id = :relationship_id AND a.verified_at IS NOT NULL ORDER BY m.role, a.id LIMIT 20;

-- message_readers_of_vendor(relationship_id u64) many message_reader
-- Whom to tell on the vendor's side: who has written in this thread, or the owners where nobody has.
-- -> email text
SELECT a.email FROM relationship r JOIN member m ON m.company_id = r.vendor_id JOIN account a ON a.id = m.account_id
WHERE r.id = :relationship_id AND m.role IN ('owner', 'admin', 'inviter')
  AND (EXISTS (SELECT 1 FROM message w FORCE INDEX (message_thread) WHERE w.relationship_id = r.id AND w.from_vendor AND w.sender_id = a.id)
       OR (m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM message w FORCE INDEX (message_thread)
             JOIN member wm ON wm.company_id = r.vendor_id AND wm.account_id = w.sender_id AND wm.role IN ('owner', 'admin', 'inviter')
             WHERE w.relationship_id = r.id AND w.from_vendor)))
ORDER BY m.role, a.id LIMIT 20;

-- message_newest(vendor_id u64) many message_newest
-- The vendor's threads that were written in last, at most five of the newest fifty messages, by the line of history that each message has;
-- and who wrote last. A message that went with its thread is none.
-- -> id u64, at time, from_vendor bool, first_name text, last_name text, email text, kind partner_kind, partner id, name text
SELECT STRAIGHT_JOIN m.id, m.at, m.from_vendor, a.first_name, a.last_name, a.email, r.kind, c.public_id AS partner, c.name
FROM (SELECT relationship_id, MAX(id) AS id FROM (SELECT id, relationship_id FROM audit_event FORCE INDEX (audit_event_topic)
        WHERE vendor_id = :vendor_id AND topic = 'message' ORDER BY id DESC LIMIT 50) e GROUP BY relationship_id ORDER BY id DESC LIMIT 5) t
JOIN relationship r ON r.id = t.relationship_id AND r.vendor_id = :vendor_id JOIN company c ON c.id = r.partner_id
JOIN message m ON m.id = (SELECT x.id FROM message x FORCE INDEX (message_thread) WHERE x.relationship_id = r.id ORDER BY x.id DESC LIMIT 1)
JOIN account a ON a.id = m.sender_id ORDER BY m.id DESC;
