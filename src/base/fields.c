/*
 * fields: one pass over a record that validates every byte and notes where the wanted values stand.
 *
 * The wanted paths are a trie. The walk keeps, per open object or array, the trie node it stands
 * on, or NULL where nothing is wanted; keys are compared only where the node has children. Strings
 * are most of a record, so only they get SSE2: sixteen bytes at once are looked through for the
 * quote, a backslash, a control byte or a byte above 0x7f. A load is made only when sixteen bytes
 * are left in the record, so nothing behind it is ever read.
 *
 * tests/fuzz/fields_fuzz.c holds this reader against jansson.
 */
#include "base/fields.h"

#include "base/json_scan.h"

enum { DEPTH_MAX = 512, NOT_AN_INDEX = -1, NO_SLOT = -1, LARGEST_INDEX = 1 << 20 };

struct node {
    str key;       /* decoded */
    int32_t index; /* the key read as an array index */
    int32_t slot;  /* the path that ends here */
    struct node *child, *sibling;
    struct node *same_bucket;
    struct node **buckets; /* children by key_hash */
    size_t bucket_mask;
    bool has_index;       /* a child names an array element */
    const int32_t *below; /* slots of all paths that go on below this node */
    size_t nbelow;
};

struct field_set {
    struct node root;
    size_t npaths;
    const int32_t *copy_of; /* per path: the same path earlier in the list, or NO_SLOT */
    bool has_copies;
};

/* --- compiling ------------------------------------------------------------------------- */

static size_t key_hash(const char *key, size_t len)
{
    const unsigned char *k = (const unsigned char *)key;

    return len == 0 ? 0 : len + 5u * k[len - 1] + 3u * k[len / 2] + 7u * k[0];
}

/* One step of a JSON pointer: "~1" is a slash, "~0" a tilde. */
static str pointer_step(struct arena *a, str step)
{
    char *out = arena_alloc(a, step.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < step.len; i++) {
        if (step.ptr[i] == '~' && i + 1 < step.len && step.ptr[i + 1] <= '1' &&
            step.ptr[i + 1] >= '0')
            out[n++] = step.ptr[++i] == '1' ? '/' : '~';
        else
            out[n++] = step.ptr[i];
    }
    return (str){out, n};
}

static int32_t array_index(str key)
{
    uint64_t v;

    if (!str_to_u64(key, &v) || v > LARGEST_INDEX || (key.len > 1 && key.ptr[0] == '0'))
        return NOT_AN_INDEX;
    return (int32_t)v;
}

static struct node *child_get(struct arena *a, struct node *parent, str key)
{
    struct node **at = &parent->child;

    for (; *at; at = &(*at)->sibling)
        if (str_eq((*at)->key, key))
            return *at;
    *at = arena_new(a, struct node, 1);
    **at = (struct node){.key = key, .index = array_index(key), .slot = NO_SLOT};
    parent->has_index |= (*at)->index != NOT_AN_INDEX;
    return *at;
}

/* Puts the slots of `n` and of everything below it into `list`. */
static size_t collect_slots(const struct node *n, int32_t *list, size_t count)
{
    if (n->slot != NO_SLOT)
        list[count++] = n->slot;
    for (const struct node *c = n->child; c; c = c->sibling)
        count = collect_slots(c, list, count);
    return count;
}

static void finish_node(struct arena *a, struct node *n, size_t npaths)
{
    size_t nchildren = 0, nbuckets = 4;
    int32_t *below;

    if (!n->child)
        return;
    for (const struct node *c = n->child; c; c = c->sibling)
        nchildren++;
    while (nbuckets < nchildren * 4)
        nbuckets *= 2;
    n->buckets = arena_new(a, struct node *, nbuckets);
    n->bucket_mask = nbuckets - 1;
    below = arena_new(a, int32_t, npaths);
    for (struct node *c = n->child; c; c = c->sibling) {
        struct node **bucket = &n->buckets[key_hash(c->key.ptr, c->key.len) & n->bucket_mask];

        c->same_bucket = *bucket;
        *bucket = c;
        n->nbelow = collect_slots(c, below, n->nbelow);
        finish_node(a, c, npaths);
    }
    n->below = below;
}

const struct field_set *field_set_new(struct arena *a, const char *const *paths, size_t npaths)
{
    struct field_set *set = arena_new(a, struct field_set, 1);
    int32_t *copy_of = arena_new(a, int32_t, npaths);

    set->root.slot = NO_SLOT;
    set->root.index = NOT_AN_INDEX;
    set->npaths = npaths;
    for (size_t i = 0; i < npaths; i++) {
        str rest = str_from(paths[i]);
        struct node *n = &set->root;

        copy_of[i] = NO_SLOT;
        str_cut(&rest, '/');
        while (rest.ptr)
            n = child_get(a, n, pointer_step(a, str_cut(&rest, '/')));
        if (n->slot == NO_SLOT) {
            n->slot = (int32_t)i;
        } else {
            copy_of[i] = n->slot;
            set->has_copies = true;
        }
    }
    set->copy_of = copy_of;
    finish_node(a, &set->root, npaths);
    return set;
}

