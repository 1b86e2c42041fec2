/*
 * place: where an event stands.
 *
 * Event keys are a table with linear probing, one slot a key: an event wants key `home` and stands
 * at the first free key from there on. Events that compete for keys stand in the order of (home,
 * eid, mark), whoever came first. That makes the keys of a set of events depend on the set alone:
 * adding shifts what sorts behind, removing shifts it back. Both are rare (two events of one second
 * with the same 30 bits) and cost a few updates.
 *
 * Rows with the same eid and mark are copies: one stands. The same eid and another mark is a
 * conflict: both stand, and both carry `clash`, which becomes part of the public id. An id is only
 * compared within its second; elsewhere it is another event.
 */
#include "store/internal.h"

struct tally row_tally(const struct row *row)
{
    return (struct tally){
        .sec = row->home >> 30,
        .scope = row->dict[DICT_SCOPE],
        .actor = row->dict[DICT_ACTOR],
        .action = row->dict[DICT_ACTION],
        .error = row->dict[DICT_ERROR],
        .outcome = row->outcome,
        .is_write = row->is_write,
        .is_fact = row->is_fact,
    };
}

/* --- one row ---------------------------------------------------------------------------------- */

static void bind_native(struct sql *q, const struct row *row, str pool)
{
    switch ((enum native_kind)row->native_kind) {
    case NATIVE_IS_EID:
        sql_null(q);
        break;
    case NATIVE_NONE:
        sql_empty_text(q);
        break;
    case NATIVE_UUID:
        sql_blob(q, pool.ptr + row->native, row->native_len);
        break;
    case NATIVE_TEXT:
        sql_text(q, str_part(pool, row->native, row->native + row->native_len));
        break;
    }
}

static bool insert_at(struct store *st, int64_t key, const struct row *row, str pool, int64_t file,
                      bool is_clash, struct err *err)
{
    struct sql q = sql_begin(
        st, "INSERT INTO event_row VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    static const enum dict_kind refs[] = {DICT_PRINCIPAL, DICT_ACTOR, DICT_ACTION,  DICT_ERROR,
                                          DICT_ADDRESS,   DICT_AGENT, DICT_RESOURCE};

    sql_int(&q, key);
    sql_int(&q, row->dict[DICT_SCOPE]);
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
        sql_int_or_null(&q, row->dict[refs[i]] != 0, row->dict[refs[i]]);
    sql_int(&q, row->outcome);
    sql_int(&q, row->channel);
    sql_int(&q, row->is_write);
    sql_int(&q, row->is_login);
    sql_int(&q, row->is_fact);
    sql_int_or_null(&q, row->sub != 0, (int64_t)row->sub);
    sql_int(&q, file);
    sql_int(&q, (int64_t)row->record);
    sql_int(&q, (int64_t)row->offset);
    sql_int(&q, (int64_t)row->length);
    sql_blob(&q, row->eid, EID_SIZE);
    bind_native(&q, row, pool);
    sql_int(&q, (int64_t)row->mark);
    sql_int_or_null(&q, is_clash, (int64_t)(row->mark & 0xffff));
    return sql_run(&q, err);
}

static bool delete_at(struct store *st, int64_t key, struct err *err)
{
    struct sql q = sql_begin(st, "DELETE FROM event_row WHERE id=?");

    sql_int(&q, key);
    return sql_run(&q, err) && extras_delete(st, key, err);
}

static bool move(struct store *st, int64_t from, int64_t to, struct err *err)
{
    struct sql q = sql_begin(st, "UPDATE event_row SET id=? WHERE id=?");

    sql_int(&q, to);
    sql_int(&q, from);
    return sql_run(&q, err) && extras_move(st, from, to, err);
}

/* --- the run of taken keys -------------------------------------------------------------------- */

enum { WALKED_MOST = 16 }; /* rows of a run, one by one, before it is searched */

struct standing { /* a row of the run, as far as placing looks at it */
    int64_t key, home, mark, file, record, offset;
    unsigned char eid[EID_SIZE];
    bool is_clash;
};

static struct sql run_begin(struct store *st, int64_t key)
{
    struct sql q = sql_begin(st, "SELECT id, eid, mark, file, record, offset, clash FROM event_row "
                                 "WHERE id >= ? ORDER BY id");

    sql_int(&q, key);
    return q;
}

/* The next row while keys follow one another; *more false behind the last. */
static bool run_next(struct sql *q, int64_t want_key, struct standing *s, bool *more,
                     struct err *err)
{
    str eid;

