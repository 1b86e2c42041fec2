/*
 * compose_appendix: what the report was made with: definitions of queries, parameters, lists,
 * populations, limits.
 */
#include "analysis/compose.h"

/* --- queries ---------------------------------------------------------------------------------- */

static bool is_set_by_config(const struct composer *c, const struct query *q,
                             const struct query_parameter *p)
{
    return !str_eq(query_param_value(q, p, &c->scope), p->value);
}

static str parameters_text(const struct composer *c, const struct query *q)
{
    str all = STR_NONE;

    for (const struct query_parameter *p = q->params; p; p = p->next)
        all = str_join(c->a, all, STR(", "),
                       str_print(c->a, "%.*s = %.*s%s", STR_FMT(p->name),
                                 STR_FMT(query_param_value(q, p, &c->scope)),
                                 is_set_by_config(c, q, p) ? " (set)" : ""));
    return all;
}

bool compose_definitions(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("query", "Query", ID, 17),
        COL_UNDER("title", "Title", TEXT, 1),
        COL("question", "Question", TEXT, 25),
        COL("population", "Population", TEXT, 17),
        COL("definition", "Population as expression", ID, 0),
        COL("needs", "Needs", ID, 11),
        COL("parameters", "Parameters", TEXT, 18),
        COL("severity", "Severity", MARK, 0),
        COL("if_empty", "When there is no row", TEXT, 0),
        COL("caveat", "Limits", TEXT, 0),
        COL("reviewer", "For the reviewer", TEXT, 0),
        COL("sql_sha256", "File SHA-256", HASH, 12),
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
        COL("query", "Query", ID, 22),      COL("parameter", "Parameter", ID, 18),
        COL_BOLD("value", "Value", ID, 16), COL("origin", "Origin", TEXT, 14),
        COL("note", "Meaning", TEXT, 40),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        for (const struct query_parameter *p = r->query->params; p; p = p->next) {
            struct value *row = draft_row(&d);

            *row++ = text_value(r->query->id);
            *row++ = text_value(p->name);
            *row++ = text_value(query_param_value(r->query, p, &c->scope));
            *row++ = text_value(is_set_by_config(c, r->query, p) ? STR("configuration")
                                                                 : STR("default"));
            *row++ = text_value(p->note);
        }
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- lists and registers ---------------------------------------------------------------------- */

bool compose_lists(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("list", "List", TEXT, 20), COL("about", "What it holds", TEXT, 40),
        COL_UNDER("path", "File", ID, 2),   COL("rows", "Rows", COUNT, 8),
        COL("sha256", "SHA-256", HASH, 16),
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

/* --- populations ------------------------------------------------------------------------------ */

bool compose_populations(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("query", "Query", ID, 22),
        COL("words", "Population", TEXT, 42),
        COL_UNDER("definition", "Definition", ID, 2),
        COL("n", "Items", COUNT, 10),
        COL("sha256", "SHA-256 over the ordered ids", HASH, 18),
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
        COL_BOLD("query", "Query", ID, 24),
        COL("caveat", "What it cannot tell", TEXT, 76),
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
