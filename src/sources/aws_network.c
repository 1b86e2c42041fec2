/*
 * aws_network: security groups and network ACLs as exposures.
 *
 * The shapes are many: ipPermissions.items[].ipRanges.items[].cidrIp (and
 * .ipv6Ranges.items[].cidrIpv6), the flat cidrIp of old calls, ModifySecurityGroupRulesRequest with
 * capitals and a rule that is an object or an array, the answer's securityGroupRuleSet when a
 * request names rules by id, network ACL entries with protocol numbers, database groups with
 * cIDRIP. Groups as sources are no ranges and make no row.
 */
#include <string.h>

#include "aws.h"
#include "exposure.h"
#include "tree.h"

struct opening {
    const struct aws_call *call;
    struct exposure **tail;
    str target, first_words;
    size_t count;
    bool is_removal, is_egress, is_deny;
};

struct span {
    str protocol;
    int32_t from, to;
};

static str text_at(const struct opening *o, const json_t *object, const char *key)
{
    return str_copy(o->call->arena, json_text(tree_any_case(object, key), o->call->arena));
}

static int32_t port_at(const json_t *object, const char *key)
{
    const json_t *v = tree_any_case(object, key);
    int64_t n;

    if (json_is_integer(v))
        n = json_integer_value(v);
    else if (!json_is_string(v) ||
             !str_to_i64((str){json_string_value(v), json_string_length(v)}, &n))
        return -1;
    return n < 0 || n > 65535 ? -1 : (int32_t)n;
}

static str protocol_name(str p)
{
    static const struct {
        const char *number, *name;
    } known[] = {{"-1", "all"}, {"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"58", "icmpv6"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(p, str_from(known[i].number)))
            return str_from(known[i].name);
    return str_or(p, STR("all"));
}

static struct span span_of(const struct opening *o, const json_t *rule)
{
    struct span s = {protocol_name(text_at(o, rule, "ipProtocol")), port_at(rule, "fromPort"),
                     port_at(rule, "toPort")};

    /* With all protocols, and with icmp (where they are types), ports mean nothing. */
    if (!str_eq(s.protocol, STR("tcp")) && !str_eq(s.protocol, STR("udp")))
        s.from = s.to = -1;
    if (s.from >= 0 && s.to < s.from)
        s.to = s.from;
    return s;
}

/* "tcp 22 from 0.0.0.0/0", "all traffic from 10.0.0.0/8" */
static str words(const struct exposure *e, struct arena *a)
{
    struct exposure shown = *e;

    if (shown.port_from < 0 && str_eq(shown.protocol, STR("all")))
        shown.protocol = STR("all traffic");
    return exposure_words(&shown, a);
}

static void add(struct opening *o, struct span s, str range)
{
    struct exposure *e;

    if (str_empty(range))
        return;
    e = arena_new(o->call->arena, struct exposure, 1);
    e->is_removal = o->is_removal;
    e->is_egress = o->is_egress;
    e->is_deny = o->is_deny;
    e->range = range;
    e->protocol = s.protocol;
    e->port_from = s.from;
    e->port_to = s.to;
    e->target = o->target;
    *o->tail = e;
    o->tail = &e->next;
    if (o->count++ == 0)
        o->first_words = words(e, o->call->arena);
}

/* {"items":[...]}, also "item", also the plain array */
static const json_t *items_of(const json_t *set)
{
    const json_t *list = json_is_array(set) ? set : tree_any_case(set, "items");

    return list ? list : tree_any_case(set, "item");
}

static void add_list(struct opening *o, struct span s, const json_t *set, const char *key)
{
    const json_t *list = items_of(set);

    if (json_is_object(list))
        add(o, s, text_at(o, list, key));
    for (size_t i = 0; i < json_array_size(list); i++)
        add(o, s, text_at(o, json_array_get(list, i), key));
}

static void permissions(struct opening *o, const json_t *request)
{
    const json_t *list = items_of(tree_any_case(request, "ipPermissions"));

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct span s = span_of(o, one);

        add_list(o, s, tree_any_case(one, "ipRanges"), "cidrIp");
        add_list(o, s, tree_any_case(one, "ipv6Ranges"), "cidrIpv6");
        add_list(o, s, tree_any_case(one, "prefixListIds"), "prefixListId");
    }
}

/* One rule with its range beside the ports. */
static void plain_rule(struct opening *o, const json_t *rule)
{
    static const char *const ranges[] = {"cidrIp", "cidrIpv4", "cidrIpv6", "cIDRIP",
                                         "prefixListId"};
    struct span s = span_of(o, rule);

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        add(o, s, text_at(o, rule, ranges[i]));
}

/* Rules named by id: what they were stands in the answer, in accounts that get one. */
static void answered_rules(struct opening *o)
{
    static const char *const sets[] = {"securityGroupRuleSet", "revokedSecurityGroupRuleSet"};
    struct field response = o->call->f[AWS_RESPONSE];
    struct err err = {0};
    json_t *tree = response.kind == FIELD_OBJECT ? json_parse(response.raw, &err) : NULL;

    for (size_t k = 0; k < 2; k++) {
        const json_t *list = items_of(tree_any_case(tree, sets[k]));

        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *rule = json_array_get(list, i);

            if (str_empty(o->target))
                o->target = text_at(o, rule, "groupId");
            plain_rule(o, rule);
        }
    }
    json_decref(tree);
}

