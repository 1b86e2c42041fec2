/*
 * batch: filling a batch. Runs in parser threads, knows nothing of SQLite.
 *
 * Here events get their identity: the 128-bit id, the mark that tells a copy from a conflict, and
 * the key they want.
 */
#include "store/batch.h"

#include <stdlib.h>

#include "store/body.h"
#include "store/hash.h"

/* Seconds that still fit a key: the year 2242. */
#define SEC_MAX ((INT64_C(1) << 33) - 1)

struct batch *batch_new(void)
{
    struct batch *b = xmalloc(sizeof *b);

    *b = (struct batch){0};
    b->last_issue = &b->issues;
    return b;
}

void batch_free(struct batch *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < DICT_KINDS; i++) {
        free(b->dicts[i].items);
        free(b->dicts[i].slots);
    }
    free(b->rows);
    free(b->parts);
    buf_free(&b->pool);
    buf_free(&b->scratch);
    arena_free(&b->arena);
    free(b);
}

size_t batch_bytes(const struct batch *b)
{
    size_t bytes = sizeof *b + b->pool.cap + b->scratch.cap + b->arena.used_bytes +
                   b->rows_cap * sizeof *b->rows + b->parts_cap * sizeof *b->parts;

    for (size_t i = 0; i < DICT_KINDS; i++)
        bytes += b->dicts[i].cap * sizeof *b->dicts[i].items +
                 b->dicts[i].nslots * sizeof *b->dicts[i].slots;
    return bytes;
}

/* Room for one more in an array that doubles. */
static void *grow(void *array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return array;
    *cap = *cap ? *cap * 2 : 64;
    return xrealloc(array, *cap * size);
}

static size_t pool_add(struct batch *b, const void *bytes, size_t n)
{
    size_t at = b->pool.len;

    buf_add(&b->pool, (str){bytes, n});
    return at;
}

/* --- tuples ----------------------------------------------------------------------------------- */

static void tuple_number(struct buf *t, uint64_t v)
{
    buf_reserve(t, 10);
    t->len += varint_put(t->ptr + t->len, v);
}

static void tuple_text(struct buf *t, str s)
{
    buf_reserve(t, s.len + 10);
    t->len += varint_put(t->ptr + t->len, s.len ? (uint64_t)s.len + 1 : 0);
    if (s.len)
        memcpy(t->ptr + t->len, s.ptr, s.len);
    t->len += s.len;
}

static void dict_grow(struct local_dict *d)
{
    size_t nslots = d->nslots ? d->nslots * 2 : 64;

    free(d->slots);
    d->slots = xmalloc(nslots * sizeof *d->slots);
    memset(d->slots, 0, nslots * sizeof *d->slots);
    d->nslots = nslots;
    for (size_t i = 0; i < d->count; i++) {
        size_t at = d->items[i].hash & (nslots - 1);

        while (d->slots[at])
            at = (at + 1) & (nslots - 1);
        d->slots[at] = (uint32_t)i + 1;
    }
}

/* Number, from 1, of the tuple that stands in b->scratch. */
static uint32_t tuple_intern(struct batch *b, enum dict_kind kind, uint64_t hash)
{
    struct local_dict *d = &b->dicts[kind];
    size_t at;

    if (d->count * 2 >= d->nslots)
        dict_grow(d);
    for (at = hash & (d->nslots - 1); d->slots[at]; at = (at + 1) & (d->nslots - 1)) {
        const struct tuple *t = &d->items[d->slots[at] - 1];

        if (t->hash == hash && t->len == b->scratch.len &&
            memcmp(b->pool.ptr + t->at, b->scratch.ptr, t->len) == 0)
            return d->slots[at];
    }
    d->items = grow(d->items, d->count, &d->cap, sizeof *d->items);
    d->items[d->count] =
        (struct tuple){hash, pool_add(b, b->scratch.ptr, b->scratch.len), b->scratch.len, 0};
    d->slots[at] = (uint32_t)++d->count;
    return (uint32_t)d->count;
}

static void tuple_put(struct batch *b, const str *texts, size_t ntexts)
{
    buf_clear(&b->scratch);
    for (size_t i = 0; i < ntexts; i++)
        tuple_text(&b->scratch, texts[i]);
}

