/*
 * buf: text that is being put together. Grows on the heap, bounded only by memory; buf_free when
 * done, or buf_str_copy into an arena. Zero-initialise: struct buf b = {0};
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
    char *ptr;
    size_t len;
    size_t cap;
};

void buf_add(struct buf *b, str s);
void buf_addz(struct buf *b, const char *z);
void buf_addc(struct buf *b, char c);
void buf_print(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* As a JSON string with its quotes: control characters, quotes and backslashes escaped, invalid
 * UTF-8 replaced by U+FFFD, everything else as it is. */
void buf_add_json(struct buf *b, str s);
/* As one CSV cell by RFC 4180; a leading = + - @ TAB CR gets an apostrophe so that no spreadsheet
 * runs it. */
void buf_add_csv(struct buf *b, str s);
void buf_reserve(struct buf *b, size_t more);
void buf_clear(struct buf *b); /* empty, memory kept */
void buf_free(struct buf *b);
static inline str buf_str(const struct buf *b)
{
    return (str){b->ptr ? b->ptr : "", b->len};
}
str buf_str_copy(const struct buf *b, struct arena *a);

#endif
