-- Two admins at the settings: the later one sees what the other has changed before saving.

ALTER TABLE company ADD COLUMN revision INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'vendors: counts changes of the settings, so that nobody overwrites what they have not seen';
