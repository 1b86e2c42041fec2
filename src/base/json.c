/*
 * json: jansson behind helpers that know our conventions (absent, "-", "null").
 */
#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

json_t *json_parse(str text, struct err *err)
{
    json_error_t why;
    json_t *doc =
        json_loadb(text.ptr ? text.ptr : "", text.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);

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
