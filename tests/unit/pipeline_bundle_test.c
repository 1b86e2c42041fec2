#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "check.h"
#include "model/manifest.h"
#include "pipeline/pipeline.h"

/* A small bundle, made by hand: two files, a manifest of them, sums of all. */
struct fixture {
    struct arena a;
    const char *dir;
    struct issues found;
    struct err err;
};

static const char *in(struct fixture *f, const char *name)
{
    return str_z(&f->a, path_join(&f->a, str_from(f->dir), str_from(name)));
}

static bool put(struct fixture *f, const char *name, const char *text)
{
    return file_write(in(f, name), str_from(text), &f->err);
}

static void add_sum(struct fixture *f, struct buf *sums, const char *name)
{
    struct err err = {0};
    struct sha256 d;
    str bytes;

    if (!file_read(&f->a, in(f, name), 0, &bytes, &err))
        bytes = STR("?");
    d = sha256_of(bytes);
    buf_print(sums, "%.*s  %s\n", STR_FMT(sha256_hex(&d, &f->a)), name);
}

static str manifest_of(struct fixture *f)
{
    struct sha256 pdf = sha256_of(STR("pages")), json = sha256_of(STR("{}"));
    struct manifest_file findings = {.name = STR("findings.json"),
                                     .sha256 = sha256_hex(&json, &f->a),
                                     .size = 2,
                                     .media_type = STR("application/json")};
    struct manifest_file document = {.name = STR("monthly.pdf"),
                                     .sha256 = sha256_hex(&pdf, &f->a),
                                     .size = 5,
                                     .media_type = STR("application/pdf"),
                                     .next = &findings};
    struct manifest_input input = {.path = STR("samples/aws/a.json"),
                                   .sha256 = sha256_hex(&pdf, &f->a),
                                   .sources = STR("aws-cloudtrail"),
                                   .size = 90,
                                   .read = 3,
                                   .accepted = 2,
                                   .rejected = 1};
    struct manifest_result result = {.query = STR("prv-root-use"),
                                     .environment = STR("prod"),
                                     .result = RESULT_EXCEPTIONS,
                                     .population = 4,
                                     .exceptions = 1};
    struct manifest_pair formats = {.name = STR("formats"), .value = STR("pdf,json")};
    struct report report = {.id = STR("APR-1"),
                            .kind = STR("monthly"),
                            .environment = STR("prod"),
                            .program = STR("auditpress 0.1.0"),
                            .dataset_sha256 = STR("abc")};
    struct period period = {.from = 1790812800, .until = 1793491200, .label = STR("2026-10")};
    struct config config = {.sha256 = STR("def")};
    struct render_notes notes = {.pages = 7, .fonts = STR("A.ttf 00ff\nB.ttf 11ee")};
    struct manifest m = {.report = &report,
                         .period = &period,
                         .config = &config,
                         .catalogue = STR("0123456789ab"),
                         .command = STR("auditpress report \"x\""),
                         .parameters = &formats,
                         .inputs = &input,
                         .results = &result,
                         .outputs = &document,
                         .notes = &notes};

    return manifest_json(&m, &f->a);
}

static bool begin(struct fixture *f)
{
    static const char *const names[] = {"VERIFY.txt", "findings.json", "manifest.json",
                                        "monthly.pdf"};
    struct buf sums = {0};
    char *path;
    bool ok;

    *f = (struct fixture){.dir = NULL};
    path = str_z(&f->a, STR("/tmp/auditpress-bundle-XXXXXX"));
    f->dir = mkdtemp(path);
    ok = f->dir && put(f, "monthly.pdf", "pages") && put(f, "findings.json", "{}") &&
         put(f, "VERIFY.txt", "how") && file_write(in(f, "manifest.json"), manifest_of(f), &f->err);
    for (size_t i = 0; ok && i < 4; i++)
        add_sum(f, &sums, names[i]);
    ok = ok && file_write(in(f, "SHA256SUMS"), buf_str(&sums), &f->err);
    buf_free(&sums);
    return ok;
}

static void end(struct fixture *f)
{
    struct err err = {0};

    if (!dir_remove(f->dir, &err))
        printf("%s\n", err.text);
    arena_free(&f->a);
}

/* What is found, without the folder's name, one a line. */
static str found(struct fixture *f)
{
    str all = STR_NONE;
    size_t skip = strlen(f->dir) + 2;

    f->found = (struct issues){.count = 0};
    if (!bundle_verify(f->dir, &f->found, &f->a, &f->err))
        return str_from(f->err.text);
    for (const struct issue *i = f->found.first; i; i = i->next)
        all = str_join(&f->a, all, STR("\n"), str_part(i->reason, skip, i->reason.len));
    return all;
}

TEST(a_bundle_as_it_was_made_is_intact)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK_STR(found(&f), "");
    CHECK_INT(f.found.count, 0);
    end(&f);
}

TEST(a_flipped_byte_is_found)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK(put(&f, "monthly.pdf", "pagez"));
    CHECK_STR(found(&f), "'monthly.pdf' is not what it was: its SHA-256 is not that of SHA256SUMS");
    end(&f);
}

