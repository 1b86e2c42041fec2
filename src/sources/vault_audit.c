/*
 * vault-audit: the audit log of HashiCorp Vault (and OpenBao).
 *
 * Format: ../shared/formats-cloud.md 12. JSON lines; a syslog header or prefix in front of a line
 * is passed over by the cutter. Each call gives a request and a response with one request id, which
 * are folded: who and when from the request, how it ended from the response; a request alone is
 * pending. What is secret stands as an HMAC; nothing of `data` is kept in any case.
 *
 * What logs get wrong: the error may be several lines of text and stands on request and response; a
 * login has its identity only in the answer.
 */
#include "sources/source.h"
#include "tree.h"

/* X(slot, path) */
#define VAULT_FIELDS(X)                                                                            \
    X(VAULT_TIME, "/time")                                                                         \
    X(VAULT_TYPE, "/type")                                                                         \
    X(VAULT_ERROR, "/error")                                                                       \
    X(VAULT_NAME, "/auth/display_name")                                                            \
    X(VAULT_ENTITY, "/auth/entity_id")                                                             \
    X(VAULT_ACCESSOR, "/auth/accessor")                                                            \
    X(VAULT_POLICIES, "/auth/policies")                                                            \
    X(VAULT_USERNAME, "/auth/metadata/username")                                                   \
    X(VAULT_EMAIL, "/auth/metadata/email")                                                         \
    X(VAULT_ID, "/request/id")                                                                     \
    X(VAULT_OPERATION, "/request/operation")                                                       \
    X(VAULT_PATH, "/request/path")                                                                 \
    X(VAULT_MOUNT, "/request/mount_type")                                                          \
    X(VAULT_NAMESPACE, "/request/namespace/path")                                                  \
    X(VAULT_NAMESPACE_ID, "/request/namespace/id")                                                 \
    X(VAULT_ADDRESS, "/request/remote_address")                                                    \
    X(VAULT_REQUEST_ACCESSOR, "/request/client_token_accessor")                                    \
    X(VAULT_AGENT, "/request/headers/user-agent/0")                                                \
    X(VAULT_MADE_NAME, "/response/auth/display_name")                                              \
    X(VAULT_MADE_ENTITY, "/response/auth/entity_id")                                               \
    X(VAULT_MADE_ACCESSOR, "/response/auth/accessor")                                              \
    X(VAULT_MADE_USERNAME, "/response/auth/metadata/username")                                     \
    X(VAULT_MADE_EMAIL, "/response/auth/metadata/email")                                           \
    X(VAULT_MADE_POLICIES, "/response/auth/policies")

#define VAULT_SLOT(slot, path) slot,
enum vault_slot { VAULT_FIELDS(VAULT_SLOT) VAULT_FIELD_COUNT };
#undef VAULT_SLOT
#define VAULT_PATH_OF(slot, path) path,
static const char *const paths[] = {VAULT_FIELDS(VAULT_PATH_OF)};
#undef VAULT_PATH_OF

struct call {
    const struct field *f; /* by enum vault_slot */
    struct arena *arena;
};

static str text_of(const struct call *c, enum vault_slot slot)
{
    return field_text(c->f[slot], c->arena);
}

static bool is_type(const char *type)
{
    return strcmp(type, "request") == 0 || strcmp(type, "response") == 0;
}

static int probe(const struct record *rec, const json_t *tree)
{
    const json_t *type = json_member(tree, "type"), *request = json_member(tree, "request");

    (void)rec;
    return json_is_string(type) && is_type(json_string_value(type)) &&
                   json_is_string(json_member(request, "operation")) && json_member(tree, "time")
               ? 90
               : 0;
}

/* --- what ------------------------------------------------------------------------------------- */

struct rule {
    const char *path; /* glob */
    enum verb verb;
};

