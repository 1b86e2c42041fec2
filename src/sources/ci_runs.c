/*
 * ci_runs: builds of Jenkins, workflows of CircleCI and builds of Azure DevOps as their APIs answer
 * them (formats-iac 13). Nothing in them says that they deploy: their changes have no kind.
 *
 * CircleCI names who started a workflow by an id only. Never read: parameters and variables.
 */
#include "sources/source.h"
#include "tree.h"

static const struct {
    const char *word, *result;
    enum outcome outcome;
} results[] = {
    {"success", "applied", OUTCOME_SUCCESS},
    {"succeeded", "applied", OUTCOME_SUCCESS},
    {"failure", "failed", OUTCOME_FAILURE},
    {"failed", "failed", OUTCOME_FAILURE},
    {"error", "failed", OUTCOME_FAILURE},
    {"unstable", "partial", OUTCOME_FAILURE},
    {"partiallysucceeded", "partial", OUTCOME_FAILURE},
    {"aborted", "cancelled", OUTCOME_FAILURE},
    {"canceled", "cancelled", OUTCOME_FAILURE},
    {"not_built", "no-op", OUTCOME_UNKNOWN},
    {"not_run", "no-op", OUTCOME_UNKNOWN},
    {"unauthorized", "failed", OUTCOME_DENIED},
};

/* Anything else is on its way. */
static void set_result(struct event *ev, str word, struct arena *a)
{
    str lower = str_lower(a, word);

    ev->outcome = OUTCOME_PENDING;
    ev->changes->result = STR("pending");
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (str_eq(lower, str_from(results[i].word))) {
            ev->outcome = results[i].outcome;
            ev->changes->result = str_from(results[i].result);
        }
    }
    if (ev->outcome == OUTCOME_FAILURE || ev->outcome == OUTCOME_DENIED)
        ev->error = word;
}

static struct event run_event(const char *service, str key, struct arena *a)
{
    struct event ev = event_new();

    ev.service = str_from(service);
    ev.verb = VERB_EXECUTE;
    ev.channel = CHANNEL_CI;
    ev.run = key;
    ev.changes = change_new(str_from(service), key, a);
    return ev;
}

/* Seen while it ran and again at its end: one act. */
static void emit_run(struct mapper *m, struct event *ev)
{
    struct arena *a = m->arena;
    struct change *c = ev->changes;

    c->workspace = ev->place;
    c->commit = ev->commit;
    c->created_by = c->applied_by = ev->actor;
    c->created_by_id = c->applied_by_id = ev->actor_id;
    c->t_start = ev->time;
    ev->fold.key = str_print(a, "run %.*s", STR_FMT(ev->run));
    ev->fold.part = ev->outcome == OUTCOME_PENDING ? 1 : 2;
    ev->dedupe = str_print(a, "run %.*s:%.*s", STR_FMT(ev->run), STR_FMT(c->result));
    m->emit(m, ev);
}

/* --- Jenkins ---------------------------------------------------------------------------------- */

static bool is_jenkins(const json_t *doc)
{
    return tree_has(doc, "fullDisplayName") && tree_has(doc, "number") &&
           tree_has(doc, "timestamp") && json_is_array(json_member(doc, "actions"));
}

static void read_actions(struct event *ev, const json_t *actions, struct arena *a)
{
    const json_t *action, *cause;
    size_t i, k;

    json_array_foreach (actions, i, action) {
        ev->commit =
            str_or(ev->commit, tree_path_text(a, action, "lastBuiltRevision", "SHA1", NULL));
        json_array_foreach (json_member(action, "causes"), k, cause) {
            ev->actor = str_or(ev->actor, tree_text(cause, "userId", a));
            ev->changes->trigger =
                str_or(ev->changes->trigger, tree_text(cause, "shortDescription", a));
        }
    }
}

