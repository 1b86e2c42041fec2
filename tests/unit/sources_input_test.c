#include "sources/input.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "check.h"

static struct arena arena;
static char folder[] = "/tmp/auditpress-input-XXXXXX";

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

static str gzip_of(str plain)
{
    z_stream z = {0};
    size_t cap = plain.len + 100;
    char *out = arena_alloc(&arena, cap, 1);

    if (deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    z.next_in = (Bytef *)(uintptr_t)plain.ptr;
    z.avail_in = (uInt)plain.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)cap;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    deflateEnd(&z);
    return (str){out, z.total_out};
}

static str join(str a, str b)
{
    struct buf all = {0};
    str out;

    buf_add(&all, a);
    buf_add(&all, b);
    out = buf_str_copy(&all, &arena);
    buf_free(&all);
    return out;
}

/* Text that does not compress to nothing. */
static str sample(size_t len)
{
    char *out = arena_alloc(&arena, len, 1);
    uint64_t state = 7;

    for (size_t i = 0; i < len; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (char)('a' + (state >> 60));
    }
    return (str){out, len};
}

struct reading {
    str plain;
    struct input_totals totals;
    struct err err;
};

static struct reading stream(const char *path, size_t cap)
{
    struct reading r = {0};
    struct buf all = {0};
    struct err rest = {0};
    struct input *in;
    size_t got = 1;
    char *piece = xmalloc(cap);

    if (input_open(&in, path, &r.err)) {
        while (got && input_read(in, piece, cap, &got, &r.err))
            buf_add(&all, (str){piece, got});
        if (!input_finish(in, &r.totals, &rest))
            r.err = rest;
    }
    input_close(in);
    r.plain = buf_str_copy(&all, &arena);
    buf_free(&all);
    free(piece);
    return r;
}

/* As a stream in large and small pieces and at once: all must agree. */
static struct reading read_all_ways(const char *path)
{
    struct reading large = stream(path, 1 << 20), small = stream(path, 7);
    struct input_space space = {0};
    struct input_whole whole;
    struct err err = {0};

    if (!str_eq(large.plain, small.plain) || large.totals.size != small.totals.size)
        err_set(&large.err, ERR_DATA, "small pieces differ");
    if (!input_whole(&space, path, 1 << 22, &whole, &err))
        err_set(&large.err, ERR_DATA, "at once: %s", err.text);
    else if (!str_eq(whole.plain, large.plain) || whole.totals.size != large.totals.size ||
             whole.totals.plain_size != large.totals.plain_size ||
             whole.totals.trailing != large.totals.trailing ||
             strcmp(whole.totals.compression, large.totals.compression) != 0 ||
             memcmp(&whole.totals.sha256, &large.totals.sha256, SHA256_SIZE) != 0)
        err_set(&large.err, ERR_DATA, "at once differs");
    else if ((whole.problem != NULL) != (large.err.kind != ERR_NONE))
        err_set(&large.err, ERR_DATA, "at once: %s", whole.problem ? whole.problem : "no problem");
    input_space_free(&space);
    return large;
}

TEST(plain_bytes_come_as_they_are)
{
    str text = sample(1000000);
    struct reading r = read_all_ways(put("plain.json", text));
    struct sha256 want = sha256_of(text);

    CHECK_STR(str_from(r.err.text), "");
    CHECK(str_eq(r.plain, text));
    CHECK_INT(r.totals.size, 1000000);
    CHECK(memcmp(&want, &r.totals.sha256, sizeof want) == 0);
    CHECK_STR(str_from(r.totals.compression), "none");
}

TEST(an_empty_file_is_read)
{
    struct reading r = read_all_ways(put("empty", STR("")));

    CHECK_STR(str_from(r.err.text), "");
    CHECK_INT(r.plain.len, 0);
}

TEST(gzip_is_seen_from_its_bytes)
{
    str text = sample(2500000), packed = gzip_of(text);
    struct reading r = read_all_ways(put("packed.json", packed));
    struct sha256 want = sha256_of(packed);

    CHECK_STR(str_from(r.err.text), "");
    CHECK(str_eq(r.plain, text));
    CHECK_INT(r.totals.size, packed.len);
    CHECK_INT(r.totals.plain_size, text.len);
    CHECK(memcmp(&want, &r.totals.sha256, sizeof want) == 0);
    CHECK_STR(str_from(r.totals.compression), "gzip");
}

TEST(members_of_gzip_follow_each_other)
{
    str a = sample(300000), b = STR("tail\n");
    struct reading r =
        read_all_ways(put("members.gz", join(join(gzip_of(a), gzip_of(STR(""))), gzip_of(b))));

    CHECK_STR(str_from(r.err.text), "");
    CHECK(str_eq(r.plain, join(a, b)));
    CHECK_INT(r.totals.trailing, 0);
}

TEST(bytes_behind_the_last_member_are_counted)
{
    struct reading r =
        read_all_ways(put("trailing.gz", join(gzip_of(STR("{}")), STR("garbage here"))));

    CHECK_STR(str_from(r.err.text), "");
    CHECK_STR(r.plain, "{}");
    CHECK_INT(r.totals.trailing, 12);
}

TEST(what_comes_before_a_break_stands)
{
    str text = sample(500000), packed = gzip_of(text);
    struct reading r = read_all_ways(put("cut.gz", str_part(packed, 0, packed.len / 2)));

    CHECK(str_contains(str_from(r.err.text), STR("the compressed data ends too early, after ")));
    CHECK(r.plain.len > 100000 && r.plain.len < text.len);
    CHECK(str_starts(text, r.plain));
    CHECK_INT(r.totals.size, packed.len / 2);
}