/* --- reading --------------------------------------------------------------------------- */

struct frame {
    const struct node *node; /* NULL: nothing wanted in here */
    const char *start;
    int32_t next_index; /* of an array's next element; -1 in an object */
};

struct walk {
    const struct field_set *set;
    struct field *out;
    const char *p, *end;
    const char *why;     /* set on failure; p stands at the place */
    struct frame *frame; /* innermost open object or array */
    struct frame *outermost, *innermost_allowed;
    const struct node *node; /* what the next value is called, if it is wanted */
};

static inline bool fail(struct walk *w, const char *why)
{
    w->why = why;
    return false;
}

static inline void skip_space(struct walk *w)
{
    const char *p = w->p, *end = w->end;

    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
#if defined(__SSE2__)
        /* Indentation of pretty-printed records. */
        while (end - p >= 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
            unsigned other =
                ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(' '))) & 0xffffu;

            if (other) {
                p += __builtin_ctz(other);
                break;
            }
            p += 16;
        }
#endif
    }
    w->p = p;
}

/* w->p stands behind the opening quote and ends up behind the closing one. */
static inline bool read_string(struct walk *w, str *raw, unsigned *flags)
{
    const char *start = w->p, *p = start, *end = w->end;

    *flags = 0;
    for (;;) {
#if defined(__SSE2__)
        while (end - p >= 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
            __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                                        _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                                           _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v));
            unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(special, v));

            if (found) {
                p += __builtin_ctz(found);
                break;
            }
            p += 16;
        }
#endif
        while (p < end && json_is_plain((unsigned char)*p))
            p++;
        if (p == end) {
            w->p = start - 1;
            return fail(w, "the string that begins here does not end");
        }
        if (*p == '"') {
            *raw = (str){start, (size_t)(p - start)};
            w->p = p + 1;
            return true;
        }
        if (!json_skip_special(&p, end, flags, &w->why)) {
            w->p = p;
            return false;
        }
    }
}

static inline bool same_key(const char *a, const char *b, size_t len)
{
    uint64_t x, y;

    if (len < 8 || len > 16)
        return memcmp(a, b, len) == 0;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    if (x != y)
        return false;
    memcpy(&x, a + len - 8, 8);
    memcpy(&y, b + len - 8, 8);
    return x == y;
}

static const struct node *find_key(const struct node *parent, const char *key, size_t len)
{
    const struct node *n = parent->buckets[key_hash(key, len) & parent->bucket_mask];

    while (n && (n->key.len != len || !same_key(n->key.ptr, key, len)))
        n = n->same_bucket;
    return n;
}

/* A key written with escapes names the same member. */
static const struct node *find_escaped_key(const struct node *parent, str raw)
{
    for (const struct node *n = parent->child; n; n = n->sibling)
        if (json_text_is(raw, n->key))
            return n;
    return NULL;
}

static const struct node *find_index(const struct node *parent, int32_t index)
{
    for (const struct node *n = parent->child; n; n = n->sibling)
        if (n->index == index)
            return n;
    return NULL;
}

static inline void note(struct walk *w, enum field_kind kind, str raw, bool is_escaped)
{
    if (w->node && w->node->slot != NO_SLOT)
        w->out[w->node->slot] = (struct field){raw, (uint8_t)kind, is_escaped};
}

/* The same key again: the last one wins, so what an earlier one had below it is forgotten. */
static inline void forget_below(struct walk *w)
{
    if (w->node)
        for (size_t i = 0; i < w->node->nbelow; i++)
            w->out[w->node->below[i]] = (struct field){STR_NONE, FIELD_ABSENT, false};
}

static bool read_literal(struct walk *w, str word, enum field_kind kind)
{
    if ((size_t)(w->end - w->p) < word.len || memcmp(w->p, word.ptr, word.len) != 0)
        return fail(w, "expected a value");
    note(w, kind, (str){w->p, word.len}, false);
    w->p += word.len;
    return true;
}

static bool read_number(struct walk *w)
{
    const char *start = w->p, *p = json_number_end(start, w->end);

    if (!p)
        return fail(w, "not a number");
    note(w, FIELD_NUMBER, (str){start, (size_t)(p - start)}, false);
    w->p = p;
    return true;
}

/* Reads `"key" :` and sets w->node to what is wanted under it. */
static inline bool read_key(struct walk *w)
{
    const struct node *parent = w->frame->node;
    unsigned flags;
    str key;

    if (w->p == w->end || *w->p != '"')
        return fail(w, "expected a member name in double quotes");
    w->p++;
    if (!read_string(w, &key, &flags))
        return false;
    if (flags & JSON_HAS_NUL) {
        w->p = key.ptr;
        return fail(w, "a member name contains \\u0000");
    }
    w->node = NULL;
    if (parent && parent->child)
        w->node = flags & JSON_ESCAPED ? find_escaped_key(parent, key)
                                       : find_key(parent, key.ptr, key.len);
    if (w->p == w->end || *w->p != ':')
        skip_space(w);
    if (w->p == w->end || *w->p != ':')
        return fail(w, "expected ':'");
    w->p++;
    return true;
}

