/*
 * xlsx_check: reads the finished workbook back.
 *
 * The library does not notice a full disk under its temporary files: the workbook is then cut short
 * somewhere and still called done. So every part of the ZIP container is inflated and its checksum
 * compared, every XML part must end with the element it began with, and the rows of each sheet are
 * counted. Formulas are counted too: there must be none.
 *
 * The container: PKWARE's APPNOTE 6.3, with the 64-bit sizes of large workbooks.
 */
#include <stdio.h>
#include <sys/types.h>
#include <zlib.h>

#include "render/xlsx.h"

#define END_SIZE   22
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30
#define HEAD_BYTES 256
#define TAIL_BYTES 128
#define CHUNK      65536

struct zip {
    FILE *file;
    uint64_t entries, at; /* of the directory */
};

struct entry {
    char name[256];
    uint64_t packed, plain, at;
    uint32_t crc;
    unsigned method, flags;
};

/* What is looked for while a part streams by; `keep` carries the last bytes over to the next piece.
 */
struct part_facts {
    char head[HEAD_BYTES], tail[TAIL_BYTES];
    size_t nhead, ntail;
    uint64_t rows, formulas, size;
    char keep[4];
    size_t nkeep;
};

static uint64_t number(const unsigned char *p, int size)
{
    uint64_t n = 0;

    for (int i = size; i-- > 0;)
        n = n << 8 | p[i];
    return n;
}

static bool read_at(FILE *f, uint64_t at, void *dst, size_t n)
{
    return at <= INT64_MAX && fseeko(f, (off_t)at, SEEK_SET) == 0 && fread(dst, 1, n, f) == n;
}

static bool broken(struct err *err, const char *what)
{
    return err_set(err, ERR_IO, "the workbook did not reach the disk whole: %s", what);
}

/* The 64-bit end record, when the short one says that a number does not fit. */
static bool find_end64(struct zip *z, uint64_t end_at, struct err *err)
{
    unsigned char locator[20], end[56];

    if (end_at < sizeof locator ||
        !read_at(z->file, end_at - sizeof locator, locator, sizeof locator) ||
        memcmp(locator, "PK\6\7", 4) != 0 ||
        !read_at(z->file, number(locator + 8, 8), end, sizeof end) || memcmp(end, "PK\6\6", 4) != 0)
        return broken(err, "no directory");
    z->entries = number(end + 32, 8);
    z->at = number(end + 48, 8);
    return true;
}

static bool find_directory(struct zip *z, struct err *err)
{
    unsigned char end[END_SIZE];
    off_t size;

    /* The library writes no comment behind the end record. */
    if (fseeko(z->file, 0, SEEK_END) != 0 || (size = ftello(z->file)) < END_SIZE ||
        !read_at(z->file, (uint64_t)size - END_SIZE, end, END_SIZE) ||
        memcmp(end, "PK\5\6", 4) != 0)
        return broken(err, "no end record");
    z->entries = number(end + 10, 2);
    z->at = number(end + 16, 4);
    if (z->entries == 0xFFFF || z->at == 0xFFFFFFFF)
        return find_end64(z, (uint64_t)size - END_SIZE, err);
    return true;
}

/* Sizes that did not fit stand in extra field 1, in this order, only those that did not fit. */
static void read_extra(struct entry *e, const unsigned char *p, size_t n)
{
    uint64_t *wide[] = {&e->plain, &e->packed, &e->at};

    while (n >= 4) {
        size_t len = number(p + 2, 2);

        if (len > n - 4)
            return;
        if (number(p, 2) == 1) {
            size_t at = 4;

            for (size_t i = 0; i < 3; i++) {
                if (*wide[i] == 0xFFFFFFFF && at + 8 <= len + 4) {
                    *wide[i] = number(p + at, 8);
                    at += 8;
                }
            }
        }
        p += len + 4;
        n -= len + 4;
    }
}

