SELECT   source, account, region, t, t_until, seconds, days
FROM     gap
WHERE    t < :until AND t_until > :from AND (environment = :environment OR :environment IS NULL)
ORDER BY source, account, region, t, t_until, environment
