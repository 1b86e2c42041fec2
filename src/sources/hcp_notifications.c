/*
 * hcp_notifications: what HCP Terraform posts to a webhook: notifications of runs (version 1), of
 * workspaces and assessments (version "2", a string), and requests to run tasks (formats-iac 6).
 *
 * Trigger and run status can disagree: the trigger is the action, the status the error. A request
 * to a run task holds a token that can approve the task: its token and callback address are read
 * past.
 */
#include "hcp_runs.h"

static enum outcome outcome_of(str trigger, str status)
{
    if (str_ends(trigger, STR(":errored")) || str_eq(status, STR("errored")))
        return OUTCOME_FAILURE;
    if (str_eq(trigger, STR("run:completed")))
        return OUTCOME_SUCCESS;
    return str_starts(trigger, STR("run:")) ? OUTCOME_PENDING : OUTCOME_UNKNOWN;
}

static str result_of(str status)
{
    if (str_eq(status, STR("applied")))
        return STR("applied");
    if (str_eq(status, STR("errored")))
        return STR("failed");
    if (str_eq(status, STR("canceled")) || str_eq(status, STR("force_canceled")))
        return STR("cancelled");
    if (str_eq(status, STR("discarded")))
        return STR("discarded");
    return str_eq(status, STR("planned_and_finished")) ? STR("no-op") : STR_NONE;
}

static struct change *change_of(const json_t *doc, str status, struct instant updated,
                                struct arena *a)
{
    struct change *c = hcp_change(
        tree_text(doc, "run_id", a),
        str_or(tree_text(doc, "workspace_id", a), tree_text(doc, "workspace_name", a)), a);

    c->result = result_of(status);
    c->created_by = tree_text(doc, "run_created_by", a);
    c->t_created = tree_time(doc, "run_created_at");
    if (!str_empty(c->result))
        c->t_end = updated;
    c->message = tree_text(doc, "run_message", a);
    c->url = tree_text(doc, "run_url", a);
    return c;
}

static void emit_run(const struct record *rec, struct mapper *m, const json_t *doc,
                     const json_t *note, size_t nth)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    str status = tree_text(note, "run_status", a);

    event_set_time(&ev, tree_text(note, "run_updated_at", a));
    ev.service = STR("hcp-terraform");
    ev.action = tree_text(note, "trigger", a);
    ev.actor = tree_text(note, "run_updated_by", a);
    ev.resource = tree_text(doc, "workspace_name", a);
    ev.resource_type = STR("workspace");
    ev.account = tree_text(doc, "organization_name", a);
    ev.place = ev.resource;
    ev.run = tree_text(doc, "run_id", a);
    ev.outcome = outcome_of(ev.action, status);
    if (ev.outcome == OUTCOME_FAILURE)
        ev.error = status;
    ev.detail = tree_text(note, "message", a);
    ev.dedupe = event_dedupe(rec, nth, a);
    if (!str_empty(ev.run)) {
        ev.changes = change_of(doc, status, ev.time, a);
        event_add_resource(&ev, ev.run, STR("run"), a);
    }
    m->emit(m, &ev);
}

static void emit_workspace(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = event_new();
    const json_t *details = json_member(doc, "details"),
                 *result = json_member(details, "new_assessment_result");
    str drifted = tree_text(result, "resources_drifted", a);

    event_set_time(&ev, tree_text(result, "created_at", a));
    ev.action = tree_text(doc, "trigger", a);
    ev.service = str_eq(ev.action, STR("assessment:drifted")) ? STR("terraform.drift")
                                                              : STR("hcp-terraform");
    ev.verb = VERB_READ;
    ev.resource = tree_text(details, "workspace_name", a);
    ev.resource_type = STR("workspace");
    ev.account = tree_text(details, "organization_name", a);
    ev.place = ev.resource;
    ev.detail = tree_text(doc, "message", a);
    if (!str_empty(drifted))
        ev.detail =
            str_join(a, ev.detail, STR(": "), str_print(a, "%.*s resources", STR_FMT(drifted)));
    ev.dedupe = event_dedupe(rec, 0, a);
    event_add_resource(&ev, tree_text(details, "workspace_id", a), STR("workspace"), a);
    m->emit(m, &ev);
}

enum map_result hcp_map_notification(const struct record *rec, struct mapper *m, const json_t *doc)
{
    const json_t *notes = json_member(doc, "notifications"), *note;
    size_t i;

    if (json_is_array(notes)) {
        json_array_foreach(notes, i, note) emit_run(rec, m, doc, note, i);
        return MAP_DONE;
    }
    if (!tree_has(doc, "trigger")) {
        m->why = "notification without 'notifications' and without 'trigger'";
        return MAP_REJECT;
    }
    emit_workspace(rec, m, doc);
    return MAP_DONE;
}

/* Says which run, commit and configuration belong together, and who asked for it. No act of its
 * own. */
enum map_result hcp_map_task_request(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct arena *a = m->arena;
    struct event ev = event_new();

    if (!tree_has(doc, "run_id")) {
        m->why = "run task request without a run: a test of the address";
        return MAP_NOT_EVENT;
    }
    ev.service = STR("hcp-terraform");
    ev.action = STR("run_task.request");
    ev.is_fact_only = true;
    ev.dedupe = event_dedupe(rec, 0, a);
    ev.changes = change_of(doc, STR_NONE, (struct instant){0}, a);
    ev.changes->url = tree_text(doc, "run_app_url", a);
    ev.changes->config = tree_text(doc, "configuration_version_id", a);
    ev.changes->branch = tree_text(doc, "vcs_branch", a);
    ev.changes->commit = commit_in_url(tree_text(doc, "vcs_commit_url", a));
    m->emit(m, &ev);
    return MAP_DONE;
}
