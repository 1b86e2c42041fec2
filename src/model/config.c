/*
 * config: reading auditpress.json and the registers it names. Strict: an unknown key, a wrong type
 * or a bad value is an error with the file and, as far as it can be told, the line. People edit
 * this file by hand and must not be misunderstood in silence.
 */
#include "model/config.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"

struct loader {
    struct arena *a;
    struct err *err;
    str path, text; /* the file that messages speak of */
    struct config *cfg;
    struct buf digests; /* hex digests of everything read, in order */
};

void config_defaults(struct config *out)
{
    *out = (struct config){0};
    out->organization = STR("(organization not configured)");
    out->zone = STR("UTC");
    out->classification = STR("CONFIDENTIAL");
    out->theme = STR("default");
    out->ticket_pattern = STR("[A-Z][A-Z0-9]+-[0-9]+");
}

/* jansson keeps no positions: the first line that holds "key" is near enough for a person. */
static unsigned line_of(str text, const char *key)
{
    char quoted[130];
    int n = snprintf(quoted, sizeof quoted, "\"%.120s\"", key);
    size_t at = str_find(text, (str){quoted, n > 0 ? (size_t)n : 0});
    unsigned line = 1;

    for (size_t i = 0; at != SIZE_MAX && i < at; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static bool refuse(struct loader *l, const char *key, const char *what)
{
    return err_set(l->err, ERR_USAGE, "%.*s:%u: '%s': %s", STR_FMT(l->path), line_of(l->text, key),
                   key, what);
}

static bool check_keys(struct loader *l, const json_t *obj, const char *const *known, size_t count,
                       const char *where)
{
    const char *key;
    json_t *value;

    if (!json_is_object(obj))
        return refuse(l, where, "must be an object");
    /* jansson's foreach takes a non-const object but does not change it */
    json_object_foreach((json_t *)(uintptr_t)obj, key, value)
    {
        bool is_known = key[0] == '$' || strcmp(key, "comment") == 0;
        const char *near;

        for (size_t i = 0; i < count && !is_known; i++)
            is_known = strcmp(key, known[i]) == 0;
        if (is_known)
            continue;
        near = str_nearest(str_from(key), known, count);
        refuse(l, key, "unknown key");
        if (near)
            err_hint(l->err, "Did you mean '%s'?", near);
        return false;
    }
    return true;
}

/* A text member; absent is fine, another type is not. */
static bool take_text(struct loader *l, const json_t *obj, const char *key, str *out)
{
    const json_t *v = json_member(obj, key);

    if (!v)
        return true;
    if (!json_is_string(v))
        return refuse(l, key, "must be a text");
    *out = str_copy(l->a, (str){json_string_value(v), json_string_length(v)});
    return true;
}

static bool take_bool(struct loader *l, const json_t *obj, const char *key, bool *out)
{
    const json_t *v = json_member(obj, key);

    if (!v)
        return true;
    if (!json_is_boolean(v))
        return refuse(l, key, "must be true or false");
    *out = json_is_true(v);
    return true;
}

static bool take_time(struct loader *l, const json_t *obj, const char *key, struct instant *out)
{
    str text = STR_NONE;

    if (!take_text(l, obj, key, &text))
        return false;
    if (str_empty(text))
        return true;
    return (instant_parse(text, out) && out->is_set) || refuse(l, key, "is not a date");
}

/* A text or an array of texts, joined by spaces. */
static bool take_words(struct loader *l, const json_t *obj, const char *key, str *out)
{
    const json_t *v = json_member(obj, key);

    if (!v)
        return true;
    if (json_is_string(v))
        return take_text(l, obj, key, out);
    if (!json_is_array(v))
        return refuse(l, key, "must be a text or a list of texts");
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *word = json_array_get(v, i);

        if (!json_is_string(word))
            return refuse(l, key, "must be a list of texts");
        *out = str_join(l->a, *out, STR(" "), str_copy(l->a, json_text(word, l->a)));
    }
    return true;
}

#define KEYS(...)                                                                                  \
    (const char *const[]){__VA_ARGS__},                                                            \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)

