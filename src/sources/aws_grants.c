/*
 * aws_grants: which calls give or take permissions, and what they say about it.
 *
 * Two ways in. Calls that attach something by name stand in a table: who, what, on what. Everything else that carries a policy
 * document (roles, buckets, keys, topics, queues, functions, repositories ...) is found by the document itself, wherever in the
 * request it stands: as an object, as JSON in a string, URL-encoded or not. Documents that are cut off (CloudTrail keeps
 * 100 KB of a request) are noted: their grants are unknown.
 */
#include <string.h>

#include "aws.h"

/* --- one grant ---------------------------------------------------------------------------------------- */

struct maker {
    const struct aws_call *call;
    const json_t *request;
    struct grant **tail;
    str summary;
};

static str get(const struct maker *m, const char *key)
{
    return str_copy(m->call->arena, json_get_text(m->request, key, m->call->arena));
}

static struct grant *add(struct maker *m, str grantee, const char *grantee_type, str permission, str scope, bool is_removal)
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

/* A principal as AWS writes it: tells by itself whether it is the public or somebody else's. */
static struct grant *add_principal(struct maker *m, str principal, str permission, str scope, bool is_removal)
{
    str account = m->call->account;
    struct grant *g = add(m, principal, "unknown", permission, scope, is_removal);

    g->grantee_type = aws_principal_type(principal, account);
    g->is_public = str_eq(principal, STR("*"));
    g->is_external = aws_is_external(principal, account);
    if (str_empty(m->summary))
        m->summary = str_print(m->call->arena, "%.*s %s %.*s", STR_FMT(permission), is_removal ? "taken from" : "to",
                               STR_FMT(g->is_public ? STR("everyone") : principal));
    return g;
}

/* --- attachments -------------------------------------------------------------------------------------- */

struct attachment {
    const char *service, *name;
    const char *grantee_key, *grantee_type;
    const char *permission_key;
    const char *scope_key;                   /* NULL: the account */
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
    {"iam", "RemoveRoleFromInstanceProfile", "instanceProfileName", "service", "roleName", NULL, true},
    {"sso", "CreateAccountAssignment", "principalId", "unknown", "permissionSetArn", "targetId", false},
    {"sso", "DeleteAccountAssignment", "principalId", "unknown", "permissionSetArn", "targetId", true},
    {"sso", "AttachManagedPolicyToPermissionSet", "permissionSetArn", "group", "managedPolicyArn", NULL, false},
    {"sso", "DetachManagedPolicyFromPermissionSet", "permissionSetArn", "group", "managedPolicyArn", NULL, true},
    {"eks", "AssociateAccessPolicy", "principalArn", "unknown", "policyArn", "name", false},
    {"eks", "DisassociateAccessPolicy", "principalArn", "unknown", "policyArn", "name", true},
    {"eks", "DeleteAccessEntry", "principalArn", "unknown", "", "name", true},
};

/* "iam" of "iam.amazonaws.com" */
static bool is_service(const struct aws_call *c, const char *service)
{
    size_t dot = str_find_char(c->service, '.');

    return str_eq(str_part(c->service, 0, dot == SIZE_MAX ? c->service.len : dot), str_from(service));
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
    const char *kind = strcmp(t->permission_key, "groupName") == 0 ? "group"
                       : strcmp(t->permission_key, "roleName") == 0 ? "role"
                       : strcmp(t->permission_key, "permissionSetArn") == 0 ? "permission set" : "policy";

    return str_print(a, "%s %.*s", kind, STR_FMT(name));
}

static void attach(struct maker *m, const struct attachment *t)
{
    const struct aws_call *c = m->call;
    str grantee = get(m, t->grantee_key), type = get(m, "principalType");
    str permission = *t->permission_key ? get(m, t->permission_key) : STR("access entry");
    struct grant *g;

    g = add(m, grantee, t->grantee_type, permission, t->scope_key ? get(m, t->scope_key) : c->account, t->is_removal);
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

/* --- sharing and access lists ------------------------------------------------------------------------- */

/* {"add":{"items":[{"userId":"1"},{"group":"all"}]},"remove":{...}} */
static void launch_permission(struct maker *m, const json_t *permission, str what, str scope)
{
    static const char *const sides[] = {"add", "remove"};

    for (size_t side = 0; side < 2; side++) {
        const json_t *items = json_path(permission, sides[side], "items", NULL);

        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *one = json_array_get(items, i);
            str user = str_copy(m->call->arena, json_get_text(one, "userId", m->call->arena));
            str group = json_get_text(one, "group", m->call->arena);
            str organization = str_copy(m->call->arena, json_get_text(one, "organizationArn", m->call->arena));

            if (str_eq(group, STR("all")))
                add_principal(m, STR("*"), what, scope, side == 1);
            else
                add_principal(m, str_or(user, organization), what, scope, side == 1);
        }
    }
}

