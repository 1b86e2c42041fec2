/*
 * compose_controls: frameworks point at queries; here the outcomes are read the other way round,
 * control by control.
 *
 * A control has no result of its own. What stands beside it is what the queries that cite it found:
 * the worst of them, or that there was nothing to find out. Whether the control works is for the
 * reviewer and the auditor to say.
 */
#include "analysis/compose.h"

#include "model/display.h"

struct control_state {
    bool has_query; /* this catalogue has one of its queries, and the report ran it */
    bool is_partial, is_tested, is_clear;
    bool is_examined; /* by a query that looks for exceptions; else its populations are listed */
    enum result result;
    enum mark mark;
    int64_t exceptions;
    str queries;  /* ids that were run */
    str examined; /* "apr-unapproved-run 1 of 17": units differ, so there is no sum */
    str why;
};

bool framework_chosen(const struct composer *c, const struct framework *f)
{
    return c->frameworks.len == 0 || word_in(f->name, c->frameworks);
}

static str citing(const struct composer *c, str query, bool is_first_only)
{
    str all = STR_NONE;

    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next) {
        bool is_found = false;

        for (const struct control *k = framework_chosen(c, f) ? f->controls : NULL; k;
             k = k->next) {
            if (!word_in(query, k->queries) || (is_first_only && is_found))
                continue;
            all = str_join(c->a, all, STR(" · "), k->id);
            is_found = true;
        }
    }
    return all;
}

str controls_citing(const struct composer *c, str query)
{
    return citing(c, query, false);
}

str controls_citing_first(const struct composer *c, str query)
{
    return citing(c, query, true);
}

/* What one query examined: "1 of 17", "17 listed", "not tested". */
static str examined_text(struct composer *c, const struct query_result *r)
{
    str population = count_text(r->population, c->a);

    if (r->result == RESULT_NOT_TESTED)
        return str_print(c->a, "%.*s not tested", STR_FMT(r->query->id));
    if (r->query->kind == QUERY_POPULATION)
        return str_print(c->a, "%.*s %.*s listed", STR_FMT(r->query->id), STR_FMT(population));
    return str_print(c->a, "%.*s %.*s of %.*s", STR_FMT(r->query->id),
                     STR_FMT(count_text(r->exceptions, c->a)), STR_FMT(population));
}

static void add_result(struct composer *c, struct control_state *s, const struct query_result *r)
{
    enum mark mark = result_mark(r);

    s->has_query = true;
    s->queries = str_join(c->a, s->queries, STR(" "), r->query->id);
    s->examined = str_join(c->a, s->examined, STR(" · "), examined_text(c, r));
    s->exceptions += r->exceptions;
    s->is_partial |= r->why.len > 0;
    s->is_tested |= r->result != RESULT_NOT_TESTED;
    s->is_examined |= r->query->kind == QUERY_EXCEPTIONS && r->result != RESULT_NOT_TESTED;
    s->is_clear |= r->query->kind == QUERY_EXCEPTIONS && r->result == RESULT_NO_EXCEPTIONS;
    if (r->result == RESULT_EXCEPTIONS && (s->mark == MARK_NONE || mark < s->mark))
        s->mark = mark; /* critical is the first of the marks */
    if (r->why.len > 0)
        s->why = str_join(c->a, s->why, STR("; "), r->why);
}

static struct control_state control_state(struct composer *c, const struct control *k)
{
    struct control_state s = {0};

    for (str rest = k->queries; rest.ptr;) {
        const struct query *q = catalogue_find(c->catalogue, str_cut(&rest, ' '));
        const struct query_result *r = q ? result_find(c->results, q) : NULL;

        if (r)
            add_result(c, &s, r);
    }
    if (s.exceptions > 0) {
        s.result = RESULT_EXCEPTIONS;
    } else if (!s.is_tested) {
        s.result = RESULT_NOT_TESTED;
        s.mark = MARK_DASH;
    } else if (s.is_partial) {
        s.result = RESULT_PARTIAL;
        s.mark = MARK_PARTIAL;
    } else {
        s.result = s.is_clear ? RESULT_NO_EXCEPTIONS : RESULT_NO_POPULATION;
        s.mark = s.is_clear ? MARK_CLEAR : MARK_DASH;
    }
    return s;
}

static str strength_text(struct composer *c, const struct control *k)
{
    if (k->still_needed.len == 0)
        return str_print(c->a, "%.*s evidence", STR_FMT(k->strength));
    return str_print(c->a, "%.*s evidence; from elsewhere: %.*s", STR_FMT(k->strength),
                     STR_FMT(k->still_needed));
}

static bool is_listed(const struct control_state *s)
{
    return s->is_tested && !s->is_examined;
}

