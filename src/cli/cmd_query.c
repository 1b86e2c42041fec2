/*
 * query: the predefined compliance queries: list, show, run.
 */
#include <stdio.h>

#include "listing.h"
#include "model/display.h"

/* --- list and show ---------------------------------------------------------------------------- */

static bool is_chosen(struct context *ctx, const struct query *q)
{
    str family = option_get(ctx, "family"), tier = option_get(ctx, "tier");
    uint64_t n;

    return (str_empty(family) || str_eq(family, q->family)) &&
           (str_empty(tier) || (str_to_u64(tier, &n) && n == (uint64_t)q->tier));
}

static int list_queries(struct context *ctx)
{
    static const char *const titles[] = {"ID", "SEVERITY", "TIER", "TITLE"};
    struct text_table table = {.titles = titles, .ncolumns = 4};
    struct buf out = {0};

    for (const struct query *q = ctx->catalogue.queries; q; q = q->next) {
        if (!is_chosen(ctx, q))
            continue;
        text_table_add(&table, q->id);
        text_table_add(&table, str_from(severity_name(q->severity)));
        text_table_add(&table, str_print(&ctx->arena, "%d", q->tier));
        text_table_add(&table, q->title);
        buf_addz(&out, "{\"query\":");
        buf_add_json(&out, q->id);
        buf_print(&out, ",\"severity\":\"%s\",\"tier\":%d,\"needs\":", severity_name(q->severity),
                  q->tier);
        buf_add_json(&out, q->needs);
        buf_addz(&out, ",\"title\":");
        buf_add_json(&out, q->title);
        buf_addz(&out, "}\n");
    }
    if (ctx->is_json)
        print_str(buf_str(&out));
    else
        text_table_print(&table);
    text_table_drop(&table);
    buf_free(&out);
    return 0;
}

static void show_line(const char *name, str text)
{
    if (!str_empty(text))
        printf("%-12s %.*s\n", name, STR_FMT(text));
}

static const struct query *find_query(struct context *ctx, str id)
{
    const struct query *q = catalogue_find(&ctx->catalogue, id);
    const char *known[512];
    size_t n = 0;
    const char *near;

    if (q)
        return q;
    for (const struct query *each = ctx->catalogue.queries; each && n < 512; each = each->next)
        known[n++] = str_z(&ctx->arena, each->id);
    near = str_nearest(id, known, n);
    err_set(&ctx->err, ERR_USAGE, "unknown query '%.*s'", STR_FMT(id));
    (void)(near ? err_hint(&ctx->err, "Did you mean '%s'?", near)
                : err_hint(&ctx->err, "'auditpress query list' lists them."));
    return NULL;
}

static int show_query(struct context *ctx, str id)
{
    const struct query *q = find_query(ctx, id);

    if (!q)
        return -1;
    show_line("id", q->id);
    show_line("title", q->title);
    show_line("question", q->question);
    show_line("severity", str_from(severity_name(q->severity)));
    show_line("needs", q->needs);
    show_line("population", str_or(q->population_words, q->population));
    for (const struct query_parameter *p = q->params; p; p = p->next)
        printf("%-12s %.*s = %.*s  %.*s\n", "parameter", STR_FMT(p->name), STR_FMT(p->value),
               STR_FMT(p->note));
    show_line("if empty", q->if_empty);
    show_line("caveat", q->caveat);
    show_line("reviewer", q->reviewer);
    show_line("file", q->path);
    show_line("SHA-256", q->sql_sha256);
    for (const struct framework *f = ctx->catalogue.frameworks; f; f = f->next)
        for (const struct control *c = f->controls; c; c = c->next)
            if (str_contains(str_print(&ctx->arena, " %.*s ", STR_FMT(c->queries)),
                             str_print(&ctx->arena, " %.*s ", STR_FMT(q->id))))
                printf("%-12s %.*s %.*s  %.*s\n", "evidence for", STR_FMT(f->name), STR_FMT(c->id),
                       STR_FMT(c->label));
    printf("\n%.*s\n", STR_FMT(str_trim(q->sql)));
    return 0;
}

/* --- run -------------------------------------------------------------------------------------- */

/* Keys of events have a hash in their low bits: whole seconds are what they tell. */
static struct instant second_of(int64_t key)
{
    return (struct instant){.sec = key >> 30, .is_set = key > 0};
}

static void add_json_value(struct buf *out, const struct query_column *c, const struct value *v)
{
    if (!v->is_set) {
        buf_addz(out, "null");
        return;
    }
    switch (c->type) {
    case COLUMN_TIME: {
        char text[40];
        size_t n = instant_print(second_of(v->number), text);

        buf_add_json(out, (str){text, n});
        break;
    }
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        buf_print(out, "%lld", (long long)v->number);
        break;
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_MARK:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        buf_add_json(out, v->text);
        break;
    }
}

