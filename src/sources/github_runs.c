/*
 * github_runs: workflow runs, deployments and their statuses (formats-iac 11). See
 * github_delivery.c.
 *
 * Only a deployment names an environment. A workflow run is a change of which nothing says that it
 * deploys, so its kind stays open; the status of a deployment made by a workflow holds the address
 * of the run, and says there both kind and environment. A deployment made by anything else is a
 * change of its own.
 */
#include "github_delivery.h"

/* --- workflow runs ---------------------------------------------------------------------------- */

static const struct {
    const char *conclusion, *result;
    enum outcome outcome;
} conclusions[] = {
    {"success", "applied", OUTCOME_SUCCESS},         {"failure", "failed", OUTCOME_FAILURE},
    {"timed_out", "failed", OUTCOME_FAILURE},        {"startup_failure", "failed", OUTCOME_FAILURE},
    {"cancelled", "cancelled", OUTCOME_FAILURE},     {"stale", "cancelled", OUTCOME_UNKNOWN},
    {"skipped", "no-op", OUTCOME_UNKNOWN},           {"neutral", "no-op", OUTCOME_UNKNOWN},
    {"action_required", "pending", OUTCOME_PENDING},
};

str github_run_key(str id, int64_t attempt, struct arena *a)
{
    return attempt > 1 ? str_print(a, "%.*s/%d", STR_FMT(id), (int)attempt) : id;
}

/* "acme/shop:.github/workflows/deploy.yml"; newer answers append "@refs/heads/main". */
static str workflow_of(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    str path = tree_text(r->object, "path", a);
    size_t at = str_find_char(path, '@');

    if (at != SIZE_MAX)
        path = str_part(path, 0, at);
    return str_join(a, r->repo, STR(":"), str_or(path, tree_text(r->object, "name", a)));
}

/* One pull request is the origin; several only share the branch's tip. */
static str request_of_run(const struct github_record *r)
{
    const json_t *requests = json_member(r->object, "pull_requests");

    if (json_array_size(requests) != 1)
        return STR_NONE;
    return github_key(r->repo, tree_text(json_array_get(requests, 0), "number", r->m->arena),
                      r->m->arena);
}

static struct change *change_of_run(const struct github_record *r, const struct event *ev)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->object;
    struct change *c = change_new(STR("github-actions"), ev->run, a);
    str trigger = tree_text(o, "event", a);

    c->workspace = ev->resource;
    if (str_eq(trigger, STR("deployment")))
        c->kind = STR("deploy");
    c->created_by = tree_path_text(a, o, "actor", "login", NULL);
    c->created_by_id = tree_path_text(a, o, "actor", "id", NULL);
    c->applied_by = ev->actor;
    c->applied_by_id = ev->actor_id;
    c->t_created = tree_time(o, "created_at");
    c->t_start = ev->time;
    c->commit = ev->commit;
    c->change_request = ev->change_request;
    c->branch = tree_text(o, "head_branch", a);
    c->trigger = trigger;
    c->message = tree_text(o, "display_title", a);
    c->url = tree_text(o, "html_url", a);
    return c;
}

static void set_conclusion(struct event *ev, struct change *c, const json_t *object,
                           struct arena *a)
{
    str conclusion = tree_text(object, "conclusion", a);

    ev->outcome = OUTCOME_PENDING;
    c->result = STR("pending");
    if (!str_eq(tree_text(object, "status", a), STR("completed")))
        return;
    c->t_end = tree_time(object, "updated_at");
    for (size_t i = 0; i < sizeof(conclusions) / sizeof(conclusions[0]); i++) {
        if (str_eq(conclusion, str_from(conclusions[i].conclusion))) {
            ev->outcome = conclusions[i].outcome;
            c->result = str_from(conclusions[i].result);
        }
    }
    if (ev->outcome == OUTCOME_FAILURE)
        ev->error = conclusion;
}

