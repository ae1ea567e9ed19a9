-- A vendor that cannot be deleted does not hold up those whose time came after its own.

ALTER TABLE company ADD COLUMN delete_again_at DATETIME(6) NULL COMMENT 'its deletion failed, for a reason that is in the log: tried again from then on';
