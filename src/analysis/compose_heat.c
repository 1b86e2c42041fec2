/*
 * compose_heat: heat maps: people at work by hour and weekday, records by source and day.
 */
#include "analysis/compose_chart.h"

/* --- weekday and hour ------------------------------------------------------------------------- */

struct week {
    int64_t cells[7][24];
};

static bool week_point(void *state, const struct point *p)
{
    struct week *w = state;
    int64_t sec = SECONDS_OF_KEY(p->t);

    w->cells[(sec / DAY_SECONDS + 3) % 7][sec % DAY_SECONDS / 3600] +=
        p->n; /* 1970-01-01 was a Thursday */
    return true;
}

bool chart_week(struct composer *c, json_t *object, struct chart *out)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct week *w = arena_new(c->a, struct week, 1);
    struct series *series = arena_new(c->a, struct series, 7);
    str *hours = arena_new(c->a, str, 24);

    if (!each_point(c, object, week_point, w))
        return false;
    for (int i = 0; i < 24; i++)
        hours[i] = str_print(c->a, "%02d", i);
    for (int i = 0; i < 7; i++)
        series[i] = (struct series){str_from(days[i]), "series-1", w->cells[i]};
    *out = (struct chart){.kind = CHART_HEATMAP,
                          .title = out->title,
                          .subtitle = out->subtitle,
                          .categories = hours,
                          .ncategories = 24,
                          .series = series,
                          .nseries = 7,
                          .sheet = out->sheet};
    return true;
}

/* --- coverage by source and day --------------------------------------------------------------- */

struct heat_row {
    str source, account;
    bool is_here;
    int64_t *values;
    struct heat_row *next;
};

struct heat {
    struct composer *c;
    struct calendar calendar;
    struct heat_row *rows, **last;
    size_t count;
};

static struct heat_row *heat_get(struct heat *h, str source, str account, bool is_here)
{
    struct heat_row *row;

    for (row = h->rows; row; row = row->next)
        if (row->is_here == is_here && str_eq(row->source, source) && str_eq(row->account, account))
            return row;
    row = arena_new(h->c->a, struct heat_row, 1);
    *row = (struct heat_row){str_copy(h->c->a, source), str_copy(h->c->a, account), is_here,
                             arena_new(h->c->a, int64_t, h->calendar.count), NULL};
    *h->last = row;
    h->last = &row->next;
    h->count++;
    return row;
}

static bool heat_point(void *state, const struct point *p)
{
    struct heat *h = state;
    size_t at = calendar_at(&h->calendar, SECONDS_OF_KEY(p->t) / DAY_SECONDS);

    if (at != SIZE_MAX)
        heat_get(h, p->label, p->account, p->is_here)->values[at] += p->n;
    return true;
}

static void heat_silences(struct heat *h)
{
    for (const struct silence *s = h->c->coverage.silences; s; s = s->next) {
        struct heat_row *row;

        if (!silence_counts(&h->c->coverage, s))
            continue;
        row = heat_get(h, s->source, s->account, s->is_here);
        for (int64_t day = s->from_day; day < s->until_day; day++) {
            size_t at = calendar_at(&h->calendar, day);

            if (at != SIZE_MAX)
                row->values[at] = HEAT_GAP;
        }
    }
}

bool chart_coverage(struct composer *c, json_t *object, struct chart *out)
{
    struct heat h = {.c = c, .calendar = calendar_of(c)};
    struct series *series;
    size_t n = 0;

    h.last = &h.rows;
    if (!each_point(c, object, heat_point, &h))
        return false;
    heat_silences(&h);
    series = arena_new(c->a, struct series, h.count);
    for (struct heat_row *row = h.rows; row; row = row->next) {
        for (size_t i = 0; i < h.calendar.count; i++)
            if (row->values[i] == 0)
                row->values[i] = HEAT_ABSENT;
        series[n++] = (struct series){str_join(c->a, row->source, STR(" "), row->account), "teal",
                                      row->values};
    }
    *out = (struct chart){.kind = CHART_HEATMAP,
                          .title = out->title,
                          .subtitle = out->subtitle,
                          .categories = h.calendar.labels,
                          .ncategories = h.calendar.count,
                          .series = series,
                          .nseries = n,
                          .sheet = out->sheet};
    return true;
}
