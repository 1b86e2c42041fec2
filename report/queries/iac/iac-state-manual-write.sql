-- title:      State written outside a run
-- question:   Was the state file ever edited, imported or pushed by hand?
-- severity:   high
-- tier:       1
-- needs:      state-access|platform-audit
-- population: event where is_write = 1 and in_list('state-writes', source, service, action) = 1 and
--             (in_list('state-objects', source, service, resource) = 1 or source like 'hcp-%')
-- population-words: writes to infrastructure state that were logged
-- columns:    t time "First" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, action text "Action" 18,
--             resource id "State" 24, n count "Times" 5, reason text "Why it is listed" 24, t_last time "Last" 0,
--             user_agent text "User agent" 0, source_ip id "Address" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   Every logged write to infrastructure state came from a run.
-- caveat:     Object stores log writes only where data events are on: without them nothing can be seen here, and the
--             population is empty. Which objects are state is in the lists "state-objects" and "state-writes". Commands
--             such as "state rm" run by hand show as plain writes. Gaps in serial numbers are not tested.
-- reviewer:   Compare the state before and after; ask for the ticket.
WITH written AS (
    SELECT e.id, e.t, coalesce(e.identity, e.actor_id, e.actor, '') AS identity, e.actor, e.actor_id, e.person, e.session,
           e.action,
           replace(coalesce(e.resource, ''), '.tflock', '') AS state, day(e.t) AS day, e.user_agent, e.source_ip,
           e.source,
           CASE WHEN e.source LIKE 'hcp-%' THEN 'the state was stored without a run'
                WHEN e.actor_type = 'human' THEN 'written by a person'
                WHEN e.actor_type = 'root' THEN 'written by the root user'
                ELSE 'written by an account that is not registered as automation' END AS reason
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.is_write = 1 AND e.is_explained = 0
    AND    e.outcome NOT IN ('failure', 'denied', 'throttled')
    AND    in_list('state-writes', e.source, e.service, e.action) = 1
    AND    e.actor_type NOT IN ('automation', 'provider')
    AND    coalesce(e.actor_kind, '') <> 'controller'
    AND   (CASE WHEN e.source LIKE 'hcp-%' THEN
                -- a person, and no run of that workspace going on
                CASE WHEN e.run IS NOT NULL OR e.actor_type = 'service' THEN 0
                     WHEN EXISTS (SELECT 1 FROM change c
                                  WHERE c.environment = e.environment AND c.tool = 'hcp-terraform' AND c.workspace = e.place
                                  AND   c.t <= e.t AND c.t_end >= e.t) THEN 0
                     ELSE 1 END
                WHEN in_list('state-objects', e.source, e.service, e.resource) = 0 THEN 0
                -- who is no pipeline is known of people always, of others only with a register
                WHEN e.actor_type IN ('human', 'root', 'anonymous') THEN 1
                WHEN EXISTS (SELECT 1 FROM identity i WHERE i.kind = 'automation') THEN 1
                ELSE 0 END) = 1)
SELECT   w.id AS item, w.t, coalesce(w.person, CASE WHEN w.session LIKE '%@%' THEN w.session END, w.actor, 'not recorded') AS actor,
         w.actor_id, w.action, w.state AS resource, w.n, w.reason, w.t_last, w.user_agent, w.source_ip, w.evidence
FROM    (SELECT x.*, row_number() OVER (PARTITION BY x.identity, x.state, x.day ORDER BY x.t) AS place,
                count(*) OVER (PARTITION BY x.identity, x.state, x.day) AS n,
                max(x.t) OVER (PARTITION BY x.identity, x.state, x.day) AS t_last,
                group_concat(x.id, ' ') OVER (PARTITION BY x.identity, x.state, x.day ORDER BY x.t
                                              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS evidence
         FROM   written x) w
WHERE    w.place = 1
ORDER BY w.t, w.id
