/* What users' SQL may do, the functions it may call, and how it is stopped. */
#include "check.h"
#include "store_fixture.h"

static bool open_some(struct fixture *f)
{
    return fixture_open(f) &&
           WRITE(f, "one", {.id = "a", .grantee = "eve"}, {.id = "b", .actor = "lee"}) &&
           store_derive(f->st, &f->cfg, &f->err);
}

#define CHECK_REFUSED(f, sql, why)                                                                 \
    do {                                                                                           \
        str refused = rows_of(f, sql);                                                             \
        if (!str_contains(refused, STR(why)))                                                      \
            CHECK_FAIL("'%s' gave '%.*s', not '%s'", sql, STR_FMT(refused), why);                  \
    } while (0)

TEST(a_query_reads_the_views)
{
    struct fixture f;

    CHECK(open_some(&f));
    CHECK_STR(
        rows_of(
            &f,
            "SELECT actor, count(*) FROM event GROUP BY actor ORDER BY actor; -- that was it\n"),
        "kim|1\nlee|1\n");
    CHECK_STR(rows_of(&f, "WITH x(a) AS (SELECT actor FROM event) SELECT a FROM x ORDER BY a"),
              "kim\nlee\n");
    CHECK_STR(rows_of(&f, "SELECT grantee FROM \"grant\""), "eve\n");
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM event"), "2\n");
    CHECK_STR(rows_of(&f, "WITH scope AS (SELECT 1 AS x) SELECT x FROM scope"), "1\n");
    fixture_close(&f);
}

TEST(times_are_utc_whatever_zone_the_record_had_and_keep_its_digits)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a", .time = "2026-10-05T10:00:00.25+02:00"},
                {.id = "b", .time = "2026-10-05T08:00:00Z"},
                {.id = "c", .time = "2500-01-02T03:04:05+00:00"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT time FROM event ORDER BY native_id"),
              "2026-10-05T08:00:00.25Z\n2026-10-05T08:00:00Z\n2500-01-02T03:04:05Z\n");
    fixture_close(&f);
}

TEST(a_query_reads_nothing_but_the_views)
{
    struct fixture f;

    CHECK(open_some(&f));
    CHECK_REFUSED(&f, "SELECT eid FROM event_row", "not allowed");
    CHECK_REFUSED(&f, "SELECT count(*) FROM event_row", "not one of the views");
    CHECK_REFUSED(&f, "SELECT 1 FROM (main . event_row)", "not one of the views");
    CHECK_REFUSED(&f, "SELECT e.id, s.hash FROM event e, scope s", "not allowed");
    CHECK_REFUSED(&f, "SELECT (SELECT max(value) FROM meta)", "not allowed");
    CHECK_REFUSED(&f, "WITH hole AS (SELECT eid FROM event_row) SELECT * FROM hole", "not allowed");
    CHECK_REFUSED(&f, "WITH event AS (SELECT eid FROM event_row) SELECT * FROM event",
                  "give the WITH another name");
    CHECK_REFUSED(&f,
                  "WITH a AS (SELECT 1), \"event\"(eid) AS NOT MATERIALIZED (SELECT eid FROM "
                  "event_row) SELECT * FROM \"event\"",
                  "give the WITH another name");
    CHECK_REFUSED(&f, "SELECT sql FROM sqlite_schema", "not allowed");
    CHECK_REFUSED(&f, "SELECT * FROM batch_rows", "not allowed");
    CHECK_REFUSED(&f, "SELECT * FROM pragma_table_info('event_row')", "not allowed");
    CHECK_REFUSED(&f, "SELECT count(*) FROM pragma_table_info('event_row')", "not");
    CHECK_REFUSED(&f, "SELECT * FROM _coverage_day", "not allowed");
    fixture_close(&f);
}

