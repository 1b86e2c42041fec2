/*
 * issues: a list that only grows.
 */
#include "model/issues.h"

#define ISSUE_NAME(constant, name) name,

const char *issue_kind_name(enum issue_kind k)
{
    static const char *const names[] = {ISSUE_KINDS(ISSUE_NAME)};

    return names[k];
}

struct issue *issues_add(struct issues *list, struct arena *a, enum issue_kind kind,
                         const char *fmt, ...)
{
    struct issue *issue = arena_new(a, struct issue, 1);
    va_list args;

    va_start(args, fmt);
    issue->reason = str_vprint(a, fmt, args);
    va_end(args);
    issue->kind = kind;
    if (!list->last)
        list->last = &list->first;
    *list->last = issue;
    list->last = &issue->next;
    list->count++;
    return issue;
}
