/*
 * hoop: sessions of hoop.dev with their reviews, its security audit log, and its webhooks
 * (formats-iac 10).
 *
 * A session is a change to what its connection leads to: it is asked for, reviewed by groups, and
 * ends with an exit code. Each group's decision is an approval; a forced one let the session
 * through without the group. Who asked stands in a webhook's review as its owner: that is no
 * approval.
 *
 * Never read: scripts, input, recorded streams, payloads of the audit log, values of variables.
 */
#include "sources/source.h"
#include "tree.h"

enum { STOPPED_BY_GATEWAY = 254 };

/* --- sessions --------------------------------------------------------------------------------- */

static bool is_session(const json_t *doc)
{
    return tree_has(doc, "id") && json_is_string(json_member(doc, "connection")) &&
           json_is_string(json_member(doc, "verb")) && tree_has(doc, "start_date") &&
           (tree_has(doc, "user_id") || tree_has(doc, "user"));
}

static void set_outcome(struct event *ev, const json_t *doc, struct arena *a)
{
    const json_t *code = json_member(doc, "exit_code");
    const json_t *rule = json_array_get(json_member(doc, "guardrails_info"), 0);
    str name = str_or(tree_text(rule, "rule_name", a), rule ? STR("guardrail") : STR_NONE);
    bool is_done = str_eq(tree_text(doc, "status", a), STR("done"));

    if (json_is_integer(code))
        ev->outcome = json_integer_value(code) == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
    else
        ev->outcome = is_done ? OUTCOME_UNKNOWN : OUTCOME_PENDING;
    if (ev->outcome == OUTCOME_SUCCESS)
        return;
    if (rule || (json_is_integer(code) && json_integer_value(code) == STOPPED_BY_GATEWAY)) {
        ev->outcome = OUTCOME_DENIED;
        ev->error = str_or(name, STR("stopped by the gateway"));
    } else if (ev->outcome == OUTCOME_FAILURE) {
        ev->error = str_print(a, "exit code %d", (int)json_integer_value(code));
    }
}

/* The decisions of the groups; of a group that has not decided there is none. */
static void add_approvals(struct event *ev, const json_t *review, str session, struct arena *a)
{
    const json_t *group;
    size_t i;

    json_array_foreach (json_member(review, "review_groups_data"), i, group) {
        const json_t *by = json_member(group, "reviewed_by");
        str status = tree_text(group, "status", a);
        bool is_forced = json_truth(json_member(group, "forced_review"));
        struct approval *p;

        if (!by || !(str_eq(status, STR("APPROVED")) || str_eq(status, STR("REJECTED")) ||
                     str_eq(status, STR("REVOKED"))))
            continue;
        p = arena_new(a, struct approval, 1);
        p->decision = str_eq(status, STR("REJECTED"))  ? STR("reject")
                      : str_eq(status, STR("REVOKED")) ? STR("revoke")
                      : is_forced                      ? STR("force")
                                                       : STR("approve");
        p->object_type = STR("session");
        p->object = session;
        p->by = str_or(tree_text(by, "email", a), tree_text(by, "name", a));
        p->by_id = tree_text(by, "id", a);
        p->when = tree_time(group, "review_date");
        p->next = ev->approvals;
        ev->approvals = p;
    }
}

static struct change *change_of(const json_t *doc, const struct event *ev, struct arena *a)
{
    struct change *c = change_new(STR("hoop"), ev->run, a);

    c->workspace = ev->resource;
    c->created_by = c->applied_by = ev->actor;
    c->created_by_id = c->applied_by_id = ev->actor_id;
    c->t_created = tree_time(json_member(doc, "review"), "created_at");
    c->t_start = ev->time;
    c->t_end = tree_time(doc, "end_date");
    c->trigger = tree_text(doc, "correlation_id", a);
    switch (ev->outcome) {
    case OUTCOME_SUCCESS:
        c->result = STR("applied");
        break;
    case OUTCOME_FAILURE:
        c->result = STR("failed");
        break;
    case OUTCOME_DENIED:
        c->result = STR("discarded");
        break;
    case OUTCOME_PENDING:
        c->result = STR("pending");
        break;
    case OUTCOME_UNKNOWN:
    case OUTCOME_THROTTLED:
        break;
    }
    return c;
}

