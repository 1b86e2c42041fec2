/*
 * analysis: what `report/` says, run over the store.
 *
 * Loads query files, frameworks, lists and report definitions; runs queries for a period and an
 * environment; works out the five outcomes from needs, coverage and population; composes the report
 * model.
 */
#ifndef ANALYSIS_ANALYSIS_H
#define ANALYSIS_ANALYSIS_H

#include "model/config.h"
#include "model/period.h"
#include "model/report.h"
#include "store/store.h"

/* --- the catalogue: report/queries, report/frameworks, report/lists --------------------------- */

enum query_computed { /* columns that are worked out from others, not selected */
                      COMPUTED_NO,
                      COMPUTED_ROW,   /* number of the row, from 1 */
                      COMPUTED_LOCAL, /* column `t` in the zone of the period, as text */
                      COMPUTED_REF, /* F<file>@<offset>+<length> from file_sha256, offset, length */
};

struct query_column {
    str name, title;
    enum column_type type;
    enum query_computed computed;
    int weight; /* share of the width in the PDF; 0: workbook only */
    str under;  /* name of the column below whose text it is printed; absent: own column */
    bool is_bold;
};

struct query_parameter {
    str name, value, note; /* default; config may replace it per environment */
    struct query_parameter *next;
};

enum query_kind {
    QUERY_EXCEPTIONS, /* its rows are exceptions */
    QUERY_POPULATION, /* lists its population; its rows are no exceptions */
    QUERY_SET, /* report/sets: rows for a table, a chart or figures of a report; no outcome */
};

/* A file of report/queries or report/sets. */
struct query {
    str id, family; /* "apr-unapproved-run", "apr" */
    enum query_kind kind;
    str title, question, if_empty, caveat, reviewer;
    enum severity severity;
    int tier;
    str needs;                /* words of report/README.md, separated by spaces */
    str population;           /* view and condition; see report/README.md */
    bool is_population_whole; /* population-scope: all */
    str population_words;     /* "production changes" */
    str sql;
    str sql_sha256; /* of the file as it stands */
    const struct query_column *columns;
    size_t ncolumns;
    struct query_parameter *params;
    str path;
    struct query *next;
};

struct control {
    str framework;                         /* short: "SOC2" */
    str id, label, strength, still_needed; /* strength: direct partial supporting */
    str baselines;                         /* NIST: of "LMH"; absent elsewhere */
    str queries;                           /* ids separated by spaces */
    struct control *next;
};

struct framework {
    str name;          /* short: "SOC2" */
    str title;         /* with version */
    str not_evidenced; /* what this tool cannot evidence */
    struct control *controls;
    size_t ncontrols;
    struct framework *next;
};

struct catalogue {
    str dir, version;             /* version: digest over all rule files, first 12 digits */
    struct query *queries;        /* by id */
    struct query *sets;           /* by id */
    struct framework *frameworks; /* by name */
    struct list_row *lists;       /* by list, in the order of the file */
    struct list_file *list_files;
};

struct list_row {
    str list, source, service, pattern, note;
    struct list_row *next;
};

struct list_file {                 /* printed in the report: which list, as of when, how long */
    str name, path, sha256, about; /* about: its first comment line */
    uint64_t rows;
    struct list_file *next;
};

bool catalogue_load(struct arena *a, const char *report_dir, struct catalogue *out,
                    struct err *err) MUST_CHECK;
const struct query *catalogue_find(const struct catalogue *c, str id); /* NULL when there is none */
const struct query *catalogue_find_set(const struct catalogue *c, str id);
/* Lists (report/lists/<name>.tsv) into the store's temp tables that queries read. Once per opened
 * store. */
bool catalogue_attach(const struct catalogue *c, struct store *st, struct err *err) MUST_CHECK;

/* --- running ---------------------------------------------------------------------------------- */

struct scope { /* what a run of the queries looks at */
    const struct config *config;
    const struct period *period; /* NULL: all there is */
    str environment;             /* absent: every one */
};

struct finding {
    str number; /* stable: "EX-" + 8 base32 digits of the hash of query id and item */
    const struct query *query;
    str environment, item;  /* item: what identifies it */
    enum severity severity; /* the query's, unless the row says otherwise */
    bool has_t;
    int64_t t;
    str actor, action, resource, reason, change;
    str evidence;               /* public event ids, separated by spaces */
    const struct value *values; /* all columns of the query */
    struct finding *next;
};

struct query_result {
    const struct query *query;
    str environment;
    enum result result;
    str why; /* for not-tested and partial: which need, which days */
    int64_t population, exceptions,
        rows;                 /* rows: of the query; the exceptions, or the list of a population */
    str population_sha256;    /* digest over the ordered ids of the population */
    struct finding *findings; /* in the query's order */
    struct query_result *next;
};

/* What an outcome is called in findings.json and the manifest: result_name(), but "listed" where a
 * query lists its population: it looked for no exceptions. */
const char *query_result_name(const struct query_result *r);

/* Environments to report on: configured ones, then those seen, then "unmapped". */
bool environments_list(struct store *st, const struct config *cfg, struct arena *a,
                       const str **names, size_t *count, struct err *err) MUST_CHECK;
bool query_run(const struct query *q, struct store *st, const struct scope *scope, struct arena *a,
               struct query_result *out, struct err *err) MUST_CHECK;

/* Every query against its own samples (<id>.cases.json; format in report/README.md); one line per
 * failure. Reading records is the pipeline's work, so it lends a hand: `open` gives a fresh store
 * that holds the records under the configuration, with facts derived and the lists attached. */
struct case_input {
    str source; /* forced; absent: found by content */
    str bytes;  /* one file: a record a line */
};
struct case_loader {
    void *state;
    bool (*open)(void *state, const struct catalogue *c, str config,
                 const struct case_input *inputs, size_t ninputs, struct arena *a,
                 struct store **st, struct config *cfg, struct err *err);
    void (*close)(void *state, struct store *st);
};
struct rules_check {
    size_t queries, cases, failed;
    str failures; /* one per line */
};
bool catalogue_check(const struct catalogue *c, const struct case_loader *loader, struct arena *a,
                     struct rules_check *out, struct err *err) MUST_CHECK;

/* --- reports ---------------------------------------------------------------------------------- */

struct request_filter { /* of `report request` and `events`; absent: no filter. Globs, no case */
    str source, actor, action, verb, resource, outcome, change, ticket, text;
};

struct report_request {
    str kind; /* file name in report/definitions without .json */
    const struct period *period;
    str environment;
    str frameworks; /* short names separated by spaces; absent: the configuration's */
    struct request_filter filter;
    str generated; /* RFC 3339 */
    int64_t generated_sec;
    str command; /* the exact command that reproduces it */
    str program;
    str definition_dir; /* report dir */
    str text_dir;       /* template dir */
};

/* `report` borrows the arena, the store (rows are pulled from it) and the catalogue. */
bool report_compose(const struct report_request *req, const struct catalogue *c, struct store *st,
                    const struct config *cfg, struct arena *a, struct report *out,
                    const struct query_result **results, struct err *err) MUST_CHECK;

/* Gives back what the row sources of a report hold open. Once, when rendering is over, before the
 * store is closed; also when report_compose failed. */
void report_release(struct report *report);

/* findings.json: machine-readable results, in the order of the report. */
str findings_json(const struct report *report, const struct query_result *results, struct arena *a);

#endif
