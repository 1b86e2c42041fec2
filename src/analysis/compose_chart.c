/*
 * compose_chart: charts over sets and results.
 *
 * Numbers are summed here into the categories of a chart; a renderer only draws. Days and hours are
 * complete, quiet ones included.
 */
#include "analysis/compose.h"

#include "analysis/compose_chart.h"
#include "analysis/compose_rows.h"

#define DAYS_MOST 62 /* longer periods are shown by month */
#define KEY_DAY   KEY_OF_SECONDS(DAY_SECONDS)

#define CHART_KEYS "kind set title subtitle series notice note sheet total"

/* --- categories of time ----------------------------------------------------------------------- */

static int month_of_day(int64_t day)
{
    int y, m, d;

    instant_civil(day, &y, &m, &d);
    return y * 12 + m - 1;
}

static str label_of(const struct calendar *k, size_t i, bool has_month, struct arena *a)
{
    int y, m, d;

    if (k->is_monthly) {
        int month = k->first_month + (int)i;

        return str_print(a, "%04d-%02d", month / 12, month % 12 + 1);
    }
    instant_civil(k->first_day + (int64_t)i, &y, &m, &d);
    return has_month ? str_print(a, "%02d-%02d", m, d) : str_print(a, "%d", d);
}

struct calendar calendar_of(const struct composer *c)
{
    const struct period *p = c->scope.period;
    int32_t offset = p->zone ? zone_offset(p->zone, p->from) : 0;
    int64_t last_day = (p->until + offset - 1) / DAY_SECONDS;
    struct calendar k = {.first_day = (p->from + offset) / DAY_SECONDS};
    str *labels;
    bool has_month;

    k.ndays = (size_t)(last_day - k.first_day + 1);
    k.is_monthly = k.ndays > DAYS_MOST;
    k.first_month = month_of_day(k.first_day);
    has_month = month_of_day(last_day) != k.first_month;
    k.count = k.is_monthly ? (size_t)(month_of_day(last_day) - k.first_month + 1) : k.ndays;
    labels = arena_new(c->a, str, k.count);
    for (size_t i = 0; i < k.count; i++)
        labels[i] = label_of(&k, i, has_month, c->a);
    k.labels = labels;
    return k;
}

size_t calendar_at(const struct calendar *k, int64_t day)
{
    if (day < k->first_day || day >= k->first_day + (int64_t)k->ndays)
        return SIZE_MAX;
    return k->is_monthly ? (size_t)(month_of_day(day) - k->first_month)
                         : (size_t)(day - k->first_day);
}

/* --- reading a set ---------------------------------------------------------------------------- */

bool each_point(struct composer *c, json_t *object, point_fn take, void *state)
{
    const struct query *set = compose_set(c, object, "set");
    struct statement *s = NULL;
    struct cell_map map;
    bool has_row = false, ok;
    size_t label, account, t, n, here;

    if (!set || !set_open(c->st, set, &c->scope, &c->req->filter, c->a, &s, &map, c->err))
        return false;
    label = cell_find(s, STR("label")), account = cell_find(s, STR("account")),
    t = cell_find(s, STR("t"));
    n = cell_find(s, STR("n")), here = cell_find(s, STR("is_here"));
    ok = n != SIZE_MAX ||
         err_set(c->err, ERR_USAGE, "%.*s: a chart needs a column 'n'", STR_FMT(set->path));
    while (ok && (ok = statement_next(s, &has_row, c->err)) && has_row) {
        struct point p = {
            .label = label == SIZE_MAX ? STR_NONE : statement_cell(s, label).text,
            .account = account == SIZE_MAX ? STR_NONE : statement_cell(s, account).text,
            .t = t == SIZE_MAX ? 0 : statement_cell(s, t).i,
            .n = statement_cell(s, n).i,
            .is_here = here != SIZE_MAX && statement_cell(s, here).i != 0,
        };

        ok = take(state, &p);
    }
    statement_close(s);
    return ok;
}

