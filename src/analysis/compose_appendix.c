/*
 * compose_appendix: what the report was made with: definitions of queries, parameters, lists, populations, limits.
 */
#include "analysis/compose.h"

/* --- queries ------------------------------------------------------------------------------------------------------ */

static bool is_set_by_config(const struct composer *c, const struct query *q, const struct query_parameter *p)
{
    return !str_eq(query_param_value(q, p, &c->scope), p->value);
}

static str parameters_text(const struct composer *c, const struct query *q)
{
    str all = STR_NONE;

    for (const struct query_parameter *p = q->params; p; p = p->next)
        all = str_join(c->a, all, STR(", "),
                       str_print(c->a, "%.*s = %.*s%s", STR_FMT(p->name), STR_FMT(query_param_value(q, p, &c->scope)),
                                 is_set_by_config(c, q, p) ? " (set)" : ""));
    return all;
}

bool compose_definitions(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        {.name = TXT("query"), .title = TXT("Query"), .type = COLUMN_ID, .weight = 17, .is_bold = true},
        {.name = TXT("title"), .title = TXT("Title"), .weight = 1, .under = 1},
        {.name = TXT("question"), .title = TXT("Question"), .weight = 25},
        {.name = TXT("population"), .title = TXT("Population"), .weight = 17},
        {.name = TXT("definition"), .title = TXT("Population as expression"), .type = COLUMN_ID},
        {.name = TXT("needs"), .title = TXT("Needs"), .type = COLUMN_ID, .weight = 11},
        {.name = TXT("parameters"), .title = TXT("Parameters"), .weight = 18},
        {.name = TXT("severity"), .title = TXT("Severity"), .type = COLUMN_MARK},
        {.name = TXT("if_empty"), .title = TXT("When there is no row")},
        {.name = TXT("caveat"), .title = TXT("Limits")},
        {.name = TXT("reviewer"), .title = TXT("For the reviewer")},
        {.name = TXT("sql_sha256"), .title = TXT("File SHA-256"), .type = COLUMN_HASH, .weight = 12},
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        const struct query *q = r->query;
        struct value *row = draft_row(&d);

        *row++ = text_value(q->id);
        *row++ = text_value(q->title);
        *row++ = text_value(q->question);
        *row++ = text_value(q->population_words);
        *row++ = text_value(q->population);
        *row++ = text_value(q->needs);
        *row++ = text_value(parameters_text(c, q));
        *row++ = mark_value(str_from(severity_name(q->severity)));
        *row++ = text_value(q->if_empty);
        *row++ = text_value(q->caveat);
        *row++ = text_value(q->reviewer);
        *row++ = text_value(q->sql_sha256);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

bool compose_parameters(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        {.name = TXT("query"), .title = TXT("Query"), .type = COLUMN_ID, .weight = 22},
        {.name = TXT("parameter"), .title = TXT("Parameter"), .type = COLUMN_ID, .weight = 18},
        {.name = TXT("value"), .title = TXT("Value"), .type = COLUMN_ID, .weight = 16, .is_bold = true},
        {.name = TXT("origin"), .title = TXT("Origin"), .weight = 14},
        {.name = TXT("note"), .title = TXT("Meaning"), .weight = 40},
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        for (const struct query_parameter *p = r->query->params; p; p = p->next) {
            struct value *row = draft_row(&d);

            *row++ = text_value(r->query->id);
            *row++ = text_value(p->name);
            *row++ = text_value(query_param_value(r->query, p, &c->scope));
            *row++ = text_value(is_set_by_config(c, r->query, p) ? STR("configuration") : STR("default"));
            *row++ = text_value(p->note);
        }
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- lists and registers --------------------------------------------------------------------------------------------- */

bool compose_lists(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        {.name = TXT("list"), .title = TXT("List"), .weight = 20, .is_bold = true},
        {.name = TXT("about"), .title = TXT("What it holds"), .weight = 40},
        {.name = TXT("path"), .title = TXT("File"), .type = COLUMN_ID, .weight = 1, .under = 2},
        {.name = TXT("rows"), .title = TXT("Rows"), .type = COLUMN_COUNT, .weight = 8},
        {.name = TXT("sha256"), .title = TXT("SHA-256"), .type = COLUMN_HASH, .weight = 16},
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct register_file *f = c->cfg->registers; f; f = f->next) {
        struct value *row = draft_row(&d);

        *row++ = text_value(f->kind);
        *row++ = text_value(STR("register of the configuration"));
        *row++ = text_value(f->path);
        *row++ = count_value((int64_t)f->rows);
        *row++ = text_value(f->sha256);
    }
    for (const struct list_file *f = c->catalogue->list_files; f; f = f->next) {
        struct value *row = draft_row(&d);

        *row++ = text_value(f->name);
        *row++ = text_value(f->about);
        *row++ = text_value(f->path);
        *row++ = count_value((int64_t)f->rows);
        *row++ = text_value(f->sha256);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- populations ------------------------------------------------------------------------------------------------------- */

bool compose_populations(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        {.name = TXT("query"), .title = TXT("Query"), .type = COLUMN_ID, .weight = 22, .is_bold = true},
        {.name = TXT("words"), .title = TXT("Population"), .weight = 42},
        {.name = TXT("definition"), .title = TXT("Definition"), .type = COLUMN_ID, .weight = 1, .under = 2},
        {.name = TXT("n"), .title = TXT("Items"), .type = COLUMN_COUNT, .weight = 10},
        {.name = TXT("sha256"), .title = TXT("SHA-256 over the ordered ids"), .type = COLUMN_HASH, .weight = 18},
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        struct value *row = draft_row(&d);

        *row++ = text_value(r->query->id);
        *row++ = text_value(r->query->population_words);
        *row++ = text_value(str_or(r->query->population, STR("its own rows")));
        *row++ = r->result == RESULT_NOT_TESTED ? (struct value){0} : count_value(r->population);
        *row++ = text_value(r->population_sha256);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

bool compose_caveats(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        {.name = TXT("query"), .title = TXT("Query"), .type = COLUMN_ID, .weight = 24, .is_bold = true},
        {.name = TXT("caveat"), .title = TXT("What it cannot tell"), .weight = 76},
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        struct value *row;

        if (r->query->caveat.len == 0)
            continue;
        row = draft_row(&d);
        *row++ = text_value(r->query->id);
        *row++ = text_value(r->query->caveat);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}
