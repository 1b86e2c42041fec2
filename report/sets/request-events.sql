-- title:    Events that fit the request
-- columns:  no row "No" 6, t time "Time (UTC)" 12, t_local local "Time (local)" 0, environment text "Environment" 0, actor text "Actor" 18,
--           actor_id id "Identity" 0, action text "Action" 17 bold, resource id "Resource" 24, outcome mark "Outcome" 11, error text "Error" 0,
--           detail text "Detail" 0, change id "Change" 0, change_request id "Change request" 0, ticket id "Ticket" 0, commit_id id "Commit" 0, run id "Run" 0,
--           is_write text "Write Y/N" 0, is_explained text "Explained Y/N" 0, source text "Source" 12, account id "Account" 0, region text "Region" 0,
--           source_ip id "Address" 0, user_agent text "User agent" 0, channel text "Channel" 0, mfa text "Second factor" 0, ref ref "Evidence" 17,
--           record_sha256 hash "Record SHA-256" 13, id id "Event" 0
-- if-empty: No event fits the request.
SELECT   id, t, environment, coalesce(person, actor) AS actor, actor_id, action, resource, outcome, error, detail, change, change_request,
         ticket, commit_id, run, CASE is_write WHEN 1 THEN 'Y' ELSE 'N' END AS is_write,
         CASE is_explained WHEN 1 THEN 'Y' ELSE 'N' END AS is_explained, source, account, region, source_ip, user_agent, channel, mfa,
         file_sha256, offset, length, record_sha256
FROM     event e
WHERE    e.t >= :from AND e.t < :until AND (:environment IS NULL OR e.environment = :environment)
AND      (:source IS NULL OR glob_nocase(:source, e.source))
AND      (:actor IS NULL OR glob_nocase(:actor, e.actor) OR glob_nocase(:actor, e.actor_id) OR glob_nocase(:actor, e.person)
          OR glob_nocase(:actor, e.session))
AND      (:action IS NULL OR glob_nocase(:action, e.action) OR glob_nocase(:action, e.service || ':' || e.action))
AND      (:verb IS NULL OR e.verb = :verb)
AND      (:resource IS NULL OR glob_nocase(:resource, e.resource)
          OR EXISTS (SELECT 1 FROM event_resource r WHERE r.event = e.id AND r.t = e.t AND glob_nocase(:resource, r.resource)))
AND      (:outcome IS NULL OR e.outcome = :outcome)
AND      (:change IS NULL OR glob_nocase(:change, e.run) OR glob_nocase(:change, e.commit_id)
          OR glob_nocase(:change, e.change_request))
AND      (:ticket IS NULL OR glob_nocase(:ticket, e.ticket))
AND      (:text IS NULL OR glob_nocase(:text, e.action) OR glob_nocase(:text, e.actor) OR glob_nocase(:text, e.resource)
          OR glob_nocase(:text, e.detail) OR glob_nocase(:text, e.error) OR glob_nocase(:text, e.error_text)
          OR glob_nocase(:text, e.user_agent))
ORDER BY e.t, e.id
