/*
 * event: who did what, to what, where and when, by which means, did it succeed, and where is the
 * proof.
 *
 * What an adapter hands over for one record: plain values, all text borrowed from the record or its
 * arena. Nothing is guessed: what the record does not say stays absent. Field names are those of
 * the database views, `events --format jsonl`, query files and workbooks (../shared/design.md 2).
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "base/arena.h"
#include "base/instant.h"

/* Each list is the one place where a value is named: X(constant, name in data). */
#define ACTOR_TYPES(X)                                                                             \
    X(ACTOR_UNKNOWN, "unknown")                                                                    \
    X(ACTOR_HUMAN, "human")                                                                        \
    X(ACTOR_SERVICE, "service")       /* an identity of a workload or of a cloud service */        \
    X(ACTOR_AUTOMATION, "automation") /* a pipeline; set by the automation register too */         \
    X(ACTOR_ROOT, "root")                                                                          \
    X(ACTOR_PROVIDER, "provider") /* the platform acted by itself */                               \
    X(ACTOR_ANONYMOUS, "anonymous")

#define VERBS(X)                                                                                   \
    X(VERB_UNKNOWN, "unknown")                                                                     \
    X(VERB_READ, "read")                                                                           \
    X(VERB_LIST, "list")                                                                           \
    X(VERB_CREATE, "create")                                                                       \
    X(VERB_UPDATE, "update")                                                                       \
    X(VERB_DELETE, "delete")                                                                       \
    X(VERB_GRANT, "grant")                                                                         \
    X(VERB_REVOKE, "revoke")                                                                       \
    X(VERB_LOGIN, "login")                                                                         \
    X(VERB_LOGOUT, "logout")                                                                       \
    X(VERB_EXECUTE, "execute")                                                                     \
    X(VERB_APPROVE, "approve")                                                                     \
    X(VERB_REJECT, "reject")                                                                       \
    X(VERB_OVERRIDE, "override")                                                                   \
    X(VERB_APPLY, "apply")                                                                         \
    X(VERB_PLAN, "plan")                                                                           \
    X(VERB_EXPORT, "export")                                                                       \
    X(VERB_CONFIG, "config") /* settings of a platform, a pipeline, a log */

#define CHANNELS(X)                                                                                \
    X(CHANNEL_UNKNOWN, "unknown")                                                                  \
    X(CHANNEL_CONSOLE, "console")                                                                  \
    X(CHANNEL_CLI, "cli")                                                                          \
    X(CHANNEL_SDK, "sdk")                                                                          \
    X(CHANNEL_IAC, "iac")                                                                          \
    X(CHANNEL_CI, "ci")                                                                            \
    X(CHANNEL_GATEWAY, "gateway")                                                                  \
    X(CHANNEL_PROVIDER, "provider")

#define OUTCOMES(X)                                                                                \
    X(OUTCOME_UNKNOWN, "unknown")                                                                  \
    X(OUTCOME_SUCCESS, "success")                                                                  \
    X(OUTCOME_FAILURE, "failure")                                                                  \
    X(OUTCOME_DENIED, "denied")                                                                    \
    X(OUTCOME_THROTTLED, "throttled")                                                              \
    X(OUTCOME_PENDING, "pending")

#define MFA_STATES(X)                                                                              \
    X(MFA_UNKNOWN, "unknown")                                                                      \
    X(MFA_YES, "yes")                                                                              \
    X(MFA_NO, "no")                                                                                \
    X(MFA_ASSERTED, "asserted") /* an identity provider vouches; the log cannot know */

#define ENUM_CONSTANT(constant, name) constant,
enum actor_type { ACTOR_TYPES(ENUM_CONSTANT) };
enum verb { VERBS(ENUM_CONSTANT) };
enum channel { CHANNELS(ENUM_CONSTANT) };
enum outcome { OUTCOMES(ENUM_CONSTANT) };
enum mfa { MFA_STATES(ENUM_CONSTANT) };

const char *channel_name(enum channel c);
bool verb_find(str name, enum verb *out);
bool outcome_find(str name, enum outcome *out);
/* Does an event with this verb alter something? (not read, list, login, logout, plan, export,
 * unknown) */
bool verb_is_write(enum verb v);

/* Where the proof is. Offsets are in the decompressed stream of the file. */
struct evidence {
    uint64_t record; /* 0-based number of the record in its file */
    uint64_t offset;
    uint64_t length;
};

/* A further resource of the same act; the first stands in the event itself. */
struct resource_ref {
    str id;
    str type;
    struct resource_ref *next;
};

/* Who gets which permission on what. One call may carry many (catalogue 2: Grant). */
struct grant {
    bool is_removal;
    str grantee;      /* ARN, member, login; "*" for everyone */
    str grantee_type; /* human service group external public unknown */
    str permission;   /* role or policy as named by the platform */
    str scope;        /* what it is granted on */
    bool is_admin;    /* by the adapter: the document itself says so (Action "*" on "*") */
    bool is_public;   /* everyone, no condition that pins */
    bool is_external; /* another account, tenant or domain than the event's own */
    str condition;    /* short text of what restricts it */
    struct grant *next;
};

/* A network opening or closing: one row per range and port span. */
struct exposure {
    bool is_removal;
    bool is_egress;
    bool is_deny;
    str range;                  /* CIDR, or the platform's word for everyone */
    str protocol;               /* tcp udp icmp all, or the number */
    int32_t port_from, port_to; /* -1 to -1: all ports */
    str target;                 /* security group, firewall, NACL */
    struct exposure *next;
};

