/*
 * hcp_documents: state versions, configuration versions with their ingress attributes, policy
 * checks, assessments, and the names of users and workspaces, as HCP Terraform's API answers them
 * (formats-iac 6). See hcp_runs.c.
 */
#include "hcp_runs.h"

/*
 * A state was stored. Without a run somebody pushed it by hand; there is no lineage in these
 * documents. An intermediate one was saved in the middle of an apply and proves nothing by its
 * serial.
 */
enum map_result hcp_map_state_version(const struct hcp_object *o)
{
    struct arena *a = o->m->arena;
    struct event ev = hcp_event(o, "create");
    str status = tree_text(o->attributes, "status", a),
        serial = tree_text(o->attributes, "serial", a);

    if (!event_set_time(&ev, tree_text(o->attributes, "created-at", a))) {
        o->m->why = "state version without 'created-at'";
        return MAP_REJECT;
    }
    ev.action = STR("state_version.create");
    ev.verb = VERB_CREATE;
    ev.resource = o->id;
    ev.resource_type = STR("state_version");
    ev.actor_id = hcp_related(o, "created-by");
    ev.run = hcp_related(o, "run");
    ev.commit = tree_text(o->attributes, "vcs-commit-sha", a);
    ev.outcome = str_eq(status, STR("errored"))   ? OUTCOME_FAILURE
                 : str_eq(status, STR("pending")) ? OUTCOME_PENDING
                                                  : OUTCOME_SUCCESS;
    if (!str_empty(serial))
        ev.detail = str_print(a, "serial %.*s", STR_FMT(serial));
    if (json_truth(json_member(o->attributes, "intermediate")))
        ev.detail = str_join(a, ev.detail, STR(", "), STR("saved during an apply"));
    if (!str_empty(ev.run))
        ev.links =
            hcp_link(STR("state"), o->id, STR("run"), ev.run, STR("hcp-state-version-run"), a);
    if (!str_empty(ev.run) && !str_empty(ev.commit)) {
        ev.changes = hcp_change(ev.run, hcp_related(o, "workspace"), a);
        ev.changes->commit = ev.commit;
    }
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

/* --- configuration version -> ingress attributes -> commit ------------------------------------ */

/* "hashicorp/foobar" and 163 -> "hashicorp/foobar#163"; the number only when the configuration came
 * from a pull request. */
static str change_request_of(const json_t *attributes, struct arena *a)
{
    str repo = tree_text(attributes, "identifier", a),
        number = tree_text(attributes, "pull-request-number", a);

    return str_empty(repo) || str_empty(number)
               ? STR_NONE
               : str_print(a, "%.*s#%.*s", STR_FMT(repo), STR_FMT(number));
}

static struct fact_link *links_of_ingress(str config, const json_t *attributes, struct arena *a)
{
    str commit = tree_text(attributes, "commit-sha", a), request = change_request_of(attributes, a);
    struct fact_link *links = NULL, *next;

    if (!str_empty(request))
        links = hcp_link(STR("config"), config, STR("change_request"), request,
                         STR("hcp-ingress-pull-request"), a);
    if (!str_empty(commit)) {
        next = hcp_link(STR("config"), config, STR("commit"), commit, STR("hcp-ingress-commit"), a);
        next->next = links;
        links = next;
    }
    return links;
}

enum map_result hcp_map_ingress(const struct hcp_object *o)
{
    struct event ev = hcp_event(o, "ingress");

    ev.action = STR("ingress");
    ev.is_fact_only = true;
    ev.links = links_of_ingress(o->id, o->attributes, o->m->arena);
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

enum map_result hcp_map_configuration_version(const struct hcp_object *o)
{
    struct arena *a = o->m->arena;
    struct event ev = hcp_event(o, "configuration");
    str ingress = hcp_related(o, "ingress-attributes");

    if (str_empty(ingress)) {
        o->m->why = "a configuration version that did not come from version control";
        return MAP_NOT_EVENT;
    }
    ev.action = STR("configuration");
    ev.is_fact_only = true;
    ev.links = hcp_link(STR("config"), o->id, STR("config"), ingress, STR("hcp-ingress"), a);
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

/* --- checks ----------------------------------------------------------------------------------- */

/* Who overrode is only in the audit trail; that somebody did is worth knowing. */
enum map_result hcp_map_policy_check(const struct hcp_object *o)
{
    struct arena *a = o->m->arena;
    struct event ev = hcp_event(o, "override");
    str overridden = tree_path_text(a, o->attributes, "status-timestamps", "overridden-at", NULL);

    if (!event_set_time(&ev, overridden)) {
        o->m->why = "a policy check that was not overridden";
        return MAP_NOT_EVENT;
    }
    ev.action = STR("policy_check.override");
    ev.verb = VERB_OVERRIDE;
    ev.outcome = OUTCOME_SUCCESS;
    ev.resource = o->id;
    ev.resource_type = STR("policy_check");
    ev.run = hcp_related(o, "run");
    ev.detail = str_join(a, tree_text(o->attributes, "scope", a), STR(" "), STR("policy"));
    if (!str_empty(ev.run)) {
        struct approval *p = arena_new(a, struct approval, 1);

        p->decision = STR("override");
        p->object_type = STR("run");
        p->object = ev.run;
        p->when = ev.time;
        ev.approvals = p;
    }
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

enum map_result hcp_map_assessment(const struct hcp_object *o)
{
    struct event ev = hcp_event(o, "assessment");
    bool has_drift = json_truth(json_member(o->attributes, "drifted"));

    if (!event_set_time(&ev, tree_text(o->attributes, "created-at", o->m->arena))) {
        o->m->why = "assessment without 'created-at'";
        return MAP_REJECT;
    }
    ev.service = has_drift ? STR("terraform.drift") : STR("hcp-terraform");
    ev.action = has_drift ? STR("assessment:drifted") : STR("assessment:checked");
    ev.verb = VERB_READ;
    ev.resource = str_or(ev.place, o->id);
    ev.resource_type = str_empty(ev.place) ? STR("assessment") : STR("workspace");
    ev.outcome =
        json_truth(json_member(o->attributes, "succeeded")) ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

/* --- names ------------------------------------------------------------------------------------ */

/* Other documents only give the id; the name stands in the user's or workspace's own, often among
 * "included". */
static enum map_result emit_name(const struct hcp_object *o, str type, str name_type,
                                 const char *attribute)
{
    struct event ev = hcp_event(o, "name");
    str name = tree_text(o->attributes, attribute, o->m->arena);

    if (str_empty(name)) {
        o->m->why = "a user or workspace without a name";
        return MAP_NOT_EVENT;
    }
    ev.action = STR("name");
    ev.is_fact_only = true;
    ev.links = hcp_link(type, o->id, name_type, name, STR("hcp-name"), o->m->arena);
    o->m->emit(o->m, &ev);
    return MAP_DONE;
}

enum map_result hcp_map_user(const struct hcp_object *o)
{
    return emit_name(o, STR("user"), STR("user_name"), "username");
}

enum map_result hcp_map_workspace(const struct hcp_object *o)
{
    return emit_name(o, STR("workspace"), STR("workspace_name"), "name");
}
