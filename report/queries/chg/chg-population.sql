-- title:      Changes to the environment: complete population
-- question:   Give me the complete, system-generated list of all changes made in the period.
-- severity:   info
-- tier:       1
-- kind:       population
-- needs:      runs
-- population: change where result in ('applied', 'failed', 'partial') and instr(' ' || :kinds || ' ', ' ' || kind || ' ')
--             > 0
-- population-words: changes that were carried out, wholly or in part
-- param:      kinds apply destroy import deploy session-exec -- kinds of run that count as a change
-- columns:    t time "Start" 13, workspace text "Workspace" 16 bold, tool text "Tool" under workspace, kind text "Kind"
--             7, result text "Result" 7, created text "Started by" 12, applied text "Applied by" under created,
--             change_request id "Change request" 14, commit_id id "Commit" under change_request, ticket id "Ticket" 9,
--             approved_by text "Approved by" 12, approval_state text "Approval" under approved_by, adds count "Add" 4,
--             changes count "Change" 4, destroys count "Destroy" 4, t_created time "Created" 0, t_approved time
--             "Approved" 0, t_end time "End" 0, run id "Run" 0, message text "Message" 0, url text "Address" 0, evidence
--             id "Evidence" 0
-- if-empty:   No change was recorded in the period.
-- caveat:     A pipeline counts as a change only where it says that it deploys: a workflow run without a deployment is
--             not in this list. Runs that only plan, or only read the state anew, alter nothing and are left out. One run
--             that deploys to several environments is counted once, in the first of them in the environment map.
-- reviewer:   Confirm the count with the deployment tool itself, then draw the sample from this list.
SELECT   c.t, c.workspace, c.tool, c.kind, c.result, coalesce(c.created_person, c.created_by) AS created,
         coalesce(c.applied_person, c.applied_by) AS applied, c.change_request, c.commit_id, c.ticket, c.approved_by,
         c.approval_state, c.adds, c.changes, c.destroys, c.t_created, c.t_approved, c.t_end, c.run, c.message, c.url,
         c.evidence
FROM     change c
WHERE    c.t >= :from AND c.t < :until AND c.environment = :environment
AND      c.result IN ('applied', 'failed', 'partial')
AND      instr(' ' || :kinds || ' ', ' ' || c.kind || ' ') > 0
ORDER BY c.t, c.id
