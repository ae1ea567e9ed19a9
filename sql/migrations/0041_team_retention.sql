-- Requests to colleagues that nobody accepted go some time after they ended: `erase_from` is when that time begins, NULL for accepted ones.
ALTER TABLE team_invitation
  ADD erase_from DATETIME(6) AS (IF(status = 'accepted', NULL, IF(status = 'pending', expires_at, ended_at))) PERSISTENT,
  ADD KEY team_invitation_erase (erase_from);
