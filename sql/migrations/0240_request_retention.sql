-- Requests to connect that nobody confirmed go some time after their end, like invitations that nobody accepted: they hold an address as
-- somebody typed it, also of people who are not here. A refusal holds until the end, withdrawn or not.
ALTER TABLE connection_request
  ADD erase_from DATETIME(6) AS (IF(status = 'accepted', NULL, expires_at)) PERSISTENT,
  ADD KEY connection_request_erase (erase_from);
