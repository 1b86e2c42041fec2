/*
 * rollup: counts that reports want at once, kept while writing.
 *
 * Changes gather in memory and go to the tables at commit, or when there are many, in key order.
 * Counts can be taken back (an event moves from one file to another, parts of an act are merged
 * again); the ends of a span cannot, so a span that loses an end is set to NULL and counted again
 * from the events when facts are derived.
 *
 * Events without a time are counted in the day tables (day 0) and have no span and no hour.
 */
#include <stdlib.h>

#include "store/hash.h"
#include "store/internal.h"

enum { ROLLS_MAX = 1 << 17, SECONDS_OF_HOUR = 3600, SECONDS_OF_DAY = 86400 };

static void slots_grow(struct roll_map *m)
{
    free(m->slots);
    m->nslots = m->nslots ? m->nslots * 2 : 256;
    m->slots = xmalloc(m->nslots * sizeof *m->slots);
    memset(m->slots, 0, m->nslots * sizeof *m->slots);
}

static size_t slot_of(const struct roll_map *m, const int64_t key[5])
{
    size_t at = hash_bytes(0, key, 5 * sizeof *key) & (m->nslots - 1);

    while (m->slots[at] && memcmp(m->rolls[m->slots[at] - 1].key, key, 5 * sizeof *key) != 0)
        at = (at + 1) & (m->nslots - 1);
    return at;
}

static struct roll *roll_at(struct roll_map *m, const int64_t key[5])
{
    size_t at;

    if (m->count * 2 >= m->nslots) {
        slots_grow(m);
        for (size_t i = 0; i < m->count; i++)
            m->slots[slot_of(m, m->rolls[i].key)] = (uint32_t)i + 1;
    }
    at = slot_of(m, key);
    if (!m->slots[at]) {
        if (m->count == m->cap) {
            m->cap = m->cap ? m->cap * 2 : 128;
            m->rolls = xrealloc(m->rolls, m->cap * sizeof *m->rolls);
        }
        m->rolls[m->count] = (struct roll){0};
        memcpy(m->rolls[m->count].key, key, 5 * sizeof *key);
        m->slots[at] = (uint32_t)++m->count;
    }
    return &m->rolls[m->slots[at] - 1];
}

static void span(struct roll *r, int64_t sec, int sign)
{
    if (sign < 0) {
        r->is_stale = true;
        return;
    }
    if (!r->has_span || sec < r->first)
        r->first = sec;
    if (!r->has_span || sec > r->last)
        r->last = sec;
    r->has_span = true;
}

static bool has_failed(int outcome)
{
    switch ((enum outcome)outcome) {
    case OUTCOME_FAILURE:
    case OUTCOME_DENIED:
    case OUTCOME_THROTTLED:
        return true;
    case OUTCOME_UNKNOWN:
    case OUTCOME_SUCCESS:
    case OUTCOME_PENDING:
        break;
    }
    return false;
}

static void tally_days(struct store *st, const struct tally *t, int sign)
{
    int64_t day = t->sec / SECONDS_OF_DAY;
    struct roll *r;

    if (t->is_fact)
        return;
    r = roll_at(&st->rolls[ROLL_DAY_ACTION],
                (const int64_t[5]){day, t->scope, t->action, t->outcome, t->error});
    r->n += sign;
    r = roll_at(&st->rolls[ROLL_DAY_ACTOR], (const int64_t[5]){day, t->scope, t->actor});
    r->n += sign;
    r->writes += sign * t->is_write;
    r->failed += sign * has_failed(t->outcome);
}

static void tally_spans(struct store *st, const struct tally *t, int sign)
{
    struct roll *r;

    if (t->is_fact || t->sec == 0)
        return;
    r = roll_at(&st->rolls[ROLL_SEEN], (const int64_t[5]){t->actor, t->scope, t->action});
    r->n += sign;
    span(r, t->sec, sign);
    r = roll_at(&st->rolls[ROLL_COVERAGE], (const int64_t[5]){t->scope, t->sec / SECONDS_OF_HOUR});
    r->n += sign;
    span(r, t->sec, sign);
}

void rollup_add(struct store *st, const struct tally *t)
{
    tally_days(st, t, 1);
    tally_spans(st, t, 1);
}

void rollup_change(struct store *st, const struct tally *was, const struct tally *is)
{
    /* An act whose end becomes known changes its outcome and nothing that a span depends on. */
    bool same_span = was && is && was->sec == is->sec && was->scope == is->scope &&
                     was->actor == is->actor && was->action == is->action &&
                     was->is_fact == is->is_fact;

    if (was)
        tally_days(st, was, -1);
    if (is)
        tally_days(st, is, 1);
    if (same_span)
        return;
    if (was)
        tally_spans(st, was, -1);
    if (is)
        tally_spans(st, is, 1);
}

