/*
 * azure-entra: the directory of Azure (Entra ID): who altered users, groups, roles, applications
 * and policies, and who signed in.
 *
 * Format: ../shared/formats-cloud.md 8.4. Read here: diagnostic settings (AuditLogs, the four kinds
 * of SignInLogs, Graph activity) and the same objects as Microsoft Graph gives them, without the
 * envelope. What exports get wrong: the outcome of an audit entry stands in properties only; values
 * are JSON in strings; initiatedBy names a user, an app, both or nobody; a sign-in that was
 * interrupted to ask for more has the code of an error and is none.
 */
#include "azure.h"
#include "tree.h"

struct entry {
    const json_t *tree;
    json_t *properties; /* owned; the tree itself when there is no envelope */
    struct arena *arena;
    str operation, category, resource;
};

static int probe(const struct record *rec, const json_t *tree)
{
    (void)rec;
    return azure_kind_of(tree) == AZURE_ENTRA ? 90 : 0;
}

static str text_of(const struct entry *e, const char *key)
{
    return azure_text(e->tree, key, e->arena);
}

static str property(const struct entry *e, const char *key)
{
    return azure_text(e->properties, key, e->arena);
}

/* --- audit: what kind of act ------------------------------------------------------------------ */

static bool is_one_of(str operation, const char *const *patterns)
{
    for (; *patterns; patterns++)
        if (str_glob_nocase(str_from(*patterns), operation))
            return true;
    return false;
}

static enum verb audit_verb(str operation, str type)
{
    static const char *const grants[] = {"Add * to role*",
                                         "Add member to *",
                                         "Add owner to *",
                                         "Add app role assignment*",
                                         "Add delegated permission grant*",
                                         "Add eligible member*",
                                         "Consent to application*",
                                         NULL};
    static const char *const removals[] = {"Remove * from role*",
                                           "Remove member from *",
                                           "Remove owner from *",
                                           "Remove app role assignment*",
                                           "Remove delegated permission grant*",
                                           "Remove eligible member*",
                                           "Revoke consent*",
                                           NULL};
    static const char *const settings[] = {"*policy*", "Set *authentication*", "*company*",
                                           "*partner*", NULL};
    static const struct {
        const char *pattern;
        enum verb verb;
    } words[] = {
        {"Add *", VERB_CREATE},    {"Create *", VERB_CREATE},      {"Invite *", VERB_CREATE},
        {"Delete *", VERB_DELETE}, {"Hard Delete *", VERB_DELETE}, {"Remove *", VERB_DELETE},
        {"Get *", VERB_READ},      {"List *", VERB_LIST},          {"Download *", VERB_EXPORT},
    };

    if (is_one_of(operation, grants))
        return VERB_GRANT;
    if (is_one_of(operation, removals))
        return VERB_REVOKE;
    if (is_one_of(operation, settings))
        return VERB_CONFIG;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_glob_nocase(str_from(words[i].pattern), operation))
            return words[i].verb;
    if (str_eq_nocase(type, STR("Assign")))
        return VERB_GRANT;
    return str_eq_nocase(type, STR("Unassign")) ? VERB_REVOKE : VERB_UPDATE;
}

/* --- audit: who and on what ------------------------------------------------------------------- */

static void audit_actor(const struct entry *e, struct event *ev)
{
    const json_t *by = json_member(e->properties, "initiatedBy");
    const json_t *user = json_member(by, "user"), *app = json_member(by, "app");
    struct arena *a = e->arena;
    str name = tree_text(user, "userPrincipalName", a);

    if (!str_empty(name) || tree_has(user, "id")) {
        ev->actor =
            str_or(name, str_or(tree_text(user, "displayName", a), tree_text(user, "id", a)));
        ev->actor_id = tree_text(user, "id", a);
        ev->actor_type = ACTOR_HUMAN;
    } else if (json_object_size(app)) {
        ev->actor = str_or(tree_text(app, "displayName", a), tree_text(app, "appId", a));
        ev->actor_id = str_or(tree_text(app, "servicePrincipalId", a), tree_text(app, "appId", a));
        ev->actor_type = ACTOR_SERVICE;
    } else {
        ev->actor = text_of(e, "identity");
        ev->actor_type = str_empty(ev->actor) ? ACTOR_UNKNOWN : ACTOR_PROVIDER;
    }
    ev->source_ip = azure_address(azure_text(user, "ipAddress", a));
    if (str_empty(ev->source_ip) || str_eq(ev->source_ip, STR("0.0.0.0")))
        ev->source_ip = azure_address(text_of(e, "callerIpAddress"));
}

