/*
 * compose_chart: what the makers of charts share: points of a set and categories of time.
 */
#ifndef ANALYSIS_COMPOSE_CHART_H
#define ANALYSIS_COMPOSE_CHART_H

#include "analysis/compose.h"

/* One row of a chart set: which category, which series, how much. */
struct point {
    str label, account;
    int64_t t, n;
    bool is_here;
};

typedef bool (*point_fn)(void *state, const struct point *p);

/* Runs the set that `set` names and hands over its rows. */
bool each_point(struct composer *c, json_t *object, point_fn take, void *state) MUST_CHECK;

struct calendar { /* local days of the period, or its months */
    int64_t first_day;
    size_t ndays;
    bool is_monthly;
    int first_month; /* year * 12 + month - 1 */
    size_t count;
    const str *labels;
};

struct calendar calendar_of(const struct composer *c);
size_t calendar_at(const struct calendar *k, int64_t day); /* SIZE_MAX when it lies outside */

bool chart_week(struct composer *c, json_t *object, struct chart *out) MUST_CHECK;
bool chart_coverage(struct composer *c, json_t *object, struct chart *out) MUST_CHECK;

#endif
