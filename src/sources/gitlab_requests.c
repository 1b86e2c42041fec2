/*
 * gitlab_requests: merge requests with the decisions on them, and the members that system hooks
 * tell of (formats-iac 12). See gitlab_delivery.c.
 *
 * `approval` is one person's, `approved` the one with which all rules are met: both are decisions
 * of the user of the delivery on the commit that was the last one then.
 */
#include "gitlab_delivery.h"

/* --- merge requests --------------------------------------------------------------------------- */

static const struct {
    const char *action, *decision;
    enum verb verb;
} actions[] = {
    {"open", NULL, VERB_CREATE},           {"reopen", NULL, VERB_UPDATE},
    {"update", NULL, VERB_UPDATE},         {"merge", NULL, VERB_UPDATE},
    {"close", NULL, VERB_UPDATE},          {"approved", "approve", VERB_APPROVE},
    {"approval", "approve", VERB_APPROVE}, {"unapproved", "revoke", VERB_REJECT},
    {"unapproval", "revoke", VERB_REJECT},
};

enum { NACTIONS = sizeof(actions) / sizeof(actions[0]) };

static struct event request_event(const struct gitlab_record *r, str number, str action)
{
    struct arena *a = r->m->arena;
    struct event ev = gitlab_event(r);

    ev.resource = ev.change_request = gitlab_request_key(r->path, number, a);
    ev.resource_type = STR("merge_request");
    ev.action = str_join(a, STR("merge_request"), STR("."), action);
    ev.outcome = OUTCOME_SUCCESS;
    return ev;
}

static struct change_request *request_of(const json_t *o, const struct event *ev, str repo,
                                         struct arena *a)
{
    struct change_request *c = arena_new(a, struct change_request, 1);

    c->key = ev->change_request;
    c->repo = repo;
    c->branch = tree_text(o, "source_branch", a);
    c->base = tree_text(o, "target_branch", a);
    c->title = tree_text(o, "title", a);
    c->t_created = tree_time(o, "created_at");
    c->merge_commit =
        str_or(tree_text(o, "merge_commit_sha", a), tree_text(o, "squash_commit_sha", a));
    return c;
}

static struct approval *approval_of(const struct event *ev, const char *decision, str commit,
                                    struct arena *a)
{
    struct approval *p = arena_new(a, struct approval, 1);

    p->decision = str_from(decision);
    p->object_type = STR("change_request");
    p->object = ev->change_request;
    p->by = ev->actor;
    p->by_id = ev->actor_id;
    p->by_bot = ev->actor_type == ACTOR_AUTOMATION;
    p->commit = commit;
    p->when = ev->time;
    return p;
}

/* The author is a number only, and has a name when it is the user of the delivery. */
static void set_people(struct change_request *c, const struct event *ev, const json_t *o,
                       str action, struct arena *a)
{
    c->author_id = tree_text(o, "author_id", a);
    if (!str_empty(ev->actor_id) && str_eq(c->author_id, ev->actor_id))
        c->author = ev->actor;
    if (str_eq(action, STR("merge"))) {
        c->merged_by = ev->actor;
        c->merged_by_id = ev->actor_id;
        c->t_merged = c->t_closed = ev->time;
    } else if (str_eq(action, STR("close"))) {
        c->t_closed = ev->time;
    }
}

