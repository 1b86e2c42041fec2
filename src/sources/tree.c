/*
 * tree: see tree.h.
 */
#include "tree.h"

#include "base/digest.h"

#include <stdarg.h>

str tree_text(const json_t *obj, const char *key, struct arena *a)
{
    return str_copy(a, json_get_text(obj, key, a));
}

str tree_path_text(struct arena *a, const json_t *obj, ...)
{
    va_list keys;
    const char *key;

    va_start(keys, obj);
    while (obj && (key = va_arg(keys, const char *)) != NULL)
        obj = json_member(obj, key);
    va_end(keys);
    return str_copy(a, json_text(obj, a));
}

int64_t tree_int(const json_t *obj, const char *key, int64_t otherwise)
{
    const json_t *v = json_member(obj, key);

    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

struct instant tree_time(const json_t *obj, const char *key)
{
    const json_t *v = json_member(obj, key);
    struct instant t = {0};

    if (json_is_string(v) && !instant_parse((str){json_string_value(v), json_string_length(v)}, &t))
        t = (struct instant){0};
    return t;
}

const json_t *tree_any_case(const json_t *obj, const char *key)
{
    const json_t *v = json_member(obj, key);
    size_t n = strlen(key);
    char other[64];

    if (v || n >= sizeof other)
        return v;
    memcpy(other, key, n + 1);
    other[0] = (char)(other[0] & ~32);
    return json_member(obj, other);
}

bool tree_has(const json_t *obj, const char *key)
{
    return json_member(obj, key) != NULL;
}

json_t *tree_open(const struct record *rec, struct mapper *m)
{
    struct err err = {0};
    json_t *doc = json_parse(rec->bytes, &err);

    if (!doc)
        m->why = str_z(m->arena, str_from(err.text));
    return doc;
}

bool event_set_time(struct event *ev, str text)
{
    if (str_empty(text) || !instant_parse(text, &ev->time))
        return false;
    ev->time_text = str_ends(text, STR("Z")) ? STR_NONE : text;
    return true;
}

str event_dedupe(const struct record *rec, size_t nth, struct arena *a)
{
    struct sha256 digest = sha256_of(rec->bytes);

    return str_print(a, "%.*s/%zu", STR_FMT(hex_of(digest.bytes, 16, a)), nth);
}

void event_add_resource(struct event *ev, str id, str type, struct arena *a)
{
    struct resource_ref **last = &ev->more_resources;

    if (str_empty(id))
        return;
    while (*last)
        last = &(*last)->next;
    *last = arena_new(a, struct resource_ref, 1);
    (*last)->id = id;
    (*last)->type = type;
}

/* "https://github.com/acme/infra/commit/1e1c10..." or ".../-/commit/1e1c10..." */
str commit_in_url(str url)
{
    static const char word[] = "/commit/";
    size_t at = str_find(url, str_from(word)), end;

    if (at == SIZE_MAX)
        return STR_NONE;
    at += sizeof(word) - 1;
    for (end = at; end < url.len && memchr("0123456789abcdef", url.ptr[end], 16); end++)
        ;
    return str_part(url, at, end);
}

struct change *change_new(str tool, str key, struct arena *a)
{
    struct change *c = arena_new(a, struct change, 1);

    c->tool = tool;
    c->key = key;
    c->adds = c->changes = c->destroys = -1;
    c->auto_apply = -1;
    return c;
}
