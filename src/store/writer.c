/*
 * writer: a batch into the database.
 *
 * Most rows are new and want a free key: they go in sorted by key through feed.c. The few that meet
 * somebody (a copy, another event with the same 30 bits) are placed one by one afterwards, when
 * what hangs off the others is in, so that they may move those.
 *
 * Then the records are judged: a record is a duplicate when none of its events stands.
 */
#include <stdlib.h>

#include "store/body.h"
#include "store/hash.h"
#include "store/internal.h"

/* --- ids -------------------------------------------------------------------------------------- */

static str tuple_bytes(const struct batch *b, const struct tuple *t)
{
    return (str){b->pool.ptr + t->at, t->len};
}

/* The environment map also looks at what came with the file. */
static bool intern_scope(struct store *st, struct batch *b, struct tuple *t, str hint, str fits,
                         struct err *err)
{
    const str more[] = {hint, fits};

    buf_clear(&b->scratch);
    buf_add(&b->scratch, tuple_bytes(b, t));
    for (size_t i = 0; i < 2; i++) {
        char bytes[10];

        buf_add(&b->scratch, (str){bytes, varint_put(bytes, more[i].len ? more[i].len + 1 : 0)});
        buf_add(&b->scratch, more[i]);
    }
    return dict_id(st, DICT_SCOPE, buf_str(&b->scratch),
                   hash_bytes(DICT_SCOPE + 1, b->scratch.ptr, b->scratch.len), &t->id, err);
}

/* The number of the actor in the batch gives way to its id. */
static bool intern_principal(struct store *st, struct batch *b, struct tuple *t, int64_t actor,
                             struct err *err)
{
    str rest = tuple_bytes(b, t);
    uint64_t number;
    char bytes[10];

    if (!varint_get(&rest, &number))
        return err_set(err, ERR_INTEGRITY, "a batch is damaged");
    buf_clear(&b->scratch);
    buf_add(&b->scratch, (str){bytes, varint_put(bytes, (uint64_t)actor)});
    buf_add(&b->scratch, rest);
    return dict_id(st, DICT_PRINCIPAL, buf_str(&b->scratch), t->hash, &t->id, err);
}

bool row_intern(struct store *st, struct batch *b, struct row *row, str hint, str fits,
                struct err *err)
{
    for (int kind = 0; kind < DICT_KINDS; kind++) {
        struct tuple *t;
        bool ok = true;

        if (!row->dict[kind])
            continue;
        t = &b->dicts[kind].items[row->dict[kind] - 1];
        if (!t->id) {
            if (kind == DICT_SCOPE)
                ok = intern_scope(st, b, t, hint, fits, err);
            else if (kind == DICT_PRINCIPAL)
                ok = intern_principal(st, b, t, row->dict[DICT_ACTOR], err);
            else
                ok = dict_id(st, (enum dict_kind)kind, tuple_bytes(b, t), t->hash, &t->id, err);
        }
        if (!ok)
            return false;
        row->dict[kind] = t->id;
    }
    return true;
}

/* --- order ------------------------------------------------------------------------------------ */

struct keyed {
    int64_t key;
    uint32_t row;
};

/* Least significant digit first, 11 bits a digit, digits that are the same in all keys left out:
 * events of a batch are close together, so the upper half of the key costs nothing. */
