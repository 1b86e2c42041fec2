/*
 * report: one bundle per environment for a period.
 */
#include <stdio.h>

#include "base/file.h"
#include "command.h"
#include "base/ascii.h"
#include "model/display.h"
#include "pipeline/pipeline.h"

struct job {
    struct context *ctx;
    struct report_request req;
    struct produce_options out;
    bool has_gaps;
};

/* A word as a shell takes it. */
static void add_word(struct buf *b, str word)
{
    bool is_plain = word.len > 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        is_plain = is_plain &&
                   (ascii_is_letter(c) || ascii_is_digit(c) || strchr("-_./:=,+@%", c) != NULL);
    }
    buf_addc(b, ' ');
    if (is_plain) {
        buf_add(b, word);
        return;
    }
    buf_addc(b, '\'');
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\'')
            buf_addz(b, "'\\''");
        else
            buf_addc(b, word.ptr[i]);
    }
    buf_addc(b, '\'');
}

/* The command that gives the same bundle again, with everything said that was left to defaults. The
 * database and folders are the reader's own and are left out. */
static str reproduce_command(struct context *ctx, const struct report_request *req, str formats)
{
    struct instant from = {req->period->from, 0, 0, true}, until = {req->period->until, 0, 0, true};
    const str pairs[][2] = {
        {STR("--source"), req->filter.source},     {STR("--actor"), req->filter.actor},
        {STR("--action"), req->filter.action},     {STR("--verb"), req->filter.verb},
        {STR("--resource"), req->filter.resource}, {STR("--outcome"), req->filter.outcome},
        {STR("--change"), req->filter.change},     {STR("--ticket"), req->filter.ticket},
        {STR("--text"), req->filter.text},
    };
    struct buf b = {0};
    str command, period = option_get(ctx, "period");

    buf_addz(&b, "auditpress");
    if (!str_empty(ctx->config.path)) {
        buf_addz(&b, " --config");
        add_word(&b, path_base(ctx->config.path));
    }
    buf_addz(&b, " --tz");
    add_word(&b, zone_name(req->period->zone));
    buf_addz(&b, " report");
    add_word(&b, req->kind);
    if (!str_empty(period) && ascii_is_digit(period.ptr[0])) {
        buf_addz(&b, " --period");
        add_word(&b, period);
    } else {
        buf_addz(&b, " --from");
        add_word(&b, instant_text(from, &ctx->arena));
        buf_addz(&b, " --to");
        add_word(&b, instant_text(until, &ctx->arena));
    }
    buf_addz(&b, " --env");
    add_word(&b, req->environment);
    if (!str_empty(req->frameworks)) {
        buf_addz(&b, " --framework");
        add_word(&b, req->frameworks);
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (str_empty(pairs[i][1]))
            continue;
        add_word(&b, pairs[i][0]);
        add_word(&b, pairs[i][1]);
    }
    buf_addz(&b, " --format");
    add_word(&b, formats);
    buf_addz(&b, " --generated-at");
    add_word(&b, req->generated);
    command = buf_str_copy(&b, &ctx->arena);
    buf_free(&b);
    return command;
}

static bool produce_one(struct job *job, str environment)
{
    struct context *ctx = job->ctx;
    struct report_request req = job->req;
    struct bundle bundle = {0};

    req.environment = environment;
    req.command = reproduce_command(ctx, &req, job->out.formats);
    if (!produce(&req, &job->out, &ctx->catalogue, ctx->store, &ctx->config, &ctx->arena, &bundle,
                 &ctx->err))
        return err_wrap(&ctx->err, "report for environment '%.*s'", STR_FMT(environment));
    job->has_gaps = job->has_gaps || bundle.not_tested > 0 || bundle.worst == RESULT_PARTIAL ||
                    bundle.worst == RESULT_NOT_TESTED;
    if (!str_empty(bundle.kept))
        fprintf(stderr, "note: the bundle that stood there had been changed; it is kept as %.*s\n",
                STR_FMT(bundle.kept));
    if (ctx->is_json) {
        struct buf b = {0};

        buf_addz(&b, "{\"schema\":\"auditpress/report/1\",\"environment\":");
        buf_add_json(&b, environment);
        buf_addz(&b, ",\"bundle\":");
        buf_add_json(&b, bundle.dir);
        buf_print(&b, ",\"exceptions\":%lld,\"not_tested\":%lld}\n", (long long)bundle.exceptions,
                  (long long)bundle.not_tested);
        print_str(buf_str(&b));
        buf_free(&b);
    } else {
        printf("%.*s  %.*s exception%s, %.*s %s not tested\n", STR_FMT(bundle.dir),
               STR_FMT(count_text(bundle.exceptions, &ctx->arena)),
               bundle.exceptions == 1 ? "" : "s",
               STR_FMT(count_text(bundle.not_tested, &ctx->arena)),
               bundle.not_tested == 1 ? "query" : "queries");
    }
    return true;
}

