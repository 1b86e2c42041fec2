/*
 * gcp_network: firewall rules and authorized networks of databases as exposures.
 *
 * Only the first entry of an operation has the request. A rule without direction is ingress; a new
 * ingress rule without any source is open to all; a patch that does not name ranges leaves them as
 * they are and makes no row.
 */
#include "exposure.h"
#include "gcp.h"
#include "tree.h"

struct opening {
    const struct gcp_entry *entry;
    struct event *ev;
    struct exposure **tail;
    bool is_egress, is_deny;
    size_t count;
};

static void add(struct opening *o, str range, str protocol, int32_t from, int32_t to)
{
    struct exposure *e = arena_new(o->entry->arena, struct exposure, 1);

    e->is_egress = o->is_egress;
    e->is_deny = o->is_deny;
    e->range = range;
    e->protocol = protocol;
    e->port_from = from;
    e->port_to = to;
    e->target = o->ev->resource;
    *o->tail = e;
    o->tail = &e->next;
    if (!o->count++)
        o->ev->detail = exposure_words(e, o->entry->arena);
}

static void add_ports(struct opening *o, str range, const json_t *rule)
{
    struct arena *a = o->entry->arena;
    const json_t *ports = json_member(rule, "ports");
    str protocol = tree_text(rule, "IPProtocol", a);
    int32_t from = -1, to = -1;

    protocol = str_or(protocol, str_or(tree_text(rule, "ipProtocol", a), STR("all")));
    if (json_array_size(ports) == 0)
        add(o, range, protocol, -1, -1);
    for (size_t i = 0; i < json_array_size(ports); i++)
        if (ports_parse(json_text(json_array_get(ports, i), a), &from, &to))
            add(o, range, protocol, from, to);
}

static void add_rules(struct opening *o, const json_t *ranges, const json_t *rules)
{
    struct arena *a = o->entry->arena;

    for (size_t i = 0; i < json_array_size(ranges); i++)
        for (size_t k = 0; k < json_array_size(rules); k++)
            add_ports(o, str_copy(a, json_text(json_array_get(ranges, i), a)),
                      json_array_get(rules, k));
}

static const json_t *first_of(const json_t *object, const char *a, const char *b)
{
    const json_t *v = json_member(object, a);

    return v ? v : json_member(object, b);
}

/* compute.firewalls:
 * {"direction":"INGRESS","sourceRanges":[..],"alloweds":[{"IPProtocol":"tcp","ports":["22"]}]} */
static void firewall(struct opening *o, const json_t *request)
{
    bool is_new = str_eq_nocase(o->entry->word, STR("insert"));
    const json_t *ranges;
    json_t *everyone = NULL;

    o->is_egress = str_eq_nocase(tree_text(request, "direction", o->entry->arena), STR("EGRESS"));
    ranges = json_member(request, o->is_egress ? "destinationRanges" : "sourceRanges");
    if (json_truth(json_member(request, "disabled"))) {
        o->ev->detail = STR("rule is disabled");
        return;
    }
    if (is_new && !ranges && !json_member(request, "sourceTags") &&
        !json_member(request, "sourceServiceAccounts"))
        ranges = everyone = json_pack("[s]", "0.0.0.0/0");
    add_rules(o, ranges, first_of(request, "alloweds", "allowed"));
    o->is_deny = true;
    add_rules(o, ranges, first_of(request, "denieds", "denied"));
    json_decref(everyone);
}

/* Firewall policies:
 * {"action":"allow","direction":"INGRESS","match":{"srcIpRanges":[..],"layer4Configs":[..]}} */
static void policy_rule(struct opening *o, const json_t *request)
{
    struct arena *a = o->entry->arena;
    const json_t *match = json_member(request, "match");

    if (json_truth(json_member(request, "disabled")))
        return;
    o->is_egress = str_eq_nocase(tree_text(request, "direction", a), STR("EGRESS"));
    o->is_deny = str_starts_nocase(tree_text(request, "action", a), STR("deny"));
    add_rules(o, json_member(match, o->is_egress ? "destIpRanges" : "srcIpRanges"),
              json_member(match, "layer4Configs"));
}

/* Cloud SQL:
 * {"body":{"settings":{"ipConfiguration":{"authorizedNetworks":[{"value":"0.0.0.0/0"}]}}}} */
static void database(struct opening *o, const json_t *request)
{
    struct arena *a = o->entry->arena;
    const json_t *body = json_member(request, "body");
    const json_t *networks =
        json_path(body ? body : request, "settings", "ipConfiguration", "authorizedNetworks", NULL);

    for (size_t i = 0; i < json_array_size(networks); i++) {
        str range = tree_text(json_array_get(networks, i), "value", a);

        if (!str_empty(range))
            add(o, range, STR("tcp"), -1, -1);
    }
}

void gcp_exposures(const struct gcp_entry *e, struct event *ev)
{
    struct opening o = {.entry = e, .ev = ev, .tail = &ev->exposures};
    bool is_firewall = str_contains(e->method, STR("compute.firewalls."));
    bool is_policy = str_contains_nocase(e->method, STR("firewallPolicies.")) &&
                     str_contains_nocase(e->word, STR("Rule"));
    bool is_database = str_starts(e->method, STR("cloudsql.instances."));
    struct err err = {0};
    json_t *request;

    if ((!is_firewall && !is_policy && !is_database) || e->f[GCP_REQUEST].kind != FIELD_OBJECT)
        return;
    request = json_parse(e->f[GCP_REQUEST].raw, &err);
    if (is_firewall && !str_eq(e->word, STR("delete")))
        firewall(&o, request);
    else if (is_policy)
        policy_rule(&o, request);
    else if (is_database)
        database(&o, request);
    json_decref(request);
}
