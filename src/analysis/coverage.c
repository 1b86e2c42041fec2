/*
 * coverage: what the record holds for a period, and when it is silent.
 *
 * A day without any event of a continuous source is silent, unless the same weekday is usually
 * quiet: then the source rests on weekends, and a quiet Sunday says nothing. "Usually" looks at the
 * same weekday up to four weeks before and after, inside the span for which the source is recorded;
 * with fewer than two such days nothing is known to be usual, and silence is silence.
 */
#include "analysis/coverage.h"

#include "analysis/coverage_days.sql.h"
#include "analysis/coverage_files.sql.h"
#include "analysis/coverage_first.sql.h"
#include "analysis/coverage_sources.sql.h"

struct key_days { /* one source and account, in the environment or everywhere */
    str source, account;
    bool is_here;
    bool *has;           /* a flag for each day of the window */
    int64_t first, last; /* of the flags set, as indexes */
    struct key_days *next;
};

struct window { /* the days looked at: the period and four weeks on both sides */
    int64_t from_day, ndays;
    struct key_days *keys, **last_key;
};

#define WEEKS_BESIDE 4

/* --- reading ---------------------------------------------------------------------------------- */

static int64_t day_of_key(int64_t key)
{
    return SECONDS_OF_KEY(key) / DAY_SECONDS;
}

static struct key_days *key_get(struct window *w, struct arena *a, str source, str account,
                                bool is_here)
{
    struct key_days *k;

    for (k = w->keys; k; k = k->next)
        if (k->is_here == is_here && str_eq(k->source, source) && str_eq(k->account, account))
            return k;
    k = arena_new(a, struct key_days, 1);
    *k = (struct key_days){
        .source = str_copy(a, source),
        .account = str_copy(a, account),
        .is_here = is_here,
        .has = arena_new(a, bool, (size_t)w->ndays),
        .first = -1,
    };
    *w->last_key = k;
    w->last_key = &k->next;
    return k;
}

static void key_mark(struct key_days *k, int64_t index)
{
    k->has[index] = true;
    if (k->first < 0 || index < k->first)
        k->first = index;
    if (index > k->last)
        k->last = index;
}

struct source_seen *coverage_source(const struct coverage *c, str name)
{
    for (size_t i = 0; i < c->nsources; i++)
        if (str_eq(c->sources[i].source, name))
            return &c->sources[i];
    return NULL;
}

static bool load_sources(struct store *st, struct arena *a, struct coverage *c, struct err *err)
{
    struct statement *q = NULL;
    size_t cap = 0;
    bool has_row = false, ok = false;

    if (!store_prepare(st, str_from(sql_coverage_sources), "coverage_sources", 0, &q, err))
        return false;
    for (;;) {
        struct source_seen *s;

        if (!statement_next(q, &has_row, err))
            goto done;
        if (!has_row)
            break;
        if (c->nsources == cap) {
            struct source_seen *more = arena_new(a, struct source_seen, cap = cap ? cap * 2 : 16);

            if (c->nsources > 0)
                memcpy(more, c->sources, c->nsources * sizeof *more);
            c->sources = more;
        }
        s = &c->sources[c->nsources++];
        s->source = str_copy(a, statement_cell(q, 0).text);
        s->title = str_copy(a, statement_cell(q, 1).text);
        s->gives = str_copy(a, statement_cell(q, 2).text);
        s->is_continuous = statement_cell(q, 3).i != 0;
    }
    ok = true;
done:
    statement_close(q);
    return ok;
}

static bool load_files(struct store *st, struct coverage *c, struct err *err)
{
    struct statement *q = NULL;
    bool has_row = false, ok = false;

    if (!store_prepare(st, str_from(sql_coverage_files), "coverage_files", 0, &q, err))
        return false;
    statement_bind_int(q, "from", c->from);
    statement_bind_int(q, "until", c->until);
    for (;;) {
        if (!statement_next(q, &has_row, err))
            goto done;
        if (!has_row)
            break;
        for (str rest = statement_cell(q, 0).text; rest.ptr;) {
            struct source_seen *s = coverage_source(c, str_cut(&rest, ' '));

            if (s)
                s->is_read = true;
        }
    }
    ok = true;
done:
    statement_close(q);
    return ok;
}

/* One row of coverage_days.sql: marks the day for the account everywhere and, if it is of the
 * environment, there. */
static void note_day(struct coverage *c, struct window *w, struct arena *a,
                     const struct statement *q)
{
    str name = statement_cell(q, 0).text, account = statement_cell(q, 1).text;
    int64_t t = statement_cell(q, 3).i;
    bool is_here = c->environment.len == 0 || str_eq(statement_cell(q, 2).text, c->environment);
    bool is_inside = t > c->from - KEY_OF_SECONDS(DAY_SECONDS) && t < c->until;
    int64_t index = day_of_key(t) - w->from_day;
    struct source_seen *s = coverage_source(c, name);

    if (!s || index < 0 || index >= w->ndays)
        return;
    s->is_read |= is_inside;
    s->is_here |= is_inside && is_here;
    if (!s->is_continuous)
        return;
    key_mark(key_get(w, a, name, account, false), index);
    if (is_here)
        key_mark(key_get(w, a, name, account, true), index);
}

static bool load_days(struct store *st, struct arena *a, struct coverage *c, struct window *w,
                      struct err *err)
{
    struct statement *q = NULL;
    bool has_row = false, ok = false;

