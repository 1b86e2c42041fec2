/*
 * compose_results: tables over the results of all queries: by family, by query, not tested,
 * compared with the periods before.
 *
 * A number of exceptions is printed only where a query was answered for the whole record; an empty
 * cell and the word beside it stand for everything else.
 */
#include "analysis/compose.h"

#include "model/display.h"

struct result_counts results_count(const struct query_result *first, str family)
{
    struct result_counts n = {0};

    for (const struct query_result *r = first; r; r = r->next) {
        if (family.len > 0 && !str_eq(r->query->family, family))
            continue;
        if (r->query->kind != QUERY_EXCEPTIONS) {
            n.lists++;
            continue;
        }
        n.queries++;
        n.of_result[r->result]++;
        n.exceptions += r->exceptions;
        n.limited += r->why.len > 0;
        n.limited_exceptions += r->why.len > 0 && r->result == RESULT_EXCEPTIONS;
        for (const struct finding *f = r->findings; f; f = f->next)
            n.of_severity[f->severity]++;
    }
    return n;
}

/* Was anything answered, so that a count of exceptions means something? */
static bool is_counted(const struct result_counts *n)
{
    return n->of_result[RESULT_EXCEPTIONS] + n->of_result[RESULT_NO_EXCEPTIONS] > 0;
}

static struct value counted(bool is_counted_here, int64_t n)
{
    return is_counted_here ? count_value(n) : (struct value){0};
}

/* --- by family -------------------------------------------------------------------------------- */

static str previous_title(const struct composer *c)
{
    return c->npast > 0 ? c->past[0].period.title : STR("Period before");
}

static struct value change_value(struct composer *c, bool has_both, int64_t now, int64_t before)
{
    if (!has_both)
        return (struct value){0};
    return text_value(now == before ? STR("0")
                                    : str_print(c->a, "%+lld", (long long)(now - before)));
}

static void family_row(struct composer *c, const struct family *f, struct value *row)
{
    struct result_counts now = results_count(c->results, f->name);
    struct result_counts before = results_count(c->npast > 0 ? c->past[0].results : NULL, f->name);
    bool is_now = is_counted(&now), is_before = is_counted(&before);

    *row++ = text_value(f->title);
    *row++ = count_value(now.queries);
    *row++ = counted(is_now, now.exceptions);
    for (int s = SEVERITY_CRITICAL; s >= SEVERITY_INFO; s--)
        *row++ = counted(is_now, now.of_severity[s]);
    *row++ = count_value(now.of_result[RESULT_NOT_TESTED] + now.of_result[RESULT_PARTIAL]);
    *row++ = count_value(now.of_result[RESULT_NO_POPULATION]);
    *row++ = counted(is_before, before.exceptions);
    *row++ = change_value(c, is_now && is_before, now.exceptions, before.exceptions);
}

