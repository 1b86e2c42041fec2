/*
 * pulumi_cloud: the audit log of Pulumi Cloud, its webhooks, and the history of a stack's updates
 * as the service, the command line and self-managed backends write it (formats-iac 9).
 *
 * Audit events are identifiers in current exports and titles in older ones; both are kept as found.
 * Stack and update stand in the description only. That no failure is told does not mean success:
 * the outcome stays open. Webhooks have no time. Who ran an update is in none of the histories: the
 * author of the commit is not taken for it.
 *
 * Never read: configuration, of the environment only the members named below.
 */
#include "pulumi.h"
#include "sources/source.h"

/* --- audit log -------------------------------------------------------------------------------- */

/* First row that fits wins; names are compared in lower case with "-" for blanks. */
static const struct {
    const char *event;
    enum verb verb;
} verbs[] = {
    {"*preview-started", VERB_PLAN},   {"*-update-started", VERB_APPLY},
    {"*-destroy-started", VERB_APPLY}, {"*-refresh-started", VERB_APPLY},
    {"*-import*", VERB_UPDATE},        {"*export*", VERB_EXPORT},
    {"*decrypt*", VERB_READ},          {"*login*", VERB_LOGIN},
    {"*member-added*", VERB_GRANT},    {"*role-changed*", VERB_GRANT},
    {"*permission*", VERB_GRANT},      {"*collaborator-added*", VERB_GRANT},
    {"*member-removed*", VERB_REVOKE}, {"*collaborator-removed*", VERB_REVOKE},
    {"*approved*", VERB_APPROVE},      {"*rejected*", VERB_REJECT},
    {"*policy*", VERB_CONFIG},         {"*webhook*", VERB_CONFIG},
    {"*saml*", VERB_CONFIG},           {"*created*", VERB_CREATE},
    {"*added*", VERB_CREATE},          {"*deleted*", VERB_DELETE},
    {"*removed*", VERB_DELETE},        {"*updated*", VERB_UPDATE},
    {"*changed*", VERB_UPDATE},        {"*renamed*", VERB_UPDATE},
    {"*transferred*", VERB_UPDATE},
};

static enum verb verb_of(str event, struct arena *a)
{
    char *name = str_z(a, str_lower(a, event));

    for (char *p = name; *p; p++)
        if (*p == ' ')
            *p = '-';
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_glob(str_from(verbs[i].event), str_from(name)))
            return verbs[i].verb;
    return VERB_UNKNOWN;
}

/* The word behind `before` in a description, with or without quotes: stack "shop/dev". */
static str word_behind(str text, str before)
{
    size_t at = str_find(text, before), end;

    if (at == SIZE_MAX)
        return STR_NONE;
    text = str_part(text, at + before.len, text.len);
    if (text.len && text.ptr[0] == '"') {
        text = str_part(text, 1, text.len);
        return str_cut(&text, '"');
    }
    for (end = 0; end < text.len && text.ptr[end] != ' '; end++)
        ;
    return str_part(text, 0, end);
}

/* The CSV export has the same columns under other names, and yes and no as words. */
static bool is_audit_row(const json_t *doc)
{
    return tree_has(doc, "Timestamp") && tree_has(doc, "Login") && tree_has(doc, "Event") &&
           tree_has(doc, "RequireOrgAdmin");
}

static bool is_audit(const json_t *doc)
{
    return json_is_string(json_member(doc, "event")) && tree_has(doc, "timestamp") &&
           json_is_string(json_member(doc, "description")) &&
           json_is_object(json_member(doc, "user"));
}

static void set_user(struct event *ev, const json_t *user, struct arena *a)
{
    ev->actor = str_or(tree_text(user, "githubLogin", a), tree_text(user, "name", a));
    ev->actor_type = str_empty(ev->actor) ? ACTOR_UNKNOWN : ACTOR_HUMAN;
}

static enum map_result map_audit(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    str description = tree_text(doc, "description", a);

    (void)rec;
    if (!event_set_time(&ev, tree_text(doc, "timestamp", a))) {
        m->why = "'timestamp' is not a time";
        return MAP_REJECT;
    }
    if (json_is_number(json_member(doc, "timestamp")))
        ev.time_text = STR_NONE;
    set_user(&ev, json_member(doc, "user"), a);
    ev.actor = str_or(ev.actor, tree_text(doc, "actorName", a));
    ev.credential = str_or(tree_text(doc, "tokenID", a), tree_text(doc, "tokenName", a));
    ev.service = STR("pulumi");
    ev.action = tree_text(doc, "event", a);
    ev.verb = verb_of(ev.action, a);
    ev.resource = ev.place = word_behind(description, STR("stack "));
    ev.resource_type = str_empty(ev.resource) ? STR_NONE : STR("stack");
    ev.run = word_behind(description, STR("update "));
    ev.source_ip = tree_text(doc, "sourceIP", a);
    ev.detail = description;
    if (json_truth(json_member(doc, "authFailure"))) {
        ev.outcome = OUTCOME_DENIED;
        ev.error = STR("authentication failure");
    }
    m->emit(m, &ev);
    return MAP_DONE;
}

