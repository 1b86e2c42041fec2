/*
 * compose_record: whether the record behind a report is whole, and if not, why, in words.
 *
 * Everything that can be missing is said in one place and in one sentence, which the cover, the
 * summary and section 1 repeat: silent days, intervals with the audit log off, gaps, records that
 * were rejected, events no environment rule fits, queries without a whole answer. A report without
 * any of these is complete as far as a program can tell; nothing else makes it so.
 */
#include "analysis/compose.h"

#include "analysis/compose_rows.h"
#include "model/display.h"

/* --- intervals with the audit log off --------------------------------------------------------- */

struct blind {
    str words;
    int64_t count, seconds;
    int64_t days; /* of a source and account, each counted once */
    int64_t last_day;
    str last_key; /* source and account of last_day */
};

/* Rows come in the order of time: the days of an account need only be compared with its last. */
static void blind_days(struct composer *c, struct blind *b, str key, int64_t t, int64_t until)
{
    int64_t first = SECONDS_OF_KEY(t) / DAY_SECONDS, last = SECONDS_OF_KEY(until) / DAY_SECONDS;

    if (first < c->coverage.first_day)
        first = c->coverage.first_day;
    if (last >= c->coverage.last_day)
        last = c->coverage.last_day - 1;
    if (str_eq(key, b->last_key) && first <= b->last_day)
        first = b->last_day + 1;
    if (first > last)
        return;
    b->days += last - first + 1;
    b->last_day = last;
    b->last_key = key;
}

static void blind_row(struct composer *c, struct blind *b, const struct statement *s)
{
    str source = cell_text(statement_cell(s, cell_find(s, STR("source"))), c->a);
    str account = cell_text(statement_cell(s, cell_find(s, STR("account"))), c->a);
    int64_t t = statement_cell(s, cell_find(s, STR("t"))).i;
    struct cell on = statement_cell(s, cell_find(s, STR("t_on")));
    int64_t seconds = statement_cell(s, cell_find(s, STR("blind"))).i;
    int64_t until = on.kind == CELL_INT ? on.i : c->coverage.until - 1;
    const struct source_seen *seen = coverage_source(&c->coverage, source);
    str title = seen ? str_or(seen->title, source) : source;

    b->count++;
    b->seconds += seconds;
    blind_days(c, b, str_join(c->a, source, STR(" "), account), t, until);
    b->words = str_join(c->a, b->words, STR("; "),
                        str_print(c->a, "audit logging of %.*s%s%.*s off for %.*s from %.*s%s",
                                  STR_FMT(title), account.len ? " " : "", STR_FMT(account),
                                  STR_FMT(duration_text(seconds, c->a)),
                                  STR_FMT(value_print(COLUMN_TIME, t, STR_NONE, c->a)),
                                  on.kind == CELL_INT ? "" : ", not switched on again"));
}

static bool load_blind(struct composer *c, struct blind *b)
{
    const struct request_filter none = {0};
    const struct query *set = catalogue_find_set(c->catalogue, STR("blind-intervals"));
    struct statement *s = NULL;
    struct cell_map map;
    bool has_row = false, ok;

    if (!set)
        return true; /* a catalogue of one's own need not have it */
    if (!set_open(c->st, set, &c->scope, &none, c->a, &s, &map, c->err))
        return false;
    while ((ok = statement_next(s, &has_row, c->err)) && has_row)
        blind_row(c, b, s);
    statement_close(s);
    return ok || err_wrap(c->err, "set 'blind-intervals'");
}

/* --- coverage --------------------------------------------------------------------------------- */

static void coverage_figures(struct composer *c, const struct blind *b)
{
    const struct coverage *cov = &c->coverage;
    int64_t expected = cov->days_told + cov->days_silent;
    int64_t whole = cov->days_told > b->days ? cov->days_told - b->days : 0;
    const struct value rate = {.is_set = expected > 0, .number = thousandths_of(whole, expected)};

    figure_count(&c->figures, c->a, STR("silent_days"), cov->days_silent);
    figure_count(&c->figures, c->a, STR("expected_days"), expected);
    figure_count(&c->figures, c->a, STR("whole_days"), whole);
    figure_count(&c->figures, c->a, STR("blind_days"), b->days);
    figure_count(&c->figures, c->a, STR("blind_intervals"), b->count);
    figure_text(&c->figures, c->a, STR("blind_words"), b->words);
    figure_add(&c->figures, c->a, STR("coverage_rate"), COLUMN_PERCENT, &rate);
    figure_text(&c->figures, c->a, STR("silences"), coverage_silences_all(cov, c->a));
}

static void source_figures(struct composer *c)
{
    int64_t read = 0, here = 0;

    for (size_t i = 0; i < c->coverage.nsources; i++) {
        read += c->coverage.sources[i].is_read;
        here += c->coverage.sources[i].is_here;
    }
    figure_count(&c->figures, c->a, STR("sources"), here);
    figure_count(&c->figures, c->a, STR("sources_read"), read);
}

/* --- why it is not whole ---------------------------------------------------------------------- */

static void add_reason(struct composer *c, str *why, const char *figure, const char *words)
{
    str text;
    struct err ignored = {0};

    if (figure_is_true(figure_find(&c->figures, str_from(figure))) &&
        text_expand(&c->texts, &c->figures, str_from(words), c->a, &text, &ignored))
        *why = str_join(c->a, *why, STR("; "), text);
}

static str reasons(struct composer *c)
{
    str why = STR_NONE;

    add_reason(c, &why, "silences", "{silences}");
    add_reason(c, &why, "blind_words", "{blind_words}");
    add_reason(c, &why, "gaps",
               "{gaps|gap|gaps} in continuous sources, listed in full in this report");
    add_reason(c, &why, "rejected_period",
               "{rejected_period|record|records} rejected in files that hold events of "
               "this period (their environment is not known)");
    add_reason(c, &why, "files_unread", "{files_unread|file|files} could not be read");
    add_reason(c, &why, "events_unmapped_cloud",
               "{events_unmapped_cloud|event|events} of cloud accounts fit no environment rule and "
               "may belong here");
    add_reason(c, &why, "q_not_tested", "{q_not_tested|query|queries} not tested");
    add_reason(c, &why, "q_partial", "{q_partial|query|queries} answered in part");
    return why;
}

bool compose_completeness(struct composer *c)
{
    struct report *r = c->report;
    struct blind b = {.count = 0};
    str why;

    if (!load_blind(c, &b))
        return false;
    coverage_figures(c, &b);
    source_figures(c);
    why = reasons(c);
    r->is_complete = why.len == 0;
    r->state =
        str_join(c->a, r->state, STR(" · "), r->is_complete ? STR_NONE : STR("record incomplete"));
    figure_text(&c->figures, c->a, STR("state"), r->state);
    figure_text(&c->figures, c->a, STR("incomplete_why"), why);
    figure_count(&c->figures, c->a, STR("is_complete"), r->is_complete);
    return true;
}
