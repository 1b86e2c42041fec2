/* github-audit: both places for members, verbs, permissions, runs and decisions. */
#include "check.h"
#include "feed.h"

extern const struct source source_github_audit;

static struct feed feed_hub(str json)
{
    char *z = str_z(&feed_arena, json);

    for (char *c = z; *c; c++)
        if (*c == '\'')
            *c = '"';
    return feed_json(&source_github_audit, z);
}

static struct event entry(const char *action, const char *members)
{
    struct feed f = feed_hub(str_print(
        &feed_arena, "{'action':'%s','actor':'alice','created_at':1788249600250,'org':'acme'%s%s}",
        action, *members ? "," : "", members));

    return f.n ? f.events[0] : (struct event){.actor = STR("no event")};
}

TEST(times_are_milliseconds_in_either_member)
{
    struct event ev = entry("repo.create", "'repo':'acme/shop'");
    struct feed other =
        feed_hub(STR("{'action':'git.push','actor':'a','@timestamp':1788249600250}"));

    CHECK_INT(ev.time.sec, 1788249600);
    CHECK_INT(ev.time.nsec, 250000000);
    CHECK_STR(ev.time_text, "1788249600250");
    CHECK_INT(other.events[0].time.sec, 1788249600);
    CHECK_INT(other.certainty, 90);
}

TEST(members_are_found_at_the_top_and_under_data)
{
    CHECK_STR(entry("team.create", "'data':{'team':'acme/ops'}").resource, "acme/ops");
    CHECK_STR(entry("team.create", "'team':'acme/ops'").resource, "acme/ops");
}

TEST(an_org_may_be_a_list)
{
    struct feed f = feed_hub(
        STR("{'action':'x.y','actor':'a','created_at':1788249600250,'org':['one','two']}"));

    CHECK_STR(f.events[0].account, "one");
}

TEST(bots_people_and_nobody_are_told_apart)
{
    CHECK_INT(entry("repo.create", "").actor_type, ACTOR_HUMAN);
    CHECK_INT(entry("repo.create", "'actor_is_bot':true").actor_type, ACTOR_AUTOMATION);
    CHECK_INT(
        feed_hub(STR("{'action':'git.clone','created_at':1788249600250}")).events[0].actor_type,
        ACTOR_ANONYMOUS);
    CHECK_INT(
        feed_hub(STR("{'action':'repo.x','actor':'renovate[bot]','created_at':1788249600250}"))
            .events[0]
            .actor_type,
        ACTOR_AUTOMATION);
}

TEST(the_affected_user_is_not_the_actor)
{
    struct event ev = entry("org.add_member", "'user':'bob','permission':'admin'");

    CHECK_STR(ev.actor, "alice");
    CHECK_STR(ev.resource, "bob");
    CHECK_STR(ev.grants->grantee, "bob");
    CHECK_STR(ev.grants->permission, "admin");
    CHECK_STR(ev.grants->scope, "acme");
    CHECK(ev.grants->is_admin);
    CHECK_INT(ev.verb, VERB_GRANT);
    CHECK_STR(ev.detail, "permission admin");
}

TEST(leaving_takes_what_joining_gave)
{
    CHECK(entry("org.remove_member", "'user':'bob'").grants->is_removal);
    CHECK_INT(entry("org.remove_member", "'user':'bob'").verb, VERB_REVOKE);
    CHECK(!entry("org.update_member", "'user':'bob','permission':'read','old_permission':'admin'")
               .grants->is_removal);
}

TEST(a_team_is_given_a_repository)
{
    struct event ev =
        entry("team.add_repository", "'team':'acme/ops','repo':'acme/shop','permission':'push'");

    CHECK_STR(ev.grants->grantee, "acme/ops");
    CHECK_STR(ev.grants->grantee_type, "group");
    CHECK_STR(ev.grants->scope, "acme/shop");
    CHECK_STR(ev.grants->permission, "push");
}

TEST(outsiders_keys_and_publication_are_external)
{
    CHECK(entry("repo.add_outside_collaborator", "'user':'eve','repo':'acme/shop'")
              .grants->is_external);
    CHECK(entry("public_key.create", "'title':'ci','repo':'acme/shop','read_only':false")
              .grants->is_external);
    CHECK(!entry("public_key.create", "'title':'laptop'").grants);
    CHECK(entry("repo.access",
                "'repo':'acme/shop','visibility':'public','previous_visibility':'private'")
              .grants->is_public);
    CHECK(entry("repo.access",
                "'repo':'acme/shop','visibility':'private','previous_visibility':'public'")
              .grants->is_removal);
    CHECK(!entry("repo.access",
                 "'repo':'acme/shop','visibility':'internal','previous_visibility':'private'")
               .grants);
}

