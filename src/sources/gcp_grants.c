/*
 * gcp_grants: IAM changes of Google Cloud.
 *
 * What changed in a SetIamPolicy call stands in bindingDeltas (in serviceData, for some services
 * somewhere in metadata); the request only holds the whole new policy. Where there is no delta the
 * whole policy is told, and each grant says so. Beside it: custom roles, memberships of groups and
 * admin roles (Workspace), role bindings of a GKE cluster.
 */
#include "gcp.h"
#include "kubernetes.h"
#include "tree.h"

struct giver {
    const struct gcp_entry *entry;
    struct event *ev;
    struct grant **tail;
    str words;
};

/* --- members ---------------------------------------------------------------------------------- */

static str domain_of(str email)
{
    size_t at = str_find_last(email, '@');

    return at == SIZE_MAX ? STR_NONE : str_part(email, at + 1, email.len);
}

static bool is_everyone(str member)
{
    return str_eq_nocase(member, STR("allUsers")) ||
           str_eq_nocase(member, STR("allAuthenticatedUsers"));
}

static str member_type(str member)
{
    static const struct {
        const char *prefix, *type;
    } kinds[] = {
        {"user:", "human"},         {"serviceAccount:", "service"}, {"group:", "group"},
        {"domain:", "group"},       {"principalSet:", "group"},     {"principal:", "service"},
        {"projectOwner:", "group"}, {"projectEditor:", "group"},    {"projectViewer:", "group"},
    };

    if (is_everyone(member))
        return STR("public");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(member, str_from(kinds[i].prefix)))
            return str_from(kinds[i].type);
    return STR("unknown");
}

/* Of another project (service accounts) or another domain than the one who acts (people, groups,
 * domains). A service account that acts has no domain to compare with. */
static bool is_external(const struct giver *g, str member)
{
    size_t colon = str_find_char(member, ':');
    str name = colon == SIZE_MAX ? member : str_part(member, colon + 1, member.len);
    str theirs = domain_of(name), ours = domain_of(g->ev->actor);
    const str project_end = STR(".iam.gserviceaccount.com");

    if (is_everyone(member))
        return true;
    if (str_starts(member, STR("serviceAccount:"))) {
        str project = str_ends(theirs, project_end)
                          ? str_part(theirs, 0, theirs.len - project_end.len)
                          : STR_NONE;

        return !str_empty(project) && !str_starts(project, STR("gcp-sa-")) &&
               !str_empty(g->ev->account) && !str_ends(project, STR("-system")) &&
               !str_eq(project, g->ev->account);
    }
    if (str_starts(member, STR("domain:")))
        theirs = name;
    if (str_eq(theirs, STR("gmail.com")) || str_eq(theirs, STR("googlemail.com")))
        return !str_eq(theirs, ours);
    return g->ev->actor_type == ACTOR_HUMAN && !str_empty(theirs) && !str_empty(ours) &&
           !str_eq_nocase(theirs, ours);
}

static struct grant *add(struct giver *g, str member, str role, str scope, bool is_removal)
{
    struct grant *one = arena_new(g->entry->arena, struct grant, 1);

    one->is_removal = is_removal;
    one->grantee = member;
    one->grantee_type = member_type(member);
    one->permission = role;
    one->scope = scope;
    one->is_public = is_everyone(member);
    one->is_external = is_external(g, member);
    *g->tail = one;
    g->tail = &one->next;
    if (str_empty(g->words))
        g->words = str_print(g->entry->arena, "%.*s %s %.*s", STR_FMT(role),
                             is_removal ? "taken from" : "to", STR_FMT(member));
    return one;
}

/* --- policies --------------------------------------------------------------------------------- */

static str condition_of(const json_t *binding, struct arena *a)
{
    const json_t *condition = json_member(binding, "condition");

    return str_or(tree_text(condition, "title", a), tree_text(condition, "expression", a));
}

static void add_deltas(struct giver *g, const json_t *deltas)
{
    struct arena *a = g->entry->arena;

    for (size_t i = 0; i < json_array_size(deltas); i++) {
        const json_t *d = json_array_get(deltas, i);
        str member = tree_text(d, "member", a);

        if (!str_empty(member))
            add(g, member, tree_text(d, "role", a), g->ev->resource,
                str_eq_nocase(tree_text(d, "action", a), STR("REMOVE")))
                ->condition = condition_of(d, a);
    }
}

