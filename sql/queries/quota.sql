-- How many recipients were mailed today, and how often one invitation was.

-- enum recipient_scope RECIPIENT_ member vendor address installation asked

-- quota_count(scope recipient_scope, subject hash) insert
-- Count one more and learn how many there are now. The row stays locked until the transaction ends, and a roll-back takes the one back:
-- so of all who come at once exactly as many pass as may, whatever they do with the number.
INSERT INTO recipient_count (scope, subject, day, n) VALUES (:scope, :subject, UTC_DATE(), LAST_INSERT_ID(1))
ON DUPLICATE KEY UPDATE n = LAST_INSERT_ID(n + 1);

-- quota_sweep(most u64) exec
-- Days that are over.
DELETE FROM recipient_count WHERE day < UTC_DATE() - INTERVAL 1 DAY LIMIT :most;

-- quota_times(vendor_id u64, new_days u64) one quota_times
-- When a new day begins, and until when a vendor counts as new.
-- -> tomorrow time, seconds u64, grown_at time, young bool
SELECT CAST(UTC_DATE() + INTERVAL 1 DAY AS DATETIME(6)) AS tomorrow,
       TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), UTC_DATE() + INTERVAL 1 DAY) AS seconds,
       created_at + INTERVAL :new_days DAY AS grown_at, created_at > UTC_TIMESTAMP(6) - INTERVAL :new_days DAY AS young
FROM company WHERE id = :vendor_id;

-- quota_resend(invitation_id u64, most u64) change
-- Once more, if it may.
UPDATE invitation SET resends = resends + 1 WHERE id = :invitation_id AND resends < :most;

-- quota_resends_anew(invitation_id u64) exec
-- An expired one that is sent anew counts from the beginning, as a new one would.
UPDATE invitation SET resends = 0 WHERE id = :invitation_id;
