-- Invitations: deciding about them, and the panel's list.

-- enum invitation_status INVITATION_ pending accepted cancelled declined

-- invitation_obstacle(vendor_id u64, kind partner_kind, email_canon text) one invitation_obstacle
-- What stands against inviting this address: an open invitation, a connection, a colleague. Always one row.
-- -> open_id u64?, open id?, open_resends u64?, open_expired bool?, open_sender u64?, open_sender_email text?, open_once id?, colleague member_role?, connection relationship_state?, partner id?, partner_name text?
SELECT STRAIGHT_JOIN i.id AS open_id, i.public_id AS open, i.resends AS open_resends, i.expires_at <= UTC_TIMESTAMP(6) AS open_expired, i.sender_id AS open_sender,
       s.email AS open_sender_email, i.once AS open_once, mv.role AS colleague,
       IF(r.state = 'paused' AND r.paused_until <= UTC_TIMESTAMP(6), 'active', r.state) AS connection, c.public_id AS partner, c.name AS partner_name
FROM (SELECT 1 AS one) one
LEFT JOIN invitation i ON i.vendor_id = :vendor_id AND i.kind = :kind AND i.open_canon = :email_canon
LEFT JOIN account s ON s.id = i.sender_id
LEFT JOIN account a ON a.email_canon = :email_canon
LEFT JOIN member mv ON mv.company_id = :vendor_id AND mv.account_id = a.id
LEFT JOIN (member mp
           JOIN relationship r ON r.partner_id = mp.company_id AND r.vendor_id = :vendor_id AND r.kind = :kind AND r.state <> 'disconnected'
           JOIN company c ON c.id = r.partner_id) ON mp.account_id = a.id
ORDER BY r.state LIMIT 1;

-- invitation_add(public_id id, vendor_id u64, sender_id u64, once id?, kind partner_kind, email text, email_canon text, first_name text, last_name text, business_name text, number text, partner_role_id u64, language text, message text, expires_days u64) insert
-- A new request. DB_CONFLICT: this vendor has an open one of this kind for this address.
INSERT INTO invitation (public_id, vendor_id, sender_id, once, kind, status, email, email_canon, first_name, last_name, business_name,
                        number, partner_role_id, language, message, expires_days, sent_at, expires_at)
VALUES (:public_id, :vendor_id, :sender_id, :once, :kind, 'pending', :email, :email_canon, :first_name, :last_name, :business_name,
        :number, :partner_role_id, :language, :message, :expires_days, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL :expires_days DAY);

-- invitation_renew(id u64, vendor_id u64, sender_id u64, once id?, email text, first_name text, last_name text, business_name text, number text, partner_role_id u64, language text, message text, expires_days u64) change
-- An expired one is sent anew with what was typed now: the same record, its history kept.
UPDATE invitation SET sender_id = :sender_id, once = :once, email = :email, first_name = :first_name, last_name = :last_name, business_name = :business_name,
  number = :number, partner_role_id = :partner_role_id, language = :language, message = :message, expires_days = :expires_days,
  sent_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL :expires_days DAY, asked_at = NULL
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND expires_at <= UTC_TIMESTAMP(6);

-- piece invitation_role_now
-- An expired invitation's role may have been removed: it begins anew with the preselected one.
partner_role_id = IF(EXISTS (SELECT 1 FROM partner_role p WHERE p.id = partner_role_id AND p.removed_at IS NULL), partner_role_id,
  (SELECT d.id FROM partner_role d WHERE d.vendor_id = :vendor_id AND d.removed_at IS NULL ORDER BY d.preselected DESC, d.id LIMIT 1));

-- invitation_resend(id u64, vendor_id u64, sender_id u64, resends u64) change
-- A new mail with a new secret, and the time begins anew. Also for an expired one. Not when it was sent again since it was
-- seen with so many times: pressed twice it is sent once.
UPDATE invitation SET $invitation_role_now, sender_id = :sender_id, sent_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL expires_days DAY, asked_at = NULL
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND resends = :resends;

-- invitation_sent(id u64, account_id u64) one invitation_sent
-- Whether it still waits, and whether this person sent it a moment ago.
-- -> pending bool, just bool
SELECT status = 'pending' AS pending, sender_id = :account_id AND sent_at > UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE AS just FROM invitation WHERE id = :id;

