/*
 * aws_policy: what a policy document gives away.
 *
 * One grant per principal and statement of a resource or trust policy, one grant for a whole
 * identity policy (its statements say what, its holder is one). Only Allow grants. A statement is
 * public when anyone may use it: principal "*" (also {"AWS":"*"}, also NotPrincipal) and no
 * condition that pins the caller to an organization, an account, a network or a source.
 */
#include "aws_policy.h"

#include "base/ascii.h"
#include "base/buf.h"

enum { TEXT_MOST = 160 };

/* --- small readers ---------------------------------------------------------------------------- */

static str text_of(const json_t *v)
{
    return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

/* "x" or ["x","y"]: the i-th text; absent when there are no more. */
bool aws_policy_value(const json_t *v, size_t i, str *out)
{
    if (json_is_array(v)) {
        if (i >= json_array_size(v))
            return false;
        *out = text_of(json_array_get(v, i));
        return true;
    }
    *out = text_of(v);
    return i == 0 && json_is_string(v);
}

static bool has_value(const json_t *v, const char *const *wanted)
{
    str each;

    for (size_t i = 0; aws_policy_value(v, i, &each); i++)
        for (const char *const *w = wanted; *w; w++)
            if (str_eq_nocase(each, str_from(*w)))
                return true;
    return false;
}

/* "a, b (+3)" */
str aws_policy_values(const json_t *v, struct arena *a)
{
    struct buf b = {0};
    str each, out;
    size_t count = 0;

    for (; aws_policy_value(v, count, &each); count++) {
        if (count >= 2)
            continue;
        buf_addz(&b, count ? ", " : "");
        buf_add(&b, str_part(each, 0, TEXT_MOST));
    }
    if (count > 2)
        buf_print(&b, " (+%zu)", count - 2);
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

/* --- what a statement allows ------------------------------------------------------------------ */

/* Everything on everything, or everything of the services that hand out permissions. */
static bool is_admin(const json_t *statement)
{
    static const char *const all_actions[] = {"*", "*:*", "iam:*", "sts:*", "organizations:*",
                                              NULL};
    static const char *const everything[] = {"*", NULL};
    bool is_wide_action = has_value(json_member(statement, "Action"), all_actions) ||
                          json_member(statement, "NotAction");
    bool is_wide_resource = has_value(json_member(statement, "Resource"), everything) ||
                            json_member(statement, "NotResource");

    return is_wide_action && is_wide_resource;
}

static str actions_text(const json_t *statement, struct arena *a)
{
    const json_t *not_action = json_member(statement, "NotAction");

    if (not_action)
        return str_print(a, "all but %.*s", STR_FMT(aws_policy_values(not_action, a)));
    return aws_policy_values(json_member(statement, "Action"), a);
}

static str resources_text(const json_t *statement, struct arena *a)
{
    const json_t *not_resource = json_member(statement, "NotResource");

    if (not_resource)
        return str_print(a, "all but %.*s", STR_FMT(aws_policy_values(not_resource, a)));
    return aws_policy_values(json_member(statement, "Resource"), a);
}

/* --- principals ------------------------------------------------------------------------------- */

/* The account in an ARN, a bare account id, or absent. */
static str account_of(str principal)
{
    str rest = principal, account = STR_NONE;
    size_t digits = 0;

    if (str_starts(principal, STR("arn:"))) {
        for (int i = 0; i < 5; i++)
            account = str_cut(&rest, ':');
        return account;
    }
    while (digits < principal.len && ascii_is_digit(principal.ptr[digits]))
        digits++;
    return digits == principal.len && digits >= 10 ? principal : STR_NONE;
}

bool aws_is_external(str principal, str account)
{
    str theirs = account_of(principal);

    if (str_eq(principal, STR("*")))
        return true;
    /* "cloudfront" and "aws" stand where AWS itself is the owner. */
    return !str_empty(theirs) && !str_empty(account) && theirs.ptr[0] >= '0' &&
           theirs.ptr[0] <= '9' && !str_eq(theirs, account);
}

str aws_principal_type(str principal, str account)
{
    if (str_eq(principal, STR("*")))
        return STR("public");
    if (aws_is_external(principal, account))
        return STR("external");
    if (str_contains(principal, STR(":user/")))
        return STR("human");
    if (str_contains(principal, STR(":group/")))
        return STR("group");
    if (str_contains(principal, STR(":role/")) || str_contains(principal, STR(":assumed-role/")) ||
        str_ends(principal, STR(".amazonaws.com")))
        return STR("service");
    return STR("unknown");
}

struct statement {
    const json_t *body;
    const struct aws_policy_use *use;
    struct aws_pin pin;
    str permission, scope, condition;
};

static struct grant *add_principal(struct arena *a, const struct statement *st, str kind,
                                   str principal)
{
    struct grant *g = arena_new(a, struct grant, 1);
    bool is_anyone = str_eq(principal, STR("*"));

    g->is_removal = st->use->is_removal;
    g->grantee = str_copy(a, principal);
    g->grantee_type = aws_principal_type(principal, st->use->account);
    g->permission = st->permission;
    g->scope = st->scope;
    g->condition = st->condition;
    g->is_public = is_anyone && !st->pin.is_pinned;
    if (is_anyone)
        g->is_external = g->is_public || (!str_empty(st->pin.account) &&
                                          aws_is_external(st->pin.account, st->use->account));
    else
        g->is_external = aws_is_external(principal, st->use->account);
    if (is_anyone && !g->is_public)
        g->grantee_type = STR("group");
    if (str_eq(kind, STR("Service")))
        g->grantee_type = STR("service");
    if (str_eq(kind, STR("Federated"))) {
        bool is_shared =
            str_contains(principal, STR(":oidc-provider/")) || !str_starts(principal, STR("arn:"));

        g->grantee_type = STR("unknown");
        if (is_shared && !aws_condition_has_subject(json_member(st->body, "Condition"))) {
            g->grantee_type = STR("external");
            g->is_external = true;
        }
    }
    if (str_eq(kind, STR("CanonicalUser")))
        g->grantee_type = STR("unknown");
    return g;
}

static struct grant **add_principals(struct arena *a, const struct statement *st,
                                     struct grant **tail)
{
    const json_t *principal = json_member(st->body, "Principal");
    const char *kind;
    json_t *names;
    str each;

    if (json_member(st->body, "NotPrincipal")) {
        *tail = add_principal(a, st, STR("AWS"), STR("*"));
        (*tail)->condition =
            str_join(a, STR("all but NotPrincipal"), STR(", "), (*tail)->condition);
        return &(*tail)->next;
    }
    if (json_is_string(principal)) {
        *tail = add_principal(a, st, STR("AWS"), text_of(principal));
        return &(*tail)->next;
    }
    json_object_foreach (json_open(principal), kind, names) {
        for (size_t i = 0; aws_policy_value(names, i, &each); i++) {
            *tail = add_principal(a, st, str_from(kind), each);
            tail = &(*tail)->next;
        }
    }
    return tail;
}

/* --- documents -------------------------------------------------------------------------------- */

static str statement_summary(const json_t *statement, struct arena *a)
{
    str actions = actions_text(statement, a), resources = resources_text(statement, a);

    if (str_empty(resources))
        return str_print(a, "allows %.*s", STR_FMT(actions));
    return str_print(a, "allows %.*s on %.*s", STR_FMT(actions), STR_FMT(resources));
}

static bool is_allow(const json_t *statement)
{
    return str_eq_nocase(text_of(json_member(statement, "Effect")), STR("Allow"));
}

/* An identity policy as one grant; the statement that matters most speaks for it. */
static struct grant **add_identity(const json_t *const *statements, size_t count,
                                   const struct aws_policy_use *use, struct arena *a,
                                   struct grant **tail, str *summary)
{
    const json_t *loudest = NULL;
    struct grant *g;
    bool is_wide = false;

    for (size_t i = 0; i < count; i++) {
        if (!is_allow(statements[i]))
            continue;
        if (!loudest || (is_admin(statements[i]) && !is_wide))
            loudest = statements[i];
        is_wide = is_wide || is_admin(statements[i]);
    }
    if (!loudest)
        return tail;
    g = arena_new(a, struct grant, 1);
    g->is_removal = use->is_removal;
    g->grantee = use->grantee;
    g->grantee_type = use->grantee_type;
    g->permission = str_empty(use->permission) ? actions_text(loudest, a) : use->permission;
    g->scope = str_or(use->scope, resources_text(loudest, a));
    g->is_admin = is_wide;
    g->condition = aws_condition_text(json_member(loudest, "Condition"), a);
    if (str_empty(*summary))
        *summary = statement_summary(loudest, a);
    *tail = g;
    return &g->next;
}

struct grant **aws_policy_grants(const json_t *document, const struct aws_policy_use *use,
                                 struct arena *a, struct grant **tail, str *summary)
{
    enum { MOST = 200 };
    const json_t *list = json_member(document, "Statement");
    const json_t *statements[MOST];
    size_t count = 0;
    bool has_principals = false;

    if (json_is_object(list))
        statements[count++] = list;
    for (size_t i = 0; json_is_array(list) && i < json_array_size(list) && count < MOST; i++)
        statements[count++] = json_array_get(list, i);
    for (size_t i = 0; i < count; i++)
        has_principals = has_principals || json_member(statements[i], "Principal") ||
                         json_member(statements[i], "NotPrincipal");
    if (!has_principals)
        return add_identity(statements, count, use, a, tail, summary);
    for (size_t i = 0; i < count; i++) {
        const json_t *condition = json_member(statements[i], "Condition");
        struct statement st = {.body = statements[i], .use = use};

        if (!is_allow(statements[i]))
            continue;
        st.pin = aws_condition_pin(condition);
        st.pin.account = str_copy(a, st.pin.account);
        st.condition = aws_condition_text(condition, a);
        st.permission = str_or(use->permission, actions_text(statements[i], a));
        st.scope = str_or(use->scope, resources_text(statements[i], a));
        tail = add_principals(a, &st, tail);
        if (str_empty(*summary))
            *summary = statement_summary(statements[i], a);
    }
    return tail;
}
