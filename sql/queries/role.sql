-- Partner roles: what a connected company may do with what this vendor shares. company.sql has those that can be chosen.

-- piece role_columns
p.id, p.public_id, p.name, COALESCE(p.preselected, 0) AS preselected, p.revision,
  FIND_IN_SET('read', p.permissions) > 0 AS can_read, FIND_IN_SET('download', p.permissions) > 0 AS can_download,
  FIND_IN_SET('upload', p.permissions) > 0 AS can_upload, FIND_IN_SET('write', p.permissions) > 0 AS can_write;

-- role_list(vendor_id u64) many role_line
-- The preselected one first, then the oldest first.
-- -> id u64, public_id id, name text, preselected bool, revision u64, can_read bool, can_download bool, can_upload bool, can_write bool
SELECT $role_columns FROM partner_role p WHERE p.vendor_id = :vendor_id AND p.removed_at IS NULL ORDER BY p.preselected DESC, p.id;

-- role_one(vendor_id u64, public_id id) one role_line
-- One of the vendor's. Another vendor's, and a removed one, is none.
-- -> id u64, public_id id, name text, preselected bool, revision u64, can_read bool, can_download bool, can_upload bool, can_write bool
SELECT $role_columns FROM partner_role p WHERE p.public_id = :public_id AND p.vendor_id = :vendor_id AND p.removed_at IS NULL;

-- role_count(vendor_id u64) one role_count
-- How many it has; hold the vendor first.
-- -> n u64
SELECT COUNT(*) AS n FROM partner_role WHERE vendor_id = :vendor_id AND removed_at IS NULL;

-- role_uses(id u64) one role_uses
-- Who has it now, each exact up to 1,000: connected companies, open invitations, requests to connect that wait: a refused one too, of which the vendor is not told.
-- -> companies u64, invitations u64, requests u64
SELECT
  (SELECT COUNT(*) FROM (SELECT 1 FROM relationship FORCE INDEX (relationship_role) WHERE partner_role_id = :id AND state IN ('active', 'paused') LIMIT 1001) c) AS companies,
  (SELECT COUNT(*) FROM (SELECT 1 FROM invitation FORCE INDEX (invitation_role)
                         WHERE partner_role_id = :id AND status = 'pending' AND expires_at > UTC_TIMESTAMP(6) LIMIT 1001) i) AS invitations,
  (SELECT COUNT(*) FROM (SELECT 1 FROM connection_request FORCE INDEX (connection_request_role)
                         WHERE partner_role_id = :id AND status IN ('waiting', 'declined') AND expires_at > UTC_TIMESTAMP(6) AND withdrawn_at IS NULL LIMIT 1001) r) AS requests;

-- role_companies(vendor_id u64, id u64) many role_company
-- The first of these companies.
-- -> public_id id, name text, kind partner_kind
SELECT c.public_id, c.name, r.kind FROM relationship r FORCE INDEX (relationship_role) JOIN company c ON c.id = r.partner_id
WHERE r.partner_role_id = :id AND r.vendor_id = :vendor_id AND r.state IN ('active', 'paused') LIMIT 10;

-- role_invitations(vendor_id u64, id u64) many role_invitation
-- The first of these invitations.
-- -> public_id id, email text
SELECT public_id, email FROM invitation FORCE INDEX (invitation_role)
WHERE partner_role_id = :id AND vendor_id = :vendor_id AND status = 'pending' AND expires_at > UTC_TIMESTAMP(6) LIMIT 10;

-- role_requests(vendor_id u64, id u64) many role_request
-- The first of these requests.
-- -> target text, kind partner_kind
SELECT target, kind FROM connection_request FORCE INDEX (connection_request_role)
WHERE partner_role_id = :id AND vendor_id = :vendor_id AND status IN ('waiting', 'declined') AND expires_at > UTC_TIMESTAMP(6) AND withdrawn_at IS NULL LIMIT 10;

-- role_add(public_id id, vendor_id u64, name text, permissions text) insert
-- `permissions` is a comma-separated SET. DB_CONFLICT: there is one of this name.
INSERT INTO partner_role (public_id, vendor_id, name, permissions) VALUES (:public_id, :vendor_id, :name, :permissions);

-- role_change(vendor_id u64, id u64, revision u64, name text, permissions text) change
-- Holds at the next request of whoever has it. DB_NONE: it is not as it was when the form was drawn. DB_CONFLICT: there is one of this name.
UPDATE partner_role SET name = :name, permissions = :permissions, revision = revision + 1
WHERE id = :id AND vendor_id = :vendor_id AND revision = :revision AND removed_at IS NULL;

-- role_not_preselected(vendor_id u64) exec
-- Before another one is.
UPDATE partner_role SET preselected = NULL WHERE vendor_id = :vendor_id AND preselected = 1;

-- role_preselect(vendor_id u64, id u64) change
-- What a new invitation has where nothing else is chosen. DB_CONFLICT: a colleague chose another one this moment.
UPDATE partner_role SET preselected = 1 WHERE id = :id AND vendor_id = :vendor_id AND removed_at IS NULL;

-- role_remove(vendor_id u64, id u64) change
-- Gone for everything to come, if nobody has it and it is not the preselected one.
UPDATE partner_role SET removed_at = UTC_TIMESTAMP(6)
WHERE id = :id AND vendor_id = :vendor_id AND removed_at IS NULL AND preselected IS NULL
AND NOT EXISTS (SELECT 1 FROM relationship r FORCE INDEX (relationship_role) WHERE r.partner_role_id = :id AND r.state IN ('active', 'paused'))
AND NOT EXISTS (SELECT 1 FROM invitation i FORCE INDEX (invitation_role)
                WHERE i.partner_role_id = :id AND i.status = 'pending' AND i.expires_at > UTC_TIMESTAMP(6))
AND NOT EXISTS (SELECT 1 FROM connection_request c FORCE INDEX (connection_request_role)
                WHERE c.partner_role_id = :id AND c.status IN ('waiting', 'declined') AND c.expires_at > UTC_TIMESTAMP(6) AND c.withdrawn_at IS NULL);

-- role_forget(vendor_id u64, id u64) exec
-- A removed one that nothing ever had.
DELETE FROM partner_role WHERE id = :id AND vendor_id = :vendor_id AND removed_at IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM relationship r WHERE r.partner_role_id = :id)
AND NOT EXISTS (SELECT 1 FROM invitation i WHERE i.partner_role_id = :id)
AND NOT EXISTS (SELECT 1 FROM connection_request c WHERE c.partner_role_id = :id);

-- role_held(id u64) one role_held
-- After something was given this role: nobody removes it until this transaction ends. DB_NONE: a colleague was faster.
-- -> id u64
SELECT id FROM partner_role WHERE id = :id AND removed_at IS NULL LOCK IN SHARE MODE;