-- invitation_change(id u64, vendor_id u64, kind partner_kind, number text, partner_role_id u64, message text) change
-- What an acceptance will bring, changed while it waits: the same links stay good. Not when all of it is so already: pressed twice, it is one change.
-- DB_CONFLICT: the address has an open one of that kind.
UPDATE invitation SET kind = :kind, number = :number, partner_role_id = :partner_role_id, message = :message
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND expires_at > UTC_TIMESTAMP(6) AND (kind = :kind OR relationship_id IS NULL)
AND NOT (kind = :kind AND BINARY number = BINARY :number AND partner_role_id = :partner_role_id AND BINARY message = BINARY :message);

-- invitation_correct(id u64, vendor_id u64, sender_id u64, email text, email_canon text, seen_at time) change
-- It went to the wrong address: to the right one, and the time begins anew. Not when it was sent since it was seen. DB_CONFLICT: that address has an open one of this kind.
UPDATE invitation SET $invitation_role_now, sender_id = :sender_id, email = :email, email_canon = :email_canon, sent_at = UTC_TIMESTAMP(6),
  expires_at = UTC_TIMESTAMP(6) + INTERVAL expires_days DAY, asked_at = NULL
WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending' AND sent_at = :seen_at;

-- invitation_take_over(id u64, vendor_id u64, from_id u64, sender_id u64) change
-- Somebody who may invite answers for it from now on: the links of a paused one work again.
UPDATE invitation SET sender_id = :sender_id WHERE id = :id AND vendor_id = :vendor_id AND sender_id = :from_id AND status = 'pending';

-- invitation_mail_set(id u64, outbox_id u64) change
-- The newest mail that carries the link: its fate is shown beside the invitation.
UPDATE invitation SET outbox_id = :outbox_id WHERE id = :id;

-- invitation_cancel(id u64, vendor_id u64) change
-- Dead from now on, unless somebody accepted first.
UPDATE invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) WHERE id = :id AND vendor_id = :vendor_id AND status = 'pending';

-- piece invitation_still_good
-- Open, in time, sent by somebody who may still invite, for a vendor that is not closed.
i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6)
AND EXISTS (SELECT 1 FROM member m WHERE m.company_id = i.vendor_id AND m.account_id = i.sender_id AND m.role IN ('owner', 'admin', 'inviter'))
AND NOT EXISTS (SELECT 1 FROM company closed WHERE closed.id = i.vendor_id AND closed.closed_at IS NOT NULL);

-- piece invitation_link_works
-- The token that was brought along is one of the invitation's newest links.
t.hash = :hash AND t.invitation_id = i.id AND t.purpose = 'invitation' AND t.superseded_at IS NULL AND t.used_at IS NULL;

-- piece invitation_address_fits
-- The vendor's address policy lets this account accept: the invited address itself, or a proven one that the policy allows. A newcomer
-- registers with the invited address.
(:account_id IS NULL OR EXISTS (SELECT 1 FROM account own JOIN company v ON v.id = i.vendor_id
  WHERE own.id = :account_id AND (own.email_canon = i.email_canon OR (own.verified_at IS NOT NULL AND (v.address_policy = 'any'
    OR (v.address_policy = 'domain' AND SUBSTRING_INDEX(own.email_canon, '@', -1) = SUBSTRING_INDEX(i.email_canon, '@', -1)))))));

-- invitation_accept(id u64, hash hash, account_id u64?) change
-- The single use: of all who try at the same moment this meets one row for one of them. Through the newest links only; through a copied
-- one only for an account whose address is proven (a newcomer has none).
UPDATE invitation i SET i.status = 'accepted', i.ended_at = UTC_TIMESTAMP(6)
WHERE i.id = :id AND $invitation_still_good AND $invitation_address_fits
AND EXISTS (SELECT 1 FROM token t WHERE $invitation_link_works
            AND (NOT t.copied OR EXISTS (SELECT 1 FROM account p WHERE p.id = :account_id AND p.verified_at IS NOT NULL)));

-- invitation_accept_at_home(public_id id, email_canon text) change
-- The same from the home page of the person whose proven address was invited.
UPDATE invitation i SET i.status = 'accepted', i.ended_at = UTC_TIMESTAMP(6)
WHERE i.public_id = :public_id AND i.email_canon = :email_canon AND $invitation_still_good;

