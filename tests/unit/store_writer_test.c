/* Writing: what stands, what counts, whatever the order. */
#include "check.h"
#include "store_fixture.h"

static const char files[] =
    "SELECT path, read, accepted, rejected, duplicate, conflict, folded FROM file ORDER BY path";
static const char standing[] =
    "SELECT actor, action, user_agent, file, record FROM event ORDER BY t, id";

/* Everything that queries can see of a store. */
static str all_of(struct fixture *f)
{
    static const char *const views[] = {
        "SELECT * FROM event ORDER BY t, id",
        "SELECT * FROM \"grant\" ORDER BY t, id",
        "SELECT * FROM event_resource ORDER BY t, event, resource",
        "SELECT * FROM file ORDER BY id",
        "SELECT file, kind, record, offset, reason FROM issue ORDER BY file, kind, record, reason",
        "SELECT * FROM seen ORDER BY actor, actor_id, source, environment",
        "SELECT * FROM coverage ORDER BY source, account, region, place, t",
    };
    str out = digest_of(f);

    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        out = str_print(&f->a, "%.*s\n%.*s", STR_FMT(out), STR_FMT(rows_of(f, views[i])));
    return str_print(&f->a, "%.*s%.*s", STR_FMT(out), STR_FMT(faults_of(f)));
}

struct file_of {
    const char *name;
    const struct tell *tells;
    size_t n;
};

/* Writes files in an order given by digits, derives, and tells all. */
static str all_after(struct arena *a, const struct file_of *parts, const char *order,
                     size_t per_batch)
{
    struct fixture f;
    str out = STR("cannot open");

    if (fixture_open(&f)) {
        bool ok = true;

        for (const char *p = order; *p && ok; p++) {
            const struct file_of *part = &parts[*p - '0'];

            ok = store_begin(f.st, &f.err) &&
                 write_file_in(&f, part->name, part->tells, part->n, per_batch) &&
                 store_commit(f.st, &f.err);
        }
        ok = ok && store_derive(f.st, &f.cfg, &f.err);
        out = ok ? str_copy(a, all_of(&f)) : str_print(a, "failed: %s", f.err.text);
    }
    fixture_close(&f);
    return out;
}

#define CHECK_ORDERS(parts, ...)                                                                   \
    do {                                                                                           \
        static const char *const orders[] = {__VA_ARGS__};                                         \
        struct arena a = {0};                                                                      \
        str first = all_after(&a, parts, orders[0], 1000);                                         \
        bool is_same = !str_starts(first, STR("failed"));                                          \
        if (!is_same)                                                                              \
            printf("%.*s\n", STR_FMT(first));                                                      \
        for (size_t i = 0; i < sizeof orders / sizeof *orders && is_same; i++)                     \
            for (size_t per_batch = 1; per_batch < 1000 && is_same; per_batch += 501) {            \
                str other = all_after(&a, parts, orders[i], per_batch);                            \
                is_same = str_eq(first, other);                                                    \
                if (!is_same)                                                                      \
                    printf("order %s, %zu a batch:\n%.*s\n--- but order %s:\n%.*s\n", orders[i],   \
                           per_batch, STR_FMT(other), orders[0], STR_FMT(first));                  \
            }                                                                                      \
        arena_free(&a);                                                                            \
        CHECK(is_same);                                                                            \
    } while (0)

#define FILE_OF(name, tells)                                                                       \
    {                                                                                              \
        name, tells, sizeof(tells) / sizeof *(tells)                                               \
    }

