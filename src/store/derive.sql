-- Derived tables: what follows from the facts and the registers, made anew by store_derive in one transaction.
--
-- Nothing here may depend on the order of ingest: whenever one row is chosen among several it is by time, name or other content,
-- never by the id of a dictionary. The tables are made here and not in schema.sql because they can always be thrown away.
--
-- Functions used besides those of schema.sql: glob_nocase(pattern, text), and ticket_of(text), the first text that fits the
-- configured pattern or NULL. Times are keys: one second is 1073741824. "person_of" appears as the same subquery again and again:
-- aliases of the roster are kept in lower case.

-- --- 1. where: the environment of each scope ---------------------------------------------------------------------------------

-- The rule that fits and its place in the map: the first rule wins, a hint given at ingest wins over all of them.
DROP TABLE IF EXISTS temp.scope_rule;
CREATE TEMP TABLE scope_rule(scope INTEGER PRIMARY KEY, rule INTEGER NOT NULL, environment TEXT NOT NULL);
INSERT INTO scope_rule
SELECT s.id,
       CASE WHEN s.hint IS NOT NULL THEN -1 ELSE coalesce(r.n, 1000000) END,
       coalesce(s.hint, r.environment, 'unmapped')
FROM   scope s LEFT JOIN reg_env_rule r ON r.n = (
           SELECT   x.n
           FROM     reg_env_rule x
           WHERE    (x.source  IS NULL OR glob_nocase(x.source,  s.source))
           AND      (x.account IS NULL OR glob_nocase(x.account, coalesce(s.account, '')))
           AND      (x.region  IS NULL OR glob_nocase(x.region,  coalesce(s.region, '')))
           AND      (x.place   IS NULL OR glob_nocase(x.place,   coalesce(s.place, '')))
           AND      (x.label   IS NULL OR glob_nocase(x.label,   coalesce(s.label, '')))
           AND      (x.path    IS NULL OR instr(char(10) || s.path || char(10), char(10) || x.path || char(10)) > 0)
           ORDER BY x.n LIMIT 1);
UPDATE scope SET environment = (SELECT r.environment FROM scope_rule r WHERE r.scope = scope.id)
WHERE  environment <> (SELECT r.environment FROM scope_rule r WHERE r.scope = scope.id);

-- --- 2. who: persons, kinds, and the identity that stays ---------------------------------------------------------------------

-- The last part of an ARN is the user's name, or the session of a role, which is the person where people sign in through a
-- provider. Only rows that change are written: there may be a million, and a day's ingest changes few.
UPDATE actor SET person = x.person, kind = x.kind
FROM  (SELECT a.id,
              (SELECT   p.name
               FROM     reg_alias r JOIN reg_person p ON p.n = r.person
               WHERE    r.alias IN (lower(a.name), lower(a.native),
                            CASE WHEN a.native LIKE 'arn:%/%' THEN
                                 lower(substr(a.native, length(rtrim(a.native, replace(a.native, '/', ''))) + 1)) END)
               ORDER BY p.n LIMIT 1) AS person,
              (SELECT   r.kind
               FROM     reg_identity r
               WHERE    glob_nocase(r.pattern, coalesce(a.name, '')) OR glob_nocase(r.pattern, coalesce(a.native, ''))
               ORDER BY r.n LIMIT 1) AS kind
       FROM   actor a) x
WHERE  x.id = actor.id AND (actor.person IS NOT x.person OR actor.kind IS NOT x.kind);
UPDATE principal SET kind = x.kind
FROM  (SELECT p.id,
              CASE WHEN p.session IS NOT NULL AND (SELECT a.kind FROM actor a WHERE a.id = p.actor) IS NULL
                   THEN (SELECT r.kind FROM reg_identity r WHERE glob_nocase(r.pattern, p.session) ORDER BY r.n LIMIT 1) END AS kind
       FROM   principal p) x
WHERE  x.id = principal.id AND principal.kind IS NOT x.kind;

-- A session may name a person that the actor does not: a source identity, somebody who acts through an application.
CREATE TABLE IF NOT EXISTS principal_person(principal INTEGER PRIMARY KEY, person TEXT NOT NULL);
DELETE FROM principal_person;
INSERT INTO principal_person
SELECT p.id,
       (SELECT r.name FROM reg_alias x JOIN reg_person r ON r.n = x.person WHERE x.alias = lower(p.session) ORDER BY r.n LIMIT 1)
FROM   principal p JOIN actor a ON a.id = p.actor
WHERE  p.session IS NOT NULL AND a.person IS NULL
AND    EXISTS (SELECT 1 FROM reg_alias x WHERE x.alias = lower(p.session));

-- For "has this identity been seen before": a role's session ends with its work, the role stays. Only where the session is a
-- person does it tell something.
CREATE TABLE IF NOT EXISTS actor_identity(actor INTEGER PRIMARY KEY, identity TEXT NOT NULL);
DELETE FROM actor_identity;
INSERT INTO actor_identity
SELECT id,
       CASE WHEN person IS NOT NULL THEN person
            WHEN native LIKE 'arn:%:assumed-role/%/%' AND native NOT LIKE '%@%' AND native NOT LIKE '%/AWSReservedSSO%'
            THEN rtrim(rtrim(native, replace(native, '/', '')), '/')
            ELSE coalesce(native, name) END
FROM   actor
WHERE  coalesce(native, name) IS NOT NULL;

-- --- 3. facts seen several times, merged field by field ----------------------------------------------------------------------

-- Of several observations the latest that says a thing wins. Events stand in the order of time, so `o` orders observations and has
-- the same width in all: the greatest "o || value" holds the latest value behind its 24 digits, and NULL says nothing.

