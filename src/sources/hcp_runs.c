/*
 * hcp_runs: what is exported of HCP Terraform besides its audit trail: runs, configuration
 * versions, state versions, policy checks, assessments as JSON:API documents, and notifications
 * (formats-iac 6).
 *
 * A run document holds the whole life of a run as times: created, planned, confirmed, applying,
 * applied. It becomes one change and up to three events (created, confirmed or discarded, applied).
 * Who confirmed is the approval; with auto-apply nobody did. The commit is not in the run: run ->
 * configuration version -> ingress attributes -> commit, each in a document of its own.
 *
 * Never kept: hosted-*-url and log-read-url (they are credentials), access tokens, run variables.
 */
#include "hcp_runs.h"

#include "sources/source.h"

/* --- JSON:API --------------------------------------------------------------------------------- */

str hcp_related(const struct hcp_object *o, const char *relationship)
{
    return tree_path_text(o->m->arena, o->data, "relationships", relationship, "data", "id", NULL);
}

struct event hcp_event(const struct hcp_object *o, const char *part)
{
    struct event ev = event_new();

    ev.service = STR("hcp-terraform");
    ev.account = hcp_related(o, "organization");
    ev.place = hcp_related(o, "workspace");
    ev.native_id = o->id;
    ev.dedupe = str_print(o->m->arena, "%.*s:%s", STR_FMT(o->id), part);
    return ev;
}

struct change *hcp_change(str run, str workspace, struct arena *a)
{
    struct change *c = change_new(STR("hcp-terraform"), run, a);

    c->workspace = workspace;
    return c;
}

struct fact_link *hcp_link(str from_type, str from, str to_type, str to, str rule, struct arena *a)
{
    struct fact_link *l = arena_new(a, struct fact_link, 1);

    *l = (struct fact_link){
        .from_type = from_type, .from = from, .to_type = to_type, .to = to, .rule = rule};
    return l;
}

/* --- runs ------------------------------------------------------------------------------------- */

static str result_of(str status, bool is_plan_only)
{
    static const struct {
        const char *status, *result;
    } results[] = {
        {"applied", "applied"},
        {"planned_and_finished", "no-op"},
        {"discarded", "discarded"},
        {"errored", "failed"},
        {"canceled", "cancelled"},
        {"force_canceled", "cancelled"},
        {"policy_soft_failed", "plan-only"},
    };

    if (is_plan_only && str_eq(status, STR("planned_and_finished")))
        return STR("plan-only");
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
        if (str_eq(status, str_from(results[i].status)))
            return str_from(results[i].result);
    return str_empty(status) ? STR_NONE : STR("pending");
}

static enum outcome outcome_of(str result)
{
    if (str_eq(result, STR("applied")) || str_eq(result, STR("no-op")) ||
        str_eq(result, STR("plan-only")))
        return OUTCOME_SUCCESS;
    if (str_eq(result, STR("failed")))
        return OUTCOME_FAILURE;
    return str_eq(result, STR("pending")) ? OUTCOME_PENDING : OUTCOME_UNKNOWN;
}

struct run {
    struct event base; /* what its events have in common */
    struct change *change;
    const json_t *times;
    str status, result;
    str confirmed_by; /* an id, as everywhere in these documents */
    bool auto_apply;
};

static str kind_of(const json_t *attributes)
{
    if (json_truth(json_member(attributes, "is-destroy")))
        return STR("destroy");
    if (json_truth(json_member(attributes, "plan-only")))
        return STR("plan-only");
    return json_truth(json_member(attributes, "refresh-only")) ? STR("refresh-only") : STR("apply");
}

static struct instant first_time(const json_t *times, const char *const *names)
{
    for (; *names; names++)
        if (tree_time(times, *names).is_set)
            return tree_time(times, *names);
    return (struct instant){0};
}

static void read_change(const struct hcp_object *o, struct run *r)
{
    static const char *const planned[] = {"planned-at", "planned-and-finished-at",
                                          "planned-and-saved-at", NULL};
    static const char *const ended[] = {
        "applied-at",  "errored-at",        "planned-and-finished-at", "discarded-at",
        "canceled-at", "force-canceled-at", "policy-soft-failed-at",   NULL};
    struct arena *a = o->m->arena;
    struct change *c = hcp_change(o->id, hcp_related(o, "workspace"), a);
    const json_t *auto_apply = json_member(o->attributes, "auto-apply");

    c->kind = kind_of(o->attributes);
    c->result = r->result;
    c->created_by_id = hcp_related(o, "created-by");
    c->t_created = tree_time(o->attributes, "created-at");
    c->t_planned = first_time(r->times, planned);
    c->t_start = tree_time(r->times, "applying-at");
    c->t_end = first_time(r->times, ended);
    c->config = hcp_related(o, "configuration-version");
    c->trigger = tree_text(o->attributes, "source", a);
    c->message = tree_text(o->attributes, "message", a);
    if (auto_apply)
        c->auto_apply = json_truth(auto_apply);
    r->auto_apply = c->auto_apply == 1;
    if (!r->auto_apply)
        c->applied_by_id = r->confirmed_by;
    r->change = c;
}

