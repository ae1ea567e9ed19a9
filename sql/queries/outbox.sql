-- Mail on its way out: written with the change that it announces, taken by the mailer.

-- enum mail_state MAIL_STATE_ queued sent deferred bounced withdrawn suppressed

-- outbox_add(number id, invitation_id u64?, vendor_id u64?, sender text, recipient text, address hash, unsolicited bool, pictured bool, sealed bytes?, state mail_state, minutes u64) insert
-- A mail to send at once and, after failures, again for so many minutes. One that is not to be sent (nobody has the address, or its owner
-- wants no invitations) keeps neither address nor content.
INSERT INTO outbox (number, invitation_id, vendor_id, sender, recipient, address, unsolicited, pictured, sealed, state, next_at, give_up_at, created_at)
VALUES (:number, :invitation_id, :vendor_id, :sender, IF(:state = 'queued', :recipient, ''), :address, :unsolicited, :pictured, IF(:state = 'queued', :sealed, NULL), :state,
        IF(:state = 'queued', UTC_TIMESTAMP(6), NULL), UTC_TIMESTAMP(6) + INTERVAL :minutes MINUTE, UTC_TIMESTAMP(6));

-- outbox_reader(vendor_id u64?, email_canon text) one outbox_reader
-- In which language and zone somebody is written to: what the person has chosen (NULL or "": nothing), and the own vendor's for who works for
-- one, else those of the vendor who writes; and that vendor's colour and the size of its logo.
-- -> own_language text?, language text?, time_zone text?, colour text?, logo_width u64?, logo_height u64?
SELECT STRAIGHT_JOIN a.language AS own_language, COALESCE(w.language, v.language) AS language, COALESCE(w.time_zone, v.time_zone) AS time_zone, v.colour, l.width AS logo_width, l.height AS logo_height
FROM (SELECT 1 AS one) one LEFT JOIN company v ON v.id = :vendor_id LEFT JOIN logo l ON l.vendor_id = v.id LEFT JOIN account a ON a.email_canon = :email_canon
LEFT JOIN (member m JOIN company w ON w.id = m.company_id AND w.kind = 'vendor') ON m.account_id = a.id
ORDER BY w.id LIMIT 1;

-- outbox_due(most u64) many outbox_job
-- The mails whose time has come, the most overdue first; a late one's link has expired, and it must not leave any more, nor may one whose
-- recipient has come on the do-not-invite list, or a vendor's that is closed, or a reminder that the vendor does not want any more or whose
-- invitation is paused. With the logo as it is now, of a mail that shows it: NULL when the vendor has none any more.
-- -> id u64, number id?, sender text, recipient text, sealed bytes?, pictured bool, logo_kind logo_kind?, logo bytes?, attempts u64, late bool, suppressed bool, held bool, moot bool
SELECT STRAIGHT_JOIN o.id, o.number, o.sender, o.recipient, o.sealed, o.pictured, l.kind AS logo_kind, l.image AS logo, o.attempts, o.give_up_at <= UTC_TIMESTAMP(6) AS late,
  o.unsolicited AND s.address IS NOT NULL AS suppressed, v.closed_at IS NOT NULL AS held,
  o.remind_at IS NOT NULL AND NOT (v.remind AND i.status = 'pending' AND COALESCE(m.role IN ('owner', 'admin', 'inviter'), 0)) AS moot
FROM outbox o FORCE INDEX (outbox_due) LEFT JOIN suppression s ON s.address = o.address
LEFT JOIN company v ON v.id = o.vendor_id LEFT JOIN invitation i ON i.id = o.invitation_id
LEFT JOIN member m ON m.company_id = i.vendor_id AND m.account_id = i.sender_id LEFT JOIN logo l ON o.pictured AND l.vendor_id = o.vendor_id
WHERE o.next_at <= UTC_TIMESTAMP(6) ORDER BY o.next_at, o.id LIMIT :most;

-- outbox_claim(id u64, attempts u64, lease_seconds u64) change
-- Count the attempt before it begins. Until the lease ends nobody else takes this mail; a crashed attempt is repeated then.
UPDATE outbox SET attempts = attempts + 1, next_at = UTC_TIMESTAMP(6) + INTERVAL :lease_seconds SECOND
WHERE id = :id AND attempts = :attempts AND next_at <= UTC_TIMESTAMP(6);

-- outbox_give_up(id u64) exec
-- A late mail is not tried any more.
UPDATE outbox SET next_at = NULL, sealed = NULL WHERE id = :id AND give_up_at <= UTC_TIMESTAMP(6);

-- outbox_hold(id u64) exec
-- A closed vendor's mail waits, out of the way of others, until outbox_release. Not when the vendor was opened again this very moment.
UPDATE outbox o JOIN company v ON v.id = o.vendor_id SET o.next_at = NULL
WHERE o.id = :id AND o.state IN ('queued', 'deferred') AND v.closed_at IS NOT NULL;

-- outbox_release(vendor_id u64) exec
-- What waited for the vendor to be opened again is due; the mailer gives up what is too late.
UPDATE outbox SET next_at = UTC_TIMESTAMP(6)
WHERE vendor_id = :vendor_id AND state IN ('queued', 'deferred') AND next_at IS NULL AND sealed IS NOT NULL;