-- Some records only give the id of a user, another says how that user is called. Without the name one decision told twice would
-- look like that of two people.
DROP TABLE IF EXISTS temp.called;
CREATE TEMP TABLE called(id TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO called
SELECT   from_id, min(to_id) FROM link_seen
WHERE    from_type = 'user' AND to_type = 'user_name' AND from_id IS NOT NULL AND to_id IS NOT NULL
GROUP BY from_id;

CREATE TABLE IF NOT EXISTS change_request_row(
    key TEXT PRIMARY KEY, environment TEXT NOT NULL DEFAULT 'unmapped', repo TEXT, branch TEXT, base TEXT, title TEXT,
    author TEXT, author_id TEXT, merged_by TEXT, merged_by_id TEXT, author_person TEXT, merged_person TEXT,
    head_commit TEXT, merge_commit TEXT, t_created INTEGER, t_merged INTEGER, t_closed INTEGER,
    ticket TEXT, evidence TEXT
) WITHOUT ROWID;
DELETE FROM change_request_row;
INSERT INTO change_request_row(key, repo, branch, base, title, author, author_id, merged_by, merged_by_id, head_commit,
                               merge_commit, t_created, t_merged, t_closed)
SELECT   key, substr(max(o || repo), 25), substr(max(o || branch), 25), substr(max(o || base), 25),
         substr(max(o || title), 25),
         substr(max(o || author), 25), substr(max(o || author_id), 25), substr(max(o || merged_by), 25),
         substr(max(o || merged_by_id), 25), substr(max(o || head_commit), 25), substr(max(o || merge_commit), 25),
         min(t_created), max(t_merged), max(t_closed)
FROM    (SELECT printf('%019d%05d', event, n) AS o, * FROM change_request_seen)
GROUP BY key;

CREATE TABLE IF NOT EXISTS commit_row(
    id TEXT PRIMARY KEY, environment TEXT NOT NULL DEFAULT 'unmapped', t INTEGER, repo TEXT, parents TEXT,
    author TEXT, author_email TEXT, committer TEXT, committer_email TEXT, author_person TEXT, committer_person TEXT,
    subject TEXT, change_request TEXT, reverts TEXT, evidence TEXT
) WITHOUT ROWID;
DELETE FROM commit_row;
INSERT INTO commit_row(id, t, repo, parents, author, author_email, committer, committer_email, subject, change_request, reverts)
SELECT   commit_id, min(t), substr(max(o || repo), 25), substr(max(o || parents), 25), substr(max(o || author), 25),
         substr(max(o || author_email), 25), substr(max(o || committer), 25), substr(max(o || committer_email), 25),
         substr(max(o || subject), 25), substr(max(o || change_request), 25), substr(max(o || reverts), 25)
FROM    (SELECT printf('%019d%05d', event, n) AS o, * FROM commit_seen)
GROUP BY commit_id;

CREATE TABLE IF NOT EXISTS change_row(
    id INTEGER PRIMARY KEY, tool TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL DEFAULT 'unmapped',
    t INTEGER, workspace TEXT, kind TEXT, result TEXT,
    created_by TEXT, created_by_id TEXT, applied_by TEXT, applied_by_id TEXT, created_person TEXT, applied_person TEXT,
    t_created INTEGER, t_planned INTEGER, t_start INTEGER, t_end INTEGER,
    commit_id TEXT, change_request TEXT, config TEXT, branch TEXT, trigger TEXT, message TEXT, url TEXT, ticket TEXT,
    adds INTEGER, changes INTEGER, destroys INTEGER, auto_apply INTEGER, needs_approval INTEGER,
    approval_state TEXT, approved_by TEXT, t_approved INTEGER, approvers INTEGER, evidence TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS change_row_key ON change_row(tool, key);
CREATE INDEX IF NOT EXISTS change_row_t ON change_row(t);
CREATE INDEX IF NOT EXISTS change_row_workspace ON change_row(workspace, tool, t);
CREATE INDEX IF NOT EXISTS change_row_run ON change_row(key);
CREATE INDEX IF NOT EXISTS change_row_request ON change_row(change_request) WHERE change_request IS NOT NULL;
CREATE INDEX IF NOT EXISTS change_row_commit ON change_row(commit_id) WHERE commit_id IS NOT NULL;
DELETE FROM change_row;
INSERT INTO change_row(tool, key, workspace, kind, result, created_by, created_by_id, applied_by, applied_by_id, t_created,
                       t_planned, t_start, t_end, commit_id, change_request, config, branch, trigger, message, url, adds,
                       changes, destroys,
                       auto_apply, ticket)
SELECT   tool, key, substr(max(o || workspace), 25), substr(max(o || kind), 25),
         -- "pending" only says that the observer came too early
         coalesce(substr(max(CASE WHEN result <> 'pending' THEN o || result END), 25), max(result)),
         substr(max(o || created_by), 25), substr(max(o || created_by_id), 25), substr(max(o || applied_by), 25),
         substr(max(o || applied_by_id), 25), min(t_created), CAST(substr(max(o || t_planned), 25) AS INTEGER),
         CAST(substr(max(o || t_start), 25) AS INTEGER), CAST(substr(max(o || t_end), 25) AS INTEGER),
         substr(max(o || commit_id), 25), substr(max(o || change_request), 25), substr(max(o || config), 25),
         substr(max(o || branch), 25), substr(max(o || trigger), 25), substr(max(o || message), 25),
         substr(max(o || url), 25),
         CAST(substr(max(o || adds), 25) AS INTEGER), CAST(substr(max(o || changes), 25) AS INTEGER),
         CAST(substr(max(o || destroys), 25) AS INTEGER), CAST(substr(max(o || auto_apply), 25) AS INTEGER),
         substr(max(o || ticket), 25)
FROM    (SELECT printf('%019d%05d', s.event, s.n) AS o, s.*, m.ticket FROM change_seen s LEFT JOIN more m ON m.event = s.event)
GROUP BY tool, key
ORDER BY tool, key;

-- The environment of a fact is that of the events it was seen in; of several the one whose rule stands first. For a change the map
-- is asked with the workspace as place, too: a platform may put an organization in the event and the workspace in the run.
DROP TABLE IF EXISTS temp.fact_rule;
CREATE TEMP TABLE fact_rule(kind TEXT, tool TEXT, key TEXT, rule INTEGER, event INTEGER, environment TEXT, evidence TEXT);
INSERT INTO fact_rule
SELECT f.kind, f.tool, f.key, r.rule, e.id, r.environment, event_id(e.id, e.eid, e.clash)
FROM  (SELECT 'change' AS kind, tool, key, event FROM change_seen
       UNION SELECT 'request', '', key, event FROM change_request_seen
       UNION SELECT 'commit', '', commit_id, event FROM commit_seen) f
       JOIN event_row e ON e.id = f.event JOIN scope_rule r ON r.scope = e.scope;
INSERT INTO fact_rule
SELECT DISTINCT 'change', s.tool, s.key, r.n, e.id, r.environment, NULL
FROM   change_seen s JOIN event_row e ON e.id = s.event JOIN scope c ON c.id = e.scope
       JOIN reg_env_rule r ON r.place IS NOT NULL AND glob_nocase(r.place, s.workspace)
WHERE  s.workspace IS NOT NULL AND c.hint IS NULL
AND    (r.source  IS NULL OR glob_nocase(r.source,  c.source))
AND    (r.account IS NULL OR glob_nocase(r.account, coalesce(c.account, '')))
AND    (r.region  IS NULL OR glob_nocase(r.region,  coalesce(c.region, '')))
AND    (r.label   IS NULL OR glob_nocase(r.label,   coalesce(c.label, '')))
AND    (r.path    IS NULL OR instr(char(10) || c.path || char(10), char(10) || r.path || char(10)) > 0);
CREATE INDEX temp.fact_rule_key ON fact_rule(kind, key, tool, rule, event);
UPDATE change_row SET
    environment = coalesce((SELECT r.environment FROM fact_rule r WHERE r.kind = 'change' AND r.key = change_row.key
                            AND r.tool = change_row.tool ORDER BY r.rule, r.event DESC LIMIT 1), 'unmapped'),
    evidence = (SELECT group_concat(r.evidence, ' ') FROM (SELECT evidence FROM fact_rule WHERE kind = 'change'
                AND key = change_row.key AND tool = change_row.tool AND evidence IS NOT NULL ORDER BY event) r),
    t = coalesce(t_start, t_created, t_end, (SELECT max(r.event) FROM fact_rule r WHERE r.kind = 'change'
                 AND r.key = change_row.key AND r.tool = change_row.tool));
UPDATE change_request_row SET
    environment = coalesce((SELECT r.environment FROM fact_rule r WHERE r.kind = 'request' AND r.key = change_request_row.key
                            ORDER BY r.rule, r.event DESC LIMIT 1), 'unmapped'),
    evidence = (SELECT group_concat(r.evidence, ' ') FROM (SELECT evidence FROM fact_rule WHERE kind = 'request'
                AND key = change_request_row.key ORDER BY event) r);
UPDATE commit_row SET
    environment = coalesce((SELECT r.environment FROM fact_rule r WHERE r.kind = 'commit' AND r.key = commit_row.id
                            ORDER BY r.rule, r.event DESC LIMIT 1), 'unmapped'),
    evidence = (SELECT group_concat(r.evidence, ' ') FROM (SELECT evidence FROM fact_rule WHERE kind = 'commit'
                AND key = commit_row.id ORDER BY event) r);
DROP TABLE temp.fact_rule;
UPDATE change_row SET needs_approval = coalesce(
    (SELECT max(r.needs_approval) FROM reg_environment r WHERE r.name = change_row.environment),
    environment LIKE 'prod%');

UPDATE change_row SET
    created_by = coalesce(created_by, (SELECT name FROM called WHERE id = created_by_id)),
    applied_by = coalesce(applied_by, (SELECT name FROM called WHERE id = applied_by_id));
UPDATE change_row SET
    created_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                      WHERE x.alias IN (lower(created_by), lower(created_by_id)) ORDER BY p.n LIMIT 1),
    applied_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                      WHERE x.alias IN (lower(applied_by), lower(applied_by_id)) ORDER BY p.n LIMIT 1);
