-- title:    Gaps in the record that touch the period
-- columns:  source text "Source" 16 bold, account id "Account" 16, region text "Region" 10, environment text "Environment" 0,
--           t time "Last event before" 13, t_until time "First event after" 13, known text "Ended" 14, seconds duration "Length" 10,
--           inside duration "In the period" 10, usual_seconds duration "Usual interval" 10
-- if-empty: No gap between the events of a continuous source touches the period.
SELECT   g.source, g.account, g.region, g.environment, g.t, g.t_until,
         CASE WHEN g.is_open = 1 THEN 'no event to the end of the record' WHEN g.t_until >= :until THEN 'after the period'
              ELSE 'in the period' END AS known,
         g.seconds, seconds_between(max(g.t, :from), min(g.t_end, :until)) AS inside, g.usual_seconds
FROM     gap g
WHERE    g.t < :until AND g.t_end > :from
AND      (:environment IS NULL OR g.environment = :environment OR g.environment = 'unmapped')
ORDER BY g.t, g.source, g.account, g.region
