/*
 * fold: records that are parts of one act become one event.
 *
 * A cloud tells a long operation twice, at its start and at its end, perhaps in different files, in
 * any order. Each part is kept as it came; whenever one arrives, the event is made again from all
 * of them: time and actor from the lowest part that has them, outcome and error from the highest,
 * everything else from the lowest that says it, facts from all. So the order of arrival does not
 * matter.
 *
 * The merged event's id is that of the fold, its place is that of its lowest part.
 */
#include <stdlib.h>

#include "store/body.h"
#include "store/hash.h"
#include "store/internal.h"

/* --- parts ------------------------------------------------------------------------------------ */

static bool folded(struct store *st, int64_t file, int change, struct err *err)
{
    struct sql q = sql_begin(st, "UPDATE file_row SET folded = folded + ? WHERE id = ?");

    sql_int(&q, change);
    sql_int(&q, file);
    return sql_run(&q, err);
}

static void bind_part_key(struct sql *q, const struct row *row, const struct part *part)
{
    sql_blob(q, part->fold, EID_SIZE);
    sql_int(q, part->number);
    sql_int(q, row->home >> 30);
    sql_blob(q, row->eid, EID_SIZE);
    sql_int(q, (int64_t)row->mark);
}

struct part_copy { /* the copy of a part that stands */
    int64_t file, record, offset;
    bool is_there, is_led;
};

static bool part_find(struct store *st, const struct row *row, const struct part *part,
                      struct part_copy *out, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT file, record, offset, is_led FROM fold_part "
                                 "WHERE fold=? AND part=? AND t=? AND eid=? AND mark=?");

    *out = (struct part_copy){0};
    bind_part_key(&q, row, part);
    if (!sql_row(&q, &out->is_there, err))
        return false;
    if (!out->is_there)
        return true;
    out->file = sql_int_at(&q, 0);
    out->record = sql_int_at(&q, 1);
    out->offset = sql_int_at(&q, 2);
    out->is_led = sql_int_at(&q, 3) != 0;
    sql_end(&q);
    return true;
}

bool fold_add(struct store *st, const struct row *row, const struct part *part, str pool,
              str source, int64_t file, enum placing *how, struct err *err)
{
    struct part_copy copy;
    struct sql q;

    if (!part_find(st, row, part, &copy, err))
        return false;
    if (copy.is_there) {
        *how = copy.file == file ? PLACED_DUPLICATE : PLACED_PENDING;
        return true;
    }
    *how = PLACED_NEW;
    q = sql_begin(st, "INSERT INTO fold_part(fold, part, t, eid, mark, source, file, record, "
                      "offset, length, is_led, blob) "
                      "VALUES(?,?,?,?,?,?,?,?,?,?,1,?)");
    bind_part_key(&q, row, part);
    sql_text(&q, source);
    sql_int(&q, file);
    sql_int(&q, (int64_t)row->record);
    sql_int(&q, (int64_t)row->offset);
    sql_int(&q, (int64_t)row->length);
    sql_blob(&q, pool.ptr + row->blob, row->blob_len);
    eid_list_add(&st->folds, part->fold);
    return sql_run(&q, err) && folded(st, file, 1, err);
}

bool fold_replace(struct store *st, const struct row *row, const struct part *part, str pool,
                  int64_t file, struct err *err)
{
    struct sha256 mine, theirs;
    struct part_copy copy;
    struct sql q;

    if (!part_find(st, row, part, &copy, err))
        return false;
    if (!copy.is_there || copy.file == file)
        return true;
    if (!file_sha256(st, file, &mine, err) || !file_sha256(st, copy.file, &theirs, err))
        return false;
    if (memcmp(mine.bytes, theirs.bytes, SHA256_SIZE) > 0)
        return true;
    q = sql_begin(st, "UPDATE fold_part SET file=?, record=?, offset=?, length=?, blob=? "
                      "WHERE fold=? AND part=? AND t=? AND eid=? AND mark=?");
    sql_int(&q, file);
    sql_int(&q, (int64_t)row->record);
    sql_int(&q, (int64_t)row->offset);
    sql_int(&q, (int64_t)row->length);
    sql_blob(&q, pool.ptr + row->blob, row->blob_len);
    bind_part_key(&q, row, part);
    eid_list_add(&st->folds, part->fold);
    if (!sql_run(&q, err))
        return false;
    if (copy.is_led && (!folded(st, copy.file, -1, err) || !folded(st, file, 1, err)))
        return false;
    return record_loses(st, copy.file, copy.record, err) &&
           record_wins(st, file, (int64_t)row->record, err);
}

/* --- merging ---------------------------------------------------------------------------------- */

struct told { /* a part as it was told */
    struct event ev;
    const struct sha256 *sha;
    struct evidence where;
    int64_t file;
    str source;
    struct told *next;
};

static void first_text(str *into, str from)
{
    if (str_empty(*into))
        *into = from;
}