/* --- lists, inside the file or in a file of their own ----------------------------------------- */

typedef bool (*row_reader)(struct loader *l, const json_t *row);

static bool read_rows(struct loader *l, const char *kind, const json_t *rows, row_reader read)
{
    if (!json_is_array(rows))
        return refuse(l, kind, "must be a list");
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!read(l, json_array_get(rows, i)))
            return false;
    return true;
}

/* "people": [...] or "people": "people.json" (a JSON list; the path is relative to the
 * configuration). */
static bool take_register(struct loader *l, const json_t *doc, const char *kind, row_reader read,
                          bool *has)
{
    const json_t *v = json_member(doc, kind);
    struct register_file *file, **last;
    struct loader inner = *l;
    struct sha256 sha;
    json_t *rows;
    size_t slash;
    bool ok;

    if (!v)
        return true;
    *has = true;
    if (!json_is_string(v))
        return read_rows(l, kind, v, read);
    file = arena_new(l->a, struct register_file, 1);
    file->kind = str_from(kind);
    file->path = str_copy(l->a, json_text(v, l->a));
    slash = str_find_last(l->path, '/');
    inner.path = str_starts(file->path, STR("/")) || slash == SIZE_MAX
                     ? file->path
                     : path_join(l->a, str_part(l->path, 0, slash), file->path);
    if (!file_read(l->a, str_z(l->a, inner.path), 0, &inner.text, l->err)) {
        l->err->kind = ERR_USAGE;
        return err_wrap(l->err, "list '%s' of '%.*s'", kind, STR_FMT(l->path));
    }
    sha = sha256_of(inner.text);
    file->sha256 = sha256_hex(&sha, l->a);
    buf_add(&l->digests, file->sha256);
    rows = json_parse(inner.text, l->err);
    if (!rows)
        return err_wrap(l->err, "%.*s", STR_FMT(inner.path));
    inner.cfg = l->cfg;
    file->rows = json_array_size(rows);
    ok = read_rows(&inner, kind, rows, read);
    json_decref(rows);
    for (last = &l->cfg->registers; *last; last = &(*last)->next)
        ;
    *last = file;
    return ok;
}

/* Adds `item` at the end of a list linked by `next`. */
#define APPEND(list, item)                                                                         \
    do {                                                                                           \
        for (append_at = (void *)&(list); *append_at; append_at = (void *)&(*append_at)->next)     \
            ;                                                                                      \
        *append_at = (item);                                                                       \
    } while (0)

static bool read_environment(struct loader *l, const json_t *row)
{
    struct environment *e = arena_new(l->a, struct environment, 1), **append_at;

    if (!check_keys(l, row, KEYS("name", "title", "needs_approval"), "environments") ||
        !take_text(l, row, "name", &e->name) || !take_text(l, row, "title", &e->title))
        return false;
    if (str_empty(e->name))
        return refuse(l, "environments", "each needs a name");
    if (str_eq(e->name, STR("unmapped")))
        return refuse(l, "environments", "'unmapped' is the name for what no rule fits");
    e->needs_approval = str_starts_nocase(e->name, STR("prod"));
    if (!take_bool(l, row, "needs_approval", &e->needs_approval))
        return false;
    e->title = str_or(e->title, e->name);
    APPEND(l->cfg->environments, e);
    return true;
}

static bool read_env_rule(struct loader *l, const json_t *row)
{
    struct env_rule *r = arena_new(l->a, struct env_rule, 1), **append_at;

    if (!check_keys(l, row,
                    KEYS("environment", "source", "account", "region", "place", "label", "path"),
                    "environment_map") ||
        !take_text(l, row, "environment", &r->environment) ||
        !take_text(l, row, "source", &r->source) || !take_text(l, row, "account", &r->account) ||
        !take_text(l, row, "region", &r->region) || !take_text(l, row, "place", &r->place) ||
        !take_text(l, row, "label", &r->label) || !take_text(l, row, "path", &r->path))
        return false;
    if (str_empty(r->environment))
        return refuse(l, "environment_map", "each rule needs an environment");
    APPEND(l->cfg->env_rules, r);
    return true;
}

