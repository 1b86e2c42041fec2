-- title:    From all events to those of this report
-- columns:  source text "Source" 24 bold, total count "All periods" 13, inside count "In the period" 13, outside count "Out of it" 13,
--           here count "This environment" 13, elsewhere count "Other environments" 13, unmapped count "Unmapped" 11
-- if-empty: No source has events.
WITH heard AS (
    SELECT coalesce(k.title, c.source) AS source, c.n,
           CASE WHEN c.t >= :from AND c.t < :until THEN c.n ELSE 0 END AS inside,
           CASE WHEN c.environment = coalesce(:environment, c.environment) THEN 'here'
                WHEN c.environment = 'unmapped' THEN 'unmapped' ELSE 'elsewhere' END AS place
    FROM   coverage c JOIN source k ON k.source = c.source),
counted AS (
    SELECT source, n, inside, n - inside AS outside, CASE place WHEN 'here' THEN inside ELSE 0 END AS here,
           CASE place WHEN 'elsewhere' THEN inside ELSE 0 END AS elsewhere, CASE place WHEN 'unmapped' THEN inside ELSE 0 END AS unmapped
    FROM   heard),
total AS (
    SELECT 0 AS place, source, sum(n) AS total, sum(inside) AS inside, sum(outside) AS outside, sum(here) AS here,
           sum(elsewhere) AS elsewhere, sum(unmapped) AS unmapped
    FROM   counted
    GROUP BY source
    UNION ALL
    SELECT 1, 'All sources', sum(n), sum(inside), sum(outside), sum(here), sum(elsewhere), sum(unmapped)
    FROM   counted)
SELECT   source, total, inside, outside, here, elsewhere, unmapped
FROM     total
WHERE    total IS NOT NULL
ORDER BY place, source
