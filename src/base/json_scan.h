/*
 * json_scan: the small steps of reading JSON text that fields.c and fields_text.c share.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/str.h"

enum { JSON_ESCAPED = 1 << 0, JSON_HAS_NUL = 1 << 1 };

/* A byte that stands for itself inside a string, in ASCII. */
static inline bool json_is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static inline bool json_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Steps over an escape or a multi-byte character and checks it; *p stands on it. On failure *p stays and *why says what. */
bool json_skip_special(const char **p, const char *end, unsigned *flags, const char **why);

/* Behind the number that begins at p, or NULL when it is none. */
const char *json_number_end(const char *p, const char *end);

/* Next character of a checked string, decoded: 1 to 4 bytes into out, moving *at. */
size_t json_next_char(str raw, size_t *at, char out[4]);

/* Is the checked string `raw`, once decoded, the same as `plain`? */
bool json_text_is(str raw, str plain);

#endif