/* --- stacked days ----------------------------------------------------------------------------- */

struct stack {
    struct composer *c;
    struct calendar calendar;
    str *names; /* as the set gives them */
    struct series *series;
    int64_t **values;
    size_t count, cap;
};

static size_t stack_series(const struct stack *k, str name)
{
    for (size_t i = 0; i < k->count; i++)
        if (str_eq(k->names[i], name))
            return i;
    return SIZE_MAX;
}

static void stack_add(struct stack *k, str name, str title, const char *colour)
{
    size_t i = k->count++;

    k->names[i] = str_copy(k->c->a, name);
    k->values[i] = arena_new(k->c->a, int64_t, k->calendar.count);
    k->series[i] = (struct series){str_or(title, k->names[i]), colour, k->values[i]};
}

/* The series that the definition names, in drawing order; the last one is for whatever else the set
 * gives. */
static bool stack_begin(struct stack *k, struct composer *c, json_t *object)
{
    const json_t *list = json_member(object, "series");
    size_t i;
    json_t *one;

    *k = (struct stack){.c = c, .calendar = calendar_of(c), .cap = json_array_size(list) + 1};
    k->names = arena_new(c->a, str, k->cap);
    k->series = arena_new(c->a, struct series, k->cap);
    k->values = arena_new(c->a, int64_t *, k->cap);
    json_array_foreach (list, i, one) {
        str title;

        if (!compose_keys(c, one, "name title colour") || !compose_member(c, one, "title", &title))
            return false;
        stack_add(k, json_get_text(one, "name", c->a), title,
                  str_z(c->a, str_or(json_get_text(one, "colour", c->a), STR("series-1"))));
    }
    return true;
}

static bool stack_point(void *state, const struct point *p)
{
    struct stack *k = state;
    size_t category = calendar_at(&k->calendar, SECONDS_OF_KEY(p->t) / DAY_SECONDS);
    size_t series = stack_series(k, p->label);

    if (category == SIZE_MAX)
        return true;
    if (series == SIZE_MAX && k->count == k->cap)
        series = k->count - 1;
    if (series == SIZE_MAX) {
        stack_add(k, STR("other"), STR("Other"), "series-5");
        series = k->count - 1;
    }
    k->values[series][category] += p->n;
    return true;
}

/* The one thing to notice: the category where a series is highest; `note` says it, with {notice}
 * and {notice_at}. */
static bool stack_notice(struct composer *c, json_t *object, const struct stack *k,
                         struct chart *out)
{
    str name = json_get_text(object, "notice", c->a);
    size_t series = stack_series(k, name), best = 0;

    if (name.len == 0)
        return true;
    if (series == SIZE_MAX)
        return err_set(c->err, ERR_USAGE, "'notice': no series '%.*s'", STR_FMT(name));
    for (size_t i = 1; i < k->calendar.count; i++)
        if (k->values[series][i] > k->values[series][best])
            best = i;
    if (k->values[series][best] == 0)
        return true;
    figure_count(&c->figures, c->a, STR("notice"), k->values[series][best]);
    figure_text(&c->figures, c->a, STR("notice_at"), k->calendar.labels[best]);
    out->note_at = best;
    return compose_member(c, object, "note", &out->note);
}

static bool chart_days(struct composer *c, json_t *object, struct chart *out)
{
    struct stack k;

    if (!stack_begin(&k, c, object) || !each_point(c, object, stack_point, &k))
        return false;
    out->kind = CHART_STACKED_DAYS;
    out->categories = k.calendar.labels;
    out->ncategories = k.calendar.count;
    out->series = k.series;
    out->nseries = k.count;
    return stack_notice(c, object, &k, out);
}

/* --- labels with a number: bars, donut, funnel ------------------------------------------------ */

struct parts {
    struct composer *c;
    str *labels;
    int64_t *values;
    size_t count, cap;
};

