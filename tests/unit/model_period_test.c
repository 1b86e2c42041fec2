#include "model/period.h"

#include "base/instant.h"
#include "check.h"

static struct arena arena;

static str text_of(const char *period, const char *zone)
{
    struct err err = {0};
    const struct zone *z = zone_load(&arena, str_from(zone), &err);
    struct period p;
    struct instant now = {0};

    instant_parse(STR("2026-11-23T02:41:00Z"), &now);
    if (!z || !period_parse(&arena, str_from(period), z, now.sec, &p, &err))
        return str_print(&arena, "%s", err.text);
    return period_text(&p, &arena);
}

TEST(a_month_ends_where_the_next_begins)
{
    CHECK_STR(text_of("2026-10", "UTC"),
              "2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("2026-12", "UTC"),
              "2026-12-01T00:00:00Z to 2027-01-01T00:00:00Z (UTC, end not included)");
}

TEST(a_month_across_a_daylight_saving_switch_has_two_offsets)
{
    CHECK_STR(
        text_of("2026-10", "Europe/Berlin"),
        "2026-10-01T00:00:00+02:00 to 2026-11-01T00:00:00+01:00 (Europe/Berlin, end not included)");
    CHECK_STR(text_of("2060-03", "America/New_York"),
              "2060-03-01T00:00:00-05:00 to 2060-04-01T00:00:00-04:00 (America/New_York, end not "
              "included)");
}

TEST(quarters_years_and_days_are_periods)
{
    CHECK_STR(text_of("2026-Q3", "UTC"),
              "2026-07-01T00:00:00Z to 2026-10-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("2026", "UTC"),
              "2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("2024-02-29", "UTC"),
              "2024-02-29T00:00:00Z to 2024-03-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("2026-03-03..2026-04-17", "UTC"),
              "2026-03-03T00:00:00Z to 2026-04-18T00:00:00Z (UTC, end not included)");
}

TEST(relative_periods_follow_the_given_now)
{
    CHECK_STR(text_of("last-month", "UTC"),
              "2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("last-quarter", "UTC"),
              "2026-07-01T00:00:00Z to 2026-10-01T00:00:00Z (UTC, end not included)");
    CHECK_STR(text_of("T-30d", "UTC"),
              "2026-10-24T00:00:00Z to 2026-11-23T00:00:00Z (UTC, end not included)");
}

TEST(a_bad_period_is_an_error_never_an_empty_result)
{
    CHECK_STR(text_of("2026-13", "UTC"), "cannot read period '2026-13'");
    CHECK_STR(text_of("2026-02-30", "UTC"), "cannot read period '2026-02-30'");
    CHECK_STR(text_of("T-3m", "UTC"), "'T-3m' could mean months or minutes");
    CHECK_STR(text_of("2026-04-17..2026-03-03", "UTC"),
              "the period from '2026-04-17' to '2026-03-03' is empty");
    CHECK_STR(text_of("2026-10", "Mars/Base"), "unknown time zone 'Mars/Base'");
    CHECK_STR(text_of("2026-10", "../../etc/passwd"), "unknown time zone '../../etc/passwd'");
}

TEST(a_civil_time_that_does_not_exist_is_the_instant_of_the_switch)
{
    struct err err = {0};
    const struct zone *z = zone_load(&arena, STR("Europe/Berlin"), &err);
    struct instant t;

    CHECK(z != NULL);
    CHECK(instant_parse(STR("2026-03-29T01:00:00Z"), &t));
    CHECK_INT(zone_instant(z, 2026, 3, 29, 2, 30, 0), t.sec);
    CHECK(instant_parse(STR("2026-10-25T00:30:00Z"), &t));
    CHECK_INT(zone_instant(z, 2026, 10, 25, 2, 30, 0), t.sec);
    CHECK(instant_parse(STR("2026-10-25T02:30:00Z"), &t));
    CHECK_INT(zone_instant(z, 2026, 10, 25, 3, 30, 0), t.sec);
}

TEST(the_previous_period_of_a_month_is_the_month_before)
{
    struct err err = {0};
    const struct zone *z = zone_load(&arena, STR("UTC"), &err);
    struct period p, before;

    CHECK(period_parse(&arena, STR("2026-03"), z, 0, &p, &err));
    before = period_previous(&arena, &p);
    CHECK_STR(before.label, "2026-02");
    CHECK_INT(before.until, p.from);
}
