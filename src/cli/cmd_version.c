/*
 * version: what this is, exactly.
 */
#include <stdio.h>

#include "command.h"

static int run(struct context *ctx)
{
    if (ctx->is_json)
        printf("{\"schema\":\"auditpress/version/1\",\"version\":\"%s\"}\n", AUDITPRESS_VERSION);
    else
        printf("auditpress %s\n", AUDITPRESS_VERSION);
    return 0;
}

const struct command command_version = {
    .name = "version",
    .operands = "",
    .summary = "print the version",
    .details = "",
    .run = run,
};
