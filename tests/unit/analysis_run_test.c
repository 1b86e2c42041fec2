#include "check.h"
#include "small_store.h"

#include "../../src/analysis/coverage.h"
#include "../../src/analysis/header.h"

static struct arena arena;

#define HEAD(kind, needs, population)                                                              \
    "-- title: Test\n-- question: Which?\n-- severity: high\n-- tier: 1\n" kind "-- needs: " needs \
    "\n-- population: " population                                                                 \
    "\n-- population-words: things\n-- if-empty: All fine.\n-- reviewer: Look.\n"                  \
    "-- columns: item id \"Item\", t time \"When\", actor text \"Who\", evidence id \"Evidence\" " \
    "0\n"
#define DELETES                                                                                    \
    "SELECT resource AS item, t, actor, id AS evidence FROM event WHERE t >= :from AND t < "       \
    ":until "                                                                                      \
    "AND environment = :environment AND action = 'DeleteTrail' ORDER BY t, id\n"

static struct query query_of(const char *text)
{
    struct query q = {.id = STR("tst-query"), .path = STR("tst-query.sql")};
    struct err err = {0};

    if (!header_read(&arena, q.path, str_from(text), false, &q, &err))
        printf("%s\n", err.text);
    return q;
}

/* Everything in account 111111111111 is production. */
static struct config test_config(void)
{
    static struct env_rule rule = {.environment = {"prod", 4}, .account = {"111111111111", 12}};
    static struct environment prod = {.name = {"prod", 4}, .needs_approval = true};
    struct config cfg = {0};

    config_defaults(&cfg);
    cfg.environments = &prod;
    cfg.env_rules = &rule;
    return cfg;
}

static struct period october(void)
{
    struct err err = {0};
    struct period p = {0};

    if (!period_parse(&arena, STR("2026-10"), zone_load(&arena, STR("UTC"), &err), 0, &p, &err))
        printf("%s\n", err.text);
    return p;
}

static struct query_result answer(struct small_store *s, const char *sql, const struct config *cfg)
{
    struct query *q = arena_new(&arena, struct query, 1);
    struct period *p = arena_new(&arena, struct period, 1);
    struct scope scope = {.config = cfg, .period = p, .environment = STR("prod")};
    struct query_result r = {0};
    struct err err = {0};

    *q = query_of(sql);
    *p = october();
    if (!query_run(q, s->st, &scope, &arena, &r, &err))
        printf("%s\n", err.text);
    return r;
}

#define MONTH(s)                                                                                   \
    small_days(&(s), "aws-cloudtrail", "111111111111", "2026-09-01T00:00:00Z", 61, NULL)

TEST(a_whole_record_without_a_match_notes_no_exceptions)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event where actor = 'robot'") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "no-exceptions");
    CHECK_INT(r.population, 31);
    CHECK_INT(r.exceptions, 0);
    CHECK_INT(r.population_sha256.len, 64);
    small_close(&s);
}

TEST(nothing_in_scope_is_no_population_and_not_no_exceptions)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event where actor = 'nobody'") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "no-population");
    small_close(&s);
}

TEST(a_match_is_an_exception_with_a_number_that_stays)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T08:00:00Z", "alice",
                "DeleteTrail");
    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-06T08:00:00Z", "bob", "DeleteTrail");
    small_event(&s, "aws-cloudtrail", "222222222222", "2026-10-06T08:00:00Z", "eve", "DeleteTrail");
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "exceptions");
    CHECK_INT(r.exceptions, 2);
    CHECK_INT(r.population, 33);
    CHECK_STR(r.findings->actor, "alice");
    /* base32 of the first 40 bits of SHA-256("tst-query" NUL "thing-DeleteTrail") */
    CHECK_STR(r.findings->number, "EX-RIL2I7YU");
    CHECK_STR(r.findings->next->number, "EX-RIL2I7YU-2");
    CHECK_INT(r.findings->severity, SEVERITY_HIGH);
    CHECK(r.findings->evidence.len > 0);
    small_close(&s);
}

static bool is_14th(int day)
{
    return day == 30 + 13; /* days from 1 September */
}

TEST(a_day_without_records_makes_the_answer_partial_and_is_named)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    small_days(&s, "aws-cloudtrail", "111111111111", "2026-09-01T00:00:00Z", 61, is_14th);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "partial");
    CHECK_STR(r.why, "no records of AWS CloudTrail 111111111111 on 2026-10-14");
    small_close(&s);
}

