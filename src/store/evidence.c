/*
 * evidence: from a public id to the bytes in the original files.
 *
 * The id is `seconds-digits`, where the digits are the first 12 of the 128-bit id; "-xxxx" behind
 * it tells apart contents that share an id, and ".n" is a fact of the event. An id without "-xxxx"
 * stands for all contents. A folded event has one reference per part.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "store/internal.h"

struct wanted {
    int64_t sec;
    unsigned char eid[6];
    bool has_clash;
    int64_t clash;
};

static bool hex_number(str digits, size_t most, int64_t *out)
{
    *out = 0;
    if (!digits.len || digits.len > most)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        int v = ascii_hex(digits.ptr[i]);

        if (v < 0)
            return false;
        *out = *out << 4 | v;
    }
    return true;
}

static bool parse(str id, struct wanted *w)
{
    str whole = id, rest = str_cut(&whole, '.'), sec = str_cut(&rest, '-'),
        digits = str_cut(&rest, '-');
    int64_t eid;

    *w = (struct wanted){.has_clash = rest.ptr != NULL};
    if (!hex_number(sec, 9, &w->sec) || digits.len != 12 || !hex_number(digits, 12, &eid) ||
        (w->has_clash && (rest.len != 4 || !hex_number(rest, 4, &w->clash))))
        return false;
    for (int i = 0; i < 6; i++)
        w->eid[i] = (unsigned char)(eid >> (40 - 8 * i));
    return true;
}

struct refs {
    struct arena *a;
    struct evidence_ref *items;
    size_t count, cap;
};

static struct evidence_ref *refs_add(struct refs *r)
{
    if (r->count == r->cap) {
        struct evidence_ref *more = arena_new(r->a, struct evidence_ref, r->cap ? r->cap * 2 : 4);

        if (r->count)
            memcpy(more, r->items, r->count * sizeof *more);
        r->items = more;
        r->cap = r->cap ? r->cap * 2 : 4;
    }
    return &r->items[r->count++];
}

/* Columns path, sha256 of the file, record, offset, length from `first` on. */
static bool ref_read(const struct sql *q, int first, struct evidence_ref *ref, struct arena *a,
                     struct err *err)
{
    str sha = sql_blob_at(q, first + 1);

    if (sha.len != SHA256_SIZE)
        return err_set(err, ERR_INTEGRITY, "an event stands in a file without a digest");
    ref->path = str_copy(a, sql_text_at(q, first));
    memcpy(ref->file_sha256.bytes, sha.ptr, SHA256_SIZE);
    ref->where.record = (uint64_t)sql_int_at(q, first + 2);
    ref->where.offset = (uint64_t)sql_int_at(q, first + 3);
    ref->where.length = (uint64_t)sql_int_at(q, first + 4);
    return true;
}

static bool add_parts(struct store *st, str eid, struct refs *refs, bool *is_folded,
                      struct err *err)
{
    struct sql q = sql_begin(
        st,
        "SELECT f.path, f.sha256, p.record, p.offset, p.length, p.blob FROM fold_part AS p "
        "JOIN file_row AS f ON f.id = p.file WHERE p.fold = ? ORDER BY p.part, p.t, p.eid, p.mark");
    bool has_row;

    sql_blob(&q, eid.ptr, eid.len);
    for (*is_folded = false;; *is_folded = true) {
        struct evidence_ref *ref;
        const struct sha256 *sha;
        str body;

        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        ref = refs_add(refs);
        if (!ref_read(&q, 0, ref, refs->a, err)) {
            sql_end(&q);
            return false;
        }
        if (blob_split(sql_blob_at(&q, 5), &sha, &body) && sha) {
            ref->has_sha = true;
            ref->record_sha256 = *sha;
        }
    }
}

static bool add_event(struct store *st, const struct sql *q, struct refs *refs, struct err *err)
{
    struct evidence_ref *ref;
    bool is_folded;
    str sha;

    if (!add_parts(st, sql_blob_at(q, 1), refs, &is_folded, err))
        return false;
    if (is_folded)
        return true;
    ref = refs_add(refs);
    sha = sql_blob_at(q, 8);
    if (sha.len == SHA256_SIZE) {
        ref->has_sha = true;
        memcpy(ref->record_sha256.bytes, sha.ptr, SHA256_SIZE);
    }
    return ref_read(q, 3, ref, refs->a, err);
}

bool store_evidence(struct store *st, str id, struct arena *a, struct evidence_ref **refs,
                    size_t *nrefs, struct err *err)
{
    struct refs found = {.a = a};
    unsigned char first[EID_SIZE] = {0};
    struct wanted w;
    struct sql q;
    bool has_row;

    if (!parse(id, &w)) {
        err_set(err, ERR_USAGE, "'%.*s' is no event id", STR_FMT(id));
        return err_hint(
            err, "An event id looks like 66f0a1b2-1a2b3c4d5e6f; 'auditpress events' prints them.");
    }
    memcpy(first, w.eid, sizeof w.eid);
    q = sql_begin(
        st, "SELECT e.id, e.eid, e.clash, f.path, f.sha256, e.record, e.offset, e.length, m.sha256 "
            "FROM event_row AS e JOIN file_row AS f ON f.id = e.file LEFT JOIN more AS m ON "
            "m.event = e.id "
            "WHERE e.id >= ?1 AND e.id < ?1 + ?2 AND substr(e.eid, 1, 6) = ?3 ORDER BY e.id");
    sql_int(&q, event_home(w.sec, first));
    sql_int(&q, HOME_SLACK);
    sql_blob(&q, w.eid, sizeof w.eid);
    for (;;) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            break;
        if (w.has_clash && (sql_is_null(&q, 2) || sql_int_at(&q, 2) != w.clash))
            continue;
        if (!add_event(st, &q, &found, err)) {
            sql_end(&q);
            return false;
        }
    }
    *refs = found.items;
    *nrefs = found.count;
    return found.count || err_set(err, ERR_DATA, "no event has the id '%.*s'", STR_FMT(id));
}
