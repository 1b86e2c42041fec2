-- title:    What the same identity did within an hour
-- columns:  t time "Time", mark text "Mark", title text "What", note text "Where"
-- param:    evidence none -- ids of the events of the exception
-- param:    near_from 0 -- an hour before it
-- param:    near_until 0 -- an hour after it
-- param:    severity critical -- of the exception

WITH near AS (
    SELECT id, t, coalesce(identity, actor_id, actor, '') AS who, coalesce(person, actor, 'nobody named') AS actor, action, resource, source,
           account, outcome, detail, is_write, is_login,
           CASE WHEN instr(' ' || :evidence || ' ', ' ' || id || ' ') > 0 THEN 1 ELSE 0 END AS is_proof
    FROM   event
    WHERE  t >= :near_from AND t < :near_until)
SELECT   n.t, CASE WHEN n.is_proof = 1 THEN :severity ELSE 'info' END AS mark,
         n.action || coalesce(' on ' || n.resource, '') AS title,
         n.actor || ' · ' || n.source || ' · ' || coalesce(n.account, '') || ' · ' || n.outcome || coalesce(' · ' || n.detail, '') AS note
FROM     near n
WHERE    n.is_proof = 1
OR      (n.who IN (SELECT p.who FROM near p WHERE p.is_proof = 1) AND (n.is_write = 1 OR n.is_login = 1))
ORDER BY n.t, n.id
LIMIT    14
