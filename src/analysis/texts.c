/*
 * texts: sentences of reports and the values that go into them.
 */
#include "analysis/texts.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "model/display.h"

/* --- figures ---------------------------------------------------------------------------------- */

void figures_init(struct figures *f)
{
    f->first = NULL;
    f->last = &f->first;
}

static struct figure *figure_new(struct figures *f, struct arena *a, str name,
                                 enum column_type type)
{
    struct figure *one = arena_new(a, struct figure, 1);

    one->name = name;
    one->type = type;
    *f->last = one;
    f->last = &one->next;
    return one;
}

void figure_text(struct figures *f, struct arena *a, str name, str text)
{
    struct figure *one = figure_new(f, a, name, COLUMN_TEXT);

    one->text = text;
    one->is_set = text.len > 0;
}

void figure_count(struct figures *f, struct arena *a, str name, int64_t n)
{
    struct figure *one = figure_new(f, a, name, COLUMN_COUNT);

    one->number = n;
    one->is_set = true;
}

void figure_add(struct figures *f, struct arena *a, str name, enum column_type type,
                const struct value *v)
{
    struct figure *one = figure_new(f, a, name, type);

    one->number = v->number;
    one->text = v->text;
    one->is_set = v->is_set;
}

const struct figure *figure_find(const struct figures *f, str name)
{
    const struct figure *found = NULL;

    for (const struct figure *one = f->first; one; one = one->next)
        if (str_eq(one->name, name))
            found = one;
    return found;
}

bool figure_is_true(const struct figure *f)
{
    return f && f->is_set && (f->number != 0 || f->text.len > 0);
}

str percent_text(int64_t thousandths, struct arena *a)
{
    return str_print(a, "%lld.%lld %%", (long long)(thousandths / 10),
                     (long long)(thousandths % 10));
}

int64_t thousandths_of(int64_t part, int64_t whole)
{
    return whole > 0 ? (part * 2000 + whole) / (whole * 2) : 0;
}

str value_print(enum column_type type, int64_t number, str text, struct arena *a)
{
    switch (type) {
    case COLUMN_TIME:
        return instant_text((struct instant){.sec = number >> 30, .is_set = true}, a);
    case COLUMN_COUNT:
        return count_text(number, a);
    case COLUMN_PERCENT:
        return percent_text(number, a);
    case COLUMN_DURATION:
        return duration_text(number, a);
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_MARK:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        return text;
    }
    return text;
}

str figure_print(const struct figure *f, struct arena *a)
{
    return f->is_set ? value_print(f->type, f->number, f->text, a) : STR("—");
}

/* --- the file of texts ------------------------------------------------------------------------ */

/* A value is a text, or a list of texts that are joined with blanks so that long sentences stay
 * readable in the file. */
static bool read_value(struct arena *a, const char *key, json_t *value, str *out, struct err *err)
{
    str all = STR_NONE;
    size_t i;
    json_t *part;

    if (json_is_string(value)) {
        *out = str_copy(a, (str){json_string_value(value), json_string_length(value)});
        return true;
    }
    json_array_foreach (value, i, part) {
        if (!json_is_string(part))
            return err_set(err, ERR_USAGE, "key '%s' holds something that is no text", key);
        all = str_join(a, all, STR(" "), str_from(json_string_value(part)));
    }
    *out = str_copy(a, all);
    return all.len > 0 || err_set(err, ERR_USAGE, "key '%s' is not a text", key);
}

static bool read_texts(struct arena *a, json_t *object, struct text **last, bool is_glossary,
                       struct texts *out, struct err *err)
{
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        struct text *t;

        if (!is_glossary && strcmp(key, "glossary") == 0) {
            if (!read_texts(a, value, &out->glossary, true, out, err))
                return false;
            continue;
        }
        t = arena_new(a, struct text, 1);
        t->key = str_copy(a, str_from(key));
        if (!read_value(a, key, value, &t->value, err))
            return false;
        *last = t;
        last = &t->next;
    }
    return true;
}

bool texts_load(struct arena *a, str template_dir, struct texts *out, struct err *err)
{
    str path = str_print(a, "%.*s/text/en.json", STR_FMT(template_dir));
    json_t *doc;
    str bytes;
    bool ok;

    *out = (struct texts){0};
    if (!file_read(a, str_z(a, path), 0, &bytes, err))
        return false;
    doc = json_parse(bytes, err);
    ok = doc && read_texts(a, doc, &out->first, false, out, err);
    json_decref(doc);
    return ok || err_wrap(err, "cannot use '%.*s'", STR_FMT(path));
}

/* --- filling in ------------------------------------------------------------------------------- */

static const struct text *text_find(const struct texts *t, str key)
{
    for (const struct text *one = t->first; one; one = one->next)
        if (str_eq(one->key, key))
            return one;
    return NULL;
}

/* "name" or "name|one|many" */
static bool put_figure(const struct figures *f, str inside, struct arena *a, struct buf *out,
                       struct err *err)
{
    str rest = inside;
    str name = str_cut(&rest, '|');
    const struct figure *figure = figure_find(f, name);

    if (!figure)
        return err_set(err, ERR_USAGE, "unknown figure '%.*s'", STR_FMT(name));
    buf_add(out, figure_print(figure, a));
    if (rest.ptr) {
        str one = str_cut(&rest, '|');

        buf_addc(out, ' ');
        buf_add(out, figure->number == 1 ? one : rest);
    }
    return true;
}

static bool fill(const struct figures *f, str text, struct arena *a, struct buf *out,
                 struct err *err)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t end;

        if (text.ptr[i] != '{') {
            buf_addc(out, text.ptr[i]);
            continue;
        }
        if (i + 1 < text.len && text.ptr[i + 1] == '{') {
            buf_addc(out, text.ptr[i++]);
            continue;
        }
        end = str_find_char(str_part(text, i, text.len), '}');
        if (end == SIZE_MAX)
            return err_set(err, ERR_USAGE, "a brace is not closed in '%.*s'", STR_FMT(text));
        if (!put_figure(f, str_part(text, i + 1, i + end), a, out, err))
            return false;
        i += end;
    }
    return true;
}

bool text_expand(const struct texts *t, const struct figures *f, str text, struct arena *a,
                 str *out, struct err *err)
{
    struct buf filled = {0};
    bool ok;

    if (str_starts(text, STR("@"))) {
        const struct text *found = text_find(t, str_part(text, 1, text.len));

        if (!found)
            return err_set(err, ERR_USAGE, "no text '%.*s' in templates/text/en.json",
                           STR_FMT(str_part(text, 1, text.len)));
        text = found->value;
    }
    ok = fill(f, text, a, &filled, err);
    *out = text.ptr ? buf_str_copy(&filled, a) : STR_NONE;
    buf_free(&filled);
    return ok;
}
