-- title:    Permissions given and taken
-- columns:  no row "No" 5, t time "Time (UTC)" 13, t_local local "Time (local)" 0, environment text "Environment" 0, actor text "Actor" 16,
--           action text "Action" 14, direction text "Act" 7, grantee id "To" 22 bold, grantee_type text "Type" 0, permission id "Permission" 20,
--           scope id "On" 18, outcome mark "Outcome" 10, change id "Change" 0, is_admin text "Administrator Y/N" 0, is_public text "Everyone Y/N" 0,
--           is_external text "Outsider Y/N" 0, condition text "Condition" 0, event id "Event" 0
-- if-empty: No permission was changed in the period.
SELECT   t, environment, coalesce(person, actor) AS actor, action, CASE direction WHEN 'add' THEN 'given' ELSE 'taken' END AS direction,
         grantee, grantee_type, permission, scope, outcome, change,
         CASE WHEN is_admin = 1 OR in_list('admin-roles', source, '', permission) = 1 THEN 'Y' ELSE 'N' END AS is_admin,
         CASE is_public WHEN 1 THEN 'Y' ELSE 'N' END AS is_public, CASE is_external WHEN 1 THEN 'Y' ELSE 'N' END AS is_external,
         condition, event
FROM     "grant"
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
ORDER BY t, id
