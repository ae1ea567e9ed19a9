-- Addresses of invitations that were never accepted go some time after these ended. `erase_from` is when that time begins: NULL for what
-- was accepted or is erased already, so the index holds only what is still to be done. An erased one stands in nobody's way.

ALTER TABLE invitation
  ADD erased_at DATETIME(6) NULL COMMENT 'when address, names and message were replaced' AFTER ended_at,
  MODIFY open_canon VARBINARY(254) AS (IF(status = 'pending' AND erased_at IS NULL, email_canon, NULL)) PERSISTENT,
  ADD erase_from DATETIME(6) AS (IF(status = 'accepted' OR erased_at IS NOT NULL, NULL, IF(status = 'pending', expires_at, ended_at))) PERSISTENT,
  ADD KEY invitation_erase (erase_from);