static bool read_expected(struct loader *l, const json_t *row)
{
    struct expected_source *e = arena_new(l->a, struct expected_source, 1), **append_at;

    if (!check_keys(l, row, KEYS("source", "account", "region", "place", "environment"),
                    "expected_sources") ||
        !take_text(l, row, "source", &e->source) || !take_text(l, row, "account", &e->account) ||
        !take_text(l, row, "region", &e->region) || !take_text(l, row, "place", &e->place) ||
        !take_text(l, row, "environment", &e->environment))
        return false;
    if (str_empty(e->source))
        return refuse(l, "expected_sources", "each needs a source");
    APPEND(l->cfg->expected, e);
    return true;
}

static bool read_person(struct loader *l, const json_t *row)
{
    struct person *p = arena_new(l->a, struct person, 1), **append_at;

    if (!check_keys(l, row,
                    KEYS("name", "email", "team", "zone", "aliases", "start", "end", "developer",
                         "approver", "admin"),
                    "people") ||
        !take_text(l, row, "name", &p->name) || !take_text(l, row, "email", &p->email) ||
        !take_text(l, row, "team", &p->team) || !take_text(l, row, "zone", &p->zone) ||
        !take_words(l, row, "aliases", &p->aliases) || !take_time(l, row, "start", &p->t_start) ||
        !take_time(l, row, "end", &p->t_end) || !take_bool(l, row, "developer", &p->is_developer) ||
        !take_bool(l, row, "approver", &p->is_approver) ||
        !take_bool(l, row, "admin", &p->is_admin))
        return false;
    if (str_empty(p->name))
        return refuse(l, "people", "each needs a name");
    APPEND(l->cfg->people, p);
    return true;
}

static bool read_identity(struct loader *l, const json_t *row)
{
    static const char *const kinds[] = {"automation", "controller", "break-glass", "shared",
                                        "service"};
    struct identity_rule *r = arena_new(l->a, struct identity_rule, 1), **append_at;
    bool is_known = false;

    if (!check_keys(l, row, KEYS("pattern", "kind", "note"), "identities") ||
        !take_text(l, row, "pattern", &r->pattern) || !take_text(l, row, "kind", &r->kind) ||
        !take_text(l, row, "note", &r->note))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        is_known = is_known || str_eq(r->kind, str_from(kinds[i]));
    if (str_empty(r->pattern) || !is_known)
        return refuse(l, "identities",
                      "each needs a pattern and a kind: automation, controller, break-glass, "
                      "shared or service");
    APPEND(l->cfg->identities, r);
    return true;
}

/* {"aut-denied": {"deny_n": 25, "prod": {"deny_n": 10}}}: an object inside is an environment's own
 * values. */
static bool add_params(struct loader *l, str query, str environment, const json_t *obj)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)obj, key, value)
    {
        struct query_param *p, **append_at;

        if (json_is_object(value) && str_empty(environment)) {
            if (!add_params(l, query, str_copy(l->a, str_from(key)), value))
                return false;
            continue;
        }
        if (!json_is_string(value) && !json_is_integer(value))
            return refuse(l, key, "a parameter is a text or a whole number");
        p = arena_new(l->a, struct query_param, 1);
        p->query = query;
        p->environment = environment;
        p->name = str_copy(l->a, str_from(key));
        p->value = str_copy(l->a, json_text(value, l->a));
        APPEND(l->cfg->params, p);
    }
    return true;
}