UPDATE change_request_row SET
    author_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                     WHERE x.alias IN (lower(author), lower(author_id)) ORDER BY p.n LIMIT 1),
    merged_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                     WHERE x.alias IN (lower(merged_by), lower(merged_by_id)) ORDER BY p.n LIMIT 1);
UPDATE commit_row SET
    author_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                     WHERE x.alias IN (lower(author_email), lower(author)) ORDER BY p.n LIMIT 1),
    committer_person = (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                        WHERE x.alias IN (lower(committer_email), lower(committer)) ORDER BY p.n LIMIT 1);

-- --- 4. what belongs to what -------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS link_row(
    from_type TEXT NOT NULL, from_id TEXT NOT NULL, to_type TEXT NOT NULL, strength TEXT NOT NULL, to_id TEXT NOT NULL,
    rule TEXT NOT NULL, evidence TEXT,
    PRIMARY KEY(from_type, from_id, to_type, strength, to_id)
) WITHOUT ROWID;
DELETE FROM link_row;
INSERT INTO link_row
SELECT   l.from_type, l.from_id, l.to_type, CASE WHEN l.is_probable THEN 'probable' ELSE 'exact' END, l.to_id,
         min(coalesce(l.rule, 'said by the record')), min(event_id(e.id, e.eid, e.clash))
FROM     link_seen l JOIN event_row e ON e.id = l.event
WHERE    l.from_id IS NOT NULL AND l.to_id IS NOT NULL AND l.from_type IS NOT NULL AND l.to_type IS NOT NULL
AND      l.to_type NOT IN ('user_name', 'workspace_name')
GROUP BY 1, 2, 3, 4, 5;
-- A configuration version may name its commit in a document of its own: one step more.
INSERT OR IGNORE INTO link_row
SELECT a.from_type, a.from_id, b.to_type, CASE WHEN a.strength = 'exact' THEN b.strength ELSE 'probable' END, b.to_id,
       b.rule,
       b.evidence
FROM   link_row a JOIN link_row b ON b.from_type = 'config' AND b.from_id = a.to_id
WHERE  a.from_type = 'config' AND a.to_type = 'config';

