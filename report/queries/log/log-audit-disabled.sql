-- title:      Audit logging stopped or deleted
-- question:   Was the audit log ever switched off? For how long?
-- severity:   critical
-- tier:       1
-- needs:      cloud-audit|platform-audit
-- population: event where is_write = 1
-- population-words: writes
-- columns:    t time "When" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, action text "Action" 18,
--             resource id "What" 16, reason text "What it means" 24, t_on time "On again" 13, blind duration "Blind for"
--             8, detail text "Detail" 0, account id "Account" 0, region text "Region" 0, source_ip id "From" 0, change id
--             "Change" 0, severity text "Severity" 0, item id "Event" 0, evidence id "Evidence" 0
-- if-empty:   No audit log was stopped, deleted or narrowed.
-- caveat:     What counts is in the lists "audit-off" and "audit-on". The log is on again with the next action that
--             starts one of the same service and account; without one it stays blind to the end of the period. Made by an
--             approved change the severity is medium. A log that is switched off may not have recorded the switch.
-- reviewer:   An incident by default; list all privileged activity around the blind interval.
SELECT   o.id AS item, o.t, coalesce(o.person, CASE WHEN o.session LIKE '%@%' THEN o.session END, o.actor, 'not recorded') AS actor,
         o.actor_id, o.action, o.resource, coalesce(b.reason, 'an audit log was altered') AS reason,
         CASE WHEN b.t_until < :until THEN b.t_until END AS t_on,
         CASE WHEN b.t_until < :until THEN seconds_between(o.t, b.t_until) END AS blind, o.detail, o.account, o.region, o.source_ip,
         CASE WHEN o.is_approved = 1 THEN 'medium' ELSE 'critical' END AS severity,
         o.change, CASE WHEN b.t_until < :until THEN b.evidence ELSE o.id END AS evidence
FROM     blind b JOIN event o ON o.key = b.t
WHERE    b.t >= :from AND b.t < :until AND b.environment = :environment
ORDER BY o.t, o.id
