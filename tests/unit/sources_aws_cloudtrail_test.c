/* aws-cloudtrail: who acted, on what, how it ended, and which shapes a record comes in. */
#include "check.h"
#include "feed.h"

extern const struct source source_aws_cloudtrail;

/* JSON with single quotes, to keep the tests readable. */
static char *quoted(const char *text)
{
    char *z = str_z(&feed_arena, str_from(text));

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    return z;
}

static struct feed feed_aws(const char *text)
{
    sources_start();
    return feed_json(&source_aws_cloudtrail, quoted(text));
}

/* A call with the members given, besides those that every record has. */
static struct event call(const char *service, const char *name, const char *members)
{
    str json = str_print(&feed_arena,
                         "{'eventVersion':'1.08','eventTime':'2026-09-01T08:00:00Z','eventSource':'"
                         "%s.amazonaws.com',"
                         "'eventName':'%s','recipientAccountId':'111122223333'%s%s}",
                         service, name, *members ? "," : "", members);
    struct feed f = feed_aws(str_z(&feed_arena, json));

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

#define ROLE(name, session)                                                                        \
    "'userIdentity':{'type':'AssumedRole','principalId':'AROAX:" session "',"                      \
    "'arn':'arn:aws:sts::111122223333:assumed-role/" name "/" session "','accessKeyId':'ASIAX',"   \
    "'sessionContext':{'sessionIssuer':{'userName':'" name "'},"                                   \
    "'attributes':{'mfaAuthenticated':'false'}}}"

/* --- who -------------------------------------------------------------------------------------- */

TEST(the_actor_of_a_role_is_the_role_and_the_session_is_kept)
{
    struct event ev = call("ec2", "StopInstances", ROLE("deploy", "alice@example.com"));

    CHECK_STR(ev.actor, "deploy");
    CHECK_STR(ev.actor_id, "arn:aws:sts::111122223333:assumed-role/deploy/alice@example.com");
    CHECK_STR(ev.session, "alice@example.com");
    CHECK_STR(ev.credential, "ASIAX");
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_INT(ev.mfa, MFA_NO);
}

TEST(a_source_identity_wins_over_the_session_name)
{
    struct event ev =
        call("ec2", "StopInstances",
             "'userIdentity':{'type':'AssumedRole','arn':'arn:aws:sts::1:assumed-role/r/chained',"
             "'sessionContext':{'sourceIdentity':'alice'}}");

    CHECK_STR(ev.actor, "r");
    CHECK_STR(ev.session, "alice");
    CHECK_STR(ev.via, "chained");
}

TEST(federation_asserts_what_the_log_cannot_know)
{
    struct event ev = call("ec2", "StopInstances", ROLE("AWSReservedSSO_Admin_0a1b", "alice"));

    CHECK_INT(ev.mfa, MFA_ASSERTED);
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
}

TEST(an_instance_is_no_person_and_has_no_second_factor)
{
    struct event ev = call("s3", "GetObject", ROLE("web", "i-0123456789abcdef0"));

    CHECK_INT(ev.actor_type, ACTOR_SERVICE);
    CHECK_INT(ev.mfa, MFA_UNKNOWN);
}

TEST(a_session_of_hcp_terraform_names_its_run)
{
    struct event ev =
        call("ec2", "CreateTags", ROLE("terraform", "terraform-run-run-AbCdEfGhIjKlMnOp"));

    CHECK_STR(ev.run, "run-AbCdEfGhIjKlMnOp");
    CHECK_INT(ev.actor_type, ACTOR_AUTOMATION);
    CHECK(str_empty(call("ec2", "CreateTags", ROLE("terraform", "rerun-AbCdEfGhIjKlMnOp")).run));
    CHECK(str_empty(call("ec2", "CreateTags", ROLE("terraform", "run-short")).run));
}

TEST(root_is_root_unless_the_platform_used_it)
{
    static const char root[] =
        "'userIdentity':{'type':'Root','arn':'arn:aws:iam::1:root','userName':'alias'%s}";
    char plain[128], invoked[128];

    snprintf(plain, sizeof plain, root, "");
    snprintf(invoked, sizeof invoked, root, ",'invokedBy':'support.amazonaws.com'");
    CHECK_STR(call("iam", "CreateAccessKey", plain).actor, "root");
    CHECK_INT(call("iam", "CreateAccessKey", plain).actor_type, ACTOR_ROOT);
    CHECK_INT(call("iam", "CreateAccessKey", invoked).actor_type, ACTOR_PROVIDER);
    CHECK_STR(call("iam", "CreateAccessKey", invoked).via, "support.amazonaws.com");
}

TEST(services_act_under_the_name_that_invoked_them)
{
    struct event ev =
        call("sts", "AssumeRole",
             "'userIdentity':{'type':'AWSService','invokedBy':'lambda.amazonaws.com'}");

    CHECK_STR(ev.actor, "lambda.amazonaws.com");
    CHECK_INT(ev.actor_type, ACTOR_PROVIDER);
    CHECK_INT(ev.channel, CHANNEL_PROVIDER);
    CHECK(str_empty(ev.actor_id));
}

TEST(an_anonymous_request_is_nobody_s)
{
    struct event ev =
        call("s3", "GetObject",
             "'userIdentity':{'type':'AWSAccount','accountId':'ANONYMOUS_PRINCIPAL'}");

    CHECK_STR(ev.actor, "anonymous");
    CHECK_INT(ev.actor_type, ACTOR_ANONYMOUS);
}

TEST(a_web_identity_links_its_subject_and_its_run_to_the_session)
{
    struct event ev =
        call("sts", "AssumeRoleWithWebIdentity",
             "'userIdentity':{'type':'WebIdentityUser','userName':'repo:o/r:ref:refs/heads/main',"
             "'identityProvider':'arn:p'},"
             "'requestParameters':{'roleSessionName':'run-AbCdEfGhIjKlMnOp'},"
             "'responseElements':{'credentials':{'accessKeyId':'ASIA1','sessionToken':'secret'}}");

    CHECK_INT(ev.actor_type, ACTOR_AUTOMATION);
    CHECK(ev.links && ev.links->next && !ev.links->next->next);
    CHECK_STR(ev.links->from, "repo:o/r:ref:refs/heads/main");
    CHECK_STR(ev.links->to, "ASIA1");
    CHECK_STR(ev.links->next->from_type, "run");
    CHECK_STR(ev.links->next->from, "run-AbCdEfGhIjKlMnOp");
}

/* --- what ------------------------------------------------------------------------------------- */

TEST(read_only_decides_and_the_name_only_says_which_kind)
{
    CHECK_INT(call("ec2", "DescribeInstances", "'readOnly':true").verb, VERB_READ);
    CHECK_INT(call("iam", "ListUsers", "'readOnly':'true'").verb, VERB_LIST);
    CHECK_INT(call("x", "GetAndDrop", "'readOnly':false").verb, VERB_UPDATE);
    CHECK_INT(call("ec2", "RunInstances", "'readOnly':false").verb, VERB_CREATE);
    CHECK_INT(call("ec2", "DescribeInstances", "").verb, VERB_READ);
    CHECK_INT(call("new", "FrobnicateThing", "").verb, VERB_UPDATE);
    CHECK_INT(call("ec2", "SomethingHappened", "'eventType':'AwsServiceEvent'").verb, VERB_UNKNOWN);
    CHECK_INT(call("sts", "AssumeRole", "'readOnly':true").verb, VERB_READ);
    CHECK_INT(call("signin", "CheckMfa", "").verb, VERB_READ);
    CHECK_INT(call("cloudtrail", "StopLogging", "'readOnly':false").verb, VERB_CONFIG);
}

TEST(the_resource_is_the_one_listed_that_is_not_the_callers_role)
{
    struct event ev =
        call("sts", "AssumeRole",
             "'userIdentity':{'type':'AssumedRole','arn':'arn:aws:sts::1:assumed-role/a/s',"
             "'sessionContext':{'sessionIssuer':{'arn':'arn:aws:iam::1:role/a','userName':'a'}}},"
             "'resources':[{'ARN':'arn:aws:iam::1:role/a'},{'ARN':'arn:aws:iam::1:role/"
             "b','type':'AWS::IAM::Role'}]");

    CHECK_STR(ev.resource, "arn:aws:iam::1:role/b");
    CHECK_STR(ev.resource_type, "AWS::IAM::Role");
    CHECK(!ev.more_resources);
}

TEST(a_creation_is_of_what_the_answer_names)
{
    struct event ev = call("ec2", "CreateSecurityGroup",
                           "'requestParameters':{'groupName':'web','vpcId':'vpc-1'},"
                           "'responseElements':{'requestId':'x','groupId':'sg-1'}");

    CHECK_STR(ev.resource, "sg-1");
    CHECK_STR(ev.more_resources->id, "web");
    CHECK(!ev.more_resources->next);
    CHECK_STR(call("ec2", "CreateSubnet",
                   "'requestParameters':{'vpcId':'vpc-1'},'responseElements':"
                   "{'subnet':{'subnetId':'subnet-1','vpcId':'vpc-1'}}")
                  .resource,
              "subnet-1");
}

TEST(the_calls_name_tells_which_of_several_ids_it_is_about)
{
    struct event ev =
        call("ec2", "AttachVolume", "'requestParameters':{'instanceId':'i-1','volumeId':'vol-1'}");

    CHECK_STR(ev.resource, "vol-1");
    CHECK_STR(ev.more_resources->id, "i-1");
}

TEST(lists_of_ec2_are_objects_with_items)
{
    struct event ev = call("ec2", "TerminateInstances",
                           "'requestParameters':{'instancesSet':{'items':[{'instanceId':'i-1'},{'"
                           "instanceId':'i-2'}]}}");

    CHECK_STR(ev.resource, "i-1");
    CHECK_STR(ev.more_resources->id, "i-2");
    CHECK(str_empty(call("ec2", "RunInstances",
                         "'requestParameters':{'instancesSet':{'items':[{'imageId':'ami-1'}]}}")
                        .resource));
}

TEST(an_object_of_a_bucket_is_named_with_it)
{
    CHECK_STR(call("s3", "PutObject", "'requestParameters':{'bucketName':'b','key':'a/t.tfstate'}")
                  .resource,
              "b/a/t.tfstate");
}

TEST(dates_of_interfaces_stay_in_the_action_but_not_in_its_meaning)
{
    struct event ev =
        call("lambda", "CreateFunction20150331v2", "'requestParameters':{'functionName':'f'}");

    CHECK_STR(ev.action, "CreateFunction20150331v2");
    CHECK_STR(ev.resource, "f");
    CHECK_INT(ev.verb, VERB_CREATE);
}

/* --- how it ended ----------------------------------------------------------------------------- */

TEST(refusals_throttling_and_failures_are_told_apart)
{
    CHECK_INT(call("s3", "PutObject", "'errorCode':'AccessDenied'").outcome, OUTCOME_DENIED);
    CHECK_INT(call("ec2", "RunInstances", "'errorCode':'Client.UnauthorizedOperation'").outcome,
              OUTCOME_DENIED);
    CHECK_INT(call("ec2", "RunInstances", "'errorCode':'Client.RequestLimitExceeded'").outcome,
              OUTCOME_THROTTLED);
    CHECK_INT(call("ssm", "PutParameter", "'errorCode':'ThrottlingException'").outcome,
              OUTCOME_THROTTLED);
    CHECK_INT(call("s3", "GetBucketPolicy", "'errorCode':'NoSuchBucketPolicy'").outcome,
              OUTCOME_FAILURE);
    CHECK_INT(call("x", "Put", "'errorMessage':'User is not authorized to perform: x:Put'").outcome,
              OUTCOME_DENIED);
    CHECK_INT(call("s3", "PutObject", "").outcome, OUTCOME_SUCCESS);
}

TEST(a_dry_run_changes_nothing)
{
    struct event ev =
        call("ec2", "RunInstances", "'readOnly':false,'errorCode':'Client.DryRunOperation'");

    CHECK(!verb_is_write(ev.verb));
    CHECK_STR(ev.detail, "dry run");
}

TEST(a_failed_sign_in_has_no_error_code)
{
    struct event ev = call(
        "signin", "ConsoleLogin",
        "'eventType':'AwsConsoleSignIn','userIdentity':{'type':'IAMUser','userName':'alice'},"
        "'responseElements':{'ConsoleLogin':'Failure'},'additionalEventData':{'MFAUsed':'No'}");

    CHECK_INT(ev.outcome, OUTCOME_FAILURE);
    CHECK_INT(ev.verb, VERB_LOGIN);
    CHECK_INT(ev.mfa, MFA_NO);
    CHECK_INT(ev.channel, CHANNEL_CONSOLE);
}

TEST(a_federated_sign_in_without_a_second_factor_here_is_asserted)
{
    struct event ev =
        call("signin", "ConsoleLogin",
             ROLE("AWSReservedSSO_Admin_0a",
                  "alice") ",'responseElements':{'ConsoleLogin':'Success'},"
                           "'additionalEventData':{'MFAUsed':'No','SamlProviderArn':'arn:x'}");

    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_INT(ev.mfa, MFA_ASSERTED);
}

/* --- by which means --------------------------------------------------------------------------- */

TEST(code_is_told_from_console_and_command_line)
{
    CHECK_INT(
        call("ec2", "X", "'userAgent':'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go'").channel,
        CHANNEL_IAC);
    CHECK_INT(call("ec2", "X", "'userAgent':'cloudformation.amazonaws.com'").channel, CHANNEL_IAC);
    CHECK_INT(
        call("ec2", "X", "'userAgent':'aws-cli/2.1','sessionCredentialFromConsole':'true'").channel,
        CHANNEL_CLI);
    CHECK_INT(call("ec2", "X", "'userAgent':'aws-sdk-java/1','sessionCredentialFromConsole':'true'")
                  .channel,
              CHANNEL_CONSOLE);
    CHECK_INT(
        call("ec2", "X",
             "'userIdentity':{'type':'IAMUser','userName':'a','invokedBy':'athena.amazonaws.com'}")
            .channel,
        CHANNEL_PROVIDER);
}

/* --- notable parameters ----------------------------------------------------------------------- */

TEST(what_a_trail_no_longer_records_is_told)
{
    CHECK_STR(call("cloudtrail", "UpdateTrail",
                   "'requestParameters':{'name':'t','isMultiRegionTrail':false,"
                   "'enableLogFileValidation':false}")
                  .detail,
              "one region only, log file validation off");
    CHECK_STR(call("cloudtrail", "PutEventSelectors",
                   "'requestParameters':{'trailName':'t','eventSelectors':"
                   "[{'includeManagementEvents':false}]}")
                  .detail,
              "management events off");
    CHECK(str_empty(call("cloudtrail", "PutEventSelectors",
                         "'requestParameters':{'trailName':'t','eventSelectors':"
                         "[{'includeManagementEvents':true,'readWriteType':'All'}]}")
                        .detail));
}

TEST(omitted_parameters_are_marked)
{
    CHECK(call("iam", "PutRolePolicy", "'requestParameters':{'omitted':true}").is_omitted);
    CHECK(!call("iam", "PutRolePolicy", "'requestParameters':{'roleName':'r'}").is_omitted);
}

/* --- shapes ----------------------------------------------------------------------------------- */

TEST(the_event_inside_a_lookup_answer_is_read_and_its_time_is_trusted)
{
    struct feed f = feed_aws(
        "{'EventId':'e1','EventTime':1.5,'Username':'x','Resources':[{'ResourceType':'AWS::EC2::"
        "VPC',"
        "'ResourceName':'vpc-1'}],'CloudTrailEvent':'{\\'eventVersion\\':\\'1.08\\',"
        "\\'eventTime\\':\\'2026-09-01T08:00:00Z\\',\\'eventSource\\':\\'ec2.amazonaws.com\\',"
        "\\'eventName\\':\\'DeleteVpc\\',\\'eventID\\':\\'e1\\'}'}");

    CHECK_INT(f.certainty, 95);
    CHECK_INT(f.n, 1);
    CHECK_STR(f.events[0].action, "DeleteVpc");
    CHECK_STR(f.events[0].resource, "vpc-1");
    CHECK_INT(f.events[0].time.sec, 1788249600);
}

TEST(an_eventbridge_envelope_is_opened)
{
    struct feed f =
        feed_aws("{'detail-type':'AWS API Call via CloudTrail','detail':{'eventVersion':'1.08',"
                 "'eventTime':'2026-09-01T08:00:00Z','eventSource':'ec2.amazonaws.com','eventName':"
                 "'DeleteVpc'}}");

    CHECK_INT(f.certainty, 95);
    CHECK_STR(f.events[0].action, "DeleteVpc");
}

TEST(digests_and_insights_are_no_events)
{
    struct feed digest = feed_aws("{'digestStartTime':'2026-09-01T08:00:00Z','logFiles':[]}");
    struct feed insight = feed_aws("{'eventVersion':'1.07','eventTime':'2026-09-01T08:00:00Z','"
                                   "eventType':'AwsCloudTrailInsight',"
                                   "'insightDetails':{'state':'Start'}}");

    CHECK_INT(digest.result, MAP_NOT_EVENT);
    CHECK_STR(str_from(digest.why), "a CloudTrail digest");
    CHECK_INT(insight.result, MAP_NOT_EVENT);
    CHECK_INT(insight.certainty, 95);
}

TEST(a_record_without_time_or_name_is_refused_with_the_reason)
{
    CHECK_STR(str_from(feed_aws("{'eventVersion':'1.08','eventSource':'a','eventName':'b'}").why),
              "eventTime is missing");
    CHECK_STR(
        str_from(feed_aws("{'eventVersion':'1.08','eventSource':'a','eventTime':'noon'}").why),
        "eventTime cannot be read as a time");
    CHECK_STR(
        str_from(
            feed_aws("{'eventVersion':'1.08','eventSource':'a','eventTime':'2026-09-01T08:00:00Z'}")
                .why),
        "eventName is missing");
    CHECK_INT(feed_aws("{'hello':'world'}").result, MAP_FOREIGN);
    CHECK_INT(feed_aws("{'hello':'world'}").certainty, 0);
}

TEST(an_id_that_is_no_uuid_counts_per_account)
{
    CHECK_STR(call("ec2", "X", "'eventID':'EXAMPLE'").dedupe, "111122223333 EXAMPLE");
    CHECK(str_empty(call("ec2", "X", "'eventID':'1c2e56c5-73a3-47fc-b8c1-cb4656fb94d5'").dedupe));
}

/* --- network ---------------------------------------------------------------------------------- */

TEST(a_security_group_opens_per_range_and_port_span)
{
    struct event ev = call("ec2", "AuthorizeSecurityGroupIngress",
                           "'requestParameters':{'groupId':'sg-1','ipPermissions':{'items':[{'"
                           "ipProtocol':'tcp','fromPort':22,"
                           "'toPort':22,'ipRanges':{'items':[{'cidrIp':'0.0.0.0/"
                           "0'}]},'ipv6Ranges':{'items':[{'cidrIpv6':'::/0'}]}},"
                           "{'ipProtocol':'-1','groups':{'items':[{'groupId':'sg-2'}]}}]}}");
    struct exposure *e = ev.exposures;

    CHECK_STR(ev.detail, "tcp 22 from 0.0.0.0/0 (+1 more)");
    CHECK_STR(ev.resource, "sg-1");
    CHECK_STR(e->range, "0.0.0.0/0");
    CHECK_STR(e->protocol, "tcp");
    CHECK_INT(e->port_from, 22);
    CHECK_STR(e->target, "sg-1");
    CHECK(!e->is_removal && !e->is_egress);
    CHECK_STR(e->next->range, "::/0");
    CHECK(!e->next->next);
}

TEST(all_traffic_has_no_ports)
{
    struct event ev = call("ec2", "RevokeSecurityGroupEgress",
                           "'requestParameters':{'groupId':'sg-1','ipPermissions':{'items':[{'"
                           "ipProtocol':'-1','fromPort':0,"
                           "'toPort':0,'ipRanges':{'items':[{'cidrIp':'0.0.0.0/0'}]}}]}}");

    CHECK(ev.exposures->is_removal && ev.exposures->is_egress);
    CHECK_STR(ev.exposures->protocol, "all");
    CHECK_INT(ev.exposures->port_from, -1);
    CHECK_INT(ev.exposures->port_to, -1);
    CHECK_STR(ev.detail, "all traffic to 0.0.0.0/0");
}

TEST(modified_rules_stand_in_capitals_as_object_or_array)
{
    static const char rule[] =
        "{'SecurityGroupRuleId':'sgr-1','SecurityGroupRule':{'IpProtocol':'tcp','FromPort':3389,"
        "'ToPort':3389,'CidrIpv4':'0.0.0.0/0'}}";
    char one[400], list[400];

    snprintf(one, sizeof one,
             "'requestParameters':{'ModifySecurityGroupRulesRequest':{'GroupId':'sg-1','"
             "SecurityGroupRule':%s}}",
             rule);
    snprintf(list, sizeof list,
             "'requestParameters':{'ModifySecurityGroupRulesRequest':{'GroupId':'sg-1','"
             "SecurityGroupRule':[%s]}}",
             rule);
    CHECK_STR(call("ec2", "ModifySecurityGroupRules", one).detail, "tcp 3389 from 0.0.0.0/0");
    CHECK_STR(call("ec2", "ModifySecurityGroupRules", list).exposures->target, "sg-1");
}

TEST(rules_named_by_id_are_taken_from_the_answer)
{
    struct event ev = call("ec2", "RevokeSecurityGroupIngress",
                           "'requestParameters':{'groupId':'sg-1','securityGroupRuleIds':{'items':["
                           "{'securityGroupRuleId':'sgr-1'}]}},"
                           "'responseElements':{'revokedSecurityGroupRuleSet':{'items':[{'groupId':"
                           "'sg-1','ipProtocol':'tcp',"
                           "'fromPort':22,'toPort':22,'cidrIpv4':'0.0.0.0/0'}]}}");

    CHECK(ev.exposures && ev.exposures->is_removal);
    CHECK_INT(ev.exposures->port_to, 22);
}

TEST(an_acl_entry_may_deny)
{
    struct event ev = call("ec2", "CreateNetworkAclEntry",
                           "'requestParameters':{'networkAclId':'acl-1','egress':false,'ruleAction'"
                           ":'deny','aclProtocol':'6',"
                           "'portRange':{'from':1,'to':1024},'ipv6CidrBlock':'::/0'}");

    CHECK(ev.exposures->is_deny && !ev.exposures->is_egress);
    CHECK_STR(ev.detail, "deny tcp 1-1024 from ::/0");
}
