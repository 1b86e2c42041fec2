/*
 * gcp_identity: who acted. The principal's e-mail where there is one, else its subject; behind a
 * service account the people and accounts that act through it (delegation, in order). The second
 * entry of an operation, system events and account warnings have no principal: then nothing is
 * said.
 */
#include "gcp.h"
#include "kubernetes.h"

static bool is_service_agent(str email)
{
    /* Google's own identities in a project: they act for the platform. */
    return str_contains(email, STR("@gcp-sa-")) ||
           str_ends(email, STR("@cloudservices.gserviceaccount.com")) ||
           (str_starts(email, STR("service-")) && str_ends(email, STR(".gserviceaccount.com")) &&
            str_contains(email, STR("system.")));
}

static enum actor_type type_of(str name, str subject)
{
    enum actor_type in_cluster = kubernetes_actor_type(name);

    if (str_eq(name, STR("allUsers")))
        return ACTOR_ANONYMOUS;
    if (in_cluster != ACTOR_UNKNOWN)
        return in_cluster;
    if (is_service_agent(name))
        return ACTOR_PROVIDER;
    if (str_ends(name, STR("gserviceaccount.com")) || str_starts(subject, STR("serviceAccount:")))
        return ACTOR_SERVICE;
    if (str_contains(subject, STR("/workloadIdentityPools/"))) {
        bool is_pipeline = str_contains(subject, STR("/subject/repo:")) ||
                           str_contains(subject, STR("/subject/organization:")) ||
                           str_contains(subject, STR("/subject/project_path:"));

        return is_pipeline ? ACTOR_AUTOMATION : ACTOR_SERVICE;
    }
    if (str_contains(subject, STR("/workforcePools/")) || str_find_char(name, '@') != SIZE_MAX)
        return ACTOR_HUMAN;
    return ACTOR_UNKNOWN;
}

/* [{"firstPartyPrincipal":{"principalEmail":"a"}},{"principalSubject":"b"}]: the first one began
 * it. */
static str chain_of(const struct gcp_entry *e)
{
    struct field each;
    str chain = STR_NONE;

    if (e->f[GCP_DELEGATION].kind != FIELD_ARRAY)
        return chain;
    for (size_t at = 0; fields_next_element(e->f[GCP_DELEGATION].raw, &at, &each);) {
        struct field first = field_member(each, STR("firstPartyPrincipal"));
        str name = field_text(field_member(first, STR("principalEmail")), e->arena);

        if (str_empty(name))
            name = field_text(field_member(each, STR("principalSubject")), e->arena);
        if (!str_empty(name))
            chain = str_join(e->arena, chain, STR(" > "), name);
    }
    return chain;
}

/* "user:a@b" is a@b; a federated identity's subject stays as it is. */
static str without_kind(str subject)
{
    size_t colon = str_find_char(subject, ':');

    if (colon == SIZE_MAX || str_starts(subject, STR("principal")) ||
        str_starts(subject, STR("system:")))
        return subject;
    return str_part(subject, colon + 1, subject.len);
}

void gcp_identity(const struct gcp_entry *e, struct event *ev)
{
    str email = gcp_text(e, GCP_EMAIL), subject = gcp_text(e, GCP_SUBJECT);

    ev->actor = str_or(email, without_kind(subject));
    ev->actor_id = str_or(subject, email);
    ev->actor_type = type_of(ev->actor, subject);
    if (str_empty(ev->actor) && e->log == GCP_LOG_SYSTEM)
        ev->actor_type = ACTOR_PROVIDER;
    ev->via = chain_of(e);
    ev->credential = gcp_text(e, GCP_KEY);
}
