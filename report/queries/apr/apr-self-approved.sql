-- title:      Changes approved by their own author or applier
-- question:   Did anyone approve or confirm their own change?
-- severity:   high
-- tier:       1
-- needs:      runs approvals
-- population: change where result in ('applied', 'partial') and needs_approval = 1 and instr(' ' || :kinds || ' ', ' ' ||
--             kind || ' ') > 0
-- population-words: applied changes that need an approval
-- param:      kinds apply destroy import deploy session-exec -- kinds of run that count as a change
-- columns:    item id "Change" 14, t time "Start" 13, workspace text "Workspace" 14 bold, tool text "Tool" under
--             workspace, actor text "Approved by" 12, reason text "Who made it" 28, change_request id "Change request"
--             12, t_approved time "Approved" 0, commit_id id "Commit" 0, ticket id "Ticket" 0, message text "Message" 0,
--             url text "Address" 0, severity text "Severity" 0,
--             evidence id "Evidence" 0
-- if-empty:   No applied change rests on the approval of those who made it.
-- caveat:     One person with two accounts is found only if the people list links them. A run that one person
--             starts and another confirms is listed (medium) when nobody but the one who confirmed and thereby applied it
--             approved it: two people took part, none of them reviewed it apart from the run.
-- reviewer:   Obtain an independent review; switch on the platform's rule against self-review.
SELECT   c.id AS item, c.t, c.workspace, c.tool, c.approved_by AS actor,
         CASE WHEN c.approval_state = 'approved'
              THEN 'no review apart from the run: approved only by ' || c.approved_by || ', who applied it'
              ELSE 'the only approval is by ' || c.approved_by || ', who made the change'
         || CASE WHEN same_person(c.approved_by, coalesce(c.author_person, c.author)) = 1 THEN ': author of the change request'
                 WHEN same_person(c.approved_by, coalesce(c.created_person, c.created_by)) = 1 THEN ': creator of the run'
                 WHEN same_person(c.approved_by, coalesce(c.applied_person, c.applied_by)) = 1 THEN ': applied the run'
                 ELSE '' END END AS reason,
         c.change_request, c.t_approved, c.commit_id, c.ticket, c.message, c.url,
         CASE c.approval_state WHEN 'approved' THEN 'medium' ELSE 'high' END AS severity, c.id AS change, c.evidence
FROM     change c
WHERE    c.t >= :from AND c.t < :until AND c.environment = :environment
AND      c.result IN ('applied', 'partial') AND c.needs_approval = 1
AND      instr(' ' || :kinds || ' ', ' ' || c.kind || ' ') > 0
AND     (c.approval_state = 'self'
         OR (c.approval_state = 'approved'
             AND NOT EXISTS (SELECT 1 FROM approval a
                             WHERE  a.change = c.id AND a.decision = 'approve' AND a.is_bot = 0 AND a.defect IS NULL
                             AND    same_person(coalesce(a.person, a.by), coalesce(c.applied_person, c.applied_by)) = 0)
             AND EXISTS (SELECT 1 FROM approval a
                         WHERE  a.change = c.id AND a.decision = 'approve' AND a.is_bot = 0 AND a.defect IS NULL
                         AND    same_person(coalesce(a.person, a.by), coalesce(c.applied_person, c.applied_by)) = 1)))
ORDER BY c.t, c.id
