/*
 * aws_policy: what the readers of policy documents share (aws_policy.c, aws_condition.c).
 */
#ifndef SOURCES_AWS_POLICY_H
#define SOURCES_AWS_POLICY_H

#include "aws.h"

/* Policies write one value where others write a list: the i-th text of either; false behind the
 * last. */
bool aws_policy_value(const json_t *v, size_t i, str *out);
/* "a, b (+3)" */
str aws_policy_values(const json_t *v, struct arena *a);

/* Does a condition keep strangers out? */
struct aws_pin {
    bool is_pinned;
    str account; /* the account it is pinned to, where it names one; borrowed */
};
struct aws_pin aws_condition_pin(const json_t *condition);
/* Does it tie the tokens of an identity provider to a subject? */
bool aws_condition_has_subject(const json_t *condition);
/* "aws:PrincipalOrgID=o-1, ..." */
str aws_condition_text(const json_t *condition, struct arena *a);

#endif