static void parts_add(struct parts *p, str label, int64_t n)
{
    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        str *labels = arena_new(p->c->a, str, cap);
        int64_t *values = arena_new(p->c->a, int64_t, cap);

        if (p->count > 0) {
            memcpy(labels, p->labels, p->count * sizeof *labels);
            memcpy(values, p->values, p->count * sizeof *values);
        }
        p->labels = labels, p->values = values, p->cap = cap;
    }
    p->labels[p->count] = str_copy(p->c->a, label);
    p->values[p->count++] = n;
}

static bool parts_point(void *state, const struct point *p)
{
    parts_add(state, p->label, p->n);
    return true;
}

static void parts_chart(const struct parts *p, enum chart_kind kind, const char *colour,
                        struct chart *out)
{
    struct series *series = arena_new(p->c->a, struct series, 1);

    *series = (struct series){out->title, colour, p->values};
    out->kind = kind;
    out->categories = p->labels;
    out->ncategories = p->count;
    out->series = series;
    out->nseries = 1;
}

static bool chart_bars(struct composer *c, json_t *object, struct chart *out)
{
    struct parts p = {.c = c};
    bool ok = each_point(c, object, parts_point, &p);

    parts_chart(&p, CHART_BARS, "series-1", out);
    return ok;
}

static bool chart_funnel(struct composer *c, json_t *object, struct chart *out)
{
    struct parts p = {.c = c};
    bool ok = each_point(c, object, parts_point, &p);

    parts_chart(&p, CHART_FUNNEL, "teal", out);
    return ok;
}

/* Exceptions by severity, from the results. */
static bool chart_severity(struct composer *c, json_t *object, struct chart *out)
{
    static const char *const titles[SEVERITY_COUNT] = {"Info", "Low", "Medium", "High", "Critical"};
    struct result_counts counts = results_count(c->results, STR_NONE);
    struct parts p = {.c = c};

    for (int s = SEVERITY_CRITICAL; s > SEVERITY_INFO; s--)
        parts_add(&p, str_from(titles[s]), counts.of_severity[s]);
    if (counts.of_severity[SEVERITY_INFO] > 0)
        parts_add(&p, str_from(titles[SEVERITY_INFO]), counts.of_severity[SEVERITY_INFO]);
    parts_chart(&p, CHART_DONUT, "severity", out);
    return compose_member(c, object, "total", &out->total_label);
}

/* --- a chart ---------------------------------------------------------------------------------- */

static bool make_chart(struct composer *c, json_t *object, const struct chart **out)
{
    static const struct {
        const char *kind;
        bool (*make)(struct composer *c, json_t *object, struct chart *out);
    } makers[] = {
        {"days", chart_days},         {"bars", chart_bars}, {"funnel", chart_funnel},
        {"severity", chart_severity}, {"week", chart_week}, {"coverage", chart_coverage},
    };
    struct chart *chart = arena_new(c->a, struct chart, 1);
    str kind = json_get_text(object, "kind", c->a);

    *out = chart;
    if (!compose_keys(c, object, CHART_KEYS) ||
        !compose_member(c, object, "title", &chart->title) ||
        !compose_member(c, object, "subtitle", &chart->subtitle) ||
        !compose_member(c, object, "sheet", &chart->sheet))
        return false;
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (str_eq(kind, str_from(makers[i].kind)))
            return makers[i].make(c, object, chart);
    return err_set(c->err, ERR_USAGE, "unknown kind of chart '%.*s'", STR_FMT(kind));
}

bool compose_chart(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_CHART);

    return make_chart(c, json_object_get(object, "chart"), &b->chart);
}

bool compose_charts(struct composer *c, json_t *object)
{
    json_t *pair = json_object_get(object, "charts");
    struct block *b = compose_block(c, BLOCK_CHART_PAIR);

    if (json_array_size(pair) != 2)
        return err_set(c->err, ERR_USAGE, "two charts stand side by side, not %zu",
                       json_array_size(pair));
    return make_chart(c, json_array_get(pair, 0), &b->chart) &&
           make_chart(c, json_array_get(pair, 1), &b->chart2);
}
