/*
 * terraform_plan: plan JSON (`terraform show -json PLAN`), also as HCP Terraform hands it out
 * redacted (formats-iac 3).
 *
 * A plan is an intention. Its events have the verb "plan" and no outcome, so no query takes them
 * for changes; they carry the action the tool means to take. What it found changed behind its back
 * (resource_drift) becomes an event of the service "terraform.drift": the only place where
 * Terraform itself reports drift.
 *
 * There is no actor and no run in a plan. The commit is taken from one configured variable and from
 * nowhere else: any other variable's value may be a secret, as may everything under planned_values,
 * prior_state, before and after; none of it is read. Continuous integration often leaves lines of
 * text around the JSON.
 */
#include "sources/source.h"
#include "terraform.h"
#include "tree.h"

struct plan {
    const struct record *rec;
    struct mapper *m;
    str timestamp, commit;
    size_t emitted;
};

static bool is_plan(const json_t *doc)
{
    return tree_has(doc, "plan_format_version") ||
           (tree_has(doc, "format_version") &&
            (tree_has(doc, "resource_changes") || tree_has(doc, "planned_values") ||
             tree_has(doc, "configuration")));
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return is_plan(doc) ? 95 : 0;
}

/* 7 to 64 hex digits: what a pipeline passes as a commit. Anything else in that variable is not
 * taken. */
static str commit_in(const json_t *doc, str variable, struct arena *a)
{
    str value;

    if (str_empty(variable))
        return STR_NONE;
    value = tree_path_text(a, doc, "variables", str_z(a, variable), "value", NULL);
    if (value.len < 7 || value.len > 64)
        return STR_NONE;
    for (size_t i = 0; i < value.len; i++)
        if (!memchr("0123456789abcdefABCDEF", value.ptr[i], 22))
            return STR_NONE;
    return value;
}

/* ["delete","create"] in either order and ["create","forget"] are a replacement; everything else
 * stands alone. */
static str action_of(const json_t *actions, struct arena *a)
{
    return json_array_size(actions) > 1 ? STR("replace")
                                        : str_copy(a, json_text(json_array_get(actions, 0), a));
}

static str add_words(str words, const char *what, str more, struct arena *a)
{
    return str_join(a, words, STR("; "),
                    str_empty(more) ? STR_NONE : str_print(a, "%s%.*s", what, STR_FMT(more)));
}

static str detail_of(const json_t *entry, const json_t *change, bool is_drift, struct arena *a)
{
    str words = is_drift ? STR("changed outside Terraform") : STR_NONE;
    const json_t *first = json_array_get(json_member(change, "actions"), 0);

    if (json_array_size(json_member(change, "actions")) > 1 &&
        str_eq(json_text(first, a), STR("create")))
        words = add_words(words, "", STR("created before the old one goes"), a);
    words = add_words(words, "moved from ", tree_text(entry, "previous_address", a), a);
    words = add_words(words, "", tree_text(entry, "action_reason", a), a);
    words = add_words(words, "deposed object ", tree_text(entry, "deposed", a), a);
    return add_words(words, "", tree_has(change, "importing") ? STR("import") : STR_NONE, a);
}

static void emit_entries(struct plan *p, const json_t *entries, bool is_drift)
{
    struct arena *a = p->m->arena;
    const json_t *entry;
    size_t i;

    json_array_foreach(entries, i, entry)
    {
        const json_t *change = json_member(entry, "change");
        struct event ev = event_new();

        event_set_time(&ev, p->timestamp);
        ev.service = is_drift ? STR("terraform.drift") : STR("terraform.plan");
        ev.action = action_of(json_member(change, "actions"), a);
        ev.verb = VERB_PLAN;
        ev.resource = tree_text(entry, "address", a);
        ev.resource_type = tree_text(entry, "type", a);
        ev.channel = CHANNEL_IAC;
        ev.commit = p->commit;
        ev.detail = detail_of(entry, change, is_drift, a);
        ev.dedupe = event_dedupe(p->rec, p->emitted++, a);
        p->m->emit(p->m, &ev);
    }
}

static bool is_known_format(const json_t *doc, struct arena *a)
{
    str version =
        str_or(tree_text(doc, "format_version", a), tree_text(doc, "plan_format_version", a));

    return str_starts(version, STR("0.")) || str_starts(version, STR("1."));
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct plan p = {.rec = rec, .m = m};
    enum map_result result = MAP_DONE;
    json_t *doc = tree_open(rec, m);

    if (!doc)
        return MAP_REJECT;
    if (!is_plan(doc)) {
        result = MAP_FOREIGN;
    } else if (!is_known_format(doc, m->arena)) {
        m->why = "plan JSON of an unknown format version";
        result = MAP_REJECT;
    } else {
        p.timestamp = tree_text(doc, "timestamp", m->arena);
        if (m->settings)
            p.commit = commit_in(doc, m->settings->commit_variable, m->arena);
        emit_entries(&p, json_member(doc, "resource_changes"), false);
        emit_entries(&p, json_member(doc, "resource_drift"), true);
    }
    json_decref(doc);
    return result;
}

const struct source source_terraform_plan = {
    .name = "terraform-plan",
    .title = "Terraform and OpenTofu plans",
    .reads = "'terraform show -json PLAN', also as downloaded from HCP Terraform",
    .shape = SHAPE_JSON,
    .gives = GIVES_DRIFT,
    .text_is_normal = true,
    .probe = probe,
    .map = map,
};
