/*
 * terraform_ui_log: what `plan -json` and `apply -json` print, one JSON object per line
 * (formats-iac 4).
 *
 * The log has neither actor nor run, commit, workspace or environment; they come from where it was
 * stored. Two lines stand for each resource that was touched, apply_start (pending) and
 * apply_complete or apply_errored; a start without an end is an interrupted operation. Plans and
 * drift are intentions: the verb is "plan". Totals become a change; since a record knows nothing of
 * its run, that change is keyed by the record's own time and counts.
 *
 * Read past and never kept: `state` of an emergency dump (the whole state with its secrets), values
 * of outputs, output of provisioners, `detail` and `snippet` of diagnostics. HCP Terraform puts
 * lines of text before the first object.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "terraform.h"
#include "tree.h"

enum path {
    MESSAGE,
    MODULE,
    TIMESTAMP,
    TYPE,
    LEVEL,
    HOOK_ADDR,
    HOOK_TYPE,
    HOOK_ACTION,
    HOOK_ID,
    HOOK_PROVISIONER,
    CHANGE_ADDR,
    CHANGE_TYPE,
    CHANGE_ACTION,
    CHANGE_REASON,
    CHANGE_PREVIOUS,
    CHANGE_IMPORTING,
    ADD,
    CHANGE,
    REMOVE,
    IMPORT,
    OPERATION,
    SEVERITY,
    SUMMARY,
    DIAGNOSTIC_ADDR,
};

static const char *const paths[] = {
    [MESSAGE] = "/@message",
    [MODULE] = "/@module",
    [TIMESTAMP] = "/@timestamp",
    [TYPE] = "/type",
    [LEVEL] = "/@level",
    [HOOK_ADDR] = "/hook/resource/addr",
    [HOOK_TYPE] = "/hook/resource/resource_type",
    [HOOK_ACTION] = "/hook/action",
    [HOOK_ID] = "/hook/id_value",
    [HOOK_PROVISIONER] = "/hook/provisioner",
    [CHANGE_ADDR] = "/change/resource/addr",
    [CHANGE_TYPE] = "/change/resource/resource_type",
    [CHANGE_ACTION] = "/change/action",
    [CHANGE_REASON] = "/change/reason",
    [CHANGE_PREVIOUS] = "/change/previous_resource/addr",
    [CHANGE_IMPORTING] = "/change/importing",
    [ADD] = "/changes/add",
    [CHANGE] = "/changes/change",
    [REMOVE] = "/changes/remove",
    [IMPORT] = "/changes/import",
    [OPERATION] = "/changes/operation",
    [SEVERITY] = "/diagnostic/severity",
    [SUMMARY] = "/diagnostic/summary",
    [DIAGNOSTIC_ADDR] = "/diagnostic/address",
};

struct line {
    const struct record *rec;
    struct mapper *m;
    struct event ev;
};

static str text(const struct line *l, enum path path)
{
    return field_text(l->rec->fields[path], l->m->arena);
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    if (!json_is_string(json_member(doc, "@message")) || !tree_has(doc, "@level"))
        return 0;
    if (str_eq((str){json_string_value(json_member(doc, "@module")),
                     json_string_length(json_member(doc, "@module"))},
               STR("terraform.ui")))
        return 95;
    return tree_has(doc, "type")
               ? 60
               : 0; /* provider logs and other tools write the same three members */
}

/* --- what a type means ------------------------------------------------------------------------ */

static void emit(struct line *l)
{
    l->m->emit(l->m, &l->ev);
}

/* apply_*, refresh_*, provision_*: something happened, or is happening, to one resource. */
static void emit_hook(struct line *l, str service, enum verb verb, enum outcome outcome)
{
    str id = text(l, HOOK_ID);

    l->ev.service = service;
    l->ev.resource = text(l, HOOK_ADDR);
    l->ev.resource_type = text(l, HOOK_TYPE);
    if (terraform_id_is_safe(l->ev.resource_type))
        event_add_resource(&l->ev, id, l->ev.resource_type, l->m->arena);
    l->ev.verb = verb;
    l->ev.outcome = outcome;
    emit(l);
}

