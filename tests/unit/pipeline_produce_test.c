/* A bundle from end to end: a little of samples/ into a store, a report out of it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "pipeline/pipeline.h"

struct fixture {
    struct arena a;
    struct err err;
    const char *dir;
    struct store *st;
    struct config cfg;
    struct catalogue catalogue;
    struct period period;
    struct report_request req;
    struct produce_options opt;
    struct bundle bundle;
};

static const char *in(struct fixture *f, const char *name)
{
    return str_z(&f->a, path_join(&f->a, str_from(f->dir), str_from(name)));
}

static bool fill_store(struct fixture *f)
{
    static const char *const paths[] = {
        "samples/aws-cloudtrail/410000000017_CloudTrail_eu-central-1_2026-10.json",
        "samples/hcp-terraform/runs_2026-10.json",
    };
    struct ingest_options opt = {.threads = 1};
    struct ingest_result result;

    return store_open(&f->st, in(f, "test.db"), STORE_WRITE, &f->err) &&
           ingest(f->st, &f->cfg, paths, 2, &opt, &f->a, &result, &f->err) &&
           catalogue_load(&f->a, "report", &f->catalogue, &f->err) &&
           catalogue_attach(&f->catalogue, f->st, &f->err);
}

static bool begin(struct fixture *f)
{
    const struct zone *utc;

    *f = (struct fixture){.dir = NULL};
    sources_start();
    f->dir = mkdtemp(str_z(&f->a, STR("/tmp/auditpress-produce-XXXXXX")));
    utc = zone_load(&f->a, STR("UTC"), &f->err);
    f->opt = (struct produce_options){in(f, "out"), STR("xlsx,json"), "templates"};
    f->req = (struct report_request){.kind = STR("monthly"),
                                     .period = &f->period,
                                     .environment = STR("prod"),
                                     .generated = STR("2026-11-02T06:00:00Z"),
                                     .generated_sec = 1793599200,
                                     .command = STR("auditpress report monthly"),
                                     .program = STR("auditpress test"),
                                     .definition_dir = STR("report"),
                                     .text_dir = STR("templates")};
    return f->dir && utc && config_load(&f->a, "samples/auditpress.json", &f->cfg, &f->err) &&
           period_parse(&f->a, STR("2026-10"), utc, 0, &f->period, &f->err) && fill_store(f);
}

static void end(struct fixture *f)
{
    struct err err = {0};

    store_close(f->st);
    if (f->dir && !dir_remove(f->dir, &err))
        printf("%s\n", err.text);
    arena_free(&f->a);
}

#define BEGIN(f)                                                                                   \
    if (!begin(&(f)))                                                                              \
    CHECK_FAIL("%s", (f).err.text)

static bool run(struct fixture *f)
{
    f->err = (struct err){0};
    return produce(&f->req, &f->opt, &f->catalogue, f->st, &f->cfg, &f->a, &f->bundle, &f->err);
}

#define RUN(f)                                                                                     \
    if (!run(&(f)))                                                                                \
    CHECK_FAIL("%s", (f).err.text)

static size_t problems(struct fixture *f, const char *dir)
{
    struct issues found = {0};

    return bundle_verify(dir, &found, &f->a, &f->err) ? found.count : 999;
}

static str sums(struct fixture *f, const char *dir)
{
    str text = STR_NONE;

    if (!file_read(&f->a, str_z(&f->a, str_print(&f->a, "%s/SHA256SUMS", dir)), 0, &text, &f->err))
        return STR("?");
    return text;
}

static bool command(struct fixture *f, const char *line)
{
    return system(str_z(&f->a, str_print(&f->a, "cd '%s' && %s", f->dir, line))) == 0;
}

TEST(a_bundle_has_what_it_lists_and_stock_tools_agree)
{
    struct fixture f;

    BEGIN(f);
    RUN(f);
    CHECK_STR(path_base(f.bundle.dir), "monthly-prod-2026-10");
    CHECK_STR(f.bundle.files,
              "VERIFY.txt findings.json manifest.json monthly-prod-2026-10.xlsx SHA256SUMS");
    CHECK_INT(problems(&f, str_z(&f.a, f.bundle.dir)), 0);
    CHECK(command(&f,
                  "cd out/monthly-prod-2026-10 && sha256sum --check --quiet --strict SHA256SUMS"));
    CHECK(command(&f, "/usr/bin/python3 -c 'import json; m = "
                      "json.load(open(\"out/monthly-prod-2026-10/manifest.json\"));"
                      " assert len(m[\"inputs\"]) == 2 and "
                      "m[\"report\"][\"id\"].startswith(\"APR-2026-10-PROD-\");"
                      " assert all(i[\"read\"] == i[\"accepted\"] + i[\"rejected\"] + "
                      "i[\"duplicate\"] for i in m[\"inputs\"])'"));
    CHECK(f.bundle.exceptions > 0);
    CHECK(str_empty(f.bundle.kept));
    CHECK(command(&f, "test \"$(ls out)\" = monthly-prod-2026-10"));
    end(&f);
}

TEST(the_same_request_gives_the_same_bytes_elsewhere_and_stays_with_its_signature_here)
{
    struct fixture f;
    str first;

    BEGIN(f);
    RUN(f);
    first = sums(&f, str_z(&f.a, f.bundle.dir));
    CHECK(command(&f, "echo signed > out/monthly-prod-2026-10/SHA256SUMS.minisig"));
    RUN(f);
    CHECK(file_exists(in(&f, "out/monthly-prod-2026-10/SHA256SUMS.minisig")));
    f.opt.out_dir = in(&f, "elsewhere");
    RUN(f);
    CHECK(str_eq(sums(&f, str_z(&f.a, f.bundle.dir)), first));
    CHECK(command(&f, "test \"$(ls out)\" = monthly-prod-2026-10"));
    end(&f);
}

TEST(a_bundle_that_somebody_changed_is_kept_beside_the_new_one)
{
    struct fixture f;

    BEGIN(f);
    RUN(f);
    CHECK(command(&f, "echo decided >> out/monthly-prod-2026-10/monthly-prod-2026-10.xlsx"));
    RUN(f);
    CHECK_STR(path_base(f.bundle.kept), "monthly-prod-2026-10.changed");
    CHECK_INT(problems(&f, in(&f, "out/monthly-prod-2026-10.changed")), 2);
    CHECK_INT(problems(&f, in(&f, "out/monthly-prod-2026-10")), 0);
    f.req.generated = STR("2026-11-03T06:00:00Z");
    f.req.generated_sec += 86400;
    RUN(f);
    CHECK(str_empty(f.bundle.kept));
    CHECK(command(&f, "test \"$(ls out | wc -l)\" = 2"));
    end(&f);
}

TEST(a_folder_that_is_no_bundle_is_never_replaced)
{
    struct fixture f;

    BEGIN(f);
    CHECK(command(
        &f, "mkdir -p out/monthly-prod-2026-10 && echo mine > out/monthly-prod-2026-10/mine.txt"));
    CHECK(!run(&f));
    CHECK_INT(f.err.kind, ERR_USAGE);
    CHECK(str_ends(str_from(f.err.text),
                   STR("out/monthly-prod-2026-10' is there already and is no bundle")));
    CHECK(file_exists(in(&f, "out/monthly-prod-2026-10/mine.txt")));
    CHECK(command(&f, "test \"$(ls out)\" = monthly-prod-2026-10"));
    end(&f);
}

TEST(an_unknown_format_is_refused_before_anything_is_written)
{
    struct fixture f;

    BEGIN(f);
    f.opt.formats = STR("xlsx,docx");
    CHECK(!run(&f));
    CHECK_STR(str_from(f.err.text), "unknown format 'docx'");
    CHECK(!file_exists(in(&f, "out")));
    end(&f);
}

TEST(a_folder_that_cannot_be_written_keeps_the_old_bundle)
{
    struct fixture f;
    str before;

    BEGIN(f);
    RUN(f);
    before = sums(&f, str_z(&f.a, f.bundle.dir));
    f.req.generated = STR("2026-11-03T06:00:00Z");
    CHECK(chmod(in(&f, "out"), 0500) == 0);
    if (access(in(&f, "out"), W_OK) != 0)
        CHECK(!run(&f)); /* root writes where it likes */
    CHECK(chmod(in(&f, "out"), 0700) == 0);
    CHECK(str_eq(sums(&f, in(&f, "out/monthly-prod-2026-10")), before));
    end(&f);
}

TEST(answers_to_different_questions_do_not_replace_each_other)
{
    struct fixture f;
    str one;

    BEGIN(f);
    f.req.kind = STR("request");
    f.opt.formats = STR("json");
    f.req.filter.actor = STR("*smith*");
    RUN(f);
    one = f.bundle.dir;
    CHECK(str_starts(path_base(one), STR("request-prod-2026-10-")));
    f.req.filter.actor = STR("*jones*");
    RUN(f);
    CHECK(!str_eq(f.bundle.dir, one));
    f.req.filter.actor = STR_NONE;
    RUN(f);
    CHECK_STR(path_base(f.bundle.dir), "request-prod-2026-10");
    end(&f);
}
