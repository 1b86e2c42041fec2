/*
 * aws_identity: who acted, by the type of userIdentity (formats-cloud 3.2).
 *
 * For a role the actor is the role, which stays, and the person or job is the session, which does
 * not. A source identity survives role chaining and therefore wins over the session's name. What
 * exports get wrong: the session issuer may be missing (console sign-ins), service events have no
 * type, federated and web identities have no ARN, an anonymous caller is an "AWSAccount".
 */
#include "aws.h"

#include "base/ascii.h"

/* arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION */
static void split_assumed_role(str arn, str *role, str *session)
{
    const str mark = STR("assumed-role/");
    size_t at = str_find(arn, mark);

    if (at == SIZE_MAX)
        return;
    *session = str_part(arn, at + mark.len, arn.len);
    *role = str_cut(session, '/');
}

/* The run in which HCP Terraform acted: it names its sessions "terraform-run-<run id>" unless told
 * otherwise, and people put the id into the user agent. */
str aws_run_in(str text)
{
    const str mark = STR("run-");
    size_t from = 0, at;

    while ((at = str_find(str_part(text, from, text.len), mark)) != SIZE_MAX) {
        size_t end = from + at + mark.len;
        bool is_word_start = from + at == 0 || text.ptr[from + at - 1] == '-' ||
                             text.ptr[from + at - 1] == ' ' || text.ptr[from + at - 1] == '/';

        while (end < text.len && (ascii_is_letter(text.ptr[end]) || ascii_is_digit(text.ptr[end])))
            end++;
        if (is_word_start && end - (from + at) == mark.len + 16)
            return str_part(text, from + at, end);
        from += at + mark.len;
    }
    return STR_NONE;
}

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f')))
            return false;
    return s.len > 0;
}

/* i-0123456789abcdef0: the session of an instance's role */
static bool is_instance_id(str s)
{
    return str_starts(s, STR("i-")) && (s.len == 10 || s.len == 19) &&
           is_hex(str_part(s, 2, s.len));
}

/* Subjects under which pipelines enter: GitHub, GitLab, HCP Terraform. */
static bool is_pipeline_subject(str subject)
{
    return str_starts(subject, STR("repo:")) || str_starts(subject, STR("project_path:")) ||
           (str_starts(subject, STR("organization:")) && str_contains(subject, STR(":run_phase:")));
}

static bool is_sso_role(str role)
{
    return str_starts(role, STR("AWSReservedSSO_"));
}

static enum actor_type role_kind(const struct aws_call *c, str role, str session)
{
    str provider = aws_text(c, AWS_FEDERATED);

    if (str_starts(role, STR("AWSServiceRoleFor")) ||
        str_contains(aws_text(c, AWS_ISSUER_ARN), STR("/aws-service-role/")))
        return ACTOR_PROVIDER;
    if (!str_empty(aws_run_in(session)))
        return ACTOR_AUTOMATION;
    if (is_sso_role(role) || str_find_char(session, '@') != SIZE_MAX ||
        field_truth(c->f[AWS_FROM_CONSOLE]))
        return ACTOR_HUMAN;
    if (str_contains(provider, STR("token.actions.githubusercontent.com")) ||
        str_contains(provider, STR("app.terraform.io")) ||
        str_contains(provider, STR("gitlab.com")))
        return ACTOR_AUTOMATION;
    if (!str_empty(aws_text(c, AWS_EC2_ROLE)) || is_instance_id(session) || !str_empty(provider))
        return ACTOR_SERVICE;
    return ACTOR_UNKNOWN;
}

static void map_role(const struct aws_call *c, struct event *ev)
{
    str role = STR_NONE, session = STR_NONE, principal = aws_text(c, AWS_ID_PRINCIPAL), original;
    size_t colon;

    ev->actor_id = aws_text(c, AWS_ID_ARN);
    split_assumed_role(ev->actor_id, &role, &session);
    role = str_or(aws_text(c, AWS_ISSUER_USER), role);
    colon = str_find_char(principal, ':');
    if (str_empty(session) && colon != SIZE_MAX)
        session = str_part(principal, colon + 1, principal.len);
    ev->actor_type = role_kind(c, role, session);
    original = aws_text(c, AWS_SOURCE_IDENTITY);
    if (!str_empty(original) && !str_eq(original, session)) {
        ev->via = session;
        session = original;
    }
    ev->actor = str_or(role, principal);
    ev->session = session;
    if (str_empty(ev->actor_id))
        ev->actor_id = principal;
}

