-- The tables of the database: what the writer fills (writer.c, facts.c, rollup.c) and what the views of views.sql and the
-- derived tables of derive.sql are made from. Users' queries never see these tables, only the views.
--
-- Names: a table that holds what a record said ends in _row, _fact or _seen; a dictionary has the name of its thing in the
-- singular; a roll-up begins with its grain. No view may have the name of a table here.
--
-- Times: an event's key is `seconds << 30 | hash`; other times are `seconds << 30 | nanoseconds`, NULL when not known. Roll-ups
-- hold plain seconds. Texts are NULL when the record does not say. Numbers of verbs, outcomes and so on are those of the small
-- tables at the end of this file. The views themselves are temporary: they belong to the program, not to the file.
--
-- A rule of the environment map with a path pattern fits when the pattern is one of the lines of scope.path.
--
-- Integer ids of dictionaries, files and issues depend on the order of ingest and must not reach a report or a sort order; event
-- keys do not.
--
-- Functions that views may use besides the published ones (functions.c):
--   event_id(id, eid, clash)   public id of an event
--   time_text(id, sub)         RFC 3339 with the source's digits; NULL without a time
--   native_text(native, eid)   the platform's own id; NULL when it has none
--   bytes_hex(blob)            lower-case hex digits; NULL stays NULL
--   ticket_of(text)            first text that fits the configured pattern of ticket keys; NULL when none does

CREATE TABLE meta(
    key   TEXT PRIMARY KEY,
    value                                        -- see meta.c for the keys
) WITHOUT ROWID;

-- --- dictionaries: texts by number ---------------------------------------------------------------------------------------------
--
-- `hash` is for the writer, which keeps it in memory and so needs no index here (dict.c). Scopes, actors, actions and errors
-- stand once. Of the others, which are endless in some accounts, a text may stand again after a million more.

-- Where: what the environment map looks at, and nothing else.
CREATE TABLE scope(
    id          INTEGER PRIMARY KEY,
    hash        INTEGER NOT NULL,
    source      TEXT NOT NULL,
    account     TEXT,
    region      TEXT,
    place       TEXT,
    label       TEXT,                            -- environment named by the record itself
    hint        TEXT,                            -- --env given at ingest: wins over the map
    path        TEXT,                            -- path patterns of the environment map that the file's path fits, one a line
    environment TEXT NOT NULL DEFAULT 'unmapped' -- by derive
);

CREATE TABLE actor(
    id     INTEGER PRIMARY KEY,
    hash   INTEGER NOT NULL,
    name   TEXT,
    native TEXT,                                 -- actor_id: the platform's own
    type   INTEGER NOT NULL,                     -- actor_type.id
    person TEXT,                                 -- by derive, from the people roster
    kind   TEXT                                  -- by derive, from identity rules
);

-- An actor with the way it came in. Sessions make this the largest dictionary.
CREATE TABLE principal(
    id         INTEGER PRIMARY KEY,
    hash       INTEGER NOT NULL,
    actor      INTEGER NOT NULL,                 -- actor.id
    via        TEXT,
    session    TEXT,
    credential TEXT,
    mfa        INTEGER NOT NULL,                 -- mfa.id
    kind       TEXT                              -- by derive, for identity rules that fit the session and not the actor
);

CREATE TABLE action(
    id      INTEGER PRIMARY KEY,
    hash    INTEGER NOT NULL,
    service TEXT,
    action  TEXT,
    verb    INTEGER NOT NULL                     -- verb.id
);

CREATE TABLE resource(
    id   INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    name TEXT,
    type TEXT
);

CREATE TABLE address(
    id   INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    ip   TEXT
);

CREATE TABLE agent(
    id   INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    name TEXT
);

CREATE TABLE error(
    id   INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    code TEXT
);

-- --- files and what was wrong with them ---------------------------------------------------------------------------------------