static void security_group(struct opening *o, const json_t *request)
{
    str name = str_or(text_at(o, request, "groupName"), text_at(o, request, "dBSecurityGroupName"));

    o->target = str_or(text_at(o, request, "groupId"),
                       str_or(name, text_at(o, request, "clusterSecurityGroupName")));
    permissions(o, request);
    plain_rule(o, request);
    if (o->count == 0)
        answered_rules(o);
}

/* {"ModifySecurityGroupRulesRequest":{"GroupId":..,
 *  "SecurityGroupRule":{"SecurityGroupRuleId":..,"SecurityGroupRule":{..}}}} */
static void modified_rules(struct opening *o, const json_t *request)
{
    const json_t *inner = json_member(request, "ModifySecurityGroupRulesRequest");
    const json_t *list;

    inner = inner ? inner : request;
    o->target = text_at(o, inner, "groupId");
    list = tree_any_case(inner, "securityGroupRule");
    if (!list)
        list = items_of(tree_any_case(inner, "securityGroupRules"));
    for (size_t i = 0; i < (json_is_array(list) ? json_array_size(list) : 1); i++) {
        const json_t *one = json_is_array(list) ? json_array_get(list, i) : list;
        const json_t *rule = tree_any_case(one, "securityGroupRule");

        plain_rule(o, rule ? rule : one);
    }
}

static void acl_entry(struct opening *o, const json_t *request)
{
    struct span s = {
        protocol_name(str_or(text_at(o, request, "aclProtocol"), text_at(o, request, "protocol"))),
        -1, -1};
    const json_t *ports = tree_any_case(request, "portRange");

    o->target = text_at(o, request, "networkAclId");
    o->is_egress = json_truth(tree_any_case(request, "egress"));
    o->is_deny = str_eq_nocase(text_at(o, request, "ruleAction"), STR("deny"));
    if (str_eq(s.protocol, STR("tcp")) || str_eq(s.protocol, STR("udp"))) {
        s.from = port_at(ports, "from");
        s.to = port_at(ports, "to");
    }
    add(o, s, text_at(o, request, "cidrBlock"));
    add(o, s, text_at(o, request, "ipv6CidrBlock"));
}

struct kind {
    const char *name;
    void (*read)(struct opening *o, const json_t *request);
    bool is_removal, is_egress;
};

static const struct kind kinds[] = {
    {"AuthorizeSecurityGroupIngress", security_group, false, false},
    {"AuthorizeSecurityGroupEgress", security_group, false, true},
    {"RevokeSecurityGroupIngress", security_group, true, false},
    {"RevokeSecurityGroupEgress", security_group, true, true},
    {"AuthorizeDBSecurityGroupIngress", security_group, false, false},
    {"RevokeDBSecurityGroupIngress", security_group, true, false},
    {"AuthorizeClusterSecurityGroupIngress", security_group, false, false},
    {"RevokeClusterSecurityGroupIngress", security_group, true, false},
    {"ModifySecurityGroupRules", modified_rules, false, false},
    {"CreateNetworkAclEntry", acl_entry, false, false},
    {"ReplaceNetworkAclEntry", acl_entry, false, false},
};

void aws_exposures(const struct aws_call *c, struct event *ev)
{
    const struct kind *kind = NULL;
    struct field request = c->f[AWS_REQUEST];
    struct err err = {0};
    struct opening o;
    json_t *tree;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !kind; i++)
        if (str_eq(c->name, str_from(kinds[i].name)))
            kind = &kinds[i];
    if (!kind || request.kind != FIELD_OBJECT)
        return;
    tree = json_parse(request.raw, &err);
    if (!tree)
        return;
    o = (struct opening){.call = c,
                         .tail = &ev->exposures,
                         .is_removal = kind->is_removal,
                         .is_egress = kind->is_egress};
    kind->read(&o, tree);
    json_decref(tree);
    if (o.count == 0)
        return;
    ev->detail = o.count == 1
                     ? o.first_words
                     : str_print(c->arena, "%.*s (+%zu more)", STR_FMT(o.first_words), o.count - 1);
}
