/*
 * guard: what users' SQL may do: read the published views, call functions of a list, nothing else.
 *
 * SQLite's authorizer is asked for each column, function and operation while a statement is
 * compiled. It names the view through which a table is read, but for a common table expression it
 * gives the expression's name just so; so the names of views are refused for those, and then a base
 * table read through a known view is read by that view.
 *
 * A view whose name begins with _ is for other views only.
 */
#include <time.h>

#include "base/ascii.h"
#include "store/internal.h"

/* Portable ones only: report/README.md. */
static const char *const allowed[] = {
    "abs",          "avg",         "char",
    "coalesce",     "count",       "day",
    "dense_rank",   "first_value", "glob_nocase",
    "group_concat", "hex",         "host_of",
    "hour",         "ifnull",      "iif",
    "in_list",      "instr",       "json_array_length",
    "json_extract", "json_valid",  "lag",
    "last_value",   "lead",        "length",
    "like",         "likelihood",  "likely",
    "lower",        "ltrim",       "max",
    "min",          "nth_value",   "ntile",
    "nullif",       "printf",      "rank",
    "replace",      "round",       "row_number",
    "rtrim",        "same_person", "seconds_between",
    "sign",         "substr",      "substring",
    "sum",          "ticket_of",   "total",
    "trim",         "typeof",      "unlikely",
    "upper",        "utc",
};

static bool is_allowed_function(const char *name)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (str_eq_nocase(str_from(allowed[i]), str_from(name)))
            return true;
    return false;
}

static bool is_view(const struct store *st, str name)
{
    for (size_t i = 0; i < st->nviews; i++)
        if (str_eq_nocase(st->views[i], name))
            return true;
    return false;
}

static int authorize(void *state, int action, const char *what, const char *more, const char *db,
                     const char *through)
{
    const struct store *st = state;
    bool by_view = through && is_view(st, str_from(through));
    bool ok;

    (void)db;
    if (!st->is_guarded)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        ok = true;
        break;
    case SQLITE_READ:
        /* Without a column: asked for every table of which none is used, when views have been
         * dissolved and nobody knows any more what came through one. Tables named in the text are
         * found by guard_check_text. */
        ok = by_view || !more || !*more || (what && what[0] != '_' && is_view(st, str_from(what)));
        break;
    case SQLITE_FUNCTION:
        ok = by_view || is_allowed_function(more ? more : "");
        break;
    default:
        ok = false;
        break;
    }
    return ok ? SQLITE_OK : SQLITE_DENY;
}

/* --- names of common table expressions -------------------------------------------------------- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    str name; /* without quotes */
};

