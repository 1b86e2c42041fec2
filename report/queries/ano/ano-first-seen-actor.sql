-- title:      Actors never seen before
-- question:   Who is new in this environment this period?
-- severity:   medium
-- tier:       1
-- needs:      history:30
-- population: actor_day where n > failed and actor_type not in ('provider', 'anonymous')
-- population-words: identities and days on which they did something, per account and region
-- columns:    t time "First event" 13, actor text "Who" 18 bold, actor_id id "Identity" under actor, reason text "What is
--             known" 26, source text "Source" 10, action text "First actions" 30, n count "Events" 6, t_last time "Last
--             event" 0, actor_type text "Type" 0, severity text "Severity" 0, item id "Number" 0, evidence id "Evidence"
--             0
-- if-empty:   Everybody who did something in the period had been seen in this environment before.
-- caveat:     Compared with all of the record before the period, which must reach back 30 days. Of a role the role counts
--             and not its session, unless the session is a person. Identities of the platform itself and of the list
--             "controllers" are left out. Which event created an identity is not looked for.
-- reviewer:   Match it to the list of joiners or to a new service.
WITH firsts AS (
    SELECT   s.identity, min(s.t_first) AS t_first, max(s.t_last) AS t_last, min(s.actor) AS actor,
             min(s.actor_id) AS actor_id,
             min(s.person) AS person, min(s.source) AS source, max(s.actor_type) AS actor_type,
             max(s.actor_kind) AS actor_kind,
             sum(s.n) AS n
    FROM     seen s
    WHERE    s.environment = :environment AND s.identity IS NOT NULL AND s.actor_type NOT IN ('provider', 'anonymous')
    AND      coalesce(s.actor_kind, '') <> 'controller'
    AND      in_list('controllers', s.source, NULL, s.actor_id) = 0 AND in_list('controllers', s.source, NULL, s.actor) = 0
    GROUP BY s.identity
    HAVING   min(s.t_first) >= :from AND min(s.t_first) < :until),
succeeded AS (
    SELECT   d.identity
    FROM     actor_day d
    WHERE    d.environment = :environment AND d.t >= day(:from) AND d.t < :until
    GROUP BY d.identity
    HAVING   sum(d.n) > sum(d.failed)),
acts AS (
    SELECT a.identity, a.action, row_number() OVER (PARTITION BY a.identity ORDER BY a.t, a.action) AS place
    FROM  (SELECT   x.identity, x.action, min(x.t_first) AS t
           FROM     seen_action x
           WHERE    x.environment = :environment AND x.identity IN (SELECT f.identity FROM firsts f) AND x.action IS NOT NULL
           GROUP BY x.identity, x.action) a)
SELECT   f.identity AS item, f.t_first AS t, coalesce(f.person, f.actor, f.identity) AS actor, f.actor_id,
         CASE WHEN f.person IS NOT NULL THEN 'on the people list'
                   || coalesce((SELECT min(', from ' || substr(utc(p.t_start), 1, 10)) FROM person p WHERE p.name = f.person), '')
              WHEN f.actor_kind IS NOT NULL THEN 'registered as ' || f.actor_kind
              WHEN f.actor_type = 'human' AND EXISTS (SELECT 1 FROM person) THEN 'a person who is not on the people list'
              WHEN EXISTS (SELECT 1 FROM identity) THEN 'not registered'
              ELSE 'nothing: there is no register' END AS reason,
         f.source,
         (SELECT group_concat(b.action, ', ')
          FROM  (SELECT a.action FROM acts a WHERE a.identity = f.identity AND a.place <= 10 ORDER BY a.place) b) AS action,
         f.n, f.t_last, f.actor_type,
         CASE WHEN f.person IS NOT NULL OR f.actor_kind IS NOT NULL THEN 'low' ELSE 'medium' END AS severity,
         (SELECT min(e.id) FROM event e
          WHERE  e.t >= f.t_first AND e.t < f.t_first + 1073741824 AND e.identity = f.identity) AS evidence
FROM     firsts f
WHERE    f.identity IN (SELECT s.identity FROM succeeded s)
ORDER BY f.t_first, f.identity
