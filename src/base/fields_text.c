/*
 * fields, second half: what a field says. Escapes, UTF-8, numbers, and steps through the elements
 * of a value that fields_read has checked.
 */
#include "base/fields.h"

#include "base/ascii.h"
#include "base/json_scan.h"
#include "base/utf8.h"

/* --- checked steps --------------------------------------------------------------------- */

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *p, const char *end)
{
    int32_t v = 0;

    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int d = ascii_hex(p[i]);

        if (d < 0)
            return -1;
        v = v << 4 | d;
    }
    return v;
}

static bool skip_unicode_escape(const char **at, const char *end, unsigned *flags, const char **why)
{
    const char *p = *at;
    int32_t v = hex4(p + 2, end), low;

    *why = "\\u needs four hexadecimal digits";
    if (v < 0)
        return false;
    if (v == 0)
        *flags |= JSON_HAS_NUL;
    p += 6;
    if (v >= 0xD800 && v <= 0xDFFF) {
        low = v < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
        *why = "half of a surrogate pair";
        if (low < 0xDC00 || low > 0xDFFF)
            return false;
        p += 6;
    }
    *at = p;
    return true;
}

static bool skip_escape(const char **at, const char *end, unsigned *flags, const char **why)
{
    const char *p = *at;

    *flags |= JSON_ESCAPED;
    *why = "not an escape";
    if (end - p < 2)
        return false;
    if (p[1] == 'u')
        return skip_unicode_escape(at, end, flags, why);
    if (!p[1] || !strchr("\"\\/bfnrt", p[1]))
        return false;
    *at = p + 2;
    return true;
}

bool json_skip_special(const char **at, const char *end, unsigned *flags, const char **why)
{
    const unsigned char *p = (const unsigned char *)*at;
    size_t n;

    if (*p == '\\')
        return skip_escape(at, end, flags, why);
    *why = "a control character inside a string";
    if (*p < 0x20)
        return false;
    *why = "not UTF-8";
    n = utf8_sequence(p, (size_t)(end - *at));
    *at += n;
    return n > 0;
}

static const char *digits_end(const char *p, const char *end)
{
    while (p < end && ascii_is_digit(*p))
        p++;
    return p;
}

const char *json_number_end(const char *p, const char *end)
{
    const char *start;

    if (p < end && *p == '-')
        p++;
    start = p;
    p = p < end && *p == '0' ? p + 1 : digits_end(p, end);
    if (p == start)
        return NULL;
    if (p < end && *p == '.') {
        start = ++p;
        p = digits_end(p, end);
        if (p == start)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        start = p;
        p = digits_end(p, end);
        if (p == start)
            return NULL;
    }
    return p;
}

/* --- decoding -------------------------------------------------------------------------- */