static void map_web_identity(const struct aws_call *c, struct event *ev)
{
    ev->actor = str_or(aws_text(c, AWS_ID_USER), aws_text(c, AWS_ID_PRINCIPAL));
    ev->actor_id = aws_text(c, AWS_ID_PRINCIPAL);
    ev->via = aws_text(c, AWS_ID_PROVIDER);
    if (is_pipeline_subject(ev->actor))
        ev->actor_type = ACTOR_AUTOMATION;
    else if (str_starts(ev->actor, STR("system:serviceaccount:")))
        ev->actor_type = ACTOR_SERVICE;
}

static void map_federated(const struct aws_call *c, struct event *ev)
{
    str arn = aws_text(c, AWS_ID_ARN);
    size_t slash = str_find_last(arn, '/');

    ev->actor_id = arn;
    ev->actor = slash == SIZE_MAX ? str_or(aws_text(c, AWS_ID_USER), aws_text(c, AWS_ID_PRINCIPAL))
                                  : str_part(arn, slash + 1, arn.len);
    ev->actor_type = ACTOR_HUMAN;
    ev->via = aws_text(c, AWS_ISSUER_ARN);
}

/* Another account, or nobody at all: anonymous requests to a bucket are logged so. */
static void map_account(const struct aws_call *c, struct event *ev)
{
    str account = aws_text(c, AWS_ID_ACCOUNT), principal = aws_text(c, AWS_ID_PRINCIPAL);

    if (str_eq_nocase(account, STR("ANONYMOUS_PRINCIPAL")) ||
        str_eq_nocase(account, STR("anonymous"))) {
        ev->actor = STR("anonymous");
        ev->actor_type = ACTOR_ANONYMOUS;
        return;
    }
    ev->actor = str_or(principal, account);
    ev->actor_id = ev->actor;
}

static void map_named(const struct aws_call *c, struct event *ev, enum actor_type type)
{
    str id = str_or(aws_text(c, AWS_ID_ARN), aws_text(c, AWS_ID_PRINCIPAL));

    ev->actor = str_or(aws_text(c, AWS_ID_USER), str_or(id, aws_text(c, AWS_ID_ACCOUNT)));
    ev->actor_id = id;
    ev->actor_type = type;
}

static void map_provider(const struct aws_call *c, struct event *ev)
{
    ev->actor = aws_text(c, AWS_ID_INVOKED_BY);
    ev->actor_type = ACTOR_PROVIDER;
}

/* The platform uses the root identity for some calls of its own; those are no use of the root
 * account. */
static void map_root(const struct aws_call *c, struct event *ev)
{
    bool is_platform = c->is_service_event || !str_empty(aws_text(c, AWS_ID_INVOKED_BY));

    ev->actor = STR("root");
    ev->actor_id = str_or(aws_text(c, AWS_ID_ARN), aws_text(c, AWS_ID_PRINCIPAL));
    ev->actor_type = is_platform ? ACTOR_PROVIDER : ACTOR_ROOT;
}

/* Machines have no second factor to show: "false" says nothing about them. */
static bool is_machine(enum actor_type type)
{
    return type == ACTOR_PROVIDER || type == ACTOR_SERVICE || type == ACTOR_AUTOMATION;
}

static enum mfa session_mfa(const struct aws_call *c, const struct event *ev)
{
    struct field said = c->f[AWS_MFA];

    if (said.kind == FIELD_ABSENT || said.kind == FIELD_NULL)
        return MFA_UNKNOWN; /* a long-lived key: nothing is said about it */
    if (field_truth(said))
        return MFA_YES;
    if (is_sso_role(ev->actor) || !str_empty(aws_text(c, AWS_FEDERATED)))
        return MFA_ASSERTED;
    return is_machine(ev->actor_type) ? MFA_UNKNOWN : MFA_NO;
}

