/* The Azure sources: which record is whose, spellings, folding, facts, directory, vaults. */
#include "check.h"
#include "feed.h"

extern const struct source source_azure_activity, source_azure_entra, source_azure_keyvault,
    source_azure_platform, source_kubernetes_audit;

static struct feed feed_to(const struct source *s, str json)
{
    char *z = str_z(&feed_arena, json);

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    return feed_json(s, z);
}

static struct event only(struct feed f)
{
    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

/* A resource-log record of the activity log; `members` begins with a comma. */
static str activity(const char *operation, const char *result, const char *members)
{
    return str_print(&feed_arena,
                     "{'time':'2026-07-01T08:00:00.1234567Z','resourceId':"
                     "'/SUBSCRIPTIONS/S-1/RESOURCEGROUPS/G/PROVIDERS/X/Y/Z','category':"
                     "'Administrative','operationName':'%s','resultType':'%s',"
                     "'correlationId':'C-1'%s}",
                     operation, result, members);
}

static struct event one(const char *operation, const char *result, const char *members)
{
    return only(feed_to(&source_azure_activity, activity(operation, result, members)));
}

TEST(names_in_capitals_are_spelled_as_the_authorization_has_them)
{
    struct event ev = one("MICROSOFT.WEB/SITES/WRITE", "Success",
                          ",'identity':{'authorization':{'action':'Microsoft.Web/sites/write',"
                          "'scope':'/subscriptions/s-1/resourceGroups/g/providers/x/y/z'}}");

    CHECK_STR(ev.action, "Microsoft.Web/sites/write");
    CHECK_STR(ev.resource, "/subscriptions/s-1/resourceGroups/g/providers/x/y/z");
    CHECK_STR(ev.service, "Microsoft.Web");
    CHECK_STR(ev.resource_type, "Microsoft.Web/sites");
    CHECK_STR(ev.account, "s-1");
    CHECK_STR(ev.place, "g");
    CHECK_INT(ev.verb, VERB_UPDATE);
}

TEST(start_accept_and_end_are_one_act_whatever_their_case)
{
    struct event start = one("A/B/DELETE", "Start", "");
    struct event accept = one("A/B/delete", "Accepted", "");
    struct event end = one("a/b/delete", "Succeeded.", "");

    CHECK_INT(start.outcome, OUTCOME_PENDING);
    CHECK_INT(accept.outcome, OUTCOME_PENDING);
    CHECK_INT(end.outcome, OUTCOME_SUCCESS);
    CHECK(str_eq(start.fold.key, end.fold.key) && str_eq(accept.fold.key, end.fold.key));
    CHECK_INT(start.fold.part, 0);
    CHECK_INT(accept.fold.part, 1);
    CHECK_INT(end.fold.part, 2);
    CHECK(!str_eq(start.dedupe, accept.dedupe));
}

TEST(the_three_spellings_of_rest_cli_and_sdk_are_read_alike)
{
    const char *shapes[] = {
        "{'eventTimestamp':'2026-07-01T08:00:00Z','operationName':{'value':'A/b/delete'},'status':"
        "{'value':'Succeeded'},'category':{'value':'Administrative'},'caller':'a@b.c',"
        "'correlationId':'C','eventDataId':'E','resourceId':'/subscriptions/S/x',"
        "'httpRequest':{'clientIpAddress':'192.0.2.1'}}",
        "{'event_timestamp':'2026-07-01T08:00:00Z','operation_name':{'value':'A/b/delete'},"
        "'status':{'value':'Succeeded'},'category':{'value':'Administrative'},'caller':'a@b.c',"
        "'correlation_id':'C','event_data_id':'E','resource_id':'/subscriptions/S/x',"
        "'http_request':{'client_ip_address':'192.0.2.1'}}",
        "{'TimeGenerated':'2026-07-01T08:00:00Z','OperationNameValue':'A/b/delete',"
        "'ActivityStatusValue':'Success','CategoryValue':'Administrative','Caller':'a@b.c',"
        "'CorrelationId':'C','EventDataId':'E','_ResourceId':'/subscriptions/S/x',"
        "'CallerIpAddress':'192.0.2.1'}",
    };

    for (size_t i = 0; i < 3; i++) {
        struct feed f = feed_to(&source_azure_activity, str_from(shapes[i]));
        struct event ev = only(f);

        CHECK_INT(f.certainty, 90);
        CHECK_STR(ev.actor, "a@b.c");
        CHECK_INT(ev.actor_type, ACTOR_HUMAN);
        CHECK_STR(ev.action, "A/b/delete");
        CHECK_INT(ev.verb, VERB_DELETE);
        CHECK_STR(ev.native_id, "E");
        CHECK_STR(ev.account, "s");
        CHECK_STR(ev.source_ip, "192.0.2.1");
        CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
        CHECK_STR(ev.fold.key, "c a/b/delete /subscriptions/s/x");
    }
}

TEST(claims_say_who_by_which_program_and_with_what_factor)
{
    struct event person =
        one("A/B/WRITE", "Success",
            ",'identity':{'claims':{'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn':"
            "'a@b.c','http://schemas.microsoft.com/identity/claims/objectidentifier':'o-1',"
            "'http://schemas.microsoft.com/claims/authnmethodsreferences':'pwd,mfa',"
            "'appid':'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'}},'callerIpAddress':'192.0.2.1:5000'");
    struct event program = one("A/B/WRITE", "Success",
                               ",'identity':{'claims':{'appid':'app-1','idtyp':'app','oid':'o'}}");

    CHECK_STR(person.actor, "a@b.c");
    CHECK_STR(person.actor_id, "o-1");
    CHECK_INT(person.mfa, MFA_YES);
    CHECK_INT(person.channel, CHANNEL_CONSOLE);
    CHECK_STR(person.source_ip, "192.0.2.1");
    CHECK_STR(program.actor, "app-1");
    CHECK_INT(program.actor_type, ACTOR_SERVICE);
}

TEST(the_reason_of_a_failure_is_found_in_a_string_in_a_string)
{
    struct event ev =
        one("A/B/DELETE", "Failure",
            ",'resultSignature':'Failed.Forbidden','properties':{'statusCode':'Forbidden',"
            "'statusMessage':'\\'{\\\\\\'error\\\\\\':{\\\\\\'code\\\\\\':"
            "\\\\\\'AuthorizationFailed\\\\\\',\\\\\\'message\\\\\\':\\\\\\'no\\\\\\'}}\\''}");

    CHECK_INT(ev.outcome, OUTCOME_DENIED);
    CHECK_STR(ev.error, "AuthorizationFailed");
    CHECK_STR(ev.error_text, "no");
}

TEST(a_security_rule_opens_each_of_its_ports)
{
    struct event ev = one(
        "Microsoft.Network/networkSecurityGroups/securityRules/write", "Start",
        ",'properties':'{\\'requestbody\\':\\'{\\\\\\'properties\\\\\\':{\\\\\\'protocol\\\\\\':"
        "\\\\\\'Tcp\\\\\\',\\\\\\'sourceAddressPrefix\\\\\\':\\\\\\'*\\\\\\',"
        "\\\\\\'destinationPortRanges\\\\\\':[\\\\\\'22\\\\\\',\\\\\\'80-90\\\\\\'],"
        "\\\\\\'access\\\\\\':\\\\\\'Allow\\\\\\',\\\\\\'direction\\\\\\':\\\\\\'Inbound\\\\\\'}}"
        "\\'}'");
    const struct exposure *e = ev.exposures;

    CHECK(e && e->next && !e->next->next);
    CHECK_STR(e->range, "*");
    CHECK_STR(e->protocol, "tcp");
    CHECK_INT(e->port_from, 22);
    CHECK_INT(e->next->port_from, 80);
    CHECK_INT(e->next->port_to, 90);
    CHECK(!e->is_egress && !e->is_deny);
    CHECK_STR(ev.detail, "tcp 22 from *");
}

TEST(an_assignment_of_owner_is_the_grant_of_an_administrator)
{
    struct event ev =
        one("Microsoft.Authorization/roleAssignments/write", "Start",
            ",'properties':{'requestbody':'{\\'Properties\\':{\\'PrincipalId\\':\\'p-1\\',"
            "\\'PrincipalType\\':\\'User\\',\\'RoleDefinitionId\\':\\'/x/"
            "8E3AF657-a8ff-443c-a75c-2fe8c4bcb635\\',\\'Scope\\':\\'/subscriptions/s\\'}}'}");

    CHECK_INT(ev.verb, VERB_GRANT);
    CHECK(ev.grants && ev.grants->is_admin && !ev.grants->is_removal);
    CHECK_STR(ev.grants->grantee, "p-1");
    CHECK_STR(ev.grants->grantee_type, "human");
    CHECK_STR(ev.grants->permission, "Owner");
    CHECK_STR(ev.grants->scope, "/subscriptions/s");
}

TEST(what_the_platform_says_by_itself_is_no_write)
{
    struct event ev = only(
        feed_to(&source_azure_activity,
                STR("{'time':'2026-07-01T08:00:00Z','resourceId':'/subscriptions/s/x','category':"
                    "'ResourceHealth','operationName':'M/healthevent/Updated/action','resultType':"
                    "'Updated','correlationId':'c'}")));

    CHECK_INT(ev.verb, VERB_UNKNOWN);
    CHECK_INT(ev.outcome, OUTCOME_UNKNOWN);
    CHECK_INT(ev.channel, CHANNEL_PROVIDER);
    CHECK(str_empty(ev.fold.key));
}

/* --- the directory ---------------------------------------------------------------------------- */

static struct event sign_in(const char *code, const char *properties)
{
    return only(feed_to(
        &source_azure_entra,
        str_print(&feed_arena,
                  "{'time':'2026-07-01T08:00:00Z','resourceId':'/tenants/T/providers/"
                  "Microsoft.aadiam','category':'SignInLogs','operationName':'Sign-in activity',"
                  "'resultType':'%s','properties':{'userPrincipalName':'a@b.c','userId':'u'%s}}",
                  code, properties)));
}

TEST(a_sign_in_that_was_asked_for_more_has_not_failed)
{
    CHECK_INT(sign_in("0", "").outcome, OUTCOME_SUCCESS);
    CHECK_INT(sign_in("50126", "").outcome, OUTCOME_FAILURE);
    CHECK_INT(sign_in("50140", "").outcome, OUTCOME_PENDING);
    CHECK_INT(sign_in("50158", ",'conditionalAccessStatus':'failure'").outcome, OUTCOME_FAILURE);
    CHECK_INT(sign_in("53003", "").outcome, OUTCOME_DENIED);
}

TEST(a_second_factor_is_seen_in_the_steps_and_in_the_requirement)
{
    CHECK_INT(sign_in("0", ",'authenticationRequirement':'singleFactorAuthentication'").mfa,
              MFA_NO);
    CHECK_INT(sign_in("0", ",'authenticationRequirement':'multiFactorAuthentication'").mfa,
              MFA_YES);
    CHECK_INT(sign_in("0", ",'authenticationRequirement':'singleFactorAuthentication',"
                           "'authenticationDetails':[{'authenticationStepResultDetail':"
                           "'MFA requirement satisfied by claim in the token'}]")
                  .mfa,
              MFA_YES);
    CHECK_INT(sign_in("50126", ",'authenticationRequirement':'singleFactorAuthentication'").mfa,
              MFA_UNKNOWN);
}

TEST(a_member_added_to_a_role_is_a_grant)
{
    struct event ev = only(feed_to(
        &source_azure_entra,
        STR("{'time':'2026-07-01T08:00:00Z','resourceId':'/tenants/T/providers/Microsoft.aadiam',"
            "'category':'AuditLogs','operationName':'Add member to role','properties':{'id':'D1',"
            "'result':'success','operationType':'Assign','initiatedBy':{'app':null,'user':{"
            "'userPrincipalName':'a@b.c','id':'u'}},'targetResources':[{'type':'User',"
            "'userPrincipalName':'d@e.f','modifiedProperties':[{'displayName':"
            "'Role.DisplayName','newValue':'\\'Global Administrator\\''}]}]}}")));

    CHECK_INT(ev.verb, VERB_GRANT);
    CHECK_STR(ev.actor, "a@b.c");
    CHECK_STR(ev.resource, "d@e.f");
    CHECK_STR(ev.account, "t");
    CHECK(ev.grants && ev.grants->is_admin);
    CHECK_STR(ev.grants->grantee, "d@e.f");
    CHECK_STR(ev.grants->permission, "Global Administrator");
    CHECK_STR(ev.detail, "Global Administrator to d@e.f");
}

TEST(graph_gives_the_same_without_an_envelope)
{
    struct feed f = feed_to(
        &source_azure_entra,
        STR("{'id':'D1','activityDateTime':'2026-07-01T08:00:00Z','activityDisplayName':'Add user',"
            "'result':'success','initiatedBy':{'user':{'userPrincipalName':'a@b.c'}}}"));

    CHECK_INT(f.certainty, 90);
    CHECK_STR(only(f).action, "Add user");
    CHECK_STR(only(f).actor, "a@b.c");
}

/* --- vaults and other services ---------------------------------------------------------------- */

static struct event vault(const char *operation, const char *status, const char *claim)
{
    return only(feed_to(
        &source_azure_keyvault,
        str_print(&feed_arena,
                  "{'time':'2026-07-01T08:00:00Z','category':'AuditEvent','operationName':'%s',"
                  "'resultType':'Success','resultSignature':'X','resourceId':'/SUBSCRIPTIONS/S/"
                  "RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V','identity':{'claim':"
                  "{%s}},'properties':{'id':'https://v.vault.azure.net/secrets/"
                  "s/1','httpStatusCode':%s}}",
                  operation, claim, status)));
}

TEST(a_vault_says_success_and_means_the_status)
{
    CHECK_INT(vault("SecretGet", "200", "'upn':'a@b.c'").outcome, OUTCOME_SUCCESS);
    CHECK_INT(vault("SecretGet", "403", "'upn':'a@b.c'").outcome, OUTCOME_DENIED);
    CHECK_INT(vault("SecretGet", "404", "'upn':'a@b.c'").outcome, OUTCOME_FAILURE);
    CHECK_INT(vault("Authentication", "401", "").outcome, OUTCOME_FAILURE);
}

TEST(the_secret_is_the_resource_and_the_vault_stands_behind_it)
{
    struct event ev = vault("SecretList", "200", "'upn':'a@b.c'");

    CHECK_STR(ev.resource, "https://v.vault.azure.net/secrets/s/1");
    CHECK_STR(ev.resource_type, "secrets");
    CHECK(ev.more_resources != NULL);
    CHECK_INT(ev.verb, VERB_LIST);
    CHECK_STR(ev.account, "s");
}

TEST(a_write_of_a_blob_names_the_blob)
{
    struct event ev = only(feed_to(
        &source_azure_platform,
        STR("{'time':'2026-07-01T08:00:00Z','category':'StorageWrite','operationName':'PutBlob',"
            "'resourceId':'/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/"
            "storageAccounts/a','statusCode':201,'callerIpAddress':'192.0.2.1:1','identity':{"
            "'type':'OAuth','requester':{'upn':'a@b.c','objectId':'o'}},'properties':{"
            "'objectKey':'/a/tfstate/x.tfstate'}}")));

    CHECK_STR(ev.resource, "/a/tfstate/x.tfstate");
    CHECK_INT(ev.verb, VERB_UPDATE);
    CHECK_STR(ev.actor, "a@b.c");
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_STR(ev.source_ip, "192.0.2.1");
}

TEST(every_kind_of_record_has_one_source)
{
    static const struct {
        const char *category, *resource, *log;
        const struct source *owner;
    } kinds[] = {
        {"Administrative", "/subscriptions/s/x", "", &source_azure_activity},
        {"SignInLogs", "/tenants/t/providers/Microsoft.aadiam", "", &source_azure_entra},
        {"AuditEvent", "/X/PROVIDERS/MICROSOFT.KEYVAULT/V", "", &source_azure_keyvault},
        {"AuditEvent", "/X/PROVIDERS/MICROSOFT.OTHER/V", "", &source_azure_platform},
        {"kube-audit", "/X/MANAGEDCLUSTERS/C", "{\\'kind\\':\\'Event\\'}", &source_azure_platform},
        {"kube-audit", "/X/MANAGEDCLUSTERS/C",
         "{\\'auditID\\':\\'i\\',\\'verb\\':\\'get\\',\\'user\\':{},\\'stageTimestamp\\':"
         "\\'2026-07-01T00:00:00Z\\'}",
         &source_kubernetes_audit},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char *z = str_z(&feed_arena,
                        str_print(&feed_arena,
                                  "{'time':'2026-07-01T08:00:00Z','operationName':'o','category':"
                                  "'%s','resourceId':'%s','properties':{'log':'%s'}}",
                                  kinds[i].category, kinds[i].resource, kinds[i].log));
        struct record rec;

        for (char *c = z; *c; c++)
            if (*c == '\'')
                *c = '"';
        rec = (struct record){.bytes = str_from(z)};
        sources_start();
        CHECK(source_probe(&rec, NULL) == kinds[i].owner);
    }
}
