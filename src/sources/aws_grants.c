/*
 * aws_grants: which calls give or take permissions, and what they say about it.
 *
 * Two ways in. Calls that attach something by name stand in a table: who, what, on what. Everything
 * else that carries a policy document (roles, buckets, keys, topics, queues, functions,
 * repositories ...) is found by the document itself, wherever in the request it stands: as an
 * object, as JSON in a string, URL-encoded or not. Documents that are cut off (CloudTrail keeps 100
 * KB of a request) are noted: their grants are unknown.
 */
#include "aws_grants.h"

#include <string.h>

#include "base/ascii.h"

/* --- one grant -------------------------------------------------------------------------------- */

str aws_asked(const struct aws_giver *m, const char *key)
{
    return str_copy(m->call->arena, json_get_text(m->request, key, m->call->arena));
}

struct grant *aws_give(struct aws_giver *m, str grantee, const char *grantee_type, str permission,
                       str scope, bool is_removal)
{
    struct grant *g = arena_new(m->call->arena, struct grant, 1);

    g->grantee = grantee;
    g->grantee_type = str_from(grantee_type);
    g->permission = permission;
    g->scope = scope;
    g->is_removal = is_removal;
    *m->tail = g;
    m->tail = &g->next;
    return g;
}

struct grant *aws_give_principal(struct aws_giver *m, str principal, str permission, str scope,
                                 bool is_removal)
{
    str account = m->call->account;
    struct grant *g = aws_give(m, principal, "unknown", permission, scope, is_removal);

    g->grantee_type = aws_principal_type(principal, account);
    g->is_public = str_eq(principal, STR("*"));
    g->is_external = aws_is_external(principal, account);
    if (str_empty(m->summary))
        m->summary = str_print(m->call->arena, "%.*s %s %.*s", STR_FMT(permission),
                               is_removal ? "taken from" : "to",
                               STR_FMT(g->is_public ? STR("everyone") : principal));
    return g;
}

/* --- attachments ------------------------------------------------------------------------------ */

struct attachment {
    const char *service, *name;
    const char *grantee_key, *grantee_type;
    const char *permission_key;
    const char *scope_key; /* NULL: the account */
    bool is_removal;
};

static const struct attachment attachments[] = {
    {"iam", "AttachUserPolicy", "userName", "human", "policyArn", NULL, false},
    {"iam", "AttachRolePolicy", "roleName", "service", "policyArn", NULL, false},
    {"iam", "AttachGroupPolicy", "groupName", "group", "policyArn", NULL, false},
    {"iam", "DetachUserPolicy", "userName", "human", "policyArn", NULL, true},
    {"iam", "DetachRolePolicy", "roleName", "service", "policyArn", NULL, true},
    {"iam", "DetachGroupPolicy", "groupName", "group", "policyArn", NULL, true},
    {"iam", "DeleteUserPolicy", "userName", "human", "policyName", NULL, true},
    {"iam", "DeleteRolePolicy", "roleName", "service", "policyName", NULL, true},
    {"iam", "DeleteGroupPolicy", "groupName", "group", "policyName", NULL, true},
    {"iam", "SetDefaultPolicyVersion", "policyArn", "unknown", "policyArn", NULL, false},
    {"iam", "DeletePolicy", "policyArn", "unknown", "policyArn", NULL, true},
    {"iam", "DeletePolicyVersion", "policyArn", "unknown", "policyArn", NULL, true},
    {"iam", "AddUserToGroup", "userName", "human", "groupName", NULL, false},
    {"iam", "RemoveUserFromGroup", "userName", "human", "groupName", NULL, true},
    {"iam", "AddRoleToInstanceProfile", "instanceProfileName", "service", "roleName", NULL, false},
    {"iam", "RemoveRoleFromInstanceProfile", "instanceProfileName", "service", "roleName", NULL,
     true},
    {"sso", "CreateAccountAssignment", "principalId", "unknown", "permissionSetArn", "targetId",
     false},
    {"sso", "DeleteAccountAssignment", "principalId", "unknown", "permissionSetArn", "targetId",
     true},
    {"sso", "AttachManagedPolicyToPermissionSet", "permissionSetArn", "group", "managedPolicyArn",
     NULL, false},
    {"sso", "DetachManagedPolicyFromPermissionSet", "permissionSetArn", "group", "managedPolicyArn",
     NULL, true},
    {"eks", "AssociateAccessPolicy", "principalArn", "unknown", "policyArn", "name", false},
    {"eks", "DisassociateAccessPolicy", "principalArn", "unknown", "policyArn", "name", true},
    {"eks", "DeleteAccessEntry", "principalArn", "unknown", "", "name", true},
};

