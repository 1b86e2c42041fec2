/*
 * kubernetes-audit: the audit log of a Kubernetes API server.
 *
 * Format: ../shared/formats-cloud.md 11. Read here: audit.log as JSON lines, EventList documents of
 * a webhook, events that a forwarder put into {"event":…} or "message", and AKS's kube-audit, where
 * the event is JSON in a string of an Azure resource log (it then tells the cluster and the
 * subscription). GKE's events are entries of Google's audit log: gcp_audit.c.
 *
 * What logs get wrong: kind and apiVersion may be missing; one request gives up to three events,
 * one per stage, which are folded under the auditID; a created object has no name in objectRef.
 *
 * Who acted: `user` is who authenticated. When a service account impersonates a person it is a
 * login proxy, and the person is the one who acted; when a person impersonates (kubectl --as), the
 * person stays the actor and what they acted as stands in `via`.
 */
#include "kubernetes.h"
#include "tree.h"

/* X(slot, path) */
#define K8S_FIELDS(X)                                                                              \
    X(K8S_ID, "/auditID")                                                                          \
    X(K8S_STAGE, "/stage")                                                                         \
    X(K8S_VERB, "/verb")                                                                           \
    X(K8S_URI, "/requestURI")                                                                      \
    X(K8S_USER, "/user/username")                                                                  \
    X(K8S_UID, "/user/uid")                                                                        \
    X(K8S_ARN, "/user/extra/arn/0")                                                                \
    X(K8S_SESSION, "/user/extra/sessionName/0")                                                    \
    X(K8S_KEY, "/user/extra/accessKeyId/0")                                                        \
    X(K8S_CREDENTIAL, "/user/extra/authentication.kubernetes.io~1credential-id/0")                 \
    X(K8S_AS, "/impersonatedUser/username")                                                        \
    X(K8S_IP, "/sourceIPs/0")                                                                      \
    X(K8S_AGENT, "/userAgent")                                                                     \
    X(K8S_RESOURCE, "/objectRef/resource")                                                         \
    X(K8S_NAMESPACE, "/objectRef/namespace")                                                       \
    X(K8S_NAME, "/objectRef/name")                                                                 \
    X(K8S_GROUP, "/objectRef/apiGroup")                                                            \
    X(K8S_SUB, "/objectRef/subresource")                                                           \
    X(K8S_CODE, "/responseStatus/code")                                                            \
    X(K8S_REASON, "/responseStatus/reason")                                                        \
    X(K8S_MESSAGE, "/responseStatus/message")                                                      \
    X(K8S_RECEIVED, "/requestReceivedTimestamp")                                                   \
    X(K8S_STAGE_TIME, "/stageTimestamp")                                                           \
    X(K8S_TIMESTAMP, "/timestamp")                                                                 \
    X(K8S_DECISION, "/annotations/authorization.k8s.io~1decision")                                 \
    X(K8S_REQUEST, "/requestObject")                                                               \
    X(K8S_RESPONSE, "/responseObject")                                                             \
    X(K8S_MADE, "/responseObject/metadata/name")                                                   \
    /* envelopes */                                                                                \
    X(K8S_EVENT, "/event")                                                                         \
    X(K8S_SHIPPED, "/message")                                                                     \
    X(K8S_PROPERTIES, "/properties")                                                               \
    X(K8S_LOG, "/properties/log")                                                                  \
    X(K8S_INNER_LOG, "/log")                                                                       \
    X(K8S_CLUSTER, "/resourceId")

#define K8S_SLOT(slot, path) slot,
enum k8s_slot { K8S_FIELDS(K8S_SLOT) K8S_FIELD_COUNT };
#undef K8S_SLOT
#define K8S_PATH(slot, path) path,
static const char *const paths[] = {K8S_FIELDS(K8S_PATH)};
#undef K8S_PATH

extern const struct source source_kubernetes_audit;

struct k8s_event {
    const struct field *f; /* by enum k8s_slot */
    struct arena *arena;
    str verb, resource, subresource, name, space;
};

static str text_of(const struct k8s_event *k, enum k8s_slot slot)
{
    return field_text(k->f[slot], k->arena);
}

/* --- recognising ------------------------------------------------------------------------------ */

