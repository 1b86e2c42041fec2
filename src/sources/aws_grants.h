/*
 * aws_grants: how the parts that find grants make them. A call that gives permissions is one of
 * three: it attaches something by name, it shares by parts (aws_sharing.c), or it carries a policy
 * document (aws_policy.c).
 */
#ifndef SOURCES_AWS_GRANTS_H
#define SOURCES_AWS_GRANTS_H

#include "aws.h"

struct aws_giver {
    const struct aws_call *call;
    const json_t *request; /* requestParameters */
    struct grant **tail;   /* the next grant goes here */
    str summary;           /* a few words for the reader: of the first grant */
};

/* A member of the request as text in the arena. */
str aws_asked(const struct aws_giver *m, const char *key);
struct grant *aws_give(struct aws_giver *m, str grantee, const char *grantee_type, str permission,
                       str scope, bool is_removal);
/* To a principal as AWS writes it: it tells by itself whether it is the public or somebody else's.
 */
struct grant *aws_give_principal(struct aws_giver *m, str principal, str permission, str scope,
                                 bool is_removal);

/* Calls that share by parts; NULL when the call is none of them. */
typedef void aws_sharing(struct aws_giver *m);
aws_sharing *aws_sharing_find(str name);
/* Access lists of buckets and objects. */
void aws_sharing_acl(struct aws_giver *m);

#endif
