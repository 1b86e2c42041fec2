/*
 * options: from argv and the environment to values. Long options only, "--name value" or
 * "--name=value", in any place; "--" ends them. Global options may stand before or behind the
 * command.
 */
#include <stdlib.h>

#include "command.h"

const struct option global_options[] = {
    {"config", "FILE",
     "configuration file (default: ./auditpress.json, then the user's and the system's)", false},
    {"db", "FILE", "database (default: the state folder of the user or service)", false},
    {"json", NULL, "one JSON object or JSON lines on standard output", false},
    {"quiet", NULL, "no progress, no notes and no summary", false},
    {"verbose", NULL, "say more; also -v", false},
    {"color", "WHEN", "auto, always or never", false},
    {"tz", "AREA/CITY", "time zone of periods (default: the configuration's, then UTC)", false},
    {"report-dir", "DIR", "queries, definitions and frameworks", false},
    {"template-dir", "DIR", "themes, texts and mappings", false},
};
const size_t nglobal_options = sizeof global_options / sizeof *global_options;

static const struct option *find_in(const struct option *list, size_t count, str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(list[i].name)))
            return &list[i];
    return NULL;
}

static const struct option *find_option(const struct context *ctx, str name)
{
    const struct option *o = find_in(global_options, nglobal_options, name);

    return o || !ctx->command ? o : find_in(ctx->command->options, ctx->command->noptions, name);
}

static void add_value(struct context *ctx, const struct option *o, str value, const char *from)
{
    struct option_value *v = arena_new(&ctx->arena, struct option_value, 1);
    struct option_value **last = (struct option_value **)(uintptr_t)&ctx->values;

    while (*last)
        last = &(*last)->next;
    v->option = o;
    v->value = value;
    v->from = from;
    *last = v;
}

static bool unknown_option(struct context *ctx, str name)
{
    const char *known[64];
    size_t n = 0;
    const char *near;

    for (size_t i = 0; i < nglobal_options; i++)
        known[n++] = global_options[i].name;
    for (size_t i = 0; ctx->command && i < ctx->command->noptions && n < 64; i++)
        known[n++] = ctx->command->options[i].name;
    near = str_nearest(name, known, n);
    err_set(&ctx->err, ERR_USAGE, "unknown option '--%.*s'%s%s", STR_FMT(name),
            ctx->command ? " of command " : "", ctx->command ? ctx->command->name : "");
    return near ? err_hint(&ctx->err, "Did you mean '--%s'?", near)
                : err_hint(&ctx->err, "See 'auditpress help%s%s'.", ctx->command ? " " : "",
                           ctx->command ? ctx->command->name : "");
}

bool command_unknown(struct context *ctx, str name)
{
    const char *known[64];
    size_t n;
    const struct command *const *all = command_list(&n);
    const char *near;

    for (size_t i = 0; i < n; i++)
        known[i] = all[i]->name;
    near = str_nearest(name, known, n);
    err_set(&ctx->err, ERR_USAGE, "unknown command '%.*s'", STR_FMT(name));
    return near ? err_hint(&ctx->err, "Did you mean '%s'?", near)
                : err_hint(&ctx->err, "See 'auditpress help'.");
}

/* AUDITPRESS_REPORT_DIR for --report-dir */
static void add_environment(struct context *ctx, const struct option *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf name = {0};
        const char *value;

        buf_addz(&name, "AUDITPRESS_");
        for (const char *p = list[i].name; *p; p++)
            buf_addc(&name, *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p));
        buf_addc(&name, '\0');
        value = getenv(name.ptr);
        if (value && *value && !option_origin(ctx, list[i].name) &&
            (list[i].operand || strcmp(value, "0") != 0))
            add_value(ctx, &list[i], str_from(value), "environment");
        buf_free(&name);
    }
}

static bool take_option(struct context *ctx, int argc, char **argv, int *at)
{
    str word = str_from(argv[*at] + 2), name = word, value = STR_NONE;
    size_t equals = str_find_char(word, '=');
    const struct option *o;

    if (equals != SIZE_MAX) {
        name = str_part(word, 0, equals);
        value = str_part(word, equals + 1, word.len);
    }
    o = find_option(ctx, name);
    if (!o)
        return unknown_option(ctx, name);
    if (!o->operand && equals != SIZE_MAX)
        return err_set(&ctx->err, ERR_USAGE, "option '--%s' takes no value", o->name);
    if (o->operand && equals == SIZE_MAX) {
        if (*at + 1 >= argc)
            return err_set(&ctx->err, ERR_USAGE, "option '--%s' needs a value: %s", o->name,
                           o->operand);
        value = str_from(argv[++*at]);
    }
    add_value(ctx, o, o->operand ? value : STR("1"), "option");
    return true;
}