static str target_name(const json_t *target, struct arena *a)
{
    str name = tree_text(target, "userPrincipalName", a);

    name = str_or(name, tree_text(target, "displayName", a));
    return str_or(name, tree_text(target, "id", a));
}

static void audit_targets(const struct entry *e, struct event *ev)
{
    const json_t *targets = json_member(e->properties, "targetResources");

    for (size_t i = 0; i < json_array_size(targets); i++) {
        const json_t *one = json_array_get(targets, i);
        str name = target_name(one, e->arena), type = tree_text(one, "type", e->arena);

        if (str_empty(ev->resource)) {
            ev->resource = name;
            ev->resource_type = type;
        } else if (!str_eq(name, ev->resource)) {
            event_add_resource(ev, name, type, e->arena);
        }
    }
    if (str_empty(ev->resource)) {
        ev->resource = e->resource;
        ev->resource_type = STR("Directory");
    } else {
        event_add_resource(ev, e->resource, STR("Directory"), e->arena);
    }
}

/* --- audit: grants ---------------------------------------------------------------------------- */

/* modifiedProperties: {"displayName":"Role.DisplayName","newValue":"\"Global Administrator\""} */
static str modified(const struct entry *e, const char *name)
{
    const json_t *targets = json_member(e->properties, "targetResources");

    for (size_t i = 0; i < json_array_size(targets); i++) {
        const json_t *list = json_member(json_array_get(targets, i), "modifiedProperties");

        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *one = json_array_get(list, k);
            str value =
                str_or(tree_text(one, "newValue", e->arena), tree_text(one, "oldValue", e->arena));

            if (!str_eq(json_get_text(one, "displayName", e->arena), str_from(name)))
                continue;
            if (value.len >= 2 && value.ptr[0] == '"')
                value = str_part(value, 1, value.len - 1);
            if (!str_empty(value))
                return value;
        }
    }
    return STR_NONE;
}

static str grantee_type(str type)
{
    if (str_eq_nocase(type, STR("User")))
        return STR("human");
    if (str_eq_nocase(type, STR("ServicePrincipal")) || str_eq_nocase(type, STR("Application")))
        return STR("service");
    return str_eq_nocase(type, STR("Group")) ? STR("group") : STR("unknown");
}

/* Who can give themselves everything in the directory. */
static bool is_admin_role(str role)
{
    static const char *const roles[] = {"Global Administrator",
                                        "Company Administrator",
                                        "TenantAdmins",
                                        "Privileged Role Administrator",
                                        "Privileged Authentication Administrator",
                                        NULL};

    return is_one_of(role, roles);
}

static void audit_grant(const struct entry *e, struct event *ev)
{
    const json_t *first = json_array_get(json_member(e->properties, "targetResources"), 0);
    struct arena *a = e->arena;
    str role = modified(e, "Role.DisplayName"), group = modified(e, "Group.DisplayName");
    struct grant *g;

    if (!first || (ev->verb != VERB_GRANT && ev->verb != VERB_REVOKE))
        return;
    role = str_or(role, modified(e, "AppRole.Value"));
    role = str_or(role, modified(e, "DelegatedPermissionGrant.Scope"));
    if (str_empty(role))
        role = str_empty(group) ? ev->action : STR("member");
    g = arena_new(a, struct grant, 1);
    g->is_removal = ev->verb == VERB_REVOKE;
    g->grantee = target_name(first, a);
    g->grantee_type = grantee_type(tree_text(first, "type", a));
    g->is_external = str_contains(g->grantee, STR("#EXT#"));
    g->permission = role;
    g->is_admin = is_admin_role(role);
    g->scope = str_or(group, ev->account);
    ev->grants = g;
    ev->detail = str_print(a, "%.*s %s %.*s", STR_FMT(str_join(a, role, STR(" of "), group)),
                           g->is_removal ? "taken from" : "to", STR_FMT(g->grantee));
}

static void map_audit(const struct entry *e, struct event *ev)
{
    str result = property(e, "result");

    audit_actor(e, ev);
    audit_targets(e, ev);
    ev->verb = audit_verb(e->operation, property(e, "operationType"));
    ev->service = str_or(property(e, "loggedByService"), STR("Core Directory"));
    if (str_eq_nocase(result, STR("success")))
        ev->outcome = OUTCOME_SUCCESS;
    else if (!str_empty(result))
        ev->outcome = OUTCOME_FAILURE;
    if (ev->outcome == OUTCOME_FAILURE) {
        ev->error = result;
        ev->error_text = property(e, "resultReason");
        if (str_contains_nocase(ev->error_text, STR("Authorization_RequestDenied")))
            ev->outcome = OUTCOME_DENIED;
    }
    ev->user_agent = property(e, "userAgent");
    if (ev->actor_type == ACTOR_PROVIDER)
        ev->channel = CHANNEL_PROVIDER;
    audit_grant(e, ev);
}