TEST(a_query_does_nothing_but_select)
{
    struct fixture f;

    CHECK(open_some(&f));
    CHECK_REFUSED(&f, "ATTACH '/tmp/x' AS y", "not allowed");
    CHECK_REFUSED(&f, "PRAGMA table_info(event_row)", "not allowed");
    CHECK_REFUSED(&f, "PRAGMA journal_mode=OFF", "not allowed");
    CHECK_REFUSED(&f, "INSERT INTO meta VALUES('a', 1)", "not allowed");
    CHECK_REFUSED(&f, "DELETE FROM event_row", "not");
    CHECK_REFUSED(&f, "UPDATE event_row SET actor = 1", "not allowed");
    CHECK_REFUSED(&f, "DROP VIEW event", "not allowed");
    CHECK_REFUSED(&f, "CREATE TEMP TABLE x(a)", "not allowed");
    CHECK_REFUSED(&f, "BEGIN", "not allowed");
    CHECK_REFUSED(&f, "VACUUM", "only a SELECT");
    CHECK_REFUSED(&f, "EXPLAIN SELECT 1", "only a SELECT");
    CHECK_REFUSED(&f, "SELECT 1; SELECT 2", "only one statement");
    CHECK_REFUSED(&f, "SELECT 1; DELETE FROM meta", "not");
    CHECK_REFUSED(&f, " -- nothing\n", "no statement");
    CHECK_REFUSED(&f, "SELECT load_extension('x')", "not");
    CHECK_REFUSED(&f, "SELECT random()", "not allowed");
    CHECK_REFUSED(&f, "SELECT datetime('now')", "not allowed");
    CHECK_REFUSED(&f, "SELECT nosuch FROM event", "no such column: nosuch");
    fixture_close(&f);
}

