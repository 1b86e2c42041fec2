-- title:      Gaps in the record
-- question:   Are there times for which you have no logs?
-- severity:   high
-- tier:       1
-- needs:      any
-- population: coverage_day where source in (select k.source from source k where k.is_continuous = 1)
-- population-words: days with events of sources that record all the time
-- param:      min_hours 6 -- silences of which less lies in the period are not listed
-- columns:    t time "Last event before" 13, t_until time "First event after" 13, seconds duration "Length" 8, inside
--             duration "In the period" 8, source text "Source" 14 bold, account id "Account" 14, region text "Region" 10,
--             days count "Whole days" 6, reason text "What is known" 30, usual duration "Usual" 0, item id "Gap" 0,
--             evidence id "Evidence" 0
-- if-empty:   No source that records all the time has a gap of which the hours that are tested (parameter min_hours) or
--             more lie in the period.
-- caveat:     A silence is a gap when it is longer than eight times the 95th percentile of the usual time between events
--             at those hours of the week, or shorter but covers a calendar day on which the source is usually heard;
--             nights, weekends and regions that are rarely used are told apart by that. A gap that no event ends has
--             no first event after it; its length is counted to the end of the record. The list of gaps in the scope
--             names shorter parts of gaps as well. Missing digests, page limits and serial numbers are not tested.
-- reviewer:   Export the interval again; otherwise disclose it in the report.
SELECT   g.source || ' ' || coalesce(g.account, '-') || ' ' || coalesce(g.region, '-') || ' ' || utc(g.t) AS item,
         g.t, g.t_until, g.seconds, seconds_between(max(g.t, :from), min(g.t_end, :until)) AS inside, g.source, g.account, g.region, g.days,
         CASE WHEN EXISTS (SELECT 1 FROM event e
                           WHERE  e.t >= g.t - 3865470566400 AND e.t <= g.t_end AND e.is_write = 1 AND e.source = g.source
                           AND    coalesce(e.account, '') = coalesce(g.account, '')
                           AND    in_list('audit-off', e.source, e.service, e.action || coalesce(' ' || e.detail, '')) = 1)
              THEN 'logging was switched off'
              WHEN EXISTS (SELECT 1 FROM coverage c
                           WHERE  c.t > g.t AND c.t < g.t_end - 3865470566400 AND c.source = g.source
                           AND    c.environment = g.environment)
              THEN 'other places of this source were recorded meanwhile'
              WHEN EXISTS (SELECT 1 FROM coverage c WHERE c.t > g.t AND c.t < g.t_end - 3865470566400 AND c.source = g.source)
              THEN 'other environments of this source were recorded meanwhile'
              ELSE 'nothing at all of this source: not explained' END
         || CASE WHEN g.is_open = 1 THEN '; no event after it to the end of the record' ELSE '' END AS reason,
         g.usual_seconds AS usual,
         -- the records on both sides of it
         nullif(trim(coalesce((SELECT e.id FROM event e
                               WHERE  e.t >= g.t AND e.t < g.t + 1073741824 AND e.source = g.source
                               AND    e.environment = g.environment AND coalesce(e.account, '') = coalesce(g.account, '')
                               AND   (g.region IS NULL OR e.region = g.region)
                               ORDER BY e.t DESC LIMIT 1), '')
                     || coalesce(' ' || (SELECT e.id FROM event e
                                         WHERE  e.t >= g.t_until AND e.t < g.t_until + 1073741824 AND e.source = g.source
                                         AND    e.environment = g.environment
                                         AND    coalesce(e.account, '') = coalesce(g.account, '')
                                         AND   (g.region IS NULL OR e.region = g.region)
                                         ORDER BY e.t LIMIT 1), '')), '') AS evidence,
         g.source || coalesce(' ' || g.account, '') AS resource
FROM     gap g
WHERE    g.t < :until AND g.t_end > :from AND g.environment = :environment
-- what of it lies in the period
AND      seconds_between(max(g.t, :from), min(g.t_end, :until)) >= CAST(:min_hours AS INTEGER) * 3600
ORDER BY g.t, g.source, coalesce(g.account, ''), coalesce(g.region, '')
