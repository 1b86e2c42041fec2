/* github-delivery: pull requests, reviews, workflow runs and deployments, as API answers and as
 * webhooks. */
#include "check.h"
#include "feed.h"

extern const struct source source_github_delivery;

static struct feed feed(const char *json)
{
    return feed_json(&source_github_delivery, json);
}

#define ANN "{\"login\":\"ann\",\"id\":11,\"type\":\"User\"}"
#define BOB "{\"login\":\"bob\",\"id\":12,\"type\":\"User\"}"
#define BOT "{\"login\":\"renovate[bot]\",\"id\":13,\"type\":\"Bot\"}"
#define PULL(more)                                                                                 \
    "{\"url\":\"https://api.github.com/repos/acme/shop/pulls/"                                     \
    "12\",\"id\":900,\"number\":12,\"title\":\"Widen\",\"user\":" ANN                              \
    ",\"created_at\":\"2026-09-01T08:00:00Z\",\"head\":{\"ref\":\"fix\",\"sha\":\"aaaa\"},"        \
    "\"base\":{\"ref\":\"main\","                                                                  \
    "\"repo\":{\"full_name\":\"acme/shop\"}},\"merge_commit_sha\":\"cccc\"" more "}"
#define MERGED                                                                                     \
    ",\"state\":\"closed\",\"merged_at\":\"2026-09-01T09:00:00Z\",\"closed_at\":\"2026-09-01T09:"  \
    "00:00Z\""

/* --- pull requests ---------------------------------------------------------------------------- */

TEST(a_merged_pull_request_names_author_merger_and_commit)
{
    struct feed f = feed(PULL(MERGED ",\"merged_by\":" BOB));
    const struct change_request *c = f.events[0].change_requests;

    CHECK_INT(f.certainty, 90);
    CHECK_INT(f.n, 1);
    CHECK_STR(f.events[0].action, "pull_request.merged");
    CHECK_STR(f.events[0].actor, "bob");
    CHECK_STR(f.events[0].resource, "acme/shop#12");
    CHECK_STR(f.events[0].commit, "cccc");
    CHECK_STR(f.events[0].account, "acme");
    CHECK_STR(c->key, "acme/shop#12");
    CHECK_STR(c->repo, "acme/shop");
    CHECK_STR(c->author, "ann");
    CHECK_STR(c->author_id, "11");
    CHECK_STR(c->merged_by, "bob");
    CHECK_STR(c->head_commit, "aaaa");
    CHECK_STR(c->merge_commit, "cccc");
    CHECK_STR(c->branch, "fix");
    CHECK_STR(c->base, "main");
}

TEST(list_and_single_answer_of_one_merge_are_one_act)
{
    struct feed list = feed(PULL(MERGED)), single = feed(PULL(MERGED ",\"merged_by\":" BOB));

    CHECK(str_eq(list.events[0].fold.key, single.events[0].fold.key));
    CHECK(single.events[0].fold.part < list.events[0].fold.part);
    CHECK(!str_eq(list.events[0].dedupe, single.events[0].dedupe));
}

TEST(a_test_merge_is_no_merge_commit)
{
    struct feed f = feed(PULL(",\"state\":\"open\",\"merged_at\":null,\"closed_at\":null"));

    CHECK_STR(f.events[0].action, "pull_request.open");
    CHECK_STR(f.events[0].actor, "ann");
    CHECK(str_empty(f.events[0].change_requests->merge_commit));
    CHECK_STR(f.events[0].commit, "aaaa");
}

