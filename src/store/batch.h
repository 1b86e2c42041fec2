/*
 * batch: rows on their way from a parser thread to the writer.
 *
 * Texts are interned per batch, so that the writer looks up each distinct one once. A tuple is what
 * makes one row of a dictionary: its members written one after another (text: length + 1 as varint,
 * bytes, 0 for none; number: varint).
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "base/buf.h"
#include "base/digest.h"
#include "store/store.h"

enum dict_kind {
    DICT_SCOPE,
    DICT_ACTOR,
    DICT_PRINCIPAL,
    DICT_ACTION,
    DICT_RESOURCE,
    DICT_ADDRESS,
    DICT_AGENT,
    DICT_ERROR,
    DICT_KINDS
};

#define EID_SIZE 16

struct tuple {
    uint64_t hash;
    size_t at, len; /* in the pool; the principal's begins with the number of its actor */
    int64_t id;     /* in the database, once the writer knows it; 0 before */
};

struct local_dict {
    struct tuple *items;
    size_t count, cap;
    uint32_t *slots; /* number of an item + 1; 0 empty */
    size_t nslots;
};

enum native_kind { NATIVE_NONE, NATIVE_IS_EID, NATIVE_UUID, NATIVE_TEXT };

struct row {
    int64_t home;  /* the key it wants: seconds << 30 | 30 bits of eid */
    uint64_t mark; /* see store.h: what makes two copies duplicates */
    unsigned char eid[EID_SIZE];
    int64_t dict[DICT_KINDS]; /* in a batch: number in its local dictionary, from 1; in the writer:
                                 id. 0 none */
    uint64_t sub;             /* nanoseconds * 10 + digits */
    uint64_t record, offset, length;
    size_t native, native_len; /* in the pool */
    size_t blob,
        blob_len; /* in the pool: [1 byte: has digest] [digest] [body]; length 0: nothing */
    uint8_t native_kind, outcome, channel;
    bool is_write, is_login, is_fact;
    uint32_t part; /* number of its struct part, from 1; 0: stands alone */
};

/* A row that is part of an act that is told by several records. */
struct part {
    unsigned char fold[EID_SIZE];
    uint8_t number;
};

struct batch {
    struct buf pool, scratch;
    struct local_dict dicts[DICT_KINDS];
    struct row *rows;
    size_t nrows, rows_cap;
    struct part *parts;
    size_t nparts, parts_cap;
    struct arena arena; /* texts of issues */
    struct issue *issues, **last_issue;
    struct batch_counts counts;
    uint64_t record; /* of the event added last */
    bool has_record;
    struct seen_key {  /* keys of that record's events that have none of their own: the first and */
        uint64_t hash; /* the last, and how often each came */
        unsigned count;
    } first_key, last_key;
};

/* Key that an event of this second and id wants. The last 65,536 keys of a second stay free for
 * those that have to move on. */
int64_t event_home(int64_t sec, const unsigned char eid[EID_SIZE]);
#define HOME_SLACK 65536

/* A tuple of texts alone. */
str tuple_of_texts(struct arena *a, const str *texts, size_t n);

/* Splits a row's blob. False when it is not one. `*sha` NULL when there is none. */
bool blob_split(str blob, const struct sha256 **sha, str *body);

/* Fills a row from an event whose ids are already known; texts go to the batch. */
struct row *batch_row(struct batch *b, const char *source, const struct event *ev,
                      const unsigned char eid[EID_SIZE], const struct evidence *where,
                      const struct sha256 *sha);

#endif