/*
 * A failed apply prints no totals, only its errors. They become one failed change a minute: a run
 * with several errors counts once, unless it goes on failing for longer.
 */
static struct change *failed_change(struct line *l)
{
    struct change *c = arena_new(l->m->arena, struct change, 1);
    struct instant minute = l->ev.time;

    minute.sec -= minute.sec % 60;
    minute.nsec = 0;
    minute.digits = 0;
    c->tool = STR("terraform");
    c->key = str_join(l->m->arena, STR("failed"), STR(" "), instant_text(minute, l->m->arena));
    c->kind = STR("apply");
    c->result = STR("failed");
    c->t_start = c->t_end = l->ev.time;
    c->adds = c->changes = c->destroys = -1;
    c->auto_apply = -1;
    return c;
}

static void emit_apply(struct line *l, enum outcome outcome)
{
    l->ev.action = text(l, HOOK_ACTION);
    if (outcome == OUTCOME_FAILURE)
        l->ev.changes = failed_change(l);
    emit_hook(l, STR("terraform.apply"), terraform_verb(l->ev.action), outcome);
}

static void emit_refresh(struct line *l, enum outcome outcome)
{
    l->ev.action = STR("refresh");
    emit_hook(l, STR("terraform.apply"), VERB_READ, outcome);
}

/* Of a line of a script's output (outcome unknown) only that there was one is kept, not what it
 * said. */
static void emit_provision(struct line *l, enum outcome outcome)
{
    l->ev.action = STR("provision");
    l->ev.detail = text(l, HOOK_PROVISIONER);
    emit_hook(l, STR("terraform.apply"), outcome == OUTCOME_UNKNOWN ? VERB_UNKNOWN : VERB_EXECUTE,
              outcome);
}

static void emit_intention(struct line *l, enum outcome outcome)
{
    struct arena *a = l->m->arena;
    bool is_drift = str_eq(text(l, TYPE), STR("resource_drift"));
    str previous = text(l, CHANGE_PREVIOUS);
    str words = is_drift ? STR("changed outside Terraform") : STR_NONE;

    l->ev.service = is_drift ? STR("terraform.drift") : STR("terraform.plan");
    l->ev.action = text(l, CHANGE_ACTION);
    l->ev.verb = VERB_PLAN;
    l->ev.resource = text(l, CHANGE_ADDR);
    l->ev.resource_type = text(l, CHANGE_TYPE);
    if (!str_empty(previous) && !str_eq(previous, l->ev.resource))
        words = str_join(a, words, STR("; "), str_join(a, STR("moved from"), STR(" "), previous));
    words = str_join(a, words, STR("; "), text(l, CHANGE_REASON));
    if (l->rec->fields[CHANGE_IMPORTING].kind == FIELD_OBJECT)
        words = str_join(a, words, STR("; "), STR("import"));
    l->ev.detail = words;
    l->ev.outcome = outcome;
    emit(l);
}

static int64_t count(const struct line *l, enum path path)
{
    int64_t n;

    return str_to_i64(text(l, path), &n) ? n : -1;
}

static void emit_totals(struct line *l, enum outcome outcome)
{
    struct arena *a = l->m->arena;
    struct change *c = arena_new(a, struct change, 1);

    l->ev.service = STR("terraform");
    l->ev.action = text(l, OPERATION);
    c->adds = count(l, ADD);
    c->changes = count(l, CHANGE);
    c->destroys = count(l, REMOVE);
    l->ev.detail = str_print(a, "%lld to add, %lld to change, %lld to destroy", (long long)c->adds,
                             (long long)c->changes, (long long)c->destroys);
    if (str_eq(l->ev.action, STR("plan"))) {
        l->ev.verb = VERB_PLAN;
        emit(l);
        return;
    }
    l->ev.verb = VERB_APPLY;
    l->ev.outcome = outcome;
    l->ev.detail = str_print(a, "%lld added, %lld changed, %lld destroyed", (long long)c->adds,
                             (long long)c->changes, (long long)c->destroys);
    c->tool = STR("terraform");
    c->key = str_print(a, "%.*s +%lld~%lld-%lld", STR_FMT(instant_text(l->ev.time, a)),
                       (long long)c->adds, (long long)c->changes, (long long)c->destroys);
    c->kind = l->ev.action;
    c->result =
        c->adds + c->changes + c->destroys + count(l, IMPORT) > 0 ? STR("applied") : STR("no-op");
    c->t_end = l->ev.time;
    c->t_start = l->ev.time; /* the only time there is; the start stands in another record */
    c->auto_apply = -1;
    l->ev.changes = c;
    emit(l);
}

