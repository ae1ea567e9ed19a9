-- How far invitees came: a statistic that decides nothing.

-- progress_opened_add(shown text) exec
-- Links that were shown, how many microseconds ago: the first time counts. `shown` is a JSON list of {"i": invitation, "us": age}; an
-- invitation that is gone meanwhile is passed over.
INSERT IGNORE INTO invitation_progress (invitation_id, opened_at)
SELECT n.i, UTC_TIMESTAMP(6) - INTERVAL n.us MICROSECOND FROM JSON_TABLE(:shown, '$[*]' COLUMNS (i BIGINT UNSIGNED PATH '$.i', us BIGINT PATH '$.us')) n
ON DUPLICATE KEY UPDATE opened_at = LEAST(opened_at, VALUES(opened_at));

-- progress_begun_add(invitation_id u64) exec
-- Somebody sent the form, and it did not end the matter: the first time counts.
INSERT INTO invitation_progress (invitation_id, opened_at, begun_at) VALUES (:invitation_id, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE begun_at = COALESCE(begun_at, VALUES(begun_at));
