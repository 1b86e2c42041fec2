/*
 * github_delivery: pull requests, reviews, workflow runs, deployments and their statuses, as
 * GitHub's REST API answers them or a webhook delivers them (formats-iac 11).
 *
 * An answer does not say which endpoint it came from and a delivery does not name its event: both
 * are told by their members. What a delivery wraps is the object that the API would answer, so both
 * take the same way after unwrapping.
 *
 * The list of pull requests lacks merged_by; the single answer has it. An approval counts for its
 * commit_id only. Never read: payloads of deployments, inputs of workflows, bodies of pull requests
 * and reviews.
 */
#include "github_delivery.h"

#include "base/ascii.h"
#include "sources/source.h"

/* --- shared by the objects -------------------------------------------------------------------- */

bool github_is_bot(const json_t *user)
{
    const json_t *login = json_member(user, "login"), *type = json_member(user, "type");

    return (json_is_string(type) && strcmp(json_string_value(type), "Bot") == 0) ||
           (json_is_string(login) && str_ends(str_from(json_string_value(login)), STR("[bot]")));
}

void github_set_actor(struct event *ev, const json_t *user, struct arena *a)
{
    ev->actor = tree_text(user, "login", a);
    ev->actor_id = tree_text(user, "id", a);
    if (github_is_bot(user))
        ev->actor_type = ACTOR_AUTOMATION;
    else if (str_eq(tree_text(user, "type", a), STR("User")))
        ev->actor_type = ACTOR_HUMAN;
}

struct event github_event(const struct github_record *r)
{
    struct event ev = event_new();
    size_t slash = str_find_char(r->repo, '/');

    ev.service = STR("github");
    ev.place = r->repo;
    if (slash != SIZE_MAX)
        ev.account = str_part(r->repo, 0, slash);
    ev.native_id = tree_text(r->object, "id", r->m->arena);
    return ev;
}

str github_key(str repo, str number, struct arena *a)
{
    return str_empty(number) ? STR_NONE : str_print(a, "%.*s#%.*s", STR_FMT(repo), STR_FMT(number));
}

str github_number_in_url(str url, const char *word)
{
    size_t at = str_find(url, str_from(word)), end;

    if (at == SIZE_MAX)
        return STR_NONE;
    at += strlen(word);
    for (end = at; end < url.len && ascii_is_digit(url.ptr[end]); end++)
        ;
    return str_part(url, at, end);
}

/* ".../repos/owner/repo/pulls/12" -> "owner/repo" */
static str repo_in_url(str url)
{
    static const char word[] = "/repos/";
    size_t at = str_find(url, str_from(word)), owner, name;
    str rest;

    if (at == SIZE_MAX)
        return STR_NONE;
    rest = str_part(url, at + sizeof(word) - 1, url.len);
    owner = str_find_char(rest, '/');
    if (owner == SIZE_MAX)
        return STR_NONE;
    name = str_find_char(str_part(rest, owner + 1, rest.len), '/');
    return name == SIZE_MAX ? rest : str_part(rest, 0, owner + 1 + name);
}

static str repo_of(const json_t *object, const json_t *hook, struct arena *a)
{
    static const char *const urls[] = {"url", "pull_request_url", "deployment_url",
                                       "repository_url"};
    str repo = tree_path_text(a, object, "base", "repo", "full_name", NULL);

    repo = str_or(repo, tree_path_text(a, object, "repository", "full_name", NULL));
    repo = str_or(repo, tree_path_text(a, hook, "repository", "full_name", NULL));
    for (size_t i = 0; str_empty(repo) && i < sizeof(urls) / sizeof(urls[0]); i++)
        repo = repo_in_url(tree_text(object, urls[i], a));
    return repo;
}

/* --- which object is it ----------------------------------------------------------------------- */

static bool is_pull_request(const json_t *o)
{
    return json_is_object(json_member(o, "head")) && json_is_object(json_member(o, "base")) &&
           tree_has(o, "number");
}

static bool is_review(const json_t *o)
{
    return tree_has(o, "state") && json_is_object(json_member(o, "user")) &&
           tree_has(o, "pull_request_url") && !tree_has(o, "number");
}

static bool is_run(const json_t *o)
{
    return tree_has(o, "workflow_id") && tree_has(o, "head_sha") && tree_has(o, "run_number");
}

static bool is_deployment(const json_t *o)
{
    return tree_has(o, "sha") && tree_has(o, "environment") &&
           (tree_has(o, "statuses_url") || tree_has(o, "task"));
}

