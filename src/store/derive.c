/*
 * derive: the environment map, the registers and the join rules, applied. What is worked out is in
 * derive.sql; here is when.
 */
#include "store/derive.sql.h"
#include "store/internal.h"

/* What the derived tables depend on, as one text. */
static bool wanted(struct store *st, struct arena *a, str *out, struct err *err)
{
    struct sha256 rules = sha256_of(str_from(sql_derive));
    str content, registers;

    if (!meta_get(st, "content", a, &content, err) ||
        !meta_get(st, "registers", a, &registers, err))
        return false;
    *out = str_print(a, "%.*s %.*s %.*s", STR_FMT(content), STR_FMT(registers),
                     STR_FMT(sha256_hex(&rules, a)));
    return true;
}

static bool derive(struct store *st, const struct config *cfg, struct err *err)
{
    struct arena a = {0};
    str want, have;
    bool ok = false;

    if (!rollup_flush(st, err) || (st->is_changed && !content_changed(st, err)))
        goto done;
    st->is_changed = false;
    if (!registers_write(st, cfg, err) || !scopes_refit(st, err) || !wanted(st, &a, &want, err) ||
        !meta_get(st, "derived", &a, &have, err))
        goto done;
    ok = str_eq(want, have) || (rollup_recount_stale(st, err) && sql_script(st, sql_derive, err) &&
                                meta_set(st, "derived", want, err));
    if (!ok)
        err_wrap(err, "cannot work out facts");
done:
    arena_free(&a);
    return ok;
}

static bool in_transaction(struct store *st, const struct config *cfg,
                           bool (*work)(struct store *st, const struct config *cfg,
                                        struct err *err),
                           struct err *err)
{
    bool is_inside = !sqlite3_get_autocommit(st->db);

    if (!is_inside && !store_begin(st, err))
        return false;
    if (!work(st, cfg, err)) {
        if (!is_inside)
            store_rollback(st);
        return false;
    }
    return is_inside || store_commit(st, err);
}

bool store_derive(struct store *st, const struct config *cfg, struct err *err)
{
    return in_transaction(st, cfg, derive, err);
}

bool store_configure(struct store *st, const struct config *cfg, struct err *err)
{
    return in_transaction(st, cfg, registers_write, err);
}

bool store_source_add(struct store *st, const struct source_facts *source, struct err *err)
{
    struct sql q =
        sql_begin(st, "INSERT INTO source_row VALUES(?1,?2,?3,?4) ON CONFLICT DO UPDATE SET title "
                      "= ?2, gives = ?3, "
                      "is_continuous = ?4 WHERE title <> ?2 OR gives <> ?3 OR is_continuous <> ?4");

    sql_text(&q, source->name);
    sql_text(&q, str_or(source->title, source->name));
    if (str_empty(source->gives))
        sql_empty_text(&q);
    else
        sql_text(&q, source->gives);
    sql_int(&q, source->is_continuous);
    if (!sql_run(&q, err))
        return false;
    if (!sqlite3_changes(st->db))
        return true;
    if (sqlite3_get_autocommit(st->db))
        return content_changed(st, err);
    st->is_changed = true; /* counted by the commit */
    return true;
}
