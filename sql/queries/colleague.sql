-- The people of a customer's or supplier's company.

-- colleague_list(company_id u64) many colleague
-- Everybody, owners first.
-- -> account_id u64, public_id id, email text, first_name text, last_name text, role member_role, since time
SELECT a.id AS account_id, a.public_id, a.email, a.first_name, a.last_name, m.role, m.created_at AS since
FROM member m JOIN account a ON a.id = m.account_id WHERE m.company_id = :company_id ORDER BY m.role, a.id LIMIT 500;

-- colleague_one(company_id u64, public_id id) one colleague
-- One of them. Whoever is not in this company is none.
-- -> account_id u64, public_id id, email text, first_name text, last_name text, role member_role, since time
SELECT a.id AS account_id, a.public_id, a.email, a.first_name, a.last_name, m.role, m.created_at AS since
FROM account a JOIN member m ON m.account_id = a.id WHERE a.public_id = :public_id AND m.company_id = :company_id;

-- colleague_standing(company_id u64, actor_id u64, account_id u64) one colleague_standing
-- What decides about a change: the role of who wants it and of whom it is about, and how many owners there are. Hold the company first.
-- -> actor member_role, target member_role, owners u64
SELECT a.role AS actor, t.role AS target, (SELECT COUNT(*) FROM member o WHERE o.company_id = :company_id AND o.role = 'owner') AS owners
FROM member a JOIN member t ON t.company_id = a.company_id AND t.account_id = :account_id
WHERE a.company_id = :company_id AND a.account_id = :actor_id;

-- colleague_role_set(company_id u64, account_id u64, role member_role) change
-- Another role, from now on: what somebody may do is read for every request.
UPDATE member SET role = :role WHERE company_id = :company_id AND account_id = :account_id;

-- colleague_remove(company_id u64, account_id u64) change
-- Not a member any more.
DELETE FROM member WHERE company_id = :company_id AND account_id = :account_id;
