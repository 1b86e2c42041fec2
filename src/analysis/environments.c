/*
 * environments: which ones there are to report on.
 *
 * The configured ones come first, in the order of the file, also when nothing was recorded for
 * them: an environment that a configuration names and no log mentions is something to see. What no
 * rule maps is never left out.
 */
#include "analysis/analysis.h"

#include "analysis/environments_seen.sql.h"

struct names {
    str *list;
    size_t count, cap;
};

static void add_once(struct names *n, str name, struct arena *a)
{
    for (size_t i = 0; i < n->count; i++)
        if (str_eq(n->list[i], name))
            return;
    if (n->count == n->cap) {
        str *more = arena_new(a, str, n->cap = n->cap ? n->cap * 2 : 8);

        if (n->count > 0)
            memcpy(more, n->list, n->count * sizeof *more);
        n->list = more;
    }
    n->list[n->count++] = str_copy(a, name);
}

bool environments_list(struct store *st, const struct config *cfg, struct arena *a,
                       const str **names, size_t *count, struct err *err)
{
    struct names found = {0};
    struct statement *s = NULL;
    bool has_row = false, has_unmapped = false, ok;

    for (const struct environment *e = cfg->environments; e; e = e->next)
        add_once(&found, e->name, a);
    if (!store_prepare(st, str_from(sql_environments_seen), "environments_seen", 0, &s, err))
        return false;
    while ((ok = statement_next(s, &has_row, err)) && has_row) {
        str name = statement_cell(s, 0).text;

        if (str_eq(name, STR("unmapped")))
            has_unmapped = true;
        else if (name.len > 0)
            add_once(&found, name, a);
    }
    statement_close(s);
    if (has_unmapped)
        add_once(&found, STR("unmapped"), a);
    *names = found.list;
    *count = found.count;
    return ok;
}
