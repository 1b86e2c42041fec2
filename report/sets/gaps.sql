-- title:    Gaps in the record that touch the period
-- columns:  source text "Source" 18 bold, account id "Account" 16, region text "Region" 12, t time "Last event before" 14,
--           t_until time "First event after" 14, seconds duration "Length" 12, usual_seconds duration "Usual interval" 12
-- if-empty: No gap was found between the events of any continuous source.
SELECT   g.source, g.account, g.region, g.t, g.t_until, g.seconds, g.usual_seconds
FROM     gap g
WHERE    g.t < :until AND coalesce(g.t_until, :until) > :from
AND      (:environment IS NULL OR g.environment = :environment OR g.environment = 'unmapped')
ORDER BY g.t, g.source, g.account, g.region
