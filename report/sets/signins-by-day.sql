-- title:    Sign-ins by day and result
-- columns:  t time "Day", label text "Result", n count "Sign-ins"
SELECT   day(t + :zone_offset * 1073741824) AS t, CASE WHEN outcome = 'success' THEN 'success' ELSE 'failure' END AS label, count(*) AS n
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND is_login = 1
GROUP BY day(t + :zone_offset * 1073741824), CASE WHEN outcome = 'success' THEN 'success' ELSE 'failure' END
ORDER BY t, label
