-- title:      Ingress opened to the whole internet
-- question:   Was any administrative or data port opened to the internet?
-- severity:   high
-- tier:       1
-- needs:      cloud-audit
-- population: exposure where direction = 'add' and outcome not in ('failure', 'denied', 'throttled')
-- population-words: network ranges opened
-- columns:    t time "Opened" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, resource id "Where" 18,
--             what text "What" 18, reason text "Why it is listed" 22, t_closed time "Closed" 13, open_for duration "Open
--             for" 8, change id "Change" 0, action text "Action" 0, account id "Account" 0, severity text "Severity" 0,
--             item id "Number" 0, evidence id "Evidence" 0
-- if-empty:   No administrative or data port was opened to the internet.
-- caveat:     Looked for are the ranges of the list "open-ranges" on the ports of the list "risky-ports", or on all
--             ports. Web ports are not among them. Closing is known only from a rule that takes away the same range and
--             ports of the same target; that the target itself was deleted is not looked at. Made by an approved change the
--             severity is medium.
-- reviewer:   Close it or justify it; look at the flow logs of the time it was open.
WITH opened AS (
    SELECT x.id, x.t, x.source, x.person, x.actor, x.actor_id, x.actor_type, x.action, x.account, x.target, x.range,
           x.protocol,
           x.port_from, x.port_to, x.flow, x.change, x.is_approved, x.event,
           (SELECT min(y.t) FROM exposure y
            WHERE  y.t > x.t AND y.t < :until AND y.direction = 'remove' AND y.outcome NOT IN ('failure', 'denied', 'throttled')
            AND    y.target = x.target AND y.range = x.range AND y.flow = x.flow
            AND    coalesce(y.protocol, '') = coalesce(x.protocol, '')
            AND    y.port_from = x.port_from AND y.port_to = x.port_to) AS t_closed,
           CASE WHEN x.port_from < 0 THEN 'all ports'
                ELSE (SELECT group_concat(p.note, ', ') FROM (
                          SELECT k.note, k.pattern FROM list k
                          WHERE  k.list = 'risky-ports' AND CAST(k.pattern AS INTEGER) BETWEEN x.port_from AND x.port_to
                          ORDER BY CAST(k.pattern AS INTEGER) LIMIT 6) p) END AS risky
    FROM   exposure x
    WHERE  x.t >= :from AND x.t < :until AND x.environment = :environment
    AND    x.direction = 'add' AND x.is_deny = 0 AND x.outcome NOT IN ('failure', 'denied', 'throttled')
    AND    (x.range = '*' OR in_list('open-ranges', x.source, NULL, x.range) = 1)
    AND    coalesce(x.protocol, 'all') NOT LIKE 'icmp%')
SELECT   o.id AS item, o.t, coalesce(o.person, o.actor, 'not recorded') AS actor, o.actor_id, o.target AS resource,
         coalesce(o.protocol, 'all') || CASE WHEN o.port_from < 0 THEN '' WHEN o.port_from = o.port_to THEN ' ' || o.port_from
                                             ELSE ' ' || o.port_from || '-' || o.port_to END
         || CASE WHEN o.flow = 'egress' THEN ' to ' ELSE ' from ' END || o.range AS what,
         CASE WHEN o.flow = 'egress' THEN 'everything may leave to anywhere' ELSE 'open to everybody: ' || o.risky END
         || CASE WHEN o.t_closed IS NULL THEN '; not seen closed' ELSE '' END AS reason,
         o.t_closed, seconds_between(o.t, o.t_closed) AS open_for, o.action, o.account,
         CASE WHEN o.flow = 'egress' THEN 'low'
              WHEN o.is_approved = 1 THEN 'medium' ELSE 'high' END AS severity,
         o.change, o.event || coalesce(' ' || (SELECT min(y.event) FROM exposure y WHERE y.t = o.t_closed), '') AS evidence
FROM     opened o
WHERE   (o.flow = 'ingress' AND o.risky IS NOT NULL)
-- new groups let everything out and code says so again; by hand it is worth a look
OR      (o.flow = 'egress' AND o.port_from < 0 AND o.change IS NULL AND o.actor_type IN ('human', 'root'))
ORDER BY o.t, o.id
