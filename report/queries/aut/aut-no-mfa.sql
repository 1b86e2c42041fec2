-- title:      Sign-ins without multi-factor authentication
-- question:   Prove that multi-factor authentication is used for administrative and remote access.
-- severity:   high
-- tier:       1
-- needs:      sign-in
-- population: actor_day where actor_type in ('human', 'root', 'unknown') and n > failed
--             and source in (select k.source from source k where k.gives LIKE '%sign-in%')
-- population-words: days on which people were active, per person, account and region
-- columns:    t time "First" 13, actor text "Who" 20 bold, actor_id id "Identity" under actor, reason text "What
--             happened" 34, n count "Times" 5, source_ip id "From" 14, t_last time "Last" 13, account id "Account" 0,
--             channel text "By" 0, severity text "Severity" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   No successful sign-in said that it was made without a second factor.
-- caveat:     Sign-ins through an identity provider are not listed: the cloud's log cannot know what the provider asked
--             for, so they stand as "asserted" and need evidence from there. Long-lived keys and services say nothing
--             about a second factor.
-- reviewer:   Enforce a second factor, or obtain evidence from the identity provider.
WITH weak AS (
    SELECT e.id, e.t, coalesce(e.person, e.actor, 'not recorded') AS who, e.actor_id, e.actor_type, e.source_ip,
           e.account, e.channel, day(e.t) AS day, 'sign-in' AS kind
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.is_login = 1 AND e.outcome = 'success' AND e.mfa = 'no'
    AND    e.actor_type NOT IN ('service', 'automation', 'provider')
    UNION ALL
    -- sessions of users (not of roles: what they were given is the provider's business) that changed something
    SELECT e.id, e.t, coalesce(e.person, e.actor, 'not recorded'), e.actor_id, e.actor_type, e.source_ip, e.account,
           e.channel, day(e.t), 'session'
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.is_write = 1 AND e.outcome = 'success' AND e.mfa = 'no'
    AND    e.actor_type IN ('human', 'root') AND e.via IS NULL
    AND   (e.actor_id LIKE 'arn:%:user/%' OR e.actor_type = 'root')),
-- one line a person and day; where the sign-in itself is listed its session is not
lines AS (
    SELECT w.*, row_number() OVER (PARTITION BY w.who, coalesce(w.account, ''), w.day ORDER BY w.kind DESC, w.t) AS place,
           count(*) OVER (PARTITION BY w.who, coalesce(w.account, ''), w.day, w.kind) AS n,
           max(w.t) OVER (PARTITION BY w.who, coalesce(w.account, ''), w.day, w.kind) AS t_last,
           group_concat(w.id, ' ') OVER (PARTITION BY w.who, coalesce(w.account, ''), w.day, w.kind ORDER BY w.t
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS evidence
    FROM   weak w)
SELECT   l.id AS item, l.t, l.who AS actor, l.actor_id,
         CASE WHEN l.kind = 'sign-in' THEN 'signed in without a second factor'
              ELSE 'changed things in a session without a second factor' END AS reason,
         l.n, l.source_ip, l.t_last, l.account, l.channel,
         CASE WHEN l.actor_type = 'root' THEN 'critical' ELSE 'high' END AS severity,
         l.evidence
FROM     lines l
WHERE    l.place = 1
ORDER BY l.t, l.id
