/*
 * buf: growing text, and the two quotings that nearly every output needs (JSON and CSV).
 */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

void buf_reserve(struct buf *b, size_t more)
{
    size_t need = b->len + more;

    if (need <= b->cap)
        return;
    if (b->cap < 256)
        b->cap = 256;
    while (b->cap < need)
        b->cap *= 2;
    b->ptr = xrealloc(b->ptr, b->cap);
}

void buf_add(struct buf *b, str s)
{
    if (!s.len)
        return;
    buf_reserve(b, s.len);
    memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

void buf_addz(struct buf *b, const char *z)
{
    buf_add(b, str_from(z));
}

void buf_addc(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->ptr[b->len++] = c;
}

void buf_print(struct buf *b, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return;
    buf_reserve(b, (size_t)n + 1);
    va_start(args, fmt);
    vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, args);
    va_end(args);
    b->len += (size_t)n;
}

void buf_add_json(struct buf *b, str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;

    buf_addc(b, '"');
    for (size_t i = 0; i < s.len;) {
        size_t run = i;

        while (run < s.len && p[run] >= 0x20 && p[run] < 0x7F && p[run] != '"' && p[run] != '\\')
            run++;
        buf_add(b, str_part(s, i, run));
        i = run;
        if (i == s.len)
            break;
        if (p[i] == '"' || p[i] == '\\') {
            buf_addc(b, '\\');
            buf_addc(b, s.ptr[i++]);
        } else if (p[i] == '\n') {
            buf_addz(b, "\\n");
            i++;
        } else if (p[i] == '\t') {
            buf_addz(b, "\\t");
            i++;
        } else if (p[i] == '\r') {
            buf_addz(b, "\\r");
            i++;
        } else if (p[i] < 0x20 || p[i] == 0x7F) {
            buf_print(b, "\\u%04x", p[i++]);
        } else {
            size_t n = utf8_sequence(p + i, s.len - i);

            if (n)
                buf_add(b, str_part(s, i, i + n));
            else
                buf_addz(b, "\xEF\xBF\xBD");
            i += n ? n : 1;
        }
    }
    buf_addc(b, '"');
}

void buf_add_csv(struct buf *b, str s)
{
    bool is_formula = s.len && s.ptr[0] && strchr("=+-@\t\r", s.ptr[0]);
    bool is_quoted = is_formula;

    for (size_t i = 0; i < s.len && !is_quoted; i++)
        is_quoted = s.ptr[i] == '"' || s.ptr[i] == ',' || s.ptr[i] == '\n' || s.ptr[i] == '\r';
    if (!is_quoted) {
        buf_add(b, s);
        return;
    }
    buf_addc(b, '"');
    if (is_formula)
        buf_addc(b, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            buf_addc(b, '"');
        buf_addc(b, s.ptr[i]);
    }
    buf_addc(b, '"');
}

void buf_clear(struct buf *b)
{
    b->len = 0;
}

void buf_free(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){0};
}

str buf_str_copy(const struct buf *b, struct arena *a)
{
    return str_copy(a, buf_str(b));
}
