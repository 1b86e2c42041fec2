/* gcp-audit: envelopes, principals, outcomes, operations, grants and exposures. */
#include "check.h"
#include "feed.h"

extern const struct source source_gcp_audit;

static struct feed feed_gcp(str json)
{
    char *z = str_z(&feed_arena, json);

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    return feed_json(&source_gcp_audit, z);
}

/* An entry with the payload's members and the entry's further members given. */
static str entry(const char *log, const char *method, const char *payload, const char *members)
{
    return str_print(
        &feed_arena,
        "{'logName':'projects/p/logs/"
        "cloudaudit.googleapis.com%%2F%s','timestamp':'2026-09-01T08:00:00.123456789Z',"
        "'insertId':'i1','resource':{'type':'t','labels':{'project_id':'p'}},"
        "'protoPayload':{'serviceName':'s.googleapis.com','methodName':'%s'%s%s}%s%s}",
        log, method, *payload ? "," : "", payload, *members ? "," : "", members);
}

static struct event one(const char *log, const char *method, const char *payload,
                        const char *members)
{
    struct feed f = feed_gcp(entry(log, method, payload, members));

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

TEST(an_entry_says_who_what_where_and_when)
{
    struct event ev = one(
        "activity", "v1.compute.firewalls.delete",
        "'resourceName':'projects/p/global/firewalls/"
        "f','authenticationInfo':{'principalEmail':'a@b.c',"
        "'principalSubject':'user:a@b.c'},'requestMetadata':{'callerIp':'192.0.2.1'},'status':{}",
        "");

    CHECK_STR(ev.actor, "a@b.c");
    CHECK_STR(ev.actor_id, "user:a@b.c");
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_STR(ev.service, "s.googleapis.com");
    CHECK_STR(ev.action, "v1.compute.firewalls.delete");
    CHECK_INT(ev.verb, VERB_DELETE);
    CHECK_STR(ev.account, "p");
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_INT(ev.time.nsec, 123456789);
    CHECK_STR(
        ev.dedupe,
        "projects/p/logs/cloudaudit.googleapis.com%2Factivity 2026-09-01T08:00:00.123456789Z i1");
}

TEST(the_log_decides_between_reading_and_writing)
{
    CHECK_INT(one("activity", "GetSigninToken", "", "").verb, VERB_UPDATE);
    CHECK_INT(one("data_access", "storage.objects.get", "", "").verb, VERB_READ);
    CHECK_INT(one("data_access", "storage.objects.list", "", "").verb, VERB_LIST);
    CHECK_INT(one("data_access", "jobservice.jobcompleted", "", "").verb, VERB_READ);
    CHECK_INT(one("data_access", "storage.frobnicate",
                  "'authorizationInfo':[{'permissionType':'DATA_WRITE'}]", "")
                  .verb,
              VERB_UPDATE);
    CHECK_INT(one("activity", "io.k8s.core.v1.pods.exec.create", "", "").verb, VERB_EXECUTE);
    CHECK_INT(
        one("data_access", "io.k8s.authorization.v1.subjectaccessreviews.create", "", "").verb,
        VERB_READ);
}

TEST(principals_are_told_apart)
{
    static const struct {
        const char *who;
        enum actor_type type;
    } cases[] = {
        {"'principalEmail':'x@p.iam.gserviceaccount.com'", ACTOR_SERVICE},
        {"'principalEmail':'123@cloudservices.gserviceaccount.com'", ACTOR_PROVIDER},
        {"'principalEmail':'system:anonymous'", ACTOR_ANONYMOUS},
        {"'principalEmail':'system:serviceaccount:ns:sa'", ACTOR_SERVICE},
        {"'principalEmail':'system:kube-scheduler'", ACTOR_PROVIDER},
        {"'principalSubject':'principal://iam.googleapis.com/projects/1/locations/global/"
         "workloadIdentityPools/g/subject/"
         "repo:o/r:ref:refs/heads/main'",
         ACTOR_AUTOMATION},
        {"'principalSubject':'user:a@b.c'", ACTOR_HUMAN},
        {"", ACTOR_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        str payload = str_print(&feed_arena, "'authenticationInfo':{%s}", cases[i].who);

        CHECK_INT(one("activity", "x.create", str_z(&feed_arena, payload), "").actor_type,
                  cases[i].type);
    }
}

TEST(who_acts_through_a_service_account_is_kept_in_order)
{
    struct event ev =
        one("activity", "x.create",
            "'authenticationInfo':{'principalEmail':'sa@p.iam.gserviceaccount.com',"
            "'serviceAccountKeyName':'//iam/keys/"
            "1','serviceAccountDelegationInfo':[{'firstPartyPrincipal':"
            "{'principalEmail':'a@b.c'}},{},{'principalSubject':'serviceAccount:mid'}]}",
            "");

    CHECK_STR(ev.actor, "sa@p.iam.gserviceaccount.com");
    CHECK_STR(ev.via, "a@b.c > serviceAccount:mid");
    CHECK_STR(ev.credential, "//iam/keys/1");
}

TEST(status_codes_decide_and_severity_does_not)
{
    struct event ev =
        one("data_access", "x.get", "'status':{'code':7,'message':'no'}", "'severity':'INFO'");

    CHECK_INT(ev.outcome, OUTCOME_DENIED);
    CHECK_STR(ev.error, "PERMISSION_DENIED");
    CHECK_STR(ev.error_text, "no");
    CHECK_INT(one("activity", "x.create", "'status':{'code':8}", "").outcome, OUTCOME_THROTTLED);
    CHECK_INT(one("activity", "x.create", "'status':{'code':6}", "'severity':'NOTICE'").outcome,
              OUTCOME_FAILURE);
    CHECK_INT(one("system_event", "x.migrate", "'status':{'message':'moved'}", "'severity':'ERROR'")
                  .outcome,
              OUTCOME_SUCCESS);
    CHECK_INT(one("data_access", "x.list", "'authorizationInfo':[{'granted':false}]", "").outcome,
              OUTCOME_UNKNOWN);
    CHECK_INT(
        one("data_access", "io.k8s.get", "", "'labels':{'authorization.k8s.io/decision':'forbid'}")
            .outcome,
        OUTCOME_DENIED);
}

TEST(first_and_last_entry_of_an_operation_are_one_act)
{
    struct event first =
        one("activity", "x.insert", "", "'operation':{'id':'op','producer':'c','first':true}");
    struct event last =
        one("activity", "x.insert", "", "'operation':{'id':'op','producer':'c','last':true}");
    struct event both = one("activity", "x.insert", "",
                            "'operation':{'id':'op','producer':'c','first':true,'last':true}");

    CHECK_STR(first.fold.key, "c op");
    CHECK_INT(first.fold.part, 0);
    CHECK_STR(last.fold.key, "c op");
    CHECK_INT(last.fold.part, 2);
    CHECK(str_empty(both.fold.key));
    CHECK_STR(both.request, "op");
}

TEST(what_is_no_audit_entry_is_no_event)
{
    CHECK_INT(feed_gcp(STR("{'logName':'projects/p/logs/"
                           "requests','jsonPayload':{},'timestamp':'2026-09-01T08:00:00Z'}"))
                  .result,
              MAP_NOT_EVENT);
    CHECK_INT(feed_gcp(STR("{'logName':'projects/p/logs/x','protoPayload':{'@type':'RequestLog'}}"))
                  .result,
              MAP_NOT_EVENT);
    CHECK_INT(feed_gcp(STR("{'a':1}")).result, MAP_FOREIGN);
}

TEST(envelopes_are_opened)
{
    struct feed events = feed_gcp(str_print(&feed_arena, "{'specversion':'1.0','data':%.*s}",
                                            STR_FMT(entry("activity", "x.create", "", ""))));
    /* {"logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity",
     *  "timestamp":"2026-09-01T08:00:00Z","protoPayload":{"methodName":"x.create"}} */
    struct feed pubsub = feed_gcp(STR("{'subscription':'s','message':{'messageId':'1','data':'"
                                      "eyJsb2dOYW1lIjoicHJvamVjdHMvcC9sb2dzL2Nsb3VkYXVkaXQuZ29vZ2xl"
                                      "YXBpcy5jb20lMkZhY3Rpdml0eSIsInRpbWVzdGFtcCI6IjIwMjYtMDktMDFU"
                                      "MDg6MDA6MDBaIiwicHJvdG9QYXlsb2FkIjp7Im1ldGhvZE5hbWUiOiJ4"
                                      "LmNyZWF0ZSJ9fQ=='}}"));

    CHECK_INT(events.n, 1);
    CHECK_INT(events.certainty, 95);
    CHECK_STR(events.events[0].action, "x.create");
    CHECK_INT(pubsub.n, 1);
    CHECK_STR(pubsub.events[0].action, "x.create");
}

TEST(a_row_of_bigquery_is_read_like_an_entry)
{
    struct feed f = feed_gcp(STR(
        "{'logName':'projects/p/logs/cloudaudit.googleapis.com%2Factivity','timestamp':"
        "'2026-09-01 08:00:00.500 UTC','insertId':'i','operation':null,'protopayload_auditlog':{"
        "'serviceName':'s','methodName':'v1.compute.firewalls.insert','status':null,'resourceName':"
        "'f',"
        "'requestJson':'{\\'sourceRanges\\':[\\'0.0.0.0/"
        "0\\'],\\'alloweds\\':[{\\'IPProtocol\\':\\'tcp\\',"
        "\\'ports\\':[\\'22\\']}]}'}}"));

    CHECK_INT(f.n, 1);
    CHECK_INT(f.events[0].time.nsec, 500000000);
    CHECK_STR(f.events[0].detail, "tcp 22 from 0.0.0.0/0");
}

TEST(a_sign_in_says_its_outcome_in_its_name)
{
    static const char login[] =
        "'serviceName':'login.googleapis.com','metadata':{'event':[{'parameter':[{'name':'login_"
        "type',"
        "'value':'%s'},{'name':'login_challenge_method','multiStrValue':[%s]}]}]}";
    char plain[300], key[300], saml[300];

    snprintf(plain, sizeof plain, login, "google_password", "'password'");
    snprintf(key, sizeof key, login, "google_password", "'password','security_key'");
    snprintf(saml, sizeof saml, login, "saml", "");
    CHECK_INT(one("data_access", "google.login.LoginService.loginFailure", plain, "").outcome,
              OUTCOME_FAILURE);
    CHECK_INT(one("data_access", "google.login.LoginService.loginSuccess", plain, "").outcome,
              OUTCOME_SUCCESS);
    CHECK_INT(one("data_access", "google.login.LoginService.loginSuccess", plain, "").mfa, MFA_NO);
    CHECK_INT(one("data_access", "google.login.LoginService.loginSuccess", key, "").mfa, MFA_YES);
    CHECK_INT(one("data_access", "google.login.LoginService.loginSuccess", saml, "").mfa,
              MFA_ASSERTED);
    CHECK_INT(one("data_access", "google.login.LoginService.loginSuccess", key, "").verb,
              VERB_LOGIN);
}

#define BY(email) "'authenticationInfo':{'principalEmail':'" email "'},'resourceName':'projects/p',"
#define DELTA(action, role, member)                                                                \
    "'serviceData':{'policyDelta':{'bindingDeltas':[{'action':'" action "','role':'" role          \
    "','member':'" member "'}]}}"

TEST(only_what_changed_in_a_policy_is_granted)
{
    struct event ev = one(
        "activity", "SetIamPolicy",
        BY("a@b.c") DELTA("ADD", "roles/owner",
                          "user:d@b.c") ",'request':{'policy':{'bindings':"
                                        "[{'role':'roles/viewer','members':['user:old@b.c']}]}}",
        "");

    CHECK_STR(ev.grants->grantee, "user:d@b.c");
    CHECK_STR(ev.grants->grantee_type, "human");
    CHECK_STR(ev.grants->permission, "roles/owner");
    CHECK_STR(ev.grants->scope, "projects/p");
    CHECK(!ev.grants->is_external && !ev.grants->next);
    CHECK_INT(ev.verb, VERB_GRANT);
    CHECK_INT(one("activity", "SetIamPolicy",
                  BY("a@b.c") DELTA("REMOVE", "roles/owner", "user:d@b.c"), "")
                  .verb,
              VERB_REVOKE);
}

TEST(strangers_and_everyone_are_external)
{
    CHECK(one("activity", "SetIamPolicy", BY("a@b.c") DELTA("ADD", "r", "allUsers"), "")
              .grants->is_public);
    CHECK(
        one("activity", "SetIamPolicy", BY("a@b.c") DELTA("ADD", "r", "allAuthenticatedUsers"), "")
            .grants->is_public);
    CHECK(one("activity", "SetIamPolicy", BY("a@b.c") DELTA("ADD", "r", "user:x@gmail.com"), "")
              .grants->is_external);
    CHECK(one("activity", "SetIamPolicy", BY("a@b.c") DELTA("ADD", "r", "group:g@other.org"), "")
              .grants->is_external);
    CHECK(one("activity", "SetIamPolicy",
              BY("a@b.c") DELTA("ADD", "r", "serviceAccount:s@q.iam.gserviceaccount.com"), "")
              .grants->is_external);
    CHECK(!one("activity", "SetIamPolicy",
               BY("a@b.c") DELTA("ADD", "r", "serviceAccount:s@p.iam.gserviceaccount.com"), "")
               .grants->is_external);
    CHECK(!one("activity", "SetIamPolicy",
               BY("s@p.iam.gserviceaccount.com") DELTA("ADD", "r", "user:d@b.c"), "")
               .grants->is_external);
}

TEST(without_a_delta_the_whole_policy_is_told_as_such)
{
    struct event ev = one(
        "activity", "google.pubsub.v1.Publisher.SetIamPolicy",
        BY("a@b.c") "'request':{'policy':{'bindings':[{'role':'r','members':['allUsers']}]}}", "");

    CHECK(ev.grants->is_public);
    CHECK_STR(ev.grants->condition, "as the whole policy now says; what changed is not recorded");
}

TEST(audit_logging_taken_away_is_told)
{
    struct event ev = one("activity", "SetIamPolicy",
                          BY("a@b.c") "'serviceData':{'policyDelta':{'auditConfigDeltas':[{'action'"
                                      ":'REMOVE','service':'allServices',"
                                      "'logType':'DATA_READ'}]}}",
                          "");

    CHECK_STR(ev.detail, "audit config REMOVE allServices DATA_READ");
}

TEST(a_custom_role_that_sets_policies_is_administration)
{
    CHECK(one("activity", "google.iam.admin.v1.CreateRole",
              "'request':{'role':{'included_permissions':['storage.buckets.get','resourcemanager."
              "projects.setIamPolicy']}}",
              "")
              .grants->is_admin);
    CHECK(!one("activity", "google.iam.admin.v1.CreateRole",
               "'request':{'role':{'included_permissions':['storage.buckets.get']}}", "")
               .grants->is_admin);
}

static struct event rule(const char *method, const char *request)
{
    str payload = str_print(&feed_arena, "'resourceName':'f','request':{%s}", request);

    return one("activity", method, str_z(&feed_arena, payload), "");
}

TEST(a_firewall_rule_opens_per_range_and_port_span)
{
    struct event ev = rule("v1.compute.firewalls.insert",
                           "'sourceRanges':['0.0.0.0/"
                           "0'],'alloweds':[{'IPProtocol':'tcp','ports':['22','8000-8080']}]");

    CHECK_STR(ev.detail, "tcp 22 from 0.0.0.0/0");
    CHECK_INT(ev.exposures->port_from, 22);
    CHECK_INT(ev.exposures->next->port_from, 8000);
    CHECK_INT(ev.exposures->next->port_to, 8080);
    CHECK_STR(ev.exposures->target, "f");
}

TEST(a_new_rule_without_source_is_open_and_a_patch_without_ranges_says_nothing)
{
    CHECK_STR(
        rule("v1.compute.firewalls.insert", "'alloweds':[{'IPProtocol':'all'}]").exposures->range,
        "0.0.0.0/0");
    CHECK(!rule("v1.compute.firewalls.insert",
                "'sourceTags':['web'],'alloweds':[{'IPProtocol':'all'}]")
               .exposures);
    CHECK(!rule("v1.compute.firewalls.patch", "'alloweds':[{'IPProtocol':'all'}]").exposures);
    CHECK(!rule("v1.compute.firewalls.insert", "'disabled':true,'alloweds':[{'IPProtocol':'all'}]")
               .exposures);
}

TEST(egress_and_denials_are_marked)
{
    struct event ev = rule(
        "v1.compute.firewalls.insert",
        "'direction':'EGRESS','destinationRanges':['10.0.0.0/8'],'denieds':[{'IPProtocol':'all'}]");

    CHECK(ev.exposures->is_egress && ev.exposures->is_deny);
    CHECK_STR(ev.detail, "deny all to 10.0.0.0/8");
}

TEST(authorized_networks_of_a_database_are_exposures)
{
    struct event ev = rule(
        "cloudsql.instances.update",
        "'body':{'settings':{'ipConfiguration':{'authorizedNetworks':[{'value':'0.0.0.0/0'}]}}}");

    CHECK_STR(ev.exposures->range, "0.0.0.0/0");
}

TEST(logging_that_is_weakened_is_told)
{
    CHECK_STR(
        rule("google.logging.v2.ConfigServiceV2.UpdateSink", "'sink':{'disabled':true}").detail,
        "sink disabled");
    CHECK_STR(rule("v1.compute.subnetworks.patch", "'enableFlowLogs':false").detail,
              "flow logs off");
    CHECK(str_empty(rule("v1.compute.subnetworks.patch", "'enableFlowLogs':true").detail));
}
