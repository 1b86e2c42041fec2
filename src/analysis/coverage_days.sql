-- Which source was heard on which day, in which account and environment. Four weeks more on either side than the period, so that
-- a quiet weekday can be told from a silent one.
SELECT   source, coalesce(account, '') AS account, environment, t, sum(n) AS n
FROM     coverage_day
WHERE    t >= :since AND t < :before
GROUP BY source, coalesce(account, ''), environment, t
ORDER BY source, account, environment, t