TEST(what_comes_before_damage_stands)
{
    str packed = str_copy(&arena, gzip_of(sample(500000)));

    memset((char *)(uintptr_t)packed.ptr + packed.len / 2, 0xff, 500);
    CHECK(str_contains(str_from(read_all_ways(put("bad.gz", packed)).err.text),
                       STR("the compressed data is damaged")));
}

TEST(a_wrong_checksum_is_damage)
{
    str packed = str_copy(&arena, gzip_of(STR("{\"a\":1}")));

    ((char *)(uintptr_t)packed.ptr)[packed.len - 6] ^= 1;
    CHECK(str_contains(str_from(read_all_ways(put("crc.gz", packed)).err.text),
                       STR("the compressed data is damaged")));
}

TEST(a_second_member_cut_in_its_header_is_a_break)
{
    CHECK(str_contains(
        str_from(
            read_all_ways(put("half.gz", join(gzip_of(STR("{}")), STR("\x1f\x8b\x08")))).err.text),
        STR("the compressed data ends too early, after 2 bytes")));
}

TEST(a_file_that_inflates_beyond_the_limit_is_left_to_the_stream)
{
    struct input_space space = {0};
    struct input_whole whole;
    struct err err = {0};
    str text = sample(3000000);

    CHECK(input_whole(&space, put("large.gz", gzip_of(text)), text.len - 1, &whole, &err));
    CHECK(whole.is_too_large);
    CHECK(input_whole(&space, path_of("large.gz"), text.len, &whole, &err));
    CHECK(!whole.is_too_large);
    CHECK(str_eq(whole.plain, text));
    CHECK(input_whole(&space, put("large.json", text), text.len - 1, &whole, &err));
    CHECK(whole.is_too_large);
    input_space_free(&space);
}

TEST(a_file_that_is_not_there_is_an_error)
{
    struct input *in;
    struct err err = {0};

    CHECK(!input_open(&in, path_of("nothing"), &err));
    CHECK(str_starts(str_from(err.text), STR("cannot open '")));
    CHECK(str_ends(str_from(err.text), STR("': No such file or directory")));
}

static const char *why_not(str bytes)
{
    enum cutter_shape shape;
    const char *why;

    return input_sniff(bytes, &shape, &why) ? shape == CUTTER_NUL ? "git" : "json" : why;
}

TEST(what_cannot_be_read_is_named)
{
    CHECK_STR(str_from(why_not(STR("{\"a\":1}"))), "json");
    CHECK_STR(str_from(why_not(STR(""))), "json");
    CHECK_STR(str_from(why_not(STR("PAR1\0\0"))),
              "a Parquet file, not a text log: export it as JSON");
    CHECK_STR(str_from(why_not(STR("\xff\xfe{\0"))), "UTF-16 text: export it as UTF-8");
    CHECK_STR(str_from(why_not(STR("{\0\"\0"))), "UTF-16 text: export it as UTF-8");
    CHECK_STR(str_from(why_not(STR("PK\x03\x04zip"))), "a zip archive: unpack it first");
    CHECK_STR(str_from(why_not(STR("version https://git-lfs.github.com/spec/v1\n"))),
              "a Git LFS pointer in place of the file: fetch the file with `git lfs pull`");
    CHECK_STR(str_from(why_not(STR("\x7f"
                                   "ELF\0\1"))),
              "binary data");
    CHECK_STR(str_from(why_not(STR("0123456789012345678901234567890123456789\x1f"
                                   "p\x1f"
                                   "x\0"))),
              "git");
}

TEST(text_is_described)
{
    CHECK_STR(str_from(input_text_kind(STR("No changes.\nApply complete! Resources: 1 added"))),
              "human-readable Terraform output: export it with -json");
    CHECK_STR(str_from(input_text_kind(STR("a,b,c\n1,2,3\n"))),
              "CSV without a header row that can be told");
    CHECK_STR(str_from(input_text_kind(STR("hello"))), "text");
}

static str expanded(const char *one, const char *two)
{
    const char *paths[] = {one, two};
    struct path_list list;
    struct err err = {0};
    str out = STR("");

    if (!input_expand(&arena, paths, two ? 2 : 1, &list, &err))
        return str_part(str_from(err.text), 0, 20);
    for (size_t i = 0; i < list.count; i++)
        out = str_join(&arena, out, STR(" "), path_base(str_from(list.paths[i])));
    return out;
}

TEST(folders_and_patterns_are_expanded_in_one_order)
{
    struct err err = {0};

    CHECK(dir_make(path_of("d/sub"), &err));
    put("d/b.json", STR("{}"));
    put("d/a.json", STR("{}"));
    put("d/sub/c.json", STR("{}"));
    CHECK_STR(expanded(path_of("d"), NULL), "a.json b.json c.json");
    CHECK_STR(expanded(path_of("d/*.json"), NULL), "a.json b.json");
    CHECK_STR(expanded(path_of("d/s*"), NULL), "c.json");
    CHECK_STR(expanded(path_of("d/b.json"), path_of("d")), "a.json b.json c.json");
    CHECK_STR(expanded("-", path_of("d/a.json")), "- a.json");
}

TEST(a_path_that_matches_nothing_is_an_error)
{
    struct err err = {0};

    CHECK_STR(expanded(path_of("none"), NULL), "no such file or fold");
    CHECK_STR(expanded(path_of("none*"), NULL), "nothing matches '/tm");
    CHECK(dir_make(path_of("hollow"), &err));
    CHECK_STR(expanded(path_of("hollow"), NULL), "no files in '/tmp/au");
}
