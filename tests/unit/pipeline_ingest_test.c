#include "pipeline/pipeline.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "check.h"

static struct arena arena;
static char folder[] = "/tmp/auditpress-ingest-XXXXXX";

__attribute__((constructor)) static void make_folder(void)
{
    if (!mkdtemp(folder))
        abort();
}

__attribute__((destructor)) static void remove_folder(void)
{
    struct err err = {0};

    if (!dir_remove(folder, &err))
        puts(err.text);
}

static const char *path_of(const char *name)
{
    return str_z(&arena, path_join(&arena, str_from(folder), str_from(name)));
}

static const char *put(const char *name, str bytes)
{
    const char *path = path_of(name);
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(bytes.ptr, 1, bytes.len, f) != bytes.len || fclose(f) != 0)
        abort();
    return path;
}

static const char *put_gzip(const char *name, str bytes)
{
    const char *path = path_of(name);
    gzFile f = gzopen(path, "wb1");

    if (!f || gzwrite(f, bytes.ptr, (unsigned)bytes.len) != (int)bytes.len || gzclose(f) != Z_OK)
        abort();
    return path;
}

static void put_event(struct buf *b, unsigned n)
{
    buf_print(
        b,
        "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":"
        "\"arn:aws:iam::111122223333:user/"
        "u%u\",\"accountId\":\"111122223333\",\"userName\":\"u%u\"},"
        "\"eventTime\":\"2026-09-%02uT%02u:00:00Z\",\"eventSource\":\"ec2.amazonaws.com\","
        "\"eventName\":"
        "\"%s\",\"awsRegion\":\"eu-central-1\",\"sourceIPAddress\":\"10.0.0.1\",\"userAgent\":"
        "\"aws-cli/2\","
        "\"requestParameters\":null,\"responseElements\":null,\"requestID\":\"r%u\",\"eventID\":"
        "\"%08x-0000-4000-a000-000000000000\",\"readOnly\":%s,\"eventType\":\"AwsApiCall\","
        "\"recipientAccountId\":\"111122223333\"}",
        n % 7, n % 7, 1 + n % 30, n % 24, n % 3 ? "DescribeInstances" : "RunInstances", n, n,
        n % 3 ? "true" : "false");
}

/* Events from..to as a CloudTrail file, or as an array. */
static str events(unsigned from, unsigned to, bool is_array)
{
    struct buf b = {0};
    str out;

    buf_addz(&b, is_array ? "[" : "{\"Records\":[");
    for (unsigned n = from; n < to; n++) {
        put_event(&b, n);
        if (n + 1 < to)
            buf_addc(&b, ',');
    }
    buf_addz(&b, is_array ? "]" : "]}");
    out = buf_str_copy(&b, &arena);
    buf_free(&b);
    return out;
}

struct run {
    struct ingest_result result;
    struct err err;
    int64_t events; /* in the store afterwards */
};

static int64_t number(struct store *st, const char *sql)
{
    struct statement *q;
    struct err err = {0};
    bool has_row;
    int64_t n = -1;

    if (!store_prepare(st, str_from(sql), "test", 0, &q, &err))
        return -1;
    if (statement_next(q, &has_row, &err) && has_row)
        n = statement_cell(q, 0).i;
    statement_close(q);
    return n;
}

static struct run ingest_into(const char *db, const char *path, const char *path2,
                              struct ingest_options opt)
{
    struct run r = {0};
    const char *paths[] = {path, path2};
    struct config cfg;
    struct store *st = NULL;

    config_defaults(&cfg);
    if (!store_open(&st, path_of(db), STORE_WRITE, &r.err))
        return r;
    if (ingest(st, &cfg, paths, path2 ? 2 : 1, &opt, &arena, &r.result, &r.err) ||
        r.err.kind == ERR_STOPPED)
        r.events = number(st, "SELECT count(*) FROM event");
    store_close(st);
    return r;
}

static struct run ingest_one(const char *db, const char *path)
{
    return ingest_into(db, path, NULL, (struct ingest_options){.threads = 2});
}

static str issue_of(const struct run *r, size_t n)
{
    const struct file_issue *i = r->result.issues;

    while (i && n--)
        i = i->next;
    if (!i)
        return STR("none");
    return str_print(&arena, "%s %d@%d:%d %.*s", issue_kind_name(i->issue->kind),
                     (int)i->issue->record, (int)i->issue->offset, (int)i->issue->line,
                     STR_FMT(i->issue->reason));
}

TEST(events_of_a_file_are_stored)
{
    struct run r = ingest_one("a.db", put("a.json", events(0, 100, false)));

    CHECK_STR(str_from(r.err.text), "");
    CHECK_INT(r.events, 100);
    CHECK_INT(r.result.totals.read, 100);
    CHECK_INT(r.result.totals.accepted, 100);
    CHECK_INT(r.result.files, 1);
    CHECK_STR(r.result.sources->source, "aws-cloudtrail");
    CHECK_INT(r.result.nissues, 0);
}

