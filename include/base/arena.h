/*
 * arena: many allocations, one release.
 *
 * Everything in memory belongs to an arena. Three lifetimes are used: the run, the file, the
 * record. Running out of memory prints one line to stderr and ends the program with status 6:
 * callers never see NULL. An arena is used by one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK              __attribute__((warn_unused_result))
#else
#define PRINTF_LIKE(fmt, first)
#define MUST_CHECK
#endif

struct arena_block;

struct arena {
    struct arena_block *head;
    size_t used_bytes; /* given out since the last reset */
};

void *arena_alloc(struct arena *a, size_t size, size_t align); /* zeroed, never NULL */
void arena_reset(struct arena *a); /* forget everything, keep the first block for reuse */
void arena_free(struct arena *a);  /* give all memory back; the arena can be used again */

/* Zeroed array of `count` things of `type`; never NULL, even for count 0. */
#define arena_new(a, type, count) ((type *)arena_array((a), sizeof(type), (count), _Alignof(type)))
void *arena_array(struct arena *a, size_t size, size_t count, size_t align);

str str_copy(struct arena *a, str s); /* absent stays absent */
char *str_z(struct arena *a, str s);  /* NUL-terminated copy, for a library that wants one */
str str_print(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
str str_vprint(struct arena *a, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
str str_join(struct arena *a, str left, str between,
             str right);               /* `between` only if both are there */
str str_lower(struct arena *a, str s); /* ASCII letters only */

/* malloc and realloc that end the program when memory is out, for the few things that grow for
 * long. */
void *xmalloc(size_t size);
void *xrealloc(void *ptr, size_t size);

#endif
