-- A whole vendor: read for its export, and deleted in batches.

-- tenant_company(id u64) one tenant_company
-- The vendor itself.
-- -> public_id id, name text, created_at time, suspended_at time?, delete_at time?, deleting bool, language text, time_zone text, colour text, expires_days u64, address_policy text, remind bool
SELECT public_id, name, created_at, suspended_at, delete_at, COALESCE(delete_at <= UTC_TIMESTAMP(6), 0) AS deleting, language, time_zone, colour, expires_days, CAST(address_policy AS CHAR) AS address_policy, remind
FROM company WHERE id = :id AND kind = 'vendor';

-- tenant_logo(vendor_id u64) one tenant_logo
-- Its picture.
-- -> kind text, width u64, height u64, image bytes
SELECT CAST(kind AS CHAR) AS kind, width, height, image FROM logo WHERE vendor_id = :vendor_id;

-- tenant_members(vendor_id u64, after u64) many tenant_member
-- Its people; the next page begins after the last one.
-- -> id u64, email text, first_name text, last_name text, role member_role, since time
SELECT a.id, a.email, a.first_name, a.last_name, m.role, m.created_at AS since FROM member m JOIN account a ON a.id = m.account_id
WHERE m.company_id = :vendor_id AND m.account_id > :after ORDER BY m.account_id LIMIT 500;

-- tenant_team(vendor_id u64, after u64) many tenant_team
-- Colleagues who were asked to join.
-- -> id u64, email text, role text, status text, sender text, sent_at time, expires_at time, ended_at time?, accepted_by text?
SELECT t.id, t.email, CAST(t.role AS CHAR) AS role, CAST(t.status AS CHAR) AS status, s.email AS sender, t.sent_at, t.expires_at, t.ended_at, a.email AS accepted_by
FROM team_invitation t JOIN account s ON s.id = t.sender_id LEFT JOIN account a ON a.id = t.accepted_by
WHERE t.vendor_id = :vendor_id AND t.id > :after ORDER BY t.id LIMIT 500;

-- tenant_requests(vendor_id u64, after u64) many tenant_request
-- Existing companies that it asked to connect; who refused is not told of.
-- -> id u64, kind partner_kind, target text, number text, role text, status text, sender text, created_at time, expires_at time
SELECT c.id, c.kind, c.target, c.number, p.name AS role, IF(c.withdrawn_at IS NOT NULL, 'withdrawn', IF(c.status = 'accepted', 'accepted', 'waiting')) AS status, s.email AS sender, c.created_at, c.expires_at
FROM connection_request c JOIN account s ON s.id = c.sender_id JOIN partner_role p ON p.id = c.partner_role_id
WHERE c.vendor_id = :vendor_id AND c.id > :after ORDER BY c.id LIMIT 500;

-- tenant_mails(vendor_id u64, after u64) many tenant_mail
-- Mails on its behalf: what became of them.
-- -> id u64, recipient text, state mail_state, reply text, created_at time
SELECT id, recipient, state, reply, created_at FROM outbox FORCE INDEX (outbox_vendor) WHERE vendor_id = :vendor_id AND id > :after ORDER BY id LIMIT 500;

-- tenant_merged(relationship_id u64) many tenant_merged
-- Companies that became part of a connected one, and the numbers that they had.
-- -> company id, name text, number text
SELECT c.public_id AS company, c.name, m.number FROM relationship_merged m FORCE INDEX (relationship_merged_into) JOIN company c ON c.id = m.company_id
WHERE m.relationship_id = :relationship_id ORDER BY m.id LIMIT 1000;

-- tenant_roles(vendor_id u64, after u64) many tenant_role
-- Its partner roles.
-- -> id u64, name text, permissions text, preselected bool, removed_at time?
SELECT id, name, CAST(permissions AS CHAR) AS permissions, COALESCE(preselected, 0) AS preselected, removed_at
FROM partner_role WHERE vendor_id = :vendor_id AND id > :after ORDER BY id LIMIT 500;

-- tenant_relationships(vendor_id u64, after u64) many tenant_relationship
-- Its customers and suppliers; the next page begins after the last one.
-- -> id u64, partner id, name text, kind partner_kind, number text, role text, state text, paused_until time?, since time
SELECT r.id, c.public_id AS partner, c.name, r.kind, r.number, pr.name AS role, CAST(r.state AS CHAR) AS state, r.paused_until, r.since
FROM relationship r JOIN company c ON c.id = r.partner_id JOIN partner_role pr ON pr.id = r.partner_role_id
WHERE r.vendor_id = :vendor_id AND r.id > :after ORDER BY r.id LIMIT 200;

-- tenant_messages(relationship_id u64, after u64) many tenant_message
-- One thread.
-- -> id u64, sender text, from_vendor bool, text text, at time
SELECT m.id, a.email AS sender, m.from_vendor, m.text, m.at FROM message m JOIN account a ON a.id = m.sender_id
WHERE m.relationship_id = :relationship_id AND m.id > :after ORDER BY m.id LIMIT 200;

