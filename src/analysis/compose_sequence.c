/*
 * compose_sequence: for the worst exceptions, what led to them and what followed, in the order of
 * time.
 *
 * A change is told from its commit to the modifications it made in the cloud; everything else by
 * what the same identity did within an hour of it.
 */
#include "analysis/compose.h"

#include "analysis/compose_rows.h"

#define STEPS_MOST   40
#define NEAR_SECONDS 3600

static enum mark step_mark(str word)
{
    enum severity severity;

    if (str_eq(word, STR("clear")))
        return MARK_CLEAR;
    return severity_find(word, &severity) ? mark_of_severity(severity) : MARK_INFO;
}

static bool read_steps(struct composer *c, struct statement *s, struct block *b)
{
    const size_t t = cell_find(s, STR("t")), mark = cell_find(s, STR("mark")),
                 title = cell_find(s, STR("title")), note = cell_find(s, STR("note"));
    struct step *steps = arena_new(c->a, struct step, STEPS_MOST);
    bool has_row = false, ok;

    while ((ok = statement_next(s, &has_row, c->err)) && has_row && b->nsteps < STEPS_MOST)
        steps[b->nsteps++] = (struct step){
            .t = statement_cell(s, t).i,
            .mark = step_mark(statement_cell(s, mark).text),
            .title = cell_text(statement_cell(s, title), c->a),
            .note = cell_text(statement_cell(s, note), c->a),
        };
    b->steps = steps;
    return ok;
}

static bool run_sequence(struct composer *c, str id, const struct finding *f, struct block *b)
{
    const struct request_filter none = {0};
    const struct query *set = catalogue_find_set(c->catalogue, id);
    struct statement *s = NULL;
    struct cell_map map;
    bool ok;

    if (!set)
        return err_set(c->err, ERR_USAGE, "no set '%.*s' in report/sets", STR_FMT(id));
    if (!set_open(c->st, set, &c->scope, &none, c->a, &s, &map, c->err))
        return false;
    statement_bind_text(s, "change", str_or(f->change, f->item));
    statement_bind_text(s, "evidence", str_or(f->evidence, STR("none")));
    statement_bind_text(s, "severity", str_from(severity_name(f->severity)));
    statement_bind_int(s, "near_from", key_of_seconds(SECONDS_OF_KEY(f->t) - NEAR_SECONDS));
    statement_bind_int(s, "near_until", key_of_seconds(SECONDS_OF_KEY(f->t) + NEAR_SECONDS));
    ok = read_steps(c, s, b);
    statement_close(s);
    return ok;
}

/* {"sequences": "sequence-change sequence-events", "severity": "critical", "most": 5}: for each
 * exception of that severity the first of the sets that has steps. */
bool compose_sequences(struct composer *c, json_t *object)
{
    size_t count, shown = 0, most = (size_t)json_integer_value(json_member(object, "most"));
    const struct finding *const *rows = register_rows(c, &count);
    enum severity severity;

    if (!severity_find(json_get_text(object, "severity", c->a), &severity))
        return err_set(c->err, ERR_USAGE, "'severity' is not one");
    for (size_t i = 0; i < count && shown < most; i++) {
        struct block *b;

        if (rows[i]->severity != severity || !rows[i]->has_t)
            continue;
        b = arena_new(c->a, struct block, 1);
        b->kind = BLOCK_TIMELINE;
        b->title = str_print(c->a, "%.*s — %.*s", STR_FMT(rows[i]->number),
                             STR_FMT(rows[i]->query->title));
        b->text = rows[i]->reason;
        for (str rest = json_get_text(object, "sequences", c->a); rest.len > 0 && b->nsteps == 0;)
            if (!run_sequence(c, str_cut(&rest, ' '), rows[i], b))
                return false;
        if (b->nsteps == 0)
            continue;
        *c->last = b;
        c->last = &b->next;
        shown++;
    }
    return true;
}
