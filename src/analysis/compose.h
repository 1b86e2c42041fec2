/*
 * compose: from a definition (report/definitions/<kind>.json), query results and sets to the report
 * model.
 *
 * A composer holds what all parts need. Each compose_*.c knows some kinds of blocks; compose.c
 * walks the definition and hands each block to the one that knows it.
 */
#ifndef ANALYSIS_COMPOSE_H
#define ANALYSIS_COMPOSE_H

#include "analysis/cells.h"
#include "analysis/run.h"
#include "analysis/texts.h"
#include "base/json.h"

/* STR for the initialiser of something static. */
#define TXT(literal)                                                                               \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

/* A column of a table of ours: COL("actor", "Actor", TEXT, 13). Weight 0: workbook only. */
#define COL(name_, title_, type_, weight_)                                                         \
    {                                                                                              \
        .name = TXT(name_), .title = TXT(title_), .type = COLUMN_##type_, .weight = weight_        \
    }
#define COL_BOLD(name_, title_, type_, weight_)                                                    \
    {                                                                                              \
        .name = TXT(name_), .title = TXT(title_), .type = COLUMN_##type_, .weight = weight_,       \
        .is_bold = true                                                                            \
    }
/* Printed below the text of column number `under_`, the first being 1. */
#define COL_UNDER(name_, title_, type_, under_)                                                    \
    {                                                                                              \
        .name = TXT(name_), .title = TXT(title_), .type = COLUMN_##type_, .weight = 1,             \
        .under = under_                                                                            \
    }

#define PAST_MOST      5
#define RESULT_COUNT   (RESULT_PARTIAL + 1)
#define SEVERITY_COUNT (SEVERITY_CRITICAL + 1)

/* A period before, as far as the record holds it. */
struct past {
    struct period period;
    struct query_result *results; /* of the same queries, in the same order */
    struct figures figures;
};

struct family {
    str name, title;
    struct family *next;
};

struct composer {
    const struct report_request *req;
    const struct catalogue *catalogue;
    struct store *st;
    const struct config *cfg;
    struct arena *a;
    struct err *err;
    struct scope scope;
    struct coverage coverage;
    struct cell_context cells;
    struct texts texts;
    struct figures figures;
    struct family *families;      /* in the order of the report */
    struct query_result *results; /* of the queries of the report, in its order */
    struct past past[PAST_MOST];  /* the one just before first */
    size_t npast;
    const struct finding **rows; /* of the register; see register_rows */
    size_t nrows;
    str frameworks; /* chosen, names separated by spaces */
    struct kept_table *kept;
    struct report *report;
    struct block **last; /* where the next block goes */
};

/* --- blocks (compose.c) ----------------------------------------------------------------------- */

struct block *compose_block(struct composer *c, enum block_kind kind);
/* Member `key` with placeholders filled; absent when it is not there. */
bool compose_member(struct composer *c, json_t *object, const char *key, str *out) MUST_CHECK;
bool compose_expand(struct composer *c, str text, str *out) MUST_CHECK;
/* Refuses members that are not among the words of `known`. */
bool compose_keys(struct composer *c, json_t *object, const char *known) MUST_CHECK;
/* `when` and `unless` of a block, tile, fact: figures that must (not) be true. */
bool compose_wanted(struct composer *c, json_t *object, bool *out) MUST_CHECK;
bool compose_mark(struct composer *c, json_t *object, enum mark *out) MUST_CHECK;
const struct query *compose_set(struct composer *c, json_t *object, const char *key);

/* --- tables ----------------------------------------------------------------------------------- */

/* A table that is put together row by row in memory. */
struct table_draft {
    struct arena *arena;
    struct table *table;
    struct value *values;
    size_t cap; /* in rows */
};
void draft_begin(struct table_draft *d, struct arena *a, const struct column *columns,
                 size_t ncolumns);
struct value *draft_row(struct table_draft *d); /* a fresh row; valid until the next */
struct table *draft_end(struct table_draft *d);

struct value text_value(str text); /* absent text: not set */
struct value count_value(int64_t n);
struct value time_value(int64_t key);
struct value percent_value(int64_t thousandths);
struct value link_value(str text, str anchor);
struct value result_value(const struct query_result *r);
/* SHA-256 over the ordered rows: cells as text, a tab between, a line feed after each row. */
str table_digest(const struct table *t, struct arena *a);

/* A table that stands in the PDF and in the workbook is made once; each place gets its own copy of
 * the head, with the same rows. NULL: not made yet. */
void table_keep(struct composer *c, str name, const struct table *t);
struct table *table_again(struct composer *c, str name);

/* Adds a table block with the settings of a definition: title, text, sheet, limit, empty, register.
 */
bool compose_table_block(struct composer *c, json_t *object, struct table *t, str title) MUST_CHECK;

