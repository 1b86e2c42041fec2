/*
 * cells: rows of a statement as values of the report model.
 *
 * The database speaks integers and text; a header says what they mean. Three kinds of column are
 * worked out here because SQL cannot: the number of the row, the time in the zone of the report,
 * and the short evidence reference.
 */
#include "analysis/cells.h"

#include "analysis/coverage.h"
#include "analysis/file_numbers.sql.h"

/* --- file numbers ----------------------------------------------------------------------------- */

struct file_numbers {
    str *ids; /* sorted, lower-case hex */
    size_t count, cap;
};

bool file_numbers_load(struct store *st, struct arena *a, const struct file_numbers **out,
                       struct err *err)
{
    struct file_numbers *f = arena_new(a, struct file_numbers, 1);
    struct statement *s = NULL;
    bool has_row = false, ok = false;

    if (!store_prepare(st, str_from(sql_file_numbers), "file_numbers", 0, &s, err))
        return false;
    for (;;) {
        if (!statement_next(s, &has_row, err))
            goto done;
        if (!has_row)
            break;
        if (f->count == f->cap) {
            str *more = arena_new(a, str, f->cap = f->cap ? f->cap * 2 : 64);

            if (f->count > 0)
                memcpy(more, f->ids, f->count * sizeof *more);
            f->ids = more;
        }
        f->ids[f->count++] = str_copy(a, statement_cell(s, 0).text);
    }
    *out = f;
    ok = true;
done:
    statement_close(s);
    return ok;
}

uint64_t file_number(const struct file_numbers *f, str sha256)
{
    size_t low = 0, high = f ? f->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(f->ids[middle], sha256);

        if (order == 0)
            return middle + 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

str evidence_ref(const struct file_numbers *f, str sha256, int64_t offset, int64_t length,
                 struct arena *a)
{
    uint64_t number = file_number(f, sha256);

    if (number == 0)
        return STR_NONE;
    return str_print(a, "F%llu@%lld+%lld", (unsigned long long)number, (long long)offset,
                     (long long)length);
}

/* --- mapping ---------------------------------------------------------------------------------- */

size_t cell_find(const struct statement *s, str name)
{
    for (size_t i = 0; i < statement_columns(s); i++)
        if (str_eq(str_from(statement_column(s, i)), name))
            return i;
    return SIZE_MAX;
}

bool cell_map_make(const struct query *q, const struct statement *s, struct arena *a,
                   struct cell_map *out, struct err *err)
{
    *out = (struct cell_map){
        .query = q,
        .at = arena_new(a, size_t, q->ncolumns),
        .t = cell_find(s, STR("t")),
        .file_sha256 = cell_find(s, STR("file_sha256")),
        .offset = cell_find(s, STR("offset")),
        .length = cell_find(s, STR("length")),
    };
    for (size_t i = 0; i < q->ncolumns; i++) {
        const struct query_column *c = &q->columns[i];

        out->at[i] = c->computed == COMPUTED_NO ? cell_find(s, c->name) : SIZE_MAX;
        if (c->computed == COMPUTED_NO && out->at[i] == SIZE_MAX)
            return err_set(err, ERR_USAGE, "%.*s: column '%.*s' is declared but not selected",
                           STR_FMT(q->path), STR_FMT(c->name));
        if (c->computed == COMPUTED_REF &&
            (out->file_sha256 == SIZE_MAX || out->offset == SIZE_MAX || out->length == SIZE_MAX))
            return err_set(
                err, ERR_USAGE,
                "%.*s: column '%.*s' needs file_sha256, offset and length to be selected",
                STR_FMT(q->path), STR_FMT(c->name));
    }
    return true;
}

str cell_text(struct cell c, struct arena *a)
{
    switch (c.kind) {
    case CELL_NULL:
        return STR_NONE;
    case CELL_INT:
        return str_print(a, "%lld", (long long)c.i);
    case CELL_REAL:
        return str_print(a, "%.15g", c.r);
    case CELL_TEXT:
        return str_copy(a, c.text);
    }
    return STR_NONE;
}

static int64_t cell_number(struct cell c)
{
    int64_t n = 0;

    switch (c.kind) {
    case CELL_NULL:
        return 0;
    case CELL_INT:
        return c.i;
    case CELL_REAL:
        return (int64_t)c.r;
    case CELL_TEXT:
        return str_to_i64(c.text, &n) ? n : 0;
    }
    return 0;
}

struct value mark_value(str word)
{
    static const struct {
        const char *word, *shown;
        enum mark mark;
    } words[] = {
        {"success", "success", MARK_CLEAR},
        {"applied", "applied", MARK_CLEAR},
        {"approved", "approved", MARK_CLEAR},
        {"denied", "denied", MARK_HIGH},
        {"failure", "failure", MARK_MEDIUM},
        {"failed", "failed", MARK_MEDIUM},
        {"throttled", "throttled", MARK_LOW},
        {"late", "late", MARK_MEDIUM},
        {"self", "self-approved", MARK_HIGH},
        {"stale", "stale", MARK_MEDIUM},
        {"unqualified", "not entitled", MARK_HIGH},
        {"not required", "not required", MARK_DASH},
        {"adds-up", "adds up", MARK_CLEAR},
        {"differs", "differs", MARK_CRITICAL},
        {"none", "no approval", MARK_CRITICAL},
        {"not-known", "not known", MARK_DASH},
        {"unknown", "unknown", MARK_DASH},
        {"no-exceptions", "no exceptions noted", MARK_CLEAR},
        {"exceptions", "exceptions", MARK_HIGH},
        {"no-population", "no population", MARK_DASH},
        {"not-tested", "not tested", MARK_DASH},
        {"partial", "partial", MARK_PARTIAL},
    };
    enum severity severity;

    if (severity_find(word, &severity))
        return (struct value){.is_set = true, .mark = mark_of_severity(severity), .text = word};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(word, str_from(words[i].word)))
            return (struct value){
                .is_set = true, .mark = words[i].mark, .text = str_from(words[i].shown)};
    return (struct value){.is_set = word.len > 0, .mark = MARK_NONE, .text = word};
}

