-- title:      Failed sign-ins: bursts, spraying, and of accounts that matter
-- question:   Show invalid access attempts and what you did about them.
-- severity:   medium
-- tier:       1
-- needs:      sign-in
-- population: event where is_login = 1
-- population-words: attempts to sign in
-- param:      burst_n 10 -- failures of one account within 15 minutes that make a burst
-- param:      spray_users 10 -- accounts failing from one address within 60 minutes that make spraying
-- columns:    t time "First" 13, actor text "Account or address" 20 bold, reason text "What happened" 34, n count
--             "Failures" 6, source_ip id "From" 14, t_last time "Last" 13, succeeded text "Success after it" 10, account
--             id "Account" 0, error text "Error" 0, severity text "Severity" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   No burst of failed sign-ins, no spraying, and no failure of a root or emergency account.
-- caveat:     AWS hides the names of users that do not exist: such failures are counted by address. The first failure of
--             a burst names it; single failures of ordinary accounts are in the population only.
-- reviewer:   Check that the lock-out worked and that no success followed.
WITH failed AS (
    SELECT e.id, e.t, e.actor, e.actor_type, e.actor_kind, e.person, e.source_ip, e.account, e.error,
           CASE WHEN e.actor IS NULL OR e.actor LIKE 'HIDDEN_%' THEN 'unknown user from ' || coalesce(e.source_ip, 'nowhere')
                ELSE coalesce(e.person, e.actor) END AS who
    FROM   event e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.is_login = 1 AND e.outcome IN ('failure', 'denied')),
-- 15 minutes are 966367641600 of a time key, 60 are 3865470566400
bursts AS (
    SELECT f.*, count(*) OVER (PARTITION BY f.who ORDER BY f.t RANGE BETWEEN CURRENT ROW AND 966367641600 FOLLOWING) AS soon,
           CASE WHEN f.t - lag(f.t) OVER (PARTITION BY f.who ORDER BY f.t) <= 966367641600 THEN 0 ELSE 1 END AS is_start
    FROM   failed f),
episodes AS (
    SELECT b.*, sum(b.is_start) OVER (PARTITION BY b.who ORDER BY b.t ROWS UNBOUNDED PRECEDING) AS episode FROM bursts b),
found AS (
    SELECT   'burst' AS kind, p.who, min(p.id) AS id, min(p.t) AS t, max(p.t) AS t_last, count(*) AS n,
             max(p.soon) AS most,
             min(p.source_ip) AS source_ip, count(DISTINCT p.source_ip) AS addresses, min(p.account) AS account,
             min(p.error) AS error,
             max(CASE WHEN p.actor_type = 'root' THEN 'root' WHEN p.actor_kind = 'break-glass' THEN 'emergency'
                      ELSE '' END) AS special, p.episode
    FROM     episodes p
    GROUP BY p.who, p.episode),
sprays AS (
    SELECT f.source_ip, f.t, f.id, f.who, f.account, f.error,
           CASE WHEN f.t - lag(f.t) OVER (PARTITION BY f.source_ip ORDER BY f.t) <= 3865470566400 THEN 0 ELSE 1 END AS is_start
    FROM   failed f
    WHERE  f.source_ip IS NOT NULL),
waves AS (
    SELECT s.*, sum(s.is_start) OVER (PARTITION BY s.source_ip ORDER BY s.t ROWS UNBOUNDED PRECEDING) AS wave FROM sprays s),
sprayed AS (
    SELECT   w.source_ip, w.wave, min(w.id) AS id, min(w.t) AS t, max(w.t) AS t_last, count(*) AS n,
             min(w.account) AS account,
             min(w.error) AS error, count(DISTINCT w.who) AS accounts,
             max((SELECT count(DISTINCT o.who) FROM failed o
                  WHERE  o.source_ip = w.source_ip AND o.t >= w.t AND o.t <= w.t + 3865470566400)) AS most
    FROM     waves w
    GROUP BY w.source_ip, w.wave
    HAVING   count(DISTINCT w.who) >= CAST(:spray_users AS INTEGER))
SELECT   f.id AS item, f.t, f.who AS actor,
         CASE WHEN f.special <> '' THEN 'failed sign-in of the ' || f.special || ' account'
                   || CASE WHEN f.n > 1 THEN ', ' || f.n || ' times' ELSE '' END
              ELSE 'burst: ' || f.most || ' failures within 15 minutes' END AS reason,
         f.n, CASE WHEN f.addresses > 1 THEN f.source_ip || ' and others' ELSE f.source_ip END AS source_ip, f.t_last,
         CASE WHEN EXISTS (SELECT 1 FROM event e
                           WHERE  e.t > f.t AND e.t <= f.t_last + 3865470566400 AND e.is_login = 1 AND e.outcome = 'success'
                           AND    coalesce(e.person, e.actor) = f.who) THEN 'yes' ELSE 'no' END AS succeeded,
         f.account, f.error, CASE WHEN f.special <> '' THEN 'high' ELSE 'medium' END AS severity,
         (SELECT group_concat(o.id, ' ')
          FROM  (SELECT q.id FROM episodes q WHERE q.who = f.who AND q.episode = f.episode ORDER BY q.t) o) AS evidence
FROM     found f
WHERE    f.most >= CAST(:burst_n AS INTEGER) OR f.special <> ''
UNION ALL
SELECT   'spray ' || s.id, s.t, s.source_ip,
         'spraying: ' || s.accounts || ' accounts from one address', s.n, s.source_ip, s.t_last,
         CASE WHEN EXISTS (SELECT 1 FROM event e
                           WHERE  e.t > s.t AND e.t <= s.t_last + 3865470566400 AND e.is_login = 1 AND e.outcome = 'success'
                           AND    e.source_ip = s.source_ip) THEN 'yes' ELSE 'no' END,
         s.account, s.error, 'high',
         (SELECT group_concat(o.id, ' ')
          FROM  (SELECT q.id FROM waves q WHERE q.source_ip = s.source_ip AND q.wave = s.wave ORDER BY q.t) o)
FROM     sprayed s
WHERE    s.most >= CAST(:spray_users AS INTEGER)
ORDER BY 2, 1
