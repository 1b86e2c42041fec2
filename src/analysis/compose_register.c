/*
 * compose_register: all exceptions in one list, what of them needs a decision, and where their
 * proof is.
 *
 * The columns for decisions are empty: they are the reviewer's. Numbers stay the same in every
 * rerun, so that a ticket can refer to them.
 */
#include "analysis/compose.h"

#include <stdlib.h>

#define DECISIONS_MOST 5

/* --- the list --------------------------------------------------------------------------------- */

static int register_order(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left,
                         *b = *(const struct finding *const *)right;

    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->t != b->t)
        return a->t < b->t ? -1 : 1;
    if (!str_eq(a->query->id, b->query->id))
        return str_cmp(a->query->id, b->query->id);
    return str_cmp(a->number, b->number);
}

const struct finding *const *register_rows(struct composer *c, size_t *count)
{
    size_t n = 0;

    for (const struct query_result *r = c->results; r; r = r->next)
        n += (size_t)r->exceptions;
    if (!c->rows) {
        c->rows = arena_new(c->a, const struct finding *, n);
        for (const struct query_result *r = c->results; r; r = r->next)
            for (const struct finding *f = r->exceptions > 0 ? r->findings : NULL; f; f = f->next)
                c->rows[c->nrows++] = f;
        qsort(c->rows, c->nrows, sizeof *c->rows, register_order);
    }
    *count = c->nrows;
    return c->rows;
}

/* --- cells of a row --------------------------------------------------------------------------- */

/* The earliest of the periods looked at in which the same number came up, without a break. */
static str first_seen(const struct composer *c, const struct finding *f)
{
    str label = c->scope.period->title;

    for (size_t i = 0; i < c->npast; i++) {
        const struct query_result *r = result_find(c->past[i].results, f->query);
        bool is_there = false;

        for (const struct finding *old = r ? r->findings : NULL; old && !is_there; old = old->next)
            is_there = str_eq(old->number, f->number);
        if (!is_there)
            break;
        label = c->past[i].period.title;
    }
    return label;
}

static bool is_meaning(str name)
{
    return word_in(name, STR("item t actor action resource reason change evidence severity"));
}

/* What the query says beyond the common columns: "Title: value; Title: value". */
static str details_of(struct composer *c, const struct finding *f)
{
    str all = STR_NONE;

    for (size_t i = 0; i < f->query->ncolumns; i++) {
        const struct query_column *column = &f->query->columns[i];
        const struct value *v = &f->values[i];
        str text;

        if (is_meaning(column->name) || !v->is_set || column->computed != COMPUTED_NO)
            continue;
        text = value_print(column->type, v->number, v->text, c->a);
        all = str_join(c->a, all, STR("; "),
                       str_print(c->a, "%.*s: %.*s", STR_FMT(column->title), STR_FMT(text)));
    }
    return all;
}

static size_t words_count(str words)
{
    size_t n = 0;

    for (str rest = words; rest.len > 0;)
        n += str_cut(&rest, ' ').len > 0;
    return n;
}

static str evidence_text(struct composer *c, const struct evidence_ref *e)
{
    return evidence_ref(c->cells.files, sha256_hex(&e->file_sha256, c->a), (int64_t)e->where.offset,
                        (int64_t)e->where.length, c->a);
}

/* The first event of the proof; more are in appendix D. */
static bool first_evidence(struct composer *c, const struct finding *f, str *ref, str *sha256)
{
    str rest = f->evidence;
    str id = str_cut(&rest, ' ');
    struct evidence_ref *refs = NULL;
    size_t nrefs = 0;

    *ref = *sha256 = STR_NONE;
    if (id.len == 0)
        return true;
    if (!store_evidence(c->st, id, c->a, &refs, &nrefs, c->err))
        return false;
    if (nrefs == 0)
        return true;
    *ref = evidence_text(c, &refs[0]);
    if (refs[0].has_sha)
        *sha256 = sha256_hex(&refs[0].record_sha256, c->a);
    return true;
}

static str local_text(const struct composer *c, const struct finding *f)
{
    return f->has_t ? cell_local_time(f->t, c->cells.zone, c->a) : STR_NONE;
}

/* --- the register ----------------------------------------------------------------------------- */

static const str decision_choices[] = {
    TXT("open"), TXT("remediated"), TXT("accepted"), TXT("false positive"), TXT("duplicate"),
};
static const str reason_choices[] = {
    TXT("approved elsewhere"),    TXT("emergency change"),
    TXT("known automation"),      TXT("planned test"),
    TXT("missing in the export"), TXT("process not followed"),
    TXT("unauthorised"),          TXT("other"),
};
#define COL_CHOICE(name_, title_, weight_, list_)                                                  \
    {                                                                                              \
        .name = TXT(name_), .title = TXT(title_), .type = COLUMN_INPUT, .weight = weight_,         \
        .choices = list_, .nchoices = sizeof list_ / sizeof *list_                                 \
    }

