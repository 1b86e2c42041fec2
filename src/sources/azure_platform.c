/*
 * azure-platform: resource logs of any other service of Azure, as diagnostic settings write them.
 *
 * Format: ../shared/formats-cloud.md 8.5. Every service has its own categories and properties; what
 * they have in common is read here, and two are known better: the logs of storage (who read or
 * wrote which blob: state files among them) and Event Hubs' operations, which have other names for
 * everything. Kubernetes events of AKS are read by kubernetes_audit.c.
 */
#include "azure.h"
#include "tree.h"

struct entry {
    const json_t *tree;
    json_t *properties; /* owned */
    struct arena *arena;
    str category, resource;
};

static int probe(const struct record *rec, const json_t *tree)
{
    (void)rec;
    return azure_kind_of(tree) == AZURE_PLATFORM ? 60 : 0;
}

static str first_text(const json_t *object, const char *const *keys, struct arena *a)
{
    for (; *keys; keys++) {
        str s = azure_text(object, *keys, a);

        if (!str_empty(s))
            return s;
    }
    return STR_NONE;
}

static bool is_storage(const struct entry *e)
{
    return str_starts(e->category, STR("Storage")) &&
           str_contains_nocase(e->resource, STR("/MICROSOFT.STORAGE/"));
}

/* --- what ------------------------------------------------------------------------------------- */

static enum verb verb_of(const struct entry *e, str operation)
{
    static const struct {
        const char *end;
        enum verb verb;
    } ends[] = {
        {"/read", VERB_READ},
        {"/write", VERB_UPDATE},
        {"/delete", VERB_DELETE},
    };

    if (str_eq(e->category, STR("StorageRead")))
        return str_starts(operation, STR("List")) ? VERB_LIST : VERB_READ;
    if (str_eq(e->category, STR("StorageDelete")))
        return VERB_DELETE;
    if (str_eq(e->category, STR("StorageWrite")))
        return str_contains(operation, STR("ACL")) ? VERB_GRANT : VERB_UPDATE;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        str end = str_from(ends[i].end);

        if (operation.len > end.len &&
            str_eq_nocase(str_part(operation, operation.len - end.len, operation.len), end))
            return ends[i].verb;
    }
    return VERB_UNKNOWN; /* traffic, metrics, messages: nothing that is known to alter anything */
}

/* The blob or file: /account/container/path */
static void map_resource(const struct entry *e, struct event *ev)
{
    str object = azure_text(e->properties, "objectKey", e->arena);

    ev->resource = e->resource;
    ev->resource_type = e->category;
    if (!is_storage(e) || str_empty(object))
        return;
    ev->resource = object;
    ev->resource_type = STR("object");
    event_add_resource(ev, e->resource, STR("storage account"), e->arena);
}

/* --- who and how it ended --------------------------------------------------------------------- */

static void map_actor(const struct entry *e, struct event *ev)
{
    static const char *const agents[] = {"userAgentHeader", "userAgent", "clientInfo", NULL};
    static const char *const addresses[] = {"clientIP", "clientIp", "ipAddress", NULL};
    const json_t *identity = json_member(e->tree, "identity");
    const json_t *claims = tree_any_case(identity, "claims");
    const json_t *requester = tree_any_case(identity, "requester");
    struct arena *a = e->arena;
    str caller = azure_text(e->tree, "caller", a);

    if (!claims)
        claims = tree_any_case(identity, "claim");
    if (json_is_string(identity))
        caller = str_or(caller, azure_text(e->tree, "identity", a));
    azure_identity(claims, caller, ev, a);
    if (requester) {
        str upn = azure_text(requester, "upn", a), app = azure_text(requester, "appId", a);

        ev->actor = str_or(upn, app);
        ev->actor_id = azure_text(requester, "objectId", a);
        ev->actor_type = str_empty(upn) ? ACTOR_SERVICE : ACTOR_HUMAN;
    } else if (str_empty(ev->actor) && is_storage(e)) {
        ev->credential = azure_text(identity, "type", a); /* AccountKey, SAS, Anonymous */
        if (str_eq(ev->credential, STR("Anonymous")))
            ev->actor_type = ACTOR_ANONYMOUS;
    }
    ev->source_ip = azure_address(azure_text(e->tree, "callerIpAddress", a));
    if (str_empty(ev->source_ip))
        ev->source_ip = azure_address(first_text(e->properties, addresses, a));
    ev->user_agent = first_text(e->properties, agents, a);
    if (ev->channel == CHANNEL_UNKNOWN)
        ev->channel = channel_from_user_agent(ev->user_agent);
}