/* --- sign-ins --------------------------------------------------------------------------------- */

/* The user was asked for more: a second factor, consent, a new password, "stay signed in?". */
static bool is_interrupt(str code)
{
    static const char *const codes[] = {"16000", "16001", "50055", "50058", "50072", "50074",
                                        "50076", "50079", "50097", "50125", "50127", "50129",
                                        "50140", "50143", "50144", "50158", "50203", "50207",
                                        "51006", "52004", "65001", NULL};

    return is_one_of(code, codes);
}

static bool is_denial(str code)
{
    static const char *const codes[] = {"53000", "53001",  "53002", "53003",
                                        "50105", "500011", "90094", NULL};

    return is_one_of(code, codes);
}

/* What the steps say: "MFA requirement satisfied by claim in the token", "… by claim provided by
 * external provider"; a step that succeeded by something else than a password. */
static enum mfa mfa_of_steps(const json_t *steps, struct arena *a)
{
    enum mfa mfa = MFA_UNKNOWN;

    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        str detail = tree_text(step, "authenticationStepResultDetail", a);
        str asked = tree_text(step, "authenticationStepRequirement", a);

        if (str_contains_nocase(detail, STR("external provider")))
            return MFA_ASSERTED;
        if (str_starts_nocase(detail, STR("MFA requirement satisfied")) ||
            (str_starts_nocase(asked, STR("Multi")) && json_truth(json_member(step, "succeeded"))))
            mfa = MFA_YES;
    }
    return mfa;
}

/* A token that is renewed says nothing about how its owner once signed in, nor does a program. */
static enum mfa sign_in_mfa(const struct entry *e, const struct event *ev)
{
    enum mfa mfa = mfa_of_steps(json_member(e->properties, "authenticationDetails"), e->arena);
    str needed = property(e, "authenticationRequirement");
    bool is_interactive = str_eq(e->category, STR("SignInLogs")) &&
                          !json_is_false(json_member(e->properties, "isInteractive"));

    if (mfa != MFA_UNKNOWN || ev->outcome != OUTCOME_SUCCESS || ev->actor_type != ACTOR_HUMAN)
        return mfa;
    if (json_object_size(json_member(e->properties, "mfaDetail")) ||
        str_eq_nocase(needed, STR("multiFactorAuthentication")))
        return MFA_YES;
    return is_interactive && str_eq_nocase(needed, STR("singleFactorAuthentication")) ? MFA_NO
                                                                                      : MFA_UNKNOWN;
}

static void sign_in_outcome(const struct entry *e, struct event *ev)
{
    const json_t *status = json_member(e->properties, "status");
    str code = text_of(e, "resultType");
    bool is_refused = str_eq_nocase(property(e, "conditionalAccessStatus"), STR("failure"));

    if (str_empty(code))
        code = tree_text(status, "errorCode", e->arena);
    if (str_empty(code))
        return;
    if (str_eq(code, STR("0"))) {
        ev->outcome = OUTCOME_SUCCESS;
        return;
    }
    ev->outcome = is_interrupt(code) && !is_refused ? OUTCOME_PENDING
                  : is_denial(code)                 ? OUTCOME_DENIED
                                                    : OUTCOME_FAILURE;
    ev->error = code;
    ev->error_text =
        str_or(tree_text(status, "failureReason", e->arena), text_of(e, "resultDescription"));
}

static void map_sign_in(const struct entry *e, struct event *ev)
{
    str user = property(e, "userPrincipalName"), application = property(e, "appDisplayName");
    str id = property(e, "userId");

    ev->verb = VERB_LOGIN;
    ev->service = STR("Sign-in");
    if (!str_empty(user) || !str_empty(id)) {
        ev->actor = str_or(user, id);
        ev->actor_id = id;
        ev->actor_type = ACTOR_HUMAN;
    } else {
        ev->actor = str_or(property(e, "servicePrincipalName"), property(e, "appId"));
        ev->actor_id = property(e, "servicePrincipalId");
        ev->actor_type = ACTOR_SERVICE;
        ev->credential = property(e, "servicePrincipalCredentialKeyId");
    }
    ev->session = property(e, "sessionId");
    ev->resource = e->resource;
    ev->resource_type = STR("Directory");
    ev->source_ip = azure_address(text_of(e, "callerIpAddress"));
    if (str_empty(ev->source_ip))
        ev->source_ip = azure_address(property(e, "ipAddress"));
    ev->user_agent = property(e, "userAgent");
    ev->channel = channel_from_user_agent(ev->user_agent);
    sign_in_outcome(e, ev);
    ev->mfa = sign_in_mfa(e, ev);
    if (!str_empty(application))
        ev->detail = str_print(e->arena, "to %.*s", STR_FMT(application));
}