static void add_json_row(struct buf *out, const struct query *q, const struct finding *f)
{
    buf_addz(out, "{\"finding\":");
    buf_add_json(out, f->number);
    for (size_t i = 0; i < q->ncolumns; i++) {
        buf_addc(out, ',');
        buf_add_json(out, q->columns[i].name);
        buf_addc(out, ':');
        add_json_value(out, &q->columns[i], &f->values[i]);
    }
    buf_addc(out, '}');
}

static void print_json_result(const struct query_result *r)
{
    const char *comma = "";
    struct buf out = {0};

    buf_addz(&out, "{\"query\":");
    buf_add_json(&out, r->query->id);
    buf_print(&out, ",\"severity\":\"%s\",\"environment\":", severity_name(r->query->severity));
    buf_add_json(&out, r->environment);
    buf_print(&out, ",\"outcome\":\"%s\",\"why\":", result_name(r->result));
    if (str_empty(r->why))
        buf_addz(&out, "null");
    else
        buf_add_json(&out, r->why);
    buf_print(&out, ",\"population\":%lld,\"population_sha256\":", (long long)r->population);
    buf_add_json(&out, r->population_sha256);
    buf_print(&out, ",\"exceptions\":%lld,\"rows\":[", (long long)r->exceptions);
    for (const struct finding *f = r->findings; f; f = f->next, comma = ",") {
        buf_addz(&out, comma);
        add_json_row(&out, r->query, f);
    }
    buf_addz(&out, "]}\n");
    print_str(buf_str(&out));
    buf_free(&out);
}

static str value_text(const struct query_column *c, const struct value *v, struct arena *a)
{
    if (!v->is_set)
        return STR_NONE;
    switch (c->type) {
    case COLUMN_TIME:
        return instant_text(second_of(v->number), a);
    case COLUMN_COUNT:
        return count_text(v->number, a);
    case COLUMN_PERCENT:
        return str_print(a, "%lld.%lld%%", (long long)(v->number / 10),
                         (long long)(v->number % 10));
    case COLUMN_DURATION:
        return duration_text(v->number, a);
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_MARK:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        return v->text;
    }
    return STR_NONE;
}

static void print_rows(struct context *ctx, const struct query_result *r,
                       enum listing_format format)
{
    const struct query *q = r->query;
    const char **titles = arena_new(&ctx->arena, const char *, q->ncolumns + 1);
    struct text_table table = {.titles = titles, .ncolumns = q->ncolumns + 1};
    struct buf out = {0};

    titles[0] = "FINDING";
    for (size_t i = 0; i < q->ncolumns; i++)
        titles[i + 1] = str_z(&ctx->arena, str_or(q->columns[i].title, q->columns[i].name));
    if (format == LISTING_CSV && r->findings) {
        buf_addz(&out, "query,environment,finding");
        for (size_t i = 0; i < q->ncolumns; i++) {
            buf_addc(&out, ',');
            buf_add_csv(&out, q->columns[i].name);
        }
        buf_addz(&out, "\r\n");
    }
    for (const struct finding *f = r->findings; f; f = f->next) {
        if (format == LISTING_CSV) {
            buf_add_csv(&out, q->id);
            buf_addc(&out, ',');
            buf_add_csv(&out, r->environment);
            buf_addc(&out, ',');
            buf_add_csv(&out, f->number);
        } else {
            text_table_add(&table, f->number);
        }
        for (size_t i = 0; i < q->ncolumns; i++) {
            str cell = value_text(&q->columns[i], &f->values[i], &ctx->arena);

            if (format == LISTING_CSV) {
                buf_addc(&out, ',');
                buf_add_csv(&out, cell);
            } else {
                text_table_add(&table, cell);
            }
        }
        if (format == LISTING_CSV)
            buf_addz(&out, "\r\n");
    }
    if (format == LISTING_CSV)
        print_str(buf_str(&out));
    else if (r->findings)
        text_table_print(&table);
    buf_free(&out);
}

static void print_result(struct context *ctx, const struct query_result *r,
                         enum listing_format format)
{
    const struct query *q = r->query;

    if (format == LISTING_JSONL) {
        print_json_result(r);
        return;
    }
    if (format == LISTING_CSV) {
        print_rows(ctx, r, format);
        return;
    }
    printf("%.*s  %.*s  %s: ", STR_FMT(q->id), STR_FMT(r->environment), result_words(r->result));
    if (r->exceptions)
        printf("%.*s of ", STR_FMT(count_text(r->exceptions, &ctx->arena)));
    printf("%.*s %.*s", STR_FMT(count_text(r->population, &ctx->arena)),
           STR_FMT(q->population_words));
    if (!str_empty(r->why))
        printf(" (%.*s)", STR_FMT(r->why));
    putchar('\n');
    print_rows(ctx, r, format);
    if (r->findings)
        putchar('\n');
}

