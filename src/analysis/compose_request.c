/*
 * compose_request: the filter of an auditor's request as a waterfall.
 *
 * Nothing may disappear unseen: each part of the filter is applied alone, in a fixed order, and
 * what is left after it is counted and digested. The set gives one row an event with a 0 or 1 for
 * each part; here they are taken together from left to right.
 */
#include "analysis/compose.h"

#include "analysis/compose_rows.h"
#include "base/digest.h"

#define STEPS_MOST 16

struct fall {
    struct composer *c;
    const struct query *set;
    size_t id;
    struct step_count {
        size_t column; /* in the SELECT; SIZE_MAX: this part of the filter was not asked for */
        str title, asked;
        int64_t n;
        struct sha256_run *digest;
    } steps[STEPS_MOST];
    size_t nsteps;
};

/* What was asked for in the part of the filter that a column stands for; absent: nothing. */
static str asked_for(const struct composer *c, str column)
{
    const struct request_filter *f = &c->req->filter;
    const struct {
        const char *name;
        str value;
    } parts[] = {
        {"mapped", c->scope.environment.len > 0 && !str_eq(c->scope.environment, STR("unmapped"))
                       ? STR("a rule of the environment map fits")
                       : STR_NONE},
        {"environment", c->scope.environment},
        {"source", f->source},
        {"actor", f->actor},
        {"action", f->action},
        {"verb", f->verb},
        {"resource", f->resource},
        {"outcome", f->outcome},
        {"change", f->change},
        {"ticket", f->ticket},
        {"text", f->text},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_eq(column, str_from(parts[i].name)))
            return parts[i].value;
    return STR_NONE;
}

static bool fall_steps(struct fall *f, const struct cell_map *map)
{
    const struct query *set = f->set;

    f->steps[f->nsteps++] = (struct step_count){.column = SIZE_MAX,
                                                .title = STR("In the period"),
                                                .asked = f->c->report->period,
                                                .digest = sha256_begin()};
    for (size_t i = 0; i < set->ncolumns; i++) {
        const struct query_column *column = &set->columns[i];
        str asked = asked_for(f->c, column->name);

        if (column->type != COLUMN_COUNT || asked.len == 0)
            continue;
        if (f->nsteps == STEPS_MOST)
            return err_set(f->c->err, ERR_USAGE, "%.*s: more than %d parts", STR_FMT(set->path),
                           STEPS_MOST - 1);
        f->steps[f->nsteps++] = (struct step_count){
            .column = map->at[i], .title = column->title, .asked = asked, .digest = sha256_begin()};
    }
    return true;
}

static void fall_row(struct fall *f, const struct statement *s)
{
    str id = statement_cell(s, f->id).text;

    for (size_t i = 0; i < f->nsteps; i++) {
        struct step_count *step = &f->steps[i];

        if (step->column != SIZE_MAX && statement_cell(s, step->column).i == 0)
            return;
        step->n++;
        sha256_more(step->digest, id);
        sha256_more(step->digest, STR("\n"));
    }
}

static bool fall_run(struct fall *f)
{
    struct composer *c = f->c;
    struct statement *s = NULL;
    struct cell_map map;
    bool has_row = false, ok;

    if (!set_open(c->st, f->set, &c->scope, &c->req->filter, c->a, &s, &map, c->err))
        return false;
    f->id = cell_find(s, STR("id"));
    ok = f->id != SIZE_MAX ||
         err_set(c->err, ERR_USAGE, "%.*s: a waterfall needs a column 'id'", STR_FMT(f->set->path));
    ok = ok && fall_steps(f, &map);
    while (ok && (ok = statement_next(s, &has_row, c->err)) && has_row)
        fall_row(f, s);
    statement_close(s);
    return ok;
}

/* {"waterfall": "request-waterfall"} */
bool compose_waterfall(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("step", "Step", TEXT, 20),
        COL("filter", "Filter", ID, 36),
        COL("left", "Rows left", COUNT, 12),
        COL("removed", "Removed", COUNT, 12),
        COL("sha256", "SHA-256 over the ordered ids", HASH, 20),
    };
    struct fall f = {.c = c, .set = compose_set(c, object, "waterfall")};
    struct table_draft d;
    bool ok = f.set && fall_run(&f);

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < f.nsteps; i++) {
        struct sha256 sum = sha256_end(f.steps[i].digest);
        struct value *row = draft_row(&d);

        *row++ = text_value(f.steps[i].title);
        *row++ = text_value(f.steps[i].asked);
        *row++ = count_value(f.steps[i].n);
        *row++ = i == 0 ? (struct value){0} : count_value(f.steps[i - 1].n - f.steps[i].n);
        *row++ = text_value(sha256_hex(&sum, c->a));
    }
    if (!ok)
        return false;
    figure_count(&c->figures, c->a, STR("request_rows"), f.steps[f.nsteps - 1].n);
    figure_count(&c->figures, c->a, STR("period_rows"), f.steps[0].n);
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}
