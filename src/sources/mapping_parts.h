/*
 * mapping_parts: a mapping in memory, for its reader (mapping.c) and its use (mapping_use.c).
 */
#ifndef SOURCES_MAPPING_PARTS_H
#define SOURCES_MAPPING_PARTS_H

#include <stddef.h>

#include "mapping.h"

/* What a field of the event holds. */
enum hold { HOLD_TEXT, HOLD_TIME, HOLD_ADDRESS, HOLD_VERB, HOLD_OUTCOME, HOLD_CHANNEL, HOLD_ACTOR };

/* The fields that can be mapped, as the events are shown. X(name, member, holds) */
#define MAPPED_FIELDS(X)                                                                           \
    X("time", time, HOLD_TIME)                                                                     \
    X("actor", actor, HOLD_TEXT)                                                                   \
    X("actor_id", actor_id, HOLD_TEXT)                                                             \
    X("actor_type", actor_type, HOLD_ACTOR)                                                        \
    X("via", via, HOLD_TEXT)                                                                       \
    X("session", session, HOLD_TEXT)                                                               \
    X("credential", credential, HOLD_TEXT)                                                         \
    X("service", service, HOLD_TEXT)                                                               \
    X("action", action, HOLD_TEXT)                                                                 \
    X("verb", verb, HOLD_VERB)                                                                     \
    X("resource", resource, HOLD_TEXT)                                                             \
    X("resource_type", resource_type, HOLD_TEXT)                                                   \
    X("account", account, HOLD_TEXT)                                                               \
    X("region", region, HOLD_TEXT)                                                                 \
    X("place", place, HOLD_TEXT)                                                                   \
    X("source_ip", source_ip, HOLD_ADDRESS)                                                        \
    X("user_agent", user_agent, HOLD_TEXT)                                                         \
    X("channel", channel, HOLD_CHANNEL)                                                            \
    X("outcome", outcome, HOLD_OUTCOME)                                                            \
    X("error", error, HOLD_TEXT)                                                                   \
    X("error_text", error_text, HOLD_TEXT)                                                         \
    X("run", run, HOLD_TEXT)                                                                       \
    X("commit", commit, HOLD_TEXT)                                                                 \
    X("change_request", change_request, HOLD_TEXT)                                                 \
    X("ticket", ticket, HOLD_TEXT)                                                                 \
    X("request", request, HOLD_TEXT)                                                               \
    X("detail", detail, HOLD_TEXT)                                                                 \
    X("native_id", native_id, HOLD_TEXT)

struct mapped_field {
    const char *name;
    size_t offset;
    enum hold hold;
};
#define COUNT_FIELD(name, member, hold) +1
enum { MAPPED_FIELD_COUNT = 0 MAPPED_FIELDS(COUNT_FIELD) };
extern const struct mapped_field mapped_fields[MAPPED_FIELD_COUNT];
/* Sets the field from a word; false when the field has no such word. */
bool mapped_set(const struct mapped_field *f, struct event *ev, str text, struct arena *a);

struct translation {
    str from, to; /* from: may have * and ? */
};

struct value {
    enum { VALUE_PATH, VALUE_CONST, VALUE_FIRST, VALUE_JOIN } kind;
    size_t slot;
    str text; /* the constant; what stands between joined parts */
    const struct value *parts;
    size_t nparts;
    str after, before, otherwise;
    const struct translation *map;
    size_t nmap;
};

struct condition {
    size_t slot;
    enum { WHEN_LIKE, WHEN_THERE, WHEN_NOT_THERE } kind;
    const str *globs;
    size_t nglobs;
};

struct kind {
    const struct condition *when;
    size_t nwhen;
    const struct value *fields[MAPPED_FIELD_COUNT];
    const char *skip; /* recognised, and no event: why */
};

struct mapping {
    struct source source;
    const struct field_set *set;
    struct kind base;
    const struct kind *kinds; /* the first that fits overrides fields of base */
    size_t nkinds;
};

#endif