/* Calls whose operation says "update" and means something else. The first that fits. */
static const struct rule rules[] = {
    {"auth/*/login*", VERB_LOGIN},        {"auth/*/oidc/callback*", VERB_LOGIN},
    {"auth/*/oidc/auth_url*", VERB_READ}, {"auth/token/lookup*", VERB_READ},
    {"auth/token/renew*", VERB_READ},     {"auth/token/revoke*", VERB_REVOKE},
    {"auth/token/create*", VERB_CREATE},  {"sys/capabilities*", VERB_READ},
    {"sys/internal/*", VERB_READ},        {"sys/leases/lookup*", VERB_READ},
    {"sys/leases/renew*", VERB_READ},     {"sys/renew*", VERB_READ},
    {"sys/leases/revoke*", VERB_REVOKE},  {"sys/revoke*", VERB_REVOKE},
    {"sys/tools/*", VERB_READ},           {"sys/wrapping/*", VERB_READ},
    {"sys/unseal*", VERB_EXECUTE},        {"sys/seal*", VERB_EXECUTE},
    {"sys/step-down*", VERB_EXECUTE},
};

/* Whose writes are settings of the server itself: audit devices, policies, mounts. */
static const char *const settings[] = {
    "sys/audit/*", "sys/policy/*", "sys/policies/*",   "sys/mounts/*",
    "sys/auth/*",  "sys/config/*", "sys/namespaces/*", NULL};

/* Uses of a key: the answer is derived from the secret, nothing is altered. */
static bool is_use_of_key(str mount, str path)
{
    static const char *const uses[] = {"*/encrypt/*", "*/decrypt/*", "*/sign/*",    "*/verify/*",
                                       "*/hmac/*",    "*/rewrap/*",  "*/datakey/*", NULL};

    if (!str_eq(mount, STR("transit")))
        return false;
    for (size_t i = 0; uses[i]; i++)
        if (str_glob(str_from(uses[i]), path))
            return true;
    return false;
}

static enum verb plain_verb(str operation)
{
    static const struct {
        const char *word;
        enum verb verb;
    } words[] = {
        {"read", VERB_READ},     {"list", VERB_LIST},      {"create", VERB_CREATE},
        {"update", VERB_UPDATE}, {"patch", VERB_UPDATE},   {"delete", VERB_DELETE},
        {"help", VERB_READ},     {"revoke", VERB_REVOKE},  {"renew", VERB_READ},
        {"header", VERB_READ},   {"recover", VERB_UPDATE}, {"rollback", VERB_UPDATE},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(operation, str_from(words[i].word)))
            return words[i].verb;
    return VERB_UNKNOWN;
}

static enum verb verb_of(str operation, str mount, str path)
{
    enum verb verb = plain_verb(operation);

    if (!verb_is_write(verb))
        return verb;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_glob(str_from(rules[i].path), path))
            return rules[i].verb;
    if (is_use_of_key(mount, path))
        return VERB_READ;
    /* A certificate. */
    if (str_glob(STR("*/issue/*"), path) || str_glob(STR("*/sign/*"), path))
        return VERB_CREATE;
    for (size_t i = 0; settings[i]; i++)
        if (str_glob(str_from(settings[i]), path))
            return VERB_CONFIG;
    return verb;
}

/* --- who -------------------------------------------------------------------------------------- */

