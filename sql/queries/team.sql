-- A vendor's colleagues: who they are, who is asked to become one, and what becomes of the invitations of one who goes.

-- enum team_status TEAM_ pending accepted cancelled

-- team_members(vendor_id u64, place_id u64) many team_line
-- The members, those first whose account is older, behind a place.
-- -> id u64, public_id id, email text, first_name text, last_name text, role member_role, since time
SELECT a.id, a.public_id, a.email, a.first_name, a.last_name, m.role, m.created_at AS since
FROM member m JOIN account a ON a.id = m.account_id
WHERE m.company_id = :vendor_id AND m.account_id > :place_id ORDER BY m.account_id LIMIT 101;

-- team_place(vendor_id u64, public_id id) one team_place
-- Where a member stands in the list. Another vendor's is none.
-- -> id u64
SELECT a.id FROM account a JOIN member m ON m.account_id = a.id AND m.company_id = :vendor_id WHERE a.public_id = :public_id;

-- team_requests(vendor_id u64) many team_request
-- Who has been asked and has not answered, the newest first.
-- -> id u64, public_id id, email text, role member_role, sender_id u64, sender text, sent_at time, expires_at time, expired bool, outbox_id u64?, mail mail_state?, reply text?, next_at time?
SELECT STRAIGHT_JOIN t.id, t.public_id, t.email, t.role, t.sender_id, s.email AS sender, t.sent_at, t.expires_at, t.expires_at <= UTC_TIMESTAMP(6) AS expired,
  t.outbox_id, o.state AS mail, o.reply, o.next_at
FROM team_invitation t FORCE INDEX (team_invitation_list) JOIN account s ON s.id = t.sender_id LEFT JOIN outbox o ON o.id = t.outbox_id
WHERE t.vendor_id = :vendor_id AND t.status = 'pending' ORDER BY t.id DESC LIMIT 200;

-- team_request(vendor_id u64, public_id id) one team_request
-- One of them. Another vendor's is none, and so is one that has ended.
-- -> id u64, public_id id, email text, role member_role, sender_id u64, sender text, sent_at time, expires_at time, expired bool, outbox_id u64?, mail mail_state?, reply text?, next_at time?
SELECT t.id, t.public_id, t.email, t.role, t.sender_id, s.email AS sender, t.sent_at, t.expires_at, t.expires_at <= UTC_TIMESTAMP(6) AS expired,
  t.outbox_id, o.state AS mail, o.reply, o.next_at
FROM team_invitation t JOIN account s ON s.id = t.sender_id LEFT JOIN outbox o ON o.id = t.outbox_id
WHERE t.public_id = :public_id AND t.vendor_id = :vendor_id AND t.status = 'pending';

-- team_obstacle(vendor_id u64, email_canon text) one team_obstacle
-- What stands against asking this address: a membership, an open request. Always one row.
-- -> colleague member_role?, open_id u64?, open id?, open_expired bool?, open_outbox_id u64?, open_sender u64?, open_once id?
SELECT STRAIGHT_JOIN m.role AS colleague, t.id AS open_id, t.public_id AS open, t.expires_at <= UTC_TIMESTAMP(6) AS open_expired, t.outbox_id AS open_outbox_id, t.sender_id AS open_sender,
  t.once AS open_once
FROM (SELECT 1 AS one) one
LEFT JOIN account a ON a.email_canon = :email_canon
LEFT JOIN member m ON m.company_id = :vendor_id AND m.account_id = a.id
LEFT JOIN team_invitation t ON t.vendor_id = :vendor_id AND t.open_canon = :email_canon;

-- team_request_add(public_id id, vendor_id u64, sender_id u64, once id?, email text, email_canon text, role member_role, days u64) insert
-- A new request. DB_CONFLICT: there is an open one for this address.
INSERT INTO team_invitation (public_id, vendor_id, sender_id, once, email, email_canon, role, status, sent_at, expires_at)
VALUES (:public_id, :vendor_id, :sender_id, :once, :email, :email_canon, :role, 'pending', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL :days DAY);

-- team_request_renew(id u64, vendor_id u64, sender_id u64, once id?, email text, role member_role, days u64) change
-- An expired one is sent anew with what was chosen now.
UPDATE team_invitation SET sender_id = :sender_id, once = :once, email = :email, role = :role, sent_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL :days DAY
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND expires_at <= UTC_TIMESTAMP(6);

-- team_request_resend(id u64, vendor_id u64, sender_id u64, days u64, seen_at time) change
-- A new mail with a new secret, and the time begins anew. Also for an expired one. Not when it was sent since it was seen: pressed twice it is sent once.
UPDATE team_invitation SET sender_id = :sender_id, sent_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL :days DAY
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND sent_at = :seen_at;

