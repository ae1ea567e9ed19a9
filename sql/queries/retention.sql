-- What is not kept for ever: addresses, names and words of invitations that nobody accepted, and of registrations that nobody proved.

-- retention_history(invitation_id u64) exec
-- One line more in the history.
INSERT INTO audit_event (at, event, vendor_id, invitation_id)
SELECT UTC_TIMESTAMP(6), 'invitation_erased', vendor_id, id FROM invitation WHERE id = :invitation_id;

-- retention_due(days u64) many retention_due
-- Invitations that ended so many days ago.
-- -> id u64
SELECT id FROM invitation FORCE INDEX (invitation_erase) WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY ORDER BY erase_from LIMIT 100;

-- retention_erase(id u64, days u64) exec
-- In place of the address a keyed hash of it, which its mail has; without a mail only something that nobody else has. Not when it was sent
-- anew at this very moment.
UPDATE invitation i LEFT JOIN outbox o ON o.id = i.outbox_id
SET i.email = CONCAT('erased-', LOWER(HEX(LEFT(COALESCE(o.address, i.public_id), 8))), '@erased.invalid'),
    i.email_canon = CONCAT('erased-', LOWER(HEX(LEFT(COALESCE(o.address, i.public_id), 8))), '@erased.invalid'),
    i.first_name = '', i.last_name = '', i.business_name = '', i.message = '', i.erased_at = UTC_TIMESTAMP(6)
WHERE i.id = :id AND i.erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY;

-- retention_mails(invitation_id u64) exec
-- Its mails: when, and how it ended, but not to whom; a server's words name the address too.
UPDATE outbox SET recipient = '', reply = '', sealed = NULL, next_at = NULL WHERE invitation_id = :invitation_id;

-- retention_words(invitation_id u64) exec
-- The same in the history, which keeps events and times.
UPDATE audit_event SET detail = '' WHERE invitation_id = :invitation_id AND detail <> '';

-- retention_links(invitation_id u64) exec
-- Its links lead nowhere any more.
DELETE FROM token WHERE invitation_id = :invitation_id;

-- piece retention_unproven
-- Registered by somebody who never proved the address, so long ago; nothing was done with it since; nobody else, no vendor and no open
-- invitation has to do with it.
a.unproven_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY
AND NOT EXISTS (SELECT 1 FROM audit_event e FORCE INDEX (audit_event_account) WHERE e.account_id = a.id AND e.at > UTC_TIMESTAMP(6) - INTERVAL :days DAY)
AND NOT EXISTS (SELECT 1 FROM session s WHERE s.account_id = a.id AND s.seen_at > UTC_TIMESTAMP(6) - INTERVAL :days DAY)
AND NOT EXISTS (SELECT 1 FROM waiting_acceptance w JOIN invitation i ON i.id = w.invitation_id
                WHERE w.account_id = a.id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6))
AND NOT EXISTS (SELECT 1 FROM member m JOIN company c ON c.id = m.company_id
                WHERE m.account_id = a.id AND (c.kind = 'vendor' OR EXISTS (SELECT 1 FROM member o WHERE o.company_id = c.id AND o.account_id <> a.id)
                  OR EXISTS (SELECT 1 FROM relationship r WHERE r.partner_id = c.id) OR EXISTS (SELECT 1 FROM company x WHERE x.merged_into = c.id)
                  OR EXISTS (SELECT 1 FROM admission_request q WHERE q.company_id = c.id) OR EXISTS (SELECT 1 FROM connection_request k WHERE k.company_id = c.id)
                  OR EXISTS (SELECT 1 FROM delivery_location l WHERE l.company_id = c.id)));

-- retention_registrations(days u64) many registration_over
-- Registrations that nobody proved in so many days.
-- -> id u64
SELECT a.id FROM account a FORCE INDEX (account_unproven) WHERE $retention_unproven ORDER BY a.unproven_from LIMIT 100;

-- retention_registration_erase(id u64, days u64) exec
-- The account stays, for whatever refers to it, and nobody can sign in to it. Not when it was used at this very moment.
UPDATE account a SET a.email = CONCAT('erased-', LOWER(HEX(a.public_id)), '@erased.invalid'), a.email_canon = CONCAT('erased-', LOWER(HEX(a.public_id)), '@erased.invalid'),
  a.first_name = '', a.last_name = '', a.password = NULL, a.unfinished = 0, a.locked_at = UTC_TIMESTAMP(6)
WHERE a.id = :id AND $retention_unproven;

-- retention_registration_mails(account_id u64) exec
-- The mails of no vendor to that address: when, and how it ended, but not to whom.
UPDATE verification v JOIN outbox o ON o.address = v.address
SET o.state = IF(o.state IN ('queued', 'deferred'), 'withdrawn', o.state), o.recipient = '', o.reply = '', o.sealed = NULL, o.next_at = NULL
WHERE v.account_id = :account_id AND o.vendor_id IS NULL AND o.invitation_id IS NULL;

-- retention_registration_links(account_id u64) exec
-- Its links lead nowhere any more.
DELETE FROM verification WHERE account_id = :account_id;
