SELECT   source, account, region, t, t_until, seconds, days
FROM     gap
WHERE    t < :until AND t_end > :from AND (environment IN (:environment, 'unmapped') OR :environment IS NULL)
ORDER BY source, account, region, t, t_end, environment