TEST(verbs_follow_the_action_then_its_first_word_then_its_type)
{
    CHECK_INT(entry("protected_branch.policy_override", "").verb, VERB_OVERRIDE);
    CHECK_INT(entry("secret_scanning_push_protection.bypass", "").verb, VERB_OVERRIDE);
    CHECK_INT(entry("protected_branch.update_admin_enforced", "").verb, VERB_CONFIG);
    CHECK_INT(entry("protected_branch.destroy", "").verb, VERB_DELETE);
    CHECK_INT(entry("org.audit_log_export", "").verb, VERB_EXPORT);
    CHECK_INT(entry("repo.rename", "").verb, VERB_UPDATE);
    CHECK_INT(entry("unheard.of", "'operation_type':'remove'").verb, VERB_DELETE);
    CHECK_INT(entry("unheard.of", "").verb, VERB_UNKNOWN);
    CHECK_INT(entry("org.sso_response", "").verb, VERB_LOGIN);
    CHECK_INT(entry("git.clone", "'operation_type':'access'").verb, VERB_READ);
}

TEST(refusals_are_actions_of_their_own)
{
    CHECK_INT(entry("protected_branch.rejected_ref_update", "").outcome, OUTCOME_DENIED);
    CHECK_INT(entry("user.failed_login", "").outcome, OUTCOME_FAILURE);
    CHECK_INT(entry("repo.create", "").outcome, OUTCOME_SUCCESS);
}

TEST(an_approved_job_is_an_approval_of_its_run)
{
    struct event ev =
        entry("workflows.approve_workflow_job",
              "'repo':'acme/shop','workflow_run_id':601065160,'environment_name':'production'");

    CHECK_INT(ev.verb, VERB_APPROVE);
    CHECK_STR(ev.run, "601065160");
    CHECK_STR(ev.label, "production");
    CHECK_STR(ev.approvals->decision, "approve");
    CHECK_STR(ev.approvals->object_type, "run");
    CHECK_STR(ev.approvals->object, "601065160");
    CHECK_STR(ev.approvals->by, "alice");
    CHECK_STR(entry("workflows.reject_workflow_job", "'workflow_run_id':1").approvals->decision,
              "reject");
}

TEST(a_completed_run_is_an_observation_of_a_change)
{
    struct event ev =
        entry("workflows.completed_workflow_run",
              "'repo':'acme/"
              "shop','workflow_run_id':7,'run_attempt':2,'conclusion':'failure','head_sha':'abc',"
              "'head_branch':'main','event':'push','started_at':'2026-09-01T07:59:00Z'");

    CHECK_STR(ev.run, "7/2");
    CHECK_STR(ev.commit, "abc");
    CHECK_INT(ev.outcome, OUTCOME_FAILURE);
    CHECK_STR(ev.changes->tool, "github-actions");
    CHECK_STR(ev.changes->key, "7/2");
    CHECK_STR(ev.changes->result, "failed");
    CHECK(str_empty(ev.changes->kind));
    CHECK_INT(ev.changes->adds, -1);
    CHECK_INT(ev.changes->t_end.sec, 1788249600);
}

TEST(a_merge_names_who_merged)
{
    struct event ev =
        entry("pull_request.merge",
              "'repo':'acme/shop','pull_request_url':'https://github.com/acme/shop/pull/12'");

    CHECK_STR(ev.change_request, "acme/shop#12");
    CHECK_STR(ev.change_requests->merged_by, "alice");
    CHECK_INT(ev.change_requests->t_merged.sec, 1788249600);
    CHECK(!entry("pull_request.merge", "").change_requests);
}

TEST(tokens_are_named_by_id_and_never_by_hash)
{
    CHECK_STR(entry("git.push", "'token_id':123,'hashed_token':'tO8q'").credential, "123");
    CHECK(str_empty(entry("git.push", "'token_id':0,'hashed_token':'tO8q'").credential));
}

TEST(a_record_without_time_is_refused)
{
    struct feed f = feed_hub(STR("{'action':'repo.create','actor':'a'}"));

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "neither '@timestamp' nor 'created_at' is there");
    CHECK_INT(feed_hub(STR("{'action':'opened','created_at':'2026-09-01T08:00:00Z'}")).certainty,
              0);
}