-- invitation_accepted(id u64, account_id u64, relationship_id u64) change
-- Who accepted, and what came of it.
UPDATE invitation SET accepted_by = :account_id, relationship_id = :relationship_id WHERE id = :id AND status = 'accepted';

-- invitation_decline(id u64, hash hash) change
-- The invitee said no, through the newest link.
UPDATE invitation i SET i.status = 'declined', i.ended_at = UTC_TIMESTAMP(6)
WHERE i.id = :id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6)
AND EXISTS (SELECT 1 FROM token t WHERE $invitation_link_works);

-- invitation_decline_at_home(public_id id, email_canon text) change
-- The same from the home page.
UPDATE invitation SET status = 'declined', ended_at = UTC_TIMESTAMP(6)
WHERE public_id = :public_id AND email_canon = :email_canon AND status = 'pending' AND expires_at > UTC_TIMESTAMP(6);

-- piece invitation_link
-- What a link's page and an acceptance need to know, in one look: the invitation, its vendor, its sender and whether that person may
-- still invite, and whose account the invited address is.
SELECT STRAIGHT_JOIN i.id, i.public_id, i.vendor_id, i.sender_id, i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired,
  t.superseded_at IS NOT NULL AS superseded, t.copied, i.email, i.email_canon, i.first_name, i.last_name, i.business_name, i.number, i.partner_role_id, i.message,
  i.sent_at, i.expires_at, i.accepted_by, i.language, v.name AS vendor, s.email AS sender_email, s.first_name AS sender_first_name,
  s.last_name AS sender_last_name, COALESCE(m.role IN ('owner', 'admin', 'inviter'), 0) AS sender_entitled,
  v.closed_at IS NOT NULL AS closed, a.id AS account_id,
  COALESCE(a.unfinished AND a.locked_at IS NULL, 0) AS account_unfinished, a.id IS NOT NULL AND a.password IS NOT NULL AS account_password,
  i.relationship_id IS NOT NULL AS added, v.time_zone, v.colour, v.address_policy, lo.public_id AS logo, lo.width AS logo_width, lo.height AS logo_height;

-- piece invitation_link_people
JOIN company v ON v.id = i.vendor_id
JOIN account s ON s.id = i.sender_id
LEFT JOIN member m ON m.company_id = i.vendor_id AND m.account_id = i.sender_id
LEFT JOIN account a ON a.email_canon = i.email_canon
LEFT JOIN logo lo ON lo.vendor_id = i.vendor_id;

-- invitation_by_hash(hash hash) one link
-- The invitation that a link's secret names.
-- -> id u64, public_id id, vendor_id u64, sender_id u64, kind partner_kind, status invitation_status, expired bool, superseded bool, copied bool, email text, email_canon text, first_name text, last_name text, business_name text, number text, partner_role_id u64, message text, sent_at time, expires_at time, accepted_by u64?, language text, vendor text, sender_email text, sender_first_name text, sender_last_name text, sender_entitled bool, closed bool, account_id u64?, account_unfinished bool, account_password bool, added bool, time_zone text, colour text, address_policy address_policy, logo id?, logo_width u64?, logo_height u64?
$invitation_link FROM token t JOIN invitation i ON i.id = t.invitation_id $invitation_link_people
WHERE t.hash = :hash AND t.purpose = 'invitation' AND t.used_at IS NULL;

-- invitation_at_home(public_id id, email_canon text) one link
-- The same for the person whose address was invited, by the invitation's newest link.
-- -> id u64, public_id id, vendor_id u64, sender_id u64, kind partner_kind, status invitation_status, expired bool, superseded bool, copied bool, email text, email_canon text, first_name text, last_name text, business_name text, number text, partner_role_id u64, message text, sent_at time, expires_at time, accepted_by u64?, language text, vendor text, sender_email text, sender_first_name text, sender_last_name text, sender_entitled bool, closed bool, account_id u64?, account_unfinished bool, account_password bool, added bool, time_zone text, colour text, address_policy address_policy, logo id?, logo_width u64?, logo_height u64?
$invitation_link FROM invitation i JOIN token t ON t.invitation_id = i.id $invitation_link_people
WHERE i.public_id = :public_id AND i.email_canon = :email_canon ORDER BY t.superseded_at IS NULL DESC LIMIT 1;

-- invitation_connected(id u64) one invitation_connected
-- Whether what it brought is still so.
-- -> connected bool
SELECT r.state <> 'disconnected' AS connected FROM invitation i JOIN relationship r ON r.id = i.relationship_id WHERE i.id = :id;

