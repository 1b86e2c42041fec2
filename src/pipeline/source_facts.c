/*
 * source_facts: what each source is good for, in the words of the `needs` of queries.
 *
 * Only a continuous source can be silent, and a query whose need no source gives is not tested:
 * both are worked out from the store, by layers that must not see the adapters.
 */
#include "pipeline/source_facts.h"

#include "sources/source.h"

static const struct {
    unsigned bit;
    const char *word;
} words[] = {
    {GIVES_CLOUD_AUDIT, "cloud-audit"},
    {GIVES_SIGN_IN, "sign-in"},
    {GIVES_RUNS, "runs"},
    {GIVES_APPROVALS, "approvals"},
    {GIVES_VCS, "vcs"},
    {GIVES_STATE, "state"},
    {GIVES_PLATFORM_AUDIT, "platform-audit"},
    {GIVES_DRIFT, "drift"},
    {GIVES_STATE_ACCESS, "state-access"},
};

static str gives_words(unsigned gives, struct arena *a)
{
    str all = STR_NONE;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gives & words[i].bit)
            all = str_join(a, all, STR(" "), str_from(words[i].word));
    return all;
}

bool source_facts_tell(struct store *st, struct err *err)
{
    struct arena a = {0};
    size_t count;
    const struct source *const *list = source_list(&count);
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        struct source_facts facts = {
            .name = str_from(list[i]->name),
            .title = str_from(list[i]->title),
            .gives = str_or(gives_words(list[i]->gives, &a), STR("")),
            .is_continuous = list[i]->is_continuous,
        };

        ok = store_source_add(st, &facts, err);
    }
    arena_free(&a);
    return ok;
}