TEST(a_webhook_of_an_edit_gives_facts_only)
{
    struct feed f = feed("{\"action\":\"synchronize\",\"number\":12,\"pull_request\":" PULL(
        ",\"state\":\"open\"") ","
                               "\"repository\":{\"full_name\":\"acme/shop\"},\"sender\":" ANN "}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK(f.events[0].is_fact_only);
    CHECK_STR(f.events[0].change_requests->head_commit, "aaaa");
}

/* --- reviews ---------------------------------------------------------------------------------- */

#define REVIEW(state, user)                                                                        \
    "{\"id\":77,\"user\":" user ",\"state\":\"" state                                              \
    "\",\"commit_id\":\"aaaa\",\"submitted_at\":\"2026-09-01T08:30:00Z\","                         \
    "\"pull_request_url\":\"https://api.github.com/repos/acme/shop/pulls/12\"}"

TEST(an_approval_counts_for_its_commit)
{
    struct feed f = feed(REVIEW("APPROVED", BOB));
    const struct approval *p = f.events[0].approvals;

    CHECK_STR(f.events[0].action, "review.approved");
    CHECK_INT(f.events[0].verb, VERB_APPROVE);
    CHECK_STR(p->decision, "approve");
    CHECK_STR(p->object_type, "change_request");
    CHECK_STR(p->object, "acme/shop#12");
    CHECK_STR(p->by, "bob");
    CHECK_STR(p->by_id, "12");
    CHECK_STR(p->commit, "aaaa");
    CHECK_INT(p->when.sec, 1788251400);
    CHECK(!p->by_bot);
}

TEST(letter_case_of_a_review_does_not_matter)
{
    CHECK_STR(feed(REVIEW("changes_requested", BOB)).events[0].approvals->decision, "reject");
    CHECK_STR(feed(REVIEW("CHANGES_REQUESTED", BOB)).events[0].approvals->decision, "reject");
    CHECK_STR(feed(REVIEW("COMMENTED", BOB)).events[0].approvals->decision, "comment");
}

TEST(an_app_that_approves_is_flagged)
{
    struct feed f = feed(REVIEW("APPROVED", BOT));

    CHECK(f.events[0].approvals->by_bot);
    CHECK_INT(f.events[0].actor_type, ACTOR_AUTOMATION);
}

TEST(a_pending_review_is_no_event)
{
    CHECK_INT(feed(REVIEW("PENDING", BOB)).result, MAP_NOT_EVENT);
}

TEST(a_webhook_review_takes_its_pull_request_from_around_it)
{
    struct feed f = feed(
        "{\"action\":\"dismissed\",\"review\":{\"id\":77,\"user\":" BOB ",\"state\":\"dismissed\","
        "\"commit_id\":"
        "\"aaaa\",\"submitted_at\":\"2026-09-01T08:30:00Z\"},\"pull_request\":{\"number\":12,"
        "\"user\":" ANN "},"
        "\"repository\":{\"full_name\":\"acme/shop\"},\"sender\":" ANN "}");

    CHECK_STR(f.events[0].action, "review.dismissed");
    CHECK_STR(f.events[0].actor, "ann");
    CHECK_STR(f.events[0].approvals->object, "acme/shop#12");
    CHECK_STR(f.events[0].approvals->decision, "dismiss");
}

TEST(a_review_without_its_pull_request_is_refused)
{
    struct feed f = feed("{\"action\":\"submitted\",\"review\":{\"id\":77,\"user\":" BOB
                         ",\"state\":\"approved\"},"
                         "\"repository\":{\"full_name\":\"acme/shop\"},\"sender\":" ANN "}");

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "review without its pull request: 'pull_request_url' is missing");
}

/* --- workflow runs ---------------------------------------------------------------------------- */

#define WORKFLOW(more)                                                                             \
    "{\"id\":5001,\"name\":\"Deploy\",\"workflow_id\":3,\"run_number\":8,\"event\":\"push\","      \
    "\"head_sha\":\"cccc\","                                                                       \
    "\"head_branch\":\"main\",\"path\":\".github/workflows/deploy.yml@refs/heads/"                 \
    "main\",\"display_title\":\"Widen\","                                                          \
    "\"created_at\":\"2026-09-01T09:00:05Z\",\"updated_at\":\"2026-09-01T09:04:00Z\","             \
    "\"actor\":" ANN ",\"repository\":{\"full_name\":\"acme/shop\"}" more "}"

