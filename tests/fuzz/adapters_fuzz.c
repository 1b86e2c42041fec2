/*
 * adapters: whatever the bytes are, no adapter may crash, read beyond them, or refuse without
 * saying why. Every record is given to every source of its shape, also to those that did not claim
 * it, and all text they emit is read once.
 */
#include "fuzz.h"

#include "sources/input.h"
#include "sources/source.h"

struct probe_mapper {
    struct mapper mapper; /* first: emit gets a pointer to it */
    uint64_t seen;        /* keeps the reading of the text from being left out */
};

static void read_text(struct probe_mapper *p, str s)
{
    for (size_t i = 0; i < s.len; i++)
        p->seen = p->seen * 31 + (unsigned char)s.ptr[i];
}

static void read_facts(struct probe_mapper *p, const struct event *ev)
{
    for (const struct resource_ref *r = ev->more_resources; r; r = r->next)
        read_text(p, r->id);
    for (const struct change *c = ev->changes; c; c = c->next) {
        FUZZ_CHECK(c->tool.len, "a change without a tool");
        read_text(p, c->key);
        read_text(p, c->message);
        read_text(p, c->commit);
    }
    for (const struct approval *d = ev->approvals; d; d = d->next) {
        FUZZ_CHECK(d->decision.len && d->object.len, "a decision on nothing");
        read_text(p, d->by);
    }
    for (const struct change_request *c = ev->change_requests; c; c = c->next)
        read_text(p, c->key);
    for (const struct commit *c = ev->commits; c; c = c->next)
        read_text(p, c->subject);
    for (const struct fact_link *l = ev->links; l; l = l->next)
        FUZZ_CHECK(l->from_type.len && l->to_type.len, "a link without types");
    for (const struct grant *g = ev->grants; g; g = g->next)
        read_text(p, g->permission);
    for (const struct exposure *e = ev->exposures; e; e = e->next)
        read_text(p, e->range);
    if (ev->snapshot)
        for (const struct snapshot_resource *r = ev->snapshot->resources; r; r = r->next)
            read_text(p, r->address);
}

static void emit(struct mapper *m, const struct event *ev)
{
    struct probe_mapper *p = (struct probe_mapper *)(void *)m;
    const str texts[] = {ev->actor,     ev->actor_id, ev->via,     ev->session,  ev->service,
                         ev->action,    ev->resource, ev->account, ev->region,   ev->place,
                         ev->label,     ev->error,    ev->run,     ev->commit,   ev->error_text,
                         ev->time_text, ev->detail,   ev->dedupe,  ev->fold.key, ev->request,
                         ev->native_id, ev->ticket};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        read_text(p, texts[i]);
    read_facts(p, ev);
}

static void give(const struct source *s, struct record rec, struct arena *a)
{
    static const struct map_settings settings = {{"git_sha", 7}};
    struct issues notes = {0};
    struct probe_mapper p = {{.arena = a, .notes = &notes, .emit = emit, .settings = &settings}, 0};
    struct err err = {0};
    json_t *tree = s->shape == SHAPE_JSON ? json_parse(rec.bytes, &err) : NULL;
    struct field *fields = arena_new(a, struct field, s->npaths);
    int certainty;

    if (s->shape == SHAPE_JSON &&
        !tree) /* the reader probes with a tree and has checked the record before map */
        return;
    rec.fields = fields;
    if (s->npaths && !fields_read(source_fields(s), rec.bytes, fields, &err)) {
        json_decref(tree);
        return;
    }
    certainty = s->probe(&rec, tree);
    json_decref(tree);
    FUZZ_CHECK(certainty >= 0 && certainty <= 100, "%s is sure by %d", s->name, certainty);
    if (s->map(&rec, &p.mapper) == MAP_REJECT)
        FUZZ_CHECK(p.mapper.why && *p.mapper.why, "%s refuses without a reason", s->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const wrappers[] = {"", "data", "included", "Records"};
    bool has_nul = size && memchr(data, 0, size);
    struct cutter *c = cutter_new(has_nul ? CUTTER_NUL : CUTTER_JSON, 1 << 20);
    struct arena a = {0};
    struct cut cut;
    size_t at = 0, nsources;
    const struct source *const *sources;

    sources_start();
    sources = source_list(&nsources);
    while (cutter_next(c, (str){(const char *)data, size}, 0, &at, true, &cut)) {
        struct record rec = {
            .bytes = cut.bytes, .outer = cut.outer, .wrapper = cut.wrapper, .number = cut.number};

        if (cut.kind != CUT_RECORD)
            continue;
        if (str_empty(rec.wrapper))
            rec.wrapper = str_from(wrappers[cut.number % 4]);
        for (size_t i = 0; i < nsources; i++)
            if ((sources[i]->shape == SHAPE_GIT_LOG) == has_nul)
                give(sources[i], rec, &a);
    }
    arena_free(&a);
    cutter_free(c);
    return 0;
}
