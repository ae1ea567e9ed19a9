-- Everything of one person: shown to them as JSON, or replaced by what tells nothing.

-- privacy_account(email_canon text) one privacy_account
-- The person.
-- -> id u64, public_id id, email text, first_name text, last_name text, created_at time, verified_at time?, locked_at time?
SELECT id, public_id, email, first_name, last_name, created_at, verified_at, locked_at FROM account WHERE email_canon = :email_canon;

-- privacy_companies(account_id u64) many privacy_company
-- What the person belongs to, and whether nobody else owns it.
-- -> name text, kind company_kind, role member_role, since time, last_owner bool
SELECT c.name, c.kind, m.role, m.created_at AS since,
  m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM member x WHERE x.company_id = c.id AND x.role = 'owner' AND x.account_id <> m.account_id) AS last_owner
FROM member m JOIN company c ON c.id = m.company_id WHERE m.account_id = :account_id ORDER BY c.id;

-- privacy_sessions(account_id u64) many privacy_session
-- Where the person is signed in.
-- -> created_at time, seen_at time
SELECT created_at, seen_at FROM session WHERE account_id = :account_id ORDER BY created_at;

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
