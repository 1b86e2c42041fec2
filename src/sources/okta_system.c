/*
 * okta-system: Okta's system log: sign-ins, and the administration of people, groups, applications
 * and policies.
 *
 * Format: ../shared/formats-cloud.md 13. Read here: pages of the System Log API, log streams,
 * EventBridge envelopes (`detail`), event hooks (`data.events`). What exports get wrong: one
 * sign-in is several events, joined by the transaction; a target may be called "unknown"; a warning
 * about rate limits says SUCCESS and is nobody's.
 */
#include "sources/source.h"
#include "tree.h"

static bool is_event(const json_t *tree)
{
    return json_is_string(json_member(tree, "eventType")) && json_member(tree, "published") &&
           json_is_object(json_member(tree, "actor"));
}

static const json_t *hooked(const json_t *tree)
{
    return json_path(tree, "data", "events", NULL);
}

static int probe(const struct record *rec, const json_t *tree)
{
    (void)rec;
    if (is_event(tree) || is_event(json_member(tree, "detail")))
        return 90;
    return is_event(json_array_get(hooked(tree), 0)) ? 90 : 0;
}

/* --- what ------------------------------------------------------------------------------------- */

struct rule {
    const char *pattern; /* over the event type */
    enum verb verb;
};

/* The first that fits. Types read "object.part.what"; new ones come every month, so the last word
 * decides most. */
static const struct rule rules[] = {
    {"user.session.start", VERB_LOGIN},
    {"user.session.end", VERB_LOGOUT},
    {"user.session.impersonation.*", VERB_OVERRIDE},
    {"user.authentication.*", VERB_LOGIN},
    {"user.account.lock*", VERB_UNKNOWN},
    {"system.org.rate_limit.*", VERB_UNKNOWN},
    {"security.threat.*", VERB_UNKNOWN},
    {"policy.evaluate*", VERB_READ},
    {"app.oauth2.*token.grant*", VERB_READ},
    {"*privilege.grant", VERB_GRANT},
    {"*privilege.revoke", VERB_REVOKE},
    {"*membership.add", VERB_GRANT},
    {"*membership.remove", VERB_REVOKE},
    {"*assignment.add", VERB_GRANT},
    {"*assignment.remove", VERB_REVOKE},
    {"*bindings.add", VERB_GRANT},
    {"*bindings.delete", VERB_REVOKE},
    {"app.oauth2.as.consent.grant", VERB_GRANT},
    {"app.oauth2.as.consent.revoke*", VERB_REVOKE},
    {"policy.*", VERB_CONFIG},
    {"zone.*", VERB_CONFIG},
    {"system.log_stream.*", VERB_CONFIG},
    {"system.idp.*", VERB_CONFIG},
    {"*.create", VERB_CREATE},
    {"*.add", VERB_CREATE},
    {"*.delete*", VERB_DELETE},
    {"*.remove", VERB_DELETE},
    {"*.api_token.revoke", VERB_DELETE},
    {"*export*", VERB_EXPORT},
    {"*.read*", VERB_READ},
    {"*.view*", VERB_READ},
};

static enum verb verb_of(str type)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_glob(str_from(rules[i].pattern), type))
            return rules[i].verb;
    return VERB_UPDATE;
}

static bool is_warning(str type)
{
    return str_starts(type, STR("system.org.rate_limit."));
}

/* --- who -------------------------------------------------------------------------------------- */

static str unless_unknown(str s)
{
    return str_eq_nocase(s, STR("unknown")) ? STR_NONE : s;
}

static str name_of(const json_t *entity, struct arena *a)
{
    str name = unless_unknown(tree_text(entity, "alternateId", a));

    return str_or(name, str_or(tree_text(entity, "displayName", a), tree_text(entity, "id", a)));
}

static void map_actor(const json_t *tree, struct event *ev, struct arena *a)
{
    const json_t *actor = json_member(tree, "actor"), *client = json_member(tree, "client");
    const json_t *hop = json_array_get(json_path(tree, "request", "ipChain", NULL), 0);
    str type = tree_text(actor, "type", a);

    ev->actor = name_of(actor, a);
    ev->actor_id = tree_text(actor, "id", a);
    ev->actor_type = str_eq(type, STR("User"))              ? ACTOR_HUMAN
                     : str_eq(type, STR("SystemPrincipal")) ? ACTOR_PROVIDER
                     : str_empty(type)                      ? ACTOR_UNKNOWN
                                                            : ACTOR_SERVICE;
    ev->session =
        unless_unknown(tree_path_text(a, tree, "authenticationContext", "externalSessionId", NULL));
    ev->credential = tree_path_text(a, tree, "transaction", "detail", "requestApiTokenId", NULL);
    ev->source_ip = str_or(tree_text(client, "ipAddress", a), tree_text(hop, "ip", a));
    ev->user_agent = tree_path_text(a, client, "userAgent", "rawUserAgent", NULL);
    ev->channel = channel_from_user_agent(ev->user_agent);
    if (ev->actor_type == ACTOR_PROVIDER)
        ev->channel = CHANNEL_PROVIDER;
    else if (ev->channel == CHANNEL_UNKNOWN && !str_empty(ev->credential))
        ev->channel = CHANNEL_SDK;
}

/* A password alone starts a session when the policy asks for no more; whether it did stands in
 * other events, so only what an event itself shows is said. */
static enum mfa mfa_of(str type, enum outcome outcome)
{
    if (outcome != OUTCOME_SUCCESS)
        return MFA_UNKNOWN;
    if (str_eq(type, STR("user.authentication.auth_via_mfa")))
        return MFA_YES;
    return str_starts(type, STR("user.authentication.auth_via_IDP")) ||
                   str_starts(type, STR("user.authentication.auth_via_inbound"))
               ? MFA_ASSERTED
               : MFA_UNKNOWN;
}