void aws_identity(const struct aws_call *c, struct event *ev)
{
    str type = aws_text(c, AWS_ID_TYPE), invoked_by = aws_text(c, AWS_ID_INVOKED_BY);

    if (str_eq(type, STR("AssumedRole")) || str_eq(type, STR("Role"))) {
        map_role(c, ev);
    } else if (str_eq(type, STR("IAMUser")) || str_eq(type, STR("SAMLUser")) ||
               str_eq(type, STR("Directory"))) {
        map_named(c, ev, ACTOR_HUMAN);
    } else if (str_eq(type, STR("Root"))) {
        map_root(c, ev);
    } else if (str_eq(type, STR("AWSService"))) {
        map_provider(c, ev);
    } else if (str_eq(type, STR("AWSAccount"))) {
        map_account(c, ev);
    } else if (str_eq(type, STR("WebIdentityUser"))) {
        map_web_identity(c, ev);
    } else if (str_eq(type, STR("FederatedUser"))) {
        map_federated(c, ev);
    } else if (str_eq(type, STR("IdentityCenterUser"))) {
        ev->actor = aws_text(c, AWS_ID_BEHALF);
        ev->actor_id = ev->actor;
        ev->actor_type = ACTOR_HUMAN;
    } else if (str_empty(type) && !str_empty(invoked_by)) {
        map_provider(c, ev);
    } else if (!str_empty(type)) {
        map_named(c, ev, ACTOR_UNKNOWN); /* "Unknown", and types that are yet to come */
    } else if (c->is_service_event) {
        ev->actor_type = ACTOR_PROVIDER;
    } else {
        ev->actor = aws_text(c, AWS_ID_USER); /* of the console's event history: a name, no type */
    }
    if (!str_empty(invoked_by) && !str_eq(invoked_by, ev->actor))
        ev->via = str_join(c->arena, ev->via, STR(" > "), invoked_by);
    if (!str_empty(aws_text(c, AWS_ID_DELEGATE)))
        ev->via =
            str_join(c->arena, ev->via, STR(" > "),
                     str_print(c->arena, "delegate %.*s", STR_FMT(aws_text(c, AWS_ID_DELEGATE))));
    if (field_truth(c->f[AWS_ASSUMED_ROOT]) && ev->actor_type != ACTOR_PROVIDER)
        ev->actor_type = ACTOR_ROOT; /* a session of AssumeRoot has root's powers */
    ev->credential = str_or(aws_text(c, AWS_ID_KEY), aws_text(c, AWS_ID_CREDENTIAL));
    ev->mfa = session_mfa(c, ev);
    ev->run = aws_run_in(ev->session);
}

/* additionalEventData of a sign-in: {"MFAUsed":"No","SamlProviderArn":...,"UserName":...} */
void aws_sign_in(const struct aws_call *c, struct event *ev)
{
    struct field key, value;
    bool is_federated = is_sso_role(ev->actor) ||
                        str_eq(aws_text(c, AWS_ID_TYPE), STR("AssumedRole")) ||
                        str_eq(aws_text(c, AWS_ID_TYPE), STR("FederatedUser"));
    struct field used = {.kind = FIELD_ABSENT};
    str user = STR_NONE;

    if (c->f[AWS_MORE].kind == FIELD_OBJECT) {
        for (size_t at = 0; fields_next_member(c->f[AWS_MORE].raw, &at, &key, &value);) {
            if (str_eq(key.raw, STR("MFAUsed")))
                used = value;
            else if (str_eq(key.raw, STR("SamlProviderArn")))
                is_federated = true;
            else if (str_eq(key.raw, STR("UserName")))
                user = field_text(value, c->arena);
        }
    }
    if (ev->actor_type == ACTOR_UNKNOWN && str_eq(ev->action, STR("ConsoleLogin")))
        ev->actor_type = ACTOR_HUMAN;
    if (!str_empty(user) && str_eq(ev->actor, ev->actor_id))
        ev->actor = user; /* Identity Center tells the name only here */
    if (used.kind == FIELD_ABSENT)
        return;
    if (field_truth(used))
        ev->mfa = MFA_YES;
    else
        ev->mfa = is_federated ? MFA_ASSERTED : MFA_NO;
}
