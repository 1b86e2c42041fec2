/*
 * json: jansson's one door, and short helpers for trees.
 *
 * For configuration, rule files and the parts of a record that need a tree. The stream itself is
 * read by base/fields.h. Keep json_t values inside the function that parsed them: copy what is
 * needed into the arena, drop the reference, return.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

/* One JSON value, nothing behind it but white space. NULL and err on failure, which says line and
 * column. Duplicate keys: the last wins. "\u0000" is allowed in values. A number that no C type
 * holds becomes a string of its digits. Caller owns the reference. */
json_t *json_parse(str text, struct err *err);

/* Member `key` of an object; NULL when absent, null, or `obj` is not an object. Borrowed. */
const json_t *json_member(const json_t *obj, const char *key);
/* Down a path of members: json_path(doc, "attributes", "status", NULL). Borrowed. */
const json_t *json_path(const json_t *obj, ...);

/* Scalars as text: a string's bytes (borrowed: lives as long as the value), numbers and booleans
 * copied into the arena as written by jansson ("true", "42"). "", "-", "null" and JSON null are
 * absent. */
str json_text(const json_t *value, struct arena *a);
str json_get_text(const json_t *obj, const char *key, struct arena *a);
bool json_truth(const json_t *value); /* true, "true", "True", "Yes", "1", 1 */

/* An object for jansson's iterators, which want it without const although they do not change it. */
static inline json_t *json_open(const json_t *value)
{
    return (json_t *)(uintptr_t)value;
}

/* The value as JSON text, members in their order, no white space. */
str json_write(const json_t *value, struct arena *a);

#endif