static struct value outcome_value(const struct control_state *s)
{
    if (is_listed(s))
        return (struct value){.is_set = true, .mark = MARK_INFO, .text = STR("listed, not tested")};
    return (struct value){
        .is_set = true, .mark = s->mark, .text = str_from(result_words(s->result))};
}

static struct value exceptions_value(const struct control_state *s)
{
    return !is_listed(s) && (s->result == RESULT_EXCEPTIONS || s->result == RESULT_NO_EXCEPTIONS)
               ? count_value(s->exceptions)
               : (struct value){0};
}

/* --- one framework ---------------------------------------------------------------------------- */

static bool put_framework(struct composer *c, json_t *object, const struct framework *f)
{
    static const struct column columns[] = {
        COL_BOLD("control", "Control", ID, 13),
        COL("label", "What it is about", TEXT, 34),
        COL_UNDER("strength", "Evidence", TEXT, 2),
        COL("queries", "Queries: exceptions of items examined", TEXT, 34),
        COL("outcome", "Outcome", MARK, 17),
        COL("exceptions", "Exceptions", COUNT, 10),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    d.table->empty = STR("No query of this report gives evidence for a control of this framework.");
    for (const struct control *k = f->controls; k; k = k->next) {
        struct control_state s = control_state(c, k);
        struct value *row;

        if (!s.has_query || !s.is_tested)
            continue;
        row = draft_row(&d);
        *row++ = text_value(k->id);
        *row++ = text_value(k->label);
        *row++ = text_value(strength_text(c, k));
        *row++ = text_value(s.examined);
        *row++ = outcome_value(&s);
        *row++ = exceptions_value(&s);
    }
    return compose_table_block(c, object, draft_end(&d), f->title);
}

bool compose_controls(struct composer *c, json_t *object)
{
    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next)
        if (framework_chosen(c, f) && !put_framework(c, object, f))
            return false;
    return true;
}

/* --- all of them in one table ----------------------------------------------------------------- */

bool compose_controls_sheet(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL("framework", "Framework", TEXT, 0),
        COL_BOLD("control", "Control", ID, 0),
        COL("label", "What it is about", TEXT, 0),
        COL("outcome", "Outcome", MARK, 0),
        COL("examined", "Exceptions of items examined, by query", TEXT, 0),
        COL("exceptions", "Exceptions", COUNT, 0),
        COL("queries", "Queries run", ID, 0),
        COL("strength", "Evidence", TEXT, 0),
        COL("still_needed", "Still needed from elsewhere", TEXT, 0),
        COL("why", "What limits it", TEXT, 0),
        COL("baselines", "NIST baselines", TEXT, 0),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next) {
        for (const struct control *k = framework_chosen(c, f) ? f->controls : NULL; k;
             k = k->next) {
            struct control_state s = control_state(c, k);
            struct value *row = draft_row(&d);

            *row++ = text_value(f->title);
            *row++ = text_value(k->id);
            *row++ = text_value(k->label);
            *row++ =
                s.has_query
                    ? outcome_value(&s)
                    : (struct value){.is_set = true, .mark = MARK_DASH, .text = STR("no query")};
            *row++ = text_value(s.examined);
            *row++ = s.has_query ? exceptions_value(&s) : (struct value){0};
            *row++ = text_value(s.queries);
            *row++ = text_value(k->strength);
            *row++ = text_value(k->still_needed);
            *row++ = text_value(s.why);
            *row++ = text_value(k->baselines);
        }
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- what has no evidence --------------------------------------------------------------------- */

static str short_title(const struct framework *f)
{
    size_t dash = str_find(f->title, STR(" — "));

    return dash == SIZE_MAX ? f->title : str_part(f->title, 0, dash);
}

bool compose_no_evidence(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL("framework", "Framework", TEXT, 20),
        COL_BOLD("control", "Control", ID, 12),
        COL("label", "What it is about", TEXT, 34),
        COL("why", "Why there is no evidence in this report", TEXT, 34),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next) {
        for (const struct control *k = framework_chosen(c, f) ? f->controls : NULL; k;
             k = k->next) {
            struct control_state s = control_state(c, k);
            struct value *row;

            if (s.has_query && s.is_tested)
                continue;
            row = draft_row(&d);
            *row++ = text_value(short_title(f));
            *row++ = text_value(k->id);
            *row++ = text_value(k->label);
            *row++ = text_value(s.has_query ? str_print(c->a, "not tested: %.*s", STR_FMT(s.why))
                                            : STR("the catalogue in use has no query for it"));
        }
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* What no export can show, framework by framework. */
bool compose_not_evidenced(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_FACTS);
    struct fact *facts;
    size_t n = 0;

    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next)
        n++;
    facts = arena_new(c->a, struct fact, n);
    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next)
        if (framework_chosen(c, f))
            facts[b->nfacts++] = (struct fact){.name = short_title(f), .value = f->not_evidenced};
    b->facts = facts;
    return compose_member(c, object, "title", &b->title);
}
