/*
 * resources: what the state snapshots say is managed by code.
 */
#include "analysis/events.h"
#include "listing.h"

static int run(struct context *ctx)
{
    enum listing_format format;
    const str *names;
    size_t count = 0;
    struct statement *q = NULL;
    bool ok;

    if (!listing_format(ctx, &format) || !context_store(ctx, STORE_READ) ||
        !context_environments(ctx, &names, &count))
        return -1;
    ok = resources_open(ctx->store, option_all(ctx, "env"), option_get(ctx, "resource"), &q,
                        &ctx->err) &&
         listing_print(ctx, q, format);
    statement_close(q);
    return ok ? 0 : -1;
}

static const struct option options[] = {
    {"env", "NAME", "environment (several: repeat, or separate by commas)", true},
    {"resource", "ID", "address, cloud id or ARN; globs allowed", false},
    LISTING_OPTION,
};

static const struct example examples[] = {
    {"resources --env prod --resource 'aws_security_group.*'",
     "security groups that production's code manages"},
};

const struct command command_resources = {
    .name = "resources",
    .operands = "",
    .summary = "list the resources held by state snapshots",
    .details =
        "One row per resource instance of each state file read. Attribute values are never kept.",
    .options = options,
    .noptions = sizeof options / sizeof *options,
    .examples = examples,
    .nexamples = 1,
    .run = run,
};