static bool take_params(struct loader *l, const json_t *doc)
{
    const json_t *all = json_member(doc, "parameters");
    const char *key;
    json_t *value;

    if (!all)
        return true;
    if (!json_is_object(all))
        return refuse(l, "parameters", "must be an object");
    json_object_foreach((json_t *)(uintptr_t)all, key, value)
    {
        if (!json_is_object(value))
            return refuse(l, key, "must be an object of parameters");
        if (!add_params(l, str_copy(l->a, str_from(key)), STR_NONE, value))
            return false;
    }
    return true;
}

static bool env_is_known(const struct config *cfg, str name)
{
    for (const struct environment *e = cfg->environments; e; e = e->next)
        if (str_eq(e->name, name))
            return true;
    return false;
}

static bool check_whole(struct loader *l)
{
    for (const struct env_rule *r = l->cfg->env_rules; r; r = r->next)
        if (!env_is_known(l->cfg, r->environment))
            return refuse(l, str_z(l->a, r->environment),
                          "the environment map names an environment that is not in 'environments'");
    for (const struct expected_source *e = l->cfg->expected; e; e = e->next)
        if (!str_empty(e->environment) && !env_is_known(l->cfg, e->environment))
            return refuse(l, str_z(l->a, e->environment),
                          "an expected source names an environment that is not in 'environments'");
    return true;
}

static bool read_document(struct loader *l, const json_t *doc)
{
    struct config *c = l->cfg;
    bool has_map = false, has_environments = false;

    return check_keys(l, doc,
                      KEYS("organization", "zone", "classification", "prepared_for", "theme", "db",
                           "report_dir", "template_dir", "ticket_pattern", "commit_variable",
                           "environments", "environment_map", "expected_sources", "people",
                           "identities", "trusted", "frameworks", "parameters"),
                      "configuration") &&
           take_text(l, doc, "organization", &c->organization) &&
           take_text(l, doc, "zone", &c->zone) &&
           take_text(l, doc, "classification", &c->classification) &&
           take_text(l, doc, "prepared_for", &c->prepared_for) &&
           take_text(l, doc, "theme", &c->theme) && take_text(l, doc, "db", &c->db) &&
           take_text(l, doc, "report_dir", &c->report_dir) &&
           take_text(l, doc, "template_dir", &c->template_dir) &&
           take_text(l, doc, "ticket_pattern", &c->ticket_pattern) &&
           take_text(l, doc, "commit_variable", &c->commit_variable) &&
           take_register(l, doc, "environments", read_environment, &has_environments) &&
           take_register(l, doc, "environment_map", read_env_rule, &has_map) &&
           take_register(l, doc, "expected_sources", read_expected, &c->has_expected) &&
           take_register(l, doc, "people", read_person, &c->has_people) &&
           take_register(l, doc, "identities", read_identity, &c->has_identities) &&
           take_words(l, doc, "trusted", &c->trusted) &&
           take_words(l, doc, "frameworks", &c->frameworks) && take_params(l, doc) &&
           check_whole(l);
}

bool config_load(struct arena *a, const char *path, struct config *out, struct err *err)
{
    struct loader l = {.a = a, .err = err, .path = str_copy(a, str_from(path)), .cfg = out};
    struct sha256 sha;
    json_t *doc = NULL;
    bool ok = false;

    config_defaults(out);
    if (!file_read(a, path, 16 << 20, &l.text, err)) {
        err->kind = ERR_USAGE;
        goto done;
    }
    out->path = l.path;
    sha = sha256_of(l.text);
    buf_add(&l.digests, sha256_hex(&sha, a));
    doc = json_parse(l.text, err);
    if (!doc) {
        err->kind = ERR_USAGE;
        err_wrap(err, "%s", path);
        goto done;
    }
    out->has_trusted = json_member(doc, "trusted") != NULL;
    ok = read_document(&l, doc);
    sha = sha256_of(buf_str(&l.digests));
    out->sha256 = sha256_hex(&sha, a);
done:
    json_decref(doc);
    buf_free(&l.digests);
    return ok;
}
