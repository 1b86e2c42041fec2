/*
 * sql: prepared statements with less noise, and SQLite's errors in our words.
 */
#include "store/sql.h"

#include "store/internal.h"

/* Slot of a text in the cache of statements: addresses of literals, open addressing, never full
 * (STATEMENTS is four times what there is). */
static struct cached *cache_slot(struct store *st, const char *text)
{
    size_t at = ((uintptr_t)text >> 2) % STATEMENTS;

    while (st->statements[at].text && st->statements[at].text != text)
        at = (at + 1) % STATEMENTS;
    return &st->statements[at];
}

struct sql sql_begin(struct store *st, const char *text)
{
    struct cached *c = cache_slot(st, text);
    struct sql q = {.st = st};

    if (!c->stmt) {
        c->text = text;
        q.rc = sqlite3_prepare_v3(st->db, text, -1, SQLITE_PREPARE_PERSISTENT, &c->stmt, NULL);
    }
    q.stmt = c->stmt;
    return q;
}

/* The first failure stays until the statement is run. */
static void bound(struct sql *q, int rc)
{
    if (q->rc == SQLITE_OK)
        q->rc = rc;
}

void sql_int(struct sql *q, int64_t v)
{
    bound(q, sqlite3_bind_int64(q->stmt, ++q->at, v));
}

void sql_null(struct sql *q)
{
    bound(q, sqlite3_bind_null(q->stmt, ++q->at));
}

void sql_int_or_null(struct sql *q, bool is_set, int64_t v)
{
    if (is_set)
        sql_int(q, v);
    else
        sql_null(q);
}

void sql_text(struct sql *q, str v)
{
    if (str_empty(v))
        sql_null(q);
    else
        bound(q, sqlite3_bind_text64(q->stmt, ++q->at, v.ptr, v.len, SQLITE_STATIC, SQLITE_UTF8));
}

void sql_empty_text(struct sql *q)
{
    bound(q, sqlite3_bind_text(q->stmt, ++q->at, "", 0, SQLITE_STATIC));
}

void sql_blob(struct sql *q, const void *bytes, size_t n)
{
    bound(q, sqlite3_bind_blob64(q->stmt, ++q->at, bytes, n, SQLITE_STATIC));
}

bool sql_row(struct sql *q, bool *has_row, struct err *err)
{
    int rc = q->rc == SQLITE_OK ? sqlite3_step(q->stmt) : q->rc;

    *has_row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW)
        return true;
    if (rc == SQLITE_DONE) {
        sql_end(q);
        return true;
    }
    sql_failed(q->st, rc, err);
    sql_end(q);
    return false;
}

bool sql_run(struct sql *q, struct err *err)
{
    bool has_row = true;

    while (has_row)
        if (!sql_row(q, &has_row, err))
            return false;
    return true;
}

void sql_end(struct sql *q)
{
    /* A reset reports the failure of the last step once more; that has been told. */
    (void)sqlite3_reset(q->stmt);
    q->at = 0;
}

int64_t sql_int_at(const struct sql *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

bool sql_is_null(const struct sql *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

str sql_text_at(const struct sql *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q->stmt, column);

    return (str){text, text ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0};
}

str sql_blob_at(const struct sql *q, int column)
{
    const char *bytes = sqlite3_column_blob(q->stmt, column);

    return (str){bytes, bytes ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0};
}

bool sql_script(struct store *st, const char *text, struct err *err)
{
    int rc = sqlite3_exec(st->db, text, NULL, NULL, NULL);

    return rc == SQLITE_OK || sql_failed(st, rc, err);
}

bool sql_failed(struct store *st, int rc, struct err *err)
{
    const char *why = st->db && (sqlite3_errcode(st->db) & 0xff) == (rc & 0xff)
                          ? sqlite3_errmsg(st->db)
                          : sqlite3_errstr(rc);

    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_LOCKED, "database '%s' is in use by another process", st->path);
    case SQLITE_CORRUPT:
        return err_set(err, ERR_INTEGRITY, "database '%s' is damaged: %s", st->path, why);
    case SQLITE_NOTADB:
        return err_set(err, ERR_DATA, "'%s' is not a database", st->path);
    default:
        return err_set(err, ERR_IO, "database '%s': %s", st->path, why);
    }
}
