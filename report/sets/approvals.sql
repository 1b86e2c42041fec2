-- title:    Approvals and other decisions on changes
-- columns:  no row "No" 5, t time "Time (UTC)" 13, t_local local "Time (local)" 0, environment text "Environment" 0, actor text "By" 18 bold,
--           decision text "Decision" 10, object_type text "On" 10, object id "Object" 24, is_bot text "Bot Y/N" 0, commit_id id "Commit" 12,
--           defect text "Does not count because" 20, change id "Change" 18, evidence id "Evidence" 0
-- if-empty: No decision on a change is recorded.
SELECT   t, environment, coalesce(person, by) AS actor, decision, object_type, object, CASE is_bot WHEN 1 THEN 'Y' ELSE 'N' END AS is_bot,
         commit_id, defect, change, evidence
FROM     approval
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
ORDER BY t, id
