-- The views that queries may use (report/README.md); nothing else of the database is theirs to see. Made anew for every
-- connection: they belong to the program and not to the file. A name that begins with _ is for other views.
--
-- A condition on `t` must reach event_row.id as it stands, and `is_write = 1`, `is_login = 1` and `has_error` the conditions
-- that the partial indexes are made for, so nothing may wrap these columns. What hangs off an event comes by LEFT JOIN on a
-- key, and what hangs off that by a subquery: SQLite leaves out a join of which no column is named, so a query pays for
-- what it reads.

CREATE TEMP VIEW event AS
SELECT event_id(e.id, e.eid, e.clash) AS id, e.id AS key, e.id AS t,
       -- always UTC. Only a time that the key cannot hold (from the year 2242 on) stands in the text.
       CASE WHEN e.id < 9223372035781033984 THEN time_text(e.id, e.sub) ELSE m.time_text END AS time,
       s.source AS source, a.name AS actor, a.native AS actor_id,
       CASE WHEN coalesce(a.kind, p.kind) = 'automation' THEN 'automation'
            ELSE coalesce((SELECT y.name FROM actor_type y WHERE y.id = a.type), 'unknown') END AS actor_type,
       coalesce(a.kind, p.kind) AS actor_kind, coalesce(a.person, pp.person) AS person, i.identity AS identity,
       p.via AS via, p.session AS session, p.credential AS credential,
       coalesce((SELECT w.name FROM mfa w WHERE w.id = p.mfa), 'unknown') AS mfa,
       x.service AS service, x.action AS action, (SELECT v.name FROM verb v WHERE v.id = x.verb) AS verb,
       r.name AS resource, r.type AS resource_type,
       s.account AS account, s.region AS region, s.place AS place, s.environment AS environment,
       ad.ip AS source_ip, ag.name AS user_agent, ch.name AS channel, o.name AS outcome, er.code AS error,
       e.error IS NOT NULL AS has_error, m.error_text AS error_text, m.run AS run, m.commit_id AS commit_id,
       m.change_request AS change_request, m.ticket AS ticket, m.request AS request, m.detail AS detail,
       native_text(e.native, e.eid) AS native_id,
       e.is_write AS is_write, e.is_login AS is_login, coalesce(m.is_omitted, 0) AS is_omitted,
       ec.event IS NOT NULL AS is_explained,
       (SELECT c.tool || ':' || c.key FROM change_row c WHERE c.id = ec.change) AS change,
       coalesce((SELECT c.needs_approval = 0 OR c.approval_state = 'approved' FROM change_row c WHERE c.id = ec.change), 0)
       AS is_approved,
       bytes_hex(m.sha256) AS record_sha256, f.path AS file, bytes_hex(f.sha256) AS file_sha256,
       e.record AS record, m.records AS records, e.offset AS offset, e.length AS length
FROM   event_row e
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN actor a ON a.id = e.actor
       LEFT JOIN actor_identity i ON i.actor = e.actor
       LEFT JOIN principal p ON p.id = e.principal
       LEFT JOIN principal_person pp ON pp.principal = e.principal
       LEFT JOIN action x ON x.id = e.action
       LEFT JOIN resource r ON r.id = e.resource
       LEFT JOIN address ad ON ad.id = e.address
       LEFT JOIN agent ag ON ag.id = e.agent
       LEFT JOIN channel ch ON ch.id = e.channel
       LEFT JOIN outcome o ON o.id = e.outcome
       LEFT JOIN error er ON er.id = e.error
       LEFT JOIN more m ON m.event = e.id
       LEFT JOIN event_change ec ON ec.event = e.id
       LEFT JOIN file_row f ON f.id = e.file
WHERE  e.is_fact = 0;

-- What altered something in a cloud and how that came about. An origin of run, automation, people or other is what a report on
-- changes examines; what the platform does by itself and what the list "write-ignore" leaves out are apart.
CREATE TEMP VIEW modification AS
SELECT e.*,
       CASE WHEN e.is_explained = 1 THEN 'run'
            WHEN e.actor_type = 'provider' OR coalesce(e.actor_kind, '') = 'controller'
                 OR coalesce(e.via, '') LIKE '%.amazonaws.com' THEN 'platform'
            WHEN in_list('write-ignore', e.source, e.service, e.action) = 1 THEN 'ignored'
            WHEN in_list('controllers', e.source, e.service, e.actor_id) = 1
                 OR in_list('controllers', e.source, e.service, e.actor) = 1 THEN 'platform'
            WHEN e.actor_type = 'automation' THEN 'automation'
            WHEN e.actor_type IN ('human', 'root') THEN 'people'
            ELSE 'other' END AS origin