/* --- on what ---------------------------------------------------------------------------------- */

static void map_targets(const json_t *tree, struct event *ev, struct arena *a)
{
    const json_t *targets = json_member(tree, "target");

    for (size_t i = 0; i < json_array_size(targets); i++) {
        const json_t *one = json_array_get(targets, i);

        if (i == 0) {
            ev->resource = name_of(one, a);
            ev->resource_type = tree_text(one, "type", a);
        } else {
            event_add_resource(ev, name_of(one, a), tree_text(one, "type", a), a);
        }
    }
}

static const json_t *target_of_type(const json_t *tree, const char *const *types, struct arena *a)
{
    const json_t *targets = json_member(tree, "target");

    for (; *types; types++)
        for (size_t i = 0; i < json_array_size(targets); i++) {
            const json_t *one = json_array_get(targets, i);

            if (str_eq(json_get_text(one, "type", a), str_from(*types)))
                return one;
        }
    return NULL;
}

/* A user and what they were put into; or a user or group and the administrator's role. */
static void map_grant(const json_t *tree, struct event *ev, struct arena *a)
{
    static const char *const takers[] = {"User", "AppUser", "UserGroup", "PublicClientApp", NULL};
    static const char *const things[] = {"UserGroup", "AppInstance", "ROLE", "ResourceSet", NULL};
    const json_t *taker = target_of_type(tree, takers, a), *thing;
    str role = tree_path_text(a, tree, "debugContext", "debugData", "privilegeGranted", NULL);
    struct grant *g;

    if (!taker || (ev->verb != VERB_GRANT && ev->verb != VERB_REVOKE))
        return;
    thing = target_of_type(tree, things, a);
    if (str_empty(role))
        role = tree_path_text(a, tree, "debugContext", "debugData", "privilegeRevoked", NULL);
    g = arena_new(a, struct grant, 1);
    g->is_removal = ev->verb == VERB_REVOKE;
    g->grantee = name_of(taker, a);
    g->grantee_type = str_eq(json_get_text(taker, "type", a), STR("UserGroup")) ? STR("group")
                      : str_ends(json_get_text(taker, "type", a), STR("User"))  ? STR("human")
                                                                                : STR("service");
    g->permission = str_or(role, STR("member"));
    g->is_admin = str_contains_nocase(role, STR("super admin")) ||
                  str_contains_nocase(role, STR("super organization admin"));
    g->scope = thing && thing != taker
                   ? str_or(tree_text(thing, "displayName", a), name_of(thing, a))
                   : STR("organization");
    ev->grants = g;
    ev->detail = str_print(a, "%.*s of %.*s: %.*s", STR_FMT(g->permission), STR_FMT(g->scope),
                           STR_FMT(g->grantee));
}

/* --- the event -------------------------------------------------------------------------------- */

static void map_outcome(const json_t *tree, struct event *ev, struct arena *a)
{
    static const struct {
        const char *result;
        enum outcome outcome;
    } words[] = {
        {"SUCCESS", OUTCOME_SUCCESS}, {"ALLOW", OUTCOME_SUCCESS},     {"FAILURE", OUTCOME_FAILURE},
        {"DENY", OUTCOME_DENIED},     {"CHALLENGE", OUTCOME_PENDING}, {"DEFERRED", OUTCOME_PENDING},
    };
    const json_t *outcome = json_member(tree, "outcome");
    str result = tree_text(outcome, "result", a), reason = tree_text(outcome, "reason", a);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(result, str_from(words[i].result)))
            ev->outcome = words[i].outcome;
    if (is_warning(ev->action))
        ev->outcome = OUTCOME_UNKNOWN;
    if (ev->outcome == OUTCOME_FAILURE || ev->outcome == OUTCOME_DENIED)
        ev->error = str_or(reason, result);
}

static const char *map_event(const json_t *tree, struct event *ev, struct arena *a)
{
    str time = tree_text(tree, "published", a);

    if (!event_set_time(ev, time) || !ev->time.is_set)
        return "published cannot be read as a time";
    ev->action = tree_text(tree, "eventType", a);
    ev->verb = verb_of(ev->action);
    map_actor(tree, ev, a);
    map_targets(tree, ev, a);
    map_outcome(tree, ev, a);
    ev->mfa = mfa_of(ev->action, ev->outcome);
    ev->request = tree_path_text(a, tree, "transaction", "id", NULL);
    ev->native_id = tree_text(tree, "uuid", a);
    map_grant(tree, ev, a);
    return NULL;
}

static bool map_one(const json_t *tree, struct mapper *m)
{
    struct event ev = event_new();

    m->why = map_event(tree, &ev, m->arena);
    if (m->why)
        return false;
    m->emit(m, &ev);
    return true;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *tree = tree_open(rec, m);
    const json_t *detail = json_member(tree, "detail"), *events = hooked(tree);
    enum map_result result = MAP_FOREIGN;

    if (!tree)
        return MAP_REJECT;
    if (is_event(tree) || is_event(detail)) {
        result = map_one(is_event(tree) ? tree : detail, m) ? MAP_DONE : MAP_REJECT;
    } else if (is_event(json_array_get(events, 0))) {
        result = MAP_DONE;
        for (size_t i = 0; result == MAP_DONE && i < json_array_size(events); i++)
            if (!map_one(json_array_get(events, i), m))
                result = MAP_REJECT;
    }
    json_decref(tree);
    return result;
}

const struct source source_okta_system = {
    .name = "okta-system",
    .title = "Okta system log",
    .reads = "pages of the System Log API, log streams, EventBridge envelopes, event hooks",
    .shape = SHAPE_JSON,
    .gives = GIVES_SIGN_IN | GIVES_PLATFORM_AUDIT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
