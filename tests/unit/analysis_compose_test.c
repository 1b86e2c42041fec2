#include "check.h"
#include "small_store.h"

#include "analysis/analysis.h"

static struct arena arena;

/* One store for all: September and October 2026 in production, with two writes and an hour of
 * nothing special. */
struct fixture {
    struct small_store store;
    struct config cfg;
    struct catalogue catalogue;
    struct period period;
    struct report_request req;
    struct report report;
    const struct query_result *results;
    struct err err;
};

static struct env_rule prod_rule = {.environment = {"prod", 4}, .account = {"111111111111", 12}};
static struct environment prod = {
    .name = {"prod", 4}, .title = {"Production", 10}, .needs_approval = true};

static bool fixture_open(struct fixture *f, const char *kind, const char *period)
{
    struct event stop;

    *f = (struct fixture){.store = small_open(&arena)};
    config_defaults(&f->cfg);
    f->cfg.environments = &prod;
    f->cfg.env_rules = &prod_rule;
    f->cfg.organization = STR("Example");
    f->cfg.frameworks = STR("SOC2 ISO");
    small_days(&f->store, "aws-cloudtrail", "111111111111", "2026-09-01T00:00:00Z", 61, NULL);
    stop = small_new(&f->store, "111111111111", "2026-10-05T08:00:00Z", "alice", "StopLogging");
    stop.service = STR("cloudtrail.amazonaws.com");
    small_put(&f->store, "aws-cloudtrail", &stop);
    small_event(&f->store, "aws-cloudtrail", "111111111111", "2026-10-06T08:00:00Z", "bob",
                "RunInstances");
    f->req = (struct report_request){
        .kind = str_from(kind),
        .period = &f->period,
        .environment = STR("prod"),
        .generated = STR("2026-11-02T06:00:00Z"),
        .generated_sec = 1793599200,
        .command = STR("auditpress report"),
        .program = STR("auditpress test"),
        .definition_dir = STR("report"),
        .text_dir = STR("templates"),
    };
    return small_done(&f->store, "aws-cloudtrail", &f->cfg) &&
           catalogue_load(&arena, "report", &f->catalogue, &f->err) &&
           catalogue_attach(&f->catalogue, f->store.st, &f->err) &&
           period_parse(&arena, str_from(period), zone_load(&arena, STR("UTC"), &f->err), 0,
                        &f->period, &f->err);
}

static bool compose(struct fixture *f)
{
    f->err = (struct err){0};
    return report_compose(&f->req, &f->catalogue, f->store.st, &f->cfg, &arena, &f->report,
                          &f->results, &f->err);
}

static void fixture_close(struct fixture *f)
{
    report_release(&f->report);
    small_close(&f->store);
}

static const struct section *section_find(const struct fixture *f, const char *anchor)
{
    for (const struct section *s = f->report.sections; s; s = s->next)
        if (str_eq(s->anchor, str_from(anchor)))
            return s;
    return NULL;
}

static const struct table *sheet_find(const struct fixture *f, const char *sheet)
{
    for (const struct section *s = f->report.sections; s; s = s->next)
        for (const struct block *b = s->is_xlsx ? s->blocks : NULL; b; b = b->next)
            if (b->kind == BLOCK_TABLE && str_eq(b->table->sheet, str_from(sheet)))
                return b->table;
    return NULL;
}

static bool has_text(const struct section *s, const char *text)
{
    for (const struct block *b = s ? s->blocks : NULL; b; b = b->next)
        if (str_contains(b->text, str_from(text)))
            return true;
    return false;
}

static const struct value *cell(const struct table *t, size_t row, const char *column)
{
    for (size_t i = 0; t && i < t->ncolumns; i++)
        if (str_eq(t->columns[i].name, str_from(column)))
            return &t->values[row * t->ncolumns + i];
    return NULL;
}

