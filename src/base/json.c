/*
 * json: jansson behind helpers that know our conventions (absent, "-", "null").
 */
#include "base/json.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

/* --- numbers that no C type holds ------------------------------------------------------------- */

static size_t string_end(str text, size_t at)
{
    while (++at < text.len && text.ptr[at] != '"')
        at += text.ptr[at] == '\\';
    return at < text.len ? at + 1 : text.len;
}

static size_t number_end(str text, size_t at)
{
    while (at < text.len && (ascii_is_digit(text.ptr[at]) || strchr("+-.eE", text.ptr[at])))
        at++;
    return at;
}

static bool is_too_large(str number, struct arena *a)
{
    bool is_real = str_find_char(number, '.') != SIZE_MAX ||
                   str_find_char(number, 'e') != SIZE_MAX || str_find_char(number, 'E') != SIZE_MAX;
    const char *z = str_z(a, number);

    errno = 0;
    if (is_real)
        return fabs(strtod(z, NULL)) > DBL_MAX;
    (void)strtoll(z, NULL, 10);
    return errno == ERANGE;
}

/* The text with such numbers in quotes: 18446744073709551615 is JSON, and nothing is made of it. */
static str quote_large(str text, struct arena *a)
{
    struct buf b = {0};
    size_t kept = 0;
    str out;

    for (size_t at = 0, end; at < text.len; at = end) {
        bool is_number = text.ptr[at] == '-' || ascii_is_digit(text.ptr[at]);

        end = is_number             ? number_end(text, at)
              : text.ptr[at] == '"' ? string_end(text, at)
                                    : at + 1;
        if (!is_number || !is_too_large(str_part(text, at, end), a))
            continue;
        buf_add(&b, str_part(text, kept, at));
        buf_print(&b, "\"%.*s\"", STR_FMT(str_part(text, at, end)));
        kept = end;
    }
    buf_add(&b, str_part(text, kept, text.len));
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

/* --- trees ------------------------------------------------------------------------------------ */

static json_t *load(str text, json_error_t *why)
{
    return json_loadb(text.ptr ? text.ptr : "", text.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, why);
}

json_t *json_parse(str text, struct err *err)
{
    json_error_t why;
    json_t *doc = load(text, &why);

    if (!doc && json_error_code(&why) == json_error_numeric_overflow) {
        struct arena a = {0};

        doc = load(quote_large(text, &a), &why);
        arena_free(&a);
    }
    if (!doc)
        err_set(err, ERR_DATA, "not valid JSON: line %d, column %d: %s", why.line, why.column,
                why.text);
    return doc;
}

const json_t *json_member(const json_t *obj, const char *key)
{
    const json_t *v = json_object_get(obj, key);

    return v && !json_is_null(v) ? v : NULL;
}

const json_t *json_path(const json_t *obj, ...)
{
    va_list keys;
    const char *key;

    va_start(keys, obj);
    while (obj && (key = va_arg(keys, const char *)) != NULL)
        obj = json_member(obj, key);
    va_end(keys);
    return obj;
}

static str present(str s)
{
    return !s.len || str_eq(s, STR("-")) || str_eq(s, STR("null")) ? STR_NONE : s;
}

str json_text(const json_t *value, struct arena *a)
{
    if (!value)
        return STR_NONE;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return present((str){json_string_value(value), json_string_length(value)});
    case JSON_INTEGER:
        return str_print(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return str_print(a, "%.17g", json_real_value(value));
    case JSON_TRUE:
        return STR("true");
    case JSON_FALSE:
        return STR("false");
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
        break;
    }
    return STR_NONE;
}

str json_get_text(const json_t *obj, const char *key, struct arena *a)
{
    return json_text(json_object_get(obj, key), a);
}

bool json_truth(const json_t *value)
{
    if (!value)
        return false;
    if (json_is_string(value)) {
        str s = {json_string_value(value), json_string_length(value)};

        return str_eq_nocase(s, STR("true")) || str_eq_nocase(s, STR("yes")) || str_eq(s, STR("1"));
    }
    return json_is_true(value) || (json_is_integer(value) && json_integer_value(value) == 1);
}

str json_write(const json_t *value, struct arena *a)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    str out = str_copy(a, str_from(text));

    free(text);
    return out;
}