TEST(a_workflow_run_is_a_change)
{
    struct feed f = feed(WORKFLOW(
        ",\"run_attempt\":1,\"run_started_at\":\"2026-09-01T09:00:10Z\",\"triggering_actor\":" BOB
        ",\"status\":\"completed\",\"conclusion\":\"success\","
        "\"pull_requests\":[{\"number\":12}]"));
    const struct change *c = f.events[0].changes;

    CHECK_STR(f.events[0].action, "workflow_run.push");
    CHECK_STR(f.events[0].resource, "acme/shop:.github/workflows/deploy.yml");
    CHECK_STR(f.events[0].actor, "bob");
    CHECK_STR(f.events[0].run, "5001");
    CHECK_INT(f.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_INT(f.events[0].time.sec, 1788253210);
    CHECK_STR(c->tool, "github-actions");
    CHECK_STR(c->key, "5001");
    CHECK_STR(c->result, "applied");
    CHECK_STR(c->created_by, "ann");
    CHECK_STR(c->applied_by, "bob");
    CHECK_STR(c->commit, "cccc");
    CHECK_STR(c->trigger, "push");
    CHECK_STR(c->change_request, "acme/shop#12");
    CHECK(str_empty(c->kind));
    CHECK_INT(c->t_end.sec - c->t_start.sec, 230);
}

TEST(a_second_attempt_is_a_change_of_its_own)
{
    struct feed f =
        feed(WORKFLOW(",\"run_attempt\":2,\"status\":\"completed\",\"conclusion\":\"failure\""));

    CHECK_STR(f.events[0].changes->key, "5001/2");
    CHECK_STR(f.events[0].changes->result, "failed");
    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(f.events[0].error, "failure");
}

TEST(a_running_workflow_is_pending)
{
    struct feed f = feed(WORKFLOW(",\"status\":\"in_progress\",\"conclusion\":null"));

    CHECK_STR(f.events[0].changes->result, "pending");
    CHECK_INT(f.events[0].outcome, OUTCOME_PENDING);
    CHECK(!f.events[0].changes->t_end.is_set);
}

/* --- deployments ------------------------------------------------------------------------------ */

#define STATUS(state, log, creator)                                                                \
    "{\"id\":31,\"state\":\"" state "\",\"creator\":" creator ",\"environment\":\"production\","   \
    "\"created_at\":\"2026-09-01T09:03:00Z\",\"log_url\":\"" log "\","                             \
    "\"deployment_url\":\"https://api.github.com/repos/acme/shop/deployments/21\"}"

TEST(the_status_of_a_workflows_deployment_names_run_and_environment)
{
    struct feed f =
        feed(STATUS("success", "https://github.com/acme/shop/actions/runs/5001/job/9", BOT));

    CHECK_STR(f.events[0].label, "production");
    CHECK_STR(f.events[0].run, "5001");
    CHECK_STR(f.events[0].resource, "acme/shop@production");
    CHECK_INT(f.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_STR(f.events[0].changes->tool, "github-actions");
    CHECK_STR(f.events[0].changes->key, "5001");
    CHECK_STR(f.events[0].changes->kind, "deploy");
    CHECK(str_empty(f.events[0].changes->result));
}

TEST(the_status_of_another_tools_deployment_ends_it)
{
    struct feed f = feed(STATUS("error", "", ANN));

    CHECK_STR(f.events[0].changes->tool, "github-deployment");
    CHECK_STR(f.events[0].changes->key, "21");
    CHECK_STR(f.events[0].changes->result, "failed");
    CHECK(f.events[0].changes->t_end.is_set);
}

#define DEPLOYMENT(creator)                                                                        \
    "{\"url\":\"https://api.github.com/repos/acme/shop/deployments/"                               \
    "21\",\"id\":21,\"sha\":\"cccc\",\"ref\":\"main\","                                            \
    "\"task\":\"deploy\",\"environment\":\"production\",\"payload\":{\"token\":\"hunter2\"},"      \
    "\"creator\":" creator ",\"created_at\":\"2026-09-01T09:00:30Z\","                             \
    "\"statuses_url\":\"https://api.github.com/repos/acme/shop/deployments/21/statuses\"}"

TEST(a_deployment_is_a_change_unless_a_workflow_made_it)
{
    struct feed person = feed(DEPLOYMENT(ANN));
    struct feed workflow =
        feed(DEPLOYMENT("{\"login\":\"github-actions[bot]\",\"id\":1,\"type\":\"Bot\"}"));

    CHECK_STR(person.events[0].action, "deployment.created");
    CHECK_STR(person.events[0].label, "production");
    CHECK_STR(person.events[0].commit, "cccc");
    CHECK_STR(person.events[0].changes->key, "21");
    CHECK_STR(person.events[0].changes->kind, "deploy");
    CHECK(!workflow.events[0].changes);
}

TEST(other_objects_and_the_audit_log_are_foreign)
{
    CHECK_INT(feed("{\"action\":\"repo.create\",\"created_at\":1,\"actor\":\"ann\"}").certainty, 0);
    CHECK_INT(feed("{\"action\":\"repo.create\",\"created_at\":1,\"actor\":\"ann\"}").result,
              MAP_FOREIGN);
    CHECK_INT(feed("{\"action\":\"created\",\"repository\":{\"full_name\":\"a/b\"},\"sender\":" ANN
                   ","
                   "\"release\":{}}")
                  .result,
              MAP_NOT_EVENT);
}

/* --- deliveries without a counterpart in the API ---------------------------------------------- */

#define HOOK(members)                                                                              \
    "{" members ",\"repository\":{\"full_name\":\"acme/shop\"},\"sender\":" ANN "}"

TEST(a_changed_branch_rule_says_what_was_changed)
{
    struct feed f = feed(HOOK("\"action\":\"edited\",\"rule\":{\"id\":1,\"name\":\"main\","
                              "\"updated_at\":\"2026-07-01T10:00:00.000-04:00\"},\"changes\":"
                              "{\"admin_enforced\":{\"from\":true},\"b\":{\"from\":2}}"));

    CHECK_STR(f.events[0].action, "branch_protection_rule.edited");
    CHECK_STR(f.events[0].resource, "acme/shop:main");
    CHECK_STR(f.events[0].detail, "admin_enforced, b");
    CHECK_INT(f.events[0].verb, VERB_CONFIG);
}

TEST(a_job_in_two_deliveries_is_one_act)
{
#define JOB(action, end)                                                                           \
    HOOK("\"action\":\"" action "\",\"workflow_job\":{\"id\":5,\"run_id\":9,\"run_attempt\":2,"    \
         "\"name\":\"test\",\"head_sha\":\"aaaa\",\"started_at\":\"2026-07-01T08:00:00Z\"" end     \
         "}")
    struct feed begin = feed(JOB("in_progress", "")),
                end = feed(JOB("completed", ",\"conclusion\":\"failure\""));

    CHECK_STR(end.events[0].run, "9/2");
    CHECK_INT(end.events[0].outcome, OUTCOME_FAILURE);
    CHECK_INT(begin.events[0].outcome, OUTCOME_PENDING);
    CHECK(str_eq(begin.events[0].fold.key, end.events[0].fold.key));
    CHECK(begin.events[0].fold.part < end.events[0].fold.part);
}

TEST(an_approved_deployment_is_a_decision_on_its_run)
{
    struct feed f =
        feed(HOOK("\"action\":\"approved\",\"since\":\"2026-07-01T08:00:00Z\",\"approver\":" BOB
                  ",\"comment\":\"go\",\"environment\":\"prod\",\"workflow_run\":{\"id\":9}"));

    CHECK_STR(f.events[0].actor, "bob");
    CHECK_STR(f.events[0].label, "prod");
    CHECK_STR(f.events[0].approvals->decision, "approve");
    CHECK_STR(f.events[0].approvals->object_type, "run");
    CHECK_STR(f.events[0].approvals->object, "9");
    CHECK(!f.events[0].time.is_set); /* only when it began to wait is said */
}

TEST(orders_to_atlantis_are_kept_and_talk_is_not)
{
#define COMMENT(text)                                                                              \
    HOOK("\"action\":\"created\",\"issue\":{\"number\":4},\"comment\":{\"id\":7,\"body\":\"" text  \
         "\",\"user\":" BOB ",\"created_at\":\"2026-07-01T08:00:00Z\"}")
    struct feed f = feed(COMMENT("atlantis apply -d prod\\nplease"));

    CHECK_STR(f.events[0].actor, "bob");
    CHECK_INT(f.events[0].verb, VERB_APPLY);
    CHECK_STR(f.events[0].detail, "atlantis apply -d prod");
    CHECK_STR(f.events[0].resource, "acme/shop#4");
    CHECK_STR(feed(COMMENT("atlantis approve_policies")).events[0].approvals->decision, "override");
    CHECK_INT(feed(COMMENT("the password is hunter2")).result, MAP_NOT_EVENT);
}

TEST(a_deleted_branch_is_a_push_to_nothing)
{
    struct feed f = feed(HOOK("\"ref\":\"refs/heads/x\",\"before\":\"aaaa\",\"after\":\"0000\","
                              "\"deleted\":true,\"commits\":[]"));

    CHECK_STR(f.events[0].action, "push");
    CHECK_STR(f.events[0].resource, "acme/shop:refs/heads/x");
    CHECK_INT(f.events[0].verb, VERB_DELETE);
}

TEST(a_status_and_a_manual_start_are_read)
{
    struct feed s = feed(HOOK("\"id\":1,\"sha\":\"aaaa\",\"context\":\"ci\",\"state\":\"error\","
                              "\"created_at\":\"2026-07-01T08:00:00+00:00\""));
    struct feed d =
        feed(HOOK("\"workflow\":\".github/workflows/go.yml\",\"ref\":\"refs/heads/main\","
                  "\"inputs\":{\"token\":\"hunter2\"}"));

    CHECK_STR(s.events[0].action, "status.error");
    CHECK_INT(s.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(d.events[0].action, "workflow_dispatch");
    CHECK(!str_contains(d.events[0].detail, STR("hunter2")));
}
