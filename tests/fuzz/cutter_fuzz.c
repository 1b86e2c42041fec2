/*
 * The cutter gives the same cuts however the stream arrives, in order, each inside the stream; and
 * of a file that jansson can read every value comes out as a record that can be read.
 */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "base/json.h"
#include "sources/input.h"

enum { LIMIT = 1 << 20 };

/* All cuts as text. Sizes of the pieces come from `seed`; 0: all at once. */
static void cut_all(str text, uint64_t seed, enum cutter_shape shape, struct buf *out,
                    size_t *nrecords)
{
    struct cutter *c = cutter_new(shape, LIMIT);
    size_t from = 0, to = seed ? 0 : text.len;
    uint64_t end_of_last = 0;
    struct cut cut;

    for (;;) {
        size_t at = 0;
        bool is_last = to == text.len;

        while (cutter_next(c, str_part(text, from, to), from, &at, is_last, &cut)) {
            FUZZ_CHECK(at <= to - from, "at %zu of %zu", at, to - from);
            FUZZ_CHECK(cut.offset + cut.bytes.len <= text.len, "offset %zu", (size_t)cut.offset);
            FUZZ_CHECK(cut.offset >= end_of_last, "offset %zu", (size_t)cut.offset);
            FUZZ_CHECK(cut.bytes.len == 0 ||
                           memcmp(text.ptr + cut.offset, cut.bytes.ptr, cut.bytes.len) == 0,
                       "bytes at %zu", (size_t)cut.offset);
            end_of_last = cut.offset + cut.bytes.len;
            *nrecords += cut.kind == CUT_RECORD;
            buf_print(out, "%d %d %d %d %d %s ", cut.kind, (int)cut.number, (int)cut.offset,
                      (int)cut.bytes.len, (int)cut.line, cut.reason ? cut.reason : "");
            buf_add(out, cut.wrapper);
            buf_add(out, cut.outer);
            buf_addc(out, '\n');
        }
        FUZZ_CHECK(at <= to - from, "at %zu of %zu", at, to - from);
        from += at;
        if (is_last)
            break;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        to += 1 + (size_t)(seed >> 33) % 100;
        to = to > text.len ? text.len : to;
    }
    buf_addz(out, cutter_unfinished(c) ? cutter_unfinished(c) : "");
    cutter_free(c);
}

static bool is_one_of(const char *key, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(key, *list) == 0)
            return true;
    return false;
}

/* How many records the header promises for an object that stands by itself: its members in their
 * order, as they arrive. */
static size_t records_of_object(const json_t *object)
{
    static const char *const wrappers[] = {
        "Records",   "records",  "Events",          "events",
        "value",     "entries",  "items",           "configurationItems",
        "logEvents", "results",  "QueryResultRows", "result",
        "data",      "included", "workflow_runs",   "auditLogEvents",
        NULL,
    };
    static const char *const api[] = {"data", "links", "meta", "included", "jsonapi", NULL};
    bool is_api = true, is_wrapper = false, has_data = false, has_empty = false;
    const char *key, *wrapper = "";
    size_t n = 0;
    json_t *v;

    json_object_foreach ((json_t *)(uintptr_t)object, key, v) {
        bool is_empty = json_is_array(v) && json_array_size(v) == 0;
        bool is_list =
            json_is_array(v) && !is_empty &&
            (json_is_object(json_array_get(v, 0)) || json_is_array(json_array_get(v, 0)));
        bool was_api = is_api;

        is_api &= is_one_of(key, api);
        if (is_list && is_one_of(key, wrappers)) {
            if (!is_wrapper && has_data && was_api && strcmp(key, "included") == 0)
                n++;
            is_wrapper = true;
            wrapper = key;
            n += json_array_size(v);
        } else if (is_empty && is_one_of(key, wrappers)) {
            has_empty = true;
        } else if (json_is_object(v) && strcmp(key, "data") == 0) {
            has_data = true;
            if (is_wrapper && strcmp(wrapper, "included") == 0) {
                n++;
                wrapper = "data";
            }
        }
    }
    if (is_wrapper)
        return n;
    if (has_data && is_api)
        return 1;
    return has_empty && json_object_size(object) <= 6 ? 0 : 1;
}

static size_t records_of(const json_t *v, int depth)
{
    size_t n = 0;

    if (json_is_object(v))
        return records_of_object(v);
    if (!json_is_array(v) || depth == 16)
        return 1;
    for (size_t i = 0; i < json_array_size(v); i++)
        n += records_of(json_array_get(v, i), depth + 1);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    struct buf whole = {0}, pieces = {0};
    json_t *tree = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    size_t n, again = 0;

    for (int shape = CUTTER_JSON; shape <= CUTTER_NUL; shape++) {
        buf_clear(&whole);
        n = 0;
        cut_all(text, 0, (enum cutter_shape)shape, &whole, &n);
        for (uint64_t seed = 1; seed <= 4; seed++) {
            buf_clear(&pieces);
            cut_all(text, seed * 7919, (enum cutter_shape)shape, &pieces, &again);
            FUZZ_CHECK(str_eq(buf_str(&whole), buf_str(&pieces)),
                       "seed %d: whole\n%.*s\npieces\n%.*s", (int)seed, STR_FMT(buf_str(&whole)),
                       STR_FMT(buf_str(&pieces)));
        }
        if (tree && shape == CUTTER_JSON &&
            !str_contains(buf_str(&whole), STR("nested deeper than 512")))
            FUZZ_CHECK(n == records_of(tree, 0), "%zu records, not %zu:\n%.*s", n,
                       records_of(tree, 0), STR_FMT(buf_str(&whole)));
    }
    json_decref(tree);
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
