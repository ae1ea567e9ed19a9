-- Everything of one person: shown to them as JSON, or replaced by what tells nothing.

-- privacy_account(email_canon text) one privacy_account
-- The person.
-- -> id u64, public_id id, email text, first_name text, last_name text, language text, created_at time, verified_at time?, locked_at time?
SELECT id, public_id, email, first_name, last_name, language, created_at, verified_at, locked_at FROM account WHERE email_canon = :email_canon;

-- privacy_companies(account_id u64) many privacy_company
-- What the person belongs to, and whether nobody else owns it.
-- -> name text, kind company_kind, role member_role, since time, last_owner bool
SELECT c.name, c.kind, m.role, m.created_at AS since,
  m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM member x WHERE x.company_id = c.id AND x.role = 'owner' AND x.account_id <> m.account_id) AS last_owner
FROM member m JOIN company c ON c.id = m.company_id WHERE m.account_id = :account_id ORDER BY c.id;

-- privacy_sessions(account_id u64) many privacy_session
-- Where the person is signed in.
-- -> created_at time, seen_at time, company text?
SELECT s.created_at, s.seen_at, c.name AS company FROM session s LEFT JOIN company c ON c.id = s.company_id WHERE s.account_id = :account_id ORDER BY s.created_at;

-- privacy_links(account_id u64) many privacy_link
-- Links to set a password or to prove the address, and when they were used: not the links themselves.
-- -> purpose text, created_at time, used_at time?
SELECT IF(t.purpose = 'password', 'password', 'invitation') AS purpose, t.created_at, t.used_at FROM token t FORCE INDEX (token_account) WHERE t.account_id = :account_id
UNION ALL SELECT 'verification', v.created_at, v.used_at FROM verification v FORCE INDEX (verification_account) WHERE v.account_id = :account_id
ORDER BY created_at;

-- privacy_waiting(account_id u64) many privacy_waiting
-- What was accepted and waits for the address to be proven.
-- -> vendor text, company text, at time
SELECT v.name AS vendor, c.name AS company, w.created_at AS at FROM waiting_acceptance w JOIN invitation i ON i.id = w.invitation_id JOIN company v ON v.id = i.vendor_id
JOIN company c ON c.id = w.company_id WHERE w.account_id = :account_id ORDER BY w.created_at;

-- privacy_accepted(account_id u64, after u64) many privacy_accepted
-- Invitations that the person accepted, to whatever address they were sent.
-- -> id u64, vendor text, kind partner_kind, at time?
SELECT i.id, v.name AS vendor, i.kind, i.ended_at AS at FROM invitation i JOIN company v ON v.id = i.vendor_id
WHERE i.accepted_by = :account_id AND i.id > :after ORDER BY i.id LIMIT 500;

-- privacy_connections(email_canon text) many privacy_connection
-- Vendors that asked to connect with whoever proves the address.
-- -> vendor text, kind partner_kind, status text, created_at time, expires_at time
SELECT v.name AS vendor, c.kind, IF(c.withdrawn_at IS NULL, CAST(c.status AS CHAR), 'withdrawn') AS status, c.created_at, c.expires_at
FROM connection_request c FORCE INDEX (connection_request_address) JOIN company v ON v.id = c.vendor_id WHERE c.email_canon = :email_canon ORDER BY c.id;

-- privacy_asked(account_id u64, after u64) many privacy_asked
-- Companies that the person asked to connect, for a vendor: which is the vendor's and theirs, and that one refused is not told.
-- -> id u64, vendor text, kind partner_kind, status text, created_at time
SELECT c.id, v.name AS vendor, c.kind, IF(c.withdrawn_at IS NOT NULL, 'withdrawn', IF(c.status = 'accepted', 'accepted', 'waiting')) AS status, c.created_at FROM connection_request c JOIN company v ON v.id = c.vendor_id
WHERE c.sender_id = :account_id AND c.id > :after ORDER BY c.id LIMIT 500;