/* --- into the tables -------------------------------------------------------------------------- */

static const struct roll_table {
    size_t nkeys;
    bool has_counts, has_span;
    const char *add, *stale, *clean;
} tables[ROLL_KINDS] = {
    [ROLL_DAY_ACTION] =
        {5, false, false,
         "INSERT INTO day_action(day, scope, action, outcome, error, n) VALUES(?,?,?,?,?,?) "
         "ON CONFLICT DO UPDATE SET n = n + excluded.n",
         NULL,
         "DELETE FROM day_action WHERE day=? AND scope=? AND action=? AND outcome=? AND error=? "
         "AND n=0"},
    [ROLL_DAY_ACTOR] =
        {3, true, false,
         "INSERT INTO day_actor(day, scope, actor, n, writes, failed) VALUES(?,?,?,?,?,?) "
         "ON CONFLICT DO UPDATE SET n = n + excluded.n, writes = writes + excluded.writes, "
         "failed = failed + excluded.failed",
         NULL, "DELETE FROM day_actor WHERE day=? AND scope=? AND actor=? AND n=0"},
    [ROLL_SEEN] =
        {3, false, true,
         "INSERT INTO seen_row(actor, scope, action, n, first, last) VALUES(?,?,?,?,?,?) "
         "ON CONFLICT DO UPDATE SET n = n + excluded.n, first = min(first, excluded.first), "
         "last = max(last, excluded.last)",
         "UPDATE seen_row SET first = NULL, last = NULL WHERE actor=? AND scope=? AND action=?",
         "DELETE FROM seen_row WHERE actor=? AND scope=? AND action=? AND n=0"},
    [ROLL_COVERAGE] =
        {2, false, true,
         "INSERT INTO coverage_hour(scope, hour, n, first, last) VALUES(?,?,?,?,?) "
         "ON CONFLICT DO UPDATE SET n = n + excluded.n, first = min(first, excluded.first), "
         "last = max(last, excluded.last)",
         "UPDATE coverage_hour SET first = NULL, last = NULL WHERE scope=? AND hour=?",
         "DELETE FROM coverage_hour WHERE scope=? AND hour=? AND n=0"},
};

