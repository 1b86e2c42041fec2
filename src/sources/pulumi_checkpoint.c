/*
 * pulumi_checkpoint: what `pulumi stack export` prints and what self-managed backends store
 * (formats-iac 9): an export wraps a deployment, a checkpoint wraps it with the stack's name, and
 * the oldest ones stand bare.
 *
 * A deployment has a time but neither serial nor author. It has no lineage either; the stack's name
 * in the addresses takes its place, so that the newest snapshot of a stack is what is managed now.
 * Inputs, outputs and configuration hold secrets, marked or not: of them only id, ARN and a digest
 * that tells a change are kept.
 */
#include "base/err.h"
#include "pulumi.h"
#include "sources/source.h"
#include "terraform_state.h"

/* The deployment in the document; NULL when it is none. */
static const json_t *deployment_of(const json_t *doc)
{
    const json_t *d = json_member(doc, "deployment");

    if (json_is_object(d) && json_is_integer(json_member(doc, "version")))
        return d;
    d = json_member(doc, "checkpoint");
    if (json_is_object(d))
        return json_is_object(json_member(d, "latest")) ? json_member(d, "latest") : d;
    d = json_member(doc, "latest");
    if (json_is_object(d) && json_is_string(json_member(doc, "target")) &&
        (tree_has(d, "resources") || tree_has(d, "time")))
        return d;
    return NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return deployment_of(doc) ? 93 : 0;
}

/* Components and providers exist in code only: no cloud log names them. */
static str mode_of(const json_t *resource, str type)
{
    if (json_truth(json_member(resource, "external")))
        return STR("data");
    if (!json_truth(json_member(resource, "custom")) || str_starts(type, STR("pulumi:providers:")))
        return STR("component");
    return STR("managed");
}

static struct snapshot_resource *read_resource(const json_t *o, struct arena *a)
{
    struct snapshot_resource *r = arena_new(a, struct snapshot_resource, 1);
    const json_t *outputs = json_member(o, "outputs");

    r->address = tree_text(o, "urn", a);
    r->type = tree_text(o, "type", a);
    r->provider = tree_text(o, "provider", a);
    r->mode = mode_of(o, r->type);
    if (json_truth(json_member(o, "delete")))
        r->status = STR("deposed");
    else if (json_truth(json_member(o, "taint")))
        r->status = STR("tainted");
    if (pulumi_id_is_safe(r->type, a)) {
        r->cloud_id = tree_text(o, "id", a);
        r->arn = tree_text(outputs, "arn", a);
    }
    if (outputs)
        r->digest = state_digest(outputs, a);
    return r;
}

static struct event pulumi_event(struct snapshot *s)
{
    struct event ev = event_new();

    ev.service = STR("pulumi");
    ev.place = s->lineage;
    ev.channel = CHANNEL_IAC;
    return ev;
}

/* An update that was interrupted leaves its operations behind: what became of them is not known. */
static void emit_pending(const struct record *rec, struct mapper *m, const json_t *operations,
                         struct snapshot *s)
{
    struct arena *a = m->arena;
    const json_t *o;
    size_t i;

    json_array_foreach (operations, i, o) {
        const json_t *resource = json_member(o, "resource");
        struct event ev = pulumi_event(s);
        str type = tree_text(o, "type", a);

        ev.time = s->when;
        ev.action = str_join(a, STR("interrupted"), STR("."), type);
        ev.verb = str_eq(type, STR("creating"))   ? VERB_CREATE
                  : str_eq(type, STR("deleting")) ? VERB_DELETE
                  : str_eq(type, STR("updating")) ? VERB_UPDATE
                                                  : VERB_READ;
        ev.resource = tree_text(resource, "urn", a);
        ev.resource_type = tree_text(resource, "type", a);
        ev.outcome = OUTCOME_PENDING;
        ev.detail = STR("left behind by an update that was interrupted");
        ev.dedupe = event_dedupe(rec, i + 1, a);
        m->emit(m, &ev);
    }
}

static enum map_result read_deployment(const struct record *rec, struct mapper *m,
                                       const json_t *doc, const json_t *d)
{
    struct arena *a = m->arena;
    struct snapshot *s = arena_new(a, struct snapshot, 1);
    struct snapshot_resource **last = &s->resources;
    const json_t *o;
    struct event ev;
    size_t i;

    if (tree_has(d, "resources") && !json_is_array(json_member(d, "resources"))) {
        m->why = "'resources' is not an array";
        return MAP_REJECT;
    }
    s->serial = -1;
    s->format = str_print(a, "pulumi-%d", (int)tree_int(doc, "version", 0));
    s->when = tree_time(json_member(d, "manifest"), "time");
    if (!s->when.is_set)
        s->when = tree_time(d, "time");
    s->tool_version = tree_path_text(a, d, "manifest", "version", NULL);
    json_array_foreach (json_member(d, "resources"), i, o) {
        *last = read_resource(o, a);
        if (str_empty(s->lineage))
            s->lineage = pulumi_stack_of((*last)->address, a);
        last = &(*last)->next;
    }
    ev = pulumi_event(s);
    ev.action = STR("state");
    ev.snapshot = s;
    ev.is_fact_only = true;
    m->emit(m, &ev);
    emit_pending(rec, m, json_member(d, "pending_operations"), s);
    return MAP_DONE;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    const json_t *d;
    enum map_result result;

    if (!doc)
        return MAP_REJECT;
    d = deployment_of(doc);
    result = d ? read_deployment(rec, m, doc, d) : MAP_FOREIGN;
    json_decref(doc);
    return result;
}

const struct source source_pulumi_checkpoint = {
    .name = "pulumi-checkpoint",
    .title = "Pulumi deployments and checkpoints",
    .reads = "output of 'pulumi stack export', checkpoint files of self-managed backends",
    .shape = SHAPE_JSON,
    .gives = GIVES_STATE,
    .probe = probe,
    .map = map,
};