TEST(an_event_comes_out_as_it_went_in)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one",
                {.id = "d5c1a6f0-7d1c-4b7e-9a51-0c2f5e8b3a11",
                 .time = "2026-10-05T08:00:00.250Z",
                 .agent = "curl"},
                {.id = "GHSA-1", .action = "DescribeInstances", .verb = VERB_READ}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(
        rows_of(&f, "SELECT id, time, source, actor, actor_type, verb, outcome, native_id, "
                    "is_write, record, offset, length "
                    "FROM event ORDER BY record"),
        "6ac35900-d5c1a6f07d1c|2026-10-05T08:00:00.250Z|aws-cloudtrail|kim|human|create|success|"
        "d5c1a6f0-7d1c-4b7e-9a51-0c2f5e8b3a11|1|0|0|99\n"
        "6ac35900-be3373a5fba4|2026-10-05T08:00:00Z|aws-cloudtrail|kim|human|read|success|GHSA-1|0|"
        "1|100|99\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(a_file_read_twice_changes_nothing)
{
    struct fixture f;
    str before;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .grantee = "eve"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    before = all_of(&f);
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .grantee = "eve"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK(str_eq(all_of(&f), before));
    fixture_close(&f);
}

TEST(the_same_events_in_another_file_are_duplicates)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b"}));
    CHECK(WRITE(&f, "two", {.id = "b"}, {.id = "a"}, {.id = "c"}));
    CHECK_INT(f.totals.read, 3);
    CHECK_INT(f.totals.accepted, 1);
    CHECK_INT(f.totals.duplicate, 2);
    CHECK_STR(rows_of(&f, "SELECT sum(read), sum(accepted), sum(duplicate) FROM file"), "5|3|2\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(of_two_copies_in_one_file_the_first_stands)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "a"}, {.id = "a"}));
    CHECK_STR(rows_of(&f, files), "one|3|1|0|2|0|0\n");
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, standing), "kim|RunInstances||one|0\n");
    fixture_close(&f);
}

/* SHA-256 of "one" begins with 76, of "two" with 3f: the copy in two stands. */
TEST(of_two_copies_in_two_files_the_one_in_the_lower_file_stands_with_all_it_says)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a", .agent = "console", .grantee = "eve"}));
    CHECK(WRITE(&f, "two", {.id = "x"}, {.id = "a", .agent = "sdk"}));
    CHECK_INT(f.totals.accepted, 1);
    CHECK_INT(f.totals.duplicate, 1);
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT user_agent, file, record FROM event WHERE native_id = 'a'"),
              "sdk|two|1\n");
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM \"grant\""), "0\n");
    CHECK_STR(rows_of(&f, files), "one|1|0|0|1|0|0\ntwo|2|2|0|0|0|0\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(overlapping_files_give_the_same_whatever_their_order)
{
    static const struct tell one[] = {
        {.id = "a", .agent = "console"}, {.id = "b", .grantee = "eve"}, {.id = "c"}};
    static const struct tell two[] = {
        {.id = "c", .agent = "sdk"}, {.id = "a"}, {.id = "d", .error = "AccessDenied"}};
    static const struct tell three[] = {{.id = "d", .error = "AccessDenied"},
                                        {.id = "d", .error = "AccessDenied"},
                                        {.id = "b", .grantee = "mallory"}};
    static const struct file_of parts[] = {FILE_OF("one", one), FILE_OF("two", two),
                                           FILE_OF("three", three)};

    CHECK_ORDERS(parts, "012", "021", "102", "120", "201", "210");
}

TEST(the_same_id_with_other_content_is_kept_and_told)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b"}));
    CHECK(WRITE(&f, "two", {.id = "a", .actor = "lee"}));
    CHECK_INT(f.totals.conflict, 0); /* two sorts before one, so the copy in one is told */
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT actor, file FROM event WHERE native_id = 'a' ORDER BY actor"),
              "kim|one\nlee|two\n");
    CHECK_STR(rows_of(&f, "SELECT count(DISTINCT id) FROM event"), "3\n");
    CHECK_STR(rows_of(&f, "SELECT file, kind, record, reason FROM issue"),
              "one|conflict|0|same event id as record 0 of file 3fc4ccfe7458, other content: both "
              "are kept\n");
    CHECK_STR(rows_of(&f, files), "one|2|2|0|0|1|0\ntwo|1|1|0|0|0|0\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(conflicts_give_the_same_whatever_their_order)
{
    static const struct tell one[] = {{.id = "a"}, {.id = "a", .actor = "lee"}, {.id = "z"}};
    static const struct tell two[] = {{.id = "a", .actor = "mo", .grantee = "eve"},
                                      {.id = "a", .actor = "lee"}};
    static const struct tell three[] = {
        {.id = "a", .actor = "jo"}, {.id = "a"}, {.id = "a", .actor = "ada"}};
    static const struct file_of parts[] = {FILE_OF("one", one), FILE_OF("two", two),
                                           FILE_OF("three", three)};

    CHECK_ORDERS(parts, "012", "021", "102", "120", "201", "210");
}

TEST(a_record_with_several_events_is_a_duplicate_only_when_none_stands)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .is_again = true}, {.id = "c"}));
    CHECK_STR(rows_of(&f, files), "one|2|2|0|0|0|0\n");
    CHECK(WRITE(&f, "two", {.id = "a"}));
    CHECK_STR(rows_of(&f, files), "one|2|2|0|0|0|0\ntwo|1|1|0|0|0|0\n");
    CHECK(WRITE(&f, "six", {.id = "b"})); /* one: 76, six: 44, two: 3f */
    CHECK_STR(rows_of(&f, files), "one|2|1|0|1|0|0\nsix|1|1|0|0|0|0\ntwo|1|1|0|0|0|0\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(records_with_several_events_give_the_same_whatever_their_order)
{
    static const struct tell one[] = {
        {.id = "a"}, {.id = "b", .is_again = true}, {.id = "b"}, {.id = "q"}};
    static const struct tell two[] = {{.id = "b"}, {.id = "c", .is_again = true}, {.id = "c"}};
    static const struct tell six[] = {
        {.id = "c"}, {.id = "a", .is_again = true}, {.id = "q", .is_again = true}};
    static const struct file_of parts[] = {FILE_OF("one", one), FILE_OF("two", two),
                                           FILE_OF("six", six)};

    CHECK_ORDERS(parts, "012", "021", "102", "120", "201", "210");
}

TEST(events_of_one_record_that_it_does_not_tell_apart_all_stand)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a", .resource = "r1"},
                {.id = "a", .resource = "r2", .is_again = true},
                {.id = "a", .resource = "r2", .is_again = true}));
    CHECK_STR(rows_of(&f, "SELECT count(*), count(DISTINCT id) FROM event"), "3|3\n");
    CHECK_STR(rows_of(&f, files), "one|1|1|0|0|0|0\n");
    fixture_close(&f);
}