static bool register_row(struct composer *c, const struct finding *f, struct value *row)
{
    const int64_t now = c->req->generated_sec;
    str ref, sha256;

    if (!first_evidence(c, f, &ref, &sha256))
        return false;
    *row++ = text_value(f->number);
    *row++ = mark_value(str_from(severity_name(f->severity)));
    *row++ = link_value(f->query->title, f->query->id);
    *row++ = text_value(f->query->id);
    *row++ = f->has_t ? time_value(f->t) : (struct value){0};
    *row++ = text_value(local_text(c, f));
    *row++ = text_value(f->environment);
    *row++ = text_value(f->actor);
    *row++ = text_value(f->action);
    *row++ = text_value(f->resource);
    *row++ = text_value(f->reason);
    *row++ = text_value(f->change);
    *row++ = text_value(details_of(c, f));
    *row++ = text_value(controls_citing(c, f->query->id));
    *row++ = text_value(first_seen(c, f));
    *row++ = count_value((int64_t)words_count(f->evidence));
    *row++ = f->has_t && now > SECONDS_OF_KEY(f->t)
                 ? count_value((now - SECONDS_OF_KEY(f->t)) / DAY_SECONDS)
                 : (struct value){0};
    *row++ = text_value(ref);
    *row++ = text_value(sha256);
    *row++ = text_value(f->item);
    return true; /* decision columns stay empty */
}

bool compose_register(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("no", "No", ID, 13),
        COL("severity", "Severity", MARK, 8),
        COL("title", "Query", TEXT, 15),
        COL_UNDER("query", "Query id", ID, 3),
        COL("t", "Time (UTC)", TIME, 10),
        COL("t_local", "Time (local)", TEXT, 0),
        COL("environment", "Environment", TEXT, 0),
        COL("actor", "Actor", TEXT, 13),
        COL("action", "Action and resource", TEXT, 17),
        COL_UNDER("resource", "Resource", ID, 9),
        COL("reason", "What is wrong", TEXT, 20),
        COL_UNDER("change", "Change", ID, 11),
        COL("details", "Details", TEXT, 0),
        COL("controls", "Controls", TEXT, 0),
        COL("first_seen", "First seen", TEXT, 9),
        COL("occurrences", "Records", COUNT, 0),
        COL("age_days", "Age in days", COUNT, 0),
        COL("ref", "Evidence", ID, 14),
        COL("record_sha256", "Record SHA-256", HASH, 0),
        COL("item", "Item", ID, 0),
        COL_CHOICE("decision", "Decision", 10, decision_choices),
        COL("decided_by", "By and date", INPUT, 10),
    };
    size_t count;
    const struct finding *const *rows = register_rows(c, &count);
    struct table *again = table_again(c, STR("register"));
    struct table_draft d;

    if (again)
        return compose_table_block(c, object, again, STR_NONE);
    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++)
        if (!register_row(c, rows[i], draft_row(&d)))
            return false;
    d.table->digest = table_digest(draft_end(&d), c->a);
    table_keep(c, STR("register"), d.table);
    return compose_table_block(c, object, d.table, STR_NONE);
}

/* The sheet that reviewers fill in and `review import` reads back: keys first, then what they
 * decide. */
bool compose_review(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("no", "No", ID, 0),
        COL("severity", "Severity", MARK, 0),
        COL("query", "Query id", ID, 0),
        COL("title", "Query", TEXT, 0),
        COL("t", "Time (UTC)", TIME, 0),
        COL("actor", "Actor", TEXT, 0),
        COL("item", "Item", ID, 0),
        COL("reason", "What is wrong", TEXT, 0),
        COL_CHOICE("decision", "Decision", 0, decision_choices),
        COL_CHOICE("reason_code", "Reason", 0, reason_choices),
        COL("comment", "Comment", INPUT, 0),
        COL("ticket", "Ticket", INPUT, 0),
        COL("owner", "Owner", INPUT, 0),
        COL("expiry", "Accepted until (yyyy-mm-dd)", INPUT, 0),
        COL("decided_by", "Decided by", INPUT, 0),
        COL("decided_on", "Decided on (yyyy-mm-dd)", INPUT, 0),
    };
    size_t count;
    const struct finding *const *rows = register_rows(c, &count);
    struct table_draft d;

    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const struct finding *f = rows[i];
        struct value *row = draft_row(&d);

        *row++ = text_value(f->number);
        *row++ = mark_value(str_from(severity_name(f->severity)));
        *row++ = text_value(f->query->id);
        *row++ = text_value(f->query->title);
        *row++ = f->has_t ? time_value(f->t) : (struct value){0};
        *row++ = text_value(f->actor);
        *row++ = text_value(f->item);
        *row++ = text_value(f->reason);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}

