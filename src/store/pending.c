/*
 * pending: copies that wait for the digest of their file.
 *
 * Of two copies in different files the one in the file with the lower SHA-256 stands. The digest of
 * a file that streams through is known at its end, so until then the newcomer loses and is kept
 * here; at the end each is tried again. Memory first, beyond a bound a temporary table.
 */
#include "store/internal.h"

enum { POOL_MAX = 8 << 20 };

struct late { /* what stands in the bytes, followed by native and blob */
    struct row row;
    struct part part;
    size_t len; /* of what follows */
};

void pending_add(struct store *st, const struct row *row, const struct part *part, str pool)
{
    struct late late = {.row = *row, .len = row->native_len + row->blob_len};

    if (part)
        late.part = *part;
    late.row.native = 0;
    late.row.blob = row->native_len;
    buf_add(&st->pending.bytes, (str){(const char *)&late, sizeof late});
    buf_add(&st->pending.bytes, str_part(pool, row->native, row->native + row->native_len));
    buf_add(&st->pending.bytes, str_part(pool, row->blob, row->blob + row->blob_len));
}

bool pending_spill(struct store *st, struct err *err)
{
    struct sql q;

    if (st->pending.bytes.len < POOL_MAX)
        return true;
    if (!st->pending.is_spilled &&
        !sql_script(st, "CREATE TEMP TABLE IF NOT EXISTS late_rows(bytes BLOB)", err))
        return false;
    st->pending.is_spilled = true;
    q = sql_begin(st, "INSERT INTO temp.late_rows VALUES(?)");
    sql_blob(&q, st->pending.bytes.ptr, st->pending.bytes.len);
    if (!sql_run(&q, err))
        return false;
    buf_clear(&st->pending.bytes);
    return true;
}

static bool settle(struct store *st, str bytes, struct err *err)
{
    while (bytes.len) {
        struct late late;
        str pool;

        memcpy(&late, bytes.ptr, sizeof late);
        pool = str_part(bytes, sizeof late, sizeof late + late.len);
        bytes = str_part(bytes, sizeof late + late.len, bytes.len);
        if (late.row.part ? !fold_replace(st, &late.row, &late.part, pool, st->file.id, err)
                          : !place_replace(st, &late.row, pool, st->file.id, err))
            return false;
    }
    return true;
}

bool pending_settle(struct store *st, struct err *err)
{
    struct sql q;
    bool has_row = st->pending.is_spilled;

    if (st->pending.is_spilled)
        q = sql_begin(st, "SELECT bytes FROM temp.late_rows ORDER BY rowid");
    while (has_row) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (has_row && !settle(st, sql_blob_at(&q, 0), err)) {
            sql_end(&q);
            return false;
        }
    }
    if (!settle(st, buf_str(&st->pending.bytes), err) ||
        (st->pending.is_spilled && !sql_script(st, "DELETE FROM temp.late_rows", err)))
        return false;
    pending_forget(st);
    return fold_settle(st, err);
}

void pending_forget(struct store *st)
{
    buf_clear(&st->pending.bytes);
    st->pending.is_spilled = false;
}