-- commit -> change request. An open request names a merge commit too (a test merge), so only merged ones count.
INSERT OR IGNORE INTO link_row
SELECT 'commit', merge_commit, 'change_request', 'exact', key, 'merge commit of the request', evidence
FROM   change_request_row WHERE merge_commit IS NOT NULL AND t_merged IS NOT NULL;
INSERT OR IGNORE INTO link_row
SELECT 'commit', head_commit, 'change_request', 'exact', key, 'head of the request', evidence
FROM   change_request_row WHERE head_commit IS NOT NULL;
-- "#12" in a subject is text that anybody may write: probable. Without a repository it must fit one request only.
UPDATE commit_row SET change_request = repo || change_request WHERE change_request LIKE '#%' AND repo IS NOT NULL;
DROP TABLE IF EXISTS temp.request_number;
CREATE TEMP TABLE request_number(number TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
INSERT INTO request_number
SELECT substr(key, instr(key, '#')), min(key) FROM change_request_row WHERE key LIKE '%#%' GROUP BY 1 HAVING count(*) = 1;
UPDATE commit_row SET change_request = coalesce(
    (SELECT n.key FROM request_number n WHERE n.number = commit_row.change_request), change_request)
WHERE  change_request LIKE '#%';
DROP TABLE temp.request_number;
INSERT OR IGNORE INTO link_row
SELECT 'commit', c.id, 'change_request', 'probable', c.change_request, 'number in the subject', c.evidence
FROM   commit_row c
WHERE  c.change_request IS NOT NULL AND c.change_request NOT LIKE '#%'
AND    NOT EXISTS (SELECT 1 FROM link_row l WHERE l.from_type = 'commit' AND l.from_id = c.id
                   AND l.to_type = 'change_request' AND l.strength = 'exact');

-- run -> commit: said by the run, by its configuration version, or by another record about the run.
UPDATE change_row SET commit_id = (
    SELECT   l.to_id FROM link_row l
    WHERE   (l.from_type = 'config' AND l.from_id = change_row.config OR l.from_type = 'run' AND l.from_id = change_row.key)
    AND      l.to_type = 'commit'
    ORDER BY l.strength, l.from_type, l.to_id LIMIT 1)
WHERE  commit_id IS NULL;
INSERT OR IGNORE INTO link_row
SELECT 'run', key, 'commit', 'exact', commit_id, 'commit of the run', evidence FROM change_row c
WHERE  commit_id IS NOT NULL
AND    NOT EXISTS (SELECT 1 FROM link_row l WHERE l.from_type = 'run' AND l.from_id = c.key AND l.to_type = 'commit'
                   AND l.to_id = c.commit_id);

-- run -> change request: said by the run, by its commit, or by its configuration version. Of several the merged one, and of these
-- the one merged last before the run.
UPDATE change_row SET change_request = (
    SELECT   to_id
    FROM    (SELECT l.to_id, l.strength, r.t_merged, r.t_merged > change_row.t AS is_after
             FROM   link_row l LEFT JOIN change_request_row r ON r.key = l.to_id
             WHERE (l.from_type = 'run' AND l.from_id = change_row.key
                    OR l.from_type = 'commit' AND l.from_id = change_row.commit_id
                    OR l.from_type = 'config' AND l.from_id = change_row.config)
             AND    l.to_type = 'change_request')
    ORDER BY strength, t_merged IS NULL, is_after, t_merged DESC, to_id LIMIT 1)
WHERE  change_request IS NULL;
INSERT OR IGNORE INTO link_row
SELECT 'run', c.key, 'change_request',
       coalesce((SELECT min(l.strength) FROM link_row l WHERE l.from_type = 'commit' AND l.from_id = c.commit_id
                 AND l.to_type = 'change_request' AND l.to_id = c.change_request), 'exact'),
       c.change_request, 'request of the run', c.evidence
FROM   change_row c
WHERE  c.change_request IS NOT NULL
AND    NOT EXISTS (SELECT 1 FROM link_row l WHERE l.from_type = 'run' AND l.from_id = c.key
                   AND l.to_type = 'change_request' AND l.to_id = c.change_request);

-- Tickets stand where people write them.
UPDATE change_request_row SET ticket = coalesce(ticket_of(title), ticket_of(branch));
UPDATE change_row SET ticket = coalesce(ticket,
    (SELECT r.ticket FROM change_request_row r WHERE r.key = change_row.change_request),
    ticket_of(message), ticket_of(branch),
    (SELECT ticket_of(c.subject) FROM commit_row c WHERE c.id = change_row.commit_id),
    (SELECT ticket_of(c.subject) FROM change_request_row r JOIN commit_row c ON c.id = r.head_commit
     WHERE  r.key = change_row.change_request));
INSERT OR IGNORE INTO link_row
SELECT 'run', key, 'ticket', 'probable', ticket, 'number in the text', evidence FROM change_row WHERE ticket IS NOT NULL;
INSERT OR IGNORE INTO link_row
SELECT 'change_request', key, 'ticket', 'probable', ticket, 'number in the text', evidence
FROM   change_request_row WHERE ticket IS NOT NULL;

-- --- 5. approvals ------------------------------------------------------------------------------------------------------------

-- A decision with each change it belongs to: through the run, the change request, the commit or the ticket.
CREATE TABLE IF NOT EXISTS approval_row(
    id INTEGER PRIMARY KEY, event INTEGER NOT NULL, n INTEGER NOT NULL, change INTEGER, t INTEGER, decision TEXT,
    object_type TEXT, object TEXT, by_name TEXT, by_id TEXT, person TEXT, who TEXT, is_bot INTEGER, commit_id TEXT,
    environment TEXT NOT NULL,
    defect TEXT                                  -- why an approval does not count: late self unqualified stale; NULL: it counts
);
CREATE INDEX IF NOT EXISTS approval_row_change ON approval_row(change);
CREATE INDEX IF NOT EXISTS approval_row_object ON approval_row(object_type, object);
CREATE INDEX IF NOT EXISTS approval_row_t ON approval_row(t);
DELETE FROM approval_row;
INSERT INTO approval_row(event, n, change, t, decision, object_type, object, by_name, by_id, person, who, is_bot, commit_id,
                         environment)
SELECT   d.event, d.n, c.id, d.t, d.decision, d.object_type, d.object, d.by_name, d.by_id, d.person,
         lower(coalesce(d.person, d.by_name, d.by_id)), d.by_bot, d.commit_id, coalesce(c.environment, d.environment)
FROM    (SELECT s.event, s.n, coalesce(s.t, s.event) AS t, s.decision, s.object_type, s.object, s.by_id, s.by_bot,
                coalesce(s.by_name, (SELECT name FROM called WHERE id = s.by_id)) AS by_name,
                s.commit_id, r.environment,
                (SELECT p.name FROM reg_alias x JOIN reg_person p ON p.n = x.person
                 WHERE  x.alias IN (lower(coalesce(s.by_name, (SELECT name FROM called WHERE id = s.by_id))), lower(s.by_id))
                 ORDER BY p.n LIMIT 1) AS person
         FROM   approval_seen s JOIN event_row e ON e.id = s.event JOIN scope_rule r ON r.scope = e.scope) d
         LEFT JOIN change_row c ON c.id IN (
             SELECT x.id FROM change_row x WHERE x.key = d.object AND d.object_type IN ('run', 'session')
             UNION ALL
             SELECT x.id FROM change_row x WHERE x.change_request = d.object AND d.object_type = 'change_request'
             UNION ALL
             SELECT x.id FROM change_row x WHERE x.commit_id = d.object AND d.object_type = 'commit'
             UNION ALL
             SELECT x.id FROM change_row x WHERE x.ticket = d.object AND d.object_type = 'ticket')
ORDER BY d.event, d.n, c.tool, c.key;

-- Who made what was approved, under all names. With a change request these are its author and those who wrote its head: who merges
-- writes the merge commit and nothing else. Without one it is who started or applied the run and who wrote its commit. A gate
-- of the run itself (is_gate) may not be passed by the one who created the run, and who passes it thereby applies the run.
DROP TABLE IF EXISTS temp.maker;
CREATE TEMP TABLE maker AS
WITH made(change, is_gate, person, name, id) AS (
    SELECT c.id, NULL, r.author_person, r.author, r.author_id
    FROM   change_row c JOIN change_request_row r ON r.key = c.change_request
    UNION ALL
    SELECT c.id, NULL, m.author_person, m.author, m.author_email
    FROM   change_row c LEFT JOIN change_request_row r ON r.key = c.change_request
           JOIN commit_row m ON m.id = CASE WHEN r.key IS NULL THEN c.commit_id ELSE r.head_commit END
    UNION ALL
    SELECT c.id, NULL, m.committer_person, m.committer, m.committer_email
    FROM   change_row c LEFT JOIN change_request_row r ON r.key = c.change_request
           JOIN commit_row m ON m.id = CASE WHEN r.key IS NULL THEN c.commit_id ELSE r.head_commit END
    UNION ALL
    SELECT c.id, CASE WHEN r.key IS NOT NULL THEN 1 END, c.created_person, c.created_by, c.created_by_id
    FROM   change_row c LEFT JOIN change_request_row r ON r.key = c.change_request
    UNION ALL
    SELECT c.id, 0, c.applied_person, c.applied_by, c.applied_by_id
    FROM   change_row c LEFT JOIN change_request_row r ON r.key = c.change_request
    WHERE  r.key IS NULL)
SELECT change, is_gate, lower(person) AS who FROM made WHERE person IS NOT NULL
UNION SELECT change, is_gate, lower(name) FROM made WHERE name IS NOT NULL
UNION SELECT change, is_gate, lower(id) FROM made WHERE id IS NOT NULL;
CREATE INDEX temp.maker_change ON maker(change, who);

-- Each approval with the first thing that is wrong with it. A gate is passed while the run goes on, so it is late only after its
-- end. Clocks may differ by a minute.
UPDATE approval_row SET defect = (
    SELECT CASE
           WHEN a.t > 64424509440 + CASE WHEN a.object_type IN ('run', 'session') THEN coalesce(c.t_end, c.t_start, a.t)
                                         ELSE coalesce(c.t_start, c.t_end, a.t) END THEN 'late'
           WHEN EXISTS (SELECT 1 FROM maker m
                        WHERE  m.change = c.id AND m.who IN (lower(a.person), lower(a.by_name), lower(a.by_id))
                        AND    coalesce(m.is_gate, a.object_type IN ('run', 'session')) = (a.object_type IN ('run', 'session')))
           THEN 'self'
           WHEN EXISTS (SELECT 1 FROM reg_person WHERE is_approver = 1)
                AND EXISTS (SELECT 1 FROM reg_person p WHERE p.name = a.person
                            AND (p.is_approver = 0 OR p.t_start > a.t OR p.t_end <= a.t)) THEN 'unqualified'
           WHEN a.object_type = 'change_request' AND a.commit_id NOT IN (r.head_commit, coalesce(r.merge_commit, r.head_commit))
           THEN 'stale'
           -- withdrawn later, by the same person or as the only approval there was
           WHEN EXISTS (SELECT 1 FROM approval_row d
                        WHERE  d.object_type = a.object_type AND d.object = a.object AND d.decision IN ('dismiss', 'revoke')
                        AND    d.t > a.t
                        AND   (d.who = a.who
                               OR 1 = (SELECT count(DISTINCT o.who) FROM approval_row o WHERE o.object_type = a.object_type
                                       AND o.object = a.object AND o.decision = 'approve')))
           THEN 'stale' END
    FROM   approval_row a JOIN change_row c ON c.id = a.change LEFT JOIN change_request_row r ON r.key = c.change_request
    WHERE  a.id = approval_row.id)
WHERE  decision = 'approve' AND is_bot = 0 AND change IS NOT NULL;
DROP TABLE temp.maker;

-- What the record says about the approval of a change. No approval is "none" only where one would have been seen: where any
-- decision about a request of the same repository or a run of the same tool was read. Otherwise nothing is known.
UPDATE change_row SET
    approvers = (SELECT count(DISTINCT a.who) FROM approval_row a
                 WHERE  a.change = change_row.id AND a.decision = 'approve' AND a.is_bot = 0 AND a.defect IS NULL),
    approval_state = coalesce(
        (SELECT   coalesce(a.defect, 'approved') FROM approval_row a
         WHERE    a.change = change_row.id AND a.decision = 'approve' AND a.is_bot = 0
         ORDER BY CASE a.defect WHEN 'late' THEN 1 WHEN 'self' THEN 2 WHEN 'unqualified' THEN 3 WHEN 'stale' THEN 4 ELSE 0 END
         LIMIT 1),
        CASE WHEN change_request IS NULL AND EXISTS (SELECT 1 FROM approval_row) THEN 'none'
             -- requests of one repository differ in the number only
             WHEN EXISTS (SELECT 1 FROM approval_row a
                          WHERE a.object_type = 'change_request' AND a.object >= rtrim(change_row.change_request, '0123456789')
                          AND   a.object < rtrim(change_row.change_request, '0123456789') || ':')
             THEN 'none'
             WHEN EXISTS (SELECT 1 FROM approval_row a JOIN change_row o ON o.id = a.change
                          WHERE a.object_type IN ('run', 'session') AND o.tool = change_row.tool) THEN 'none'
             ELSE 'not-known' END);
UPDATE change_row SET
    t_approved = (SELECT min(a.t) FROM approval_row a
                  WHERE  a.change = change_row.id AND a.decision = 'approve' AND a.is_bot = 0
                  AND    coalesce(a.defect, 'approved') = change_row.approval_state),
    approved_by = (SELECT group_concat(name, ', ')
                   FROM  (SELECT   coalesce(a.person, a.by_name, a.by_id) AS name, min(a.t)
                          FROM     approval_row a
                          WHERE    a.change = change_row.id AND a.decision = 'approve' AND a.is_bot = 0
                          AND      coalesce(a.defect, 'approved') = change_row.approval_state
                          GROUP BY 1 ORDER BY 2, 1))
WHERE  approval_state NOT IN ('none', 'not-known');

-- --- 6. writes that a change explains ----------------------------------------------------------------------------------------

-- The actor is an automation identity, and either the event names the run, or its time lies within a change of the environment:
-- five minutes before its start to fifteen after its end (clocks, and calls recorded late). A change whose end is not known
-- explains half an hour and none explains more than a day: an abandoned run would explain everything. Where several fit, the one
-- whose run the session names, then the one that began last.
CREATE TABLE IF NOT EXISTS event_change(event INTEGER PRIMARY KEY, change INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS event_change_change ON event_change(change, event);
DELETE FROM event_change;
DROP TABLE IF EXISTS temp.during;
CREATE TEMP TABLE during(environment TEXT, t_from INTEGER, tool TEXT, key TEXT, t_until INTEGER, change INTEGER,
                         PRIMARY KEY(environment, t_from, tool, key)) WITHOUT ROWID;
INSERT INTO during
SELECT environment, t_from, tool, key, min(t_until, t_from + 92771293593600), id
FROM  (SELECT environment, coalesce(t_start, t_end, t_created) - 322122547200 AS t_from, tool, key,
              coalesce(t_end, t_start + 1932735283200, t_created + 1932735283200) + 966367641600 AS t_until, id
       FROM   change_row
       WHERE  result IN ('applied', 'failed', 'partial', 'cancelled') AND coalesce(kind, '') <> 'plan-only'
       AND    coalesce(t_start, t_end, t_created) IS NOT NULL);
DROP TABLE IF EXISTS temp.pipeline;
CREATE TEMP TABLE pipeline(principal INTEGER PRIMARY KEY, session TEXT);
INSERT INTO pipeline
SELECT p.id, p.session
FROM   principal p JOIN actor a ON a.id = p.actor
WHERE  coalesce(a.kind, p.kind) = 'automation'
OR     coalesce(a.kind, p.kind) IS NULL AND a.type = (SELECT t.id FROM actor_type t WHERE t.name = 'automation');
INSERT INTO event_change
SELECT id, change
FROM  (SELECT e.id,
              coalesce((SELECT c.id FROM more m JOIN change_row c ON c.key = m.run WHERE m.event = e.id ORDER BY c.tool LIMIT 1),
                       (SELECT   change
                        FROM    (SELECT d.change, d.t_from, d.tool, d.key, instr(p.session, d.key) > 0 AS is_named
                                 FROM   during d
                                 WHERE  d.environment = s.environment AND d.t_from <= e.id
                                 AND    d.t_from >= e.id - 92771293593600 AND d.t_until > e.id)
                        ORDER BY is_named DESC, t_from DESC, tool, key LIMIT 1)) AS change
       FROM   event_row e JOIN pipeline p ON p.principal = e.principal JOIN scope s ON s.id = e.scope
       WHERE  e.is_write = 1 AND e.is_fact = 0)
WHERE  change IS NOT NULL;
DROP TABLE temp.during;
DROP TABLE temp.pipeline;
-- A run that failed after it had altered something is worse than one that failed at once.
UPDATE change_row SET result = 'partial'
WHERE  result = 'failed'
AND    EXISTS (SELECT 1 FROM event_change x JOIN event_row e ON e.id = x.event
               WHERE  x.change = change_row.id AND e.outcome = (SELECT o.id FROM outcome o WHERE o.name = 'success'));

-- --- 7. resources that code manages ------------------------------------------------------------------------------------------

-- Of the snapshots of one lineage the one with the highest serial is what is managed now. A snapshot without a lineage stands for
-- itself.
CREATE TABLE IF NOT EXISTS snapshot_latest(event INTEGER PRIMARY KEY);
DELETE FROM snapshot_latest;
INSERT INTO snapshot_latest
SELECT event
FROM  (SELECT event, row_number() OVER (PARTITION BY coalesce(lineage, event) ORDER BY serial DESC, t DESC, event DESC) AS place
       FROM   snapshot_seen)
WHERE  place = 1;

-- A cloud's log names a resource by its ARN, its id, or only by its name. An ARN, a path and an id that the platform made up
-- ("sg-0a1b2c3d") tell the resource by themselves; a name does so only within the service of the resource ("iam"; where no ARN
-- tells it, the type must contain it: "aws_iam_role").
DROP TABLE IF EXISTS temp.managed_name;
CREATE TEMP TABLE managed_name AS
WITH held AS (
    SELECT r.event, r.n, r.address, r.type, substr(r.type, 1, instr(r.type || '_', '_') - 1) AS family,
           lower(r.cloud_id) AS id,
           lower(r.arn) AS arn, replace(lower(r.arn), ':', '/') AS path,
           CASE WHEN r.arn LIKE 'arn:%' THEN substr(r.arn, instr(substr(r.arn, 5), ':') + 5) END AS tail
    FROM   snapshot_resource r JOIN snapshot_latest l ON l.event = r.event
    WHERE  coalesce(r.mode, 'managed') = 'managed' AND r.address IS NOT NULL)
SELECT arn AS name, NULL AS service, family, type, address, event, n FROM held WHERE arn IS NOT NULL
UNION ALL
SELECT id, CASE WHEN id LIKE '%/%' OR id LIKE '%:%' OR id GLOB '*-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*'
                THEN NULL ELSE coalesce(lower(substr(tail, 1, instr(tail, ':') - 1)), '') END, family, type, address,
                event, n
FROM   held WHERE id IS NOT NULL
UNION ALL
SELECT substr(path, length(rtrim(path, replace(path, '/', ''))) + 1), lower(substr(tail, 1, instr(tail, ':') - 1)),
       family, type,
       address, event, n
FROM   held WHERE tail IS NOT NULL;
CREATE INDEX temp.managed_name_name ON managed_name(name);
DROP TABLE IF EXISTS temp.managed_resource;
CREATE TEMP TABLE managed_resource AS
SELECT r.id AS resource, r.name AS resource_name, m.*
FROM   resource r JOIN managed_name m ON m.name = lower(r.name)
UNION
SELECT r.id, r.name, m.*
FROM   resource r JOIN managed_name m ON m.name = lower(substr(r.name, length(rtrim(r.name, replace(r.name, '/', ''))) + 1))
WHERE  r.name LIKE '%/%' AND coalesce(r.type, '') <> 'AWS::S3::Object' AND m.name NOT LIKE '%/%';
CREATE INDEX temp.managed_resource_id ON managed_resource(resource);

-- Writes on them. One resource of the cloud may stand under several addresses (a bucket, its policy, its versioning).
CREATE TABLE IF NOT EXISTS touched_row(
    event INTEGER PRIMARY KEY, address TEXT NOT NULL, type TEXT, resource TEXT, snapshot INTEGER NOT NULL
);
DELETE FROM touched_row;
DROP TABLE IF EXISTS temp.hit;
CREATE TEMP TABLE hit AS
SELECT x.id AS event, m.address, m.type, m.resource_name, m.event AS snapshot,
       row_number() OVER (PARTITION BY x.id ORDER BY m.service IS NOT NULL, m.address, m.event, m.n, m.resource_name) AS place
FROM  (SELECT e.resource, e.id FROM event_row e
       WHERE  e.is_write = 1 AND e.resource IN (SELECT resource FROM managed_resource)
       UNION
       SELECT o.resource, o.event FROM event_resource_row o WHERE o.resource IN (SELECT resource FROM managed_resource)) x
       JOIN event_row e ON e.id = x.id
       JOIN scope c ON c.id = e.scope
       JOIN action a ON a.id = e.action
       JOIN managed_resource m ON m.resource = x.resource
WHERE  e.is_write = 1 AND e.is_fact = 0
AND    CASE m.family WHEN 'aws' THEN c.source LIKE 'aws-%' WHEN 'google' THEN c.source LIKE 'gcp-%'
                     WHEN 'azurerm' THEN c.source LIKE 'azure-%' WHEN 'github' THEN c.source LIKE 'github-%'
                     ELSE c.source NOT LIKE 'terraform-%' END
AND   (m.service IS NULL OR m.service = substr(a.service, 1, instr(a.service || '.', '.') - 1)
       OR m.service = '' AND instr(m.type, substr(a.service, 1, instr(a.service || '.', '.') - 1)) > 0);
CREATE INDEX temp.hit_event ON hit(event, place);
INSERT INTO touched_row
SELECT h.event,
       (SELECT group_concat(address, ', ')
        FROM  (SELECT address, min(place) FROM hit o WHERE o.event = h.event GROUP BY address ORDER BY 2)),
       h.type, h.resource_name, h.snapshot
FROM   hit h
WHERE  h.place = 1;
DROP TABLE temp.hit;
DROP TABLE temp.managed_name;
DROP TABLE temp.managed_resource;

-- --- 8. silence --------------------------------------------------------------------------------------------------------------

-- A continuous source is silent too long when the silence is longer than eight times the 95th percentile of the usual time between
-- events, at those hours of the week. It is worked out from the hours that had events. How often each hour of the week had any,
-- the silence itself left out and drawn a little towards all hours of the record, is the chance of hearing something in it; the
-- silent hours together weigh the sum of -ln(1 - chance), here in thousandths. Quiet nights and weekends weigh next to nothing; an
-- hour that always has events weighs 3000, which is one 95th percentile (-ln 0.05). So 24000 is a gap. Of a silence that covers a
-- calendar day 9000 are enough: one day of a source that is heard in many hours, three of one that is heard once a day.
--
-- A key with less than 24 hours heard tells nothing about what is usual. With less than ten days of record the hour of the day
-- is taken for the hour of the week, and weekends are not judged. Looked at for each source, account and environment
-- (region '*'), and for each region where there are several.
CREATE TABLE IF NOT EXISTS source_row(             -- filled by store_source_add
    name TEXT PRIMARY KEY, title TEXT NOT NULL, gives TEXT NOT NULL, is_continuous INTEGER NOT NULL
) WITHOUT ROWID;
DROP TABLE IF EXISTS temp.heard;
CREATE TEMP TABLE heard(source TEXT, account TEXT, environment TEXT, region TEXT, hour INTEGER, first INTEGER, last INTEGER,
                        PRIMARY KEY(source, account, environment, region, hour)) WITHOUT ROWID;
INSERT INTO heard
SELECT   s.source, coalesce(s.account, ''), s.environment, '*', h.hour, min(h.first), max(h.last)
FROM     coverage_hour h JOIN scope s ON s.id = h.scope JOIN source_row k ON k.name = s.source
WHERE    h.hour > 0 AND k.is_continuous = 1
GROUP BY 1, 2, 3, 5;
INSERT INTO heard
SELECT   s.source, coalesce(s.account, ''), s.environment, coalesce(s.region, ''), h.hour, min(h.first), max(h.last)
FROM     coverage_hour h JOIN scope s ON s.id = h.scope JOIN source_row k ON k.name = s.source
WHERE    h.hour > 0 AND k.is_continuous = 1
AND      1 < (SELECT count(DISTINCT coalesce(o.region, '')) FROM scope o WHERE o.source = s.source AND o.account IS s.account
              AND o.environment = s.environment)
GROUP BY 1, 2, 3, 4, 5;

-- The end of the record: what falls silent before it is silent until then.
DROP TABLE IF EXISTS temp.silence;
CREATE TEMP TABLE silence(id INTEGER PRIMARY KEY, source TEXT, account TEXT, environment TEXT, region TEXT, cycle INTEGER,
                          first_hour INTEGER, last_hour INTEGER, heard INTEGER, since INTEGER, until INTEGER, hour INTEGER,
                          hour_until INTEGER, is_open INTEGER, weight INTEGER, days INTEGER);
INSERT INTO silence(source, account, environment, region, cycle, first_hour, last_hour, heard, since, until, hour, hour_until,
                    is_open)
SELECT   source, account, environment, region, CASE WHEN last_hour - first_hour >= 240 THEN 168 ELSE 24 END,
         first_hour, max(last_hour, coalesce(next_hour, horizon + 1) - 1), heard, last,
         coalesce(next_first, horizon * 3600 + 3600), hour, coalesce(next_hour, horizon + 1), next_hour IS NULL
FROM    (SELECT *, lead(hour) OVER here AS next_hour, lead(first) OVER here AS next_first,
                min(hour) OVER (PARTITION BY source, account, environment, region) AS first_hour,
                max(hour) OVER (PARTITION BY source, account, environment, region) AS last_hour,
                count(*) OVER (PARTITION BY source, account, environment, region) AS heard,
                (SELECT max(hour) FROM heard) AS horizon
         FROM   heard
         WINDOW here AS (PARTITION BY source, account, environment, region ORDER BY hour))
WHERE    heard >= 24 AND coalesce(next_hour, horizon + 1) - hour > 8
ORDER BY source, account, environment, region, hour;
UPDATE silence SET days = max(0, until / 86400 - (since + 86399) / 86400);

-- Each silent hour (of a long silence: each hour of the cycle once, times how often it occurs) against the same hour at other
-- times.
DROP TABLE IF EXISTS temp.usual;
CREATE TEMP TABLE usual(source TEXT, account TEXT, environment TEXT, region TEXT, cycle INTEGER, residue INTEGER, n INTEGER,
                        PRIMARY KEY(source, account, environment, region, cycle, residue)) WITHOUT ROWID;
INSERT INTO usual
SELECT   h.source, h.account, h.environment, h.region, k.cycle, h.hour % k.cycle, count(*)
FROM     heard h JOIN (SELECT DISTINCT source, account, environment, region, cycle FROM silence) k
         USING (source, account, environment, region)
GROUP BY 1, 2, 3, 4, 5, 6;
DROP TABLE IF EXISTS temp.hours;
CREATE TEMP TABLE hours(n INTEGER PRIMARY KEY);
INSERT INTO hours WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 168) SELECT n FROM up;
UPDATE silence SET weight = (
    SELECT sum(here * CASE WHEN chance >= 950 THEN 3000 WHEN chance >= 900 THEN 2300 WHEN chance >= 800 THEN 1600
                           WHEN chance >= 700 THEN 1200 WHEN chance >= 600 THEN 900 WHEN chance >= 500 THEN 700
                           WHEN chance >= 400 THEN 500 WHEN chance >= 300 THEN 350 WHEN chance >= 200 THEN 220
                           WHEN chance >= 100 THEN 100 ELSE 0 END)
    FROM  (SELECT here, others,
                  (1000 * n + 1000 * silence.heard
                              / (silence.last_hour - silence.first_hour + 9 - (silence.hour_until - silence.hour - 1)))
                  / (others + 1) AS chance
           FROM  (SELECT u.n,
                         -- how often this hour of the cycle occurs in the silence, and outside of it in the record
                         (silence.hour_until - 1 - silence.hour - i.n) / silence.cycle + 1 AS here,
                         (silence.last_hour - u.residue + silence.cycle) / silence.cycle
                         - (silence.first_hour - 1 - u.residue + silence.cycle) / silence.cycle
                         - ((silence.hour_until - 1 - silence.hour - i.n) / silence.cycle + 1) AS others
                  FROM   hours i JOIN usual u ON u.source = silence.source AND u.account = silence.account
                         AND u.environment = silence.environment AND u.region = silence.region AND u.cycle = silence.cycle
                         AND u.residue = (silence.hour + i.n) % silence.cycle
                  WHERE  i.n <= silence.cycle AND silence.hour + i.n < silence.hour_until
                  AND   (silence.cycle = 168 OR (silence.hour + i.n) / 24 % 7 NOT IN (2, 3)))   -- 1970 began on a Thursday
           WHERE  others > 0));

CREATE TABLE IF NOT EXISTS gap_row(
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, account TEXT, region TEXT, environment TEXT NOT NULL,
    t INTEGER NOT NULL,
    t_until INTEGER NOT NULL, seconds INTEGER NOT NULL, usual_seconds INTEGER, days INTEGER NOT NULL,
    is_open INTEGER NOT NULL
);
DELETE FROM gap_row;
INSERT INTO gap_row(source, account, region, environment, t, t_until, seconds, usual_seconds, days, is_open)
SELECT   source, nullif(account, ''), CASE WHEN region NOT IN ('*', '') THEN region END, environment, since * 1073741824,
         until * 1073741824, until - since, (until - since) * 3000 / weight, days, is_open
FROM     silence s
WHERE   (weight >= 24000 OR (weight >= 9000 AND days > 0))
-- a region is silent of itself only while others are not
AND     (region = '*' OR NOT EXISTS (
             SELECT 1 FROM silence o WHERE o.source = s.source AND o.account = s.account AND o.environment = s.environment
             AND    o.region = '*' AND (o.weight >= 24000 OR (o.weight >= 9000 AND o.days > 0))
             AND    o.hour < s.hour_until AND o.hour_until > s.hour))
ORDER BY since, source, account, environment, region;
DROP TABLE temp.heard;
DROP TABLE temp.silence;
DROP TABLE temp.usual;
DROP TABLE temp.hours;
DROP TABLE temp.scope_rule;
