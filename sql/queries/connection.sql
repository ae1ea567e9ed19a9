-- A customer's or supplier's side of its relationships.

-- connection_of(company_id u64, vendor id) one connection
-- The connection of the company in use with a vendor. Another company's is none; so is one that has ended.
-- -> id u64, vendor_id u64, vendor id, name text, contact text?
SELECT r.id, r.vendor_id, v.public_id AS vendor, v.name,
  (SELECT a.email FROM member m JOIN account a ON a.id = m.account_id WHERE m.company_id = v.id ORDER BY m.role, m.created_at, m.account_id LIMIT 1) AS contact
FROM company v JOIN relationship r ON r.vendor_id = v.id
WHERE v.public_id = :vendor AND r.partner_id = :company_id AND r.state <> 'disconnected' LIMIT 1;