-- invitation_ask(id u64) change
-- The invitee asks to have it sent again: heard once a day.
UPDATE invitation SET asked_at = UTC_TIMESTAMP(6)
WHERE id = :id AND status = 'pending' AND (asked_at IS NULL OR asked_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY);

-- invitation_contact(id u64) one invitation_contact
-- Who hears what became of an invitation: who sent it, or when that person may not invite any more the vendor's first owner.
-- -> email text
SELECT STRAIGHT_JOIN a.email FROM invitation i JOIN member m ON m.company_id = i.vendor_id JOIN account a ON a.id = m.account_id
WHERE i.id = :id AND m.role IN ('owner', 'admin', 'inviter') ORDER BY m.account_id <> i.sender_id, m.role, m.created_at, m.account_id LIMIT 1;

-- invitation_pending_for(email_canon text) many pending_invitation
-- What waits for a person's proven address, of all vendors.
-- -> public_id id, kind partner_kind, vendor text, sender_email text, expires_at time
SELECT i.public_id, i.kind, v.name AS vendor, s.email AS sender_email, i.expires_at
FROM invitation i FORCE INDEX (invitation_address) JOIN company v ON v.id = i.vendor_id JOIN account s ON s.id = i.sender_id
WHERE i.email_canon = :email_canon AND $invitation_still_good ORDER BY i.id LIMIT 100;

-- piece invitation_sender
-- Who sent it, as people say it: the name, or the address where no name is known.
COALESCE(NULLIF(TRIM(CONCAT(s.first_name, ' ', s.last_name)), ''), s.email);

-- piece invitation_entitled
-- Whether the sender may still invite: until somebody takes it over, the invitation of one who may not is paused.
COALESCE(sm.role IN ('owner', 'admin', 'inviter'), 0);

-- invitation_details(vendor_id u64, public_id id) one invitation
-- Everything of one invitation. Another vendor's is none.
-- -> id u64, public_id id, sender_id u64, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, email_canon text, first_name text, last_name text, business_name text, number text, role id, role_name text, language text, message text, expires_days u64, resends u64, sent_at time, expires_at time, ended_at time?, sender text, accepted_by text?, partner id?, partner_name text?, mail mail_state?, reply text?, next_at time?
SELECT i.id, i.public_id, i.sender_id, i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired, $invitation_entitled AS sender_entitled, i.email, i.email_canon, i.first_name, i.last_name,
  i.business_name, i.number, pr.public_id AS role, pr.name AS role_name, i.language, i.message, i.expires_days, i.resends, i.sent_at, i.expires_at, i.ended_at, $invitation_sender AS sender,
  a.email AS accepted_by, c.public_id AS partner, c.name AS partner_name, o.state AS mail, o.reply, o.next_at
FROM invitation i JOIN account s ON s.id = i.sender_id JOIN partner_role pr ON pr.id = i.partner_role_id
LEFT JOIN member sm ON sm.company_id = i.vendor_id AND sm.account_id = i.sender_id
LEFT JOIN account a ON a.id = i.accepted_by LEFT JOIN relationship r ON r.id = i.relationship_id LEFT JOIN company c ON c.id = r.partner_id
LEFT JOIN outbox o ON o.id = i.outbox_id
WHERE i.public_id = :public_id AND i.vendor_id = :vendor_id;

-- invitation_word_add(vendor_id u64, word text, invitation_id u64) exec
-- One word by which the panel's search finds an invitation.
INSERT IGNORE INTO invitation_word (vendor_id, word, invitation_id) VALUES (:vendor_id, :word, :invitation_id);

-- invitation_words_drop(invitation_id u64) exec
-- Before the words are written anew.
DELETE FROM invitation_word WHERE invitation_id = :invitation_id;

-- piece invitation_own
-- An inviter sees the own ones, everybody else all.
(:sender_id IS NULL OR sender_id = :sender_id);

