/*
 * gitlab_delivery: merge requests with their approvals, pipelines, jobs, deployments, pushes and
 * comments as GitLab's webhooks deliver them, system hooks, and the lists of the REST API
 * (formats-iac 12).
 *
 * A webhook says what it is in `object_kind`, a system hook in `event_name`; an API answer is told
 * by its members. Never read: values of pipeline variables, texts of comments, descriptions.
 */
#include "gitlab_delivery.h"

#include "push.h"
#include "sources/source.h"

struct event gitlab_event(const struct gitlab_record *r)
{
    struct event ev = event_new();
    size_t slash = str_find_char(r->path, '/');

    ev.service = STR("gitlab");
    ev.place = r->path;
    ev.account = slash == SIZE_MAX ? STR_NONE : str_part(r->path, 0, slash);
    return ev;
}

void gitlab_set_actor(struct event *ev, const json_t *user, struct arena *a)
{
    ev->actor = str_or(tree_text(user, "username", a), tree_text(user, "name", a));
    ev->actor_id = tree_text(user, "id", a);
    /* Tokens of projects and groups act as users with such names. */
    if (str_glob(STR("project_*_bot*"), ev->actor) || str_glob(STR("group_*_bot*"), ev->actor))
        ev->actor_type = ACTOR_AUTOMATION;
    else if (!str_empty(ev->actor))
        ev->actor_type = ACTOR_HUMAN;
}

str gitlab_request_key(str path, str number, struct arena *a)
{
    return str_empty(number) ? STR_NONE : str_print(a, "%.*s!%.*s", STR_FMT(path), STR_FMT(number));
}

/* --- pushes and comments ---------------------------------------------------------------------- */

static enum map_result map_push(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    struct event ev = gitlab_event(r);

    push_describe(&ev, r->doc, r->path, a);
    ev.actor = str_or(tree_text(r->doc, "user_username", a), tree_text(r->doc, "user_name", a));
    ev.actor_id = tree_text(r->doc, "user_id", a);
    ev.actor_type = str_empty(ev.actor) ? ACTOR_UNKNOWN : ACTOR_HUMAN;
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

static enum map_result map_note(const struct gitlab_record *r)
{
    struct arena *a = r->m->arena;
    const json_t *o = json_member(r->doc, "object_attributes");
    struct event ev = gitlab_event(r);
    str number = tree_path_text(a, r->doc, "merge_request", "iid", NULL);

    event_set_time(&ev, tree_text(o, "created_at", a));
    gitlab_set_actor(&ev, json_member(r->doc, "user"), a);
    ev.action = str_join(a, STR("note"), STR("."), tree_text(o, "noteable_type", a));
    ev.native_id = tree_text(o, "id", a);
    ev.change_request = gitlab_request_key(r->path, number, a);
    ev.resource = str_or(ev.change_request, r->path);
    ev.resource_type = str_empty(number) ? STR("project") : STR("merge_request");
    ev.outcome = OUTCOME_SUCCESS;
    ev.dedupe = str_print(a, "note %.*s", STR_FMT(ev.native_id));
    r->m->emit(r->m, &ev);
    return MAP_DONE;
}

/* --- which object is it ----------------------------------------------------------------------- */

typedef enum map_result map_function(const struct gitlab_record *r);

static const struct {
    const char *kind;
    map_function *map;
} kinds[] = {
    {"merge_request", gitlab_map_merge_request},
    {"pipeline", gitlab_map_pipeline},
    {"build", gitlab_map_job},
    {"deployment", gitlab_map_deployment},
    {"push", map_push},
    {"tag_push", map_push},
    {"note", map_note},
};

static const struct {
    const char *members[5];
    map_function *map;
} answers[] = {
    {{"iid", "source_branch", "target_branch", "author", "state"}, gitlab_map_api_merge_request},
    {{"iid", "sha", "ref", "environment", "deployable"}, gitlab_map_api_deployment},
    {{"project_id", "sha", "ref", "status", "web_url"}, gitlab_map_api_pipeline},
};

static bool has_all(const json_t *doc, const char *const members[5])
{
    for (int i = 0; i < 5; i++)
        if (!json_object_get(doc, members[i]))
            return false;
    return true;
}

static bool is_system_hook(const json_t *doc)
{
    return json_is_string(json_member(doc, "event_name")) && !tree_has(doc, "object_kind") &&
           (tree_has(doc, "project_id") || tree_has(doc, "group_id") || tree_has(doc, "user_id") ||
            tree_has(doc, "user_username"));
}

/* The way for this record; NULL when it is none of ours. */
static map_function *find_map(const json_t *doc)
{
    const json_t *kind = json_member(doc, "object_kind");

    for (size_t i = 0; json_is_string(kind) && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(json_string_value(kind), kinds[i].kind) == 0)
            return kinds[i].map;
    if (kind)
        return NULL;
    if (is_system_hook(doc))
        return gitlab_map_system_hook;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if (has_all(doc, answers[i].members))
            return answers[i].map;
    return NULL;
}

static bool is_other_kind(const json_t *doc)
{
    return json_is_string(json_member(doc, "object_kind")) &&
           (tree_has(doc, "project") || tree_has(doc, "project_id") || tree_has(doc, "user"));
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return find_map(doc) || is_other_kind(doc) ? 88 : 0;
}

/* "https://gitlab.com/group/project/-/pipelines/12" -> "group/project" */
static str path_in_url(str url)
{
    static const char *const words[] = {"/-/", "/merge_requests/", "/pipelines/"};
    size_t host = str_find(url, STR("://")), start, end;

    if (host == SIZE_MAX)
        return STR_NONE;
    url = str_part(url, host + 3, url.len);
    start = str_find_char(url, '/');
    if (start == SIZE_MAX)
        return STR_NONE;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        end = str_find(url, str_from(words[i]));
        if (end != SIZE_MAX && end > start)
            return str_part(url, start + 1, end);
    }
    return STR_NONE;
}