/* The command is the first word that is no option; options before it can only be global. */
static bool find_command(struct context *ctx, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        str word = str_from(argv[i]);

        if (str_starts(word, STR("--"))) {
            const struct option *o =
                find_in(global_options, nglobal_options, str_part(word, 2, word.len));

            if (str_eq(word, STR("--help")) || str_eq(word, STR("--version"))) {
                ctx->command = command_find(str_part(word, 2, word.len));
                return true;
            }
            i += o && o->operand != NULL;
        } else if (word.len > 1 && word.ptr[0] == '-' && !str_eq(word, STR("-v")) &&
                   !str_eq(word, STR("-h"))) {
            return err_set(&ctx->err, ERR_USAGE, "unknown option '%s'", argv[i]);
        } else if (!str_eq(word, STR("-v")) && !str_eq(word, STR("-h"))) {
            ctx->command = command_find(word);
            return ctx->command || command_unknown(ctx, word);
        }
    }
    ctx->command = command_find(STR("help"));
    return true;
}

bool options_parse(struct context *ctx, int argc, char **argv)
{
    bool is_command_seen = false, is_operands_only = false;

    if (!find_command(ctx, argc, argv))
        return false;
    ctx->operands = arena_new(&ctx->arena, const char *, (size_t)argc + 1);
    for (int i = 1; i < argc; i++) {
        str word = str_from(argv[i]);

        if (is_operands_only || !str_starts(word, STR("-")) || word.len == 1) {
            if (!is_command_seen && !is_operands_only)
                is_command_seen = true;
            else
                ctx->operands[ctx->noperands++] = argv[i];
        } else if (str_eq(word, STR("--"))) {
            is_operands_only = true;
        } else if (str_eq(word, STR("-v"))) {
            add_value(ctx, find_option(ctx, STR("verbose")), STR("1"), "option");
        } else if (str_eq(word, STR("-h")) || str_eq(word, STR("--help"))) {
            if (is_command_seen) /* "ingest --help" is "help ingest" */
                ctx->operands[0] = ctx->command->name, ctx->noperands = 1;
            ctx->command = command_find(STR("help"));
            return true;
        } else if (str_eq(word, STR("--version"))) {
            ctx->command = command_find(STR("version"));
            return true;
        } else if (str_starts(word, STR("--"))) {
            if (!take_option(ctx, argc, argv, &i))
                return false;
        } else {
            return err_set(&ctx->err, ERR_USAGE, "unknown option '%s'", argv[i]);
        }
    }
    add_environment(ctx, global_options, nglobal_options);
    add_environment(ctx, ctx->command->options, ctx->command->noptions);
    if ((int)ctx->noperands < ctx->command->min_operands) {
        err_set(&ctx->err, ERR_USAGE, "%s needs %s", ctx->command->name, ctx->command->operands);
        return err_hint(&ctx->err, "See 'auditpress help %s'.", ctx->command->name);
    }
    if (ctx->command->max_operands >= 0 && (int)ctx->noperands > ctx->command->max_operands)
        return err_set(&ctx->err, ERR_USAGE, "%s: unexpected '%s'", ctx->command->name,
                       ctx->operands[ctx->command->max_operands]);
    return true;
}

str option_get(const struct context *ctx, const char *name)
{
    str value = STR_NONE;

    for (const struct option_value *v = ctx->values; v; v = v->next)
        if (strcmp(v->option->name, name) == 0)
            value = v->value;
    return value;
}

bool option_flag(const struct context *ctx, const char *name)
{
    return !str_empty(option_get(ctx, name));
}

str option_all(struct context *ctx, const char *name)
{
    str all = STR_NONE;

    for (const struct option_value *v = ctx->values; v; v = v->next) {
        str rest = v->value;

        if (strcmp(v->option->name, name) != 0)
            continue;
        while (rest.ptr)
            all = str_join(&ctx->arena, all, STR(" "), str_trim(str_cut(&rest, ',')));
    }
    return all;
}

const char *option_origin(const struct context *ctx, const char *name)
{
    const char *from = NULL;

    for (const struct option_value *v = ctx->values; v; v = v->next)
        if (strcmp(v->option->name, name) == 0)
            from = v->from;
    return from;
}
