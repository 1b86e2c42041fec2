-- title:    Events that modified something, signed in, or did not succeed
-- columns:  no row "No" 6, t time "Time (UTC)" 12, t_local local "Time (local)" 0, environment text "Environment" 0, actor text "Actor" 18,
--           actor_id id "Identity" 0, action text "Action" 17 bold, resource id "Resource" 24, outcome mark "Outcome" 11, error text "Error" 0,
--           detail text "Detail" 0, change id "Change" 0, change_request id "Change request" 0, ticket id "Ticket" 0, commit_id id "Commit" 0, run id "Run" 0,
--           is_write text "Write Y/N" 0, is_explained text "Explained Y/N" 0, source text "Source" 12, account id "Account" 0, region text "Region" 0,
--           source_ip id "Address" 0, user_agent text "User agent" 0, channel text "Channel" 0, mfa text "Second factor" 0, ref ref "Evidence" 17,
--           record_sha256 hash "Record SHA-256" 13, id id "Event" 0
-- if-empty: No such event of this environment lies in the period.
SELECT   id, t, environment, coalesce(person, actor) AS actor, actor_id, action, resource, outcome, error, detail, change, change_request,
         ticket, commit_id, run, CASE is_write WHEN 1 THEN 'Y' ELSE 'N' END AS is_write,
         CASE is_explained WHEN 1 THEN 'Y' ELSE 'N' END AS is_explained, source, account, region, source_ip, user_agent, channel, mfa,
         file_sha256, offset, length, record_sha256
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment)
AND      key IN (SELECT w.key FROM event w WHERE w.t >= :from AND w.t < :until AND w.is_write = 1
                 UNION
                 SELECT l.key FROM event l WHERE l.t >= :from AND l.t < :until AND l.is_login = 1
                 UNION
                 SELECT x.key FROM event x WHERE x.t >= :from AND x.t < :until AND x.has_error)
ORDER BY t, id
