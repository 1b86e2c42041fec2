/*
 * gitlab_runs: pipelines, jobs and deployments (formats-iac 12). See gitlab_delivery.c.
 *
 * A pipeline is a change of which nothing says that it deploys; a job that names an environment
 * says so for its pipeline. A deployment is joined to its pipeline where the record names one; else
 * it is a change of its own.
 */
#include "gitlab_delivery.h"

static const struct {
    const char *status, *result;
    enum outcome outcome;
} statuses[] = {
    {"success", "applied", OUTCOME_SUCCESS},
    {"failed", "failed", OUTCOME_FAILURE},
    {"canceled", "cancelled", OUTCOME_FAILURE},
    {"skipped", "no-op", OUTCOME_UNKNOWN},
};

/* Everything else (created, pending, running, manual, blocked ...) is still to come. */
static void set_status(struct event *ev, struct change *c, str status)
{
    ev->outcome = OUTCOME_PENDING;
    c->result = STR("pending");
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        if (str_eq(status, str_from(statuses[i].status))) {
            ev->outcome = statuses[i].outcome;
            c->result = str_from(statuses[i].result);
        }
    }
    if (ev->outcome == OUTCOME_FAILURE)
        ev->error = status;
}

/* Hook and list differ in what they say of one thing: two records of one act, no conflict. */
static void fold_by(struct event *ev, const struct gitlab_record *r, const char *what, str id,
                    str status)
{
    const char *form = tree_has(r->doc, "object_kind") ? "" : " as listed";
    struct arena *a = r->m->arena;

    ev->fold.key = str_print(a, "%s %.*s", what, STR_FMT(id));
    ev->fold.part = ev->outcome == OUTCOME_PENDING ? 1 : 2;
    ev->dedupe = str_print(a, "%s %.*s:%.*s%s", what, STR_FMT(id), STR_FMT(status), form);
}

static void set_starter(struct change *c, const struct event *ev)
{
    c->created_by = c->applied_by = ev->actor;
    c->created_by_id = c->applied_by_id = ev->actor_id;
}

/* --- pipelines -------------------------------------------------------------------------------- */

/* "refs/merge-requests/12/head" */
static str number_in_ref(str ref)
{
    static const char word[] = "refs/merge-requests/";
    str rest = str_part(ref, sizeof(word) - 1, ref.len);

    return str_starts(ref, str_from(word)) ? str_cut(&rest, '/') : STR_NONE;
}

static enum map_result emit_pipeline(const struct gitlab_record *r, const json_t *o)
{
    struct arena *a = r->m->arena;
    struct event ev = gitlab_event(r);
    str ref = tree_text(o, "ref", a), status = tree_text(o, "status", a);
    str number = tree_path_text(a, r->doc, "merge_request", "iid", NULL);
    struct change *c;