static inline void enter_element(struct walk *w)
{
    const struct node *parent = w->frame->node;

    w->node = NULL;
    if (parent && parent->has_index) {
        w->node = find_index(parent, w->frame->next_index);
        if (w->frame->next_index <= LARGEST_INDEX)
            w->frame->next_index++;
    }
}

static bool open_container(struct walk *w, bool is_array)
{
    if (w->frame == w->innermost_allowed)
        return fail(w, "nested deeper than 512");
    *++w->frame = (struct frame){w->node, w->p, is_array ? 0 : NOT_AN_INDEX};
    w->p++;
    return true;
}

static void close_container(struct walk *w)
{
    const struct frame *f = w->frame--;

    w->p++;
    w->node = f->node;
    note(w, f->next_index == NOT_AN_INDEX ? FIELD_OBJECT : FIELD_ARRAY,
         (str){f->start, (size_t)(w->p - f->start)}, false);
}

/* A scalar, or the opening bracket of a container: then *is_open is set. */
static inline bool read_value(struct walk *w, bool *is_open)
{
    unsigned flags;
    str raw;

    *is_open = false;
    if (w->p == w->end)
        return fail(w, "ends where a value was expected");
    if (w->node && w->node->nbelow)
        forget_below(w);
    switch (*w->p) {
    case '"':
        w->p++;
        if (!read_string(w, &raw, &flags))
            return false;
        note(w, FIELD_STRING, raw, flags & JSON_ESCAPED);
        return true;
    case '{':
    case '[':
        *is_open = true;
        return open_container(w, *w->p == '[');
    case 't':
        return read_literal(w, STR("true"), FIELD_TRUE);
    case 'f':
        return read_literal(w, STR("false"), FIELD_FALSE);
    case 'n':
        return read_literal(w, STR("null"), FIELD_NULL);
    default:
        if (*w->p == '-' || (*w->p >= '0' && *w->p <= '9'))
            return read_number(w);
        return fail(w, "expected a value");
    }
}

/* What leads to the next value in an open container: a key, or nothing but the place of an element.
 */
static inline bool lead_in(struct walk *w)
{
    if (w->frame->next_index == NOT_AN_INDEX) {
        if (!read_key(w))
            return false;
        skip_space(w);
    } else {
        enter_element(w);
    }
    return true;
}

/* Behind a finished value: closes what ends here, up to the comma that announces another value or
 * to the end of the record. */
static inline bool finish_value(struct walk *w)
{
    while (w->frame > w->outermost) {
        char closing = w->frame->next_index == NOT_AN_INDEX ? '}' : ']';

        if (w->p < w->end && *w->p <= ' ')
            skip_space(w);
        if (w->p == w->end)
            return fail(w, "ends inside an object or array");
        if (*w->p == ',') {
            w->p++;
            skip_space(w);
            return lead_in(w);
        }
        if (*w->p != closing)
            return fail(w, closing == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
        close_container(w);
    }
    return true;
}

static bool walk_record(struct walk *w)
{
    bool is_open;

    skip_space(w);
    do {
        if (!read_value(w, &is_open))
            return false;
        while (is_open) {
            skip_space(w);
            if (w->p < w->end && *w->p == (w->frame->next_index == NOT_AN_INDEX ? '}' : ']')) {
                close_container(w);
                break;
            }
            if (!lead_in(w) || !read_value(w, &is_open))
                return false;
        }
        if (!finish_value(w))
            return false;
    } while (w->frame > w->outermost);
    skip_space(w);
    return w->p == w->end || fail(w, "something follows the end of the value");
}

static bool refuse(const struct walk *w, str record, struct err *err)
{
    size_t at = (size_t)(w->p - record.ptr), line = 1;

    for (size_t i = 0; i < at; i++)
        line += record.ptr[i] == '\n';
    if (line == 1)
        return err_set(err, ERR_DATA, "JSON error at byte %zu: %s", at, w->why);
    return err_set(err, ERR_DATA, "JSON error at byte %zu, line %zu of the record: %s", at, line,
                   w->why);
}

bool fields_read(const struct field_set *set, str record, struct field *out, struct err *err)
{
    struct frame frames[DEPTH_MAX + 1];
    struct walk w = {
        .set = set,
        .out = out,
        .p = record.ptr,
        .end = record.ptr + record.len,
        .frame = frames,
        .outermost = frames,
        .innermost_allowed = frames + DEPTH_MAX,
        .node = &set->root,
    };

    for (size_t i = 0; i < set->npaths; i++)
        out[i] = (struct field){STR_NONE, FIELD_ABSENT, false};
    if (!record.len)
        return err_set(err, ERR_DATA, "JSON error at byte 0: nothing here");
    if (!walk_record(&w))
        return refuse(&w, record, err);
    if (set->has_copies)
        for (size_t i = 0; i < set->npaths; i++)
            if (set->copy_of[i] != NO_SLOT)
                out[i] = out[set->copy_of[i]];
    return true;
}
