/*
 * aws_condition: what the conditions of a policy statement restrict.
 *
 * A condition pins only when it must hold: not with ...IfExists or ForAllValues (true when the key
 * is missing), not when negated, not with a value that fits everything.
 */
#include "aws_policy.h"

#include "base/buf.h"

enum { TEXT_MOST = 160 };

static bool is_one_of(str s, const char *const *names)
{
    for (; *names; names++)
        if (str_eq_nocase(s, str_from(*names)))
            return true;
    return false;
}

static bool is_pinning_operator(str op)
{
    static const char *const pinning[] = {
        "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress",
        NULL,
    };

    if (str_starts_nocase(op, STR("ForAnyValue:")))
        op = str_part(op, sizeof "ForAnyValue:" - 1, op.len);
    return is_one_of(op, pinning);
}

static bool is_pinning_key(str key)
{
    static const char *const pinning[] = {
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:SourceAccount",
        "aws:SourceOwner",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:SourceIp",
        "aws:VpcSourceIp",
        "aws:userid",
        "kms:CallerAccount",
        "s3:DataAccessPointAccount",
        "s3:DataAccessPointArn",
        "lambda:EventSourceToken",
        NULL,
    };

    return is_one_of(key, pinning);
}

/* "*", "0.0.0.0/0", "arn:aws:iam::*:role/x": no account is named, anybody can make one that fits.
 */
static bool fits_everything(str value)
{
    str rest = value, account = STR_NONE, resource;

    if (str_empty(value) || str_eq(value, STR("*")) || str_eq(value, STR("0.0.0.0/0")) ||
        str_eq(value, STR("::/0")))
        return true;
    /* A subject without its second part: "repo:*" */
    if (!str_starts(value, STR("arn:")))
        return str_ends(value, STR(":*")) && str_find_char(value, ':') == value.len - 2;
    for (int i = 0; i < 5; i++)
        account = str_cut(&rest, ':');
    resource = rest;
    return str_eq(account, STR("*")) || (str_empty(account) && str_eq(resource, STR("*")));
}

struct aws_pin aws_condition_pin(const json_t *condition)
{
    struct aws_pin pin = {0};
    const char *op, *key;
    json_t *keys, *values;

    json_object_foreach (json_open(condition), op, keys) {
        if (!is_pinning_operator(str_from(op)))
            continue;
        json_object_foreach (keys, key, values) {
            bool is_wide = false;
            str each = STR_NONE;

            if (!is_pinning_key(str_from(key)))
                continue;
            for (size_t i = 0; aws_policy_value(values, i, &each); i++)
                is_wide = is_wide || fits_everything(each);
            if (is_wide || (json_is_array(values) && json_array_size(values) == 0))
                continue;
            pin.is_pinned = true;
            if (str_contains_nocase(str_from(key), STR("Account")) &&
                aws_policy_value(values, 0, &each))
                pin.account = each;
        }
    }
    return pin;
}

/* aws:PrincipalOrgID=o-1, ... */
str aws_condition_text(const json_t *condition, struct arena *a)
{
    struct buf b = {0};
    const char *op, *key;
    json_t *keys, *values;
    str out;

    if (!json_is_object(condition))
        return STR_NONE;
    json_object_foreach (json_open(condition), op, keys) {
        json_object_foreach (keys, key, values) {
            bool is_negated = str_contains_nocase(str_from(op), STR("Not"));

            if (b.len >= TEXT_MOST)
                continue;
            buf_print(&b, "%s%s%s", b.len ? ", " : "", key, is_negated ? "!=" : "=");
            buf_add(&b, json_is_string(values) || json_is_array(values)
                            ? aws_policy_values(values, a)
                            : json_text(values, a));
        }
    }
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return str_empty(out) ? STR_NONE : out;
}

/* Tokens of a shared identity provider that nothing ties to a subject: every customer of that
 * provider fits. */
bool aws_condition_has_subject(const json_t *condition)
{
    const char *op, *key;
    json_t *keys, *values;

    json_object_foreach (json_open(condition), op, keys) {
        json_object_foreach (keys, key, values) {
            str k = str_from(key), each = STR_NONE;

            if ((str_ends(k, STR(":sub")) || str_ends(k, STR(":oaud")) ||
                 str_ends(k, STR(":amr")) || str_ends(k, STR(":repository")) ||
                 str_ends(k, STR(":namespace_path"))) &&
                aws_policy_value(values, 0, &each) && !fits_everything(each))
                return true;
        }
    }
    return false;
}
