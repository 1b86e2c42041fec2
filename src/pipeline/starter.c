/*
 * starter: a configuration to begin with. Reads the exports into a database that is thrown away and
 * looks at what they name.
 *
 * An environment is only proposed where a name says it ("shop-prod", "workspace staging"); an
 * account number says nothing, and is listed for the person to decide.
 */
#include "base/buf.h"
#include "pipeline/pipeline.h"
#include "pipeline/starter.sql.h"
#include "scratch.h"

struct found {
    str source, account, place;
    int64_t n;
    const char *environment; /* NULL: cannot be told */
};

static const struct {
    const char *word, *environment;
} words[] = {
    {"prod", "prod"},       {"live", "prod"},   {"stag", "staging"},
    {"preprod", "staging"}, {"uat", "staging"}, {"dev", "dev"},
    {"test", "test"},       {"sandbox", "dev"}, {"qa", "test"},
};

/* A word of a name: at its start, behind one of - _ / . : or where a capital begins it
 * (ws-ShopProd). */
static bool names(str text, const char *word)
{
    str rest = text;
    size_t before = 0;

    for (;;) {
        size_t at = str_find_nocase(rest, str_from(word));

        if (at == SIZE_MAX)
            return false;
        before += at;
        if (before == 0 || strchr("-_/.: ", text.ptr[before - 1]) ||
            (text.ptr[before] >= 'A' && text.ptr[before] <= 'Z' && text.ptr[before - 1] >= 'a'))
            return true;
        before++;
        rest = str_part(text, before, text.len);
    }
}

static const char *guess(const struct found *f)
{
    const str texts[] = {f->place, f->account};

    if (names(f->place, "preprod") || names(f->account, "preprod"))
        return "staging";
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (names(texts[t], words[i].word))
                return words[i].environment;
    return NULL;
}

static bool collect(struct store *st, struct arena *a, struct found **list, size_t *count,
                    struct err *err)
{
    struct statement *q;
    bool has_row = true, ok;
    size_t cap = 0;

    if (!store_prepare(st, str_from(sql_starter), "sources found", 0, &q, err))
        return false;
    while ((ok = statement_next(q, &has_row, err)) && has_row) {
        if (*count == cap) {
            struct found *more = arena_new(a, struct found, cap ? cap * 2 : 64);

            if (*count)
                memcpy(more, *list, *count * sizeof *more);
            *list = more;
            cap = cap ? cap * 2 : 64;
        }
        (*list)[*count] = (struct found){.source = str_copy(a, statement_cell(q, 0).text),
                                         .account = str_copy(a, statement_cell(q, 1).text),
                                         .place = str_copy(a, statement_cell(q, 2).text),
                                         .n = statement_cell(q, 3).i};
        (*list)[*count].environment = guess(&(*list)[*count]);
        (*count)++;
    }
    statement_close(q);
    return ok;
}

static void add_environments(struct buf *b, const struct found *list, size_t count)
{
    static const char *const all[] = {"prod", "staging", "test", "dev"};
    const char *comma = "";

    buf_addz(b, "  \"environments\": [");
    for (size_t e = 0; e < 4; e++) {
        bool is_seen = e == 0; /* a configuration without production would be odd */

        for (size_t i = 0; i < count; i++)
            is_seen = is_seen || (list[i].environment && strcmp(list[i].environment, all[e]) == 0);
        if (!is_seen)
            continue;
        buf_print(b, "%s\n    {\"name\": \"%s\", \"needs_approval\": %s}", comma, all[e],
                  e == 0 ? "true" : "false");
        comma = ",";
    }
    buf_addz(b, "\n  ],\n");
}

static void add_member(struct buf *b, const char *name, str value)
{
    if (str_empty(value))
        return;
    buf_print(b, ", \"%s\": ", name);
    buf_add_json(b, value);
}

static void add_map(struct buf *b, const struct found *list, size_t count)
{
    const char *comma = "";

    buf_addz(b, "  \"environment_map\": [");
    for (size_t i = 0; i < count; i++) {
        if (!list[i].environment)
            continue;
        buf_print(b, "%s\n    {\"environment\": \"%s\"", comma, list[i].environment);
        add_member(b, "source", list[i].source);
        add_member(b, "account", list[i].account);
        add_member(b, "place", list[i].place);
        buf_addc(b, '}');
        comma = ",";
    }
    buf_addz(b, "\n  ],\n");
}

static void add_expected(struct buf *b, const struct found *list, size_t count)
{
    const char *comma = "";

    buf_addz(b, "  \"expected_sources\": [");
    for (size_t i = 0; i < count; i++) {
        if (i && str_eq(list[i].source, list[i - 1].source) &&
            str_eq(list[i].account, list[i - 1].account))
            continue;
        buf_print(b, "%s\n    {\"source\": ", comma);
        buf_add_json(b, list[i].source);
        add_member(b, "account", list[i].account);
        buf_addc(b, '}');
        comma = ",";
    }
    buf_addz(b, "\n  ],\n");
}

static void add_undecided(struct buf *b, const struct found *list, size_t count)
{
    const char *comma = "";

    buf_addz(b, "  \"comment\": [");
    for (size_t i = 0; i < count; i++) {
        struct buf text = {0};

        if (list[i].environment)
            continue;
        buf_print(&text, "not mapped, decide: %.*s", STR_FMT(list[i].source));
        if (!str_empty(list[i].account))
            buf_print(&text, " account %.*s", STR_FMT(list[i].account));
        if (!str_empty(list[i].place))
            buf_print(&text, " place %.*s", STR_FMT(list[i].place));
        buf_print(&text, " (%lld events)", (long long)list[i].n);
        buf_print(b, "%s\n    ", comma);
        buf_add_json(b, buf_str(&text));
        buf_free(&text);
        comma = ",";
    }
    if (!*comma)
        buf_addz(b, "\n    \"everything found is mapped: check that the proposals are right\"");
    else
        buf_addz(b, ",\n    \"a rule of environment_map: {'environment': 'prod', 'source': "
                    "'aws-cloudtrail', 'account': '123456789012'}; state files by path: "
                    "{'environment': 'prod', 'path': '*/prod-*.tfstate'}; more: auditpress help "
                    "config\"");
    buf_addz(b, "\n  ],\n");
}

static str compose(const struct found *list, size_t count, struct arena *a)
{
    struct buf b = {0};
    str out;

    buf_addz(&b, "{\n");
    add_undecided(&b, list, count);
    buf_addz(&b, "  \"organization\": \"Your organization\",\n  \"zone\": \"UTC\",\n");
    add_environments(&b, list, count);
    add_map(&b, list, count);
    add_expected(&b, list, count);
    /* No empty lists of people and identities: "no such list" leaves what needs one not tested. */
    buf_addz(&b, "  \"frameworks\": [\"SOC2\", \"ISO\"]\n}\n");
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

bool starter_config(const char *const *paths, size_t npaths, struct arena *a, str *out,
                    struct err *err)
{
    struct ingest_options opt = {0};
    struct ingest_result result = {0};
    struct config cfg;
    struct store *st = NULL;
    struct found *list = NULL;
    size_t count = 0;
    const char *dir = NULL;
    bool ok;

    config_defaults(&cfg);
    ok = scratch_make(a, &dir, err) &&
         store_open(&st, str_z(a, str_print(a, "%s/look.db", dir)), STORE_WRITE, err) &&
         ingest(st, &cfg, paths, npaths, &opt, a, &result, err) &&
         collect(st, a, &list, &count, err);
    store_close(st);
    scratch_remove(dir);
    if (ok)
        *out = compose(list, count, a);
    return ok;
}