    if (!sql_row(q, more, err))
        return false;
    if (*more && sql_int_at(q, 0) != want_key) {
        *more = false;
        sql_end(q);
    }
    if (!*more)
        return true;
    eid = sql_blob_at(q, 1);
    if (eid.len != EID_SIZE) {
        sql_end(q);
        return err_set(err, ERR_INTEGRITY, "database '%s': event %lld has no proper id",
                       q->st->path, (long long)want_key);
    }
    memcpy(s->eid, eid.ptr, EID_SIZE);
    s->key = want_key;
    s->home = event_home(want_key >> 30, s->eid);
    s->mark = sql_int_at(q, 2);
    s->file = sql_int_at(q, 3);
    s->record = sql_int_at(q, 4);
    s->offset = sql_int_at(q, 5);
    s->is_clash = !sql_is_null(q, 6);
    return true;
}

static int order(const struct standing *s, const struct row *row)
{
    int by_eid = memcmp(s->eid, row->eid, EID_SIZE);

    if (s->home != row->home)
        return s->home < row->home ? -1 : 1;
    if (by_eid)
        return by_eid;
    return (uint64_t)s->mark == row->mark ? 0 : (uint64_t)s->mark < row->mark ? -1 : 1;
}

/* What a row finds where it wants to stand. */
struct found {
    int64_t key;   /* where it stands or has to go */
    bool is_there; /* a copy stands there: `copy` */
    bool is_taken; /* somebody else stands there and has to move on */
    bool is_clash; /* the run has other contents under its id */
    struct standing copy;
};

static bool is_same_id(const struct standing *s, const struct row *row)
{
    return s->home == row->home && memcmp(s->eid, row->eid, EID_SIZE) == 0;
}

/* Does a row with another id that sorts before this one stand at `key`? Then all keys from home to
 * there are taken by such rows. */
static bool is_before(struct store *st, int64_t key, const struct row *row, bool *before,
                      struct err *err)
{
    struct sql q = run_begin(st, key);
    struct standing s = {0};
    bool is_taken;

    if (!run_next(&q, key, &s, &is_taken, err))
        return false;
    if (is_taken)
        sql_end(&q);
    *before = is_taken && !is_same_id(&s, row) && order(&s, row) < 0;
    return true;
}

/* From *key to the first that is not before: in ever longer steps, then by halves. Whoever makes up
 * ids that all want one key shall not make every placing walk past all of them. */
static bool skip_before(struct store *st, const struct row *row, int64_t *key, struct err *err)
{
    int64_t low = *key, high, step = 1;
    bool before;

    for (;; low += step, step *= 2) {
        if (!is_before(st, low + step - 1, row, &before, err))
            return false;
        if (!before)
            break;
    }
    for (high = low + step - 1; low < high;) {
        int64_t mid = low + (high - low) / 2;

        if (!is_before(st, mid, row, &before, err))
            return false;
        if (before)
            low = mid + 1;
        else
            high = mid;
    }
    *key = low;
    return true;
}

static bool find(struct store *st, const struct row *row, struct found *f, struct err *err)
{
    struct sql q = run_begin(st, row->home);
    struct standing s = {0};
    int64_t key = row->home;
    bool more, is_placed = false;

    *f = (struct found){.key = row->home};
    for (;; key++) {
        bool same_id;

        if (key == row->home + WALKED_MOST && !is_placed && !f->is_clash) {
            sql_end(&q);
            if (!skip_before(st, row, &key, err))
                return false;
            q = run_begin(st, key);
        }
        if (!run_next(&q, key, &s, &more, err))
            return false;
        if (!more)
            break;
        same_id = is_same_id(&s, row);
        if (same_id && (uint64_t)s.mark == row->mark) {
            f->is_there = true;
            f->key = key;
            f->copy = s;
            sql_end(&q);
            return true;
        }
        f->is_clash |= same_id;
        if (!is_placed && order(&s, row) > 0) {
            is_placed = f->is_taken = true;
            f->key = key;
        }
        if (is_placed && !same_id) {
            sql_end(&q);
            break;
        }
    }
    if (!is_placed)
        f->key = key;
    if (f->key >> 30 != row->home >> 30)
        return err_set(err, ERR_DATA,
                       "more than %d different events claim one id within one second", HOME_SLACK);
    return true;
}

/* Everybody from `key` on to the first free key moves up by one. */
static bool shift_up(struct store *st, int64_t key, struct err *err)
{
    struct sql q = run_begin(st, key);
    struct standing s;
    int64_t end = key;
    bool more = true;

    while (more) {
        if (!run_next(&q, end, &s, &more, err))
            return false;
        end += more;
    }
    if (end >> 30 != key >> 30)
        return err_set(err, ERR_DATA,
                       "more than %d different events claim one id within one second", HOME_SLACK);
    for (; end > key; end--)
        if (!move(st, end - 1, end, err))
            return false;
    return true;
}