enum map_result gitlab_map_merge_request(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = json_member(r->doc, "object_attributes");
    str action = str_or(tree_text(o, "action", a), tree_text(o, "state", a));
    struct event ev = request_event(r, tree_text(o, "iid", a), action);
    struct change_request *c;
    size_t i = 0;

    if (str_empty(ev.change_request)) {
        r->m->why = "merge request without 'object_attributes.iid'";
        return MAP_REJECT;
    }
    event_set_time(&ev, str_or(tree_text(o, "updated_at", a), tree_text(o, "created_at", a)));
    gitlab_set_actor(&ev, json_member(r->doc, "user"), a);
    c = ev.change_requests = request_of(o, &ev, r->path, a);
    c->head_commit = tree_path_text(a, o, "last_commit", "id", NULL);
    ev.commit = str_eq(action, STR("merge")) ? c->merge_commit : c->head_commit;
    ev.detail = c->title;
    set_people(c, &ev, o, action, a);
    while (i < NACTIONS && !str_eq(action, str_from(actions[i].action)))
        i++;
    if (i < NACTIONS) {
        ev.verb = actions[i].verb;
        if (actions[i].decision)
            ev.approvals = approval_of(&ev, actions[i].decision, c->head_commit, a);
    }
    if (str_eq(action, STR("merge"))) { /* a list tells of the same act */
        ev.fold.key = str_print(a, "%.*s:merge", STR_FMT(c->key));
        ev.fold.part = 1;
    }
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* In a list a merge request shows its last act: merged, closed, or else opened. */
enum map_result gitlab_map_api_merge_request(const struct gitlab_record *r)
{
    static const struct {
        const char *state, *time, *person[2];
    } acts[] = {
        {"merged", "merged_at", {"merge_user", "merged_by"}},
        {"closed", "closed_at", {"closed_by", "closed_by"}},
        {"opened", "created_at", {"author", "author"}},
    };
    struct arena *a = r->m->arena;
    const json_t *o = r->doc, *person;
    struct change_request *c;
    struct event ev;
    size_t i = 0;

    while (i < 2 && !tree_time(o, acts[i].time).is_set)
        i++;
    ev = request_event(r, tree_text(o, "iid", a), str_from(acts[i].state));
    if (!event_set_time(&ev, tree_text(o, acts[i].time, a))) {
        r->m->why = "merge request without 'created_at'";
        return MAP_REJECT;
    }
    person = json_member(o, acts[i].person[0]);
    gitlab_set_actor(&ev, person ? person : json_member(o, acts[i].person[1]), a);
    ev.verb = i == 2 ? VERB_CREATE : VERB_UPDATE;
    c = ev.change_requests = request_of(o, &ev, r->path, a);
    c->author = tree_path_text(a, o, "author", "username", NULL);
    c->author_id = tree_path_text(a, o, "author", "id", NULL);
    c->head_commit = tree_text(o, "sha", a);
    c->t_merged = tree_time(o, "merged_at");
    c->t_closed = tree_time(o, "closed_at");
    if (i == 0) {
        c->merged_by = ev.actor;
        c->merged_by_id = ev.actor_id;
        /* Without a merge commit the branch was fast-forwarded to its own head. */
        c->merge_commit = str_or(c->merge_commit, c->head_commit);
        ev.fold.key = str_print(a, "%.*s:merge", STR_FMT(c->key));
    }
    ev.commit = i == 0 ? c->merge_commit : c->head_commit;
    ev.detail = c->title;
    ev.native_id = tree_text(o, "id", a);
    ev.dedupe = str_print(a, "%.*s:%s as listed", STR_FMT(c->key), acts[i].state);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* --- system hooks ----------------------------------------------------------------------------- */

static const struct {
    const char *name; /* a glob */
    enum verb verb;
} hooks[] = {
    {"user_add_to_*", VERB_GRANT},       {"user_update_for_*", VERB_GRANT},
    {"user_remove_from_*", VERB_REVOKE}, {"user_failed_login", VERB_LOGIN},
    {"*_create", VERB_CREATE},           {"*_destroy", VERB_DELETE},
    {"*_update", VERB_UPDATE},           {"*_rename", VERB_UPDATE},
    {"*_transfer", VERB_UPDATE},         {"user_access_request_*", VERB_UNKNOWN},
};

static void set_grant(struct event *ev, const struct gitlab_record *r, str user)
{
    struct arena *a = r->m->arena;
    struct grant *g = arena_new(a, struct grant, 1);

    g->is_removal = ev->verb == VERB_REVOKE;
    g->grantee = user;
    g->grantee_type = STR("human");
    g->permission =
        str_or(tree_text(r->doc, "group_access", a), str_or(tree_text(r->doc, "project_access", a),
                                                            tree_text(r->doc, "access_level", a)));
    g->permission = str_or(g->permission, STR("access"));
    g->scope = str_or(ev->resource, r->path);
    g->is_admin = str_eq(g->permission, STR("Owner"));
    ev->grants = g;
}

/* A system hook says whom or what it is about, never who did it. */
enum map_result gitlab_map_system_hook(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = gitlab_event(r);
    str user = str_or(tree_text(r->doc, "user_username", a), tree_text(r->doc, "username", a));

    ev.action = tree_text(r->doc, "event_name", a);
    event_set_time(&ev,
                   str_or(tree_text(r->doc, "updated_at", a), tree_text(r->doc, "created_at", a)));
    for (size_t i = sizeof(hooks) / sizeof(hooks[0]); i-- > 0;)
        if (str_glob(str_from(hooks[i].name), ev.action))
            ev.verb = hooks[i].verb;
    ev.resource = str_or(r->path, tree_text(r->doc, "group_path", a));
    ev.resource_type = !str_empty(r->path) ? STR("project") : STR("group");
    if (str_empty(ev.resource)) {
        ev.resource = user;
        ev.resource_type = STR("user");
    } else {
        event_add_resource(&ev, user, STR("user"), a);
    }
    ev.outcome = str_eq(ev.action, STR("user_failed_login")) ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
    if ((ev.verb == VERB_GRANT || ev.verb == VERB_REVOKE) && !str_empty(user))
        set_grant(&ev, r, user);
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}
