-- title:      Modifications that no pipeline run explains
-- question:   You showed me the changes your process knows about. Which modifications in the cloud logs did not come from
--             that process?
-- severity:   high
-- tier:       1
-- needs:      cloud-audit runs identities
-- population: modification where origin in ('run', 'automation', 'people', 'other')
-- population-words: successful modifications in the cloud logs
-- columns:    t time "First" 13, actor text "Who" 24 bold, actor_id id "Identity" under actor, action text "Action" 15,
--             resource id "Resource" 18, n count "Times" 5, reason text "Why it is listed" 22, channel text "By" 6,
--             t_last time "Last" 0, service text "Service" 0, account id "Account" 0, region text "Region" 0, source_ip
--             id "Address" 0, item id "First event" 0, evidence id "Evidence" 0
-- if-empty:   Every modification in the cloud logs was made by the pipeline during a recorded change, or by the platform
--             itself.
-- caveat:     A modification is explained when its actor is a registered automation identity and either the record names
--             the run or the time lies within a change of the same environment, five minutes before its start to fifteen
--             after its end. Left out are the platform acting by itself, the identities of the list "controllers" and of
--             that kind in the configuration, and the actions of the list "write-ignore" (data, labels, log writing).
--             A line stands for all that one identity did alike to one resource: "Times" says how many modifications.
--             Reads are not looked at.
-- reviewer:   For each line decide: approved manual work (with ticket), pipeline data that was not read, or an
--             unauthorized change.
WITH unexplained AS (
    SELECT e.id, e.t, coalesce(e.identity, e.actor_id, e.actor, '') AS identity, e.actor, e.actor_id, e.actor_type,
           e.actor_kind, e.person, e.session, coalesce(e.service, '') AS service, e.action, e.resource,
           coalesce(e.resource, '') AS what, e.channel, e.account, e.region, e.source_ip
    FROM   modification e
    WHERE  e.t >= :from AND e.t < :until AND e.environment = :environment
    AND    e.origin IN ('automation', 'people', 'other')),
groups AS (
    SELECT u.*, row_number() OVER (alike ORDER BY u.t) AS place, count(*) OVER alike AS n, max(u.t) OVER alike AS t_last,
           group_concat(u.id, ' ') OVER (PARTITION BY u.identity, u.service, u.action, u.what ORDER BY u.t
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS evidence
    FROM   unexplained u
    WINDOW alike AS (PARTITION BY u.identity, u.service, u.action, u.what))
SELECT   u.id AS item, u.t,
         coalesce(u.person, CASE WHEN u.session LIKE '%@%' THEN u.session END, u.actor, 'not recorded') AS actor,
         u.actor_id,
         u.action, u.resource, u.n,
         CASE WHEN u.actor_type = 'root' THEN 'the root user'
              WHEN u.actor_type = 'automation' THEN 'automation, but outside of every recorded change'
              WHEN u.actor_kind = 'break-glass' THEN 'the emergency account'
              WHEN u.actor_type = 'human' THEN 'made by a person, not by the pipeline'
              WHEN u.actor_kind IS NOT NULL THEN 'an account registered as ' || u.actor_kind || ', not as automation'
              ELSE 'an account that is not registered as automation' END AS reason,
         u.channel, u.t_last, u.service, u.account, u.region, u.source_ip, u.evidence
FROM     groups u
WHERE    u.place = 1
ORDER BY u.t, u.id
