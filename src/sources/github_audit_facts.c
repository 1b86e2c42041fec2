/*
 * github_audit_facts: what hangs off audit log entries: permissions, runs and their approvals, pull
 * requests.
 *
 * An entry about a workflow run says less than the run itself (formats-iac 11): it is told as an
 * observation of the same change, and the store merges the two. That a run deploys is never said
 * here.
 */
#include "github_audit.h"
#include "github_delivery.h"

/* --- permissions ------------------------------------------------------------------------------ */

static struct grant *add(const struct audit_entry *e, struct event *ev, str grantee,
                         const char *type, str permission, str scope)
{
    struct grant *g = arena_new(e->arena, struct grant, 1);

    g->is_removal = ev->verb == VERB_REVOKE || ev->verb == VERB_DELETE;
    g->grantee = grantee;
    g->grantee_type = str_from(str_ends(grantee, STR("[bot]")) ? "service" : type);
    g->permission = permission;
    g->scope = scope;
    g->is_admin = str_eq(permission, STR("admin")) || str_eq(permission, STR("owner"));
    g->next = ev->grants;
    ev->grants = g;
    return g;
}

static bool is_member_action(str action)
{
    return str_ends(action, STR(".add_member")) || str_ends(action, STR(".update_member")) ||
           str_ends(action, STR(".remove_member")) ||
           str_ends(action, STR("outside_collaborator")) || str_ends(action, STR("_admin")) ||
           str_ends(action, STR("billing_manager")) ||
           str_starts(action, STR("organization_role."));
}

static void member_grant(const struct audit_entry *e, struct event *ev)
{
    str permission =
        str_or(github_audit_text(e, HUB_PERMISSION), github_audit_text(e, HUB_NEW_REPO_PERMISSION));
    str scope = str_starts(e->action, STR("repo."))   ? e->repo
                : str_starts(e->action, STR("team.")) ? e->team
                                                      : STR_NONE;
    struct grant *g;

    permission = str_or(permission, github_audit_text(e, HUB_ROLE));
    if (str_ends(e->action, STR("_admin")))
        permission = STR("owner");
    else if (str_empty(permission))
        permission =
            str_ends(e->action, STR("billing_manager")) ? STR("billing manager") : STR("member");
    g = add(e, ev, str_or(e->user, e->team), str_empty(e->user) ? "group" : "human", permission,
            str_or(scope, str_or(ev->account, e->repo)));
    if (str_ends(e->action, STR("outside_collaborator"))) {
        g->grantee_type = STR("external");
        g->is_external = true;
    }
}

/* A repository that everyone can read from now on, or no longer. */
static void visibility_grant(const struct audit_entry *e, struct event *ev)
{
    str now = github_audit_text(e, HUB_VISIBILITY),
        before = github_audit_text(e, HUB_OLD_VISIBILITY);
    struct grant *g;

    if (!str_eq_nocase(now, STR("public")) && !str_eq_nocase(before, STR("public")))
        return;
    g = add(e, ev, STR("*"), "public", STR("read"), e->repo);
    g->is_removal = !str_eq_nocase(now, STR("public"));
    g->is_public = true;
    g->is_external = true;
}

/* A deploy key opens one repository to whoever holds it. */
static void key_grant(const struct audit_entry *e, struct event *ev)
{
    bool is_reading = github_audit_truth(e, HUB_READ_ONLY);
    struct grant *g =
        add(e, ev, str_or(github_audit_text(e, HUB_TITLE), STR("deploy key")), "external",
            is_reading ? STR("deploy key, read") : STR("deploy key, write"), e->repo);

    g->is_external = true;
}

void github_audit_grants(const struct audit_entry *e, struct event *ev)
{
    bool is_app = str_starts(e->action, STR("integration_installation.")) ||
                  str_starts(e->action, STR("org.oauth_app_access_"));

    if (is_member_action(e->action) && (!str_empty(e->user) || !str_empty(e->team)))
        member_grant(e, ev);
    else if (str_starts(e->action, STR("team.")) && str_contains(e->action, STR("repository")) &&
             !str_empty(e->repo))
        add(e, ev, e->team, "group", str_or(github_audit_text(e, HUB_PERMISSION), STR("read")),
            e->repo);
    else if (str_eq(e->action, STR("repo.access")) || str_eq(e->action, STR("repo.create")))
        visibility_grant(e, ev);
    else if (str_starts(e->action, STR("public_key.")) && !str_empty(e->repo) &&
             (ev->verb == VERB_CREATE || ev->verb == VERB_DELETE))
        key_grant(e, ev);
    else if (is_app && (ev->verb == VERB_GRANT || ev->verb == VERB_REVOKE))
        add(e, ev,
            str_or(github_audit_text(e, HUB_INTEGRATION),
                   str_or(github_audit_text(e, HUB_OAUTH), github_audit_text(e, HUB_NAME))),
            "service", STR("app access"), ev->account);
}

