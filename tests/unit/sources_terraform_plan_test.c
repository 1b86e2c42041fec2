/* terraform-plan: intentions and drift, never values. */
#include "check.h"
#include "feed.h"

extern const struct source source_terraform_plan;

static const char plan[] =
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.8\",\"timestamp\":\"2026-09-03T10:11:"
    "12Z\","
    "\"variables\":{\"git_sha\":{\"value\":\"3dd5060ac32cd23694179e7694faa908111792fe\"},"
    "\"password\":{\"value\":\"hunter2\"}},"
    "\"resource_changes\":["
    "{\"address\":\"a.b\",\"type\":\"a\",\"change\":{\"actions\":[\"update\"],\"before\":{\"k\":"
    "\"hunter2\"},\"after\":{}}},"
    "{\"address\":\"a.c\",\"type\":\"a\",\"action_reason\":\"replace_because_tainted\","
    "\"change\":{\"actions\":[\"create\",\"delete\"]}},"
    "{\"address\":\"a.d\",\"type\":\"a\",\"previous_address\":\"a.old\",\"change\":{\"actions\":["
    "\"no-op\"],"
    "\"importing\":{\"id\":\"i-1\"}}},"
    "{\"address\":\"a.e\",\"type\":\"a\",\"change\":{\"actions\":[\"create\",\"forget\"]}},"
    "{\"address\":\"a.f\",\"type\":\"a\",\"change\":{\"actions\":[\"forget\"]}}],"
    "\"resource_drift\":[{\"address\":\"a.b\",\"type\":\"a\",\"change\":{\"actions\":[\"delete\"]}}"
    "]}";

static struct feed feed_plan(const char *json, const char *variable)
{
    struct map_settings settings = {.commit_variable = str_from(variable)};

    return feed_record(&source_terraform_plan, str_from(json), NULL, &settings);
}

TEST(each_resource_change_is_an_intention)
{
    struct feed f = feed_plan(plan, NULL);

    CHECK_INT(f.result, MAP_DONE);
    CHECK_INT(f.n, 6);
    for (size_t i = 0; i < f.n; i++) {
        CHECK_INT(f.events[i].verb, VERB_PLAN);
        CHECK_INT(f.events[i].outcome, OUTCOME_UNKNOWN);
        CHECK_INT(f.events[i].time.sec, 1788430272);
    }
    CHECK_STR(f.events[0].service, "terraform.plan");
    CHECK_STR(f.events[0].action, "update");
    CHECK_STR(f.events[0].resource, "a.b");
}

TEST(two_actions_are_a_replacement)
{
    struct feed f = feed_plan(plan, NULL);

    CHECK_STR(f.events[1].action, "replace");
    CHECK_STR(f.events[1].detail, "created before the old one goes; replace_because_tainted");
    CHECK_STR(f.events[3].action, "replace");
    CHECK_STR(f.events[4].action, "forget");
}

TEST(moves_and_imports_are_told_in_words)
{
    CHECK_STR(feed_plan(plan, NULL).events[2].detail, "moved from a.old; import");
}

TEST(drift_has_a_service_of_its_own)
{
    struct feed f = feed_plan(plan, NULL);

    CHECK_STR(f.events[5].service, "terraform.drift");
    CHECK_STR(f.events[5].action, "delete");
    CHECK_STR(f.events[5].detail, "changed outside Terraform");
}

TEST(events_of_one_plan_are_told_apart)
{
    struct feed f = feed_plan(plan, NULL);

    CHECK(!str_empty(f.events[0].dedupe));
    CHECK(!str_eq(f.events[0].dedupe, f.events[5].dedupe));
}

TEST(the_commit_comes_from_the_configured_variable_only)
{
    CHECK(str_empty(feed_plan(plan, NULL).events[0].commit));
    CHECK(str_empty(feed_plan(plan, "password").events[0].commit));
    CHECK(str_empty(feed_plan(plan, "absent").events[0].commit));
    CHECK_STR(feed_plan(plan, "git_sha").events[0].commit,
              "3dd5060ac32cd23694179e7694faa908111792fe");
}

TEST(a_redacted_plan_is_a_plan)
{
    struct feed f =
        feed_plan("{\"plan_format_version\":\"1.1\",\"provider_schemas\":{},\"resource_changes\":["
                  "{\"address\":\"a.b\",\"change\":{\"actions\":[\"create\"]}}]}",
                  NULL);

    CHECK_INT(f.certainty, 95);
    CHECK_INT(f.n, 1);
    CHECK(!f.events[0].time.is_set);
}

TEST(an_unknown_format_version_is_refused)
{
    struct feed f = feed_plan("{\"format_version\":\"2.0\",\"resource_changes\":[]}", NULL);

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "plan JSON of an unknown format version");
}