static bool is_name_char(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static void skip_blank(str *rest)
{
    for (;;) {
        size_t end;

        if (str_starts(*rest, STR("--"))) {
            end = str_find_char(*rest, '\n');
        } else if (str_starts(*rest, STR("/*"))) {
            end = str_find(str_part(*rest, 2, rest->len), STR("*/"));
            end = end == SIZE_MAX ? end : end + 3;
        } else if (str_starts(*rest, STR("\xEF\xBB\xBF"))) {
            end = 2; /* a byte order mark between tokens is white space for SQLite */
        } else if (rest->len && (*rest->ptr == ' ' || (*rest->ptr >= '\t' && *rest->ptr <= '\r'))) {
            end = 0;
        } else {
            return;
        }
        *rest = str_part(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
    }
}

static struct token next_token(str *rest)
{
    struct token t = {TOKEN_OTHER, STR_NONE};
    size_t n = 1;
    char c;

    skip_blank(rest);
    if (!rest->len)
        return (struct token){TOKEN_END, STR_NONE};
    c = *rest->ptr;
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        char close = c == '[' ? ']' : c;

        while (n < rest->len && rest->ptr[n] != close)
            n++;
        t = (struct token){
            TOKEN_NAME,
            str_part(*rest, 1, n)}; /* SQLite takes even 'x' for a name, where one must stand */
        n++;
    } else if (is_name_char(c)) {
        while (n < rest->len && is_name_char(rest->ptr[n]))
            n++;
        t = (struct token){TOKEN_NAME, str_part(*rest, 0, n)};
    } else if (c == '(' || c == ')') {
        t.kind = c == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
    }
    *rest = str_part(*rest, n, rest->len);
    return t;
}

struct scan {
    str rest;
    struct token before;
    str opened; /* name before the bracket that was opened last */
};

/* Steps through NAME AS (, NAME (columns) AS (, with NOT MATERIALIZED between. */
static bool next_with(struct scan *s, str *name)
{
    for (struct token t; (t = next_token(&s->rest)).kind != TOKEN_END; s->before = t) {
        struct token before = s->before, ahead;
        str rest = s->rest;

        if (t.kind == TOKEN_OPEN)
            s->opened = before.kind == TOKEN_NAME ? before.name : STR_NONE;
        if (t.kind != TOKEN_NAME || !str_eq_nocase(t.name, STR("AS")))
            continue;
        do
            ahead = next_token(&rest);
        while (str_eq_nocase(ahead.name, STR("NOT")) ||
               str_eq_nocase(ahead.name, STR("MATERIALIZED")));
        *name = before.kind == TOKEN_NAME    ? before.name
                : before.kind == TOKEN_CLOSE ? s->opened
                                             : STR_NONE;
        if (ahead.kind == TOKEN_OPEN && !str_empty(*name)) {
            s->before = t;
            return true;
        }
    }
    return false;
}

static bool is_with(str sql, str wanted)
{
    struct scan s = {.rest = sql};
    str name;

    while (next_with(&s, &name))
        if (str_eq_nocase(name, wanted))
            return true;
    return false;
}

static bool is_table(const struct store *st, str name)
{
    struct arena a = {0};
    bool is_there = sqlite3_table_column_metadata(st->db, NULL, str_z(&a, name), NULL, NULL, NULL,
                                                  NULL, NULL, NULL) == SQLITE_OK;

    arena_free(&a);
    return is_there;
}

bool guard_check_text(const struct store *st, str sql, const char *what, struct err *err)
{
    struct scan s = {.rest = sql};
    struct token t;
    str name, rest = sql;

    while (next_with(&s, &name))
        if (is_view(st, name))
            return err_set(err, ERR_USAGE, "%s: '%.*s' is a view, give the WITH another name", what,
                           STR_FMT(name));
    for (t = next_token(&rest); t.kind != TOKEN_END;) {
        bool is_from = t.kind == TOKEN_NAME &&
                       (str_eq_nocase(t.name, STR("FROM")) || str_eq_nocase(t.name, STR("JOIN")));

        t = next_token(&rest);
        while (is_from && t.kind == TOKEN_OPEN)
            t = next_token(&rest);
        skip_blank(&rest);
        if (is_from && t.kind == TOKEN_NAME && rest.len && *rest.ptr == '.') {
            (void)next_token(&rest);
            t = next_token(&rest);
        }
        if (is_from && t.kind == TOKEN_NAME && !is_view(st, t.name) && is_table(st, t.name) &&
            !is_with(sql, t.name)) {
            err_set(err, ERR_USAGE, "%s: not allowed: '%.*s' is not one of the views", what,
                    STR_FMT(t.name));
            return err_hint(err, "A query may only read the views of report/README.md.");
        }
    }
    return true;
}

/* --- time limit ------------------------------------------------------------------------------- */

/* The one clock below the pipeline: it can end a statement, and nothing that it shows reaches a
 * result. */
int64_t guard_now_ms(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_progress(void *state)
{
    struct store *st = state;

    if (st->deadline_ms && guard_now_ms() > st->deadline_ms)
        st->is_late = true;
    return st->is_late;
}

bool guard_open(struct store *st, struct err *err)
{
    struct sql q =
        sql_begin(st, "SELECT name FROM temp.sqlite_schema WHERE type = 'view' ORDER BY name");
    str *views = arena_new(&st->names, str, 128);
    bool has_row;

    for (;;) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row || st->nviews == 128)
            break;
        views[st->nviews++] = str_copy(&st->names, sql_text_at(&q, 0));
    }
    sql_end(&q);
    st->views = views;
    sqlite3_set_authorizer(st->db, authorize, st);
    sqlite3_progress_handler(st->db, 5000, on_progress, st);
    return true;
}
