/*
 * pulumi_events: engine events of Pulumi, one JSON object per line ('--event-log') or as the
 * service answers them, and the digest of 'pulumi preview --json' (formats-iac 9).
 *
 * As with Terraform two lines stand for each resource that was touched; one without an end was
 * interrupted. The log has neither actor nor run nor commit. Totals become a change keyed by the
 * log's own time. A cancelEvent is sent at every end and cancels nothing.
 *
 * Read past and never kept: old and new inputs and outputs, configuration, messages of diagnostics
 * and what programs print.
 */
#include "base/buf.h"
#include "pulumi.h"
#include "sources/source.h"

enum { MOST_NAMES = 12 };

struct engine_event {
    struct mapper *m;
    const json_t *body; /* the *Event member */
    struct event ev;
};

typedef void emit_function(struct engine_event *e, enum outcome outcome);

static void emit(struct engine_event *e)
{
    e->m->emit(e->m, &e->ev);
}

/* Names of what differs, never the values: "changed: tags, policy". */
static str names_of(const json_t *diffs, struct arena *a)
{
    struct buf out = {0};
    const json_t *name;
    str done = STR_NONE;
    size_t i;

    json_array_foreach (diffs, i, name) {
        if (i == MOST_NAMES) {
            buf_addz(&out, " ...");
            break;
        }
        buf_addz(&out, i ? ", " : "changed: ");
        buf_add(&out, json_text(name, a));
    }
    if (out.len)
        done = buf_str_copy(&out, a);
    buf_free(&out);
    return done;
}

/* resourcePreEvent, resOutputsEvent, resOpFailedEvent. */
static void emit_resource(struct engine_event *e, enum outcome outcome)
{
    struct arena *a = e->m->arena;
    const json_t *meta = json_member(e->body, "metadata");
    bool is_preview = json_truth(json_member(e->body, "planning"));
    str id = tree_path_text(a, meta, "new", "id", NULL);

    e->ev.service = is_preview ? STR("pulumi.preview") : STR("pulumi.update");
    e->ev.action = tree_text(meta, "op", a);
    e->ev.verb = is_preview ? VERB_PLAN : pulumi_verb(e->ev.action);
    e->ev.resource = tree_text(meta, "urn", a);
    e->ev.resource_type = tree_text(meta, "type", a);
    e->ev.place = pulumi_stack_of(e->ev.resource, a);
    e->ev.outcome = outcome;
    e->ev.detail = names_of(json_member(meta, "diffs"), a);
    id = str_or(id, tree_path_text(a, meta, "old", "id", NULL));
    if (pulumi_id_is_safe(e->ev.resource_type, a))
        event_add_resource(&e->ev, id, e->ev.resource_type, a);
    emit(e);
}

static void emit_diagnostic(struct engine_event *e, enum outcome outcome)
{
    str severity = tree_text(e->body, "severity", e->m->arena);

    e->ev.resource = tree_text(e->body, "urn", e->m->arena);
    e->ev.place = pulumi_stack_of(e->ev.resource, e->m->arena);
    e->ev.outcome = str_eq(severity, STR("error")) ? OUTCOME_FAILURE : outcome;
    if (e->ev.outcome == OUTCOME_FAILURE)
        e->ev.error = severity;
    emit(e);
}

static void emit_policy(struct engine_event *e, enum outcome outcome)
{
    struct arena *a = e->m->arena;
    str level = tree_text(e->body, "enforcementLevel", a);

    e->ev.resource = tree_text(e->body, "resourceUrn", a);
    e->ev.place = pulumi_stack_of(e->ev.resource, a);
    e->ev.detail = str_join(a, tree_text(e->body, "policyPackName", a), STR("/"),
                            tree_text(e->body, "policyName", a));
    e->ev.outcome = str_eq(level, STR("mandatory")) ? OUTCOME_DENIED : outcome;
    e->ev.error = level;
    emit(e);
}

static struct change *change_of(const struct engine_event *e, const json_t *counts)
{
    struct arena *a = e->m->arena;
    int64_t seconds = tree_int(e->body, "durationSeconds", 0);
    struct change *c = change_new(
        STR("pulumi"), str_join(a, instant_text(e->ev.time, a), STR(" "), e->ev.detail), a);
    enum outcome unused;

    pulumi_set_counts(c, counts);
    c->kind = STR("apply");
    c->result = pulumi_result(tree_text(e->body, "result", a), &unused);
    if (str_eq(c->result, STR("applied")) && c->adds + c->changes + c->destroys == 0)
        c->result = STR("no-op");
    c->t_start = c->t_end = e->ev.time;
    if (e->ev.time.is_set)
        c->t_start.sec -= seconds;
    return c;
}

