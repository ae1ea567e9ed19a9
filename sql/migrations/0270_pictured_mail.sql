-- A mail that shows its vendor's logo says so; the picture joins it when it leaves.
ALTER TABLE outbox ADD COLUMN pictured TINYINT(1) NOT NULL DEFAULT 0 AFTER unsolicited;