/* bindingDeltas, wherever in serviceData or metadata the service puts them. */
static bool find_deltas(struct giver *g, const json_t *v, int depth)
{
    const json_t *deltas = json_member(v, "bindingDeltas");
    const char *key;
    json_t *inner;
    bool found = json_array_size(deltas) > 0;

    add_deltas(g, deltas);
    json_object_foreach (json_open(v), key, inner)
        if (depth < 4 && json_is_object(inner) && find_deltas(g, inner, depth + 1))
            found = true;
    return found;
}

/* {"auditConfigDeltas":[{"action":"REMOVE","service":"allServices","logType":"DATA_READ"}]} */
static void tell_audit_config(struct giver *g, const json_t *service_data)
{
    const json_t *deltas = json_path(service_data, "policyDelta", "auditConfigDeltas", NULL);
    struct arena *a = g->entry->arena;

    for (size_t i = 0; i < json_array_size(deltas); i++) {
        const json_t *d = json_array_get(deltas, i);
        str action = tree_text(d, "action", a), service = tree_text(d, "service", a),
            type = tree_text(d, "logType", a);
        str exempted = tree_text(d, "exemptedMember", a);
        str one =
            str_print(a, "audit config %.*s %.*s %.*s%s%.*s", STR_FMT(action), STR_FMT(service),
                      STR_FMT(type), str_empty(exempted) ? "" : " for ", STR_FMT(exempted));

        g->ev->detail = str_join(a, g->ev->detail, STR(", "), one);
    }
}

static void add_whole_policy(struct giver *g, const json_t *request)
{
    struct arena *a = g->entry->arena;
    const json_t *bindings = json_path(request, "policy", "bindings", NULL);

    for (size_t i = 0; i < json_array_size(bindings); i++) {
        const json_t *b = json_array_get(bindings, i), *members = json_member(b, "members");
        str role = tree_text(b, "role", a);

        for (size_t k = 0; k < json_array_size(members); k++) {
            str member = str_copy(a, json_text(json_array_get(members, k), a));

            add(g, member, role, g->ev->resource, false)->condition =
                str_join(a, condition_of(b, a), STR(", "),
                         STR("as the whole policy now says; what changed is not recorded"));
        }
    }
}

/* --- custom roles, groups, clusters ----------------------------------------------------------- */

/* A role that can set policies can give itself everything. */
static void add_custom_role(struct giver *g, const json_t *request)
{
    struct arena *a = g->entry->arena;
    const json_t *permissions = json_path(request, "role", "included_permissions", NULL);
    bool is_admin = false;
    struct grant *one;

    if (!permissions)
        permissions = json_path(request, "role", "includedPermissions", NULL);
    for (size_t i = 0; i < json_array_size(permissions); i++)
        is_admin = is_admin ||
                   str_ends(json_text(json_array_get(permissions, i), a), STR(".setIamPolicy"));
    if (json_array_size(permissions) == 0)
        return;
    one = add(g, g->ev->resource, STR("custom role"), g->ev->account, false);
    one->grantee_type = STR("unknown");
    one->is_admin = is_admin;
    one->is_external = false;
    g->words = str_print(a, "custom role with %zu permissions%s", json_array_size(permissions),
                         is_admin ? ", among them setIamPolicy" : "");
}

/* metadata.event[].parameter[]: {"name":"USER_EMAIL","value":"..."} */
static str parameter(const json_t *event, const char *name, struct arena *a)
{
    const json_t *list = json_member(event, "parameter");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i);

        if (str_eq_nocase(json_get_text(p, "name", a), str_from(name)))
            return tree_text(p, "value", a);
    }
    return STR_NONE;
}

