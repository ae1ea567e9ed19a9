-- "Ask for a new invitation" reaches somebody at most once a day for each invitation.

ALTER TABLE invitation
  ADD COLUMN asked_at DATETIME(6) NULL COMMENT 'when the invitee last asked to have it sent again' AFTER expires_at;
