-- title:    Figures of a period and environment
-- columns:  events count "Events in scope", writes count "Modifications in cloud logs", writes_explained count "Explained by a run",
--           explained_rate percent "Modifications explained", changes count "Changes", changes_applied count "Applied changes",
--           changes_failed count "Failed changes", changes_needing count "Applied changes that need an approval",
--           changes_approved count "Approved in time", approved_rate percent "Changes approved", denied count "Denied actions",
--           denied_rate percent "Share of denied actions", logins count "Sign-ins", people count "People and services seen",
--           approve_median duration "Median time from request to approval"

-- Hours of coverage are those of UTC: in a zone that is not whole hours away the events themselves are counted.
WITH within AS (
    SELECT CASE WHEN :zone_offset % 3600 = 0
                THEN (SELECT coalesce(sum(n), 0) FROM coverage
                      WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment))
                ELSE (SELECT count(*) FROM event
                      WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)) END AS events),
written AS (
    SELECT count(*) AS n, coalesce(sum(CASE WHEN is_explained = 1 THEN 1 ELSE 0 END), 0) AS explained
    FROM   modification
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
    AND    origin IN ('run', 'automation', 'people', 'other')),
ran AS (
    SELECT count(*) AS n,
           coalesce(sum(CASE WHEN result IN ('applied', 'partial') THEN 1 ELSE 0 END), 0) AS applied,
           coalesce(sum(CASE WHEN result IN ('failed', 'partial') THEN 1 ELSE 0 END), 0) AS failed,
           coalesce(sum(CASE WHEN result IN ('applied', 'partial') AND needs_approval = 1 THEN 1 ELSE 0 END), 0) AS needing,
           coalesce(sum(CASE WHEN result IN ('applied', 'partial') AND needs_approval = 1 AND approval_state = 'approved'
                             THEN 1 ELSE 0 END), 0) AS approved
    FROM   change
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND result IN ('applied', 'failed', 'partial')),
refused AS (
    SELECT count(*) AS n
    FROM   event
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND has_error AND outcome = 'denied'),
login AS (
    SELECT count(*) AS n
    FROM   event
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND is_login = 1),
actors AS (
    SELECT count(DISTINCT coalesce(identity, actor_id, actor)) AS n
    FROM   actor_day
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)),
wait AS (
    SELECT seconds_between(coalesce(r.t_created, c.t_created), c.t_approved) AS seconds
    FROM   change c LEFT JOIN change_request r ON r.id = c.change_request
    WHERE  c.t >= :from AND c.t < :until AND (:environment IS NULL OR c.environment = :environment)
    AND    c.result IN ('applied', 'failed', 'partial') AND c.approval_state = 'approved'
    AND    c.t_approved >= coalesce(r.t_created, c.t_created))
SELECT within.events, written.n AS writes, written.explained AS writes_explained,
       CASE WHEN written.n > 0 THEN round(1000.0 * written.explained / written.n) END AS explained_rate,
       ran.n AS changes, ran.applied AS changes_applied, ran.failed AS changes_failed, ran.needing AS changes_needing,
       ran.approved AS changes_approved,
       CASE WHEN ran.needing > 0 THEN round(1000.0 * ran.approved / ran.needing) END AS approved_rate,
       refused.n AS denied, CASE WHEN within.events > 0 THEN round(1000.0 * refused.n / within.events) END AS denied_rate,
       login.n AS logins, actors.n AS people,
       (SELECT seconds FROM wait ORDER BY seconds LIMIT 1 OFFSET (SELECT (count(*) - 1) >> 1 FROM wait)) AS approve_median
FROM   within, written, ran, refused, login, actors
