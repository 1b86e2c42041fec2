SELECT   e.id, e.time, e.source, e.actor, e.actor_id, e.actor_type, e.actor_kind, e.person, e.via, e.session, e.credential, e.mfa,
         e.service, e.action, e.verb, e.resource, e.resource_type, e.account, e.region, e.place, e.environment,
         e.source_ip, e.user_agent, e.channel, e.outcome, e.error, e.error_text,
         e.run, e.commit_id AS "commit", e.change_request, e.ticket, e.request, e.detail,
         e.native_id, e.file, e.record, e.records,
         e.file_sha256, e.offset, e.length, e.record_sha256,
         (SELECT group_concat(r.resource, char(31)) FROM event_resource r WHERE r.event = e.id AND r.t = e.t) AS more_resources
FROM     event e
WHERE    e.t >= :from AND e.t < :until
AND      (:environments IS NULL OR instr(:environments, ' ' || e.environment || ' ') > 0)
AND      (:source IS NULL OR glob_nocase(:source, e.source))
AND      (:actor IS NULL OR glob_nocase(:actor, e.actor) OR glob_nocase(:actor, e.actor_id) OR glob_nocase(:actor, e.person)
          OR glob_nocase(:actor, e.session))
AND      (:action IS NULL OR glob_nocase(:action, e.action) OR glob_nocase(:action, e.service || ':' || e.action))
AND      (:verb IS NULL OR e.verb = :verb)
AND      (:outcome IS NULL OR e.outcome = :outcome)
AND      (:resource IS NULL OR glob_nocase(:resource, e.resource)
          OR EXISTS (SELECT 1 FROM event_resource r WHERE r.event = e.id AND r.t = e.t AND glob_nocase(:resource, r.resource)))
AND      (:change IS NULL OR glob_nocase(:change, e.run) OR glob_nocase(:change, e.commit_id)
          OR glob_nocase(:change, e.change_request))
AND      (:ticket IS NULL OR glob_nocase(:ticket, e.ticket))
AND      (:text IS NULL OR glob_nocase(:text, e.action) OR glob_nocase(:text, e.actor) OR glob_nocase(:text, e.resource)
          OR glob_nocase(:text, e.detail) OR glob_nocase(:text, e.error) OR glob_nocase(:text, e.error_text)
          OR glob_nocase(:text, e.user_agent))
ORDER BY e.t, e.id
