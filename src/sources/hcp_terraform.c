/*
 * hcp_terraform: the audit trail of an HCP Terraform organization (formats-iac 6), GET
 * /organization/audit-trail.
 *
 * An element has `auth` (who), `request` (groups the events of one request) and `resource` (what).
 * The trail records requests that were carried out: there is no outcome field, and refused requests
 * are not in it. The service keeps 14 days.
 *
 * What is exported of runs, configuration versions and state versions is another source
 * (hcp_runs.c): it is not continuous, and only it knows how a run ended.
 *
 * `meta` depends on the type and can hold variables' values: only the run, the workspace and the
 * comment are read from it.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "tree.h"

enum path {
    ID,
    TIMESTAMP,
    ACCESSOR,
    DESCRIPTION,
    AUTH_TYPE,
    IMPERSONATOR,
    ORGANIZATION,
    ORGANIZATION_NAME,
    REQUEST,
    RESOURCE_ID,
    RESOURCE_TYPE,
    RESOURCE_ACTION,
    META_RUN,
    META_RUN_ID,
    META_WORKSPACE,
    META_WORKSPACE_ID,
    META_WORKSPACE_NAME,
    META_NAME_OF_WORKSPACE,
    META_COMMENT,
};

static const char *const paths[] = {
    [ID] = "/id",
    [TIMESTAMP] = "/timestamp",
    [ACCESSOR] = "/auth/accessor_id",
    [DESCRIPTION] = "/auth/description",
    [AUTH_TYPE] = "/auth/type",
    [IMPERSONATOR] = "/auth/impersonator_id",
    [ORGANIZATION] = "/auth/organization_id",
    [ORGANIZATION_NAME] = "/auth/organization_name",
    [REQUEST] = "/request/id",
    [RESOURCE_ID] = "/resource/id",
    [RESOURCE_TYPE] = "/resource/type",
    [RESOURCE_ACTION] = "/resource/action",
    [META_RUN] = "/resource/meta/run/id",
    [META_RUN_ID] = "/resource/meta/run_id",
    [META_WORKSPACE] = "/resource/meta/workspace/id",
    [META_WORKSPACE_ID] = "/resource/meta/workspace_id",
    [META_WORKSPACE_NAME] = "/resource/meta/workspace_name",
    [META_NAME_OF_WORKSPACE] = "/resource/meta/workspace/name",
    [META_COMMENT] = "/resource/meta/comment",
};

static int probe(const struct record *rec, const json_t *doc)
{
    const json_t *resource = json_member(doc, "resource");

    (void)rec;
    return json_is_object(json_member(doc, "auth")) &&
                   tree_has(json_member(doc, "auth"), "organization_id") &&
                   tree_has(resource, "type") && tree_has(resource, "action")
               ? 95
               : 0;
}

/* --- what an action means --------------------------------------------------------------------- */

/* First row that fits wins; `type` NULL fits all, `action` is a glob. */
static const struct {
    const char *type, *action;
    enum verb verb;
} verbs[] = {
    {"run", "apply", VERB_APPLY},
    {"run", "confirm", VERB_APPROVE},
    {"run", "create", VERB_PLAN},
    {"run", "*cancel", VERB_REJECT},
    {NULL, "force_execute", VERB_OVERRIDE},
    {NULL, "*override*", VERB_OVERRIDE},
    {NULL, "*approve*", VERB_APPROVE},
    {NULL, "discard", VERB_REJECT},
    {NULL, "reject*", VERB_REJECT},
    {NULL, "add_team*", VERB_GRANT},
    {NULL, "add_user*", VERB_GRANT},
    {NULL, "add_member*", VERB_GRANT},
    {NULL, "remove_team*", VERB_REVOKE},
    {NULL, "remove_user*", VERB_REVOKE},
    {NULL, "remove_member*", VERB_REVOKE},
    {NULL, "update_team_permissions", VERB_GRANT},
    {"state_version", "download*", VERB_EXPORT},
    {"configuration_version", "download*", VERB_EXPORT},
    {"state_version", "*delete*", VERB_DELETE},
    {"saml_configuration", "*", VERB_CONFIG},
    {"notification_configuration", "update", VERB_CONFIG},
    {NULL, "index", VERB_LIST},
    {NULL, "show*", VERB_READ},
    {NULL, "read*", VERB_READ},
    {NULL, "create*", VERB_CREATE},
    {NULL, "destroy*", VERB_DELETE},
    {NULL, "delete*", VERB_DELETE},
    {NULL, "update*", VERB_UPDATE},
    {NULL, "enable*", VERB_CONFIG},
    {NULL, "disable*", VERB_CONFIG},
    {NULL, "lock", VERB_UPDATE},
    {NULL, "*unlock", VERB_UPDATE},
};

static enum verb verb_of(str type, str action)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if ((!verbs[i].type || str_eq(type, str_from(verbs[i].type))) &&
            str_glob(str_from(verbs[i].action), action))
            return verbs[i].verb;
    return VERB_UNKNOWN;
}

static const struct {
    const char *type, *action, *decision;
} decisions[] = {
    {"run", "apply", "approve"},
    {"run", "confirm", "approve"},
    {"run", "discard", "reject"},
    {"run", "force_execute", "force"},
    {"policy_check", "override", "override"},
    {"task_stage", "override", "override"},
    {"policy_evaluation", "override", "override"},
};

/* A person who confirms, discards or overrides decides on the run. The platform's own applies (auth
 * "System") do not. */
