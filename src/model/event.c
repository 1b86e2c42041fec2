/*
 * event: the names of its enums, as far as the program looks them up; the store writes its own
 * tables of words from the lists in the header.
 */
#include "model/event.h"

#define ENUM_NAME(constant, name) name,

static const char *const verb_names[] = {VERBS(ENUM_NAME)};
static const char *const channel_names[] = {CHANNELS(ENUM_NAME)};
static const char *const outcome_names[] = {OUTCOMES(ENUM_NAME)};

#define COUNT(list) (sizeof(list) / sizeof *(list))

const char *channel_name(enum channel c)
{
    return channel_names[c];
}

static bool find(const char *const *names, size_t count, str name, size_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_nocase(str_from(names[i]), name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool verb_find(str name, enum verb *out)
{
    size_t i;

    if (!find(verb_names, COUNT(verb_names), name, &i))
        return false;
    *out = (enum verb)i;
    return true;
}

bool outcome_find(str name, enum outcome *out)
{
    size_t i;

    if (!find(outcome_names, COUNT(outcome_names), name, &i))
        return false;
    *out = (enum outcome)i;
    return true;
}

bool verb_is_write(enum verb v)
{
    switch (v) {
    case VERB_CREATE:
    case VERB_UPDATE:
    case VERB_DELETE:
    case VERB_GRANT:
    case VERB_REVOKE:
    case VERB_EXECUTE:
    case VERB_APPROVE:
    case VERB_REJECT:
    case VERB_OVERRIDE:
    case VERB_APPLY:
    case VERB_CONFIG:
        return true;
    case VERB_UNKNOWN:
    case VERB_READ:
    case VERB_LIST:
    case VERB_LOGIN:
    case VERB_LOGOUT:
    case VERB_PLAN:
    case VERB_EXPORT:
        return false;
    }
    return false;
}