/* --- evidence --------------------------------------------------------------------------------- */

static bool evidence_rows(struct composer *c, const struct finding *f, struct table_draft *d)
{
    for (str rest = f->evidence; rest.len > 0;) {
        str id = str_cut(&rest, ' ');
        struct evidence_ref *refs = NULL;
        size_t nrefs = 0;

        if (id.len > 0 && !store_evidence(c->st, id, c->a, &refs, &nrefs, c->err))
            return false;
        for (size_t i = 0; i < nrefs; i++) {
            struct value *row = draft_row(d);

            *row++ = text_value(f->number);
            *row++ = text_value(id);
            *row++ = text_value(evidence_text(c, &refs[i]));
            *row++ = count_value((int64_t)refs[i].where.record);
            *row++ = text_value(refs[i].path);
            *row++ =
                text_value(refs[i].has_sha ? sha256_hex(&refs[i].record_sha256, c->a) : STR_NONE);
        }
    }
    return true;
}

bool compose_evidence(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("no", "No", ID, 13),   COL("event", "Event", ID, 19),
        COL("ref", "Evidence", ID, 16), COL("record", "Record", COUNT, 8),
        COL("path", "File", ID, 30),    COL("record_sha256", "Record SHA-256", HASH, 14),
    };
    size_t count;
    const struct finding *const *rows = register_rows(c, &count);
    struct table *again = table_again(c, STR("evidence"));
    struct table_draft d;

    if (again)
        return compose_table_block(c, object, again, STR_NONE);
    draft_begin(&d, c->a, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++)
        if (!evidence_rows(c, rows[i], &d))
            return false;
    table_keep(c, STR("evidence"), draft_end(&d));
    return compose_table_block(c, object, d.table, STR_NONE);
}

/* --- what needs a decision -------------------------------------------------------------------- */

/* All exceptions of one query of one severity are one decision: "EX-ABCDEFGH and 10 more". */
static bool decision_text(struct composer *c, const struct finding *f, size_t count,
                          struct fact *out)
{
    str what = str_or(f->reason, f->action);

    figure_text(&c->figures, c->a, STR("d_title"), f->query->title);
    figure_text(&c->figures, c->a, STR("d_what"), what);
    figure_text(&c->figures, c->a, STR("d_who"),
                str_join(c->a, str_or(f->actor, STR("nobody named")), STR(", "), f->resource));
    figure_text(&c->figures, c->a, STR("d_controls"),
                str_or(controls_citing_first(c, f->query->id), STR("no control")));
    figure_count(&c->figures, c->a, STR("d_count"), (int64_t)count);
    out->name = count == 1 ? f->number
                           : str_print(c->a, "%.*s and %zu more", STR_FMT(f->number), count - 1);
    out->mark = mark_of_severity(f->severity);
    out->link = STR("register");
    return compose_expand(c, count == 1 ? STR("@decision.one") : STR("@decision.many"),
                          &out->value);
}

bool compose_decisions(struct composer *c, json_t *object)
{
    size_t count;
    const struct finding *const *rows = register_rows(c, &count);
    struct fact *facts = arena_new(c->a, struct fact, DECISIONS_MOST + 1);
    struct block *b;
    size_t n = 0, told = 0, grave = 0;

    while (grave < count && rows[grave]->severity >= SEVERITY_HIGH)
        grave++; /* the register stands in the order of severity */

    for (size_t i = 0; i < count && n < DECISIONS_MOST && rows[i]->severity >= SEVERITY_HIGH; i++) {
        bool is_told = false;
        size_t same = 0;

        for (size_t k = 0; k < count; k++) {
            bool is_same =
                rows[k]->query == rows[i]->query && rows[k]->severity == rows[i]->severity;

            is_told |= is_same && k < i;
            same += is_same;
        }
        if (is_told)
            continue;
        if (!decision_text(c, rows[i], same, &facts[n++]))
            return false;
        told += same;
    }
    if (told < grave) {
        facts[n].name = str_print(c->a, "%zu more", grave - told);
        facts[n].mark = MARK_HIGH;
        facts[n].link = STR("register");
        if (!compose_expand(c, STR("@decision.rest"), &facts[n++].value))
            return false;
    }
    b = compose_block(c, BLOCK_DECISIONS);
    b->facts = facts;
    b->nfacts = n;
    return compose_member(c, object, "title", &b->title);
}