/* Display names begin with the way of signing in: "oidc-…", "kubernetes-…". */
static enum actor_type type_of(str name)
{
    static const struct {
        const char *beginning;
        enum actor_type type;
    } ways[] = {
        {"root", ACTOR_ROOT},          {"oidc", ACTOR_HUMAN},   {"ldap", ACTOR_HUMAN},
        {"userpass", ACTOR_HUMAN},     {"okta", ACTOR_HUMAN},   {"saml", ACTOR_HUMAN},
        {"github", ACTOR_HUMAN},       {"radius", ACTOR_HUMAN}, {"kerberos", ACTOR_HUMAN},
        {"approle", ACTOR_SERVICE},    {"aws", ACTOR_SERVICE},  {"gcp", ACTOR_SERVICE},
        {"azure", ACTOR_SERVICE},      {"jwt", ACTOR_SERVICE},  {"cert", ACTOR_SERVICE},
        {"kubernetes", ACTOR_SERVICE},
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (str_starts(name, str_from(ways[i].beginning)))
            return ways[i].type;
    return ACTOR_UNKNOWN;
}

static void map_actor(const struct call *c, struct event *ev)
{
    bool is_made = c->f[VAULT_NAME].kind == FIELD_ABSENT; /* a login: in the answer */
    str policies = c->f[is_made ? VAULT_MADE_POLICIES : VAULT_POLICIES].raw;

    ev->actor = str_or(text_of(c, VAULT_NAME), text_of(c, VAULT_MADE_NAME));
    ev->actor_id = str_or(text_of(c, VAULT_ENTITY), text_of(c, VAULT_MADE_ENTITY));
    ev->actor_type = str_contains(policies, STR("\"root\"")) ? ACTOR_ROOT : type_of(ev->actor);
    ev->session = str_or(text_of(c, VAULT_EMAIL), text_of(c, VAULT_MADE_EMAIL));
    if (str_empty(ev->session))
        ev->session = str_or(text_of(c, VAULT_USERNAME), text_of(c, VAULT_MADE_USERNAME));
    ev->credential = str_or(text_of(c, VAULT_ACCESSOR), str_or(text_of(c, VAULT_REQUEST_ACCESSOR),
                                                               text_of(c, VAULT_MADE_ACCESSOR)));
}

/* --- the call --------------------------------------------------------------------------------- */

/* "1 error occurred:\n\t* permission denied\n\n": the first of the errors. */
static str gist_of(str error)
{
    size_t star = str_find(error, STR("* "));
    str rest = star == SIZE_MAX ? error : str_part(error, star + 2, error.len);

    return str_trim(str_cut(&rest, '\n'));
}

static void map_outcome(const struct call *c, struct event *ev, bool is_response)
{
    str error = text_of(c, VAULT_ERROR);

    ev->error = gist_of(error);
    ev->error_text = str_eq(ev->error, error) ? STR_NONE : error;
    if (str_contains(error, STR("permission denied")))
        ev->outcome = OUTCOME_DENIED;
    else if (str_contains(error, STR("rate limit")))
        ev->outcome = OUTCOME_THROTTLED;
    else if (!str_empty(error))
        ev->outcome = OUTCOME_FAILURE;
    else
        ev->outcome = is_response ? OUTCOME_SUCCESS : OUTCOME_PENDING;
}

static const char *map_call(const struct call *c, struct event *ev)
{
    str time = text_of(c, VAULT_TIME), type = text_of(c, VAULT_TYPE);
    bool is_response = str_eq(type, STR("response"));

    if (str_empty(time))
        return "time is missing";
    if (!event_set_time(ev, time) || !ev->time.is_set)
        return "time cannot be read";
    ev->action = text_of(c, VAULT_OPERATION);
    ev->service = text_of(c, VAULT_MOUNT);
    ev->resource = text_of(c, VAULT_PATH);
    ev->resource_type = ev->service;
    ev->verb = verb_of(ev->action, ev->service, ev->resource);
    ev->account = str_or(text_of(c, VAULT_NAMESPACE), text_of(c, VAULT_NAMESPACE_ID));
    if (ev->account.len > 1 && str_ends(ev->account, STR("/")))
        ev->account.len--;
    ev->source_ip = text_of(c, VAULT_ADDRESS);
    ev->user_agent = text_of(c, VAULT_AGENT);
    ev->channel = channel_from_user_agent(ev->user_agent);
    map_actor(c, ev);
    map_outcome(c, ev, is_response);
    ev->native_id = text_of(c, VAULT_ID);
    if (str_empty(ev->native_id))
        return NULL;
    ev->dedupe = str_join(c->arena, ev->native_id, STR(" "), type);
    ev->fold.key = ev->native_id;
    ev->fold.part = is_response ? 2 : 0;
    return NULL;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct call c = {.f = rec->fields, .arena = m->arena};
    struct event ev = event_new();

    if (c.f[VAULT_TYPE].kind != FIELD_STRING || c.f[VAULT_OPERATION].kind != FIELD_STRING ||
        !is_type(str_z(m->arena, c.f[VAULT_TYPE].raw)))
        return MAP_FOREIGN;
    m->why = map_call(&c, &ev);
    if (m->why)
        return MAP_REJECT;
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_vault_audit = {
    .name = "vault-audit",
    .title = "HashiCorp Vault audit log",
    .reads = "files of a file audit device, syslog files, what a socket device sent",
    .shape = SHAPE_JSON,
    .gives = GIVES_PLATFORM_AUDIT | GIVES_SIGN_IN,
    .is_continuous = true,
    .paths = paths,
    .npaths = VAULT_FIELD_COUNT,
    .probe = probe,
    .map = map,
};
