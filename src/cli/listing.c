/*
 * listing: see listing.h. JSON lines and CSV are streamed; a table needs all rows first, for its
 * widths.
 */
#include "listing.h"

#include <stdio.h>

bool listing_format(struct context *ctx, enum listing_format *out)
{
    static const char *const names[] = {"table", "jsonl", "csv"};
    str given = option_get(ctx, "format");

    *out = ctx->is_json ? LISTING_JSONL : LISTING_TABLE;
    if (str_empty(given))
        return true;
    for (size_t i = 0; i < 3; i++) {
        if (str_eq(given, str_from(names[i]))) {
            *out = (enum listing_format)i;
            return true;
        }
    }
    err_set(&ctx->err, ERR_USAGE, "unknown format '%.*s'", STR_FMT(given));
    return err_hint(&ctx->err, "Use table, jsonl or csv.");
}

void add_json_cell(struct buf *out, struct cell c)
{
    switch (c.kind) {
    case CELL_NULL:
        buf_addz(out, "null");
        break;
    case CELL_INT:
        buf_print(out, "%lld", (long long)c.i);
        break;
    case CELL_REAL:
        buf_print(out, "%.17g", c.r);
        break;
    case CELL_TEXT:
        buf_add_json(out, c.text);
        break;
    }
}

str listing_text(struct cell c, struct arena *a)
{
    switch (c.kind) {
    case CELL_NULL:
        break;
    case CELL_INT:
        return str_print(a, "%lld", (long long)c.i);
    case CELL_REAL:
        return str_print(a, "%.6g", c.r);
    case CELL_TEXT:
        return str_copy(a, c.text);
    }
    return STR_NONE;
}

void text_table_add_cell(struct text_table *t, struct cell c)
{
    struct arena a = {0};

    text_table_add(t, listing_text(c, &a));
    arena_free(&a);
}

static void print_row(struct statement *q, enum listing_format format, struct buf *out)
{
    struct arena a = {0};

    buf_clear(out);
    if (format == LISTING_JSONL)
        buf_addc(out, '{');
    for (size_t i = 0; i < statement_columns(q); i++) {
        struct cell c = statement_cell(q, i);

        if (i)
            buf_addc(out, ',');
        if (format == LISTING_JSONL) {
            buf_print(out, "\"%s\":", statement_column(q, i));
            add_json_cell(out, c);
        } else {
            buf_add_csv(out, listing_text(c, &a));
        }
    }
    buf_addz(out, format == LISTING_JSONL ? "}\n" : "\r\n");
    print_str(buf_str(out));
    arena_free(&a);
}

bool listing_print(struct context *ctx, struct statement *q, enum listing_format format)
{
    size_t n = statement_columns(q);
    const char **titles = arena_new(&ctx->arena, const char *, n);
    struct text_table table = {.titles = titles, .ncolumns = n};
    struct buf out = {0};
    bool has_row = true, ok;

    for (size_t i = 0; i < n; i++) {
        titles[i] = str_z(&ctx->arena, str_from(statement_column(q, i)));
        if (format == LISTING_CSV)
            printf("%s%s", i ? "," : "", titles[i]);
    }
    if (format == LISTING_CSV)
        fputs("\r\n", stdout);
    while ((ok = statement_next(q, &has_row, &ctx->err)) && has_row) {
        if (format != LISTING_TABLE)
            print_row(q, format, &out);
        else
            for (size_t i = 0; i < n; i++)
                text_table_add_cell(&table, statement_cell(q, i));
    }
    if (ok && format == LISTING_TABLE)
        text_table_print(&table);
    buf_free(&out);
    return ok;
}
