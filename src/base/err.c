/*
 * err: the text of a failure, put together from the cause outwards.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes from an export may be in the text: control characters must not reach a terminal. */
static void make_printable(char *text)
{
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = *p == '\n' || *p == '\t' ? ' ' : '?';
}

PRINTF_LIKE(3, 0)
static void put(char *out, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(out, size, fmt, args);

    if (n < 0)
        out[0] = '\0';
    make_printable(out);
}

bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
    va_list args;

    if (err->kind != ERR_NONE)
        return false;
    err->kind = kind;
    va_start(args, fmt);
    put(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return false;
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
    char front[sizeof err->text], whole[2 * sizeof err->text + 2];
    va_list args;

    va_start(args, fmt);
    put(front, sizeof front, fmt, args);
    va_end(args);
    snprintf(whole, sizeof whole, "%s: %s", front, err->text);
    memcpy(err->text, whole, sizeof err->text - 1);
    err->text[sizeof err->text - 1] = '\0';
    return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    put(err->hint, sizeof err->hint, fmt, args);
    va_end(args);
    return false;
}

bool err_errno(struct err *err, const char *fmt, ...)
{
    int code = errno;
    char text[sizeof err->text];
    va_list args;

    va_start(args, fmt);
    put(text, sizeof text, fmt, args);
    va_end(args);
    return err_set(err, ERR_IO, "%s: %s", text, strerror(code));
}
