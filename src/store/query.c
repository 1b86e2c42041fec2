/*
 * query: statements of others: query files, sets, the lists of commands. One SELECT each, watched
 * by guard.c.
 */
#include <stdlib.h>

#include "store/internal.h"

struct statement {
    struct store *st;
    sqlite3_stmt *stmt;
    char *what;
    int64_t limit_ms, spent_ms;
};

static bool refused(struct store *st, const char *what, int rc, struct err *err)
{
    if (st->is_late) {
        st->is_late = false;
        return err_set(err, ERR_DATA, "%s: stopped, it ran longer than allowed", what);
    }
    if ((rc & 0xff) == SQLITE_AUTH ||
        str_contains(str_from(sqlite3_errmsg(st->db)), STR("not authorized"))) {
        err_set(err, ERR_USAGE, "%s: not allowed: %s", what, sqlite3_errmsg(st->db));
        return err_hint(
            err, "A query may only read the views and call the functions of report/README.md.");
    }
    if ((rc & 0xff) == SQLITE_ERROR)
        return err_set(err, ERR_USAGE, "%s: %s", what, sqlite3_errmsg(st->db));
    return sql_failed(st, rc, err) || err_wrap(err, "%s", what);
}

/* White space, comments and semicolons may follow the one statement. */
static bool is_rest_empty(struct store *st, const char *rest)
{
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_OK;

    while (rc == SQLITE_OK && !stmt && *rest)
        rc = sqlite3_prepare_v2(st->db, rest, -1, &stmt, &rest);
    (void)sqlite3_finalize(stmt);
    return rc == SQLITE_OK && !stmt;
}

static bool prepare(struct store *st, str sql, const char *what, sqlite3_stmt **stmt,
                    struct err *err)
{
    struct arena a = {0};
    const char *z = str_z(&a, sql), *rest = z;
    bool ok = false;
    int rc;

    st->is_guarded = true;
    st->deadline_ms = 0;
    rc = sqlite3_prepare_v3(st->db, z, -1, SQLITE_PREPARE_PERSISTENT, stmt, &rest);
    if (rc != SQLITE_OK)
        refused(st, what, rc, err);
    else if (!*stmt)
        err_set(err, ERR_USAGE, "%s: there is no statement in it", what);
    else if (!is_rest_empty(st, rest))
        err_set(err, ERR_USAGE, "%s: only one statement is allowed", what);
    else if (!sqlite3_stmt_readonly(*stmt) || sqlite3_stmt_isexplain(*stmt) ||
             sqlite3_column_count(*stmt) == 0)
        err_set(err, ERR_USAGE, "%s: only a SELECT is allowed", what);
    else
        ok = true;
    st->is_guarded = false;
    if (!ok) {
        (void)sqlite3_finalize(*stmt);
        *stmt = NULL;
    }
    arena_free(&a);
    return ok;
}

bool store_prepare(struct store *st, str sql, const char *what, int limit_ms,
                   struct statement **out, struct err *err)
{
    struct statement *q;
    sqlite3_stmt *stmt = NULL;
    size_t n = strlen(what) + 1;

    *out = NULL;
    if (!guard_check_text(st, sql, what, err) || !prepare(st, sql, what, &stmt, err))
        return false;
    q = xmalloc(sizeof *q);
    *q = (struct statement){
        .st = st, .stmt = stmt, .limit_ms = limit_ms, .what = memcpy(xmalloc(n), what, n)};
    *out = q;
    return true;
}

void statement_close(struct statement *q)
{
    if (!q)
        return;
    (void)sqlite3_finalize(q->stmt);
    free(q->what);
    free(q);
}

/* Number of a parameter given without its colon; 0 when the statement has none of that name. */
static int parameter(const struct statement *q, const char *param)
{
    int n = sqlite3_bind_parameter_count(q->stmt);

    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(q->stmt, i);

        if (name && *name && strcmp(name + 1, param) == 0)
            return i;
    }
    return 0;
}

bool statement_has(const struct statement *q, const char *param)
{
    return parameter(q, param) != 0;
}

void statement_bind_int(struct statement *q, const char *param, int64_t v)
{
    int at = parameter(q, param);

    /* Binding a number to a parameter that exists cannot fail between two runs. */
    if (at)
        (void)sqlite3_bind_int64(q->stmt, at, v);
}

void statement_bind_text(struct statement *q, const char *param, str v)
{
    int at = parameter(q, param);

    if (at && v.ptr)
        (void)sqlite3_bind_text64(q->stmt, at, v.ptr, v.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    else if (at)
        (void)sqlite3_bind_null(q->stmt, at);
}

size_t statement_columns(const struct statement *q)
{
    return (size_t)sqlite3_column_count(q->stmt);
}

const char *statement_column(const struct statement *q, size_t column)
{
    return sqlite3_column_name(q->stmt, (int)column);
}

/* Only time spent here counts: who draws a page between two rows is not slow SQL. */
bool statement_next(struct statement *q, bool *has_row, struct err *err)
{
    struct store *st = q->st;
    int64_t start = q->limit_ms ? guard_now_ms() : 0;
    int rc;

    st->deadline_ms = q->limit_ms ? start + q->limit_ms - q->spent_ms : 0;
    st->is_late = false;
    st->is_guarded = true; /* SQLite may compile it again */
    rc = sqlite3_step(q->stmt);
    st->is_guarded = false;
    st->deadline_ms = 0;
    if (q->limit_ms)
        q->spent_ms += guard_now_ms() - start;
    *has_row = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE || refused(st, q->what, rc, err);
}

struct cell statement_cell(const struct statement *q, size_t column)
{
    int at = (int)column;

    switch (sqlite3_column_type(q->stmt, at)) {
    case SQLITE_INTEGER:
        return (struct cell){.kind = CELL_INT, .i = sqlite3_column_int64(q->stmt, at)};
    case SQLITE_FLOAT:
        return (struct cell){.kind = CELL_REAL, .r = sqlite3_column_double(q->stmt, at)};
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
        const char *text = (const char *)sqlite3_column_text(q->stmt, at);

        return (struct cell){.kind = CELL_TEXT,
                             .text = {text ? text : "", (size_t)sqlite3_column_bytes(q->stmt, at)}};
    }
    default:
        return (struct cell){.kind = CELL_NULL};
    }
}

void statement_reset(struct statement *q)
{
    (void)sqlite3_reset(q->stmt);
    q->spent_ms = 0;
}