/* --- runs ------------------------------------------------------------------------------------- */

static str run_key(const struct audit_entry *e)
{
    str id = github_audit_text(e, HUB_RUN), attempt = github_audit_text(e, HUB_ATTEMPT);

    if (str_empty(id) || str_empty(attempt) || str_eq(attempt, STR("1")))
        return id;
    return str_print(e->arena, "%.*s/%.*s", STR_FMT(id), STR_FMT(attempt));
}

static str result_of(str conclusion)
{
    static const struct {
        const char *conclusion, *result;
    } known[] = {
        {"success", "applied"},        {"failure", "failed"},      {"timed_out", "failed"},
        {"startup_failure", "failed"}, {"cancelled", "cancelled"}, {"skipped", "no-op"},
        {"neutral", "no-op"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(conclusion, str_from(known[i].conclusion)))
            return str_from(known[i].result);
    return STR_NONE;
}

static void map_run(const struct audit_entry *e, struct event *ev)
{
    struct change *c = arena_new(e->arena, struct change, 1);

    c->tool = STR("github-actions");
    c->key = ev->run;
    c->commit = ev->commit;
    c->branch = github_audit_text(e, HUB_HEAD_BRANCH);
    c->trigger = github_audit_text(e, HUB_TRIGGER);
    c->adds = c->changes = c->destroys = -1;
    c->auto_apply = -1;
    (void)instant_parse(github_audit_text(e, HUB_STARTED), &c->t_start);
    if (str_ends(e->action, STR(".completed_workflow_run"))) {
        c->result = result_of(github_audit_text(e, HUB_CONCLUSION));
        if (!instant_parse(github_audit_text(e, HUB_COMPLETED), &c->t_end) || !c->t_end.is_set)
            c->t_end = ev->time;
    } else {
        c->created_by = ev->actor;
        c->created_by_id = ev->actor_id;
        c->t_created = ev->time;
    }
    ev->changes = c;
}

static void decide(const struct audit_entry *e, struct event *ev, const char *decision,
                   const char *type, str object)
{
    struct approval *d;

    if (str_empty(object))
        return;
    d = arena_new(e->arena, struct approval, 1);
    d->decision = str_from(decision);
    d->object_type = str_from(type);
    d->object = object;
    d->by = ev->actor;
    d->by_id = ev->actor_id;
    d->by_bot = ev->actor_type == ACTOR_AUTOMATION;
    d->commit = ev->commit;
    d->when = ev->time;
    ev->approvals = d;
}

/* --- pull requests ---------------------------------------------------------------------------- */

static void map_pull_request(const struct audit_entry *e, struct event *ev)
{
    struct change_request *r;

    if (str_empty(ev->change_request) || (!str_eq(e->action, STR("pull_request.create")) &&
                                          !str_eq(e->action, STR("pull_request.merge"))))
        return;
    r = arena_new(e->arena, struct change_request, 1);
    r->key = ev->change_request;
    r->repo = e->repo;
    r->title = github_audit_text(e, HUB_PULL_TITLE);
    if (str_eq(e->action, STR("pull_request.merge"))) {
        r->merged_by = ev->actor;
        r->merged_by_id = ev->actor_id;
        r->t_merged = ev->time;
    } else {
        r->author = ev->actor;
        r->author_id = ev->actor_id;
        r->t_created = ev->time;
    }
    ev->change_requests = r;
}

void github_audit_delivery(const struct audit_entry *e, struct event *ev)
{
    str number = github_number_in_url(github_audit_text(e, HUB_PULL_URL), "/pull/");

    ev->run = run_key(e);
    ev->commit = github_audit_text(e, HUB_HEAD);
    ev->change_request = str_empty(e->repo) ? STR_NONE : github_key(e->repo, number, e->arena);
    map_pull_request(e, ev);
    if (ev->verb == VERB_APPROVE || ev->verb == VERB_REJECT)
        decide(e, ev, ev->verb == VERB_APPROVE ? "approve" : "reject", "run", ev->run);
    else if (str_eq(e->action, STR("pull_request_review.dismiss")))
        decide(e, ev, "dismiss", "change_request", ev->change_request);
    else if (ev->verb == VERB_OVERRIDE)
        decide(e, ev, "override", "commit", github_audit_text(e, HUB_AFTER));
    else if (!str_empty(ev->run) && str_starts(e->action, STR("workflows.")) &&
             str_ends(e->action, STR("ed_workflow_run")))
        map_run(e, ev);
}
