/*
 * aws: what the parts of the CloudTrail adapter tell each other. One record is read into the fields
 * below; the helpers look at them and fill in their share of the event. Format:
 * ../shared/formats-cloud.md 3, 4, 15, 16.
 */
#ifndef SOURCES_AWS_H
#define SOURCES_AWS_H

#include "sources/source.h"

/* The fields of a record, in the order in which they are read. X(slot, path) */
#define AWS_FIELDS(X)                                                                              \
    X(AWS_VERSION, "/eventVersion")                                                                \
    X(AWS_TIME, "/eventTime")                                                                      \
    X(AWS_SOURCE, "/eventSource")                                                                  \
    X(AWS_NAME, "/eventName")                                                                      \
    X(AWS_REGION, "/awsRegion")                                                                    \
    X(AWS_IP, "/sourceIPAddress")                                                                  \
    X(AWS_AGENT, "/userAgent")                                                                     \
    X(AWS_ERROR, "/errorCode")                                                                     \
    X(AWS_ERROR_TEXT, "/errorMessage")                                                             \
    X(AWS_REQUEST_ID, "/requestID")                                                                \
    X(AWS_EVENT_ID, "/eventID")                                                                    \
    X(AWS_READ_ONLY, "/readOnly")                                                                  \
    X(AWS_TYPE, "/eventType")                                                                      \
    X(AWS_RECIPIENT, "/recipientAccountId")                                                        \
    X(AWS_FROM_CONSOLE, "/sessionCredentialFromConsole")                                           \
    X(AWS_REQUEST, "/requestParameters")                                                           \
    X(AWS_REQUEST_OMITTED, "/requestParameters/omitted")                                           \
    X(AWS_RESPONSE, "/responseElements")                                                           \
    X(AWS_RESPONSE_OMITTED, "/responseElements/omitted")                                           \
    X(AWS_RESOURCES, "/resources")                                                                 \
    X(AWS_MORE, "/additionalEventData")                                                            \
    X(AWS_SERVICE_DETAILS, "/serviceEventDetails")                                                 \
    X(AWS_ADDENDUM, "/addendum")                                                                   \
    X(AWS_ID_TYPE, "/userIdentity/type")                                                           \
    X(AWS_ID_PRINCIPAL, "/userIdentity/principalId")                                               \
    X(AWS_ID_ARN, "/userIdentity/arn")                                                             \
    X(AWS_ID_ACCOUNT, "/userIdentity/accountId")                                                   \
    X(AWS_ID_KEY, "/userIdentity/accessKeyId")                                                     \
    X(AWS_ID_USER, "/userIdentity/userName")                                                       \
    X(AWS_ID_INVOKED_BY, "/userIdentity/invokedBy")                                                \
    X(AWS_ID_DELEGATE, "/userIdentity/invokedByDelegate/accountId")                                \
    X(AWS_ID_CREDENTIAL, "/userIdentity/credentialId")                                             \
    X(AWS_ID_PROVIDER, "/userIdentity/identityProvider")                                           \
    X(AWS_ID_BEHALF, "/userIdentity/onBehalfOf/userId")                                            \
    X(AWS_ISSUER_ARN, "/userIdentity/sessionContext/sessionIssuer/arn")                            \
    X(AWS_ISSUER_USER, "/userIdentity/sessionContext/sessionIssuer/userName")                      \
    X(AWS_MFA, "/userIdentity/sessionContext/attributes/mfaAuthenticated")                         \
    X(AWS_SOURCE_IDENTITY, "/userIdentity/sessionContext/sourceIdentity")                          \
    X(AWS_FEDERATED, "/userIdentity/sessionContext/webIdFederationData/federatedProvider")         \
    X(AWS_EC2_ROLE, "/userIdentity/sessionContext/ec2RoleDelivery")                                \
    X(AWS_ASSUMED_ROOT, "/userIdentity/sessionContext/assumedRoot")                                \
    /* records that are no plain event, or that carry one inside */                                \
    X(AWS_INSIGHT, "/insightDetails")                                                              \
    X(AWS_DIGEST_START, "/digestStartTime")                                                        \
    X(AWS_LOG_FILES, "/logFiles")                                                                  \
    X(AWS_LOOKUP_EVENT, "/CloudTrailEvent")                                                        \
    X(AWS_LOOKUP_RESOURCES, "/Resources")                                                          \
    X(AWS_DETAIL, "/detail")                                                                       \
    X(AWS_MESSAGE, "/message")                                                                     \
    X(AWS_SHIPPED_TIME, "/@timestamp")

#define AWS_SLOT(slot, path) slot,
enum aws_slot { AWS_FIELDS(AWS_SLOT) AWS_FIELD_COUNT };
#undef AWS_SLOT

/* One API call or service event while it is being mapped. */
struct aws_call {
    const struct field *f; /* by enum aws_slot */
    struct arena *arena;
    struct issues *notes;
    str service;           /* "ec2.amazonaws.com" */
    str name;              /* "UpdateFunctionCode": without the API date */
    str account;           /* the account reported for */
    bool is_service_event; /* the platform acted by itself */
};

static inline str aws_text(const struct aws_call *c, enum aws_slot slot)
{
    return field_text(c->f[slot], c->arena);
}

/* Who acted, on whose behalf, with which credential: actor, actor_id, actor_type, via, session,
 * credential, mfa, run. */
void aws_identity(const struct aws_call *c, struct event *ev);
/* The id of an HCP Terraform run inside a session's name or a user agent; absent when there is
 * none. */
str aws_run_in(str text);
/* Sign-ins: their MFA statement stands elsewhere. Called after aws_identity. */
void aws_sign_in(const struct aws_call *c, struct event *ev);

/* What was acted on: resource, resource_type, more_resources. */
void aws_resources(const struct aws_call *c, struct event *ev);

/* "DescribeInstances" and what the record says of itself. */
enum verb aws_verb(str service, str name, struct field read_only, bool is_service_event);

/* Facts of a write: grants, exposures, detail. They parse the request; call them for writes only.
 */
void aws_grants(const struct aws_call *c, struct event *ev);
void aws_exposures(const struct aws_call *c, struct event *ev);
void aws_notable(const struct aws_call *c, struct event *ev);
/* A role that was taken on: the session it made, and what that follows from. */
void aws_session(const struct aws_call *c, struct event *ev);

/* --- policy documents ------------------------------------------------------------------------- */

/* What a document is attached to. */
struct aws_policy_use {
    str grantee,
        grantee_type; /* of an identity policy; absent: the document names its principals */
    str permission;   /* the policy's name; absent: the actions of each statement */
    str scope;        /* what it stands on; absent: the resources of each statement */
    str account;      /* whose resource it is: other accounts are external */
    bool is_removal;
};

/* Appends the grants a document makes to *tail and returns the new tail. `summary` gets a few words
 * for the reader when it is empty. A document that grants nothing (only Deny) adds nothing. */
struct grant **aws_policy_grants(const json_t *document, const struct aws_policy_use *use,
                                 struct arena *a, struct grant **tail, str *summary);

/* Is a principal as written in a policy ("arn:aws:iam::1:root", "1", "*") outside of `account`? */
bool aws_is_external(str principal, str account);
str aws_principal_type(str principal, str account);

#endif
