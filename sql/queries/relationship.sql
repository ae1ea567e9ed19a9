-- Connected companies: what an accepted invitation leaves behind.

-- enum relationship_state RELATIONSHIP_ active paused disconnected

-- piece relationship_is_active
-- Active, or a pause whose end has passed. The view active_relationship says the same to other subjects.
(r.state = 'active' OR (r.state = 'paused' AND r.paused_until IS NOT NULL AND r.paused_until <= UTC_TIMESTAMP(6)));

-- piece relationship_state_now
-- The state that people see: a pause whose end has passed is none.
IF($relationship_is_active, 'active', r.state);

-- relationship_open(vendor_id u64, partner_id u64, kind partner_kind, number text, partner_role_id u64) insert
-- Connect two companies, or re-activate the relationship that they had: its number stays. A pause is never lifted by it.
INSERT INTO relationship (vendor_id, partner_id, kind, number, partner_role_id, state, since)
VALUES (:vendor_id, :partner_id, :kind, :number, :partner_role_id, 'active', UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE
  id = LAST_INSERT_ID(id),
  since = IF(state = 'disconnected', UTC_TIMESTAMP(6), since),
  number = IF(number = '', VALUES(number), number),
  partner_role_id = IF(state = 'disconnected', VALUES(partner_role_id), partner_role_id),
  paused_until = IF(state = 'disconnected', NULL, paused_until),
  revision = revision + 1,
  state = IF(state = 'disconnected', 'active', state);

-- piece relationship_contact
-- The address of the company's first owner; of a company without people, the one that was asked.
COALESCE((SELECT a.email FROM member m JOIN account a ON a.id = m.account_id
          WHERE m.company_id = c.id ORDER BY m.role, m.created_at, m.account_id LIMIT 1),
         (SELECT i.email FROM invitation i WHERE i.relationship_id = r.id ORDER BY i.id DESC LIMIT 1));

-- piece relationship_line
-- One line of the Customer List or the Supplier List.
SELECT STRAIGHT_JOIN r.id, c.public_id, c.name, r.number, $relationship_state_now AS state, r.since, $relationship_contact AS contact;

-- piece relationship_row
$relationship_line FROM relationship r FORCE INDEX (relationship_list) JOIN company c ON c.id = r.partner_id
WHERE r.vendor_id = :vendor_id AND r.kind = :kind;

-- piece relationship_row_of_state
-- A pause whose end has passed is no paused one.
$relationship_line FROM relationship r FORCE INDEX (relationship_state) JOIN company c ON c.id = r.partner_id
WHERE r.vendor_id = :vendor_id AND r.kind = :kind AND r.state = :state AND (r.state <> 'paused' OR NOT $relationship_is_active);

-- relationship_older(vendor_id u64, kind partner_kind, before_id u64) many relationship_line
-- A page of the list, newest first, and one row more to know whether there is another page.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_row AND r.id < :before_id ORDER BY r.id DESC LIMIT 51;

-- relationship_newer(vendor_id u64, kind partner_kind, after_id u64) many relationship_line
-- The page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_row AND r.id > :after_id ORDER BY r.id LIMIT 51;

-- relationship_state_older(vendor_id u64, kind partner_kind, state relationship_state, before_id u64) many relationship_line
-- The paused or the disconnected ones.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_row_of_state AND r.id < :before_id ORDER BY r.id DESC LIMIT 51;

-- relationship_state_newer(vendor_id u64, kind partner_kind, state relationship_state, after_id u64) many relationship_line
-- The same, the page before, nearest first.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_row_of_state AND r.id > :after_id ORDER BY r.id LIMIT 51;

-- piece relationship_ended_pause
-- Two ranges of the index make the active ones: those that say so, and pauses whose end has passed.
relationship FORCE INDEX (relationship_state) WHERE vendor_id = :vendor_id AND kind = :kind AND state = 'paused' AND paused_until <= UTC_TIMESTAMP(6);

-- piece relationship_said_active
relationship FORCE INDEX (relationship_state) WHERE vendor_id = :vendor_id AND kind = :kind AND state = 'active';

-- relationship_active_older(vendor_id u64, kind partner_kind, before_id u64) many relationship_line
-- The active ones.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_line FROM ((SELECT id FROM $relationship_said_active AND id < :before_id ORDER BY id DESC LIMIT 51)
  UNION ALL (SELECT id FROM $relationship_ended_pause AND id < :before_id ORDER BY id DESC LIMIT 51)) w
JOIN relationship r ON r.id = w.id JOIN company c ON c.id = r.partner_id ORDER BY r.id DESC LIMIT 51;

-- relationship_active_newer(vendor_id u64, kind partner_kind, after_id u64) many relationship_line
-- The same, the page before, nearest first.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_line FROM ((SELECT id FROM $relationship_said_active AND id > :after_id ORDER BY id LIMIT 51)
  UNION ALL (SELECT id FROM $relationship_ended_pause AND id > :after_id ORDER BY id LIMIT 51)) w
JOIN relationship r ON r.id = w.id JOIN company c ON c.id = r.partner_id ORDER BY r.id LIMIT 51;

-- relationship_search(vendor_id u64, kind partner_kind, state relationship_state?, word text, word_end bytes, before_id u64) many relationship_line
-- Those that a word of business name, number or contact address begins with, newest first.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_line
FROM (SELECT DISTINCT relationship_id FROM relationship_word
      WHERE vendor_id = :vendor_id AND kind = :kind AND word >= :word AND word < :word_end AND relationship_id < :before_id) w
JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id
WHERE r.vendor_id = :vendor_id AND r.kind = :kind AND (:state IS NULL OR $relationship_state_now = :state) ORDER BY r.id DESC LIMIT 51;

-- relationship_search_newer(vendor_id u64, kind partner_kind, state relationship_state?, word text, word_end bytes, after_id u64) many relationship_line
-- Those that a word of business name, number or contact address begins with, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, name text, number text, state relationship_state, since time, contact text?
$relationship_line
FROM (SELECT DISTINCT relationship_id FROM relationship_word
      WHERE vendor_id = :vendor_id AND kind = :kind AND word >= :word AND word < :word_end AND relationship_id > :after_id) w
JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id
WHERE r.vendor_id = :vendor_id AND r.kind = :kind AND (:state IS NULL OR $relationship_state_now = :state) ORDER BY r.id LIMIT 51;

-- relationship_counts(vendor_id u64, kind partner_kind) one relationship_counts
-- How many there are of each state, counted to 1,001 at most: more costs time and tells nobody anything.
-- -> active u64, paused u64, disconnected u64
SELECT
  (SELECT COUNT(*) FROM (SELECT 1 FROM $relationship_said_active LIMIT 1001) n)
  + (SELECT COUNT(*) FROM (SELECT 1 FROM $relationship_ended_pause LIMIT 1001) n) AS active,
  (SELECT COUNT(*) FROM (SELECT 1 FROM relationship FORCE INDEX (relationship_state) WHERE vendor_id = :vendor_id AND kind = :kind
                         AND state = 'paused' AND (paused_until IS NULL OR paused_until > UTC_TIMESTAMP(6)) LIMIT 1001) n) AS paused,
  (SELECT COUNT(*) FROM (SELECT 1 FROM relationship FORCE INDEX (relationship_state) WHERE vendor_id = :vendor_id AND kind = :kind
                         AND state = 'disconnected' LIMIT 1001) n) AS disconnected;

-- relationship_place(vendor_id u64, kind partner_kind, partner id) one relationship_place
-- Where a company stands in the list: the page continues from here.
-- -> id u64
SELECT r.id FROM relationship r JOIN company c ON c.id = r.partner_id
WHERE r.vendor_id = :vendor_id AND r.kind = :kind AND c.public_id = :partner;

-- relationship_details(vendor_id u64, kind partner_kind, partner id) one partner
-- Everything that this vendor may know of a connected company. Another vendor's partner is none.
-- -> id u64, public_id id, name text, phone text, street text, house_number text, postal_code text, city text, country text, number text, state relationship_state, paused_until time?, since time, role id, role_name text, partner_role_id u64, revision u64, company_id u64
SELECT r.id, c.public_id, c.name, c.phone, c.street, c.house_number, c.postal_code, c.city, c.country,
       r.number, $relationship_state_now AS state, r.paused_until, r.since, pr.public_id AS role, pr.name AS role_name, r.partner_role_id, r.revision, c.id AS company_id
FROM company c JOIN relationship r ON r.partner_id = c.id JOIN partner_role pr ON pr.id = r.partner_role_id
WHERE c.public_id = :partner AND r.vendor_id = :vendor_id AND r.kind = :kind;

-- relationship_edit(id u64, vendor_id u64, revision u64, number text, partner_role_id u64) change
-- Another number, another partner role. DB_NONE: they are not as they were when the form was drawn.
UPDATE relationship SET number = :number, partner_role_id = :partner_role_id, revision = revision + 1
WHERE id = :id AND vendor_id = :vendor_id AND revision = :revision;

-- relationship_pause(id u64, vendor_id u64, until time?) change
-- Keeps the history, hides what the vendor shares. Ends by itself at :until; without it, when it is lifted.
UPDATE relationship r SET r.state = 'paused', r.paused_until = :until
WHERE r.id = :id AND r.vendor_id = :vendor_id AND $relationship_is_active AND (:until IS NULL OR :until > UTC_TIMESTAMP(6));

-- relationship_lift(id u64, vendor_id u64) change
-- Active again, before the pause's end.
UPDATE relationship r SET r.state = 'active', r.paused_until = NULL
WHERE r.id = :id AND r.vendor_id = :vendor_id AND r.state = 'paused' AND NOT $relationship_is_active;

-- relationship_disconnect(id u64, vendor_id u64, partner_id u64) change
-- The end, by either side. Number, role and history stay for a new acceptance.
UPDATE relationship SET state = 'disconnected', paused_until = NULL
WHERE id = :id AND vendor_id = :vendor_id AND partner_id = :partner_id AND state <> 'disconnected';

-- relationship_people(company_id u64) many partner_person
-- The people who may act for a connected company; the first one is its contact.
-- -> email text, first_name text, last_name text, role member_role
SELECT a.email, a.first_name, a.last_name, m.role FROM member m JOIN account a ON a.id = m.account_id
WHERE m.company_id = :company_id ORDER BY m.role, m.created_at, a.id LIMIT 200;

-- relationship_vendors_of(account_id u64, company_id u64) many home_vendor
-- The vendors that this person's companies are connected to; here: through the company in use. Of these what is newest: shared while the
-- connection is active and the vendor not closed, and in the thread, both for a role that reads.
-- -> vendor text, vendor_public id, here bool, closed bool, reads bool, kind partner_kind, company text, company_public id, number text, state relationship_state, since time, shared text?, shared_at time?, message_from_vendor bool?, message_at time?
SELECT v.name AS vendor, v.public_id AS vendor_public, r.partner_id = :company_id AS here, v.closed_at IS NOT NULL AS closed, FIND_IN_SET('read', p.permissions) > 0 AS `reads`, r.kind, c.name AS company, c.public_id AS company_public,
  r.number, $relationship_state_now AS state, r.since, n.title AS shared, n.created_at AS shared_at, l.from_vendor AS message_from_vendor, l.at AS message_at
FROM member m JOIN relationship r ON r.partner_id = m.company_id
JOIN company c ON c.id = m.company_id JOIN company v ON v.id = r.vendor_id JOIN partner_role p ON p.id = r.partner_role_id
LEFT JOIN shared n ON n.id = IF(r.partner_id = :company_id AND v.closed_at IS NULL AND $relationship_state_now = 'active' AND FIND_IN_SET('read', p.permissions), GREATEST(
    COALESCE((SELECT MAX(s.id) FROM shared s FORCE INDEX (shared_audience) WHERE s.vendor_id = r.vendor_id AND s.audience = CONCAT(r.kind, 's')), 0),
    COALESCE((SELECT MAX(s.id) FROM shared_with w JOIN shared s ON s.id = w.shared_id AND s.audience = 'chosen' WHERE w.relationship_id = r.id), 0)), NULL)
LEFT JOIN message l ON l.id = IF(r.partner_id = :company_id AND FIND_IN_SET('read', p.permissions),
    (SELECT MAX(t.id) FROM message t FORCE INDEX (message_thread) WHERE t.relationship_id = r.id), NULL)
WHERE m.account_id = :account_id AND r.state <> 'disconnected' ORDER BY v.name, r.id LIMIT 500;

-- relationship_words_of(id u64) one relationship_words
-- What the list's search must find a relationship by.
-- -> id u64, vendor_id u64, kind partner_kind, name text, number text, contact text?
SELECT r.id, r.vendor_id, r.kind, c.name, r.number, $relationship_contact AS contact
FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.id = :id;

-- relationship_words_of_company(partner_id u64) many relationship_words
-- The same of all relationships of a company.
-- -> id u64, vendor_id u64, kind partner_kind, name text, number text, contact text?
SELECT r.id, r.vendor_id, r.kind, c.name, r.number, $relationship_contact AS contact
FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.partner_id = :partner_id;

-- relationship_word_add(vendor_id u64, kind partner_kind, word text, relationship_id u64) exec
-- One word by which the list's search finds a company.
INSERT IGNORE INTO relationship_word (vendor_id, kind, word, relationship_id) VALUES (:vendor_id, :kind, :word, :relationship_id);

-- relationship_words_drop(relationship_id u64) exec
-- Before the words are written anew.
DELETE FROM relationship_word WHERE relationship_id = :relationship_id;

-- piece relationship_without_people
-- Added by hand, and nobody of that company has confirmed.
NOT EXISTS (SELECT 1 FROM member m WHERE m.company_id = r.partner_id);

-- relationship_added(invitation_id u64) one added_partner
-- The relationship that an invitation belongs to from the beginning, while its company has no people; and what the vendor typed of it.
-- -> id u64, company_id u64, phone text, street text, house_number text, postal_code text, city text, country text
SELECT r.id, c.id AS company_id, c.phone, c.street, c.house_number, c.postal_code, c.city, c.country
FROM invitation i JOIN relationship r ON r.id = i.relationship_id JOIN company c ON c.id = r.partner_id
WHERE i.id = :invitation_id AND i.status <> 'cancelled' AND $relationship_without_people;

-- relationship_waiting(vendor_id u64, kind partner_kind, email_canon text) one relationship_waiting
-- The relationship that an address was asked to confirm before, and has not: a new invitation belongs to the same one.
-- -> id u64
SELECT r.id FROM invitation i FORCE INDEX (invitation_address) JOIN relationship r ON r.id = i.relationship_id
WHERE i.email_canon = :email_canon AND i.vendor_id = :vendor_id AND i.kind = :kind AND $relationship_without_people ORDER BY i.id DESC LIMIT 1;

-- relationship_ask(invitation_id u64, relationship_id u64) change
-- The invitation is the question whether this connection, which stands in the list already, is right.
UPDATE invitation SET relationship_id = :relationship_id WHERE id = :invitation_id AND status = 'pending';

-- relationship_asked(relationship_id u64) one asked_invitation
-- The newest such question.
-- -> public_id id, email text, status invitation_status, expired bool
SELECT public_id, email, status, expires_at <= UTC_TIMESTAMP(6) AS expired FROM invitation
WHERE relationship_id = :relationship_id ORDER BY id DESC LIMIT 1;

-- relationship_replace(id u64, placeholder_id u64, partner_id u64) exec
-- Another company in the place of one without people; nothing happens when that company is in the list already.
UPDATE IGNORE relationship SET partner_id = :partner_id WHERE id = :id AND partner_id = :placeholder_id;

-- relationship_company_drop(company_id u64) exec
-- The data that a vendor typed of a company without people, which stands in no list any more.
DELETE FROM company WHERE id = :company_id AND kind <> 'vendor'
AND NOT EXISTS (SELECT 1 FROM member m WHERE m.company_id = :company_id) AND NOT EXISTS (SELECT 1 FROM relationship r WHERE r.partner_id = :company_id);

-- relationship_similar(vendor_id u64, kind partner_kind, word text, word_end bytes) many similar_partner
-- Own customers or suppliers that a word begins with.
-- -> public_id id, name text, number text, contact text?
SELECT STRAIGHT_JOIN c.public_id, c.name, r.number, $relationship_contact AS contact
FROM (SELECT DISTINCT relationship_id FROM relationship_word
      WHERE vendor_id = :vendor_id AND kind = :kind AND word >= :word AND word < :word_end LIMIT 20) w
JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = :vendor_id AND r.kind = :kind
ORDER BY r.id DESC LIMIT 20;

-- relationship_similar_invitations(vendor_id u64, kind partner_kind, word text, word_end bytes) many similar_invitation
-- Own invitations that a word begins with and that did not become a connection.
-- -> public_id id, email text, business_name text, status invitation_status, expired bool
SELECT STRAIGHT_JOIN i.public_id, i.email, i.business_name, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired
FROM (SELECT DISTINCT invitation_id FROM invitation_word
      WHERE vendor_id = :vendor_id AND word >= :word AND word < :word_end LIMIT 100) w
JOIN invitation i ON i.id = w.invitation_id WHERE i.vendor_id = :vendor_id AND i.kind = :kind AND i.status <> 'accepted' ORDER BY i.id DESC LIMIT 20;

-- relationship_open_invitation(relationship_id u64) one open_invitation
-- Who was asked to confirm a company that was added by hand, and has not answered.
-- -> id u64
SELECT id FROM invitation WHERE relationship_id = :relationship_id AND status = 'pending' LIMIT 1;