static enum map_result map_audit_row(const struct record *rec, struct mapper *m, const json_t *row)
{
    json_t *doc = json_pack(
        "{s:O, s:O?, s:O, s:O?, s:{s:O?, s:O}, s:O?}", "timestamp",
        json_object_get(row, "Timestamp"), "sourceIP", json_object_get(row, "SourceIP"), "event",
        json_object_get(row, "Event"), "description", json_object_get(row, "Description"), "user",
        "name", json_object_get(row, "Name"), "githubLogin", json_object_get(row, "Login"),
        "authFailure", json_object_get(row, "AuthenticationFailure"));
    enum map_result result = doc ? map_audit(rec, m, doc) : MAP_REJECT;

    if (!doc)
        m->why = "a row without its cells";
    json_decref(doc);
    return result;
}

/* --- webhooks --------------------------------------------------------------------------------- */

static bool is_webhook(const json_t *doc)
{
    return json_is_object(json_member(doc, "organization")) && tree_has(doc, "projectName") &&
           tree_has(doc, "stackName");
}

/* ".../crazy/website/prod/updates/42" -> "crazy/website/prod/updates/42" */
static str path_in_url(str url)
{
    size_t host = str_find(url, STR("://")), slash;

    if (host == SIZE_MAX)
        return STR_NONE;
    url = str_part(url, host + 3, url.len);
    slash = str_find_char(url, '/');
    return slash == SIZE_MAX ? STR_NONE : str_part(url, slash + 1, url.len);
}

static void set_update(struct event *ev, const json_t *doc, str result, struct arena *a)
{
    struct change *c;

    ev->run = path_in_url(tree_text(doc, "updateUrl", a));
    ev->verb = json_truth(json_member(doc, "isPreview")) || str_eq(ev->action, STR("preview"))
                   ? VERB_PLAN
                   : VERB_APPLY;
    if (ev->verb == VERB_PLAN || str_empty(ev->run))
        return;
    c = ev->changes = change_new(STR("pulumi"), ev->run, a);
    c->workspace = ev->resource;
    c->kind = str_eq(ev->action, STR("update"))    ? STR("apply")
              : str_eq(ev->action, STR("refresh")) ? STR("refresh-only")
                                                   : ev->action;
    c->result = result;
    c->applied_by = ev->actor;
    c->url = tree_text(doc, "updateUrl", a);
    pulumi_set_counts(c, json_member(doc, "resourceChanges"));
}