static str options_of(const struct hcp_object *o)
{
    struct arena *a = o->m->arena;
    str words = tree_text(o->attributes, "trigger-reason", a);

    if (json_array_size(json_member(o->attributes, "target-addrs")))
        words = str_join(a, words, STR("; "), STR("targeted at some resources"));
    if (json_array_size(json_member(o->attributes, "replace-addrs")))
        words = str_join(a, words, STR("; "), STR("forces replacements"));
    if (json_is_false(json_member(o->attributes, "refresh")))
        words = str_join(a, words, STR("; "), STR("without refresh"));
    return words;
}

/* The document as it stands: the creation of the run with the outcome known so far. A later export
 * with the end wins. */
static void emit_creation(const struct hcp_object *o, const struct run *r)
{
    struct event ev = r->base;
    bool is_final = !str_eq(r->result, STR("pending"));

    ev.time = r->change->t_created;
    ev.action = STR("run.create");
    ev.verb = VERB_PLAN;
    ev.actor_id = r->change->created_by_id;
    ev.outcome = outcome_of(r->result);
    ev.detail = options_of(o);
    ev.dedupe = str_print(o->m->arena, "%.*s:create:%.*s", STR_FMT(o->id), STR_FMT(r->status));
    ev.fold.key = str_print(o->m->arena, "%.*s:create", STR_FMT(o->id));
    ev.fold.part = is_final ? 2 : 1;
    ev.changes = r->change;
    o->m->emit(o->m, &ev);
}

static void emit_decision(const struct hcp_object *o, const struct run *r, const char *decision,
                          const char *action, enum verb verb, struct instant when)
{
    struct event ev = r->base;
    struct approval *p = arena_new(o->m->arena, struct approval, 1);
    bool is_approval = verb == VERB_APPROVE;

    ev.time = p->when = when;
    ev.action = str_from(action);
    ev.verb = verb;
    ev.outcome = OUTCOME_SUCCESS;
    if (is_approval) /* who discarded is only in the audit trail */
        ev.actor_id = p->by_id = r->confirmed_by;
    p->decision = str_from(decision);
    p->object_type = STR("run");
    p->object = o->id;
    ev.approvals = p;
    ev.dedupe = str_print(o->m->arena, "%.*s:%s", STR_FMT(o->id), action);
    o->m->emit(o->m, &ev);
}

static void emit_apply(const struct hcp_object *o, const struct run *r)
{
    struct event ev = r->base;

    ev.time = r->change->t_start.is_set ? r->change->t_start : r->change->t_end;
    ev.action = STR("run.apply");
    ev.verb = VERB_APPLY;
    ev.actor_id = r->change->applied_by_id;
    ev.outcome = outcome_of(r->result);
    if (ev.outcome == OUTCOME_FAILURE)
        ev.error = r->status;
    ev.dedupe = str_print(o->m->arena, "%.*s:apply:%.*s", STR_FMT(o->id), STR_FMT(r->status));
    ev.fold.key = str_print(o->m->arena, "%.*s:apply", STR_FMT(o->id));
    ev.fold.part = str_eq(r->result, STR("pending")) ? 1 : 2;
    o->m->emit(o->m, &ev);
}

enum map_result hcp_map_run(const struct hcp_object *o)
{
    struct run r = {.base = hcp_event(o, "run"),
                    .times = json_member(o->attributes, "status-timestamps")};
    struct instant confirmed = tree_time(r.times, "confirmed-at"),
                   discarded = tree_time(r.times, "discarded-at");

    if (!tree_time(o->attributes, "created-at").is_set) {
        o->m->why = "run without 'created-at'";
        return MAP_REJECT;
    }
    r.base.run = r.base.resource = o->id;
    r.base.resource_type = STR("run");
    r.status = tree_text(o->attributes, "status", o->m->arena);
    r.result = result_of(r.status, json_truth(json_member(o->attributes, "plan-only")));
    r.confirmed_by = hcp_related(o, "confirmed-by");
    read_change(o, &r);
    emit_creation(o, &r);
    if (confirmed.is_set && !r.auto_apply)
        emit_decision(o, &r, "approve", "run.confirm", VERB_APPROVE, confirmed);
    if (discarded.is_set)
        emit_decision(o, &r, "reject", "run.discard", VERB_REJECT, discarded);
    if (r.change->t_start.is_set || str_eq(r.result, STR("applied")))
        emit_apply(o, &r);
    return MAP_DONE;
}

