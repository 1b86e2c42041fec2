-- title:    Events of the period that no rule of the environment map fits
-- columns:  no row "No" 5, t time "Time (UTC)" 12, source text "Source" 12 bold, account id "Account" 13, region text "Region" 0,
--           place text "Place" 15, actor text "Actor" 16, actor_id id "Identity" 0, action text "Action" 17, resource id "Resource" 18,
--           outcome mark "Outcome" 10, ref ref "Evidence" 14, record_sha256 hash "Record SHA-256" 0, id id "Event" 0
-- if-empty: Every event of the period has an environment.
SELECT   id, t, source, account, region, place, coalesce(person, actor) AS actor, actor_id, action, resource, outcome,
         file_sha256, offset, length, record_sha256
FROM     event
WHERE    t >= :from AND t < :until AND environment = 'unmapped'
ORDER BY t, id
