/*
 * run: one query for a period and an environment: its population, its findings, its outcome.
 *
 * The outcome is worked out here and nowhere else (report/README.md, Outcome). A query that cannot
 * be answered is not run at all, so that no number of it can be printed by mistake.
 */
#include "analysis/run.h"

#include "analysis/cells.h"
#include "base/digest.h"

/* --- population ------------------------------------------------------------------------------- */

/* "change where result = 'applied'" within period and environment, ids in time order. */
static str population_sql(const struct query *q, struct arena *a)
{
    str condition = q->population;
    str view = str_cut(&condition, ' ');

    condition = condition.ptr ? str_trim(str_part(str_trim(condition), 6, SIZE_MAX)) : STR("1");
    if (q->is_population_whole)
        return str_print(a, "SELECT id FROM %.*s WHERE (%.*s) ORDER BY id", STR_FMT(view),
                         STR_FMT(condition));
    return str_print(a,
                     "SELECT id FROM %.*s WHERE t >= :from AND t < :until AND environment = "
                     ":environment AND (%.*s) "
                     "ORDER BY t, id",
                     STR_FMT(view), STR_FMT(condition));
}

static bool count_population(const struct query *q, struct store *st, const struct scope *scope,
                             struct arena *a, struct query_result *out, struct err *err)
{
    struct sha256_run *digest;
    struct statement *s = NULL;
    struct sha256 sum;
    bool has_row = false, ok;

    if (!store_prepare(st, population_sql(q, a), "population", 0, &s, err))
        return err_wrap(err, "%.*s: population", STR_FMT(q->path));
    query_bind(s, q, scope);
    digest = sha256_begin();
    while ((ok = statement_next(s, &has_row, err)) && has_row) {
        struct cell id = statement_cell(s, 0);

        sha256_more(digest, id.kind == CELL_TEXT ? id.text : cell_text(id, a));
        sha256_more(digest, STR("\n"));
        out->population++;
    }
    sum = sha256_end(digest);
    out->population_sha256 = sha256_hex(&sum, a);
    statement_close(s);
    return ok || err_wrap(err, "%.*s: population", STR_FMT(q->path));
}

/* --- findings --------------------------------------------------------------------------------- */

/* Where the columns with a meaning stand in the SELECT, declared for printing or not. */
struct meaning {
    size_t item, t, actor, action, resource, reason, change, evidence, severity;
};

static struct meaning meaning_of(const struct statement *s)
{
    return (struct meaning){
        .item = cell_find(s, STR("item")),
        .t = cell_find(s, STR("t")),
        .actor = cell_find(s, STR("actor")),
        .action = cell_find(s, STR("action")),
        .resource = cell_find(s, STR("resource")),
        .reason = cell_find(s, STR("reason")),
        .change = cell_find(s, STR("change")),
        .evidence = cell_find(s, STR("evidence")),
        .severity = cell_find(s, STR("severity")),
    };
}

static str text_at(const struct statement *s, size_t column, struct arena *a)
{
    return column == SIZE_MAX ? STR_NONE : cell_text(statement_cell(s, column), a);
}

/* "EX-" and 40 bits of SHA-256(query NUL item) in base32: the same in every rerun, short enough for
 * a ticket. */
static str finding_number(str query, str item, struct arena *a)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct sha256_run *run = sha256_begin();
    struct sha256 sum;
    uint64_t bits = 0;
    char text[] = "EX-........";

    sha256_more(run, query);
    sha256_more(run, (str){"", 1});
    sha256_more(run, item);
    sum = sha256_end(run);
    for (int i = 0; i < 5; i++)
        bits = bits << 8 | sum.bytes[i];
    for (int i = 0; i < 8; i++)
        text[3 + i] = digits[bits >> (35 - 5 * i) & 31];
    return str_copy(a, str_from(text));
}

/* How often each item was seen: the same item twice in one answer gets a number of its own that
 * stays as well. */
struct item_counts {
    struct item_count {
        str item;
        int times;
    } * slots;
    size_t nslots, used; /* a power of two, at most half full */
};

static struct item_count *item_slot(const struct item_counts *c, str item)
{
    size_t i = str_hash(item) & (c->nslots - 1);