static bool is_event(const json_t *tree)
{
    return json_is_string(json_member(tree, "auditID")) &&
           json_is_string(json_member(tree, "verb")) &&
           (json_member(tree, "user") || json_member(tree, "stage"));
}

static bool carries_event(const json_t *text)
{
    return json_is_string(text) && strstr(json_string_value(text), "auditID\"") &&
           strstr(json_string_value(text), "verb\"");
}

static int probe(const struct record *rec, const json_t *tree)
{
    const json_t *properties = json_member(tree, "properties");

    (void)rec;
    if (is_event(tree) || is_event(json_member(tree, "event")))
        return 95;
    if (json_member(tree, "resourceId") && json_member(tree, "category") &&
        (carries_event(json_member(properties, "log")) || carries_event(properties)))
        return 95;
    return carries_event(json_member(tree, "message")) ? 60 : 0;
}

/* --- who -------------------------------------------------------------------------------------- */

static enum actor_type type_of(str username)
{
    enum actor_type type = kubernetes_actor_type(username);

    if (type != ACTOR_UNKNOWN || str_empty(username))
        return type;
    /* Controllers of managed clusters go by plain names. */
    if (str_starts(username, STR("eks:")) || str_eq(username, STR("aksService")) ||
        str_eq(username, STR("nodeclient")))
        return ACTOR_PROVIDER;
    return ACTOR_HUMAN;
}

static void map_actor(const struct k8s_event *k, struct event *ev)
{
    str user = text_of(k, K8S_USER), as = text_of(k, K8S_AS);
    bool is_proxy = kubernetes_actor_type(user) == ACTOR_SERVICE && !str_empty(as) &&
                    kubernetes_actor_type(as) == ACTOR_UNKNOWN;

    ev->actor = is_proxy ? as : user;
    ev->actor_id = is_proxy ? STR_NONE : text_of(k, K8S_UID);
    ev->actor_type = type_of(ev->actor);
    ev->via = str_join(k->arena, text_of(k, K8S_ARN), STR(" > "), is_proxy ? user : as);
    ev->session = text_of(k, K8S_SESSION);
    ev->credential = str_or(text_of(k, K8S_KEY), text_of(k, K8S_CREDENTIAL));
}

/* --- what ------------------------------------------------------------------------------------- */

static bool is_binding(str resource)
{
    return str_eq(resource, STR("rolebindings")) || str_eq(resource, STR("clusterrolebindings"));
}

static bool is_role(str resource)
{
    return str_eq(resource, STR("roles")) || str_eq(resource, STR("clusterroles"));
}

static enum verb plain_verb(str verb)
{
    static const struct {
        const char *word;
        enum verb verb;
    } words[] = {
        {"get", VERB_READ},
        {"watch", VERB_READ},
        {"head", VERB_READ},
        {"list", VERB_LIST},
        {"create", VERB_CREATE},
        {"post", VERB_CREATE},
        {"update", VERB_UPDATE},
        {"put", VERB_UPDATE},
        {"patch", VERB_UPDATE},
        {"delete", VERB_DELETE},
        {"deletecollection", VERB_DELETE},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(verb, str_from(words[i].word)))
            return words[i].verb;
    return VERB_UNKNOWN;
}

static enum verb verb_of(const struct k8s_event *k)
{
    enum verb verb = plain_verb(k->verb);

    if (kubernetes_is_entry(k->subresource))
        return VERB_EXECUTE;
    if (kubernetes_is_review(k->resource))
        return VERB_READ;
    if (!verb_is_write(verb))
        return verb;
    if (str_eq(k->subresource, STR("proxy")) || str_eq(k->subresource, STR("eviction")))
        return VERB_EXECUTE;
    /* aws-auth says which AWS identities may enter an EKS cluster, and as what. */
    if (is_binding(k->resource) ||
        (str_eq(k->resource, STR("configmaps")) && str_eq(k->name, STR("aws-auth"))))
        return verb == VERB_DELETE ? VERB_REVOKE : VERB_GRANT;
    return verb;
}