static const struct query_result *result_of(const struct fixture *f, const char *id)
{
    for (const struct query_result *r = f->results; r; r = r->next)
        if (str_eq(r->query->id, str_from(id)))
            return r;
    return NULL;
}

/* --- the monthly report ----------------------------------------------------------------------- */

TEST(a_monthly_report_has_a_cover_and_every_section)
{
    static const char *const anchors[] = {
        "scope",       "summary",        "controls",    "changes",    "drift",    "privileged",
        "identities",  "authentication", "network",     "logging",    "data",     "operations",
        "duties",      "anomalies",      "register",    "comparison", "samples",  "signoff",
        "populations", "events",         "definitions", "lists",      "evidence", "files",
        "glossary",    "limits",
    };
    struct fixture f;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    if (!compose(&f))
        CHECK_STR(str_from(f.err.text), "");
    CHECK_STR(f.report.subtitle, "Production · October 2026");
    CHECK_STR(f.report.state, "UNSIGNED · record incomplete");
    CHECK_INT(f.report.cover->kind, BLOCK_BANNER);
    for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++)
        CHECK(section_find(&f, anchors[i]) != NULL);
    fixture_close(&f);
}

TEST(a_query_without_its_input_is_told_apart_and_never_counted_as_nothing_found)
{
    struct fixture f;
    const struct table *queries;
    bool is_seen = false;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    CHECK_INT(result_of(&f, "apr-unapproved-run")->result, RESULT_NOT_TESTED);
    CHECK(!f.report.is_complete);
    CHECK(has_text(section_find(&f, "changes"),
                   "Not tested: no source of runs has records in the period"));
    queries = sheet_find(&f, "Queries");
    for (size_t row = 0; row < queries->nrows; row++) {
        if (!str_eq(cell(queries, row, "query")->text, STR("apr-unapproved-run")))
            continue;
        is_seen = true;
        CHECK(!cell(queries, row, "exceptions")->is_set);
        CHECK(!cell(queries, row, "population")->is_set);
        CHECK_STR(cell(queries, row, "outcome")->text, "not tested");
    }
    CHECK(is_seen);
    fixture_close(&f);
}

TEST(no_number_of_exceptions_stands_beside_an_outcome_that_is_no_answer)
{
    struct fixture f;
    const struct table *t;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    t = sheet_find(&f, "Controls");
    CHECK(t->nrows > 20);
    for (size_t row = 0; row < t->nrows; row++) {
        str outcome = cell(t, row, "outcome")->text;

        if (cell(t, row, "exceptions")->is_set)
            CHECK(str_eq(outcome, STR("exceptions")) ||
                  str_eq(outcome, STR("no exceptions noted")));
    }
    fixture_close(&f);
}

TEST(the_words_of_an_opinion_are_nowhere)
{
    static const char *const words[] = {"compliant", "effective", "passed", "failed control"};
    struct fixture f;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    for (const struct section *s = f.report.sections; s; s = s->next)
        for (const struct block *b = s->blocks; b; b = b->next)
            for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (str_contains_nocase(b->text, str_from(words[i])) ||
                    str_contains_nocase(b->title, str_from(words[i])))
                    CHECK_STR(b->text, "");
    fixture_close(&f);
}

TEST(the_register_holds_every_exception_and_leaves_decisions_to_people)
{
    struct fixture f;
    const struct table *exceptions, *review;
    int64_t count = 0;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    for (const struct query_result *r = f.results; r; r = r->next)
        count += r->exceptions;
    exceptions = sheet_find(&f, "Exceptions");
    review = sheet_find(&f, "Review");
    CHECK(count > 0);
    CHECK_INT(exceptions->nrows, count);
    CHECK_INT(review->nrows, count);
    for (size_t row = 0; row < exceptions->nrows; row++) {
        CHECK(str_starts(cell(exceptions, row, "no")->text, STR("EX-")));
        CHECK(!cell(exceptions, row, "decision")->is_set);
        CHECK_STR(cell(exceptions, row, "no")->text, str_z(&arena, cell(review, row, "no")->text));
    }
    fixture_close(&f);
}