-- team_request_sent(id u64, account_id u64) one team_request_sent
-- Whether it still waits, and whether this person sent it a moment ago.
-- -> pending bool, just bool
SELECT status = 'pending' AS pending, sender_id = :account_id AND sent_at > UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE AS just FROM team_invitation WHERE id = :id;

-- team_request_cancel(id u64, vendor_id u64) change
-- Dead from now on, unless it was accepted first.
UPDATE team_invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending';

-- team_request_mail_set(id u64, outbox_id u64) change
-- The newest mail that carries the link.
UPDATE team_invitation SET outbox_id = :outbox_id WHERE id = :id;

-- team_mail_end(outbox_id u64) exec
-- A mail that a newer one replaces, or that nobody needs any more: it must not leave, and to whom it went is forgotten.
UPDATE outbox SET state = IF(state IN ('queued', 'deferred'), 'withdrawn', state), recipient = '', reply = '', sealed = NULL, next_at = NULL
WHERE id = :outbox_id;

-- team_requests_over(days u64) many team_over
-- Requests that ended so many days ago without a member.
-- -> id u64, outbox_id u64?
SELECT id, outbox_id FROM team_invitation FORCE INDEX (team_invitation_erase)
WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY ORDER BY erase_from LIMIT 100;

-- team_request_over(id u64, days u64) change
-- Held until it is gone, unless it was sent anew at this very moment.
UPDATE team_invitation SET status = 'cancelled', ended_at = COALESCE(ended_at, expires_at)
WHERE id = :id AND erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY;

-- team_request_links_drop(id u64) exec
-- Its links lead nowhere any more.
DELETE FROM team_token WHERE team_invitation_id = :id;

-- team_request_drop(id u64) exec
-- What remains is in the audit log, without the address.
DELETE FROM team_invitation WHERE id = :id;

-- team_token_add(hash hash, team_invitation_id u64) insert
-- The link's secret; the request's own expiry decides how long it works.
INSERT INTO team_token (hash, team_invitation_id, created_at) VALUES (:hash, :team_invitation_id, UTC_TIMESTAMP(6));

-- team_token_supersede(team_invitation_id u64) exec
-- A newer mail was sent: the earlier links say so and do nothing else.
UPDATE team_token SET superseded_at = UTC_TIMESTAMP(6) WHERE team_invitation_id = :team_invitation_id AND superseded_at IS NULL;

-- team_lock(vendor_id u64) exec
-- Whoever changes a team changes it alone: the rows of all its members are held until the transaction ends.
UPDATE member SET role = role WHERE company_id = :vendor_id;

-- team_member(vendor_id u64, public_id id, actor_id u64) one team_member
-- A member, who is about to do something to them, how many owners there are, and how many open invitations would be without a sender:
-- to customers and suppliers, to colleagues, and of these to become an owner.
-- -> id u64, public_id id, email text, first_name text, last_name text, role member_role, actor_role member_role?, owners u64, invitations u64, colleagues u64, future_owners u64
SELECT a.id, a.public_id, a.email, a.first_name, a.last_name, m.role, (SELECT x.role FROM member x WHERE x.company_id = :vendor_id AND x.account_id = :actor_id) AS actor_role,
  (SELECT COUNT(*) FROM member x WHERE x.company_id = :vendor_id AND x.role = 'owner') AS owners,
  (SELECT COUNT(*) FROM invitation i FORCE INDEX (invitation_sender) WHERE i.sender_id = a.id AND i.vendor_id = :vendor_id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6)) AS invitations,
  (SELECT COUNT(*) FROM team_invitation t FORCE INDEX (team_invitation_sender) WHERE t.sender_id = a.id AND t.vendor_id = :vendor_id AND t.status = 'pending' AND t.expires_at > UTC_TIMESTAMP(6)) AS colleagues,
  (SELECT COUNT(*) FROM team_invitation t FORCE INDEX (team_invitation_sender) WHERE t.sender_id = a.id AND t.vendor_id = :vendor_id AND t.status = 'pending' AND t.expires_at > UTC_TIMESTAMP(6) AND t.role = 'owner') AS future_owners
FROM account a JOIN member m ON m.account_id = a.id AND m.company_id = :vendor_id WHERE a.public_id = :public_id;

-- team_heir(vendor_id u64, account_id u64) one team_heir
-- Who looks after what somebody leaves behind: the other owner who has been one of them longest.
-- -> id u64, email text, first_name text, last_name text
SELECT a.id, a.email, a.first_name, a.last_name FROM member m JOIN account a ON a.id = m.account_id
WHERE m.company_id = :vendor_id AND m.role = 'owner' AND m.account_id <> :account_id ORDER BY m.created_at, m.account_id LIMIT 1;

