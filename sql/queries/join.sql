-- The link by which a colleague becomes a member of a vendor.

-- join_by_hash(hash hash) one join
-- The request that a link's secret names, whether its sender may still make such a member, whose account the address is, and how its vendor looks.
-- -> id u64, vendor_id u64, vendor text, email text, email_canon text, role member_role, status team_status, expired bool, superseded bool, expires_at time, sender_email text, sender_first_name text, sender_last_name text, sender_entitled bool, closed bool, accepted_by u64?, account_id u64?, proven bool, unfinished bool, member bool, time_zone text, colour text, logo id?, logo_width u64?, logo_height u64?
SELECT STRAIGHT_JOIN t.id, t.vendor_id, v.name AS vendor, t.email, t.email_canon, t.role, t.status, t.expires_at <= UTC_TIMESTAMP(6) AS expired,
  k.superseded_at IS NOT NULL AS superseded, t.expires_at, s.email AS sender_email, s.first_name AS sender_first_name, s.last_name AS sender_last_name,
  COALESCE(m.role = 'owner' OR (m.role = 'admin' AND t.role <> 'owner'), 0) AS sender_entitled, v.closed_at IS NOT NULL AS closed, t.accepted_by, a.id AS account_id,
  (a.verified_at IS NOT NULL AND a.password IS NOT NULL) OR a.locked_at IS NOT NULL AS proven,
  COALESCE(a.unfinished AND a.locked_at IS NULL AND a.password IS NOT NULL, 0) AS unfinished, own.role IS NOT NULL AS member,
  v.time_zone, v.colour, lo.public_id AS logo, lo.width AS logo_width, lo.height AS logo_height
FROM team_token k JOIN team_invitation t ON t.id = k.team_invitation_id JOIN company v ON v.id = t.vendor_id JOIN account s ON s.id = t.sender_id
LEFT JOIN member m ON m.company_id = t.vendor_id AND m.account_id = t.sender_id
LEFT JOIN account a ON a.email_canon = t.email_canon
LEFT JOIN member own ON own.company_id = t.vendor_id AND own.account_id = a.id
LEFT JOIN logo lo ON lo.vendor_id = t.vendor_id
WHERE k.hash = :hash;

-- join_accept(id u64, hash hash) change
-- The single use: through the newest link only, in time, and while its sender may still make such a member.
UPDATE team_invitation t SET t.status = 'accepted', t.ended_at = UTC_TIMESTAMP(6)
WHERE t.id = :id AND t.status = 'pending' AND t.expires_at > UTC_TIMESTAMP(6)
AND EXISTS (SELECT 1 FROM team_token k WHERE k.hash = :hash AND k.team_invitation_id = t.id AND k.superseded_at IS NULL)
AND EXISTS (SELECT 1 FROM member m WHERE m.company_id = t.vendor_id AND m.account_id = t.sender_id AND (m.role = 'owner' OR (m.role = 'admin' AND t.role <> 'owner')))
AND NOT EXISTS (SELECT 1 FROM company closed WHERE closed.id = t.vendor_id AND closed.closed_at IS NOT NULL);

-- join_accepted(id u64, account_id u64) change
-- Who became a member by it.
UPDATE team_invitation SET accepted_by = :account_id WHERE id = :id AND status = 'accepted';

-- join_claim(account_id u64, first_name text, last_name text, password text) change
-- An account whose mailbox nobody has proven, or without a password, belongs to whom the link reached: what was there before is void.
UPDATE account SET first_name = :first_name, last_name = :last_name, password = :password, verified_at = UTC_TIMESTAMP(6), unfinished = 0
WHERE id = :account_id AND (verified_at IS NULL OR password IS NULL);
