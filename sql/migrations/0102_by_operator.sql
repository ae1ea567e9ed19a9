-- What the operator did to an account was written as if the account had done it.

UPDATE audit_event SET subject_id = account_id, account_id = NULL
WHERE event IN ('member_added', 'account_locked', 'account_unlocked', 'account_erased') AND detail = 'by the operator' AND account_id IS NOT NULL;

ALTER TABLE audit_event ADD KEY audit_event_subject (subject_id, id);
