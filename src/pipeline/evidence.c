/*
 * evidence: the record's own bytes, read back from the original.
 *
 * The original may have been moved, cut or changed since it was read, and then what stands at the
 * place is no evidence. A record whose digest was kept is checked by it; for plain reads, where
 * none was kept, the whole file is read to its end and its digest compared.
 */
#include "base/buf.h"
#include "model/display.h"
#include "pipeline/pipeline.h"
#include "sources/input.h"

#define RECORD_MAX ((uint64_t)1 << 30)

static bool cannot(const struct evidence_ref *ref, struct err *err, const char *why)
{
    return err_set(err, ERR_INTEGRITY, "'%.*s': record %llu at byte %llu: %s", STR_FMT(ref->path),
                   (unsigned long long)ref->where.record, (unsigned long long)ref->where.offset,
                   why);
}

/* Bytes offset..offset+length of the decompressed stream. */
static bool read_span(struct input *in, const struct evidence_ref *ref, struct buf *out,
                      struct err *err)
{
    uint64_t at = 0, from = ref->where.offset, until = from + ref->where.length;
    char part[65536];
    size_t got = 1;

    while (at < until && got) {
        if (!input_read(in, part, sizeof part, &got, err))
            return false;
        if (at + got > from) {
            size_t begin = from > at ? (size_t)(from - at) : 0;
            size_t end = until < at + got ? (size_t)(until - at) : got;

            buf_add(out, (str){part + begin, end - begin});
        }
        at += got;
    }
    return out->len == ref->where.length || cannot(ref, err, "the file ends before it");
}

static bool check_record(const struct evidence_ref *ref, struct input *in, str bytes,
                         struct err *err)
{
    struct sha256 digest = sha256_of(bytes);
    struct input_totals totals;

    if (ref->has_sha)
        return memcmp(digest.bytes, ref->record_sha256.bytes, SHA256_SIZE) == 0 ||
               cannot(ref, err, "its SHA-256 is not that of the record that was read");
    if (!input_finish(in, &totals, err))
        return false;
    return memcmp(totals.sha256.bytes, ref->file_sha256.bytes, SHA256_SIZE) == 0 ||
           cannot(ref, err, "the file is not the one that was read: its SHA-256 is another");
}

bool evidence_read(const struct evidence_ref *ref, bool is_raw, struct arena *a, str *out,
                   struct err *err)
{
    struct input *in = NULL;
    struct buf bytes = {0};
    bool ok = false;

    if (str_eq(ref->path, STR("-"))) {
        err_set(err, ERR_IO, "the record was read from standard input, which cannot be read again");
        return err_hint(err, "Keep such a stream in a file and ingest that.");
    }
    if (ref->where.length > RECORD_MAX)
        return cannot(ref, err, "it is larger than 1 GiB");
    if (!input_open(&in, str_z(a, ref->path), err)) {
        err_wrap(err, "cannot read the original");
        return err_hint(
            err, "Paths are kept as they were given to ingest: run this from the same folder.");
    }
    ok = read_span(in, ref, &bytes, err) && check_record(ref, in, buf_str(&bytes), err);
    if (ok)
        *out = is_raw ? buf_str_copy(&bytes, a) : mask_secrets(buf_str_copy(&bytes, a), a);
    input_close(in);
    buf_free(&bytes);
    return ok;
}