TEST(the_same_file_again_changes_nothing)
{
    const char *path = put("twice.json", events(0, 50, false));
    struct run first = ingest_one("twice.db", path), second = ingest_one("twice.db", path);
    struct run copy = ingest_one("twice.db", put("copy.json", events(0, 50, false)));

    CHECK_INT(first.events, 50);
    CHECK_INT(second.events, 50);
    CHECK_INT(second.result.files_known, 1);
    CHECK_INT(second.result.totals.read, 0);
    CHECK_INT(copy.result.files_known, 1);
}

TEST(two_files_with_the_same_bytes_in_one_run_are_one)
{
    const char *a = put("same1.json", events(0, 20, false)),
               *b = put("same2.json", events(0, 20, false));
    struct run r = ingest_into("same.db", a, b, (struct ingest_options){.threads = 3});

    CHECK_INT(r.result.files, 2);
    CHECK_INT(r.result.files_known, 1);
    CHECK_INT(r.result.totals.read, 20);
    CHECK_INT(r.result.totals.duplicate, 0);
}

TEST(the_same_event_in_two_files_is_a_duplicate)
{
    const char *a = put("dup1.json", events(0, 20, false)),
               *b = put("dup2.json", events(10, 30, false));
    struct run r = ingest_into("dup.db", a, b, (struct ingest_options){.threads = 2});

    CHECK_INT(r.events, 30);
    CHECK_INT(r.result.totals.read, 40);
    CHECK_INT(r.result.totals.accepted, 30);
    CHECK_INT(r.result.totals.duplicate, 10);
}

TEST(a_large_array_is_read_in_pieces)
{
    str array = events(0, 12000, true);
    struct run r = ingest_one("large.db", put("large.json", array));

    CHECK(array.len > 5000000);
    CHECK_STR(str_from(r.err.text), "");
    CHECK_INT(r.events, 12000);
    CHECK_INT(r.result.totals.accepted, 12000);
    CHECK_INT(r.result.files, 1);
    CHECK_INT(ingest_one("large.db", path_of("large.json")).result.files_known, 1);
}

static str database_after(const char *name, int threads)
{
    struct run r = ingest_into(name, path_of("many"), path_of("large.json"),
                               (struct ingest_options){.threads = threads});
    struct err err = {0};
    str bytes;

    if (r.err.kind != ERR_NONE || !file_read(&arena, path_of(name), 0, &bytes, &err))
        return STR("failed");
    return bytes;
}

TEST(the_database_does_not_depend_on_the_number_of_threads)
{
    struct err err = {0};
    str one, four;

    CHECK(dir_make(path_of("many"), &err));
    for (unsigned i = 0; i < 40; i++)
        put_gzip(str_z(&arena, str_print(&arena, "many/%02u.json.gz", i)),
                 events(i * 50, i * 50 + 60, false));
    put("many/broken.json", STR("{\"a\":[1}\n{\"b\":2}\n"));
    put("large.json", events(0, 12000, true));
    one = database_after("one.db", 1);
    four = database_after("four.db", 4);
    CHECK(one.len > 100000);
    CHECK(str_eq(one, four));
}

TEST(a_broken_record_costs_one_record_and_is_told_with_its_place)
{
    struct buf b = {0};
    struct run r;

    put_event(&b, 1);
    buf_addz(&b, "\n{\"eventVersion\":\"1.08\",\"eventTime\":}\n{\"eventVersion\":[}\n{\"x\":1}\n");
    put_event(&b, 2);
    r = ingest_one("broken.db", put("broken.ndjson", buf_str(&b)));
    buf_free(&b);
    CHECK_INT(r.events, 2);
    CHECK_INT(r.result.totals.read, 5);
    CHECK_INT(r.result.totals.rejected, 3);
    CHECK(str_starts(issue_of(&r, 0), STR("rejected 1@")));
    CHECK(str_ends(issue_of(&r, 0), STR(":2 JSON error at byte 35: expected a value")));
    CHECK(str_ends(issue_of(&r, 1), STR(":3 a closing bracket does not fit the one that is open")));
    CHECK(str_ends(issue_of(&r, 2), STR(":4 unknown format")));
}

TEST(a_file_without_records_is_told)
{
    struct run r = ingest_one("none.db", put("none.json", STR("{\"Records\":[]}")));

    CHECK_STR(issue_of(&r, 0), "note 0@0:0 no records in this file");
    CHECK_INT(r.result.totals.read, 0);
    CHECK_INT(r.result.files, 1);
    r = ingest_one("none.db", put("void.json", STR("")));
    CHECK_STR(issue_of(&r, 0), "note 0@0:0 no records in this file");
}

TEST(text_is_one_issue_of_its_file)
{
    struct run r =
        ingest_one("text.db", put("plan.txt", STR("Terraform will perform the following actions:\n"
                                                  "  # aws_instance.a will be created\n")));

    CHECK_STR(issue_of(&r, 0),
              "file 0@0:1 not JSON: looks like human-readable Terraform output: export it "
              "with -json");
    CHECK_INT(r.result.nissues, 1);
    CHECK_INT(r.result.totals.read, 1);
    CHECK_INT(r.result.totals.rejected, 1);
}

