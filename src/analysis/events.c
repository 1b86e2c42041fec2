/*
 * events: the two listings that answer "show me", over the published views.
 */
#include "analysis/events.h"

#include "analysis/events.sql.h"
#include "analysis/resources.sql.h"

/* " prod staging " so that a whole word can be looked for */
static void bind_environments(struct statement *q, str environments)
{
    struct arena a = {0};

    if (str_empty(environments))
        statement_bind_text(q, "environments", STR_NONE);
    else
        statement_bind_text(q, "environments", str_print(&a, " %.*s ", STR_FMT(environments)));
    arena_free(&a);
}

bool events_open(struct store *st, const struct period *period, str environments,
                 const struct request_filter *filter, struct statement **out, struct err *err)
{
    struct arena a = {0};
    struct statement *q;

    if (!store_prepare(st, str_from(sql_events), "list of events", 0, &q, err))
        return false;
    statement_bind_int(q, "from", period ? key_of_seconds(period->from) : 0);
    statement_bind_int(q, "until", period ? key_of_seconds(period->until) : INT64_MAX);
    bind_environments(q, environments);
    statement_bind_text(q, "source", filter->source);
    statement_bind_text(q, "actor", filter->actor);
    statement_bind_text(q, "action", filter->action);
    statement_bind_text(q, "verb", filter->verb);
    statement_bind_text(q, "resource", filter->resource);
    statement_bind_text(q, "outcome", filter->outcome);
    statement_bind_text(q, "change", filter->change);
    statement_bind_text(q, "ticket", filter->ticket);
    statement_bind_text(q, "text",
                        str_empty(filter->text) ? STR_NONE
                                                : str_print(&a, "*%.*s*", STR_FMT(filter->text)));
    arena_free(&a);
    *out = q;
    return true;
}

size_t events_fields(const struct statement *q)
{
    return statement_columns(q) - 5;
}

bool resources_open(struct store *st, str environments, str address, struct statement **out,
                    struct err *err)
{
    if (!store_prepare(st, str_from(sql_resources), "list of resources", 0, out, err))
        return false;
    bind_environments(*out, environments);
    statement_bind_text(*out, "address", address);
    return true;
}
