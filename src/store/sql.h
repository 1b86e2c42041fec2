/*
 * sql: prepared statements with less noise.
 *
 *   struct sql q = sql_begin(st, "INSERT INTO file_path VALUES(?,?)");
 *   sql_int(&q, file);
 *   sql_text(&q, path);
 *   if (!sql_run(&q, err))
 *       return false;
 *
 * Statements are kept by the address of their text, so give literals. Parameters are bound in
 * order; what is bound must live until the statement has run. A statement cannot be used again
 * inside itself.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"

struct store;

struct sql {
    struct store *st;
    sqlite3_stmt *stmt;
    int at, rc;
};

struct sql sql_begin(struct store *st, const char *text);
void sql_int(struct sql *q, int64_t v);
void sql_int_or_null(struct sql *q, bool is_set, int64_t v);
void sql_text(struct sql *q, str v); /* empty or absent: NULL */
void sql_empty_text(struct sql *q);
void sql_blob(struct sql *q, const void *bytes, size_t n);
void sql_null(struct sql *q);

bool sql_run(struct sql *q, struct err *err) MUST_CHECK; /* to its end */
bool sql_row(struct sql *q, bool *has_row,
             struct err *err) MUST_CHECK; /* one step; ends itself after the last row */
void sql_end(struct sql *q);              /* leaves before the last row */

int64_t sql_int_at(const struct sql *q, int column);
bool sql_is_null(const struct sql *q, int column);
str sql_text_at(const struct sql *q, int column); /* valid until the next step; absent for NULL */
str sql_blob_at(const struct sql *q, int column);

/* Several statements of fixed text, no results. */
bool sql_script(struct store *st, const char *text, struct err *err) MUST_CHECK;
/* The connection's last error as ours. Always false. */
bool sql_failed(struct store *st, int rc, struct err *err);

#endif
