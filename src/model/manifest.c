/*
 * manifest: writes and reads manifest.json.
 *
 * Written by hand rather than through a tree: the order of members and one item a line are part of
 * what is promised, so that a person can read it and diff can compare it.
 */
#include "model/manifest.h"

#include "base/buf.h"
#include "base/instant.h"
#include "base/json.h"

/* A JSON text in the making; `comma` is what must stand before the next member or item. */
struct writer {
    struct buf out;
    const char *comma;
};

static void key(struct writer *w, const char *name)
{
    buf_addz(&w->out, w->comma);
    buf_print(&w->out, "\"%s\": ", name);
    w->comma = ", ";
}

/* Absent texts are left out: null would only be noise. */
static void put(struct writer *w, const char *name, str value)
{
    if (!value.ptr)
        return;
    key(w, name);
    buf_add_json(&w->out, value);
}

static void put_number(struct writer *w, const char *name, int64_t n)
{
    key(w, name);
    buf_print(&w->out, "%lld", (long long)n);
}

static void put_bool(struct writer *w, const char *name, bool is_true)
{
    key(w, name);
    buf_addz(&w->out, is_true ? "true" : "false");
}

static void object_begin(struct writer *w, const char *name)
{
    buf_addz(&w->out, w->comma);
    buf_print(&w->out, "\n  \"%s\": {", name);
    w->comma = "";
}

static void object_end(struct writer *w)
{
    buf_addc(&w->out, '}');
    w->comma = ",";
}

static void list_begin(struct writer *w, const char *name)
{
    buf_addz(&w->out, w->comma);
    buf_print(&w->out, "\n  \"%s\": [", name);
    w->comma = "";
}

static void list_end(struct writer *w)
{
    buf_addz(&w->out, *w->comma ? "\n  ]" : "]");
    w->comma = ",";
}

static void item_begin(struct writer *w)
{
    buf_addz(&w->out, w->comma);
    buf_addz(&w->out, "\n    {");
    w->comma = "";
}

static void item_end(struct writer *w)
{
    buf_addc(&w->out, '}');
    w->comma = ",";
}

static void put_report(struct writer *w, const struct manifest *m, struct arena *a)
{
    const struct report *r = m->report;
    struct instant from = {.sec = m->period->from, .is_set = true};
    struct instant until = {.sec = m->period->until, .is_set = true};

    object_begin(w, "report");
    put(w, "id", r->id);
    put(w, "kind", r->kind);
    put(w, "title", r->title);
    put(w, "organization", r->organization);
    put(w, "environment", r->environment);
    put(w, "state", r->state);
    put_bool(w, "is_complete", r->is_complete);
    put(w, "generated", r->generated);
    object_end(w);
    object_begin(w, "period");
    put(w, "label", m->period->label);
    put(w, "from", instant_text(from, a));
    put(w, "until", instant_text(until, a));
    put(w, "zone", m->period->zone ? zone_name(m->period->zone) : STR_NONE);
    object_end(w);
    object_begin(w, "dataset");
    put(w, "sha256", r->dataset_sha256);
    object_end(w);
}

static void put_program(struct writer *w, const struct manifest *m)
{
    object_begin(w, "program");
    put(w, "version", m->report->program);
    put(w, "catalogue", m->catalogue);
    put(w, "command", m->command);
    object_end(w);
    object_begin(w, "parameters");
    for (const struct manifest_pair *p = m->parameters; p; p = p->next) {
        buf_addz(&w->out, w->comma);
        buf_add_json(&w->out, p->name);
        buf_addz(&w->out, ": ");
        buf_add_json(&w->out, p->value);
        w->comma = ", ";
    }
    object_end(w);
}

static void put_config(struct writer *w, const struct config *c)
{
    object_begin(w, "configuration");
    put(w, "sha256", c->sha256);
    object_end(w);
    list_begin(w, "registers");
    for (const struct register_file *r = c->registers; r; r = r->next) {
        item_begin(w);
        put(w, "kind", r->kind);
        put(w, "path", r->path);
        put(w, "sha256", r->sha256);
        put_number(w, "rows", (int64_t)r->rows);
        item_end(w);
    }
    list_end(w);
    list_begin(w, "query_parameters");
    for (const struct query_param *p = c->params; p; p = p->next) {
        item_begin(w);
        put(w, "query", p->query);
        put(w, "environment", p->environment);
        put(w, "name", p->name);
        put(w, "value", p->value);
        item_end(w);
    }
    list_end(w);
}

static void put_lists(struct writer *w, const struct manifest_file *f)
{
    list_begin(w, "lists");
    for (; f; f = f->next) {
        item_begin(w);
        put(w, "name", f->name);
        put(w, "sha256", f->sha256);
        put_number(w, "rows", f->size);
        item_end(w);
    }
    list_end(w);
}