    ev.run = ev.native_id = tree_text(o, "id", a);
    if (str_empty(ev.run) || !event_set_time(&ev, tree_text(o, "created_at", a))) {
        r->m->why = "pipeline without 'id' or 'created_at'";
        return MAP_REJECT;
    }
    gitlab_set_actor(&ev, json_member(r->doc, "user"), a);
    ev.action = STR("pipeline");
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.resource = str_join(a, r->path, STR(":"), ref);
    ev.resource_type = STR("pipeline");
    event_add_resource(&ev, ref, STR("ref"), a);
    ev.commit = tree_text(o, "sha", a);
    ev.change_request = gitlab_request_key(r->path, str_or(number, number_in_ref(ref)), a);
    c = ev.changes = change_new(STR("gitlab-ci"), ev.run, a);
    c->workspace = r->path;
    c->commit = ev.commit;
    c->change_request = ev.change_request;
    c->branch = ref;
    c->trigger = tree_text(o, "source", a);
    c->url = str_or(tree_text(o, "url", a), tree_text(o, "web_url", a));
    c->t_created = ev.time;
    c->t_start = tree_time(o, "started_at");
    if (!c->t_start.is_set)
        c->t_start = ev.time;
    set_starter(c, &ev);
    set_status(&ev, c, status);
    c->t_end = tree_time(o, "finished_at");
    fold_by(&ev, r, "pipeline", ev.run, status);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

enum map_result gitlab_map_pipeline(const struct gitlab_record *r)
{
    return emit_pipeline(r, json_member(r->doc, "object_attributes"));
}

enum map_result gitlab_map_api_pipeline(const struct gitlab_record *r)
{
    return emit_pipeline(r, r->doc);
}

/* --- jobs ------------------------------------------------------------------------------------- */

enum map_result gitlab_map_job(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = gitlab_event(r);
    str status = tree_text(r->doc, "build_status", a);
    struct change *c;

    ev.native_id = tree_text(r->doc, "build_id", a);
    event_set_time(&ev, str_or(tree_text(r->doc, "build_started_at", a),
                               tree_text(r->doc, "build_created_at", a)));
    gitlab_set_actor(&ev, json_member(r->doc, "user"), a);
    ev.action = str_join(a, STR("job"), STR("."), tree_text(r->doc, "build_stage", a));
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.resource = tree_text(r->doc, "build_name", a);
    ev.resource_type = STR("job");
    ev.label = tree_path_text(a, r->doc, "environment", "name", NULL);
    ev.run = tree_text(r->doc, "pipeline_id", a);
    ev.commit = tree_text(r->doc, "sha", a);
    c = change_new(STR("gitlab-ci"), ev.run, a);
    set_status(&ev, c, status);
    if (ev.outcome == OUTCOME_FAILURE)
        ev.error_text = tree_text(r->doc, "build_failure_reason", a);
    if (!str_empty(ev.label) && !str_empty(ev.run)) {
        c->kind = STR("deploy");
        c->commit = ev.commit;
        c->workspace = r->path;
        c->result = STR_NONE; /* one job does not say how its pipeline ended */
        ev.changes = c;
    }
    fold_by(&ev, r, "job", ev.native_id, status);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* --- deployments ------------------------------------------------------------------------------ */

static struct event deployment_event(const struct gitlab_record *r, str environment)
{
    struct event ev = gitlab_event(r);

    gitlab_set_actor(&ev, json_member(r->doc, "user"), r->m->arena);
    ev.action = STR("deployment");
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.resource = ev.label = environment;
    ev.resource_type = STR("environment");
    return ev;
}

/* The change that is a deployment of its own. */
static struct change *own_change(const struct gitlab_record *r, const struct event *ev, str id)
{
    struct change *c = change_new(STR("gitlab-deployment"), id, r->m->arena);

    c->kind = STR("deploy");
    c->workspace = r->path;
    c->branch = tree_text(r->doc, "ref", r->m->arena);
    set_starter(c, ev);
    return c;
}

/* The hook names the job and a short commit; the whole one stands in an address. */
enum map_result gitlab_map_deployment(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = deployment_event(r, tree_text(r->doc, "environment", a));
    str id = tree_text(r->doc, "deployment_id", a), status = tree_text(r->doc, "status", a);
    str commit = commit_in_url(tree_text(r->doc, "commit_url", a));
    struct change *c;

    event_set_time(&ev, tree_text(r->doc, "status_changed_at", a));
    ev.native_id = id;
    ev.run = tree_text(r->doc, "deployable_id", a);
    ev.commit = tree_text(r->doc, "short_sha", a);
    ev.detail = tree_text(r->doc, "commit_title", a);
    c = ev.changes = own_change(r, &ev, id);
    c->commit = str_or(commit, ev.commit);
    set_status(&ev, c, status);
    if (ev.outcome == OUTCOME_PENDING)
        c->t_start = ev.time;
    else
        c->t_end = ev.time;
    fold_by(&ev, r, "deployment", id, status);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

enum map_result gitlab_map_api_deployment(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->doc;
    struct event ev = deployment_event(r, tree_path_text(a, o, "environment", "name", NULL));
    str id = tree_text(o, "id", a), status = tree_text(o, "status", a);
    str pipeline = tree_path_text(a, o, "deployable", "pipeline", "id", NULL);
    struct change *c;

    if (str_empty(id) || !event_set_time(&ev, tree_text(o, "created_at", a))) {
        r->m->why = "deployment without 'id' or 'created_at'";
        return MAP_REJECT;
    }
    ev.native_id = id;
    ev.run = str_or(pipeline, tree_path_text(a, o, "deployable", "id", NULL));
    ev.commit = tree_text(o, "sha", a);
    c = ev.changes =
        str_empty(pipeline) ? own_change(r, &ev, id) : change_new(STR("gitlab-ci"), pipeline, a);
    c->kind = STR("deploy");
    c->commit = ev.commit;
    set_status(&ev, c, status);
    if (str_empty(pipeline)) {
        c->t_start = c->t_created = ev.time;
        if (ev.outcome != OUTCOME_PENDING)
            c->t_end = tree_time(o, "updated_at");
    } else {
        c->result = STR_NONE; /* the pipeline may go on behind it */
    }
    fold_by(&ev, r, "deployment", id, status);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}
