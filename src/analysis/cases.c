/*
 * cases: every query against its own samples.
 *
 * The samples are records as a source exports them, so a case goes the whole way: cut, mapped,
 * stored, joined, queried. Reading is lent by the pipeline. A query without a case that must match
 * could be one that never matches, and one without a case that must not could be one that always
 * does: both are needed.
 */
#include "analysis/analysis.h"

#include "analysis/cells.h"
#include "analysis/texts.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"

struct checker {
    const struct catalogue *catalogue;
    const struct case_loader *loader;
    const struct query *query;
    struct arena *arena; /* of one query: reset after it */
    struct rules_check *out;
    struct buf failures;
    str case_name;
};

static bool failed(struct checker *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Always false. */
static bool failed(struct checker *c, const char *fmt, ...)
{
    va_list args;
    str why;

    va_start(args, fmt);
    why = str_vprint(c->arena, fmt, args);
    va_end(args);
    buf_print(&c->failures, "%.*s: %.*s%s%.*s\n", STR_FMT(c->query->id), STR_FMT(c->case_name),
              c->case_name.len ? ": " : "", STR_FMT(why));
    c->out->failed++;
    return false;
}

/* --- a case ----------------------------------------------------------------------------------- */

/* A record a line; a string stands for itself, to show what broken input does. */
static str records_text(const json_t *records, struct arena *a)
{
    struct buf text = {0};
    size_t i;
    json_t *record;
    str all;

    json_array_foreach (records, i, record) {
        buf_add(&text, json_is_string(record)
                           ? (str){json_string_value(record), json_string_length(record)}
                           : json_write(record, a));
        buf_addc(&text, '\n');
    }
    all = buf_str_copy(&text, a);
    buf_free(&text);
    return all;
}

static struct case_input *case_inputs(const json_t *list, struct arena *a, size_t *count)
{
    struct case_input *inputs = arena_new(a, struct case_input, json_array_size(list));
    size_t i;
    json_t *entry;

    json_array_foreach (list, i, entry) {
        inputs[i].source = str_copy(a, json_get_text(entry, "source", a));
        inputs[i].bytes = records_text(json_member(entry, "records"), a);
    }
    *count = json_array_size(list);
    return inputs;
}

static bool compare_text(struct checker *c, const json_t *expect, const char *key, str got)
{
    str want = json_get_text(expect, key, c->arena);

    return want.len == 0 || str_eq(want, got) ||
           failed(c, "%s is '%.*s', not '%.*s'", key, STR_FMT(got), STR_FMT(want));
}

static bool compare_count(struct checker *c, const json_t *expect, const char *key, int64_t got)
{
    return compare_text(c, expect, key, str_print(c->arena, "%lld", (long long)got));
}

/* A column of a finding as text: numbers as digits, marks and texts as they are. */
static str column_text(const struct finding *f, str name, struct arena *a, bool *is_there)
{
    for (size_t i = 0; i < f->query->ncolumns; i++) {
        const struct value *v = &f->values[i];

        if (!str_eq(f->query->columns[i].name, name))
            continue;
        *is_there = true;
        if (!v->is_set)
            return STR("");
        switch (f->query->columns[i].type) {
        case COLUMN_TIME:
            return value_print(COLUMN_TIME, v->number, STR_NONE, a);
        case COLUMN_COUNT:
        case COLUMN_PERCENT:
        case COLUMN_DURATION:
            return str_print(a, "%lld", (long long)v->number);
        case COLUMN_TEXT:
        case COLUMN_ID:
        case COLUMN_MARK:
        case COLUMN_HASH:
        case COLUMN_INPUT:
            return v->text;
        }
    }
    *is_there = false;
    return STR_NONE;
}

static bool compare_item(struct checker *c, size_t row, json_t *want, const struct finding *f)
{
    const char *key;
    json_t *value;

    json_object_foreach (want, key, value) {
        str name = str_from(key);
        bool is_there;
        str got = column_text(f, name, c->arena, &is_there);
        str text =
            json_is_string(value) ? str_from(json_string_value(value)) : json_text(value, c->arena);

        if (!is_there)
            return failed(c, "expects a column '%.*s' that the query does not have", STR_FMT(name));
        if (!str_eq(got, text))
            return failed(c, "row %zu: %.*s is '%.*s', not '%.*s'", row + 1, STR_FMT(name),
                          STR_FMT(got), STR_FMT(text));
    }
    return true;
}

static bool compare_items(struct checker *c, const json_t *items, const struct query_result *r)
{
    const struct finding *f = r->findings;
    size_t i;
    json_t *want;

    json_array_foreach (items, i, want) {
        if (!f)
            return failed(c, "expects %zu rows, has %lld", json_array_size(items),
                          (long long)r->rows);
        if (!compare_item(c, i, want, f))
            return false;
        f = f->next;
    }
    return !items || !f ||
           failed(c, "expects %zu rows, has %lld", json_array_size(items), (long long)r->rows);
}

static bool compare(struct checker *c, const json_t *object, const struct query_result *r)
{
    const json_t *expect = json_member(object, "expect");
    bool must_match = str_eq(json_get_text(object, "must", c->arena), STR("match"));

    if (must_match != (r->rows > 0))
        return failed(c, "%s, outcome %s%s%.*s",
                      must_match ? "no row" : "rows where none should be", result_name(r->result),
                      r->why.len ? ": " : "", STR_FMT(r->why));
    return compare_text(c, expect, "outcome", str_from(result_name(r->result))) &&
           compare_count(c, expect, "exceptions", r->exceptions) &&
           compare_count(c, expect, "population", r->population) &&
           compare_items(c, json_member(expect, "items"), r);
}

static bool run_query(struct checker *c, const json_t *object, struct store *st,
                      const struct config *cfg, struct query_result *out, struct err *err)
{
    str text = json_get_text(object, "period", c->arena);
    struct scope scope = {.config = cfg,
                          .environment = json_get_text(object, "environment", c->arena)};
    struct period period;

    if (text.len > 0) {
        const struct zone *zone = zone_load(c->arena, str_or(cfg->zone, STR("UTC")), err);

        if (!zone || !period_parse(c->arena, text, zone, 0, &period, err))
            return false;
        scope.period = &period;
    }
    return query_run(c->query, st, &scope, c->arena, out, err);
}

static void check_case(struct checker *c, const json_t *object)
{
    struct err err = {0};
    struct config cfg = {0};
    struct query_result result;
    struct store *st = NULL;
    const json_t *config = json_member(object, "config");
    size_t ninputs;
    struct case_input *inputs = case_inputs(json_member(object, "records"), c->arena, &ninputs);

    c->out->cases++;
    c->case_name = json_get_text(object, "name", c->arena);
    if (!c->loader->open(c->loader->state, c->catalogue,
                         config ? json_write(config, c->arena) : STR_NONE, inputs, ninputs,
                         c->arena, &st, &cfg, &err) ||
        !run_query(c, object, st, &cfg, &result, &err))
        failed(c, "%s", err.text);
    else
        compare(c, object, &result);
    if (st)
        c->loader->close(c->loader->state, st);
    c->case_name = STR_NONE;
}

/* --- the cases of a query --------------------------------------------------------------------- */

static bool known_keys(struct checker *c, json_t *object)
{
    static const char *const known[] = {"name",        "must",    "config", "period",
                                        "environment", "records", "expect"};
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        bool is_known = false;

        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known |= strcmp(known[i], key) == 0;
        if (!is_known)
            return failed(c, "a case has the unknown key '%s'", key);
    }
    return true;
}

