/* pulumi: snapshots of stacks, engine events, audit log, webhooks and histories. */
#include "check.h"
#include "feed.h"

extern const struct source source_pulumi_checkpoint;
extern const struct source source_pulumi_events;
extern const struct source source_pulumi_cloud;

static struct feed checkpoint(const char *json)
{
    return feed_json(&source_pulumi_checkpoint, json);
}

static struct feed engine(const char *json)
{
    return feed_json(&source_pulumi_events, json);
}

static struct feed cloud(const char *json)
{
    return feed_json(&source_pulumi_cloud, json);
}

#define URN "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs::of::us"

/* --- snapshots -------------------------------------------------------------------------------- */

#define RESOURCES                                                                                  \
    "\"resources\":[{\"urn\":\"" URN "\",\"custom\":true,\"id\":\"logs-1\",\"type\":"              \
    "\"aws:s3/bucket:Bucket\",\"outputs\":{\"arn\":\"arn:aws:s3:::logs-1\",\"key\":\"hunter2\"}}," \
    "{\"urn\":\"urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::p\","            \
    "\"custom\":true,\"id\":\"hunter2\",\"type\":\"random:index/randomPassword:RandomPassword\"}," \
    "{\"urn\":\"urn:pulumi:dev::shop::my:app::a\",\"custom\":false,\"type\":\"my:app\"}]"

TEST(an_export_is_a_snapshot_of_its_stack)
{
    struct feed f = checkpoint("{\"version\":3,\"deployment\":{\"manifest\":{\"time\":"
                               "\"2026-07-01T08:00:00Z\",\"version\":\"v3.1\"}," RESOURCES "}}");
    const struct snapshot *s = f.events[0].snapshot;
    const struct snapshot_resource *r = s->resources;

    CHECK_INT(f.certainty, 93);
    CHECK_INT(f.n, 1);
    CHECK(f.events[0].is_fact_only);
    CHECK_STR(s->format, "pulumi-3");
    CHECK_STR(s->lineage, "shop/dev");
    CHECK_INT(s->serial, -1);
    CHECK(s->when.is_set);
    CHECK_STR(r->address, URN);
    CHECK_STR(r->cloud_id, "logs-1");
    CHECK_STR(r->arn, "arn:aws:s3:::logs-1");
    CHECK_STR(r->mode, "managed");
    CHECK_INT(r->digest.len, 16);
    CHECK(str_empty(r->next->cloud_id)); /* the id of a random value is the value */
    CHECK_STR(r->next->next->mode, "component");
}

TEST(old_forms_hold_their_time_beside_the_resources)
{
    struct feed v1 = checkpoint("{\"version\":1,\"checkpoint\":{\"target\":\"dev\",\"latest\":{"
                                "\"time\":\"2017-11-08T11:52:26.95-08:00\"," RESOURCES "}}}");
    struct feed bare = checkpoint(
        "{\"target\":\"dev\",\"latest\":{\"time\":\"0001-01-01T00:00:00Z\"," RESOURCES "}}");

    CHECK_INT(v1.events[0].snapshot->when.sec, 1510170746);
    CHECK_INT(bare.result, MAP_DONE);
    CHECK(!bare.events[0].snapshot->when.is_set);
    CHECK_INT(checkpoint("{\"version\":4,\"serial\":1,\"lineage\":\"x\"}").certainty, 0);
}

TEST(operations_left_behind_by_an_interruption_are_events)
{
    struct feed f = checkpoint("{\"version\":3,\"deployment\":{\"manifest\":{\"time\":"
                               "\"2026-07-01T08:00:00Z\"},\"pending_operations\":[{\"type\":"
                               "\"creating\",\"resource\":{\"urn\":\"" URN "\"}}]}}");

    CHECK_INT(f.n, 2);
    CHECK_STR(f.events[1].action, "interrupted.creating");
    CHECK_STR(f.events[1].resource, URN);
    CHECK_INT(f.events[1].outcome, OUTCOME_PENDING);
}

/* --- engine events ---------------------------------------------------------------------------- */

#define META                                                                                       \
    "\"metadata\":{\"op\":\"update\",\"urn\":\"" URN "\",\"type\":\"aws:s3/bucket:Bucket\","       \
    "\"diffs\":[\"tags\"],\"old\":{\"id\":\"logs-1\",\"inputs\":{\"k\":\"hunter2\"}}}"

