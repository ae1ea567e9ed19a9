-- How far invitees came: a statistic that decides nothing. Whether a link's page was shown, to a person or to a mail scanner, and whether
-- its form was sent without coming to an end yet. Beside the invitation and not in it: looking at a link changes nothing there.

CREATE TABLE invitation_progress (
  invitation_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  opened_at     DATETIME(6) NOT NULL,
  begun_at      DATETIME(6) NULL,
  FOREIGN KEY (invitation_id) REFERENCES invitation (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
