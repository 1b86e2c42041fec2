/*
 * lists: report/lists in memory for in_list(), and as a temporary table for the view `list`.
 *
 * A list is asked per event: names without wildcards are found by hash, patterns are tried one by
 * one.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "store/hash.h"
#include "store/internal.h"

struct list_row {
    str source, service, pattern;
    struct list_row *next; /* in the same slot, or the next pattern */
};

enum { SLOTS = 256 };

struct list {
    str name;
    struct list_row *exact[SLOTS]; /* by lower-case hash of the pattern */
    struct list_row *globs, **last_glob;
    struct list *next;
};

struct list_set {
    struct arena arena;
    struct list *lists;
};

bool lists_open(struct store *st, struct err *err)
{
    st->lists = xmalloc(sizeof *st->lists);
    *st->lists = (struct list_set){0};
    return sql_script(
        st,
        "CREATE TEMP TABLE list_row(list TEXT, source TEXT, service TEXT, pattern TEXT, note TEXT)",
        err);
}

void list_set_free(struct list_set *set)
{
    if (!set)
        return;
    arena_free(&set->arena);
    free(set);
}

static struct list *list_find(const struct list_set *set, str name)
{
    for (struct list *l = set->lists; l; l = l->next)
        if (str_eq(l->name, name))
            return l;
    return NULL;
}

static size_t slot_of(str text)
{
    uint64_t h = text.len;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        h = hash_add(h, (unsigned char)ascii_lower(c));
    }
    return hash_mix(h) % SLOTS;
}

static bool is_glob(str pattern)
{
    return str_find_char(pattern, '*') != SIZE_MAX || str_find_char(pattern, '?') != SIZE_MAX;
}

bool store_list_add(struct store *st, str list, str source, str service, str pattern, str note,
                    struct err *err)
{
    struct list_set *set = st->lists;
    struct list *l = list_find(set, list);
    struct list_row *row = arena_new(&set->arena, struct list_row, 1);
    struct sql q = sql_begin(st, "INSERT INTO temp.list_row VALUES(?,?,?,?,?)");
    const str texts[] = {list, source, service, pattern, note};

    if (!l) {
        l = arena_new(&set->arena, struct list, 1);
        l->name = str_copy(&set->arena, list);
        l->last_glob = &l->globs;
        l->next = set->lists;
        set->lists = l;
    }
    row->source = str_copy(&set->arena, source);
    row->service = str_copy(&set->arena, service);
    row->pattern = str_copy(&set->arena, pattern);
    if (is_glob(pattern)) {
        *l->last_glob = row;
        l->last_glob = &row->next;
    } else {
        row->next = l->exact[slot_of(pattern)];
        l->exact[slot_of(pattern)] = row;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sql_text(&q, texts[i]);
    return sql_run(&q, err);
}

/* An empty source or service of the row fits all. */
static bool fits(const struct list_row *row, str source, str service)
{
    return (str_empty(row->source) || str_glob_nocase(row->source, source)) &&
           (str_empty(row->service) || str_glob_nocase(row->service, service));
}

int list_match(const struct list_set *set, str list, str source, str service, str value)
{
    const struct list *l = list_find(set, list);

    if (!l)
        return 0;
    for (const struct list_row *row = l->exact[slot_of(value)]; row; row = row->next)
        if (str_eq_nocase(row->pattern, value) && fits(row, source, service))
            return 1;
    for (const struct list_row *row = l->globs; row; row = row->next)
        if (fits(row, source, service) && str_glob_nocase(row->pattern, value))
            return 1;
    return 0;
}
