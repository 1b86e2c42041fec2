/*
 * verify: everything that is kept as a total counted again, and the file checked by SQLite.
 *
 * What does not hold becomes an issue; only what prevents the checking is an error.
 */
#include "store/internal.h"

/* Each gives one row per thing that is wrong, as a sentence. */
static const char *const checks[] = {
    "SELECT printf('file %s: %d read, but %d accepted, %d rejected and %d duplicate', path, read, "
    "accepted, rejected, duplicate) "
    "FROM file_row WHERE problem IS NULL AND read <> accepted + rejected + duplicate",

    "SELECT printf('file %s: %d of its records stand, by its totals %d', f.path, coalesce(c.n, 0), "
    "f.gave - f.duplicate) "
    "FROM file_row AS f LEFT JOIN (SELECT file, count(*) AS n FROM ("
    "  SELECT file, record FROM event_row AS e WHERE NOT EXISTS (SELECT 1 FROM fold_row AS o WHERE "
    "o.fold = e.eid) "
    "  UNION SELECT file, record FROM fold_part) GROUP BY file) AS c ON c.file = f.id "
    "WHERE f.problem IS NULL AND coalesce(c.n, 0) <> f.gave - f.duplicate",

    "SELECT printf('file %s: %d records rejected, but %d told', f.path, f.rejected, coalesce(c.n, "
    "0)) FROM file_row AS f "
    "LEFT JOIN (SELECT file, count(*) AS n FROM issue_row WHERE kind IN ('rejected', 'file', "
    "'truncated') GROUP BY file) "
    "AS c ON c.file = f.id "
    "WHERE coalesce(c.n, 0) < f.rejected",

    "SELECT printf('file %s: %d conflicts counted, %d told', f.path, f.conflict, coalesce(c.n, 0)) "
    "FROM file_row AS f "
    "LEFT JOIN (SELECT file, count(*) AS n FROM issue_row WHERE kind = 'conflict' GROUP BY file) "
    "AS c ON c.file = f.id "
    "WHERE coalesce(c.n, 0) <> f.conflict",

    "SELECT printf('file %s: %d records folded, %d counted', f.path, coalesce(c.n, 0), f.folded) "
    "FROM file_row AS f "
    "LEFT JOIN (SELECT file, count(*) AS n FROM fold_part WHERE is_led = 1 GROUP BY file) AS c ON "
    "c.file = f.id "
    "WHERE coalesce(c.n, 0) <> f.folded",

    "SELECT printf('event %d stands in a file that is not here', id) FROM event_row WHERE file NOT "
    "IN (SELECT id FROM file_row)",

    "SELECT printf('event %d names a dictionary row that is not here', e.id) FROM event_row AS e "
    "WHERE NOT EXISTS (SELECT 1 FROM scope AS d WHERE d.id = e.scope) OR NOT EXISTS (SELECT 1 FROM "
    "action AS d WHERE d.id = e.action) "
    "OR (e.principal IS NOT NULL AND NOT EXISTS (SELECT 1 FROM principal AS d WHERE d.id = "
    "e.principal AND d.actor = e.actor)) "
    "OR (e.resource IS NOT NULL AND NOT EXISTS (SELECT 1 FROM resource AS d WHERE d.id = "
    "e.resource))",

    "SELECT printf('details of event %d, which is not here', event) FROM ("
    "SELECT event FROM more UNION ALL SELECT event FROM event_resource_row UNION ALL SELECT event "
    "FROM grant_fact "
    "UNION ALL SELECT event FROM exposure_fact UNION ALL SELECT event FROM change_seen UNION ALL "
    "SELECT event FROM approval_seen "
    "UNION ALL SELECT event FROM change_request_seen UNION ALL SELECT event FROM commit_seen UNION "
    "ALL SELECT event FROM link_seen "
    "UNION ALL SELECT event FROM snapshot_seen UNION ALL SELECT event FROM snapshot_resource UNION "
    "ALL SELECT event FROM fold_row) "
    "WHERE event NOT IN (SELECT id FROM event_row)",
};

enum { ISSUES_MAX = 20 }; /* of one check; the rest is counted */

static bool run_check(struct store *st, const char *text, struct issues *found, struct arena *a,
                      struct err *err)
{
    struct sql q = sql_begin(st, text);
    uint64_t n = 0;
    bool has_row;