/* --- which document is it --------------------------------------------------------------------- */

static const struct {
    const char *type;
    enum map_result (*map)(const struct hcp_object *o); /* NULL: recognised, nothing to tell */
} types[] = {
    {"runs", hcp_map_run},
    {"state-versions", hcp_map_state_version},
    {"configuration-versions", hcp_map_configuration_version},
    {"ingress-attributes", hcp_map_ingress},
    {"policy-checks", hcp_map_policy_check},
    {"assessment-results", hcp_map_assessment},
    {"users", hcp_map_user},
    {"workspaces", hcp_map_workspace},
    {"agent-pools", NULL},
    {"applies", NULL},
    {"comments", NULL},
    {"cost-estimates", NULL},
    {"oauth-clients", NULL},
    {"oauth-tokens", NULL},
    {"organizations", NULL},
    {"plans", NULL},
    {"policy-evaluations", NULL},
    {"policy-sets", NULL},
    {"projects", NULL},
    {"run-events", NULL},
    {"run-triggers", NULL},
    {"state-version-outputs", NULL},
    {"task-results", NULL},
    {"task-stages", NULL},
    {"tasks", NULL},
    {"teams", NULL},
    {"vars", NULL},
    {"vcs-events", NULL},
    {"workspace-tasks", NULL},
};

enum { NTYPES = sizeof(types) / sizeof(types[0]) };

static size_t find_type(const json_t *data, const json_t *root)
{
    const json_t *type = json_member(data, "type");
    size_t i = 0;

    if (!type)
        type = json_member(root, "type"); /* an assessment as printed in the documentation */
    if (!json_is_string(type))
        return NTYPES;
    while (i < NTYPES && strcmp(json_string_value(type), types[i].type) != 0)
        i++;
    return i;
}

static const json_t *data_of(const json_t *doc)
{
    const json_t *data = json_member(doc, "data");

    return json_is_object(data) && !tree_has(doc, "attributes") ? data : doc;
}

static bool is_notification(const json_t *doc)
{
    return tree_has(doc, "payload_version") && tree_has(doc, "notification_configuration_id");
}

static bool is_task_request(const json_t *doc)
{
    return tree_has(doc, "payload_version") && tree_has(doc, "task_result_id");
}

static int probe(const struct record *rec, const json_t *doc)
{
    const json_t *data = data_of(doc);

    (void)rec;
    if (is_notification(doc) || is_task_request(doc))
        return 95;
    return json_is_object(json_member(data, "attributes")) && find_type(data, doc) < NTYPES ? 90
                                                                                            : 0;
}

static enum map_result map_object(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct hcp_object o = {.rec = rec, .m = m, .data = data_of(doc)};
    size_t type = find_type(o.data, doc);

    o.attributes = json_member(o.data, "attributes");
    if (!json_is_object(o.attributes)) {
        if (str_eq(rec->wrapper, STR("included"))) /* a bare reference: {"id", "type"} */
            return MAP_NOT_EVENT;
        m->why = "element without attributes";
        return str_empty(rec->wrapper) && o.data == doc ? MAP_FOREIGN : MAP_REJECT;
    }
    if (type == NTYPES || !types[type].map) {
        m->why = "a document that tells of no act";
        return type == NTYPES && str_empty(rec->wrapper) ? MAP_FOREIGN : MAP_NOT_EVENT;
    }
    o.id = tree_text(o.data, "id", m->arena);
    if (str_empty(o.id))
        o.id = tree_text(doc, "id", m->arena);
    if (str_empty(o.id)) {
        m->why = "element without id";
        return MAP_REJECT;
    }
    return types[type].map(&o);
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    enum map_result result;
    json_t *doc = tree_open(rec, m);

    if (!doc)
        return MAP_REJECT;
    if (is_notification(doc))
        result = hcp_map_notification(rec, m, doc);
    else if (is_task_request(doc))
        result = hcp_map_task_request(rec, m, doc);
    else
        result = map_object(rec, m, doc);
    json_decref(doc);
    return result;
}

const struct source source_hcp_terraform_runs = {
    .name = "hcp-terraform-runs",
    .title = "HCP Terraform runs and state versions",
    .reads = "API answers: runs, configuration versions, ingress attributes, state versions, "
             "policy checks; notifications",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_APPROVALS | GIVES_STATE_ACCESS | GIVES_DRIFT,
    .probe = probe,
    .map = map,
};
