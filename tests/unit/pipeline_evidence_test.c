#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/digest.h"
#include "check.h"
#include "pipeline/pipeline.h"

#define RECORD                                                                                     \
    "{\"user\":\"ann\",\"aws_secret_access_key\":\"wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab\"}"
#define STREAM "[{\"first\":1},\n" RECORD ",\n{\"last\":3}]\n"

struct fixture {
    struct arena a;
    char *path;
    struct evidence_ref ref;
    struct err err;
};

static bool begin(struct fixture *f, str stored)
{
    int fd;

    *f = (struct fixture){.path = NULL};
    f->path = str_z(&f->a, STR("/tmp/auditpress-evidence-XXXXXX"));
    fd = mkstemp(f->path);
    f->ref.path = str_from(f->path);
    f->ref.file_sha256 = sha256_of(stored);
    f->ref.has_sha = true;
    f->ref.record_sha256 = sha256_of(STR(RECORD));
    f->ref.where = (struct evidence){
        .record = 1, .offset = strlen("[{\"first\":1},\n"), .length = strlen(RECORD)};
    return fd >= 0 && file_write(f->path, stored, &f->err);
}

static void end(struct fixture *f)
{
    remove(f->path);
    arena_free(&f->a);
}

/* Two gzip members, cut inside the record. */
static str gzip_of(struct arena *a, const char *text)
{
    size_t half = strlen(text) / 2, cap = 1000, len = 0;
    char *out = arena_alloc(a, cap, 1);

    for (int i = 0; i < 2; i++) {
        z_stream z = {0};
        unsigned char in[1000];
        size_t from = i ? half : 0, n = i ? strlen(text) - half : half;

        memcpy(in, text + from, n);
        deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
        z.next_in = in;
        z.avail_in = (unsigned)n;
        z.next_out = (unsigned char *)out + len;
        z.avail_out = (unsigned)(cap - len);
        deflate(&z, Z_FINISH);
        len += z.total_out;
        deflateEnd(&z);
    }
    return (str){out, len};
}

TEST(a_records_own_bytes_come_back_from_a_plain_and_from_a_compressed_file)
{
    struct fixture plain, packed;
    struct arena a = {0};
    str out;

    CHECK(begin(&plain, STR(STREAM)));
    CHECK(evidence_read(&plain.ref, true, &plain.a, &out, &plain.err));
    CHECK_STR(out, RECORD);
    CHECK(begin(&packed, gzip_of(&a, STREAM)));
    CHECK(evidence_read(&packed.ref, true, &packed.a, &out, &packed.err));
    CHECK_STR(out, RECORD);
    end(&plain);
    end(&packed);
    arena_free(&a);
}

TEST(secrets_are_masked_unless_the_raw_record_is_asked_for)
{
    struct fixture f;
    str out;

    CHECK(begin(&f, STR(STREAM)));
    CHECK(evidence_read(&f.ref, false, &f.a, &out, &f.err));
    CHECK(!str_contains(out, STR("wJalrXUtnFEMI")));
    CHECK(str_contains(out, STR("\"user\":\"ann\"")));
    end(&f);
}

TEST(a_record_that_is_not_what_was_read_is_refused)
{
    struct fixture f;
    str out;

    CHECK(begin(&f, STR("[{\"first\":2},\n{\"user\":\"eve\"" STREAM)));
    CHECK(!evidence_read(&f.ref, true, &f.a, &out, &f.err));
    CHECK_INT(f.err.kind, ERR_INTEGRITY);
    CHECK(
        str_ends(str_from(f.err.text),
                 STR("record 1 at byte 14: its SHA-256 is not that of the record that was read")));
    end(&f);
}

TEST(a_record_without_a_digest_is_proved_by_its_file)
{
    struct fixture same, other;
    str out;

    CHECK(begin(&same, STR(STREAM)));
    same.ref.has_sha = false;
    CHECK(evidence_read(&same.ref, true, &same.a, &out, &same.err));
    CHECK_STR(out, RECORD);
    CHECK(begin(&other, STR(STREAM)));
    other.ref.has_sha = false;
    other.ref.file_sha256 = sha256_of(STR("another file"));
    CHECK(!evidence_read(&other.ref, true, &other.a, &out, &other.err));
    CHECK(str_contains(str_from(other.err.text), STR("the file is not the one that was read")));
    end(&same);
    end(&other);
}

TEST(a_file_that_was_cut_moved_or_never_a_file_is_an_error_that_says_so)
{
    struct fixture cut, gone, stream;
    str out;

    CHECK(begin(&cut, STR("[{\"first\":1},\n{\"user\"")));
    CHECK(!evidence_read(&cut.ref, true, &cut.a, &out, &cut.err));
    CHECK(str_ends(str_from(cut.err.text), STR("the file ends before it")));
    CHECK(begin(&gone, STR(STREAM)));
    remove(gone.path);
    CHECK(!evidence_read(&gone.ref, true, &gone.a, &out, &gone.err));
    CHECK(str_starts(str_from(gone.err.text), STR("cannot read the original: ")));
    CHECK(begin(&stream, STR(STREAM)));
    stream.ref.path = STR("-");
    CHECK(!evidence_read(&stream.ref, true, &stream.a, &out, &stream.err));
    CHECK(str_starts(str_from(stream.err.text), STR("the record was read from standard input")));
    end(&cut);
    end(&gone);
    end(&stream);
}