/* default/pods/web-1/exec; clusterroles/admin; /healthz */
static void map_resource(const struct k8s_event *k, struct event *ev)
{
    struct arena *a = k->arena;
    str made = text_of(k, K8S_MADE), uri = text_of(k, K8S_URI), kind;

    if (str_empty(k->resource)) {
        ev->resource = str_part(uri, 0, str_find_char(uri, '?'));
        ev->action = k->verb;
        return;
    }
    kind = str_join(a, k->resource, STR("/"), k->subresource);
    ev->action = str_join(a, k->verb, STR(" "), kind);
    ev->resource = str_join(a, str_join(a, k->space, STR("/"), k->resource), STR("/"), k->name);
    if (str_empty(k->name) && !str_empty(made) && ev->verb == VERB_CREATE)
        event_add_resource(ev, str_join(a, ev->resource, STR("/"), made), k->resource, a);
    ev->resource = str_join(a, ev->resource, STR("/"), k->subresource);
    ev->resource_type = k->resource;
}

/* --- how it ended ----------------------------------------------------------------------------- */

static void map_outcome(const struct k8s_event *k, struct event *ev, str stage)
{
    uint64_t code = 0;

    if (k->f[K8S_CODE].kind == FIELD_NUMBER)
        (void)str_to_u64(k->f[K8S_CODE].raw, &code);
    if (code == 401 || code == 403 || str_eq(text_of(k, K8S_DECISION), STR("forbid")))
        ev->outcome = OUTCOME_DENIED;
    else if (code == 429)
        ev->outcome = OUTCOME_THROTTLED;
    else if (code >= 400 || str_eq(stage, STR("Panic")))
        ev->outcome = OUTCOME_FAILURE;
    else if (code)
        ev->outcome = OUTCOME_SUCCESS;
    else if (str_eq(stage, STR("RequestReceived")))
        ev->outcome = OUTCOME_PENDING;
    if (code < 400)
        return;
    ev->error = str_join(k->arena, text_of(k, K8S_CODE), STR(" "), text_of(k, K8S_REASON));
    ev->error_text = text_of(k, K8S_MESSAGE);
}

/* Later stages know more; of the last two only one comes. */
static void map_fold(struct event *ev, str stage, struct arena *a)
{
    ev->dedupe = str_join(a, ev->native_id, STR(" "), stage);
    ev->fold.key = ev->native_id;
    ev->fold.part = str_eq(stage, STR("RequestReceived"))   ? 0
                    : str_eq(stage, STR("ResponseStarted")) ? 1
                                                            : 2;
}

/* --- facts of a write ------------------------------------------------------------------------- */

static json_t *parse(struct field f)
{
    struct err err = {0};

    return f.kind == FIELD_OBJECT ? json_parse(f.raw, &err) : NULL;
}

/* The whole object stands in the answer; the request of a patch holds only what is to change. */
static void map_grants(const struct k8s_event *k, struct event *ev)
{
    str scope = str_or(k->space, STR("cluster"));
    bool is_removal = ev->verb == VERB_REVOKE;
    json_t *tree;

    if (!is_binding(k->resource) && !is_role(k->resource))
        return;
    tree = parse(k->f[K8S_RESPONSE]);
    if (!json_member(tree, is_binding(k->resource) ? "subjects" : "rules")) {
        json_decref(tree);
        tree = parse(k->f[K8S_REQUEST]);
    }
    if (is_binding(k->resource))
        kubernetes_binding(tree, scope, is_removal, k->arena, &ev->grants, &ev->detail);
    else if (!is_removal && ev->verb != VERB_DELETE)
        kubernetes_role(tree, scope, k->arena, &ev->grants, &ev->detail);
    json_decref(tree);
}

/* …/exec?command=bash&container=web: the program only; what it was told may be secret. */
static void tell_entry(const struct k8s_event *k, struct event *ev)
{
    const str key = STR("command=");
    str uri = text_of(k, K8S_URI), program;
    size_t at = str_find(uri, key);

    if (!kubernetes_is_entry(k->subresource))
        return;
    if (at == SIZE_MAX) {
        ev->detail = k->subresource;
        return;
    }
    program = str_part(uri, at + key.len, uri.len);
    program = str_cut(&program, '&');
    ev->detail = str_join(k->arena, k->subresource, STR(" "), program);
}

/* --- the event -------------------------------------------------------------------------------- */

static const char *map_time(const struct k8s_event *k, struct event *ev)
{
    str text = str_or(text_of(k, K8S_RECEIVED),
                      str_or(text_of(k, K8S_TIMESTAMP), text_of(k, K8S_STAGE_TIME)));

    if (str_empty(text))
        return "requestReceivedTimestamp is missing";
    return event_set_time(ev, text) && ev->time.is_set
               ? NULL
               : "requestReceivedTimestamp cannot be read as a time";
}

