-- title:      Permission changes: population
-- question:   List every change to permissions in the period.
-- severity:   info
-- tier:       1
-- kind:       population
-- needs:      cloud-audit|platform-audit
-- population: grant where outcome not in ('failure', 'denied', 'throttled')
-- population-words: permissions given or taken
-- columns:    t time "When" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, direction text "Way" 6,
--             grantee id "To or from" 20, permission text "Permission" 20, scope id "On" 16, marks text "Marked" 10,
--             change id "Change" 0, action text "Action" 0, condition text "Condition" 0, account id "Account" 0, event
--             id "Evidence" 0
-- if-empty:   No permission was changed in the period.
-- caveat:     One call may carry many permissions: each is a line of its own. Where a platform records the whole policy
--             and not the difference, all of it is listed and the condition says so.
-- reviewer:   Sampling frame for tests of access provisioning: draw a sample and match it to requests.
SELECT   g.t, coalesce(g.person, g.actor, 'not recorded') AS actor, g.actor_id,
         CASE g.direction WHEN 'add' THEN 'given' ELSE 'taken' END AS direction,
         g.grantee, g.permission, g.scope,
         CASE WHEN g.is_public = 1 THEN 'public' WHEN g.is_external = 1 THEN 'external' ELSE '' END
         || CASE WHEN g.is_admin = 1 OR in_list('admin-roles', g.source, NULL, g.permission) = 1
                 THEN CASE WHEN g.is_public = 1 OR g.is_external = 1 THEN ', admin' ELSE 'admin' END ELSE '' END AS marks,
         g.change, g.action, g.condition, g.account, g.event, g.event AS evidence
FROM     grant g
WHERE    g.t >= :from AND g.t < :until AND g.environment = :environment
AND      g.outcome NOT IN ('failure', 'denied', 'throttled')
ORDER BY g.t, g.id
