/*
 * dict: every text once. Ids are given out in the order in which the writer meets the texts, so
 * they do not depend on threads.
 *
 * What was looked up lately stays in memory, up to a bound: sessions and resources are endless in
 * real accounts, so a full memory is forgotten and filled again from the table. The hash only finds
 * candidates; bytes decide, in memory and in SQL.
 */
#include <stdlib.h>

#include "store/body.h"
#include "store/internal.h"

enum { ENTRIES_MAX = 1 << 18, POOL_MAX = 16 << 20 };

/* Members of a tuple: t text, n number. */
static const struct dict_table {
    const char *members;
    const char *last, *find, *add;
} tables[DICT_KINDS] = {
    [DICT_SCOPE] = {"ttttttt", "SELECT coalesce(max(id), 0) FROM scope",
                    "SELECT id FROM scope WHERE hash=? AND source IS ? AND account IS ? AND region "
                    "IS ? AND place IS ? AND "
                    "label IS ? AND hint IS ? AND path IS ?",
                    "INSERT INTO scope(id, hash, source, account, region, place, label, hint, "
                    "path) VALUES(?,?,?,?,?,?,?,?,?)"},
    [DICT_ACTOR] = {"ttn", "SELECT coalesce(max(id), 0) FROM actor",
                    "SELECT id FROM actor WHERE hash=? AND name IS ? AND native IS ? AND type=?",
                    "INSERT INTO actor(id, hash, name, native, type) VALUES(?,?,?,?,?)"},
    [DICT_PRINCIPAL] = {"ntttn", "SELECT coalesce(max(id), 0) FROM principal",
                        "SELECT id FROM principal WHERE hash=? AND actor=? AND via IS ? AND "
                        "session IS ? AND credential IS ? "
                        "AND mfa=?",
                        "INSERT INTO principal(id, hash, actor, via, session, credential, mfa) "
                        "VALUES(?,?,?,?,?,?,?)"},
    [DICT_ACTION] =
        {"ttn", "SELECT coalesce(max(id), 0) FROM action",
         "SELECT id FROM action WHERE hash=? AND service IS ? AND action IS ? AND verb=?",
         "INSERT INTO action(id, hash, service, action, verb) VALUES(?,?,?,?,?)"},
    [DICT_RESOURCE] = {"tt", "SELECT coalesce(max(id), 0) FROM resource",
                       "SELECT id FROM resource WHERE hash=? AND name IS ? AND type IS ?",
                       "INSERT INTO resource(id, hash, name, type) VALUES(?,?,?,?)"},
    [DICT_ADDRESS] = {"t", "SELECT coalesce(max(id), 0) FROM address",
                      "SELECT id FROM address WHERE hash=? AND ip IS ?",
                      "INSERT INTO address(id, hash, ip) VALUES(?,?,?)"},
    [DICT_AGENT] = {"t", "SELECT coalesce(max(id), 0) FROM agent",
                    "SELECT id FROM agent WHERE hash=? AND name IS ?",
                    "INSERT INTO agent(id, hash, name) VALUES(?,?,?)"},
    [DICT_ERROR] = {"t", "SELECT coalesce(max(id), 0) FROM error",
                    "SELECT id FROM error WHERE hash=? AND code IS ?",
                    "INSERT INTO error(id, hash, code) VALUES(?,?,?)"},
};

/* Tuples are written by this program a moment ago: they are what they should be. */
static void bind_tuple(struct sql *q, const char *members, str tuple)
{
    for (; *members; members++) {
        uint64_t n = 0;

        if (!varint_get(&tuple, &n))
            return;
        if (*members == 'n') {
            sql_int(q, (int64_t)n);
        } else {
            sql_text(q, str_part(tuple, 0, n ? (size_t)n - 1 : 0));
            tuple = str_part(tuple, n ? (size_t)n - 1 : 0, tuple.len);
        }
    }
}

