-- The lists as a whole, for CSV: read by key in batches, each an index range of bounded size, whatever the filter keeps of it.

-- export_invitations(vendor_id u64, kind partner_kind?, status invitation_status?, expired bool?, word text?, word_end bytes?, before_id u64) many export_invitation
-- The next 250 invitations, newest first, and whether the filter of the panel lists them; `expired` only matters beside the status pending.
-- -> id u64, listed bool, kind partner_kind, status invitation_status, expired bool, email text, first_name text, last_name text, business_name text, number text, role text, sender text, sent_at time, expires_at time, ended_at time?, mail mail_state?, reply text?
SELECT STRAIGHT_JOIN i.id,
  (:kind IS NULL OR i.kind = :kind)
  AND (:status IS NULL OR (i.status = :status AND (i.status <> 'pending' OR (i.expires_at <= UTC_TIMESTAMP(6)) = (:expired IS NOT NULL))))
  AND (:word IS NULL OR EXISTS (SELECT 1 FROM invitation_word w FORCE INDEX (invitation_word_of)
                                WHERE w.invitation_id = i.id AND w.vendor_id = :vendor_id AND w.word >= :word AND w.word < :word_end)) AS listed,
  i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired, i.email, i.first_name, i.last_name, i.business_name, i.number, r.name AS role,
  COALESCE(NULLIF(TRIM(CONCAT(s.first_name, ' ', s.last_name)), ''), s.email) AS sender, i.sent_at, i.expires_at, i.ended_at, o.state AS mail, o.reply
FROM invitation i FORCE INDEX (invitation_all) JOIN account s ON s.id = i.sender_id JOIN partner_role r ON r.id = i.partner_role_id
LEFT JOIN outbox o ON o.id = i.outbox_id
WHERE i.vendor_id = :vendor_id AND i.id < :before_id ORDER BY i.id DESC LIMIT 250;

-- piece export_state
-- The state that people see: a pause whose end has passed is none.
IF(r.state = 'paused' AND r.paused_until IS NOT NULL AND r.paused_until <= UTC_TIMESTAMP(6), 'active', r.state);

-- export_partners(vendor_id u64, kind partner_kind, state relationship_state?, word text?, word_end bytes?, before_id u64) many export_partner
-- The next 250 of the Customer List or the Supplier List, newest first, and whether its filter lists them; the contact is the company's first owner; of
-- a company without people, who was asked to confirm it.
-- -> id u64, listed bool, public_id id, name text, number text, state relationship_state, since time, role text, phone text, street text, house_number text, postal_code text, city text, country text, email text?, first_name text?, last_name text?
SELECT STRAIGHT_JOIN r.id,
  (:state IS NULL OR $export_state = :state)
  AND (:word IS NULL OR EXISTS (SELECT 1 FROM relationship_word w FORCE INDEX (relationship_word_of)
                                WHERE w.relationship_id = r.id AND w.vendor_id = :vendor_id AND w.word >= :word AND w.word < :word_end)) AS listed,
  c.public_id, c.name, r.number, $export_state AS state, r.since, pr.name AS role, c.phone, c.street, c.house_number, c.postal_code, c.city,
  c.country, COALESCE(a.email, i.email) AS email, COALESCE(a.first_name, i.first_name) AS first_name, COALESCE(a.last_name, i.last_name) AS last_name
FROM relationship r FORCE INDEX (relationship_list) JOIN company c ON c.id = r.partner_id JOIN partner_role pr ON pr.id = r.partner_role_id
LEFT JOIN account a ON a.id = (SELECT m.account_id FROM member m WHERE m.company_id = c.id ORDER BY m.role, m.created_at, m.account_id LIMIT 1)
LEFT JOIN invitation i ON a.id IS NULL AND i.id = (SELECT MAX(x.id) FROM invitation x WHERE x.relationship_id = r.id)
WHERE r.vendor_id = :vendor_id AND r.kind = :kind AND r.id < :before_id ORDER BY r.id DESC LIMIT 250;
