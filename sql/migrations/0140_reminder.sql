-- A vendor may have invitees reminded, once, two days before the link ends. The reminder is a mail of the outbox that waits until then.

ALTER TABLE company ADD COLUMN remind BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'of a vendor: remind invitees who have not answered';

ALTER TABLE outbox ADD COLUMN remind_at DATETIME(6) NULL COMMENT 'of a reminder: not before this' AFTER unsolicited;
