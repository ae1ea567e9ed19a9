-- What the operator may close: a vendor, and a person's account. Both are opened again and lose nothing.

ALTER TABLE company ADD suspended_at DATETIME(6) NULL COMMENT 'vendors: closed by the operator since then';

ALTER TABLE account ADD locked_at DATETIME(6) NULL COMMENT 'closed by the operator since then: no sign-in';

-- The relationships in which the partner may see and use what the vendor shares: of a suspended vendor none.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW active_relationship AS
SELECT id, vendor_id, partner_id, kind, number, partner_role_id, since
FROM relationship WHERE (state = 'active' OR (state = 'paused' AND paused_until <= UTC_TIMESTAMP(6)))
AND NOT EXISTS (SELECT 1 FROM company v WHERE v.id = vendor_id AND v.suspended_at IS NOT NULL);