/* "task-12345" of a CI build that opened the session: its own word, so only probable. */
static struct fact_link *link_of(const struct event *ev, str correlation, struct arena *a)
{
    struct fact_link *l;

    if (str_empty(correlation))
        return NULL;
    l = arena_new(a, struct fact_link, 1);
    l->from_type = STR("session");
    l->from = ev->run;
    l->to_type = STR("run");
    l->to = correlation;
    l->rule = STR("hoop-correlation");
    l->is_probable = true;
    return l;
}

static struct event session_event(str id, int part, struct arena *a)
{
    struct event ev = event_new();

    ev.service = STR("hoop");
    ev.run = ev.native_id = id;
    ev.resource_type = STR("connection");
    ev.fold.key = str_print(a, "session %.*s", STR_FMT(id));
    ev.fold.part = (uint8_t)part;
    return ev;
}

static void set_user(struct event *ev, const json_t *doc, const char *email, struct arena *a)
{
    ev->actor = str_or(tree_text(doc, email, a), tree_text(doc, "user_name", a));
    ev->actor_id = tree_text(doc, "user_id", a);
    ev->actor_type =
        str_eq(tree_text(doc, "identity_type", a), STR("machine")) ? ACTOR_SERVICE : ACTOR_HUMAN;
}

static enum map_result map_session(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    str status = tree_text(doc, "status", a);
    struct event ev = session_event(tree_text(doc, "id", a), 1, a);

    (void)rec;
    if (!event_set_time(&ev, tree_text(doc, "start_date", a))) {
        m->why = "'start_date' is not a time";
        return MAP_REJECT;
    }
    set_user(&ev, doc, "user", a);
    ev.session = tree_text(doc, "machine_identity_id", a);
    ev.action = tree_text(doc, "verb", a);
    ev.verb = VERB_EXECUTE;
    ev.account = tree_text(doc, "org_id", a);
    ev.resource = ev.place = tree_text(doc, "connection", a);
    event_add_resource(&ev, tree_text(doc, "resource_name", a), tree_text(doc, "type", a), a);
    ev.detail = tree_path_text(a, doc, "review", "status", NULL);
    if (!str_empty(ev.detail))
        ev.detail = str_print(a, "review %.*s", STR_FMT(str_lower(a, ev.detail)));
    set_outcome(&ev, doc, a);
    ev.changes = change_of(doc, &ev, a);
    ev.links = link_of(&ev, tree_text(doc, "correlation_id", a), a);
    add_approvals(&ev, json_member(doc, "review"), ev.run, a);
    ev.dedupe = str_print(a, "session %.*s:%.*s %.*s", STR_FMT(ev.run), STR_FMT(status),
                          STR_FMT(ev.detail));
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- a review by itself ----------------------------------------------------------------------- */

static bool is_review(const json_t *doc)
{
    return json_is_array(json_member(doc, "review_groups_data")) && tree_has(doc, "session");
}

static enum map_result map_review(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = event_new();

    ev.service = STR("hoop");
    ev.action = STR("review");
    ev.is_fact_only = true;
    ev.time = tree_time(doc, "created_at");
    ev.dedupe = event_dedupe(rec, 0, a);
    add_approvals(&ev, doc, tree_text(doc, "session", a), a);
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- security audit log ----------------------------------------------------------------------- */

static bool is_audit(const json_t *doc)
{
    return tree_has(doc, "resource_type") && tree_has(doc, "action") &&
           tree_has(doc, "http_method") && tree_has(doc, "http_path") &&
           (tree_has(doc, "actor_subject") || tree_has(doc, "actor_email"));
}

static enum map_result map_audit(const struct record *rec, struct mapper *m, const json_t *doc)
{
    static const struct {
        const char *action;
        enum verb verb;
    } verbs[] = {{"create", VERB_CREATE},
                 {"update", VERB_UPDATE},
                 {"delete", VERB_DELETE},
                 {"revoke", VERB_REVOKE}};
    struct arena *a = m->arena;
    struct event ev = event_new();
    str action = tree_text(doc, "action", a);

    (void)rec;
    if (!event_set_time(&ev, tree_text(doc, "created_at", a))) {
        m->why = "'created_at' is missing or not a time";
        return MAP_REJECT;
    }
    ev.service = STR("hoop");
    ev.account = tree_text(doc, "org_id", a);
    ev.actor = str_or(tree_text(doc, "actor_email", a), tree_text(doc, "actor_name", a));
    ev.actor_id = tree_text(doc, "actor_subject", a);
    ev.actor_type = ACTOR_HUMAN;
    ev.resource_type = tree_text(doc, "resource_type", a);
    ev.action = str_join(a, ev.resource_type, STR("."), action);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_eq(action, str_from(verbs[i].action)))
            ev.verb = verbs[i].verb;
    ev.resource = tree_text(doc, "http_path", a);
    ev.source_ip = tree_text(doc, "client_ip", a);
    ev.native_id = tree_text(doc, "id", a);
    ev.outcome = json_truth(json_member(doc, "outcome"))  ? OUTCOME_SUCCESS
                 : tree_int(doc, "http_status", 0) == 403 ? OUTCOME_DENIED
                                                          : OUTCOME_FAILURE;
    if (ev.outcome != OUTCOME_SUCCESS) {
        ev.error = tree_text(doc, "http_status", a);
        ev.error_text = tree_text(doc, "error_message", a);
    }
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- webhooks --------------------------------------------------------------------------------- */

static bool is_webhook(const json_t *doc)
{
    const json_t *type = json_member(doc, "event_type");

    return json_is_string(type) && tree_has(doc, "id") &&
           (strcmp(json_string_value(type), "session.open") == 0 ||
            strcmp(json_string_value(type), "session.close") == 0);
}

/* Neither has a time; both belong to the session of their id. */
static enum map_result map_webhook(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    str type = tree_text(doc, "event_type", a);
    bool is_open = str_eq(type, STR("session.open"));
    struct event ev = session_event(tree_text(doc, "id", a), is_open ? 0 : 2, a);
    int64_t code = tree_int(doc, "exit_code", -100);

    (void)rec;
    ev.action = type;
    if (is_open) {
        set_user(&ev, doc, "user_email", a);
        ev.resource = ev.place = tree_text(doc, "connection", a);
        ev.verb = VERB_EXECUTE;
        ev.outcome = OUTCOME_PENDING;
    } else if (code != -100) {
        ev.outcome = code == 0                    ? OUTCOME_SUCCESS
                     : code == STOPPED_BY_GATEWAY ? OUTCOME_DENIED
                                                  : OUTCOME_FAILURE;
        if (code != 0)
            ev.error = str_print(a, "exit code %d", (int)code);
    }
    ev.dedupe = str_print(a, "%.*s %.*s%s", STR_FMT(type), STR_FMT(ev.run),
                          tree_has(doc, "review") ? ", reviewed" : "");
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

typedef enum map_result map_function(const struct record *rec, struct mapper *m, const json_t *doc);

static map_function *find_map(const json_t *doc)
{
    return is_webhook(doc)   ? map_webhook
           : is_audit(doc)   ? map_audit
           : is_session(doc) ? map_session
           : is_review(doc)  ? map_review
                             : NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return find_map(doc) ? 90 : 0;
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

const struct source source_hoop = {
    .name = "hoop",
    .title = "hoop.dev sessions and audit log",
    .reads = "answers of /sessions, /reviews, /audit/logs; webhooks session.open and session.close",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_APPROVALS | GIVES_PLATFORM_AUDIT,
    .probe = probe,
    .map = map,
};
