/*
 * github-audit: the audit log of a GitHub organization or enterprise: JSON array or lines from the
 * web and the REST API, streamed files.
 *
 * Format: ../shared/formats-cloud.md 9. What exports get wrong: times are milliseconds, either of
 * two members may be missing; older exports nest half of the members in "data"; "user" is the one
 * acted upon; org is a list when several apply. The log holds what happened: outcomes exist only as
 * actions of their own (a rejected push, a failed sign-in).
 */
#include "github_audit.h"

#include <string.h>

#include "tree.h"

#define HUB_PATHS(slot, name) "/" name, "/data/" name,
static const char *const paths[] = {HUB_FIELDS(HUB_PATHS)};
#undef HUB_PATHS

static int probe(const struct record *rec, const json_t *tree)
{
    const json_t *action = json_member(tree, "action");
    const json_t *time = json_member(tree, "created_at"), *stamp = json_member(tree, "@timestamp");

    (void)rec;
    if (!json_is_string(action) || !strchr(json_string_value(action), '.'))
        return 0;
    if (json_is_number(time) || json_is_number(stamp))
        return 90;
    /* Some re-export the times as text. */
    return (time || stamp) && json_member(tree, "actor") &&
                   (json_member(tree, "org") || json_member(tree, "business"))
               ? 60
               : 0;
}

static str one_text(struct field f, struct arena *a)
{
    struct field first;
    size_t at = 0;

    if (f.kind == FIELD_ARRAY)
        return fields_next_element(f.raw, &at, &first) ? field_text(first, a) : STR_NONE;
    return field_text(f, a);
}

str github_audit_text(const struct audit_entry *e, enum audit_slot slot)
{
    str top = one_text(e->f[2 * slot], e->arena);

    return str_empty(top) ? one_text(e->f[2 * slot + 1], e->arena) : top;
}

bool github_audit_truth(const struct audit_entry *e, enum audit_slot slot)
{
    return field_truth(e->f[2 * slot]) || field_truth(e->f[2 * slot + 1]);
}

/* --- who -------------------------------------------------------------------------------------- */

static void map_actor(const struct audit_entry *e, struct event *ev)
{
    str app = str_or(github_audit_text(e, HUB_INTEGRATION), github_audit_text(e, HUB_OAUTH)),
        token = github_audit_text(e, HUB_TOKEN);
    bool is_install =
        str_starts(e->action, STR("integration")) || str_starts(e->action, STR("org.oauth_app"));

    ev->actor = github_audit_text(e, HUB_ACTOR);
    ev->actor_id = github_audit_text(e, HUB_ACTOR_ID);
    ev->session = github_audit_text(e, HUB_PERSON);
    if (!str_eq(token, STR("0")))
        ev->credential = token;
    if (!str_empty(app) && !is_install)
        ev->via = str_print(e->arena, "app %.*s", STR_FMT(app));
    if (str_empty(ev->actor))
        ev->actor_type = str_starts(e->action, STR("git.")) ? ACTOR_ANONYMOUS : ACTOR_UNKNOWN;
    else if (github_audit_truth(e, HUB_ACTOR_IS_BOT) || str_ends(ev->actor, STR("[bot]")))
        ev->actor_type = ACTOR_AUTOMATION;
    else
        ev->actor_type = ACTOR_HUMAN;
}

static enum channel channel_of(const struct audit_entry *e, const struct event *ev)
{
    enum channel by_agent = channel_from_user_agent(ev->user_agent);

    if (str_starts(e->action, STR("workflows.")) && ev->actor_type == ACTOR_AUTOMATION)
        return CHANNEL_CI;
    if (str_starts(e->action, STR("git.")) && by_agent == CHANNEL_UNKNOWN)
        return CHANNEL_CLI;
    if (by_agent == CHANNEL_UNKNOWN && !str_empty(github_audit_text(e, HUB_ACCESS)))
        return CHANNEL_SDK;
    return by_agent;
}

/* --- what ------------------------------------------------------------------------------------- */

/* What the category is about comes first; the rest stands behind it. */
static void map_resources(const struct audit_entry *e, struct event *ev)
{
    const struct {
        str id, type;
    } parts[] = {
        {str_starts(e->action, STR("team.")) ? e->team : STR_NONE, STR("team")},
        {e->repo, STR("repository")},
        {e->team, STR("team")},
        {e->user, STR("user")},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (str_empty(parts[i].id) || str_eq(parts[i].id, ev->resource))
            continue;
        if (str_empty(ev->resource)) {
            ev->resource = parts[i].id;
            ev->resource_type = parts[i].type;
        } else {
            event_add_resource(ev, parts[i].id, parts[i].type, e->arena);
        }
    }
}

