/*
 * github_hooks: deliveries that have no counterpart in the API answers we read: pushes, jobs,
 * checks and statuses, rules of branches, reviews of deployments, manual starts, comments that
 * order Atlantis about (formats-iac 11 and 14). See github_delivery.c.
 *
 * Never read: inputs of a manual start, texts of comments other than commands to Atlantis.
 */
#include "base/buf.h"
#include "github_delivery.h"
#include "push.h"

enum { LONGEST_COMMAND = 160 };

/* An event of the repository by the sender of the delivery. */
static struct event hook_event(const struct github_record *r, const char *action)
{
    struct arena *a = r->m->arena;
    struct event ev = github_event(r);
    str what = tree_text(r->hook, "action", a);

    github_set_actor(&ev, json_member(r->hook, "sender"), a);
    ev.action = str_join(a, str_from(action), STR("."), what);
    ev.resource = r->repo;
    ev.resource_type = STR("repository");
    return ev;
}

static enum map_result emit(const struct github_record *r, struct event *ev)
{
    r->m->emit(r->m, ev);
    return MAP_DONE;
}

enum map_result github_map_push(const struct github_record *r)
{
    struct event ev = hook_event(r, "push");

    ev.native_id = STR_NONE;
    push_describe(&ev, r->hook, r->repo, r->m->arena);
    return emit(r, &ev);
}

/* --- jobs, checks, statuses ------------------------------------------------------------------- */

