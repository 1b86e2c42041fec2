/*
 * kubernetes: see kubernetes.h.
 */
#include "kubernetes.h"
#include "tree.h"

enum actor_type kubernetes_actor_type(str username)
{
    if (str_eq(username, STR("system:anonymous")) ||
        str_eq(username, STR("system:unauthenticated")))
        return ACTOR_ANONYMOUS;
    if (str_starts(username, STR("system:serviceaccount:")))
        return ACTOR_SERVICE;
    if (str_starts(username, STR("system:")))
        return ACTOR_PROVIDER;
    return ACTOR_UNKNOWN;
}

bool kubernetes_is_entry(str subresource)
{
    return str_eq(subresource, STR("exec")) || str_eq(subresource, STR("attach")) ||
           str_eq(subresource, STR("portforward"));
}

bool kubernetes_is_review(str resource)
{
    return str_ends(resource, STR("accessreviews")) || str_ends(resource, STR("rulesreviews")) ||
           str_ends(resource, STR("subjectreviews")) || str_ends(resource, STR("tokenreviews"));
}

/* --- role bindings ---------------------------------------------------------------------------- */

static str subject_name(const json_t *subject, str kind, struct arena *a)
{
    str name = tree_text(subject, "name", a), space = tree_text(subject, "namespace", a);

    if (!str_eq(kind, STR("ServiceAccount")) || str_empty(space))
        return name;
    return str_print(a, "system:serviceaccount:%.*s:%.*s", STR_FMT(space), STR_FMT(name));
}

/* {"roleRef":{"name":"cluster-admin"},"subjects":[{"kind":"User","name":"..."}]} */
struct grant **kubernetes_binding(const json_t *binding, str scope, bool is_removal,
                                  struct arena *a, struct grant **tail, str *words)
{
    const json_t *subjects = json_member(binding, "subjects");
    str role = tree_path_text(a, binding, "roleRef", "name", NULL);

    for (size_t i = 0; i < json_array_size(subjects); i++) {
        const json_t *s = json_array_get(subjects, i);
        str kind = tree_text(s, "kind", a), name = subject_name(s, kind, a);
        struct grant *g = arena_new(a, struct grant, 1);

        g->is_removal = is_removal;
        g->grantee = name;
        g->is_public =
            str_eq(name, STR("system:anonymous")) || str_eq(name, STR("system:unauthenticated"));
        g->grantee_type = g->is_public                          ? STR("public")
                          : str_eq(kind, STR("User"))           ? STR("human")
                          : str_eq(kind, STR("ServiceAccount")) ? STR("service")
                                                                : STR("group");
        g->is_external = g->is_public || str_eq(name, STR("system:authenticated"));
        g->permission = role;
        g->scope = scope;
        g->is_admin = str_eq(role, STR("cluster-admin"));
        *tail = g;
        tail = &g->next;
        if (str_empty(*words))
            *words = str_print(a, "%.*s %s %.*s", STR_FMT(role), is_removal ? "taken from" : "to",
                               STR_FMT(name));
    }
    return tail;
}

/* --- roles ------------------------------------------------------------------------------------ */

static bool has_word(const json_t *list, const char *word)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);

        if (json_is_string(v) && strcmp(json_string_value(v), word) == 0)
            return true;
    }
    return false;
}

/* Everything, or the means to give oneself everything. */
static bool is_all_powerful(const json_t *rule)
{
    const json_t *verbs = json_member(rule, "verbs");
    const json_t *resources = json_member(rule, "resources");
    bool is_any_verb = has_word(verbs, "*");

    if (is_any_verb && has_word(resources, "*"))
        return true;
    return has_word(verbs, "escalate") || has_word(verbs, "bind") ||
           has_word(verbs, "impersonate") ||
           (is_any_verb &&
            (has_word(resources, "clusterrolebindings") || has_word(resources, "rolebindings")));
}

struct grant **kubernetes_role(const json_t *role, str scope, struct arena *a, struct grant **tail,
                               str *words)
{
    const json_t *rules = json_member(role, "rules");
    struct grant *g;

    if (json_array_size(rules) == 0)
        return tail;
    g = arena_new(a, struct grant, 1);
    for (size_t i = 0; i < json_array_size(rules); i++)
        g->is_admin = g->is_admin || is_all_powerful(json_array_get(rules, i));
    g->grantee = tree_path_text(a, role, "metadata", "name", NULL);
    g->grantee_type = STR("unknown");
    g->permission = STR("custom role");
    g->scope = scope;
    if (str_empty(*words))
        *words = g->is_admin ? STR("role that allows everything, or the means to it")
                             : str_print(a, "role with %zu rule%s", json_array_size(rules),
                                         json_array_size(rules) == 1 ? "" : "s");
    *tail = g;
    return &g->next;
}
