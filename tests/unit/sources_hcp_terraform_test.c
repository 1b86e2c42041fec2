/* hcp-terraform and hcp-terraform-runs: the audit trail, API documents and notifications. */
#include "check.h"
#include "feed.h"

extern const struct source source_hcp_terraform;
extern const struct source source_hcp_terraform_runs;

static struct feed feed_trail(const char *json)
{
    return feed_json(&source_hcp_terraform, json);
}

static struct feed feed_runs(const char *json)
{
    return feed_json(&source_hcp_terraform_runs, json);
}

#define TRAIL(auth, resource)                                                                      \
    "{\"id\":\"u-1\",\"version\":\"0\",\"type\":\"Resource\",\"timestamp\":\"2026-09-03T10:00:00." \
    "000Z\",\"auth\":{"                                                                            \
    "\"organization_id\":\"org-1\"," auth "},\"request\":{\"id\":\"r-1\"},\"resource\":{" resource \
    "}}"
#define ANN                                                                                        \
    "\"accessor_id\":\"user-ann\",\"description\":\"ann\",\"type\":\"Client\",\"impersonator_"     \
    "id\":null"

/* --- audit trail ------------------------------------------------------------------------------ */

TEST(a_trail_element_names_who_and_what)
{
    struct feed f = feed_trail(
        TRAIL(ANN, "\"id\":\"at-1\",\"type\":\"authentication_token\",\"action\":\"create\","
                   "\"meta\":null"));
    const struct event *ev = &f.events[0];

    CHECK_INT(f.certainty, 95);
    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(ev->action, "authentication_token.create");
    CHECK_STR(ev->actor, "ann");
    CHECK_STR(ev->actor_id, "user-ann");
    CHECK_INT(ev->actor_type, ACTOR_HUMAN);
    CHECK_STR(ev->resource, "at-1");
    CHECK_STR(ev->native_id, "u-1");
    CHECK_STR(ev->request, "r-1");
    CHECK_STR(ev->account, "org-1");
    CHECK_INT(ev->verb, VERB_CREATE);
    CHECK(!ev->approvals);
    CHECK(!ev->changes);
}

TEST(a_confirmed_run_is_an_approval)
{
    struct feed f =
        feed_trail(TRAIL(ANN, "\"id\":\"run-1\",\"type\":\"run\",\"action\":\"apply\""));

    CHECK_INT(f.events[0].verb, VERB_APPLY);
    CHECK_STR(f.events[0].run, "run-1");
    CHECK_STR(f.events[0].approvals->decision, "approve");
    CHECK_STR(f.events[0].approvals->object, "run-1");
    CHECK_STR(f.events[0].approvals->by, "ann");
    CHECK_STR(f.events[0].changes->applied_by, "ann");
    CHECK(str_empty(f.events[0].changes->result));
    CHECK_STR(f.events[0].links->from, "user-ann");
    CHECK_STR(f.events[0].links->to, "ann");
}

TEST(the_platform_approves_nothing)
{
    struct feed f =
        feed_trail(TRAIL("\"accessor_id\":null,\"description\":null,\"type\":\"System\"",
                         "\"id\":\"run-1\",\"type\":\"run\",\"action\":\"apply\""));

    CHECK_INT(f.events[0].actor_type, ACTOR_PROVIDER);
    CHECK(!f.events[0].approvals);
    CHECK(!f.events[0].changes);
}

TEST(a_token_of_the_organization_is_no_person)
{
    struct feed f = feed_trail(
        TRAIL("\"accessor_id\":\"user-9\",\"description\":\"api-org-acme-1\",\"type\":\"Client\"",
              "\"id\":\"ws-1\",\"type\":\"workspace\",\"action\":\"create\""));

    CHECK_INT(f.events[0].actor_type, ACTOR_SERVICE);
    CHECK_STR(f.events[0].place, "ws-1");
}

TEST(an_impersonator_is_told)
{
    struct feed f = feed_trail(
        TRAIL("\"accessor_id\":\"user-ann\",\"description\":\"ann\",\"type\":\"Impersonated\","
              "\"impersonator_id\":\"user-eve\"",
              "\"id\":\"run-1\",\"type\":\"run\",\"action\":\"discard\""));

    CHECK_STR(f.events[0].via, "user-eve");
    CHECK_STR(f.events[0].approvals->decision, "reject");
}

