/*
 * azure-activity: Azure's activity log: what the resource manager was asked to do, and what the
 * platform says by itself (health, alerts, policy evaluations).
 *
 * Format: ../shared/formats-cloud.md 8.1 to 8.3. Read here: diagnostic settings (storage, event
 * hub), `az monitor activity-log list`, REST pages, the Python SDK's snake case, rows of Log
 * Analytics.
 *
 * What exports get wrong: names in capitals (the authorization holds them as they are); a trailing
 * dot behind the result; properties and messages as JSON in a string, sometimes twice; addresses
 * with ports. One operation gives Start, any number of Accept, and an end: folded into one event
 * under correlation, operation and resource. Without an end it is pending.
 */
#include "azure.h"
#include "tree.h"

struct activity {
    const json_t *tree;
    json_t *properties, *claims, *authorization; /* owned */
    struct arena *arena;
    str operation, category, status, substatus, resource;
};

static int probe(const struct record *rec, const json_t *tree)
{
    (void)rec;
    return azure_kind_of(tree) == AZURE_ACTIVITY ? 90 : 0;
}

static str text_of(const struct activity *act, const char *camel)
{
    return azure_text(act->tree, camel, act->arena);
}

static str either(const struct activity *act, const char *camel, const char *other)
{
    str s = text_of(act, camel);

    return str_empty(s) ? text_of(act, other) : s;
}

static void activity_open(struct activity *act)
{
    const json_t *identity = json_member(act->tree, "identity");
    const json_t *from = json_is_object(identity) ? identity : act->tree;

    act->claims = azure_opened(azure_member(from, "claims"));
    act->authorization = azure_opened(azure_member(from, "authorization"));
    act->properties = azure_opened(azure_member(act->tree, "properties"));
    act->operation = either(act, "operationName", "operationNameValue");
    act->category = either(act, "category", "categoryValue");
    act->resource = either(act, "resourceId", "_ResourceId");
    act->status = text_of(act, "resultType");
    if (str_empty(act->status))
        act->status = either(act, "status", "activityStatusValue");
    act->substatus = text_of(act, "resultSignature");
    if (str_empty(act->substatus))
        act->substatus = either(act, "subStatus", "activitySubstatusValue");
}

static void activity_close(struct activity *act)
{
    json_decref(act->properties);
    json_decref(act->claims);
    json_decref(act->authorization);
}

/* --- what ------------------------------------------------------------------------------------- */

/* Only these are acts of somebody; the last three are how old exports said Administrative. */
static bool is_act(str category)
{
    return str_eq_nocase(category, STR("Administrative")) ||
           str_eq_nocase(category, STR("Write")) || str_eq_nocase(category, STR("Delete")) ||
           str_eq_nocase(category, STR("Action"));
}

/* MICROSOFT.WEB/SITES/CONFIG/WRITE: where two writings are told apart by case only, the one of the
 * authorization is as Azure's documentation has it. */
static str better_spelled(str written, const json_t *authorization, const char *key,
                          struct arena *a)
{
    str other = azure_text(authorization, key, a);

    return str_eq_nocase(written, other) ? other : written;
}

static enum verb verb_of_action(str word, str kind)
{
    static const struct {
        const char *beginning;
        enum verb verb;
    } words[] = {
        {"list", VERB_READ},     {"get", VERB_READ},
        {"check", VERB_READ},    {"validate", VERB_READ},
        {"whatIf", VERB_PLAN},   {"elevateAccess", VERB_GRANT},
        {"export", VERB_EXPORT}, {"beginGetAccess", VERB_EXPORT},
    };

    if (str_eq_nocase(kind, STR("elevateAccess")))
        return VERB_GRANT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts_nocase(word, str_from(words[i].beginning)))
            return words[i].verb;
    return VERB_EXECUTE;
}

