/*
 * aws_carrier: see aws_carrier.h.
 */
#include "aws_carrier.h"

#include "tree.h"

extern const struct source source_aws_cloudtrail;
extern const struct source source_kubernetes_audit;

static const struct source *const carried[] = {&source_aws_cloudtrail, &source_kubernetes_audit};

/* --- handing over ----------------------------------------------------------------------------- */

struct hand_over {
    struct mapper mapper; /* first: emit gets a pointer to it */
    struct mapper *outer;
    const struct carrier *carrier;
    const struct source *as;
};

static void pass_on(struct mapper *m, const struct event *ev)
{
    struct hand_over *h = (struct hand_over *)(void *)m;
    struct event full = *ev;

    full.account = str_or(full.account, h->carrier->account);
    full.place = str_or(full.place, h->carrier->place);
    if (h->carrier->is_outcome_unknown && full.outcome == OUTCOME_SUCCESS)
        full.outcome = OUTCOME_UNKNOWN;
    h->outer->as = h->as;
    h->outer->emit(h->outer, &full);
    h->outer->as = NULL;
}

static enum map_result give_to(const struct source *s, const struct carrier *c, str text,
                               struct mapper *m)
{
    struct hand_over h = {.mapper = *m, .outer = m, .carrier = c, .as = s};
    struct field *fields = arena_new(m->arena, struct field, s->npaths + 1);
    struct record rec = *c->rec;
    struct err err = {0};
    enum map_result result;

    if (!fields_read(source_fields(s), text, fields, &err))
        return MAP_FOREIGN;
    rec.bytes = text;
    rec.outer = rec.wrapper = STR_NONE;
    rec.fields = fields;
    h.mapper.emit = pass_on;
    result = s->map(&rec, &h.mapper);
    m->why = h.mapper.why;
    return result;
}

static const struct source *owner_of(const struct carrier *c, str text)
{
    const struct source *best = NULL;
    struct record rec = *c->rec;
    struct err err = {0};
    json_t *tree = json_parse(text, &err);
    int most = 0;

    rec.bytes = text;
    rec.outer = rec.wrapper = STR_NONE;
    for (size_t i = 0; tree && i < sizeof carried / sizeof *carried; i++) {
        int score = carried[i]->probe(&rec, tree);

        if (score > most) {
            best = carried[i];
            most = score;
        }
    }
    json_decref(tree);
    return best;
}

enum map_result carrier_give(const struct carrier *c, str text, struct mapper *m)
{
    const struct source *owner;
    enum map_result result;

    text = str_trim(text);
    if (!str_starts(text, STR("{")))
        return MAP_FOREIGN;
    /* Nearly all of them: no need for a tree. */
    if (!str_starts(text, STR("{\"eventVersion\""))) {
        owner = owner_of(c, text);
        return owner ? give_to(owner, c, text, m) : MAP_FOREIGN;
    }
    result = give_to(&source_aws_cloudtrail, c, text, m);
    if (result == MAP_FOREIGN)
        issues_add(m->notes, m->arena, ISSUE_NOTE,
                   "begins like a CloudTrail event and is cut short: taken as a log line");
    return result;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* "useridentity.arn" is "/userIdentity/arn": queries may spell columns as they like. */
static bool is_path(str column, const char *path)
{
    size_t i;

    for (i = 0; i < column.len; i++) {
        char c = column.ptr[i] == '.' ? '/' : column.ptr[i];

        if (!path[i + 1] || !str_eq_nocase((str){&c, 1}, (str){path + i + 1, 1}))
            return false;
    }
    return !path[i + 1];
}

static str path_of(str column, struct arena *a)
{
    enum { DEEPEST = 8 };
    unsigned depth = 0;
    char *text;

    for (size_t i = 0; i < source_aws_cloudtrail.npaths; i++)
        if (is_path(column, source_aws_cloudtrail.paths[i]))
            return str_from(source_aws_cloudtrail.paths[i] + 1);
    text = arena_new(a, char, column.len + 1);
    for (size_t i = 0; i < column.len; i++) {
        bool is_step = column.ptr[i] == '.' && ++depth < DEEPEST;

        text[i] = is_step ? '/' : column.ptr[i];
    }
    return (str){text, column.len};
}

/* A cell is text; JSON in it is meant. What a query engine prints of a structure is neither. */
static json_t *value_of(const json_t *cell)
{
    str text = str_trim((str){json_string_value(cell), json_string_length(cell)});
    struct err err = {0};
    json_t *value = NULL;

    if (!json_is_string(cell))
        return json_incref(json_open(cell));
    if (str_starts(text, STR("{")) || str_starts(text, STR("[")))
        value = json_parse(text, &err);
    return value ? value : json_incref(json_open(cell));
}

static void put_cell(json_t *event, str path, const json_t *cell)
{
    json_t *at = event, *next;

    for (str rest = path;;) {
        str name = str_cut(&rest, '/');

        if (str_empty(rest)) {
            json_object_setn_new(at, name.ptr, name.len, value_of(cell));
            return;
        }
        next = json_object_getn(at, name.ptr, name.len);
        if (!json_is_object(next)) {
            next = json_object();
            json_object_setn_new(at, name.ptr, name.len, next);
        }
        at = next;
    }
}

enum map_result carrier_give_row(const struct carrier *c, const json_t *row, struct mapper *m)
{
    json_t *event = json_object();
    struct carrier known = *c;
    enum map_result result = MAP_FOREIGN;
    const json_t *cell;
    const char *name;

    json_object_foreach (json_open(row), name, cell)
        if (!json_is_null(cell))
            put_cell(event, path_of(str_from(name), m->arena), cell);
    known.is_outcome_unknown = !json_object_get(event, "errorCode");
    if (json_member(event, "eventName") && json_member(event, "eventTime"))
        result = give_to(&source_aws_cloudtrail, &known, json_write(event, m->arena), m);
    json_decref(event);
    return result;
}
