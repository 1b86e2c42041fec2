/*
 * ingest: exports in; prints control totals per source and what was wrong, with its place.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "model/display.h"
#include "pipeline/pipeline.h"

/* A signal handler can reach nothing but a static; ingest looks at it between files. */
static volatile sig_atomic_t stop_signal;
static volatile int stop;

static void on_signal(int number)
{
    stop_signal = number;
    stop = 1;
}

static void watch_signals(void)
{
    struct sigaction sa = {.sa_handler = on_signal};

    sigemptyset(&sa.sa_mask);
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
}

static void progress(void *state, uint64_t files, uint64_t records, uint64_t bytes)
{
    struct arena *a = state;

    fprintf(stderr, "\r\033[K%.*s files, %.*s records, %.*s MB",
            STR_FMT(count_text((int64_t)files, a)), STR_FMT(count_text((int64_t)records, a)),
            STR_FMT(count_text((int64_t)(bytes >> 20), a)));
}

static void add_json_totals(struct buf *out, const struct file_totals *t)
{
    buf_print(out,
              "\"read\":%llu,\"accepted\":%llu,\"rejected\":%llu,\"duplicate\":%llu,\"conflict\":%"
              "llu,\"folded\":%llu,"
              "\"not_event\":%llu,\"text\":%llu",
              (unsigned long long)t->read, (unsigned long long)t->accepted,
              (unsigned long long)t->rejected, (unsigned long long)t->duplicate,
              (unsigned long long)t->conflict, (unsigned long long)t->folded,
              (unsigned long long)t->not_event, (unsigned long long)t->text);
}

static void print_json(const struct ingest_result *r)
{
    struct buf out = {0};
    const char *comma = "";

    buf_print(&out,
              "{\"schema\":\"auditpress/ingest/"
              "1\",\"files\":%llu,\"files_known\":%llu,\"files_failed\":%llu,",
              (unsigned long long)r->files, (unsigned long long)r->files_known,
              (unsigned long long)r->files_failed);
    add_json_totals(&out, &r->totals);
    buf_addz(&out, ",\"sources\":[");
    for (const struct source_totals *s = r->sources; s; s = s->next, comma = ",") {
        buf_print(&out, "%s{\"source\":", comma);
        buf_add_json(&out, s->source);
        buf_print(&out, ",\"files\":%llu,", (unsigned long long)s->files);
        add_json_totals(&out, &s->totals);
        buf_addc(&out, '}');
    }
    buf_print(&out, "],\"issue_count\":%llu,\"issues\":[", (unsigned long long)r->nissues);
    comma = "";
    for (const struct file_issue *i = r->issues; i; i = i->next, comma = ",") {
        buf_print(&out, "%s{\"file\":", comma);
        buf_add_json(&out, i->path);
        buf_print(&out, ",\"kind\":\"%s\",", issue_kind_name(i->issue->kind));
        if (i->issue->has_place)
            buf_print(&out, "\"record\":%llu,\"offset\":%llu,\"line\":%llu,",
                      (unsigned long long)i->issue->record, (unsigned long long)i->issue->offset,
                      (unsigned long long)i->issue->line);
        buf_addz(&out, "\"reason\":");
        buf_add_json(&out, i->issue->reason);
        if (!str_empty(i->issue->excerpt)) {
            buf_addz(&out, ",\"excerpt\":");
            buf_add_json(&out, i->issue->excerpt);
        }
        buf_addc(&out, '}');
    }
    buf_addz(&out, "]}\n");
    print_str(buf_str(&out));
    buf_free(&out);
}

static void add_totals(struct text_table *t, str name, uint64_t files, const struct file_totals *n,
                       struct arena *a)
{
    uint64_t cells[] = {files, n->read, n->accepted, n->rejected, n->duplicate, n->conflict};

    text_table_add(t, name);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        text_table_add(t, count_text((int64_t)cells[i], a));
}

static void print_summary(struct context *ctx, const struct ingest_result *r)
{
    static const char *const titles[] = {"SOURCE",   "FILES",     "READ",    "ACCEPTED",
                                         "REJECTED", "DUPLICATE", "CONFLICT"};
    struct text_table t = {.titles = titles, .ncolumns = 7, .right = 0x7E};

    for (const struct source_totals *s = r->sources; s; s = s->next)
        add_totals(&t, s->source, s->files, &s->totals, &ctx->arena);
    add_totals(&t, STR("all"), r->files, &r->totals, &ctx->arena);
    text_table_print(&t);
    if (r->files_known)
        printf("%.*s file%s known already; nothing was counted twice\n",
               STR_FMT(count_text((int64_t)r->files_known, &ctx->arena)),
               r->files_known == 1 ? " was" : "s were");
}

static void print_issues(struct context *ctx, const struct ingest_result *r)
{
    uint64_t shown = 0;

    for (const struct file_issue *i = r->issues; i; i = i->next) {
        if (i->issue->kind == ISSUE_TEXT)
            continue;
        if (++shown > 20 && !ctx->is_verbose)
            break;
        fprintf(stderr, "%s: %.*s", issue_kind_name(i->issue->kind),
                STR_FMT(display_line(i->path, &ctx->arena)));
        if (i->issue->has_place)
            fprintf(stderr, ": record %llu, line %llu, byte %llu",
                    (unsigned long long)i->issue->record, (unsigned long long)i->issue->line,
                    (unsigned long long)i->issue->offset);
        fprintf(stderr, ": %.*s\n", STR_FMT(display_line(i->issue->reason, &ctx->arena)));
    }
    if (shown > 20 && !ctx->is_verbose)
        fprintf(stderr, "... and more: all are stored and shown in reports; -v prints them\n");
}

