/*
 * init: a first configuration, from a look at the exports.
 */
#include <stdio.h>

#include "base/file.h"
#include "command.h"
#include "pipeline/pipeline.h"

static int run(struct context *ctx)
{
    str path = str_or(option_get(ctx, "out"), STR("auditpress.json")), text;
    char *file = str_z(&ctx->arena, path);

    if (file_exists(file) && !option_flag(ctx, "force")) {
        err_set(&ctx->err, ERR_USAGE, "'%s' is there already", file);
        err_hint(&ctx->err, "Use --force to write over it, or --out FILE.");
        return -1;
    }
    if (!starter_config(ctx->operands, ctx->noperands, &ctx->arena, &text, &ctx->err))
        return -1;
    if (str_eq(path, STR("-"))) {
        print_str(text);
        return 0;
    }
    if (!file_write(file, text, &ctx->err))
        return -1;
    if (!ctx->is_quiet)
        printf("wrote %s: look through it, above all at environment_map, then run: auditpress "
               "ingest PATH...\n",
               file);
    return 0;
}

static const struct option options[] = {
    {"out", "FILE", "where to write (default: auditpress.json; - for standard output)", false},
    {"force", NULL, "write over an existing file", false},
};

static const struct example examples[] = {
    {"init exports/", "write auditpress.json for what is in exports/"}};

const struct command command_init = {
    .name = "init",
    .operands = "PATH...",
    .summary = "look at exports and write a starter configuration",
    .details = "Finds sources, accounts and workspaces and proposes an environment map where a "
               "name says it. What cannot be told is listed in "
               "the file for you to decide.",
    .options = options,
    .noptions = 2,
    .examples = examples,
    .nexamples = 1,
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
