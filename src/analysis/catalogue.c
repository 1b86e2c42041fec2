/*
 * catalogue: everything under report/ that is a rule, loaded and checked before any of it is used.
 *
 * The version of a catalogue is a digest over all rule files with their paths: two reports with the
 * same version asked the same questions. Samples of queries (*.cases.json) and READMEs change
 * nothing that a report says and are left out.
 */
#include "analysis/analysis.h"

#include "analysis/header.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"

struct loader {
    struct arena *arena;
    struct catalogue *out;
    struct query **last_query, **last_set;
    struct framework **last_framework;
    struct list_row **last_row;
    struct list_file **last_list;
    struct err *err;
};

static str without_suffix(str name, str suffix)
{
    return str_part(name, 0, name.len - suffix.len);
}

/* --- queries and sets ------------------------------------------------------------------------- */

static bool load_sql(struct loader *l, str path, str text)
{
    struct query *q = arena_new(l->arena, struct query, 1);
    bool is_set = str_starts(path, STR("sets/"));
    struct sha256 sum = sha256_of(text);
    str family;

    q->path = path;
    q->id = without_suffix(path_base(path), STR(".sql"));
    if (!header_read(l->arena, path, text, is_set, q, l->err))
        return false;
    q->sql_sha256 = sha256_hex(&sum, l->arena);
    if (is_set) {
        *l->last_set = q;
        l->last_set = &q->next;
        return true;
    }
    family = str_part(path, 8, path.len - path_base(path).len - 1); /* queries/<family>/<id>.sql */
    q->family = family;
    if (!str_starts(q->id, family) || q->id.len <= family.len || q->id.ptr[family.len] != '-')
        return err_set(l->err, ERR_USAGE, "%.*s:1: a query of family '%.*s' is named '%.*s-...'",
                       STR_FMT(path), STR_FMT(family), STR_FMT(family));
    *l->last_query = q;
    l->last_query = &q->next;
    return true;
}

/* --- frameworks ------------------------------------------------------------------------------- */

static bool check_keys(struct loader *l, str path, json_t *object, const char *const *known,
                       size_t nknown)
{
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        bool is_known = false;

        for (size_t i = 0; i < nknown; i++)
            is_known |= strcmp(key, known[i]) == 0;
        if (!is_known)
            return err_set(l->err, ERR_USAGE, "%.*s: unknown key '%s'", STR_FMT(path), key);
    }
    return true;
}

static str copied(struct loader *l, const json_t *object, const char *key)
{
    return str_copy(l->arena, json_get_text(object, key, l->arena));
}

static str joined_queries(struct loader *l, const json_t *list)
{
    str all = STR_NONE;
    size_t i;
    json_t *id;

    json_array_foreach (list, i, id)
        all = str_join(l->arena, all, STR(" "), json_text(id, l->arena));
    return str_copy(l->arena, all);
}

static bool load_control(struct loader *l, str path, const struct framework *f, json_t *object,
                         struct control *out)
{
    static const char *const known[] = {"id",      "label",        "strength",
                                        "queries", "still_needed", "baselines"};

    if (!json_is_object(object))
        return err_set(l->err, ERR_USAGE, "%.*s: a control is not an object", STR_FMT(path));
    if (!check_keys(l, path, object, known, sizeof known / sizeof *known))
        return false;
    out->framework = f->name;
    out->id = copied(l, object, "id");
    out->label = copied(l, object, "label");
    out->strength = copied(l, object, "strength");
    out->still_needed = copied(l, object, "still_needed");
    out->baselines = copied(l, object, "baselines");
    out->queries = joined_queries(l, json_member(object, "queries"));
    if (!out->id.len || !out->label.len || !out->queries.len)
        return err_set(l->err, ERR_USAGE,
                       "%.*s: control '%.*s': id, label and queries are required", STR_FMT(path),
                       STR_FMT(out->id));
    if (!str_eq(out->strength, STR("direct")) && !str_eq(out->strength, STR("partial")) &&
        !str_eq(out->strength, STR("supporting")))
        return err_set(l->err, ERR_USAGE, "%.*s: control '%.*s': unknown strength '%.*s'",
                       STR_FMT(path), STR_FMT(out->id), STR_FMT(out->strength));
    return true;
}

