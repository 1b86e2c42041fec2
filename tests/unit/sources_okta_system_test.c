/* okta-system: who, targets, outcomes, grants, envelopes. */
#include "check.h"
#include "feed.h"

extern const struct source source_okta_system;

static struct feed feed_okta(str json)
{
    char *z = str_z(&feed_arena, json);

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    sources_start();
    return feed_json(&source_okta_system, z);
}

static str event(const char *type, const char *result, const char *members)
{
    return str_print(&feed_arena,
                     "{'eventType':'%s','published':'2026-07-01T08:00:00.123Z','uuid':'u-1','actor'"
                     ":{'id':'00u1','type':'User','alternateId':'a@b.c'},'outcome':{'result':'%s',"
                     "'reason':'why'}%s}",
                     type, result, members);
}

static struct event one(const char *type, const char *result, const char *members)
{
    struct feed f = feed_okta(event(type, result, members));

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

TEST(an_event_says_who_what_where_and_when)
{
    struct event ev =
        one("user.session.start", "SUCCESS",
            ",'client':{'ipAddress':'192.0.2.1','userAgent':{'rawUserAgent':'Mozilla/5.0'}},"
            "'authenticationContext':{'externalSessionId':'s'},'transaction':{'id':'t'}");

    CHECK_STR(ev.actor, "a@b.c");
    CHECK_STR(ev.actor_id, "00u1");
    CHECK_INT(ev.actor_type, ACTOR_HUMAN);
    CHECK_INT(ev.verb, VERB_LOGIN);
    CHECK_STR(ev.session, "s");
    CHECK_STR(ev.request, "t");
    CHECK_STR(ev.native_id, "u-1");
    CHECK_STR(ev.source_ip, "192.0.2.1");
    CHECK_INT(ev.channel, CHANNEL_CONSOLE);
    CHECK_INT(ev.outcome, OUTCOME_SUCCESS);
    CHECK_INT(ev.mfa, MFA_UNKNOWN);
}

TEST(only_failure_and_deny_have_failed)
{
    CHECK_INT(one("user.session.start", "FAILURE", "").outcome, OUTCOME_FAILURE);
    CHECK_STR(one("user.session.start", "FAILURE", "").error, "why");
    CHECK_INT(one("user.session.start", "DENY", "").outcome, OUTCOME_DENIED);
    CHECK_INT(one("user.session.start", "ALLOW", "").outcome, OUTCOME_SUCCESS);
    CHECK_INT(one("user.session.start", "CHALLENGE", "").outcome, OUTCOME_PENDING);
    CHECK_INT(one("user.session.start", "ABANDONED", "").outcome, OUTCOME_UNKNOWN);
}

TEST(a_warning_of_a_rate_limit_is_nobodys_success)
{
    struct event ev = one("system.org.rate_limit.warning", "SUCCESS", "");

    CHECK_INT(ev.outcome, OUTCOME_UNKNOWN);
    CHECK_INT(ev.verb, VERB_UNKNOWN);
}

TEST(a_target_called_unknown_goes_by_its_other_name)
{
    struct event ev = one("policy.lifecycle.deactivate", "SUCCESS",
                          ",'target':[{'type':'PolicyEntity','alternateId':'unknown','displayName':"
                          "'Require MFA'},{'type':'PolicyRule','alternateId':'r'}]");

    CHECK_STR(ev.resource, "Require MFA");
    CHECK_INT(ev.verb, VERB_CONFIG);
    CHECK(ev.more_resources && !ev.more_resources->next);
}

TEST(a_membership_and_a_privilege_are_grants)
{
    struct event member =
        one("group.user_membership.remove", "SUCCESS",
            ",'target':[{'type':'User','alternateId':'d@e.f'},{'type':'UserGroup','alternateId':"
            "'unknown','displayName':'admins'}]");
    struct event admin =
        one("user.account.privilege.grant", "SUCCESS",
            ",'target':[{'type':'User','alternateId':'d@e.f'}],'debugContext':{'debugData':{"
            "'privilegeGranted':'Super Administrator'}}");

    CHECK_INT(member.verb, VERB_REVOKE);
    CHECK(member.grants && member.grants->is_removal && !member.grants->is_admin);
    CHECK_STR(member.grants->grantee, "d@e.f");
    CHECK_STR(member.grants->scope, "admins");
    CHECK_INT(admin.verb, VERB_GRANT);
    CHECK(admin.grants && admin.grants->is_admin);
    CHECK_STR(admin.grants->permission, "Super Administrator");
}

TEST(a_second_factor_is_told_where_it_was_given)
{
    CHECK_INT(one("user.authentication.auth_via_mfa", "SUCCESS", "").mfa, MFA_YES);
    CHECK_INT(one("user.authentication.auth_via_mfa", "FAILURE", "").mfa, MFA_UNKNOWN);
    CHECK_INT(one("user.authentication.auth_via_IDP", "SUCCESS", "").mfa, MFA_ASSERTED);
}

TEST(envelopes_and_hooks_are_opened)
{
    str ev = event("user.session.end", "SUCCESS", "");
    struct feed bridge =
        feed_okta(str_print(&feed_arena, "{'detail-type':'x','detail':%.*s}", STR_FMT(ev)));
    struct feed hook = feed_okta(
        str_print(&feed_arena, "{'data':{'events':[%.*s,%.*s]}}", STR_FMT(ev), STR_FMT(ev)));

    CHECK_INT(bridge.certainty, 90);
    CHECK_INT(bridge.n, 1);
    CHECK_INT(hook.certainty, 90);
    CHECK_INT(hook.n, 2);
    CHECK_INT(hook.events[0].verb, VERB_LOGOUT);
}

TEST(other_events_are_left_to_others)
{
    CHECK_INT(feed_okta(STR("{'eventType':'AwsApiCall','eventTime':'x'}")).certainty, 0);
    CHECK_INT(feed_okta(STR("{'eventType':'x','published':'y','actor':'z'}")).result, MAP_FOREIGN);
}
