/*
 * mapping: reads a mapping file. Strict, because a misspelt key would silently map nothing: what is
 * not known is an error, and the samples in the file must map as they say.
 */
#include "mapping_parts.h"

#include "tree.h"

enum { MOST_PATHS = 128 };

struct loader {
    struct arena *a;
    const char *file;
    const char **paths;
    size_t npaths;
    struct err *err;
};

static bool refuse(struct loader *l, const char *where, const char *what, const char *why)
{
    return err_set(l->err, ERR_USAGE, "%s: %s: '%s' %s", l->file, where, what, why);
}

static bool only_keys(struct loader *l, const json_t *obj, const char *where,
                      const char *const *known)
{
    const char *key;
    json_t *v;

    json_object_foreach(json_open(obj), key, v) {
        size_t i = 0;

        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return refuse(l, where, key, "is not known here");
    }
    return true;
}

static str own_text(struct loader *l, const json_t *v)
{
    return json_is_string(v) ? str_copy(l->a, (str){json_string_value(v), json_string_length(v)})
                             : STR_NONE;
}

static bool slot_of(struct loader *l, const char *where, const char *path, size_t *slot)
{
    for (*slot = 0; *slot < l->npaths; ++*slot)
        if (strcmp(l->paths[*slot], path) == 0)
            return true;
    if (path[0] != '/')
        return refuse(l, where, path, "is no path: paths begin with /");
    if (l->npaths == MOST_PATHS)
        return refuse(l, where, path, "is one path too many");
    l->paths[l->npaths++] = str_z(l->a, str_from(path));
    return true;
}

static bool read_value(struct loader *l, const json_t *v, const char *where,
                       const struct mapped_field *f, struct value *out);

static bool read_parts(struct loader *l, const json_t *list, const char *where, struct value *out)
{
    struct value *parts = arena_new(l->a, struct value, json_array_size(list));

    if (!json_array_size(list))
        return refuse(l, where, "first, join", "need a list of values");
    out->parts = parts;
    out->nparts = json_array_size(list);
    for (size_t i = 0; i < out->nparts; i++)
        if (!read_value(l, json_array_get(list, i), where, NULL, &parts[i]))
            return false;
    return true;
}

/* A word that the field must know: found wrong when loaded, not a year later. */
static bool check_word(struct loader *l, const struct mapped_field *f, str word)
{
    struct event ev = event_new();

    if (!f || !word.ptr || f->hold == HOLD_TIME || mapped_set(f, &ev, word, l->a))
        return true;
    return refuse(l, f->name, str_z(l->a, word), "is not a word of this field");
}

static bool read_map(struct loader *l, const json_t *map, const struct mapped_field *f,
                     struct value *out)
{
    struct translation *t = arena_new(l->a, struct translation, json_object_size(map));
    const char *key;
    json_t *v;

    out->map = t;
    json_object_foreach(json_open(map), key, v) {
        t[out->nmap] = (struct translation){str_copy(l->a, str_from(key)), own_text(l, v)};
        if (!check_word(l, f, t[out->nmap++].to))
            return false;
    }
    return true;
}

static bool read_value(struct loader *l, const json_t *v, const char *where,
                       const struct mapped_field *f, struct value *out)
{
    static const char *const known[] = {"path",   "const",  "first", "join",      "with",
                                        "after",  "before", "map",   "otherwise", NULL};
    const json_t *path = json_is_string(v) ? v : json_object_get(v, "path");
    const json_t *first = json_object_get(v, "first"), *join = json_object_get(v, "join");

    if (json_is_object(v) && !only_keys(l, v, where, known))
        return false;
    out->text = own_text(l, json_object_get(v, "const"));
    out->kind = path ? VALUE_PATH : first ? VALUE_FIRST : join ? VALUE_JOIN : VALUE_CONST;
    if (path && !slot_of(l, where, json_is_string(path) ? json_string_value(path) : "?", &out->slot))
        return false;
    if ((first || join) && !path && !read_parts(l, first ? first : join, where, out))
        return false;
    if (out->kind == VALUE_CONST && (!out->text.ptr || !check_word(l, f, out->text)))
        return refuse(l, where, "value", "is neither path, const, first nor join");
    if (out->kind == VALUE_JOIN)
        out->text = str_or(own_text(l, json_object_get(v, "with")), STR(" "));
    out->after = own_text(l, json_object_get(v, "after"));
    out->before = own_text(l, json_object_get(v, "before"));
    out->otherwise = own_text(l, json_object_get(v, "otherwise"));
    return check_word(l, f, out->otherwise) && read_map(l, json_object_get(v, "map"), f, out);
}

