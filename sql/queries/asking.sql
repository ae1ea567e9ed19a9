-- Requests to connect: a vendor asks a company of this installation, which confirms on its Home.

-- enum asking_status ASKING_ waiting accepted declined

-- asking_target(kind partner_kind, email_canon text?, company id?) one asking_target
-- Whom to ask: the person with this proven address who decides for a company of the kind, or the owner of the company with this ID. None:
-- nobody, which the vendor must not notice.
-- -> email text, company_id u64
SELECT a.email, c.id AS company_id
FROM (SELECT 1 AS one) one
LEFT JOIN account known ON known.email_canon = :email_canon AND known.verified_at IS NOT NULL
LEFT JOIN company named ON named.public_id = :company
JOIN member m ON m.company_id = COALESCE(named.id, (SELECT mm.company_id FROM member mm JOIN company cc ON cc.id = mm.company_id
     WHERE mm.account_id = known.id AND mm.role IN ('owner', 'admin') AND cc.kind = :kind ORDER BY cc.id LIMIT 1))
JOIN company c ON c.id = m.company_id JOIN account a ON a.id = m.account_id
WHERE c.kind = :kind AND m.role IN ('owner', 'admin') AND (known.id IS NULL OR a.id = known.id) ORDER BY m.role, m.created_at, a.id LIMIT 1;

-- asking_before(vendor_id u64, kind partner_kind, target_canon text) one asking_before
-- What this vendor asked of the same target before. `open`: it must wait for an answer, or for the end. `refused`: and has been refused.
-- -> id u64, sender_id u64, once id?, open bool, refused bool, expires_at time
SELECT id, sender_id, once, status <> 'accepted' AND withdrawn_at IS NULL AND expires_at > UTC_TIMESTAMP(6) AS open,
  status = 'declined' AND expires_at > UTC_TIMESTAMP(6) AS refused, expires_at FROM connection_request
WHERE vendor_id = :vendor_id AND kind = :kind AND target_canon = :target_canon;

-- asking_add(public_id id, vendor_id u64, sender_id u64, once id?, kind partner_kind, target text, target_canon text, email_canon text?, company_id u64?, number text, partner_role_id u64, days u64) insert
-- A new one. DB_CONFLICT: a colleague was faster.
INSERT INTO connection_request (public_id, vendor_id, sender_id, once, kind, target, target_canon, email_canon, company_id, number, partner_role_id, status,
                                created_at, expires_at)
VALUES (:public_id, :vendor_id, :sender_id, :once, :kind, :target, :target_canon, :email_canon, :company_id, :number, :partner_role_id, 'waiting',
        UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL :days DAY);

-- asking_renew(id u64, vendor_id u64, sender_id u64, once id?, target text, company_id u64?, number text, partner_role_id u64, days u64) change
-- The same once more: after its end, after an acceptance that was followed by a disconnection, or withdrawn. A refusal holds until its end,
-- withdrawn or not.
UPDATE connection_request SET sender_id = :sender_id, once = :once, target = :target, company_id = :company_id, number = :number, partner_role_id = :partner_role_id,
  status = IF(status = 'declined' AND expires_at > UTC_TIMESTAMP(6), 'declined', 'waiting'), withdrawn_at = NULL, outbox_id = NULL, created_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL :days DAY
WHERE id = :id AND vendor_id = :vendor_id AND (status = 'accepted' OR withdrawn_at IS NOT NULL OR expires_at <= UTC_TIMESTAMP(6));

-- asking_row(vendor_id u64, kind partner_kind, target_canon text) one asking_row
-- What was just asked.
-- -> id u64, public_id id
SELECT id, public_id FROM connection_request WHERE vendor_id = :vendor_id AND kind = :kind AND target_canon = :target_canon;

-- asking_mailed(id u64, outbox_id u64) exec
-- The mail that tells of it.
UPDATE connection_request SET outbox_id = :outbox_id WHERE id = :id;

