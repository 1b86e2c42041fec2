/*
 * compose_past: the same questions for the periods before, as far back as the record holds them
 * whole.
 *
 * A period whose beginning is not in the record is left out: half a month beside a whole one would
 * look like a trend.
 */
#include "analysis/compose.h"

#include "model/display.h"

/* How far into a period its first record may stand for the period to count as held. */
#define LATE_START_SECONDS (2 * DAY_SECONDS)

static bool is_held(const struct composer *c, const struct period *p)
{
    return c->coverage.first_key > 0 &&
           SECONDS_OF_KEY(c->coverage.first_key) <= p->from + LATE_START_SECONDS;
}

static bool run_past_queries(struct composer *c, const struct scope *scope, struct past *past)
{
    struct query_result **last = &past->results;
    struct coverage cov;

    if (!coverage_load(c->st, scope, c->a, &cov, c->err))
        return false;
    for (const struct query_result *now = c->results; now; now = now->next) {
        struct query_result *r = arena_new(c->a, struct query_result, 1);
        bool ok = scope->environment.len > 0
                      ? query_run_covered(now->query, c->st, scope, &cov, c->a, r, c->err)
                      : query_run(now->query, c->st, scope, c->a, r, c->err);

        if (!ok)
            return false;
        *last = r;
        last = &r->next;
    }
    return true;
}

static bool load_past(struct composer *c, json_t *definition, struct past *past)
{
    struct scope scope = c->scope;
    const json_t *list = json_member(definition, "figures");
    size_t i;
    json_t *id;

    scope.period = &past->period;
    figures_init(&past->figures);
    if (!run_past_queries(c, &scope, past))
        return false;
    result_figures(past->results, &past->figures, c->a);
    json_array_foreach (list, i, id) {
        const struct query *set = catalogue_find_set(c->catalogue, json_text(id, c->a));

        if (set && !compose_set_figures(c, set, &scope, &past->figures))
            return false;
    }
    return true;
}

/* --- what changed ----------------------------------------------------------------------------- */

#define PERCENT_FROM 100 /* below this, a change is told as a number and not in percent */

/* "+6.1 % on September 2026", "+3 on …", "as in …" */
static str change_text(struct composer *c, const struct figure *now, const struct figure *before)
{
    str title = c->past[0].period.title;
    int64_t difference = now->number - before->number;
    int64_t size = difference < 0 ? -difference : difference;
    const char *sign = difference < 0 ? "\xE2\x88\x92" : "+";
    str amount;

    if (difference == 0)
        return str_print(c->a, "as in %.*s", STR_FMT(title));
    if (now->type == COLUMN_PERCENT)
        amount =
            str_print(c->a, "%lld.%lld points", (long long)(size / 10), (long long)(size % 10));
    else if (now->type == COLUMN_DURATION)
        amount = duration_text(size, c->a);
    else if (before->number >= PERCENT_FROM)
        amount = percent_text(thousandths_of(size, before->number), c->a);
    else
        amount = count_text(size, c->a);
    return str_print(c->a, "%s%.*s on %.*s", sign, STR_FMT(amount), STR_FMT(title));
}

static void add_change(struct composer *c, const struct figure *now)
{
    const struct figure *before = c->npast > 0 ? figure_find(&c->past[0].figures, now->name) : NULL;
    str name = str_print(c->a, "%.*s.change", STR_FMT(now->name));

    if (before && before->is_set && now->is_set)
        figure_text(&c->figures, c->a, name, change_text(c, now, before));
    else
        figure_text(&c->figures, c->a, name, STR("no earlier period on record"));
}

bool compose_past(struct composer *c, json_t *definition)
{
    struct period p = *c->scope.period;
    struct figure **end = c->figures.last;

    while (json_truth(json_member(definition, "past")) && c->npast < PAST_MOST) {
        struct past *past = &c->past[c->npast];

        past->period = period_previous(c->a, &p);
        if (!is_held(c, &past->period))
            break;
        if (!load_past(c, definition, past))
            return err_wrap(c->err, "period '%.*s'", STR_FMT(past->period.label));
        p = past->period;
        c->npast++;
    }
    figure_count(&c->figures, c->a, STR("periods_before"), (int64_t)c->npast);
    figure_text(&c->figures, c->a, STR("period_before"),
                c->npast > 0 ? c->past[0].period.title : STR_NONE);
    for (const struct figure *f = c->figures.first; f && f != *end; f = f->next)
        if (column_is_number(f->type))
            add_change(c, f);
    return true;
}
