/*
 * help: everything about commands, from the command table; with --man the manual page.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "sources/source.h"

static const char what_it_is[] =
    "Reads audit exports of clouds, pipelines and infrastructure code, puts them into one SQLite "
    "database, runs predefined "
    "compliance queries and writes PDF and XLSX reports for each period and environment.";

static const char *const statuses[] = {
    "0    done",
    "1    exceptions were found, under --fail-on-exceptions",
    "2    usage or configuration",
    "3    done but incomplete (unreadable records, a query not tested), under --fail-on-gaps",
    "4    integrity: a digest or total does not hold",
    "6    I/O and everything else",
    "75   the database is locked by another run",
    "130  stopped by a signal (143 for SIGTERM)",
};

/* Words wrapped at 78 columns behind an indent. */
static void print_wrapped(const char *text, int indent)
{
    int column = 0;

    while (*text) {
        size_t n = strcspn(text, " \n");

        if (column && column + 1 + (int)n > 78) {
            putchar('\n');
            column = 0;
        }
        column +=
            column ? printf(" %.*s", (int)n, text) : printf("%*s%.*s", indent, "", (int)n, text);
        text += n;
        if (*text == '\n') {
            putchar('\n');
            column = 0;
        }
        text += *text != '\0';
    }
    if (column)
        putchar('\n');
}

static void print_options(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct option *o = &options[i];
        int n = printf("  --%s%s%s", o->name, o->operand ? " " : "", o->operand ? o->operand : "");

        printf("%*s%s\n", n < 24 ? 24 - n : 1, "", o->help);
    }
}

static int print_all(void)
{
    size_t count;
    const struct command *const *all = command_list(&count);

    print_wrapped(what_it_is, 0);
    printf("\nusage: auditpress [global options] COMMAND [options] [operands]\n\ncommands:\n");
    for (size_t i = 0; i < count; i++)
        printf("  %-14s %s\n", all[i]->name, all[i]->summary);
    printf("\nglobal options (--report-dir is also AUDITPRESS_REPORT_DIR in the environment, and "
           "so on):\n");
    print_options(global_options, nglobal_options);
    printf("\nexit status:\n");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        printf("  %s\n", statuses[i]);
    printf("\nauditpress help COMMAND says more about one, with examples.\n");
    return 0;
}

static int print_command(const struct command *c)
{
    printf("usage: auditpress %s%s%s%s\n\n", c->name, c->noptions ? " [options]" : "",
           *c->operands ? " " : "", c->operands);
    printf("%c%s.\n",
           c->summary[0] >= 'a' && c->summary[0] <= 'z' ? c->summary[0] - 32 : c->summary[0],
           c->summary + 1);
    if (*c->details) {
        putchar('\n');
        print_wrapped(c->details, 0);
    }
    if (c->noptions) {
        printf("\noptions:\n");
        print_options(c->options, c->noptions);
    }
    if (c->nexamples)
        printf("\nexamples:\n");
    for (size_t i = 0; i < c->nexamples; i++)
        printf("  auditpress %s\n      %s\n", c->examples[i].command, c->examples[i].what);
    return 0;
}

/* --- the manual page: roff, from the same rows ------------------------------------------------ */

static void man_text(const char *text)
{
    bool is_start = true;

    for (const char *p = text; *p; p++) {
        if (is_start && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        if (*p == '\\')
            fputs("\\e", stdout);
        else if (*p == '-')
            fputs("\\-", stdout);
        else
            putchar(*p);
        is_start = *p == '\n';
    }
    putchar('\n');
}

static void man_options(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf(".TP\n.BR \\-\\-");
        for (const char *p = options[i].name; *p; p++)
            *p == '-' ? (void)fputs("\\-", stdout) : (void)putchar(*p);
        if (options[i].operand)
            printf(" \" \" \\fI%s\\fR", options[i].operand);
        putchar('\n');
        man_text(options[i].help);
    }
}

static int print_man(void)
{
    size_t count;
    const struct command *const *all = command_list(&count);

    printf(".TH AUDITPRESS 1 \"\" \"auditpress %s\" \"User Commands\"\n", AUDITPRESS_VERSION);
    printf(".SH NAME\nauditpress \\- audit exports in, compliance evidence out\n");
    printf(".SH SYNOPSIS\n.B auditpress\n[\\fIglobal options\\fR] \\fICOMMAND\\fR "
           "[\\fIoptions\\fR] [\\fIoperands\\fR]\n");
    printf(".SH DESCRIPTION\n");
    man_text(what_it_is);
    printf(".SH GLOBAL OPTIONS\nEach is also read from the environment, in capitals: "
           "AUDITPRESS_REPORT_DIR for "
           "\\-\\-report\\-dir. So are the options of commands.\n");
    man_options(global_options, nglobal_options);
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        printf(".SS \"auditpress %s %s\"\n", all[i]->name, all[i]->operands);
        man_text(all[i]->summary);
        if (*all[i]->details) {
            printf(".PP\n");
            man_text(all[i]->details);
        }
        man_options(all[i]->options, all[i]->noptions);
        for (size_t j = 0; j < all[i]->nexamples; j++) {
            printf(".PP\n.B auditpress\n");
            man_text(all[i]->examples[j].command);
            printf(".br\n");
            man_text(all[i]->examples[j].what);
        }
    }
    printf(".SH EXIT STATUS\n.nf\n");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        man_text(statuses[i]);
    printf(".fi\n.SH SOURCES\n");
    {
        size_t nsources;
        const struct source *const *sources = source_list(&nsources);

        for (size_t i = 0; i < nsources; i++) {
            printf(".TP\n.B %s\n", sources[i]->name);
            man_text(sources[i]->reads);
        }
    }
    return 0;
}

static int run(struct context *ctx)
{
    const struct command *c;

    if (option_flag(ctx, "man"))
        return print_man();
    if (!ctx->noperands)
        return print_all();
    c = command_find(str_from(ctx->operands[0]));
    if (!c) {
        (void)command_unknown(ctx, str_from(ctx->operands[0]));
        return -1;
    }
    return print_command(c);
}

static const struct option options[] = {{"man", NULL, "the manual page, as roff", false}};

const struct command command_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "explain a command",
    .details = "",
    .options = options,
    .noptions = 1,
    .max_operands = 1,
    .run = run,
};
