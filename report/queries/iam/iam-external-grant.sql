-- title:      Access granted to outsiders or to everyone
-- question:   Was access given to external or public principals?
-- severity:   critical
-- tier:       1
-- needs:      cloud-audit|platform-audit
-- population: grant where direction = 'add' and outcome not in ('failure', 'denied', 'throttled')
-- population-words: permissions given
-- columns:    t time "When" 13, actor text "Given by" 20 bold, actor_id id "Identity" under actor, grantee id "To" 18,
--             permission text "Permission" 18, scope id "On" 16, reason text "Why it is listed" 22, change id "Change" 0,
--             action text "Action" 0, condition text "Condition" 0, account id "Account" 0, severity text "Severity" 0,
--             item id "Number" 0, evidence id "Evidence" 0
-- if-empty:   No access was given to everyone or to anybody outside.
-- caveat:     Outside means another account, tenant or domain than the one of the event that is not on the list of
--             trusted ones in the configuration; without that list the severity of such a line is medium, because nobody
--             has said who is trusted. A public web site looks the same as a leak. Made by an approved change the
--             severity is medium.
-- reviewer:   Remove it or document it; assess what was exposed since then.
SELECT   g.id AS item, g.t, coalesce(g.person, g.actor, 'not recorded') AS actor, g.actor_id, g.grantee, g.permission,
         g.scope,
         CASE WHEN g.is_public = 1 THEN 'open to everyone'
              WHEN EXISTS (SELECT 1 FROM trusted) THEN 'to somebody outside who is not on the list of trusted ones'
              ELSE 'to somebody outside; there is no list of trusted ones' END
         || CASE WHEN g.change IS NOT NULL THEN '; made by change ' || g.change ELSE '' END AS reason,
         g.action, g.scope AS resource, g.condition, g.account,
         CASE WHEN g.is_approved = 1 THEN 'medium'
              WHEN g.is_public = 1 OR EXISTS (SELECT 1 FROM trusted) THEN 'critical'
              ELSE 'medium' END AS severity,
         g.change, g.event AS evidence
FROM     grant g
WHERE    g.t >= :from AND g.t < :until AND g.environment = :environment
AND      g.direction = 'add' AND g.outcome NOT IN ('failure', 'denied', 'throttled')
AND     (g.is_public = 1
         OR (g.is_external = 1
             AND NOT EXISTS (SELECT 1 FROM trusted w
                             WHERE  lower(w.name) = lower(host_of(g.grantee))
                             OR     lower(w.name) = lower(g.grantee)
                             OR     lower(g.grantee) LIKE '%:' || lower(w.name)
                             OR     lower(g.grantee) LIKE '%/' || lower(w.name)
                             OR     lower(g.grantee) LIKE '%.' || lower(w.name))))
ORDER BY g.t, g.id
