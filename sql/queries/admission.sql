-- Joining a company that is here already: whoever asks learns nothing, its owner decides.

-- enum admission_status ADMISSION_ open accepted declined

-- piece admission_fresh
-- An owner has two weeks to decide.
j.status = 'open' AND j.created_at > UTC_TIMESTAMP(6) - INTERVAL 14 DAY;

-- admission_company_by_id(public_id id) one admission_company
-- The customer or supplier with this company ID.
-- -> id u64, kind company_kind
SELECT s.id, s.kind FROM company c JOIN company s ON s.id = COALESCE(c.merged_into, c.id) WHERE c.public_id = :public_id AND c.kind <> 'vendor';

-- admission_company_by_colleague(email_canon text, vendor_id u64?, customer bool, supplier bool) one admission_company
-- The customer or supplier in which the person with this proven address is; of several the one that is connected with the vendor.
-- -> id u64, kind company_kind
SELECT c.id, c.kind FROM account a JOIN member m ON m.account_id = a.id JOIN company c ON c.id = m.company_id
LEFT JOIN relationship r ON r.partner_id = c.id AND r.vendor_id = :vendor_id AND r.state <> 'disconnected'
WHERE a.email_canon = :email_canon AND a.verified_at IS NOT NULL AND ((:customer AND c.kind = 'customer') OR (:supplier AND c.kind = 'supplier'))
ORDER BY r.id IS NULL, c.id LIMIT 1;

-- admission_standing(company_id u64?, account_id u64) one admission_standing
-- What stands against asking: too often today; not a proven address; of the company: in it already, asked already, declined within a
-- month (by somebody: what lapsed was nobody's answer), too many who wait.
-- -> today u64, proven bool, inside bool, waiting bool, declined bool, crowd u64
SELECT (SELECT COUNT(*) FROM admission_request t WHERE t.account_id = :account_id AND t.created_at > UTC_TIMESTAMP(6) - INTERVAL 1 DAY) AS today,
       EXISTS (SELECT 1 FROM account a WHERE a.id = :account_id AND a.verified_at IS NOT NULL) AS proven,
       EXISTS (SELECT 1 FROM member m WHERE m.company_id = :company_id AND m.account_id = :account_id) AS inside,
       EXISTS (SELECT 1 FROM admission_request j WHERE j.account_id = :account_id AND j.open_company = :company_id) AS waiting,
       EXISTS (SELECT 1 FROM admission_request d WHERE d.account_id = :account_id AND d.company_id = :company_id AND d.status = 'declined' AND d.ended_at > d.created_at
               AND d.created_at > UTC_TIMESTAMP(6) - INTERVAL 30 DAY) AS declined,
       (SELECT COUNT(*) FROM admission_request j WHERE j.company_id = :company_id AND $admission_fresh) AS crowd;

-- admission_lapse(account_id u64, company_id u64) exec
-- What nobody answered in time gives way to a new request.
UPDATE admission_request SET status = 'declined', ended_at = created_at
WHERE account_id = :account_id AND open_company = :company_id AND created_at <= UTC_TIMESTAMP(6) - INTERVAL 14 DAY;

-- admission_invitation(account_id u64, company_id u64) one admission_invitation
-- A pending invitation to who asks, of a vendor that the company is connected with: it is accepted together with the request.
-- -> id u64, vendor text
SELECT i.id, v.name AS vendor FROM account a JOIN invitation i FORCE INDEX (invitation_address) ON i.email_canon = a.email_canon AND i.status = 'pending'
JOIN relationship r ON r.vendor_id = i.vendor_id AND r.partner_id = :company_id AND r.kind = i.kind AND r.state <> 'disconnected'
JOIN company v ON v.id = i.vendor_id
WHERE a.id = :account_id AND i.expires_at > UTC_TIMESTAMP(6) ORDER BY i.id DESC LIMIT 1;

-- admission_add(public_id id, company_id u64?, account_id u64, invitation_id u64?) insert
-- Asked. DB_CONFLICT: this person waits for an answer of this company already.
INSERT INTO admission_request (public_id, company_id, account_id, invitation_id, status, created_at)
VALUES (:public_id, :company_id, :account_id, :invitation_id, 'open', UTC_TIMESTAMP(6));

-- admission_owners(company_id u64) many admission_owner
-- Who decides, and what company it is about.
-- -> email text, company text
SELECT a.email, c.name AS company FROM member m JOIN account a ON a.id = m.account_id JOIN company c ON c.id = m.company_id
WHERE m.company_id = :company_id AND m.role = 'owner' ORDER BY a.id LIMIT 10;

-- admission_mine(account_id u64) one admission_mine
-- The newest request of a person, while it is news.
-- -> status admission_status, created_at time
SELECT j.status, j.created_at FROM admission_request j FORCE INDEX (admission_request_asker)
WHERE j.account_id = :account_id AND j.created_at > UTC_TIMESTAMP(6) - INTERVAL 14 DAY ORDER BY j.created_at DESC LIMIT 1;

-- admission_inbox(account_id u64) many admission_line
-- Who asks to join the companies that this person owns.
-- -> public_id id, company text, email text, first_name text, last_name text, vendor text?, created_at time
SELECT j.public_id, c.name AS company, a.email, a.first_name, a.last_name, v.name AS vendor, j.created_at
FROM member m JOIN admission_request j FORCE INDEX (admission_request_inbox) ON j.company_id = m.company_id AND $admission_fresh
JOIN company c ON c.id = j.company_id JOIN account a ON a.id = j.account_id
LEFT JOIN invitation i ON i.id = j.invitation_id LEFT JOIN company v ON v.id = i.vendor_id
WHERE m.account_id = :account_id AND m.role = 'owner' ORDER BY j.id LIMIT 100;

-- admission_of_owner(public_id id, owner_id u64) one admission_request
-- One request, for an owner of the company that is asked. Everybody else finds none.
-- -> id u64, company_id u64, company text, account_id u64, email text, email_canon text, invitation id?
SELECT j.id, c.id AS company_id, c.name AS company, j.account_id, a.email, a.email_canon, i.public_id AS invitation
FROM admission_request j JOIN member m ON m.company_id = j.company_id AND m.account_id = :owner_id AND m.role = 'owner'
JOIN company c ON c.id = j.company_id JOIN account a ON a.id = j.account_id LEFT JOIN invitation i ON i.id = j.invitation_id
WHERE j.public_id = :public_id;

-- admission_decide(id u64, company_id u64, owner_id u64, status admission_status) change
-- The single decision, by somebody who is an owner at this moment.
UPDATE admission_request j SET j.status = :status, j.ended_at = UTC_TIMESTAMP(6), j.decided_by = :owner_id
WHERE j.id = :id AND j.company_id = :company_id AND $admission_fresh
AND EXISTS (SELECT 1 FROM member m WHERE m.company_id = j.company_id AND m.account_id = :owner_id AND m.role = 'owner');