/* "iam" of "iam.amazonaws.com" */
static bool is_service(const struct aws_call *c, const char *service)
{
    size_t dot = str_find_char(c->service, '.');

    return str_eq(str_part(c->service, 0, dot == SIZE_MAX ? c->service.len : dot),
                  str_from(service));
}

static const struct attachment *find_attachment(const struct aws_call *c)
{
    for (size_t i = 0; i < sizeof attachments / sizeof *attachments; i++)
        if (str_eq(c->name, str_from(attachments[i].name)) && is_service(c, attachments[i].service))
            return &attachments[i];
    return NULL;
}

/* "policy AdministratorAccess" */
static str attachment_words(const struct attachment *t, str permission, struct arena *a)
{
    size_t slash = str_find_last(permission, '/');
    str name = slash == SIZE_MAX ? permission : str_part(permission, slash + 1, permission.len);
    const char *kind = strcmp(t->permission_key, "groupName") == 0          ? "group"
                       : strcmp(t->permission_key, "roleName") == 0         ? "role"
                       : strcmp(t->permission_key, "permissionSetArn") == 0 ? "permission set"
                                                                            : "policy";

    return str_print(a, "%s %.*s", kind, STR_FMT(name));
}

static void attach(struct aws_giver *m, const struct attachment *t)
{
    const struct aws_call *c = m->call;
    str grantee = aws_asked(m, t->grantee_key), type = aws_asked(m, "principalType");
    str permission = *t->permission_key ? aws_asked(m, t->permission_key) : STR("access entry");
    struct grant *g;

    g = aws_give(m, grantee, t->grantee_type, permission,
                 t->scope_key ? aws_asked(m, t->scope_key) : c->account, t->is_removal);
    m->summary = attachment_words(t, permission, c->arena);
    if (str_eq_nocase(type, STR("USER")))
        g->grantee_type = STR("human");
    else if (str_eq_nocase(type, STR("GROUP")))
        g->grantee_type = STR("group");
    else if (str_starts(grantee, STR("arn:")) && str_eq(g->grantee_type, STR("unknown")))
        g->grantee_type = aws_principal_type(grantee, c->account);
    if (str_contains(grantee, STR(":role/")) || str_contains(grantee, STR(":user/")))
        g->is_external = aws_is_external(grantee, c->account);
}

/* --- documents -------------------------------------------------------------------------------- */

