-- A customer's or supplier's own company: its data, kept by itself.

-- profile_of(company_id u64) one profile
-- The company's data, and how much else it keeps.
-- -> public_id id, kind company_kind, name text, phone text, street text, house_number text, postal_code text, city text, country text, revision u64, locations u64, members u64
SELECT c.public_id, c.kind, c.name, c.phone, c.street, c.house_number, c.postal_code, c.city, c.country, c.revision,
       (SELECT COUNT(*) FROM delivery_location d WHERE d.company_id = c.id) AS locations,
       (SELECT COUNT(*) FROM member m WHERE m.company_id = c.id) AS members
FROM company c WHERE c.id = :company_id;

-- profile_change(company_id u64, name text, phone text, street text, house_number text, postal_code text, city text, country text) change
-- New data: connected vendors see it from now on.
UPDATE company SET name = :name, phone = :phone, street = :street, house_number = :house_number, postal_code = :postal_code, city = :city, country = :country
WHERE id = :company_id;

-- profile_revise(company_id u64, revision u64) change
-- Counts a change by its own people. DB_NONE: the data is not as it was when the form was drawn.
UPDATE company SET revision = revision + 1 WHERE id = :company_id AND revision = :revision;

-- profile_hold(company_id u64) change
-- Nobody else changes what depends on all of the company's rows (how many locations, who is the last owner) until this transaction ends.
UPDATE company SET id = id WHERE id = :company_id;