static uint32_t tuple_done(struct batch *b, enum dict_kind kind)
{
    return tuple_intern(b, kind, hash_bytes(kind + 1, b->scratch.ptr, b->scratch.len));
}

static uint32_t intern_text(struct batch *b, enum dict_kind kind, str text)
{
    if (str_empty(text))
        return 0;
    tuple_put(b, &text, 1);
    return tuple_done(b, kind);
}

static void intern_who(struct batch *b, const struct event *ev, int64_t dict[DICT_KINDS])
{
    const str means[] = {ev->via, ev->session, ev->credential};
    uint32_t actor;
    uint64_t hash;
    size_t at;

    if (str_empty(ev->actor) && str_empty(ev->actor_id) && !ev->actor_type && str_empty(ev->via) &&
        str_empty(ev->session) && str_empty(ev->credential) && !ev->mfa)
        return;
    tuple_put(b, (const str[]){ev->actor, ev->actor_id}, 2);
    tuple_number(&b->scratch, ev->actor_type);
    actor = tuple_done(b, DICT_ACTOR);
    /* The number of the actor differs from batch to batch and stays out of the hash; the actor's
     * own hash goes in. */
    hash = b->dicts[DICT_ACTOR].items[actor - 1].hash;
    buf_clear(&b->scratch);
    tuple_number(&b->scratch, actor);
    at = b->scratch.len;
    for (size_t i = 0; i < 3; i++)
        tuple_text(&b->scratch, means[i]);
    tuple_number(&b->scratch, ev->mfa);
    hash = hash_bytes(hash, b->scratch.ptr + at, b->scratch.len - at);
    dict[DICT_ACTOR] = actor;
    dict[DICT_PRINCIPAL] = tuple_intern(b, DICT_PRINCIPAL, hash);
}

static void intern_all(struct batch *b, const char *source, const struct event *ev,
                       int64_t dict[DICT_KINDS])
{
    tuple_put(b, (const str[]){str_from(source), ev->account, ev->region, ev->place, ev->label}, 5);
    dict[DICT_SCOPE] = tuple_done(b, DICT_SCOPE);
    intern_who(b, ev, dict);
    tuple_put(b, (const str[]){ev->service, ev->action}, 2);
    tuple_number(&b->scratch, ev->verb);
    dict[DICT_ACTION] = tuple_done(b, DICT_ACTION);
    if (!str_empty(ev->resource) || !str_empty(ev->resource_type)) {
        tuple_put(b, (const str[]){ev->resource, ev->resource_type}, 2);
        dict[DICT_RESOURCE] = tuple_done(b, DICT_RESOURCE);
    }
    dict[DICT_ADDRESS] = intern_text(b, DICT_ADDRESS, ev->source_ip);
    dict[DICT_AGENT] = intern_text(b, DICT_AGENT, ev->user_agent);
    dict[DICT_ERROR] = intern_text(b, DICT_ERROR, ev->error);
}

str tuple_of_texts(struct arena *a, const str *texts, size_t n)
{
    struct buf t = {0};
    str copy;

    for (size_t i = 0; i < n; i++)
        tuple_text(&t, texts[i]);
    copy = buf_str_copy(&t, a);
    buf_free(&t);
    return copy;
}

/* --- identity --------------------------------------------------------------------------------- */

int64_t event_home(int64_t sec, const unsigned char eid[EID_SIZE])
{
    uint32_t low =
        ((uint32_t)eid[0] << 24 | (uint32_t)eid[1] << 16 | (uint32_t)eid[2] << 8 | eid[3]) >> 2;

    if (low >= (UINT32_C(1) << 30) - HOME_SLACK)
        low -= HOME_SLACK;
    return sec * (INT64_C(1) << 30) + low;
}

/* A UUID as platforms print it: 8-4-4-4-12 lower-case digits. */
static bool uuid_parse(str s, unsigned char out[16])
{
    size_t n = 0;

    if (s.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        char c = s.ptr[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-')
                return false;
            continue;
        }
        if (digit < 0)
            return false;
        out[n / 2] = (unsigned char)(n % 2 ? out[n / 2] << 4 | digit : digit);
        n++;
    }
    return true;
}

/* Only versions whose digits are spread evenly (random or hashed) serve as ids: the first digits of
 * the others are a clock's, or somebody's counter, and the key and the public id are made of the
 * first digits. */
