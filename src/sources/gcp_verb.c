/*
 * gcp_verb: what kind of act a method is. The log decides between reading and writing where it can
 * (activity: writes), the method's last part says which kind: "v1.compute.firewalls.insert",
 * "google.iam.admin.v1.CreateServiceAccount", "io.k8s.core.v1.pods.exec.create" (formats-cloud 7
 * and 16).
 */
#include "gcp.h"

struct word {
    str text;
    enum verb verb;
};

/* clang-format off */
#define W(text, verb) {{text, sizeof(text) - 1}, verb}
/* clang-format on */

/* The beginning of the last part, without case. The longer comes first where one begins another. */
static const struct word words[] = {
    W("setIam", VERB_GRANT),        W("get", VERB_READ),        W("list", VERB_LIST),
    W("aggregatedList", VERB_LIST), W("search", VERB_LIST),     W("query", VERB_LIST),
    W("lookup", VERB_READ),         W("test", VERB_READ),       W("check", VERB_READ),
    W("read", VERB_READ),           W("fetch", VERB_READ),      W("watch", VERB_READ),
    W("count", VERB_READ),          W("generate", VERB_READ),   W("sign", VERB_READ),
    W("predict", VERB_READ),        W("create", VERB_CREATE),   W("insert", VERB_CREATE),
    W("import", VERB_CREATE),       W("clone", VERB_CREATE),    W("upload", VERB_CREATE),
    W("delete", VERB_DELETE),       W("remove", VERB_DELETE),   W("destroy", VERB_DELETE),
    W("purge", VERB_DELETE),        W("update", VERB_UPDATE),   W("patch", VERB_UPDATE),
    W("set", VERB_UPDATE),          W("add", VERB_UPDATE),      W("replace", VERB_UPDATE),
    W("undelete", VERB_UPDATE),     W("enable", VERB_UPDATE),   W("disable", VERB_UPDATE),
    W("attach", VERB_UPDATE),       W("detach", VERB_UPDATE),   W("move", VERB_UPDATE),
    W("resize", VERB_UPDATE),       W("start", VERB_EXECUTE),   W("stop", VERB_EXECUTE),
    W("reset", VERB_EXECUTE),       W("suspend", VERB_EXECUTE), W("resume", VERB_EXECUTE),
    W("run", VERB_EXECUTE),         W("invoke", VERB_EXECUTE),  W("execute", VERB_EXECUTE),
    W("deploy", VERB_UPDATE),       W("restart", VERB_EXECUTE),
};

static const struct word sign_ins[] = {
    W("loginSuccess", VERB_LOGIN),
    W("loginFailure", VERB_LOGIN),
    W("loginVerification", VERB_LOGIN),
    W("loginChallenge", VERB_LOGIN),
    W("logout", VERB_LOGOUT),
    W("suspiciousLogin", VERB_UNKNOWN),
    W("accountDisabled", VERB_UNKNOWN),
    W("govAttackWarning", VERB_UNKNOWN),
    W("suspiciousProgrammaticLogin", VERB_UNKNOWN),
};

static bool find(const struct word *list, size_t count, str text, enum verb *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts_nocase(text, list[i].text)) {
            *out = list[i].verb;
            return true;
        }
    }
    return false;
}

/* Subresources of a pod through which one gets in; and questions that Kubernetes spells as
 * creations. */
static bool kubernetes_verb(str method, enum verb *out)
{
    if (!str_starts(method, STR("io.k8s.")))
        return false;
    if (str_contains(method, STR(".pods.exec.")) || str_contains(method, STR(".pods.attach.")) ||
        str_contains(method, STR(".pods.portforward.")))
        *out = VERB_EXECUTE;
    else if (str_contains(method, STR("accessreviews.")) ||
             str_contains(method, STR("tokenreviews.")))
        *out = VERB_READ;
    else
        return false;
    return true;
}

static bool says_write(struct field authorization)
{
    return authorization.kind == FIELD_ARRAY &&
           (str_contains(authorization.raw, STR("\"DATA_WRITE\"")) ||
            str_contains(authorization.raw, STR("\"ADMIN_WRITE\"")));
}

enum verb gcp_verb(const struct gcp_entry *e)
{
    enum verb verb = VERB_UNKNOWN;
    bool is_known = find(words, sizeof words / sizeof *words, e->word, &verb);

    if (str_eq(e->service, STR("login.googleapis.com")))
        return find(sign_ins, sizeof sign_ins / sizeof *sign_ins, e->word, &verb) ? verb
                                                                                  : VERB_UPDATE;
    if (kubernetes_verb(e->method, &verb))
        return verb;
    if (str_eq(e->service, STR("logging.googleapis.com")) && verb == VERB_UPDATE)
        return VERB_CONFIG;
    switch (e->log) {
    case GCP_LOG_ACTIVITY:
        return is_known && verb_is_write(verb) ? verb : VERB_UPDATE;
    case GCP_LOG_DATA:
        if (says_write(e->f[GCP_AUTHORIZATION]))
            return verb_is_write(verb) ? verb : VERB_UPDATE;
        /* A query of BigQuery is an inserted job. */
        if (str_eq(e->service, STR("bigquery.googleapis.com")))
            return verb == VERB_LIST ? VERB_LIST : VERB_READ;
        return is_known ? verb : VERB_READ;
    case GCP_LOG_SYSTEM:
    case GCP_LOG_POLICY:
    case GCP_LOG_OTHER:
        break;
    }
    return verb;
}
