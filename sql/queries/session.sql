-- Who is signed in. The cookie's secret is stored as a keyed hash only.

-- session_by_hash(hash hash, idle_minutes u64, session_hours u64) one signed_in
-- A live session with its person, the company in use and the role there: one query a page. Role and company are read
-- anew each time, so what a person may do is never remembered. Who had no company when signing in and was let into one since, uses that.
-- -> account_id u64, account id, email text, email_canon text, first_name text, last_name text, verified bool, company_id u64?, company id?, company_name text?, kind company_kind?, role member_role?, suspended bool, delete_at time?, deleting bool, time_zone text?, expires_days u64?, language text?, own_language text, stale bool, companies u64
SELECT s.account_id, a.public_id AS account, a.email, a.email_canon, a.first_name, a.last_name, a.verified_at IS NOT NULL AS verified,
       c.id AS company_id, c.public_id AS company, c.name AS company_name, c.kind, m.role,
       c.suspended_at IS NOT NULL AS suspended, c.delete_at, COALESCE(c.delete_at <= UTC_TIMESTAMP(6), 0) AS deleting, c.time_zone, c.expires_days, c.language, a.language AS own_language,
       s.seen_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND AS stale,
       (SELECT COUNT(*) FROM member x WHERE x.account_id = s.account_id) AS companies
FROM session s
JOIN account a ON a.id = s.account_id
LEFT JOIN member m ON m.account_id = s.account_id
  AND m.company_id = COALESCE(s.company_id, (SELECT MIN(f.company_id) FROM member f WHERE f.account_id = s.account_id))
LEFT JOIN company c ON c.id = m.company_id
WHERE s.hash = :hash AND a.locked_at IS NULL
  AND s.seen_at > UTC_TIMESTAMP(6) - INTERVAL :idle_minutes MINUTE
  AND s.created_at > UTC_TIMESTAMP(6) - INTERVAL :session_hours HOUR;

-- session_add(hash hash, account_id u64, company_id u64?) insert
-- Signed in.
INSERT INTO session (hash, account_id, company_id, created_at, seen_at)
VALUES (:hash, :account_id, :company_id, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));

-- session_touch(hash hash) exec
-- Still there: at most once a minute, so that reading pages hardly writes.
UPDATE session SET seen_at = UTC_TIMESTAMP(6) WHERE hash = :hash;

-- session_end(hash hash) exec
-- Signed out, or replaced by a new secret.
DELETE FROM session WHERE hash = :hash;

-- session_end_all(account_id u64) exec
-- Every session of a person, after the password was set anew.
DELETE FROM session WHERE account_id = :account_id;

-- session_sweep(account_id u64, session_hours u64) exec
-- Dead sessions of this person are removed when they sign in again.
DELETE FROM session WHERE account_id = :account_id AND created_at < UTC_TIMESTAMP(6) - INTERVAL :session_hours HOUR;