static enum map_result map_jenkins(struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    str name = tree_text(doc, "fullDisplayName", a);
    struct event ev = run_event("jenkins", name, a);
    int64_t ms = tree_int(doc, "duration", 0);

    if (!event_set_time(&ev, tree_text(doc, "timestamp", a))) {
        m->why = "build without 'timestamp'";
        return MAP_REJECT;
    }
    ev.time_text = STR_NONE;
    read_actions(&ev, json_member(doc, "actions"), a);
    ev.actor_type = str_empty(ev.actor) ? ACTOR_AUTOMATION : ACTOR_HUMAN;
    ev.action = STR("build");
    ev.resource = name;
    ev.resource_type = STR("build");
    ev.place = str_trim(str_part(name, 0, str_find_last(name, '#')));
    ev.native_id = tree_text(doc, "number", a);
    set_result(&ev, tree_text(doc, "result", a), a);
    if (ev.outcome != OUTCOME_PENDING) {
        ev.changes->t_end = ev.time;
        ev.changes->t_end.sec += (ms + ev.time.nsec / 1000000) / 1000;
        ev.changes->t_end.nsec = (int32_t)((ms + ev.time.nsec / 1000000) % 1000) * 1000000;
    }
    emit_run(m, &ev);
    return MAP_DONE;
}

/* --- CircleCI --------------------------------------------------------------------------------- */

static bool is_circleci(const json_t *doc)
{
    return tree_has(doc, "pipeline_id") && tree_has(doc, "project_slug") &&
           tree_has(doc, "status") && tree_has(doc, "id");
}

static enum map_result map_circleci(struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = run_event("circleci", tree_text(doc, "id", a), a);

    if (!event_set_time(&ev, tree_text(doc, "created_at", a))) {
        m->why = "workflow without 'created_at'";
        return MAP_REJECT;
    }
    ev.native_id = ev.run;
    ev.actor_id = tree_text(doc, "started_by", a);
    ev.action = STR("workflow");
    ev.detail = tree_text(doc, "name", a);
    ev.resource = ev.place = tree_text(doc, "project_slug", a);
    ev.resource_type = STR("project");
    set_result(&ev, tree_text(doc, "status", a), a);
    if (ev.outcome != OUTCOME_PENDING)
        ev.changes->t_end = tree_time(doc, "stopped_at");
    emit_run(m, &ev);
    return MAP_DONE;
}

/* --- Azure DevOps ----------------------------------------------------------------------------- */

static bool is_azure(const json_t *doc)
{
    return tree_has(doc, "buildNumber") && json_is_object(json_member(doc, "definition")) &&
           tree_has(doc, "sourceVersion");
}

static enum map_result map_azure(struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = run_event("azure-devops", tree_text(doc, "id", a), a);
    const json_t *by = json_member(doc, "requestedFor");

    if (!event_set_time(&ev,
                        str_or(tree_text(doc, "startTime", a), tree_text(doc, "queueTime", a)))) {
        m->why = "build without 'startTime' and 'queueTime'";
        return MAP_REJECT;
    }
    ev.native_id = ev.run;
    ev.actor = str_or(tree_text(by, "uniqueName", a), tree_text(by, "displayName", a));
    ev.actor_id = tree_text(by, "id", a);
    ev.action = STR("build");
    ev.account = tree_path_text(a, doc, "project", "name", NULL);
    ev.place = tree_path_text(a, doc, "definition", "name", NULL);
    ev.resource = str_join(a, ev.place, STR(" "), tree_text(doc, "buildNumber", a));
    ev.resource_type = STR("build");
    ev.commit = tree_text(doc, "sourceVersion", a);
    ev.changes->branch = tree_text(doc, "sourceBranch", a);
    ev.changes->trigger = tree_text(doc, "reason", a);
    set_result(&ev, tree_text(doc, "result", a), a);
    ev.changes->t_end = tree_time(doc, "finishTime");
    emit_run(m, &ev);
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return is_jenkins(doc) || is_circleci(doc) || is_azure(doc) ? 87 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result = MAP_FOREIGN;

    if (!doc)
        return MAP_REJECT;
    if (is_jenkins(doc))
        result = map_jenkins(m, doc);
    else if (is_circleci(doc))
        result = map_circleci(m, doc);
    else if (is_azure(doc))
        result = map_azure(m, doc);
    json_decref(doc);
    return result;
}

const struct source source_ci_runs = {
    .name = "ci-runs",
    .title = "Runs of Jenkins, CircleCI, Azure DevOps",
    .reads = "REST API answers: builds of Jenkins and Azure DevOps, workflows of CircleCI",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS,
    .probe = probe,
    .map = map,
};
