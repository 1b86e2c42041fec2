-- title:    Network rules opened and closed
-- columns:  no row "No" 4, t time "Time (UTC)" 12, t_local local "Time (local)" 0, environment text "Environment" 0, direction text "Act" 9,
--           range id "Range" 15 bold, flow text "Direction" under direction, ports text "Protocol, ports" 12, target id "Target" 18,
--           actor text "Actor" 17, outcome mark "Outcome" 12, change id "Change" 0, t_closed time "Closed" 12, seconds_open duration "Open for" 10,
--           event id "Event" 0
-- if-empty: No network rule was changed in the period.
WITH acts AS (
    SELECT id, t, environment, direction, range, protocol, port_from, port_to, flow, is_deny, target, actor, outcome, change, event,
           min(CASE WHEN direction = 'remove' AND outcome = 'success' THEN t END)
               OVER (PARTITION BY target, range, coalesce(protocol, ''), port_from, port_to
                     ORDER BY t, id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS t_removed
    FROM   exposure
    WHERE  t >= :from)
SELECT   t, environment, CASE WHEN direction = 'add' THEN 'opened' ELSE 'closed' END AS direction, range,
         coalesce(protocol, 'all') || CASE WHEN port_from < 0 THEN ', all ports' WHEN port_from = port_to THEN ' ' || port_from
              ELSE ' ' || port_from || '–' || port_to END AS ports,
         CASE WHEN is_deny = 1 THEN flow || ', deny' ELSE flow END AS flow, target, actor, outcome, change,
         CASE WHEN direction = 'add' THEN t_removed END AS t_closed,
         CASE WHEN direction = 'add' THEN seconds_between(t, t_removed) END AS seconds_open, event
FROM     acts
WHERE    t < :until AND (:environment IS NULL OR environment = :environment)
ORDER BY t, id
