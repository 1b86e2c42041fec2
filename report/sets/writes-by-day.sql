-- title:    Modifications by day: pipeline and by hand
-- columns:  t time "Day", label text "Origin", n count "Modifications"
SELECT   day(t + :zone_offset * 1073741824) AS t, CASE WHEN is_explained = 1 OR actor_type = 'automation' THEN 'pipeline' ELSE 'manual' END AS label,
         count(*) AS n
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      is_write = 1 AND outcome = 'success' AND actor_type <> 'provider' AND coalesce(actor_kind, '') <> 'controller'
AND      source IN (SELECT k.source FROM source k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0)
GROUP BY day(t + :zone_offset * 1073741824), CASE WHEN is_explained = 1 OR actor_type = 'automation' THEN 'pipeline' ELSE 'manual' END
ORDER BY t, label
