/*
 * aws_sharing: permissions given by parts: images and snapshots shared with accounts, statements
 * added to functions, topics and queues, grants of keys, cluster access, memberships, access lists
 * of buckets.
 */
#include "aws_grants.h"

/* {"add":{"items":[{"userId":"1"},{"group":"all"}]},"remove":{...}} */
static void launch_permission(struct aws_giver *m, const json_t *permission, str what, str scope)
{
    static const char *const sides[] = {"add", "remove"};

    for (size_t side = 0; side < 2; side++) {
        const json_t *items = json_path(permission, sides[side], "items", NULL);

        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *one = json_array_get(items, i);
            str user = str_copy(m->call->arena, json_get_text(one, "userId", m->call->arena));
            str group = json_get_text(one, "group", m->call->arena);
            str organization =
                str_copy(m->call->arena, json_get_text(one, "organizationArn", m->call->arena));

            if (str_eq(group, STR("all")))
                aws_give_principal(m, STR("*"), what, scope, side == 1);
            else
                aws_give_principal(m, str_or(user, organization), what, scope, side == 1);
        }
    }
}

/* ["1234","all"] */
static void account_list(struct aws_giver *m, const char *key, str what, str scope, bool is_removal)
{
    const json_t *list = json_member(m->request, key);

    for (size_t i = 0; i < json_array_size(list); i++) {
        str who = str_copy(m->call->arena, json_text(json_array_get(list, i), m->call->arena));

        if (str_eq_nocase(who, STR("all")))
            who = STR("*");
        if (!str_empty(who))
            aws_give_principal(m, who, what, scope, is_removal);
    }
}

static void snapshot_attribute(struct aws_giver *m)
{
    str scope =
        str_or(aws_asked(m, "dBSnapshotIdentifier"), aws_asked(m, "dBClusterSnapshotIdentifier"));
    str what = aws_asked(m, "attributeName");

    account_list(m, "valuesToAdd", what, scope, false);
    account_list(m, "valuesToRemove", what, scope, true);
}

static void document_permission(struct aws_giver *m)
{
    str what = aws_asked(m, "permissionType"), scope = aws_asked(m, "name");

    account_list(m, "accountIdsToAdd", what, scope, false);
    account_list(m, "accountIdsToRemove", what, scope, true);
}

/* Lambda, SNS, SQS and EventBridge let one add a statement by its parts. */
static void add_permission(struct aws_giver *m)
{
    static const char *const accounts[] = {"aWSAccountIds", "aWSAccountId"};
    str scope = str_or(aws_asked(m, "functionName"),
                       str_or(aws_asked(m, "topicArn"),
                              str_or(aws_asked(m, "queueUrl"), aws_asked(m, "layerName"))));
    str principal = aws_asked(m, "principal"), what = aws_asked(m, "action");
    str pin = str_or(aws_asked(m, "principalOrgID"),
                     str_or(aws_asked(m, "organizationId"),
                            str_or(aws_asked(m, "sourceAccount"), aws_asked(m, "sourceArn"))));
    const json_t *actions = json_member(m->request, "actionNames");

    if (str_empty(what))
        what = str_copy(
            m->call->arena,
            json_text(json_array_get(actions ? actions : json_member(m->request, "actions"), 0),
                      m->call->arena));
    for (size_t i = 0; i < 2; i++)
        account_list(m, accounts[i], what, scope, false);
    if (!str_empty(principal)) {
        struct grant *g = aws_give_principal(m, principal, what, scope, false);

        g->condition = pin;
        if (g->is_public && !str_empty(pin)) {
            g->is_public = false;
            g->is_external = aws_is_external(pin, m->call->account);
            g->grantee_type = STR("group");
        }
    }
}

static void remove_permission(struct aws_giver *m)
{
    str scope = str_or(aws_asked(m, "functionName"),
                       str_or(aws_asked(m, "topicArn"), aws_asked(m, "queueUrl")));

    aws_give(m, STR_NONE, "unknown", str_or(aws_asked(m, "statementId"), aws_asked(m, "label")),
             scope, true);
}

static void kms_grant(struct aws_giver *m)
{
    const json_t *operations = json_member(m->request, "operations");
    str what = json_text(json_array_get(operations, 0), m->call->arena);
    size_t more = json_array_size(operations);

    what = more > 1 ? str_print(m->call->arena, "%.*s (+%zu)", STR_FMT(what), more - 1)
                    : str_copy(m->call->arena, what);
    aws_give_principal(m, aws_asked(m, "granteePrincipal"), what, aws_asked(m, "keyId"), false);
}

