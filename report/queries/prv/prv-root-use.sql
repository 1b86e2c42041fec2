-- title:      Use of the root account
-- question:   Was the root user, or the owner of last resort, used?
-- severity:   critical
-- tier:       1
-- needs:      cloud-audit
-- population: coverage_day where source in (select k.source from source k where k.gives LIKE '%cloud-audit%')
-- population-words: days of cloud record examined, per account and region
-- columns:    t time "First" 13, actor text "Who" 12 bold, account id "Account" 14, action text "What" 30, reason text
--             "Why it is listed" 22, n count "Times" 5, mfa text "MFA" 5, source_ip id "From" 12, t_last time "Last" 0,
--             user_agent text "User agent" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   No event of a root user, and nobody took the powers of one.
-- caveat:     The platform uses the root identity for some calls of its own; those are not counted. Failed sign-ins of
--             root are in aut-failed-logins. Owners of last resort on other platforms are known only as break-glass
--             identities in the configuration, which have a query of their own.
-- reviewer:   Every use needs a ticket and a second person; otherwise escalate it as an incident.
WITH days AS (
    -- on which root was there or somebody took its powers, from the roll-ups: in most months there are none
    SELECT d.t FROM actor_day d
    WHERE  d.t >= day(:from) AND d.t < :until AND d.environment = :environment AND d.actor_type = 'root'
    UNION
    SELECT d.t FROM action_day d
    WHERE  d.t >= day(:from) AND d.t < :until AND d.environment = :environment
    AND    in_list('root-actions', d.source, d.service, d.action) = 1),
used AS (
    SELECT e.id, e.t, coalesce(e.account, '') AS account, e.action, e.is_login, e.is_write, e.mfa, e.source_ip, e.user_agent,
           d.t AS day,
           CASE WHEN e.actor_type = 'root' THEN 'root' ELSE coalesce(e.person, e.actor) END AS name,
           CASE WHEN e.actor_type = 'root' THEN 1 ELSE 0 END AS is_root
    FROM   days d JOIN event e ON e.t >= d.t AND e.t < d.t + 92771293593600
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND   ((e.actor_type = 'root' AND NOT (e.is_login = 1 AND e.outcome IN ('failure', 'denied')))
           OR (in_list('root-actions', e.source, e.service, e.action) = 1 AND e.outcome = 'success'))),
counted AS (
    SELECT u.*, row_number() OVER (alike ORDER BY u.t) AS place, count(*) OVER alike AS n, sum(u.is_login) OVER alike AS logins,
           sum(u.is_write) OVER alike AS writes, max(u.t) OVER alike AS t_last,
           max(CASE WHEN u.mfa = 'no' THEN 1 ELSE 0 END) OVER alike AS without_mfa,
           group_concat(u.id, ' ') OVER (PARTITION BY u.account, u.name, u.day ORDER BY u.t
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS evidence
    FROM   used u
    WINDOW alike AS (PARTITION BY u.account, u.name, u.day))
SELECT   c.id AS item, c.t, c.name AS actor, c.account,
         (SELECT group_concat(a.action, ', ')
          FROM  (SELECT x.action, min(x.t) AS t FROM counted x
                 WHERE  x.account = c.account AND x.name = c.name AND x.day = c.day
                 GROUP BY x.action ORDER BY 2, 1 LIMIT 8) a) AS action,
         CASE WHEN c.is_root = 0 THEN 'took the powers of root'
              ELSE 'the root user: ' || c.logins || CASE c.logins WHEN 1 THEN ' sign-in, ' ELSE ' sign-ins, ' END
                   || c.writes || CASE c.writes WHEN 1 THEN ' write, ' ELSE ' writes, ' END
                   || (c.n - c.logins - c.writes) || CASE c.n - c.logins - c.writes WHEN 1 THEN ' read' ELSE ' reads' END END AS reason,
         c.n, CASE WHEN c.without_mfa = 1 THEN 'no' ELSE c.mfa END AS mfa, c.source_ip, c.t_last, c.user_agent,
         c.evidence
FROM     counted c
WHERE    c.place = 1
ORDER BY c.t, c.id