/* Provider/type/…/write: creating and altering are one word in Azure. */
static enum verb verb_of(str operation)
{
    size_t last = str_find_last(operation, '/');
    str word = last == SIZE_MAX ? operation : str_part(operation, last + 1, operation.len);
    str rest = last == SIZE_MAX ? STR_NONE : str_part(operation, 0, last), kind;
    size_t before = str_find_last(rest, '/');
    bool is_assignment, is_removal = str_eq_nocase(word, STR("delete"));

    kind = before == SIZE_MAX ? rest : str_part(rest, before + 1, rest.len);
    is_assignment = str_eq_nocase(kind, STR("roleAssignments")) ||
                    str_eq_nocase(kind, STR("sqlRoleAssignments")) ||
                    str_eq_nocase(kind, STR("classicAdministrators"));
    if (str_eq_nocase(word, STR("read")))
        return VERB_READ;
    if (str_eq_nocase(word, STR("action")))
        return verb_of_action(kind, kind);
    if (!is_removal && !str_eq_nocase(word, STR("write")))
        return VERB_UNKNOWN;
    if (is_assignment)
        return is_removal ? VERB_REVOKE : VERB_GRANT;
    if (str_eq_nocase(kind, STR("diagnosticSettings")))
        return VERB_CONFIG;
    return is_removal ? VERB_DELETE : VERB_UPDATE;
}

static void map_what(const struct activity *act, struct event *ev)
{
    size_t first, last;

    ev->action = better_spelled(act->operation, act->authorization, "action", act->arena);
    ev->resource = better_spelled(act->resource, act->authorization, "scope", act->arena);
    first = str_find_char(ev->action, '/');
    last = str_find_last(ev->action, '/');
    ev->service = str_part(ev->action, 0, first == SIZE_MAX ? ev->action.len : first);
    ev->resource_type = text_of(act, "resourceType");
    if (str_empty(ev->resource_type) && last != SIZE_MAX)
        ev->resource_type = str_part(ev->action, 0, last);
    if (is_act(act->category))
        ev->verb = verb_of(ev->action);
}

/* --- how it ended ----------------------------------------------------------------------------- */

static bool is_status(str status, const char *a, const char *b)
{
    return str_eq_nocase(status, str_from(a)) || str_eq_nocase(status, str_from(b));
}

/* {"error":{"code":…,"message":…}}, also without the outer object. */
static void map_message(const struct activity *act, struct event *ev)
{
    json_t *message = azure_opened(azure_member(act->properties, "statusMessage"));
    const json_t *error = json_member(message, "error");

    error = error ? error : message;
    ev->error = str_or(azure_text(error, "code", act->arena), ev->error);
    ev->error_text =
        str_or(azure_text(error, "message", act->arena),
               message ? STR_NONE : azure_text(act->properties, "statusMessage", act->arena));
    json_decref(message);
}

/* "Succeeded." and "Failed.NotFound": the word, and the reason behind the dot. */
static void map_outcome(const struct activity *act, struct event *ev)
{
    str reason = act->substatus, status = act->status;
    str code = azure_text(act->properties, "statusCode", act->arena);

    status = str_cut(&status, '.');
    if (str_find_char(reason, '.') != SIZE_MAX)
        (void)str_cut(&reason, '.');
    if (is_status(status, "Start", "Started") || is_status(status, "Accept", "Accepted"))
        ev->outcome = is_act(act->category) ? OUTCOME_PENDING : OUTCOME_UNKNOWN;
    else if (is_status(status, "Success", "Succeeded"))
        ev->outcome = OUTCOME_SUCCESS;
    else if (is_status(status, "Failure", "Failed") || is_status(status, "Canceled", "Cancelled"))
        ev->outcome = OUTCOME_FAILURE;
    if (ev->outcome != OUTCOME_FAILURE)
        return;
    ev->error = str_or(reason, str_or(code, status));
    map_message(act, ev);
    if (azure_is_denial(ev->error) || azure_is_denial(code) || azure_is_denial(reason))
        ev->outcome = OUTCOME_DENIED;
    else if (is_status(code, "TooManyRequests", "429"))
        ev->outcome = OUTCOME_THROTTLED;
}