/*
 * An observation of a change: one attempt to alter an environment through a pipeline or IaC
 * platform. Several records may speak of one change (run created, confirmed, applied); they share
 * `tool` and `key` and are merged by the store when facts are derived, field by field: the latest
 * observation that says it wins, the earliest for t_created. Absent fields say nothing.
 */
struct change {
    str tool;      /* hcp-terraform, github-actions, terraform ... */
    str key;       /* run id; unique within the tool */
    str workspace; /* workspace, stack, repository + workflow */
    str kind;      /* apply destroy import refresh-only deploy plan-only */
    str result;    /* applied failed partial discarded cancelled plan-only no-op pending */
    str created_by, applied_by; /* names as the tool gives them */
    str created_by_id, applied_by_id;
    struct instant t_created, t_planned, t_start, t_end;
    str commit;
    str change_request; /* "owner/repo#12" */
    str config;         /* configuration version: joins a run to its commit */
    str branch, trigger, message, url;
    int64_t adds, changes, destroys; /* -1: not said */
    int8_t auto_apply;               /* -1 not said, 0, 1 */
    struct change *next;
};

/* A decision on an object, by someone, at a time (catalogue 2: Approval). */
struct approval {
    str decision;    /* approve reject dismiss override force bypass revoke comment */
    str object_type; /* change_request run commit session ticket */
    str object;      /* "owner/repo#12", run id, ... */
    str by, by_id;
    bool by_bot;
    str commit; /* the content that was approved */
    struct instant when;
    struct approval *next;
};

/* A change request (pull or merge request) as observed. Merged like struct change. */
struct change_request {
    str key; /* "owner/repo#12" */
    str repo, branch, base;
    str title, author, author_id, merged_by, merged_by_id;
    str head_commit, merge_commit;
    struct instant t_created, t_merged, t_closed;
    struct change_request *next;
};

/* A commit as the repository tells it; everything in it is written by its author. */
struct commit {
    str id;
    str repo;
    str parents; /* ids, separated by spaces */
    str author, author_email, committer, committer_email;
    struct instant when; /* commit time */
    str change_request;  /* "#12" from subject or trailer: a probable link */
    str reverts;         /* id of the commit that this one reverts */
    str subject;
    struct commit *next;
};

/* "From this id follows that one", said by the record itself: configuration version -> commit ...
 * Configurations may chain. */
struct fact_link {
    str from_type, from, to_type,
        to;   /* types: run config commit change_request ticket session state;
                 user -> user_name and workspace -> workspace_name say how an id is called */
    str rule; /* which rule of formats-iac 18 made it */
    bool is_probable;
    struct fact_link *next;
};

/* One resource held by a state snapshot. Attribute values are never kept (formats-iac 20). */
struct snapshot_resource {
    str address, type, cloud_id, arn, provider, mode, status;
    str digest; /* hex digits over the attributes' JSON: tells "changed", never the value */
    struct snapshot_resource *next;
};

struct snapshot {
    str format; /* terraform-4, terraform-json ... */
    str lineage;
    int64_t serial; /* -1: none */
    str tool_version;
    struct instant when; /* only where the format has a time */
    struct snapshot_resource *resources;
};

/* What makes several records one act (GCP operation first/last, ...): same key, merged by part
 * order. */
struct fold {
    str key;      /* absent: this event stands alone */
    uint8_t part; /* 0 first, 1 middle, 2 last: time and actor from the lowest part that
                     has them, outcome and error from the highest */
};

struct event {
    struct instant time;
    str time_text; /* as found, when it is not plain RFC 3339 UTC */
    /* who */
    str actor, actor_id;
    enum actor_type actor_type;
    str via;        /* chain of roles and impersonators, " > " between */
    str session;    /* role session name, source identity, sign-in session */
    str credential; /* id of key or token, never the secret */
    enum mfa mfa;
    /* what */
    str service, action;
    enum verb verb;
    str resource, resource_type;
    struct resource_ref *more_resources;
    /* where */
    str account; /* account, project, subscription, organization */
    str region;
    str place; /* workspace, cluster, repository: the level below the account */
    str label; /* environment named by the record itself (deployment environment) */
    str source_ip, user_agent;
    enum channel channel;
    /* how it ended */
    enum outcome outcome;
    str error; /* code, or short text where there is no code */
    str error_text;
    /* what it belongs to */
    str run, commit, change_request, ticket, request;
    /* a few words for the reader of a report: "tcp 22 from 0.0.0.0/0"; never secrets */
    str detail;
    /* identity of the record */
    str native_id; /* the platform's own record id, shown */
    str dedupe;    /* what makes it unique within the source; absent: native_id; that
                      absent too: the record's bytes */
    struct fold fold;
    bool is_omitted; /* the source cut its content (CloudTrail "omitted") */
    /* facts that hang off it */
    struct grant *grants;
    struct exposure *exposures;
    struct change *changes;
    struct approval *approvals;
    struct change_request *change_requests;
    struct commit *commits;
    struct fact_link *links;
    struct snapshot *snapshot;
    bool is_fact_only; /* no act of its own: a state snapshot, a pull request as listed; the
                          facts are kept with their evidence, no event row is made */
};

#endif