TEST(large_tables_are_pulled_and_can_be_pulled_again)
{
    struct fixture f;
    const struct table *events;
    struct value *row;
    size_t n = 0;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    events = sheet_find(&f, "Events");
    CHECK_INT(events->nrows, 33);
    CHECK(events->values == NULL);
    row = arena_new(&arena, struct value, events->ncolumns);
    while (n < 5 && events->source.next(events->source.state, row, &f.err))
        n++;
    CHECK_INT(n, 5);
    CHECK(events->source.rewind(events->source.state, &f.err));
    for (n = 0; events->source.next(events->source.state, row, &f.err); n++)
        CHECK_INT(row[0].number, (int64_t)n + 1);
    CHECK_INT(n, 33);
    CHECK_INT(f.err.kind, ERR_NONE);
    fixture_close(&f);
}

TEST(a_period_before_is_compared_only_when_the_record_holds_it)
{
    struct fixture f;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    CHECK(has_text(section_find(&f, "comparison"), "1 period"));
    fixture_close(&f);
    CHECK(fixture_open(&f, "monthly", "2026-09"));
    CHECK(compose(&f));
    CHECK(has_text(section_find(&f, "comparison"), "nothing to compare with"));
    fixture_close(&f);
}

TEST(the_same_question_to_the_same_data_has_the_same_number_and_findings)
{
    struct fixture f;
    str id, findings;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    CHECK(compose(&f));
    id = f.report.id;
    findings = findings_json(&f.report, f.results, &arena);
    report_release(&f.report);
    f.req.generated = STR("2026-12-02T06:00:00Z");
    CHECK(compose(&f));
    CHECK_STR(f.report.id, str_z(&arena, id));
    report_release(&f.report);
    f.req.generated = STR("2026-11-02T06:00:00Z");
    CHECK(compose(&f));
    CHECK_STR(findings_json(&f.report, f.results, &arena), str_z(&arena, findings));
    fixture_close(&f);
}

TEST(a_report_of_a_period_that_has_not_ended_is_a_draft)
{
    struct fixture f;

    CHECK(fixture_open(&f, "monthly", "2026-10"));
    f.req.generated_sec = 1792000000;
    CHECK(compose(&f));
    CHECK_STR(f.report.state, "DRAFT · record incomplete");
    fixture_close(&f);
}

TEST(an_interval_with_the_audit_log_off_is_told_and_makes_the_record_incomplete)
{
    struct fixture f;
    const struct table *blind;

    CHECK(fixture_open(&f, "request", "2026-10"));
    CHECK(compose(&f));
    blind = sheet_find(&f, "Blind");
    CHECK_INT(blind->nrows, 1);
    CHECK(!cell(blind, 0, "t_on")->is_set);
    CHECK(!f.report.is_complete);
    CHECK_STR(f.report.state, "UNSIGNED · record incomplete");
    CHECK(str_contains(f.report.cover->text, STR("audit logging of AWS CloudTrail 111111111111 "
                                                 "off for")));
    CHECK(has_text(section_find(&f, "scope"), "4 of 31 days of sources are whole"));
    fixture_close(&f);
    CHECK(fixture_open(&f, "request", "2026-09"));
    CHECK(compose(&f));
    CHECK(f.report.is_complete);
    CHECK_STR(f.report.state, "UNSIGNED");
    CHECK(has_text(section_find(&f, "scope"), "30 of 30 days of sources are whole"));
    fixture_close(&f);
}

/* --- the request ------------------------------------------------------------------------------ */