FROM   event e
WHERE  e.is_write = 1 AND e.outcome = 'success'
AND    e.verb IN ('create', 'update', 'delete', 'grant', 'revoke', 'config', 'apply')
AND    e.source IN (SELECT k.name FROM source_row k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0);

CREATE TEMP VIEW event_resource AS
SELECT event_id(e.id, e.eid, e.clash) AS event, h.event AS t, r.name AS resource, r.type AS resource_type
FROM   event_resource_row h JOIN event_row e ON e.id = h.event JOIN resource r ON r.id = h.resource;

-- --- facts of events ---------------------------------------------------------------------------------------------------------

CREATE TEMP VIEW "grant" AS
SELECT event_id(e.id, e.eid, e.clash) || CASE WHEN g.n > 0 THEN '.' || g.n ELSE '' END AS id,
       event_id(e.id, e.eid, e.clash) AS event, g.event AS t, s.environment AS environment, s.source AS source,
       s.account AS account, x.action AS action, a.name AS actor, a.native AS actor_id,
       CASE WHEN coalesce(a.kind, p.kind) = 'automation' THEN 'automation'
            ELSE coalesce((SELECT y.name FROM actor_type y WHERE y.id = a.type), 'unknown') END AS actor_type,
       coalesce(a.kind, p.kind) AS actor_kind, coalesce(a.person, pp.person) AS person, o.name AS outcome,
       CASE WHEN g.is_removal THEN 'remove' ELSE 'add' END AS direction,
       g.grantee AS grantee, g.grantee_type AS grantee_type, g.permission AS permission, g.scope AS scope,
       g.is_admin AS is_admin, g.is_public AS is_public, g.is_external AS is_external, g.condition AS condition,
       ec.event IS NOT NULL AS is_explained,
       (SELECT c.tool || ':' || c.key FROM change_row c WHERE c.id = ec.change) AS change,
       coalesce((SELECT c.needs_approval = 0 OR c.approval_state = 'approved' FROM change_row c WHERE c.id = ec.change), 0)
       AS is_approved
FROM   grant_fact g
       JOIN event_row e ON e.id = g.event
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN action x ON x.id = e.action
       LEFT JOIN actor a ON a.id = e.actor
       LEFT JOIN principal p ON p.id = e.principal
       LEFT JOIN principal_person pp ON pp.principal = e.principal
       LEFT JOIN outcome o ON o.id = e.outcome
       LEFT JOIN event_change ec ON ec.event = e.id;

CREATE TEMP VIEW exposure AS
SELECT event_id(e.id, e.eid, e.clash) || CASE WHEN g.n > 0 THEN '.' || g.n ELSE '' END AS id,
       event_id(e.id, e.eid, e.clash) AS event, g.event AS t, s.environment AS environment, s.source AS source,
       s.account AS account, x.action AS action, a.name AS actor, a.native AS actor_id,
       CASE WHEN coalesce(a.kind, p.kind) = 'automation' THEN 'automation'
            ELSE coalesce((SELECT y.name FROM actor_type y WHERE y.id = a.type), 'unknown') END AS actor_type,
       coalesce(a.kind, p.kind) AS actor_kind, coalesce(a.person, pp.person) AS person, o.name AS outcome,
       CASE WHEN g.is_removal THEN 'remove' ELSE 'add' END AS direction,
       CASE WHEN g.is_egress THEN 'egress' ELSE 'ingress' END AS flow, g.is_deny AS is_deny,
       g.range AS range, g.protocol AS protocol, g.port_from AS port_from, g.port_to AS port_to, g.target AS target,
       ec.event IS NOT NULL AS is_explained,
       (SELECT c.tool || ':' || c.key FROM change_row c WHERE c.id = ec.change) AS change,
       coalesce((SELECT c.needs_approval = 0 OR c.approval_state = 'approved' FROM change_row c WHERE c.id = ec.change), 0)
       AS is_approved
FROM   exposure_fact g
       JOIN event_row e ON e.id = g.event
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN action x ON x.id = e.action
       LEFT JOIN actor a ON a.id = e.actor
       LEFT JOIN principal p ON p.id = e.principal
       LEFT JOIN principal_person pp ON pp.principal = e.principal
       LEFT JOIN outcome o ON o.id = e.outcome
       LEFT JOIN event_change ec ON ec.event = e.id;

