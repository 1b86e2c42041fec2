/*
 * report: the names of severities, outcomes and marks, each in one place.
 */
#include "model/report.h"

static const char *const severity_names[] = {
    [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

const char *severity_name(enum severity s)
{
    return severity_names[s];
}

bool severity_find(str name, enum severity *out)
{
    for (size_t i = 0; i < sizeof severity_names / sizeof *severity_names; i++) {
        if (str_eq(name, str_from(severity_names[i]))) {
            *out = (enum severity)i;
            return true;
        }
    }
    return false;
}

#define RESULT_NAME(constant, name, words)  [constant] = name,
#define RESULT_WORDS(constant, name, words) [constant] = words,

const char *result_name(enum result r)
{
    static const char *const names[] = {RESULTS(RESULT_NAME)};

    return names[r];
}

const char *result_words(enum result r)
{
    static const char *const words[] = {RESULTS(RESULT_WORDS)};

    return words[r];
}

enum mark mark_of_severity(enum severity s)
{
    switch (s) {
    case SEVERITY_CRITICAL:
        return MARK_CRITICAL;
    case SEVERITY_HIGH:
        return MARK_HIGH;
    case SEVERITY_MEDIUM:
        return MARK_MEDIUM;
    case SEVERITY_LOW:
        return MARK_LOW;
    case SEVERITY_INFO:
        return MARK_INFO;
    }
    return MARK_NONE;
}

bool column_is_number(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_PERCENT || type == COLUMN_DURATION;
}
