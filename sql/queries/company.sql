-- Companies, their members and their partner roles.

-- enum company_kind COMPANY_ vendor customer supplier
-- enum partner_kind PARTNER_ customer supplier

-- company_add(public_id id, kind company_kind, name text, phone text, street text, house_number text, postal_code text, city text, country text) insert
-- A new firm.
INSERT INTO company (public_id, kind, name, phone, street, house_number, postal_code, city, country, created_at)
VALUES (:public_id, :kind, :name, :phone, :street, :house_number, :postal_code, :city, :country, UTC_TIMESTAMP(6));

-- company_member_add(company_id u64, account_id u64, role member_role) insert
-- A person joins a company.
INSERT INTO member (company_id, account_id, role, created_at)
VALUES (:company_id, :account_id, :role, UTC_TIMESTAMP(6));

-- company_member_first(company_id u64, account_id u64) change
-- The owner of a new company, who is not in any other. DB_NONE: is in one meanwhile.
INSERT INTO member (company_id, account_id, role, created_at)
SELECT :company_id, :account_id, 'owner', UTC_TIMESTAMP(6) FROM (SELECT 1 AS one) one
WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.account_id = :account_id);

-- company_partner_role_add(public_id id, vendor_id u64, name text, permissions text, preselected bool?) insert
-- What a connected company may do with this vendor; `permissions` is a comma-separated SET. One of each vendor is preselected.
INSERT INTO partner_role (public_id, vendor_id, name, permissions, preselected) VALUES (:public_id, :vendor_id, :name, :permissions, :preselected);

-- company_partner_roles(vendor_id u64) many partner_role
-- The vendor's partner roles that can be chosen: the preselected one first, then the first made first.
-- -> id u64, public_id id, name text
SELECT id, public_id, name FROM partner_role WHERE vendor_id = :vendor_id AND removed_at IS NULL ORDER BY preselected DESC, id;

-- company_of_member(account_id u64, kind company_kind) many member_company
-- The companies of one kind for which this person may decide (owner or admin), oldest first.
-- -> id u64, public_id id, name text
SELECT c.id, c.public_id, c.name FROM member m JOIN company c ON c.id = m.company_id
WHERE m.account_id = :account_id AND c.kind = :kind AND m.role IN ('owner', 'admin') ORDER BY c.id;

-- company_of_person(account_id u64) many person_company
-- The companies of every kind that this person is a member of, as the switcher lists them.
-- -> public_id id, name text, kind company_kind
SELECT c.public_id, c.name, c.kind FROM member m JOIN company c ON c.id = m.company_id
WHERE m.account_id = :account_id ORDER BY c.kind, c.name, c.id LIMIT 200;

-- company_switch(account_id u64, company id) one switch_company
-- One of them, to use from now on. Somebody else's is none.
-- -> id u64
SELECT c.id FROM company c JOIN member m ON m.company_id = c.id AND m.account_id = :account_id WHERE c.public_id = :company;

-- company_decider(company_id u64, account_id u64) change
-- This person may decide for the company at this moment, and stays so until the transaction ends: nobody removes them or merges it away.
UPDATE member SET role = role WHERE company_id = :company_id AND account_id = :account_id AND role IN ('owner', 'admin');

-- company_home(account_id u64) one home_company
-- The company to use after sign-in: a vendor before a partner, then the oldest.
-- -> id u64, kind company_kind
SELECT c.id, c.kind FROM member m JOIN company c ON c.id = m.company_id
WHERE m.account_id = :account_id ORDER BY c.kind <> 'vendor', c.id LIMIT 1;

-- company_vendor_by_name(name text) many vendor_company
-- Vendors of exactly this name, for the operator.
-- -> id u64, public_id id, name text
SELECT id, public_id, name FROM company FORCE INDEX (company_name) WHERE kind = 'vendor' AND name = :name ORDER BY id;
