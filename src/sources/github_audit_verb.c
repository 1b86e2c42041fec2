/*
 * gitgithub_audit_verb: what kind of act an audit log action is. Actions read "category.operation";
 * there are hundreds and new ones every month, so a few that matter are named, the operation's
 * first word decides most others, and operation_type the rest.
 */
#include "github_audit.h"

struct rule {
    const char *pattern; /* over the whole action */
    enum verb verb;
};

static const struct rule rules[] = {
    {"*.policy_override", VERB_OVERRIDE},
    {"*.bypass", VERB_OVERRIDE},
    {"workflows.approve_workflow_job", VERB_APPROVE},
    {"workflows.reject_workflow_job", VERB_REJECT},
    {"workflows.created_workflow_run", VERB_EXECUTE},
    {"workflows.completed_workflow_run", VERB_EXECUTE},
    {"workflows.prepared_workflow_job", VERB_EXECUTE},
    {"workflows.rerun_workflow_run", VERB_EXECUTE},
    {"git.push", VERB_UPDATE},
    {"git.clone", VERB_READ},
    {"git.fetch", VERB_READ},
    {"user.login", VERB_LOGIN},
    {"user.failed_login", VERB_LOGIN},
    {"user.logout", VERB_LOGOUT},
    {"*.sso_response", VERB_LOGIN},
    {"*_export", VERB_EXPORT},
    {"*.add_member", VERB_GRANT},
    {"*.update_member", VERB_GRANT},
    {"*.remove_member", VERB_REVOKE},
    {"*.add_outside_collaborator", VERB_GRANT},
    {"*.remove_outside_collaborator", VERB_REVOKE},
    {"*.add_admin", VERB_GRANT},
    {"*.remove_admin", VERB_REVOKE},
    {"*.add_billing_manager", VERB_GRANT},
    {"*.remove_billing_manager", VERB_REVOKE},
    {"team.add_repository", VERB_GRANT},
    {"team.update_repository_permission", VERB_GRANT},
    {"team.remove_repository", VERB_REVOKE},
    {"organization_role.assign", VERB_GRANT},
    {"organization_role.revoke", VERB_REVOKE},
    {"*_approved", VERB_GRANT},
    {"*_denied", VERB_REVOKE},
    {"personal_access_token.access_granted", VERB_GRANT},
    {"personal_access_token.access_revoked", VERB_REVOKE},
    {"integration_installation.create", VERB_GRANT},
    {"integration_installation.destroy", VERB_REVOKE},
    {"integration_installation.repositories_added", VERB_GRANT},
    {"integration_installation.repositories_removed", VERB_REVOKE},
    {"repo.access", VERB_UPDATE}, /* its visibility */
    {"protected_branch.rejected_ref_update", VERB_UPDATE},
    {"protected_branch.destroy", VERB_DELETE},
    {"protected_branch.*", VERB_CONFIG},
    {"repository_ruleset.destroy", VERB_DELETE},
    {"repository_ruleset.*", VERB_CONFIG},
    {"*.enable*", VERB_CONFIG},
    {"*.disable*", VERB_CONFIG},
    {"*_enabled", VERB_CONFIG},
    {"*_disabled", VERB_CONFIG},
    {"*_settings", VERB_CONFIG},
    {"org.set_*", VERB_CONFIG},
    {"repo.set_*", VERB_CONFIG},
    {"audit_log_streaming.destroy", VERB_DELETE},
    {"audit_log_streaming.*", VERB_CONFIG},
};

static const struct rule operations[] = {
    {"create*", VERB_CREATE},  {"add*", VERB_CREATE},      {"import*", VERB_CREATE},
    {"publish*", VERB_CREATE}, {"delete*", VERB_DELETE},   {"destroy*", VERB_DELETE},
    {"remove*", VERB_DELETE},  {"update*", VERB_UPDATE},   {"rename*", VERB_UPDATE},
    {"change*", VERB_UPDATE},  {"transfer*", VERB_UPDATE}, {"merge*", VERB_UPDATE},
    {"cancel*", VERB_UPDATE},  {"set*", VERB_UPDATE},      {"restore*", VERB_CREATE},
};

static const struct rule types[] = {
    {"create", VERB_CREATE},  {"modify", VERB_UPDATE},   {"remove", VERB_DELETE},
    {"access", VERB_READ},    {"transfer", VERB_UPDATE}, {"authentication", VERB_LOGIN},
    {"restore", VERB_CREATE},
};

static bool find(const struct rule *list, size_t count, str text, enum verb *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_glob(str_from(list[i].pattern), text)) {
            *out = list[i].verb;
            return true;
        }
    }
    return false;
}

enum verb github_audit_verb(const struct audit_entry *e)
{
    size_t dot = str_find_last(e->action, '.');
    str operation = dot == SIZE_MAX ? e->action : str_part(e->action, dot + 1, e->action.len);
    enum verb verb;

    if (find(rules, sizeof rules / sizeof *rules, e->action, &verb) ||
        find(operations, sizeof operations / sizeof *operations, operation, &verb) ||
        find(types, sizeof types / sizeof *types, github_audit_text(e, HUB_OPERATION), &verb))
        return verb;
    return VERB_UNKNOWN;
}
