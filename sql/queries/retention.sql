-- What is not kept for ever: addresses, names and words of invitations that nobody accepted.

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