/* IAM answers, and some callers ask, with URL-encoded documents. */
static str url_decoded(str s, struct arena *a)
{
    char *out = arena_alloc(a, s.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        int high = s.ptr[i] == '%' && i + 2 < s.len ? ascii_hex(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex(s.ptr[i + 2]) : -1;

        if (low >= 0) {
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    return (str){out, n};
}

/* Who holds an identity policy, which name it has; what a resource policy stands on. */
static struct aws_policy_use use_of(const struct aws_giver *m, const char *key)
{
    struct aws_policy_use use = {.account = m->call->account};
    str user = aws_asked(m, "userName"), role = aws_asked(m, "roleName"),
        group = aws_asked(m, "groupName"), set = aws_asked(m, "permissionSetArn");

    use.permission = str_or(aws_asked(m, "policyArn"), aws_asked(m, "policyName"));
    if (!str_empty(user)) {
        use.grantee = user;
        use.grantee_type = STR("human");
    } else if (!str_empty(role)) {
        use.grantee = role;
        use.grantee_type = STR("service");
    } else if (!str_empty(group) || !str_empty(set)) {
        use.grantee = str_or(group, set);
        use.grantee_type = STR("group");
        use.permission = str_or(use.permission, STR("inline policy"));
    } else {
        use.grantee = str_or(use.permission, aws_asked(m, "name"));
        use.grantee_type = STR("unknown");
    }
    if (strcmp(key, "assumeRolePolicyDocument") == 0 ||
        str_eq(m->call->name, STR("UpdateAssumeRolePolicy"))) {
        use.permission = STR_NONE;
        use.scope = role;
    } else if (!str_eq(m->call->service, STR("iam.amazonaws.com"))) {
        static const char *const objects[] = {
            "bucketName",   "keyId",        "topicArn",   "queueUrl",  "repositoryName",
            "secretId",     "functionName", "domainName", "vaultName", "backupVaultName",
            "fileSystemId", "resourceArn",  "restApiId",  NULL};

        for (const char *const *o = objects; *o && str_empty(use.scope); o++)
            use.scope = aws_asked(m, *o);
        use.permission = STR_NONE;
    }
    return use;
}

static void document(struct aws_giver *m, const char *key, const json_t *doc)
{
    struct aws_policy_use use = use_of(m, key);

    m->tail = aws_policy_grants(doc, &use, m->call->arena, m->tail, &m->summary);
}

/* A document cut off by CloudTrail is no JSON any more. Returns false for those. */
static bool document_text(struct aws_giver *m, const char *key, str text)
{
    struct err err = {0};
    json_t *doc;

    if (!str_contains(text, STR("{")))
        text = url_decoded(text, m->call->arena);
    doc = json_parse(text, &err);
    if (!doc)
        return false;
    if (json_is_object(doc))
        document(m, key, doc);
    json_decref(doc);
    return true;
}

/* Every member that is or holds a document, two levels down ({"attributes":{"Policy":"{...}"}}). */
static bool documents(struct aws_giver *m, const json_t *object, int depth)
{
    const char *key;
    json_t *value;
    bool is_whole = true;

    json_object_foreach (json_open(object), key, value) {
        if (json_is_string(value)) {
            str text = {json_string_value(value), json_string_length(value)};

            if (str_contains(text, STR("Statement")) &&
                (str_contains(text, STR("{")) || str_contains(text, STR("%7B"))))
                is_whole = document_text(m, key, text) && is_whole;
        } else if (json_is_object(value) && json_member(value, "Statement")) {
            document(m, key, value);
        } else if (json_is_object(value) && depth < 2) {
            is_whole = documents(m, value, depth + 1) && is_whole;
        }
    }
    return is_whole;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* The verb of calls whose name says "put" or "modify" follows from what they did. */
static void set_verb(struct event *ev)
{
    bool is_giving = false;

    if (ev->verb != VERB_UPDATE && ev->verb != VERB_DELETE)
        return;
    for (const struct grant *g = ev->grants; g; g = g->next)
        is_giving = is_giving || !g->is_removal;
    if (is_giving && ev->verb == VERB_UPDATE)
        ev->verb = VERB_GRANT;
    else if (!is_giving)
        ev->verb = VERB_REVOKE;
}

static void make_grants(struct aws_giver *m, struct event *ev, const struct attachment *t,
                        aws_sharing *share)
{
    const struct aws_call *c = m->call;

    if (t) {
        attach(m, t);
        return;
    }
    if (share) {
        share(m);
        return;
    }
    if (!documents(m, m->request, 0)) {
        ev->is_omitted = true;
        issues_add(c->notes, c->arena, ISSUE_NOTE,
                   "the policy document in the request is cut off: its grants are unknown");
    }
    if (is_service(c, "s3"))
        aws_sharing_acl(m);
}

void aws_grants(const struct aws_call *c, struct event *ev)
{
    struct field request = c->f[AWS_REQUEST];
    const struct attachment *t = find_attachment(c);
    aws_sharing *share = t ? NULL : aws_sharing_find(c->name);
    struct aws_giver m = {.call = c, .tail = &ev->grants};
    struct err err = {0};
    json_t *tree;

    /* A policy given to STS narrows the session that it makes; it gives nothing. */
    if (request.kind != FIELD_OBJECT || is_service(c, "sts"))
        return;
    if (!t && !share && !str_contains(request.raw, STR("Statement")) &&
        !str_contains(request.raw, STR("x-amz-acl")) &&
        !str_contains(request.raw, STR("AccessControlPolicy")))
        return;
    tree = json_parse(request.raw, &err);
    if (!tree)
        return; /* a number beyond what the tree can hold: no grant has one */
    m.request = tree;
    make_grants(&m, ev, t, share);
    json_decref(tree);
    if (!ev->grants)
        return;
    if (str_empty(ev->detail))
        ev->detail = m.summary;
    set_verb(ev);
}
