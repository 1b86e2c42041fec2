/*
 * azure-keyvault: who used which key, secret or certificate, and who altered a vault.
 *
 * Format: ../shared/formats-cloud.md 8.5. What exports get wrong: resultType is "Success" whatever
 * happened; the truth is the HTTP status. The claims stand under `claim`, not `claims`. Before a
 * client has a token it is turned away once with 401 and nobody's name: no refusal of anybody.
 */
#include "azure.h"
#include "tree.h"

static int probe(const struct record *rec, const json_t *tree)
{
    (void)rec;
    return azure_kind_of(tree) == AZURE_KEYVAULT ? 90 : 0;
}

/* SecretGet, KeyListVersions, CertificateCreate, VaultPatch: the object, then what was done. */
static enum verb verb_of(str operation)
{
    static const struct {
        const char *part;
        enum verb verb;
    } words[] = {
        {"AccessPolicy", VERB_GRANT}, {"List", VERB_LIST},      {"Get", VERB_READ},
        {"Backup", VERB_EXPORT},      {"Import", VERB_CREATE},  {"Create", VERB_CREATE},
        {"Restore", VERB_CREATE},     {"Recover", VERB_UPDATE}, {"Update", VERB_UPDATE},
        {"Patch", VERB_UPDATE},       {"Set", VERB_UPDATE},     {"Put", VERB_UPDATE},
        {"Rotate", VERB_UPDATE},      {"Delete", VERB_DELETE},  {"Purge", VERB_DELETE},
        {"Release", VERB_EXPORT},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_contains(operation, str_from(words[i].part)))
            return words[i].verb;
    return VERB_READ; /* uses of a key: Sign, Verify, Encrypt, Decrypt, Wrap, Unwrap */
}

static void map_outcome(const json_t *tree, const json_t *properties, struct event *ev,
                        struct arena *a)
{
    str code = azure_text(properties, "httpStatusCode", a),
        signature = azure_text(tree, "resultSignature", a);
    uint64_t status = 0;

    if (str_to_u64(code, &status))
        ev->outcome = azure_outcome_of_status(status);
    else if (azure_is_denial(signature))
        ev->outcome = OUTCOME_DENIED;
    else if (!str_empty(signature))
        ev->outcome = str_eq(signature, STR("OK")) || str_eq(signature, STR("Accepted"))
                          ? OUTCOME_SUCCESS
                          : OUTCOME_FAILURE;
    if (status == 401 && str_empty(ev->actor) && str_empty(ev->actor_id))
        ev->outcome = OUTCOME_FAILURE;
    if (ev->outcome == OUTCOME_SUCCESS || ev->outcome == OUTCOME_UNKNOWN)
        return;
    ev->error = str_or(signature, code);
    ev->error_text = azure_text(tree, "resultDescription", a);
}

/* The object is the resource, the vault it lies in stands behind it. */
static void map_resource(const json_t *properties, str vault, struct event *ev, struct arena *a)
{
    str object = azure_text(properties, "id", a), path = object;
    size_t host = str_find(object, STR("://"));

    path = str_part(path, host == SIZE_MAX ? path.len : host + 3, path.len);
    (void)str_cut(&path, '/');
    if (str_empty(path)) {
        ev->resource = vault;
        ev->resource_type = STR("vault");
        return;
    }
    ev->resource = object;
    ev->resource_type = str_cut(&path, '/');
    event_add_resource(ev, vault, STR("vault"), a);
}

static const char *map_entry(const json_t *tree, const json_t *properties, struct event *ev,
                             struct arena *a)
{
    const json_t *identity = json_member(tree, "identity");
    str time = azure_text(tree, "time", a), vault = azure_text(tree, "resourceId", a);

    if (!event_set_time(ev, time) || !ev->time.is_set)
        return "the time of the event cannot be read";
    ev->action = azure_text(tree, "operationName", a);
    ev->service = STR("Microsoft.KeyVault");
    ev->verb = verb_of(ev->action);
    azure_identity(json_member(identity, "claim"), STR_NONE, ev, a);
    ev->source_ip = azure_address(azure_text(tree, "callerIpAddress", a));
    ev->user_agent = azure_text(properties, "clientInfo", a);
    if (ev->channel == CHANNEL_UNKNOWN)
        ev->channel = channel_from_user_agent(ev->user_agent);
    map_resource(properties, vault, ev, a);
    azure_place(vault, ev, a);
    map_outcome(tree, properties, ev, a);
    ev->request = azure_text(tree, "correlationId", a);
    return NULL;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    json_t *tree = tree_open(rec, m), *properties;
    enum map_result result = MAP_REJECT;

    if (!tree)
        return MAP_REJECT;
    if (azure_kind_of(tree) != AZURE_KEYVAULT) {
        result = MAP_FOREIGN;
    } else {
        properties = azure_opened(json_member(tree, "properties"));
        m->why = map_entry(tree, properties, &ev, m->arena);
        if (!m->why) {
            m->emit(m, &ev);
            result = MAP_DONE;
        }
        json_decref(properties);
    }
    json_decref(tree);
    return result;
}

const struct source source_azure_keyvault = {
    .name = "azure-keyvault",
    .title = "Azure Key Vault audit log",
    .reads = "diagnostic settings of a vault: category AuditEvent",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