static void add_workspace(struct giver *g, const json_t *metadata)
{
    struct arena *a = g->entry->arena;
    const json_t *events = json_member(metadata, "event");

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *one = json_array_get(events, i);
        str what = tree_text(one, "eventName", a), user = parameter(one, "USER_EMAIL", a);
        str group = parameter(one, "GROUP_EMAIL", a), role = parameter(one, "ROLE_NAME", a);
        bool is_removal = str_contains(what, STR("REMOVE")) ||
                          str_contains(what, STR("UNASSIGN")) || str_contains(what, STR("REVOKE"));
        struct grant *made;

        if (str_empty(user) ||
            (str_empty(group) && str_empty(role) && !str_contains(what, STR("ADMIN_PRIVILEGE"))))
            continue;
        made = add(g, user, str_empty(group) ? str_or(role, STR("administrator")) : STR("member"),
                   str_or(group, g->ev->account), is_removal);
        made->grantee_type = STR("human");
        made->is_admin =
            str_contains(what, STR("ADMIN_PRIVILEGE")) || str_eq(role, STR("_SEED_ADMIN_ROLE"));
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

static json_t *parse(struct field f)
{
    struct err err = {0};

    return f.kind == FIELD_OBJECT ? json_parse(f.raw, &err) : NULL;
}

static bool is_role_method(str word)
{
    return str_eq_nocase(word, STR("CreateRole")) || str_eq_nocase(word, STR("UpdateRole"));
}

static bool is_binding_method(str method)
{
    return str_contains(method, STR("rolebindings.")) && !str_ends(method, STR(".delete"));
}

static void set_verb(struct event *ev)
{
    bool is_giving = false;

    for (const struct grant *g = ev->grants; g; g = g->next)
        is_giving = is_giving || !g->is_removal;
    if (ev->verb == VERB_GRANT && ev->grants && !is_giving)
        ev->verb = VERB_REVOKE;
    else if (ev->verb == VERB_UPDATE && ev->grants)
        ev->verb = is_giving ? VERB_GRANT : VERB_REVOKE;
}

void gcp_grants(const struct gcp_entry *e, struct event *ev)
{
    struct giver g = {.entry = e, .ev = ev, .tail = &ev->grants};
    bool is_policy = str_contains_nocase(e->word, STR("SetIamPolicy")) ||
                     str_contains_nocase(e->word, STR("setIamPermissions"));
    bool has_delta = str_contains(e->f[GCP_SERVICE_DATA].raw, STR("policyDelta")) ||
                     str_contains(e->f[GCP_METADATA].raw, STR("bindingDeltas"));
    bool is_workspace = str_eq(e->service, STR("admin.googleapis.com"));
    bool is_role = is_role_method(e->word), is_binding = is_binding_method(e->method);
    json_t *data, *metadata, *request;

    if (!is_policy && !has_delta && !is_workspace && !is_role && !is_binding)
        return;
    data = parse(e->f[GCP_SERVICE_DATA]);
    metadata = parse(e->f[GCP_METADATA]);
    request = parse(e->f[GCP_REQUEST]);
    tell_audit_config(&g, data);
    has_delta = find_deltas(&g, data, 0);
    has_delta = find_deltas(&g, metadata, 0) || has_delta;
    if (is_policy && !has_delta && str_empty(ev->detail))
        add_whole_policy(&g, request);
    if (is_workspace)
        add_workspace(&g, metadata);
    if (is_role)
        add_custom_role(&g, request);
    if (is_binding)
        g.tail = kubernetes_binding(
            request,
            str_join(e->arena, ev->place, STR("/"),
                     tree_path_text(e->arena, request, "metadata", "namespace", NULL)),
            false, e->arena, g.tail, &g.words);
    json_decref(data);
    json_decref(metadata);
    json_decref(request);
    if (str_empty(ev->detail))
        ev->detail = g.words;
    set_verb(ev);
}

/* Cloud Identity: how one signed in stands in parameters, whether it worked in the method's name.
 */
void gcp_sign_in(const struct gcp_entry *e, struct event *ev)
{
    json_t *metadata = parse(e->f[GCP_METADATA]);
    const json_t *event = json_array_get(json_member(metadata, "event"), 0);
    const json_t *list = json_member(event, "parameter");
    str affected = parameter(event, "affected_email_address", e->arena),
        type = parameter(event, "login_type", e->arena);

    if (str_contains_nocase(e->word, STR("Failure")))
        ev->outcome = OUTCOME_FAILURE;
    if (ev->verb == VERB_UNKNOWN)
        ev->outcome = OUTCOME_UNKNOWN; /* a warning: nobody did anything */
    if (!str_empty(affected)) {
        ev->detail = str_print(e->arena, "affects %.*s", STR_FMT(affected));
        event_add_resource(ev, affected, STR("user"), e->arena);
    }
    if (ev->verb == VERB_LOGIN && (str_eq(type, STR("saml")) || str_eq(type, STR("exchange"))))
        ev->mfa = MFA_ASSERTED;
    for (size_t i = 0; ev->verb == VERB_LOGIN && i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i), *ways = json_member(p, "multiStrValue");

        if (!str_eq(json_get_text(p, "name", e->arena), STR("login_challenge_method")) ||
            ev->mfa == MFA_ASSERTED)
            continue;
        ev->mfa = MFA_NO;
        for (size_t k = 0; k < json_array_size(ways); k++)
            if (!str_eq(json_text(json_array_get(ways, k), e->arena), STR("password")))
                ev->mfa = MFA_YES;
    }
    json_decref(metadata);
}
