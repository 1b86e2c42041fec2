/*
 * sources: which exports can be read.
 */
#include <stdio.h>

#include "command.h"
#include "sources/source.h"

static int run(struct context *ctx)
{
    static const char *const titles[] = {"SOURCE", "TITLE", "READS"};
    struct text_table table = {.titles = titles, .ncolumns = 3};
    size_t count;
    const struct source *const *all;
    struct buf out = {0};

    if (!context_sources(ctx))
        return -1;
    all = source_list(&count);
    for (size_t i = 0; i < count; i++) {
        text_table_add(&table, str_from(all[i]->name));
        text_table_add(&table, str_from(all[i]->title));
        text_table_add(&table, str_from(all[i]->reads));
        buf_addz(&out, "{\"source\":");
        buf_add_json(&out, str_from(all[i]->name));
        buf_addz(&out, ",\"title\":");
        buf_add_json(&out, str_from(all[i]->title));
        buf_addz(&out, ",\"reads\":");
        buf_add_json(&out, str_from(all[i]->reads));
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

const struct command command_sources = {
    .name = "sources",
    .operands = "",
    .summary = "list the exports that can be read",
    .details = "The format of a file is found by its content, never by its name.",
    .run = run,
};
