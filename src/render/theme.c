/*
 * theme: reads templates/themes/<name>.json. Every colour and size must be there and nothing else
 * may be: a misspelt key would otherwise go unnoticed until somebody looks at a printed page.
 */
#include "theme.h"

#include "base/file.h"
#include "base/json.h"

#define NAME_OF(constant, name) name,
static const char *const colour_names[] = {COLOURS(NAME_OF)};
static const char *const type_names[] = {TYPE_ROLES(NAME_OF)};
static const char *const face_names[] = {"regular", "bold", "mono"};

static bool find_name(const char *const *names, size_t count, const char *name, size_t *out)
{
    for (size_t k = 0; k < count; k++) {
        if (strcmp(names[k], name) == 0) {
            *out = k;
            return true;
        }
    }
    return false;
}

static bool read_hex(const char *text, uint32_t *out)
{
    uint32_t v = 0;

    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (const char *p = text + 1; *p; p++) {
        const char *digits = "0123456789ABCDEF", *at;
        char c = *p >= 'a' && *p <= 'f' ? (char)(*p - 'a' + 'A') : *p;

        at = strchr(digits, c);
        if (!at)
            return false;
        v = v * 16 + (uint32_t)(at - digits);
    }
    *out = v;
    return true;
}

static bool read_colours(struct theme *t, json_t *obj, struct err *err)
{
    bool has[COLOUR_COUNT] = {false};
    const char *key;
    json_t *value;
    size_t k;

    json_object_foreach(obj, key, value)
    {
        if (!find_name(colour_names, COLOUR_COUNT, key, &k))
            return err_set(err, ERR_USAGE, "unknown colour '%s'", key);
        if (!json_is_string(value) || !read_hex(json_string_value(value), &t->colours[k]))
            return err_set(err, ERR_USAGE, "colour '%s' is not written like \"#0F172A\"", key);
        has[k] = true;
    }
    for (k = 0; k < COLOUR_COUNT; k++) {
        if (!has[k])
            return err_set(err, ERR_USAGE, "colour '%s' is missing", colour_names[k]);
    }
    return true;
}

static bool read_types(struct theme *t, json_t *obj, struct err *err)
{
    const char *key;
    json_t *value;
    size_t k;

    json_object_foreach(obj, key, value)
    {
        double size = json_number_value(json_array_get(value, 0));
        double leading = json_number_value(json_array_get(value, 1));

        if (!find_name(type_names, TYPE_COUNT, key, &k))
            return err_set(err, ERR_USAGE, "unknown type size '%s'", key);
        if (json_array_size(value) != 2 || size < 4 || size > 60 || leading < size || leading > 90)
            return err_set(err, ERR_USAGE,
                           "type size '%s' is not a pair of size and leading in points", key);
        t->type[k] = (struct type_size){(float)size, (float)leading};
    }
    for (k = 0; k < TYPE_COUNT; k++) {
        if (t->type[k].size == 0)
            return err_set(err, ERR_USAGE, "type size '%s' is missing", type_names[k]);
    }
    return true;
}

static bool read_names(struct name_list *list, const char *key, json_t *value, struct arena *a,
                       struct err *err)
{
    list->count = json_array_size(value);
    list->names = arena_new(a, str, list->count);
    for (size_t k = 0; k < list->count; k++) {
        list->names[k] = str_copy(a, str_from(json_string_value(json_array_get(value, k))));
        if (str_empty(list->names[k]))
            return err_set(err, ERR_USAGE, "fonts: '%s' is not a list of names", key);
    }
    return list->count || err_set(err, ERR_USAGE, "fonts: '%s' is not a list of names", key);
}

static bool read_fonts(struct theme *t, json_t *obj, struct arena *a, struct err *err)
{
    const char *key;
    json_t *value;
    size_t k;

    json_object_foreach(obj, key, value)
    {
        bool is_folders = strcmp(key, "folders") == 0;

        if (!is_folders && !find_name(face_names, FACE_COUNT, key, &k))
            return err_set(err, ERR_USAGE, "fonts: unknown key '%s'", key);
        if (!read_names(is_folders ? &t->folders : &t->faces[k], key, value, a, err))
            return false;
    }
    for (k = 0; k < FACE_COUNT; k++) {
        if (!t->faces[k].count)
            return err_set(err, ERR_USAGE, "fonts: '%s' is missing", face_names[k]);
    }
    return t->folders.count || err_set(err, ERR_USAGE, "fonts: 'folders' is missing");
}

