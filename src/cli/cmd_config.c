/*
 * config: the effective settings and where each came from.
 */
#include <stdio.h>

#include "command.h"

static void add(struct text_table *t, const char *name, str value, const char *from)
{
    text_table_add(t, str_from(name));
    text_table_add(t, str_or(value, STR("-")));
    text_table_add(t, str_from(from));
}

static const char *set_in(str value, str fallback)
{
    return str_eq(value, fallback) ? "default" : "configuration";
}

static int run(struct context *ctx)
{
    static const char *const titles[] = {"SETTING", "VALUE", "FROM"};
    struct text_table t = {.titles = titles, .ncolumns = 3};
    const struct config *c = &ctx->config;
    struct config defaults;
    const char *from;
    str value;
    size_t n = 0;

    if (!str_eq(str_from(ctx->operands[0]), STR("show"))) {
        err_set(&ctx->err, ERR_USAGE, "config knows: show");
        return -1;
    }
    if (!context_config(ctx))
        return -1;
    config_defaults(&defaults);
    add(&t, "config", c->path,
        option_origin(ctx, "config") ? option_origin(ctx, "config")
        : c->path.len                ? "found"
                                     : "default");
    value = context_db(ctx, &from);
    add(&t, "db", value, from);
    value = context_report_dir(ctx, &from);
    add(&t, "report-dir", value, from);
    value = context_template_dir(ctx, &from);
    add(&t, "template-dir", value, from);
    add(&t, "tz", zone_name(ctx->zone),
        option_origin(ctx, "tz") ? option_origin(ctx, "tz") : set_in(c->zone, defaults.zone));
    add(&t, "organization", c->organization, set_in(c->organization, defaults.organization));
    add(&t, "classification", c->classification,
        set_in(c->classification, defaults.classification));
    add(&t, "theme", c->theme, set_in(c->theme, defaults.theme));
    add(&t, "ticket_pattern", c->ticket_pattern,
        set_in(c->ticket_pattern, defaults.ticket_pattern));
    add(&t, "frameworks", c->frameworks, set_in(c->frameworks, defaults.frameworks));
    for (const struct environment *e = c->environments; e; e = e->next)
        n++;
    add(&t, "environments", str_print(&ctx->arena, "%zu", n), n ? "configuration" : "default");
    for (const struct register_file *r = c->registers; r; r = r->next)
        add(&t, str_z(&ctx->arena, r->kind),
            str_print(&ctx->arena, "%.*s (%llu rows)", STR_FMT(r->path),
                      (unsigned long long)r->rows),
            "configuration");
    text_table_print(&t);
    return 0;
}

static const struct example examples[] = {
    {"config show", "every setting with its value and origin"}};

const struct command command_config = {
    .name = "config",
    .operands = "show",
    .summary = "show the effective settings and where they come from",
    .details = "The configuration is one JSON file. Keys: organization, zone, classification, "
               "prepared_for, theme, db, report_dir, "
               "template_dir, ticket_pattern, commit_variable, environments, environment_map, "
               "expected_sources, people, identities, trusted, "
               "frameworks, parameters. environments, environment_map, expected_sources, people "
               "and identities are lists, or the name of a "
               "JSON file that holds the list; such files are hashed and named in reports. Unknown "
               "keys are errors.",
    .examples = examples,
    .nexamples = 1,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
