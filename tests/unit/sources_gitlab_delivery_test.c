/* gitlab-delivery: merge requests and decisions, pipelines, deployments, pushes, system hooks. */
#include "check.h"
#include "feed.h"

extern const struct source source_gitlab_delivery;

static struct feed feed(const char *json)
{
    return feed_json(&source_gitlab_delivery, json);
}

#define ANN     "\"user\":{\"id\":51,\"username\":\"ann\"}"
#define BOB     "\"user\":{\"id\":52,\"username\":\"bob\"}"
#define PROJECT "\"project\":{\"path_with_namespace\":\"acme/shop\"}"
#define REQUEST(action, more)                                                                      \
    "{\"object_kind\":\"merge_request\"," PROJECT ",\"object_attributes\":{\"iid\":4,"             \
    "\"author_id\":51,\"action\":\"" action "\",\"title\":\"Widen\",\"source_branch\":\"fix\","    \
    "\"target_branch\":\"main\",\"created_at\":\"2026-07-01 08:00:00 UTC\","                       \
    "\"updated_at\":\"2026-07-01 09:00:00 +0200\",\"last_commit\":{\"id\":\"aaaa\"}" more "},"

TEST(an_approval_is_a_decision_on_the_last_commit)
{
    struct feed f = feed(REQUEST("approval", "") BOB "}");
    const struct approval *p = f.events[0].approvals;

    CHECK_INT(f.certainty, 88);
    CHECK_STR(f.events[0].action, "merge_request.approval");
    CHECK_INT(f.events[0].verb, VERB_APPROVE);
    CHECK_STR(f.events[0].resource, "acme/shop!4");
    CHECK_STR(p->decision, "approve");
    CHECK_STR(p->object, "acme/shop!4");
    CHECK_STR(p->by, "bob");
    CHECK_STR(p->commit, "aaaa");
    CHECK_INT(p->when.sec, 1782889200);
    CHECK_STR(feed(REQUEST("unapproved", "") BOB "}").events[0].approvals->decision, "revoke");
    CHECK(!feed(REQUEST("update", "") BOB "}").events[0].approvals);
}

TEST(a_merge_names_its_commit_and_who_merged)
{
    struct feed f = feed(REQUEST("merge", ",\"merge_commit_sha\":\"cccc\"") ANN "}");
    const struct change_request *c = f.events[0].change_requests;

    CHECK_STR(f.events[0].commit, "cccc");
    CHECK_STR(c->key, "acme/shop!4");
    CHECK_STR(c->merged_by, "ann");
    CHECK_STR(c->author, "ann");
    CHECK_STR(c->merge_commit, "cccc");
    CHECK_STR(c->head_commit, "aaaa");
    CHECK(c->t_merged.is_set);
    CHECK(str_empty(feed(REQUEST("merge", "") BOB "}").events[0].change_requests->author));
}

TEST(hook_and_list_of_one_merge_are_one_act)
{
    struct feed hook = feed(REQUEST("merge", "") ANN "}");
    struct feed list =
        feed("{\"iid\":4,\"id\":9,\"source_branch\":\"fix\",\"target_branch\":\"main\","
             "\"author\":{\"username\":\"ann\",\"id\":51},\"state\":\"merged\","
             "\"merged_at\":\"2026-07-01T07:00:00Z\",\"sha\":\"aaaa\","
             "\"merge_commit_sha\":null,\"merged_by\":{\"username\":\"bob\"},"
             "\"web_url\":\"https://gitlab.example/acme/shop/-/merge_requests/4\"}");

    CHECK_STR(list.events[0].change_requests->key, "acme/shop!4");
    CHECK(str_eq(list.events[0].fold.key, hook.events[0].fold.key));
    CHECK(!str_eq(list.events[0].dedupe, hook.events[0].dedupe));
    CHECK_STR(list.events[0].actor, "bob");
    CHECK_STR(list.events[0].commit, "aaaa"); /* fast-forwarded: no commit of the merge */
}

TEST(a_pipeline_is_a_change_with_its_end)
{
    struct feed f = feed("{\"object_kind\":\"pipeline\"," PROJECT "," ANN
                         ",\"object_attributes\":{\"id\":31,\"ref\":\"main\",\"sha\":\"aaaa\","
                         "\"status\":\"failed\",\"source\":\"push\",\"created_at\":"
                         "\"2026-07-01 08:00:00 UTC\",\"finished_at\":\"2026-07-01 08:05:00 UTC\","
                         "\"variables\":[{\"key\":\"K\",\"value\":\"hunter2\"}]}}");
    const struct change *c = f.events[0].changes;

    CHECK_STR(f.events[0].resource, "acme/shop:main");
    CHECK_STR(f.events[0].run, "31");
    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(c->tool, "gitlab-ci");
    CHECK_STR(c->result, "failed");
    CHECK_INT(c->t_end.sec - c->t_start.sec, 300);
    CHECK_STR(c->applied_by, "ann");
}

