/*
 * meta: single values about the database.
 *
 *   content    counts commits that changed something
 *   registers  digest of the configuration that the reg_ tables hold
 *   ticket     pattern of ticket keys, from the configuration
 *   derived    what the derived tables were made from: content, registers, digest of derive.sql
 */
#include "store/internal.h"

bool meta_get(struct store *st, const char *key, struct arena *a, str *out, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT value FROM main.meta WHERE key=?");
    bool has_row;

    sql_text(&q, str_from(key));
    if (!sql_row(&q, &has_row, err))
        return false;
    *out = has_row ? str_copy(a, sql_text_at(&q, 0)) : STR_NONE;
    if (has_row)
        sql_end(&q);
    return true;
}

bool meta_set(struct store *st, const char *key, str value, struct err *err)
{
    struct sql q = sql_begin(
        st, "INSERT INTO main.meta VALUES(?,?) ON CONFLICT DO UPDATE SET value = excluded.value");

    sql_text(&q, str_from(key));
    sql_text(&q, value);
    return sql_run(&q, err);
}
