-- title:      Manual change to a resource that code manages
-- question:   Were resources under code control altered by hand?
-- severity:   high
-- tier:       2
-- needs:      cloud-audit state
-- population: touched
-- population-words: writes on resources that a state snapshot holds
-- columns:    t time "When" 13, actor text "Who" 22 bold, actor_id id "Identity" under actor, action text "Action" 16,
--             resource id "Resource" 18, address id "Address in code" 20, channel text "By" 7, reason text "Why it is
--             listed" 16, detail text "Detail" 0, type text "Type" 0, lineage id "Lineage" 0, serial count "Serial" 0,
--             file text "State" 0, source_ip id "From" 0, item id "Event" 0, evidence id "Evidence" 0
-- if-empty:   No resource held by the state snapshots that were read was altered by hand.
-- caveat:     A resource counts as managed when the latest snapshot of its state, as read, holds it by ARN, id or name;
--             resources of states that were not read are not known. A change that the code ignores on purpose is listed
--             as well. Labels and data (list "write-ignore") are left out.
-- reviewer:   Expect drift at the next plan; approve it into code or revert it.
SELECT   e.id AS item, e.t, coalesce(e.person, CASE WHEN e.session LIKE '%@%' THEN e.session END, e.actor, 'not recorded') AS actor,
         e.actor_id, e.action, m.resource, m.address, e.channel,
         CASE WHEN e.actor_type = 'root' THEN 'by the root user'
              WHEN e.channel = 'console' THEN 'in the console'
              WHEN e.channel = 'iac' THEN 'by code, but with a person''s credentials'
              WHEN e.channel IN ('cli', 'sdk') THEN 'from a command line or script'
              ELSE 'outside the pipeline' END AS reason,
         e.detail, m.type, m.lineage, m.serial, m.file, e.source_ip, e.id AS evidence
FROM     touched m JOIN event e ON e.key = m.t
WHERE    m.t >= :from AND m.t < :until AND m.environment = :environment
AND      e.outcome = 'success' AND e.is_explained = 0
AND      e.actor_type NOT IN ('automation', 'provider', 'service')
AND      coalesce(e.actor_kind, '') NOT IN ('controller', 'service')
AND      coalesce(e.via, '') NOT LIKE '%.amazonaws.com'
AND      in_list('write-ignore', e.source, e.service, e.action) = 0
AND      in_list('controllers', e.source, e.service, e.actor_id) = 0
AND      in_list('controllers', e.source, e.service, e.actor) = 0
ORDER BY e.t, e.id
