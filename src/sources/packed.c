/*
 * packed: see packed.h.
 */
#include "packed.h"

#include <libdeflate.h>

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

str packed_base64(str text, struct arena *a)
{
    char *out = arena_alloc(a, text.len, 1);
    uint32_t bits = 0;
    size_t n = 0;
    int have = 0;

    for (size_t i = 0; i < text.len; i++) {
        int v = base64_value(text.ptr[i]);

        if (v < 0)
            continue; /* padding, line ends */
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (char)(bits >> have & 0xff);
        }
    }
    return (str){out, n};
}

/* The last four bytes of a member: how long its content is. A member that lies does not fit. */
static size_t said_length(str gzip)
{
    const unsigned char *p = (const unsigned char *)gzip.ptr + gzip.len - 4;

    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

str packed_gunzip(str bytes, size_t limit, struct arena *a)
{
    enum { SMALLEST_MEMBER = 18 };
    struct libdeflate_decompressor *d;
    enum libdeflate_result result;
    size_t len;
    char *out;

    if (bytes.len < SMALLEST_MEMBER || !str_starts(bytes, STR("\x1f\x8b")))
        return STR_NONE;
    len = said_length(bytes);
    if (len == 0 || len > limit)
        return STR_NONE;
    d = libdeflate_alloc_decompressor();
    if (!d)
        return STR_NONE;
    out = arena_alloc(a, len, 1);
    result = libdeflate_gzip_decompress(d, bytes.ptr, bytes.len, out, len, NULL);
    libdeflate_free_decompressor(d);
    return result == LIBDEFLATE_SUCCESS ? (str){out, len} : STR_NONE;
}