static bool uuid_is_even(const unsigned char u[16])
{
    unsigned version = u[6] >> 4;

    return (version == 3 || version == 4 || version == 5 || version == 8) && (u[8] & 0xc0) == 0x80;
}

static void hashed_eid(struct batch *b, const char *source, const char *what, str key, unsigned nth,
                       unsigned char out[EID_SIZE])
{
    struct sha256 d;

    buf_clear(&b->scratch);
    buf_addz(&b->scratch, source);
    buf_addc(&b->scratch, '\0');
    buf_addz(&b->scratch, what);
    buf_add(&b->scratch, key);
    if (nth) {
        buf_addc(&b->scratch, '\0');
        buf_print(&b->scratch, "%u", nth);
    }
    d = sha256_of(buf_str(&b->scratch));
    memcpy(out, d.bytes, EID_SIZE);
}

/* How many events of this record had this key before. A record either names itself in all of its
 * events, or each by itself. */
static unsigned nth_of_key(struct batch *b, uint64_t record, str key)
{
    uint64_t hash = hash_bytes(0, key.ptr, key.len);

    if (!b->has_record || b->record != record) {
        b->has_record = true;
        b->record = record;
        b->first_key = b->last_key = (struct seen_key){hash, 1};
        return 0;
    }
    if (hash == b->first_key.hash)
        return b->first_key.count++;
    if (hash != b->last_key.hash)
        b->last_key = (struct seen_key){hash, 0};
    return b->last_key.count++;
}

/* A record that gives several events without telling them apart: the first has the record's own id,
 * the others are numbered. */
static void event_eid(struct batch *b, const char *source, const struct event *ev,
                      const struct evidence *where, str record_bytes, const struct sha256 *sha,
                      unsigned char out[EID_SIZE])
{
    struct sha256 digest;
    str key = ev->native_id;
    unsigned nth;

    if (!str_empty(ev->dedupe) && !str_eq(ev->dedupe, ev->native_id)) {
        hashed_eid(b, source, "", ev->dedupe, 0, out);
        return;
    }
    if (str_empty(key)) { /* the record's bytes, by their digest */
        digest = sha ? *sha : sha256_of(record_bytes);
        key = (str){(const char *)digest.bytes, SHA256_SIZE};
    }
    nth = nth_of_key(b, where->record, key);
    if (nth > 0 || !uuid_parse(ev->native_id, out) || !uuid_is_even(out))
        hashed_eid(b, source, "", key, nth, out);
}

static uint64_t event_mark(const struct batch *b, const struct event *ev, int64_t sec,
                           const int64_t dict[DICT_KINDS])
{
    static const enum dict_kind kinds[] = {DICT_SCOPE,    DICT_PRINCIPAL, DICT_ACTION,
                                           DICT_RESOURCE, DICT_ADDRESS,   DICT_ERROR};
    uint64_t h =
        hash_add(hash_add(0, (uint64_t)sec), ev->time.is_set ? (uint64_t)ev->time.nsec : 0);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        h = hash_add(h, dict[kinds[i]] ? b->dicts[kinds[i]].items[dict[kinds[i]] - 1].hash : 0);
    return hash_mix(hash_add(h, ev->outcome));
}

/* --- rows ------------------------------------------------------------------------------------- */

static void row_native(struct batch *b, struct row *row, str native)
{
    unsigned char uuid[16];

    row->native_len = 0;
    if (str_empty(native)) {
        row->native_kind = NATIVE_NONE;
    } else if (!uuid_parse(native, uuid)) {
        row->native_kind = NATIVE_TEXT;
        row->native = pool_add(b, native.ptr, native.len);
        row->native_len = native.len;
    } else if (memcmp(uuid, row->eid, sizeof uuid) == 0) {
        row->native_kind = NATIVE_IS_EID;
    } else {
        row->native_kind = NATIVE_UUID;
        row->native = pool_add(b, uuid, sizeof uuid);
        row->native_len = sizeof uuid;
    }
}

static bool is_plain_read(const struct event *ev)
{
    return (ev->verb == VERB_READ || ev->verb == VERB_LIST) && ev->outcome == OUTCOME_SUCCESS;
}