static void map_outcome(const struct entry *e, struct event *ev)
{
    static const char *const codes[] = {"statusCode", "httpStatusCode", "httpStatus",
                                        "responseStatusCode", NULL};
    struct arena *a = e->arena;
    str code = azure_text(e->tree, "statusCode", a);
    str word = azure_text(e->tree, "resultType", a);
    uint64_t status = 0;

    if (str_empty(code))
        code = first_text(e->properties, codes, a);
    if (str_empty(word))
        word = azure_text(e->tree, "status", a);
    if (str_to_u64(code, &status))
        ev->outcome = azure_outcome_of_status(status);
    else if (str_eq_nocase(word, STR("Success")) || str_eq_nocase(word, STR("Succeeded")))
        ev->outcome = OUTCOME_SUCCESS;
    else if (str_starts_nocase(word, STR("Fail")))
        ev->outcome = OUTCOME_FAILURE;
    if (ev->outcome == OUTCOME_SUCCESS || ev->outcome == OUTCOME_UNKNOWN)
        return;
    ev->error = str_or(azure_text(e->tree, "statusText", a), str_or(word, code));
    ev->error_text = azure_text(e->tree, "resultDescription", a);
    if (azure_is_denial(ev->error))
        ev->outcome = OUTCOME_DENIED;
}

/* --- the entry -------------------------------------------------------------------------------- */

static const char *map_entry(const struct entry *e, struct event *ev)
{
    static const char *const times[] = {"time", "EventTimeString", NULL};
    static const char *const names[] = {"operationName", "EventName", NULL};
    static const char *const requests[] = {"correlationId", "ActivityId", NULL};
    struct arena *a = e->arena;

    if (!event_set_time(ev, first_text(e->tree, times, a)) || !ev->time.is_set)
        return "the time of the event cannot be read";
    ev->action = first_text(e->tree, names, a);
    ev->service = e->category;
    ev->verb = verb_of(e, ev->action);
    map_resource(e, ev);
    map_actor(e, ev);
    map_outcome(e, ev);
    azure_place(e->resource, ev, a);
    ev->region = azure_text(e->tree, "Region", a);
    ev->request = first_text(e->tree, requests, a);
    return NULL;
}

static bool is_kubernetes_event(const struct entry *e)
{
    str log = azure_text(e->properties, "log", e->arena);

    return str_starts(e->category, STR("kube-audit")) && str_contains(log, STR("auditID\""));
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    json_t *tree = tree_open(rec, m);
    struct entry e = {.tree = tree, .arena = m->arena};
    enum map_result result = MAP_FOREIGN;

    if (!tree)
        return MAP_REJECT;
    e.properties = azure_opened(json_member(tree, "properties"));
    e.category = azure_text(tree, "category", m->arena);
    e.resource = azure_text(tree, "resourceId", m->arena);
    if (azure_kind_of(tree) == AZURE_PLATFORM && !is_kubernetes_event(&e)) {
        m->why = map_entry(&e, &ev);
        result = m->why ? MAP_REJECT : MAP_DONE;
        if (!m->why)
            m->emit(m, &ev);
    }
    json_decref(e.properties);
    json_decref(tree);
    return result;
}

const struct source source_azure_platform = {
    .name = "azure-platform",
    .title = "Azure resource logs",
    .reads = "diagnostic settings of other services: storage, event hubs, gateways and so on",
    .shape = SHAPE_JSON,
    .gives = GIVES_STATE_ACCESS,
    .is_continuous = false,
    .probe = probe,
    .map = map,
};
