-- What vendors share: files, links and notes; and what their partners send them.

-- enum shared_kind SHARED_ file link note
-- enum shared_audience AUDIENCE_ customers suppliers chosen vendor

-- ---- files: a row for each name in the folder ----

-- shared_file_coming(stored id) insert
-- Before the first octet is written. DB_CONFLICT: this request has said so already.
INSERT INTO shared_file (stored, state, since) VALUES (:stored, 'coming', UTC_TIMESTAMP(6));

-- shared_file_kept(stored id) change
-- Whole and durable: together with the row that shows it.
UPDATE shared_file SET state = 'kept', since = UTC_TIMESTAMP(6) WHERE stored = :stored AND state = 'coming';

-- shared_file_gone(stored id) change
-- To be removed from the folder.
UPDATE shared_file SET state = 'gone', since = UTC_TIMESTAMP(6) WHERE stored = :stored AND state = 'kept';

-- shared_file_forget(stored id) exec
-- Nothing of this name is in the folder any more.
DELETE FROM shared_file WHERE stored = :stored AND state <> 'kept';

-- shared_file_left() many shared_file_name
-- Uploads that never came to their end, and files that must go.
-- -> stored id
SELECT stored FROM
((SELECT stored FROM shared_file FORCE INDEX (shared_file_state) WHERE state = 'coming' AND since < UTC_TIMESTAMP(6) - INTERVAL 2 HOUR ORDER BY since LIMIT 20)
UNION ALL
(SELECT stored FROM shared_file FORCE INDEX (shared_file_state) WHERE state = 'gone' ORDER BY since LIMIT 20)) missing;

-- ---- the vendor's side ----

-- shared_add(public_id id, vendor_id u64, kind shared_kind, audience shared_audience, relationship_id u64?, title text, url text, body text, stored id?, size u64, account_id u64) insert
-- Seen from now on by whom it is for. relationship_id: audience vendor, the partner that sends it. DB_CONFLICT: this form was sent before.
INSERT INTO shared (public_id, vendor_id, kind, audience, relationship_id, title, url, body, stored, size, account_id, created_at)
VALUES (:public_id, :vendor_id, :kind, :audience, :relationship_id, :title, :url, :body, :stored, :size, :account_id, UTC_TIMESTAMP(6));

-- piece shared_row
-- One resource, who added it, and of a received one the company that sent it.
SELECT STRAIGHT_JOIN s.id, s.public_id, s.kind, s.audience, s.title, s.url, s.body, s.stored, s.size, s.created_at, s.audience = 'vendor' AS received,
  COALESCE(NULLIF(TRIM(CONCAT(a.first_name, ' ', a.last_name)), ''), a.email) AS who, c.name AS company,
  (SELECT COUNT(*) FROM shared_with w FORCE INDEX (shared_with_of) WHERE w.shared_id = s.id) AS chosen
FROM shared s;

-- piece shared_row_joins
JOIN account a ON a.id = s.account_id LEFT JOIN relationship r ON r.id = s.relationship_id LEFT JOIN company c ON c.id = r.partner_id;

-- shared_older(vendor_id u64, received bool, before_id u64) many shared_line
-- What the vendor shares (or has received), newest first.
-- -> id u64, public_id id, kind shared_kind, audience shared_audience, title text, url text, body text, stored id?, size u64, created_at time, received bool, who text, company text?, chosen u64
$shared_row FORCE INDEX (shared_list) $shared_row_joins
WHERE s.vendor_id = :vendor_id AND s.received = :received AND s.id < :before_id ORDER BY s.id DESC LIMIT 51;

-- shared_one(vendor_id u64, public_id id) one shared_line
-- One of the vendor's resources. Another vendor's is none.
-- -> id u64, public_id id, kind shared_kind, audience shared_audience, title text, url text, body text, stored id?, size u64, created_at time, received bool, who text, company text?, chosen u64
$shared_row $shared_row_joins WHERE s.public_id = :public_id AND s.vendor_id = :vendor_id;