static size_t put_utf8(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t json_next_char(str raw, size_t *at, char out[4])
{
    const char *p = raw.ptr + *at, *end = raw.ptr + raw.len;
    static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char *name;
    int32_t v, low;

    if (*p != '\\' || end - p < 2) {
        out[0] = *p;
        *at += 1;
        return 1;
    }
    if (p[1] != 'u') {
        name = strchr(names, p[1]);
        out[0] = name && *name ? meant[name - names] : p[1];
        *at += 2;
        return 1;
    }
    v = hex4(p + 2, end);
    *at += 6;
    if (v >= 0xD800 && v < 0xDC00) {
        low = end - p >= 12 ? hex4(p + 8, end) : -1;
        v = 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    return put_utf8((uint32_t)v, out);
}

bool json_text_is(str raw, str plain)
{
    size_t at = 0, done = 0;
    char c[4];

    while (at < raw.len) {
        size_t n = json_next_char(raw, &at, c);

        if (n > plain.len - done || memcmp(plain.ptr + done, c, n) != 0)
            return false;
        done += n;
    }
    return done == plain.len;
}

str field_string(struct field f, struct arena *a)
{
    char *out;
    size_t n = 0;

    if (f.kind != FIELD_STRING)
        return STR_NONE;
    if (!f.is_escaped)
        return f.raw;
    /* Decoding never makes text longer; three bytes may be written beyond the last character. */
    out = arena_alloc(a, f.raw.len + 4, 1);
    for (size_t at = 0; at < f.raw.len;)
        n += json_next_char(f.raw, &at, out + n);
    return (str){out, n};
}

str field_text(struct field f, struct arena *a)
{
    str text;

    switch ((enum field_kind)f.kind) {
    case FIELD_NUMBER:
    case FIELD_TRUE:
    case FIELD_FALSE:
        return f.raw;
    case FIELD_STRING:
        text = field_string(f, a);
        return str_empty(text) || str_eq(text, STR("-")) || str_eq(text, STR("null")) ? STR_NONE
                                                                                      : text;
    case FIELD_ABSENT:
    case FIELD_NULL:
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        break;
    }
    return STR_NONE;
}

bool field_truth(struct field f)
{
    switch ((enum field_kind)f.kind) {
    case FIELD_TRUE:
        return true;
    case FIELD_NUMBER:
        return str_eq(f.raw, STR("1"));
    case FIELD_STRING:
        return str_eq_nocase(f.raw, STR("true")) || str_eq_nocase(f.raw, STR("yes")) ||
               str_eq(f.raw, STR("1"));
    case FIELD_ABSENT:
    case FIELD_NULL:
    case FIELD_FALSE:
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        break;
    }
    return false;
}

/* --- steps through a checked value ----------------------------------------------------- */

static size_t space_end(str s, size_t at)
{
    while (at < s.len && json_is_space(s.ptr[at]))
        at++;
    return at;
}

/* From behind the opening quote to the closing one. */
static size_t string_end(str s, size_t at, bool *is_escaped)
{
    *is_escaped = false;
    for (at = json_find_quote(s, at); at < s.len && s.ptr[at] == '\\';) {
        *is_escaped = true;
        at = json_find_quote(s, at + 2 < s.len ? at + 2 : s.len);
    }
    return at;
}

static size_t container_end(str s, size_t at)
{
    size_t depth = 0;
    bool is_escaped;

    for (at = json_find_bracket(s, at); at < s.len; at = json_find_bracket(s, at + 1)) {
        char c = s.ptr[at];

        if (c == '"')
            at = string_end(s, at + 1, &is_escaped);
        else if (c == '{' || c == '[')
            depth++;
        else if (--depth == 0)
            return at + 1;
    }
    return s.len;
}

/* The value at *at, which is moved behind it. */
static struct field value_at(str s, size_t *at)
{
    struct field f = {STR_NONE, FIELD_ABSENT, false};
    size_t from = *at, to = from;

    if (from >= s.len)
        return f;
    switch (s.ptr[from]) {
    case '"':
        to = string_end(s, from + 1, &f.is_escaped);
        f.kind = FIELD_STRING;
        f.raw = str_part(s, from + 1, to);
        *at = to < s.len ? to + 1 : s.len;
        return f;
    case '{':
    case '[':
        f.kind = s.ptr[from] == '{' ? FIELD_OBJECT : FIELD_ARRAY;
        to = container_end(s, from);
        break;
    case 't':
    case 'f':
    case 'n':
        f.kind = s.ptr[from] == 't' ? FIELD_TRUE : s.ptr[from] == 'f' ? FIELD_FALSE : FIELD_NULL;
        to = from + (s.ptr[from] == 'f' ? 5 : 4);
        break;
    default:
        f.kind = FIELD_NUMBER;
        while (to < s.len && !strchr(",]} \t\r\n", s.ptr[to]))
            to++;
        break;
    }
    f.raw = str_part(s, from, to);
    *at = to < s.len ? to : s.len;
    return f;
}

/* To the next element or member: over the opening bracket or a comma. False at the closing bracket.
 */
static bool step(str s, size_t *at)
{
    size_t i = space_end(s, *at);

    if (i < s.len && (i == 0 || *at == 0 || s.ptr[i] == ','))
        i = space_end(s, i + 1);
    *at = i;
    return i < s.len && s.ptr[i] != ']' && s.ptr[i] != '}';
}

bool fields_next_element(str array, size_t *at, struct field *out)
{
    if (!step(array, at))
        return false;
    *out = value_at(array, at);
    return true;
}

bool fields_next_member(str object, size_t *at, struct field *key, struct field *out)
{
    if (!step(object, at))
        return false;
    *key = value_at(object, at);
    *at = space_end(object, *at);
    if (*at < object.len && object.ptr[*at] == ':')
        *at = space_end(object, *at + 1);
    *out = value_at(object, at);
    return true;
}

struct field field_member(struct field object, str name)
{
    struct field key, value, found = {.kind = FIELD_ABSENT};

    if (object.kind == FIELD_OBJECT)
        for (size_t at = 0; fields_next_member(object.raw, &at, &key, &value);)
            if (str_eq(key.raw, name))
                found = value;               /* of duplicate keys the last wins, as in fields_read */
    return found;
}
