/*
 * feed: gives one record to a source adapter and keeps what it emits, for unit tests of adapters.
 *
 *   struct feed f = feed_json(&source_git_log, "...");
 *   CHECK_INT(f.result, MAP_DONE);
 *   CHECK_STR(f.events[0].action, "merge");
 *
 * What the events point at lives until the program ends.
 */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H

#include "base/fields.h"
#include "sources/source.h"

enum { FEED_MAX = 32 };

static struct arena feed_arena;

struct feed {
    enum map_result result;
    int certainty; /* what probe said */
    const char *why;
    struct event events[FEED_MAX];
    size_t n;
};

struct feed_mapper {
    struct mapper mapper; /* first: emit gets a pointer to it */
    struct feed *feed;
};

static inline void feed_emit(struct mapper *m, const struct event *ev)
{
    struct feed *f = ((struct feed_mapper *)(void *)m)->feed;

    if (f->n < FEED_MAX)
        f->events[f->n++] = *ev;
}

static inline struct feed feed_record(const struct source *s, str bytes, const char *wrapper,
                                      const struct map_settings *settings)
{
    struct arena *a = &feed_arena;
    struct feed f = {0};
    struct issues notes = {0};
    struct feed_mapper fm = {{.arena = a, .notes = &notes, .emit = feed_emit, .settings = settings},
                             &f};
    struct record rec = {.bytes = str_copy(a, bytes), .wrapper = str_from(wrapper)};
    json_t *tree =
        s->shape == SHAPE_JSON ? json_loadb(bytes.ptr, bytes.len, JSON_ALLOW_NUL, NULL) : NULL;
    struct err err = {0};

    if (s->npaths) {
        struct field *fields = arena_new(a, struct field, s->npaths);

        if (!fields_read(field_set_new(a, s->paths, s->npaths), rec.bytes, fields, &err)) {
            f.result = MAP_REJECT;
            f.why = "not valid JSON";
            json_decref(tree);
            return f;
        }
        rec.fields = fields;
    }
    f.certainty = s->probe(&rec, tree);
    json_decref(tree);
    f.result = s->map(&rec, &fm.mapper);
    f.why = fm.mapper.why;
    return f;
}

static inline struct feed feed_json(const struct source *s, const char *json)
{
    static const struct map_settings none = {{NULL, 0}};

    return feed_record(s, str_from(json), NULL, &none);
}

#endif
