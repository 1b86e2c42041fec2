/*
 * cloudformation: what the AWS command line prints about stacks: their events, drift of resources,
 * drift detections, change sets and lists of stacks (formats-iac 16).
 *
 * Stack events name no actor: CloudTrail does. Only the event of the stack itself closes an
 * operation, and UPDATE_COMPLETE_CLEANUP_IN_PROGRESS is no end. A change set is an intention.
 *
 * Never read: parameters, expected and actual properties; of a difference only the path is kept.
 */
#include "base/buf.h"
#include "sources/source.h"
#include "tree.h"

struct stack {
    str name, id, account, region;
};

/* "arn:aws:cloudformation:us-west-2:123456789012:stack/my-stack/d0a8..." */
static struct stack stack_of(const json_t *doc, struct arena *a)
{
    struct stack s = {.name = tree_text(doc, "StackName", a), .id = tree_text(doc, "StackId", a)};
    str rest = s.id, path;

    if (!str_starts(s.id, STR("arn:")))
        return s;
    for (int i = 0; i < 3; i++) /* arn, partition, service */
        (void)str_cut(&rest, ':');
    s.region = str_cut(&rest, ':');
    s.account = str_cut(&rest, ':');
    path = rest;
    (void)str_cut(&path, '/');
    s.name = str_or(s.name, str_cut(&path, '/'));
    return s;
}

static struct event stack_event(const struct stack *s)
{
    struct event ev = event_new();

    ev.service = STR("cloudformation");
    ev.account = s->account;
    ev.region = s->region;
    ev.place = s->name;
    ev.channel = CHANNEL_IAC;
    return ev;
}

static enum outcome outcome_of(str status)
{
    if (str_ends(status, STR("_IN_PROGRESS")))
        return OUTCOME_PENDING;
    if (str_ends(status, STR("_FAILED")) || str_contains(status, STR("ROLLBACK")))
        return OUTCOME_FAILURE;
    return str_ends(status, STR("_COMPLETE")) ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
}

static enum verb verb_of(str status)
{
    return str_starts(status, STR("CREATE"))   ? VERB_CREATE
           : str_starts(status, STR("DELETE")) ? VERB_DELETE
                                               : VERB_UPDATE;
}

/* --- stack events ----------------------------------------------------------------------------- */

/* An operation on the stack as a whole: begun, or ended. */
static struct change *change_of(const json_t *doc, const struct stack *s, const struct event *ev,
                                str status, struct arena *a)
{
    str token = tree_text(doc, "ClientRequestToken", a);
    bool is_end = ev->outcome != OUTCOME_PENDING;
    struct change *c;

    if (!str_eq(tree_text(doc, "PhysicalResourceId", a), s->id) || (str_empty(token) && !is_end) ||
        str_contains(status, STR("CLEANUP")))
        return NULL;
    c = change_new(STR("cloudformation"), str_or(token, ev->native_id), a);
    c->workspace = s->name;
    c->kind = str_starts(status, STR("DELETE")) ? STR("destroy") : STR("apply");
    if (!is_end && !str_contains(status, STR("ROLLBACK")))
        c->t_created = c->t_start = ev->time;
    if (is_end) {
        c->t_end = ev->time;
        c->result = ev->outcome == OUTCOME_SUCCESS ? STR("applied") : STR("failed");
    }
    return c;
}