static bool load_controls(struct loader *l, str path, struct framework *f, const json_t *list)
{
    struct control **last = &f->controls;
    size_t i;
    json_t *object;

    json_array_foreach (list, i, object) {
        struct control *control = arena_new(l->arena, struct control, 1);

        if (!load_control(l, path, f, object, control))
            return false;
        *last = control;
        last = &control->next;
        f->ncontrols++;
    }
    return f->ncontrols > 0 || err_set(l->err, ERR_USAGE, "%.*s: no controls", STR_FMT(path));
}

static bool load_framework(struct loader *l, str path, str text)
{
    static const char *const known[] = {"name", "title", "not_evidenced", "controls"};
    struct framework *f = arena_new(l->arena, struct framework, 1);
    json_t *doc = json_parse(text, l->err);
    bool ok;

    if (!doc)
        return err_wrap(l->err, "%.*s", STR_FMT(path));
    f->name = copied(l, doc, "name");
    f->title = copied(l, doc, "title");
    f->not_evidenced = copied(l, doc, "not_evidenced");
    ok = check_keys(l, path, doc, known, sizeof known / sizeof *known) &&
         (str_eq(f->name, without_suffix(path_base(path), STR(".json"))) ||
          err_set(l->err, ERR_USAGE, "%.*s: the name inside is '%.*s'", STR_FMT(path),
                  STR_FMT(f->name))) &&
         load_controls(l, path, f, json_member(doc, "controls"));
    json_decref(doc);
    *l->last_framework = f;
    l->last_framework = &f->next;
    return ok;
}

/* --- lists ------------------------------------------------------------------------------------ */

/* Tab-separated: source, service, pattern, note. Lines with # are comments; the first one says what
 * the list is and as of when. The first other line names the columns. */
static bool load_row(struct loader *l, struct list_file *file, str line, size_t number)
{
    struct list_row *row = arena_new(l->arena, struct list_row, 1);
    str rest = line;

    row->list = file->name;
    row->source = str_trim(str_cut(&rest, '\t'));
    row->service = str_trim(str_cut(&rest, '\t'));
    row->pattern = str_trim(str_cut(&rest, '\t'));
    row->note = rest.ptr ? str_trim(str_cut(&rest, '\t')) : STR_NONE;
    if (rest.ptr || row->pattern.len == 0)
        return err_set(l->err, ERR_USAGE,
                       "%.*s:%zu: expected source, service, pattern and note between tabs",
                       STR_FMT(file->path), number);
    *l->last_row = row;
    l->last_row = &row->next;
    file->rows++;
    return true;
}

static bool load_list(struct loader *l, str path, str text)
{
    struct list_file *file = arena_new(l->arena, struct list_file, 1);
    struct sha256 sum = sha256_of(text);
    bool has_head = false;
    size_t number = 0;

    file->name = without_suffix(path_base(path), STR(".tsv"));
    file->path = path;
    file->sha256 = sha256_hex(&sum, l->arena);
    for (str rest = text; rest.ptr;) {
        str line = str_cut(&rest, '\n');

        number++;
        if (str_empty(str_trim(line)))
            continue;
        if (line.ptr[0] == '#') {
            file->about = str_or(file->about, str_trim(str_part(line, 1, line.len)));
        } else if (!has_head) {
            has_head = true;
            if (!str_eq(str_trim(line), STR("source\tservice\tpattern\tnote")))
                return err_set(l->err, ERR_USAGE,
                               "%.*s:%zu: the first line must name the columns source, service, "
                               "pattern, note",
                               STR_FMT(path), number);
        } else if (!load_row(l, file, line, number)) {
            return false;
        }
    }
    *l->last_list = file;
    l->last_list = &file->next;
    return has_head || err_set(l->err, ERR_USAGE, "%.*s: empty list", STR_FMT(path));
}

