/*
 * github_audit: what the parts of the GitHub audit adapter tell each other. Format:
 * ../shared/formats-cloud.md 9.
 */
#ifndef SOURCES_GITHUB_AUDIT_H
#define SOURCES_GITHUB_AUDIT_H

#include "sources/source.h"

/* Members of an entry. Each is looked for at the top and, for older exports, under "data". X(slot,
 * name) */
#define HUB_FIELDS(X)                                                                              \
    X(HUB_ACTION, "action")                                                                        \
    X(HUB_TIME, "@timestamp")                                                                      \
    X(HUB_CREATED, "created_at")                                                                   \
    X(HUB_DOCUMENT, "_document_id")                                                                \
    X(HUB_ACTOR, "actor")                                                                          \
    X(HUB_ACTOR_ID, "actor_id")                                                                    \
    X(HUB_ACTOR_IS_BOT, "actor_is_bot")                                                            \
    X(HUB_ACTOR_IP, "actor_ip")                                                                    \
    X(HUB_PERSON, "external_identity_nameid")                                                      \
    X(HUB_USER, "user")                                                                            \
    X(HUB_ORG, "org")                                                                              \
    X(HUB_BUSINESS, "business")                                                                    \
    X(HUB_REPO, "repo")                                                                            \
    X(HUB_REPOSITORY, "repository")                                                                \
    X(HUB_TEAM, "team")                                                                            \
    X(HUB_OPERATION, "operation_type")                                                             \
    X(HUB_AGENT, "user_agent")                                                                     \
    X(HUB_ACCESS, "programmatic_access_type")                                                      \
    X(HUB_TOKEN, "token_id")                                                                       \
    X(HUB_PROTOCOL, "transport_protocol_name")                                                     \
    X(HUB_INTEGRATION, "integration")                                                              \
    X(HUB_OAUTH, "oauth_application_name")                                                         \
    X(HUB_PERMISSION, "permission")                                                                \
    X(HUB_OLD_PERMISSION, "old_permission")                                                        \
    X(HUB_NEW_REPO_PERMISSION, "new_repo_permission")                                              \
    X(HUB_OLD_REPO_PERMISSION, "old_repo_permission")                                              \
    X(HUB_ROLE, "role_name")                                                                       \
    X(HUB_VISIBILITY, "visibility")                                                                \
    X(HUB_OLD_VISIBILITY, "previous_visibility")                                                   \
    X(HUB_NAME, "name")                                                                            \
    X(HUB_TITLE, "title")                                                                          \
    X(HUB_READ_ONLY, "read_only")                                                                  \
    X(HUB_BRANCH, "branch")                                                                        \
    X(HUB_AFTER, "after")                                                                          \
    X(HUB_CODES, "overridden_codes")                                                               \
    X(HUB_ENVIRONMENT, "environment_name")                                                         \
    X(HUB_RUN, "workflow_run_id")                                                                  \
    X(HUB_ATTEMPT, "run_attempt")                                                                  \
    X(HUB_CONCLUSION, "conclusion")                                                                \
    X(HUB_TRIGGER, "event")                                                                        \
    X(HUB_HEAD, "head_sha")                                                                        \
    X(HUB_HEAD_BRANCH, "head_branch")                                                              \
    X(HUB_STARTED, "started_at")                                                                   \
    X(HUB_COMPLETED, "completed_at")                                                               \
    X(HUB_PULL_URL, "pull_request_url")                                                            \
    X(HUB_PULL_TITLE, "pull_request_title")                                                        \
    X(HUB_REQUEST, "request_id")

#define HUB_SLOT(slot, name) slot,
enum audit_slot { HUB_FIELDS(HUB_SLOT) HUB_COUNT };
#undef HUB_SLOT

enum { HUB_FIELD_COUNT = 2 * HUB_COUNT }; /* at the top, then under "data" */

struct audit_entry {
    const struct field *f;
    struct arena *arena;
    str action, repo, team, user;
};

/* A member's text, from whichever place has it. Lists give their first element. */
str github_audit_text(const struct audit_entry *e, enum audit_slot slot);
bool github_audit_truth(const struct audit_entry *e, enum audit_slot slot);

enum verb github_audit_verb(const struct audit_entry *e);
/* Permissions given and taken, visibility, keys, apps. */
void github_audit_grants(const struct audit_entry *e, struct event *ev);
/* Runs, their approvals, pull requests. */
void github_audit_delivery(const struct audit_entry *e, struct event *ev);

#endif
