/*
 * events: filtered events, as a short table for people or with all fields for programs.
 */
#include <stdio.h>

#include "analysis/events.h"
#include "listing.h"

static struct cell column(const struct statement *q, const char *name)
{
    for (size_t i = 0; i < statement_columns(q); i++)
        if (strcmp(statement_column(q, i), name) == 0)
            return statement_cell(q, i);
    return (struct cell){0};
}

static void add_resources(struct buf *out, str all)
{
    const char *comma = "";

    buf_addz(out, ",\"resources\":[");
    while (all.ptr) {
        buf_addz(out, comma);
        buf_add_json(out, str_cut(&all, '\x1f'));
        comma = ",";
    }
    buf_addc(out, ']');
}

static void print_jsonl(struct statement *q, struct buf *out)
{
    size_t fields = events_fields(q);
    struct cell more = column(q, "more_resources");

    buf_clear(out);
    for (size_t i = 0; i < fields; i++) {
        struct cell c = statement_cell(q, i);

        buf_print(out, "%c\"%s\":", i ? ',' : '{', statement_column(q, i));
        if (strcmp(statement_column(q, i), "records") == 0 && c.kind == CELL_TEXT)
            buf_add(out, c.text); /* a JSON list already */
        else
            add_json_cell(out, c);
    }
    if (more.kind == CELL_TEXT)
        add_resources(out, more.text);
    buf_addz(out, ",\"evidence\":{");
    for (size_t i = fields; i < fields + 4; i++) {
        buf_print(out, "%s\"%s\":", i > fields ? "," : "", statement_column(q, i));
        add_json_cell(out, statement_cell(q, i));
    }
    buf_addz(out, "}}\n");
    print_str(buf_str(out));
}

static bool print_events(struct context *ctx, struct statement *q, enum listing_format format)
{
    static const char *const titles[] = {"TIME",   "ENVIRONMENT", "SOURCE",  "ACTOR",
                                         "ACTION", "RESOURCE",    "OUTCOME", "ID"};
    static const char *const names[] = {"time",   "environment", "source",  "actor",
                                        "action", "resource",    "outcome", "id"};
    struct text_table table = {.titles = titles, .ncolumns = 8};
    struct buf out = {0};
    bool has_row = true, ok;

    if (format == LISTING_CSV)
        return listing_print(ctx, q, format);
    while ((ok = statement_next(q, &has_row, &ctx->err)) && has_row) {
        if (format == LISTING_JSONL)
            print_jsonl(q, &out);
        else
            for (size_t i = 0; i < 8; i++)
                text_table_add_cell(&table, column(q, names[i]));
    }
    if (ok && format == LISTING_TABLE)
        text_table_print(&table);
    buf_free(&out);
    return ok;
}

static int run(struct context *ctx)
{
    struct period period;
    struct request_filter filter;
    enum listing_format format;
    const str *names;
    size_t count = 0;
    struct statement *q = NULL;
    bool has_period, ok;

    if (!listing_format(ctx, &format) || !context_period(ctx, &period, &has_period) ||
        !context_filter(ctx, &filter) || !context_store(ctx, STORE_READ) ||
        !context_environments(ctx, &names, &count))
        return -1;
    if (has_period && !ctx->is_quiet)
        fprintf(stderr, "period: %.*s\n", STR_FMT(period_text(&period, &ctx->arena)));
    ok = events_open(ctx->store, has_period ? &period : NULL, option_all(ctx, "env"), &filter, &q,
                     &ctx->err) &&
         print_events(ctx, q, format);
    statement_close(q);
    return ok ? 0 : -1;
}

static const struct option options[] = {PERIOD_OPTIONS, FILTER_OPTIONS, LISTING_OPTION};

static const struct example examples[] = {
    {"events --period 2026-10 --env prod --verb delete",
     "everything deleted in production in October"},
    {"events --actor 'ann*' --outcome denied", "what ann was refused"},
    {"events --from 2026-10-03 --to 2026-10-04 --format jsonl",
     "two whole days with all fields, for another program"},
};

const struct command command_events = {
    .name = "events",
    .operands = "",
    .summary = "list events, filtered",
    .details = "All filters combine. Globs (* and ?) are allowed and letter case does not matter.",
    .options = options,
    .noptions = sizeof options / sizeof *options,
    .examples = examples,
    .nexamples = sizeof examples / sizeof *examples,
    .run = run,
};
