/*
 * spacelift: webhooks of Spacelift (formats-iac 15): the audit trail (milliseconds) and the states
 * of runs (seconds).
 *
 * Never read: arguments of what the audit trail reports, which can hold anything.
 */
#include "sources/source.h"
#include "tree.h"

/* --- audit trail ------------------------------------------------------------------------------ */

static const struct {
    const char *action; /* a glob; the first that fits wins */
    enum verb verb;
} verbs[] = {
    {"audit_trail*", VERB_CONFIG},  {"*webhook*", VERB_CONFIG},     {"*policy.*", VERB_CONFIG},
    {"run.confirm*", VERB_APPROVE}, {"run.approve*", VERB_APPROVE}, {"run.discard*", VERB_REJECT},
    {"run.reject*", VERB_REJECT},   {"run.trigger*", VERB_EXECUTE}, {"*login*", VERB_LOGIN},
    {"*.create*", VERB_CREATE},     {"*.delete*", VERB_DELETE},     {"*.update*", VERB_UPDATE},
    {"*.set*", VERB_UPDATE},        {"*.lock", VERB_UPDATE},        {"*.unlock", VERB_UPDATE},
};

static bool is_audit(const json_t *doc)
{
    return json_is_string(json_member(doc, "account")) && tree_has(doc, "action") &&
           json_is_string(json_member(doc, "actor")) && tree_has(doc, "timestamp") &&
           (tree_has(doc, "remoteIP") || tree_has(doc, "actor_roles"));
}

static enum map_result map_audit(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = event_new();

    (void)rec;
    if (!event_set_time(&ev, tree_text(doc, "timestamp", a))) {
        m->why = "'timestamp' is not a time";
        return MAP_REJECT;
    }
    ev.time_text = STR_NONE;
    ev.service = STR("spacelift");
    ev.account = tree_text(doc, "account", a);
    ev.actor = tree_text(doc, "actor", a);
    ev.actor_type = str_starts(ev.actor, STR("api::")) ? ACTOR_SERVICE : ACTOR_HUMAN;
    ev.action = tree_text(doc, "action", a);
    for (size_t i = sizeof(verbs) / sizeof(verbs[0]); i-- > 0;)
        if (str_glob(str_from(verbs[i].action), ev.action))
            ev.verb = verbs[i].verb;
    ev.resource = tree_path_text(a, doc, "data", "ID", NULL);
    ev.resource_type = str_part(ev.action, 0, str_find_char(ev.action, '.'));
    ev.source_ip = tree_text(doc, "remoteIP", a);
    ev.detail = tree_path_text(a, doc, "context", "mutation", NULL);
    ev.outcome = OUTCOME_SUCCESS; /* only what was carried out is reported */
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- runs ------------------------------------------------------------------------------------- */

static const struct {
    const char *state, *result;
    enum outcome outcome;
} states[] = {
    {"FINISHED", "applied", OUTCOME_SUCCESS},    {"FAILED", "failed", OUTCOME_FAILURE},
    {"DISCARDED", "discarded", OUTCOME_UNKNOWN}, {"CANCELED", "cancelled", OUTCOME_FAILURE},
    {"STOPPED", "cancelled", OUTCOME_FAILURE},   {"SKIPPED", "no-op", OUTCOME_UNKNOWN},
};

static bool is_run(const json_t *doc)
{
    return tree_has(doc, "state") && tree_has(doc, "stateVersion") &&
           json_is_object(json_member(doc, "run")) && json_is_object(json_member(doc, "stack"));
}

static struct change *change_of(const json_t *run, const struct event *ev, struct arena *a)
{
    struct change *c = change_new(STR("spacelift"), ev->run, a);
    const json_t *delta = json_member(run, "delta");

    c->workspace = ev->resource;
    c->kind = str_eq(tree_text(run, "type", a), STR("PROPOSED")) ? STR("plan-only") : STR("apply");
    c->created_by = tree_text(run, "triggeredBy", a);
    (void)instant_parse(tree_text(run, "createdAt", a), &c->t_created);
    c->t_start = c->t_created;
    c->commit = ev->commit;
    c->branch = tree_text(run, "branch", a);
    c->message = tree_path_text(a, run, "commit", "message", NULL);
    c->url = tree_text(run, "url", a);
    c->adds = tree_int(delta, "added", -1);
    c->changes = tree_int(delta, "changed", -1);
    c->destroys = tree_int(delta, "deleted", -1);
    return c;
}

static enum map_result map_run(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    const json_t *run = json_member(doc, "run");
    struct event ev = event_new();
    str state = tree_text(doc, "state", a);

    (void)rec;
    ev.run = ev.native_id = tree_text(run, "id", a);
    if (str_empty(ev.run) || !event_set_time(&ev, tree_text(doc, "timestamp", a))) {
        m->why = "run without 'run.id' or 'timestamp'";
        return MAP_REJECT;
    }
    ev.time_text = STR_NONE;
    ev.service = STR("spacelift");
    ev.account = tree_text(doc, "account", a);
    ev.actor = str_or(tree_text(run, "triggeredBy", a),
                      tree_path_text(a, run, "commit", "authorLogin", NULL));
    ev.action = str_join(a, STR("run"), STR("."), state);
    ev.channel = CHANNEL_IAC;
    ev.resource = ev.place = tree_path_text(a, doc, "stack", "id", NULL);
    ev.resource_type = STR("stack");
    ev.commit = tree_path_text(a, run, "commit", "hash", NULL);
    ev.changes = change_of(run, &ev, a);
    ev.verb = str_eq(ev.changes->kind, STR("apply")) ? VERB_APPLY : VERB_PLAN;
    ev.outcome = OUTCOME_PENDING;
    ev.changes->result = STR("pending");
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (str_eq(state, str_from(states[i].state))) {
            ev.outcome = states[i].outcome;
            ev.changes->result = str_from(states[i].result);
            ev.changes->t_end = ev.time;
        }
    }
    if (ev.verb == VERB_PLAN && ev.outcome == OUTCOME_SUCCESS)
        ev.changes->result = STR("plan-only");
    ev.error = ev.outcome == OUTCOME_FAILURE ? state : STR_NONE;
    ev.fold.key = str_print(a, "run %.*s", STR_FMT(ev.run));
    ev.fold.part = ev.outcome == OUTCOME_PENDING ? 1 : 2;
    ev.dedupe =
        str_print(a, "run %.*s:%.*s", STR_FMT(ev.run), STR_FMT(tree_text(doc, "stateVersion", a)));
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return is_audit(doc) || is_run(doc) ? 90 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    enum map_result result = MAP_FOREIGN;
    json_t *doc = tree_open(rec, m);

    if (!doc)
        return MAP_REJECT;
    if (is_audit(doc))
        result = map_audit(rec, m, doc);
    else if (is_run(doc))
        result = map_run(rec, m, doc);
    json_decref(doc);
    return result;
}

const struct source source_spacelift = {
    .name = "spacelift",
    .title = "Spacelift audit trail and runs",
    .reads = "webhooks: audit trail and run state changes",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_PLATFORM_AUDIT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
