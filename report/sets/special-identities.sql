-- title:    Root, emergency and shared accounts that were active
-- columns:  who text "Account" 30 bold, actor_id id "Identity" under who, kind text "Kind" 14, source text "Source" 16, n count "Events" 9,
--           writes count "Modifications" 11, failed count "Failed or denied" 11, t_first time "First day" 12, t_last time "Last day" 12
-- if-empty: No root, emergency or shared account was active in the period.
SELECT   coalesce(person, actor, 'not recorded') AS who, actor_id,
         CASE WHEN actor_type = 'root' THEN 'root' ELSE actor_kind END AS kind, source, sum(n) AS n, sum(writes) AS writes,
         sum(failed) AS failed, min(t) AS t_first, max(t) AS t_last
FROM     actor_day
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      (actor_type = 'root' OR actor_kind IN ('break-glass', 'shared'))
GROUP BY coalesce(person, actor, 'not recorded'), actor_id, CASE WHEN actor_type = 'root' THEN 'root' ELSE actor_kind END, source
ORDER BY kind, n DESC, who, source