-- tenant_invitations(vendor_id u64, after u64) many tenant_invitation
-- Everything that was sent.
-- -> id u64, public_id id, sender text, kind partner_kind, status invitation_status, email text, first_name text, last_name text, business_name text, number text, role text, language text, message text, first_sent_at time, sent_at time, expires_at time, ended_at time?, accepted_by text?, opened_at time?, begun_at time?
SELECT i.id, i.public_id, s.email AS sender, i.kind, i.status, i.email, i.first_name, i.last_name, i.business_name, i.number, p.name AS role, i.language, i.message,
  i.first_sent_at, i.sent_at, i.expires_at, i.ended_at, a.email AS accepted_by, g.opened_at, g.begun_at
FROM invitation i FORCE INDEX (invitation_all) JOIN account s ON s.id = i.sender_id JOIN partner_role p ON p.id = i.partner_role_id
LEFT JOIN account a ON a.id = i.accepted_by LEFT JOIN invitation_progress g ON g.invitation_id = i.id WHERE i.vendor_id = :vendor_id AND i.id > :after ORDER BY i.id LIMIT 500;

-- tenant_shared(vendor_id u64, received bool, after u64) many tenant_shared
-- What it shares, or has received; of a file the name in resource_folder.
-- -> id u64, title text, kind text, audience text, url text, body text, stored id?, size u64, who text, company id?, created_at time
SELECT s.id, s.title, CAST(s.kind AS CHAR) AS kind, CAST(s.audience AS CHAR) AS audience, s.url, s.body, s.stored, s.size, a.email AS who, c.public_id AS company, s.created_at
FROM shared s FORCE INDEX (shared_list) JOIN account a ON a.id = s.account_id LEFT JOIN relationship r ON r.id = s.relationship_id LEFT JOIN company c ON c.id = r.partner_id
WHERE s.vendor_id = :vendor_id AND s.received = :received AND s.id > :after ORDER BY s.id LIMIT 500;

-- tenant_shared_with(shared_id u64, after u64) many tenant_shared_with
-- Of one that is for chosen companies: which.
-- -> id u64, company id, kind partner_kind
SELECT r.id, c.public_id AS company, r.kind FROM shared_with w FORCE INDEX (shared_with_of) JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id
WHERE w.shared_id = :shared_id AND w.relationship_id > :after ORDER BY w.relationship_id LIMIT 500;

-- tenant_events(vendor_id u64, after u64) many tenant_event
-- Its audit log.
-- -> id u64, at time, event text, who text?, detail text
SELECT e.id, e.at, e.event, a.email AS who, e.detail FROM audit_event e FORCE INDEX (audit_event_vendor) LEFT JOIN account a ON a.id = e.account_id
WHERE e.vendor_id = :vendor_id AND e.id > :after ORDER BY e.id LIMIT 500;

-- tenant_delete_members(vendor_id u64) exec
-- Its people keep their accounts; a batch.
DELETE FROM member WHERE company_id = :vendor_id ORDER BY account_id LIMIT 1000;

-- tenant_leave_sessions(vendor_id u64) exec
-- Whoever has it in use has none in use.
UPDATE session SET company_id = NULL WHERE company_id = :vendor_id;

-- tenant_invitation_batch(vendor_id u64) one tenant_batch
-- Where the next batch to delete ends; 0: there is none.
-- -> last u64
SELECT COALESCE(MAX(id), 0) AS last FROM (SELECT id FROM invitation FORCE INDEX (invitation_all) WHERE vendor_id = :vendor_id ORDER BY id LIMIT 1000) b;

-- tenant_delete_words(vendor_id u64, last u64) exec
-- What they are searched by.
DELETE w FROM invitation_word w JOIN invitation i ON i.id = w.invitation_id WHERE i.vendor_id = :vendor_id AND i.id <= :last;

-- tenant_delete_tokens(vendor_id u64, last u64) exec
-- Their links.
DELETE t FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.vendor_id = :vendor_id AND i.id <= :last;

-- tenant_leave_requests(vendor_id u64, last u64) exec
-- Requests to join a company stay with that company; the invitation that led to them goes.
UPDATE admission_request a JOIN invitation i ON i.id = a.invitation_id SET a.invitation_id = NULL WHERE i.vendor_id = :vendor_id AND i.id <= :last;

-- tenant_delete_invitations(vendor_id u64, last u64) exec
-- And they themselves.
DELETE FROM invitation WHERE vendor_id = :vendor_id AND id <= :last;

-- tenant_relationship_batch(vendor_id u64) one tenant_batch
-- The same of relationships.
-- -> last u64
SELECT COALESCE(MAX(id), 0) AS last FROM (SELECT id FROM relationship WHERE vendor_id = :vendor_id ORDER BY id LIMIT 200) b;

-- tenant_delete_messages(vendor_id u64, last u64) exec
-- Their threads, a batch.
DELETE m FROM message m JOIN (SELECT x.id FROM relationship r JOIN message x FORCE INDEX (message_thread) ON x.relationship_id = r.id
WHERE r.vendor_id = :vendor_id AND r.id <= :last LIMIT 5000) b WHERE b.id = m.id;

