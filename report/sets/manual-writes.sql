-- title:    Modifications by hand: person and service
-- columns:  who text "Who" 30 bold, actor_id id "Identity" under who, service text "Service" 24, n count "Modifications" 12,
--           resources count "Resources" 10, t_first time "First" 14, t_last time "Last" 14
-- if-empty: Nobody modified the cloud by hand.
SELECT   coalesce(person, actor, 'not recorded') AS who, min(actor_id) AS actor_id, service, count(*) AS n,
         count(DISTINCT resource) AS resources, min(t) AS t_first, max(t) AS t_last
FROM     modification
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      origin = 'people'
GROUP BY coalesce(person, actor, 'not recorded'), service
ORDER BY n DESC, who, service
