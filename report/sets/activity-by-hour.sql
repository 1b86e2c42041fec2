-- title:    Modifications and sign-ins by people, by hour
-- columns:  t time "Hour", n count "Events"
SELECT   day(t + :zone_offset * 1073741824) + hour(t + :zone_offset * 1073741824) * 3865470566400 AS t, count(*) AS n
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      (is_write = 1 OR is_login = 1) AND actor_type IN ('human', 'root')
GROUP BY day(t + :zone_offset * 1073741824) + hour(t + :zone_offset * 1073741824) * 3865470566400
ORDER BY t