-- asking_open(vendor_id u64, kind partner_kind) many asking_line
-- What this vendor has asked and has no answer to, newest first: a refusal looks like none.
-- -> public_id id, target text, created_at time, expires_at time
SELECT public_id, target, created_at, expires_at FROM connection_request FORCE INDEX (connection_request_list)
WHERE vendor_id = :vendor_id AND kind = :kind AND status <> 'accepted' AND withdrawn_at IS NULL AND expires_at > UTC_TIMESTAMP(6) ORDER BY id DESC LIMIT 50;

-- asking_any(vendor_id u64, kind partner_kind) one asking_any
-- Whether there is any of them. Always one row.
-- -> open bool
SELECT EXISTS (SELECT 1 FROM connection_request FORCE INDEX (connection_request_list)
  WHERE vendor_id = :vendor_id AND kind = :kind AND status <> 'accepted' AND withdrawn_at IS NULL AND expires_at > UTC_TIMESTAMP(6)) AS open;

-- asking_own(vendor_id u64, kind partner_kind, public_id id) one asking_own
-- One that this vendor asked. `open`: it can be withdrawn.
-- -> id u64, public_id id, target text, outbox_id u64?, open bool, withdrawn bool
SELECT id, public_id, target, outbox_id, status <> 'accepted' AND withdrawn_at IS NULL AND expires_at > UTC_TIMESTAMP(6) AS open,
  withdrawn_at IS NOT NULL AS withdrawn
FROM connection_request WHERE public_id = :public_id AND vendor_id = :vendor_id AND kind = :kind;

-- asking_withdraw(id u64, vendor_id u64) change
-- Once, before it is confirmed and before its end.
UPDATE connection_request SET withdrawn_at = UTC_TIMESTAMP(6)
WHERE id = :id AND vendor_id = :vendor_id AND status <> 'accepted' AND withdrawn_at IS NULL AND expires_at > UTC_TIMESTAMP(6);

-- asking_mail_end(outbox_id u64) exec
-- Its mail, if it still waits, must not leave any more.
UPDATE outbox SET state = 'withdrawn', sealed = NULL, next_at = NULL WHERE id = :outbox_id AND state IN ('queued', 'deferred');

-- asking_mail_forget(id u64) exec
-- The mail that told of it, when it is over: it must not leave any more, and to whom it went is forgotten.
UPDATE connection_request cr JOIN outbox o ON o.id = cr.outbox_id
SET o.state = IF(o.state IN ('queued', 'deferred'), 'withdrawn', o.state), o.recipient = '', o.reply = '', o.sealed = NULL, o.next_at = NULL
WHERE cr.id = :id AND (cr.status = 'accepted' OR cr.withdrawn_at IS NOT NULL OR cr.expires_at <= UTC_TIMESTAMP(6));

-- asking_over(days u64) many asking_over
-- Requests that ended so many days ago without a connection.
-- -> id u64
SELECT id FROM connection_request FORCE INDEX (connection_request_erase)
WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY ORDER BY erase_from LIMIT 100;

-- asking_over_drop(id u64, days u64) change
-- What remains is in the audit log, without the address. Not when it was asked anew at this very moment.
DELETE FROM connection_request WHERE id = :id AND erase_from <= UTC_TIMESTAMP(6) - INTERVAL :days DAY;

-- piece asking_columns
SELECT cr.id, cr.public_id, cr.vendor_id, cr.kind, cr.number, cr.partner_role_id, cr.company_id, cr.expires_at, v.name AS vendor, s.email AS sender_email;

-- piece asking_good
-- Waiting, not withdrawn, in time, of a vendor that is not closed, and asked by somebody who still may.
cr.status = 'waiting' AND cr.withdrawn_at IS NULL AND cr.expires_at > UTC_TIMESTAMP(6) AND v.closed_at IS NULL
AND EXISTS (SELECT 1 FROM member sm WHERE sm.company_id = cr.vendor_id AND sm.account_id = cr.sender_id AND sm.role IN ('owner', 'admin'));