-- A write on a resource that a state snapshot holds.
CREATE TEMP VIEW touched AS
SELECT event_id(e.id, e.eid, e.clash) AS id, w.event AS t, s.environment AS environment, w.resource AS resource,
       w.address AS address, w.type AS type, h.serial AS serial, h.lineage AS lineage, f.path AS file
FROM   touched_row w
       JOIN event_row e ON e.id = w.event
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN snapshot_seen h ON h.event = w.snapshot
       LEFT JOIN event_row k ON k.id = w.snapshot
       LEFT JOIN file_row f ON f.id = k.file;

-- --- changes and what leads to them ------------------------------------------------------------------------------------------

CREATE TEMP VIEW change AS
SELECT c.tool || ':' || c.key AS id, c.t AS t, c.environment AS environment, c.tool AS tool, c.key AS run,
       c.workspace AS workspace,
       c.kind AS kind, c.result AS result, coalesce(c.created_by, c.created_by_id) AS created_by,
       c.created_person AS created_person,
       coalesce(c.applied_by, c.applied_by_id) AS applied_by, c.applied_person AS applied_person, c.commit_id AS commit_id,
       c.change_request AS change_request, c.ticket AS ticket, c.branch AS branch, c.trigger AS trigger,
       c.message AS message,
       c.url AS url, c.t_created AS t_created, c.t_planned AS t_planned, c.t_start AS t_start, c.t_end AS t_end,
       c.adds AS adds, c.changes AS changes, c.destroys AS destroys, c.auto_apply AS auto_apply,
       c.needs_approval AS needs_approval, r.author AS author, r.author_person AS author_person,
       r.merged_by AS merged_by, r.merged_person AS merged_person, r.t_merged AS t_merged,
       c.approval_state AS approval_state, c.approved_by AS approved_by, c.t_approved AS t_approved,
       c.approvers AS approvers,
       c.commit_id IS NOT NULL AS has_commit,
       -- a request that was read must be merged; one that is only named is taken as named
       c.change_request IS NOT NULL AND (r.key IS NULL OR r.t_merged IS NOT NULL) AS has_change_request,
       c.ticket IS NOT NULL AS has_ticket, c.evidence AS evidence
FROM   change_row c LEFT JOIN change_request_row r ON r.key = c.change_request;

CREATE TEMP VIEW approval AS
SELECT event_id(e.id, e.eid, e.clash) || CASE WHEN a.n > 0 THEN '.' || a.n ELSE '' END AS id, a.t AS t,
       a.decision AS decision,
       a.object_type AS object_type, a.object AS object, coalesce(a.by_name, a.by_id) AS by, a.person AS person,
       a.is_bot AS is_bot, a.commit_id AS commit_id, c.tool || ':' || c.key AS change, a.environment AS environment,
       a.defect AS defect, event_id(e.id, e.eid, e.clash) AS evidence
FROM   approval_row a JOIN event_row e ON e.id = a.event LEFT JOIN change_row c ON c.id = a.change;

CREATE TEMP VIEW change_request AS
SELECT key AS id, coalesce(t_merged, t_created) AS t, environment, repo, branch, base, title, author, author_person,
       merged_by,
       merged_person, head_commit, merge_commit, t_created, t_merged, t_closed, ticket, evidence
FROM   change_request_row;

CREATE TEMP VIEW commit_ AS
SELECT id, t, environment, repo, parents, author, author_person, committer, subject, change_request, reverts, evidence
FROM   commit_row;

CREATE TEMP VIEW link AS
SELECT from_type, from_id, to_type, to_id, strength, rule, evidence
FROM   link_row;

-- --- state -------------------------------------------------------------------------------------------------------------------

CREATE TEMP VIEW snapshot AS
SELECT event_id(e.id, e.eid, e.clash) AS id, h.t AS t, h.format AS format, h.lineage AS lineage, h.serial AS serial,
       h.tool_version AS tool_version, s.environment AS environment, l.event IS NOT NULL AS is_latest, f.path AS file,
       event_id(e.id, e.eid, e.clash) AS evidence
FROM   snapshot_seen h
       JOIN event_row e ON e.id = h.event
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN snapshot_latest l ON l.event = h.event
       LEFT JOIN file_row f ON f.id = e.file;

