-- title:    From commit to cloud: one change
-- columns:  t time "Time", mark text "Mark", title text "What", note text "Where"
-- param:    change none -- id of the change
-- param:    severity critical -- of the exception

WITH one AS (
    SELECT * FROM change WHERE id = :change),
steps AS (
    SELECT k.t, 'info' AS mark, 'Commit ' || substr(k.id, 1, 10) || ' by ' || coalesce(k.author_person, k.author, 'nobody named') AS title,
           coalesce(k.repo, 'repository') || ' · ' || coalesce(k.subject, '') AS note, 1 AS place
    FROM   commit_ k JOIN one o ON k.id = o.commit_id
    UNION ALL
    SELECT r.t_created, 'info', 'Change request ' || r.id || ' opened by ' || coalesce(r.author_person, r.author, 'nobody named'),
           coalesce(r.title, ''), 2
    FROM   change_request r JOIN one o ON r.id = o.change_request
    UNION ALL
    SELECT a.t, CASE WHEN a.defect IS NULL THEN 'clear' ELSE 'medium' END,
           a.decision || ' by ' || coalesce(a.person, a.by, 'nobody named') || CASE WHEN a.defect IS NULL THEN '' ELSE ': does not count' END,
           coalesce(a.defect || ' · ', '') || a.object_type || ' ' || coalesce(a.object, ''), 3
    FROM   approval a
    WHERE  a.change = :change
    UNION ALL
    SELECT r.t_merged, 'info', 'Change request ' || r.id || ' merged by ' || coalesce(r.merged_person, r.merged_by, 'nobody named'),
           coalesce(r.base, ''), 4
    FROM   change_request r JOIN one o ON r.id = o.change_request
    UNION ALL
    SELECT o.t_created, 'info', 'Run ' || o.run || ' created by ' || coalesce(o.created_person, o.created_by, 'nobody named'),
           o.tool || ' · ' || coalesce(o.workspace, '') || ' · ' || coalesce(o.message, ''), 5
    FROM   one o
    UNION ALL
    SELECT o.t_start, :severity,
           CASE WHEN o.approval_state = 'approved' THEN 'Started' ELSE 'Started without an approval that counts' END
           || coalesce(', applied by ' || coalesce(o.applied_person, o.applied_by), ''),
           coalesce(o.adds || ' to add, ' || o.changes || ' to change, ' || o.destroys || ' to destroy', o.kind, ''), 6
    FROM   one o
    UNION ALL
    SELECT min(e.t), 'info', e.action || CASE WHEN count(*) > 1 THEN ', ' || count(*) || ' times' ELSE '' END,
           e.source || ' · ' || coalesce(e.account, '') || ' · ' || coalesce(min(e.resource), ''), 7
    FROM   event e
    WHERE  e.t >= (SELECT t_start - 322122547200 FROM one) AND e.t < (SELECT coalesce(t_end, t_start) + 966367641600 FROM one)
    AND    e.is_write = 1 AND e.change = :change
    AND    e.source IN (SELECT k.source FROM source k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0)
    GROUP BY e.action, e.source, coalesce(e.account, '')
    UNION ALL
    SELECT o.t_end, CASE WHEN o.result = 'applied' THEN 'info' ELSE 'medium' END, 'Ended: ' || o.result, o.id, 8
    FROM   one o)
SELECT   t, mark, title, note
FROM     steps
WHERE    t IS NOT NULL
ORDER BY t, place, title
