/*
 * pulumi: see pulumi.h.
 */
#include "pulumi.h"

#include "base/buf.h"
#include "terraform.h"

enum verb pulumi_verb(str op)
{
    static const struct {
        const char *op;
        enum verb verb;
    } verbs[] = {
        {"create", VERB_CREATE}, {"create-replacement", VERB_CREATE},
        {"update", VERB_UPDATE}, {"replace", VERB_UPDATE},
        {"delete", VERB_DELETE}, {"delete-replaced", VERB_DELETE},
        {"read", VERB_READ},     {"read-replacement", VERB_READ},
        {"refresh", VERB_READ},  {"same", VERB_READ},
        {"import", VERB_UPDATE}, {"import-replacement", VERB_UPDATE},
        {"discard", VERB_READ},  {"discard-replaced", VERB_READ},
    };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_eq(op, str_from(verbs[i].op)))
            return verbs[i].verb;
    return VERB_UNKNOWN;
}

/* "random:index/randomPassword:RandomPassword" is bridged from the provider whose types begin with
 * random_. */
bool pulumi_id_is_safe(str type, struct arena *a)
{
    str package = str_cut(&type, ':');

    return terraform_id_is_safe(str_join(a, package, STR("_"), STR("x")));
}

str pulumi_stack_of(str urn, struct arena *a)
{
    static const char start[] = "urn:pulumi:";
    str rest = str_part(urn, sizeof(start) - 1, urn.len);
    size_t first = str_find(rest, STR("::")), second;
    str stack = str_part(rest, 0, first);

    if (!str_starts(urn, str_from(start)) || first == SIZE_MAX)
        return STR_NONE;
    rest = str_part(rest, first + 2, rest.len);
    second = str_find(rest, STR("::"));
    return second == SIZE_MAX ? stack : str_join(a, str_part(rest, 0, second), STR("/"), stack);
}

void pulumi_set_counts(struct change *c, const json_t *counts)
{
    if (!json_is_object(counts))
        return;
    c->adds = tree_int(counts, "create", 0) + tree_int(counts, "create-replacement", 0) +
              tree_int(counts, "replace", 0) + tree_int(counts, "update-replace", 0);
    c->changes = tree_int(counts, "update", 0) + tree_int(counts, "import", 0);
    c->destroys = tree_int(counts, "delete", 0) + tree_int(counts, "delete-replaced", 0) +
                  tree_int(counts, "replace", 0) + tree_int(counts, "update-replace", 0);
}

str pulumi_count_words(const json_t *counts, struct arena *a)
{
    struct buf out = {0};
    const char *key;
    json_t *n;
    str done = STR_NONE;

    json_object_foreach (json_open(counts), key, n) {
        if (json_is_integer(n) && json_integer_value(n) > 0)
            buf_print(&out, "%s%lld %s", out.len ? ", " : "", (long long)json_integer_value(n),
                      key);
    }
    if (out.len)
        done = buf_str_copy(&out, a);
    buf_free(&out);
    return done;
}

str pulumi_result(str result, enum outcome *outcome)
{
    static const struct {
        const char *word, *result;
        enum outcome outcome;
    } results[] = {
        {"succeeded", "applied", OUTCOME_SUCCESS},   {"failed", "failed", OUTCOME_FAILURE},
        {"canceled", "cancelled", OUTCOME_FAILURE},  {"cancelled", "cancelled", OUTCOME_FAILURE},
        {"in-progress", "pending", OUTCOME_PENDING}, {"running", "pending", OUTCOME_PENDING},
        {"not-started", "pending", OUTCOME_PENDING},
    };

    *outcome = OUTCOME_UNKNOWN;
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (str_eq(result, str_from(results[i].word))) {
            *outcome = results[i].outcome;
            return str_from(results[i].result);
        }
    }
    return STR_NONE;
}