TEST(a_resource_has_a_line_before_and_one_behind)
{
    struct feed pre =
        engine("{\"sequence\":1,\"timestamp\":1782892800,\"resourcePreEvent\":{" META "}}");
    struct feed done =
        engine("{\"sequence\":2,\"timestamp\":1782892801,\"resOutputsEvent\":{" META "}}");
    struct feed failed = engine("{\"sequence\":2,\"timestamp\":0,\"resOpFailedEvent\":{" META "}}");

    CHECK_INT(pre.certainty, 94);
    CHECK_INT(pre.events[0].outcome, OUTCOME_PENDING);
    CHECK_INT(done.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_INT(done.events[0].verb, VERB_UPDATE);
    CHECK_STR(done.events[0].resource, URN);
    CHECK_STR(done.events[0].place, "shop/dev");
    CHECK_STR(done.events[0].detail, "changed: tags");
    CHECK_STR(done.events[0].more_resources->id, "logs-1");
    CHECK_INT(done.events[0].time.sec, 1782892801);
    CHECK_INT(failed.events[0].outcome, OUTCOME_FAILURE);
    CHECK(!failed.events[0].time.is_set);
}

TEST(a_planned_step_is_an_intention)
{
    struct feed f = engine(
        "{\"sequence\":1,\"timestamp\":1,\"resourcePreEvent\":{\"planning\":true," META "}}");
    struct feed p = engine("{\"steps\":[{\"op\":\"create\",\"urn\":\"" URN "\"},{\"op\":\"same\","
                           "\"urn\":\"x\"}],\"changeSummary\":{\"create\":1}}");

    CHECK_INT(f.events[0].verb, VERB_PLAN);
    CHECK_INT(p.n, 1);
    CHECK_INT(p.events[0].verb, VERB_PLAN);
}

TEST(a_summary_is_a_change_unless_it_is_a_preview)
{
#define SUMMARY(more)                                                                              \
    "{\"sequence\":9,\"timestamp\":1782892800,\"summaryEvent\":{\"durationSeconds\":60,"           \
    "\"resourceChanges\":{\"create\":2,\"same\":1}" more "}}"
    struct feed f = engine(SUMMARY(",\"isPreview\":false,\"result\":\"failed\""));

    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_STR(f.events[0].changes->result, "failed");
    CHECK_INT(f.events[0].changes->adds, 2);
    CHECK_INT(f.events[0].changes->t_end.sec - f.events[0].changes->t_start.sec, 60);
    CHECK(!engine(SUMMARY(",\"isPreview\":true")).events[0].changes);
    CHECK_INT(engine(SUMMARY("")).events[0].outcome, OUTCOME_UNKNOWN);
}

TEST(messages_of_diagnostics_are_not_kept)
{
    struct feed f = engine("{\"sequence\":3,\"timestamp\":1,\"diagnosticEvent\":{\"urn\":\"" URN
                           "\",\"message\":\"hunter2\",\"severity\":\"error\"}}");

    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK(str_empty(f.events[0].detail) && str_empty(f.events[0].error_text));
    CHECK_INT(
        engine("{\"sequence\":3,\"timestamp\":1,\"stdoutEvent\":{\"message\":\"hunter2\"}}").result,
        MAP_NOT_EVENT);
}

/* --- service ---------------------------------------------------------------------------------- */

TEST(stack_and_update_are_found_in_the_description)
{
    struct feed f =
        cloud("{\"timestamp\":1782892800,\"sourceIP\":\"192.0.2.1\",\"event\":"
              "\"Stack Update Started\",\"description\":\"Started update \\\"u-1\\\" for "
              "stack \\\"shop/dev\\\"\",\"user\":{\"githubLogin\":\"ann\"},"
              "\"tokenName\":\"ci\"}");

    CHECK_STR(f.events[0].actor, "ann");
    CHECK_STR(f.events[0].resource, "shop/dev");
    CHECK_STR(f.events[0].run, "u-1");
    CHECK_STR(f.events[0].credential, "ci");
    CHECK_INT(f.events[0].verb, VERB_APPLY);
    CHECK_INT(f.events[0].outcome, OUTCOME_UNKNOWN); /* silence is not success */
    CHECK_STR(
        cloud("{\"timestamp\":1,\"event\":\"stack-exported\",\"description\":\"Exported stack "
              "shop/dev\",\"user\":{},\"authFailure\":true}")
            .events[0]
            .resource,
        "shop/dev");
}

#define STACK                                                                                      \
    "\"user\":{\"githubLogin\":\"ann\"},\"organization\":{\"githubLogin\":\"acme\"},"              \
    "\"projectName\":\"shop\",\"stackName\":\"dev\""

TEST(webhooks_tell_of_updates_and_drift_without_a_time)
{
    struct feed u = cloud("{" STACK ",\"kind\":\"update\",\"result\":\"succeeded\",\"updateUrl\":"
                          "\"https://app.pulumi.com/acme/shop/dev/updates/42\"}");
    struct feed d = cloud("{" STACK ",\"driftDetected\":true,\"status\":\"succeeded\"}");

    CHECK_STR(u.events[0].resource, "acme/shop/dev");
    CHECK_STR(u.events[0].changes->key, "acme/shop/dev/updates/42");
    CHECK_STR(u.events[0].changes->result, "applied");
    CHECK(!u.events[0].time.is_set);
    CHECK_STR(d.events[0].service, "pulumi.drift");
    CHECK_INT(d.events[0].verb, VERB_PLAN);
}

TEST(a_history_joins_an_update_to_commit_and_request)
{
    struct feed f = cloud("{\"kind\":\"update\",\"startTime\":\"2026-07-01T08:00:00.000Z\","
                          "\"endTime\":\"2026-07-01T08:01:00.000Z\",\"version\":7,\"result\":"
                          "\"succeeded\",\"message\":\"m\",\"environment\":{\"git.head\":\"aaaa\","
                          "\"git.dirty\":\"true\",\"vcs.owner\":\"acme\",\"vcs.repo\":\"shop\","
                          "\"ci.pr.number\":\"4\",\"git.author\":\"Ann\"},\"config\":{\"k\":{"
                          "\"value\":\"hunter2\"}},\"resourceChanges\":{\"delete\":1}}");
    const struct change *c = f.events[0].changes;

    CHECK_STR(c->commit, "aaaa");
    CHECK_STR(c->change_request, "acme/shop#4");
    CHECK_STR(c->result, "applied");
    CHECK_INT(c->destroys, 1);
    CHECK_INT(c->t_end.sec - c->t_start.sec, 60);
    CHECK(str_empty(f.events[0].actor)); /* an author is not who ran it */
    CHECK(str_contains(f.events[0].detail, STR("not committed")));
}