/* --- what it belongs to ----------------------------------------------------------------------- */

/* A deployment's operations share its correlation, so operation and resource count too. */
static void map_fold(const struct activity *act, struct event *ev, str time)
{
    struct arena *a = act->arena;
    str status = act->status, key;

    ev->request = text_of(act, "correlationId");
    ev->native_id = text_of(act, "eventDataId");
    key = str_print(a, "%.*s %.*s %.*s", STR_FMT(ev->request), STR_FMT(act->operation),
                    STR_FMT(act->resource));
    ev->dedupe = str_or(ev->native_id, str_print(a, "%.*s %.*s %.*s", STR_FMT(key), STR_FMT(time),
                                                 STR_FMT(status)));
    if (str_empty(ev->request) || !is_act(act->category))
        return;
    status = str_cut(&status, '.');
    ev->fold.key = str_lower(a, key);
    ev->fold.part = is_status(status, "Start", "Started") ? 0
                    : ev->outcome == OUTCOME_PENDING      ? 1
                    : ev->outcome == OUTCOME_UNKNOWN      ? 1
                                                          : 2;
}

static void map_from(const struct activity *act, struct event *ev)
{
    const json_t *http = azure_member(act->tree, "httpRequest");
    str address = text_of(act, "callerIpAddress");

    if (str_empty(address))
        address = azure_text(http, "clientIpAddress", act->arena);
    if (str_empty(address))
        address = azure_text(act->claims, "ipaddr", act->arena);
    ev->source_ip = azure_address(address);
}

static void map_actor(const struct activity *act, struct event *ev)
{
    azure_identity(act->claims, text_of(act, "caller"), ev, act->arena);
    if (!is_act(act->category)) {
        ev->channel = CHANNEL_PROVIDER;
        if (str_empty(ev->actor))
            ev->actor_type = ACTOR_PROVIDER;
    }
    if (ev->actor_type == ACTOR_UNKNOWN && !str_empty(ev->actor))
        ev->actor_type = ACTOR_SERVICE; /* an object id and nothing else */
}

static const char *map_activity(const struct activity *act, struct event *ev)
{
    str time = text_of(act, "time");

    if (str_empty(time))
        time = either(act, "eventTimestamp", "timeGenerated");
    if (str_empty(time))
        return "the time of the event is missing";
    if (!event_set_time(ev, time) || !ev->time.is_set)
        return "the time of the event cannot be read";
    if (str_empty(act->operation))
        return "operationName is missing";
    map_what(act, ev);
    map_outcome(act, ev);
    map_actor(act, ev);
    map_from(act, ev);
    azure_place(ev->resource, ev, act->arena);
    if (str_empty(ev->account))
        ev->account = str_lower(act->arena, text_of(act, "subscriptionId"));
    map_fold(act, ev, time);
    if (verb_is_write(ev->verb))
        azure_activity_facts(act->properties, ev->action, ev, act->arena);
    return NULL;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    json_t *tree = tree_open(rec, m);
    struct activity act = {.tree = tree, .arena = m->arena};
    enum map_result result = MAP_REJECT;

    if (!tree)
        return MAP_REJECT;
    if (azure_kind_of(tree) != AZURE_ACTIVITY) {
        result = MAP_FOREIGN;
    } else {
        activity_open(&act);
        m->why = map_activity(&act, &ev);
        if (!m->why) {
            m->emit(m, &ev);
            result = MAP_DONE;
        }
        activity_close(&act);
    }
    json_decref(tree);
    return result;
}

const struct source source_azure_activity = {
    .name = "azure-activity",
    .title = "Azure activity log",
    .reads = "diagnostic settings to storage or an event hub, az monitor activity-log list, REST "
             "pages, the Python SDK's objects, rows of Log Analytics",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