-- piece team_owner_remains
-- Another owner, counted under the lock of this very statement.
(:was <> 'owner' OR EXISTS (SELECT 1 FROM (SELECT x.account_id FROM member x WHERE x.company_id = :vendor_id AND x.role = 'owner' AND x.account_id <> :account_id LIMIT 1) o));

-- team_role_set(vendor_id u64, account_id u64, was member_role, role member_role) change
-- Another role, if it is still the one that was decided about and an owner remains.
UPDATE member SET role = :role WHERE company_id = :vendor_id AND account_id = :account_id AND role = :was AND $team_owner_remains;

-- team_member_remove(vendor_id u64, account_id u64, was member_role) change
-- Not a member any more, if it is still the role that was decided about and an owner remains.
DELETE FROM member WHERE company_id = :vendor_id AND account_id = :account_id AND role = :was AND $team_owner_remains;

-- team_sessions_end(vendor_id u64, account_id u64) exec
-- What a person has open in this company ends with the role that it was opened with.
DELETE FROM session WHERE account_id = :account_id AND company_id = :vendor_id;

-- piece team_left_behind
-- Open invitations of one sender.
i.sender_id = :account_id AND i.vendor_id = :vendor_id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6);

-- team_invitations_lines(vendor_id u64, account_id u64, request id, event text, actor_id u64) exec
-- The line in each invitation's history, before it changes.
INSERT INTO audit_event (at, request, event, vendor_id, account_id, subject_id, invitation_id, detail)
SELECT UTC_TIMESTAMP(6), :request, :event, i.vendor_id, :actor_id, i.sender_id, i.id, '' FROM invitation i FORCE INDEX (invitation_sender) WHERE $team_left_behind;

-- team_invitations_take_over(vendor_id u64, account_id u64, heir_id u64) exec
-- All of them have another sender from now on; links and mails stay.
UPDATE invitation i SET i.sender_id = :heir_id WHERE $team_left_behind;

-- team_invitations_mails_withdraw(vendor_id u64, account_id u64) exec
-- Their waiting mails, before they are cancelled.
UPDATE invitation i JOIN outbox o ON o.invitation_id = i.id SET o.state = 'withdrawn', o.sealed = NULL, o.next_at = NULL
WHERE $team_left_behind AND o.state IN ('queued', 'deferred');

-- team_invitations_reminders_withdraw(vendor_id u64, account_id u64) exec
-- Their waiting reminders, before somebody takes them over: they would be from who is gone.
UPDATE invitation i JOIN outbox o ON o.invitation_id = i.id SET o.state = 'withdrawn', o.sealed = NULL, o.next_at = NULL
WHERE $team_left_behind AND o.remind_at IS NOT NULL AND o.state IN ('queued', 'deferred');

-- team_invitations_cancel(vendor_id u64, account_id u64) exec
-- All of them are dead from now on.
UPDATE invitation i SET i.status = 'cancelled', i.ended_at = UTC_TIMESTAMP(6) WHERE $team_left_behind;

-- piece team_asked
-- Open requests to colleagues of one sender; with owners_only those to become an owner.
t.sender_id = :account_id AND t.vendor_id = :vendor_id AND t.status = 'pending' AND (t.role = 'owner' OR NOT :owners_only);

-- team_requests_take_over(vendor_id u64, account_id u64, heir_id u64, owners_only bool) exec
-- The same for requests to colleagues.
UPDATE team_invitation t SET t.sender_id = :heir_id WHERE $team_asked;

-- team_requests_mails_withdraw(vendor_id u64, account_id u64, owners_only bool) exec
-- Their waiting mails, before they are cancelled.
UPDATE team_invitation t JOIN outbox o ON o.id = t.outbox_id SET o.state = 'withdrawn', o.sealed = NULL, o.next_at = NULL
WHERE $team_asked AND o.state IN ('queued', 'deferred');

-- team_requests_cancel(vendor_id u64, account_id u64, owners_only bool) exec
-- All of them are dead from now on.
UPDATE team_invitation t SET t.status = 'cancelled', t.ended_at = UTC_TIMESTAMP(6) WHERE $team_asked;

-- team_audit(request id, event text, vendor_id u64, account_id u64, subject_id u64?, detail text) insert
-- Who did what to whom in the team.
INSERT INTO audit_event (at, request, event, vendor_id, account_id, subject_id, detail)
VALUES (UTC_TIMESTAMP(6), :request, :event, :vendor_id, :account_id, :subject_id, :detail);