TEST(a_merge_request_pipeline_belongs_to_its_request)
{
    struct feed f = feed("{\"id\":31,\"project_id\":1,\"sha\":\"aaaa\",\"status\":\"running\","
                         "\"ref\":\"refs/merge-requests/4/head\",\"created_at\":"
                         "\"2026-07-01T08:00:00Z\",\"web_url\":"
                         "\"https://gitlab.example/acme/shop/-/pipelines/31\"}");

    CHECK_STR(f.events[0].change_request, "acme/shop!4");
    CHECK_STR(f.events[0].changes->result, "pending");
    CHECK_INT(f.events[0].outcome, OUTCOME_PENDING);
}

TEST(a_job_with_an_environment_says_that_its_pipeline_deploys)
{
    struct feed f =
        feed("{\"object_kind\":\"build\",\"build_id\":5,\"build_name\":\"go\","
             "\"build_stage\":\"deploy\",\"build_status\":\"success\",\"pipeline_id\":31,"
             "\"sha\":\"aaaa\",\"build_started_at\":\"2026-07-01 08:00:00 UTC\"," ANN
             ",\"environment\":{\"name\":\"production\"},\"repository\":{\"homepage\":"
             "\"https://gitlab.example/acme/shop\"}}");

    CHECK_STR(f.events[0].action, "job.deploy");
    CHECK_STR(f.events[0].label, "production");
    CHECK_STR(f.events[0].place, "acme/shop");
    CHECK_STR(f.events[0].changes->key, "31");
    CHECK_STR(f.events[0].changes->kind, "deploy");
    CHECK(str_empty(f.events[0].changes->result));
}

TEST(a_deployment_takes_its_whole_commit_from_the_address)
{
    struct feed f =
        feed("{\"object_kind\":\"deployment\",\"deployment_id\":15,\"status\":\"success\","
             "\"status_changed_at\":\"2026-07-01 08:00:00 +0200\",\"deployable_id\":5,"
             "\"environment\":\"production\"," PROJECT "," ANN ",\"short_sha\":\"1e1c\","
             "\"commit_url\":\"https://x.example/acme/shop/-/commit/1e1c10ff\"}");

    CHECK_STR(f.events[0].changes->commit, "1e1c10ff");
    CHECK_STR(f.events[0].changes->tool, "gitlab-deployment");
    CHECK_STR(f.events[0].label, "production");
    CHECK_INT(f.events[0].time.sec, 1782885600);
}

TEST(a_push_gives_its_commits_and_says_whose_time_it_shows)
{
    struct feed f =
        feed("{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\",\"before\":\"0000\","
             "\"after\":\"bbbb\",\"user_username\":\"ann\"," PROJECT ",\"commits\":["
             "{\"id\":\"aaaa\",\"message\":\"One\\n\\nmore\",\"timestamp\":"
             "\"2026-07-01T08:00:00Z\",\"author\":{\"name\":\"Ann\"}},"
             "{\"id\":\"bbbb\",\"message\":\"Two\",\"timestamp\":"
             "\"2026-07-01T08:01:00Z\",\"author\":{\"name\":\"Ann\"}}]}");

    CHECK_STR(f.events[0].resource, "acme/shop:refs/heads/main");
    CHECK_STR(f.events[0].commit, "bbbb");
    CHECK_INT(f.events[0].verb, VERB_CREATE);
    CHECK_STR(f.events[0].commits->subject, "One");
    CHECK_STR(f.events[0].commits->next->id, "bbbb");
    CHECK_INT(f.events[0].time.sec, 1782892860);
    CHECK(str_contains(f.events[0].detail, STR("newest commit")));
}

TEST(a_system_hook_grants_but_names_no_actor)
{
    struct feed f =
        feed("{\"event_name\":\"user_add_to_group\",\"group_id\":1,\"group_path\":\"acme\","
             "\"user_username\":\"bob\",\"group_access\":\"Owner\",\"created_at\":"
             "\"2026-07-01T08:00:00Z\"}");

    CHECK(str_empty(f.events[0].actor));
    CHECK_INT(f.events[0].verb, VERB_GRANT);
    CHECK_STR(f.events[0].grants->grantee, "bob");
    CHECK_STR(f.events[0].grants->scope, "acme");
    CHECK(f.events[0].grants->is_admin);
}

TEST(other_deliveries_are_known_and_are_no_events)
{
    CHECK_INT(feed("{\"object_kind\":\"wiki_page\"," PROJECT "}").result, MAP_NOT_EVENT);
    CHECK_INT(feed("{\"object_kind\":\"wiki_page\"}").certainty, 0);
    CHECK_INT(feed("{\"sha\":\"a\",\"ref\":\"b\"}").result, MAP_FOREIGN);
}
