/*
 * azure: see azure.h.
 */
#include "azure.h"
#include "tree.h"

/* --- members ---------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

const json_t *azure_member(const json_t *object, const char *camel)
{
    const json_t *v = json_member(object, camel);
    char other[64];
    size_t n = 0;

    if (v || strlen(camel) > sizeof other / 2)
        return v;
    for (const char *c = camel; *c && n + 2 < sizeof other; c++) {
        if (is_upper(*c))
            other[n++] = '_';
        other[n++] = is_upper(*c) ? (char)(*c + 32) : *c;
    }
    other[n] = '\0';
    v = json_member(object, other);
    return v ? v : tree_any_case(object, camel);
}

str azure_text(const json_t *object, const char *camel, struct arena *a)
{
    const json_t *v = azure_member(object, camel);
    str text;

    if (json_is_object(v))
        v = tree_any_case(v, "value");
    text = json_text(v, a);
    return str_eq(text, STR("<null>")) ? STR_NONE : str_copy(a, text);
}

json_t *azure_opened(const json_t *value)
{
    enum { DEEPEST = 3 };
    json_t *v = json_incref(json_open(value));

    for (int depth = 0; json_is_string(v) && depth < DEEPEST; depth++) {
        struct err err = {0};
        json_t *inner = json_parse((str){json_string_value(v), json_string_length(v)}, &err);

        json_decref(v);
        v = inner;
    }
    if (json_is_object(v) || json_is_array(v))
        return v;
    json_decref(v);
    return NULL;
}

/* --- which log -------------------------------------------------------------------------------- */

static bool is_any(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(s, str_from(*words)))
            return true;
    return false;
}

