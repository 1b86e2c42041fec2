-- title:    Permissions given and taken, by kind
-- columns:  kind text "Kind" 40 bold, added count "Given" 15, removed count "Taken" 15, by_people count "By people" 15, by_pipeline count "By automation" 15
-- if-empty: No permission was changed in the period.
WITH kinds AS (
    SELECT CASE WHEN is_public = 1 THEN 'To everyone'
                WHEN is_external = 1 THEN 'To outsiders'
                WHEN is_admin = 1 OR in_list('admin-roles', source, '', permission) = 1 THEN 'Administrator'
                ELSE 'Other' END AS kind,
           direction, actor_type
    FROM   "grant"
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND outcome = 'success')
SELECT   kind, sum(CASE WHEN direction = 'add' THEN 1 ELSE 0 END) AS added, sum(CASE WHEN direction = 'remove' THEN 1 ELSE 0 END) AS removed,
         sum(CASE WHEN actor_type IN ('human', 'root') THEN 1 ELSE 0 END) AS by_people,
         sum(CASE WHEN actor_type = 'automation' THEN 1 ELSE 0 END) AS by_pipeline
FROM     kinds
GROUP BY kind
ORDER BY kind
