/*
 * conflict: events that share an id and second but not their content. All stand; all but the first
 * (lowest digest of the file, then offset) get an issue. Which one is first can change with every
 * file, so the issues of an id are made again when its events change.
 */
#include <stdlib.h>

#include "store/internal.h"

void eid_list_add(struct eid_list *list, const unsigned char eid[EID_SIZE])
{
    /* Events of one id come together: looking back a little keeps the list short. */
    for (size_t i = list->count, back = 0; i > 0 && back < 8; i--, back++)
        if (memcmp(list->ids[i - 1], eid, EID_SIZE) == 0)
            return;
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->ids = xrealloc(list->ids, list->cap * sizeof *list->ids);
    }
    memcpy(list->ids[list->count++], eid, EID_SIZE);
}

static bool count_on_file(struct store *st, int64_t file, int change, struct err *err)
{
    struct sql q = sql_begin(st, "UPDATE file_row SET conflict = conflict + ? WHERE id = ?");

    sql_int(&q, change);
    sql_int(&q, file);
    return sql_run(&q, err);
}

static bool take_back(struct store *st, const unsigned char eid[EID_SIZE], struct err *err)
{
    struct sql q = sql_begin(st, "DELETE FROM issue_row WHERE eid = ? RETURNING file");
    bool has_row;

    sql_blob(&q, eid, EID_SIZE);
    for (;;) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        if (!count_on_file(st, sql_int_at(&q, 0), -1, err)) {
            sql_end(&q);
            return false;
        }
    }
}

static bool tell(struct store *st, const unsigned char eid[EID_SIZE], const struct sql *event,
                 str reason, struct err *err)
{
    struct sql q = sql_begin(
        st, "INSERT INTO issue_row(file, kind, record, offset, reason, eid) VALUES(?,?,?,?,?,?)");

    sql_int(&q, sql_int_at(event, 1));
    sql_text(&q, str_from(issue_kind_name(ISSUE_CONFLICT)));
    sql_int(&q, sql_int_at(event, 2));
    sql_int(&q, sql_int_at(event, 3));
    sql_text(&q, reason);
    sql_blob(&q, eid, EID_SIZE);
    return sql_run(&q, err) && count_on_file(st, sql_int_at(event, 1), 1, err);
}

static bool settle(struct store *st, const unsigned char eid[EID_SIZE], struct err *err)
{
    struct sql q = sql_begin(
        st,
        "SELECT e.id >> 30, e.file, e.record, e.offset, substr(lower(hex(f.sha256)), 1, 12) "
        "FROM event_row AS e JOIN file_row AS f ON f.id = e.file "
        "WHERE e.clash IS NOT NULL AND e.eid = ? ORDER BY e.id >> 30, f.sha256, e.offset, e.mark");
    int64_t sec = -1;
    str reason = STR_NONE;
    bool has_row, ok = take_back(st, eid, err);

    arena_reset(&st->row_arena);
    sql_blob(&q, eid, EID_SIZE);
    while (ok) {
        ok = sql_row(&q, &has_row, err);
        if (!ok || !has_row)
            return ok;
        if (sql_int_at(&q, 0) != sec) {
            sec = sql_int_at(&q, 0);
            reason =
                str_print(&st->row_arena,
                          "same event id as record %lld of file %.*s, other content: both are kept",
                          (long long)sql_int_at(&q, 2), STR_FMT(sql_text_at(&q, 4)));
            continue;
        }
        ok = tell(st, eid, &q, reason, err);
    }
    sql_end(&q);
    return false;
}

bool conflict_settle(struct store *st, struct err *err)
{
    for (size_t i = 0; i < st->conflicts.count; i++)
        if (!settle(st, st->conflicts.ids[i], err))
            return false;
    st->conflicts.count = 0;
    return true;
}
