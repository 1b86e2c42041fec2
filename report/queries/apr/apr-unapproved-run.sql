-- title:      Changes applied without a qualifying approval
-- question:   Show the approval for every change. Which have none?
-- severity:   critical
-- tier:       1
-- needs:      runs approvals
-- population: change where result in ('applied', 'partial') and needs_approval = 1 and instr(' ' || :kinds || ' ', ' ' ||
--             kind || ' ') > 0
-- population-words: applied changes that need an approval
-- param:      kinds apply destroy import deploy session-exec -- kinds of run that count as a change
-- param:      approval_min 1 -- how many people must approve
-- columns:    item id "Change" 14, t time "Start" 13, workspace text "Workspace" 14 bold, tool text "Tool" under
--             workspace, actor text "Applied by" 12, reason text "What is wrong" 30, change_request id "Change request"
--             12, t_approved time "Approved" 0, approved_by text "Approved by" 0, commit_id id "Commit" 0, ticket id
--             "Ticket" 0, message text "Message" 0, url text "Address" 0, severity text "Severity" 0, evidence id
--             "Evidence" 0
-- if-empty:   Every applied change has an approval by another person, given in time, for the head of its change request or
--             for the run itself.
-- caveat:     An approval counts when it was given on the change request, the run, the commit or the ticket, by another
--             person than those who made the change, before the change began (a gate inside the run: before it ended). An
--             approval in a system that is not read is not seen. Changes approved only by those who made them are in
--             apr-self-approved.
-- reviewer:   Treat as a control failure unless the record says otherwise; obtain a retrospective approval and the root
--             cause.
SELECT   c.id AS item, c.t, c.workspace, c.tool,
         coalesce(c.applied_person, c.applied_by, c.created_person, c.created_by) AS actor,
         CASE c.approval_state
              WHEN 'none' THEN 'nobody approved it'
                   || CASE WHEN c.change_request IS NULL THEN '; it has no change request' ELSE '' END
                   || CASE WHEN c.auto_apply = 1 THEN '; it was applied automatically' ELSE '' END
                   || CASE WHEN same_person(coalesce(c.merged_person, c.merged_by), coalesce(c.author_person, c.author)) = 1
                           THEN '; its author merged the change request' ELSE '' END
              WHEN 'late' THEN 'approved by ' || c.approved_by || ' only after it was applied'
              WHEN 'stale' THEN 'the approval by ' || c.approved_by || ' was for another commit, or was withdrawn'
              WHEN 'unqualified' THEN c.approved_by || ' may not approve: not an approver on the people list at that time'
              WHEN 'approved' THEN 'approved by ' || c.approvers || ' of ' || :approval_min || ' people required: ' || c.approved_by
              ELSE 'cannot be determined: no decisions about this repository or tool were read' END AS reason,
         c.change_request, c.t_approved, c.approved_by, c.commit_id, c.ticket, c.message, c.url,
         CASE c.approval_state WHEN 'none' THEN 'critical' WHEN 'not-known' THEN 'medium' ELSE 'high' END AS severity,
         c.id AS change, c.evidence
FROM     change c
WHERE    c.t >= :from AND c.t < :until AND c.environment = :environment
AND      c.result IN ('applied', 'partial') AND c.needs_approval = 1
AND      instr(' ' || :kinds || ' ', ' ' || c.kind || ' ') > 0
AND     (c.approval_state NOT IN ('approved', 'self')
         OR (c.approval_state = 'approved' AND c.approvers < CAST(:approval_min AS INTEGER)))
ORDER BY c.t, c.id
