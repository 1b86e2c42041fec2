-- title:    Who modified the cloud
-- columns:  label text "Origin", n count "Modifications"
WITH write AS (
    SELECT CASE origin WHEN 'run' THEN 'Pipeline, during a recorded change'
                       WHEN 'platform' THEN 'The platform by itself, controllers'
                       WHEN 'ignored' THEN 'Not examined: data, labels, log writing'
                       WHEN 'automation' THEN 'Automation, no change recorded'
                       WHEN 'people' THEN 'People by hand'
                       ELSE 'Other accounts' END AS label
    FROM   modification
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment))
SELECT   label, count(*) AS n
FROM     write
GROUP BY label
ORDER BY n DESC, label
