/* kubernetes-audit: stages, identities, resources, outcomes, role bindings, envelopes. */
#include "check.h"
#include "feed.h"

extern const struct source source_kubernetes_audit;

static struct feed feed_k8s(const char *json)
{
    char *z = str_z(&feed_arena, str_from(json));

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    return feed_json(&source_kubernetes_audit, z);
}

/* An event with the members given, which begin with a comma. */
static struct feed feed_event(const char *members)
{
    return feed_k8s(str_z(
        &feed_arena,
        str_print(&feed_arena,
                  "{'auditID':'id-1','requestReceivedTimestamp':'2026-07-01T08:00:00.123456Z'%s}",
                  members)));
}

static struct event one(const char *members)
{
    struct feed f = feed_event(members);

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

TEST(an_event_says_who_what_where_and_when)
{
    struct event ev = one(",'stage':'ResponseComplete','verb':'create','user':{'username':'a@b.c',"
                          "'uid':'u-1'},'sourceIPs':['192.0.2.1','10.0.0.1'],'objectRef':{"
                          "'resource':'services','namespace':'shop','name':'web'},"
                          "'responseStatus':{'code':201},'userAgent':'kubectl/v1.31'");

    CHECK_STR(ev.actor, "a@b.c");
    CHECK_STR(ev.actor_id, "u-1");
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_STR(ev.action, "create services");
    CHECK_INT(ev.verb, VERB_CREATE);
    CHECK_STR(ev.resource, "shop/services/web");
    CHECK_STR(ev.source_ip, "192.0.2.1");
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_INT(ev.channel, CHANNEL_CLI);
    CHECK_INT(ev.time.nsec, 123456000);
}

TEST(the_stages_of_a_request_are_parts_of_one_act)
{
    struct event first = one(",'stage':'RequestReceived','verb':'get','user':{'username':'a'}");
    struct event last = one(",'stage':'Panic','verb':'get','user':{'username':'a'}");

    CHECK_STR(first.fold.key, "id-1");
    CHECK_STR(last.fold.key, "id-1");
    CHECK_INT(first.fold.part, 0);
    CHECK_INT(last.fold.part, 2);
    CHECK(!str_eq(first.dedupe, last.dedupe));
    CHECK_INT(first.outcome, OUTCOME_PENDING);
    CHECK_INT(last.outcome, OUTCOME_FAILURE);
}

TEST(a_person_behind_a_login_proxy_is_who_acted)
{
    struct event ev =
        one(",'verb':'list','user':{'username':'system:serviceaccount:login:proxy','uid':'u'},"
            "'impersonatedUser':{'username':'a@b.c'},'objectRef':{'resource':'pods'}");

    CHECK_STR(ev.actor, "a@b.c");
    CHECK(str_empty(ev.actor_id));
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_STR(ev.via, "system:serviceaccount:login:proxy");
}

TEST(a_person_who_impersonates_stays_the_actor)
{
    struct event ev = one(",'verb':'list','user':{'username':'a@b.c'},"
                          "'impersonatedUser':{'username':'system:admin'}");

    CHECK_STR(ev.actor, "a@b.c");
    CHECK_STR(ev.via, "system:admin");
}

TEST(eks_says_which_aws_identity_stands_behind_a_name)
{
    struct event ev =
        one(",'verb':'list','user':{'username':'admin','extra':{'arn':['arn:aws:sts::1:x/y'],"
            "'sessionName':['y'],'accessKeyId':['ASIA1']}}");

    CHECK_STR(ev.via, "arn:aws:sts::1:x/y");
    CHECK_STR(ev.session, "y");
    CHECK_STR(ev.credential, "ASIA1");
}

TEST(names_of_the_cluster_are_no_people)
{
    CHECK_INT(one(",'verb':'get','user':{'username':'system:anonymous'}").actor_type,
              ACTOR_ANONYMOUS);
    CHECK_INT(one(",'verb':'get','user':{'username':'system:node:n1'}").actor_type, ACTOR_PROVIDER);
    CHECK_INT(one(",'verb':'get','user':{'username':'system:serviceaccount:a:b'}").actor_type,
              ACTOR_SERVICE);
}

TEST(entering_a_pod_is_an_execution_and_shows_the_program_only)
{
    struct event ev = one(",'verb':'get','requestURI':'/api/v1/namespaces/n/pods/p/"
                          "exec?command=mysql&command=-psecret&stdin=true','user':{'username':'a'},"
                          "'objectRef':{'resource':'pods','namespace':'n','name':'p',"
                          "'subresource':'exec'},'responseStatus':{'code':101}");

    CHECK_INT(ev.verb, VERB_EXECUTE);
    CHECK_STR(ev.resource, "n/pods/p/exec");
    CHECK_STR(ev.detail, "exec mysql");
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
}

TEST(an_access_review_is_a_question)
{
    CHECK_INT(one(",'verb':'create','user':{'username':'a'},"
                  "'objectRef':{'resource':'selfsubjectaccessreviews'}")
                  .verb,
              VERB_READ);
}

TEST(a_refusal_is_told_from_a_failure)
{
    struct event denied = one(",'verb':'list','user':{'username':'a'},'responseStatus':{"
                              "'code':403,'reason':'Forbidden','message':'no'}");
    struct event missing =
        one(",'verb':'get','user':{'username':'a'},'responseStatus':{'code':404}");

    CHECK_INT(denied.outcome, OUTCOME_DENIED);
    CHECK_STR(denied.error, "403 Forbidden");
    CHECK_STR(denied.error_text, "no");
    CHECK_INT(missing.outcome, OUTCOME_FAILURE);
}

TEST(a_role_binding_gives_to_each_of_its_subjects)
{
    struct event ev =
        one(",'verb':'create','user':{'username':'a'},'objectRef':{'resource':'rolebindings',"
            "'namespace':'n','name':'b'},'requestObject':{'roleRef':{'name':'cluster-admin'},"
            "'subjects':[{'kind':'ServiceAccount','name':'s','namespace':'m'},"
            "{'kind':'Group','name':'system:unauthenticated'}]}");

    CHECK_INT(ev.verb, VERB_GRANT);
    CHECK(ev.grants && ev.grants->next && !ev.grants->next->next);
    CHECK_STR(ev.grants->grantee, "system:serviceaccount:m:s");
    CHECK_STR(ev.grants->grantee_type, "service");
    CHECK_STR(ev.grants->permission, "cluster-admin");
    CHECK_STR(ev.grants->scope, "n");
    CHECK(ev.grants->is_admin && !ev.grants->is_public);
    CHECK(ev.grants->next->is_public);
    CHECK_STR(ev.detail, "cluster-admin to system:serviceaccount:m:s");
}

TEST(a_role_that_allows_everything_is_an_administrators)
{
    struct event ev =
        one(",'verb':'create','user':{'username':'a'},'objectRef':{'resource':'clusterroles'},"
            "'requestObject':{'metadata':{'name':'r'},'rules':[{'verbs':['get'],'resources':['x']},"
            "{'verbs':['*'],'resources':['*']}]}");
    struct event little = one(
        ",'verb':'create','user':{'username':'a'},'objectRef':{'resource':'clusterroles'},"
        "'requestObject':{'metadata':{'name':'r'},'rules':[{'verbs':['*'],'resources':['x']}]}");

    CHECK(ev.grants && ev.grants->is_admin);
    CHECK(little.grants && !little.grants->is_admin);
}

TEST(envelopes_are_opened)
{
    struct feed wrapped = feed_k8s("{'event':{'auditID':'i','verb':'get','user':{'username':'a'},"
                                   "'timestamp':'2018-10-26T13:38:34Z'}}");
    struct feed aks = feed_k8s(
        "{'category':'kube-audit','resourceId':'/SUBSCRIPTIONS/S1/X/MANAGEDCLUSTERS/"
        "C1','properties'"
        ":{'log':'{\\'auditID\\':\\'i\\',\\'verb\\':\\'get\\',\\'user\\':{\\'username\\':\\'a\\'},"
        "\\'stageTimestamp\\':\\'2026-07-01T00:00:00Z\\'}'}}");

    CHECK_INT(wrapped.certainty, 95);
    CHECK_INT(wrapped.result, MAP_DONE);
    CHECK_INT(aks.certainty, 95);
    CHECK_INT(aks.result, MAP_DONE);
    CHECK_STR(aks.events[0].account, "s1");
    CHECK_STR(aks.events[0].place, "c1");
}

TEST(what_is_no_audit_event_is_left_to_others)
{
    CHECK_INT(feed_k8s("{'kind':0}").certainty, 0);
    CHECK_INT(feed_k8s("{'kind':'Event','involvedObject':{}}").certainty, 0);
    CHECK_INT(
        feed_k8s("{'category':'kube-audit','resourceId':'r','properties':{'log':'text'}}").result,
        MAP_FOREIGN);
}

TEST(an_event_without_a_time_is_refused)
{
    struct feed f = feed_k8s("{'auditID':'i','verb':'get','user':{'username':'a'}}");

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "requestReceivedTimestamp is missing");
}
