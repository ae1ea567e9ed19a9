-- Delivery locations of a customer or supplier.

-- delivery_list(company_id u64) many delivery_line
-- All of a company, the oldest first.
-- -> public_id id, name text, street text, house_number text, postal_code text, city text, country text, note text
SELECT public_id, name, street, house_number, postal_code, city, country, note
FROM delivery_location FORCE INDEX (delivery_location_of) WHERE company_id = :company_id ORDER BY id LIMIT 1000;

-- delivery_count(company_id u64) one delivery_count
-- How many a company has; hold the company first.
-- -> n u64
SELECT COUNT(*) AS n FROM delivery_location WHERE company_id = :company_id;

-- delivery_one(company_id u64, public_id id) one delivery_line
-- One location. Another company's is none.
-- -> public_id id, name text, street text, house_number text, postal_code text, city text, country text, note text
SELECT public_id, name, street, house_number, postal_code, city, country, note
FROM delivery_location WHERE public_id = :public_id AND company_id = :company_id;

-- delivery_add(public_id id, company_id u64, name text, street text, house_number text, postal_code text, city text, country text, note text) insert
-- A new location.
INSERT INTO delivery_location (public_id, company_id, name, street, house_number, postal_code, city, country, note, created_at)
VALUES (:public_id, :company_id, :name, :street, :house_number, :postal_code, :city, :country, :note, UTC_TIMESTAMP(6));

-- delivery_change(company_id u64, public_id id, name text, street text, house_number text, postal_code text, city text, country text, note text) change
-- The same location with new data.
UPDATE delivery_location SET name = :name, street = :street, house_number = :house_number, postal_code = :postal_code, city = :city, country = :country, note = :note
WHERE public_id = :public_id AND company_id = :company_id;

-- delivery_remove(company_id u64, public_id id) change
-- Gone, unless a colleague was faster.
DELETE FROM delivery_location WHERE public_id = :public_id AND company_id = :company_id;
