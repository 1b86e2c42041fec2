/*
 * environments: what the environment map makes of what was read.
 */
#include "listing.h"

static const char *title_of(const struct context *ctx, str name)
{
    for (const struct environment *e = ctx->config.environments; e; e = e->next)
        if (str_eq(e->name, name))
            return e->needs_approval ? "yes" : "no";
    return "-";
}

static int run(struct context *ctx)
{
    static const char *const titles[] = {"ENVIRONMENT", "NEEDS APPROVAL"};
    struct text_table table = {.titles = titles, .ncolumns = 2};
    const str *names;
    size_t count = 0;

    if (!context_store(ctx, STORE_READ) || !context_environments(ctx, &names, &count))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (ctx->is_json) {
            struct buf b = {0};

            buf_addz(&b, "{\"environment\":");
            buf_add_json(&b, names[i]);
            buf_print(&b, ",\"needs_approval\":%s}\n",
                      strcmp(title_of(ctx, names[i]), "yes") == 0 ? "true" : "false");
            print_str(buf_str(&b));
            buf_free(&b);
        } else {
            text_table_add(&table, names[i]);
            text_table_add(&table, str_from(title_of(ctx, names[i])));
        }
    }
    if (!ctx->is_json)
        text_table_print(&table);
    return 0;
}

const struct command command_environments = {
    .name = "environments",
    .operands = "",
    .summary = "list the environments of the configuration and the data",
    .details =
        "What no rule of the environment map fits is 'unmapped': counted and shown, never dropped.",
    .run = run,
};
