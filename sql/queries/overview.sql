-- The overview: what became of a vendor's invitations, week by week.

-- piece overview_kind
-- All, or those of one kind.
(:kind IS NULL OR kind = :kind);

-- overview_week(vendor_id u64, kind partner_kind?, begins time, ends time) one overview_week
-- One week. Of those first sent in it: how far they came, until now; whoever accepted, from home too, has opened and begun. And what was
-- accepted and what expired in it, whenever it was sent.
-- -> sent u64, opened u64, begun u64, finished u64, accepted u64, expired u64
SELECT COUNT(*) AS sent, COUNT(IF(i.status = 'accepted' OR g.opened_at IS NOT NULL, 1, NULL)) AS opened,
  COUNT(IF(i.status = 'accepted' OR g.begun_at IS NOT NULL, 1, NULL)) AS begun, COUNT(IF(i.status = 'accepted', 1, NULL)) AS finished,
  (SELECT COUNT(*) FROM invitation FORCE INDEX (invitation_ended)
   WHERE vendor_id = :vendor_id AND status = 'accepted' AND ended_at >= :begins AND ended_at < :ends AND $overview_kind) AS accepted,
  (SELECT COUNT(*) FROM invitation FORCE INDEX (invitation_expiry)
   WHERE vendor_id = :vendor_id AND status = 'pending' AND expires_at >= :begins AND expires_at < :ends AND expires_at <= UTC_TIMESTAMP(6) AND $overview_kind) AS expired
FROM invitation i FORCE INDEX (invitation_first_sent) LEFT JOIN invitation_progress g ON g.invitation_id = i.id
WHERE i.vendor_id = :vendor_id AND i.first_sent_at >= :begins AND i.first_sent_at < :ends AND $overview_kind;

-- overview_median(vendor_id u64, kind partner_kind?, begins time, ends time) one overview_median
-- Half of what was accepted in this time took longer, from the first mail on.
-- -> seconds u64?
SELECT CAST(MEDIAN(TIMESTAMPDIFF(SECOND, first_sent_at, ended_at)) OVER () AS UNSIGNED) AS seconds
FROM invitation FORCE INDEX (invitation_ended)
WHERE vendor_id = :vendor_id AND status = 'accepted' AND ended_at >= :begins AND ended_at < :ends AND $overview_kind LIMIT 1;

-- overview_domains(vendor_id u64, kind partner_kind?, begins time, ends time) many overview_domain
-- Where mails with invitations came back or were refused: the worst ten domains, with how many mails the mail server had taken or refused.
-- -> domain text?, mails u64, bounced u64
SELECT o.domain, COUNT(*) AS mails, COUNT(IF(o.state = 'bounced', 1, NULL)) AS bounced FROM outbox o FORCE INDEX (outbox_domain)
WHERE o.vendor_id = :vendor_id AND o.created_at >= :begins AND o.created_at < :ends AND o.state IN ('sent', 'bounced') AND o.invitation_id IS NOT NULL
AND (:kind IS NULL OR (SELECT i.kind FROM invitation i WHERE i.id = o.invitation_id) = :kind)
GROUP BY o.domain HAVING bounced > 0 ORDER BY bounced DESC, mails, o.domain LIMIT 10;
