/*
 * cli: from argv to an exit status. The kind of an error decides the status; only this file prints
 * errors.
 */
#include "cli/cli.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "list.h"
#include "sources/source.h"

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)
#define ROW(name) &command_##name,
static const struct command *const commands[] = {COMMANDS(ROW)};

const struct command *const *command_list(size_t *count)
{
    *count = sizeof commands / sizeof *commands;
    return commands;
}

const struct command *command_find(str name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq(name, str_from(commands[i]->name)))
            return commands[i];
    return NULL;
}

static int status_of(enum err_kind kind)
{
    switch (kind) {
    case ERR_NONE:
        return 0;
    case ERR_USAGE:
        return EXIT_USAGE;
    case ERR_INTEGRITY:
        return EXIT_INTEGRITY;
    case ERR_DELIVERY:
        return EXIT_DELIVERY;
    case ERR_LOCKED:
        return EXIT_LOCKED;
    case ERR_DATA:
    case ERR_IO:
        return EXIT_OTHER;
    case ERR_STOPPED:
        return 130;
    }
    return EXIT_OTHER;
}

/* `auditpress events | head`: nobody reads any more, which is no news to whoever stopped reading.
 */
static bool is_reader_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

static bool wants_color(const struct context *ctx)
{
    str when = option_get(ctx, "color");
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    if (str_eq(when, STR("always")))
        return true;
    if (str_eq(when, STR("never")) || (no && *no) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(STDERR_FILENO);
}

static bool color_is_known(struct context *ctx)
{
    str when = option_get(ctx, "color");

    if (str_empty(when) || str_eq(when, STR("auto")) || str_eq(when, STR("always")) ||
        str_eq(when, STR("never")))
        return true;
    return err_set(&ctx->err, ERR_USAGE, "--color '%.*s' is not auto, always or never",
                   STR_FMT(when));
}

static void print_error(const struct context *ctx)
{
    bool is_color = wants_color(ctx);

    fprintf(stderr, "%sauditpress:%s %s\n", is_color ? "\033[1;31m" : "", is_color ? "\033[0m" : "",
            ctx->err.text);
    if (ctx->err.hint[0])
        fprintf(stderr, "hint: %s\n", ctx->err.hint);
}

int cli_main(int argc, char **argv)
{
    struct context ctx = {.now = (int64_t)time(NULL)};
    int status = -1;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write, not a silent death */
    sources_start();
    if (options_parse(&ctx, argc, argv)) {
        ctx.is_json = option_flag(&ctx, "json");
        ctx.is_quiet = option_flag(&ctx, "quiet");
        ctx.is_verbose = option_flag(&ctx, "verbose");
        ctx.is_color = wants_color(&ctx);
        status = color_is_known(&ctx) ? ctx.command->run(&ctx) : -1;
    }
    if (status < 0) {
        if (ctx.err.kind == ERR_NONE)
            err_set(&ctx.err, ERR_IO, "%s failed without a reason",
                    ctx.command ? ctx.command->name : "start");
        print_error(&ctx);
        status = status_of(ctx.err.kind);
    }
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
        if (!is_reader_gone())
            fputs("auditpress: cannot write standard output\n", stderr);
        status = EXIT_OTHER;
    }
    context_close(&ctx);
    return status;
}