static void slots_grow(struct dict *d)
{
    size_t nslots = d->nslots ? d->nslots * 2 : 256;
    struct dict_entry *slots = xmalloc(nslots * sizeof *slots);

    memset(slots, 0, nslots * sizeof *slots);
    for (size_t i = 0; i < d->nslots; i++) {
        size_t at = d->slots[i].hash & (nslots - 1);

        if (!d->slots[i].id)
            continue;
        while (slots[at].id)
            at = (at + 1) & (nslots - 1);
        slots[at] = d->slots[i];
    }
    free(d->slots);
    d->slots = slots;
    d->nslots = nslots;
}

static void remember(struct dict *d, str tuple, uint64_t hash, int64_t id)
{
    size_t at;

    if (d->count >= ENTRIES_MAX || d->pool.len + tuple.len > POOL_MAX) {
        memset(d->slots, 0, d->nslots * sizeof *d->slots);
        d->count = 0;
        d->is_complete = false;
        buf_clear(&d->pool);
    }
    if (d->count * 2 >= d->nslots)
        slots_grow(d);
    at = hash & (d->nslots - 1);
    while (d->slots[at].id)
        at = (at + 1) & (d->nslots - 1);
    d->slots[at] = (struct dict_entry){hash, d->pool.len, tuple.len, id};
    d->count++;
    buf_add(&d->pool, tuple);
}

static bool start(struct store *st, enum dict_kind kind, struct err *err)
{
    struct sql q = sql_begin(st, tables[kind].last);
    struct dict *d = &st->dicts[kind];
    bool has_row;

    if (!sql_row(&q, &has_row, err))
        return false;
    d->last_id = sql_int_at(&q, 0);
    d->is_complete = d->last_id == 0;
    sql_end(&q);
    return true;
}

static bool find(struct store *st, enum dict_kind kind, str tuple, uint64_t hash, int64_t *id,
                 struct err *err)
{
    struct sql q = sql_begin(st, tables[kind].find);
    bool has_row;

    sql_int(&q, (int64_t)hash);
    bind_tuple(&q, tables[kind].members, tuple);
    if (!sql_row(&q, &has_row, err))
        return false;
    *id = has_row ? sql_int_at(&q, 0) : 0;
    sql_end(&q);
    return true;
}

static bool add(struct store *st, enum dict_kind kind, str tuple, uint64_t hash, int64_t *id,
                struct err *err)
{
    struct sql q = sql_begin(st, tables[kind].add);

    *id = ++st->dicts[kind].last_id;
    sql_int(&q, *id);
    sql_int(&q, (int64_t)hash);
    bind_tuple(&q, tables[kind].members, tuple);
    return sql_run(&q, err);
}

bool dict_id(struct store *st, enum dict_kind kind, str tuple, uint64_t hash, int64_t *id,
             struct err *err)
{
    struct dict *d = &st->dicts[kind];

    if (d->last_id < 0 && !start(st, kind, err))
        return false;
    if (d->nslots) {
        for (size_t at = hash & (d->nslots - 1); d->slots[at].id; at = (at + 1) & (d->nslots - 1)) {
            const struct dict_entry *e = &d->slots[at];

            if (e->hash == hash && e->len == tuple.len &&
                memcmp(d->pool.ptr + e->at, tuple.ptr, tuple.len) == 0) {
                *id = e->id;
                return true;
            }
        }
    }
    *id = 0;
    if (!d->is_complete && !find(st, kind, tuple, hash, id, err))
        return false;
    if (!*id && !add(st, kind, tuple, hash, id, err))
        return false;
    remember(d, tuple, hash, *id);
    return true;
}

void dict_forget(struct dict *d)
{
    if (d->nslots)
        memset(d->slots, 0, d->nslots * sizeof *d->slots);
    d->count = 0;
    d->last_id = -1;
    d->is_complete = false;
    buf_clear(&d->pool);
}

void dict_free(struct dict *d)
{
    free(d->slots);
    buf_free(&d->pool);
    *d = (struct dict){.last_id = -1};
}
