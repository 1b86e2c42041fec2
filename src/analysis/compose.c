/*
 * compose: walks the definition of a report and builds the model.
 *
 * A definition is data: auditors add a table or change a sentence without a compiler. What it says
 * wrong is an error that names the section and the block, never a hole in a report.
 */
#include "analysis/compose.h"

#include "base/file.h"

/* --- members of a definition ------------------------------------------------------------------ */

struct block *compose_block(struct composer *c, enum block_kind kind)
{
    struct block *b = arena_new(c->a, struct block, 1);

    b->kind = kind;
    *c->last = b;
    c->last = &b->next;
    return b;
}

bool compose_expand(struct composer *c, str text, str *out)
{
    return text_expand(&c->texts, &c->figures, text, c->a, out, c->err);
}

bool compose_member(struct composer *c, json_t *object, const char *key, str *out)
{
    const json_t *value = json_member(object, key);

    *out = STR_NONE;
    if (!value)
        return true;
    if (!json_is_string(value))
        return err_set(c->err, ERR_USAGE, "'%s' is not a text", key);
    return compose_expand(c, (str){json_string_value(value), json_string_length(value)}, out);
}

bool compose_keys(struct composer *c, json_t *object, const char *known)
{
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        if (!word_in(str_from(key), str_from(known)))
            return err_set(c->err, ERR_USAGE, "unknown key '%s'", key);
    }
    return true;
}

/* All figures named, separated by blanks, are true (or, for unless, none is). */
static bool condition(struct composer *c, json_t *object, const char *key, bool wanted, bool *out)
{
    for (str rest = json_get_text(object, key, c->a); rest.len > 0;) {
        str name = str_cut(&rest, ' ');
        const struct figure *f = figure_find(&c->figures, name);

        if (!f)
            return err_set(c->err, ERR_USAGE, "'%s': unknown figure '%.*s'", key, STR_FMT(name));
        *out &= figure_is_true(f) == wanted;
    }
    return true;
}

bool compose_wanted(struct composer *c, json_t *object, bool *out)
{
    *out = true;
    return condition(c, object, "when", true, out) && condition(c, object, "unless", false, out);
}

bool compose_mark(struct composer *c, json_t *object, enum mark *out)
{
    str word = json_get_text(object, "mark", c->a);
    enum severity severity;

    *out = MARK_NONE;
    if (word.len == 0)
        return true;
    if (str_eq(word, STR("clear")))
        *out = MARK_CLEAR;
    else if (str_eq(word, STR("dash")))
        *out = MARK_DASH;
    else if (str_eq(word, STR("partial")))
        *out = MARK_PARTIAL;
    else if (severity_find(word, &severity))
        *out = mark_of_severity(severity);
    else
        return err_set(c->err, ERR_USAGE, "unknown mark '%.*s'", STR_FMT(word));
    return true;
}

const struct query *compose_set(struct composer *c, json_t *object, const char *key)
{
    str id = json_get_text(object, key, c->a);
    const struct query *set = catalogue_find_set(c->catalogue, id);

    if (!set)
        err_set(c->err, ERR_USAGE, "no set '%.*s' in report/sets", STR_FMT(id));
    return set;
}

/* --- any block -------------------------------------------------------------------------------- */

#define TABLE_KEYS " title text sheet limit empty register"

/* The first key that a block has says its kind. */
static const struct {
    const char *key;
    bool (*compose)(struct composer *c, json_t *object);
    const char *others;
} kinds[] = {
    {"banner", compose_banner, "text mark"},
    {"tiles", compose_tiles, "title"},
    {"facts", compose_facts, "title"},
    {"chart", compose_chart, ""},
    {"charts", compose_charts, ""},
    {"table", compose_set_table, "count" TABLE_KEYS},
    {"query", compose_query, "limit sheet"},
    {"queries", compose_queries, "limit none"},
    {"rows", compose_query_rows, TABLE_KEYS},
    {"results", compose_results, TABLE_KEYS},
    {"sequences", compose_sequences, "severity most"},
    {"waterfall", compose_waterfall, TABLE_KEYS},
    {"glossary", compose_glossary, TABLE_KEYS},
    {"signatures", compose_signatures, "text"},
    {"code", compose_code, "title"},
    {"page", compose_page, ""},
    {"subtitle", compose_subtitle, "anchor"},
    {"text", compose_text, "title note mark"},
};

static bool compose_any(struct composer *c, json_t *object)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool is_wanted;
        str known;

        if (!json_member(object, kinds[i].key))
            continue;
        known = str_print(c->a, "%s when unless %s", kinds[i].key, kinds[i].others);
        if (!compose_keys(c, object, str_z(c->a, known)) || !compose_wanted(c, object, &is_wanted))
            return err_wrap(c->err, "%s", kinds[i].key);
        return !is_wanted || kinds[i].compose(c, object) || err_wrap(c->err, "%s", kinds[i].key);
    }
    return err_set(c->err, ERR_USAGE, "no kind of block among its keys");
}

static bool compose_blocks(struct composer *c, const json_t *list, struct block **into)
{
    size_t i;
    json_t *object;

    c->last = into;
    json_array_foreach (list, i, object) {
        if (!compose_any(c, object))
            return err_wrap(c->err, "block %zu", i + 1);
    }
    return true;
}

