/*
 * fields: the reader of the stream. Walks one JSON record once, validates all of it (RFC 8259,
 * UTF-8) and notes where the wanted values stand, without building a tree and without copying.
 *
 * It accepts what jansson accepts with JSON_ALLOW_NUL (tests/fuzz/fields_fuzz.c compares them),
 * except that numbers may have any size (they stay text) and that a NUL byte outside of strings is
 * refused, not taken for the end. Duplicate keys: the last wins. Nesting deeper than 512 is
 * refused.
 *
 * Paths are JSON pointers (RFC 6901): "/userIdentity/sessionContext/sessionIssuer/arn",
 * "/resources/0/ARN",
 * "~1" for a slash inside a key. A number names an element of an array, or a member of an object.
 */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include "base/arena.h"
#include "base/err.h"

enum field_kind {
    FIELD_ABSENT,
    FIELD_NULL,
    FIELD_FALSE,
    FIELD_TRUE,
    FIELD_NUMBER,
    FIELD_STRING,
    FIELD_OBJECT,
    FIELD_ARRAY,
};

struct field {
    str raw;         /* a string without its quotes; else the value's JSON text */
    uint8_t kind;    /* enum field_kind */
    bool is_escaped; /* a string with backslashes: field_text unescapes */
};

/* Compiled paths; made once, shared between threads, lives as long as its arena. */
struct field_set;
const struct field_set *field_set_new(struct arena *a, const char *const *paths, size_t npaths);

/* Fills out[0..npaths). False: the record is not valid JSON; err says what and at which byte. Reads
 * only the bytes of the record. */
bool fields_read(const struct field_set *set, str record, struct field *out,
                 struct err *err) MUST_CHECK;

/* Scalars as text, escapes decoded into the arena when there are any. Absent for null, objects and
 * arrays and for "", "-" and "null" (formats-cloud 2). */
str field_text(struct field f, struct arena *a);
bool field_truth(struct field f); /* true, "true", "True", "Yes", "1", 1 */
/* For "JSON in a string": the decoded text even when it is empty. Absent when it is not a string.
 */
str field_string(struct field f, struct arena *a);

/* Steps through the elements of an array (raw JSON text of FIELD_ARRAY). *at starts at 0. The text
 * must have been validated by fields_read. False at the end. */
bool fields_next_element(str array, size_t *at, struct field *out);
/* The same for the members of an object; the key comes without quotes, is_escaped says if it needs
 * decoding. */
bool fields_next_member(str object, size_t *at, struct field *key, struct field *out);
/* The member `name` of an object; absent when there is none or it is no object. Keys are compared
 * as they are written, escapes and all. */
struct field field_member(struct field object, str name);

#endif