static void merge_texts(struct event *into, const struct event *from)
{
    first_text(&into->time_text, from->time_text);
    first_text(&into->service, from->service);
    first_text(&into->action, from->action);
    first_text(&into->account, from->account);
    first_text(&into->region, from->region);
    first_text(&into->place, from->place);
    first_text(&into->label, from->label);
    first_text(&into->source_ip, from->source_ip);
    first_text(&into->user_agent, from->user_agent);
    first_text(&into->run, from->run);
    first_text(&into->commit, from->commit);
    first_text(&into->change_request, from->change_request);
    first_text(&into->ticket, from->ticket);
    first_text(&into->request, from->request);
    first_text(&into->detail, from->detail);
    first_text(&into->native_id, from->native_id);
}

static void merge_actor(struct event *into, const struct event *from)
{
    if (!str_empty(into->actor) || !str_empty(into->actor_id))
        return;
    into->actor = from->actor;
    into->actor_id = from->actor_id;
    into->actor_type = from->actor_type;
    into->via = from->via;
    into->session = from->session;
    into->credential = from->credential;
    into->mfa = from->mfa;
}

/* Code and text belong to the outcome: an error of the start is none when the end says success. */
static void merge_outcome(struct event *into, const struct event *from)
{
    if (from->outcome == OUTCOME_UNKNOWN && str_empty(from->error) && str_empty(from->error_text))
        return;
    into->outcome = from->outcome;
    into->error = from->error;
    into->error_text = from->error_text;
}

/* The items of both, each once: a part often repeats what another said. */
static void merge_list(struct arena *a, const struct member_list *list, struct event *into,
                       const struct event *from)
{
    struct buf mine = {0}, theirs = {0};

    for (const void *item = body_pointer(from, list->head); item;
         item = body_pointer(item, list->next)) {
        char *link = (char *)into + list->head;
        bool is_there = false;
        void *copy;

        buf_clear(&theirs);
        body_put_item(&theirs, list, item);
        for (const void *had = body_pointer(into, list->head); had && !is_there;
             had = body_pointer(had, list->next)) {
            buf_clear(&mine);
            body_put_item(&mine, list, had);
            is_there = str_eq(buf_str(&mine), buf_str(&theirs));
            link = (char *)(uintptr_t)had + list->next;
        }
        if (is_there)
            continue;
        copy = arena_alloc(a, list->size, _Alignof(max_align_t));
        memcpy(copy, item, list->size);
        memset((char *)copy + list->next, 0, sizeof(void *));
        memcpy(link, &copy, sizeof copy);
    }
    buf_free(&mine);
    buf_free(&theirs);
}

static void merge(struct arena *a, struct event *into, const struct event *from)
{
    if (!into->time.is_set)
        into->time = from->time;
    merge_texts(into, from);
    merge_actor(into, from);
    merge_outcome(into, from);
    if (into->verb == VERB_UNKNOWN)
        into->verb = from->verb;
    if (into->channel == CHANNEL_UNKNOWN)
        into->channel = from->channel;
    if (str_empty(into->resource)) {
        into->resource = from->resource;
        into->resource_type = from->resource_type;
    }
    into->is_omitted |= from->is_omitted;
    into->is_fact_only &= from->is_fact_only;
    if (!into->snapshot)
        into->snapshot = from->snapshot;
    for (size_t i = 0; i < FACT_KINDS; i++)
        merge_list(a, &body_facts[i], into, from);
}

static bool told_load(struct store *st, const unsigned char fold[EID_SIZE], struct arena *a,
                      struct told **out, struct err *err)
{
    struct sql q = sql_begin(
        st, "SELECT source, file, record, offset, length, blob FROM fold_part WHERE fold=? "
            "ORDER BY part, t, eid, mark");
    bool has_row;

    sql_blob(&q, fold, EID_SIZE);
    for (;;) {
        struct told *t;
        str body;

        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        t = arena_new(a, struct told, 1);
        t->source = str_copy(a, sql_text_at(&q, 0));
        t->file = sql_int_at(&q, 1);
        t->where.record = (uint64_t)sql_int_at(&q, 2);
        t->where.offset = (uint64_t)sql_int_at(&q, 3);
        t->where.length = (uint64_t)sql_int_at(&q, 4);
        if (!blob_split(str_copy(a, sql_blob_at(&q, 5)), &t->sha, &body) ||
            !body_get(body, a, &t->ev)) {
            sql_end(&q);
            return err_set(err, ERR_INTEGRITY, "database '%s': a stored part of an act is damaged",
                           st->path);
        }
        *out = t;
        out = &t->next;
    }
}

