/* aws grants: attachments, sharing, and what policy documents give away. */
#include "check.h"
#include "feed.h"

extern const struct source source_aws_cloudtrail;

static struct event call(const char *service, const char *name, const char *request)
{
    str json = str_print(&feed_arena,
                         "{'eventVersion':'1.08','eventTime':'2026-09-01T08:00:00Z','eventSource':'"
                         "%s.amazonaws.com',"
                         "'eventName':'%s','recipientAccountId':'111122223333','readOnly':false,'"
                         "requestParameters':%s}",
                         service, name, request);
    char *z = str_z(&feed_arena, json);
    struct feed f;

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    f = feed_json(&source_aws_cloudtrail, z);
    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

/* The grants that a bucket policy with this one statement makes. */
static struct grant *bucket(const char *statement)
{
    str request =
        str_print(&feed_arena, "{'bucketName':'b','bucketPolicy':{'Statement':[{%s}]}}", statement);

    return call("s3", "PutBucketPolicy", str_z(&feed_arena, request)).grants;
}

TEST(an_attached_policy_is_granted_and_a_detached_one_taken)
{
    struct event on =
        call("iam", "AttachUserPolicy",
             "{'userName':'u','policyArn':'arn:aws:iam::aws:policy/AdministratorAccess'}");
    struct event off =
        call("iam", "DetachRolePolicy", "{'roleName':'r','policyArn':'arn:aws:iam::aws:policy/X'}");

    CHECK_STR(on.grants->grantee, "u");
    CHECK_STR(on.grants->grantee_type, "human");
    CHECK_STR(on.grants->permission, "arn:aws:iam::aws:policy/AdministratorAccess");
    CHECK_STR(on.detail, "policy AdministratorAccess");
    CHECK_INT(on.verb, VERB_GRANT);
    CHECK(off.grants->is_removal);
    CHECK_INT(off.verb, VERB_REVOKE);
}

TEST(names_mean_something_only_in_their_service)
{
    CHECK(!call("organizations", "AttachUserPolicy", "{'userName':'u','policyArn':'x'}").grants);
}

TEST(everything_on_everything_is_administration)
{
    CHECK(call("iam", "PutUserPolicy",
               "{'userName':'u','policyName':'p','policyDocument':"
               "'{\\'Statement\\':{\\'Effect\\':\\'Allow\\',\\'Action\\':\\'*\\',\\'Resource\\':\\'"
               "*\\'}}'}")
              .grants->is_admin);
    CHECK(call("iam", "PutUserPolicy",
               "{'userName':'u','policyName':'p','policyDocument':"
               "'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Action\\':[\\'s3:*\\',\\'iam:*\\'],"
               "\\'Resource\\':[\\'*\\']}]}'}")
              .grants->is_admin);
    CHECK(call("iam", "PutUserPolicy",
               "{'userName':'u','policyName':'p','policyDocument':"
               "'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'NotAction\\':\\'s3:*\\',\\'"
               "Resource\\':\\'*\\'}]}'}")
              .grants->is_admin);
}

TEST(less_than_everything_is_not_administration)
{
    struct event ev = call("iam", "PutRolePolicy",
                           "{'roleName':'r','policyName':'p','policyDocument':'{\\'Statement\\':[{"
                           "\\'Effect\\':\\'Allow\\',"
                           "\\'Action\\':\\'*\\',\\'Resource\\':\\'arn:aws:s3:::b/*\\'}]}'}");

    CHECK(!ev.grants->is_admin);
    CHECK_STR(ev.grants->permission, "p");
    CHECK_STR(ev.grants->scope, "arn:aws:s3:::b/*");
    CHECK_STR(ev.detail, "allows * on arn:aws:s3:::b/*");
}

TEST(a_url_encoded_document_is_read)
{
    struct event ev = call("iam", "CreatePolicyVersion",
                           "{'policyArn':'arn:p','policyDocument':'%7B%22Statement%22%3A%7B%"
                           "22Effect%22%3A%22Allow%22%2C"
                           "%22Action%22%3A%22*%22%2C%22Resource%22%3A%22*%22%7D%7D'}");

    CHECK(ev.grants && ev.grants->is_admin);
    CHECK_STR(ev.grants->permission, "arn:p");
}

TEST(denying_grants_nothing)
{
    CHECK(!bucket("'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'"));
}

TEST(a_document_that_is_cut_off_is_unknown)
{
    struct event ev =
        call("iam", "PutRolePolicy",
             "{'roleName':'r','policyName':'p','policyDocument':'{\\'Statement\\':[{\\'Eff'}");

    CHECK(ev.is_omitted);
    CHECK(!ev.grants);
}

TEST(everyone_is_public_however_it_is_spelt)
{
    CHECK(bucket("'Effect':'Allow','Principal':'*','Action':'s3:GetObject'")->is_public);
    CHECK(bucket("'Effect':'Allow','Principal':{'AWS':'*'},'Action':'s3:GetObject'")->is_public);
    CHECK(
        bucket("'Effect':'Allow','Principal':{'AWS':['111122223333','*']},'Action':'s3:GetObject'")
            ->next->is_public);
    CHECK(bucket("'Effect':'Allow','NotPrincipal':{'AWS':'111122223333'},'Action':'s3:GetObject'")
              ->is_public);
    CHECK_STR(bucket("'Effect':'Allow','Principal':'*','Action':'s3:GetObject'")->scope, "b");
    CHECK_STR(bucket("'Effect':'Allow','Principal':'*','Action':'s3:GetObject'")->permission,
              "s3:GetObject");
}

#define EVERYONE "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Condition':"

TEST(a_condition_that_pins_makes_it_private)
{
    CHECK(!bucket(EVERYONE "{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}")->is_public);
    CHECK_STR(bucket(EVERYONE "{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}")->condition,
              "aws:PrincipalOrgID=o-1");
    CHECK(!bucket(EVERYONE "{'IpAddress':{'aws:SourceIp':['192.0.2.0/24']}}")->is_public);
    CHECK(!bucket(EVERYONE
                  "{'ArnLike':{'aws:SourceArn':'arn:aws:cloudfront::111122223333:distribution/*'}}")
               ->is_public);
}

TEST(a_condition_that_fits_everything_does_not)
{
    CHECK(bucket(EVERYONE "{'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}}")->is_public);
    CHECK(
        bucket(EVERYONE "{'StringLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/x'}}")->is_public);
    CHECK(bucket(EVERYONE "{'StringNotEquals':{'aws:PrincipalOrgID':'o-1'}}")->is_public);
    CHECK(bucket(EVERYONE "{'StringEqualsIfExists':{'aws:PrincipalOrgID':'o-1'}}")->is_public);
    CHECK(bucket(EVERYONE "{'Bool':{'aws:SecureTransport':'true'}}")->is_public);
}

TEST(pinned_to_another_account_is_external)
{
    struct grant *theirs = bucket(EVERYONE "{'StringEquals':{'aws:SourceAccount':'999988887777'}}");
    struct grant *ours = bucket(EVERYONE "{'StringEquals':{'aws:SourceAccount':'111122223333'}}");

    CHECK(!theirs->is_public && theirs->is_external);
    CHECK(!ours->is_public && !ours->is_external);
}

TEST(another_account_is_external_and_a_service_is_not)
{
    struct event ev = call(
        "iam", "UpdateAssumeRolePolicy",
        "{'roleName':'r','policyDocument':'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'"
        "Principal\\':{"
        "\\'AWS\\':\\'arn:aws:iam::999988887777:root\\',\\'Service\\':\\'ec2.amazonaws.com\\'},"
        "\\'Action\\':\\'sts:AssumeRole\\'}]}'}");

    CHECK_STR(ev.grants->grantee, "arn:aws:iam::999988887777:root");
    CHECK_STR(ev.grants->grantee_type, "external");
    CHECK(ev.grants->is_external && !ev.grants->is_public);
    CHECK_STR(ev.grants->permission, "sts:AssumeRole");
    CHECK_STR(ev.grants->scope, "r");
    CHECK_STR(ev.grants->next->grantee_type, "service");
    CHECK(!ev.grants->next->is_external);
}

static struct grant *trust(const char *condition)
{
    str request = str_print(
        &feed_arena,
        "{'roleName':'r','assumeRolePolicyDocument':'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',"
        "\\'Principal\\':{\\'Federated\\':\\'arn:aws:iam::111122223333:oidc-provider/token.x\\'},"
        "\\'Action\\':\\'sts:AssumeRoleWithWebIdentity\\',\\'Condition\\':{%s}}]}'}",
        condition);

