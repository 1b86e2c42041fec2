/*
 * Holds base/fields against jansson: both accept or both refuse, and what stands under a path is
 * the same value.
 *
 * Known differences: jansson refuses numbers that do not fit a C type, we keep them as text; we
 * refuse nesting deeper than 512, jansson deeper than 2048; jansson takes a NUL byte outside of
 * strings for the end and does not look at what follows, we refuse it.
 */
#include "fuzz/fuzz.h"

#include "base/fields.h"
#include "base/json.h"

static const char *const paths[] = {
    "/a",
    "/a/b",
    "/a/b/c",
    "/a/0",
    "/b",
    "/b/1/c",
    "/0/a",
    "/1",
    "",
    "/a~1b",
    "/~0",
    "/eventVersion",
    "/eventTime",
    "/eventID",
    "/eventName",
    "/eventSource",
    "/userIdentity/type",
    "/userIdentity/sessionContext/sessionIssuer/arn",
    "/resources/0/ARN",
    "/resources/1/ARN",
    "/resources",
    "/requestParameters",
    "/c",
    "//x",
    "/",
    "/a",
};
enum { NPATHS = sizeof paths / sizeof paths[0] };

static const json_t *follow(const json_t *v, const char *path)
{
    str rest = str_from(path);

    str_cut(&rest, '/');
    while (v && rest.ptr) {
        str step = str_cut(&rest, '/');
        char key[64];
        size_t n = 0;
        uint64_t index;

        for (size_t i = 0; i < step.len; i++)
            key[n++] = step.ptr[i] == '~' ? (char)(step.ptr[++i] == '1' ? '/' : '~') : step.ptr[i];
        key[n] = '\0';
        if (json_is_array(v))
            v = str_to_u64(step, &index) ? json_array_get(v, index) : NULL;
        else
            v = json_object_get(v, key);
    }
    return v;
}

static enum field_kind kind_of(const json_t *v)
{
    static const enum field_kind kinds[] = {
        [JSON_OBJECT] = FIELD_OBJECT,  [JSON_ARRAY] = FIELD_ARRAY, [JSON_STRING] = FIELD_STRING,
        [JSON_INTEGER] = FIELD_NUMBER, [JSON_REAL] = FIELD_NUMBER, [JSON_TRUE] = FIELD_TRUE,
        [JSON_FALSE] = FIELD_FALSE,    [JSON_NULL] = FIELD_NULL,
    };

    return v ? kinds[json_typeof(v)] : FIELD_ABSENT;
}

static void check_steps(struct field f, const json_t *v)
{
    struct field key, value;
    size_t at = 0, n = 0;

    if (f.kind == FIELD_ARRAY) {
        while (fields_next_element(f.raw, &at, &value)) {
            FUZZ_CHECK(value.kind == kind_of(json_array_get(v, n)), "element %zu", n);
            n++;
        }
        FUZZ_CHECK(n == json_array_size(v), "%zu elements", n);
    } else if (f.kind == FIELD_OBJECT) {
        while (fields_next_member(f.raw, &at, &key, &value)) {
            FUZZ_CHECK(key.kind == FIELD_STRING && value.kind != FIELD_ABSENT, "member %zu", n);
            n++;
        }
        FUZZ_CHECK(n >= json_object_size(v), "%zu members", n);
    }
}

static void check_value(const char *path, struct field f, const json_t *v, struct arena *a)
{
    json_t *again;
    str text;

    FUZZ_CHECK(f.kind == kind_of(v), "%s: kind %d, not %d", path, f.kind, kind_of(v));
    if (f.kind == FIELD_ABSENT)
        return;
    check_steps(f, v);
    if (f.kind == FIELD_STRING) {
        text = field_string(f, a);
        FUZZ_CHECK(str_eq(text, (str){json_string_value(v), json_string_length(v)}), "%s: '%.*s'",
                   path, STR_FMT(text));
        return;
    }
    again = json_loadb(f.raw.ptr, f.raw.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
    FUZZ_CHECK(again && json_equal(again, v), "%s: '%.*s'", path, STR_FMT(f.raw));
    json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    const struct field_set *set = field_set_new(&a, paths, NPATHS);
    struct field out[NPATHS];
    struct err err = {0};
    json_error_t why = {0};
    str record = {(const char *)data, size};
    json_t *tree = json_loadb((const char *)data, size, JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    bool ok = fields_read(set, record, out, &err);
    bool is_limit = (!tree && json_error_code(&why) == json_error_numeric_overflow) ||
                    (!ok && strstr(err.text, "nested deeper than 512")) ||
                    (!ok && tree && memchr(data, 0, size));

    if (!is_limit) {
        FUZZ_CHECK(ok == (tree != NULL), "we say '%s', jansson says '%s'", err.text, why.text);
        for (size_t i = 0; ok && i < NPATHS; i++)
            check_value(paths[i], out[i], follow(tree, paths[i]), &a);
    }
    json_decref(tree);
    arena_free(&a);
    return 0;
}