static bool read_fields(struct loader *l, const json_t *fields, struct kind *out)
{
    const char *key;
    json_t *v;

    json_object_foreach(json_open(fields), key, v) {
        struct value *value = arena_new(l->a, struct value, 1);
        size_t i = 0;

        while (i < MAPPED_FIELD_COUNT && strcmp(mapped_fields[i].name, key) != 0)
            i++;
        if (i == MAPPED_FIELD_COUNT)
            return refuse(l, "fields", key, "is not a field of an event");
        if (!read_value(l, v, key, &mapped_fields[i], value))
            return false;
        out->fields[i] = value;
    }
    return true;
}

static bool read_when(struct loader *l, const json_t *when, struct kind *out)
{
    struct condition *c = arena_new(l->a, struct condition, json_object_size(when));
    const char *key;
    json_t *v;

    if (!json_object_size(when))
        return refuse(l, "when", "when", "is missing or empty");
    out->when = c;
    json_object_foreach(json_open(when), key, v) {
        size_t n = json_is_array(v) ? json_array_size(v) : json_is_string(v);
        str *globs = arena_new(l->a, str, n);

        for (size_t i = 0; i < n; i++) {
            globs[i] = own_text(l, json_is_array(v) ? json_array_get(v, i) : v);
            if (!globs[i].ptr)
                return refuse(l, "when", key, "is not a text or a list of texts");
        }
        if (!n && !json_is_boolean(v))
            return refuse(l, "when", key, "is neither text, list, true nor false");
        c->kind = n ? WHEN_LIKE : json_is_true(v) ? WHEN_THERE : WHEN_NOT_THERE;
        c->globs = globs;
        c->nglobs = n;
        if (!slot_of(l, "when", key, &c->slot))
            return false;
        c++;
        out->nwhen++;
    }
    return true;
}

static bool read_kinds(struct loader *l, const json_t *list, struct mapping *m)
{
    static const char *const known[] = {"when", "fields", "skip", NULL};
    struct kind *kinds = arena_new(l->a, struct kind, json_array_size(list));

    m->kinds = kinds;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *k = json_array_get(list, i);

        if (!only_keys(l, k, "kinds", known) ||
            !read_when(l, json_object_get(k, "when"), &kinds[i]) ||
            !read_fields(l, json_object_get(k, "fields"), &kinds[i]))
            return false;
        if (json_object_get(k, "skip"))
            kinds[i].skip = str_z(l->a, own_text(l, json_object_get(k, "skip")));
        m->nkinds++;
    }
    return true;
}

static bool read_gives(struct loader *l, const json_t *list, unsigned *out)
{
    static const char *const words[] = {"cloud-audit", "sign-in", "runs",
                                        "approvals",   "vcs",     "state",
                                        "platform-audit", "drift", "state-access"};

    for (size_t i = 0; i < json_array_size(list); i++) {
        str word = own_text(l, json_array_get(list, i));
        size_t w = 0;

        while (w < 9 && !str_eq(word, str_from(words[w])))
            w++;
        if (w == 9)
            return refuse(l, "gives", str_z(l->a, word), "is not known");
        *out |= 1u << w;
    }
    return true;
}

struct sample_mapper {
    struct mapper mapper; /* first: keep finds the rest from it */
    struct event ev;
    size_t count;
};

static void keep(struct mapper *m, const struct event *ev)
{
    struct sample_mapper *s = (struct sample_mapper *)m;

    s->ev = *ev;
    s->count++;
}

static bool is_same(const struct mapped_field *f, const struct event *x, const struct event *y)
{
    const void *px = (const char *)x + f->offset, *py = (const char *)y + f->offset;

    switch (f->hold) {
    case HOLD_TEXT:
    case HOLD_ADDRESS:
        return str_eq(*(const str *)px, *(const str *)py);
    case HOLD_TIME:
        return instant_cmp(x->time, y->time) == 0;
    case HOLD_VERB:
        return x->verb == y->verb;
    case HOLD_OUTCOME:
        return x->outcome == y->outcome;
    case HOLD_CHANNEL:
        return x->channel == y->channel;
    case HOLD_ACTOR:
        return x->actor_type == y->actor_type;
    }
    return false;
}

