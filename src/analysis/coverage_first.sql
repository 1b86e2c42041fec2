-- Where the record begins and ends: everywhere, and in the environment, which a baseline rests on.
SELECT min(t) AS t_first,
       max(t) AS t_last,
       min(CASE WHEN :environment IS NULL OR environment = :environment THEN t END) AS t_first_here
FROM   coverage_day
WHERE  t > 0
