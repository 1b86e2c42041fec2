/* The configuration applied: environments, path patterns, when facts are worked out again. */
#include "check.h"
#include "store_fixture.h"

static const char environments[] = "SELECT DISTINCT environment FROM event ORDER BY environment";

TEST(events_have_the_environment_of_the_first_rule_that_fits)
{
    struct fixture f;
    struct env_rule any = {.environment = STR("rest"), .account = STR("*")};
    struct env_rule us = {.environment = STR("prod-us"), .region = STR("US-*"), .next = &any};

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .region = "us-east-1"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, environments), "unmapped\n");
    f.cfg.env_rules = &us;
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, environments), "prod-us\nrest\n");
    fixture_close(&f);
}

TEST(a_path_pattern_fits_whether_it_was_told_before_or_after_the_files)
{
    struct env_rule rule = {.environment = STR("prod"), .path = STR("*/PROD/*")};
    str seen[2];
    struct arena a = {0};

    for (int is_before = 0; is_before < 2; is_before++) {
        struct fixture f;

        CHECK(fixture_open(&f));
        f.cfg.env_rules = &rule;
        if (is_before)
            CHECK(store_configure(f.st, &f.cfg, &f.err));
        CHECK(WRITE(&f, "in/prod/one", {.id = "a"}, {.id = "p", .fold = "op"}));
        CHECK(WRITE(&f, "in/dev/two", {.id = "b"}, {.id = "q", .fold = "op", .part = 2}));
        CHECK(store_derive(f.st, &f.cfg, &f.err));
        CHECK_STR(rows_of(&f, "SELECT environment, file, record FROM event ORDER BY file, record"),
                  "unmapped|in/dev/two|0\nprod|in/prod/one|0\nprod|in/prod/one|1\n");
        CHECK_STR(faults_of(&f), "");
        seen[is_before] =
            str_copy(&a, rows_of(&f, "SELECT * FROM coverage ORDER BY environment, t"));
        fixture_close(&f);
    }
    CHECK(str_eq(seen[0], seen[1]));
    arena_free(&a);
}

TEST(an_environment_given_at_ingest_wins_over_the_map)
{
    struct fixture f;
    struct env_rule any = {.environment = STR("rest"), .account = STR("*")};
    struct file_info info = {.path = STR("one"), .sha256 = sha256_of(STR("one"))};
    int64_t file;

    CHECK(fixture_open(&f));
    f.cfg.env_rules = &any;
    CHECK(store_begin(f.st, &f.err));
    CHECK(store_file_begin(f.st, STR("one"), STR("stage"), &file, &f.err));
    CHECK(write_batches(&f, file, (const struct tell[]){{.id = "a"}}, 1, 10));
    CHECK(store_file_end(f.st, file, &info, &f.totals, &f.err));
    CHECK(store_commit(f.st, &f.err));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, environments), "stage\n");
    fixture_close(&f);
}

TEST(nothing_is_worked_out_again_when_nothing_changed)
{
    struct fixture f;
    str before;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    before = digest_of(&f);
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK(WRITE(&f, "one", {.id = "a"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK(str_eq(digest_of(&f), before));
    fixture_close(&f);
}

TEST(the_digest_of_a_dataset_is_that_of_its_period_and_environment)
{
    struct fixture f;
    struct sha256 all, october, none;
    uint64_t n;
    int64_t from = (int64_t)1790812800 << 30, until = (int64_t)1793491200 << 30;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .time = "2026-09-30T23:59:59Z"},
                {.id = "s", .is_fact_only = true}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK(store_dataset_digest(f.st, 0, INT64_MAX, STR_NONE, &all, &n, &f.err));
    CHECK_INT(n, 2);
    CHECK(store_dataset_digest(f.st, from, until, STR("unmapped"), &october, &n, &f.err));
    CHECK_INT(n, 1);
    CHECK(memcmp(&all, &october, sizeof all) != 0);
    CHECK(store_dataset_digest(f.st, from, until, STR("prod"), &none, &n, &f.err));
    CHECK_INT(n, 0);
    fixture_close(&f);
}

TEST(a_user_told_by_id_and_by_name_is_one_person)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "documents", {.id = "a", .run = "run-1", .by_id = "user-7"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT applied_by, approved_by, approvers FROM change"),
              "user-7|user-7|1\n");
    CHECK(WRITE(&f, "trail",
                {.id = "b", .run = "run-1", .by = "kim", .by_id = "user-7", .called = "kim"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT applied_by, approved_by, approvers FROM change"), "kim|kim|1\n");
    CHECK_STR(rows_of(&f, "SELECT DISTINCT by FROM approval"), "kim\n");
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM link WHERE from_type = 'user'"), "0\n");
    fixture_close(&f);
}