static int number_cmp(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Numbers of the records in the file of the first part, "[3,9]"; absent when it is one. */
static str records_text(struct arena *a, const struct told *parts)
{
    uint64_t *numbers;
    size_t n = 0;
    struct buf text = {0};
    str out;

    for (const struct told *t = parts; t; t = t->next)
        n += t->file == parts->file;
    if (n < 2)
        return STR_NONE;
    numbers = arena_new(a, uint64_t, n);
    n = 0;
    for (const struct told *t = parts; t; t = t->next)
        if (t->file == parts->file)
            numbers[n++] = t->where.record;
    qsort(numbers, n, sizeof *numbers, number_cmp);
    for (size_t i = 0; i < n; i++)
        buf_print(&text, "%c%llu", i ? ',' : '[', (unsigned long long)numbers[i]);
    buf_addc(&text, ']');
    out = buf_str_copy(&text, a);
    buf_free(&text);
    return out;
}

/* --- the event -------------------------------------------------------------------------------- */

static bool event_of_fold(struct store *st, const unsigned char fold[EID_SIZE], int64_t *key,
                          bool *is_there, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT event FROM fold_row WHERE fold=?");

    sql_blob(&q, fold, EID_SIZE);
    if (!sql_row(&q, is_there, err))
        return false;
    if (*is_there)
        *key = sql_int_at(&q, 0);
    sql_end(&q);
    return true;
}

/* The lowest part leads; the file of each other one counts it as folded. */
static bool choose_leader(struct store *st, const unsigned char fold[EID_SIZE], struct err *err)
{
    struct sql q =
        sql_begin(st, "UPDATE file_row SET folded = folded + "
                      "(SELECT coalesce(sum(1 - is_led), 0) FROM fold_part AS p WHERE p.fold = ?1 "
                      "AND p.file = file_row.id)"
                      " WHERE id IN (SELECT file FROM fold_part WHERE fold = ?1 AND is_led = 0)");
    struct sql set, count;

    sql_blob(&q, fold, EID_SIZE);
    if (!sql_run(&q, err))
        return false;
    set = sql_begin(st, "UPDATE fold_part SET is_led = (part, t, eid, mark) <> (SELECT part, t, "
                        "eid, mark FROM fold_part "
                        "WHERE fold = ?1 ORDER BY part, t, eid, mark LIMIT 1) WHERE fold = ?1");
    sql_blob(&set, fold, EID_SIZE);
    if (!sql_run(&set, err))
        return false;
    count = sql_begin(st, "UPDATE file_row SET folded = folded - 1 WHERE id = (SELECT file FROM "
                          "fold_part WHERE fold = ?1 "
                          "AND is_led = 0)");
    sql_blob(&count, fold, EID_SIZE);
    return sql_run(&count, err);
}

/* The --env and the path patterns under which a file was read. */
static bool file_scope(struct store *st, int64_t file, struct arena *a, str *hint, str *fits,
                       struct err *err)
{
    struct sql q = sql_begin(st, "SELECT hint, fits FROM file_row WHERE id=?");
    bool has_row;

    sql_int(&q, file);
    if (!sql_row(&q, &has_row, err))
        return false;
    *hint = has_row ? str_copy(a, sql_text_at(&q, 0)) : STR_NONE;
    *fits = has_row ? str_copy(a, sql_text_at(&q, 1)) : STR_NONE;
    if (has_row)
        sql_end(&q);
    return true;
}

static bool place_merged(struct store *st, const unsigned char fold[EID_SIZE],
                         const struct told *parts, const struct tally *was, struct arena *a,
                         struct err *err)
{
    struct batch *b = batch_new();
    struct event ev = parts->ev;
    struct row *row;
    enum placing how;
    int64_t key = 0;
    str hint, fits;
    bool ok;

    for (const struct told *t = parts->next; t; t = t->next)
        merge(a, &ev, &t->ev);
    row = batch_row(b, str_z(a, parts->source), &ev, fold, &parts->where, parts->sha);
    ok = file_scope(st, parts->file, a, &hint, &fits, err) &&
         row_intern(st, b, row, hint, fits, err) &&
         place_row(st, row, buf_str(&b->pool), parts->file, records_text(a, parts), was, &how, &key,
                   err);
    batch_free(b);
    if (ok) {
        struct sql q = sql_begin(
            st,
            "INSERT INTO fold_row VALUES(?,?) ON CONFLICT DO UPDATE SET event = excluded.event");

        sql_blob(&q, fold, EID_SIZE);
        sql_int(&q, key);
        ok = sql_run(&q, err);
    }
    return ok;
}

static bool make_event(struct store *st, const unsigned char fold[EID_SIZE], struct err *err)
{
    struct arena a = {0};
    struct told *parts = NULL;
    struct tally was;
    int64_t key = 0;
    bool is_there, ok;

    ok = choose_leader(st, fold, err) && told_load(st, fold, &a, &parts, err) &&
         event_of_fold(st, fold, &key, &is_there, err) &&
         (!is_there || place_remove(st, key, &was, err)) &&
         (!parts || place_merged(st, fold, parts, is_there ? &was : NULL, &a, err));
    arena_free(&a);
    return ok;
}

bool fold_settle(struct store *st, struct err *err)
{
    for (size_t i = 0; i < st->folds.count; i++)
        if (!make_event(st, st->folds.ids[i], err))
            return false;
    st->folds.count = 0;
    return true;
}