/* Those behind a freed key move back, as far as they want to. */
static bool shift_down(struct store *st, int64_t freed, struct err *err)
{
    for (;; freed++) {
        struct sql q = run_begin(st, freed + 1);
        struct standing s = {0};
        bool more;

        if (!run_next(&q, freed + 1, &s, &more, err))
            return false;
        if (more)
            sql_end(&q);
        if (!more || s.home > freed)
            return true;
        if (!move(st, freed + 1, freed, err))
            return false;
    }
}

/* --- placing ---------------------------------------------------------------------------------- */

static bool mark_clash(struct store *st, const struct row *row, struct err *err)
{
    struct sql q = sql_begin(
        st, "UPDATE event_row SET clash = mark & 65535 WHERE id BETWEEN ? AND ? AND eid = ?");

    eid_list_add(&st->conflicts, row->eid);
    sql_int(&q, row->home);
    sql_int(&q, row->home | ((INT64_C(1) << 30) - 1));
    sql_blob(&q, row->eid, EID_SIZE);
    return sql_run(&q, err);
}

bool place_row(struct store *st, const struct row *row, str pool, int64_t file, str records,
               const struct tally *was, enum placing *how, int64_t *key, struct err *err)
{
    struct found f;
    struct tally t = row_tally(row);

    if (!find(st, row, &f, err))
        return false;
    *key = f.key;
    if (f.is_there) {
        /* Of two copies in one file the first stands; in two files, the one in the file with the
         * lower digest, later. */
        *how = f.copy.file == file ? PLACED_DUPLICATE : PLACED_PENDING;
        return true;
    }
    *how = PLACED_NEW;
    if (f.is_taken && !shift_up(st, f.key, err))
        return false;
    if (!insert_at(st, f.key, row, pool, file, false, err) ||
        !extras_insert(st, f.key, str_part(pool, row->blob, row->blob + row->blob_len), records,
                       err))
        return false;
    if (f.is_clash && !mark_clash(st, row, err))
        return false;
    rollup_change(st, was, &t);
    return true;
}

static bool read_tally(struct store *st, int64_t key, struct tally *out, struct err *err)
{
    struct sql q = sql_begin(
        st,
        "SELECT scope, actor, action, error, outcome, is_write, is_fact FROM event_row WHERE id=?");
    bool has_row;

    sql_int(&q, key);
    if (!sql_row(&q, &has_row, err))
        return false;
    if (!has_row)
        return err_set(err, ERR_INTEGRITY, "database '%s': event %lld is missing", st->path,
                       (long long)key);
    *out = (struct tally){
        .sec = key >> 30,
        .scope = sql_int_at(&q, 0),
        .actor = sql_int_at(&q, 1),
        .action = sql_int_at(&q, 2),
        .error = sql_int_at(&q, 3),
        .outcome = (int)sql_int_at(&q, 4),
        .is_write = sql_int_at(&q, 5) != 0,
        .is_fact = sql_int_at(&q, 6) != 0,
    };
    sql_end(&q);
    return true;
}

bool place_replace(struct store *st, const struct row *row, str pool, int64_t file, struct err *err)
{
    struct sha256 mine, theirs;
    struct found f;
    struct tally was, is = row_tally(row);

    if (!find(st, row, &f, err))
        return false;
    if (!f.is_there || f.copy.file == file)
        return true;
    if (!file_sha256(st, file, &mine, err) || !file_sha256(st, f.copy.file, &theirs, err))
        return false;
    if (memcmp(mine.bytes, theirs.bytes, SHA256_SIZE) > 0)
        return true;
    if (!read_tally(st, f.key, &was, err) || !delete_at(st, f.key, err) ||
        !insert_at(st, f.key, row, pool, file, f.copy.is_clash, err) ||
        !extras_insert(st, f.key, str_part(pool, row->blob, row->blob + row->blob_len), STR_NONE,
                       err))
        return false;
    if (f.copy.is_clash)
        eid_list_add(&st->conflicts, row->eid);
    rollup_change(st, &was, &is);
    return record_loses(st, f.copy.file, f.copy.record, err) &&
           record_wins(st, file, (int64_t)row->record, err);
}

bool place_remove(struct store *st, int64_t key, struct tally *was, struct err *err)
{
    return read_tally(st, key, was, err) && delete_at(st, key, err) && shift_down(st, key, err);
}
