-- title:    Events by source
-- columns:  label text "Source", n count "Events"
SELECT   coalesce(k.title, c.source) AS label, sum(c.n) AS n
FROM     coverage c JOIN source k ON k.source = c.source
WHERE    c.t >= :from AND c.t < :until AND (:environment IS NULL OR c.environment = :environment)
GROUP BY coalesce(k.title, c.source)
ORDER BY n DESC, label
