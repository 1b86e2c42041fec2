/*
 * body: an event as bytes, for what does not fit the fixed columns: facts on their way to the
 * writer, parts of an act that wait for each other. And the tables of its members, which also drive
 * the inserts of facts.c.
 */
#ifndef STORE_BODY_H
#define STORE_BODY_H

#include "base/buf.h"
#include "model/event.h"

enum member_type {
    MEMBER_STR,
    MEMBER_INSTANT,
    MEMBER_COUNT, /* int64_t; -1 says "not said" */
    MEMBER_PORT,  /* int32_t; -1 is a value */
    MEMBER_TRI,   /* int8_t; -1 says "not said" */
    MEMBER_FLAG,  /* bool */
    MEMBER_ENUM,  /* an enum of model/event.h */
};

struct member {
    enum member_type type;
    size_t offset;
};

/* A list that hangs off an event: where its head stands in struct event, what its items are. */
struct member_list {
    size_t head, next, size;
    const struct member *members;
    size_t nmembers;
    const char *insert; /* into its table: event, n, then the members; NULL for resources */
};

enum {
    FACT_RESOURCE,
    FACT_GRANT,
    FACT_EXPOSURE,
    FACT_CHANGE,
    FACT_APPROVAL,
    FACT_CHANGE_REQUEST,
    FACT_COMMIT,
    FACT_LINK,
    FACT_KINDS
};
extern const struct member_list body_facts[FACT_KINDS];
extern const struct member_list body_snapshot, body_snapshot_resource;

/* The pointer member at an offset, whatever struct it points to. */
static inline const void *body_pointer(const void *base, size_t offset)
{
    const void *p;

    memcpy(&p, (const char *)base + offset, sizeof p);
    return p;
}

/* Is there anything beyond what event_row holds? */
bool body_is_needed(const struct event *ev);
/* `is_whole`: all of it; else without the members that event_row and its dictionaries hold. */
void body_put(struct buf *out, const struct event *ev, bool is_whole);
/* One item of a list, without what follows it: equal bytes, equal items. */
void body_put_item(struct buf *out, const struct member_list *list, const void *item);
/* Texts point into `body`. False when the bytes are not what body_put writes. */
bool body_get(str body, struct arena *a, struct event *ev);

/* Variable-length numbers, seven bits a byte; shared with the tuples of batch.c. */
size_t varint_put(char out[10], uint64_t v);
bool varint_get(str *rest, uint64_t *v);

#endif