static bool read_theme(struct theme *t, json_t *doc, struct arena *a, struct err *err)
{
    const char *key;
    json_t *value;
    str paper = json_get_text(doc, "paper", a);

    json_object_foreach(doc, key, value)
    {
        static const char *const known[] = {"name",    "logo", "eyebrow", "paper",
                                            "colours", "type", "fonts"};
        size_t k;

        if (!find_name(known, sizeof known / sizeof known[0], key, &k))
            return err_set(err, ERR_USAGE, "unknown key '%s'", key);
    }
    if (!str_eq(paper, STR("A4")) && !str_eq(paper, STR("Letter")))
        return err_set(err, ERR_USAGE, "paper is neither \"A4\" nor \"Letter\"");
    t->is_letter = str_eq(paper, STR("Letter"));
    t->name = str_copy(a, json_get_text(doc, "name", a));
    t->logo = str_copy(a, json_get_text(doc, "logo", a));
    t->eyebrow = str_copy(a, json_get_text(doc, "eyebrow", a));
    return read_colours(t, json_object_get(doc, "colours"), err) &&
           read_types(t, json_object_get(doc, "type"), err) &&
           read_fonts(t, json_object_get(doc, "fonts"), a, err);
}

/* A name is a file name without its suffix and leads nowhere else. */
static bool is_plain_name(str name)
{
    for (size_t k = 0; k < name.len; k++) {
        char c = name.ptr[k];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return name.len > 0;
}

const struct theme *theme_load(struct arena *a, const char *template_dir, str name, struct err *err)
{
    struct theme *t = arena_new(a, struct theme, 1);
    json_t *doc = NULL;
    bool ok = false;
    const char *path;
    str text;

    if (!is_plain_name(name)) {
        err_set(err, ERR_USAGE, "'%.*s' is not the name of a theme", STR_FMT(name));
        return NULL;
    }
    path = str_z(a, str_print(a, "%s/themes/%.*s.json", template_dir, STR_FMT(name)));
    if (!file_read(a, path, 1 << 20, &text, err))
        return NULL;
    doc = json_parse(text, err);
    ok = doc && read_theme(t, doc, a, err);
    if (!ok)
        err_wrap(err, "cannot use theme '%s'", path);
    json_decref(doc);
    return ok ? t : NULL;
}

uint32_t theme_colour(const struct theme *theme, const char *name)
{
    size_t k;

    if (!name || !find_name(colour_names, COLOUR_COUNT, name, &k))
        return theme->colours[COLOUR_MUTED];
    return theme->colours[k];
}

struct mark_look theme_mark(const struct theme *theme, enum mark mark)
{
    const uint32_t *c = theme->colours;

    switch (mark) {
    case MARK_CRITICAL:
        return (struct mark_look){c[COLOUR_CRITICAL], c[COLOUR_CRITICAL_TEXT],
                                  c[COLOUR_CRITICAL_GROUND]};
    case MARK_HIGH:
        return (struct mark_look){c[COLOUR_HIGH], c[COLOUR_HIGH_TEXT], c[COLOUR_HIGH_GROUND]};
    case MARK_MEDIUM:
        return (struct mark_look){c[COLOUR_MEDIUM], c[COLOUR_MEDIUM_TEXT], c[COLOUR_MEDIUM_GROUND]};
    case MARK_LOW:
        return (struct mark_look){c[COLOUR_LOW], c[COLOUR_LOW_TEXT], c[COLOUR_LOW_GROUND]};
    case MARK_CLEAR:
        return (struct mark_look){c[COLOUR_CLEAR], c[COLOUR_CLEAR_TEXT], c[COLOUR_CLEAR_GROUND]};
    case MARK_NONE:
    case MARK_INFO:
    case MARK_DASH:
    case MARK_PARTIAL:
        break;
    }
    return (struct mark_look){c[COLOUR_INFO], c[COLOUR_INFO_TEXT], c[COLOUR_INFO_GROUND]};
}