-- outbox_stop(id u64) exec
-- The recipient came on the do-not-invite list while this mail was being written.
UPDATE outbox SET state = 'suppressed', sealed = NULL, next_at = NULL WHERE id = :id AND state IN ('queued', 'deferred');

-- outbox_sent(id u64, reply text) exec
-- The mail server has taken it: the content is erased.
UPDATE outbox SET state = IF(state IN ('withdrawn', 'suppressed'), state, 'sent'), sealed = NULL, next_at = NULL, reply = :reply WHERE id = :id;

-- outbox_bounced(id u64, reply text) exec
-- The mail server refused it for good.
UPDATE outbox SET state = IF(state IN ('withdrawn', 'suppressed'), state, 'bounced'), sealed = NULL, next_at = NULL, reply = :reply WHERE id = :id;

-- outbox_by_number(number id) one outbox_mail
-- The mail that came back.
-- -> id u64
SELECT id FROM outbox WHERE number = :number;

-- outbox_came_back(id u64, reply text) change
-- The server that had taken it, or one behind it, could not deliver it. DB_NONE: known already, or withdrawn meanwhile.
UPDATE outbox SET state = 'bounced', sealed = NULL, next_at = NULL, reply = :reply WHERE id = :id AND state IN ('queued', 'sent', 'deferred');

-- outbox_deferred(id u64, reply text, first_seconds u64) exec
-- Again later: the pause doubles from `first_seconds` up to 30 minutes, and ends when the link has expired.
UPDATE outbox SET state = 'deferred', reply = :reply,
  next_at = IF(UTC_TIMESTAMP(6) < give_up_at,
               UTC_TIMESTAMP(6) + INTERVAL LEAST(1800, :first_seconds * POW(2, LEAST(attempts, 20) - 1)) SECOND, NULL)
WHERE id = :id AND state NOT IN ('withdrawn', 'suppressed');

-- piece outbox_event
-- A reminder's own words.
IF(o.remind_at IS NULL, :event, CONCAT('mail_reminder_', SUBSTRING(:event, 6)));

-- outbox_history(id u64, event text, reply text) exec
-- What became of the mail, in the invitation's history.
INSERT INTO audit_event (at, event, vendor_id, invitation_id, detail)
SELECT UTC_TIMESTAMP(6), $outbox_event, i.vendor_id, i.id, :reply FROM outbox o JOIN invitation i ON i.id = o.invitation_id WHERE o.id = :id;

-- outbox_withdraw(invitation_id u64) exec
-- The mails of an invitation that are still waiting must not leave any more.
UPDATE outbox SET state = 'withdrawn', sealed = NULL, next_at = NULL
WHERE invitation_id = :invitation_id AND state IN ('queued', 'deferred');

-- outbox_reminder(invitation_id u64, hours u64) one outbox_reminder
-- Whether the vendor lets people be reminded of this invitation, and there are more than so many hours until its link ends.
-- -> wanted bool
SELECT v.remind AND i.expires_at > UTC_TIMESTAMP(6) + INTERVAL :hours HOUR AS wanted FROM invitation i JOIN company v ON v.id = i.vendor_id WHERE i.id = :invitation_id;

-- outbox_remind(id u64, invitation_id u64) exec
-- Make this mail the invitation's reminder: it leaves two days before the link ends.
UPDATE outbox o JOIN invitation i ON i.id = :invitation_id
SET o.remind_at = i.expires_at - INTERVAL 2 DAY, o.next_at = i.expires_at - INTERVAL 2 DAY, o.give_up_at = i.expires_at
WHERE o.id = :id AND o.state = 'queued';

-- outbox_reminder_withdraw(invitation_id u64) change
-- What it says is not true any more. DB_NONE: none is waiting.
UPDATE outbox SET state = 'withdrawn', sealed = NULL, next_at = NULL
WHERE invitation_id = :invitation_id AND remind_at IS NOT NULL AND state IN ('queued', 'deferred');

-- outbox_drop(id u64) exec
-- A reminder that is not to be sent any more.
UPDATE outbox SET state = 'withdrawn', sealed = NULL, next_at = NULL WHERE id = :id AND remind_at IS NOT NULL AND state IN ('queued', 'deferred');

-- outbox_suppress(address hash) exec
-- Waiting mails that nobody at this address asked for must not leave any more.
UPDATE outbox SET state = 'suppressed', sealed = NULL, next_at = NULL
WHERE address = :address AND unsolicited AND state IN ('queued', 'deferred');

-- outbox_suppress_history(address hash, event text) exec
-- The same in the history of each invitation, before the mails are stopped.
INSERT INTO audit_event (at, event, vendor_id, invitation_id)
SELECT UTC_TIMESTAMP(6), $outbox_event, i.vendor_id, i.id FROM outbox o JOIN invitation i ON i.id = o.invitation_id
WHERE o.address = :address AND o.unsolicited AND o.state IN ('queued', 'deferred');
