/* Small sources of the delivery chain: cloudformation, hoop, terraform-lock, spacelift, flux. */
#include "check.h"
#include "feed.h"

extern const struct source source_cloudformation;
extern const struct source source_hoop;
extern const struct source source_terraform_lock;
extern const struct source source_spacelift;
extern const struct source source_flux;

/* --- cloudformation --------------------------------------------------------------------------- */

static struct feed stack(const char *json)
{
    return feed_json(&source_cloudformation, json);
}

#define STACK "\"StackId\":\"arn:aws:cloudformation:eu-west-1:1234:stack/shop/77\""
#define STACK_EVENT(physical, status)                                                              \
    "{" STACK ",\"EventId\":\"e1\",\"StackName\":\"shop\",\"LogicalResourceId\":\"shop\","         \
    "\"PhysicalResourceId\":\"" physical "\",\"ResourceType\":\"AWS::CloudFormation::Stack\","     \
    "\"Timestamp\":\"2026-07-01T08:00:00.5Z\",\"ClientRequestToken\":\"t1\","                      \
    "\"ResourceStatus\":\"" status "\",\"ResourceStatusReason\":\"why\"}"
#define SELF "arn:aws:cloudformation:eu-west-1:1234:stack/shop/77"

TEST(only_the_stack_itself_closes_an_operation)
{
    struct feed f = stack(STACK_EVENT(SELF, "UPDATE_ROLLBACK_COMPLETE"));

    CHECK_INT(f.certainty, 90);
    CHECK_STR(f.events[0].resource, "shop/shop");
    CHECK_STR(f.events[0].account, "1234");
    CHECK_STR(f.events[0].region, "eu-west-1");
    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(f.events[0].error_text, "why");
    CHECK_STR(f.events[0].changes->key, "t1");
    CHECK_STR(f.events[0].changes->result, "failed");
    CHECK(!stack(STACK_EVENT("bucket-1", "UPDATE_COMPLETE")).events[0].changes);
    CHECK(!stack(STACK_EVENT(SELF, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")).events[0].changes);
    CHECK(stack(STACK_EVENT(SELF, "UPDATE_IN_PROGRESS")).events[0].changes->t_start.is_set);
}

TEST(of_drift_only_the_paths_are_kept)
{
    struct feed f =
        stack("{" STACK ",\"LogicalResourceId\":\"fn\",\"StackResourceDriftStatus\":"
              "\"MODIFIED\",\"ActualProperties\":\"{hunter2}\",\"PropertyDifferences\":"
              "[{\"PropertyPath\":\"/Env/KEY\",\"ActualValue\":\"hunter2\"},"
              "{\"PropertyPath\":\"/Timeout\"}],\"Timestamp\":\"2026-07-01T08:00:00Z\"}");

    CHECK_STR(f.events[0].resource, "shop/fn");
    CHECK_STR(f.events[0].detail, "/Env/KEY, /Timeout");
    CHECK_INT(f.events[0].verb, VERB_PLAN);
}

TEST(a_change_set_is_an_intention)
{
    struct feed f = stack("{" STACK ",\"ChangeSetName\":\"c\",\"StackName\":\"shop\",\"Changes\":["
                          "{\"ResourceChange\":{\"Action\":\"Modify\",\"LogicalResourceId\":\"fn\","
                          "\"Replacement\":\"True\"}}]}");

    CHECK_STR(f.events[0].action, "Modify");
    CHECK_INT(f.events[0].verb, VERB_PLAN);
    CHECK_STR(f.events[0].detail, "replaces the resource");
    CHECK_INT(stack("{" STACK ",\"StackName\":\"shop\"}").certainty, 0);
}

/* --- hoop ------------------------------------------------------------------------------------- */

static struct feed hoop(const char *json)
{
    return feed_json(&source_hoop, json);
}

#define SESSION(more)                                                                              \
    "{\"id\":\"s1\",\"user\":\"ann@x.example\",\"user_id\":\"u1\",\"connection\":\"pg\","          \
    "\"verb\":\"exec\",\"status\":\"done\",\"start_date\":\"2026-07-01T08:00:00Z\","               \
    "\"end_date\":\"2026-07-01T08:00:05Z\",\"script\":{\"data\":\"hunter2\"}" more "}"
#define GROUP(status, forced)                                                                      \
    "{\"group\":\"sre\",\"status\":\"" status "\",\"forced_review\":" forced                       \
    ",\"review_date\":\"2026-07-01T07:59:00Z\",\"reviewed_by\":{\"email\":\"bob@x.example\"}}"

TEST(a_session_is_a_change_with_the_decisions_of_its_groups)
{
    struct feed f =
        hoop(SESSION(",\"exit_code\":0,\"correlation_id\":\"task-1\",\"review\":{\"status\":"
                     "\"APPROVED\",\"review_groups_data\":[" GROUP("APPROVED", "false") "," GROUP(
                         "APPROVED", "true") ",{\"group\":\"x\",\"status\":\"PENDING\"}]}"));
    const struct approval *p = f.events[0].approvals;

    CHECK_STR(f.events[0].actor, "ann@x.example");
    CHECK_STR(f.events[0].resource, "pg");
    CHECK_STR(f.events[0].changes->key, "s1");
    CHECK_STR(f.events[0].changes->result, "applied");
    CHECK_STR(p->decision, "force");
    CHECK_STR(p->next->decision, "approve");
    CHECK_STR(p->next->by, "bob@x.example");
    CHECK_STR(p->next->object, "s1");
    CHECK(!p->next->next);
    CHECK_STR(f.events[0].links->to, "task-1");
    CHECK(f.events[0].links->is_probable);
}

TEST(what_the_gateway_stopped_was_denied)
{
    CHECK_INT(hoop(SESSION(",\"exit_code\":254")).events[0].outcome, OUTCOME_DENIED);
    CHECK_INT(hoop(SESSION(",\"exit_code\":3")).events[0].outcome, OUTCOME_FAILURE);
    CHECK_INT(hoop(SESSION(",\"exit_code\":null")).events[0].outcome, OUTCOME_UNKNOWN);
    CHECK_STR(hoop(SESSION(",\"guardrails_info\":[{\"rule_name\":\"no-drop\"}]")).events[0].error,
              "no-drop");
}

TEST(open_list_and_close_are_one_session)
{
    struct feed open = hoop("{\"event_type\":\"session.open\",\"id\":\"s1\",\"user_email\":"
                            "\"ann@x.example\",\"connection\":\"pg\",\"input\":\"aHVudGVyMg==\"}");
    struct feed close = hoop("{\"event_type\":\"session.close\",\"id\":\"s1\",\"exit_code\":-100}");
    struct feed list = hoop(SESSION(""));

    CHECK(str_eq(open.events[0].fold.key, list.events[0].fold.key));
    CHECK(str_eq(open.events[0].fold.key, close.events[0].fold.key));
    CHECK(open.events[0].fold.part < list.events[0].fold.part);
    CHECK(list.events[0].fold.part < close.events[0].fold.part);
    CHECK_INT(close.events[0].outcome, OUTCOME_UNKNOWN);
    CHECK(!open.events[0].time.is_set);
}

TEST(the_audit_log_says_what_was_refused)
{
    struct feed f =
        hoop("{\"id\":\"a1\",\"created_at\":\"2026-07-01T08:00:00Z\",\"actor_subject\":"
             "\"auth0|1\",\"actor_email\":\"ann@x.example\",\"resource_type\":\"users\","
             "\"action\":\"delete\",\"http_method\":\"DELETE\",\"http_path\":\"/api/users/2\","
             "\"http_status\":403,\"outcome\":false,\"client_ip\":\"192.0.2.1\","
             "\"request_payload_redacted\":{\"x\":\"hunter2\"}}");

    CHECK_STR(f.events[0].action, "users.delete");
    CHECK_INT(f.events[0].verb, VERB_DELETE);
    CHECK_INT(f.events[0].outcome, OUTCOME_DENIED);
    CHECK_STR(f.events[0].error, "403");
}

/* --- terraform-lock --------------------------------------------------------------------------- */

TEST(a_lock_says_who_by_their_own_word)
{
    struct feed f = feed_json(&source_terraform_lock,
                              "{\"ID\":\"l1\",\"Operation\":\"state-mv\",\"Info\":\"\",\"Who\":"
                              "\"DESK\\\\ann@x@DESK\",\"Version\":\"1.9.0\",\"Created\":"
                              "\"2026-07-01T08:00:00.6239962Z\",\"Path\":\"terraform.tfstate\"}");

    CHECK_INT(f.certainty, 95);
    CHECK_STR(f.events[0].action, "lock.state-mv");
    CHECK_INT(f.events[0].verb, VERB_UPDATE);
    CHECK_STR(f.events[0].actor, "DESK\\ann@x@DESK");
    CHECK_STR(f.events[0].session, "DESK");
    CHECK_INT(f.events[0].actor_type, ACTOR_UNKNOWN);
    CHECK_INT(feed_json(&source_terraform_lock, "{\"ID\":\"l1\",\"Operation\":\"x\"}").certainty,
              0);
}

/* --- spacelift -------------------------------------------------------------------------------- */

static struct feed lift(const char *json)
{
    return feed_json(&source_spacelift, json);
}

TEST(the_audit_trail_counts_milliseconds_and_runs_count_seconds)
{
    struct feed audit = lift("{\"account\":\"acme\",\"action\":\"audit_trail_webhook.delete\","
                             "\"actor\":\"github::ann\",\"remoteIP\":\"192.0.2.1\",\"timestamp\":"
                             "1782892800947,\"data\":{\"args\":{\"Secret\":\"hunter2\"}}}");
    struct feed run = lift("{\"account\":\"acme\",\"state\":\"FAILED\",\"stateVersion\":4,"
                           "\"timestamp\":1782892800,\"run\":{\"id\":\"r1\",\"type\":\"TRACKED\","
                           "\"createdAt\":1782892700,\"commit\":{\"hash\":\"aaaa\"},\"delta\":"
                           "{\"added\":1}},\"stack\":{\"id\":\"shop\"}}");

    CHECK_INT(audit.events[0].time.sec, 1782892800);
    CHECK_INT(audit.events[0].verb, VERB_CONFIG);
    CHECK_INT(run.events[0].time.sec, 1782892800);
    CHECK_STR(run.events[0].changes->result, "failed");
    CHECK_STR(run.events[0].changes->commit, "aaaa");
    CHECK_INT(run.events[0].changes->adds, 1);
    CHECK_INT(run.events[0].changes->destroys, -1);
}

TEST(a_proposed_run_is_a_plan)
{
    struct feed run =
        lift("{\"state\":\"FINISHED\",\"stateVersion\":2,\"timestamp\":1782892800,"
             "\"run\":{\"id\":\"r2\",\"type\":\"PROPOSED\"},\"stack\":{\"id\":\"s\"}}");

    CHECK_INT(run.events[0].verb, VERB_PLAN);
    CHECK_STR(run.events[0].changes->kind, "plan-only");
    CHECK_STR(run.events[0].changes->result, "plan-only");
}

/* --- flux ------------------------------------------------------------------------------------- */

TEST(the_commit_of_a_revision_goes_into_the_change)
{
#define FLUX(severity, revision)                                                                   \
    "{\"involvedObject\":{\"kind\":\"Kustomization\",\"name\":\"web\",\"namespace\":\"apps\"},"    \
    "\"metadata\":{\"x/revision\":\"" revision "\"},\"severity\":\"" severity "\",\"reason\":"     \
    "\"ReconciliationSucceeded\",\"message\":\"m\",\"reportingController\":"                       \
    "\"kustomize-controller\",\"timestamp\":\"2026-07-01T08:00:00Z\"}"
    struct feed f = feed_json(&source_flux, FLUX("info", "main@sha1:731f7eaddf"));

    CHECK_STR(f.events[0].actor, "kustomize-controller");
    CHECK_INT(f.events[0].actor_type, ACTOR_AUTOMATION);
    CHECK_STR(f.events[0].resource, "Kustomization/apps/web");
    CHECK_STR(f.events[0].changes->commit, "731f7eaddf");
    CHECK_STR(f.events[0].changes->result, "applied");
    CHECK_INT(feed_json(&source_flux, FLUX("error", "main/731f7eaddf")).events[0].outcome,
              OUTCOME_FAILURE);
    CHECK(!feed_json(&source_flux, FLUX("info", "6.3.5")).events[0].changes);
}
