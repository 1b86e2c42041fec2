/*
 * frameworks: control frameworks and, for one of them, its controls with the queries that give
 * evidence.
 */
#include <stdio.h>

#include "command.h"

static int show_framework(const struct framework *f)
{
    static const char *const titles[] = {"CONTROL", "STRENGTH", "ABOUT", "QUERIES"};
    struct text_table table = {.titles = titles, .ncolumns = 4};

    for (const struct control *c = f->controls; c; c = c->next) {
        text_table_add(&table, c->id);
        text_table_add(&table, c->strength);
        text_table_add(&table, c->label);
        text_table_add(&table, c->queries);
    }
    printf("%.*s\n\n", STR_FMT(f->title));
    text_table_print(&table);
    printf("\nNot evidenced by this program: %.*s\n", STR_FMT(f->not_evidenced));
    return 0;
}

static int run(struct context *ctx)
{
    static const char *const titles[] = {"NAME", "CONTROLS", "TITLE"};
    struct text_table table = {.titles = titles, .ncolumns = 3, .right = 2};

    if (!context_catalogue(ctx))
        return -1;
    for (const struct framework *f = ctx->catalogue.frameworks; f; f = f->next) {
        if (ctx->noperands && str_eq_nocase(f->name, str_from(ctx->operands[0]))) {
            text_table_drop(&table);
            return show_framework(f);
        }
        text_table_add(&table, f->name);
        text_table_add(&table, str_print(&ctx->arena, "%zu", f->ncontrols));
        text_table_add(&table, f->title);
    }
    if (ctx->noperands) {
        text_table_drop(&table);
        err_set(&ctx->err, ERR_USAGE, "unknown framework '%s'", ctx->operands[0]);
        return -1;
    }
    text_table_print(&table);
    return 0;
}

const struct command command_frameworks = {
    .name = "frameworks",
    .operands = "[NAME]",
    .summary = "list control frameworks, or the controls of one",
    .details = "Control identifiers are those of the standards; the words are ours.",
    .max_operands = 1,
    .run = run,
};
