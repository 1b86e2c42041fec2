-- title:    Changes: complete population
-- columns:  no row "No" 5, t time "Time (UTC)" 12, t_local local "Time (local)" 0, environment text "Environment" 0, actor text "Applied by" 14,
--           kind text "Kind" 8, workspace text "Workspace" 18 bold, tool text "Tool" under workspace, result mark "Result" 10,
--           approval mark "Approval" 12, created_by text "Created by" 0, approved_by text "Approved by" 12, change_request id "Change request" 14,
--           commit_id id "Commit" 0, ticket id "Ticket" 10, run id "Run" 0, message text "Message" 0, branch text "Branch" 0,
--           trigger text "Trigger" 0, t_created time "Created" 0, t_planned time "Planned" 0, t_approved time "Approved" 0, t_end time "Ended" 0,
--           adds count "Adds" 0, changes count "Changes" 0, destroys count "Destroys" 0, has_commit text "Commit Y/N" 0,
--           has_change_request text "Change request Y/N" 0, is_approved text "Approved in time Y/N" 0, has_ticket text "Ticket Y/N" 0,
--           needs_approval text "Approval required Y/N" 0, auto_apply text "Applied automatically Y/N" 0, url text "Address" 0, id id "Change" 0,
--           evidence id "Evidence" 0
-- if-empty: No change was made in the period.
SELECT   t, environment, coalesce(applied_person, applied_by) AS actor, kind, workspace, tool, result,
         CASE WHEN needs_approval = 0 THEN 'not required' ELSE approval_state END AS approval,
         coalesce(created_person, created_by) AS created_by, approved_by, change_request, commit_id, ticket, run, message, branch,
         trigger, t_created, t_planned, t_approved, t_end, adds, changes, destroys,
         CASE has_commit WHEN 1 THEN 'Y' ELSE 'N' END AS has_commit,
         CASE has_change_request WHEN 1 THEN 'Y' ELSE 'N' END AS has_change_request,
         CASE approval_state WHEN 'approved' THEN 'Y' ELSE 'N' END AS is_approved,
         CASE has_ticket WHEN 1 THEN 'Y' ELSE 'N' END AS has_ticket,
         CASE needs_approval WHEN 1 THEN 'Y' ELSE 'N' END AS needs_approval,
         CASE auto_apply WHEN 1 THEN 'Y' WHEN 0 THEN 'N' END AS auto_apply, url, id, evidence
FROM     change
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND result IN ('applied', 'failed', 'partial')
ORDER BY t, id
