/*
 * context: what commands need, found once: configuration, database, catalogue, period. Precedence
 * everywhere: option, environment, configuration, default.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "command.h"
#include "sources/source.h"

#define VERB_WORD(constant, name) " " name

static str env_text(const char *name)
{
    const char *v = getenv(name);

    return v && *v ? str_from(v) : STR_NONE;
}

/* $XDG_x_HOME, or below $HOME */
static str home_folder(struct context *ctx, const char *xdg, const char *below_home)
{
    str dir = env_text(xdg), home = env_text("HOME");

    if (!str_empty(dir))
        return dir;
    return str_empty(home) ? STR_NONE : path_join(&ctx->arena, home, str_from(below_home));
}

static str config_path(struct context *ctx)
{
    str given = option_get(ctx, "config"), user = home_folder(ctx, "XDG_CONFIG_HOME", ".config"),
        path;

    if (!str_empty(given))
        return given;
    if (file_exists("auditpress.json"))
        return STR("auditpress.json");
    if (!str_empty(user)) {
        path = path_join(&ctx->arena, user, STR("auditpress/auditpress.json"));
        if (file_exists(str_z(&ctx->arena, path)))
            return path;
    }
    return file_exists("/etc/auditpress/auditpress.json") ? STR("/etc/auditpress/auditpress.json")
                                                          : STR_NONE;
}

bool context_config(struct context *ctx)
{
    str path, zone;

    if (ctx->has_config)
        return true;
    path = config_path(ctx);
    if (str_empty(path))
        config_defaults(&ctx->config);
    else if (!config_load(&ctx->arena, str_z(&ctx->arena, path), &ctx->config, &ctx->err))
        return false;
    zone = str_or(option_get(ctx, "tz"), ctx->config.zone);
    ctx->zone = zone_load(&ctx->arena, zone, &ctx->err);
    ctx->has_config = ctx->zone != NULL;
    return ctx->has_config;
}

/* A path of the configuration is relative to the configuration file. */
static str beside_config(struct context *ctx, str path)
{
    size_t slash = str_find_last(ctx->config.path, '/');

    if (str_starts(path, STR("/")) || slash == SIZE_MAX)
        return path;
    return path_join(&ctx->arena, str_part(ctx->config.path, 0, slash), path);
}

str context_db(struct context *ctx, const char **from)
{
    str given = option_get(ctx, "db"), state = env_text("STATE_DIRECTORY"), dir;

    *from = option_origin(ctx, "db");
    if (!str_empty(given))
        return given;
    if (!str_empty(ctx->config.db)) {
        *from = "configuration";
        return beside_config(ctx, ctx->config.db);
    }
    *from = "default";
    if (!str_empty(state))
        return path_join(&ctx->arena, str_cut(&state, ':'), STR("auditpress.db"));
    dir = home_folder(ctx, "XDG_STATE_HOME", ".local/state");
    return str_empty(dir) ? STR("auditpress.db")
                          : path_join(&ctx->arena, dir, STR("auditpress/auditpress.db"));
}

bool context_store(struct context *ctx, enum store_mode mode)
{
    const char *from;
    str db;
    char *path;
    size_t slash;

    if (!context_config(ctx))
        return false;
    db = context_db(ctx, &from);
    path = str_z(&ctx->arena, db);
    slash = str_find_last(db, '/');
    if (mode == STORE_WRITE && slash != SIZE_MAX && slash > 0 &&
        !dir_make(str_z(&ctx->arena, str_part(db, 0, slash)), &ctx->err))
        return false;
    if (mode == STORE_READ && !file_exists(path)) {
        err_set(&ctx->err, ERR_USAGE, "there is no database '%s'", path);
        return err_hint(&ctx->err, "Read exports into it first: auditpress ingest PATH...");
    }
    return store_open(&ctx->store, path, mode, &ctx->err);
}

/* Beside the program in a source tree (build/auditpress), beside it when installed, then where
 * `make install` was told to put it. */
static str data_folder(struct context *ctx, const char *name)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe);
    str dir = {exe, n > 0 ? (size_t)n : 0}, parent, tried;

    while (dir.len) {
        size_t slash = str_find_last(dir, '/');

        parent = str_part(dir, 0, slash == SIZE_MAX ? 0 : slash);
        tried = path_join(&ctx->arena, parent, str_print(&ctx->arena, "share/auditpress/%s", name));
        if (dir_exists(str_z(&ctx->arena, tried)))
            return tried;
        tried = path_join(&ctx->arena, parent,
                          str_print(&ctx->arena, "%s/%s", name,
                                    strcmp(name, "report") == 0 ? "queries" : "themes"));
        if (!str_empty(parent) && dir_exists(str_z(&ctx->arena, tried)))
            return path_join(&ctx->arena, parent, str_from(name));
        dir = parent;
    }
    return str_print(&ctx->arena, "%s/%s", AUDITPRESS_DATA, name);
}

static str data_dir(struct context *ctx, const char *option, str configured, const char *name,
                    const char **from)
{
    str given = option_get(ctx, option);

    *from = option_origin(ctx, option);
    if (!str_empty(given))
        return given;
    *from = "configuration";
    if (!str_empty(configured))
        return beside_config(ctx, configured);
    *from = "default";
    return data_folder(ctx, name);
}

