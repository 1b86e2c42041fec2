-- title:    Failed and denied actions by error
-- columns:  error text "Error" 30 bold, outcome mark "Outcome" 12, n count "Times" 10,
--           people count "Identities" 12, t_first time "First" 14, t_last time "Last" 14
-- if-empty: No action failed in the period.
SELECT   error, outcome, count(*) AS n, count(DISTINCT coalesce(actor_id, actor)) AS people, min(t) AS t_first, max(t) AS t_last
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND has_error
GROUP BY error, outcome
ORDER BY n DESC, error, outcome
