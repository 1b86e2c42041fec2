/*
 * terraform: see terraform.h.
 */
#include "terraform.h"

/*
 * Providers whose resources are values rather than things in a cloud: the id of a random_string is
 * the string, that of a data.http its address with whatever token stands in it. No cloud log ever
 * names them, so nothing is lost without them.
 */
bool terraform_id_is_safe(str type)
{
    static const char *const values[] = {
        "random_",   "tls_",    "vault_", "http",         "external",   "password_",
        "htpasswd_", "secret_", "sops_",  "onepassword_", "bitwarden_",
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (str_starts(type, str_from(values[i])))
            return false;
    return true;
}

/* A replacement is one update here; in an apply log it appears as the deletion and the creation
 * that it is. */
enum verb terraform_verb(str action)
{
    static const struct {
        const char *action;
        enum verb verb;
    } verbs[] = {
        {"create", VERB_CREATE}, {"update", VERB_UPDATE},  {"delete", VERB_DELETE},
        {"read", VERB_READ},     {"replace", VERB_UPDATE}, {"import", VERB_UPDATE},
        {"move", VERB_UPDATE},   {"remove", VERB_UPDATE},  {"forget", VERB_UPDATE},
        {"open", VERB_READ},     {"renew", VERB_READ},     {"close", VERB_READ},
    };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_eq(action, str_from(verbs[i].action)))
            return verbs[i].verb;
    return VERB_UNKNOWN;
}