-- invitation_counts(vendor_id u64, sender_id u64?) one invitation_counts
-- How many there are of each state, counted to 1,001 at most: more costs time and tells nobody anything.
-- -> pending u64, accepted u64, expired u64, cancelled u64, declined u64
SELECT
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_expiry) WHERE vendor_id = :vendor_id AND status = 'pending' AND expires_at > UTC_TIMESTAMP(6) AND $invitation_own LIMIT 1001) n) AS pending,
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_status) WHERE vendor_id = :vendor_id AND status = 'accepted' AND $invitation_own LIMIT 1001) n) AS accepted,
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_expiry) WHERE vendor_id = :vendor_id AND status = 'pending' AND expires_at <= UTC_TIMESTAMP(6) AND $invitation_own LIMIT 1001) n) AS expired,
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_status) WHERE vendor_id = :vendor_id AND status = 'cancelled' AND $invitation_own LIMIT 1001) n) AS cancelled,
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_status) WHERE vendor_id = :vendor_id AND status = 'declined' AND $invitation_own LIMIT 1001) n) AS declined;

-- invitation_place(vendor_id u64, public_id id) one invitation_place
-- Where an invitation stands in the list: the page continues from here.
-- -> id u64, sent_at time
SELECT id, sent_at FROM invitation WHERE public_id = :public_id AND vendor_id = :vendor_id;

-- piece invitation_row
-- One line of the panel.
SELECT STRAIGHT_JOIN i.id, i.public_id, i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired, $invitation_entitled AS sender_entitled,
  i.email, i.business_name, i.resends, i.sent_at, i.expires_at, $invitation_sender AS sender, o.state AS mail, o.reply, o.next_at
FROM invitation i;

-- piece invitation_row_joins
JOIN account s ON s.id = i.sender_id LEFT JOIN member sm ON sm.company_id = i.vendor_id AND sm.account_id = i.sender_id
LEFT JOIN outbox o ON o.id = i.outbox_id
WHERE i.vendor_id = :vendor_id AND $invitation_own;

-- piece invitation_still_open
-- Pending or expired, decided inside the index: what was sent more than 30 days ago is not pending any more (invitation_lasts), so nobody
-- looks for the pending ones among years of expired ones.
i.status = 'pending' AND (i.expires_at <= UTC_TIMESTAMP(6)) = :expired AND i.sent_at > UTC_TIMESTAMP(6) - INTERVAL IF(:expired, 36500, 30) DAY;

-- piece invitation_older_than_place
-- A range of the index, whatever the page.
i.sent_at <= :place_at AND NOT (i.sent_at = :place_at AND i.id >= :place_id) ORDER BY i.sent_at DESC, i.id DESC LIMIT 51;

-- piece invitation_newer_than_place
-- The same the other way.
i.sent_at >= :place_at AND NOT (i.sent_at = :place_at AND i.id <= :place_id) ORDER BY i.sent_at ASC, i.id ASC LIMIT 51;

-- invitation_older(vendor_id u64, sender_id u64?, place_id u64) many invitation_line
-- All invitations, newest first.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_all) $invitation_row_joins AND i.id < :place_id ORDER BY i.id DESC LIMIT 51;

-- invitation_status_older(vendor_id u64, sender_id u64?, status invitation_status, place_id u64) many invitation_line
-- Those that ended in one way, newest first.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_status) $invitation_row_joins AND i.status = :status AND i.id < :place_id ORDER BY i.id DESC LIMIT 51;

-- invitation_open_older(vendor_id u64, sender_id u64?, expired bool, place_at time, place_id u64) many invitation_line
-- Those that nobody answered, pending or expired, newest first by when each was last sent.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_sent) $invitation_row_joins AND $invitation_still_open
AND $invitation_older_than_place;

-- invitation_newer(vendor_id u64, sender_id u64?, place_id u64) many invitation_line
-- All invitations, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_all) $invitation_row_joins AND i.id > :place_id ORDER BY i.id ASC LIMIT 51;

-- invitation_status_newer(vendor_id u64, sender_id u64?, status invitation_status, place_id u64) many invitation_line
-- Those that ended in one way, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_status) $invitation_row_joins AND i.status = :status AND i.id > :place_id ORDER BY i.id ASC LIMIT 51;

-- invitation_open_newer(vendor_id u64, sender_id u64?, expired bool, place_at time, place_id u64) many invitation_line
-- Those that nobody answered, pending or expired, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_sent) $invitation_row_joins AND $invitation_still_open
AND $invitation_newer_than_place;

-- invitation_kind_older(vendor_id u64, sender_id u64?, kind partner_kind, place_id u64) many invitation_line
-- All invitations of one kind, newest first.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind) $invitation_row_joins AND i.kind = :kind AND i.id < :place_id ORDER BY i.id DESC LIMIT 51;