TEST(a_policy_override_belongs_to_its_run)
{
    struct feed f = feed_trail(TRAIL(
        ANN, "\"id\":\"polchk-1\",\"type\":\"policy_check\",\"action\":\"override\",\"meta\":{"
             "\"comment\":\"urgent\",\"run\":{\"id\":\"run-1\",\"message\":\"m\"},"
             "\"workspace\":{\"id\":\"ws-1\",\"name\":\"shop-prod\"}}"));

    CHECK_STR(f.events[0].run, "run-1");
    CHECK_STR(f.events[0].place, "shop-prod");
    CHECK_STR(f.events[0].detail, "urgent");
    CHECK_INT(f.events[0].verb, VERB_OVERRIDE);
    CHECK_STR(f.events[0].approvals->decision, "override");
    CHECK_STR(f.events[0].approvals->object, "run-1");
}

TEST(reading_a_state_is_a_read_and_team_access_a_grant)
{
    CHECK_INT(feed_trail(TRAIL(ANN, "\"id\":\"sv-1\",\"type\":\"state_version\","
                                    "\"action\":\"show\""))
                  .events[0]
                  .verb,
              VERB_READ);
    CHECK_INT(feed_trail(TRAIL(ANN, "\"id\":\"sv-1\",\"type\":\"state_version\","
                                    "\"action\":\"index\""))
                  .events[0]
                  .verb,
              VERB_LIST);
    CHECK_INT(feed_trail(TRAIL(ANN, "\"id\":\"ws-1\",\"type\":\"workspace\","
                                    "\"action\":\"add_team\""))
                  .events[0]
                  .verb,
              VERB_GRANT);
    CHECK_INT(feed_trail(TRAIL(ANN, "\"id\":\"sv-1\",\"type\":\"state_version\",\"action\":\"soft_"
                                    "delete_backing_data\""))
                  .events[0]
                  .verb,
              VERB_DELETE);
}

TEST(a_trail_element_without_time_is_refused)
{
    struct feed f = feed_trail("{\"auth\":{\"organization_id\":\"o\"},\"resource\":{\"type\":"
                               "\"run\",\"action\":\"apply\"}}");

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "'timestamp' is missing or not a time");
}

/* --- runs ------------------------------------------------------------------------------------- */

#define RUN(attributes, relationships)                                                             \
    "{\"id\":\"run-1\",\"type\":\"runs\",\"attributes\":{\"created-at\":\"2026-09-03T10:00:00."    \
    "171Z\",\"message\":\"Widen\","                                                                \
    "\"source\":\"tfe-configuration-version\",\"plan-only\":false,\"is-destroy\":"                 \
    "false," attributes "},\"relationships\":{"                                                    \
    "\"workspace\":{\"data\":{\"id\":\"ws-1\",\"type\":\"workspaces\"}},"                          \
    "\"created-by\":{\"data\":{\"id\":\"user-ann\",\"type\":\"users\"}},"                          \
    "\"configuration-version\":{\"data\":{\"id\":\"cv-1\",\"type\":\"configuration-versions\"}"    \
    "}" relationships "}}"
#define BOB ",\"confirmed-by\":{\"data\":{\"id\":\"user-bob\",\"type\":\"users\"}}"
#define APPLIED                                                                                    \
    "\"status\":\"applied\",\"status-timestamps\":{\"planned-at\":\"2026-09-03T10:01:00+00:00\","  \
    "\"confirmed-at\":\"2026-09-03T10:05:00+00:00\",\"applying-at\":\"2026-09-03T10:06:00+00:"     \
    "00\","                                                                                        \
    "\"applied-at\":\"2026-09-03T10:07:00+00:00\"}"

TEST(an_applied_run_is_a_change_with_its_times)
{
    struct feed f = feed_runs(RUN("\"auto-apply\":false," APPLIED, BOB));
    const struct change *c = f.events[0].changes;

    CHECK_INT(f.certainty, 90);
    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(c->tool, "hcp-terraform");
    CHECK_STR(c->key, "run-1");
    CHECK_STR(c->workspace, "ws-1");
    CHECK_STR(c->kind, "apply");
    CHECK_STR(c->result, "applied");
    CHECK_STR(c->config, "cv-1");
    CHECK_STR(c->created_by_id, "user-ann");
    CHECK_STR(c->applied_by_id, "user-bob");
    CHECK_INT(c->t_planned.sec - c->t_created.sec, 60);
    CHECK_INT(c->t_start.sec - c->t_created.sec, 360);
    CHECK_INT(c->t_end.sec - c->t_created.sec, 420);
    CHECK_INT(c->auto_apply, 0);
}

