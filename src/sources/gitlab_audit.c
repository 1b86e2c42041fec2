/*
 * gitlab_audit: GitLab's audit events (formats-cloud 10) as the REST API answers them, as they are
 * streamed, and as self-managed instances log them (audit_json.log, whose keys contain dots).
 *
 * Streamed events say everything twice, in `details` and outside. Where they differ, `details` was
 * written when it happened. Events without `event_type` are named by their details: change X from A
 * to B, add or remove what; a free message stays words, because it can hold anything.
 *
 * There is no outcome: what is logged was carried out, except for sign-ins that failed.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "tree.h"

enum path {
    ID,
    EVENT_TYPE,
    AUTHOR_ID,
    AUTHOR_NAME,
    IN_AUTHOR_NAME,
    IN_AUTHOR_CLASS,
    CREATED,
    TIME,
    ENTITY_TYPE,
    ENTITY_ID,
    ENTITY_PATH,
    IN_ENTITY_PATH,
    TARGET_TYPE,
    IN_TARGET_TYPE,
    TARGET_ID,
    IN_TARGET_ID,
    TARGET,
    IN_TARGET,
    IP,
    IN_IP,
    META_IP,
    META_USER,
    CORRELATION,
    MESSAGE,
    PROTOCOL,
    GIT_ACTION,
    IN_MESSAGE,
    IN_PROTOCOL,
    IN_GIT_ACTION,
    CHANGE,
    IN_CHANGE,
    FROM,
    IN_FROM,
    TO,
    IN_TO,
    WITH,
    IN_WITH,
    AS,
    IN_AS,
    ADD,
    IN_ADD,
    REMOVE,
    IN_REMOVE,
};

static const char *const paths[] = {
    [ID] = "/id",
    [EVENT_TYPE] = "/event_type",
    [AUTHOR_ID] = "/author_id",
    [AUTHOR_NAME] = "/author_name",
    [IN_AUTHOR_NAME] = "/details/author_name",
    [IN_AUTHOR_CLASS] = "/details/author_class",
    [CREATED] = "/created_at",
    [TIME] = "/time",
    [ENTITY_TYPE] = "/entity_type",
    [ENTITY_ID] = "/entity_id",
    [ENTITY_PATH] = "/entity_path",
    [IN_ENTITY_PATH] = "/details/entity_path",
    [TARGET_TYPE] = "/target_type",
    [IN_TARGET_TYPE] = "/details/target_type",
    [TARGET_ID] = "/target_id",
    [IN_TARGET_ID] = "/details/target_id",
    [TARGET] = "/target_details",
    [IN_TARGET] = "/details/target_details",
    [IP] = "/ip_address",
    [IN_IP] = "/details/ip_address",
    [META_IP] = "/meta.remote_ip",
    [META_USER] = "/meta.user",
    [CORRELATION] = "/correlation_id",
    [MESSAGE] = "/custom_message",
    [PROTOCOL] = "/custom_message/protocol",
    [GIT_ACTION] = "/custom_message/action",
    [IN_MESSAGE] = "/details/custom_message",
    [IN_PROTOCOL] = "/details/custom_message/protocol",
    [IN_GIT_ACTION] = "/details/custom_message/action",
    [CHANGE] = "/change",
    [IN_CHANGE] = "/details/change",
    [FROM] = "/from",
    [IN_FROM] = "/details/from",
    [TO] = "/to",
    [IN_TO] = "/details/to",
    [WITH] = "/with",
    [IN_WITH] = "/details/with",
    [AS] = "/as",
    [IN_AS] = "/details/as",
    [ADD] = "/add",
    [IN_ADD] = "/details/add",
    [REMOVE] = "/remove",
    [IN_REMOVE] = "/details/remove",
};

struct entry {
    const struct field *f;
    struct arena *a;
    str entity, target, target_type, message; /* message: the free words, when they are words */
    str change, from, to, add, remove, as;
};

/* The member of `details`, else the one outside. */
static str text(const struct entry *e, enum path inside, enum path outside)
{
    return str_or(field_text(e->f[inside], e->a), field_text(e->f[outside], e->a));
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return tree_has(doc, "entity_type") && tree_has(doc, "author_id") &&
                   (json_is_object(json_member(doc, "details")) || tree_has(doc, "target_type"))
               ? 92
               : 0;
}

/* --- what it is called ------------------------------------------------------------------------ */

/* "email address" -> "email_address" */
static str word_of(str words, struct arena *a)
{
    char *z = str_z(a, str_lower(a, words));

    for (char *p = z; *p; p++)
        if (*p == ' ')
            *p = '_';
    return str_from(z);
}

