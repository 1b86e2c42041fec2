/*
 * tree: for adapters that read a record's tree. What they keep is copied into the arena, because
 * the tree is dropped before the record is stored.
 */
#ifndef SOURCES_TREE_H
#define SOURCES_TREE_H

#include "base/json.h"
#include "model/event.h"
#include "sources/source.h"

/* Member `key` of `obj` as text in the arena; absent for null, "", "-", objects and arrays. */
str tree_text(const json_t *obj, const char *key, struct arena *a);
/* The same down a path of members: tree_path_text(a, doc, "base", "repo", "full_name", NULL). */
str tree_path_text(struct arena *a, const json_t *obj, ...);
/* Member `key` as a whole number, or `otherwise`. */
int64_t tree_int(const json_t *obj, const char *key, int64_t otherwise);
/* Member `key` as a time; not set when it is missing or unreadable. */
struct instant tree_time(const json_t *obj, const char *key);
/* A member by its name in lower camel case, whichever case its first letter has in the record. */
const json_t *tree_any_case(const json_t *obj, const char *key);
bool tree_has(const json_t *obj, const char *key); /* present and not null */

/* Parses the record; NULL after saying why in m->why. The caller owns the reference. */
json_t *tree_open(const struct record *rec, struct mapper *m);

/* Sets the event's time and, when it is not plain UTC, the text as found. False when it cannot be
 * read. */
bool event_set_time(struct event *ev, str text);
/* For a record that gives several events: a key made of the record's digest and `nth`. */
str event_dedupe(const struct record *rec, size_t nth, struct arena *a);
/* Puts a further resource behind those the event has. Nothing when `id` is absent. */
void event_add_resource(struct event *ev, str id, str type, struct arena *a);
/* A change of which nothing is said yet but its tool and key. */
struct change *change_new(str tool, str key, struct arena *a);
/* The commit in an address: ".../acme/infra/commit/1e1c10..." or ".../-/commit/1e1c10...". */
str commit_in_url(str url);

#endif