static str plain(const json_t *object, const char *key)
{
    const json_t *v = json_member(object, key);

    return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

static enum azure_kind kind_of_category(str category, str resource)
{
    static const char *const activity[] = {
        "Administrative", "Policy",         "Security", "ServiceHealth", "ResourceHealth", "Alert",
        "Autoscale",      "Recommendation", "Write",    "Delete",        "Action",         NULL};
    static const char *const entra[] = {"AuditLogs",
                                        "MicrosoftGraphActivityLogs",
                                        "ProvisioningLogs",
                                        "RiskyUsers",
                                        "UserRiskEvents",
                                        "RiskyServicePrincipals",
                                        NULL};

    if (is_any(category, activity))
        return AZURE_ACTIVITY;
    if (is_any(category, entra) || str_ends(category, STR("SignInLogs")) ||
        str_contains_nocase(resource, STR("/microsoft.aadiam")))
        return AZURE_ENTRA;
    if (str_eq(category, STR("AuditEvent")) &&
        str_contains_nocase(resource, STR("/MICROSOFT.KEYVAULT/")))
        return AZURE_KEYVAULT;
    return AZURE_PLATFORM;
}

/* {"value": …} under any spelling of the key. */
static bool has_value(const json_t *tree, const char *camel)
{
    const json_t *v = azure_member(tree, camel);

    return json_is_object(v) && tree_any_case(v, "value");
}

enum azure_kind azure_kind_of(const json_t *tree)
{
    str category = plain(tree, "category"), resource = plain(tree, "resourceId");

    if (azure_member(tree, "eventTimestamp") && has_value(tree, "operationName"))
        return AZURE_ACTIVITY;
    if (json_member(tree, "OperationNameValue") && json_member(tree, "TimeGenerated"))
        return AZURE_ACTIVITY;
    if (!str_empty(category) && !str_empty(resource) && !str_empty(plain(tree, "operationName")) &&
        !str_empty(plain(tree, "time")))
        return kind_of_category(category, resource);
    if (!str_empty(category) && !str_empty(resource) && !str_empty(plain(tree, "EventName")) &&
        (json_member(tree, "EventTimeString") || json_member(tree, "time")))
        return AZURE_PLATFORM;
    /* As Microsoft Graph gives them, without the envelope of a resource log. */
    if (json_member(tree, "activityDateTime") && json_member(tree, "activityDisplayName") &&
        json_member(tree, "initiatedBy"))
        return AZURE_ENTRA;
    if (json_member(tree, "createdDateTime") && json_path(tree, "status", "errorCode", NULL) &&
        json_member(tree, "appId") && json_member(tree, "ipAddress"))
        return AZURE_ENTRA;
    return AZURE_NONE;
}

/* --- who -------------------------------------------------------------------------------------- */

#define XMLSOAP   "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
#define MICROSOFT "http://schemas.microsoft.com/"

static str first_claim(const json_t *claims, const char *const *keys, struct arena *a)
{
    for (; *keys; keys++) {
        str s = tree_text(claims, *keys, a);

        if (!str_empty(s))
            return s;
    }
    return STR_NONE;
}

/* Applications of Microsoft that people use by hand. */
static enum channel channel_of_application(str id)
{
    static const struct {
        const char *id;
        enum channel channel;
    } known[] = {
        {"04b07795-8ddb-461a-bbee-02f9e1bf7b46", CHANNEL_CLI},     /* Azure CLI */
        {"1950a258-227b-4e31-a9cf-717495945fc2", CHANNEL_CLI},     /* Azure PowerShell */
        {"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", CHANNEL_CONSOLE}, /* the portal */
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(id, str_from(known[i].id)))
            return known[i].channel;
    return CHANNEL_UNKNOWN;
}

/* "pwd,mfa", or the list ["pwd","mfa"] as its text. A password alone is no second factor; of other
 * methods the token does not say what they were worth. */
static enum mfa mfa_of(str methods)
{
    if (str_contains(methods, STR("mfa")))
        return MFA_YES;
    return str_eq(methods, STR("pwd")) ? MFA_NO : MFA_UNKNOWN;
}

static enum actor_type type_of(bool has_person, str token_type, str application, str caller)
{
    if (has_person && !str_eq(token_type, STR("app")))
        return ACTOR_HUMAN;
    if (!str_empty(application) || str_eq(token_type, STR("app")))
        return ACTOR_SERVICE;
    if (str_find_char(caller, '@') != SIZE_MAX)
        return ACTOR_HUMAN;
    return ACTOR_UNKNOWN;
}

void azure_identity(const json_t *claims, str caller, struct event *ev, struct arena *a)
{
    static const char *const people[] = {
        XMLSOAP "upn",          "upn",   XMLSOAP "name", "unique_name",
        XMLSOAP "emailaddress", "email", "name",         NULL};
    static const char *const objects[] = {MICROSOFT "identity/claims/objectidentifier", "oid",
                                          NULL};
    static const char *const methods[] = {MICROSOFT "claims/authnmethodsreferences", "amr", NULL};
    str person = first_claim(claims, people, a), application = tree_text(claims, "appid", a);

    ev->actor = str_or(person, str_or(application, caller));
    if (str_empty(person) && str_find_char(caller, '@') != SIZE_MAX)
        ev->actor = caller;
    ev->actor_id =
        str_or(first_claim(claims, objects, a), str_eq(caller, ev->actor) ? STR_NONE : caller);
    ev->actor_type =
        type_of(!str_empty(person), tree_text(claims, "idtyp", a), application, caller);
    ev->session = tree_text(claims, "sid", a);
    ev->mfa = ev->actor_type == ACTOR_HUMAN ? mfa_of(first_claim(claims, methods, a)) : MFA_UNKNOWN;
    ev->channel = channel_of_application(application);
}

/* --- where ------------------------------------------------------------------------------------ */

/* What follows "/key/" in a resource id. */
static str behind(str id, str key)
{
    size_t at = str_find_nocase(id, key);
    str rest;

    if (at == SIZE_MAX)
        return STR_NONE;
    rest = str_part(id, at + key.len, id.len);
    return str_cut(&rest, '/');
}

void azure_place(str id, struct event *ev, struct arena *a)
{
    str owner = behind(id, STR("/subscriptions/"));

    ev->account = str_lower(a, str_or(owner, behind(id, STR("/tenants/"))));
    ev->place = str_lower(a, behind(id, STR("/resourcegroups/")));
}

/* 192.0.2.1:62289, [2001:db8::1]:443 */
str azure_address(str text)
{
    size_t colon = str_find_last(text, ':');
    bool is_v4 = colon != SIZE_MAX && str_find_char(text, ':') == colon &&
                 str_find_char(text, '.') != SIZE_MAX;

    if (str_starts(text, STR("["))) {
        size_t end = str_find_char(text, ']');

        return end == SIZE_MAX ? text : str_part(text, 1, end);
    }
    if (str_eq(text, STR("<null>")))
        return STR_NONE;
    return is_v4 ? str_part(text, 0, colon) : text;
}

/* --- how it ended ----------------------------------------------------------------------------- */

enum outcome azure_outcome_of_status(uint64_t status)
{
    if (status == 401 || status == 403)
        return OUTCOME_DENIED;
    if (status == 429)
        return OUTCOME_THROTTLED;
    if (status >= 400)
        return OUTCOME_FAILURE;
    return status >= 100 ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
}

bool azure_is_denial(str code)
{
    static const char *const codes[] = {"Forbidden",
                                        "Unauthorized",
                                        "AuthorizationFailed",
                                        "AuthenticationFailed",
                                        "LinkedAuthorizationFailed",
                                        "AuthorizationPermissionMismatch",
                                        "RequestDisallowedByPolicy",
                                        "RequestDisallowedByAzure",
                                        NULL};

    return is_any(code, codes);
}