CREATE TABLE file_row(
    id          INTEGER PRIMARY KEY,
    sha256      BLOB,                            -- NULL: could not be read (problem says why)
    path        TEXT NOT NULL,                   -- the lowest of file_path, by bytes
    size        INTEGER,
    plain_size  INTEGER,
    compression TEXT,
    sources     TEXT,                            -- names separated by spaces
    hint        TEXT,                            -- --env given at ingest
    fits        TEXT,                            -- scope.path of its events
    -- control totals: read = accepted + rejected + duplicate
    read        INTEGER NOT NULL DEFAULT 0,
    accepted    INTEGER NOT NULL DEFAULT 0,      -- records with at least one standing event, and those that are no event
    rejected    INTEGER NOT NULL DEFAULT 0,
    duplicate   INTEGER NOT NULL DEFAULT 0,      -- records all of whose events stand from another copy
    gave        INTEGER NOT NULL DEFAULT 0,      -- records that gave events: standing ones and duplicates
    conflict    INTEGER NOT NULL DEFAULT 0,      -- events whose id another one with other content has, all but the first of these
    folded      INTEGER NOT NULL DEFAULT 0,      -- accepted records that are a later part of an act
    not_event   INTEGER NOT NULL DEFAULT 0,
    text        INTEGER NOT NULL DEFAULT 0,
    t_first     INTEGER,                         -- time of its earliest and latest event, duplicates included
    t_last      INTEGER,
    problem     TEXT
);
CREATE UNIQUE INDEX file_sha256 ON file_row(sha256);
CREATE INDEX file_size ON file_row(size);
CREATE INDEX file_failed ON file_row(path) WHERE problem IS NOT NULL;

CREATE TABLE file_path(                          -- every path under which the same bytes were seen
    file INTEGER NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY(file, path)
) WITHOUT ROWID;

CREATE TABLE issue_row(
    id      INTEGER PRIMARY KEY,
    file    INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    record  INTEGER,
    offset  INTEGER,
    line    INTEGER,
    reason  TEXT NOT NULL,
    excerpt TEXT,
    eid     BLOB                                 -- kind conflict: the id that several contents share
);
CREATE INDEX issue_eid ON issue_row(eid) WHERE eid IS NOT NULL;

-- --- events ----------------------------------------------------------------------------------------------------------------------

-- One row an act, and one (is_fact = 1) for a record that is no act but has facts: a state file, a pull request as listed.
-- Rows of one second that want the same key stand in the order of (key wanted, eid, mark): see writer.c.
CREATE TABLE event_row(
    id        INTEGER PRIMARY KEY,               -- seconds << 30 | 30 bits of eid; seconds 0: no time
    scope     INTEGER NOT NULL,
    principal INTEGER,                           -- NULL: the record names nobody
    actor     INTEGER,                           -- principal.actor
    action    INTEGER NOT NULL,
    error     INTEGER,
    address   INTEGER,
    agent     INTEGER,
    resource  INTEGER,                           -- the first one; others in event_resource_row
    outcome   INTEGER NOT NULL,
    channel   INTEGER NOT NULL,
    is_write  INTEGER NOT NULL,                  -- verb_is_write
    is_login  INTEGER NOT NULL,                  -- verb login
    is_fact   INTEGER NOT NULL,                  -- no act of its own
    sub       INTEGER,                           -- nanoseconds * 10 + digits of the fraction; NULL: whole seconds
    file      INTEGER NOT NULL,
    record    INTEGER NOT NULL,
    offset    INTEGER NOT NULL,
    length    INTEGER NOT NULL,
    eid       BLOB NOT NULL,                     -- 16 bytes: the native UUID, or a hash of what makes the record unique
    native    ANY,                               -- NULL: eid printed as a UUID; BLOB(16): another UUID; '': none; else the text
    mark      INTEGER NOT NULL,                  -- 64-bit hash of time, who, what, where, outcome
    clash     INTEGER                            -- NULL; with several contents under one eid: 16 bits of mark, part of the id
) STRICT;
-- Writes, sign-ins and errors are few among reads; these indexes answer most questions about them without touching the table.
CREATE INDEX event_write ON event_row(id, scope, principal, action, error, resource, actor, address, outcome, is_fact)
    WHERE is_write = 1;
CREATE INDEX event_login ON event_row(id, scope, principal, action, error, outcome, actor, address, is_fact)
    WHERE is_login = 1;
CREATE INDEX event_error ON event_row(id, scope, principal, action, error, resource, actor, address, outcome, is_fact)
    WHERE error IS NOT NULL;
-- Who altered it. Reads are not in: they would make the index a sixth of the database, and are found by time.
CREATE INDEX event_by_resource ON event_row(resource, id) WHERE is_write = 1 AND resource IS NOT NULL;
CREATE INDEX event_clash ON event_row(eid) WHERE clash IS NOT NULL;