static void put_inputs(struct writer *w, const struct manifest_input *f)
{
    list_begin(w, "inputs");
    for (; f; f = f->next) {
        item_begin(w);
        if (f->number)
            put_number(w, "f", f->number);
        put(w, "path", f->path);
        put(w, "sha256", f->sha256);
        put(w, "sources", f->sources);
        put(w, "compression", f->compression);
        put_number(w, "size", f->size);
        put_number(w, "plain_size", f->plain_size);
        put_number(w, "read", f->read);
        put_number(w, "accepted", f->accepted);
        put_number(w, "rejected", f->rejected);
        put_number(w, "duplicate", f->duplicate);
        put_number(w, "conflict", f->conflict);
        put_number(w, "folded", f->folded);
        put_number(w, "not_event", f->not_event);
        put_number(w, "text", f->text);
        put(w, "first", f->first);
        put(w, "last", f->last);
        put(w, "problem", f->problem);
        item_end(w);
    }
    list_end(w);
}

static void put_gaps(struct writer *w, const struct manifest_gap *g)
{
    list_begin(w, "gaps");
    for (; g; g = g->next) {
        item_begin(w);
        put(w, "source", g->source);
        put(w, "account", g->account);
        put(w, "region", g->region);
        put(w, "from", g->from);
        put(w, "until", g->until);
        put_number(w, "seconds", g->seconds);
        put_number(w, "days", g->days);
        item_end(w);
    }
    list_end(w);
}

static void put_results(struct writer *w, const struct manifest_result *r)
{
    list_begin(w, "queries");
    for (; r; r = r->next) {
        item_begin(w);
        put(w, "id", r->query);
        put(w, "sha256", r->sha256);
        put(w, "environment", r->environment);
        put(w, "outcome",
            r->is_list && r->result == RESULT_NO_EXCEPTIONS ? STR("listed")
                                                            : str_from(result_name(r->result)));
        put_number(w, "population", r->population);
        if (!r->is_list)
            put_number(w, "exceptions", r->exceptions);
        put(w, "population_sha256", r->population_sha256);
        put(w, "why", r->why);
        item_end(w);
    }
    list_end(w);
}

static void put_outputs(struct writer *w, const struct manifest *m)
{
    const struct render_notes *n = m->notes;
    str fonts = n->fonts;

    list_begin(w, "outputs");
    for (const struct manifest_file *f = m->outputs; f; f = f->next) {
        item_begin(w);
        put(w, "name", f->name);
        put(w, "sha256", f->sha256);
        put_number(w, "size", f->size);
        put(w, "media_type", f->media_type);
        item_end(w);
    }
    list_end(w);
    object_begin(w, "rendering");
    put_number(w, "pages", (int64_t)n->pages);
    put_number(w, "sheets", (int64_t)n->sheets);
    put_number(w, "rows", (int64_t)n->rows);
    put_number(w, "characters_not_shown", (int64_t)n->characters_not_shown);
    put_number(w, "cells_cut", (int64_t)n->cells_cut);
    object_end(w);
    list_begin(w, "fonts");
    while (!str_empty(fonts)) {
        str line = str_trim(str_cut(&fonts, '\n'));

        if (str_empty(line))
            continue;
        buf_addz(&w->out, w->comma);
        buf_addz(&w->out, "\n    ");
        buf_add_json(&w->out, line);
        w->comma = ",";
    }
    list_end(w);
}

str manifest_json(const struct manifest *m, struct arena *a)
{
    struct writer w = {.comma = ""};
    str out;

    buf_addz(&w.out, "{\n  \"schema\": \"" MANIFEST_SCHEMA "\"");
    w.comma = ",";
    put_report(&w, m, a);
    put_program(&w, m);
    put_config(&w, m->config);
    put_lists(&w, m->lists);
    put_inputs(&w, m->inputs);
    put_gaps(&w, m->gaps);
    put_results(&w, m->results);
    put_outputs(&w, m);
    buf_addz(&w.out, "\n}\n");
    out = buf_str_copy(&w.out, a);
    buf_free(&w.out);
    return out;
}

/* --- reading --------------------------------------------------------------------------------- */

static bool read_outputs(const json_t *list, struct arena *a, struct manifest_facts *out,
                         struct err *err)
{
    struct manifest_file **last = &out->outputs;

    if (!json_is_array(list))
        return err_set(err, ERR_INTEGRITY, "'outputs' is missing");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        struct manifest_file *f = arena_new(a, struct manifest_file, 1);

        f->name = str_copy(a, json_get_text(item, "name", a));
        f->sha256 = str_copy(a, json_get_text(item, "sha256", a));
        f->size = json_integer_value(json_member(item, "size"));
        if (str_empty(f->name) || f->sha256.len != 64)
            return err_set(err, ERR_INTEGRITY, "output %zu has no name or no digest", i + 1);
        *last = f;
        last = &f->next;
    }
    return true;
}

bool manifest_read(str json, struct arena *a, struct manifest_facts *out, struct err *err)
{
    json_t *doc = json_parse(json, err);
    bool ok;

    *out = (struct manifest_facts){.outputs = NULL};
    if (!doc)
        return false;
    out->report_id = str_copy(a, json_text(json_path(doc, "report", "id", NULL), a));
    out->dataset_sha256 = str_copy(a, json_text(json_path(doc, "dataset", "sha256", NULL), a));
    if (!str_eq(json_get_text(doc, "schema", a), STR(MANIFEST_SCHEMA)))
        ok = err_set(err, ERR_INTEGRITY, "it is not of the kind " MANIFEST_SCHEMA);
    else
        ok = read_outputs(json_member(doc, "outputs"), a, out, err);
    json_decref(doc);
    return ok;
}