static enum map_result map_webhook(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    const json_t *org = json_member(doc, "organization");
    struct event ev = event_new();
    str result;

    (void)rec;
    set_user(&ev, json_member(doc, "user"), a);
    ev.account = str_or(tree_text(org, "githubLogin", a), tree_text(org, "name", a));
    ev.resource = str_print(a, "%.*s/%.*s/%.*s", STR_FMT(ev.account),
                            STR_FMT(tree_text(doc, "projectName", a)),
                            STR_FMT(tree_text(doc, "stackName", a)));
    ev.place = ev.resource;
    ev.resource_type = STR("stack");
    ev.service = STR("pulumi");
    ev.detail = pulumi_count_words(json_member(doc, "resourceChanges"), a);
    result = pulumi_result(str_or(tree_text(doc, "result", a), tree_text(doc, "status", a)),
                           &ev.outcome);
    if (tree_has(doc, "driftDetected")) {
        ev.service = STR("pulumi.drift");
        ev.action = STR("drift");
        ev.verb = VERB_PLAN;
        if (!json_truth(json_member(doc, "driftDetected")))
            ev.detail = STR("no drift");
    } else if (tree_has(doc, "kind")) {
        ev.action = tree_text(doc, "kind", a);
        set_update(&ev, doc, result, a);
    } else {
        ev.action = str_or(tree_text(doc, "action", a), tree_text(doc, "operation", a));
        ev.verb = verb_of(ev.action, a);
    }
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- history ---------------------------------------------------------------------------------- */

static bool is_update(const json_t *doc)
{
    return tree_has(doc, "kind") && tree_has(doc, "startTime") && tree_has(doc, "result") &&
           (tree_has(doc, "version") || tree_has(doc, "environment"));
}

static str change_request_of(const json_t *env, struct arena *a)
{
    str number = tree_text(env, "ci.pr.number", a), owner = tree_text(env, "vcs.owner", a);
    bool is_gitlab = str_contains(tree_text(env, "vcs.kind", a), STR("gitlab"));

    if (str_empty(number) || str_empty(owner))
        return STR_NONE;
    return str_print(a, "%.*s/%.*s%c%.*s", STR_FMT(owner), STR_FMT(tree_text(env, "vcs.repo", a)),
                     is_gitlab ? '!' : '#', STR_FMT(number));
}

static void emit_update(const struct record *rec, struct mapper *m, const json_t *o, str id,
                        size_t nth)
{
    struct arena *a = m->arena;
    const json_t *env = json_member(o, "environment"), *counts = json_member(o, "resourceChanges");
    struct event ev = event_new();
    str kind = tree_text(o, "kind", a), version = tree_text(o, "version", a);
    struct change *c;

    event_set_time(&ev, tree_text(o, "startTime", a));
    if (json_is_number(json_member(o, "startTime")))
        ev.time_text = STR_NONE;
    ev.service = STR("pulumi");
    ev.channel = CHANNEL_IAC;
    ev.action = str_join(a, STR("update"), STR("."), kind);
    ev.verb = str_eq(kind, STR("preview")) ? VERB_PLAN : VERB_APPLY;
    ev.run = str_or(id, str_print(a, "version %.*s at %.*s", STR_FMT(version),
                                  STR_FMT(instant_text(ev.time, a))));
    ev.commit = str_or(tree_text(env, "ci.pr.headSHA", a), tree_text(env, "git.head", a));
    ev.change_request = change_request_of(env, a);
    ev.detail = str_join(a, tree_text(o, "message", a), STR("; "), pulumi_count_words(counts, a));
    if (json_truth(json_member(env, "git.dirty")))
        ev.detail = str_join(a, ev.detail, STR("; "), STR("code that was not committed"));
    c = change_new(STR("pulumi"), ev.run, a);
    c->result = pulumi_result(tree_text(o, "result", a), &ev.outcome);
    c->kind = str_eq(kind, STR("update")) ? STR("apply") : kind;
    c->commit = ev.commit;
    c->change_request = ev.change_request;
    c->message = tree_text(o, "message", a);
    c->trigger = str_or(tree_text(env, "ci.system", a), tree_text(env, "exec.kind", a));
    c->url = tree_text(env, "ci.build.url", a);
    c->t_start = ev.time;
    (void)instant_parse(tree_text(o, "endTime", a), &c->t_end);
    pulumi_set_counts(c, counts);
    if (ev.verb != VERB_PLAN)
        ev.changes = c;
    ev.dedupe = str_empty(id) ? event_dedupe(rec, nth, a) : id;
    m->emit(m, &ev);
}

static enum map_result map_history(const struct record *rec, struct mapper *m, const json_t *doc)
{
    const json_t *list = json_member(doc, "updates"), *o, *info;
    size_t i;

    if (is_update(doc))
        emit_update(rec, m, doc, STR_NONE, 0);
    else if ((info = json_member(doc, "info")) != NULL)
        emit_update(rec, m, info, tree_text(doc, "updateID", m->arena), 0);
    json_array_foreach (list, i, o) {
        info = json_member(o, "info");
        emit_update(rec, m, info ? info : o, tree_text(o, "updateID", m->arena), i);
    }
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

static bool is_history(const json_t *doc)
{
    const json_t *first = json_array_get(json_member(doc, "updates"), 0);
    const json_t *info = json_member(first, "info");

    return is_update(doc) || is_update(json_member(doc, "info")) || is_update(info ? info : first);
}

typedef enum map_result map_function(const struct record *rec, struct mapper *m, const json_t *doc);

static map_function *find_map(const json_t *doc)
{
    if (is_audit(doc))
        return map_audit;
    if (is_audit_row(doc))
        return map_audit_row;
    if (is_webhook(doc))
        return map_webhook;
    return is_history(doc) ? map_history : NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return find_map(doc) ? 88 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result;
    map_function *way;

    if (!doc)
        return MAP_REJECT;
    way = find_map(doc);
    result = way ? way(rec, m, doc) : MAP_FOREIGN;
    json_decref(doc);
    return result;
}

const struct source source_pulumi_cloud = {
    .name = "pulumi-cloud",
    .title = "Pulumi Cloud audit log and updates",
    .reads = "audit log (JSON, CSV), webhooks, updates of a stack, 'pulumi stack history --json'",
    .shape = SHAPE_JSON,
    .gives = GIVES_PLATFORM_AUDIT | GIVES_RUNS | GIVES_STATE_ACCESS | GIVES_DRIFT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
