/*
 * azure_facts: what a change of the activity log opens and gives: rules of network security groups
 * and database firewalls, role assignments, privileges of storage.
 *
 * The content stands in the request's or the answer's body, JSON in a string of `properties`, with
 * names in camel or Pascal case. Many records have no body: then nothing is told.
 */
#include "azure.h"
#include "exposure.h"
#include "tree.h"

struct facts {
    struct event *ev;
    struct arena *arena;
    struct exposure **exposures;
    size_t nexposures;
};

static str text_at(const struct facts *f, const json_t *object, const char *key)
{
    return str_copy(f->arena, json_text(tree_any_case(object, key), f->arena));
}

/* --- network ---------------------------------------------------------------------------------- */

struct rule {
    bool is_egress, is_deny;
    str protocol, target;
};

static void add(struct facts *f, const struct rule *rule, str range, int32_t from, int32_t to)
{
    struct exposure *e = arena_new(f->arena, struct exposure, 1);

    *e = (struct exposure){.is_egress = rule->is_egress,
                           .is_deny = rule->is_deny,
                           .range = range,
                           .protocol = rule->protocol,
                           .port_from = from,
                           .port_to = to,
                           .target = rule->target};
    *f->exposures = e;
    f->exposures = &e->next;
    if (!f->nexposures++)
        f->ev->detail = exposure_words(e, f->arena);
}

/* "22", "8000-9000", "*" */
static bool port_range(str text, int32_t *from, int32_t *to)
{
    *from = *to = -1;
    return str_eq(text, STR("*")) || ports_parse(text, from, to);
}

/* One value under `one`, or several under `many`. */
static size_t count_of(const json_t *object, const char *one, const char *many)
{
    size_t n = json_array_size(tree_any_case(object, many));

    return n ? n : tree_any_case(object, one) ? 1 : 0;
}

static str nth_of(const struct facts *f, const json_t *object, const char *one, const char *many,
                  size_t n)
{
    const json_t *list = tree_any_case(object, many);

    return json_array_size(list) ? str_copy(f->arena, json_text(json_array_get(list, n), f->arena))
                                 : text_at(f, object, one);
}

/* {"protocol":"Tcp","access":"Allow","direction":"Inbound","sourceAddressPrefix":"*",
 *  "destinationPortRange":"22"} */
static void security_rule(struct facts *f, const json_t *rule)
{
    struct rule r = {.is_egress = str_eq_nocase(text_at(f, rule, "direction"), STR("Outbound")),
                     .is_deny = str_eq_nocase(text_at(f, rule, "access"), STR("Deny")),
                     .protocol = str_lower(f->arena, text_at(f, rule, "protocol")),
                     .target = f->ev->resource};
    const char *one = r.is_egress ? "destinationAddressPrefix" : "sourceAddressPrefix";
    const char *many = r.is_egress ? "destinationAddressPrefixes" : "sourceAddressPrefixes";
    size_t nports = count_of(rule, "destinationPortRange", "destinationPortRanges");
    int32_t from, to;

    if (str_eq(r.protocol, STR("*")) || str_empty(r.protocol))
        r.protocol = STR("all");
    for (size_t i = 0; i < count_of(rule, one, many); i++)
        for (size_t k = 0; k < nports; k++)
            if (port_range(nth_of(f, rule, "destinationPortRange", "destinationPortRanges", k),
                           &from, &to))
                add(f, &r, nth_of(f, rule, one, many, i), from, to);
}

static void security_group(struct facts *f, const json_t *properties)
{
    const json_t *rules = tree_any_case(properties, "securityRules");

    for (size_t i = 0; i < json_array_size(rules); i++)
        security_rule(f, tree_any_case(json_array_get(rules, i), "properties"));
}

/* {"startIpAddress":"0.0.0.0","endIpAddress":"255.255.255.255"}; from and to 0.0.0.0 means any
 * service of Azure. */
