/*
 * config: one JSON file that says whose infrastructure this is and how its logs map to
 * environments.
 *
 * Unknown keys are errors with file and line. Paths inside are relative to the file.
 * `samples/auditpress.json` is a complete example; `auditpress help config` lists the keys.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/instant.h"

/* A pattern field that is absent matches anything. Globs, case-insensitive. First rule that fits
 * wins. */
struct env_rule {
    str environment;
    str source, account, region, place, label, path;
    struct env_rule *next;
};

struct environment {
    str name, title;
    bool needs_approval; /* default true for a name that starts with "prod" */
    struct environment *next;
};

struct expected_source {
    str source, account, region, place, environment;
    struct expected_source *next;
};

/* One person, all of their names (catalogue 2: people roster). Aliases compare without case. */
struct person {
    str name, email, team, zone;
    str aliases; /* separated by spaces */
    struct instant t_start, t_end;
    bool is_developer, is_approver, is_admin;
    struct person *next;
};

/* A pattern over actor, actor_id and session, e.g. "arn:aws:sts::*:assumed-role/deploy-*". */
struct identity_rule {
    str pattern, kind, note; /* kind: automation controller break-glass shared service */
    struct identity_rule *next;
};

/* A file the configuration names as a list: hashed and printed in the report. */
struct register_file {
    str kind; /* people automation sources trusted ... */
    str path;
    str sha256;
    uint64_t rows;
    struct register_file *next;
};

/* Parameter of a query, possibly for one environment: {"aut-denied": {"deny_n": 25}}. */
struct query_param {
    str query, environment, name, value;
    struct query_param *next;
};

struct config {
    str path;   /* file it came from; absent: built-in defaults */
    str sha256; /* of the file and of every register it names */
    str organization;
    str zone;           /* IANA name; default UTC */
    str classification; /* printed on each page */
    str prepared_for;
    str theme;                        /* name or path of a theme file */
    str db, report_dir, template_dir; /* as the options of these names; relative to the file */
    str ticket_pattern;               /* default [A-Z][A-Z0-9]+-[0-9]+ */
    str commit_variable;              /* plan variable that holds the commit, or absent */
    struct environment *environments;
    struct env_rule *env_rules;
    struct expected_source *expected;
    struct person *people;
    struct identity_rule *identities;
    struct register_file *registers;
    struct query_param *params;
    str frameworks; /* names separated by spaces; default all */
    str trusted;    /* trusted accounts, domains, issuers, separated by spaces */
    bool has_people, has_identities, has_expected,
        has_trusted; /* "no such list" is not "an empty list" */
};

/* Reads and checks the file; a path that does not exist is an error. */
bool config_load(struct arena *a, const char *path, struct config *out, struct err *err) MUST_CHECK;
void config_defaults(struct config *out);

#endif