    while (c->slots[i].times > 0 && !str_eq(c->slots[i].item, item))
        i = (i + 1) & (c->nslots - 1);
    return &c->slots[i];
}

static void items_grow(struct item_counts *c, struct arena *a)
{
    struct item_counts old = *c;

    c->nslots = old.nslots ? old.nslots * 2 : 64;
    c->slots = arena_new(a, struct item_count, c->nslots);
    for (size_t i = 0; i < old.nslots; i++)
        if (old.slots[i].times > 0)
            *item_slot(c, old.slots[i].item) = old.slots[i];
}

static str unique_number(struct item_counts *c, str number, str item, struct arena *a)
{
    struct item_count *slot;

    if (c->used * 2 >= c->nslots)
        items_grow(c, a);
    slot = item_slot(c, item);
    c->used += slot->times == 0;
    slot->item = item;
    slot->times++;
    return slot->times == 1 ? number : str_print(a, "%.*s-%d", STR_FMT(number), slot->times);
}

static bool read_severity(const struct query *q, str word, enum severity *out, struct err *err)
{
    *out = q->severity;
    if (word.len > 0 && !severity_find(word, out))
        return err_set(err, ERR_USAGE, "%.*s: column 'severity' holds '%.*s'", STR_FMT(q->path),
                       STR_FMT(word));
    return true;
}

static bool read_finding(const struct query *q, const struct statement *s,
                         const struct cell_map *map, const struct meaning *m,
                         const struct scope *scope, struct arena *a, struct finding *out,
                         struct err *err)
{
    struct value *values = arena_new(a, struct value, q->ncolumns);
    const struct cell_context context = {.zone = scope->period ? scope->period->zone : NULL};
    struct cell t = m->t == SIZE_MAX ? (struct cell){.kind = CELL_NULL} : statement_cell(s, m->t);

    cell_row(map, s, &context, 0, a, values);
    *out = (struct finding){
        .query = q,
        .environment = scope->environment,
        .item = text_at(s, m->item, a),
        .has_t = t.kind == CELL_INT && t.i > 0,
        .t = t.kind == CELL_INT ? t.i : 0,
        .actor = text_at(s, m->actor, a),
        .action = text_at(s, m->action, a),
        .resource = text_at(s, m->resource, a),
        .reason = text_at(s, m->reason, a),
        .change = text_at(s, m->change, a),
        .evidence = text_at(s, m->evidence, a),
        .values = values,
    };
    if (q->kind == QUERY_EXCEPTIONS && out->item.len == 0)
        return err_set(err, ERR_DATA, "%.*s: a row has no item", STR_FMT(q->path));
    out->number = q->kind == QUERY_EXCEPTIONS ? finding_number(q->id, out->item, a) : STR_NONE;
    return read_severity(q, text_at(s, m->severity, a), &out->severity, err);
}

static bool run_rows(const struct query *q, struct store *st, const struct scope *scope,
                     struct arena *a, struct query_result *out, struct err *err)
{
    struct finding **last = &out->findings;
    struct statement *s = NULL;
    struct item_counts items = {0};
    struct cell_map map;
    struct meaning meaning;
    bool has_row = false, ok = false;

    if (!store_prepare(st, q->sql, str_z(a, q->path), 0, &s, err))
        return false;
    if (!cell_map_make(q, s, a, &map, err))
        goto done;
    meaning = meaning_of(s);
    query_bind(s, q, scope);
    for (;;) {
        struct finding *f;

        if (!statement_next(s, &has_row, err))
            goto done;
        if (!has_row)
            break;
        f = arena_new(a, struct finding, 1);
        if (!read_finding(q, s, &map, &meaning, scope, a, f, err))
            goto done;
        if (q->kind == QUERY_EXCEPTIONS)
            f->number = unique_number(&items, f->number, f->item, a);
        *last = f;
        last = &f->next;
        out->rows++;
    }
    ok = true;
done:
    statement_close(s);
    return ok || err_wrap(err, "cannot run '%.*s'", STR_FMT(q->id));
}

/* --- outcome ---------------------------------------------------------------------------------- */