static int roll_cmp(const void *a, const void *b)
{
    const struct roll *x = a, *y = b;

    for (size_t i = 0; i < 5; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    return 0;
}

static bool run_keyed(struct store *st, const char *text, const struct roll_table *t,
                      const struct roll *r, struct err *err)
{
    struct sql q = sql_begin(st, text);

    for (size_t i = 0; i < t->nkeys; i++)
        sql_int(&q, r->key[i]);
    return sql_run(&q, err);
}

static bool roll_write(struct store *st, const struct roll_table *t, const struct roll *r,
                       struct err *err)
{
    struct sql q = sql_begin(st, t->add);

    for (size_t i = 0; i < t->nkeys; i++)
        sql_int(&q, r->key[i]);
    sql_int(&q, r->n);
    if (t->has_counts) {
        sql_int(&q, r->writes);
        sql_int(&q, r->failed);
    }
    if (t->has_span) {
        sql_int_or_null(&q, r->has_span, r->first);
        sql_int_or_null(&q, r->has_span, r->last);
    }
    if (!sql_run(&q, err))
        return false;
    if (r->is_stale && !run_keyed(st, t->stale, t, r, err))
        return false;
    return r->n > 0 || run_keyed(st, t->clean, t, r, err);
}

static bool flush(struct store *st, enum roll_kind kind, struct err *err)
{
    struct roll_map *m = &st->rolls[kind];

    if (m->count)
        qsort(m->rolls, m->count, sizeof *m->rolls, roll_cmp);
    for (size_t i = 0; i < m->count; i++)
        if (!roll_write(st, &tables[kind], &m->rolls[i], err))
            return false;
    m->count = 0;
    if (m->nslots)
        memset(m->slots, 0, m->nslots * sizeof *m->slots);
    return true;
}

bool rollup_flush(struct store *st, struct err *err)
{
    for (int kind = 0; kind < ROLL_KINDS; kind++)
        if (!flush(st, (enum roll_kind)kind, err))
            return false;
    return true;
}

bool rollup_flush_when_full(struct store *st, struct err *err)
{
    for (int kind = 0; kind < ROLL_KINDS; kind++)
        if (st->rolls[kind].count > ROLLS_MAX && !flush(st, (enum roll_kind)kind, err))
            return false;
    return true;
}

bool rollup_recount_stale(struct store *st, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT EXISTS(SELECT 1 FROM seen_row WHERE first IS NULL)");
    bool has_row, is_stale;

    if (!sql_row(&q, &has_row, err))
        return false;
    is_stale = has_row && sql_int_at(&q, 0);
    sql_end(&q);
    /* One pass over the events for all of them: there is no index that would find one actor's. */
    if (is_stale &&
        !sql_script(
            st,
            "CREATE TEMP TABLE stale_seen AS SELECT coalesce(actor, 0) AS actor, scope, action, "
            "  min(id) >> 30 AS first, max(id) >> 30 AS last FROM main.event_row "
            "  WHERE is_fact = 0 AND id >= 1 << 30 AND (coalesce(actor, 0), scope, action) IN "
            "  (SELECT actor, scope, action FROM main.seen_row WHERE first IS NULL) GROUP BY 1, 2, "
            "3;"
            "UPDATE main.seen_row AS s SET (first, last) = (SELECT first, last FROM stale_seen AS "
            "t "
            "  WHERE t.actor = s.actor AND t.scope = s.scope AND t.action = s.action) "
            "  WHERE first IS NULL;"
            "DROP TABLE stale_seen",
            err))
        return false;
    return sql_script(st,
                      "UPDATE coverage_hour AS c SET (first, last) = (SELECT min(id) >> 30, "
                      "max(id) >> 30 FROM event_row "
                      "  WHERE id >= (c.hour * 3600) << 30 AND id < (c.hour * 3600 + 3600) << 30 "
                      "AND scope = c.scope "
                      "  AND is_fact = 0) WHERE first IS NULL",
                      err);
}

/* --- counting from the events ----------------------------------------------------------------- */

const struct recount rollup_recounts[ROLL_KINDS] = {
    [ROLL_DAY_ACTION] =
        {"day_action", 5,
         "SELECT * FROM main.day_action ORDER BY day, scope, action, outcome, error",
         "SELECT (id >> 30) / 86400, scope, action, outcome, coalesce(error, 0), "
         "count(*) FROM main.event_row WHERE is_fact = 0 GROUP BY 1, 2, 3, 4, 5 "
         "ORDER BY 1, 2, 3, 4, 5"},
    [ROLL_DAY_ACTOR] = {"day_actor", 3, "SELECT * FROM main.day_actor ORDER BY day, scope, actor",
                        "SELECT (id >> 30) / 86400, scope, coalesce(actor, 0), count(*), "
                        "sum(is_write), sum(outcome IN (SELECT id FROM main.outcome WHERE name IN "
                        "('failure', 'denied', 'throttled'))) FROM main.event_row "
                        "WHERE is_fact = 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"},
    [ROLL_SEEN] = {"seen_row", 3, "SELECT * FROM main.seen_row ORDER BY actor, scope, action",
                   "SELECT coalesce(actor, 0), scope, action, count(*), min(id) >> 30, "
                   "max(id) >> 30 FROM main.event_row WHERE is_fact = 0 AND id >= 1 << 30 "
                   "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"},
    [ROLL_COVERAGE] = {"coverage_hour", 2, "SELECT * FROM main.coverage_hour ORDER BY scope, hour",
                       "SELECT scope, (id >> 30) / 3600, count(*), min(id) >> 30, max(id) >> 30 "
                       "FROM main.event_row WHERE is_fact = 0 AND id >= 1 << 30 GROUP BY 1, 2 "
                       "ORDER BY 1, 2"},
};

bool rollup_rebuild(struct store *st, struct err *err)
{
    rollup_forget(st);
    for (size_t i = 0; i < ROLL_KINDS; i++) {
        struct arena a = {0};
        const char *text = str_z(&a, str_print(&a, "DELETE FROM main.%s; INSERT INTO main.%s %s",
                                               rollup_recounts[i].table, rollup_recounts[i].table,
                                               rollup_recounts[i].count));
        bool ok = sql_script(st, text, err);

        arena_free(&a);
        if (!ok)
            return false;
    }
    return true;
}

void rollup_forget(struct store *st)
{
    for (size_t kind = 0; kind < ROLL_KINDS; kind++) {
        st->rolls[kind].count = 0;
        if (st->rolls[kind].nslots)
            memset(st->rolls[kind].slots, 0,
                   st->rolls[kind].nslots * sizeof *st->rolls[kind].slots);
    }
}

void rollup_free(struct store *st)
{
    for (size_t kind = 0; kind < ROLL_KINDS; kind++) {
        free(st->rolls[kind].rolls);
        free(st->rolls[kind].slots);
        st->rolls[kind] = (struct roll_map){0};
    }
}
