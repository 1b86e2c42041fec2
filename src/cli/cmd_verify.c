/*
 * verify: a bundle against its digests, the database against itself, the queries against their
 * samples.
 */
#include <stdio.h>

#include "command.h"
#include "model/display.h"
#include "pipeline/pipeline.h"

static int print_found(struct context *ctx, const struct issues *found, const char *what)
{
    for (const struct issue *i = found->first; i; i = i->next)
        printf("%.*s\n", STR_FMT(display_line(i->reason, &ctx->arena)));
    if (found->count) {
        fprintf(stderr, "auditpress: %s is not intact: %zu problem%s\n", what, found->count,
                found->count == 1 ? "" : "s");
        return EXIT_INTEGRITY;
    }
    printf("%s: intact\n", what);
    return 0;
}

static int verify_rules(struct context *ctx)
{
    struct rules_check check = {0};

    if (!context_catalogue(ctx) || !rules_run(&ctx->catalogue, &ctx->arena, &check, &ctx->err))
        return -1;
    if (check.failures.len)
        printf("%.*s\n", STR_FMT(str_trim(check.failures)));
    printf("%zu queries, %zu cases, %zu failed\n", check.queries, check.cases, check.failed);
    return check.failed ? EXIT_INTEGRITY : 0;
}

static int run(struct context *ctx)
{
    struct issues found = {0};

    if (option_flag(ctx, "rules") && ctx->noperands) {
        err_set(&ctx->err, ERR_USAGE, "verify --rules takes no bundle: '%s'", ctx->operands[0]);
        return -1;
    }
    if (option_flag(ctx, "rules"))
        return verify_rules(ctx);
    /* --db names the database for every command; here it is also the thing to verify when no bundle
     * is named. */
    if (!ctx->noperands) {
        if (!context_store(ctx, STORE_READ) ||
            !store_verify(ctx->store, &found, &ctx->arena, &ctx->err))
            return -1;
        return print_found(ctx, &found, "database");
    }
    for (size_t i = 0; i < ctx->noperands; i++) {
        int status;

        found = (struct issues){0};
        if (!bundle_verify(ctx->operands[i], &found, &ctx->arena, &ctx->err))
            return -1;
        status = print_found(ctx, &found, ctx->operands[i]);
        if (status)
            return status;
    }
    return 0;
}

static const struct option options[] = {
    {"rules", NULL, "run every query against its own samples", false}};
static const struct example examples[] = {
    {"verify reports/monthly-prod-2026-10", "every digest of a bundle"},
    {"--db audit.db verify", "recount everything the database keeps as a total"},
    {"verify --rules", "what each query must and must not find"},
};

const struct command command_verify = {
    .name = "verify",
    .operands = "[BUNDLE...]",
    .summary = "recompute digests and totals",
    .details = "With bundles: every file against SHA256SUMS and the manifest. Without: the "
               "database against itself. Status 4 when something "
               "does not hold.",
    .options = options,
    .noptions = 1,
    .examples = examples,
    .nexamples = 3,
    .max_operands = -1,
    .run = run,
};