static enum outcome outcome_of(str state)
{
    static const struct {
        const char *state;
        enum outcome outcome;
    } states[] = {
        {"success", OUTCOME_SUCCESS},   {"failure", OUTCOME_FAILURE},
        {"error", OUTCOME_FAILURE},     {"timed_out", OUTCOME_FAILURE},
        {"cancelled", OUTCOME_FAILURE}, {"startup_failure", OUTCOME_FAILURE},
        {"neutral", OUTCOME_UNKNOWN},   {"skipped", OUTCOME_UNKNOWN},
        {"stale", OUTCOME_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (str_eq(state, str_from(states[i].state)))
            return states[i].outcome;
    return OUTCOME_PENDING;
}

static void set_outcome(struct event *ev, str state)
{
    ev->outcome = outcome_of(state);
    if (ev->outcome == OUTCOME_FAILURE)
        ev->error = state;
}

enum map_result github_map_job(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->object;
    struct event ev = hook_event(r, "workflow_job");

    event_set_time(&ev, str_or(tree_text(o, "started_at", a), tree_text(o, "created_at", a)));
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.resource = str_join(a, r->repo, STR(":"), tree_text(o, "name", a));
    ev.resource_type = STR("job");
    ev.run = github_run_key(tree_text(o, "run_id", a), tree_int(o, "run_attempt", 1), a);
    ev.commit = tree_text(o, "head_sha", a);
    ev.detail = tree_text(o, "workflow_name", a);
    set_outcome(&ev, tree_text(o, "conclusion", a));
    /* Queued, started and ended are three deliveries of one job. */
    ev.fold.key = str_print(a, "job %.*s", STR_FMT(ev.native_id));
    ev.fold.part = ev.outcome == OUTCOME_PENDING ? 1 : 2;
    ev.dedupe = str_print(a, "job %.*s:%.*s", STR_FMT(ev.native_id),
                          STR_FMT(tree_text(r->hook, "action", a)));
    return emit(r, &ev);
}

enum map_result github_map_check(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->object;
    bool is_run = tree_has(r->hook, "check_run");
    struct event ev = hook_event(r, is_run ? "check_run" : "check_suite");

    event_set_time(&ev,
                   str_or(tree_text(o, "completed_at", a),
                          str_or(tree_text(o, "started_at", a), tree_text(o, "updated_at", a))));
    ev.commit = tree_text(o, "head_sha", a);
    ev.via = str_join(a, STR("app"), STR(" "), tree_path_text(a, o, "app", "slug", NULL));
    if (str_eq(ev.via, STR("app")))
        ev.via = STR_NONE;
    ev.detail = tree_text(o, "name", a);
    set_outcome(&ev, tree_text(o, "conclusion", a));
    ev.dedupe = event_dedupe(r->rec, 0, a);
    return emit(r, &ev);
}

enum map_result github_map_status(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = hook_event(r, "status");
    str state = tree_text(r->hook, "state", a);

    event_set_time(&ev, tree_text(r->hook, "created_at", a));
    ev.action = str_join(a, STR("status"), STR("."), state);
    ev.native_id = tree_text(r->hook, "id", a);
    ev.dedupe = str_print(a, "status %.*s", STR_FMT(ev.native_id));
    ev.commit = tree_text(r->hook, "sha", a);
    ev.detail = tree_text(r->hook, "context", a);
    set_outcome(&ev, state);
    return emit(r, &ev);
}

/* --- rules and orders ------------------------------------------------------------------------- */

/* What was changed, by name: "admin_enforced, required_approving_review_count". */
static str names_of(const json_t *changes, struct arena *a)
{
    struct buf out = {0};
    const char *key;
    json_t *unused;
    str done;

    json_object_foreach (json_open(changes), key, unused) {
        (void)unused;
        if (out.len)
            buf_addz(&out, ", ");
        buf_addz(&out, key);
    }
    done = buf_str_copy(&out, a);
    buf_free(&out);
    return done;
}

enum map_result github_map_rule(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = hook_event(r, "branch_protection_rule");

    event_set_time(&ev, tree_text(r->object, "updated_at", a));
    ev.verb = VERB_CONFIG;
    ev.resource = str_join(a, r->repo, STR(":"), tree_text(r->object, "name", a));
    ev.resource_type = STR("branch_protection_rule");
    ev.outcome = OUTCOME_SUCCESS;
    ev.detail = names_of(json_member(r->hook, "changes"), a);
    ev.dedupe = event_dedupe(r->rec, 0, a); /* the id is the rule's, not the act's */
    return emit(r, &ev);
}

enum map_result github_map_merge_group(const struct github_record *r)
{
    struct event ev = hook_event(r, "merge_group");

    ev.commit = tree_text(r->object, "head_sha", r->m->arena);
    ev.detail = tree_text(r->object, "base_ref", r->m->arena);
    return emit(r, &ev);
}

enum map_result github_map_dispatch(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = hook_event(r, "workflow_dispatch");

    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.outcome = OUTCOME_PENDING;
    ev.detail =
        str_join(a, tree_text(r->hook, "workflow", a), STR("@"), tree_text(r->hook, "ref", a));
    event_add_resource(&ev, tree_text(r->hook, "workflow", a), STR("workflow"), a);
    return emit(r, &ev);
}

static struct approval *decision(const struct event *ev, const char *what, str type, str object,
                                 struct arena *a)
{
    struct approval *p = arena_new(a, struct approval, 1);

    p->decision = str_from(what);
    p->object_type = type;
    p->object = object;
    p->by = ev->actor;
    p->by_id = ev->actor_id;
    p->by_bot = ev->actor_type == ACTOR_AUTOMATION;
    p->commit = ev->commit;
    p->when = ev->time;
    return p;
}

/* A deployment waits for its reviewers, or one of them decided. `since` is when it began to wait:
 * when it was decided is not said. */
enum map_result github_map_deployment_review(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = hook_event(r, "deployment_review");
    const json_t *approver = json_member(r->hook, "approver");
    str what = tree_text(r->hook, "action", a);
    bool is_approval = str_eq(what, STR("approved")), is_rejection = str_eq(what, STR("rejected"));

    ev.label = str_or(tree_text(r->hook, "environment", a),
                      tree_path_text(a, r->hook, "workflow_job_run", "environment", NULL));
    ev.run =
        github_run_key(tree_text(r->object, "id", a), tree_int(r->object, "run_attempt", 1), a);
    ev.commit = tree_text(r->object, "head_sha", a);
    ev.native_id = STR_NONE;
    event_add_resource(&ev, str_join(a, r->repo, STR("@"), ev.label), STR("environment"), a);
    if (is_approval || is_rejection) {
        if (approver)
            github_set_actor(&ev, approver, a);
        ev.verb = is_approval ? VERB_APPROVE : VERB_REJECT;
        ev.outcome = OUTCOME_SUCCESS;
        ev.approvals = decision(&ev, is_approval ? "approve" : "reject", STR("run"), ev.run, a);
    } else {
        event_set_time(&ev, tree_text(r->hook, "since", a));
        ev.outcome = OUTCOME_PENDING;
    }
    return emit(r, &ev);
}

/* "atlantis apply -d prod": who ordered what. Other comments are talk. */
enum map_result github_map_comment(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    str body = str_trim(tree_text(r->object, "body", a)), line = str_cut(&body, '\n');
    str number = tree_path_text(a, r->hook, "issue", "number", NULL);
    struct event ev;

    if (!str_starts(line, STR("atlantis ")) ||
        !str_eq(tree_text(r->hook, "action", a), STR("created"))) {
        r->m->why = "a comment";
        return MAP_NOT_EVENT;
    }
    line = str_part(str_trim(line), 0, LONGEST_COMMAND);
    ev = hook_event(r, "issue_comment");
    event_set_time(&ev, tree_text(r->object, "created_at", a));
    github_set_actor(&ev, json_member(r->object, "user"), a);
    ev.resource = ev.change_request = github_key(r->repo, number, a);
    ev.resource_type = STR("pull_request");
    ev.detail = line;
    ev.outcome = OUTCOME_SUCCESS;
    ev.dedupe = str_print(a, "comment %.*s", STR_FMT(ev.native_id));
    if (str_starts(line, STR("atlantis apply"))) {
        ev.verb = VERB_APPLY;
    } else if (str_starts(line, STR("atlantis plan"))) {
        ev.verb = VERB_PLAN;
    } else if (str_starts(line, STR("atlantis approve_policies"))) {
        ev.verb = VERB_OVERRIDE;
        ev.approvals = decision(&ev, "override", STR("change_request"), ev.change_request, a);
    }
    return emit(r, &ev);
}

/* An event of an issue or pull request as listed: closed, head_ref_force_pushed ... */
enum map_result github_map_issue_event(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = r->object;
    struct event ev = github_event(r);

    event_set_time(&ev, tree_text(o, "created_at", a));
    github_set_actor(&ev, json_member(o, "actor"), a);
    ev.action = str_join(a, STR("issue_event"), STR("."), tree_text(o, "event", a));
    ev.resource = github_key(r->repo, tree_path_text(a, o, "issue", "number", NULL), a);
    if (tree_has(json_member(o, "issue"), "pull_request"))
        ev.change_request = ev.resource;
    ev.resource_type = str_empty(ev.change_request) ? STR("issue") : STR("pull_request");
    ev.commit = tree_text(o, "commit_id", a);
    ev.outcome = OUTCOME_SUCCESS;
    ev.dedupe = str_print(a, "issue event %.*s", STR_FMT(ev.native_id));
    return emit(r, &ev);
}
