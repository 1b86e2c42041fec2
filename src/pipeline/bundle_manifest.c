/*
 * bundle_manifest: gathers what manifest.json says about where a report comes from.
 *
 * All files of the database are named, not only those with events in the period: first-seen queries
 * and comparisons look further back, and a record without a readable time belongs to no period.
 */
#include "base/instant.h"
#include "bundle.h"
#include "pipeline/manifest_gaps.sql.h"
#include "pipeline/manifest_inputs.sql.h"
#include "store/store.h"

static str text_at(const struct statement *q, size_t column, struct arena *a)
{
    struct cell cell = statement_cell(q, column);

    return cell.kind == CELL_TEXT ? str_copy(a, cell.text) : STR_NONE;
}

static int64_t int_at(const struct statement *q, size_t column)
{
    struct cell cell = statement_cell(q, column);

    return cell.kind == CELL_INT ? cell.i : 0;
}

/* Whole seconds: the low bits of an event's key are no fraction. */
static str time_at(const struct statement *q, size_t column, struct arena *a)
{
    int64_t sec = int_at(q, column) >> 30;

    return instant_text((struct instant){.sec = sec, .is_set = sec != 0}, a);
}

bool bundle_inputs(struct store *st, struct arena *a, struct manifest_input **out, struct err *err)
{
    struct manifest_input **last = out;
    struct statement *q = NULL;
    bool has_row = true, ok;

    *out = NULL;
    if (!store_prepare(st, str_from(sql_manifest_inputs), "files of the manifest", 0, &q, err))
        return false;
    while ((ok = statement_next(q, &has_row, err)) && has_row) {
        struct manifest_input *f = arena_new(a, struct manifest_input, 1);

        f->path = text_at(q, 0, a);
        f->sha256 = text_at(q, 1, a);
        f->sources = text_at(q, 2, a);
        f->compression = text_at(q, 3, a);
        f->problem = text_at(q, 4, a);
        f->first = time_at(q, 5, a);
        f->last = time_at(q, 6, a);
        f->size = int_at(q, 7);
        f->plain_size = int_at(q, 8);
        f->read = int_at(q, 9);
        f->accepted = int_at(q, 10);
        f->rejected = int_at(q, 11);
        f->duplicate = int_at(q, 12);
        f->conflict = int_at(q, 13);
        f->folded = int_at(q, 14);
        f->not_event = int_at(q, 15);
        f->text = int_at(q, 16);
        f->number = int_at(q, 17);
        *last = f;
        last = &f->next;
    }
    statement_close(q);
    return ok;
}

static bool gather_gaps(const struct report_request *req, struct store *st, struct arena *a,
                        struct manifest *m, struct err *err)
{
    struct manifest_gap **last = &m->gaps;
    struct statement *q = NULL;
    bool has_row = true, ok;

    if (!store_prepare(st, str_from(sql_manifest_gaps), "gaps of the manifest", 0, &q, err))
        return false;
    statement_bind_int(q, "from", key_of_seconds(req->period->from));
    statement_bind_int(q, "until", key_of_seconds(req->period->until));
    statement_bind_text(q, "environment",
                        str_empty(req->environment) ? STR_NONE : req->environment);
    while ((ok = statement_next(q, &has_row, err)) && has_row) {
        struct manifest_gap *g = arena_new(a, struct manifest_gap, 1);

        g->source = text_at(q, 0, a);
        g->account = text_at(q, 1, a);
        g->region = text_at(q, 2, a);
        g->from = time_at(q, 3, a);
        g->until = time_at(q, 4, a);
        g->seconds = int_at(q, 5);
        g->days = int_at(q, 6);
        *last = g;
        last = &g->next;
    }
    statement_close(q);
    return ok;
}

static void gather_results(const struct query_result *r, struct arena *a, struct manifest *m)
{
    struct manifest_result **last = &m->results;

    for (; r; r = r->next) {
        struct manifest_result *to = arena_new(a, struct manifest_result, 1);

        *to = (struct manifest_result){
            .query = r->query->id,
            .sha256 = r->query->sql_sha256,
            .environment = r->environment,
            .why = str_empty(r->why) ? STR_NONE : r->why,
            .population_sha256 = str_empty(r->population_sha256) ? STR_NONE : r->population_sha256,
            .result = r->result,
            .is_list = r->query->kind == QUERY_POPULATION,
            .population = r->population,
            .exceptions = r->exceptions,
        };
        *last = to;
        last = &to->next;
    }
}

static void gather_lists(const struct catalogue *c, struct arena *a, struct manifest *m)
{
    struct manifest_file **last = &m->lists;

    for (const struct list_file *f = c->list_files; f; f = f->next) {
        *last = arena_new(a, struct manifest_file, 1);
        **last =
            (struct manifest_file){.name = f->name, .sha256 = f->sha256, .size = (int64_t)f->rows};
        last = &(*last)->next;
    }
}

static void gather_parameters(const struct report_request *req, str formats, struct arena *a,
                              struct manifest *m)
{
    const struct request_filter *f = &req->filter;
    const struct manifest_pair given[] = {
        {.name = STR("formats"), .value = formats},
        {.name = STR("frameworks"), .value = req->frameworks},
        {.name = STR("source"), .value = f->source},
        {.name = STR("actor"), .value = f->actor},
        {.name = STR("action"), .value = f->action},
        {.name = STR("verb"), .value = f->verb},
        {.name = STR("resource"), .value = f->resource},
        {.name = STR("outcome"), .value = f->outcome},
        {.name = STR("change"), .value = f->change},
        {.name = STR("ticket"), .value = f->ticket},
        {.name = STR("text"), .value = f->text},
    };
    struct manifest_pair **last = &m->parameters;

    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (str_empty(given[i].value))
            continue;
        *last = arena_new(a, struct manifest_pair, 1);
        **last = given[i];
        last = &(*last)->next;
    }
}

bool bundle_manifest(const struct report_request *req, str formats, const struct catalogue *c,
                     struct store *st, const struct query_result *results, struct arena *a,
                     struct manifest *out, struct err *err)
{
    out->period = req->period;
    out->catalogue = c->version;
    out->command = req->command;
    gather_parameters(req, formats, a, out);
    gather_lists(c, a, out);
    gather_results(results, a, out);
    return gather_gaps(req, st, a, out, err);
}