static bool check_sample(struct loader *l, const struct mapping *m, const json_t *sample)
{
    static const char *const known[] = {"record", "expect", NULL};
    struct issues notes = {0};
    struct map_settings settings = {0};
    struct sample_mapper s = {
        .mapper = {.arena = l->a, .notes = &notes, .emit = keep, .settings = &settings}};
    const json_t *expect = json_object_get(sample, "expect");
    struct record rec = {.bytes = json_write(json_object_get(sample, "record"), l->a),
                         .is_row = m->source.shape == SHAPE_CSV};
    struct field *f = arena_new(l->a, struct field, l->npaths);
    const char *key;
    json_t *v;

    if (!only_keys(l, sample, "samples", known) || !fields_read(m->set, rec.bytes, f, l->err))
        return false;
    rec.fields = f;
    if (!mapping_probe(m, &rec))
        return refuse(l, "samples", "when", "does not hold for a sample");
    (void)mapping_map(m, &rec, &s.mapper);
    if ((s.count > 0) != json_is_object(expect))
        return refuse(l, "samples", "expect", s.count ? "is null, but there is an event"
                                                      : "is not met: there is no event");
    json_object_foreach(json_open(expect), key, v) {
        struct event want = event_new();
        size_t i = 0;

        while (i < MAPPED_FIELD_COUNT && strcmp(mapped_fields[i].name, key) != 0)
            i++;
        if (i == MAPPED_FIELD_COUNT)
            return refuse(l, "samples", key, "is not a field of an event");
        if (!mapped_set(&mapped_fields[i], &want, own_text(l, v), l->a) ||
            !is_same(&mapped_fields[i], &s.ev, &want))
            return refuse(l, "samples", key, "does not come out as expected");
    }
    return true;
}

static bool read_head(struct loader *l, const json_t *doc, struct source *s)
{
    static const char *const known[] = {"name",  "title", "reads",  "gives", "continuous",
                                        "shape", "when",  "fields", "kinds", "samples", NULL};
    str shape = own_text(l, json_object_get(doc, "shape"));

    if (!json_is_object(doc) || !only_keys(l, doc, "mapping", known))
        return err_set(l->err, ERR_USAGE, "%s: is not an object", l->file);
    s->name = str_z(l->a, own_text(l, json_object_get(doc, "name")));
    s->title = str_z(l->a, own_text(l, json_object_get(doc, "title")));
    s->reads = str_z(l->a, own_text(l, json_object_get(doc, "reads")));
    s->is_continuous = json_is_true(json_object_get(doc, "continuous"));
    s->shape = str_eq(shape, STR("csv")) ? SHAPE_CSV : SHAPE_JSON;
    if (!s->name[0] || !s->title[0] || !s->reads[0])
        return refuse(l, "mapping", "name, title, reads", "must be texts");
    if (s->shape != SHAPE_CSV && !str_eq(shape, STR("json")))
        return refuse(l, "mapping", "shape", "must be json or csv");
    return read_gives(l, json_object_get(doc, "gives"), &s->gives);
}

static bool read_all(struct loader *l, const json_t *doc, struct mapping *m)
{
    const json_t *samples = json_object_get(doc, "samples");

    if (!read_head(l, doc, &m->source) || !read_when(l, json_object_get(doc, "when"), &m->base) ||
        !read_fields(l, json_object_get(doc, "fields"), &m->base) ||
        !read_kinds(l, json_object_get(doc, "kinds"), m))
        return false;
    if (!m->base.fields[0])
        return refuse(l, "fields", "time", "is missing");
    if (!json_array_size(samples))
        return refuse(l, "mapping", "samples", "must hold at least one record");
    m->source.paths = (const char *const *)l->paths;
    m->source.npaths = l->npaths;
    m->source.mapping = m;
    m->set = field_set_new(l->a, m->source.paths, l->npaths);
    for (size_t i = 0; i < json_array_size(samples); i++)
        if (!check_sample(l, m, json_array_get(samples, i)))
            return false;
    return true;
}

const struct mapping *mapping_read(struct arena *a, const char *path, str text, struct err *err)
{
    struct loader l = {
        .a = a, .file = path, .paths = arena_new(a, const char *, MOST_PATHS), .err = err};
    struct mapping *m = arena_new(a, struct mapping, 1);
    json_t *doc = json_parse(text, err);
    bool ok;

    if (!doc) {
        err_wrap(err, "%s", path);
        return NULL;
    }
    ok = read_all(&l, doc, m);
    json_decref(doc);
    return ok ? m : NULL;
}

const struct source *mapping_source(const struct mapping *m)
{
    return &m->source;
}

const struct field_set *mapping_fields(const struct mapping *m)
{
    return m->set;
}