enum map_result github_map_run(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = github_event(r);
    const json_t *o = r->object, *actor = json_member(o, "triggering_actor");
    str started = str_or(tree_text(o, "run_started_at", a), tree_text(o, "created_at", a));

    if (str_empty(ev.native_id) || !event_set_time(&ev, started)) {
        r->m->why = "workflow run without 'id' or without 'run_started_at' and 'created_at'";
        return MAP_REJECT;
    }
    github_set_actor(&ev, actor ? actor : json_member(o, "actor"), a);
    ev.run = github_run_key(ev.native_id, tree_int(o, "run_attempt", 1), a);
    ev.action = str_join(a, STR("workflow_run"), STR("."), tree_text(o, "event", a));
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.resource = workflow_of(r);
    ev.resource_type = STR("workflow");
    ev.commit = tree_text(o, "head_sha", a);
    ev.change_request = request_of_run(r);
    ev.detail = tree_text(o, "display_title", a);
    ev.changes = change_of_run(r, &ev);
    set_conclusion(&ev, ev.changes, o, a);
    /* Seen while it ran and again at its end: one act, the end has the outcome. */
    ev.fold.key = str_print(a, "run %.*s", STR_FMT(ev.run));
    ev.fold.part = ev.outcome == OUTCOME_PENDING ? 1 : 2;
    ev.dedupe = str_print(a, "run %.*s:%.*s", STR_FMT(ev.run), STR_FMT(ev.changes->result));
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* --- deployments ------------------------------------------------------------------------------ */

static str environment_of(const struct github_record *r, const json_t *deployment)
{
    str name = tree_text(r->object, "environment", r->m->arena);

    return str_or(name, tree_text(deployment, "environment", r->m->arena));
}

static bool is_made_by_actions(const json_t *deployment, struct arena *a)
{
    return str_eq(tree_path_text(a, deployment, "performed_via_github_app", "slug", NULL),
                  STR("github-actions")) ||
           str_eq(tree_path_text(a, deployment, "creator", "login", NULL),
                  STR("github-actions[bot]"));
}

static struct event deployment_event(const struct github_record *r, str environment)
{
    struct arena *a = r->m->arena;
    struct event ev = github_event(r);

    github_set_actor(&ev, json_member(r->object, "creator"), a);
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.label = environment;
    ev.resource = str_join(a, r->repo, STR("@"), environment);
    ev.resource_type = STR("environment");
    return ev;
}

enum map_result github_map_deployment(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->object;
    struct event ev = deployment_event(r, environment_of(r, o));

    if (str_empty(ev.native_id) || !event_set_time(&ev, tree_text(o, "created_at", a))) {
        r->m->why = "deployment without 'id' or 'created_at'";
        return MAP_REJECT;
    }
    ev.action = STR("deployment.created");
    ev.outcome = OUTCOME_PENDING;
    ev.commit = tree_text(o, "sha", a);
    ev.dedupe = str_print(a, "deployment %.*s", STR_FMT(ev.native_id));
    if (!is_made_by_actions(o, a)) { /* else the workflow run is the change */
        struct change *c = change_new(STR("github-deployment"), ev.native_id, a);

        c->workspace = r->repo;
        c->kind = STR("deploy");
        c->result = STR("pending");
        c->created_by = ev.actor;
        c->created_by_id = ev.actor_id;
        c->t_created = c->t_start = ev.time;
        c->commit = ev.commit;
        c->branch = tree_text(o, "ref", a);
        c->trigger = tree_text(o, "task", a);
        ev.changes = c;
    }
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

static const struct {
    const char *state, *result;
    enum outcome outcome;
} states[] = {
    {"success", "applied", OUTCOME_SUCCESS}, {"failure", "failed", OUTCOME_FAILURE},
    {"error", "failed", OUTCOME_FAILURE},    {"pending", "pending", OUTCOME_PENDING},
    {"queued", "pending", OUTCOME_PENDING},  {"in_progress", "pending", OUTCOME_PENDING},
    {"inactive", NULL, OUTCOME_UNKNOWN}, /* a later deployment took its place */
};

/* The change that a status speaks of: the workflow run when an address in it names one, else the
 * deployment itself. */
static struct change *change_of_status(const struct github_record *r, struct event *ev,
                                       const char *result)
{
    struct arena *a = r->m->arena;
    const json_t *deployment = json_member(r->hook, "deployment");
    str run = github_number_in_url(tree_text(r->object, "log_url", a), "/actions/runs/");
    str id = github_number_in_url(tree_text(r->object, "deployment_url", a), "/deployments/");
    struct change *c;

    run =
        str_or(run, github_number_in_url(tree_text(r->object, "target_url", a), "/actions/runs/"));
    if (str_empty(run) && is_made_by_actions(deployment ? deployment : r->object, a))
        return NULL;
    ev->run = run;
    c = str_empty(run) ? change_new(STR("github-deployment"), id, a)
                       : change_new(STR("github-actions"), run, a);
    c->kind = STR("deploy");
    c->commit = ev->commit;
    if (str_empty(run)) {
        c->workspace = r->repo;
        c->result = str_from(result);
        if (ev->outcome == OUTCOME_SUCCESS || ev->outcome == OUTCOME_FAILURE)
            c->t_end = ev->time;
    }
    return c;
}

enum map_result github_map_deployment_status(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *deployment = json_member(r->hook, "deployment");
    struct event ev = deployment_event(r, environment_of(r, deployment));
    str state = tree_text(r->object, "state", a);
    const char *result = NULL;

    if (str_empty(ev.native_id) || !event_set_time(&ev, tree_text(r->object, "created_at", a))) {
        r->m->why = "deployment status without 'id' or 'created_at'";
        return MAP_REJECT;
    }
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (str_eq(state, str_from(states[i].state))) {
            ev.outcome = states[i].outcome;
            result = states[i].result;
        }
    }
    ev.action = str_join(a, STR("deployment_status"), STR("."), state);
    ev.commit = tree_text(deployment, "sha", a);
    ev.dedupe = str_print(a, "deployment status %.*s", STR_FMT(ev.native_id));
    if (result)
        ev.changes = change_of_status(r, &ev, result);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}
