-- A vendor's own end: its owner asks, it is closed at once, and everything of it goes some time later. Until then an owner can keep it.

ALTER TABLE company
  ADD delete_asked_at DATETIME(6) NULL COMMENT 'vendors: closed by an owner since then' AFTER suspended_at,
  ADD delete_at DATETIME(6) NULL COMMENT '... and deleted for good from then on' AFTER delete_asked_at,
  ADD delete_place BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how far in the audit log the words are erased' AFTER delete_at,
  ADD closed_at DATETIME(6) AS (COALESCE(suspended_at, delete_asked_at)) VIRTUAL COMMENT 'by whomever: nothing of it can be used' AFTER delete_place,
  ADD KEY company_delete (delete_at);

-- The relationships in which the partner may see and use what the vendor shares: of a closed vendor none.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW active_relationship AS
SELECT id, vendor_id, partner_id, kind, number, partner_role_id, since
FROM relationship WHERE (state = 'active' OR (state = 'paused' AND paused_until <= UTC_TIMESTAMP(6)))
AND NOT EXISTS (SELECT 1 FROM company v WHERE v.id = vendor_id AND v.closed_at IS NOT NULL);
