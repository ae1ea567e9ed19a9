-- One company is emptied into another of the same kind, by somebody who owns both. All statements of one merge are one transaction.

-- merge_choices(account_id u64, company_id u64) many merge_choice
-- The other companies of the same kind that this person owns, when the one in use is owned too.
-- -> id u64, public_id id, name text, city text
SELECT c.id, c.public_id, c.name, c.city FROM member m JOIN company c ON c.id = m.company_id
WHERE m.account_id = :account_id AND m.role = 'owner' AND c.id <> :company_id
AND EXISTS (SELECT 1 FROM member o JOIN company u ON u.id = o.company_id
            WHERE o.account_id = :account_id AND o.company_id = :company_id AND o.role = 'owner' AND u.kind = c.kind AND u.kind <> 'vendor')
ORDER BY c.id LIMIT 100;

-- merge_preview(from_id u64, into_id u64) many merge_line
-- Each vendor of the company that is emptied: its number there, and the one that the surviving company has with the same vendor.
-- -> relationship_id u64, vendor_id u64, vendor text, kind partner_kind, number text, into_id u64?, into_number text?
SELECT o.id AS relationship_id, o.vendor_id, v.name AS vendor, o.kind, o.number, k.id AS into_id, k.number AS into_number
FROM relationship o FORCE INDEX (relationship_partner) JOIN company v ON v.id = o.vendor_id
LEFT JOIN relationship k ON k.vendor_id = o.vendor_id AND k.partner_id = :into_id AND k.kind = o.kind
WHERE o.partner_id = :from_id ORDER BY o.id LIMIT 5000;

-- merge_hold(from_id u64, into_id u64) exec
-- Nobody else merges, leaves or joins the two until this is done.
UPDATE company SET id = id WHERE id IN (:from_id, :into_id);

-- merge_mark(from_id u64, into_id u64, account_id u64) change
-- The one decision: both exist, are of one kind, are nobody's part yet, and belong to who asks.
UPDATE company f JOIN company i ON i.id = :into_id AND i.kind = f.kind AND i.merged_into IS NULL
JOIN member fo ON fo.company_id = f.id AND fo.account_id = :account_id AND fo.role = 'owner'
JOIN member io ON io.company_id = i.id AND io.account_id = :account_id AND io.role = 'owner'
SET f.merged_into = i.id, f.merged_at = UTC_TIMESTAMP(6)
WHERE f.id = :from_id AND f.id <> i.id AND f.kind <> 'vendor' AND f.merged_into IS NULL;

-- merge_chain(from_id u64, into_id u64) exec
-- What was emptied into this one before leads on.
UPDATE company SET merged_into = :into_id WHERE merged_into = :from_id;

-- merge_relationship(old_id u64, into_id u64) exec
-- Both were connected with the vendor: the surviving relationship keeps its number. A pause stays a pause, a connection a connection.
UPDATE relationship k JOIN relationship o ON o.id = :old_id
SET k.number = IF(k.number = '', o.number, k.number),
  k.partner_role_id = IF(k.state = 'disconnected', o.partner_role_id, k.partner_role_id),
  k.since = LEAST(k.since, o.since),
  k.revision = k.revision + 1,
  k.paused_until = IF(k.state = 'paused' AND o.state = 'paused', GREATEST(k.paused_until, o.paused_until), IF(k.state = 'paused', k.paused_until, o.paused_until)),
  k.state = IF('paused' IN (k.state, o.state), 'paused', IF('active' IN (k.state, o.state), 'active', 'disconnected'))
WHERE k.id = :into_id;

-- merge_record(company_id u64, vendor_id u64, kind partner_kind, relationship_id u64, old_id u64?, number text) insert
-- What became of one relationship.
INSERT INTO relationship_merged (company_id, vendor_id, kind, relationship_id, old_id, number)
VALUES (:company_id, :vendor_id, :kind, :relationship_id, :old_id, :number);

-- merge_records_chain(old_id u64, into_id u64) exec
-- What had become part of the one that ends now leads on.
UPDATE relationship_merged SET relationship_id = :into_id WHERE relationship_id = :old_id;

