-- title:      Denied actions
-- question:   Show unauthorised attempts against your systems.
-- severity:   medium
-- tier:       1
-- needs:      cloud-audit|platform-audit
-- population: actor_day where failed > 0
-- population-words: days on which an identity failed or was denied, per identity, account, region and place
-- param:      deny_n 25 -- denied actions of one identity on one day that are too many
-- columns:    t time "First" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, reason text "Why it is
--             listed" 26, n count "Denied" 5, action text "Actions" 30, source_ip id "From" 12, t_last time "Last" 0,
--             account id "Account" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   No identity was denied often, none was denied an action that nobody tries by accident.
-- caveat:     Left out are requests of the platform itself, log delivery, and the list "noise-denied". Requests that name
--             no actor are counted by address. Whether an identity belongs to a person is known only with the people
--             list.
-- reviewer:   Tell misconfiguration from probing; follow repeated offenders.
WITH denied AS (
    SELECT e.id, e.t, coalesce(e.identity, e.actor_id, e.actor, e.source_ip, '') AS identity,
           coalesce(e.person, CASE WHEN e.session LIKE '%@%' THEN e.session END, e.actor, 'not recorded') AS who,
           e.actor_id,
           e.action, e.source_ip, e.account, day(e.t) AS day,
           in_list('sensitive-actions', e.source, e.service, e.action) AS is_sensitive,
           CASE WHEN e.actor_type = 'human' AND e.person IS NULL AND EXISTS (SELECT 1 FROM person) THEN 1 ELSE 0 END AS is_stranger
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.has_error AND e.outcome = 'denied' AND e.is_login = 0
    AND    e.actor_type <> 'provider'
    AND    coalesce(e.source_ip, '') <> 'delivery.logs.amazonaws.com'
    AND    in_list('noise-denied', e.source, e.service, e.action) = 0
    AND    in_list('controllers', e.source, e.service, e.actor_id) = 0),
counted AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.identity, d.day ORDER BY d.t) AS place,
           count(*) OVER (PARTITION BY d.identity, d.day) AS n,
           max(d.is_sensitive) OVER (PARTITION BY d.identity, d.day) AS sensitive,
           max(d.is_stranger) OVER (PARTITION BY d.identity, d.day) AS stranger,
           max(d.t) OVER (PARTITION BY d.identity, d.day) AS t_last,
           group_concat(d.id, ' ') OVER (PARTITION BY d.identity, d.day ORDER BY d.t
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS evidence
    FROM   denied d)
SELECT   c.id AS item, c.t, c.who AS actor, c.actor_id,
         substr(CASE WHEN c.n > CAST(:deny_n AS INTEGER) THEN '; more than ' || :deny_n || ' on one day' ELSE '' END
                || CASE WHEN c.sensitive = 1 THEN '; tried what nobody tries by accident' ELSE '' END
                || CASE WHEN c.stranger = 1 THEN '; not on the people list' ELSE '' END, 3) AS reason,
         c.n,
         (SELECT group_concat(a.action, ', ')
          FROM  (SELECT   x.action, max(x.is_sensitive) AS is_sensitive, count(*) AS times FROM counted x
                 WHERE    x.identity = c.identity AND x.day = c.day
                 GROUP BY x.action ORDER BY 2 DESC, 3 DESC, 1 LIMIT 8) a) AS action,
         c.source_ip, c.t_last, c.account, c.evidence
FROM     counted c
WHERE    c.place = 1 AND (c.n > CAST(:deny_n AS INTEGER) OR c.sensitive = 1 OR c.stranger = 1)
ORDER BY c.t, c.id
