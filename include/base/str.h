/*
 * str: a view of bytes with a length.
 *
 * A str does not own its bytes and is not NUL-terminated; whoever made it says how long the bytes
 * live (an arena, a file buffer, a literal). Pass it by value. A str with ptr NULL is "absent"; a
 * str with len 0 and a non-NULL ptr is an empty text. Most callers need not tell them apart:
 * str_empty().
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *ptr;
    size_t len;
} str;

/* A literal as a str: STR("eventTime"). Only for string literals. */
#define STR(literal) ((str){"" literal, sizeof(literal) - 1})
#define STR_NONE     ((str){NULL, 0})

/* For printf: printf("%.*s", STR_FMT(s)). */
#define STR_FMT(s) (int)((s).len > INT32_MAX ? INT32_MAX : (s).len), ((s).ptr ? (s).ptr : "")

static inline str str_from(const char *z)
{
    return (str){z, z ? strlen(z) : 0};
}

static inline bool str_empty(str s)
{
    return s.len == 0;
}

static inline bool str_eq(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline str str_or(str s, str otherwise)
{
    return s.len ? s : otherwise;
}

/* Bytes from..to (to exclusive, clamped to the end). */
static inline str str_part(str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (str){s.ptr ? s.ptr + from : NULL, to - from};
}

int str_cmp(str a, str b);        /* by bytes, like memcmp; shorter first */
bool str_eq_nocase(str a, str b); /* ASCII letters only */
bool str_starts(str s, str prefix);
bool str_starts_nocase(str s, str prefix);
bool str_ends(str s, str suffix);
size_t str_find(str s, str needle); /* index, or SIZE_MAX when absent; empty needle: 0 */
size_t str_find_nocase(str s, str needle);
size_t str_find_char(str s, char c); /* first; SIZE_MAX when absent */
size_t str_find_last(str s, char c);
static inline bool str_contains(str s, str needle)
{
    return str_find(s, needle) != SIZE_MAX;
}
static inline bool str_contains_nocase(str s, str needle)
{
    return str_find_nocase(s, needle) != SIZE_MAX;
}
str str_trim(str s); /* ASCII white space off both ends */

/* Cuts `*rest` at the first `sep`: returns what stands before it and moves *rest behind it. Without
 * a separator returns all of *rest and leaves it absent (ptr NULL), which ends a loop. */
str str_cut(str *rest, char sep);

/* Digits only, no sign, no overflow; false leaves *out alone. */
bool str_to_u64(str s, uint64_t *out);
bool str_to_i64(str s, int64_t *out); /* an optional leading minus */

/* Shell-style match: `*` any run (also of '/'), `?` one byte; everything else is itself. */
bool str_glob(str pattern, str s);
bool str_glob_nocase(str pattern, str s);

/* The known word that `word` was most likely meant to be; NULL when none is near. */
const char *str_nearest(str word, const char *const *known, size_t count);

/* 64-bit hash for tables in memory; not for evidence and not stable across versions of this
 * program. */
uint64_t str_hash(str s);

#endif