static struct value value_of(enum column_type type, struct cell c, struct arena *a)
{
    struct value v = {.is_set = c.kind != CELL_NULL};

    switch (type) {
    case COLUMN_TIME:
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        v.number = cell_number(c);
        return v;
    case COLUMN_MARK:
        return mark_value(cell_text(c, a));
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        v.text = cell_text(c, a);
        return v;
    }
    return v;
}

/* "2026-10-05 14:03:22 +02:00" */
str cell_local_time(int64_t key, const struct zone *zone, struct arena *a)
{
    int64_t sec = SECONDS_OF_KEY(key);
    int32_t offset = zone ? zone_offset(zone, sec) : 0;
    int32_t away = offset < 0 ? -offset : offset;
    int64_t local = sec + offset, days = local / DAY_SECONDS, rest = local % DAY_SECONDS;
    int year, month, day;

    instant_civil(days, &year, &month, &day);
    return str_print(a, "%04d-%02d-%02d %02d:%02d:%02d %c%02d:%02d", year, month, day,
                     (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60),
                     offset < 0 ? '-' : '+', away / 3600, away / 60 % 60);
}

static struct value computed_value(const struct cell_map *map, const struct query_column *c,
                                   const struct statement *s, const struct cell_context *context,
                                   uint64_t number, struct arena *a)
{
    struct value v = {.is_set = true};
    struct cell t;

    switch (c->computed) {
    case COMPUTED_NO:
        return (struct value){0};
    case COMPUTED_ROW:
        v.number = (int64_t)number;
        return v;
    case COMPUTED_LOCAL:
        t = map->t == SIZE_MAX ? (struct cell){.kind = CELL_NULL} : statement_cell(s, map->t);
        v.is_set = t.kind == CELL_INT && t.i > 0;
        v.text = v.is_set ? cell_local_time(t.i, context->zone, a) : STR_NONE;
        return v;
    case COMPUTED_REF:
        v.text = evidence_ref(context->files, statement_cell(s, map->file_sha256).text,
                              cell_number(statement_cell(s, map->offset)),
                              cell_number(statement_cell(s, map->length)), a);
        v.is_set = v.text.len > 0;
        return v;
    }
    return v;
}

void cell_row(const struct cell_map *map, const struct statement *s,
              const struct cell_context *context, uint64_t number, struct arena *a,
              struct value *values)
{
    for (size_t i = 0; i < map->query->ncolumns; i++) {
        const struct query_column *c = &map->query->columns[i];

        values[i] = c->computed == COMPUTED_NO ? value_of(c->type, statement_cell(s, map->at[i]), a)
                                               : computed_value(map, c, s, context, number, a);
    }
}

struct column *cell_columns(const struct query *q, size_t extra, struct arena *a)
{
    struct column *columns = arena_new(a, struct column, q->ncolumns + extra);

    for (size_t i = 0; i < q->ncolumns; i++) {
        const struct query_column *c = &q->columns[i];

        columns[i] = (struct column){.name = c->name,
                                     .title = c->title,
                                     .type = c->type,
                                     .weight = c->weight,
                                     .is_bold = c->is_bold};
        for (size_t above = 0; c->under.len > 0 && above < q->ncolumns; above++)
            if (str_eq(q->columns[above].name, c->under))
                columns[i].under = (int)above + 1;
    }
    return columns;
}

/* --- parameters ------------------------------------------------------------------------------- */

str query_param_value(const struct query *q, const struct query_parameter *p,
                      const struct scope *scope)
{
    str found = p->value;

    for (const struct query_param *set = scope->config->params; set; set = set->next) {
        if (!str_eq(set->query, q->id) || !str_eq(set->name, p->name))
            continue;
        if (set->environment.len > 0 && str_eq(set->environment, scope->environment))
            return set->value;
        if (set->environment.len == 0)
            found = set->value;
    }
    return found;
}

static void bind_value(struct statement *s, const char *name, str value)
{
    int64_t number;

    if (str_to_i64(value, &number))
        statement_bind_int(s, name, number);
    else
        statement_bind_text(s, name, value.len > 0 ? value : STR_NONE);
}

void query_bind(struct statement *s, const struct query *q, const struct scope *scope)
{
    const struct period *p = scope->period;
    struct arena names = {0};

    statement_bind_int(s, "from", p ? KEY_OF_SECONDS(p->from) : 0);
    statement_bind_int(s, "until", p ? KEY_OF_SECONDS(p->until) : INT64_MAX);
    statement_bind_int(s, "zone_offset", p && p->zone ? zone_offset(p->zone, p->from) : 0);
    statement_bind_text(s, "environment", scope->environment);
    for (const struct query_parameter *param = q->params; param; param = param->next)
        bind_value(s, str_z(&names, param->name), query_param_value(q, param, scope));
    arena_free(&names);
}
