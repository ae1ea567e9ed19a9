-- The audit log of a vendor, newest first.

-- piece log_row
-- One line: what happened, who did it, and what it was about, as far as it is this vendor's.
SELECT STRAIGHT_JOIN e.id, e.at, e.event, a.email AS who, e.detail, i.public_id AS invitation, i.email AS address, c.public_id AS partner, c.name AS partner_name,
  r.kind, COALESCE(s.email, k.target, t.email) AS subject, h.title IS NOT NULL AS item
FROM audit_event e;

-- piece log_row_joins
LEFT JOIN account a ON a.id = e.account_id
LEFT JOIN invitation i ON i.id = e.invitation_id AND i.vendor_id = e.vendor_id
LEFT JOIN relationship r ON r.id = e.relationship_id AND r.vendor_id = e.vendor_id
LEFT JOIN company c ON c.id = r.partner_id
LEFT JOIN account s ON s.id = e.subject_id
LEFT JOIN shared h ON h.public_id = UNHEX(e.detail) AND h.vendor_id = e.vendor_id AND e.event LIKE 'resource%'
LEFT JOIN connection_request k ON k.public_id = UNHEX(e.detail) AND k.vendor_id = e.vendor_id AND e.event LIKE 'connection%'
LEFT JOIN team_invitation t ON t.public_id = UNHEX(SUBSTRING_INDEX(e.detail, ' ', -1)) AND t.vendor_id = e.vendor_id AND e.event LIKE 'member%'
WHERE e.vendor_id = :vendor_id;

-- log_older(vendor_id u64, place_id u64) many log_line
-- A page, and one line more to know whether there is another page.
-- -> id u64, at time, event text, who text?, detail text, invitation id?, address text?, partner id?, partner_name text?, kind partner_kind?, subject text?, item bool
$log_row FORCE INDEX (audit_event_vendor) $log_row_joins AND e.id < :place_id ORDER BY e.id DESC LIMIT 51;

-- log_newer(vendor_id u64, place_id u64) many log_line
-- The page before, nearest first: turn it round to show it.
-- -> id u64, at time, event text, who text?, detail text, invitation id?, address text?, partner id?, partner_name text?, kind partner_kind?, subject text?, item bool
$log_row FORCE INDEX (audit_event_vendor) $log_row_joins AND e.id > :place_id ORDER BY e.id LIMIT 51;

-- log_topic_older(vendor_id u64, topic text, place_id u64) many log_line
-- A page of one kind of event.
-- -> id u64, at time, event text, who text?, detail text, invitation id?, address text?, partner id?, partner_name text?, kind partner_kind?, subject text?, item bool
$log_row FORCE INDEX (audit_event_topic) $log_row_joins AND e.topic = :topic AND e.id < :place_id ORDER BY e.id DESC LIMIT 51;

-- log_topic_newer(vendor_id u64, topic text, place_id u64) many log_line
-- The page before of one kind of event, nearest first.
-- -> id u64, at time, event text, who text?, detail text, invitation id?, address text?, partner id?, partner_name text?, kind partner_kind?, subject text?, item bool
$log_row FORCE INDEX (audit_event_topic) $log_row_joins AND e.topic = :topic AND e.id > :place_id ORDER BY e.id LIMIT 51;