-- privacy_team_sent(account_id u64, after u64) many privacy_team_sent
-- Colleagues whom the person asked to join: when.
-- -> id u64, vendor text, role text, status text, sent_at time
SELECT t.id, v.name AS vendor, CAST(t.role AS CHAR) AS role, CAST(t.status AS CHAR) AS status, t.sent_at FROM team_invitation t JOIN company v ON v.id = t.vendor_id
WHERE t.sender_id = :account_id AND t.id > :after ORDER BY t.id LIMIT 500;

-- privacy_decided(account_id u64, after u64) many privacy_decided
-- Requests to join a company that the person answered.
-- -> id u64, company text?, status text, at time?
SELECT q.id, c.name AS company, CAST(q.status AS CHAR) AS status, q.ended_at AS at FROM admission_request q LEFT JOIN company c ON c.id = q.company_id
WHERE q.decided_by = :account_id AND q.id > :after ORDER BY q.id LIMIT 500;

-- privacy_shared(account_id u64, after u64) many privacy_shared
-- Files, links and notes that the person added; of a file its name.
-- -> id u64, vendor text, kind text, title text, url text, body text, size u64, at time
SELECT s.id, v.name AS vendor, CAST(s.kind AS CHAR) AS kind, s.title, s.url, s.body, s.size, s.created_at AS at FROM shared s JOIN company v ON v.id = s.vendor_id
WHERE s.account_id = :account_id AND s.id > :after ORDER BY s.id LIMIT 500;

-- privacy_received(email_canon text) many privacy_received
-- Invitations to the person's address, of all vendors.
-- -> vendor text, kind partner_kind, status invitation_status, first_name text, last_name text, business_name text, message text, sent_at time, expires_at time, ended_at time?, opened_at time?, begun_at time?
SELECT v.name AS vendor, i.kind, i.status, i.first_name, i.last_name, i.business_name, i.message, i.sent_at, i.expires_at, i.ended_at, g.opened_at, g.begun_at
FROM invitation i FORCE INDEX (invitation_address) JOIN company v ON v.id = i.vendor_id LEFT JOIN invitation_progress g ON g.invitation_id = i.id WHERE i.email_canon = :email_canon ORDER BY i.id;

-- privacy_team(email_canon text) many privacy_team
-- Requests to join a vendor as a colleague.
-- -> vendor text, role text, status text, sent_at time
SELECT v.name AS vendor, CAST(t.role AS CHAR) AS role, CAST(t.status AS CHAR) AS status, t.sent_at
FROM team_invitation t FORCE INDEX (team_invitation_address) JOIN company v ON v.id = t.vendor_id WHERE t.email_canon = :email_canon ORDER BY t.id;

-- privacy_sent(account_id u64, after u64) many privacy_sent
-- Invitations that the person sent: to whom is the vendor's and the invitee's, not theirs. The next page begins after the last one.
-- -> id u64, public_id id, vendor text, kind partner_kind, status invitation_status, sent_at time
SELECT i.id, i.public_id, v.name AS vendor, i.kind, i.status, i.sent_at
FROM invitation i FORCE INDEX (invitation_sender) JOIN company v ON v.id = i.vendor_id WHERE i.sender_id = :account_id AND i.id > :after ORDER BY i.id LIMIT 500;

-- privacy_messages(account_id u64, after u64) many privacy_message
-- What the person wrote.
-- -> id u64, vendor text, partner text, text text, at time
SELECT m.id, v.name AS vendor, p.name AS partner, m.text, m.at
FROM message m JOIN relationship r ON r.id = m.relationship_id JOIN company v ON v.id = r.vendor_id JOIN company p ON p.id = r.partner_id
WHERE m.sender_id = :account_id AND m.id > :after ORDER BY m.id LIMIT 500;

-- privacy_events(account_id u64, after u64) many privacy_event
-- What the person did, and what was done to the account.
-- -> id u64, at time, event text, detail text
SELECT id, at, event, detail FROM (
  (SELECT id, at, event, detail FROM audit_event FORCE INDEX (audit_event_account) WHERE account_id = :account_id AND id > :after ORDER BY id LIMIT 500)
  UNION
  (SELECT id, at, event, detail FROM audit_event FORCE INDEX (audit_event_subject) WHERE subject_id = :account_id AND id > :after ORDER BY id LIMIT 500)
) e ORDER BY id LIMIT 500;