static bool next_entry(struct zip *z, struct entry *e, struct err *err)
{
    unsigned char fixed[ENTRY_SIZE], extra[1024];
    size_t nname, nextra, ncomment;

    if (!read_at(z->file, z->at, fixed, ENTRY_SIZE) || memcmp(fixed, "PK\1\2", 4) != 0)
        return broken(err, "the directory ends early");
    nname = number(fixed + 28, 2);
    nextra = number(fixed + 30, 2);
    ncomment = number(fixed + 32, 2);
    *e = (struct entry){.packed = number(fixed + 20, 4),
                        .plain = number(fixed + 24, 4),
                        .at = number(fixed + 42, 4),
                        .crc = (uint32_t)number(fixed + 16, 4),
                        .method = (unsigned)number(fixed + 10, 2),
                        .flags = (unsigned)number(fixed + 8, 2)};
    if (nname >= sizeof e->name || nextra > sizeof extra ||
        fread(e->name, 1, nname, z->file) != nname || fread(extra, 1, nextra, z->file) != nextra)
        return broken(err, "a name in the directory");
    read_extra(e, extra, nextra);
    z->at += ENTRY_SIZE + nname + nextra + ncomment;
    return true;
}

/* Counts "<row " or "<row>" and formulas, also where they straddle two pieces. */
static void count_tags(struct part_facts *f, const char *p, size_t n)
{
    char window[CHUNK + 4];
    size_t len = f->nkeep + n;

    memcpy(window, f->keep, f->nkeep);
    memcpy(window + f->nkeep, p, n);
    for (size_t i = 0; i + 5 <= len; i++) {
        if (window[i] != '<')
            continue;
        if (memcmp(window + i, "<row ", 5) == 0 || memcmp(window + i, "<row>", 5) == 0)
            f->rows++;
        if (memcmp(window + i, "<f>", 3) == 0 || memcmp(window + i, "<f ", 3) == 0)
            f->formulas++;
    }
    f->nkeep = len < 4 ? len : 4;
    memcpy(f->keep, window + len - f->nkeep, f->nkeep);
}

static void look_at(struct part_facts *f, const char *p, size_t n)
{
    size_t head = HEAD_BYTES - f->nhead < n ? HEAD_BYTES - f->nhead : n;
    size_t tail = n < TAIL_BYTES ? n : TAIL_BYTES;

    memcpy(f->head + f->nhead, p, head);
    f->nhead += head;
    if (f->ntail + tail > TAIL_BYTES) {
        size_t drop = f->ntail + tail - TAIL_BYTES;

        memmove(f->tail, f->tail + drop, f->ntail - drop);
        f->ntail -= drop;
    }
    memcpy(f->tail + f->ntail, p + n - tail, tail);
    f->ntail += tail;
    f->size += n;
    count_tags(f, p, n);
}

/* Inflates the packed bytes that the file stands at. False when they do not give what the directory
 * says. */
static bool inflate_part(FILE *file, const struct entry *e, struct part_facts *f)
{
    unsigned char in[CHUNK], out[CHUNK];
    z_stream z = {0};
    uint64_t left = e->packed;
    uint32_t crc = (uint32_t)crc32(0, NULL, 0);
    int code = inflateInit2(&z, -MAX_WBITS);

    while (code == Z_OK) {
        size_t got;

        if (z.avail_in == 0 && left > 0) {
            size_t n = left < sizeof in ? (size_t)left : sizeof in;

            if (fread(in, 1, n, file) != n)
                break;
            left -= n;
            z.next_in = in;
            z.avail_in = (uInt)n;
        }
        z.next_out = out;
        z.avail_out = sizeof out;
        code = inflate(&z, Z_NO_FLUSH);
        got = sizeof out - z.avail_out;
        crc = (uint32_t)crc32(crc, out, (uInt)got);
        if (got)
            look_at(f, (const char *)out, got);
        else if (code == Z_OK && left == 0 && z.avail_in == 0)
            break;
    }
    inflateEnd(&z);
    return code == Z_STREAM_END && left == 0 && f->size == e->plain && crc == e->crc;
}

