/*
 * compose_query: the blocks of one query: its question, its outcome in words, its rows, its limits.
 *
 * A query without exceptions keeps its place, with the population that was examined: leaving it out
 * would invite the question whether the test was run.
 */
#include "analysis/compose.h"

#define QUERY_LIMIT 100

const struct query_result *result_find(const struct query_result *first, const struct query *q)
{
    for (const struct query_result *r = first; r; r = r->next)
        if (r->query == q)
            return r;
    return NULL;
}

enum mark result_mark(const struct query_result *r)
{
    enum severity worst = SEVERITY_INFO;

    switch (r->result) {
    case RESULT_NO_EXCEPTIONS:
        return r->query->kind == QUERY_POPULATION ? MARK_INFO : MARK_CLEAR;
    case RESULT_NO_POPULATION:
    case RESULT_NOT_TESTED:
        return MARK_DASH;
    case RESULT_PARTIAL:
        return MARK_PARTIAL;
    case RESULT_EXCEPTIONS:
        break;
    }
    for (const struct finding *f = r->findings; f; f = f->next)
        if (f->severity > worst)
            worst = f->severity;
    return mark_of_severity(worst);
}

struct value result_value(const struct query_result *r)
{
    bool is_list = r->query->kind == QUERY_POPULATION && r->result == RESULT_NO_EXCEPTIONS;

    return (struct value){.is_set = true,
                          .mark = result_mark(r),
                          .text = is_list ? STR("listed") : str_from(result_words(r->result))};
}

bool result_sentence(struct composer *c, const struct query_result *r, str *out)
{
    const struct query *q = r->query;
    bool is_list = q->kind == QUERY_POPULATION;
    str key;

    figure_count(&c->figures, c->a, STR("r_exceptions"), r->exceptions);
    figure_count(&c->figures, c->a, STR("r_population"), r->population);
    figure_text(&c->figures, c->a, STR("r_population_words"), q->population_words);
    figure_text(&c->figures, c->a, STR("r_if_empty"), q->if_empty);
    figure_text(&c->figures, c->a, STR("r_why"), r->why);
    key = str_print(c->a, "@result.%s%s", result_name(r->result),
                    is_list && r->result == RESULT_NO_EXCEPTIONS       ? ".list"
                    : r->result == RESULT_EXCEPTIONS && r->why.len > 0 ? ".limited"
                                                                       : "");
    return compose_expand(c, key, out);
}

/* The number of an exception before the columns of the query; the columns of a population as they
 * are. */
static struct column *query_columns(struct composer *c, const struct query *q, size_t *count)
{
    bool has_number = q->kind == QUERY_EXCEPTIONS;
    struct column *columns = cell_columns(q, 1, c->a);

    *count = q->ncolumns + has_number;
    if (!has_number)
        return columns;
    memmove(columns + 1, columns, q->ncolumns * sizeof *columns);
    for (size_t i = 1; i <= q->ncolumns; i++)
        columns[i].under += columns[i].under > 0;
    columns[0] = (struct column){
        .name = STR("no"), .title = STR("No"), .type = COLUMN_ID, .weight = 20, .is_bold = true};
    return columns;
}

static struct table *findings_table(struct composer *c, const struct query_result *r)
{
    const struct query *q = r->query;
    struct table_draft d;
    size_t ncolumns;
    struct column *columns = query_columns(c, q, &ncolumns);

    draft_begin(&d, c->a, columns, ncolumns);
    for (const struct finding *f = r->findings; f; f = f->next) {
        struct value *row = draft_row(&d);

        if (ncolumns > q->ncolumns)
            *row++ = link_value(f->number, STR("register"));
        memcpy(row, f->values, q->ncolumns * sizeof *row);
    }
    d.table->empty = q->if_empty;
    return draft_end(&d);
}

static struct block *note(struct composer *c, str text)
{
    struct block *b = compose_block(c, BLOCK_TEXT);

    b->is_note = true;
    b->text = text;
    return b;
}

static bool put_query(struct composer *c, const struct query_result *r, json_t *object)
{
    const struct query *q = r->query;
    struct block *b = compose_block(c, BLOCK_SUBTITLE);
    struct table *t;

    b->title = q->title;
    b->anchor = q->id;
    note(c, str_print(c->a, "%.*s · %.*s", STR_FMT(q->question), STR_FMT(q->id)));
    b = compose_block(c, BLOCK_TEXT);
    b->mark = result_mark(r);
    if (!result_sentence(c, r, &b->text))
        return false;
    if (r->rows > 0) {
        t = findings_table(c, r);
        t->digest = table_digest(t, c->a);
        if (!compose_table_block(c, object, t, STR_NONE))
            return false;
        if (!json_member(object, "limit"))
            t->pdf_limit = QUERY_LIMIT;
        if (t->sheet.len == 0 && q->kind == QUERY_EXCEPTIONS)
            t->sheet = STR("Exceptions");
    }
    if (q->caveat.len > 0)
        note(c, str_print(c->a, "Limits: %.*s", STR_FMT(q->caveat)));
    if (r->exceptions > 0 && q->reviewer.len > 0)
        note(c, str_print(c->a, "For the reviewer: %.*s", STR_FMT(q->reviewer)));
    return true;
}

/* A query that is not in this report is an error. */
static const struct query_result *named_result(struct composer *c, json_t *object, const char *key)
{
    str id = json_get_text(object, key, c->a);
    const struct query *q = catalogue_find(c->catalogue, id);
    const struct query_result *r = q ? result_find(c->results, q) : NULL;

    if (!r)
        err_set(c->err, ERR_USAGE, "no query '%.*s' in this report", STR_FMT(id));
    return r;
}

/* {"query": "chg-population", "sheet": "Changes"} */
bool compose_query(struct composer *c, json_t *object)
{
    const struct query_result *r = named_result(c, object, "query");

    return r && put_query(c, r, object);
}

/* {"rows": "chg-unexplained-write", "sheet": "Unexplained"}: only the rows, for a workbook. */
bool compose_query_rows(struct composer *c, json_t *object)
{
    const struct query_result *r = named_result(c, object, "rows");
    struct table *t;

    if (!r)
        return false;
    t = findings_table(c, r);
    if (r->result != RESULT_NO_EXCEPTIONS && !result_sentence(c, r, &t->empty))
        return false;
    t->digest = table_digest(t, c->a);
    return compose_table_block(c, object, t, r->query->title);
}

/* {"queries": "chg apr"}: every query of these families that looks for exceptions, in order; `none`
 * says so when there is none. */
bool compose_queries(struct composer *c, json_t *object)
{
    str families = json_get_text(object, "queries", c->a), none;
    bool is_none = true;

    for (const struct query_result *r = c->results; r; r = r->next) {
        if (!word_in(r->query->family, families) || r->query->kind != QUERY_EXCEPTIONS)
            continue;
        is_none = false;
        if (!put_query(c, r, object))
            return false;
    }
    if (!compose_member(c, object, "none", &none))
        return false;
    if (is_none && none.len > 0)
        *compose_block(c, BLOCK_TEXT) =
            (struct block){.kind = BLOCK_TEXT, .text = none, .mark = MARK_DASH};
    return true;
}