static void row_blob(struct batch *b, struct row *row, const struct event *ev,
                     const struct sha256 *sha, bool is_whole)
{
    struct event kept = *ev;
    bool is_clamped = ev->time.is_set && ev->time.sec > SEC_MAX;
    bool has_body;

    /* The id of a request is only wanted where the act is, and would be half of the bytes of a
     * read. */
    if (is_plain_read(ev))
        kept.request = STR_NONE;
    if (is_clamped)
        kept.time_text = instant_text(ev->time, &b->arena);
    has_body = is_whole || body_is_needed(&kept);
    row->blob = b->pool.len;
    if (!has_body && !sha)
        return;
    buf_addc(&b->pool, sha ? 1 : 0);
    if (sha)
        buf_add(&b->pool, (str){(const char *)sha->bytes, SHA256_SIZE});
    if (has_body)
        body_put(&b->pool, &kept, is_whole);
    row->blob_len = b->pool.len - row->blob;
}

bool blob_split(str blob, const struct sha256 **sha, str *body)
{
    *sha = NULL;
    if (!blob.len) {
        *body = STR_NONE;
        return true;
    }
    if (blob.ptr[0] == 1) {
        if (blob.len < 1 + SHA256_SIZE)
            return false;
        *sha = (const struct sha256 *)(const void *)(blob.ptr + 1);
    }
    *body = str_part(blob, *sha ? 1 + SHA256_SIZE : 1, blob.len);
    return true;
}

struct row *batch_row(struct batch *b, const char *source, const struct event *ev,
                      const unsigned char eid[EID_SIZE], const struct evidence *where,
                      const struct sha256 *sha)
{
    int64_t sec = !ev->time.is_set         ? 0
                  : ev->time.sec > SEC_MAX ? SEC_MAX
                  : ev->time.sec < 0       ? 0
                                           : ev->time.sec;
    struct row *row;

    b->rows = grow(b->rows, b->nrows, &b->rows_cap, sizeof *b->rows);
    row = &b->rows[b->nrows++];
    *row = (struct row){
        .record = where->record,
        .offset = where->offset,
        .length = where->length,
        .outcome = (uint8_t)ev->outcome,
        .channel = (uint8_t)ev->channel,
        .is_write = verb_is_write(ev->verb) && !ev->is_fact_only,
        .is_login = ev->verb == VERB_LOGIN && !ev->is_fact_only,
        .is_fact = ev->is_fact_only,
    };
    if (ev->time.is_set && (ev->time.digits || ev->time.nsec))
        row->sub = (uint64_t)ev->time.nsec * 10 + ev->time.digits;
    memcpy(row->eid, eid, EID_SIZE);
    row->home = event_home(sec, eid);
    intern_all(b, source, ev, row->dict);
    row->mark = event_mark(b, ev, sec, row->dict);
    row_native(b, row, ev->native_id);
    row_blob(b, row, ev, sha, !str_empty(ev->fold.key));
    return row;
}

void batch_add(struct batch *b, const char *source, const struct event *ev,
               const struct evidence *where, str record_bytes, const struct sha256 *sha)
{
    unsigned char eid[EID_SIZE];
    struct row *row;

    event_eid(b, source, ev, where, record_bytes, sha, eid);
    row = batch_row(b, source, ev, eid, where, sha);
    if (str_empty(ev->fold.key))
        return;
    b->parts = grow(b->parts, b->nparts, &b->parts_cap, sizeof *b->parts);
    hashed_eid(b, source, "fold:", ev->fold.key, 0, b->parts[b->nparts].fold);
    b->parts[b->nparts].number = ev->fold.part;
    row->part = (uint32_t)++b->nparts;
}

void batch_issue(struct batch *b, const struct issue *issue)
{
    struct issue *copy = arena_new(&b->arena, struct issue, 1);

    *copy = *issue;
    copy->reason = str_copy(&b->arena, issue->reason);
    copy->excerpt = str_copy(&b->arena, issue->excerpt);
    copy->next = NULL;
    *b->last_issue = copy;
    b->last_issue = &copy->next;
}

void batch_count(struct batch *b, const struct batch_counts *add)
{
    b->counts.read += add->read;
    b->counts.rejected += add->rejected;
    b->counts.not_event += add->not_event;
    b->counts.text += add->text;
}
