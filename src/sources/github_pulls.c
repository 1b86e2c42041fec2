/*
 * github_pulls: pull requests and their reviews (formats-iac 11). See github_delivery.c.
 */
#include "github_delivery.h"

/* --- pull requests ---------------------------------------------------------------------------- */

static struct change_request *request_of(const struct github_record *r, str key)
{
    struct arena *a = r->m->arena;
    struct change_request *c = arena_new(a, struct change_request, 1);
    const json_t *o = r->object;

    c->key = key;
    c->repo = r->repo;
    c->branch = tree_path_text(a, o, "head", "ref", NULL);
    c->base = tree_path_text(a, o, "base", "ref", NULL);
    c->title = tree_text(o, "title", a);
    c->author = tree_path_text(a, o, "user", "login", NULL);
    c->author_id = tree_path_text(a, o, "user", "id", NULL);
    c->merged_by = tree_path_text(a, o, "merged_by", "login", NULL);
    c->merged_by_id = tree_path_text(a, o, "merged_by", "id", NULL);
    c->head_commit = tree_path_text(a, o, "head", "sha", NULL);
    c->t_created = tree_time(o, "created_at");
    c->t_merged = tree_time(o, "merged_at");
    c->t_closed = tree_time(o, "closed_at");
    if (c->t_merged.is_set) /* before that it names a test merge that nobody made */
        c->merge_commit = tree_text(o, "merge_commit_sha", a);
    return c;
}

/*
 * A list answer and a single answer of one merge differ in merged_by: they are one act, and the one
 * that names the person goes first when they are folded.
 */
static void set_merge(struct event *ev, const struct github_record *r,
                      const struct change_request *c)
{
    struct arena *a = r->m->arena;
    bool has_person = !str_empty(c->merged_by);

    ev->time = c->t_merged;
    ev->action = STR("pull_request.merged");
    ev->verb = VERB_UPDATE;
    ev->outcome = OUTCOME_SUCCESS;
    ev->commit = c->merge_commit;
    github_set_actor(ev, json_member(r->object, "merged_by"), a);
    ev->fold.key = str_print(a, "%.*s:merged", STR_FMT(c->key));
    ev->fold.part = has_person ? 0 : 2;
    ev->dedupe = str_print(a, "%.*s:merged:%.*s", STR_FMT(c->key), STR_FMT(c->merged_by));
}

static void set_state(struct event *ev, const struct github_record *r,
                      const struct change_request *c)
{
    struct arena *a = r->m->arena;
    bool is_closed = c->t_closed.is_set;
    str state = str_or(tree_text(r->hook, "action", a), tree_text(r->object, "state", a));

    ev->time = is_closed ? c->t_closed : c->t_created;
    ev->action = str_join(a, STR("pull_request"), STR("."), state);
    ev->commit = c->head_commit;
    if (is_closed && r->hook)
        github_set_actor(ev, json_member(r->hook, "sender"), a);
    else if (!is_closed)
        github_set_actor(ev, json_member(r->object, "user"), a);
    ev->dedupe = str_print(a, "%.*s:%.*s", STR_FMT(c->key), STR_FMT(state));
}

/* Deliveries of "edited", "synchronize", "labeled" ... show the pull request as it is; only these
 * are acts with a time. */
static bool is_act(const struct github_record *r)
{
    str action = tree_text(r->hook, "action", r->m->arena);

    return !r->hook || str_eq(action, STR("opened")) || str_eq(action, STR("closed"));
}

enum map_result github_map_pull_request(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = github_event(r);
    str key = github_key(r->repo, tree_text(r->object, "number", a), a);

    if (str_empty(key)) {
        r->m->why = "pull request without a number";
        return MAP_REJECT;
    }
    ev.change_requests = request_of(r, key);
    ev.resource = ev.change_request = key;
    ev.resource_type = STR("pull_request");
    ev.detail = ev.change_requests->title;
    if (ev.change_requests->t_merged.is_set)
        set_merge(&ev, r, ev.change_requests);
    else
        set_state(&ev, r, ev.change_requests);
    if (!is_act(r)) {
        ev.is_fact_only = true;
        ev.dedupe = event_dedupe(r->rec, 0, a);
        ev.fold = (struct fold){0};
    }
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* --- reviews ---------------------------------------------------------------------------------- */

static const struct {
    const char *state, *decision;
    enum verb verb;
} states[] = {
    {"approved", "approve", VERB_APPROVE},
    {"changes_requested", "reject", VERB_REJECT},
    {"dismissed", "dismiss", VERB_UPDATE},
    {"commented", "comment", VERB_UNKNOWN},
};

enum { NSTATES = sizeof(states) / sizeof(states[0]) };

static str pull_request_of(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    str number = tree_path_text(a, r->hook, "pull_request", "number", NULL);

    number = str_or(number,
                    github_number_in_url(tree_text(r->object, "pull_request_url", a), "/pulls/"));
    number = str_or(number, github_number_in_url(tree_text(r->object, "html_url", a), "/pull/"));
    return github_key(r->repo, number, a);
}

/* Who dismissed is the sender of the delivery; an API answer keeps the reviewer and does not say.
 */
static const json_t *actor_of(const struct github_record *r, bool is_dismissal)
{
    return is_dismissal && r->hook ? json_member(r->hook, "sender")
                                   : json_member(r->object, "user");
}

static struct approval *approval_of(const struct github_record *r, const struct event *ev,
                                    const char *decision, const json_t *actor)
{
    struct approval *p = arena_new(r->m->arena, struct approval, 1);

    p->decision = str_from(decision);
    p->object_type = STR("change_request");
    p->object = ev->change_request;
    p->by = ev->actor;
    p->by_id = ev->actor_id;
    p->by_bot = github_is_bot(actor);
    p->commit = ev->commit;
    p->when = ev->time;
    return p;
}

enum map_result github_map_review(const struct github_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = github_event(r);
    str state = str_lower(a, tree_text(r->object, "state", a));
    size_t i = 0;

    while (i < NSTATES && !str_eq(state, str_from(states[i].state)))
        i++;
    if (i == NSTATES) {
        r->m->why = "a review that was not submitted yet";
        return MAP_NOT_EVENT;
    }
    ev.change_request = ev.resource = pull_request_of(r);
    if (str_empty(ev.change_request)) {
        r->m->why = "review without its pull request: 'pull_request_url' is missing";
        return MAP_REJECT;
    }
    if (!event_set_time(&ev, tree_text(r->object, "submitted_at", a))) {
        r->m->why = "review without 'submitted_at'";
        return MAP_REJECT;
    }
    github_set_actor(&ev, actor_of(r, str_eq(state, STR("dismissed"))), a);
    ev.action = str_join(a, STR("review"), STR("."), state);
    ev.verb = states[i].verb;
    ev.outcome = OUTCOME_SUCCESS;
    ev.resource_type = STR("pull_request");
    ev.commit = tree_text(r->object, "commit_id", a);
    ev.approvals =
        approval_of(r, &ev, states[i].decision, actor_of(r, str_eq(state, STR("dismissed"))));
    ev.dedupe = str_print(a, "review %.*s:%.*s", STR_FMT(ev.native_id), STR_FMT(state));
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}
