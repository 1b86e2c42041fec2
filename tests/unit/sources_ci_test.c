/* ci-runs, bitbucket, devlake-csv: runs of other platforms, approvals, rows that wrap an answer. */
#include "check.h"
#include "feed.h"

extern const struct source source_ci_runs;
extern const struct source source_bitbucket;
extern const struct source source_devlake_csv;

TEST(a_jenkins_build_ends_its_duration_later)
{
    struct feed f = feed_json(&source_ci_runs,
                              "{\"actions\":[{\"causes\":[{\"userId\":\"ann\"}]},"
                              "{\"lastBuiltRevision\":{\"SHA1\":\"aaaa\"}},{\"parameters\":"
                              "[{\"value\":\"hunter2\"}]}],\"duration\":1900,\"fullDisplayName\":"
                              "\"shop #31\",\"number\":31,\"result\":\"UNSTABLE\",\"timestamp\":"
                              "1782892800161}");
    const struct change *c = f.events[0].changes;

    CHECK_INT(f.certainty, 87);
    CHECK_STR(f.events[0].actor, "ann");
    CHECK_STR(f.events[0].commit, "aaaa");
    CHECK_STR(f.events[0].place, "shop");
    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(c->result, "partial");
    CHECK_INT(c->t_end.sec, 1782892802);
    CHECK_INT(c->t_end.nsec, 61000000);
}

TEST(a_build_without_a_result_is_on_its_way)
{
    struct feed f =
        feed_json(&source_ci_runs, "{\"actions\":[],\"fullDisplayName\":\"shop #1\",\"number\":1,"
                                   "\"result\":null,\"timestamp\":1782892800161}");

    CHECK_INT(f.events[0].outcome, OUTCOME_PENDING);
    CHECK_INT(f.events[0].actor_type, ACTOR_AUTOMATION);
    CHECK(!f.events[0].changes->t_end.is_set);
}

TEST(an_azure_build_names_who_it_was_for)
{
    struct feed f = feed_json(&source_ci_runs,
                              "{\"id\":8,\"buildNumber\":\"20260701.1\",\"result\":\"succeeded\","
                              "\"startTime\":\"2026-07-01T08:00:00.7654321Z\",\"definition\":"
                              "{\"name\":\"rel\"},\"sourceVersion\":\"aaaa\",\"requestedFor\":"
                              "{\"uniqueName\":\"ann@x.example\"}}");

    CHECK_STR(f.events[0].actor, "ann@x.example");
    CHECK_STR(f.events[0].resource, "rel 20260701.1");
    CHECK_STR(f.events[0].changes->result, "applied");
}

TEST(only_who_approved_has_decided)
{
    struct feed f = feed_json(&source_bitbucket,
                              "{\"id\":5,\"state\":\"OPEN\",\"source\":{\"commit\":{\"hash\":"
                              "\"aaaa\"}},\"destination\":{\"repository\":{\"full_name\":"
                              "\"acme/shop\"}},\"author\":{\"display_name\":\"Ann\"},"
                              "\"participants\":[{\"approved\":true,\"participated_on\":"
                              "\"2026-07-01T08:00:00+00:00\",\"user\":{\"display_name\":\"Bob\"}},"
                              "{\"approved\":false,\"user\":{\"display_name\":\"Ann\"}}]}");

    CHECK_INT(f.n, 3);
    CHECK_STR(f.events[0].approvals->object, "acme/shop#5");
    CHECK_STR(f.events[0].approvals->commit, "aaaa");
    CHECK(!f.events[1].approvals);
    CHECK(f.events[2].is_fact_only);
    CHECK(!f.events[2].change_requests->t_merged.is_set);
}

TEST(a_row_is_read_by_the_source_of_its_platform)
{
    struct feed f, other;

    sources_start();
    f = feed_json(&source_devlake_csv,
                  "{\"id\":\"1\",\"params\":\"{}\",\"url\":\"u\",\"created_at\":\"2026-07-02\","
                  "\"data\":\"{\\\"pipeline_id\\\":\\\"p\\\",\\\"id\\\":\\\"w\\\","
                  "\\\"project_slug\\\":\\\"gh/a/b\\\",\\\"status\\\":\\\"success\\\","
                  "\\\"created_at\\\":\\\"2026-07-01T08:00:00Z\\\"}\"}");
    CHECK_INT(f.certainty, 95);
    CHECK_STR(f.events[0].service, "circleci");
    CHECK_INT(f.events[0].time.sec, 1782892800);
    other = feed_json(&source_devlake_csv, "{\"params\":\"{}\",\"url\":\"u\",\"created_at\":\"t\","
                                           "\"data\":\"{\\\"un\\\":1}\"}");
    CHECK_INT(other.result, MAP_NOT_EVENT);
}
