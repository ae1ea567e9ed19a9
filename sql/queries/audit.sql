-- What happened, one line for each change of state.

-- audit_add(request id?, event text, vendor_id u64?, account_id u64?, invitation_id u64?, relationship_id u64?, detail text) insert
-- In the transaction of the change itself.
INSERT INTO audit_event (at, request, event, vendor_id, account_id, invitation_id, relationship_id, detail)
VALUES (UTC_TIMESTAMP(6), :request, :event, :vendor_id, :account_id, :invitation_id, :relationship_id, :detail);

-- audit_by_operator(request id?, event text, vendor_id u64?, subject_id u64?) insert
-- What the operator did, to whom: nobody who is signed in.
INSERT INTO audit_event (at, request, event, vendor_id, subject_id, detail)
VALUES (UTC_TIMESTAMP(6), :request, :event, :vendor_id, :subject_id, 'by the operator');

-- audit_by_request(request id) one audit_found
-- Whether a request's change was committed, when its COMMIT got no answer.
-- -> id u64
SELECT id FROM audit_event WHERE request = :request LIMIT 1;

-- audit_of_invitation(invitation_id u64) many history_line
-- One invitation's history, oldest first, with how far the invitee came.
-- -> at time, event text, who text?, detail text
SELECT h.at, h.event, h.who, h.detail FROM (
  (SELECT e.id, e.at, e.event, a.email AS who, e.detail FROM audit_event e FORCE INDEX (audit_event_invitation) LEFT JOIN account a ON a.id = e.account_id
   WHERE e.invitation_id = :invitation_id ORDER BY e.id LIMIT 500)
  UNION ALL SELECT 0, p.opened_at, 'link_opened', NULL, '' FROM invitation_progress p WHERE p.invitation_id = :invitation_id
  UNION ALL SELECT 0, COALESCE(p.begun_at, p.opened_at), 'link_begun', NULL, '' FROM invitation_progress p WHERE p.invitation_id = :invitation_id AND p.begun_at IS NOT NULL
) h ORDER BY h.at, h.id;

-- audit_of_relationship(relationship_id u64) many history_line
-- One relationship's history, oldest first; with that of those that became part of it.
-- -> at time, event text, who text?, detail text
SELECT STRAIGHT_JOIN e.at, e.event, a.email AS who, e.detail
FROM (SELECT CAST(:relationship_id AS UNSIGNED) AS id
      UNION ALL SELECT x.old_id FROM relationship_merged x WHERE x.relationship_id = :relationship_id AND x.old_id IS NOT NULL) r
JOIN audit_event e FORCE INDEX (audit_event_relationship) ON e.relationship_id = r.id LEFT JOIN account a ON a.id = e.account_id
ORDER BY e.id LIMIT 500;
