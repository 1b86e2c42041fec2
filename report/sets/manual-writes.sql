-- title:    Modifications by hand: person and service
-- columns:  who text "Who" 30 bold, actor_id id "Identity" under who, service text "Service" 24, n count "Modifications" 12,
--           resources count "Resources" 10, t_first time "First" 14, t_last time "Last" 14
-- if-empty: Nobody modified the cloud by hand.
SELECT   coalesce(person, actor, 'not recorded') AS who, min(actor_id) AS actor_id, service, count(*) AS n,
         count(DISTINCT resource) AS resources, min(t) AS t_first, max(t) AS t_last
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      is_write = 1 AND outcome = 'success' AND is_explained = 0 AND actor_type IN ('human', 'root')
AND      source IN (SELECT k.source FROM source k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0)
GROUP BY coalesce(person, actor, 'not recorded'), service
ORDER BY n DESC, who, service