TEST(a_match_in_an_incomplete_record_is_an_exception_that_says_so)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    small_days(&s, "aws-cloudtrail", "111111111111", "2026-09-01T00:00:00Z", 61, is_14th);
    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T08:00:00Z", "alice",
                "DeleteTrail");
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "exceptions");
    CHECK(r.why.len > 0);
    small_close(&s);
}

static bool is_weekend(int day)
{
    return day % 7 >= 5; /* 31 August 2026 was a Monday */
}

TEST(a_source_that_rests_on_weekends_is_not_silent)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    small_days(&s, "aws-cloudtrail", "111111111111", "2026-08-31T00:00:00Z", 63, is_weekend);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(r.why, "");
    CHECK_STR(str_from(result_name(r.result)), "no-exceptions");
    small_close(&s);
}

TEST(a_record_that_begins_late_or_ends_early_is_partial)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    small_days(&s, "aws-cloudtrail", "111111111111", "2026-10-04T00:00:00Z", 26, NULL);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "partial");
    CHECK_STR(r.why, "no records of AWS CloudTrail 111111111111 on 2026-10-01 to 2026-10-03; "
                     "no records of AWS CloudTrail 111111111111 on 2026-10-30 to 2026-10-31");
    small_close(&s);
}

TEST(the_silence_of_another_environment_does_not_matter)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    small_days(&s, "aws-cloudtrail", "222222222222", "2026-09-01T00:00:00Z", 61, is_14th);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "no-exceptions");
    small_close(&s);
}

TEST(a_missing_need_is_not_tested_and_named)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s, HEAD("", "cloud-audit runs", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "not-tested");
    CHECK_STR(r.why, "no source of runs has records in the period for this environment");
    r = answer(&s, HEAD("", "cloud-audit people", "event") DELETES, &cfg);
    CHECK_STR(r.why, "the configuration has no list of people");
    r = answer(&s, HEAD("", "runs|cloud-audit", "event") DELETES, &cfg);
    CHECK_STR(str_from(result_name(r.result)), "no-exceptions");
    r = answer(&s, HEAD("", "history:60", "event") DELETES, &cfg);
    CHECK_STR(r.why, "insufficient baseline: 30 days of record before the period, 60 needed");
    small_close(&s);
}

TEST(a_list_of_its_population_has_no_exceptions)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct query_result r;

    MONTH(s);
    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T08:00:00Z", "alice",
                "DeleteTrail");
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    r = answer(&s,
               HEAD("-- kind: population\n", "cloud-audit", "event where action = 'DeleteTrail'")
                   DELETES,
               &cfg);
    CHECK_INT(r.rows, 1);
    CHECK_INT(r.exceptions, 0);
    CHECK_STR(r.findings->number, "");
    small_close(&s);
}

TEST(a_parameter_comes_from_the_configuration_of_the_environment)
{
    static struct query_param everywhere = {
        {"tst-query", 9}, {NULL, 0}, {"who", 3}, {"bob", 3}, NULL};
    static struct query_param in_prod = {
        {"tst-query", 9}, {"prod", 4}, {"who", 3}, {"alice", 5}, &everywhere};
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    const char *sql =
        HEAD("", "any", "event") "-- param: who nobody -- whose\n"
                                 "SELECT id AS item, t, actor, id AS evidence FROM event WHERE t "
                                 ">= :from AND t < :until "
                                 "AND environment = :environment AND actor = :who ORDER BY t, id\n";

    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T08:00:00Z", "alice",
                "DeleteTrail");
    small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T09:00:00Z", "bob", "DeleteTrail");
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    CHECK_INT(answer(&s, sql, &cfg).exceptions, 0);
    cfg.params = &everywhere;
    CHECK_STR(answer(&s, sql, &cfg).findings->actor, "bob");
    cfg.params = &in_prod;
    CHECK_STR(answer(&s, sql, &cfg).findings->actor, "alice");
    small_close(&s);
}

TEST(environments_are_the_configured_ones_then_those_seen_then_unmapped)
{
    struct config cfg = test_config();
    struct small_store s = small_open(&arena);
    struct err err = {0};
    const str *names;
    size_t count;

    small_event(&s, "aws-cloudtrail", "333333333333", "2026-10-05T08:00:00Z", "alice",
                "DeleteTrail");
    CHECK(small_done(&s, "aws-cloudtrail", &cfg));
    CHECK(environments_list(s.st, &cfg, &arena, &names, &count, &err));
    CHECK_INT(count, 2);
    CHECK_STR(names[0], "prod");
    CHECK_STR(names[1], "unmapped");
    small_close(&s);
}
