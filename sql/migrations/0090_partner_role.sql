-- Partner roles are made, changed and removed by the vendor. A removed one stays for what has ended and still names it.
-- Names are compared without case and with accents: uca1400_as_ci.

ALTER TABLE partner_role
  MODIFY name VARCHAR(60) COLLATE utf8mb4_uca1400_as_ci NOT NULL,
  ADD COLUMN preselected BOOL NULL COMMENT '1: the one that a new invitation has where nothing else is chosen; NULL: another',
  ADD COLUMN revision    INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'counts changes, so that nobody overwrites what they have not seen',
  ADD COLUMN removed_at  DATETIME(6) NULL,
  ADD COLUMN live_name   VARCHAR(60) COLLATE utf8mb4_uca1400_as_ci AS (IF(removed_at IS NULL, name, NULL)) PERSISTENT,
  ADD UNIQUE KEY partner_role_live (vendor_id, live_name),
  ADD UNIQUE KEY partner_role_preselected (vendor_id, preselected),
  DROP KEY partner_role_name;

UPDATE partner_role p JOIN (SELECT MIN(id) AS id FROM partner_role GROUP BY vendor_id) f ON f.id = p.id SET p.preselected = 1;

-- Who has a role: asked whenever the page of roles is drawn.
ALTER TABLE relationship ADD KEY relationship_role (partner_role_id, state);
ALTER TABLE invitation ADD KEY invitation_role (partner_role_id, status, expires_at);
ALTER TABLE connection_request ADD KEY connection_request_role (partner_role_id, status, expires_at);