TEST(lines_of_text_among_records_are_rejected_where_they_are_not_normal)
{
    struct buf b = {0};
    struct run r;

    buf_addz(&b, "$ aws s3 cp\n");
    put_event(&b, 1);
    buf_addz(&b, "\nbye\n");
    r = ingest_one("lines.db", put("lines.txt", buf_str(&b)));
    buf_free(&b);
    CHECK_INT(r.events, 1);
    CHECK_INT(r.result.totals.read, 3);
    CHECK_INT(r.result.totals.rejected, 2);
    CHECK_STR(issue_of(&r, 0), "rejected 0@0:1 not JSON");
}

TEST(lines_of_text_are_counted_where_they_are_normal)
{
    struct run r = ingest_one(
        "ui.db",
        put("apply.log",
            STR("Terraform v1.9.0\non linux_amd64\n{\"@level\":\"info\",\"@message\":\"Apply "
                "complete!\",\"@module\":\"terraform.ui\","
                "\"@timestamp\":\"2026-09-01T08:00:00.000000Z\",\"changes\":{\"add\":1,\"change\":"
                "0,\"remove\":0,\"operation\":\"apply\"},"
                "\"type\":\"change_summary\"}\n")));

    CHECK_INT(r.result.totals.read, 1);
    CHECK_INT(r.result.totals.rejected, 0);
    CHECK_INT(r.result.totals.text, 2);
}

TEST(a_file_cut_short_gives_what_is_there_and_says_so)
{
    struct err err = {0};
    struct run r;
    str packed;

    put_gzip("cut.gz", events(0, 3000, false));
    CHECK(file_read(&arena, path_of("cut.gz"), 0, &packed, &err));
    r = ingest_one("cut.db", put("cut.gz", str_part(packed, 0, packed.len * 9 / 10)));
    CHECK(r.events > 1000 && r.events < 3000);
    CHECK_INT(r.result.totals.rejected, 1);
    CHECK(str_ends(issue_of(&r, 0), STR("the file ends inside this record")));
    CHECK_STR(issue_of(&r, 1), "truncated 0@0:0 the compressed data is cut short or damaged");
}

TEST(a_file_that_cannot_be_read_is_told_and_the_rest_goes_on)
{
    const char *good = put("z-good.json", events(0, 10, false));
    struct run r = ingest_into("pointer.db", good,
                               put("lfs.json", STR("version https://git-lfs.github.com/spec/v1\n")),
                               (struct ingest_options){.threads = 2});

    CHECK_INT(r.events, 10);
    CHECK_INT(r.result.files, 2);
    CHECK_INT(r.result.files_failed, 1);
    CHECK(str_contains(issue_of(&r, 0), STR("a Git LFS pointer in place of the file")));
}

TEST(a_path_that_is_not_there_is_an_error)
{
    struct run r = ingest_one("missing.db", path_of("no-such-file"));

    CHECK_INT(r.err.kind, ERR_IO);
    CHECK(str_starts(str_from(r.err.text), STR("no such file or folder: '")));
}

TEST(an_unknown_source_is_an_error)
{
    struct run r = ingest_into("forced.db", put("f.json", events(0, 1, false)), NULL,
                               (struct ingest_options){.source = STR("nonsense")});

    CHECK_INT(r.err.kind, ERR_USAGE);
    CHECK_STR(str_from(r.err.text), "unknown source 'nonsense'");
}

TEST(a_dry_run_counts_and_writes_nothing)
{
    struct run r = ingest_into("dry.db", put("dry.json", events(0, 25, false)), NULL,
                               (struct ingest_options){.is_dry_run = true, .threads = 2});

    CHECK_INT(r.events, 0);
    CHECK_INT(r.result.totals.read, 25);
    CHECK_STR(r.result.sources->source, "aws-cloudtrail");
}

TEST(a_stopped_run_leaves_nothing_half_done)
{
    static const volatile int stop = 1;
    struct run r =
        ingest_into("stop.db", put("stop.json", events(0, 100, false)), path_of("large.json"),
                    (struct ingest_options){.stop = &stop, .threads = 2});

    CHECK_INT(r.err.kind, ERR_STOPPED);
    CHECK_INT(r.events, 0);
    r = ingest_one("stop.db", path_of("stop.json"));
    CHECK_INT(r.events, 100);
}

TEST(the_equation_of_the_control_totals_holds)
{
    struct store *st;
    struct err err = {0};
    struct issues found = {0};

    ingest_into("sum.db", path_of("many"), path_of("broken.ndjson"),
                (struct ingest_options){.threads = 2});
    CHECK(store_open(&st, path_of("sum.db"), STORE_READ, &err));
    CHECK_INT(number(st, "SELECT count(*) FROM file WHERE read <> accepted + rejected + duplicate"),
              0);
    CHECK(number(st, "SELECT count(*) FROM issue WHERE kind = 'rejected'") >= 3);
    CHECK(store_verify(st, &found, &arena, &err));
    CHECK_INT(found.count, 0);
    store_close(st);
}