/* What a first run leaves one to wonder: what else could be read, and where it all went. */
static void print_hints(struct context *ctx, const struct ingest_result *r)
{
    const char *from;
    str db = context_db(ctx, &from);

    for (const struct source_totals *s = r->sources; s; s = s->next)
        if (str_eq(s->source, STR("unknown")))
            fprintf(stderr, "hint: 'auditpress sources' lists what can be read and how to export "
                            "it\n");
    if (strcmp(from, "default") == 0 && !option_flag(ctx, "dry-run"))
        fprintf(stderr, "database: %.*s\n", STR_FMT(db));
}

/* An environment given by hand is one of the configuration, where it lists any. */
static bool check_environment(struct context *ctx, str name)
{
    const char *known[64];
    size_t n = 0;
    const char *near;

    if (str_empty(name) || !ctx->config.environments)
        return true;
    for (const struct environment *e = ctx->config.environments; e; e = e->next) {
        if (str_eq(e->name, name))
            return true;
        if (n < 64)
            known[n++] = str_z(&ctx->arena, e->name);
    }
    near = str_nearest(name, known, n);
    err_set(&ctx->err, ERR_USAGE, "--env '%.*s' is not an environment of the configuration",
            STR_FMT(name));
    return near && err_hint(&ctx->err, "Did you mean '%s'?", near);
}

static int run(struct context *ctx)
{
    struct ingest_options opt = {.stop = &stop};
    struct ingest_result result = {0};
    str source = option_get(ctx, "source"), threads = option_get(ctx, "threads");
    uint64_t n = 0;
    bool ok;

    if (!str_empty(threads) && (!str_to_u64(threads, &n) || n == 0 || n > 256)) {
        err_set(&ctx->err, ERR_USAGE, "--threads '%.*s' is not a number from 1 to 256",
                STR_FMT(threads));
        return -1;
    }
    if (!context_sources(ctx))
        return -1;
    if (!str_empty(source) && !source_find(source)) {
        err_set(&ctx->err, ERR_USAGE, "unknown source '%.*s'", STR_FMT(source));
        err_hint(&ctx->err, "'auditpress sources' lists them.");
        return -1;
    }
    opt.source = source;
    opt.env_hint = option_get(ctx, "env");
    opt.threads = (int)n;
    opt.is_dry_run = option_flag(ctx, "dry-run");
    if (isatty(STDERR_FILENO) && !ctx->is_quiet && !ctx->is_json) {
        opt.progress = progress;
        opt.progress_state = &ctx->arena;
    }
    if (!context_config(ctx) || !check_environment(ctx, opt.env_hint) ||
        !context_store(ctx, STORE_WRITE))
        return -1;
    watch_signals();
    ok = ingest(ctx->store, &ctx->config, ctx->operands, ctx->noperands, &opt, &ctx->arena, &result,
                &ctx->err);
    if (opt.progress)
        fputs("\r\033[K", stderr);
    if (!ok && ctx->err.kind == ERR_STOPPED) {
        fprintf(
            stderr,
            "auditpress: stopped; complete files are kept, run the same command again to go on\n");
        return 128 + stop_signal;
    }
    if (!ok)
        return -1;
    if (ctx->is_json) {
        print_json(&result);
    } else if (!ctx->is_quiet) {
        print_issues(ctx, &result);
        print_summary(ctx, &result);
        fflush(stdout);
        print_hints(ctx, &result);
    }
    if (option_flag(ctx, "fail-on-gaps") && (result.totals.rejected || result.files_failed))
        return EXIT_GAPS;
    return 0;
}

static const struct option options[] = {
    {"source", "NAME", "force this source instead of finding it by content", false},
    {"env", "NAME", "environment of everything in these files (wins over the environment map)",
     false},
    {"dry-run", NULL, "only look: say what the files are, write nothing", false},
    {"threads", "N", "parser threads (default: one per core); the result does not depend on it",
     false},
    {"fail-on-gaps", NULL, "status 3 when a file or record could not be read", false},
};

static const struct example examples[] = {
    {"ingest exports/", "all files below a folder, whatever they are"},
    {"--db audit.db ingest 'logs/*.json.gz' state/prod.tfstate",
     "some files into a database of your choice"},
    {"ingest --dry-run exports/", "what would be read, and as what"},
};

const struct command command_ingest = {
    .name = "ingest",
    .operands = "PATH...",
    .summary = "read exports into the database",
    .details =
        "Files, folders (recursive), globs, or - for standard input; plain or gzip. The format is "
        "found by content. A file is "
        "taken whole or not at all, reading it again changes nothing, and a record that cannot be "
        "used is counted, kept with its "
        "place and reason, and shown in reports: read = accepted + rejected + duplicate, per "
        "file.\n\nThe environment map and the registers of the configuration are applied here. "
        "After a change to them run ingest once more, over any path: the files are known, the map "
        "is applied anew. --env and --source count only when a file is first read.",
    .options = options,
    .noptions = sizeof options / sizeof *options,
    .examples = examples,
    .nexamples = sizeof examples / sizeof *examples,
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