TEST(missing_and_unlisted_files_are_found_and_a_signature_is_neither)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK(put(&f, "SHA256SUMS.minisig", "signature"));
    CHECK_STR(found(&f), "");
    CHECK(unlink(in(&f, "findings.json")) == 0);
    CHECK(put(&f, "notes.docx", "x"));
    CHECK_STR(found(&f), "'findings.json' is missing\n'notes.docx' is listed nowhere");
    end(&f);
}

TEST(a_manifest_that_does_not_agree_with_the_sums_is_found)
{
    struct fixture f;
    struct buf sums = {0};

    CHECK(begin(&f));
    CHECK(put(&f, "monthly.pdf", "other pages"));
    CHECK(put(&f, "extra.txt", "x"));
    add_sum(&f, &sums, "VERIFY.txt");
    add_sum(&f, &sums, "extra.txt");
    add_sum(&f, &sums, "manifest.json");
    add_sum(&f, &sums, "monthly.pdf");
    CHECK(file_write(in(&f, "SHA256SUMS"), buf_str(&sums), &f.err));
    buf_free(&sums);
    CHECK_STR(found(&f), "'monthly.pdf' has another SHA-256 in the manifest than in SHA256SUMS\n"
                         "'monthly.pdf' has not the size that the manifest says\n"
                         "'findings.json' is in the manifest but not in SHA256SUMS\n"
                         "'extra.txt' is in SHA256SUMS but not in the manifest\n"
                         "'findings.json' is listed nowhere");
    end(&f);
}

TEST(sums_that_lead_outside_or_cannot_be_read_are_found)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK(put(&f, "SHA256SUMS",
              "0000000000000000000000000000000000000000000000000000000000000000  ../../etc/passwd\n"
              "not a sum\n"));
    CHECK(str_starts(found(&f), STR("SHA256SUMS line 1 is not a digest and a name\n"
                                    "SHA256SUMS line 2 is not a digest and a name\n"
                                    "SHA256SUMS lists nothing\n")));
    end(&f);
}

TEST(a_link_in_the_place_of_a_file_is_not_followed)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK(rename(in(&f, "monthly.pdf"), in(&f, "SHA256SUMS.x")) == 0);
    CHECK(symlink("SHA256SUMS.x", in(&f, "monthly.pdf")) == 0);
    CHECK(str_contains(found(&f), STR("monthly.pdf': Too many levels of symbolic links")));
    end(&f);
}

TEST(a_folder_without_sums_is_no_bundle)
{
    struct fixture f;

    CHECK(begin(&f));
    CHECK(unlink(in(&f, "SHA256SUMS")) == 0);
    CHECK(!bundle_verify(f.dir, &f.found, &f.a, &f.err));
    CHECK(str_ends(str_from(f.err.text), STR("is no bundle: it has no SHA256SUMS")));
    CHECK_INT(f.err.kind, ERR_INTEGRITY);
    end(&f);
}

TEST(a_manifest_says_everything_one_item_a_line_and_reads_back)
{
    struct fixture f;
    struct manifest_facts facts;
    str json;

    CHECK(begin(&f));
    json = manifest_of(&f);
    CHECK(str_contains(
        json, STR("\n  \"period\": {\"label\": \"2026-10\", \"from\": \"2026-10-01T00:00:00Z\", "
                  "\"until\": \"2026-11-01T00:00:00Z\"},\n")));
    CHECK(str_contains(json, STR("\"command\": \"auditpress report \\\"x\\\"\"")));
    CHECK(str_contains(
        json, STR("\n    {\"id\": \"prv-root-use\", \"environment\": \"prod\", "
                  "\"outcome\": \"exceptions\", \"population\": 4, \"exceptions\": 1}\n")));
    CHECK(str_contains(json, STR("\n  \"gaps\": [],\n")));
    CHECK(str_contains(json, STR("\n    \"A.ttf 00ff\",\n    \"B.ttf 11ee\"\n  ]\n}\n")));
    CHECK(manifest_read(json, &f.a, &facts, &f.err));
    CHECK_STR(facts.report_id, "APR-1");
    CHECK_STR(facts.dataset_sha256, "abc");
    CHECK_STR(facts.outputs->name, "monthly.pdf");
    CHECK_INT(facts.outputs->next->size, 2);
    CHECK(!facts.outputs->next->next);
    end(&f);
}

TEST(a_manifest_of_another_kind_or_without_digests_is_refused)
{
    struct fixture f;
    struct manifest_facts facts;
    struct err other = {0}, bare = {0};

    CHECK(begin(&f));
    CHECK(!manifest_read(STR("{\"schema\": \"auditpress/manifest/9\"}"), &f.a, &facts, &other));
    CHECK_STR(str_from(other.text), "it is not of the kind auditpress/manifest/1");
    CHECK(!manifest_read(
        STR("{\"schema\": \"auditpress/manifest/1\", \"outputs\": [{\"name\": \"a\"}]}"), &f.a,
        &facts, &bare));
    CHECK_STR(str_from(bare.text), "output 1 has no name or no digest");
    end(&f);
}
