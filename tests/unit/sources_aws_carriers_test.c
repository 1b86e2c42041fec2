/* What CloudWatch Logs, CloudTrail Lake, AWS Config and notifications carry, and what they do not. */
#include "check.h"
#include "feed.h"

#include "sources/input.h"

extern const struct source source_aws_cloudwatch;
extern const struct source source_aws_lake;
extern const struct source source_aws_config;

#define CALL                                                                                       \
    "{\\\"eventVersion\\\":\\\"1.09\\\",\\\"eventTime\\\":\\\"2026-07-06T08:15:02Z\\\","           \
    "\\\"eventSource\\\":\\\"s3.amazonaws.com\\\",\\\"eventName\\\":\\\"DeleteBucket\\\"}"

static struct feed give(const struct source *s, const char *json, const char *wrapper)
{
    sources_start();
    return feed_record(s, str_from(json), wrapper, NULL);
}

TEST(a_message_that_is_a_call_is_an_event_and_any_other_is_none)
{
    struct feed call = give(&source_aws_cloudwatch,
                            "{\"id\":\"1\",\"timestamp\":1,\"message\":\"" CALL "\"}", "logEvents");
    struct feed line = give(
        &source_aws_cloudwatch, "{\"timestamp\":1,\"ingestionTime\":2,\"message\":\"up\"}", NULL);
    struct feed half = give(&source_aws_cloudwatch,
                            "{\"timestamp\":1,\"ingestionTime\":2,\"message\":"
                            "\"{\\\"eventVersion\\\":\\\"1.03\\\",\\\"userIdentity\\\":{\"}",
                            NULL);

    CHECK_INT(call.result, MAP_DONE);
    CHECK_INT(call.n, 1);
    CHECK_STR(call.events[0].action, "DeleteBucket");
    CHECK_INT(call.events[0].outcome, OUTCOME_SUCCESS);
    CHECK_INT(line.result, MAP_NOT_EVENT);
    CHECK(line.why != NULL);
    CHECK_INT(half.result, MAP_NOT_EVENT);
    CHECK_INT(half.n, 0);
}

TEST(a_damaged_payload_for_lambda_is_refused)
{
    struct feed f = give(&source_aws_cloudwatch, "{\"awslogs\":{\"data\":\"H4sIAAAAAAAAAHWP\"}}",
                         NULL);

    CHECK(f.certainty > 90);
    CHECK_INT(f.result, MAP_REJECT);
}

TEST(a_row_does_not_say_that_it_succeeded_when_the_error_was_not_selected)
{
    struct feed f =
        give(&source_aws_lake,
             "[{\"EVENTNAME\":\"StopLogging\"},{\"eventTime\":\"2026-07-06 09:30:00.000\"},"
             "{\"userIdentity.userName\":\"mira\"},{\"userIdentity.type\":\"IAMUser\"}]",
             "QueryResultRows");
    struct feed denied = give(
        &source_aws_lake,
        "[{\"eventName\":\"StopLogging\"},{\"eventTime\":\"2026-07-06 09:30:00.000\"},"
        "{\"errorCode\":\"AccessDenied\"}]",
        "QueryResultRows");
    struct feed count = give(&source_aws_lake, "[{\"eventName\":\"GetObject\"},{\"n\":\"31\"}]",
                             "QueryResultRows");

    CHECK_INT(f.n, 1);
    CHECK_STR(f.events[0].action, "StopLogging");
    CHECK_STR(f.events[0].actor, "mira");
    CHECK_INT(f.events[0].time.sec, 1783330200);
    CHECK_INT(f.events[0].outcome, OUTCOME_UNKNOWN);
    CHECK_INT(denied.events[0].outcome, OUTCOME_DENIED);
    CHECK_INT(count.result, MAP_NOT_EVENT);
}

TEST(an_item_of_config_is_no_event_and_a_call_inside_a_notification_is)
{
    struct feed item = give(&source_aws_config,
                            "{\"configurationItemStatus\":\"OK\",\"resourceType\":\"x\"}", NULL);
    struct feed call = give(&source_aws_config,
                            "{\"TopicArn\":\"t\",\"MessageId\":\"m\",\"Message\":\"" CALL "\"}",
                            NULL);
    struct feed text = give(&source_aws_config,
                            "{\"TopicArn\":\"t\",\"MessageId\":\"m\",\"Message\":\"hello\"}", NULL);

    CHECK_INT(item.result, MAP_NOT_EVENT);
    CHECK_INT(call.n, 1);
    CHECK_INT(text.result, MAP_NOT_EVENT);
}

/* --- lines of an export ----------------------------------------------------------------------- */

static size_t cut_all(const char *text, struct cut *out, size_t most)
{
    struct cutter *c = cutter_new(CUTTER_JSON, 1 << 20);
    size_t at = 0, n = 0;

    while (n < most && cutter_next(c, str_from(text), 0, &at, true, &out[n]))
        n++;
    cutter_free(c);
    return n;
}

TEST(lines_behind_a_stamped_line_belong_to_it_even_when_they_look_like_records)
{
    struct cut cuts[8];
    size_t n = cut_all("2026-07-06T08:15:03.000Z failed\n  at app.js\n{\"eventVersion\":\"1\"}\n"
                       "2026-07-06T08:15:04.000Z {\"a\":1}\n",
                       cuts, 8);

    CHECK_INT(n, 2);
    CHECK_INT(cuts[0].kind, CUT_LOG);
    CHECK(str_ends(cuts[0].bytes, STR("\"1\"}")));
    CHECK_INT(cuts[1].kind, CUT_RECORD);
    CHECK_STR(cuts[1].bytes, "{\"a\":1}");
    CHECK_INT(cuts[1].number, 1);
}

TEST(terraforms_debug_log_is_no_log_line_of_cloudwatch)
{
    struct cut cuts[8];
    size_t n = cut_all("2026-07-06T08:15:03.000Z [INFO]  core: begins\n{\"a\":1}\n", cuts, 8);

    CHECK_INT(n, 2);
    CHECK_INT(cuts[0].kind, CUT_TEXT);
    CHECK_INT(cuts[1].kind, CUT_RECORD);
}

TEST(a_health_check_of_a_subscription_holds_no_record)
{
    struct cut cuts[8];
    size_t n = cut_all("{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"id\":\"\"}]}"
                       "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"id\":\"1\"}]}",
                       cuts, 8);

    CHECK_INT(n, 1);
    CHECK_STR(cuts[0].bytes, "{\"id\":\"1\"}");
    CHECK_INT(cuts[0].number, 0);
}