TEST(two_parts_of_an_act_become_one_event)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(WRITE(
        &f, "one",
        {.id = "p1", .fold = "op-1", .part = 0, .is_pending = true, .time = "2026-10-05T08:00:00Z"},
        {.id = "x"},
        {.id = "p2",
         .fold = "op-1",
         .part = 2,
         .actor = "",
         .outcome = OUTCOME_FAILURE,
         .error = "QUOTA",
         .time = "2026-10-05T08:03:00Z"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT time, actor, outcome, error, native_id, record, records FROM "
                          "event WHERE native_id <> 'x'"),
              "2026-10-05T08:00:00Z|kim|failure|QUOTA|p1|0|[0,2]\n");
    CHECK_STR(rows_of(&f, files), "one|3|3|0|0|0|1\n");
    CHECK_INT(f.totals.folded, 1);
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(parts_give_the_same_event_whatever_their_order)
{
    static const struct tell one[] = {
        {.id = "p1",
         .fold = "op-1",
         .is_pending = true,
         .grantee = "eve",
         .time = "2026-10-05T08:00:00Z"},
        {.id = "q1", .fold = "op-2", .is_pending = true, .time = "2026-10-05T09:00:00Z"}};
    static const struct tell two[] = {
        {.id = "p2", .fold = "op-1", .part = 2, .grantee = "eve", .time = "2026-10-05T08:03:00Z"},
        {.id = "p1",
         .fold = "op-1",
         .is_pending = true,
         .agent = "sdk",
         .time = "2026-10-05T08:00:00Z"},
        {.id = "z", .time = "2026-10-05T08:01:00Z"}};
    static const struct tell three[] = {
        {.id = "p2", .fold = "op-1", .part = 2, .grantee = "lou", .time = "2026-10-05T08:03:00Z"},
        {.id = "p3",
         .fold = "op-1",
         .part = 1,
         .error = "HALF",
         .outcome = OUTCOME_FAILURE,
         .time = "2026-10-05T08:01:00Z"},
        {.id = "q2", .fold = "op-2", .part = 2, .time = "2026-10-06T09:00:00Z"}};
    static const struct file_of parts[] = {FILE_OF("one", one), FILE_OF("two", two),
                                           FILE_OF("three", three)};

    CHECK_ORDERS(parts, "012", "021", "102", "120", "201", "210");
}

TEST(what_is_rolled_back_leaves_nothing)
{
    struct fixture f;
    str before;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    before = all_of(&f);
    CHECK(store_begin(f.st, &f.err));
    CHECK(write_file_in(
        &f, "two",
        (const struct tell[]){{.id = "a", .actor = "lee"}, {.id = "c", .region = "us-east-1"}}, 2,
        1));
    store_rollback(f.st);
    CHECK(str_eq(all_of(&f), before));
    CHECK(WRITE(&f, "two", {.id = "a", .actor = "lee"}, {.id = "c", .region = "us-east-1"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM event"), "4\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(a_file_left_open_cannot_be_committed)
{
    struct fixture f;
    int64_t file;

    CHECK(fixture_open(&f));
    CHECK(store_begin(f.st, &f.err));
    CHECK(store_file_begin(f.st, STR("one"), STR_NONE, &file, &f.err));
    CHECK(!store_commit(f.st, &f.err));
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM file"), "0\n");
    fixture_close(&f);
}

TEST(the_bytes_of_a_known_file_under_another_name_only_add_a_path)
{
    struct fixture f;
    struct sha256 sha = sha256_of(STR("one"));
    struct file_info info = {.path = STR("copy"), .sha256 = sha, .size = 1};
    int64_t file;

    CHECK(fixture_open(&f));
    CHECK(WRITE(&f, "one", {.id = "a"}));
    /* Seen only at its end, as with a stream. */
    CHECK(store_begin(f.st, &f.err));
    CHECK(store_file_begin(f.st, STR("copy"), STR_NONE, &file, &f.err));
    CHECK(write_batches(&f, file, (const struct tell[]){{.id = "a"}}, 1, 10));
    CHECK(store_file_end(f.st, file, &info, &f.totals, &f.err));
    CHECK(store_commit(f.st, &f.err));
    CHECK_INT(f.totals.duplicate, 1);
    CHECK_STR(rows_of(&f, files), "copy|1|1|0|0|0|0\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
}

TEST(a_file_that_could_not_be_read_is_kept_with_its_reason_until_it_can)
{
    struct fixture f;

    CHECK(fixture_open(&f));
    CHECK(store_begin(f.st, &f.err));
    CHECK(store_file_failed(f.st, STR("one"), STR("Parquet is not a text log"), &f.err));
    CHECK(store_file_failed(f.st, STR("one"), STR("Parquet is not a text log"), &f.err));
    CHECK(store_commit(f.st, &f.err));
    CHECK_STR(rows_of(&f, "SELECT path, problem FROM file"), "one|Parquet is not a text log\n");
    CHECK_STR(rows_of(&f, "SELECT file, kind, reason FROM issue"),
              "one|file|Parquet is not a text log\n");
    CHECK(WRITE(&f, "one", {.id = "a"}));
    CHECK_STR(rows_of(&f, "SELECT path, problem FROM file"), "one|\n");
    CHECK_STR(rows_of(&f, "SELECT count(*) FROM issue"), "0\n");
    fixture_close(&f);
}

TEST(records_that_do_not_add_up_stop_the_file)
{
    struct fixture f;
    struct file_info info = {.path = STR("one"), .sha256 = sha256_of(STR("one"))};
    struct batch *b = batch_new();
    int64_t file;

    CHECK(fixture_open(&f));
    CHECK(store_begin(f.st, &f.err));
    CHECK(store_file_begin(f.st, STR("one"), STR_NONE, &file, &f.err));
    batch_count(b, &(struct batch_counts){.read = 1, .rejected = 2});
    CHECK(store_write(f.st, file, b, &f.err));
    CHECK(!store_file_end(f.st, file, &info, &f.totals, &f.err));
    CHECK_INT(f.err.kind, ERR_INTEGRITY);
    batch_free(b);
    fixture_close(&f);
}

/* 3,000 events in one second, half of them wanted by keys that others have: ids are chosen so that
 * the first 30 bits agree. */
TEST(events_that_want_one_key_stand_in_the_same_order_whoever_comes_first)
{
    static char ids[60][40];
    static struct tell tells[2][60];
    static struct file_of parts[2] = {{"one", tells[0], 60}, {"two", tells[1], 60}};

    for (size_t i = 0; i < 60; i++) {
        snprintf(ids[i], sizeof ids[i], "d5c1a6f%zu-%04zx-4b7e-9a51-0c2f5e8b3a11", i % 3,
                 (i * 7919) & 0xffff);
        tells[0][i] = (struct tell){.id = ids[i], .grantee = i % 5 ? NULL : "eve"};
    }
    for (size_t i = 0; i < 60; i++)
        tells[1][i] = tells[0][59 - i];
    CHECK_ORDERS(parts, "01", "10");
    parts[1].n = 30;
    CHECK_ORDERS(parts, "01", "10");
}
