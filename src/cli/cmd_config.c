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
    .details =
        "The configuration is one JSON file; 'auditpress init' writes a first one. Texts: "
        "organization, prepared_for, classification (on each page), zone (IANA name), theme, db, "
        "report_dir, template_dir, ticket_pattern, commit_variable. Unknown keys are errors, "
        "\"comment\" is ignored, paths are relative to the file.\n\n"
        "environments: {\"name\", \"title\", \"needs_approval\": true or false}. A change in an "
        "environment that needs approval must show one.\n\n"
        "environment_map: {\"environment\", and any of \"source\", \"account\", \"region\", "
        "\"place\", \"label\", \"path\"}. All that a rule names must fit; globs, without letter "
        "case; the first rule that fits wins. account is the cloud account, project or "
        "organization, place the workspace or repository, path the file's, as in "
        "\"*/state/prod-*\": states say no account. What no rule fits is 'unmapped'. After a "
        "change run ingest again, which applies it.\n\n"
        "expected_sources: {\"source\", and any of \"account\", \"region\", \"place\", "
        "\"environment\"}: what must not be silent.\n\n"
        "people: {\"name\", \"email\", \"team\", \"zone\", \"aliases\": [...], \"start\", \"end\", "
        "\"developer\", \"approver\", \"admin\"}: one person with all of their logins.\n\n"
        "identities: {\"pattern\", \"kind\", \"note\"}: a glob over actor, its id and session; "
        "kind "
        "is automation, controller, break-glass, shared or service.\n\n"
        "trusted: accounts and domains that are ours. frameworks: names that 'auditpress "
        "frameworks' lists; default all. parameters: {\"QUERY\": {\"NAME\": value, "
        "\"ENVIRONMENT\": "
        "{\"NAME\": value}}}; 'auditpress query show QUERY' lists the names.\n\n"
        "Each list may also be the name of a JSON file that holds it; such files are hashed and "
        "named in reports.",
    .examples = examples,
    .nexamples = 1,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