static str action_of(const struct entry *e)
{
    str type = field_text(e->f[EVENT_TYPE], e->a);

    if (!str_empty(type))
        return type;
    if (!str_empty(e->change))
        return str_join(e->a, STR("change"), STR("_"), word_of(e->change, e->a));
    if (!str_empty(e->add))
        return str_join(e->a, STR("add"), STR("_"), word_of(e->add, e->a));
    if (!str_empty(e->remove))
        return str_join(e->a, STR("remove"), STR("_"), word_of(e->remove, e->a));
    if (!str_empty(text(e, IN_WITH, WITH)))
        return STR("sign_in");
    return STR("audit_operation"); /* GitLab's own name for what has no other */
}

/* First row that fits wins. `words` are looked for in the message. */
static const struct {
    const char *action, *words;
    enum verb verb;
} verbs[] = {
    {"*", "Failed to login*", VERB_LOGIN},
    {"*failed_login*", NULL, VERB_LOGIN},
    {"*login_failed*", NULL, VERB_LOGIN},
    {"*authenticated_with*", NULL, VERB_LOGIN},
    {"*", "Signed in *", VERB_LOGIN},
    {"sign_in", NULL, VERB_LOGIN},
    {"*", "Approved merge request*", VERB_APPROVE},
    {"*merge_request_approv*", NULL, VERB_APPROVE},
    {"repository_git_operation", "*git-upload-pack", VERB_READ},
    {"repository_git_operation", "*git-receive-pack", VERB_UPDATE},
    {"*", "Repository Download*", VERB_EXPORT},
    {"*export*", NULL, VERB_EXPORT},
    {"*download*", NULL, VERB_EXPORT},
    {"add_user_access", NULL, VERB_GRANT},
    {"change_access_level", NULL, VERB_GRANT},
    {"remove_user_access", NULL, VERB_REVOKE},
    {"member_created", NULL, VERB_GRANT},
    {"member_updated", NULL, VERB_GRANT},
    {"member_destroyed", NULL, VERB_REVOKE},
    {"*_link_create*", NULL, VERB_GRANT},
    {"*_link_update*", NULL, VERB_GRANT},
    {"*_link_delete*", NULL, VERB_REVOKE},
    {"*_link_destroy*", NULL, VERB_REVOKE},
    {"*audit_events_streaming*", NULL, VERB_CONFIG},
    {"*protected_branch*", NULL, VERB_CONFIG},
    {"*approval_rule*", NULL, VERB_CONFIG},
    {"*push_rule*", NULL, VERB_CONFIG},
    {"*_setting*", NULL, VERB_CONFIG},
    {"add_*", NULL, VERB_CREATE},
    {"remove_*", NULL, VERB_DELETE},
    {"change_*", NULL, VERB_UPDATE},
    {"*revoke*", NULL, VERB_REVOKE},
    {"*create*", NULL, VERB_CREATE},
    {"*destroy*", NULL, VERB_DELETE},
    {"*delete*", NULL, VERB_DELETE},
    {"*remove*", NULL, VERB_DELETE},
    {"*update*", NULL, VERB_UPDATE},
    {"*change*", NULL, VERB_UPDATE},
    {"*archive*", NULL, VERB_UPDATE},
    {"*", "Added *", VERB_CREATE},
    {"*", "Created *", VERB_CREATE},
    {"*", "Removed *", VERB_DELETE},
    {"*", "Deleted *", VERB_DELETE},
    {"*", "Changed *", VERB_UPDATE},
    {"*", "Updated *", VERB_UPDATE},
    {"*", "* archived", VERB_UPDATE},
    {"*", "* unarchived", VERB_UPDATE},
};

static enum verb verb_of(str action, str message)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_glob_nocase(str_from(verbs[i].action), action) &&
            (!verbs[i].words || str_glob_nocase(str_from(verbs[i].words), message)))
            return verbs[i].verb;
    return VERB_UNKNOWN;
}

static bool is_failed_login(str action, str message)
{
    return str_starts_nocase(message, STR("Failed to login")) ||
           str_contains(action, STR("failed_login")) || str_contains(action, STR("login_failed"));
}

/* --- who, and what it was about --------------------------------------------------------------- */

/* Negative numbers are no users: -1 nobody signed in, -2 a deploy token, -3 a deploy key. */
static void set_actor(const struct entry *e, struct event *ev)
{
    str class = field_text(e->f[IN_AUTHOR_CLASS], e->a);

    ev->actor = text(e, IN_AUTHOR_NAME, AUTHOR_NAME);
    ev->actor_id = field_text(e->f[AUTHOR_ID], e->a);
    ev->session = field_text(e->f[META_USER], e->a);
    if (str_eq(ev->actor_id, STR("-1")) || str_contains(class, STR("Unauthenticated")))
        ev->actor_type = ACTOR_ANONYMOUS;
    else if (str_starts(ev->actor_id, STR("-")) || str_starts(class, STR("Deploy")) ||
             str_contains(class, STR("CiRunner")))
        ev->actor_type = ACTOR_SERVICE;
    else if (str_empty(class) || str_eq(class, STR("User")))
        ev->actor_type = ACTOR_HUMAN;
}