/* ["1234","all"] */
static void account_list(struct maker *m, const char *key, str what, str scope, bool is_removal)
{
    const json_t *list = json_member(m->request, key);

    for (size_t i = 0; i < json_array_size(list); i++) {
        str who = str_copy(m->call->arena, json_text(json_array_get(list, i), m->call->arena));

        if (str_eq_nocase(who, STR("all")))
            who = STR("*");
        if (!str_empty(who))
            add_principal(m, who, what, scope, is_removal);
    }
}

static void snapshot_attribute(struct maker *m)
{
    str scope = str_or(get(m, "dBSnapshotIdentifier"), get(m, "dBClusterSnapshotIdentifier"));
    str what = get(m, "attributeName");

    account_list(m, "valuesToAdd", what, scope, false);
    account_list(m, "valuesToRemove", what, scope, true);
}

static void document_permission(struct maker *m)
{
    str what = get(m, "permissionType"), scope = get(m, "name");

    account_list(m, "accountIdsToAdd", what, scope, false);
    account_list(m, "accountIdsToRemove", what, scope, true);
}

/* Lambda, SNS, SQS and EventBridge let one add a statement by its parts. */
static void add_permission(struct maker *m)
{
    static const char *const accounts[] = {"aWSAccountIds", "aWSAccountId"};
    str scope = str_or(get(m, "functionName"), str_or(get(m, "topicArn"), str_or(get(m, "queueUrl"), get(m, "layerName"))));
    str principal = get(m, "principal"), what = get(m, "action");
    str pin = str_or(get(m, "principalOrgID"), str_or(get(m, "organizationId"), str_or(get(m, "sourceAccount"),
                                                                                     get(m, "sourceArn"))));
    const json_t *actions = json_member(m->request, "actionNames");

    if (str_empty(what))
        what = str_copy(m->call->arena, json_text(json_array_get(actions ? actions : json_member(m->request, "actions"), 0),
                                                  m->call->arena));
    for (size_t i = 0; i < 2; i++)
        account_list(m, accounts[i], what, scope, false);
    if (!str_empty(principal)) {
        struct grant *g = add_principal(m, principal, what, scope, false);

        g->condition = pin;
        if (g->is_public && !str_empty(pin)) {
            g->is_public = false;
            g->is_external = aws_is_external(pin, m->call->account);
            g->grantee_type = STR("group");
        }
    }
}

static void remove_permission(struct maker *m)
{
    str scope = str_or(get(m, "functionName"), str_or(get(m, "topicArn"), get(m, "queueUrl")));

    add(m, STR_NONE, "unknown", str_or(get(m, "statementId"), get(m, "label")), scope, true);
}

static void kms_grant(struct maker *m)
{
    const json_t *operations = json_member(m->request, "operations");
    str what = json_text(json_array_get(operations, 0), m->call->arena);
    size_t more = json_array_size(operations);

    what = more > 1 ? str_print(m->call->arena, "%.*s (+%zu)", STR_FMT(what), more - 1) : str_copy(m->call->arena, what);
    add_principal(m, get(m, "granteePrincipal"), what, get(m, "keyId"), false);
}

static void access_entry(struct maker *m)
{
    const json_t *groups = json_member(m->request, "kubernetesGroups");
    str who = get(m, "principalArn"), cluster = get(m, "name");

    for (size_t i = 0; i < json_array_size(groups); i++) {
        str group = str_copy(m->call->arena, json_text(json_array_get(groups, i), m->call->arena));

        add_principal(m, who, group, cluster, false)->is_admin = str_eq(group, STR("system:masters"));
    }
    if (json_array_size(groups) == 0)
        add_principal(m, who, STR("access entry"), cluster, false);
}

static void function_url(struct maker *m)
{
    if (str_eq(get(m, "authType"), STR("NONE")))
        add_principal(m, STR("*"), STR("lambda:InvokeFunctionUrl"), get(m, "functionName"), false);
}

static void resource_share(struct maker *m)
{
    str share = str_or(get(m, "resourceShareArn"), get(m, "name"));

    account_list(m, "principals", STR("resource share"), share, str_starts(m->call->name, STR("Disassociate")));
}

