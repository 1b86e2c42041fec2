-- title:      Changes whose trail is broken
-- question:   For each change show the request, the reviewed code and the ticket. Which changes lack one?
-- severity:   high
-- tier:       1
-- needs:      runs vcs
-- population: change where result in ('applied', 'failed', 'partial') and instr(' ' || :kinds || ' ', ' ' || kind || ' ')
--             > 0
-- population-words: changes that were carried out, wholly or in part
-- param:      kinds apply destroy import deploy session-exec -- kinds of run that count as a change
-- param:      require auto -- links a change must have: of commit, change-request, ticket; auto: all three where the
--             environment needs approval, elsewhere the commit
-- columns:    item id "Change" 14, t time "Start" 13, workspace text "Workspace" 14 bold, actor text "Who" 12, reason
--             text "What is missing" 28, change_request id "Change request" 12, commit_id id "Commit" 10, ticket id
--             "Ticket" 8, message text "Message" 0, url text "Address" 0, evidence id "Evidence" 0
-- if-empty:   Every change in the period can be followed to the commit, the change request and the ticket that are
--             required.
-- caveat:     A ticket is any text of the configured form in the title or branch of the change request, in the message of
--             the run or in the subject of the commit; no ticket register is read, so whether the ticket exists and was
--             approved is not tested. A commit belongs to a change request when it is its merge commit or its head; a
--             commit rewritten on merge is found only by a number in its subject.
-- reviewer:   Ask the owner for the missing link; attach it as a decision or record a deviation.
SELECT   f.id AS item, f.t, f.workspace, f.actor, substr(f.reasons, 3) AS reason, f.change_request, f.commit_id, f.ticket,
         f.message, f.url, f.id AS change, f.evidence
FROM    (SELECT c.id, c.t, c.workspace, coalesce(c.created_person, c.created_by, c.applied_person, c.applied_by) AS actor,
                c.change_request, c.commit_id, c.ticket, c.message, c.url, c.evidence,
                CASE WHEN c.has_commit = 0
                     AND  (instr(' ' || :require || ' ', ' commit ') > 0 OR :require = 'auto')
                     THEN '; no commit' ELSE '' END
                || CASE WHEN c.has_change_request = 0
                        AND  (instr(' ' || :require || ' ', ' change-request ') > 0 OR (:require = 'auto' AND c.needs_approval = 1))
                        THEN CASE WHEN c.change_request IS NOT NULL THEN '; change request ' || c.change_request || ' is not merged'
                                  WHEN c.has_commit = 0 THEN '; no change request'
                                  WHEN EXISTS (SELECT 1 FROM commit_ k WHERE k.id = c.commit_id)
                                       OR NOT EXISTS (SELECT 1 FROM commit_)
                                  THEN '; the commit is in no merged change request'
                                  ELSE '; the commit is in no merged change request and not in the history that was read' END
                        ELSE '' END
                || CASE WHEN c.has_ticket = 0
                        AND  (instr(' ' || :require || ' ', ' ticket ') > 0 OR (:require = 'auto' AND c.needs_approval = 1))
                        THEN '; no ticket' ELSE '' END AS reasons
         FROM   change c
         WHERE  c.t >= :from AND c.t < :until AND c.environment = :environment
         AND    c.result IN ('applied', 'failed', 'partial')
         AND    instr(' ' || :kinds || ' ', ' ' || c.kind || ' ') > 0) f
WHERE    f.reasons <> ''
ORDER BY f.t, f.id
