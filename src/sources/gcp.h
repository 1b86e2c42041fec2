/*
 * gcp: what the parts of the Google Cloud adapter tell each other. Format:
 * ../shared/formats-cloud.md 7, 15, 16.
 */
#ifndef SOURCES_GCP_H
#define SOURCES_GCP_H

#include "sources/source.h"

/* The fields of a log entry, in the order in which they are read. X(slot, path) */
#define GCP_FIELDS(X)                                                                              \
    X(GCP_LOG, "/logName")                                                                         \
    X(GCP_TIME, "/timestamp")                                                                      \
    X(GCP_RECEIVED, "/receiveTimestamp")                                                           \
    X(GCP_INSERT_ID, "/insertId")                                                                  \
    X(GCP_RESOURCE_TYPE, "/resource/type")                                                         \
    X(GCP_PROJECT, "/resource/labels/project_id")                                                  \
    X(GCP_LOCATION, "/resource/labels/location")                                                   \
    X(GCP_REGION, "/resource/labels/region")                                                       \
    X(GCP_ZONE, "/resource/labels/zone")                                                           \
    X(GCP_CLUSTER, "/resource/labels/cluster_name")                                                \
    X(GCP_PAYLOAD, "/protoPayload")                                                                \
    X(GCP_SERVICE, "/protoPayload/serviceName")                                                    \
    X(GCP_METHOD, "/protoPayload/methodName")                                                      \
    X(GCP_RESOURCE, "/protoPayload/resourceName")                                                  \
    X(GCP_EMAIL, "/protoPayload/authenticationInfo/principalEmail")                                \
    X(GCP_SUBJECT, "/protoPayload/authenticationInfo/principalSubject")                            \
    X(GCP_KEY, "/protoPayload/authenticationInfo/serviceAccountKeyName")                           \
    X(GCP_DELEGATION, "/protoPayload/authenticationInfo/serviceAccountDelegationInfo")             \
    X(GCP_IP, "/protoPayload/requestMetadata/callerIp")                                            \
    X(GCP_AGENT, "/protoPayload/requestMetadata/callerSuppliedUserAgent")                          \
    X(GCP_CODE, "/protoPayload/status/code")                                                       \
    X(GCP_MESSAGE, "/protoPayload/status/message")                                                 \
    X(GCP_AUTHORIZATION, "/protoPayload/authorizationInfo")                                        \
    X(GCP_WHERE, "/protoPayload/resourceLocation/currentLocations/0")                              \
    X(GCP_REQUEST, "/protoPayload/request")                                                        \
    X(GCP_MADE, "/protoPayload/response/name")                                                     \
    X(GCP_SERVICE_DATA, "/protoPayload/serviceData")                                               \
    X(GCP_METADATA, "/protoPayload/metadata")                                                      \
    X(GCP_OPERATION, "/operation/id")                                                              \
    X(GCP_PRODUCER, "/operation/producer")                                                         \
    X(GCP_FIRST, "/operation/first")                                                               \
    X(GCP_LAST, "/operation/last")                                                                 \
    X(GCP_SPLIT, "/split/uid")                                                                     \
    X(GCP_SPLIT_INDEX, "/split/index")                                                             \
    X(GCP_DECISION, "/labels/authorization.k8s.io~1decision")                                      \
    /* entries that are no audit entries, and envelopes that carry one */                          \
    X(GCP_JSON, "/jsonPayload")                                                                    \
    X(GCP_TEXT, "/textPayload")                                                                    \
    X(GCP_BIGQUERY, "/protopayload_auditlog")                                                      \
    X(GCP_DATA, "/data")                                                                           \
    X(GCP_PUBSUB, "/message/data")

#define GCP_SLOT(slot, path) slot,
enum gcp_slot { GCP_FIELDS(GCP_SLOT) GCP_FIELD_COUNT };
#undef GCP_SLOT

/* Which of the audit logs an entry stands in. */
enum gcp_log {
    GCP_LOG_OTHER,
    GCP_LOG_ACTIVITY, /* writes of configuration */
    GCP_LOG_DATA,     /* reads, and writes of data */
    GCP_LOG_SYSTEM,   /* Google acted */
    GCP_LOG_POLICY,   /* refused by a perimeter or an organization policy */
};

struct gcp_entry {
    const struct field *f; /* by enum gcp_slot */
    struct arena *arena;
    struct issues *notes;
    enum gcp_log log;
    str service, method;
    str word; /* the method's last part: "insert", "SetIamPolicy" */
};

static inline str gcp_text(const struct gcp_entry *e, enum gcp_slot slot)
{
    return field_text(e->f[slot], e->arena);
}

enum verb gcp_verb(const struct gcp_entry *e);

/* Who acted: actor, actor_id, actor_type, via, credential. */
void gcp_identity(const struct gcp_entry *e, struct event *ev);

/* Facts of a write; they parse parts of the entry. */
void gcp_grants(const struct gcp_entry *e, struct event *ev);
void gcp_exposures(const struct gcp_entry *e, struct event *ev);
void gcp_notable(const struct gcp_entry *e, struct event *ev);
/* Sign-ins and account warnings of Cloud Identity: outcome, mfa, the affected account. */
void gcp_sign_in(const struct gcp_entry *e, struct event *ev);

#endif