static void radix_sort(struct keyed *keys, struct keyed *spare, size_t n)
{
    uint64_t all_or = 0, all_and = UINT64_MAX;
    struct keyed *from = keys, *to = spare;

    for (size_t i = 0; i < n; i++) {
        all_or |= (uint64_t)keys[i].key;
        all_and &= (uint64_t)keys[i].key;
    }
    for (unsigned shift = 0; shift < 64; shift += 11) {
        size_t starts[2048] = {0}, sum = 0;
        struct keyed *swap = from;

        if ((((all_or ^ all_and) >> shift) & 2047) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            starts[((uint64_t)from[i].key >> shift) & 2047]++;
        for (size_t d = 0; d < 2048; d++) {
            size_t count = starts[d];

            starts[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[starts[((uint64_t)from[i].key >> shift) & 2047]++] = from[i];
        from = to;
        to = swap;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
}

static int row_cmp(const struct row *a, const struct row *b)
{
    int by_eid = memcmp(a->eid, b->eid, EID_SIZE);

    if (by_eid)
        return by_eid;
    if (a->mark != b->mark)
        return a->mark < b->mark ? -1 : 1;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Rows that stand alone, by (home, eid, mark, offset). The sort is stable, so few of equal keys are
 * out of order. */
static size_t order_rows(const struct batch *b, uint32_t *order, struct arena *a)
{
    struct keyed *keys = arena_new(a, struct keyed, b->nrows),
                 *spare = arena_new(a, struct keyed, b->nrows);
    size_t n = 0;

    for (size_t i = 0; i < b->nrows; i++)
        if (!b->rows[i].part)
            keys[n++] = (struct keyed){b->rows[i].home, (uint32_t)i};
    radix_sort(keys, spare, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = i;

        for (; at > 0 && keys[at - 1].key == keys[i].key &&
               row_cmp(&b->rows[order[at - 1]], &b->rows[keys[i].row]) > 0;
             at--)
            order[at] = order[at - 1];
        order[at] = keys[i].row;
    }
    return n;
}

/* --- the rows --------------------------------------------------------------------------------- */

static bool write_free(struct store *st, const struct batch *b, const uint32_t *order, size_t n,
                       const bool *inserted, bool *stands, struct err *err)
{
    str pool = buf_str(&b->pool);

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &b->rows[order[i]];
        struct tally t = row_tally(row);

        if (!inserted[i])
            continue;
        stands[order[i]] = true;
        rollup_add(st, &t);
        if (row->blob_len &&
            !extras_insert(st, row->home, str_part(pool, row->blob, row->blob + row->blob_len),
                           STR_NONE, err))
            return false;
    }
    return true;
}

static bool write_met(struct store *st, const struct batch *b, const uint32_t *order, size_t n,
                      const bool *inserted, bool *stands, struct err *err)
{
    str pool = buf_str(&b->pool);

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &b->rows[order[i]];
        enum placing how;
        int64_t key;

        if (inserted[i])
            continue;
        if (!place_row(st, row, pool, st->file.id, STR_NONE, NULL, &how, &key, err))
            return false;
        stands[order[i]] = how == PLACED_NEW;
        if (how == PLACED_PENDING)
            pending_add(st, row, NULL, pool);
    }
    return true;
}

/* The source is the first text of the scope. */
static str row_source(const struct batch *b, uint32_t scope)
{
    str rest = tuple_bytes(b, &b->dicts[DICT_SCOPE].items[scope - 1]);
    uint64_t n = 0;

    return varint_get(&rest, &n) && n ? str_part(rest, 0, (size_t)n - 1) : STR_NONE;
}

/* Before the ids are exchanged: fold_add wants the scope as the batch has it. */
static bool write_parts(struct store *st, const struct batch *b, bool *stands, struct err *err)
{
    str pool = buf_str(&b->pool);

    for (size_t i = 0; i < b->nrows; i++) {
        const struct row *row = &b->rows[i];
        const struct part *part;
        enum placing how;
        str source;

        if (!row->part)
            continue;
        part = &b->parts[row->part - 1];
        source = row_source(b, (uint32_t)row->dict[DICT_SCOPE]);
        if (!fold_add(st, row, part, pool, source, st->file.id, &how, err))
            return false;
        stands[i] = how == PLACED_NEW;
        if (how == PLACED_PENDING)
            pending_add(st, row, part, pool);
    }
    return true;
}

/* --- the records ------------------------------------------------------------------------------ */

static bool share_record(struct store *st, const struct row *row, size_t standing, struct err *err)
{
    struct sql q =
        sql_begin(st, "INSERT INTO shared_record VALUES(?,?,?) "
                      "ON CONFLICT DO UPDATE SET standing = standing + excluded.standing");

    sql_int(&q, st->file.id);
    sql_int(&q, (int64_t)row->record);
    sql_int(&q, (int64_t)standing);
    return sql_run(&q, err);
}

static bool judge_records(struct store *st, const struct batch *b, const bool *stands,
                          struct err *err)
{
    struct open_file *f = &st->file;

    for (size_t first = 0, end; first < b->nrows; first = end) {
        size_t standing = 0;

        for (end = first; end < b->nrows && b->rows[end].record == b->rows[first].record; end++) {
            int64_t sec = b->rows[end].home >> 30;

            standing += stands[end];
            if (sec && (!f->has_span || sec < f->first))
                f->first = sec;
            if (sec && (!f->has_span || sec > f->last))
                f->last = sec;
            f->has_span |= sec != 0;
        }
        f->gave++;
        f->standing += standing;
        f->duplicate += standing == 0;
        if (end - first > 1 && !share_record(st, &b->rows[first], standing, err))
            return false;
    }
    return true;
}

static bool write_issues(struct store *st, const struct batch *b, struct err *err)
{
    for (const struct issue *i = b->issues; i; i = i->next) {
        struct sql q = sql_begin(
            st, "INSERT INTO issue_row(file, kind, record, offset, line, reason, excerpt) "
                "VALUES(?,?,?,?,?,?,?)");

        sql_int(&q, st->file.id);
        sql_text(&q, str_from(issue_kind_name(i->kind)));
        sql_int_or_null(&q, i->has_place, (int64_t)i->record);
        sql_int_or_null(&q, i->has_place, (int64_t)i->offset);
        sql_int_or_null(&q, i->line != 0, (int64_t)i->line);
        sql_text(&q, str_or(i->reason, STR("no reason given")));
        sql_text(&q, i->excerpt);
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

/* --- the batch -------------------------------------------------------------------------------- */

bool store_write(struct store *st, int64_t file, struct batch *b, struct err *err)
{
    struct arena a = {0};
    uint32_t *order = arena_new(&a, uint32_t, b->nrows);
    bool *inserted = arena_new(&a, bool, b->nrows), *stands = arena_new(&a, bool, b->nrows);
    size_t n;
    bool ok = false;

    if (file != st->file.id || !file) {
        err_set(err, ERR_IO, "a batch came for a file that is not open");
        goto done;
    }
    st->is_changed = true;
    if (!write_parts(st, b, stands, err))
        goto done;
    for (size_t i = 0; i < b->nrows; i++)
        if (!b->rows[i].part && !row_intern(st, b, &b->rows[i], st->file.hint, st->file.fits, err))
            goto done;
    n = order_rows(b, order, &a);
    if (n && !feed_insert(st, b, order, n, file, inserted, err))
        goto done;
    if (!write_free(st, b, order, n, inserted, stands, err) ||
        !write_met(st, b, order, n, inserted, stands, err) || !judge_records(st, b, stands, err) ||
        !fold_settle(st, err) || !write_issues(st, b, err) || !pending_spill(st, err) ||
        !rollup_flush_when_full(st, err))
        goto done;
    st->file.counts.read += b->counts.read;
    st->file.counts.rejected += b->counts.rejected;
    st->file.counts.not_event += b->counts.not_event;
    st->file.counts.text += b->counts.text;
    ok = true;
done:
    arena_free(&a);
    return ok;
}
