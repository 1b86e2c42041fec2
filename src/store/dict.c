/*
 * dict: texts by number. Ids are given out in the order in which the writer meets the texts, so
 * they do not depend on threads.
 *
 * Two memories. `recent` holds whole texts, and answers nearly always. `known` holds 32 bits of
 * hash and the id of every row, eight bytes each: a text whose hash is not there is new, without
 * asking the database; one whose hash is there is compared with the row. So a dictionary needs no
 * index, which would be written at random places and cost more than the rows (measured: 40 % of
 * ingest with a million addresses).
 *
 * Sessions and resources are endless in some accounts. Their `known` is forgotten at a million; a
 * text that comes again after that gets a second row, which no query notices, since queries compare
 * texts. Scopes, actors, actions and errors are keys of roll-ups and never forgotten.
 */
#include <stdlib.h>

#include "store/body.h"
#include "store/internal.h"

enum { RECENT_MAX = 1 << 16, RECENT_BYTES = 4 << 20, KNOWN_MAX = 1 << 20 };

#define SELECT(table, condition) "SELECT 1 FROM " table " WHERE id=? AND " condition
#define LOAD(table)              "SELECT id, hash FROM " table " ORDER BY id DESC LIMIT ?"

/* Members of a tuple: t text, n number. */
static const struct dict_table {
    const char *members;
    bool is_bounded;
    const char *load, *compare, *add;
} tables[DICT_KINDS] = {
    [DICT_SCOPE] = {"ttttttt", false, LOAD("scope"),
                    SELECT("scope", "source IS ? AND account IS ? AND region IS ? AND place IS ? "
                                    "AND label IS ? AND hint IS ? "
                                    "AND path IS ?"),
                    "INSERT INTO scope(id, hash, source, account, region, place, label, hint, "
                    "path) VALUES(?,?,?,?,?,?,?,?,?)"},
    [DICT_ACTOR] = {"ttn", false, LOAD("actor"),
                    SELECT("actor", "name IS ? AND native IS ? AND type=?"),
                    "INSERT INTO actor(id, hash, name, native, type) VALUES(?,?,?,?,?)"},
    [DICT_PRINCIPAL] = {"ntttn", true, LOAD("principal"),
                        SELECT(
                            "principal",
                            "actor=? AND via IS ? AND session IS ? AND credential IS ? AND mfa=?"),
                        "INSERT INTO principal(id, hash, actor, via, session, credential, mfa) "
                        "VALUES(?,?,?,?,?,?,?)"},
    [DICT_ACTION] = {"ttn", false, LOAD("action"),
                     SELECT("action", "service IS ? AND action IS ? AND verb=?"),
                     "INSERT INTO action(id, hash, service, action, verb) VALUES(?,?,?,?,?)"},
    [DICT_RESOURCE] = {"tt", true, LOAD("resource"), SELECT("resource", "name IS ? AND type IS ?"),
                       "INSERT INTO resource(id, hash, name, type) VALUES(?,?,?,?)"},
    [DICT_ADDRESS] = {"t", true, LOAD("address"), SELECT("address", "ip IS ?"),
                      "INSERT INTO address(id, hash, ip) VALUES(?,?,?)"},
    [DICT_AGENT] = {"t", true, LOAD("agent"), SELECT("agent", "name IS ?"),
                    "INSERT INTO agent(id, hash, name) VALUES(?,?,?)"},
    [DICT_ERROR] = {"t", false, LOAD("error"), SELECT("error", "code IS ?"),
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

/* --- recent: whole texts ---------------------------------------------------------------------- */

static void recent_forget(struct dict *d)
{
    if (d->recent)
        memset(d->recent, 0, 2 * RECENT_MAX * sizeof *d->recent);
    d->nrecent = 0;
    buf_clear(&d->pool);
}

static int64_t recent_find(const struct dict *d, str tuple, uint64_t hash)
{
    for (size_t at = hash % (2 * RECENT_MAX); d->recent && d->recent[at].id;
         at = (at + 1) % (2 * RECENT_MAX)) {
        const struct dict_entry *e = &d->recent[at];

        if (e->hash == hash && e->len == tuple.len &&
            memcmp(d->pool.ptr + e->at, tuple.ptr, tuple.len) == 0)
            return e->id;
    }
    return 0;
}

static void recent_add(struct dict *d, str tuple, uint64_t hash, int64_t id)
{
    size_t at = hash % (2 * RECENT_MAX);

    if (!d->recent)
        d->recent = xmalloc(2 * RECENT_MAX * sizeof *d->recent);
    if (!d->nrecent || d->nrecent >= RECENT_MAX || d->pool.len + tuple.len > RECENT_BYTES)
        recent_forget(d);
    while (d->recent[at].id)
        at = (at + 1) % (2 * RECENT_MAX);
    d->recent[at] = (struct dict_entry){hash, d->pool.len, tuple.len, id};
    d->nrecent++;
    buf_add(&d->pool, tuple);
}

/* --- known: hash and id of every row ---------------------------------------------------------- */

static void known_put(struct dict *d, uint32_t hash, int64_t id)
{
    size_t at = hash & (d->nknown_slots - 1);

    while (d->known[at].id)
        at = (at + 1) & (d->nknown_slots - 1);
    d->known[at] = (struct known){hash, (uint32_t)id};
}

static void known_resize(struct dict *d, size_t nslots)
{
    struct known *old = d->known;
    size_t nold = d->nknown_slots;

    d->known = xmalloc(nslots * sizeof *d->known);
    memset(d->known, 0, nslots * sizeof *d->known);
    d->nknown_slots = nslots;
    for (size_t i = 0; i < nold; i++)
        if (old[i].id)
            known_put(d, old[i].hash, old[i].id);
    free(old);
}

static void known_add(struct dict *d, uint32_t hash, int64_t id, bool is_bounded)
{
    if (is_bounded && d->nknown >= KNOWN_MAX) {
        memset(d->known, 0, d->nknown_slots * sizeof *d->known);
        d->nknown = 0;
    }
    if (d->nknown * 4 >= d->nknown_slots * 3)
        known_resize(d, d->nknown_slots ? d->nknown_slots * 2 : 256);
    known_put(d, hash, id);
    d->nknown++;
}

/* The rows of the table, or the last million of them. */
static bool known_load(struct store *st, enum dict_kind kind, struct err *err)
{
    struct sql q = sql_begin(st, tables[kind].load);
    struct dict *d = &st->dicts[kind];
    bool has_row;

    sql_int(&q, tables[kind].is_bounded ? KNOWN_MAX / 2 : INT64_MAX);
    for (d->last_id = 0;;) {
        if (!sql_row(&q, &has_row, err)) {
            d->last_id = -1;
            return false;
        }
        if (!has_row)
            return true;
        if (!d->last_id)
            d->last_id = sql_int_at(&q, 0);
        known_add(d, (uint32_t)sql_int_at(&q, 1), sql_int_at(&q, 0), false);
    }
}

static bool compare(struct store *st, enum dict_kind kind, str tuple, int64_t id, bool *is_same,
                    struct err *err)
{
    struct sql q = sql_begin(st, tables[kind].compare);

    sql_int(&q, id);
    bind_tuple(&q, tables[kind].members, tuple);
    if (!sql_row(&q, is_same, err))
        return false;
    if (*is_same)
        sql_end(&q);
    return true;
}

/* *id 0: the text is new. */
static bool known_find(struct store *st, enum dict_kind kind, str tuple, uint32_t hash, int64_t *id,
                       struct err *err)
{
    const struct dict *d = &st->dicts[kind];
    bool is_same = false;

    *id = 0;
    if (!d->nknown_slots)
        return true;
    for (size_t at = hash & (d->nknown_slots - 1); d->known[at].id;
         at = (at + 1) & (d->nknown_slots - 1)) {
        if (d->known[at].hash != hash)
            continue;
        if (!compare(st, kind, tuple, d->known[at].id, &is_same, err))
            return false;
        if (is_same) {
            *id = d->known[at].id;
            return true;
        }
    }
    return true;
}

static bool add(struct store *st, enum dict_kind kind, str tuple, uint32_t hash, int64_t *id,
                struct err *err)
{
    struct dict *d = &st->dicts[kind];
    struct sql q = sql_begin(st, tables[kind].add);

    if (d->last_id >= UINT32_MAX)
        return err_set(err, ERR_DATA,
                       "database '%s' is full: more than 4,294,967,295 different texts", st->path);
    *id = ++d->last_id;
    sql_int(&q, *id);
    sql_int(&q, (int32_t)hash);
    bind_tuple(&q, tables[kind].members, tuple);
    if (!sql_run(&q, err))
        return false;
    known_add(d, hash, *id, tables[kind].is_bounded);
    return true;
}

bool dict_id(struct store *st, enum dict_kind kind, str tuple, uint64_t hash, int64_t *id,
             struct err *err)
{
    struct dict *d = &st->dicts[kind];
    uint32_t short_hash = (uint32_t)(hash >> 32);

    *id = recent_find(d, tuple, hash);
    if (*id)
        return true;
    if ((d->last_id < 0 && !known_load(st, kind, err)) ||
        !known_find(st, kind, tuple, short_hash, id, err) ||
        (!*id && !add(st, kind, tuple, short_hash, id, err)))
        return false;
    recent_add(d, tuple, hash, *id);
    return true;
}

void dict_forget(struct dict *d)
{
    recent_forget(d);
    if (d->nknown_slots)
        memset(d->known, 0, d->nknown_slots * sizeof *d->known);
    d->nknown = 0;
    d->last_id = -1;
}

void dict_free(struct dict *d)
{
    free(d->recent);
    free(d->known);
    buf_free(&d->pool);
    *d = (struct dict){.last_id = -1};
}