-- tenant_delete_notices(vendor_id u64, last u64) exec
-- When the sides of the threads were told.
DELETE n FROM message_notice n JOIN relationship r ON r.id = n.relationship_id WHERE r.vendor_id = :vendor_id AND r.id <= :last;

-- tenant_delete_relationship_words(vendor_id u64, last u64) exec
-- What they are searched by.
DELETE w FROM relationship_word w JOIN relationship r ON r.id = w.relationship_id WHERE r.vendor_id = :vendor_id AND r.id <= :last;

-- tenant_delete_merged(vendor_id u64) exec
-- What its relationships with companies that became one had been, a batch.
DELETE FROM relationship_merged WHERE vendor_id = :vendor_id ORDER BY id LIMIT 1000;

-- tenant_delete_relationships(vendor_id u64, last u64) exec
-- The companies on the other side stay.
DELETE FROM relationship WHERE vendor_id = :vendor_id AND id <= :last;

-- tenant_delete_requests(vendor_id u64) exec
-- Requests to connect, a batch.
DELETE FROM connection_request WHERE vendor_id = :vendor_id ORDER BY id LIMIT 1000;

-- tenant_shared_batch(vendor_id u64, received bool) one tenant_batch
-- The same of what it shared, or received.
-- -> last u64
SELECT COALESCE(MAX(id), 0) AS last FROM (SELECT id FROM shared FORCE INDEX (shared_list) WHERE vendor_id = :vendor_id AND received = :received ORDER BY id LIMIT 500) b;

-- tenant_delete_audiences(vendor_id u64, received bool, last u64) exec
-- Who was chosen to see what, a batch.
DELETE w FROM shared_with w JOIN (SELECT x.shared_id, x.relationship_id FROM shared s FORCE INDEX (shared_list) JOIN shared_with x FORCE INDEX (shared_with_of) ON x.shared_id = s.id
WHERE s.vendor_id = :vendor_id AND s.received = :received AND s.id <= :last LIMIT 5000) b
WHERE b.shared_id = w.shared_id AND b.relationship_id = w.relationship_id;

-- tenant_delete_files(vendor_id u64, received bool, last u64) exec
-- The files are removed from the folder afterwards.
UPDATE shared_file f JOIN shared s ON s.stored = f.stored SET f.state = 'gone', f.since = UTC_TIMESTAMP(6)
WHERE s.vendor_id = :vendor_id AND s.received = :received AND s.id <= :last;

-- tenant_delete_shared(vendor_id u64, received bool, last u64) exec
-- And they themselves.
DELETE FROM shared WHERE vendor_id = :vendor_id AND received = :received AND id <= :last;

-- tenant_team_batch(vendor_id u64) one tenant_batch
-- The same of requests to colleagues.
-- -> last u64
SELECT COALESCE(MAX(id), 0) AS last FROM (SELECT id FROM team_invitation WHERE vendor_id = :vendor_id ORDER BY id LIMIT 1000) b;

-- tenant_delete_team_tokens(vendor_id u64, last u64) exec
-- Their links.
DELETE t FROM team_token t JOIN team_invitation i ON i.id = t.team_invitation_id WHERE i.vendor_id = :vendor_id AND i.id <= :last;

-- tenant_delete_team(vendor_id u64, last u64) exec
-- And they themselves.
DELETE FROM team_invitation WHERE vendor_id = :vendor_id AND id <= :last;

-- tenant_delete_mails(vendor_id u64) exec
-- Mail on its behalf, a batch.
DELETE FROM outbox WHERE vendor_id = :vendor_id ORDER BY id LIMIT 5000;

-- tenant_event_batch(vendor_id u64) one tenant_events
-- A batch of its audit log, after what was done before.
-- -> place u64, last u64
SELECT c.delete_place AS place, COALESCE((SELECT MAX(b.id) FROM (SELECT e.id FROM audit_event e FORCE INDEX (audit_event_vendor)
  WHERE e.vendor_id = :vendor_id AND e.id > (SELECT p.delete_place FROM company p WHERE p.id = :vendor_id) ORDER BY e.id LIMIT 5000) b), 0) AS last
FROM company c WHERE c.id = :vendor_id;

-- tenant_delete_details(vendor_id u64, place u64, last u64) exec
-- The audit log keeps ids and times, so that numbers are never given out twice and nobody wonders where a request went.
UPDATE audit_event SET detail = '' WHERE vendor_id = :vendor_id AND id > :place AND id <= :last;

-- tenant_event_done(vendor_id u64, last u64) change
-- So far.
UPDATE company SET delete_place = :last WHERE id = :vendor_id;

-- tenant_delete_roles(vendor_id u64) exec
-- Partner roles.
DELETE FROM partner_role WHERE vendor_id = :vendor_id;

-- tenant_delete_logo(vendor_id u64) exec
-- The picture.
DELETE FROM logo WHERE vendor_id = :vendor_id;

-- tenant_delete_company(vendor_id u64) change
-- At last the vendor itself; only a closed one.
DELETE FROM company WHERE id = :vendor_id AND kind = 'vendor' AND closed_at IS NOT NULL;
