-- title:    Sources that can contain such events
-- columns:  source text "Source" 26 bold, account id "Account" 20, n count "Events in the range" 14, days count "Days with events" 14,
--           t_first time "First hour" 13, t_last time "Last hour" 13
-- if-empty: No source has events in the range.
SELECT   coalesce(k.title, c.source) AS source, c.account, sum(c.n) AS n, count(DISTINCT day(c.t)) AS days, min(c.t) AS t_first, max(c.t) AS t_last
FROM     coverage c JOIN source k ON k.source = c.source
WHERE    c.t >= :from AND c.t < :until AND (:environment IS NULL OR c.environment = :environment)
AND      (:source IS NULL OR glob_nocase(:source, c.source))
GROUP BY coalesce(k.title, c.source), c.account
ORDER BY source, c.account