static struct approval *decision_of(const struct event *ev, str type, str action, bool is_system,
                                    struct arena *a)
{
    for (size_t i = 0;
         i < sizeof(decisions) / sizeof(decisions[0]) && !is_system && !str_empty(ev->run); i++) {
        if (str_eq(type, str_from(decisions[i].type)) &&
            str_eq(action, str_from(decisions[i].action))) {
            struct approval *p = arena_new(a, struct approval, 1);

            p->decision = str_from(decisions[i].decision);
            p->object_type = STR("run");
            p->object = ev->run;
            p->by = ev->actor;
            p->by_id = ev->actor_id;
            p->when = ev->time;
            return p;
        }
    }
    return NULL;
}

/* What the trail knows of a run: who asked for it and who let it through. Not how it ended. */
static struct change *change_of(const struct event *ev, str action, bool is_system, struct arena *a)
{
    struct change *c = arena_new(a, struct change, 1);

    c->tool = STR("hcp-terraform");
    c->key = ev->run;
    c->workspace = ev->place;
    c->adds = c->changes = c->destroys = -1;
    c->auto_apply = -1;
    if (str_eq(action, STR("create"))) {
        c->created_by = ev->actor;
        c->created_by_id = ev->actor_id;
        c->t_created = ev->time;
    } else if ((str_eq(action, STR("apply")) || str_eq(action, STR("confirm"))) && !is_system) {
        c->applied_by = ev->actor;
        c->applied_by_id = ev->actor_id;
    } else {
        return NULL;
    }
    return c;
}

/* --- map -------------------------------------------------------------------------------------- */

static void set_actor(struct event *ev, const struct record *rec, struct arena *a)
{
    str type = field_text(rec->fields[AUTH_TYPE], a),
        impersonator = field_text(rec->fields[IMPERSONATOR], a);

    ev->actor = field_text(rec->fields[DESCRIPTION], a);
    ev->actor_id = field_text(rec->fields[ACCESSOR], a);
    ev->via = impersonator;
    if (str_eq(type, STR("System")))
        ev->actor_type = ACTOR_PROVIDER;
    else if (str_starts(ev->actor, STR("api-org-")) || str_starts(ev->actor, STR("api-team")))
        ev->actor_type = ACTOR_SERVICE; /* organization and team tokens act as made-up users */
    else if (str_starts(ev->actor_id, STR("user-")))
        ev->actor_type = ACTOR_HUMAN;
    else if (!str_empty(ev->actor_id))
        ev->actor_type = ACTOR_SERVICE;
}

static void set_place(struct event *ev, const struct record *rec, str type, struct arena *a)
{
    str workspace = str_or(field_text(rec->fields[META_WORKSPACE], a),
                           field_text(rec->fields[META_WORKSPACE_ID], a));
    str name = str_or(field_text(rec->fields[META_NAME_OF_WORKSPACE], a),
                      field_text(rec->fields[META_WORKSPACE_NAME], a));

    if (str_eq(type, STR("workspace")))
        workspace = ev->resource;
    ev->account = str_or(field_text(rec->fields[ORGANIZATION_NAME], a),
                         field_text(rec->fields[ORGANIZATION], a));
    ev->place = str_or(name, workspace);
    if (!str_empty(name) && !str_empty(workspace) && !str_eq(workspace, ev->resource))
        event_add_resource(ev, workspace, STR("workspace"), a);
    ev->run = str_eq(type, STR("run")) ? ev->resource
                                       : str_or(field_text(rec->fields[META_RUN], a),
                                                field_text(rec->fields[META_RUN_ID], a));
}

/* Run documents only have ids of users. Where trail and documents tell of one decision, the name
 * makes them one person. */
static struct fact_link *name_of(const struct event *ev, struct arena *a)
{
    struct fact_link *l;

    if ((!ev->approvals && !ev->changes) || str_empty(ev->actor) || str_empty(ev->actor_id))
        return NULL;
    l = arena_new(a, struct fact_link, 1);
    l->from_type = STR("user");
    l->from = ev->actor_id;
    l->to_type = STR("user_name");
    l->to = ev->actor;
    l->rule = STR("hcp-name");
    return l;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    struct arena *a = m->arena;
    str type = field_text(rec->fields[RESOURCE_TYPE], a),
        action = field_text(rec->fields[RESOURCE_ACTION], a);
    bool is_system;

    if (str_empty(type) || str_empty(action))
        return MAP_FOREIGN;
    if (!event_set_time(&ev, field_text(rec->fields[TIMESTAMP], a))) {
        m->why = "'timestamp' is missing or not a time";
        return MAP_REJECT;
    }
    ev.service = STR("hcp-terraform");
    ev.action = str_join(a, type, STR("."), action);
    ev.verb = verb_of(type, action);
    ev.resource = field_text(rec->fields[RESOURCE_ID], a);
    ev.resource_type = type;
    set_actor(&ev, rec, a);
    set_place(&ev, rec, type, a);
    is_system = ev.actor_type == ACTOR_PROVIDER;
    ev.outcome = OUTCOME_SUCCESS; /* only what was carried out is in the trail */
    ev.request = field_text(rec->fields[REQUEST], a);
    ev.native_id = field_text(rec->fields[ID], a);
    ev.detail = field_text(rec->fields[META_COMMENT], a);
    ev.approvals = decision_of(&ev, type, action, is_system, a);
    if (str_eq(type, STR("run")) && !str_empty(ev.run))
        ev.changes = change_of(&ev, action, is_system, a);
    ev.links = name_of(&ev, a);
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_hcp_terraform = {
    .name = "hcp-terraform",
    .title = "HCP Terraform audit trail",
    .reads = "answers of GET /api/v2/organization/audit-trail; kept by the service for 14 days",
    .shape = SHAPE_JSON,
    .gives = GIVES_APPROVALS | GIVES_PLATFORM_AUDIT | GIVES_STATE_ACCESS,
    .is_continuous = true,
    .paths = paths,
    .npaths = sizeof(paths) / sizeof(paths[0]),
    .probe = probe,
    .map = map,
};