    if (!store_prepare(st, str_from(sql_coverage_days), "coverage_days", 0, &q, err))
        return false;
    statement_bind_int(q, "since", KEY_OF_SECONDS(w->from_day * DAY_SECONDS));
    statement_bind_int(q, "before", KEY_OF_SECONDS((w->from_day + w->ndays) * DAY_SECONDS));
    for (;;) {
        if (!statement_next(q, &has_row, err))
            goto done;
        if (!has_row)
            break;
        note_day(c, w, a, q);
    }
    ok = true;
done:
    statement_close(q);
    return ok;
}

/* Period and window. Without a period: what there is, from the first day to the last. */
static bool load_span(struct store *st, const struct period *p, struct coverage *c,
                      struct window *w, struct err *err)
{
    struct statement *q = NULL;
    struct cell first, last, first_here;
    bool has_row = false, ok = false;

    if (!store_prepare(st, str_from(sql_coverage_first), "coverage_first", 0, &q, err))
        return false;
    statement_bind_text(q, "environment", c->environment);
    if (!statement_next(q, &has_row, err))
        goto done;
    first = statement_cell(q, 0), last = statement_cell(q, 1), first_here = statement_cell(q, 2);
    c->from = p ? KEY_OF_SECONDS(p->from) : 0;
    c->until = p ? KEY_OF_SECONDS(p->until) : INT64_MAX;
    if (p) {
        c->first_day = (p->from + DAY_SECONDS - 1) / DAY_SECONDS;
        c->last_day = p->until / DAY_SECONDS;
    } else if (first.kind == CELL_INT) {
        c->first_day = day_of_key(first.i);
        c->last_day = day_of_key(last.i) + 1;
    }
    c->first_key = first_here.kind == CELL_INT ? first_here.i : 0;
    if (p && first_here.kind == CELL_INT && first_here.i < c->from)
        c->history_days = (p->from - SECONDS_OF_KEY(first_here.i)) / DAY_SECONDS;
    w->from_day = c->first_day - 7 * WEEKS_BESIDE;
    w->ndays = c->last_day - c->first_day + 14 * WEEKS_BESIDE;
    ok = true;
done:
    statement_close(q);
    return ok;
}

bool word_in(str word, str words)
{
    for (str rest = words; rest.ptr;)
        if (str_eq(str_cut(&rest, ' '), word))
            return true;
    return false;
}

/* --- silence ---------------------------------------------------------------------------------- */

/* Is the same weekday usually quiet? */
static bool rests_then(const struct key_days *k, int64_t index)
{
    int considered = 0, active = 0;

    for (int week = -WEEKS_BESIDE; week <= WEEKS_BESIDE; week++) {
        int64_t other = index + 7 * week;

        if (week == 0 || other < k->first || other > k->last)
            continue;
        considered++;
        active += k->has[other];
    }
    return considered >= 2 && active * 4 < considered * 3;
}

/* Before the first event of an account the account may not have been there: silent only if the
 * whole source was. */
static bool is_before_account(const struct window *w, const struct key_days *k, int64_t index)
{
    if (index >= k->first)
        return false;
    for (const struct key_days *other = w->keys; other; other = other->next)
        if (other->is_here == k->is_here && str_eq(other->source, k->source) &&
            other->first <= index)
            return true;
    return false;
}

static bool is_silent(const struct window *w, const struct key_days *k, int64_t index)
{
    return !k->has[index] && !rests_then(k, index) && !is_before_account(w, k, index);
}

static struct silence **add_silences(const struct coverage *c, const struct window *w,
                                     const struct key_days *k, struct silence **last,
                                     struct arena *a)
{
    int64_t from = c->first_day - w->from_day, until = c->last_day - w->from_day;

    if (k->first >= until)
        return last; /* first heard after the period */
    for (int64_t i = from; i < until; i++) {
        int64_t start = i;

        while (i < until && is_silent(w, k, i))
            i++;
        if (i == start)
            continue;
        *last = arena_new(a, struct silence, 1);
        **last = (struct silence){
            .source = k->source,
            .account = k->account,
            .is_here = k->is_here,
            .from_day = w->from_day + start,
            .until_day = w->from_day + i,
        };
        last = &(*last)->next;
    }
    return last;
}

static bool key_counts(const struct coverage *c, str source, bool is_here)
{
    const struct source_seen *s = coverage_source(c, source);

    return s && word_in(STR("cloud-audit"), s->gives) == is_here;
}

bool silence_counts(const struct coverage *c, const struct silence *s)
{
    return key_counts(c, s->source, s->is_here);
}

static void count_days(struct coverage *c, const struct window *w, const struct key_days *k)
{
    int64_t until = c->last_day - w->from_day;

    if (!key_counts(c, k->source, k->is_here) || k->first >= until)
        return;
    for (int64_t i = c->first_day - w->from_day; i < until; i++) {
        c->days_silent += is_silent(w, k, i);
        c->days_told += !is_silent(w, k, i);
    }
}

bool coverage_load(struct store *st, const struct scope *scope, struct arena *a,
                   struct coverage *out, struct err *err)
{
    struct window w = {0};
    struct silence **last = &out->silences;

    *out = (struct coverage){.environment = scope->environment};
    w.last_key = &w.keys;
    if (!load_sources(st, a, out, err) || !load_span(st, scope->period, out, &w, err) ||
        !load_files(st, out, err) || !load_days(st, a, out, &w, err))
        return err_wrap(err, "cannot read what the record covers");
    for (const struct key_days *k = w.keys; k; k = k->next)
        last = add_silences(out, &w, k, last, a);
    for (const struct key_days *k = w.keys; k; k = k->next)
        count_days(out, &w, k);
    return true;
}
