-- title:    Events by source, account and day
-- columns:  label text "Source", account text "Account", t time "Day", n count "Events", is_here count "Of the environment"

-- A cloud account is asked for the environment's events, a delivery platform for all of them.
SELECT   c.source AS label, coalesce(c.account, '') AS account, c.t,
         CASE WHEN instr(' ' || k.gives || ' ', ' cloud-audit ') > 0 THEN 1 ELSE 0 END AS is_here, sum(c.n) AS n
FROM     coverage_day c JOIN source k ON k.source = c.source
WHERE    c.t >= :from AND c.t < :until AND k.is_continuous = 1
AND      (instr(' ' || k.gives || ' ', ' cloud-audit ') = 0 OR :environment IS NULL OR c.environment = :environment)
GROUP BY c.source, coalesce(c.account, ''), c.t, is_here
ORDER BY c.source, account, c.t
