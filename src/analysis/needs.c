/*
 * needs: what a query needs, asked of what the record covers: is it there, and is it whole.
 */
#include "analysis/coverage.h"

/* A deployment platform that recorded nothing for an environment shows that nothing was deployed
 * there; a cloud account that nobody exported shows nothing. So a source of cloud audit logs must
 * have spoken in the environment. */
static bool is_there(const struct source_seen *s, str word)
{
    if (str_eq(word, STR("any")))
        return s->is_read;
    return word_in(word, s->gives) &&
           (word_in(STR("cloud-audit"), s->gives) ? s->is_here : s->is_read);
}

static bool has_source(const struct coverage *c, str word)
{
    for (size_t i = 0; i < c->nsources; i++)
        if (is_there(&c->sources[i], word))
            return true;
    return false;
}

static bool has_history(const struct coverage *c, str word, struct arena *a, str *why)
{
    uint64_t days = 0;

    str_to_u64(str_part(word, 8, word.len), &days); /* history:30, checked by the loader */
    if (c->history_days >= (int64_t)days)
        return true;
    *why = str_print(a, "insufficient baseline: %lld days of record before the period, %llu needed",
                     (long long)c->history_days, (unsigned long long)days);
    return false;
}

bool coverage_has(const struct coverage *c, const struct config *cfg, str word, struct arena *a,
                  str *why)
{
    const struct {
        const char *word;
        bool is_there;
    } registers[] = {
        {"people", cfg->has_people},
        {"identities", cfg->has_identities},
        {"expected", cfg->has_expected},
        {"trusted", cfg->has_trusted},
    };

    if (str_starts(word, STR("history:")))
        return has_history(c, word, a, why);
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        if (!str_eq(word, str_from(registers[i].word)))
            continue;
        if (!registers[i].is_there)
            *why = str_print(a, "the configuration has no list of %s", registers[i].word);
        return registers[i].is_there;
    }
    if (has_source(c, word))
        return true;
    if (str_eq(word, STR("any")))
        *why = STR("no source has records in the period");
    else
        *why = str_print(a, "no source of %.*s has records in the period%s", STR_FMT(word),
                         c->environment.len > 0 ? " for this environment" : "");
    return false;
}

str days_text(int64_t from_day, int64_t until_day, struct arena *a)
{
    int y1, m1, d1, y2, m2, d2;

    instant_civil(from_day, &y1, &m1, &d1);
    instant_civil(until_day - 1, &y2, &m2, &d2);
    if (until_day - from_day == 1)
        return str_print(a, "%04d-%02d-%02d", y1, m1, d1);
    return str_print(a, "%04d-%02d-%02d to %04d-%02d-%02d", y1, m1, d1, y2, m2, d2);
}

static str source_title(const struct coverage *c, str source)
{
    const struct source_seen *s = coverage_source(c, source);

    return s ? str_or(s->title, source) : source;
}

/* Does this silence touch the word? `any` rests on no source in particular. */
static bool touches(const struct coverage *c, const struct silence *s, str word)
{
    return silence_counts(c, s) && word_in(word, coverage_source(c, s->source)->gives);
}

/* Of alternatives (a|b) one is enough to answer, but whatever was read is part of the answer:
 * silence of either matters. */
static bool silence_matters(const struct coverage *c, const struct silence *s, str needs)
{
    for (str rest = needs; rest.ptr;)
        for (str words = str_cut(&rest, ' '); words.ptr;)
            if (touches(c, s, str_cut(&words, '|')))
                return true;
    return false;
}

static str add_words(const struct coverage *c, const struct silence *s, str all, struct arena *a)
{
    str days = days_text(s->from_day, s->until_day, a), title = source_title(c, s->source);

    return str_join(a, all, STR("; "),
                    str_print(a, "no records of %.*s%s%.*s on %.*s", STR_FMT(title),
                              s->account.len ? " " : "", STR_FMT(s->account), STR_FMT(days)));
}

str coverage_silences(const struct coverage *c, str needs, struct arena *a)
{
    str all = STR_NONE;

    for (const struct silence *s = c->silences; s; s = s->next)
        if (silence_matters(c, s, needs))
            all = add_words(c, s, all, a);
    return all;
}

str coverage_silences_all(const struct coverage *c, struct arena *a)
{
    str all = STR_NONE;

    for (const struct silence *s = c->silences; s; s = s->next)
        if (silence_counts(c, s))
            all = add_words(c, s, all, a);
    return all;
}