TEST(a_query_that_runs_too_long_is_stopped_and_the_next_one_runs)
{
    static const char forever[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    struct fixture f;
    struct statement *q;
    bool has_row;

    CHECK(open_some(&f));
    CHECK(store_prepare(f.st, str_from(forever), "forever", 20, &q, &f.err));
    CHECK(!statement_next(q, &has_row, &f.err));
    CHECK_STR(str_from(f.err.text), "forever: stopped, it ran longer than allowed");
    statement_close(q);
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM event"), "2\n");
    fixture_close(&f);
}

TEST(parameters_are_bound_by_name_and_unused_ones_are_ignored)
{
    struct fixture f;
    struct statement *q;
    bool has_row;

    CHECK(open_some(&f));
    CHECK(store_prepare(f.st, STR("SELECT :a + 1, :b, :c"), "test", 0, &q, &f.err));
    CHECK(statement_has(q, "a"));
    CHECK(!statement_has(q, "from"));
    statement_bind_int(q, "a", 41);
    statement_bind_int(q, "from", 1);
    statement_bind_text(q, "b", STR("two"));
    statement_bind_text(q, "c", STR_NONE);
    CHECK(statement_next(q, &has_row, &f.err));
    CHECK(has_row);
    CHECK_INT(statement_cell(q, 0).i, 42);
    CHECK_STR(statement_cell(q, 1).text, "two");
    CHECK_INT(statement_cell(q, 2).kind, CELL_NULL);
    statement_reset(q);
    CHECK(statement_next(q, &has_row, &f.err) && has_row);
    statement_close(q);
    fixture_close(&f);
}

TEST(functions_of_time_take_keys)
{
    struct fixture f;

    CHECK(open_some(&f));
    CHECK_STR(
        rows_of(&f, "SELECT utc(1791187200 * 1073741824 + 77), hour(1791187200 * 1073741824), "
                    "day(1791187205 * 1073741824) = 1791158400 * 1073741824, "
                    "seconds_between(1791187200 * 1073741824, 1791187260 * 1073741824), utc(NULL)"),
        "2026-10-05T08:00:00Z|8|1|60|\n");
    fixture_close(&f);
}

TEST(functions_of_names_know_hosts_lists_and_people)
{
    struct fixture f;
    struct person eve = {
        .name = STR("Eve Adams"), .email = STR("eve@example.com"), .aliases = STR("eadams EVE-gh")};

    CHECK(open_some(&f));
    f.cfg.people = &eve;
    f.cfg.has_people = true;
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(
        rows_of(
            &f,
            "SELECT same_person('eadams', 'EVE@example.com'), same_person('eve-GH', 'eve adams'), "
            "same_person('x', 'X'), same_person('x', 'eadams'), same_person(NULL, NULL)"),
        "1|1|1|0|0\n");
    CHECK_STR(rows_of(&f, "SELECT host_of('arn:aws:iam::111122223333:role/x'), "
                          "host_of('user:eve@example.com'), host_of('kim')"),
              "111122223333|example.com|\n");
    CHECK(store_list_add(f.st, STR("noise"), STR_NONE, STR("ec2.*"), STR("Describe*"), STR("reads"),
                         &f.err));
    CHECK(store_list_add(f.st, STR("noise"), STR("aws-cloudtrail"), STR_NONE, STR("HeadBucket"),
                         STR_NONE, &f.err));
    CHECK_STR(
        rows_of(&f,
                "SELECT in_list('noise', 'x', 'EC2.amazonaws.com', 'describeVpcs'), "
                "in_list('noise', 'aws-cloudtrail', 's3', 'headbucket'), in_list('noise', "
                "'gcp-audit', 's3', 'HeadBucket'), "
                "in_list('none', 'x', 'y', 'z'), in_list('noise', 'x', 'ec2.amazonaws.com', NULL)"),
        "1|1|0|0|0\n");
    CHECK_STR(rows_of(&f, "SELECT list, pattern, note FROM list ORDER BY pattern"),
              "noise|Describe*|reads\nnoise|HeadBucket|\n");
    CHECK_STR(
        rows_of(&f, "SELECT ticket_of('fix UTF8-x of PAY-123, see OPS-9'), ticket_of('nothing')"),
        "PAY-123|\n");
    fixture_close(&f);
}

TEST(evidence_of_an_id_is_found)
{
    struct fixture f;
    struct evidence_ref *refs;
    size_t n;
    str id;

    CHECK(open_some(&f));
    CHECK(WRITE(&f, "two", {.id = "p1", .fold = "op"}, {.id = "a", .actor = "mo"},
                {.id = "p2", .fold = "op", .part = 2}));
    id = str_part(rows_of(&f, "SELECT id FROM event WHERE native_id = 'b'"), 0, 21);
    CHECK(store_evidence(f.st, id, &f.a, &refs, &n, &f.err));
    CHECK_INT(n, 1);
    CHECK_STR(refs[0].path, "one");
    CHECK_INT(refs[0].where.offset, 100);
    CHECK(refs[0].has_sha);
    id = str_part(rows_of(&f, "SELECT id FROM event WHERE native_id = 'p1'"), 0, 21);
    CHECK(store_evidence(f.st, str_print(&f.a, "%.*s.2", STR_FMT(id)), &f.a, &refs, &n, &f.err));
    CHECK_INT(n, 2);
    CHECK_INT(refs[1].where.record, 2);
    id = str_part(rows_of(&f, "SELECT id FROM event WHERE actor = 'mo'"), 0, 26);
    CHECK(store_evidence(f.st, id, &f.a, &refs, &n, &f.err));
    CHECK_INT(n, 1);
    CHECK_STR(refs[0].path, "two");
    CHECK(store_evidence(f.st, str_part(id, 0, 21), &f.a, &refs, &n, &f.err));
    CHECK_INT(n, 2);
    CHECK(!store_evidence(f.st, STR("6ac35900-000000000000"), &f.a, &refs, &n, &f.err));
    CHECK_STR(str_from(f.err.text), "no event has the id '6ac35900-000000000000'");
    f.err = (struct err){0};
    CHECK(!store_evidence(f.st, STR("../x"), &f.a, &refs, &n, &f.err));
    CHECK_INT(f.err.kind, ERR_USAGE);
    fixture_close(&f);
}