/* An error that only an apply can meet: resources were changed and the state did not get to where
 * it belongs. */
static bool is_lost_state(str summary)
{
    return str_starts(summary, STR("Failed to save state")) ||
           str_starts(summary, STR("Failed to persist state"));
}

static void emit_diagnostic(struct line *l, enum outcome outcome)
{
    bool is_error = str_eq(text(l, SEVERITY), STR("error"));

    l->ev.service = STR("terraform");
    l->ev.action = STR("diagnostic");
    l->ev.resource = text(l, DIAGNOSTIC_ADDR);
    l->ev.detail = text(l, SUMMARY);
    l->ev.outcome = is_error ? OUTCOME_FAILURE : outcome;
    if (is_error) {
        l->ev.error_text = l->ev.detail;
        if (is_lost_state(l->ev.detail))
            l->ev.changes = failed_change(l);
    }
    emit(l);
}

static void emit_outputs(struct line *l, enum outcome outcome)
{
    l->ev.service = STR("terraform");
    l->ev.action = STR("outputs");
    l->ev.outcome = outcome;
    emit(l);
}

static void emit_log(struct line *l, enum outcome outcome)
{
    l->ev.service = STR("terraform");
    l->ev.action = STR("log");
    l->ev.detail = text(l, MESSAGE);
    l->ev.outcome = outcome;
    emit(l);
}

static const struct {
    const char *type;
    void (*emit)(struct line *l, enum outcome outcome);
    enum outcome outcome;
} types[] = {
    {"apply_start", emit_apply, OUTCOME_PENDING},
    {"apply_complete", emit_apply, OUTCOME_SUCCESS},
    {"apply_errored", emit_apply, OUTCOME_FAILURE},
    {"refresh_start", emit_refresh, OUTCOME_PENDING},
    {"refresh_complete", emit_refresh, OUTCOME_SUCCESS},
    {"provision_start", emit_provision, OUTCOME_PENDING},
    {"provision_progress", emit_provision, OUTCOME_UNKNOWN},
    {"provision_complete", emit_provision, OUTCOME_SUCCESS},
    {"provision_errored", emit_provision, OUTCOME_FAILURE},
    {"planned_change", emit_intention, OUTCOME_UNKNOWN},
    {"resource_drift", emit_intention, OUTCOME_UNKNOWN},
    {"change_summary", emit_totals, OUTCOME_SUCCESS},
    {"diagnostic", emit_diagnostic, OUTCOME_UNKNOWN},
    {"outputs", emit_outputs, OUTCOME_UNKNOWN},
    {"log", emit_log, OUTCOME_UNKNOWN},
};

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct line l = {.rec = rec, .m = m, .ev = event_new()};
    str type = text(&l, TYPE), time = text(&l, TIMESTAMP);

    if (rec->fields[MESSAGE].kind != FIELD_STRING)
        return MAP_FOREIGN;
    if (!str_empty(time) && !event_set_time(&l.ev, time)) {
        m->why = "'@timestamp' is not a time";
        return MAP_REJECT;
    }
    l.ev.channel = CHANNEL_IAC;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (str_eq(type, str_from(types[i].type))) {
            types[i].emit(&l, types[i].outcome);
            return MAP_DONE;
        }
    }
    m->why = "the tool's version, progress, or a type that is no act";
    return MAP_NOT_EVENT;
}

const struct source source_terraform_ui_log = {
    .name = "terraform-ui-log",
    .title = "Terraform and OpenTofu logs",
    .reads = "output of 'plan -json' and 'apply -json', also as stored by HCP Terraform",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_DRIFT,
    .text_is_normal = true,
    .paths = paths,
    .npaths = sizeof(paths) / sizeof(paths[0]),
    .probe = probe,
    .map = map,
};