-- merge_invitations(old_id u64, into_id u64) exec
-- Invitations keep their result.
UPDATE invitation SET relationship_id = :into_id WHERE relationship_id = :old_id;

-- merge_messages(old_id u64, into_id u64) exec
-- Two threads become one.
UPDATE message SET relationship_id = :into_id WHERE relationship_id = :old_id;

-- merge_notices(old_id u64) exec
-- Who was told of the thread that has ended.
DELETE FROM message_notice WHERE relationship_id = :old_id;

-- merge_sent(old_id u64, into_id u64) exec
-- What the company had sent to the vendor.
UPDATE shared SET relationship_id = :into_id WHERE relationship_id = :old_id;

-- merge_chosen(old_id u64, into_id u64) exec
-- What the vendor had shared with it by name ...
INSERT IGNORE INTO shared_with (relationship_id, shared_id) SELECT :into_id, w.shared_id FROM shared_with w WHERE w.relationship_id = :old_id;

-- merge_chosen_drop(old_id u64) exec
-- ... and is shared with the survivor now.
DELETE FROM shared_with WHERE relationship_id = :old_id;

-- merge_relationship_drop(old_id u64) change
-- It lives on in the other one.
DELETE FROM relationship WHERE id = :old_id;

-- merge_relationship_move(id u64, into_id u64) change
-- A vendor that only the emptied company was connected with.
UPDATE relationship SET partner_id = :into_id WHERE id = :id;

-- merge_members(from_id u64, into_id u64) exec
-- Its people; who was in both has the higher of the two roles.
INSERT INTO member (company_id, account_id, role, created_at)
SELECT :into_id, m.account_id, m.role, m.created_at FROM member m WHERE m.company_id = :from_id
ON DUPLICATE KEY UPDATE role = IF(VALUES(role) + 0 < member.role + 0, VALUES(role), member.role);

-- merge_members_drop(from_id u64) exec
-- Nobody is left in it.
DELETE FROM member WHERE company_id = :from_id;

-- merge_sessions(from_id u64, into_id u64) exec
-- Who uses it at the moment uses the survivor.
UPDATE session SET company_id = :into_id WHERE company_id = :from_id;

-- merge_locations(from_id u64, into_id u64) exec
-- Its delivery locations.
UPDATE delivery_location SET company_id = :into_id WHERE company_id = :from_id;

-- merge_admissions_both(from_id u64, into_id u64) exec
-- Who asked both companies waits for one answer, with the invitation of either request.
UPDATE admission_request k FORCE INDEX (admission_request_inbox) JOIN admission_request o ON o.account_id = k.account_id AND o.open_company = :from_id
SET k.invitation_id = COALESCE(k.invitation_id, o.invitation_id) WHERE k.company_id = :into_id AND k.status = 'open';

-- merge_admissions(from_id u64, into_id u64) exec
-- Who waits for an answer waits at the survivor ...
UPDATE IGNORE admission_request SET company_id = :into_id WHERE company_id = :from_id;

-- merge_admissions_drop(from_id u64) exec
-- ... and what could not come along, because the same person waits there already, waits for nobody.
DELETE FROM admission_request WHERE company_id = :from_id;

-- merge_requests(from_id u64, into_id u64) exec
-- Vendors that asked to be connected with it wait for the survivor's answer.
UPDATE connection_request SET company_id = :into_id WHERE company_id = :from_id;

-- merge_waiting(from_id u64, into_id u64) exec
-- What was accepted for it and waits for somebody's address to be proven.
UPDATE waiting_acceptance SET company_id = :into_id WHERE company_id = :from_id;

-- merge_survivor(vendor_id u64, kind partner_kind, old id) one merge_survivor
-- Where a vendor's link to an emptied company leads.
-- -> public_id id
SELECT c.public_id FROM company f JOIN relationship_merged x ON x.company_id = f.id AND x.vendor_id = :vendor_id AND x.kind = :kind
JOIN relationship r ON r.id = x.relationship_id JOIN company c ON c.id = r.partner_id
WHERE f.public_id = :old ORDER BY x.id DESC LIMIT 1;
