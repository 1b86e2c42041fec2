-- title:    Network rules opened and closed
-- columns:  no row "No" 4, t time "Time (UTC)" 12, t_local local "Time (local)" 0, environment text "Environment" 0, direction text "Act" 9,
--           range id "Range" 15 bold, flow text "Direction" under direction, ports text "Protocol, ports" 12, target id "Target" 18,
--           actor text "Actor" 17, outcome mark "Outcome" 12, change id "Change" 0, t_closed time "Closed" 12, seconds_open duration "Open for" 10,
--           event id "Event" 0
-- if-empty: No network rule was changed in the period.
SELECT   x.t, x.environment, CASE WHEN x.direction = 'add' THEN 'opened' ELSE 'closed' END AS direction, x.range,
         coalesce(x.protocol, 'all') || CASE WHEN x.port_from < 0 THEN ', all ports' WHEN x.port_from = x.port_to THEN ' ' || x.port_from
              ELSE ' ' || x.port_from || '–' || x.port_to END AS ports,
         CASE WHEN x.is_deny = 1 THEN x.flow || ', deny' ELSE x.flow END AS flow, x.target, x.actor, x.outcome, x.change,
         CASE WHEN x.direction = 'add' THEN
              (SELECT min(y.t) FROM exposure y
               WHERE  y.direction = 'remove' AND y.outcome = 'success' AND y.t >= x.t AND y.target = x.target AND y.range = x.range
               AND    y.port_from = x.port_from AND y.port_to = x.port_to AND coalesce(y.protocol, '') = coalesce(x.protocol, '')) END AS t_closed,
         CASE WHEN x.direction = 'add' THEN seconds_between(x.t,
              (SELECT min(y.t) FROM exposure y
               WHERE  y.direction = 'remove' AND y.outcome = 'success' AND y.t >= x.t AND y.target = x.target AND y.range = x.range
               AND    y.port_from = x.port_from AND y.port_to = x.port_to AND coalesce(y.protocol, '') = coalesce(x.protocol, ''))) END AS seconds_open,
         x.event
FROM     exposure x
WHERE    x.t >= :from AND x.t < :until AND (:environment IS NULL OR x.environment = :environment)
ORDER BY x.t, x.id