static str path_of(const json_t *doc, struct arena *a)
{
    str path = tree_path_text(a, doc, "project", "path_with_namespace", NULL);
    str full = tree_path_text(a, doc, "references", "full", NULL);
    size_t bang = str_find_char(full, '!');

    path = str_or(path, tree_text(doc, "project_path_with_namespace", a));
    path = str_or(path, tree_text(doc, "path_with_namespace", a));
    if (str_empty(path) && bang != SIZE_MAX)
        path = str_part(full, 0, bang);
    path = str_or(path, path_in_url(tree_text(doc, "web_url", a)));
    path = str_or(path,
                  path_in_url(tree_path_text(a, doc, "deployable", "pipeline", "web_url", NULL)));
    if (str_empty(path)) { /* a job's hook has the address of the project's page only */
        str page = tree_path_text(a, doc, "repository", "homepage", NULL);

        path = path_in_url(str_empty(page) ? page : str_join(a, page, STR(""), STR("/-/")));
    }
    return path;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct gitlab_record r = {.rec = rec, .m = m};
    enum map_result result = MAP_FOREIGN;
    json_t *doc = tree_open(rec, m);
    map_function *way;

    if (!doc)
        return MAP_REJECT;
    way = find_map(doc);
    if (way) {
        r.doc = doc;
        r.path = path_of(doc, m->arena);
        result = way(&r);
    } else if (is_other_kind(doc)) {
        m->why = "a delivery of another kind of event";
        result = MAP_NOT_EVENT;
    }
    json_decref(doc);
    return result;
}

const struct source source_gitlab_delivery = {
    .name = "gitlab-delivery",
    .title = "GitLab merge requests, pipelines and deployments",
    .reads = "webhooks and system hooks; REST API answers: merge_requests, pipelines, deployments",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_APPROVALS | GIVES_VCS,
    .probe = probe,
    .map = map,
};