static bool compose_families(struct composer *c, json_t *object)
{
    const struct column columns[] = {
        {.name = STR("family"), .title = STR("Family"), .weight = 27, .is_bold = true},
        {.name = STR("tests"), .title = STR("Tests"), .type = COLUMN_COUNT, .weight = 7},
        {.name = STR("exceptions"), .title = STR("Exceptions"), .type = COLUMN_COUNT, .weight = 11},
        {.name = STR("critical"), .title = STR("Critical"), .type = COLUMN_COUNT, .weight = 9},
        {.name = STR("high"), .title = STR("High"), .type = COLUMN_COUNT, .weight = 7},
        {.name = STR("medium"), .title = STR("Medium"), .type = COLUMN_COUNT, .weight = 8},
        {.name = STR("low"), .title = STR("Low"), .type = COLUMN_COUNT, .weight = 7},
        {.name = STR("info"), .title = STR("Info"), .type = COLUMN_COUNT, .weight = 7},
        {.name = STR("open"),
         .title = STR("Not tested or partial"),
         .type = COLUMN_COUNT,
         .weight = 11},
        {.name = STR("no_population"), .title = STR("No items"), .type = COLUMN_COUNT, .weight = 8},
        {.name = STR("before"), .title = previous_title(c), .type = COLUMN_COUNT, .weight = 11},
        {.name = STR("change"), .title = STR("Change"), .weight = 8},
    };
    const size_t n = sizeof columns / sizeof *columns;
    struct column *kept = arena_new(c->a, struct column, n);
    struct table_draft d;

    memcpy(kept, columns, sizeof columns);
    draft_begin(&d, c->a, kept, n);
    for (const struct family *f = c->families; f; f = f->next)
        if (results_count(c->results, f->name).queries > 0)
            family_row(c, f, draft_row(&d));
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- by query --------------------------------------------------------------------------------- */

static str family_title(const struct composer *c, str name)
{
    for (const struct family *f = c->families; f; f = f->next)
        if (str_eq(f->name, name))
            return f->title;
    return name;
}

static bool compose_by_query(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL("query", "Query", ID, 22),
        COL_BOLD("title", "What was tested", TEXT, 38),
        COL_UNDER("controls_first", "Controls, one a framework", TEXT, 2),
        COL("controls", "Controls", TEXT, 0),
        COL("family", "Family", TEXT, 0),
        COL("severity", "Severity", MARK, 0),
        COL("outcome", "Outcome", MARK, 20),
        COL("population", "Population", COUNT, 11),
        COL("exceptions", "Exceptions", COUNT, 11),
        COL("rate", "Rate", PERCENT, 9),
        COL("why", "Why not tested, or what is missing", TEXT, 0),
        COL("population_sha256", "Population SHA-256", HASH, 0),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        bool is_answered = r->result == RESULT_EXCEPTIONS || r->result == RESULT_NO_EXCEPTIONS;
        bool is_test = r->query->kind == QUERY_EXCEPTIONS;
        struct value *row = draft_row(&d);

        *row++ = text_value(r->query->id);
        *row++ = link_value(r->query->title, r->query->id);
        *row++ = text_value(controls_citing_first(c, r->query->id));
        *row++ = text_value(controls_citing(c, r->query->id));
        *row++ = text_value(family_title(c, r->query->family));
        *row++ = mark_value(str_from(severity_name(r->query->severity)));
        *row++ = result_value(r);
        *row++ = counted(r->result != RESULT_NOT_TESTED, r->population);
        *row++ = counted(is_answered && is_test, r->exceptions);
        *row++ = is_answered && is_test && r->population > 0 && r->exceptions <= r->population
                     ? percent_value(thousandths_of(r->exceptions, r->population))
                     : (struct value){0};
        *row++ = text_value(r->why);
        *row++ = text_value(r->population_sha256);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- not tested ------------------------------------------------------------------------------- */

static bool compose_not_tested(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL("query", "Query", ID, 18),
        COL_UNDER("title", "What was to be tested", TEXT, 1),
        COL("outcome", "Outcome", MARK, 13),
        COL("why", "Why", TEXT, 42),
        COL("controls_first", "Controls with less evidence, one a framework", TEXT, 27),
        COL("controls", "Controls with less evidence", TEXT, 0),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct query_result *r = c->results; r; r = r->next) {
        struct value *row;

        if (r->why.len == 0)
            continue;
        row = draft_row(&d);
        *row++ = text_value(r->query->id);
        *row++ = text_value(r->query->title);
        *row++ = result_value(r);
        *row++ = text_value(r->why);
        *row++ = text_value(controls_citing_first(c, r->query->id));
        *row++ = text_value(controls_citing(c, r->query->id));
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- compared with the periods before --------------------------------------------------------- */

/* "3 of 120", "none of 120", or the outcome in words. */
static str in_short(struct composer *c, const struct query_result *r)
{
    str population = count_text(r->population, c->a);

    switch (r->result) {
    case RESULT_EXCEPTIONS:
        return str_print(c->a, "%.*s of %.*s", STR_FMT(count_text(r->exceptions, c->a)),
                         STR_FMT(population));
    case RESULT_NO_EXCEPTIONS:
        return r->query->kind == QUERY_POPULATION
                   ? population
                   : str_print(c->a, "none of %.*s", STR_FMT(population));
    case RESULT_NO_POPULATION:
    case RESULT_NOT_TESTED:
    case RESULT_PARTIAL:
        break;
    }
    return str_from(result_words(r->result));
}

bool compose_comparison(struct composer *c, json_t *object)
{
    size_t n = 3 + c->npast;
    struct column *columns = arena_new(c->a, struct column, n);
    struct table_draft d;

    columns[0] = (struct column){
        .name = STR("query"), .title = STR("Query"), .type = COLUMN_ID, .weight = 24};
    columns[1] = (struct column){
        .name = STR("title"), .title = STR("What was tested"), .weight = 1, .under = 1};
    columns[2] = (struct column){
        .name = STR("now"), .title = c->scope.period->title, .weight = 18, .is_bold = true};
    for (size_t i = 0; i < c->npast; i++)
        columns[3 + i] = (struct column){.name = str_print(c->a, "before_%zu", i + 1),
                                         .title = c->past[i].period.title,
                                         .weight = 16};
    draft_begin(&d, c->a, columns, n);
    for (const struct query_result *r = c->results; r; r = r->next) {
        struct value *row = draft_row(&d);

        row[0] = text_value(r->query->id);
        row[1] = text_value(r->query->title);
        row[2] = text_value(in_short(c, r));
        for (size_t i = 0; i < c->npast; i++) {
            const struct query_result *before = result_find(c->past[i].results, r->query);

            row[3 + i] = before ? text_value(in_short(c, before)) : (struct value){0};
        }
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- which one -------------------------------------------------------------------------------- */

bool compose_results(struct composer *c, json_t *object)
{
    static const struct {
        const char *name;
        bool (*compose)(struct composer *c, json_t *object);
    } tables[] = {
        {"families", compose_families},
        {"queries", compose_by_query},
        {"not-tested", compose_not_tested},
        {"comparison", compose_comparison},
        {"decisions", compose_decisions},
        {"register", compose_register},
        {"review", compose_review},
        {"evidence", compose_evidence},
        {"controls", compose_controls},
        {"controls-sheet", compose_controls_sheet},
        {"no-evidence", compose_no_evidence},
        {"not-evidenced", compose_not_evidenced},
        {"definitions", compose_definitions},
        {"parameters", compose_parameters},
        {"lists", compose_lists},
        {"populations", compose_populations},
        {"caveats", compose_caveats},
    };
    str name = json_get_text(object, "results", c->a);

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (str_eq(name, str_from(tables[i].name)))
            return tables[i].compose(c, object);
    return err_set(c->err, ERR_USAGE, "no table of results '%.*s'", STR_FMT(name));
}