TEST(an_applied_run_is_three_acts)
{
    struct feed f = feed_runs(RUN("\"auto-apply\":false," APPLIED, BOB));

    CHECK_INT(f.n, 3);
    CHECK_STR(f.events[0].action, "run.create");
    CHECK_INT(f.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_STR(f.events[1].action, "run.confirm");
    CHECK_STR(f.events[1].actor_id, "user-bob");
    CHECK_STR(f.events[1].approvals->decision, "approve");
    CHECK_STR(f.events[1].approvals->by_id, "user-bob");
    CHECK_STR(f.events[2].action, "run.apply");
    CHECK_INT(f.events[2].verb, VERB_APPLY);
    CHECK_STR(f.events[2].run, "run-1");
}

TEST(with_auto_apply_nobody_approved)
{
    struct feed f = feed_runs(RUN("\"auto-apply\":true," APPLIED, ""));

    CHECK_INT(f.n, 2);
    CHECK_INT(f.events[0].changes->auto_apply, 1);
    CHECK(str_empty(f.events[0].changes->applied_by_id));
    CHECK(!f.events[0].approvals);
    CHECK(!f.events[1].approvals);
}

TEST(a_discarded_run_is_a_refusal_and_no_failure)
{
    struct feed f =
        feed_runs(RUN("\"auto-apply\":false,\"status\":\"discarded\",\"status-timestamps\":{"
                      "\"discarded-at\":\"2026-09-03T10:05:00+00:00\"}",
                      ""));

    CHECK_STR(f.events[0].changes->result, "discarded");
    CHECK_INT(f.events[0].outcome, OUTCOME_UNKNOWN);
    CHECK_STR(f.events[1].approvals->decision, "reject");
    CHECK_INT(f.n, 2);
}

TEST(results_follow_the_status)
{
    CHECK_STR(feed_runs(RUN("\"status\":\"errored\"", "")).events[0].changes->result, "failed");
    CHECK_STR(feed_runs(RUN("\"status\":\"force_canceled\"", "")).events[0].changes->result,
              "cancelled");
    CHECK_STR(feed_runs(RUN("\"status\":\"planned_and_finished\"", "")).events[0].changes->result,
              "no-op");
    CHECK_STR(feed_runs(RUN("\"status\":\"planning\"", "")).events[0].changes->result, "pending");
    CHECK_INT(feed_runs(RUN("\"status\":\"pending\"", "")).events[0].outcome, OUTCOME_PENDING);
}

TEST(a_later_export_of_a_run_folds_with_the_earlier)
{
    struct feed early = feed_runs(RUN("\"status\":\"planning\"", "")),
                late = feed_runs(RUN(APPLIED, BOB));

    CHECK(str_eq(early.events[0].fold.key, late.events[0].fold.key));
    CHECK(early.events[0].fold.part < late.events[0].fold.part);
    CHECK(!str_eq(early.events[0].dedupe, late.events[0].dedupe));
}

TEST(names_of_users_and_workspaces_stand_in_their_own_documents)
{
    struct feed user =
        feed_runs("{\"id\":\"user-ann\",\"type\":\"users\",\"attributes\":{\"username\":\"ann\"}}");
    struct feed space = feed_runs(
        "{\"id\":\"ws-1\",\"type\":\"workspaces\",\"attributes\":{\"name\":\"shop-prod\"}}");

    CHECK(user.events[0].is_fact_only);
    CHECK_STR(user.events[0].links->from, "user-ann");
    CHECK_STR(user.events[0].links->to, "ann");
    CHECK_STR(space.events[0].links->from_type, "workspace");
    CHECK_STR(space.events[0].links->to_type, "workspace_name");
    CHECK_STR(space.events[0].links->to, "shop-prod");
}

TEST(a_single_answer_is_read_like_an_element)
{
    struct feed f = feed_runs("{\"data\":" RUN(APPLIED, BOB) "}");

    CHECK_INT(f.n, 3);
    CHECK_STR(f.events[0].place, "ws-1");
}

/* --- other documents -------------------------------------------------------------------------- */

TEST(a_state_version_knows_its_run_and_commit)
{
    struct feed f = feed_runs(
        "{\"id\":\"sv-1\",\"type\":\"state-versions\",\"attributes\":{"
        "\"created-at\":\"2026-09-03T10:07:00.000Z\",\"serial\":9,\"status\":\"finalized\","
        "\"hosted-state-download-url\":\"https://archivist/secret\",\"vcs-commit-sha\":\"abc123\"},"
        "\"relationships\":{\"run\":{\"data\":{\"id\":\"run-1\"}},"
        "\"created-by\":{\"data\":{\"id\":\"user-1\"}}}}");
    const struct event *ev = &f.events[0];

    CHECK_STR(ev->action, "state_version.create");
    CHECK_STR(ev->resource, "sv-1");
    CHECK_STR(ev->run, "run-1");
    CHECK_STR(ev->commit, "abc123");
    CHECK_STR(ev->actor_id, "user-1");
    CHECK_STR(ev->detail, "serial 9");
    CHECK_STR(ev->links->from, "sv-1");
    CHECK_STR(ev->links->to, "run-1");
    CHECK_STR(ev->changes->commit, "abc123");
}

TEST(a_state_pushed_by_hand_has_no_run)
{
    struct feed f = feed_runs(
        "{\"data\":{\"id\":\"sv-2\",\"type\":\"state-versions\",\"attributes\":{"
        "\"created-at\":\"2026-09-03T10:07:00.000Z\",\"serial\":10,\"intermediate\":true}}}");

    CHECK(str_empty(f.events[0].run));
    CHECK(!f.events[0].links);
    CHECK(!f.events[0].changes);
    CHECK_STR(f.events[0].detail, "serial 10, saved during an apply");
}

#define INGRESS                                                                                    \
    "{\"id\":\"ia-1\",\"type\":\"ingress-attributes\",\"attributes\":{\"identifier\":\"acme/"      \
    "infra\",\"commit-sha\":\"abc123\","                                                           \
    "\"pull-request-number\":163}}"

TEST(ingress_attributes_lead_to_commit_and_pull_request)
{
    struct feed f = feed_runs(INGRESS);

    CHECK(f.events[0].is_fact_only);
    CHECK_STR(f.events[0].links->from, "ia-1");
    CHECK_STR(f.events[0].links->to, "abc123");
    CHECK_STR(f.events[0].links->next->to_type, "change_request");
    CHECK_STR(f.events[0].links->next->to, "acme/infra#163");
}

TEST(a_configuration_version_leads_to_its_ingress_attributes)
{
    struct feed alone = feed_runs(
        "{\"id\":\"cv-1\",\"type\":\"configuration-versions\",\"attributes\":{},\"relationships\":{"
        "\"ingress-attributes\":{\"data\":{\"id\":\"ia-1\"}}}}");
    struct feed upload =
        feed_runs("{\"id\":\"cv-2\",\"type\":\"configuration-versions\",\"attributes\":{}}");

    CHECK_STR(alone.events[0].links->to_type, "config");
    CHECK_STR(alone.events[0].links->to, "ia-1");
    CHECK_INT(upload.result, MAP_NOT_EVENT);
}

TEST(an_overridden_policy_check_is_a_decision_by_somebody)
{
    struct feed f = feed_runs(
        "{\"id\":\"polchk-1\",\"type\":\"policy-checks\",\"attributes\":{\"status\":\"overridden\","
        "\"scope\":\"organization\","
        "\"status-timestamps\":{\"overridden-at\":\"2026-09-03T10:04:00+00:00\"}},"
        "\"relationships\":{\"run\":{\"data\":{\"id\":\"run-1\"}}}}");
    struct feed passed = feed_runs(
        "{\"id\":\"polchk-2\",\"type\":\"policy-checks\",\"attributes\":{\"status\":\"passed\","
        "\"status-timestamps\":{\"passed-at\":\"2026-09-03T10:04:00+00:00\"}}}");

    CHECK_STR(f.events[0].approvals->decision, "override");
    CHECK(str_empty(f.events[0].approvals->by));
    CHECK_INT(passed.result, MAP_NOT_EVENT);
}

TEST(an_assessment_that_found_drift_is_drift)
{
    struct feed f = feed_runs("{\"id\":\"asmtres-1\",\"type\":\"assessment-results\","
                              "\"data\":{\"attributes\":{\"drifted\":true,"
                              "\"succeeded\":true,\"created-at\":\"2026-09-03T10:00:00+00:00\"}}}");

    CHECK_STR(f.events[0].service, "terraform.drift");
    CHECK_STR(f.events[0].action, "assessment:drifted");
}

TEST(documents_without_acts_are_recognised)
{
    struct feed f =
        feed_runs("{\"id\":\"wsc-1\",\"type\":\"comments\",\"attributes\":{\"body\":\"b\"}}");

    CHECK_INT(f.certainty, 90);
    CHECK_INT(f.result, MAP_NOT_EVENT);
}

TEST(an_element_without_attributes_is_refused)
{
    struct feed f = feed_record(&source_hcp_terraform_runs, STR("{}"), "data", NULL);

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "element without attributes");
    CHECK_INT(feed_runs("{\"data\":{\"id\":\"run-1\",\"type\":\"runs\"}}").result, MAP_REJECT);
    CHECK_INT(feed_runs("{\"eventVersion\":\"1.08\"}").result, MAP_FOREIGN);
}