/* False with *why when a need is missing: of "a|b" both. */
static bool needs_are_met(const struct query *q, const struct config *cfg,
                          const struct coverage *cov, struct arena *a, str *why)
{
    bool all = true;

    for (str rest = q->needs; rest.ptr;) {
        str words = str_cut(&rest, ' '), missing = STR_NONE;
        bool is_met = words.len == 0;

        while (words.len > 0 && words.ptr && !is_met) {
            str reason = STR_NONE;

            is_met = coverage_has(cov, cfg, str_cut(&words, '|'), a, &reason);
            missing = str_join(a, missing, STR(" and "), reason);
        }
        if (!is_met)
            *why = str_join(a, *why, STR("; "), missing);
        all &= is_met;
    }
    return all;
}

bool query_run_covered(const struct query *q, struct store *st, const struct scope *scope,
                       const struct coverage *cov, struct arena *a, struct query_result *out,
                       struct err *err)
{
    *out = (struct query_result){.query = q, .environment = scope->environment};
    if (!needs_are_met(q, scope->config, cov, a, &out->why)) {
        out->result = RESULT_NOT_TESTED;
        return true;
    }
    if (q->population.len > 0 && !count_population(q, st, scope, a, out, err))
        return false;
    if (!run_rows(q, st, scope, a, out, err))
        return false;
    if (q->population.len == 0)
        out->population = out->rows;
    out->exceptions = q->kind == QUERY_EXCEPTIONS ? out->rows : 0;
    out->why = coverage_silences(cov, q->needs, a);
    if (out->exceptions > 0)
        out->result = RESULT_EXCEPTIONS;
    else if (out->why.len > 0)
        out->result = RESULT_PARTIAL;
    else
        out->result = out->population > 0 ? RESULT_NO_EXCEPTIONS : RESULT_NO_POPULATION;
    return true;
}

/* --- every environment ------------------------------------------------------------------------ */

/* Of several environments: what an auditor must see first. */
static enum result more_telling(enum result a, enum result b)
{
    static const int rank[] = {
        [RESULT_NOT_TESTED] = 0, [RESULT_NO_POPULATION] = 1, [RESULT_NO_EXCEPTIONS] = 2,
        [RESULT_PARTIAL] = 3,    [RESULT_EXCEPTIONS] = 4,
    };

    return rank[a] >= rank[b] ? a : b;
}

static void merge(struct query_result *into, const struct query_result *one, str environment,
                  struct arena *a)
{
    struct finding **last = &into->findings;

    while (*last)
        last = &(*last)->next;
    *last = one->findings;
    into->result = more_telling(into->result, one->result);
    into->population += one->population;
    into->exceptions += one->exceptions;
    into->rows += one->rows;
    if (one->why.len > 0)
        into->why = str_join(a, into->why, STR("; "),
                             str_print(a, "%.*s: %.*s", STR_FMT(environment), STR_FMT(one->why)));
    into->population_sha256 =
        str_join(a, into->population_sha256, STR(" "), one->population_sha256);
}

static bool run_everywhere(const struct query *q, struct store *st, const struct scope *scope,
                           struct arena *a, struct query_result *out, struct err *err)
{
    const str *names;
    size_t count;

    *out = (struct query_result){.query = q, .result = RESULT_NOT_TESTED};
    if (!environments_list(st, scope->config, a, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct scope here = *scope;
        struct query_result one;

        here.environment = names[i];
        if (!query_run(q, st, &here, a, &one, err))
            return false;
        merge(out, &one, names[i], a);
    }
    if (out->population_sha256.len > 0) {
        struct sha256 sum = sha256_of(out->population_sha256);

        out->population_sha256 = sha256_hex(&sum, a);
    }
    return true;
}

bool query_run(const struct query *q, struct store *st, const struct scope *scope, struct arena *a,
               struct query_result *out, struct err *err)
{
    struct coverage cov;

    if (scope->environment.len == 0 && !q->is_population_whole)
        return run_everywhere(q, st, scope, a, out, err);
    return coverage_load(st, scope, a, &cov, err) &&
           query_run_covered(q, st, scope, &cov, a, out, err);
}
