-- title:      Failed and partial changes
-- question:   List changes that failed and what was done about them.
-- severity:   medium
-- tier:       1
-- needs:      runs
-- population: change where result in ('applied', 'failed', 'partial', 'cancelled') and coalesce(kind, 'apply') not in
--             ('plan-only')
-- population-words: runs that began to change something or failed on the way
-- param:      open_hours 24 -- a failure followed by a success within this time is of low severity
-- columns:    item id "Change" 14, t time "Start" 13, workspace text "Workspace" 16 bold, tool text "Tool" under
--             workspace, actor text "Who" 12, reason text "How it ended" 22, t_repaired time "Next success" 13, open_for
--             duration "Open for" 8, message text "Message" 0, change_request id "Change request" 0, commit_id id
--             "Commit" 0, t_end time "End" 0, url text "Address" 0, severity text "Severity" 0, evidence id "Evidence" 0
-- if-empty:   No change failed.
-- caveat:     The next success is the next applied run of the same workspace, whether or not it did what the failed one
--             was to do. Cancelled runs are listed only when they had begun to apply.
-- reviewer:   Check that each failure was followed up and that what was applied in part was put right.
WITH failures AS (
    SELECT c.id, c.t, c.workspace, c.tool,
           coalesce(c.applied_person, c.applied_by, c.created_person, c.created_by) AS actor, c.result,
           c.t_start, c.t_planned, c.t_end, c.message, c.change_request, c.commit_id, c.url, c.evidence,
           (SELECT min(coalesce(n.t_end, n.t)) FROM change n
            WHERE  n.t > c.t AND n.t < :until AND n.tool = c.tool AND n.workspace = c.workspace AND n.environment = c.environment
            AND    n.result = 'applied') AS t_repaired
    FROM   change c
    WHERE  c.t >= :from AND c.t < :until AND c.environment = :environment
    AND    coalesce(c.kind, 'apply') <> 'plan-only'
    AND   (c.result IN ('failed', 'partial') OR (c.result = 'cancelled' AND c.t_start IS NOT NULL)))
SELECT   f.id AS item, f.t, f.workspace, f.tool, f.actor,
         CASE f.result WHEN 'partial' THEN 'applied in part' WHEN 'cancelled' THEN 'cancelled while it was applied'
              ELSE CASE WHEN f.tool = 'hcp-terraform' AND f.t_start IS NULL THEN 'failed before it was applied'
                        ELSE 'failed' END END
         || CASE WHEN f.t_repaired IS NULL THEN '; no success since' ELSE '' END AS reason,
         f.t_repaired, seconds_between(coalesce(f.t_end, f.t), f.t_repaired) AS open_for, f.message, f.change_request,
         f.commit_id,
         f.t_end, f.url,
         CASE WHEN seconds_between(coalesce(f.t_end, f.t), f.t_repaired) <= CAST(:open_hours AS INTEGER) * 3600 THEN 'low'
              ELSE 'medium' END AS severity,
         f.id AS change, f.evidence
FROM     failures f
ORDER BY f.t, f.id
