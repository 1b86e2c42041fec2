/*
 * compose_table: tables that are put together in memory, and what all table blocks share.
 */
#include "analysis/compose.h"

#include "analysis/compose_rows.h"
#include "base/digest.h"

#define PDF_LIMIT 200

struct value text_value(str text)
{
    return (struct value){.is_set = text.len > 0, .text = text};
}

struct value count_value(int64_t n)
{
    return (struct value){.is_set = true, .number = n};
}

struct value time_value(int64_t key)
{
    return (struct value){.is_set = key > 0, .number = key};
}

struct value percent_value(int64_t thousandths)
{
    return (struct value){.is_set = true, .number = thousandths};
}

struct value link_value(str text, str anchor)
{
    return (struct value){.is_set = text.len > 0, .text = text, .link = anchor};
}

/* --- drafts ----------------------------------------------------------------------------------- */

void draft_begin(struct table_draft *d, struct arena *a, const struct column *columns,
                 size_t ncolumns)
{
    *d = (struct table_draft){.arena = a, .table = arena_new(a, struct table, 1)};
    d->table->columns = columns;
    d->table->ncolumns = ncolumns;
}

struct value *draft_row(struct table_draft *d)
{
    size_t width = d->table->ncolumns;

    if (d->table->nrows == d->cap) {
        struct value *more =
            arena_new(d->arena, struct value, (d->cap = d->cap ? d->cap * 2 : 16) * width);

        if (d->table->nrows > 0)
            memcpy(more, d->values, d->table->nrows * width * sizeof *more);
        d->values = more;
    }
    return &d->values[d->table->nrows++ * width];
}

struct table *draft_end(struct table_draft *d)
{
    d->table->values = d->values;
    return d->table;
}

/* --- digests ---------------------------------------------------------------------------------- */

void digest_row(struct sha256_run *run, const struct column *columns, size_t ncolumns,
                const struct value *values, struct arena *a)
{
    for (size_t i = 0; i < ncolumns; i++) {
        const struct value *v = &values[i];

        if (i > 0)
            sha256_more(run, STR("\t"));
        if (v->is_set && (columns[i].type == COLUMN_TIME || v->text.len > 0))
            sha256_more(run, value_print(columns[i].type, v->number, v->text, a));
        else if (v->is_set)
            sha256_more(run, str_print(a, "%lld", (long long)v->number));
    }
    sha256_more(run, STR("\n"));
}

str table_digest(const struct table *t, struct arena *a)
{
    struct sha256_run *run = sha256_begin();
    struct arena scratch = {0};
    struct sha256 sum;

    for (size_t row = 0; row < t->nrows; row++) {
        digest_row(run, t->columns, t->ncolumns, &t->values[row * t->ncolumns], &scratch);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    sum = sha256_end(run);
    return sha256_hex(&sum, a);
}

/* --- tables that stand in several places ------------------------------------------------------ */

struct kept_table {
    str name;
    struct table table;
    struct kept_table *next;
};

void table_keep(struct composer *c, str name, const struct table *t)
{
    struct kept_table *k = arena_new(c->a, struct kept_table, 1);

    *k = (struct kept_table){name, *t, c->kept};
    c->kept = k;
}

struct table *table_again(struct composer *c, str name)
{
    for (const struct kept_table *k = c->kept; k; k = k->next) {
        struct table *t;

        if (!str_eq(k->name, name))
            continue;
        t = arena_new(c->a, struct table, 1);
        *t = k->table;
        return t;
    }
    return NULL;
}

/* --- blocks ----------------------------------------------------------------------------------- */

bool compose_table_block(struct composer *c, json_t *object, struct table *t, str title)
{
    struct block *b = compose_block(c, BLOCK_TABLE);
    const json_t *limit = json_member(object, "limit");
    str empty;

    b->table = t;
    if (limit && !json_is_integer(limit))
        return err_set(c->err, ERR_USAGE, "'limit' is not a number");
    t->pdf_limit = limit ? (size_t)json_integer_value(limit) : PDF_LIMIT;
    t->is_register = json_truth(json_member(object, "register"));
    if (!compose_member(c, object, "title", &b->title) ||
        !compose_member(c, object, "text", &b->text) ||
        !compose_member(c, object, "sheet", &t->sheet) ||
        !compose_member(c, object, "empty", &empty))
        return false;
    b->title = str_or(b->title, title);
    t->empty = str_or(empty, t->empty);
    return true;
}