/* --- notifications ---------------------------------------------------------------------------- */

TEST(a_run_notification_keeps_trigger_and_status)
{
    struct feed f = feed_runs(
        "{\"payload_version\":1,\"notification_configuration_id\":\"nc-1\",\"run_id\":\"run-1\","
        "\"run_created_at\":\"2026-09-03T10:00:00.000Z\",\"run_created_by\":\"ann\","
        "\"workspace_id\":\"ws-1\","
        "\"workspace_name\":\"shop-prod\",\"organization_name\":\"acme\",\"notifications\":[{"
        "\"message\":\"Run Canceled\",\"trigger\":\"run:errored\",\"run_status\":\"canceled\","
        "\"run_updated_at\":\"2026-09-03T10:03:00.000Z\",\"run_updated_by\":\"bob\"}]}");
    const struct event *ev = &f.events[0];

    CHECK_INT(f.certainty, 95);
    CHECK_STR(ev->action, "run:errored");
    CHECK_STR(ev->error, "canceled");
    CHECK_INT(ev->outcome, OUTCOME_FAILURE);
    CHECK_STR(ev->actor, "bob");
    CHECK_STR(ev->resource, "shop-prod");
    CHECK_STR(ev->account, "acme");
    CHECK_STR(ev->changes->result, "cancelled");
    CHECK_STR(ev->changes->created_by, "ann");
    CHECK_STR(ev->changes->workspace, "ws-1");
}

