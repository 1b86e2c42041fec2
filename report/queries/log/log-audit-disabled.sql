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
WITH off AS (
    SELECT e.id, e.t, e.source, e.service, e.person, e.session, e.actor, e.actor_id, e.action, e.resource, e.detail,
           e.account, e.region,
           e.source_ip, e.change, e.is_approved,
           (SELECT min(k.note) FROM list k
            WHERE  k.list = 'audit-off' AND (k.source IS NULL OR k.source = '' OR k.source = e.source)
            AND   (k.service IS NULL OR k.service = '' OR k.service = e.service)
            AND   (glob_nocase(k.pattern, e.action || coalesce(' ' || e.detail, '')) = 1
                   OR glob_nocase(k.pattern, e.action || coalesce(' ' || e.resource, '')) = 1)) AS reason
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.is_write = 1 AND e.outcome NOT IN ('failure', 'denied', 'throttled')
    AND   (in_list('audit-off', e.source, e.service, e.action || coalesce(' ' || e.detail, '')) = 1
           OR in_list('audit-off', e.source, e.service, e.action || coalesce(' ' || e.resource, '')) = 1))
SELECT   o.id AS item, o.t, coalesce(o.person, CASE WHEN o.session LIKE '%@%' THEN o.session END, o.actor, 'not recorded') AS actor,
         o.actor_id, o.action, o.resource, coalesce(o.reason, 'an audit log was altered') AS reason, o.t_on,
         seconds_between(o.t, o.t_on) AS blind, o.detail, o.account, o.region, o.source_ip,
         CASE WHEN o.is_approved = 1 THEN 'medium' ELSE 'critical' END AS severity,
         o.change, o.id AS evidence
FROM    (SELECT f.*, (SELECT min(e.t) FROM event e
                      WHERE  e.t > f.t AND e.t < :until AND e.is_write = 1 AND e.source = f.source
                      AND    coalesce(e.service, '') = coalesce(f.service, '') AND coalesce(e.account, '') = coalesce(f.account, '')
                      AND    e.outcome NOT IN ('failure', 'denied', 'throttled')
                      AND    in_list('audit-on', e.source, e.service, e.action || coalesce(' ' || e.detail, '')) = 1) AS t_on
         FROM   off f) o
ORDER BY o.t, o.id
