-- A link that an admin copied proves nothing about the mailbox of whoever opens it: the portal must know it from a mailed one.

ALTER TABLE token
  ADD COLUMN copied BOOL NOT NULL DEFAULT 0 COMMENT 'shown to a member to hand on; it does not prove the mailbox' AFTER account_id;