TEST(a_drift_notification_is_drift)
{
    struct feed f =
        feed_runs("{\"payload_version\":\"2\",\"notification_configuration_id\":\"nc-1\","
                  "\"trigger_scope\":\"assessment\","
                  "\"trigger\":\"assessment:drifted\",\"message\":\"Drift Detected\",\"details\":{"
                  "\"new_assessment_result\":{\"resources_drifted\":4,\"created_at\":\"2026-09-"
                  "03T10:00:00Z\"},"
                  "\"workspace_id\":\"ws-1\",\"workspace_name\":\"shop-prod\",\"organization_"
                  "name\":\"acme\"}}");

    CHECK_STR(f.events[0].service, "terraform.drift");
    CHECK_STR(f.events[0].resource, "shop-prod");
    CHECK_STR(f.events[0].detail, "Drift Detected: 4 resources");
    CHECK(f.events[0].time.is_set);
}

TEST(a_verification_has_no_run_and_no_time)
{
    struct feed f = feed_runs(
        "{\"payload_version\":1,\"notification_configuration_id\":\"nc-1\",\"run_id\":null,"
        "\"notifications\":[{\"message\":\"Verification\",\"trigger\":\"verification\","
        "\"run_status\":null}]}");

    CHECK_STR(f.events[0].action, "verification");
    CHECK(!f.events[0].time.is_set);
    CHECK(!f.events[0].changes);
}

TEST(a_run_task_request_gives_facts_and_no_token)
{
    struct feed f = feed_runs(
        "{\"payload_version\":1,\"access_token\":\"hunter2.atlasv1.x\",\"task_result_id\":\"taskrs-"
        "1\","
        "\"task_result_callback_url\":\"https://x/hunter2\",\"run_id\":\"run-1\","
        "\"run_created_by\":\"ann\","
        "\"run_created_at\":\"2026-09-03T10:00:00.000Z\",\"configuration_version_id\":\"cv-1\","
        "\"vcs_commit_url\":\"https://github.com/acme/infra/commit/"
        "abc123\",\"vcs_branch\":\"main\"}");
    const struct change *c = f.events[0].changes;

    CHECK(f.events[0].is_fact_only);
    CHECK_STR(c->key, "run-1");
    CHECK_STR(c->config, "cv-1");
    CHECK_STR(c->commit, "abc123");
    CHECK_STR(c->branch, "main");
    CHECK(str_empty(c->url));
    CHECK(str_empty(c->result));
}
