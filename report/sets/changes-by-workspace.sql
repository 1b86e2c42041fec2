-- title:    Changes by workspace
-- columns:  workspace text "Workspace" 30 bold, tool text "Tool" under workspace, n count "Changes" 9, applied count "Applied" 9,
--           failed count "Failed" 9, destroys count "Destroying" 10, approved count "Approved in time" 11,
--           unapproved count "Not approved in time" 12, unlinked count "No change request" 11, t_last time "Last" 14
-- if-empty: No change was made in the period.
SELECT   coalesce(workspace, 'not named') AS workspace, tool, count(*) AS n,
         sum(CASE WHEN result IN ('applied', 'partial') THEN 1 ELSE 0 END) AS applied,
         sum(CASE WHEN result IN ('failed', 'partial') THEN 1 ELSE 0 END) AS failed,
         sum(CASE WHEN destroys > 0 THEN 1 ELSE 0 END) AS destroys,
         sum(CASE WHEN result IN ('applied', 'partial') AND needs_approval = 1 AND approval_state = 'approved' THEN 1 ELSE 0 END) AS approved,
         sum(CASE WHEN result IN ('applied', 'partial') AND needs_approval = 1 AND coalesce(approval_state, '') <> 'approved'
                  THEN 1 ELSE 0 END) AS unapproved,
         sum(CASE WHEN has_change_request = 1 THEN 0 ELSE 1 END) AS unlinked, max(t) AS t_last
FROM     change
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND result IN ('applied', 'failed', 'partial')
GROUP BY coalesce(workspace, 'not named'), tool
ORDER BY n DESC, workspace, tool
