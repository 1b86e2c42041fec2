/*
 * json_scan: the small steps of reading JSON text that fields.c and fields_text.c share.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/str.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* First quote or backslash in s[at..), or the end. */
static inline size_t json_find_quote(str s, size_t at)
{
#if defined(__SSE2__)
    for (; at + 16 <= s.len; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + at));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(
            _mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));

        if (found)
            return at + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < s.len && s.ptr[at] != '"' && s.ptr[at] != '\\')
        at++;
    return at;
}

/* First quote or bracket of any kind in s[at..), or the end. */
static inline size_t json_find_bracket(str s, size_t at)
{
#if defined(__SSE2__)
    for (; at + 16 <= s.len; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + at));
        __m128i folded = _mm_or_si128(v, _mm_set1_epi8(0x20)); /* '[' to '{', ']' to '}' */
        unsigned found = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                         _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')),
                                      _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')))));

        if (found)
            return at + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < s.len && (!s.ptr[at] || !strchr("\"{}[]", s.ptr[at])))
        at++;
    return at;
}

/* Steps over an escape or a multi-byte character and checks it; *p stands on it. On failure *p
 * stays and *why says what. */
bool json_skip_special(const char **p, const char *end, unsigned *flags, const char **why);

/* Behind the number that begins at p, or NULL when it is none. */
const char *json_number_end(const char *p, const char *end);

/* Next character of a checked string, decoded: 1 to 4 bytes into out, moving *at. */
size_t json_next_char(str raw, size_t *at, char out[4]);

/* Is the checked string `raw`, once decoded, the same as `plain`? */
bool json_text_is(str raw, str plain);

#endif