-- shared_place(vendor_id u64, public_id id) one shared_place
-- Where a resource stands in the list: the page continues from here.
-- -> id u64
SELECT id FROM shared WHERE public_id = :public_id AND vendor_id = :vendor_id;

-- shared_audience_set(vendor_id u64, public_id id, audience shared_audience) exec
-- For whom it is; what was received stays so.
UPDATE shared SET audience = :audience WHERE public_id = :public_id AND vendor_id = :vendor_id AND audience <> 'vendor';

-- shared_remove(vendor_id u64, id u64) change
-- Gone, unless a colleague was faster.
DELETE FROM shared WHERE id = :id AND vendor_id = :vendor_id;

-- shared_with_clear(shared_id u64) exec
-- Its chosen companies, before it is removed.
DELETE FROM shared_with WHERE shared_id = :shared_id;

-- shared_with_list(shared_id u64) many shared_company
-- The chosen companies, by name.
-- -> relationship_id u64, partner id, name text, kind partner_kind, number text
SELECT r.id AS relationship_id, c.public_id AS partner, c.name, r.kind, r.number
FROM shared_with w FORCE INDEX (shared_with_of) JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id
WHERE w.shared_id = :shared_id ORDER BY c.name, r.id LIMIT 500;

-- shared_find_company(vendor_id u64, partner id?, words text) many shared_company
-- The vendor's own customers and suppliers of exactly this company ID, business name, number or member's address.
-- -> relationship_id u64, partner id, name text, kind partner_kind, number text
SELECT DISTINCT r.id AS relationship_id, c.public_id AS partner, c.name, r.kind, r.number
FROM (SELECT i.id FROM relationship i JOIN company ic ON ic.id = i.partner_id WHERE ic.public_id = :partner AND i.vendor_id = :vendor_id
      UNION ALL
      SELECT n.id FROM company nc FORCE INDEX (company_name) JOIN relationship n ON n.partner_id = nc.id
      WHERE nc.kind IN ('customer', 'supplier') AND nc.name = :words AND n.vendor_id = :vendor_id
      UNION ALL
      SELECT x.id FROM relationship x FORCE INDEX (relationship_number) WHERE x.vendor_id = :vendor_id AND x.number = :words
      UNION ALL
      SELECT e.id FROM account a JOIN member m ON m.account_id = a.id JOIN relationship e ON e.partner_id = m.company_id
      WHERE a.email_canon = LOWER(:words) AND e.vendor_id = :vendor_id) found
JOIN relationship r ON r.id = found.id JOIN company c ON c.id = r.partner_id
WHERE r.state <> 'disconnected' ORDER BY c.name, r.id LIMIT 21;

-- shared_with_add(relationship_id u64, shared_id u64) insert
-- One more company. DB_CONFLICT: it was chosen before.
INSERT INTO shared_with (relationship_id, shared_id) VALUES (:relationship_id, :shared_id);

-- shared_with_remove(vendor_id u64, public_id id, partner id) change
-- One company less.
DELETE w FROM shared s JOIN shared_with w ON w.shared_id = s.id JOIN relationship r ON r.id = w.relationship_id JOIN company c ON c.id = r.partner_id
WHERE s.public_id = :public_id AND s.vendor_id = :vendor_id AND c.public_id = :partner;

-- ---- the partner's side: only while the relationship is active, only what the role at this vendor permits ----

-- shared_vendor(partner_id u64, vendor id) one shared_vendor
-- The vendor's page for a connected company. Disconnected and unknown are the same: none; paused too, which the next one tells.
-- -> relationship_id u64, vendor_id u64, vendor id, name text, kind partner_kind, number text, since time, role text, can_read bool, can_download bool, can_upload bool, can_write bool
SELECT r.id AS relationship_id, r.vendor_id, v.public_id AS vendor, v.name, r.kind, r.number, r.since, p.name AS role,
  FIND_IN_SET('read', p.permissions) > 0 AS can_read, FIND_IN_SET('download', p.permissions) > 0 AS can_download,
  FIND_IN_SET('upload', p.permissions) > 0 AS can_upload, FIND_IN_SET('write', p.permissions) > 0 AS can_write