-- invitation_kind_status_older(vendor_id u64, sender_id u64?, kind partner_kind, status invitation_status, place_id u64) many invitation_line
-- Those of one kind that ended in one way, newest first.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind_status) $invitation_row_joins AND i.kind = :kind AND i.status = :status AND i.id < :place_id ORDER BY i.id DESC LIMIT 51;

-- invitation_kind_open_older(vendor_id u64, sender_id u64?, kind partner_kind, expired bool, place_at time, place_id u64) many invitation_line
-- Those of one kind that nobody answered, pending or expired, newest first by when each was last sent.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind_sent) $invitation_row_joins AND i.kind = :kind AND $invitation_still_open
AND $invitation_older_than_place;

-- invitation_kind_newer(vendor_id u64, sender_id u64?, kind partner_kind, place_id u64) many invitation_line
-- All invitations of one kind, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind) $invitation_row_joins AND i.kind = :kind AND i.id > :place_id ORDER BY i.id ASC LIMIT 51;

-- invitation_kind_status_newer(vendor_id u64, sender_id u64?, kind partner_kind, status invitation_status, place_id u64) many invitation_line
-- Those of one kind that ended in one way, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind_status) $invitation_row_joins AND i.kind = :kind AND i.status = :status AND i.id > :place_id ORDER BY i.id ASC LIMIT 51;

-- invitation_kind_open_newer(vendor_id u64, sender_id u64?, kind partner_kind, expired bool, place_at time, place_id u64) many invitation_line
-- Those of one kind that nobody answered, pending or expired, the page before, nearest first: turn it round to show it.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
$invitation_row FORCE INDEX (invitation_kind_sent) $invitation_row_joins AND i.kind = :kind AND $invitation_still_open
AND $invitation_newer_than_place;

-- invitation_search(vendor_id u64, sender_id u64?, kind partner_kind?, status invitation_status?, expired bool?, word text, word_end bytes, place_id u64) many invitation_line
-- Those that a word begins with, newest first; `expired` only matters beside the status pending.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
SELECT STRAIGHT_JOIN i.id, i.public_id, i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired, $invitation_entitled AS sender_entitled,
  i.email, i.business_name, i.resends, i.sent_at, i.expires_at, $invitation_sender AS sender, o.state AS mail, o.reply, o.next_at
FROM (SELECT DISTINCT invitation_id FROM invitation_word
      WHERE vendor_id = :vendor_id AND word >= :word AND word < :word_end AND invitation_id < :place_id) w
JOIN invitation i ON i.id = w.invitation_id
$invitation_row_joins AND (:kind IS NULL OR i.kind = :kind)
AND (:status IS NULL OR (i.status = :status AND (i.status <> 'pending' OR (i.expires_at <= UTC_TIMESTAMP(6)) = (:expired IS NOT NULL))))
ORDER BY i.id DESC LIMIT 51;

-- invitation_search_newer(vendor_id u64, sender_id u64?, kind partner_kind?, status invitation_status?, expired bool?, word text, word_end bytes, place_id u64) many invitation_line
-- Those that a word begins with, the page before, nearest first: turn it round to show it; `expired` only matters beside the status pending.
-- -> id u64, public_id id, kind partner_kind, status invitation_status, expired bool, sender_entitled bool, email text, business_name text, resends u64, sent_at time, expires_at time, sender text, mail mail_state?, reply text?, next_at time?
SELECT STRAIGHT_JOIN i.id, i.public_id, i.kind, i.status, i.expires_at <= UTC_TIMESTAMP(6) AS expired, $invitation_entitled AS sender_entitled,
  i.email, i.business_name, i.resends, i.sent_at, i.expires_at, $invitation_sender AS sender, o.state AS mail, o.reply, o.next_at
FROM (SELECT DISTINCT invitation_id FROM invitation_word
      WHERE vendor_id = :vendor_id AND word >= :word AND word < :word_end AND invitation_id > :place_id) w
JOIN invitation i ON i.id = w.invitation_id
$invitation_row_joins AND (:kind IS NULL OR i.kind = :kind)
AND (:status IS NULL OR (i.status = :status AND (i.status <> 'pending' OR (i.expires_at <= UTC_TIMESTAMP(6)) = (:expired IS NOT NULL))))
ORDER BY i.id LIMIT 51;