-- The rest of an event, only where there is something. request is not kept for plain successful reads.
CREATE TABLE more(
    event          INTEGER PRIMARY KEY,
    sha256         BLOB,                         -- of the record's bytes; NULL for plain reads
    request        TEXT,
    run            TEXT,
    commit_id      TEXT,
    change_request TEXT,
    ticket         TEXT,
    error_text     TEXT,
    detail         TEXT,
    time_text      TEXT,                         -- time as found, when it is not plain RFC 3339 UTC
    records        TEXT,                         -- JSON list of record numbers when several were folded into one
    is_omitted     INTEGER                       -- 1: the source cut its content
);
CREATE INDEX more_run ON more(run) WHERE run IS NOT NULL;
CREATE INDEX more_commit ON more(commit_id) WHERE commit_id IS NOT NULL;
CREATE INDEX more_change_request ON more(change_request) WHERE change_request IS NOT NULL;

-- --- facts as observed: `event` is event_row.id, `n` counts within the event from 0 -------------------------------------------

CREATE TABLE event_resource_row(
    event    INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    resource INTEGER NOT NULL,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;
CREATE INDEX event_resource_by_resource ON event_resource_row(resource, event);

CREATE TABLE grant_fact(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    is_removal INTEGER NOT NULL,
    grantee TEXT, grantee_type TEXT, permission TEXT, scope TEXT,
    is_admin INTEGER NOT NULL, is_public INTEGER NOT NULL, is_external INTEGER NOT NULL,
    condition TEXT,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;

CREATE TABLE exposure_fact(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    is_removal INTEGER NOT NULL, is_egress INTEGER NOT NULL, is_deny INTEGER NOT NULL,
    range TEXT, protocol TEXT,
    port_from INTEGER NOT NULL, port_to INTEGER NOT NULL,   -- -1 to -1: all ports
    target TEXT,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;

-- Observations of one change share tool and key; derive.sql merges them, the latest that says a thing wins.
CREATE TABLE change_seen(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    tool TEXT NOT NULL, key TEXT NOT NULL,
    workspace TEXT, kind TEXT, result TEXT,
    created_by TEXT, applied_by TEXT, created_by_id TEXT, applied_by_id TEXT,
    t_created INTEGER, t_planned INTEGER, t_start INTEGER, t_end INTEGER,
    commit_id TEXT, change_request TEXT, config TEXT, branch TEXT, trigger TEXT, message TEXT, url TEXT,
    adds INTEGER, changes INTEGER, destroys INTEGER, auto_apply INTEGER,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;
CREATE INDEX change_seen_key ON change_seen(tool, key);

CREATE TABLE approval_seen(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    decision TEXT, object_type TEXT, object TEXT,
    by_name TEXT, by_id TEXT, by_bot INTEGER NOT NULL,
    commit_id TEXT, t INTEGER,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;

CREATE TABLE change_request_seen(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    key TEXT NOT NULL, repo TEXT, branch TEXT, base TEXT, title TEXT,
    author TEXT, author_id TEXT, merged_by TEXT, merged_by_id TEXT,
    head_commit TEXT, merge_commit TEXT,
    t_created INTEGER, t_merged INTEGER, t_closed INTEGER,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;
CREATE INDEX change_request_seen_key ON change_request_seen(key);

CREATE TABLE commit_seen(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    commit_id TEXT NOT NULL, repo TEXT, parents TEXT,
    author TEXT, author_email TEXT, committer TEXT, committer_email TEXT,
    t INTEGER, change_request TEXT, reverts TEXT, subject TEXT,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;
CREATE INDEX commit_seen_id ON commit_seen(commit_id);

CREATE TABLE link_seen(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    from_type TEXT, from_id TEXT, to_type TEXT, to_id TEXT, rule TEXT, is_probable INTEGER NOT NULL,
    PRIMARY KEY(event, n)
) WITHOUT ROWID;

CREATE TABLE snapshot_seen(
    event INTEGER PRIMARY KEY,
    format TEXT, lineage TEXT, serial INTEGER, tool_version TEXT, t INTEGER
);

CREATE TABLE snapshot_resource(
    event INTEGER NOT NULL, n INTEGER NOT NULL,
    address TEXT, type TEXT, cloud_id TEXT, arn TEXT, provider TEXT, mode TEXT, status TEXT,
    digest TEXT,                                 -- over the attributes; their values are never kept
    PRIMARY KEY(event, n)
) WITHOUT ROWID;

-- --- records that are parts of one act ----------------------------------------------------------------------------------------

CREATE TABLE fold_row(
    fold  BLOB PRIMARY KEY,                      -- 16 bytes: hash of source and fold key; eid of the merged event
    event INTEGER NOT NULL                       -- where the merged event stands now
) WITHOUT ROWID;

CREATE TABLE fold_part(                          -- each part as the record gave it, so that any order of arrival merges alike
    fold   BLOB NOT NULL,
    part   INTEGER NOT NULL,
    t      INTEGER NOT NULL,                     -- seconds
    eid    BLOB NOT NULL,                        -- the part's own
    mark   INTEGER NOT NULL,
    source TEXT NOT NULL,
    file   INTEGER NOT NULL,
    record INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    is_led INTEGER NOT NULL,                     -- 0: the lowest part, whose place the merged event has; 1: others
    blob   BLOB NOT NULL,                        -- the event, as batch.c writes it
    PRIMARY KEY(fold, part, t, eid, mark)
) WITHOUT ROWID;

-- Records that gave several events: how many of these stand. A record counts as duplicate when none does.
CREATE TABLE shared_record(
    file     INTEGER NOT NULL,
    record   INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    PRIMARY KEY(file, record)
) WITHOUT ROWID;

-- --- roll-ups over acts (is_fact = 0), kept while writing; store_verify counts them again ----------------------------------------

CREATE TABLE day_action(
    day INTEGER NOT NULL,                        -- days since 1970-01-01 UTC; 0: no time
    scope INTEGER NOT NULL, action INTEGER NOT NULL, outcome INTEGER NOT NULL,
    error INTEGER NOT NULL,                      -- 0: none
    n INTEGER NOT NULL,
    PRIMARY KEY(day, scope, action, outcome, error)
) WITHOUT ROWID;

CREATE TABLE day_actor(
    day INTEGER NOT NULL, scope INTEGER NOT NULL,
    actor INTEGER NOT NULL,                      -- 0: nobody named
    n INTEGER NOT NULL, writes INTEGER NOT NULL,
    failed INTEGER NOT NULL,                     -- outcome failure, denied or throttled
    PRIMARY KEY(day, scope, actor)
) WITHOUT ROWID;

-- The two below leave out events without a time.
CREATE TABLE seen_row(
    actor INTEGER NOT NULL, scope INTEGER NOT NULL, action INTEGER NOT NULL,
    n INTEGER NOT NULL,
    first INTEGER, last INTEGER,                 -- seconds; NULL only until the next derive
    PRIMARY KEY(actor, scope, action)
) WITHOUT ROWID;

CREATE TABLE coverage_hour(
    scope INTEGER NOT NULL,
    hour INTEGER NOT NULL,                       -- hours since 1970-01-01 UTC
    n INTEGER NOT NULL,
    first INTEGER, last INTEGER,                 -- seconds; NULL only until the next derive
    PRIMARY KEY(scope, hour)
) WITHOUT ROWID;

-- --- the configuration's registers, as given at the last derive ------------------------------------------------------------------

CREATE TABLE reg_kind(name TEXT PRIMARY KEY) WITHOUT ROWID;   -- people identities expected trusted: the lists that exist

CREATE TABLE reg_environment(
    n INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT, needs_approval INTEGER NOT NULL
);
CREATE TABLE reg_env_rule(                       -- globs without case, NULL fits all; the first rule that fits wins
    n INTEGER PRIMARY KEY, environment TEXT NOT NULL,
    source TEXT, account TEXT, region TEXT, place TEXT, label TEXT, path TEXT
);
CREATE TABLE reg_person(
    n INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, team TEXT, zone TEXT, t_start INTEGER, t_end INTEGER,
    is_developer INTEGER NOT NULL, is_approver INTEGER NOT NULL, is_admin INTEGER NOT NULL
);
CREATE TABLE reg_alias(                          -- every name of a person, lower case: aliases, e-mail address, name
    alias TEXT NOT NULL, person INTEGER NOT NULL, -- reg_person.n
    PRIMARY KEY(alias, person)
) WITHOUT ROWID;
CREATE TABLE reg_identity(
    n INTEGER PRIMARY KEY, pattern TEXT NOT NULL, kind TEXT NOT NULL, note TEXT
);
CREATE TABLE reg_expected(
    n INTEGER PRIMARY KEY, source TEXT, account TEXT, region TEXT, place TEXT, environment TEXT
);
CREATE TABLE reg_trusted(name TEXT PRIMARY KEY) WITHOUT ROWID;

-- What the events of a source are good for, told by the sources layer.
CREATE TABLE source_row(
    name TEXT PRIMARY KEY, title TEXT NOT NULL, gives TEXT NOT NULL, is_continuous INTEGER NOT NULL
) WITHOUT ROWID;

-- --- numbers with their words, filled from the lists of model/event.h when the database is made -----------------------------------

CREATE TABLE actor_type(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE verb(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE channel(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE outcome(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE mfa(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