static void group_membership(struct maker *m)
{
    str member = str_copy(m->call->arena, json_text(json_path(m->request, "memberId", "userId", NULL), m->call->arena));

    add(m, str_or(member, get(m, "membershipId")), "human", get(m, "groupId"), m->call->account,
        str_starts(m->call->name, STR("Delete")));
}

static void image_attribute(struct maker *m)
{
    launch_permission(m, json_member(m->request, "launchPermission"), STR("launchPermission"), get(m, "imageId"));
}

static void volume_permission(struct maker *m)
{
    launch_permission(m, json_member(m->request, "createVolumePermission"), STR("createVolumePermission"),
                      get(m, "snapshotId"));
}

/* A bucket without policy: what was allowed is not said. */
static void no_bucket_policy(struct maker *m)
{
    add(m, STR_NONE, "unknown", STR("bucket policy"), get(m, "bucketName"), true);
}

static void revoke_kms_grant(struct maker *m)
{
    add(m, STR_NONE, "unknown", str_print(m->call->arena, "grant %.*s", STR_FMT(get(m, "grantId"))), get(m, "keyId"), true);
}

struct special {
    const char *name;
    void (*make)(struct maker *m);
};

static const struct special specials[] = {
    {"ModifyImageAttribute", image_attribute},
    {"ModifySnapshotAttribute", volume_permission},
    {"ModifyDBSnapshotAttribute", snapshot_attribute},
    {"ModifyDBClusterSnapshotAttribute", snapshot_attribute},
    {"ModifyDocumentPermission", document_permission},
    {"AddPermission", add_permission},
    {"AddLayerVersionPermission", add_permission},
    {"PutPermission", add_permission},
    {"RemovePermission", remove_permission},
    {"CreateGrant", kms_grant},
    {"RevokeGrant", revoke_kms_grant},
    {"RetireGrant", revoke_kms_grant},
    {"CreateAccessEntry", access_entry},
    {"CreateFunctionUrlConfig", function_url},
    {"UpdateFunctionUrlConfig", function_url},
    {"CreateResourceShare", resource_share},
    {"AssociateResourceShare", resource_share},
    {"DisassociateResourceShare", resource_share},
    {"CreateGroupMembership", group_membership},
    {"DeleteGroupMembership", group_membership},
    {"DeleteBucketPolicy", no_bucket_policy},
};

static const struct special *find_special(const struct aws_call *c)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (str_eq(c->name, str_from(specials[i].name)))
            return &specials[i];
    return NULL;
}

/* --- access lists of buckets -------------------------------------------------------------------------- */

static void acl_grantee(struct maker *m, const json_t *one, str scope)
{
    const json_t *grantee = json_member(one, "Grantee");
    str uri = json_get_text(grantee, "URI", m->call->arena);
    str id = str_copy(m->call->arena, json_get_text(grantee, "ID", m->call->arena));
    str what = str_copy(m->call->arena, json_get_text(one, "Permission", m->call->arena));
    struct grant *g;

    if (str_ends(uri, STR("/AllUsers")) || str_ends(uri, STR("/AuthenticatedUsers"))) {
        g = add_principal(m, STR("*"), what, scope, false);
        if (str_ends(uri, STR("/AuthenticatedUsers")))
            g->condition = STR("any AWS account");
    } else if (!str_empty(uri) || !str_empty(id)) {
        add(m, str_or(id, str_copy(m->call->arena, uri)), "unknown", what, scope, false);
    }
}

/* "x-amz-acl":"public-read", or the whole list. */
static void access_list(struct maker *m)
{
    str scope = str_join(m->call->arena, get(m, "bucketName"), STR("/"), get(m, "key"));
    const json_t *canned = json_member(m->request, "x-amz-acl");
    const json_t *list = json_path(m->request, "AccessControlPolicy", "AccessControlList", "Grant", NULL);
    str word = str_copy(m->call->arena, json_text(json_is_array(canned) ? json_array_get(canned, 0) : canned, m->call->arena));

    if (str_starts(word, STR("public-read")) || str_eq(word, STR("authenticated-read"))) {
        struct grant *g = add_principal(m, STR("*"), word, scope, false);

        if (str_eq(word, STR("authenticated-read")))
            g->condition = STR("any AWS account");
        m->summary = str_print(m->call->arena, "access list %.*s", STR_FMT(word));
    }
    if (json_is_object(list))
        acl_grantee(m, list, scope);
    for (size_t i = 0; i < json_array_size(list); i++)
        acl_grantee(m, json_array_get(list, i), scope);
}