CREATE TEMP VIEW managed AS
SELECT event_id(e.id, e.eid, e.clash) AS snapshot, q.address AS address, q.type AS type, q.cloud_id AS cloud_id,
       q.arn AS arn,
       q.provider AS provider, q.mode AS mode, q.status AS status, h.serial AS serial, h.lineage AS lineage,
       s.environment AS environment, l.event IS NOT NULL AS is_latest, f.path AS file, e.record AS record
FROM   snapshot_resource q
       JOIN snapshot_seen h ON h.event = q.event
       JOIN event_row e ON e.id = q.event
       LEFT JOIN scope s ON s.id = e.scope
       LEFT JOIN snapshot_latest l ON l.event = q.event
       LEFT JOIN file_row f ON f.id = e.file;

-- --- what was read, and when it is silent ------------------------------------------------------------------------------------

CREATE TEMP VIEW coverage AS
SELECT s.source AS source, s.account AS account, s.region AS region, s.place AS place, s.environment AS environment,
       h.hour * 3865470566400 AS t, h.n AS n
FROM   coverage_hour h JOIN scope s ON s.id = h.scope;

CREATE TEMP VIEW _coverage_day AS
SELECT   scope, hour / 24 AS day, sum(n) AS n
FROM     coverage_hour
GROUP BY scope, hour / 24;

CREATE TEMP VIEW coverage_day AS
SELECT   utc(d.day * 92771293593600) || ' ' || s.source || ' ' || coalesce(s.account, '-') || ' ' || coalesce(s.region, '-') || ' '
         || coalesce(s.place, '-') || ' ' || s.environment AS id,
         s.source AS source, s.account AS account, s.region AS region, s.place AS place, s.environment AS environment,
         d.day * 92771293593600 AS t, sum(d.n) AS n
FROM     _coverage_day d JOIN scope s ON s.id = d.scope
GROUP BY d.day, s.source, s.account, s.region, s.place, s.environment;

-- A gap that nothing ends has no t_until: the end of the record, where it is cut off (t_end), is no event.
CREATE TEMP VIEW gap AS
SELECT source, account, region, environment, t, CASE WHEN is_open = 0 THEN t_until END AS t_until, t_until AS t_end, seconds,
       usual_seconds, days, is_open
FROM   gap_row;

-- From the act that switched an audit log off (lists "audit-off" and "audit-on") to the next one that starts one of the same
-- service and account again. What was done meanwhile is not recorded, or not in full.
CREATE TEMP VIEW blind AS
SELECT o.id AS id, o.t AS t, o.t_until AS t_until, o.source AS source, o.service AS service, o.account AS account,
       o.environment AS environment, o.action AS action, o.resource AS resource, o.actor AS actor, o.person AS person, o.reason AS reason,
       o.id || coalesce(' ' || (SELECT k.id FROM event k WHERE k.key = o.t_until), '') AS evidence
FROM  (SELECT e.id, e.t, e.source, e.service, e.account, e.environment, e.action, e.resource, e.actor, e.person,
              (SELECT min(k.note) FROM list k
               WHERE  k.list = 'audit-off' AND (k.source IS NULL OR k.source = '' OR k.source = e.source)
               AND   (k.service IS NULL OR k.service = '' OR k.service = e.service)
               AND   (glob_nocase(k.pattern, e.action || coalesce(' ' || e.detail, '')) = 1
                      OR glob_nocase(k.pattern, e.action || coalesce(' ' || e.resource, '')) = 1)) AS reason,
              (SELECT min(n.t) FROM event n
               WHERE  n.t > e.t AND n.is_write = 1 AND n.source = e.source AND coalesce(n.service, '') = coalesce(e.service, '')
               AND    coalesce(n.account, '') = coalesce(e.account, '')
               AND    n.outcome NOT IN ('failure', 'denied', 'throttled')
               AND    in_list('audit-on', n.source, n.service, n.action || coalesce(' ' || n.detail, '')) = 1) AS t_until
       FROM   event e
       WHERE  e.is_write = 1 AND e.outcome NOT IN ('failure', 'denied', 'throttled')
       AND   (in_list('audit-off', e.source, e.service, e.action || coalesce(' ' || e.detail, '')) = 1
              OR in_list('audit-off', e.source, e.service, e.action || coalesce(' ' || e.resource, '')) = 1)) o;