static bool run_everywhere(struct context *ctx, const struct query *q, const struct scope *base,
                           enum listing_format format, bool *has_exceptions)
{
    const str *names;
    size_t count = 0;

    if (!context_environments(ctx, &names, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct scope scope = *base;
        struct query_result result = {0};

        scope.environment = names[i];
        if (!query_run(q, ctx->store, &scope, &ctx->arena, &result, &ctx->err))
            return false;
        *has_exceptions = *has_exceptions || result.exceptions > 0;
        print_result(ctx, &result, format);
    }
    return true;
}

/* --family and --tier name something that is there, or it is a mistake, never an empty result. */
static bool check_choice(struct context *ctx)
{
    const char *families[64];
    size_t n = 0;
    str family = option_get(ctx, "family");
    const char *near;

    for (const struct query *q = ctx->catalogue.queries; q; q = q->next) {
        if (is_chosen(ctx, q))
            return true;
        if (n < 64 && (!n || !str_eq(str_from(families[n - 1]), q->family)))
            families[n++] = str_z(&ctx->arena, q->family);
    }
    near = str_nearest(family, families, n);
    err_set(&ctx->err, ERR_USAGE, "no query has family '%.*s' and tier '%.*s'",
            STR_FMT(str_or(family, STR("any"))),
            STR_FMT(str_or(option_get(ctx, "tier"), STR("any"))));
    return near && !str_empty(family) ? err_hint(&ctx->err, "Did you mean '--family %s'?", near)
                                      : err_hint(&ctx->err, "'auditpress query list' lists them.");
}

static int run_queries(struct context *ctx)
{
    struct period period;
    struct scope scope = {.config = &ctx->config};
    enum listing_format format;
    bool has_period, has_exceptions = false;
    bool is_all =
        option_flag(ctx, "all") || option_get(ctx, "family").len || option_get(ctx, "tier").len;

    if (ctx->noperands < 2 && !is_all) {
        err_set(&ctx->err, ERR_USAGE, "query run needs a NAME, --all, --family or --tier");
        return -1;
    }
    if (!listing_format(ctx, &format) || !context_period(ctx, &period, &has_period) ||
        !context_store(ctx, STORE_READ) || !context_catalogue(ctx))
        return -1;
    if (!check_choice(ctx))
        return -1;
    scope.period = has_period ? &period : NULL;
    if (has_period && !ctx->is_quiet)
        fprintf(stderr, "period: %.*s\n", STR_FMT(period_text(&period, &ctx->arena)));
    for (size_t i = 1; i < ctx->noperands; i++) {
        const struct query *q = find_query(ctx, str_from(ctx->operands[i]));

        if (!q || !run_everywhere(ctx, q, &scope, format, &has_exceptions))
            return -1;
    }
    if (is_all)
        for (const struct query *q = ctx->catalogue.queries; q; q = q->next)
            if (is_chosen(ctx, q) && !run_everywhere(ctx, q, &scope, format, &has_exceptions))
                return -1;
    return has_exceptions && option_flag(ctx, "fail-on-exceptions") ? EXIT_FAIL_ON : 0;
}

static int run(struct context *ctx)
{
    str what = str_from(ctx->operands[0]);

    if (str_eq(what, STR("run")))
        return run_queries(ctx);
    if (!context_catalogue(ctx))
        return -1;
    if (str_eq(what, STR("list")))
        return check_choice(ctx) ? list_queries(ctx) : -1;
    if (str_eq(what, STR("show")) && ctx->noperands == 2)
        return show_query(ctx, str_from(ctx->operands[1]));
    err_set(&ctx->err, ERR_USAGE, "query knows: list, show NAME, run NAME...");
    return -1;
}

static const struct option options[] = {
    PERIOD_OPTIONS,
    {"env", "NAME", "environment (several: repeat, or separate by commas); default: each", true},
    {"all", NULL, "run every query", false},
    {"family", "PREFIX", "only this family: chg, apr, iam, ...", false},
    {"tier", "N", "only this tier", false},
    LISTING_OPTION,
    {"fail-on-exceptions", NULL, "status 1 when a query that ran has exceptions", false},
};

static const struct example examples[] = {
    {"query list", "what can be asked"},
    {"query show apr-unapproved-run", "its question, logic and the controls it is evidence for"},
    {"query run --all --period 2026-10 --env prod", "everything for one month and environment"},
    {"--json query run net-open-ingress", "one JSON object per environment, all there is"},
};

const struct command command_query = {
    .name = "query",
    .operands = "list | show NAME | run NAME...",
    .summary = "list, show and run the compliance queries",
    .details = "Each result states its population before its exceptions, and one of five outcomes: "
               "no exceptions noted, exceptions, no "
               "population, not tested, partial.",
    .options = options,
    .noptions = sizeof options / sizeof *options,
    .examples = examples,
    .nexamples = sizeof examples / sizeof *examples,
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