/* --- all of it -------------------------------------------------------------------------------- */

/* How a path under report/ is read; NULL for what is no rule. Definitions are read when a report is
 * made. */
typedef bool (*load_fn)(struct loader *l, str path, str text);

static bool load_nothing(struct loader *l, str path, str text)
{
    (void)l, (void)path, (void)text;
    return true;
}

static load_fn loader_of(str path)
{
    if (str_ends(path, STR(".cases.json")))
        return NULL;
    if (str_starts(path, STR("queries/")) || str_starts(path, STR("sets/")))
        return str_ends(path, STR(".sql")) ? load_sql : NULL;
    if (str_starts(path, STR("frameworks/")))
        return str_ends(path, STR(".json")) ? load_framework : NULL;
    if (str_starts(path, STR("lists/")))
        return str_ends(path, STR(".tsv")) ? load_list : NULL;
    if (str_starts(path, STR("definitions/")))
        return str_ends(path, STR(".json")) ? load_nothing : NULL;
    return NULL;
}

static bool load_file(struct loader *l, const char *file, str path, struct sha256_run *digest)
{
    load_fn load = loader_of(path);
    struct sha256 sum;
    str text;

    if (!load)
        return true;
    if (!file_read(l->arena, file, 0, &text, l->err))
        return false;
    sum = sha256_of(text);
    sha256_more(digest, path);
    sha256_more(digest, (str){"", 1});
    sha256_more(digest, (str){(const char *)sum.bytes, SHA256_SIZE});
    return load(l, path, text);
}

static bool load_files(struct loader *l, const struct path_list *files, size_t skip,
                       struct sha256_run *digest)
{
    for (size_t i = 0; i < files->count; i++)
        if (!load_file(l, files->paths[i], str_from(files->paths[i] + skip), digest))
            return false;
    return true;
}

static bool ends_with_slash(const char *path)
{
    size_t n = strlen(path);

    return n > 1 && path[n - 1] == '/';
}

bool catalogue_load(struct arena *a, const char *report_dir, struct catalogue *out, struct err *err)
{
    struct loader l = {.arena = a, .out = out, .err = err};
    struct path_list files;
    struct sha256_run *digest;
    struct sha256 sum;
    bool ok;

    while (ends_with_slash(report_dir))
        report_dir = str_z(a, (str){report_dir, strlen(report_dir) - 1});
    *out = (struct catalogue){.dir = str_copy(a, str_from(report_dir))};
    l.last_query = &out->queries;
    l.last_set = &out->sets;
    l.last_framework = &out->frameworks;
    l.last_row = &out->lists;
    l.last_list = &out->list_files;
    if (!dir_list(a, report_dir, &files, err))
        return err_wrap(err, "cannot load the queries of '%s'", report_dir);
    digest = sha256_begin();
    ok = load_files(&l, &files, strlen(report_dir) + 1, digest);
    sum = sha256_end(digest);
    if (!ok)
        return err_wrap(err, "cannot load '%s'", report_dir);
    out->version = str_part(sha256_hex(&sum, a), 0, 12);
    if (!out->queries)
        return err_set(err, ERR_USAGE, "no queries in '%s'", report_dir);
    return true;
}

static const struct query *find(const struct query *first, str id)
{
    for (const struct query *q = first; q; q = q->next)
        if (str_eq(q->id, id))
            return q;
    return NULL;
}

const struct query *catalogue_find(const struct catalogue *c, str id)
{
    return find(c->queries, id);
}

const struct query *catalogue_find_set(const struct catalogue *c, str id)
{
    return find(c->sets, id);
}

bool catalogue_attach(const struct catalogue *c, struct store *st, struct err *err)
{
    for (const struct list_row *row = c->lists; row; row = row->next)
        if (!store_list_add(st, row->list, row->source, row->service, row->pattern, row->note, err))
            return err_wrap(err, "cannot use list '%.*s'", STR_FMT(row->list));
    return true;
}
