/* vault-audit: request and response, who, what kind of call, how it ended. */
#include "check.h"
#include "feed.h"

extern const struct source source_vault_audit;

static struct feed feed_vault(const char *json)
{
    char *z = str_z(&feed_arena, str_from(json));

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    return feed_json(&source_vault_audit, z);
}

static struct event call(const char *type, const char *operation, const char *path,
                         const char *members)
{
    struct feed f = feed_vault(str_z(
        &feed_arena,
        str_print(&feed_arena,
                  "{'time':'2026-07-01T08:00:00.123456789Z','type':'%s','request':{'id':'r-1',"
                  "'operation':'%s','path':'%s','mount_type':'kv','namespace':{'id':'n1','path':"
                  "'team/'},'remote_address':'192.0.2.1'}%s}",
                  type, operation, path, members)));

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

TEST(a_call_says_who_what_where_and_when)
{
    struct event ev = call("response", "read", "secret/data/a",
                           ",'auth':{'display_name':'oidc-a','entity_id':'e-1','accessor':"
                           "'hmac-sha256:1','policies':['default'],'metadata':{'email':'a@b.c'}}");

    CHECK_STR(ev.actor, "oidc-a");
    CHECK_STR(ev.actor_id, "e-1");
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_STR(ev.session, "a@b.c");
    CHECK_STR(ev.credential, "hmac-sha256:1");
    CHECK_STR(ev.action, "read");
    CHECK_INT(ev.verb, VERB_READ);
    CHECK_STR(ev.resource, "secret/data/a");
    CHECK_STR(ev.account, "team");
    CHECK_STR(ev.source_ip, "192.0.2.1");
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_INT(ev.time.nsec, 123456789);
}

TEST(request_and_response_are_parts_of_one_act)
{
    struct event first = call("request", "update", "a", ""),
                 last = call("response", "update", "a", "");

    CHECK_STR(first.fold.key, "r-1");
    CHECK_STR(last.fold.key, "r-1");
    CHECK(first.fold.part < last.fold.part);
    CHECK(!str_eq(first.dedupe, last.dedupe));
    CHECK_INT(first.outcome, OUTCOME_PENDING);
}

TEST(an_error_over_several_lines_is_a_refusal_when_it_says_so)
{
    CHECK_INT(call("response", "read", "a", ",'error':'1 error occurred:\\n\\t* permission denied'")
                  .outcome,
              OUTCOME_DENIED);
    CHECK_INT(call("response", "read", "a", ",'error':'unsupported path'").outcome,
              OUTCOME_FAILURE);
}

TEST(of_several_lines_of_errors_the_first_is_told)
{
    struct event ev =
        call("response", "read", "a", ",'error':'1 error occurred:\\n\\t* no such key\\n\\n'");

    CHECK_STR(ev.error, "no such key");
    CHECK_STR(ev.error_text, "1 error occurred:\n\t* no such key\n\n");
}

TEST(a_login_has_its_identity_in_the_answer)
{
    struct event ev = call("response", "update", "auth/userpass/login/a",
                           ",'response':{'auth':{'display_name':'userpass-a','entity_id':'e'}}");

    CHECK_INT(ev.verb, VERB_LOGIN);
    CHECK_STR(ev.actor, "userpass-a");
    CHECK_STR(ev.actor_id, "e");
}

TEST(what_an_update_means_stands_in_its_path)
{
    CHECK_INT(call("request", "update", "sys/capabilities-self", "").verb, VERB_READ);
    CHECK_INT(call("request", "delete", "sys/audit/file", "").verb, VERB_CONFIG);
    CHECK_INT(call("request", "update", "sys/policies/acl/x", "").verb, VERB_CONFIG);
    CHECK_INT(call("request", "update", "secret/data/x", "").verb, VERB_UPDATE);
    CHECK_INT(call("request", "list", "sys/policies/acl", "").verb, VERB_LIST);
}

TEST(the_root_token_is_root)
{
    CHECK_INT(call("response", "read", "a", ",'auth':{'display_name':'token','policies':['root']}")
                  .actor_type,
              ACTOR_ROOT);
}

TEST(other_requests_are_left_to_others)
{
    CHECK_INT(feed_vault("{'time':'x','type':'request','request':{'method':'GET'}}").certainty, 0);
    CHECK_INT(feed_vault("{'time':'x','type':'push','request':{'operation':'o'}}").result,
              MAP_FOREIGN);
}
