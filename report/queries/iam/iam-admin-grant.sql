-- title:      Administrator-level permission granted
-- question:   Who was given administrative rights?
-- severity:   high
-- tier:       1
-- needs:      cloud-audit|platform-audit
-- population: grant where direction = 'add' and outcome not in ('failure', 'denied', 'throttled')
-- population-words: permissions given
-- columns:    t time "When" 13, actor text "Given by" 20 bold, actor_id id "Identity" under actor, grantee id "To" 18,
--             permission text "Permission" 20, scope id "On" 14, reason text "Why it is listed" 22, change id "Change" 0,
--             action text "Action" 0, condition text "Condition" 0, account id "Account" 0, severity text "Severity" 0,
--             item id "Number" 0, evidence id "Evidence" 0
-- if-empty:   No administrator-level permission was given.
-- caveat:     A permission is administrator-level when it is on the list "admin-roles" or its policy document allows
--             everything. A policy of your own that gives as much under another name is found by its document, not by its
--             name. Given by an approved change of the pipeline the severity is low.
-- reviewer:   Match it to an approved access request; confirm that less would not do.
SELECT   g.id AS item, g.t, coalesce(g.person, g.actor, 'not recorded') AS actor, g.actor_id, g.grantee, g.permission,
         g.scope,
         CASE WHEN g.is_admin = 1 THEN 'the policy allows everything or lets its holder give himself everything'
              ELSE coalesce((SELECT min(k.note) FROM list k
                             WHERE  k.list = 'admin-roles' AND (k.source IS NULL OR k.source = '' OR k.source = g.source)
                             AND    glob_nocase(k.pattern, g.permission) = 1), 'on the list of administrator roles') END
         || CASE WHEN g.change IS NOT NULL THEN '; made by change ' || g.change ELSE '' END AS reason,
         g.action, g.grantee AS resource, g.condition, g.account,
         CASE WHEN g.is_approved = 1 THEN 'low' ELSE 'high' END AS severity,
         g.change, g.event AS evidence
FROM     grant g
WHERE    g.t >= :from AND g.t < :until AND g.environment = :environment
AND      g.direction = 'add' AND g.outcome NOT IN ('failure', 'denied', 'throttled')
AND     (g.is_admin = 1 OR in_list('admin-roles', g.source, NULL, g.permission) = 1)
ORDER BY g.t, g.id