-- privacy_mails(address hash, after u64) many privacy_mail
-- Mails to the person.
-- -> id u64, created_at time, state mail_state, reply text
SELECT id, created_at, state, reply FROM outbox FORCE INDEX (outbox_address) WHERE address = :address AND id > :after ORDER BY id LIMIT 500;

-- privacy_requests(account_id u64) many privacy_request
-- Companies that the person asked to join.
-- -> company text?, status text, at time
SELECT c.name AS company, CAST(q.status AS CHAR) AS status, q.created_at AS at FROM admission_request q LEFT JOIN company c ON c.id = q.company_id
WHERE q.account_id = :account_id ORDER BY q.created_at;

-- privacy_end_requests(account_id u64) exec
-- Nobody asks any more.
UPDATE admission_request SET status = 'declined', ended_at = UTC_TIMESTAMP(6) WHERE account_id = :account_id AND status = 'open';

-- privacy_erase_connections(email_canon text) exec
-- Vendors' requests to connect with whoever proves the address.
DELETE FROM connection_request WHERE email_canon = :email_canon;

-- privacy_erase_account(id u64, name text) change
-- The account stays, for whatever refers to it, and nobody can sign in to it.
UPDATE account SET email = :name, email_canon = :name, first_name = '', last_name = '', password = NULL, verified_at = NULL,
  locked_at = COALESCE(locked_at, UTC_TIMESTAMP(6)) WHERE id = :id;

-- privacy_leave(account_id u64) exec
-- Out of every company.
DELETE FROM member WHERE account_id = :account_id;

-- privacy_erase_tokens(account_id u64) exec
-- Every link that was mailed to the account.
DELETE FROM token WHERE account_id = :account_id;

-- privacy_erase_links(email_canon text) exec
-- And every link to an invitation of the address.
DELETE t FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.email_canon = :email_canon;

-- privacy_erase_search(email_canon text) exec
-- The words that the panel's search finds these invitations by.
DELETE w FROM invitation_word w JOIN invitation i ON i.id = w.invitation_id WHERE i.email_canon = :email_canon;

-- privacy_erase_contact(account_id u64, email_canon text) exec
-- The words that the lists' search finds the person's companies by, as far as they are of the address.
DELETE w FROM relationship_word w JOIN relationship r ON r.id = w.relationship_id JOIN member m ON m.company_id = r.partner_id
WHERE m.account_id = :account_id AND RIGHT(:email_canon, LENGTH(w.word)) = w.word;

-- privacy_erase_details(email_canon text) exec
-- The history of these invitations keeps events and times.
UPDATE audit_event e JOIN invitation i ON i.id = e.invitation_id SET e.detail = '' WHERE i.email_canon = :email_canon;

-- privacy_erase_events(account_id u64) exec
-- What the person did keeps events, ids and times.
UPDATE audit_event SET detail = '' WHERE account_id = :account_id;

-- privacy_erase_received(email_canon text, name text) exec
-- Open ones are cancelled: there is nobody to accept them.
UPDATE invitation SET ended_at = IF(status = 'pending', UTC_TIMESTAMP(6), ended_at), status = IF(status = 'pending', 'cancelled', status),
  email = :name, email_canon = :name, first_name = '', last_name = '', business_name = '', message = '', erased_at = UTC_TIMESTAMP(6)
WHERE email_canon = :email_canon;

-- privacy_erase_team(email_canon text, name text) exec
-- The same for requests to become a colleague.
UPDATE team_invitation SET ended_at = IF(status = 'pending', UTC_TIMESTAMP(6), ended_at), status = IF(status = 'pending', 'cancelled', status),
  email = :name, email_canon = :name WHERE email_canon = :email_canon;

-- privacy_erase_mails(address hash) exec
-- Waiting ones are not sent; of the others stays when, and how it ended.
UPDATE outbox SET state = IF(state IN ('queued', 'deferred'), 'withdrawn', state), recipient = '', reply = '', sealed = NULL, next_at = NULL WHERE address = :address;