static enum outcome outcome_of(const struct audit_entry *e)
{
    str conclusion = github_audit_text(e, HUB_CONCLUSION);

    if (str_contains(e->action, STR("rejected_ref_update")))
        return OUTCOME_DENIED;
    if (str_contains(e->action, STR("failed_login")) || str_contains(e->action, STR("_failure")))
        return OUTCOME_FAILURE;
    if (str_eq(conclusion, STR("failure")) || str_eq(conclusion, STR("timed_out")) ||
        str_eq(conclusion, STR("startup_failure")) || str_eq(conclusion, STR("cancelled")))
        return OUTCOME_FAILURE;
    return OUTCOME_SUCCESS;
}

static void change_words(const struct audit_entry *e, struct event *ev, const char *what, str from,
                         str to)
{
    if (str_empty(to) || !str_empty(ev->detail))
        return;
    if (str_empty(from))
        ev->detail = str_print(e->arena, "%s %.*s", what, STR_FMT(to));
    else
        ev->detail = str_print(e->arena, "%s %.*s to %.*s", what, STR_FMT(from), STR_FMT(to));
}

static void map_detail(const struct audit_entry *e, struct event *ev)
{
    change_words(e, ev, "visibility", github_audit_text(e, HUB_OLD_VISIBILITY),
                 github_audit_text(e, HUB_VISIBILITY));
    change_words(e, ev, "permission",
                 str_or(github_audit_text(e, HUB_OLD_PERMISSION),
                        github_audit_text(e, HUB_OLD_REPO_PERMISSION)),
                 str_or(github_audit_text(e, HUB_PERMISSION),
                        github_audit_text(e, HUB_NEW_REPO_PERMISSION)));
    change_words(e, ev, "branch", STR_NONE, github_audit_text(e, HUB_BRANCH));
    if (str_starts(e->action, STR("protected_branch.")) ||
        str_starts(e->action, STR("repository_ruleset.")))
        change_words(e, ev, "rule", STR_NONE, github_audit_text(e, HUB_NAME));
    if (str_starts(e->action, STR("workflows.")))
        change_words(e, ev, "workflow", STR_NONE, github_audit_text(e, HUB_NAME));
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct audit_entry e = {.f = rec->fields, .arena = m->arena};
    struct event ev = event_new();
    str stamp = github_audit_text(&e, HUB_TIME), created = github_audit_text(&e, HUB_CREATED);

    e.action = github_audit_text(&e, HUB_ACTION);
    if (str_empty(e.action))
        return MAP_FOREIGN;
    if (str_empty(stamp) && str_empty(created)) {
        m->why = "neither '@timestamp' nor 'created_at' is there";
        return MAP_REJECT;
    }
    if (!event_set_time(&ev, str_or(stamp, created))) {
        m->why = "'@timestamp' or 'created_at' cannot be read as a time";
        return MAP_REJECT;
    }
    e.repo = str_or(github_audit_text(&e, HUB_REPO), github_audit_text(&e, HUB_REPOSITORY));
    e.team = github_audit_text(&e, HUB_TEAM);
    e.user = github_audit_text(&e, HUB_USER);
    ev.service = STR("github");
    ev.action = e.action;
    ev.account = str_or(github_audit_text(&e, HUB_ORG), github_audit_text(&e, HUB_BUSINESS));
    ev.place = e.repo;
    ev.source_ip = github_audit_text(&e, HUB_ACTOR_IP);
    ev.user_agent = github_audit_text(&e, HUB_AGENT);
    ev.native_id = github_audit_text(&e, HUB_DOCUMENT);
    ev.request = github_audit_text(&e, HUB_REQUEST);
    ev.label = github_audit_text(&e, HUB_ENVIRONMENT);
    map_actor(&e, &ev);
    map_resources(&e, &ev);
    ev.channel = channel_of(&e, &ev);
    ev.verb = github_audit_verb(&e);
    ev.outcome = outcome_of(&e);
    github_audit_grants(&e, &ev);
    github_audit_delivery(&e, &ev);
    map_detail(&e, &ev);
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_github_audit = {
    .name = "github-audit",
    .title = "GitHub audit log",
    .reads = "the audit log of an organization or enterprise: web export, REST API, streamed files",
    .shape = SHAPE_JSON,
    /* Approvals of jobs are in here, reviews are not: alone it cannot say that an approval is
       missing. */
    .gives = GIVES_PLATFORM_AUDIT,
    .is_continuous = true,
    .paths = paths,
    .npaths = HUB_FIELD_COUNT,
    .probe = probe,
    .map = map,
};