static bool is_deployment_status(const json_t *o)
{
    return tree_has(o, "deployment_url") && tree_has(o, "state") && tree_has(o, "creator");
}

static bool is_issue_event(const json_t *o)
{
    return json_is_string(json_member(o, "event")) && tree_has(o, "created_at") &&
           json_is_object(json_member(o, "issue")) && tree_has(o, "actor");
}

static const struct {
    bool (*is)(const json_t *object);
    enum map_result (*map)(const struct github_record *r);
} objects[] = {
    {is_pull_request, github_map_pull_request},
    {is_review, github_map_review},
    {is_run, github_map_run},
    {is_deployment_status, github_map_deployment_status},
    {is_deployment, github_map_deployment},
    {is_issue_event, github_map_issue_event},
};

/*
 * Members of a delivery that hold its object, the most telling first: a deployment carries a
 * workflow_run as well. `beside` has to be there too, whatever it is. A comment tells before the
 * rest, because deliveries of comments show what they are about.
 */
static const struct {
    const char *member, *beside;
    enum map_result (*map)(const struct github_record *r);
} deliveries[] = {
    {"comment", "issue", github_map_comment},
    {"workflow_run", "since", github_map_deployment_review},
    {"workflow_job", NULL, github_map_job},
    {"review", NULL, github_map_review},
    {"deployment_status", NULL, github_map_deployment_status},
    {"deployment", NULL, github_map_deployment},
    {"workflow_run", NULL, github_map_run},
    {"pull_request", NULL, github_map_pull_request},
    {"rule", "action", github_map_rule},
    {"check_run", NULL, github_map_check},
    {"check_suite", NULL, github_map_check},
    {"merge_group", NULL, github_map_merge_group},
};

/* Deliveries that have no object: their members stand by themselves. */
static const struct {
    const char *members[2];
    enum map_result (*map)(const struct github_record *r);
} flat[] = {
    {{"after", "ref"}, github_map_push},
    {{"context", "sha"}, github_map_status},
    {{"workflow", "ref"}, github_map_dispatch},
};

static bool is_delivery(const json_t *doc)
{
    return json_is_object(json_member(doc, "repository")) &&
           json_is_object(json_member(doc, "sender"));
}

typedef enum map_result map_function(const struct github_record *r);

static map_function *find_delivery(const json_t *doc, const json_t **object)
{
    /* A review of a deployment may carry the words of who decided; others are comments on lines. */
    bool is_talk = json_is_object(json_member(doc, "comment")) && !tree_has(doc, "issue");

    for (size_t i = 0; !is_talk && i < sizeof(deliveries) / sizeof(deliveries[0]); i++) {
        *object = json_member(doc, deliveries[i].member);
        if (json_is_object(*object) &&
            (!deliveries[i].beside || tree_has(doc, deliveries[i].beside)))
            return deliveries[i].map;
    }
    *object = doc;
    for (size_t i = 0; !is_talk && i < sizeof(flat) / sizeof(flat[0]); i++)
        if (tree_has(doc, flat[i].members[0]) && tree_has(doc, flat[i].members[1]))
            return flat[i].map;
    return NULL;
}

/* The way for this record and the object in it; NULL when it is none of ours. */
static map_function *find_map(const json_t *doc, const json_t **object)
{
    *object = doc;
    if (is_delivery(doc))
        return find_delivery(doc, object);
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        if (objects[i].is(doc))
            return objects[i].map;
    return NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    const json_t *object;

    (void)rec;
    return find_map(doc, &object) ? 90 : is_delivery(doc) ? 50 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct github_record r = {.rec = rec, .m = m};
    enum map_result result = MAP_FOREIGN;
    json_t *doc = tree_open(rec, m);
    map_function *way;

    if (!doc)
        return MAP_REJECT;
    way = find_map(doc, &r.object);
    if (way) {
        r.hook = is_delivery(doc) ? doc : NULL;
        r.repo = repo_of(r.object, r.hook, m->arena);
        result = way(&r);
    } else if (is_delivery(doc)) {
        m->why = "a delivery of another kind of event";
        result = MAP_NOT_EVENT;
    }
    json_decref(doc);
    return result;
}

const struct source source_github_delivery = {
    .name = "github-delivery",
    .title = "GitHub pull requests, reviews and workflow runs",
    .reads = "REST API answers: pulls, pulls/N, pulls/N/reviews, actions/runs, deployments, "
             "deployments/N/statuses; webhooks",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_APPROVALS | GIVES_VCS,
    .probe = probe,
    .map = map,
};
