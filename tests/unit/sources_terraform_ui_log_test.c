/* terraform-ui-log: what each type of line becomes, and what is read past. */
#include "check.h"
#include "feed.h"

extern const struct source source_terraform_ui_log;

#define LINE(type, more)                                                                           \
    "{\"@level\":\"info\",\"@message\":\"m\",\"@module\":\"terraform.ui\",\"@timestamp\":\"2026-"  \
    "09-03T05:11:12.250000-05:00\","                                                               \
    "\"type\":\"" type "\"" more "}"
#define RESOURCE                                                                                   \
    "\"resource\":{\"addr\":\"aws_instance.web[0]\",\"resource_type\":\"aws_instance\"}"

static struct feed feed(const char *json)
{
    return feed_json(&source_terraform_ui_log, json);
}

TEST(an_apply_is_pending_then_done)
{
    struct feed start = feed(LINE("apply_start", ",\"hook\":{" RESOURCE ",\"action\":\"create\"}"));
    struct feed end = feed(LINE("apply_complete",
                                ",\"hook\":{" RESOURCE ",\"action\":\"create\",\"id_key\":\"id\","
                                "\"id_value\":\"i-1\",\"elapsed_seconds\":3}"));

    CHECK_INT(start.certainty, 95);
    CHECK_INT(start.events[0].outcome, OUTCOME_PENDING);
    CHECK_INT(end.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_INT(end.events[0].verb, VERB_CREATE);
    CHECK_STR(end.events[0].resource, "aws_instance.web[0]");
    CHECK_STR(end.events[0].more_resources->id, "i-1");
    CHECK(!end.events[0].changes);
}

TEST(the_machines_zone_is_turned_into_utc_and_the_text_kept)
{
    struct feed f = feed(LINE("outputs", ""));

    CHECK_INT(f.events[0].time.sec, 1788430272);
    CHECK_INT(f.events[0].time.nsec, 250000000);
    CHECK_STR(f.events[0].time_text, "2026-09-03T05:11:12.250000-05:00");
}

TEST(an_errored_apply_is_a_failed_change)
{
    struct feed f = feed(LINE("apply_errored", ",\"hook\":{" RESOURCE ",\"action\":\"delete\"}"));

    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_INT(f.events[0].verb, VERB_DELETE);
    CHECK_STR(f.events[0].changes->result, "failed");
    CHECK_STR(f.events[0].changes->key, "failed 2026-09-03T10:11:00Z");
}

TEST(totals_of_an_apply_are_a_change)
{
    struct feed f = feed(LINE("change_summary",
                              ",\"changes\":{\"add\":1,\"change\":2,\"import\":0,\"remove\":3,"
                              "\"operation\":\"apply\"}"));
    const struct change *c = f.events[0].changes;

    CHECK_STR(f.events[0].action, "apply");
    CHECK_STR(c->result, "applied");
    CHECK_STR(c->kind, "apply");
    CHECK_INT(c->adds, 1);
    CHECK_INT(c->changes, 2);
    CHECK_INT(c->destroys, 3);
    CHECK_STR(c->key, "2026-09-03T10:11:12.250000Z +1~2-3");
}

TEST(totals_of_a_plan_are_no_change)
{
    struct feed f =
        feed(LINE("change_summary",
                  ",\"changes\":{\"add\":1,\"change\":0,\"remove\":0,\"operation\":\"plan\"}"));

    CHECK_STR(f.events[0].action, "plan");
    CHECK_INT(f.events[0].verb, VERB_PLAN);
    CHECK(!f.events[0].changes);
}

TEST(an_apply_that_changed_nothing_is_a_no_op)
{
    struct feed f = feed(LINE("change_summary",
                              ",\"changes\":{\"add\":0,\"change\":0,\"import\":0,\"remove\":0,"
                              "\"operation\":\"apply\"}"));

    CHECK_STR(f.events[0].changes->result, "no-op");
}

TEST(planned_changes_and_drift_are_intentions)
{
    struct feed planned =
        feed(LINE("planned_change", ",\"change\":{" RESOURCE ",\"action\":\"replace\","
                                    "\"reason\":\"tainted\"}"));
    struct feed drift =
        feed(LINE("resource_drift", ",\"change\":{" RESOURCE ",\"action\":\"update\"}"));
    struct feed moved =
        feed(LINE("planned_change", ",\"change\":{" RESOURCE ",\"action\":\"move\","
                                    "\"previous_resource\":{\"addr\":\"aws_instance.old\"}}"));

    CHECK_STR(planned.events[0].service, "terraform.plan");
    CHECK_STR(planned.events[0].detail, "tainted");
    CHECK_INT(planned.events[0].verb, VERB_PLAN);
    CHECK_INT(planned.events[0].outcome, OUTCOME_UNKNOWN);
    CHECK_STR(drift.events[0].service, "terraform.drift");
    CHECK_STR(drift.events[0].detail, "changed outside Terraform");
    CHECK_STR(moved.events[0].detail, "moved from aws_instance.old");
}

TEST(an_error_is_a_failure_and_a_warning_is_not)
{
    struct feed error = feed(
        LINE("diagnostic", ",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"No such thing\","
                           "\"detail\":\"password hunter2\",\"address\":\"a.b\"}"));
    struct feed warning =
        feed(LINE("diagnostic", ",\"diagnostic\":{\"severity\":\"warning\",\"summary\":\"Old\"}"));

    CHECK_INT(error.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(error.events[0].resource, "a.b");
    CHECK_STR(error.events[0].error_text, "No such thing");
    CHECK(!error.events[0].changes);
    CHECK_INT(warning.events[0].outcome, OUTCOME_UNKNOWN);
}

TEST(a_state_that_could_not_be_saved_is_a_failed_change)
{
    struct feed f =
        feed(LINE("diagnostic",
                  ",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"Failed to save state\"}"));

    CHECK_STR(f.events[0].changes->result, "failed");
}

TEST(refreshes_are_reads)
{
    struct feed f = feed(LINE("refresh_complete",
                              ",\"hook\":{" RESOURCE ",\"id_key\":\"id\",\"id_value\":\"i-1\"}"));

    CHECK_INT(f.events[0].verb, VERB_READ);
    CHECK_INT(f.events[0].outcome, OUTCOME_SUCCESS);
}

TEST(script_output_and_dumped_state_are_not_kept)
{
    struct feed script =
        feed(LINE("provision_progress", ",\"hook\":{" RESOURCE ",\"provisioner\":\"local-exec\","
                                        "\"output\":\"hunter2\"}"));
    struct feed dump =
        feed(LINE("log", ",\"state\":{\"outputs\":{\"p\":{\"value\":\"hunter2\"}}}"));

    CHECK_STR(script.events[0].detail, "local-exec");
    CHECK_STR(dump.events[0].detail, "m");
}

TEST(an_id_that_is_a_secret_is_not_kept)
{
    struct feed f =
        feed(LINE("apply_complete", ",\"hook\":{\"resource\":{\"addr\":\"random_string.s\","
                                    "\"resource_type\":\"random_string\"},\"action\":\"create\","
                                    "\"id_value\":\"hunter2\"}"));

    CHECK(!f.events[0].more_resources);
}

TEST(versions_and_progress_are_no_events)
{
    CHECK_INT(feed(LINE("version", ",\"terraform\":\"1.9.8\",\"ui\":\"1.2\"")).result,
              MAP_NOT_EVENT);
    CHECK_INT(feed(LINE("apply_progress", "")).result, MAP_NOT_EVENT);
    CHECK_INT(feed(LINE("ephemeral_op_start", "")).result, MAP_NOT_EVENT);
}

TEST(a_line_without_time_is_still_an_event)
{
    struct feed f = feed("{\"@level\":\"info\",\"@message\":\"m\",\"@module\":\"terraform.ui\","
                         "\"type\":\"outputs\"}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK(!f.events[0].time.is_set);
}

TEST(a_time_that_is_none_is_refused)
{
    struct feed f = feed(
        "{\"@level\":\"info\",\"@message\":\"m\",\"@timestamp\":\"soon\",\"type\":\"outputs\"}");

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "'@timestamp' is not a time");
}