static void emit_summary(struct engine_event *e, enum outcome outcome)
{
    struct arena *a = e->m->arena;
    const json_t *counts = json_member(e->body, "resourceChanges");
    bool is_preview = json_truth(json_member(e->body, "isPreview"));

    e->ev.verb = is_preview ? VERB_PLAN : VERB_APPLY;
    e->ev.detail = pulumi_count_words(counts, a);
    e->ev.outcome = outcome;
    (void)pulumi_result(tree_text(e->body, "result", a), &e->ev.outcome);
    if (e->ev.outcome == OUTCOME_FAILURE)
        e->ev.error = tree_text(e->body, "result", a);
    if (!is_preview && e->ev.time.is_set)
        e->ev.changes = change_of(e, counts);
    emit(e);
}

/* The beginning and the end of a log. */
static void emit_mark(struct engine_event *e, enum outcome outcome)
{
    e->ev.outcome = outcome;
    emit(e);
}

static const struct {
    const char *member;
    emit_function *emit; /* NULL: no act */
    enum outcome outcome;
} kinds[] = {
    {"resourcePreEvent", emit_resource, OUTCOME_PENDING},
    {"resOutputsEvent", emit_resource, OUTCOME_SUCCESS},
    {"resOpFailedEvent", emit_resource, OUTCOME_FAILURE},
    {"diagnosticEvent", emit_diagnostic, OUTCOME_UNKNOWN},
    {"policyEvent", emit_policy, OUTCOME_UNKNOWN},
    {"summaryEvent", emit_summary, OUTCOME_UNKNOWN},
    {"preludeEvent", emit_mark, OUTCOME_UNKNOWN},
    {"cancelEvent", emit_mark, OUTCOME_UNKNOWN},
    {"stdoutEvent", NULL, OUTCOME_UNKNOWN},
    {"progressEvent", NULL, OUTCOME_UNKNOWN},
    {"errorEvent", emit_mark, OUTCOME_FAILURE},
    {"startDebuggingEvent", NULL, OUTCOME_UNKNOWN},
    {"policyLoadEvent", NULL, OUTCOME_UNKNOWN},
    {"policyRemediationEvent", emit_mark, OUTCOME_UNKNOWN},
};

enum { NKINDS = sizeof(kinds) / sizeof(kinds[0]) };

static size_t kind_of(const json_t *doc)
{
    size_t i = 0;

    if (!json_is_number(json_member(doc, "timestamp")))
        return NKINDS;
    while (i < NKINDS && !json_is_object(json_member(doc, kinds[i].member)))
        i++;
    return i;
}

/* --- the digest of a preview ------------------------------------------------------------------ */

static bool is_preview_digest(const json_t *doc)
{
    const json_t *step = json_array_get(json_member(doc, "steps"), 0);

    return json_is_array(json_member(doc, "steps")) &&
           (tree_has(doc, "changeSummary") || (tree_has(step, "op") && tree_has(step, "urn")));
}

static enum map_result map_preview(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    const json_t *step;
    size_t i;

    json_array_foreach (json_member(doc, "steps"), i, step) {
        struct event ev = event_new();

        ev.service = STR("pulumi.preview");
        ev.channel = CHANNEL_IAC;
        ev.action = tree_text(step, "op", a);
        ev.verb = VERB_PLAN;
        ev.resource = tree_text(step, "urn", a);
        ev.resource_type = tree_path_text(a, step, "newState", "type", NULL);
        ev.place = pulumi_stack_of(ev.resource, a);
        ev.detail = names_of(json_member(step, "diffReasons"), a);
        ev.dedupe = event_dedupe(rec, i, a);
        if (!str_eq(ev.action, STR("same")))
            m->emit(m, &ev);
    }
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    if (is_preview_digest(doc))
        return 85;
    return kind_of(doc) < NKINDS ? 94 : 0;
}

static enum map_result map_engine_event(struct mapper *m, const json_t *doc, size_t kind)
{
    struct engine_event e = {.m = m, .ev = event_new()};

    if (!kinds[kind].emit) {
        m->why = "progress or output of a program";
        return MAP_NOT_EVENT;
    }
    e.body = json_member(doc, kinds[kind].member);
    event_set_time(&e.ev, tree_text(doc, "timestamp", m->arena));
    e.ev.time_text = STR_NONE;
    e.ev.service = STR("pulumi");
    e.ev.channel = CHANNEL_IAC;
    e.ev.action = str_from(kinds[kind].member);
    kinds[kind].emit(&e, kinds[kind].outcome);
    return MAP_DONE;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    enum map_result result = MAP_FOREIGN;
    json_t *doc = tree_open(rec, m);
    size_t kind;

    if (!doc)
        return MAP_REJECT;
    kind = kind_of(doc);
    if (is_preview_digest(doc))
        result = map_preview(rec, m, doc);
    else if (kind < NKINDS)
        result = map_engine_event(m, doc, kind);
    json_decref(doc);
    return result;
}

const struct source source_pulumi_events = {
    .name = "pulumi-events",
    .title = "Pulumi engine events",
    .reads = "files of 'pulumi up --event-log', update events of the service, 'pulumi preview "
             "--json'",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS,
    .text_is_normal = true,
    .probe = probe,
    .map = map,
};