static bool check_cases(struct checker *c, const json_t *cases)
{
    size_t i, match = 0, not = 0;
    json_t *object;

    json_array_foreach (cases, i, object) {
        str must = json_get_text(object, "must", c->arena);

        match += str_eq(must, STR("match"));
        not += str_eq(must, STR("not"));
        if (!known_keys(c, object))
            continue;
        if (!str_eq(must, STR("match")) && !str_eq(must, STR("not")))
            failed(c, "case %zu: 'must' is neither 'match' nor 'not'", i + 1);
        else
            check_case(c, object);
    }
    if (match == 0)
        failed(c, "no case that must match");
    if (not == 0)
        failed(c, "no case that must not match");
    return true;
}

static void check_query(struct checker *c)
{
    str base = str_part(c->query->path, 0, c->query->path.len - 4); /* without .sql */
    str path =
        str_print(c->arena, "%.*s/%.*s.cases.json", STR_FMT(c->catalogue->dir), STR_FMT(base));
    struct err err = {0};
    json_t *doc;
    str text;

    c->out->queries++;
    if (!file_read(c->arena, str_z(c->arena, path), 0, &text, &err) ||
        !(doc = json_parse(text, &err))) {
        failed(c, "%s", err.text);
        return;
    }
    check_cases(c, json_member(doc, "cases"));
    json_decref(doc);
}

/* Sets have no samples; their SQL must at least be what their header says. */
static void check_sets(struct checker *c)
{
    struct err err = {0};
    struct config cfg = {0};
    struct store *st = NULL;

    c->query = c->catalogue->sets;
    if (!c->query)
        return;
    if (!c->loader->open(c->loader->state, c->catalogue, STR_NONE, NULL, 0, c->arena, &st, &cfg,
                         &err))
        failed(c, "%s", err.text);
    for (; st && c->query; c->query = c->query->next) {
        struct statement *s = NULL;
        struct cell_map map;

        err = (struct err){0};
        if (!store_prepare(st, c->query->sql, str_z(c->arena, c->query->path), 0, &s, &err) ||
            !cell_map_make(c->query, s, c->arena, &map, &err))
            failed(c, "%s", err.text);
        statement_close(s);
    }
    if (st)
        c->loader->close(c->loader->state, st);
}

bool catalogue_check(const struct catalogue *c, const struct case_loader *loader, struct arena *a,
                     struct rules_check *out, struct err *err)
{
    struct arena arena = {0};
    struct checker checker = {.catalogue = c, .loader = loader, .arena = &arena, .out = out};

    *out = (struct rules_check){0};
    if (!c->queries)
        return err_set(err, ERR_USAGE, "no queries in '%.*s'", STR_FMT(c->dir));
    for (checker.query = c->queries; checker.query; checker.query = checker.query->next) {
        check_query(&checker);
        arena_reset(&arena);
    }
    check_sets(&checker);
    out->failures = buf_str_copy(&checker.failures, a);
    buf_free(&checker.failures);
    arena_free(&arena);
    return true;
}