    for (;; n++) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            break;
        if (n < ISSUES_MAX)
            issues_add(found, a, ISSUE_NOTE, "%.*s", STR_FMT(sql_text_at(&q, 0)));
    }
    if (n > ISSUES_MAX)
        issues_add(found, a, ISSUE_NOTE, "and %llu more of the kind",
                   (unsigned long long)(n - ISSUES_MAX));
    return true;
}

/* SQLite's own check says "ok" or one line per fault. */
static bool check_file(struct store *st, struct issues *found, struct arena *a, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT integrity_check FROM pragma_integrity_check(100)");
    bool has_row;

    for (;;) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        if (!str_eq(sql_text_at(&q, 0), STR("ok")))
            issues_add(found, a, ISSUE_FILE, "database: %.*s", STR_FMT(sql_text_at(&q, 0)));
    }
}

/* Order of two rows by their first `n` columns, all of them numbers. A row that is not there is
 * behind all others. */
static int row_order(const struct sql *a, bool has_a, const struct sql *b, bool has_b, int n)
{
    if (!has_a || !has_b)
        return has_a ? -1 : has_b;
    for (int i = 0; i < n; i++) {
        int64_t x = sql_int_at(a, i), y = sql_int_at(b, i);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

/* A roll-up against the events, both in the order of their keys. */
static bool check_rollup(struct store *st, const struct recount *r, struct issues *found,
                         struct arena *a, struct err *err)
{
    struct sql kept = sql_begin(st, r->kept), counted = sql_begin(st, r->count);
    int ncolumns = sqlite3_column_count(kept.stmt), by_key = 0;
    bool has_kept = true, has_counted = true;
    uint64_t wrong = 0;

    while (has_kept || has_counted) {
        if ((by_key <= 0 && has_kept && !sql_row(&kept, &has_kept, err)) ||
            (by_key >= 0 && has_counted && !sql_row(&counted, &has_counted, err))) {
            sql_end(&kept);
            sql_end(&counted);
            return false;
        }
        by_key = row_order(&kept, has_kept, &counted, has_counted, r->nkeys);
        wrong += by_key != 0 || row_order(&kept, has_kept, &counted, has_counted, ncolumns) != 0;
    }
    if (wrong)
        issues_add(found, a, ISSUE_NOTE, "%llu rows of %s are not what the events add up to",
                   (unsigned long long)wrong, r->table);
    return true;
}

/* Event keys: each at the first free key from the one it wants on, in order (place.c). */
static bool check_places(struct store *st, struct issues *found, struct arena *a, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT id, eid, mark FROM event_row ORDER BY id");
    unsigned char last_eid[EID_SIZE] = {0};
    int64_t last = -2, last_home = -1, wrong = 0;
    uint64_t last_mark = 0;
    bool has_row;

    for (;;) {
        unsigned char eid[EID_SIZE] = {0};
        int64_t id, home;
        uint64_t mark;
        str bytes;

        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            break;
        id = sql_int_at(&q, 0);
        bytes = sql_blob_at(&q, 1);
        mark = (uint64_t)sql_int_at(&q, 2);
        memcpy(eid, bytes.ptr, bytes.len < EID_SIZE ? bytes.len : EID_SIZE);
        home = event_home(id >> 30, eid);
        if (home != id) {
            int by_eid = memcmp(last_eid, eid, EID_SIZE);

            wrong += id != last + 1 || home > id || last_home > home ||
                     (last_home == home && (by_eid > 0 || (by_eid == 0 && last_mark >= mark)));
        }
        last = id;
        last_home = home;
        last_mark = mark;
        memcpy(last_eid, eid, EID_SIZE);
    }
    if (wrong)
        issues_add(found, a, ISSUE_NOTE, "%lld events do not stand where their id puts them",
                   (long long)wrong);
    return true;
}

bool store_verify(struct store *st, struct issues *found, struct arena *a, struct err *err)
{
    if (!check_file(st, found, a, err))
        return false;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!run_check(st, checks[i], found, a, err))
            return false;
    for (size_t i = 0; i < ROLL_KINDS; i++)
        if (!check_rollup(st, &rollup_recounts[i], found, a, err))
            return false;
    return check_places(st, found, a, err);
}