/* --- documents ---------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* IAM answers, and some callers ask, with URL-encoded documents. */
static str url_decoded(str s, struct arena *a)
{
    char *out = arena_alloc(a, s.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        int high = s.ptr[i] == '%' && i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.ptr[i + 2]) : -1;

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
static struct aws_policy_use use_of(const struct maker *m, const char *key)
{
    struct aws_policy_use use = {.account = m->call->account};
    str user = get(m, "userName"), role = get(m, "roleName"), group = get(m, "groupName"), set = get(m, "permissionSetArn");

    use.permission = str_or(get(m, "policyArn"), get(m, "policyName"));
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
        use.grantee = str_or(use.permission, get(m, "name"));
        use.grantee_type = STR("unknown");
    }
    if (strcmp(key, "assumeRolePolicyDocument") == 0 || str_eq(m->call->name, STR("UpdateAssumeRolePolicy"))) {
        use.permission = STR_NONE;
        use.scope = role;
    } else if (!str_eq(m->call->service, STR("iam.amazonaws.com"))) {
        static const char *const objects[] = {"bucketName", "keyId", "topicArn", "queueUrl", "repositoryName", "secretId",
                                              "functionName", "domainName", "vaultName", "backupVaultName", "fileSystemId",
                                              "resourceArn", "restApiId", NULL};

        for (const char *const *o = objects; *o && str_empty(use.scope); o++)
            use.scope = get(m, *o);
        use.permission = STR_NONE;
    }
    return use;
}

static void document(struct maker *m, const char *key, const json_t *doc)
{
    struct aws_policy_use use = use_of(m, key);

    m->tail = aws_policy_grants(doc, &use, m->call->arena, m->tail, &m->summary);
}

/* A document cut off by CloudTrail is no JSON any more. Returns false for those. */
static bool document_text(struct maker *m, const char *key, str text)
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
static bool documents(struct maker *m, const json_t *object, int depth)
{
    const char *key;
    json_t *value;
    bool is_whole = true;

    json_object_foreach(json_open(object), key, value) {
        if (json_is_string(value)) {
            str text = {json_string_value(value), json_string_length(value)};

            if (str_contains(text, STR("Statement")) && (str_contains(text, STR("{")) || str_contains(text, STR("%7B"))))
                is_whole = document_text(m, key, text) && is_whole;
        } else if (json_is_object(value) && json_member(value, "Statement")) {
            document(m, key, value);
        } else if (json_is_object(value) && depth < 2) {
            is_whole = documents(m, value, depth + 1) && is_whole;
        }
    }
    return is_whole;
}

/* --- all of it ---------------------------------------------------------------------------------------- */

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

static void make_grants(struct maker *m, struct event *ev, const struct attachment *t, const struct special *sp)
{
    const struct aws_call *c = m->call;

    if (t) {
        attach(m, t);
        return;
    }
    if (sp) {
        sp->make(m);
        return;
    }
    if (!documents(m, m->request, 0)) {
        ev->is_omitted = true;
        issues_add(c->notes, c->arena, ISSUE_NOTE, "the policy document in the request is cut off: its grants are unknown");
    }
    if (is_service(c, "s3"))
        access_list(m);
}

void aws_grants(const struct aws_call *c, struct event *ev)
{
    struct field request = c->f[AWS_REQUEST];
    const struct attachment *t = find_attachment(c);
    const struct special *sp = t ? NULL : find_special(c);
    struct maker m = {.call = c, .tail = &ev->grants};
    struct err err = {0};
    json_t *tree;

    /* A policy given to STS narrows the session that it makes; it gives nothing. */
    if (request.kind != FIELD_OBJECT || is_service(c, "sts"))
        return;
    if (!t && !sp && !str_contains(request.raw, STR("Statement")) && !str_contains(request.raw, STR("x-amz-acl")) &&
        !str_contains(request.raw, STR("AccessControlPolicy")))
        return;
    tree = json_parse(request.raw, &err);
    if (!tree)
        return;                              /* a number beyond what the tree can hold: no grant has one */
    m.request = tree;
    make_grants(&m, ev, t, sp);
    json_decref(tree);
    if (!ev->grants)
        return;
    if (str_empty(ev->detail))
        ev->detail = m.summary;
    set_verb(ev);
}
