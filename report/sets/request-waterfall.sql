-- title:    The filter of the request, part by part
-- columns:  mapped count "Without events that no environment rule fits", environment count "After environment", source count "After source", actor count "After actor", 
--           resource count "After resource", action count "After action", verb count "After verb", outcome count "After outcome", 
--           change count "After change", ticket count "After ticket", text count "After text"

-- Each column says whether an event passes this part of the filter; the same conditions as in request-events.
SELECT   e.id,
         CASE WHEN (:environment IS NULL OR :environment = 'unmapped' OR e.environment <> 'unmapped')
              THEN 1 ELSE 0 END AS mapped,
         CASE WHEN (:environment IS NULL OR e.environment = :environment)
              THEN 1 ELSE 0 END AS environment,
         CASE WHEN (:source IS NULL OR glob_nocase(:source, e.source))
              THEN 1 ELSE 0 END AS source,
         CASE WHEN (:actor IS NULL OR glob_nocase(:actor, e.actor) OR glob_nocase(:actor, e.actor_id) OR glob_nocase(:actor, e.person)
                  OR glob_nocase(:actor, e.session))
              THEN 1 ELSE 0 END AS actor,
         CASE WHEN (:resource IS NULL OR glob_nocase(:resource, e.resource)
                  OR EXISTS (SELECT 1 FROM event_resource r WHERE r.event = e.id AND r.t = e.t AND glob_nocase(:resource, r.resource)))
              THEN 1 ELSE 0 END AS resource,
         CASE WHEN (:action IS NULL OR glob_nocase(:action, e.action) OR glob_nocase(:action, e.service || ':' || e.action))
              THEN 1 ELSE 0 END AS action,
         CASE WHEN (:verb IS NULL OR e.verb = :verb)
              THEN 1 ELSE 0 END AS verb,
         CASE WHEN (:outcome IS NULL OR e.outcome = :outcome)
              THEN 1 ELSE 0 END AS outcome,
         CASE WHEN (:change IS NULL OR glob_nocase(:change, e.run) OR glob_nocase(:change, e.commit_id)
                  OR glob_nocase(:change, e.change_request))
              THEN 1 ELSE 0 END AS change,
         CASE WHEN (:ticket IS NULL OR glob_nocase(:ticket, e.ticket))
              THEN 1 ELSE 0 END AS ticket,
         CASE WHEN (:text IS NULL OR glob_nocase(:text, e.action) OR glob_nocase(:text, e.actor) OR glob_nocase(:text, e.resource)
                  OR glob_nocase(:text, e.detail) OR glob_nocase(:text, e.error) OR glob_nocase(:text, e.error_text)
                  OR glob_nocase(:text, e.user_agent))
              THEN 1 ELSE 0 END AS text
FROM     event e
WHERE    e.t >= :from AND e.t < :until
ORDER BY e.t, e.id