/* --- kinds of blocks -------------------------------------------------------------------------- */

bool compose_text(struct composer *c, json_t *object) MUST_CHECK; /* compose_block.c */
bool compose_banner(struct composer *c, json_t *object) MUST_CHECK;
bool compose_subtitle(struct composer *c, json_t *object) MUST_CHECK;
bool compose_code(struct composer *c, json_t *object) MUST_CHECK;
bool compose_page(struct composer *c, json_t *object) MUST_CHECK;
bool compose_signatures(struct composer *c, json_t *object) MUST_CHECK;
bool compose_facts(struct composer *c, json_t *object) MUST_CHECK;
bool compose_tiles(struct composer *c, json_t *object) MUST_CHECK;
bool compose_glossary(struct composer *c, json_t *object) MUST_CHECK;
bool compose_set_table(struct composer *c, json_t *object) MUST_CHECK; /* compose_set.c */
bool compose_set_figures(struct composer *c, const struct query *set, const struct scope *scope,
                         struct figures *into) MUST_CHECK;
bool compose_chart(struct composer *c, json_t *object) MUST_CHECK; /* compose_chart.c */
bool compose_charts(struct composer *c, json_t *object) MUST_CHECK;
bool compose_query(struct composer *c, json_t *object) MUST_CHECK; /* compose_query.c */
bool compose_query_rows(struct composer *c, json_t *object) MUST_CHECK;
bool compose_queries(struct composer *c, json_t *object) MUST_CHECK;
bool compose_results(struct composer *c, json_t *object) MUST_CHECK; /* compose_results.c */
bool compose_comparison(struct composer *c, json_t *object) MUST_CHECK;
bool compose_decisions(struct composer *c, json_t *object) MUST_CHECK; /* compose_register.c */
bool compose_register(struct composer *c, json_t *object) MUST_CHECK;
bool compose_review(struct composer *c, json_t *object) MUST_CHECK;
bool compose_evidence(struct composer *c, json_t *object) MUST_CHECK;
bool compose_controls(struct composer *c, json_t *object) MUST_CHECK; /* compose_controls.c */
bool compose_controls_sheet(struct composer *c, json_t *object) MUST_CHECK;
bool compose_no_evidence(struct composer *c, json_t *object) MUST_CHECK;
bool compose_not_evidenced(struct composer *c, json_t *object) MUST_CHECK;
bool compose_definitions(struct composer *c, json_t *object) MUST_CHECK; /* compose_appendix.c */
bool compose_parameters(struct composer *c, json_t *object) MUST_CHECK;
bool compose_lists(struct composer *c, json_t *object) MUST_CHECK;
bool compose_populations(struct composer *c, json_t *object) MUST_CHECK;
bool compose_caveats(struct composer *c, json_t *object) MUST_CHECK;
bool compose_sequences(struct composer *c, json_t *object) MUST_CHECK; /* compose_sequence.c */
bool compose_waterfall(struct composer *c, json_t *object) MUST_CHECK; /* compose_request.c */

/* --- results ---------------------------------------------------------------------------------- */

const struct query_result *result_find(const struct query_result *first, const struct query *q);
/* "Exceptions noted in 3 of 120 applied changes." and so on, with what limits it. */
bool result_sentence(struct composer *c, const struct query_result *r, str *out) MUST_CHECK;
enum mark result_mark(const struct query_result *r); /* of exceptions: the worst severity */
struct result_counts {
    int64_t of_result[RESULT_COUNT];     /* queries that look for exceptions */
    int64_t of_severity[SEVERITY_COUNT]; /* exceptions */
    int64_t exceptions, queries, lists;
    int64_t limited, limited_exceptions; /* queries that rest on an incomplete record */
};
void result_figures(const struct query_result *results, struct figures *into, struct arena *a);
struct result_counts results_count(const struct query_result *first, str family); /* absent: all */
/* Controls of the chosen frameworks that cite a query: "CC8.1 · A.8.32". */
str controls_citing(const struct composer *c, str query);
/* The first one of each framework: "CC8.1 · A.8.32 · 6.5.1". */
str controls_citing_first(const struct composer *c, str query);
bool framework_chosen(const struct composer *c, const struct framework *f);
/* All exceptions, the worst first, then by time. Made once. */
const struct finding *const *register_rows(struct composer *c, size_t *count);

/* --- before and around ------------------------------------------------------------------------ */

bool compose_past(struct composer *c, json_t *definition) MUST_CHECK;     /* compose_past.c */
bool compose_identity(struct composer *c, json_t *definition) MUST_CHECK; /* compose_identity.c */
/* Figures of coverage, whether the record is whole and why not, and the state that follows. */
bool compose_completeness(struct composer *c) MUST_CHECK; /* compose_record.c */

#endif