str context_report_dir(struct context *ctx, const char **from)
{
    return data_dir(ctx, "report-dir", ctx->config.report_dir, "report", from);
}

str context_template_dir(struct context *ctx, const char **from)
{
    return data_dir(ctx, "template-dir", ctx->config.template_dir, "templates", from);
}

bool context_sources(struct context *ctx)
{
    const char *from;

    if (!context_config(ctx))
        return false;
    return sources_load(str_z(&ctx->arena, path_join(&ctx->arena, context_template_dir(ctx, &from),
                                                     STR("mappings"))),
                        &ctx->err);
}

bool context_catalogue(struct context *ctx)
{
    const char *from;

    if (!context_config(ctx))
        return false;
    if (!ctx->has_catalogue &&
        !catalogue_load(&ctx->arena, str_z(&ctx->arena, context_report_dir(ctx, &from)),
                        &ctx->catalogue, &ctx->err))
        return false;
    ctx->has_catalogue = true;
    return !ctx->store || catalogue_attach(&ctx->catalogue, ctx->store, &ctx->err);
}

bool context_period(struct context *ctx, struct period *out, bool *has)
{
    str period = option_get(ctx, "period"), from = option_get(ctx, "from"),
        to = option_get(ctx, "to");

    *has = !str_empty(period) || !str_empty(from) || !str_empty(to);
    if (!context_config(ctx))
        return false;
    if (!*has)
        return true;
    if (!str_empty(period) && (!str_empty(from) || !str_empty(to)))
        return err_set(&ctx->err, ERR_USAGE, "give either --period or --from and --to");
    if (!str_empty(period))
        return period_parse(&ctx->arena, period, ctx->zone, ctx->now, out, &ctx->err);
    if (str_empty(from) || str_empty(to))
        return err_set(&ctx->err, ERR_USAGE, "--from and --to belong together");
    return period_between(&ctx->arena, from, to, ctx->zone, out, &ctx->err);
}

/* The map is applied by ingest; after a change to it every answer would be that of the old one. */
static bool note_stale(struct context *ctx)
{
    bool is_current = true;

    if (ctx->is_stale_noted || ctx->is_quiet || str_empty(ctx->config.path))
        return true;
    if (!store_is_configured(ctx->store, &ctx->config, &is_current, &ctx->err))
        return false;
    if (!is_current)
        fprintf(stderr,
                "note: '%.*s' is not the configuration the database was made with; environments "
                "and people are as they were: run 'auditpress ingest' again to apply it\n",
                STR_FMT(ctx->config.path));
    ctx->is_stale_noted = true;
    return true;
}

bool context_environments(struct context *ctx, const str **names, size_t *count)
{
    str chosen = option_all(ctx, "env");
    const char **known;
    str *picked;
    size_t n = 0;

    if (!note_stale(ctx) ||
        !environments_list(ctx->store, &ctx->config, &ctx->arena, names, count, &ctx->err))
        return false;
    if (str_empty(chosen))
        return true;
    known = arena_new(&ctx->arena, const char *, *count + 1);
    for (size_t i = 0; i < *count; i++)
        known[i] = str_z(&ctx->arena, (*names)[i]);
    picked = arena_new(&ctx->arena, str, chosen.len);
    while (!str_empty(chosen)) {
        str name = str_cut(&chosen, ' ');
        size_t i = 0;

        while (i < *count && !str_eq((*names)[i], name))
            i++;
        if (i == *count) {
            const char *near = str_nearest(name, known, *count);

            err_set(&ctx->err, ERR_USAGE, "unknown environment '%.*s'", STR_FMT(name));
            return near ? err_hint(&ctx->err, "Did you mean '%s'?", near)
                        : err_hint(&ctx->err, "'auditpress environments' lists them.");
        }
        picked[n++] = name;
    }
    *names = picked;
    *count = n;
    return true;
}

bool context_filter(struct context *ctx, struct request_filter *out)
{
    enum verb verb;
    enum outcome outcome;

    *out = (struct request_filter){
        .source = option_get(ctx, "source"),
        .actor = option_get(ctx, "actor"),
        .action = option_get(ctx, "action"),
        .verb = option_get(ctx, "verb"),
        .resource = option_get(ctx, "resource"),
        .outcome = option_get(ctx, "outcome"),
        .change = option_get(ctx, "change"),
        .ticket = option_get(ctx, "ticket"),
        .text = option_get(ctx, "text"),
    };
    if (!str_empty(out->verb) && !verb_find(out->verb, &verb)) {
        err_set(&ctx->err, ERR_USAGE, "unknown verb '%.*s'", STR_FMT(out->verb));
        return err_hint(&ctx->err, "Use one of:" VERBS(VERB_WORD));
    }
    if (!str_empty(out->outcome) && !outcome_find(out->outcome, &outcome)) {
        err_set(&ctx->err, ERR_USAGE, "unknown outcome '%.*s'", STR_FMT(out->outcome));
        return err_hint(&ctx->err, "Use success, failure, denied, throttled, pending or unknown.");
    }
    return true;
}

void context_close(struct context *ctx)
{
    store_close(ctx->store);
    arena_free(&ctx->arena);
}
