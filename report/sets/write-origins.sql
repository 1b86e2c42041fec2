-- title:    Who modified the cloud
-- columns:  label text "Origin", n count "Modifications"
WITH write AS (
    SELECT CASE WHEN is_explained = 1 THEN 'Pipeline, during a recorded change'
                WHEN actor_type = 'provider' OR actor_kind = 'controller' THEN 'The platform by itself, controllers'
                WHEN actor_type = 'automation' THEN 'Automation, no change recorded'
                WHEN actor_type IN ('human', 'root') THEN 'People by hand'
                ELSE 'Other accounts' END AS label
    FROM   event
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
    AND    is_write = 1 AND outcome = 'success'
    AND    source IN (SELECT k.source FROM source k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0))
SELECT   label, count(*) AS n
FROM     write
GROUP BY label
ORDER BY n DESC, label