/* Who may do what from now on, when the details say all of it. */
static void set_grant(const struct entry *e, struct event *ev)
{
    bool is_removal = str_eq(e->remove, STR("user_access"));
    bool is_add = str_eq(e->add, STR("user_access"));
    struct grant *g;

    if (!is_removal && !is_add && !str_eq(e->change, STR("access_level")))
        return;
    g = arena_new(e->a, struct grant, 1);
    g->is_removal = is_removal;
    g->grantee = e->target;
    g->grantee_type = str_eq(e->target_type, STR("User"))    ? STR("human")
                      : str_eq(e->target_type, STR("Group")) ? STR("group")
                                                             : STR("unknown");
    g->permission = is_add ? e->as : is_removal ? str_or(e->from, STR("access")) : e->to;
    g->permission = str_or(g->permission, STR("access"));
    g->scope = e->entity;
    g->is_admin = str_eq(g->permission, STR("Owner"));
    ev->grants = g;
}

static str detail_of(const struct entry *e)
{
    struct arena *a = e->a;

    if (!str_empty(e->change) && !str_empty(e->to))
        return str_empty(e->from) ? str_print(a, "%.*s to %.*s", STR_FMT(e->change), STR_FMT(e->to))
                                  : str_print(a, "%.*s from %.*s to %.*s", STR_FMT(e->change),
                                              STR_FMT(e->from), STR_FMT(e->to));
    if (!str_empty(e->add) && !str_empty(e->as))
        return str_print(a, "%.*s as %.*s", STR_FMT(e->add), STR_FMT(e->as));
    return e->message;
}

static void read_entry(struct entry *e)
{
    str git = text(e, IN_GIT_ACTION, GIT_ACTION), protocol = text(e, IN_PROTOCOL, PROTOCOL);

    e->entity = text(e, IN_ENTITY_PATH, ENTITY_PATH);
    e->target = text(e, IN_TARGET, TARGET);
    e->target_type = text(e, IN_TARGET_TYPE, TARGET_TYPE);
    e->message = str_or(text(e, IN_MESSAGE, MESSAGE), str_join(e->a, protocol, STR(" "), git));
    e->change = text(e, IN_CHANGE, CHANGE);
    e->from = text(e, IN_FROM, FROM);
    e->to = text(e, IN_TO, TO);
    e->add = text(e, IN_ADD, ADD);
    e->remove = text(e, IN_REMOVE, REMOVE);
    e->as = text(e, IN_AS, AS);
}

/* An id is unique among the events of projects, of groups, of users, not over all of them. */
static str dedupe_of(const struct entry *e, str id)
{
    str type = field_text(e->f[ENTITY_TYPE], e->a);

    return str_empty(id) ? STR_NONE : str_join(e->a, type, STR(" "), id);
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct entry e = {.f = rec->fields, .a = m->arena};
    struct event ev = event_new();
    str type = field_text(e.f[ENTITY_TYPE], e.a);

    if (str_empty(type) || str_empty(field_text(e.f[AUTHOR_ID], e.a)))
        return MAP_FOREIGN;
    if (!event_set_time(&ev, str_or(field_text(e.f[CREATED], e.a), field_text(e.f[TIME], e.a)))) {
        m->why = "'created_at' is missing or not a time";
        return MAP_REJECT;
    }
    read_entry(&e);
    set_actor(&e, &ev);
    ev.service = STR("gitlab");
    ev.action = action_of(&e);
    ev.verb = verb_of(ev.action, e.message);
    ev.resource = str_or(e.target, text(&e, IN_TARGET_ID, TARGET_ID));
    ev.resource_type = e.target_type;
    ev.account = e.entity;
    if (str_eq(type, STR("Project")))
        ev.place = e.entity;
    if (!str_eq(e.entity, ev.resource))
        event_add_resource(&ev, e.entity, type, e.a);
    ev.source_ip = str_or(text(&e, IN_IP, IP), field_text(e.f[META_IP], e.a));
    ev.request = field_text(e.f[CORRELATION], e.a);
    ev.native_id = field_text(e.f[ID], e.a);
    ev.dedupe = dedupe_of(&e, ev.native_id);
    ev.detail = detail_of(&e);
    ev.outcome = OUTCOME_SUCCESS;
    if (is_failed_login(ev.action, e.message)) {
        ev.outcome = OUTCOME_FAILURE;
        ev.error_text = e.message;
    }
    set_grant(&e, &ev);
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_gitlab_audit = {
    .name = "gitlab-audit",
    .title = "GitLab audit events",
    .reads = "answers of /audit_events (instance, groups, projects), streamed events, "
             "audit_json.log",
    .shape = SHAPE_JSON,
    /* Approvals name a merge request by its title only: no decision can be joined to one. */
    .gives = GIVES_PLATFORM_AUDIT,
    .is_continuous = true,
    .paths = paths,
    .npaths = sizeof(paths) / sizeof(paths[0]),
    .probe = probe,
    .map = map,
};