static void database_firewall(struct facts *f, const json_t *properties)
{
    str first = text_at(f, properties, "startIpAddress"),
        last = text_at(f, properties, "endIpAddress");
    struct rule r = {.protocol = STR("tcp"), .target = f->ev->resource};
    str range = first;

    if (str_empty(first) || str_empty(last))
        return;
    if (str_eq(first, STR("0.0.0.0")) && str_eq(last, STR("255.255.255.255")))
        range = STR("0.0.0.0/0");
    else if (str_eq(first, STR("0.0.0.0")) && str_eq(last, first))
        range = STR("AzureServices");
    else if (!str_eq(first, last))
        range = str_print(f->arena, "%.*s-%.*s", STR_FMT(first), STR_FMT(last));
    add(f, &r, range, -1, -1);
}

/* --- role assignments ------------------------------------------------------------------------- */

/* The roles that matter most, by the ids that are the same everywhere. */
static str role_name(str id, bool *is_admin)
{
    static const struct {
        const char *id, *name;
        bool is_admin;
    } known[] = {
        {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", true},
        {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", true},
        {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", true},
        {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", false},
        {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", false},
    };
    size_t slash = str_find_last(id, '/');
    str last = slash == SIZE_MAX ? id : str_part(id, slash + 1, id.len);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(last, str_from(known[i].id))) {
            *is_admin = known[i].is_admin;
            return str_from(known[i].name);
        }
    return last;
}

static str grantee_type(str principal_type)
{
    if (str_eq_nocase(principal_type, STR("User")))
        return STR("human");
    if (str_eq_nocase(principal_type, STR("ServicePrincipal")))
        return STR("service");
    if (str_eq_nocase(principal_type, STR("Group")))
        return STR("group");
    return str_starts_nocase(principal_type, STR("Foreign")) ? STR("external") : STR("unknown");
}

/* {"principalId":…,"principalType":"User","roleDefinitionId":"/…/roleDefinitions/…","scope":…} */
static void role_assignment(struct facts *f, const json_t *properties)
{
    str principal = text_at(f, properties, "principalId"), scope = text_at(f, properties, "scope");
    struct grant *g;
    size_t end = str_find_nocase(f->ev->resource, STR("/providers/Microsoft.Authorization/role"));

    if (str_empty(principal))
        return;
    g = arena_new(f->arena, struct grant, 1);
    g->is_removal = f->ev->verb == VERB_REVOKE;
    g->grantee = principal;
    g->grantee_type = grantee_type(text_at(f, properties, "principalType"));
    g->is_external = str_eq(g->grantee_type, STR("external"));
    g->permission = role_name(text_at(f, properties, "roleDefinitionId"), &g->is_admin);
    g->scope = str_or(scope, str_part(f->ev->resource, 0, end));
    g->condition = text_at(f, properties, "condition");
    f->ev->grants = g;
    f->ev->detail = str_print(f->arena, "%.*s %s %.*s", STR_FMT(g->permission),
                              g->is_removal ? "taken from" : "to", STR_FMT(principal));
}

/* --- other ------------------------------------------------------------------------------------ */

static void storage_account(struct facts *f, const json_t *properties)
{
    const json_t *open = tree_any_case(properties, "allowBlobPublicAccess");

    if (open && json_truth(open))
        f->ev->detail = STR("anonymous access to blobs allowed");
}

void azure_activity_facts(const json_t *properties, str operation, struct event *ev,
                          struct arena *a)
{
    static const struct {
        const char *end; /* of the operation, without case */
        void (*tell)(struct facts *f, const json_t *properties);
    } known[] = {
        {"*/networkSecurityGroups/securityRules/write", security_rule},
        {"*/networkSecurityGroups/write", security_group},
        {"*/firewallRules/write", database_firewall},
        {"*/roleAssignments/write", role_assignment},
        {"*/roleAssignments/delete", role_assignment},
        {"*/storageAccounts/write", storage_account},
    };
    static const char *const bodies[] = {"requestbody", "requestBody", "responseBody"};
    struct facts f = {.ev = ev, .arena = a, .exposures = &ev->exposures};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_glob_nocase(str_from(known[i].end), operation))
            continue;
        for (size_t k = 0; k < sizeof bodies / sizeof *bodies && str_empty(ev->detail); k++) {
            json_t *body = azure_opened(tree_any_case(properties, bodies[k]));
            const json_t *inner = tree_any_case(body, "properties");

            known[i].tell(&f, inner ? inner : body);
            json_decref(body);
        }
    }
}