-- asking_of_address(account_id u64) many asking
-- What waits for the person, by the proven address.
-- -> id u64, public_id id, vendor_id u64, kind partner_kind, number text, partner_role_id u64, company_id u64?, expires_at time, vendor text, sender_email text
$asking_columns
FROM account a JOIN connection_request cr ON cr.email_canon = a.email_canon AND cr.status = 'waiting'
JOIN company v ON v.id = cr.vendor_id JOIN account s ON s.id = cr.sender_id
WHERE a.id = :account_id AND a.verified_at IS NOT NULL AND $asking_good
AND EXISTS (SELECT 1 FROM member m JOIN company c ON c.id = m.company_id WHERE m.account_id = a.id AND c.kind = cr.kind AND m.role IN ('owner', 'admin'))
ORDER BY cr.id LIMIT 50;

-- asking_of_companies(account_id u64) many asking
-- What waits for the companies that the person decides for, by their ID.
-- -> id u64, public_id id, vendor_id u64, kind partner_kind, number text, partner_role_id u64, company_id u64?, expires_at time, vendor text, sender_email text
$asking_columns
FROM member m JOIN connection_request cr ON cr.company_id = m.company_id AND cr.status = 'waiting'
JOIN company v ON v.id = cr.vendor_id JOIN account s ON s.id = cr.sender_id
WHERE m.account_id = :account_id AND m.role IN ('owner', 'admin') AND cr.email_canon IS NULL AND $asking_good ORDER BY cr.id LIMIT 50;

-- asking_answer(id u64, status asking_status) change
-- Once, and in time.
UPDATE connection_request cr JOIN company v ON v.id = cr.vendor_id SET cr.status = :status WHERE cr.id = :id AND $asking_good;

-- piece asking_left_behind
-- What somebody asked who may not any more, as long as it waits for the other side.
cr.vendor_id = :vendor_id AND cr.sender_id = :account_id AND cr.status <> 'accepted' AND cr.withdrawn_at IS NULL AND cr.expires_at > UTC_TIMESTAMP(6);

-- asking_take_over(vendor_id u64, account_id u64, heir_id u64) exec
-- All of them have another sender from now on.
UPDATE connection_request cr SET cr.sender_id = :heir_id WHERE $asking_left_behind;

-- asking_lines(vendor_id u64, account_id u64, actor_id u64) exec
-- A line of history for each that is withdrawn.
INSERT INTO audit_event (at, event, vendor_id, account_id, detail)
SELECT UTC_TIMESTAMP(6), 'connection_withdrawn', :vendor_id, :actor_id, LOWER(HEX(cr.public_id)) FROM connection_request cr WHERE $asking_left_behind;

-- asking_mails_withdraw(vendor_id u64, account_id u64) exec
-- Their waiting mails, before they are withdrawn.
UPDATE connection_request cr JOIN outbox o ON o.id = cr.outbox_id SET o.state = 'withdrawn', o.sealed = NULL, o.next_at = NULL
WHERE $asking_left_behind AND o.state IN ('queued', 'deferred');

-- asking_withdraw_all(vendor_id u64, account_id u64) exec
-- All of them are withdrawn.
UPDATE connection_request cr SET cr.withdrawn_at = UTC_TIMESTAMP(6) WHERE $asking_left_behind;

-- asking_past(public_id id, account_id u64) one asking_past
-- One that was asked of the person, by the proven address or of a company that they decide for, and what became of it.
-- -> vendor text, status asking_status, withdrawn bool
SELECT v.name AS vendor, cr.status, cr.withdrawn_at IS NOT NULL AS withdrawn FROM connection_request cr JOIN company v ON v.id = cr.vendor_id
WHERE cr.public_id = :public_id AND v.closed_at IS NULL
AND (EXISTS (SELECT 1 FROM account a WHERE a.id = :account_id AND a.verified_at IS NOT NULL AND a.email_canon = cr.email_canon)
     OR cr.email_canon IS NULL
     AND EXISTS (SELECT 1 FROM member m WHERE m.company_id = cr.company_id AND m.account_id = :account_id AND m.role IN ('owner', 'admin')));
