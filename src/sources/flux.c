/*
 * flux: events of Flux's controllers as the notification controller sends them (formats-iac 15).
 *
 * The actor is a controller, never a person. The revision is kept as it is written (main/731f7e...,
 * main@sha1:731f7e...); the commit in it goes into the change, which is what joins it to its pull
 * request.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "tree.h"

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return json_is_object(json_member(doc, "involvedObject")) &&
                   tree_has(doc, "reportingController") && tree_has(doc, "reason") &&
                   tree_has(doc, "severity")
               ? 93
               : 0;
}

/* Any key of the metadata that ends in "revision". */
static str revision_of(const json_t *metadata, struct arena *a)
{
    const char *key;
    json_t *value;

    json_object_foreach (json_open(metadata), key, value) {
        if (str_ends(str_from(key), STR("revision")))
            return str_copy(a, json_text(value, a));
    }
    return STR_NONE;
}

static str commit_in(str revision)
{
    size_t at = str_find_last(revision, ':');

    if (at == SIZE_MAX)
        at = str_find_last(revision, '/');
    revision = at == SIZE_MAX ? revision : str_part(revision, at + 1, revision.len);
    for (size_t i = 0; i < revision.len; i++)
        if (!memchr("0123456789abcdef", revision.ptr[i], 16))
            return STR_NONE;
    return revision.len >= 7 ? revision : STR_NONE;
}

static struct change *change_of(const struct event *ev, str reason, struct arena *a)
{
    str commit = commit_in(ev->commit);
    struct change *c;

    if (str_empty(commit) || ev->outcome == OUTCOME_PENDING)
        return NULL;
    c = change_new(STR("flux"), str_join(a, ev->resource, STR("@"), commit), a);
    c->workspace = ev->resource;
    c->kind = STR("deploy");
    c->result = ev->outcome == OUTCOME_FAILURE ? STR("failed") : STR("applied");
    c->trigger = reason;
    c->commit = commit;
    c->t_end = ev->time;
    return c;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    json_t *doc = tree_open(rec, m);
    const json_t *object = json_member(doc, "involvedObject");

    if (!doc)
        return MAP_REJECT;
    if (!probe(rec, doc)) {
        json_decref(doc);
        return MAP_FOREIGN;
    }
    if (!event_set_time(&ev, tree_text(doc, "timestamp", a))) {
        m->why = "'timestamp' is missing or not a time";
        json_decref(doc);
        return MAP_REJECT;
    }
    ev.service = STR("flux");
    ev.actor = tree_text(doc, "reportingController", a);
    ev.session = tree_text(doc, "reportingInstance", a);
    ev.actor_type = ACTOR_AUTOMATION;
    ev.channel = CHANNEL_IAC;
    ev.action = tree_text(doc, "reason", a);
    ev.place = tree_text(object, "namespace", a);
    ev.resource = str_print(a, "%.*s/%.*s/%.*s", STR_FMT(tree_text(object, "kind", a)),
                            STR_FMT(ev.place), STR_FMT(tree_text(object, "name", a)));
    ev.resource_type = tree_text(object, "kind", a);
    ev.commit = revision_of(json_member(doc, "metadata"), a);
    ev.outcome = str_eq(tree_text(doc, "severity", a), STR("error")) ? OUTCOME_FAILURE
                 : str_contains(ev.action, STR("Progressing"))       ? OUTCOME_PENDING
                                                                     : OUTCOME_SUCCESS;
    ev.verb = str_starts(ev.action, STR("Reconciliation")) || !str_empty(ev.commit) ? VERB_APPLY
                                                                                    : VERB_UNKNOWN;
    if (ev.outcome == OUTCOME_FAILURE) {
        ev.error = ev.action;
        ev.error_text = tree_text(doc, "message", a);
    }
    ev.changes = change_of(&ev, ev.action, a);
    m->emit(m, &ev);
    json_decref(doc);
    return MAP_DONE;
}

const struct source source_flux = {
    .name = "flux",
    .title = "Flux events",
    .reads = "events of the notification controller (generic webhook)",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS,
    .probe = probe,
    .map = map,
};