FROM company v JOIN active_relationship r ON r.vendor_id = v.id JOIN partner_role p ON p.id = r.partner_role_id
WHERE v.public_id = :vendor AND r.partner_id = :partner_id LIMIT 1;

-- shared_vendor_paused(partner_id u64, vendor id) one vendor_paused
-- The same while the connection is paused: only that it is, and whether what was written can be read. Of a closed vendor none.
-- -> vendor id, name text, reads bool
SELECT v.public_id AS vendor, v.name, FIND_IN_SET('read', p.permissions) > 0 AS `reads`
FROM company v JOIN relationship r ON r.vendor_id = v.id JOIN partner_role p ON p.id = r.partner_role_id
WHERE v.public_id = :vendor AND r.partner_id = :partner_id AND r.state = 'paused' AND v.closed_at IS NULL
AND NOT EXISTS (SELECT 1 FROM active_relationship ar WHERE ar.id = r.id) LIMIT 1;

-- piece shared_seen_columns
s.id, s.public_id, s.kind, s.audience, s.title, s.url, s.body, s.size, s.created_at;

-- shared_seen(vendor_id u64, relationship_id u64, audience shared_audience, before_id u64) many shared_seen_line
-- What a connected company sees, newest first: for all of its kind, for it alone, and what it sent itself.
-- -> id u64, public_id id, kind shared_kind, audience shared_audience, title text, url text, body text, size u64, created_at time
SELECT id, public_id, kind, audience, title, url, body, size, created_at FROM
((SELECT $shared_seen_columns FROM shared s FORCE INDEX (shared_audience)
 WHERE s.vendor_id = :vendor_id AND s.audience = :audience AND s.id < :before_id ORDER BY s.id DESC LIMIT 51)
UNION ALL
(SELECT $shared_seen_columns FROM shared_with w JOIN shared s ON s.id = w.shared_id AND s.audience = 'chosen'
 WHERE w.relationship_id = :relationship_id AND w.shared_id < :before_id ORDER BY w.shared_id DESC LIMIT 51)
UNION ALL
(SELECT $shared_seen_columns FROM shared s FORCE INDEX (shared_sent)
 WHERE s.relationship_id = :relationship_id AND s.id < :before_id ORDER BY s.id DESC LIMIT 51)) seen
ORDER BY id DESC LIMIT 51;

-- piece shared_visible
-- Whether a resource is for this relationship.
(s.audience = CONCAT(r.kind, 's') OR s.relationship_id = r.id
 OR (s.audience = 'chosen' AND EXISTS (SELECT 1 FROM shared_with w WHERE w.relationship_id = r.id AND w.shared_id = s.id)));

-- shared_download(partner_id u64, public_id id) one shared_download
-- A file that a connected company may get this very moment.
-- -> title text, stored id?
SELECT s.title, s.stored FROM shared s
JOIN active_relationship r ON r.vendor_id = s.vendor_id AND r.partner_id = :partner_id
JOIN partner_role p ON p.id = r.partner_role_id
WHERE s.public_id = :public_id AND s.kind = 'file' AND s.stored IS NOT NULL
AND FIND_IN_SET('read', p.permissions) > 0 AND FIND_IN_SET('download', p.permissions) > 0
AND $shared_visible LIMIT 1;

-- shared_seen_place(partner_id u64, vendor id, public_id id) one shared_place
-- Where one stands in the list that a connected company sees.
-- -> id u64
SELECT s.id FROM company v JOIN active_relationship r ON r.vendor_id = v.id JOIN shared s ON s.vendor_id = v.id
WHERE v.public_id = :vendor AND r.partner_id = :partner_id AND s.public_id = :public_id AND $shared_visible LIMIT 1;