/* "<worksheet xmlns=…" at the start, "</worksheet>" at the end. */
static bool has_root_at_both_ends(const struct part_facts *f)
{
    str head = {f->head, f->nhead}, tail = str_trim((str){f->tail, f->ntail});
    str name = head;
    size_t n = 0;

    while (str_starts(name, STR("<?"))) {
        size_t end = str_find(name, STR("?>"));

        if (end == SIZE_MAX)
            return false;
        name = str_trim(str_part(name, end + 2, name.len));
    }
    if (!str_starts(name, STR("<")))
        return false;
    name = str_part(name, 1, name.len);
    while (n < name.len && !strchr(" />\t\r\n", name.ptr[n]))
        n++;
    name = str_part(name, 0, n);
    if (n == 0 || tail.len < n + 3 || tail.ptr[tail.len - 1] != '>')
        return false;
    if (str_ends(tail, STR("/>")))
        return f->size < HEAD_BYTES; /* an empty root element */
    tail = str_part(tail, tail.len - n - 3, tail.len - 1);
    return str_starts(tail, STR("</")) && str_eq(str_part(tail, 2, tail.len), name);
}

/* 1 for "xl/worksheets/sheet1.xml"; 0 for other parts. */
static uint64_t sheet_number(str name)
{
    uint64_t n;

    if (!str_starts(name, STR("xl/worksheets/sheet")) || !str_ends(name, STR(".xml")))
        return 0;
    return str_to_u64(str_part(name, 19, name.len - 4), &n) ? n : 0;
}

static bool check_entry(const struct zip *z, const struct entry *e, const uint64_t *rows,
                        size_t nsheets, size_t *seen, struct err *err)
{
    struct part_facts f = {.size = 0};
    unsigned char local[LOCAL_SIZE];
    uint64_t sheet = sheet_number(str_from(e->name));

    if (!read_at(z->file, e->at, local, LOCAL_SIZE) || memcmp(local, "PK\3\4", 4) != 0 ||
        fseeko(z->file, (off_t)(number(local + 26, 2) + number(local + 28, 2)), SEEK_CUR) != 0)
        return broken(err, e->name);
    if (e->method != Z_DEFLATED || !inflate_part(z->file, e, &f) || !has_root_at_both_ends(&f))
        return broken(err, e->name);
    if (!sheet)
        return true;
    ++*seen;
    if (sheet > nsheets || f.rows != rows[sheet - 1])
        return err_set(
            err, ERR_IO,
            "the workbook did not reach the disk whole: sheet %llu has %llu rows of %llu",
            (unsigned long long)sheet, (unsigned long long)f.rows,
            (unsigned long long)(sheet > nsheets ? 0 : rows[sheet - 1]));
    if (f.formulas)
        return err_set(err, ERR_IO,
                       "the workbook has %llu formulas on sheet %llu: none was to be written",
                       (unsigned long long)f.formulas, (unsigned long long)sheet);
    return true;
}

bool xlsx_check(const char *path, const uint64_t *rows, size_t nsheets, struct err *err)
{
    struct zip z = {.file = fopen(path, "rb")};
    size_t seen = 0;
    bool ok;

    if (!z.file)
        return err_errno(err, "cannot read back '%s'", path);
    ok = find_directory(&z, err);
    for (uint64_t i = 0; ok && i < z.entries; i++) {
        struct entry e;

        ok = next_entry(&z, &e, err) && check_entry(&z, &e, rows, nsheets, &seen, err);
    }
    if (ok && seen != nsheets)
        ok = err_set(err, ERR_IO, "the workbook did not reach the disk whole: %zu sheets of %zu",
                     seen, nsheets);
    fclose(z.file);
    return ok;
}
