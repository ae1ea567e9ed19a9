-- A person's data are found without reading everything.

ALTER TABLE audit_event ADD KEY audit_event_account (account_id, id);

ALTER TABLE team_invitation ADD KEY team_invitation_address (email_canon);