/* --- calls of Microsoft Graph, and what else the directory logs ------------------------------- */

static void map_other(const struct entry *e, struct event *ev)
{
    str method = property(e, "requestMethod"), code = property(e, "responseStatusCode");
    uint64_t status = 0;

    code = str_or(code, text_of(e, "resultSignature"));
    if (str_to_u64(code, &status))
        ev->outcome = azure_outcome_of_status(status);
    if (ev->outcome != OUTCOME_SUCCESS && ev->outcome != OUTCOME_UNKNOWN)
        ev->error = code;
    ev->actor = str_or(property(e, "UserPrincipalObjectID"),
                       str_or(property(e, "userPrincipalName"), property(e, "servicePrincipalId")));
    ev->actor = str_or(ev->actor, property(e, "appId"));
    ev->actor_id = property(e, "userId");
    ev->actor_type = str_empty(ev->actor)      ? ACTOR_UNKNOWN
                     : str_empty(ev->actor_id) ? ACTOR_SERVICE
                                               : ACTOR_HUMAN;
    ev->service = STR("Microsoft Graph");
    ev->resource = str_or(property(e, "requestUri"), e->resource);
    if (!str_eq(ev->resource, e->resource))
        event_add_resource(ev, e->resource, STR("Directory"), e->arena);
    ev->source_ip = azure_address(text_of(e, "callerIpAddress"));
    ev->user_agent = property(e, "userAgent");
    ev->channel = channel_from_user_agent(ev->user_agent);
    if (str_eq(method, STR("GET")))
        ev->verb = VERB_READ;
    else if (str_eq(method, STR("DELETE")))
        ev->verb = VERB_DELETE;
    else if (!str_empty(method))
        ev->verb = VERB_UPDATE;
}

/* --- the entry -------------------------------------------------------------------------------- */

static void entry_open(struct entry *e)
{
    bool is_audit = json_member(e->tree, "activityDateTime") != NULL;

    e->properties = azure_opened(json_member(e->tree, "properties"));
    e->operation = text_of(e, "operationName");
    e->category = text_of(e, "category");
    e->resource = text_of(e, "resourceId");
    if (e->properties)
        return;
    e->properties = json_incref(json_open(e->tree));
    e->category = is_audit ? STR("AuditLogs") : STR("SignInLogs");
    e->operation = is_audit ? text_of(e, "activityDisplayName") : STR("Sign-in activity");
    e->resource = STR_NONE;
}

static const char *map_time(const struct entry *e, struct event *ev)
{
    str text = text_of(e, "time");

    if (str_empty(text))
        text = str_or(property(e, "activityDateTime"), property(e, "createdDateTime"));
    if (str_empty(text))
        return "the time of the event is missing";
    return event_set_time(ev, text) && ev->time.is_set ? NULL
                                                       : "the time of the event cannot be read";
}

static const char *map_entry(const struct entry *e, struct event *ev)
{
    const char *why = map_time(e, ev);

    if (why)
        return why;
    ev->action = e->operation;
    azure_place(e->resource, ev, e->arena);
    if (str_empty(ev->account))
        ev->account = str_lower(e->arena, text_of(e, "tenantId"));
    if (str_eq(e->category, STR("AuditLogs")))
        map_audit(e, ev);
    else if (str_ends(e->category, STR("SignInLogs")))
        map_sign_in(e, ev);
    else
        map_other(e, ev);
    ev->request = text_of(e, "correlationId");
    if (str_empty(ev->request))
        ev->request = property(e, "correlationId");
    ev->native_id = property(e, "id");
    return NULL;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    json_t *tree = tree_open(rec, m);
    struct entry e = {.tree = tree, .arena = m->arena};
    enum map_result result = MAP_REJECT;

    if (!tree)
        return MAP_REJECT;
    if (azure_kind_of(tree) != AZURE_ENTRA) {
        result = MAP_FOREIGN;
    } else {
        entry_open(&e);
        m->why = map_entry(&e, &ev);
        if (!m->why) {
            m->emit(m, &ev);
            result = MAP_DONE;
        }
        json_decref(e.properties);
    }
    json_decref(tree);
    return result;
}

const struct source source_azure_entra = {
    .name = "azure-entra",
    .title = "Entra ID audit and sign-in logs",
    .reads = "diagnostic settings (AuditLogs, SignInLogs and their kin), the same as Microsoft "
             "Graph or the portal gives them",
    .shape = SHAPE_JSON,
    .gives = GIVES_SIGN_IN | GIVES_CLOUD_AUDIT,
    .is_continuous = true,
    .probe = probe,
    .map = map,
};
