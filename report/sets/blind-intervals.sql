-- title:    When audit logging was off
-- columns:  source text "Source" 16 bold, account id "Account" 15, t time "Off" 13, t_on time "On again" 13, blind duration "Within the period" 11,
--           actor text "Who" 16, action text "Action" 15, resource id "Trail" 18, id id "Event" 0
-- if-empty: No audit log was stopped, deleted or narrowed in the period.
SELECT   source, account, t, t_until AS t_on, seconds_between(max(t, :from), min(coalesce(t_until, :until), :until)) AS blind,
         coalesce(person, actor, 'not recorded') AS actor, action, resource, id
FROM     blind
WHERE    t < :until AND coalesce(t_until, :until) > :from AND (:environment IS NULL OR environment = :environment)
ORDER BY t, id