static bool produce_all(struct job *job)
{
    struct context *ctx = job->ctx;
    bool is_all = option_flag(ctx, "all-envs");
    const str *names;
    size_t count = 0;

    if (str_empty(option_all(ctx, "env")) && !is_all) {
        err_set(&ctx->err, ERR_USAGE, "report needs --env NAME or --all-envs");
        return err_hint(&ctx->err, "'auditpress environments' lists them.");
    }
    if (!context_environments(ctx, &names, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!(is_all && str_eq(names[i], STR("unmapped"))) && !produce_one(job, names[i]))
            return false;
    return true;
}

static bool set_generated(struct context *ctx, struct report_request *req)
{
    str given = option_get(ctx, "generated-at");
    struct instant t = {ctx->now, 0, 0, true};

    if (!str_empty(given) && (!instant_parse(given, &t) || !t.is_set)) {
        err_set(&ctx->err, ERR_USAGE, "cannot read --generated-at '%.*s'", STR_FMT(given));
        return err_hint(&ctx->err, "Use an instant such as 2026-11-02T06:00:00Z.");
    }
    t.nsec = 0;
    t.digits = 0;
    req->generated = instant_text(t, &ctx->arena);
    req->generated_sec = t.sec;
    return true;
}

static bool check_kind(struct context *ctx, const struct report_request *req)
{
    static const char *const known[] = {"monthly", "request"};
    const struct request_filter *f = &req->filter;
    str path = str_print(&ctx->arena, "%.*s/definitions/%.*s.json", STR_FMT(req->definition_dir),
                         STR_FMT(req->kind));
    const char *near = str_nearest(req->kind, known, 2);
    bool is_filtered = f->source.len || f->actor.len || f->action.len || f->verb.len ||
                       f->resource.len || f->outcome.len || f->change.len || f->ticket.len ||
                       f->text.len;

    if (!file_exists(str_z(&ctx->arena, path))) {
        err_set(&ctx->err, ERR_USAGE, "no report kind '%.*s'", STR_FMT(req->kind));
        return near ? err_hint(&ctx->err, "Did you mean '%s'?", near)
                    : err_hint(&ctx->err, "Kinds are monthly and request, and the definitions in "
                                          "report/definitions.");
    }
    if (is_filtered && str_eq(req->kind, STR("monthly"))) {
        err_set(&ctx->err, ERR_USAGE, "a monthly report is of everything: it takes no filter");
        return err_hint(&ctx->err, "Use 'auditpress report request' with the same options.");
    }
    return true;
}

static int run(struct context *ctx)
{
    struct job job = {.ctx = ctx};
    struct period period;
    const char *from;
    bool has_period;

    if (!context_period(ctx, &period, &has_period) || !context_filter(ctx, &job.req.filter))
        return -1;
    if (!has_period) {
        err_set(&ctx->err, ERR_USAGE, "report needs --period, or --from and --to");
        return -1;
    }
    if (!set_generated(ctx, &job.req) || !context_store(ctx, STORE_READ) || !context_catalogue(ctx))
        return -1;
    job.req.kind = str_from(ctx->operands[0]);
    job.req.period = &period;
    job.req.frameworks = option_all(ctx, "framework");
    job.req.program = str_print(&ctx->arena, "auditpress %s", AUDITPRESS_VERSION);
    job.req.definition_dir = context_report_dir(ctx, &from);
    job.req.text_dir = context_template_dir(ctx, &from);
    if (!check_kind(ctx, &job.req))
        return -1;
    job.out.out_dir = str_z(&ctx->arena, str_or(option_get(ctx, "out"), STR(".")));
    job.out.formats = str_or(option_get(ctx, "format"), STR("pdf,xlsx,json"));
    job.out.template_dir = str_z(&ctx->arena, job.req.text_dir);
    if (!ctx->is_quiet)
        fprintf(stderr, "period: %.*s\n", STR_FMT(period_text(&period, &ctx->arena)));
    if (!produce_all(&job))
        return -1;
    return job.has_gaps && option_flag(ctx, "fail-on-gaps") ? EXIT_GAPS : 0;
}

static const struct option options[] = {
    PERIOD_OPTIONS,
    FILTER_OPTIONS,
    {"all-envs", NULL, "one bundle for each environment", false},
    {"framework", "NAME",
     "control frameworks (SOC2, ISO, PCI, N53 ...); default: the configuration's, then all", true},
    {"format", "LIST", "pdf,xlsx,json (default: all three)", false},
    {"out", "DIR", "folder for the bundles (default: here)", false},
    {"generated-at", "INSTANT", "time printed as the time of generation (default: now)", false},
    {"fail-on-gaps", NULL, "status 3 when something was not tested or only in part", false},
};

static const struct example examples[] = {
    {"report monthly --period last-month --all-envs --out reports",
     "last month, a bundle for each environment"},
    {"report request --from 2026-03-03 --to 2026-04-17 --env prod --actor 'ann*'",
     "an auditor's question about one person"},
};

const struct command command_report = {
    .name = "report",
    .operands = "KIND",
    .summary = "write a report bundle for a period",
    .details = "KIND is monthly, or request (an auditor's date range with filters). A bundle is a "
               "folder <kind>-<environment>-<period> with "
               "the PDF, the workbook, findings.json, manifest.json, SHA256SUMS and VERIFY.txt. "
               "Same database, definitions and parameters: "
               "same bytes.",
    .options = options,
    .noptions = sizeof options / sizeof *options,
    .examples = examples,
    .nexamples = sizeof examples / sizeof *examples,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