TEST(a_request_shows_its_filter_part_by_part_and_the_whole_list)
{
    struct fixture f;
    const struct table *filter, *list;
    struct value *row;

    CHECK(fixture_open(&f, "request", "2026-10-01..2026-10-10"));
    f.req.filter.actor = STR("ALI*");
    CHECK(compose(&f));
    filter = sheet_find(&f, "Filter");
    CHECK_INT(filter->nrows, 4); /* period, unmapped, environment, actor */
    CHECK_INT(cell(filter, 0, "left")->number, 12);
    CHECK_INT(cell(filter, 1, "left")->number, 12);
    CHECK_INT(cell(filter, 2, "left")->number, 12);
    CHECK_INT(cell(filter, 3, "left")->number, 1);
    CHECK_INT(cell(filter, 3, "removed")->number, 11);
    list = sheet_find(&f, "Events");
    CHECK_INT(list->nrows, 1);
    row = arena_new(&arena, struct value, list->ncolumns);
    CHECK(list->source.next(list->source.state, row, &f.err));
    CHECK_STR(list->columns[4].name, "actor");
    CHECK_STR(row[4].text, "alice");
    CHECK(!list->source.next(list->source.state, row, &f.err));
    fixture_close(&f);
}

/* --- definitions ------------------------------------------------------------------------------ */

/* The message with which a definition is refused. */
static str refusal(const char *definition)
{
    struct fixture f;
    str dir, text;

    if (!fixture_open(&f, "wrong", "2026-10"))
        return STR("no fixture");
    dir = str_from(f.store.dir);
    if (!dir_make(str_z(&arena, str_print(&arena, "%s/definitions", f.store.dir)), &f.err) ||
        !file_write(str_z(&arena, str_print(&arena, "%s/definitions/wrong.json", f.store.dir)),
                    str_from(definition), &f.err))
        return STR("no file");
    f.req.definition_dir = dir;
    text = compose(&f) ? STR("taken") : str_copy(&arena, str_from(f.err.text));
    fixture_close(&f);
    /* without the folder, which changes */
    return str_part(text, str_find(text, STR("wrong.json': ")) + 13, text.len);
}

TEST(a_slip_in_a_definition_is_refused_with_its_place)
{
    CHECK_STR(refusal("{\"title\": \"T\", \"colour\": \"red\"}"), "unknown key 'colour'");
    CHECK_STR(refusal("{\"sections\": [{\"title\": \"A\", \"blocks\": [{\"text\": \"ok\"}, "
                      "{\"texts\": \"no\"}]}]}"),
              "section 1: block 2: no kind of block among its keys");
    CHECK_STR(
        refusal("{\"sections\": [{\"title\": \"A\", \"blocks\": [{\"text\": \"{nothing}\"}]}]}"),
        "section 1: block 1: text: unknown figure 'nothing'");
    CHECK_STR(
        refusal("{\"sections\": [{\"title\": \"A\", \"blocks\": [{\"table\": \"nothing\"}]}]}"),
        "section 1: block 1: table: no set 'nothing' in report/sets");
    CHECK_STR(
        refusal("{\"sections\": [{\"title\": \"A\", \"blocks\": [{\"query\": \"nothing\"}]}]}"),
        "section 1: block 1: query: no query 'nothing' in this report");
    CHECK_STR(refusal("{\"cover\": [{\"text\": \"x\", \"when\": \"nothing\"}]}"),
              "cover: block 1: text: 'when': unknown figure 'nothing'");
    CHECK_STR(refusal("{\"title\": "),
              "not valid JSON: line 1, column 10: unexpected token near end of file");
}

TEST(an_unknown_report_kind_or_framework_is_refused)
{
    struct fixture f;

    CHECK(fixture_open(&f, "weekly", "2026-10"));
    CHECK(!compose(&f));
    CHECK_STR(str_from(f.err.text), "cannot make the report: no report kind 'weekly': there is no "
                                    "'report/definitions/weekly.json'");
    f.req.kind = STR("monthly");
    f.req.frameworks = STR("SOC2 COBIT");
    CHECK(!compose(&f));
    CHECK(str_contains(str_from(f.err.text), STR("no framework 'COBIT' in report/frameworks")));
    fixture_close(&f);
}