static const char *map_event(const struct field *f, struct mapper *m, struct event *ev)
{
    struct k8s_event k = {.f = f, .arena = m->arena};
    const char *why = map_time(&k, ev);
    str stage = text_of(&k, K8S_STAGE);

    if (why)
        return why;
    k.verb = text_of(&k, K8S_VERB);
    k.resource = text_of(&k, K8S_RESOURCE);
    k.subresource = text_of(&k, K8S_SUB);
    k.name = text_of(&k, K8S_NAME);
    k.space = text_of(&k, K8S_NAMESPACE);
    if (str_empty(k.verb))
        return "verb is missing";
    ev->native_id = text_of(&k, K8S_ID);
    map_fold(ev, stage, m->arena);
    map_actor(&k, ev);
    ev->service = str_or(text_of(&k, K8S_GROUP), STR("core"));
    ev->verb = verb_of(&k);
    map_resource(&k, ev);
    map_outcome(&k, ev, stage);
    ev->source_ip = text_of(&k, K8S_IP);
    ev->user_agent = text_of(&k, K8S_AGENT);
    ev->channel = channel_from_user_agent(ev->user_agent);
    if (ev->channel == CHANNEL_UNKNOWN && ev->actor_type == ACTOR_PROVIDER)
        ev->channel = CHANNEL_PROVIDER;
    tell_entry(&k, ev);
    if (verb_is_write(ev->verb))
        map_grants(&k, ev);
    return NULL;
}

/* /SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/…/MANAGEDCLUSTERS/NAME, compared without case by
 * Azure: written small. */
static void map_azure_place(str id, struct event *ev, struct arena *a)
{
    size_t last = str_find_last(id, '/');
    const str subscriptions = STR("/subscriptions/");
    str rest;

    if (!str_starts_nocase(id, subscriptions))
        return;
    rest = str_part(id, subscriptions.len, id.len);
    ev->account = str_lower(a, str_cut(&rest, '/'));
    ev->place = str_lower(a, str_part(id, last + 1, id.len));
}

/* The event that an envelope carries; absent for a plain one. */
static str carried(const struct field *f, struct arena *a)
{
    static const enum k8s_slot texts[] = {K8S_LOG, K8S_PROPERTIES, K8S_INNER_LOG, K8S_SHIPPED};

    if (f[K8S_ID].kind != FIELD_ABSENT)
        return STR_NONE;
    if (f[K8S_EVENT].kind == FIELD_OBJECT)
        return f[K8S_EVENT].raw;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (f[texts[i]].kind == FIELD_STRING)
            return str_trim(field_string(f[texts[i]], a));
    return STR_NONE;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    enum { DEEPEST = 3 }; /* properties as text, in them the log as text */
    const struct field *f = rec->fields;
    struct field inner[K8S_FIELD_COUNT];
    str text = carried(f, m->arena), cluster = field_text(f[K8S_CLUSTER], m->arena);
    struct event ev = event_new();

    for (int depth = 0; text.ptr && depth < DEEPEST; depth++) {
        struct err err = {0};

        if (!str_starts(text, STR("{")))
            return MAP_FOREIGN;
        if (!fields_read(source_fields(&source_kubernetes_audit), text, inner, &err)) {
            m->why = "the audit event inside the record is not valid JSON";
            return MAP_REJECT;
        }
        f = inner;
        text = carried(f, m->arena);
    }
    if (f[K8S_ID].kind == FIELD_ABSENT ||
        (f[K8S_USER].kind == FIELD_ABSENT && f[K8S_STAGE].kind == FIELD_ABSENT))
        return MAP_FOREIGN;
    map_azure_place(cluster, &ev, m->arena);
    m->why = map_event(f, m, &ev);
    if (m->why)
        return MAP_REJECT;
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_kubernetes_audit = {
    .name = "kubernetes-audit",
    .title = "Kubernetes audit log",
    .reads = "audit.log of an API server, EventList documents of its webhook, AKS's kube-audit, "
             "events in a forwarder's envelope",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT,
    .is_continuous = true,
    .paths = paths,
    .npaths = K8S_FIELD_COUNT,
    .probe = probe,
    .map = map,
};
