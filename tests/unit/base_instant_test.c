#include "base/instant.h"
#include "check.h"

static const char *as_text(const char *text)
{
    static char out[40];
    struct instant t;

    if (!instant_parse(str_from(text), &t))
        return "refused";
    return instant_print(t, out) ? out : "not set";
}

TEST(rfc3339_keeps_the_precision_of_the_source)
{
    CHECK_STR(str_from(as_text("2019-10-02T22:12:29Z")), "2019-10-02T22:12:29Z");
    CHECK_STR(str_from(as_text("2019-10-02T22:12:29.5Z")), "2019-10-02T22:12:29.5Z");
    CHECK_STR(str_from(as_text("2019-10-02T22:12:29.123456789Z")),
              "2019-10-02T22:12:29.123456789Z");
    CHECK_STR(str_from(as_text("2019-10-02T22:12:29.1234567891Z")),
              "2019-10-02T22:12:29.123456789Z");
}

TEST(offsets_are_taken_off)
{
    CHECK_STR(str_from(as_text("2022-02-08 09:23:37+11:00")), "2022-02-07T22:23:37Z");
    CHECK_STR(str_from(as_text("2023-01-20T15:50:04.623068-05:00")), "2023-01-20T20:50:04.623068Z");
    CHECK_STR(str_from(as_text("2021-04-28 21:50:00 +0200")), "2021-04-28T19:50:00Z");
    CHECK_STR(str_from(as_text("2021-02-09 20:07:49.686182 +0000 UTC")),
              "2021-02-09T20:07:49.686182Z");
    CHECK_STR(str_from(as_text("2016-08-12 15:23:28 UTC")), "2016-08-12T15:23:28Z");
}

TEST(other_calendars_forms_are_read)
{
    CHECK_STR(str_from(as_text("11/3/2020 9:06:42 AM +00:00")), "2020-11-03T09:06:42Z");
    CHECK_STR(str_from(as_text("3/24/2022 2:42:35 PM")), "2022-03-24T14:42:35Z");
    CHECK_STR(str_from(as_text("3/24/2022 12:00:01 AM")), "2022-03-24T00:00:01Z");
    CHECK_STR(str_from(as_text("20131102T010628Z")), "2013-11-02T01:06:28Z");
    CHECK_STR(str_from(as_text("23/Nov/2026:00:45:00 +0000")), "2026-11-23T00:45:00Z");
}

TEST(numbers_are_told_apart_by_size)
{
    CHECK_STR(str_from(as_text("1414708529.9219999")), "2014-10-30T22:35:29.9219999Z");
    CHECK_STR(str_from(as_text("1583364251067")), "2020-03-04T23:24:11.067Z");
    CHECK_STR(str_from(as_text("1583364251067123")), "2020-03-04T23:24:11.067123Z");
    CHECK_STR(str_from(as_text("1583364251067123456")), "2020-03-04T23:24:11.067123456Z");
}

TEST(zero_times_are_not_set)
{
    CHECK_STR(str_from(as_text("0001-01-01T00:00:00Z")), "not set");
    CHECK_STR(str_from(as_text("0")), "not set");
}

TEST(what_is_no_time_is_refused)
{
    CHECK_STR(str_from(as_text("")), "refused");
    CHECK_STR(str_from(as_text("yesterday")), "refused");
    CHECK_STR(str_from(as_text("2021-02-29T00:00:00Z")), "refused");
    CHECK_STR(str_from(as_text("2021-13-01T00:00:00Z")), "refused");
    CHECK_STR(str_from(as_text("2021-01-01T25:00:00Z")), "refused");
    CHECK_STR(str_from(as_text("2021-01-01T00:00:00Zjunk")), "refused");
    CHECK_STR(str_from(as_text("1969-12-31T23:59:59Z")), "refused");
}

TEST(a_time_key_gives_the_instant_back)
{
    struct instant t, back;

    CHECK(instant_parse(STR("2026-09-01T08:00:00.250Z"), &t));
    back = instant_from_key(instant_key(t));
    CHECK_INT(instant_cmp(t, back), 0);
    CHECK_INT(back.digits, 3);
}

TEST(a_time_behind_the_last_key_stands_at_the_end_and_never_wraps)
{
    struct instant t;

    CHECK(instant_parse(STR("9999-12-31T23:59:59Z"), &t));
    CHECK(instant_key(t) > 0);
    CHECK_INT(key_of_seconds(t.sec), INT64_MAX);
    CHECK_INT(key_of_seconds(10), INT64_C(10) << 30);
}
