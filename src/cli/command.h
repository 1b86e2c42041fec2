/*
 * command: one row of the command table, and what a running command is given.
 *
 * A command is src/cli/cmd_<name>.c and one line in src/cli/list.h. Parsing, help, the man page and
 * completion come from its row.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "analysis/analysis.h"
#include "base/buf.h"
#include "model/config.h"
#include "model/period.h"
#include "store/store.h"

struct option {
    const char *name;    /* "period", given as --period */
    const char *operand; /* "PERIOD"; NULL: a flag */
    const char *help;
    bool repeats; /* values add up, also separated by commas */
};

struct example {
    const char *command; /* without the leading "auditpress " */
    const char *what;
};

struct context;

struct command {
    const char *name;
    const char *operands; /* "PATH...", "" */
    const char *summary;  /* one line, no full stop */
    const char *details;  /* paragraphs for help and the man page */
    const struct option *options;
    size_t noptions;
    const struct example *examples;
    size_t nexamples;
    int min_operands, max_operands; /* max -1: any number */
    /* Prints to stdout; 0..N is the exit status. On failure -1 with ctx->err set. */
    int (*run)(struct context *ctx);
};

enum {
    EXIT_FAIL_ON = 1,
    EXIT_USAGE = 2,
    EXIT_GAPS = 3,
    EXIT_INTEGRITY = 4,
    EXIT_DELIVERY = 5,
    EXIT_OTHER = 6,
    EXIT_LOCKED = 75
};

/* Where an effective value came from, for `config show`. */
struct origin {
    const char *from; /* "option", "environment", "configuration", "default" */
};

struct context {
    struct arena arena;
    struct err err;
    const struct command *command;
    const struct option_value {
        const struct option *option;
        str value;
        const char *from;
        struct option_value *next;
    } * values; /* of the command and global ones, in order */
    const char **operands;
    size_t noperands;
    bool is_json, is_quiet, is_verbose, is_color;
    int64_t now; /* the clock, read once */
    /* loaded on first use */
    bool has_config;
    struct config config;
    const struct zone *zone;
    struct store *store;
    bool has_catalogue, is_stale_noted;
    struct catalogue catalogue;
};

const struct command *command_find(str name);
const struct command *const *command_list(size_t *count);
bool command_unknown(struct context *ctx, str name); /* false, with the nearest that is known */
extern const struct option global_options[];
extern const size_t nglobal_options;

/* --- options.c -------------------------------------------------------------------------------- */

/* Fills ctx from argv and the environment; false with ctx->err. */
bool options_parse(struct context *ctx, int argc, char **argv);
/* Last value of an option; absent when not given. The environment AUDITPRESS_NAME counts unless the
 * option was given. */
str option_get(const struct context *ctx, const char *name);
bool option_flag(const struct context *ctx, const char *name);
/* All values of a repeating option, separated by spaces. */
str option_all(struct context *ctx, const char *name);
const char *option_origin(const struct context *ctx, const char *name); /* NULL: not given */

/* --- context.c -------------------------------------------------------------------------------- */

bool context_config(struct context *ctx);               /* and the zone */
str context_db(struct context *ctx, const char **from); /* path of the database */
bool context_store(struct context *ctx, enum store_mode mode);
bool context_catalogue(struct context *ctx); /* also attached to the open store */
str context_report_dir(struct context *ctx, const char **from);
str context_template_dir(struct context *ctx, const char **from);
bool context_sources(struct context *ctx); /* the mapping files of the template dir are loaded */
/* --period or --from/--to. *has false when neither is given. */
bool context_period(struct context *ctx, struct period *out, bool *has);
/* The environments of --env, each one of the configuration or the data, or all there are when it is
 * not given; after context_store. */
bool context_environments(struct context *ctx, const str **names, size_t *count);
void context_close(struct context *ctx);

#define PERIOD_OPTIONS                                                                             \
    {"period", "PERIOD", "2026-10, 2026-Q3, 2026, 2026-10-05, last-month, T-30d, or FROM..TO",     \
     false},                                                                                       \
        {"from", "DATE", "start of the period (a date, or an instant with its zone)", false},      \
    {                                                                                              \
        "to", "DATE", "end of the period; a bare date is included", false                          \
    }

#define FILTER_OPTIONS                                                                             \
    {"env", "NAME", "environment (several: repeat, or separate by commas)", true},                 \
        {"source", "NAME", "source; globs allowed, as in all filters", false},                     \
        {"actor", "WHO", "actor, its id, the person behind it, or the session", false},            \
        {"action", "WHAT", "action, alone or as service:action", false},                           \
        {"verb", "VERB", "read, create, update, delete, grant, login ...", false},                 \
        {"resource", "ID", "resource, also any further resource of the event", false},             \
        {"outcome", "OUTCOME", "success, failure, denied, throttled, pending, unknown", false},    \
        {"change", "KEY", "run, commit or change request", false},                                 \
        {"ticket", "KEY", "ticket", false},                                                        \
    {                                                                                              \
        "text", "WORDS", "text anywhere in the event", false                                       \
    }

bool context_filter(struct context *ctx, struct request_filter *out);

/* --- table.c: text tables on a terminal ------------------------------------------------------- */

enum { TABLE_COLUMNS = 40, TABLE_ROWS = 1000 };

/* Zero-initialise but for titles, ncolumns (at most TABLE_COLUMNS) and right. Prints a thousand
 * rows at a time, so that a list of any length needs the memory of one block; widths only ever
 * grow. */
struct text_table {
    const char *const *titles;
    size_t ncolumns;
    unsigned right;    /* bit i: column i is a number, aligned right */
    struct arena rows; /* the block not yet printed */
    str *cells;
    size_t ncells;
    size_t widths[TABLE_COLUMNS];
    bool has_head;
};

void text_table_add(struct text_table *t, str cell);
void text_table_print(struct text_table *t); /* what is left; the table is done with */
void text_table_drop(struct text_table *t);  /* instead of printing */

void print_str(str s); /* to stdout */
void print_line(str s);

#endif