    return call("iam", "CreateRole", str_z(&feed_arena, request)).grants;
}

TEST(a_shared_provider_without_a_subject_lets_strangers_in)
{
    CHECK(trust("\\'StringEquals\\':{\\'token.x:aud\\':\\'sts.amazonaws.com\\'}")->is_external);
    CHECK(!trust("\\'StringLike\\':{\\'token.x:sub\\':\\'repo:o/r:*\\'}")->is_external);
    CHECK(trust("\\'StringLike\\':{\\'token.x:sub\\':\\'repo:*\\'}")->is_external);
}

TEST(a_policy_inside_attributes_is_found)
{
    struct event ev = call("sqs", "SetQueueAttributes",
                           "{'queueUrl':'https://"
                           "q','attributes':{'Policy':'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',"
                           "\\'Principal\\':\\'*\\',\\'Action\\':\\'sqs:SendMessage\\'}]}'}}");

    CHECK(ev.grants && ev.grants->is_public);
    CHECK_STR(ev.grants->scope, "https://q");
    CHECK_INT(ev.verb, VERB_GRANT);
}

TEST(access_lists_make_buckets_public)
{
    struct grant *canned =
        call("s3", "PutBucketAcl", "{'bucketName':'b','x-amz-acl':['public-read']}").grants;
    struct grant *listed =
        call("s3", "PutBucketAcl",
             "{'bucketName':'b','AccessControlPolicy':{'AccessControlList':{'Grant':[{'Grantee':"
             "{'URI':'http://acs.amazonaws.com/groups/global/AllUsers'},'Permission':'READ'}]}}}")
            .grants;

    CHECK(canned && canned->is_public);
    CHECK(listed && listed->is_public);
    CHECK_STR(listed->permission, "READ");
    CHECK(!call("s3", "PutBucketAcl", "{'bucketName':'b','x-amz-acl':'private'}").grants);
}

TEST(images_and_snapshots_are_shared_with_accounts_or_everyone)
{
    struct event image =
        call("ec2", "ModifyImageAttribute",
             "{'imageId':'ami-1','launchPermission':{'add':{'items':[{'userId':'999988887777'}]},"
             "'remove':{'items':[{'userId':'888877776666'}]}}}");
    struct event open = call(
        "ec2", "ModifySnapshotAttribute",
        "{'snapshotId':'snap-1','createVolumePermission':{'add':{'items':[{'group':'all'}]}}}");
    struct event db =
        call("rds", "ModifyDBSnapshotAttribute",
             "{'dBSnapshotIdentifier':'d','attributeName':'restore','valuesToAdd':['all']}");

    CHECK(image.grants->is_external && !image.grants->is_removal);
    CHECK(image.grants->next->is_removal);
    CHECK(open.grants->is_public);
    CHECK_STR(open.detail, "createVolumePermission to everyone");
    CHECK(db.grants->is_public);
}

TEST(a_function_is_opened_by_the_parts_of_a_statement)
{
    CHECK(call("lambda", "AddPermission20150331v2",
               "{'functionName':'f','principal':'*','action':'lambda:InvokeFunction'}")
              .grants->is_public);
    CHECK(!call("lambda", "AddPermission20150331v2",
                "{'functionName':'f','principal':'*','action':'lambda:InvokeFunction','"
                "principalOrgID':'o-1'}")
               .grants->is_public);
    CHECK_STR(
        call("lambda", "AddPermission20150331v2",
             "{'functionName':'f','principal':'s3.amazonaws.com','action':'lambda:InvokeFunction'}")
            .grants->grantee_type,
        "service");
}

TEST(a_session_policy_gives_nothing)
{
    struct event ev = call(
        "sts", "GetFederationToken",
        "{'name':'x','policy':'{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Action\\':\\'*\\',"
        "\\'Resource\\':\\'*\\'}]}'}");

    CHECK(!ev.grants);
}