static bool compose_section(struct composer *c, json_t *object, struct section *out)
{
    str where = str_or(json_get_text(object, "in", c->a), STR("pdf"));

    if (!compose_keys(c, object, "number title purpose anchor in landscape blocks when unless"))
        return false;
    out->is_pdf = str_eq(where, STR("pdf")) || str_eq(where, STR("both"));
    out->is_xlsx = str_eq(where, STR("xlsx")) || str_eq(where, STR("both"));
    out->is_landscape = json_truth(json_member(object, "landscape"));
    if (!out->is_pdf && !out->is_xlsx)
        return err_set(c->err, ERR_USAGE, "'in' is pdf, xlsx or both, not '%.*s'", STR_FMT(where));
    return compose_member(c, object, "number", &out->number) &&
           compose_member(c, object, "title", &out->title) &&
           compose_member(c, object, "purpose", &out->purpose) &&
           compose_member(c, object, "anchor", &out->anchor) &&
           compose_blocks(c, json_member(object, "blocks"), &out->blocks);
}

static bool compose_sections(struct composer *c, const json_t *list)
{
    struct section **last = &c->report->sections;
    size_t i;
    json_t *object;

    json_array_foreach (list, i, object) {
        struct section *s;
        bool is_wanted;

        if (!compose_wanted(c, object, &is_wanted))
            return err_wrap(c->err, "section %zu", i + 1);
        if (!is_wanted)
            continue;
        s = arena_new(c->a, struct section, 1);
        if (!compose_section(c, object, s))
            return err_wrap(c->err, "section %zu", i + 1);
        *last = s;
        last = &s->next;
    }
    return true;
}

/* --- the queries of a report ------------------------------------------------------------------ */

static bool load_families(struct composer *c, const json_t *list)
{
    struct family **last = &c->families;
    size_t i;
    json_t *object;

    json_array_foreach (list, i, object) {
        struct family *f = arena_new(c->a, struct family, 1);

        if (!compose_keys(c, object, "name title"))
            return false;
        f->name = str_copy(c->a, json_get_text(object, "name", c->a));
        f->title = str_copy(c->a, json_get_text(object, "title", c->a));
        *last = f;
        last = &f->next;
    }
    return true;
}

/* All queries of the named families, family by family. A definition without families runs none. */
static bool run_queries(struct composer *c)
{
    struct query_result **last = &c->results;

    for (const struct family *f = c->families; f; f = f->next) {
        for (const struct query *q = c->catalogue->queries; q; q = q->next) {
            struct query_result *r;
            bool ok;

            if (!str_eq(q->family, f->name))
                continue;
            r = arena_new(c->a, struct query_result, 1);
            ok = c->scope.environment.len > 0
                     ? query_run_covered(q, c->st, &c->scope, &c->coverage, c->a, r, c->err)
                     : query_run(q, c->st, &c->scope, c->a, r, c->err);
            if (!ok)
                return false;
            *last = r;
            last = &r->next;
        }
    }
    return true;
}

/* --- a report --------------------------------------------------------------------------------- */

static bool compose_definition(struct composer *c, json_t *definition)
{
    return compose_keys(c, definition,
                        "kind title subtitle id families figures past cover sections") &&
           load_families(c, json_member(definition, "families")) && run_queries(c) &&
           compose_identity(c, definition) && compose_past(c, definition) &&
           compose_member(c, definition, "title", &c->report->title) &&
           compose_member(c, definition, "subtitle", &c->report->subtitle) &&
           (compose_blocks(c, json_member(definition, "cover"), &c->report->cover) ||
            err_wrap(c->err, "cover")) &&
           compose_sections(c, json_member(definition, "sections"));
}

static bool load_definition(struct composer *c, str *path, json_t **out)
{
    str text;

    for (size_t i = 0; i < c->req->kind.len; i++)
        if (c->req->kind.ptr[i] == '/')
            return err_set(c->err, ERR_USAGE, "no report kind '%.*s'", STR_FMT(c->req->kind));
    *path = str_print(c->a, "%.*s/definitions/%.*s.json", STR_FMT(c->req->definition_dir),
                      STR_FMT(c->req->kind));
    if (!file_exists(str_z(c->a, *path)))
        return err_set(c->err, ERR_USAGE, "no report kind '%.*s': there is no '%.*s'",
                       STR_FMT(c->req->kind), STR_FMT(*path));
    if (!file_read(c->a, str_z(c->a, *path), 0, &text, c->err))
        return false;
    *out = json_parse(text, c->err);
    return *out || err_wrap(c->err, "'%.*s'", STR_FMT(*path));
}

bool report_compose(const struct report_request *req, const struct catalogue *cat, struct store *st,
                    const struct config *cfg, struct arena *a, struct report *out,
                    const struct query_result **results, struct err *err)
{
    struct composer c = {
        .req = req, .catalogue = cat, .st = st, .cfg = cfg, .a = a, .err = err, .report = out};
    json_t *definition = NULL;
    str path = STR_NONE;
    bool ok;

    *out = (struct report){0};
    figures_init(&c.figures);
    c.scope = (struct scope){.config = cfg, .period = req->period, .environment = req->environment};
    c.cells.zone = req->period->zone;
    ok = load_definition(&c, &path, &definition) && texts_load(a, req->text_dir, &c.texts, err) &&
         coverage_load(st, &c.scope, a, &c.coverage, err) &&
         file_numbers_load(st, a, &c.cells.files, err);
    ok = ok && (compose_definition(&c, definition) || err_wrap(err, "'%.*s'", STR_FMT(path)));
    json_decref(definition);
    *results = c.results;
    return ok || err_wrap(err, "cannot make the report");
}
