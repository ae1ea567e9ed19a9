-- What a vendor decides for itself, and its picture.

-- enum address_policy POLICY_ exact domain any
-- enum logo_kind LOGO_ png jpeg webp

-- settings_of(vendor_id u64) one settings
-- Everything on the settings page.
-- -> name text, language text, time_zone text, colour text, expires_days u64, address_policy address_policy, remind bool, revision u64, logo id?, logo_width u64?, logo_height u64?
SELECT c.name, c.language, c.time_zone, c.colour, c.expires_days, c.address_policy, c.remind, c.revision, l.public_id AS logo, l.width AS logo_width, l.height AS logo_height
FROM company c LEFT JOIN logo l ON l.vendor_id = c.id WHERE c.id = :vendor_id AND c.kind = 'vendor';

-- settings_set(vendor_id u64, revision u64, name text, language text, time_zone text, colour text, expires_days u64, address_policy address_policy, remind bool) change
-- The page, sent. DB_NONE: the settings are not as they were when it was drawn.
UPDATE company SET name = :name, language = :language, time_zone = :time_zone, colour = :colour, expires_days = :expires_days,
  address_policy = :address_policy, remind = :remind, revision = revision + 1
WHERE id = :vendor_id AND kind = 'vendor' AND revision = :revision;

-- settings_logo_set(vendor_id u64, public_id id, kind logo_kind, width u64, height u64, image bytes) insert
-- The picture, or another one.
INSERT INTO logo (vendor_id, public_id, kind, width, height, image) VALUES (:vendor_id, :public_id, :kind, :width, :height, :image)
ON DUPLICATE KEY UPDATE public_id = VALUES(public_id), kind = VALUES(kind), width = VALUES(width), height = VALUES(height), image = VALUES(image);

-- settings_logo_drop(vendor_id u64) change
-- No picture any more.
DELETE FROM logo WHERE vendor_id = :vendor_id;

-- settings_logo(public_id id) one logo
-- A picture by its name, for whoever has a page that shows it.
-- -> kind logo_kind, image bytes
SELECT kind, image FROM logo WHERE public_id = :public_id;