static enum map_result map_event(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct stack s = stack_of(doc, a);
    struct event ev = stack_event(&s);
    str status = tree_text(doc, "ResourceStatus", a);

    (void)rec;
    if (!event_set_time(&ev, tree_text(doc, "Timestamp", a))) {
        m->why = "stack event without 'Timestamp'";
        return MAP_REJECT;
    }
    ev.action = status;
    ev.verb = verb_of(status);
    ev.resource =
        str_print(a, "%.*s/%.*s", STR_FMT(s.name), STR_FMT(tree_text(doc, "LogicalResourceId", a)));
    ev.resource_type = tree_text(doc, "ResourceType", a);
    event_add_resource(&ev, tree_text(doc, "PhysicalResourceId", a), ev.resource_type, a);
    ev.outcome = outcome_of(status);
    ev.native_id = tree_text(doc, "EventId", a);
    ev.request = tree_text(doc, "ClientRequestToken", a);
    if (ev.outcome == OUTCOME_FAILURE) {
        ev.error = status;
        ev.error_text = tree_text(doc, "ResourceStatusReason", a);
    }
    ev.changes = change_of(doc, &s, &ev, status, a);
    ev.run = ev.changes ? ev.changes->key : STR_NONE;
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- drift ------------------------------------------------------------------------------------ */

static str paths_of(const json_t *differences, struct arena *a)
{
    struct buf out = {0};
    const json_t *d;
    str done = STR_NONE;
    size_t i;

    json_array_foreach (differences, i, d) {
        buf_addz(&out, i ? ", " : "");
        buf_add(&out, tree_text(d, "PropertyPath", a));
    }
    if (out.len)
        done = buf_str_copy(&out, a);
    buf_free(&out);
    return done;
}

static enum map_result map_drift(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct stack s = stack_of(doc, a);
    struct event ev = stack_event(&s);

    (void)rec;
    event_set_time(&ev, tree_text(doc, "Timestamp", a));
    ev.service = STR("cloudformation.drift");
    ev.action = tree_text(doc, "StackResourceDriftStatus", a);
    ev.verb = VERB_PLAN;
    ev.resource =
        str_print(a, "%.*s/%.*s", STR_FMT(s.name), STR_FMT(tree_text(doc, "LogicalResourceId", a)));
    ev.resource_type = tree_text(doc, "ResourceType", a);
    event_add_resource(&ev, tree_text(doc, "PhysicalResourceId", a), ev.resource_type, a);
    ev.detail = paths_of(json_member(doc, "PropertyDifferences"), a);
    m->emit(m, &ev);
    return MAP_DONE;
}

static enum map_result map_detection(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct stack s = stack_of(doc, a);
    struct event ev = stack_event(&s);
    str status = tree_text(doc, "DetectionStatus", a), count;

    (void)rec;
    event_set_time(&ev, tree_text(doc, "Timestamp", a));
    count = tree_text(doc, "DriftedStackResourceCount", a);
    ev.service = STR("cloudformation.drift");
    ev.action = str_or(tree_text(doc, "StackDriftStatus", a), status);
    ev.verb = VERB_PLAN;
    ev.resource = s.name;
    ev.resource_type = STR("AWS::CloudFormation::Stack");
    ev.native_id = tree_text(doc, "StackDriftDetectionId", a);
    ev.dedupe = str_join(a, ev.native_id, STR(" "), status);
    ev.outcome = str_ends(status, STR("_IN_PROGRESS")) ? OUTCOME_PENDING
                 : str_ends(status, STR("_FAILED"))    ? OUTCOME_FAILURE
                                                       : OUTCOME_SUCCESS;
    if (!str_empty(count))
        ev.detail = str_print(a, "%.*s resources drifted", STR_FMT(count));
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- change sets and lists -------------------------------------------------------------------- */

static enum map_result map_change_set(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct stack s = stack_of(doc, a);
    const json_t *change;
    size_t i;

    json_array_foreach (json_member(doc, "Changes"), i, change) {
        const json_t *o = json_member(change, "ResourceChange");
        struct event ev = stack_event(&s);
        str replaces = tree_text(o, "Replacement", a);

        event_set_time(&ev, tree_text(doc, "CreationTime", a));
        ev.service = STR("cloudformation.plan");
        ev.action = tree_text(o, "Action", a);
        ev.verb = VERB_PLAN;
        ev.resource = str_print(a, "%.*s/%.*s", STR_FMT(s.name),
                                STR_FMT(tree_text(o, "LogicalResourceId", a)));
        ev.resource_type = tree_text(o, "ResourceType", a);
        event_add_resource(&ev, tree_text(o, "PhysicalResourceId", a), ev.resource_type, a);
        ev.request = tree_text(doc, "ChangeSetId", a);
        if (str_eq(replaces, STR("True")) || str_eq(replaces, STR("Conditional")))
            ev.detail = STR("replaces the resource");
        ev.dedupe = event_dedupe(rec, i, a);
        m->emit(m, &ev);
    }
    return MAP_DONE;
}

/* A list shows how each stack stands since its last operation. */
static enum map_result map_summary(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct stack s = stack_of(doc, a);
    struct event ev = stack_event(&s);
    str status = tree_text(doc, "StackStatus", a);
    str time = str_starts(status, STR("DELETE"))   ? tree_text(doc, "DeletionTime", a)
               : str_starts(status, STR("CREATE")) ? STR_NONE
                                                   : tree_text(doc, "LastUpdatedTime", a);

    (void)rec;
    if (!event_set_time(&ev, str_or(time, tree_text(doc, "CreationTime", a)))) {
        m->why = "stack without 'CreationTime'";
        return MAP_REJECT;
    }
    ev.action = status;
    ev.verb = verb_of(status);
    ev.resource = s.name;
    ev.resource_type = STR("AWS::CloudFormation::Stack");
    ev.outcome = outcome_of(status);
    if (ev.outcome == OUTCOME_FAILURE) {
        ev.error = status;
        ev.error_text = tree_text(doc, "StackStatusReason", a);
    }
    ev.dedupe = str_print(a, "%.*s %.*s %.*s", STR_FMT(s.id), STR_FMT(status),
                          STR_FMT(instant_text(ev.time, a)));
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

typedef enum map_result map_function(const struct record *rec, struct mapper *m, const json_t *doc);

static const struct {
    const char *members[3]; /* all of them */
    map_function *map;
} shapes[] = {
    {{"EventId", "ResourceStatus", "LogicalResourceId"}, map_event},
    {{"StackResourceDriftStatus", "LogicalResourceId", "StackId"}, map_drift},
    {{"StackDriftDetectionId", "DetectionStatus", "StackId"}, map_detection},
    {{"ChangeSetName", "Changes", "StackId"}, map_change_set},
    {{"StackStatus", "StackName", "CreationTime"}, map_summary},
};

static map_function *find_map(const json_t *doc)
{
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        if (json_object_get(doc, shapes[i].members[0]) &&
            json_object_get(doc, shapes[i].members[1]) &&
            json_object_get(doc, shapes[i].members[2]))
            return shapes[i].map;
    return NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return find_map(doc) ? 90 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result;
    map_function *way;

    if (!doc)
        return MAP_REJECT;
    way = find_map(doc);
    result = way ? way(rec, m, doc) : MAP_FOREIGN;
    json_decref(doc);
    return result;
}

const struct source source_cloudformation = {
    .name = "cloudformation",
    .title = "AWS CloudFormation stacks",
    .reads = "answers of 'aws cloudformation': describe-stack-events, describe-stack-resource-"
             "drifts, describe-change-set, list-stacks",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_DRIFT,
    .probe = probe,
    .map = map,
};
