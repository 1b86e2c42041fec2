/*
 * bitbucket: a pull request of Bitbucket Cloud with the decisions of its participants, as the REST
 * API answers it. Who did not approve took part in another way; that is shown and is no decision.
 */
#include "sources/source.h"
#include "tree.h"

static bool is_pull_request(const json_t *doc)
{
    return json_is_array(json_member(doc, "participants")) && tree_has(doc, "id") &&
           tree_has(doc, "state") && json_is_object(json_member(doc, "source")) &&
           json_is_object(json_member(doc, "destination"));
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return is_pull_request(doc) ? 88 : 0;
}

static str name_of(const json_t *user, struct arena *a)
{
    return str_or(tree_text(user, "nickname", a), tree_text(user, "display_name", a));
}

static struct change_request *request_of(const json_t *doc, str repo, struct arena *a)
{
    struct change_request *c = arena_new(a, struct change_request, 1);
    bool is_merged = str_eq(tree_text(doc, "state", a), STR("MERGED"));

    c->key = str_print(a, "%.*s#%.*s", STR_FMT(repo), STR_FMT(tree_text(doc, "id", a)));
    c->repo = repo;
    c->branch = tree_path_text(a, doc, "source", "branch", "name", NULL);
    c->base = tree_path_text(a, doc, "destination", "branch", "name", NULL);
    c->title = tree_text(doc, "title", a);
    c->author = name_of(json_member(doc, "author"), a);
    c->author_id = tree_path_text(a, doc, "author", "account_id", NULL);
    c->head_commit = tree_path_text(a, doc, "source", "commit", "hash", NULL);
    c->merge_commit = tree_path_text(a, doc, "merge_commit", "hash", NULL);
    c->t_created = tree_time(doc, "created_on");
    if (is_merged) {
        c->merged_by = name_of(json_member(doc, "closed_by"), a);
        c->merged_by_id = tree_path_text(a, doc, "closed_by", "account_id", NULL);
        c->t_merged = c->t_closed = tree_time(doc, "updated_on");
    }
    return c;
}

static void emit_participant(const struct record *rec, struct mapper *m, const json_t *o,
                             const struct change_request *c, size_t nth)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    const json_t *user = json_member(o, "user");
    bool is_approved = json_truth(json_member(o, "approved"));
    struct approval *p;

    event_set_time(&ev, tree_text(o, "participated_on", a));
    ev.service = STR("bitbucket");
    ev.actor = name_of(user, a);
    ev.actor_id = tree_text(user, "account_id", a);
    ev.actor_type = ACTOR_HUMAN;
    ev.action = is_approved ? STR("approved") : STR("not_approved");
    ev.verb = is_approved ? VERB_APPROVE : VERB_UNKNOWN;
    ev.place = c->repo;
    ev.resource = ev.change_request = c->key;
    ev.resource_type = STR("pull_request");
    ev.outcome = OUTCOME_SUCCESS;
    ev.dedupe = event_dedupe(rec, nth + 1, a);
    if (is_approved) {
        p = ev.approvals = arena_new(a, struct approval, 1);
        p->decision = STR("approve");
        p->object_type = STR("change_request");
        p->object = c->key;
        p->by = ev.actor;
        p->by_id = ev.actor_id;
        p->commit = c->head_commit;
        p->when = ev.time;
    }
    m->emit(m, &ev);
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    json_t *doc = tree_open(rec, m);
    const json_t *o;
    str repo;
    size_t i;

    if (!doc)
        return MAP_REJECT;
    if (!is_pull_request(doc)) {
        json_decref(doc);
        return MAP_FOREIGN;
    }
    repo = tree_path_text(a, doc, "destination", "repository", "full_name", NULL);
    ev.service = STR("bitbucket");
    ev.action = STR("pull_request");
    ev.place = repo;
    ev.is_fact_only = true;
    ev.change_requests = request_of(doc, repo, a);
    ev.dedupe = event_dedupe(rec, 0, a);
    json_array_foreach (json_member(doc, "participants"), i, o)
        emit_participant(rec, m, o, ev.change_requests, i);
    m->emit(m, &ev);
    json_decref(doc);
    return MAP_DONE;
}

const struct source source_bitbucket = {
    .name = "bitbucket",
    .title = "Bitbucket pull requests",
    .reads = "REST API answers: repositories/OWNER/REPO/pullrequests/N",
    .shape = SHAPE_JSON,
    .gives = GIVES_APPROVALS | GIVES_VCS,
    .probe = probe,
    .map = map,
};
