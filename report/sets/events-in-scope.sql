-- title:    From all events to those of this report
-- columns:  source text "Source" 24 bold, total count "All periods" 13, inside count "In the period" 13, outside count "Out of it" 13,
--           here count "This environment" 13, elsewhere count "Other environments" 13, unmapped count "Unmapped" 11
-- if-empty: No source has events.
SELECT   coalesce(k.title, c.source) AS source, sum(c.n) AS total,
         sum(CASE WHEN c.t >= :from AND c.t < :until THEN c.n ELSE 0 END) AS inside,
         sum(CASE WHEN c.t >= :from AND c.t < :until THEN 0 ELSE c.n END) AS outside,
         sum(CASE WHEN c.t >= :from AND c.t < :until AND c.environment = coalesce(:environment, c.environment) THEN c.n ELSE 0 END) AS here,
         sum(CASE WHEN c.t >= :from AND c.t < :until AND c.environment <> coalesce(:environment, c.environment)
                   AND c.environment <> 'unmapped' THEN c.n ELSE 0 END) AS elsewhere,
         sum(CASE WHEN c.t >= :from AND c.t < :until AND c.environment = 'unmapped'
                   AND c.environment <> coalesce(:environment, '') THEN c.n ELSE 0 END) AS unmapped
FROM     coverage c JOIN source k ON k.source = c.source
GROUP BY coalesce(k.title, c.source)
ORDER BY source