CREATE TEMP VIEW file AS
SELECT coalesce(bytes_hex(sha256), path) AS id, path, sources, size, plain_size, compression, read, accepted, rejected,
       duplicate, conflict, folded, not_event, text, t_first * 1073741824 AS t_first, t_last * 1073741824 AS t_last,
       t_first * 1073741824 AS t, problem
FROM   file_row;

-- Numbers of issues depend on the order of ingest, their places do not.
CREATE TEMP VIEW issue AS
SELECT coalesce(bytes_hex(f.sha256), f.path) || ':' || coalesce(i.record, '') || ':' || coalesce(i.offset, '') || ':' || i.kind
       AS id, f.path AS file, bytes_hex(f.sha256) AS file_sha256, f.sources AS sources,
       f.t_first * 1073741824 AS t_first, f.t_last * 1073741824 AS t_last, i.kind AS kind,
       i.record AS record, i.offset AS offset, i.line AS line, i.reason AS reason, i.excerpt AS excerpt
FROM   issue_row i JOIN file_row f ON f.id = i.file;

-- --- who was seen ------------------------------------------------------------------------------------------------------------

CREATE TEMP VIEW seen_action AS
SELECT   a.name AS actor, a.native AS actor_id,
         CASE WHEN a.kind = 'automation' THEN 'automation'
              ELSE coalesce((SELECT y.name FROM actor_type y WHERE y.id = a.type), 'unknown') END AS actor_type,
         a.kind AS actor_kind, a.person AS person, i.identity AS identity, s.source AS source,
         s.environment AS environment,
         x.service AS service, x.action AS action,
         w.first * 1073741824 AS t_first, w.last * 1073741824 AS t_last, w.n AS n
FROM     seen_row w
         JOIN actor a ON a.id = w.actor
         JOIN scope s ON s.id = w.scope
           LEFT JOIN actor_identity i ON i.actor = w.actor
         LEFT JOIN action x ON x.id = w.action;

CREATE TEMP VIEW seen AS
SELECT   actor, actor_id, actor_type, actor_kind, person, identity, source, environment,
         min(t_first) AS t_first, max(t_last) AS t_last, sum(n) AS n
FROM     seen_action
GROUP BY actor, actor_id, actor_type, actor_kind, person, identity, source, environment;

CREATE TEMP VIEW actor_day AS
SELECT   a.name AS actor, a.native AS actor_id,
         CASE WHEN a.kind = 'automation' THEN 'automation'
              ELSE coalesce((SELECT y.name FROM actor_type y WHERE y.id = a.type), 'unknown') END AS actor_type,
         a.kind AS actor_kind, a.person AS person, i.identity AS identity, s.source AS source,
         s.environment AS environment,
         utc(d.day * 92771293593600) || ' ' || s.source || ' ' || coalesce(s.account, '-') || ' ' || coalesce(s.region, '-') || ' '
         || coalesce(s.place, '-') || ' ' || coalesce(a.native, a.name, '-') AS id,
         d.day * 92771293593600 AS t, d.n AS n, d.writes AS writes, d.failed AS failed
FROM     day_actor d
         JOIN actor a ON a.id = d.actor
         JOIN scope s ON s.id = d.scope
           LEFT JOIN actor_identity i ON i.actor = d.actor;

CREATE TEMP VIEW action_day AS
SELECT   x.service AS service, x.action AS action, (SELECT v.name FROM verb v WHERE v.id = x.verb) AS verb,
         s.source AS source,
         s.account AS account, s.environment AS environment,
         (SELECT o.name FROM outcome o WHERE o.id = d.outcome) AS outcome,
         d.day * 92771293593600 AS t, d.n AS n
FROM     day_action d
         JOIN action x ON x.id = d.action
         JOIN scope s ON s.id = d.scope;

-- --- registers ---------------------------------------------------------------------------------------------------------------

CREATE TEMP VIEW expected AS
SELECT source, account, region, place, environment FROM reg_expected;

CREATE TEMP VIEW person AS
SELECT name, email, team, zone, t_start, t_end, is_developer, is_approver, is_admin FROM reg_person;

CREATE TEMP VIEW identity AS
SELECT pattern, kind, note FROM reg_identity;

CREATE TEMP VIEW trusted AS
SELECT name FROM reg_trusted;

-- store_source_add fills source_row, store_list_add the temporary list_row.
CREATE TEMP VIEW source AS
SELECT name AS source, title, gives, is_continuous FROM source_row;

CREATE TEMP VIEW list AS
SELECT list, source, service, pattern, note FROM list_row;
