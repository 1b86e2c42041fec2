/*
 * facts: what hangs off an event: the table `more`, further resources, and one table per kind of
 * fact. Columns follow the member tables of body.c.
 */
#include "store/body.h"
#include "store/hash.h"
#include "store/internal.h"

static const char *const deletes[] = {
    "DELETE FROM grant_fact WHERE event=?",          "DELETE FROM exposure_fact WHERE event=?",
    "DELETE FROM change_seen WHERE event=?",         "DELETE FROM approval_seen WHERE event=?",
    "DELETE FROM change_request_seen WHERE event=?", "DELETE FROM commit_seen WHERE event=?",
    "DELETE FROM link_seen WHERE event=?",           "DELETE FROM snapshot_seen WHERE event=?",
    "DELETE FROM snapshot_resource WHERE event=?",
};

static const char *const moves[] = {
    "UPDATE more SET event=? WHERE event=?",
    "UPDATE event_resource_row SET event=? WHERE event=?",
    "UPDATE grant_fact SET event=? WHERE event=?",
    "UPDATE exposure_fact SET event=? WHERE event=?",
    "UPDATE change_seen SET event=? WHERE event=?",
    "UPDATE approval_seen SET event=? WHERE event=?",
    "UPDATE change_request_seen SET event=? WHERE event=?",
    "UPDATE commit_seen SET event=? WHERE event=?",
    "UPDATE link_seen SET event=? WHERE event=?",
    "UPDATE snapshot_seen SET event=? WHERE event=?",
    "UPDATE snapshot_resource SET event=? WHERE event=?",
    "UPDATE fold_row SET event=? WHERE event=?",
};

/* --- inserting -------------------------------------------------------------------------------- */

static void bind_member(struct sql *q, const struct member *m, const void *base)
{
    const char *p = (const char *)base + m->offset;

    switch (m->type) {
    case MEMBER_STR:
        sql_text(q, *(const str *)(const void *)p);
        break;
    case MEMBER_INSTANT: {
        const struct instant *t = (const void *)p;

        sql_int_or_null(q, t->is_set, instant_key(*t));
        break;
    }
    case MEMBER_COUNT: {
        int64_t v = *(const int64_t *)(const void *)p;

        sql_int_or_null(q, v != -1, v);
        break;
    }
    case MEMBER_TRI:
        sql_int_or_null(q, *(const int8_t *)p != -1, *(const int8_t *)p);
        break;
    case MEMBER_PORT:
        sql_int(q, *(const int32_t *)(const void *)p);
        break;
    case MEMBER_FLAG:
        sql_int(q, *(const bool *)(const void *)p);
        break;
    case MEMBER_ENUM:
        sql_int(q, *(const unsigned *)(const void *)p);
        break;
    }
}

/* `n` negative: a table with one row an event. */
static bool insert_item(struct store *st, const struct member_list *list, int64_t key, int64_t n,
                        const void *item, struct err *err)
{
    struct sql q = sql_begin(st, list->insert);

    sql_int(&q, key);
    if (n >= 0)
        sql_int(&q, n);
    for (size_t i = 0; i < list->nmembers; i++)
        bind_member(&q, &list->members[i], item);
    return sql_run(&q, err);
}

static bool insert_list(struct store *st, const struct member_list *list, int64_t key,
                        const void *base, struct err *err)
{
    int64_t n = 0;

    for (const void *item = body_pointer(base, list->head); item;
         item = body_pointer(item, list->next))
        if (!insert_item(st, list, key, n++, item, err))
            return false;
    return true;
}

static bool insert_resources(struct store *st, int64_t key, const struct event *ev, struct err *err)
{
    int64_t n = 0;

    for (const struct resource_ref *r = ev->more_resources; r; r = r->next) {
        struct sql q;
        str tuple;
        int64_t id;

        if (str_empty(r->id) && str_empty(r->type))
            continue;
        tuple = tuple_of_texts(&st->row_arena, (const str[]){r->id, r->type}, 2);
        if (!dict_id(st, DICT_RESOURCE, tuple, hash_bytes(DICT_RESOURCE + 1, tuple.ptr, tuple.len),
                     &id, err))
            return false;
        q = sql_begin(st, "INSERT INTO event_resource_row VALUES(?,?,?)");
        sql_int(&q, key);
        sql_int(&q, n++);
        sql_int(&q, id);
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

static bool insert_more(struct store *st, int64_t key, const struct event *ev,
                        const struct sha256 *sha, str records, struct err *err)
{
    const str texts[] = {ev->request,        ev->run,       ev->commit,
                         ev->change_request, ev->ticket,    ev->error_text,
                         ev->detail,         ev->time_text, records};
    struct sql q = sql_begin(st, "INSERT INTO more VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");

    sql_int(&q, key);
    if (sha)
        sql_blob(&q, sha->bytes, SHA256_SIZE);
    else
        sql_null(&q);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sql_text(&q, texts[i]);
    sql_int_or_null(&q, ev->is_omitted, 1);
    return sql_run(&q, err);
}

/* Facts always come with a row of `more`, so that an event without one is known to have none. */
static bool has_more(const struct event *ev)
{
    for (size_t i = 0; i < FACT_KINDS; i++)
        if (body_facts[i].insert && body_pointer(ev, body_facts[i].head))
            return true;
    return ev->snapshot || ev->is_omitted || !str_empty(ev->request) || !str_empty(ev->run) ||
           !str_empty(ev->commit) || !str_empty(ev->change_request) || !str_empty(ev->ticket) ||
           !str_empty(ev->error_text) || !str_empty(ev->detail) || !str_empty(ev->time_text);
}

bool extras_insert(struct store *st, int64_t key, str blob, str records, struct err *err)
{
    const struct sha256 *sha;
    struct event ev = {0};
    str body;

    if (!blob.len && str_empty(records))
        return true;
    arena_reset(&st->row_arena);
    if (!blob_split(blob, &sha, &body) || (body.len && !body_get(body, &st->row_arena, &ev)))
        return err_set(err, ERR_INTEGRITY, "database '%s': a stored record part is damaged",
                       st->path);
    if ((sha || records.len || has_more(&ev)) && !insert_more(st, key, &ev, sha, records, err))
        return false;
    if (!insert_resources(st, key, &ev, err))
        return false;
    for (size_t i = 0; i < FACT_KINDS; i++)
        if (body_facts[i].insert && !insert_list(st, &body_facts[i], key, &ev, err))
            return false;
    if (!ev.snapshot)
        return true;
    return insert_item(st, &body_snapshot, key, -1, ev.snapshot, err) &&
           insert_list(st, &body_snapshot_resource, key, ev.snapshot, err);
}

/* --- taking away, moving ---------------------------------------------------------------------- */

static bool run_with_key(struct store *st, const char *text, int64_t key, struct err *err)
{
    struct sql q = sql_begin(st, text);

    sql_int(&q, key);
    return sql_run(&q, err);
}

bool extras_delete(struct store *st, int64_t key, struct err *err)
{
    if (!run_with_key(st, "DELETE FROM event_resource_row WHERE event=?", key, err) ||
        !run_with_key(st, "DELETE FROM more WHERE event=?", key, err))
        return false;
    if (!sqlite3_changes(st->db))
        return true;
    for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++)
        if (!run_with_key(st, deletes[i], key, err))
            return false;
    return true;
}

bool extras_move(struct store *st, int64_t from, int64_t to, struct err *err)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct sql q = sql_begin(st, moves[i]);

        sql_int(&q, to);
        sql_int(&q, from);
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}