static void access_entry(struct aws_giver *m)
{
    const json_t *groups = json_member(m->request, "kubernetesGroups");
    str who = aws_asked(m, "principalArn"), cluster = aws_asked(m, "name");

    for (size_t i = 0; i < json_array_size(groups); i++) {
        str group = str_copy(m->call->arena, json_text(json_array_get(groups, i), m->call->arena));

        aws_give_principal(m, who, group, cluster, false)->is_admin =
            str_eq(group, STR("system:masters"));
    }
    if (json_array_size(groups) == 0)
        aws_give_principal(m, who, STR("access entry"), cluster, false);
}

static void function_url(struct aws_giver *m)
{
    if (str_eq(aws_asked(m, "authType"), STR("NONE")))
        aws_give_principal(m, STR("*"), STR("lambda:InvokeFunctionUrl"),
                           aws_asked(m, "functionName"), false);
}

static void resource_share(struct aws_giver *m)
{
    str share = str_or(aws_asked(m, "resourceShareArn"), aws_asked(m, "name"));

    account_list(m, "principals", STR("resource share"), share,
                 str_starts(m->call->name, STR("Disassociate")));
}

static void group_membership(struct aws_giver *m)
{
    str member =
        str_copy(m->call->arena,
                 json_text(json_path(m->request, "memberId", "userId", NULL), m->call->arena));

    aws_give(m, str_or(member, aws_asked(m, "membershipId")), "human", aws_asked(m, "groupId"),
             m->call->account, str_starts(m->call->name, STR("Delete")));
}

static void image_attribute(struct aws_giver *m)
{
    launch_permission(m, json_member(m->request, "launchPermission"), STR("launchPermission"),
                      aws_asked(m, "imageId"));
}

static void volume_permission(struct aws_giver *m)
{
    launch_permission(m, json_member(m->request, "createVolumePermission"),
                      STR("createVolumePermission"), aws_asked(m, "snapshotId"));
}

/* A bucket without policy: what was allowed is not said. */
static void no_bucket_policy(struct aws_giver *m)
{
    aws_give(m, STR_NONE, "unknown", STR("bucket policy"), aws_asked(m, "bucketName"), true);
}

static void revoke_kms_grant(struct aws_giver *m)
{
    aws_give(m, STR_NONE, "unknown",
             str_print(m->call->arena, "grant %.*s", STR_FMT(aws_asked(m, "grantId"))),
             aws_asked(m, "keyId"), true);
}

struct special {
    const char *name;
    aws_sharing *make;
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

aws_sharing *aws_sharing_find(str name)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (str_eq(name, str_from(specials[i].name)))
            return specials[i].make;
    return NULL;
}

/* --- access lists of buckets ------------------------------------------------------------------ */

static void acl_grantee(struct aws_giver *m, const json_t *one, str scope)
{
    const json_t *grantee = json_member(one, "Grantee");
    str uri = json_get_text(grantee, "URI", m->call->arena);
    str id = str_copy(m->call->arena, json_get_text(grantee, "ID", m->call->arena));
    str what = str_copy(m->call->arena, json_get_text(one, "Permission", m->call->arena));
    struct grant *g;

    if (str_ends(uri, STR("/AllUsers")) || str_ends(uri, STR("/AuthenticatedUsers"))) {
        g = aws_give_principal(m, STR("*"), what, scope, false);
        if (str_ends(uri, STR("/AuthenticatedUsers")))
            g->condition = STR("any AWS account");
    } else if (!str_empty(uri) || !str_empty(id)) {
        aws_give(m, str_or(id, str_copy(m->call->arena, uri)), "unknown", what, scope, false);
    }
}

/* "x-amz-acl":"public-read", or the whole list. */
void aws_sharing_acl(struct aws_giver *m)
{
    str scope = str_join(m->call->arena, aws_asked(m, "bucketName"), STR("/"), aws_asked(m, "key"));
    const json_t *canned = json_member(m->request, "x-amz-acl");
    const json_t *list =
        json_path(m->request, "AccessControlPolicy", "AccessControlList", "Grant", NULL);
    str word = str_copy(
        m->call->arena,
        json_text(json_is_array(canned) ? json_array_get(canned, 0) : canned, m->call->arena));

    if (str_starts(word, STR("public-read")) || str_eq(word, STR("authenticated-read"))) {
        struct grant *g = aws_give_principal(m, STR("*"), word, scope, false);

        if (str_eq(word, STR("authenticated-read")))
            g->condition = STR("any AWS account");
        m->summary = str_print(m->call->arena, "access list %.*s", STR_FMT(word));
    }
    if (json_is_object(list))
        acl_grantee(m, list, scope);
    for (size_t i = 0; i < json_array_size(list); i++)
        acl_grantee(m, json_array_get(list, i), scope);
}
