/*
 * compose_set: tables and figures from report/sets.
 *
 * A table is read once when the report is made: counted, digested, and kept if it is small. A
 * larger one is read again row by row by each renderer; the database cannot have changed between,
 * since nobody writes while a report is made.
 */
#include "analysis/compose.h"

#include "analysis/compose_rows.h"
#include "base/digest.h"

#define KEPT_ROWS 5000

/* --- rows pulled by a renderer ---------------------------------------------------------------- */

struct row_source {
    struct store *st;
    const struct query *set;
    struct scope scope;
    struct cell_context cells;
    struct request_filter filter;
    struct statement *statement; /* NULL until the first row is asked for */
    struct cell_map map;
    struct arena arena; /* texts of the row */
    struct arena mapping;
    uint64_t number;
    struct row_source *next;
};

/* A free text is looked for anywhere; the other parts are globs. */
static void bind_filter(struct statement *s, const struct request_filter *f)
{
    struct arena a = {0};

    statement_bind_text(s, "source", f->source);
    statement_bind_text(s, "actor", f->actor);
    statement_bind_text(s, "action", f->action);
    statement_bind_text(s, "verb", f->verb);
    statement_bind_text(s, "resource", f->resource);
    statement_bind_text(s, "outcome", f->outcome);
    statement_bind_text(s, "change", f->change);
    statement_bind_text(s, "ticket", f->ticket);
    statement_bind_text(s, "text",
                        f->text.len > 0 ? str_print(&a, "*%.*s*", STR_FMT(f->text)) : STR_NONE);
    arena_free(&a);
}

bool set_open(struct store *st, const struct query *set, const struct scope *scope,
              const struct request_filter *filter, struct arena *a, struct statement **out,
              struct cell_map *map, struct err *err)
{
    struct statement *s = NULL;

    if (!store_prepare(st, set->sql, str_z(a, set->path), 0, &s, err))
        return false;
    if (!cell_map_make(set, s, a, map, err)) {
        statement_close(s);
        return false;
    }
    query_bind(s, set, scope);
    bind_filter(s, filter);
    *out = s;
    return true;
}

static bool source_next(void *state, struct value *values, struct err *err)
{
    struct row_source *r = state;
    bool has_row = false;

    if (!r->statement &&
        !set_open(r->st, r->set, &r->scope, &r->filter, &r->mapping, &r->statement, &r->map, err))
        return false;
    arena_reset(&r->arena);
    if (!statement_next(r->statement, &has_row, err) || !has_row)
        return false;
    cell_row(&r->map, r->statement, &r->cells, ++r->number, &r->arena, values);
    return true;
}

static bool source_rewind(void *state, struct err *err)
{
    struct row_source *r = state;

    (void)err;
    if (r->statement)
        statement_reset(r->statement);
    r->number = 0;
    return true;
}

static struct rows source_make(struct composer *c, const struct query *set)
{
    struct row_source *r = arena_new(c->a, struct row_source, 1);

    r->st = c->st;
    r->set = set;
    r->scope = c->scope;
    r->cells = c->cells;
    r->filter = c->req->filter;
    r->next = c->report->sources;
    c->report->sources = r;
    return (struct rows){.state = r, .next = source_next, .rewind = source_rewind};
}

void report_release(struct report *report)
{
    for (struct row_source *r = report->sources; r; r = r->next) {
        statement_close(r->statement);
        r->statement = NULL;
        arena_free(&r->arena);
        arena_free(&r->mapping);
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

/* All rows once: the first ones kept, all counted and digested. */
static bool read_rows(struct composer *c, const struct query *set, struct table_draft *d,
                      uint64_t *count)
{
    struct sha256_run *digest;
    struct statement *s = NULL;
    struct arena scratch = {0};
    struct cell_map map;
    struct sha256 sum;
    bool has_row = false, ok;

    if (!set_open(c->st, set, &c->scope, &c->req->filter, c->a, &s, &map, c->err))
        return false;
    digest = sha256_begin();
    while ((ok = statement_next(s, &has_row, c->err)) && has_row) {
        bool is_kept = (*count)++ < KEPT_ROWS;
        struct value *row =
            is_kept ? draft_row(d) : arena_new(&scratch, struct value, set->ncolumns);

        cell_row(&map, s, &c->cells, *count, is_kept ? c->a : &scratch, row);
        digest_row(digest, d->table->columns, set->ncolumns, row, &scratch);
        arena_reset(&scratch);
    }
    sum = sha256_end(digest);
    d->table->digest = sha256_hex(&sum, c->a);
    statement_close(s);
    arena_free(&scratch);
    return ok;
}

/* A register of events is not read twice: `count` names the figure that says how many rows there
 * are, and its digest is that of the dataset. */
static bool known_count(struct composer *c, json_t *object, uint64_t *count)
{
    str name = json_get_text(object, "count", c->a);
    const struct figure *f = figure_find(&c->figures, name);

    if (!f || !f->is_set)
        return err_set(c->err, ERR_USAGE, "'count': unknown figure '%.*s'", STR_FMT(name));
    *count = (uint64_t)f->number;
    return true;
}

static bool make_table(struct composer *c, json_t *object, const struct query *set,
                       struct table **out)
{
    struct table_draft d;
    uint64_t count = 0;
    bool ok;

    draft_begin(&d, c->a, cell_columns(set, 0, c->a), set->ncolumns);
    ok = json_member(object, "count") ? known_count(c, object, &count)
                                      : read_rows(c, set, &d, &count);
    if (!ok)
        return err_wrap(c->err, "set '%.*s'", STR_FMT(set->id));
    *out = draft_end(&d);
    if (count != (*out)->nrows) {
        (*out)->values = NULL;
        (*out)->nrows = count;
        (*out)->source = source_make(c, set);
    }
    (*out)->empty = set->if_empty.len > 0 ? set->if_empty : STR("No rows in this period.");
    return true;
}

bool compose_set_table(struct composer *c, json_t *object)
{
    const struct query *set = compose_set(c, object, "table");
    struct table *t;
    str title;

    if (!set || !compose_expand(c, set->title, &title))
        return false;
    t = table_again(c, set->id);
    if (!t) {
        if (!make_table(c, object, set, &t))
            return false;
        table_keep(c, set->id, t);
    }
    return compose_table_block(c, object, t, title);
}

/* --- figures ---------------------------------------------------------------------------------- */

/* A set of figures has one row; each column is a figure under its name. */
bool compose_set_figures(struct composer *c, const struct query *set, const struct scope *scope,
                         struct figures *into)
{
    const struct request_filter none = {0};
    struct value *values = arena_new(c->a, struct value, set->ncolumns);
    struct statement *s = NULL;
    struct cell_map map;
    bool has_row = false, ok;

    if (!set_open(c->st, set, scope, &none, c->a, &s, &map, c->err))
        return false;
    ok = statement_next(s, &has_row, c->err);
    if (ok && !has_row)
        ok = err_set(c->err, ERR_USAGE, "%.*s: a set of figures gives one row", STR_FMT(set->path));
    if (ok)
        cell_row(&map, s, &c->cells, 1, c->a, values);
    for (size_t i = 0; ok && i < set->ncolumns; i++)
        figure_add(into, c->a, set->columns[i].name, set->columns[i].type, &values[i]);
    statement_close(s);
    return ok;
}
