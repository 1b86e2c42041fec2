/*
 * example_report: one report model with every kind of block and every awkward string, for the tests
 * of the renderers. The company, its people and its numbers are made up.
 *
 * struct report *r = example_report(&arena, 25) has a register of 25 rows, pulled through `rows`.
 */
#ifndef TESTS_EXAMPLE_REPORT_H
#define TESTS_EXAMPLE_REPORT_H

#include "base/instant.h"
#include "model/report.h"

/* What a log may hold, and what model/display.h makes of it. A PDF shows in addition what no font
 * has as [U+XXXX]. */
struct example_awkward {
    const char *name;
    str raw;
    const char *shown;
};

/* clang-format off */
#define EX(z) {"" z, sizeof(z) - 1}        /* a str in a static initialiser */
#define AWK(name, raw, shown) {name, EX(raw), shown}
/* clang-format on */
static const struct example_awkward example_awkward[] = {
    AWK("Vietnamese", "ẤẾỘợ ữ Nguyễn Thị Hồng Ánh", "ẤẾỘợ ữ Nguyễn Thị Hồng Ánh"),
    AWK("Japanese", "監査 佐藤 健 <k.sato@tarnalder.example>",
        "監査 佐藤 健 <k.sato@tarnalder.example>"),
    AWK("Chinese", "审计日志 已删除,请确认。", "审计日志 已删除,请确认。"),
    AWK("Korean", "감사 기록 김하늘", "감사 기록 김하늘"),
    AWK("Greek", "Δημήτρης Παπαδόπουλος", "Δημήτρης Παπαδόπουλος"),
    AWK("Russian", "Мария Кузнецова · отдел аудита", "Мария Кузнецова · отдел аудита"),
    AWK("Hebrew", "דנה לוי approved 42 changes: שלום 2026-10-14 (יומן)",
        "דנה לוי approved 42 changes: שלום 2026-10-14 (יומן)"),
    AWK("Arabic", "سلام عالم ليلى 17", "سلام عالم ليلى 17"),
    AWK("Emoji", "deploy \U0001F680 done \U0001F512", "deploy \U0001F680 done \U0001F512"),
    AWK("Middle dot", "prod · eu-central-1 · “quoted” – dash — long …",
        "prod · eu-central-1 · “quoted” – dash — long …"),
    AWK("Bidi override",
        "invoice\xE2\x80\xAE"
        "gpj.exe",
        "invoice\\u202Egpj.exe"),
    AWK("Zero width", "adm\xE2\x80\x8Bin\xEF\xBB\xBF", "adm\\u200Bin\\uFEFF"),
    AWK("Control", "bell\a nul\0 esc\x1b[31m tab\there",
        "bell\\u0007 nul\\u0000 esc\\u001B[31m tab here"),
    AWK("Bad UTF-8", "caf\xE9 \xC0\xAF \xED\xA0\x80 end",
        "caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD end"),
    AWK("Private use", "logo \xEE\x80\x80", "logo \\uE000"),
    AWK("Formula", "=HYPERLINK(\"http://example.com\",\"x\")",
        "=HYPERLINK(\"http://example.com\",\"x\")"),
    AWK("Spreadsheet escape", "_x0041_ and <b>&amp;</b>", "_x0041_ and <b>&amp;</b>"),
    AWK("Combining", "Zoe\xCC\x88 e\xCC\x81\xCC\xA3 n\xCC\x83",
        "Zoe\xCC\x88 e\xCC\x81\xCC\xA3 n\xCC\x83"),
    AWK("Two lines", "first line\r\nsecond line", "first line\nsecond line"),
    AWK("Long token",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/"
        "AWSReservedSSO_BreakGlassAdmin_"
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5061728394a5b6c7d8e9f",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/"
        "AWSReservedSSO_BreakGlassAdmin_"
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5061728394a5b6c7d8e9f"),
};
#undef AWK
#define EXAMPLE_NAWKWARD (sizeof example_awkward / sizeof example_awkward[0])

static inline int64_t example_time(int day, int second)
{
    return (instant_days(2026, 10, 1) + day) * 86400 * (INT64_C(1) << 30) +
           second * (INT64_C(1) << 30);
}

/* A number that looks random and is the same everywhere. */
static inline uint32_t example_number(uint32_t n, uint32_t below)
{
    n = (n ^ 61) ^ (n >> 16);
    n *= 9;
    n ^= n >> 4;
    n *= 0x27d4eb2d;
    n ^= n >> 15;
    return n % below;
}

static inline struct value example_text(const char *z)
{
    return (struct value){.is_set = true, .text = str_from(z)};
}
static inline struct value example_count(int64_t n)
{
    return (struct value){.is_set = true, .number = n};
}
static inline struct value example_mark(enum mark mark, const char *word)
{
    return (struct value){.is_set = true, .mark = mark, .text = str_from(word)};
}
static inline struct value example_link(const char *z, const char *anchor)
{
    return (struct value){.is_set = true, .text = str_from(z), .link = str_from(anchor)};
}

static inline struct block *example_block(struct arena *a, struct block ***end,
                                          enum block_kind kind)
{
    struct block *b = arena_new(a, struct block, 1);

    b->kind = kind;
    **end = b;
    *end = &b->next;
    return b;
}

static inline struct section *example_section(struct arena *a, struct section ***end,
                                              const char *number, const char *title,
                                              const char *purpose, const char *anchor)
{
    struct section *s = arena_new(a, struct section, 1);

    s->number = str_from(number);
    s->title = str_from(title);
    s->purpose = str_from(purpose);
    s->anchor = str_from(anchor);
    s->is_pdf = s->is_xlsx = true;
    **end = s;
    *end = &s->next;
    return s;
}

/* --- the cover and the summary -------------------------------------------------------------- */

static inline void example_cover(struct report *r, struct arena *a)
{
    static const struct tile tiles[] = {
        {.label = EX("No exceptions noted"), .value = EX("17"), .mark = MARK_CLEAR},
        {.label = EX("Exceptions"), .value = EX("5"), .mark = MARK_HIGH},
        {.label = EX("Partial or not tested"), .value = EX("2"), .mark = MARK_PARTIAL},
        {.label = EX("No population"), .value = EX("0"), .mark = MARK_DASH},
    };
    static const struct fact facts[] = {
        {.name = EX("Report"),
         .value = EX("APR-2026-10-PROD-1a2b3c · run 2, supersedes APR-2026-10-PROD-99f00d")},
        {.name = EX("Period"),
         .value = EX("2026-10-01 00:00:00Z – before 2026-11-01 00:00:00Z (UTC)")},
        {.name = EX("Generated"),
         .value = EX("2026-11-02 06:00:00Z by auditpress 0.1.0, catalogue 2026.10")},
        {.name = EX("Environment"),
         .value =
             EX("production — 3 AWS accounts, 2 Google Cloud projects, 14 Terraform workspaces")},
        {.name = EX("Events in scope"),
         .value = EX("1,284,307 accepted · 212 rejected · 0 unmapped")},
        {.name = EX("Dataset SHA-256"),
         .value = EX("9f2c7be15d0a4e3388c1f7a2a0c45d9be3316b7a42d5d9e0bb7c0f81a62f4c10"),
         .is_mono = true},
    };
    struct block **end = &r->cover;
    struct block *b;

    b = example_block(a, &end, BLOCK_BANNER);
    b->title = STR("Exceptions noted");
    b->text = STR("5 of 24 tests have exceptions that need a documented response; 2 could not be "
                  "tested in full.");
    b->mark = MARK_HIGH;
    b = example_block(a, &end, BLOCK_TILES);
    b->tiles = tiles;
    b->ntiles = 4;
    b = example_block(a, &end, BLOCK_FACTS);
    b->title = STR("Report identification");
    b->facts = facts;
    b->nfacts = sizeof facts / sizeof facts[0];
    b = example_block(a, &end, BLOCK_TEXT);
    b->title = STR("How to read this report");
    b->text = STR("This report was generated by a program from the files listed in section 1. It "
                  "contains no manual edits. A "
                  "match is a finding for review, not a conclusion about intent. Times are UTC.");
    b->is_note = true;
}

static inline struct chart *example_days(struct arena *a)
{
    struct chart *c = arena_new(a, struct chart, 1);
    str *days = arena_new(a, str, 31);
    struct series *series = arena_new(a, struct series, 3);
    int64_t *v[3];

    for (int s = 0; s < 3; s++)
        v[s] = arena_new(a, int64_t, 31);
    for (int d = 0; d < 31; d++) {
        bool is_weekend = (d + 4) % 7 >= 5;

        days[d] = str_print(a, "%d", d + 1);
        v[0][d] = (is_weekend ? 4 : 26) + example_number((uint32_t)d, 22);
        v[1][d] = example_number((uint32_t)d + 100, 5);
        v[2][d] = d == 17 ? 11 : example_number((uint32_t)d + 200, 9) == 0;
    }
    series[0] = (struct series){STR("Approved"), "series-1", v[0]};
    series[1] = (struct series){STR("Approved late"), "series-2", v[1]};
    series[2] = (struct series){STR("No approval found"), "series-3", v[2]};
    *c = (struct chart){.kind = CHART_STACKED_DAYS,
                        .title = STR("Changes to production per day"),
                        .subtitle =
                            STR("Applied infrastructure changes by approval state, UTC days"),
                        .note = STR("18 Oct: 11 without approval"),
                        .note_at = 17,
                        .categories = days,
                        .ncategories = 31,
                        .series = series,
                        .nseries = 3,
                        .sheet = STR("Summary")};
    return c;
}

static inline struct chart *example_parts(struct arena *a, enum chart_kind kind)
{
    static const str severities[] = {EX("Critical"), EX("High"), EX("Medium"), EX("Low")};
    static const str sources[] = {EX("AWS CloudTrail"),   EX("Google Cloud audit logs"),
                                  EX("GitHub audit log"), EX("HCP Terraform"),
                                  EX("Terraform state"),  EX("git log")};
    static const str steps[] = {EX("Merged change requests"),
                                EX("with an approval by another person"), EX("with a run"),
                                EX("run applied"), EX("explained by a ticket")};
    static const int64_t by_severity[] = {2, 6, 12, 7};
    static const int64_t by_source[] = {612345, 288010, 96221, 31007, 15012, 0};
    static const int64_t by_step[] = {412, 401, 396, 379, 371};
    static const struct series series[] = {{EX("Exceptions"), "severity", by_severity},
                                           {EX("Events"), "series-1", by_source},
                                           {EX("Changes"), "teal", by_step}};
    struct chart *c = arena_new(a, struct chart, 1);

    c->kind = kind;
    c->nseries = 1;
    if (kind == CHART_DONUT) {
        c->title = STR("Exceptions by severity");
        c->subtitle = STR("27 in the period");
        c->total_label = STR("exceptions");
        c->categories = severities;
        c->ncategories = 4;
        c->series = &series[0];
    } else if (kind == CHART_BARS) {
        c->title = STR("Events by source");
        c->subtitle = STR("Accepted, in scope");
        c->categories = sources;
        c->ncategories = 6;
        c->series = &series[1];
    } else {
        c->title = STR("From change request to ticket");
        c->subtitle = STR("Changes of the period; each step loses those without a link");
        c->categories = steps;
        c->ncategories = 5;
        c->series = &series[2];
    }
    return c;
}

static inline struct chart *example_heat(struct arena *a, bool is_coverage)
{
    static const char *const sources[] = {
        "aws 123456789012", "aws 210987654321", "gcp tarn-data-prod",  "github tarnalder",
        "hcp tarnalder",    "k8s prod-eu-1",    "佐藤 健 audit export"};
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    size_t columns = is_coverage ? 31 : 24;
    struct chart *c = arena_new(a, struct chart, 1);
    struct series *series = arena_new(a, struct series, 7);
    str *categories = arena_new(a, str, columns);

    for (size_t k = 0; k < columns; k++)
        categories[k] = is_coverage ? str_print(a, "%zu", k + 1) : str_print(a, "%02zu", k);
    for (size_t s = 0; s < 7; s++) {
        int64_t *v = arena_new(a, int64_t, columns);

        for (size_t k = 0; k < columns; k++) {
            v[k] = 20 + example_number((uint32_t)(s * 50 + k), 200);
            if (!is_coverage && (k < 7 || k > 18 || s > 4))
                v[k] = example_number((uint32_t)(s * 50 + k), 6) ? 0 : 12;
        }
        if (is_coverage && s == 0)
            v[8] = HEAT_GAP;
        if (is_coverage && s == 2)
            v[20] = v[21] = HEAT_GAP;
        if (is_coverage && s == 5)
            v[0] = v[1] = v[2] = v[3] = HEAT_ABSENT;
        series[s] = (struct series){str_from(is_coverage ? sources[s] : weekdays[s]),
                                    is_coverage ? "teal" : "series-1", v};
    }
    *c = (struct chart){.kind = CHART_HEATMAP,
                        .categories = categories,
                        .ncategories = columns,
                        .series = series,
                        .nseries = 7,
                        .sheet = is_coverage ? STR("Sources") : STR_NONE};
    if (is_coverage) {
        c->title = STR("Log coverage by source and day");
        c->subtitle = STR("Filled: events received · hatched: gap · empty: source not active");
    } else {
        c->title = STR("Privileged activity by hour and weekday");
        c->subtitle = STR("Interactive sessions, UTC");
        c->note = STR("outside the change window");
        c->note_at = 6 * 24 + 3;
    }
    return c;
}

static inline void example_summary(struct section *s, struct arena *a)
{
    static const int64_t up[] = {30, 34, 31, 38, 41, 40, 44, 43, 47, 52};
    static const int64_t down[] = {9, 8, 8, 7, 7, 5, 6, 4, 3, 3};
    static const struct tile tiles[] = {
        {EX("Events"), EX("1,284,307"), EX("September: 1,210,006"), MARK_LOW, up, 10},
        {EX("Changes traced"), EX("98.7 %"), EX("856 of 867 applies"), MARK_CLEAR, up, 10},
        {EX("Exceptions"), EX("27"), EX("September: 18"), MARK_CRITICAL, down, 10},
        {EX("Log coverage"), EX("99.97 %"), EX("1 gap, 41 min"), MARK_MEDIUM, up, 10},
        {EX("Privileged sessions"), EX("312"), EX("12 break-glass"), MARK_LOW, down, 10},
        {EX("Denied actions"), EX("4,918"), EX("0.38 % of events"), MARK_INFO, up, 10},
        {EX("Drifted resources"), EX("14"), EX("5 still open"), MARK_HIGH, down, 10},
        {EX("Time to approve"), EX("3 h 24 min"), EX("median, n = 867"), MARK_CLEAR, NULL, 0},
    };
    static const struct fact decisions[] = {
        {EX("EX-014 – EX-024"),
         EX("Eleven applies to workspace payments-core ran from a pipeline that skipped the "
            "approval "
            "stage (CC8.1, A.8.32, 6.5.1)."),
         false, MARK_CRITICAL, EX("ex-014")},
        {EX("EX-003"),
         EX("Role BreakGlassAdmin assumed by j.müller@tarnalder.example with no open incident."),
         false,
         MARK_CRITICAL,
         {NULL, 0}},
        {EX("EX-031"),
         EX("CloudTrail eu-west-3 delivered no events for 41 minutes on 2026-10-09."),
         false,
         MARK_MEDIUM,
         {NULL, 0}},
    };
    struct block **end = &s->blocks;
    struct block *b;

    b = example_block(a, &end, BLOCK_TEXT);
    b->text = STR("In October 2026 auditpress examined 1,284,307 events from nine sources with 24 "
                  "queries. Eleven Terraform "
                  "applies reached production without an approved pull request, and one "
                  "break-glass role was used outside "
                  "an open incident. Log coverage was complete except for a 41-minute gap in one "
                  "CloudTrail region.");
    b = example_block(a, &end, BLOCK_TILES);
    b->tiles = tiles;
    b->ntiles = 8;
    b = example_block(a, &end, BLOCK_CHART_PAIR);
    b->chart = example_days(a);
    b->chart2 = example_parts(a, CHART_DONUT);
    b = example_block(a, &end, BLOCK_CHART_PAIR);
    b->chart = example_heat(a, false);
    b->chart2 = example_parts(a, CHART_BARS);
    b = example_block(a, &end, BLOCK_DECISIONS);
    b->title = STR("What needs a decision");
    b->facts = decisions;
    b->nfacts = 3;
}

/* --- tables --------------------------------------------------------------------------------- */

static inline struct block *example_exceptions(struct arena *a, struct block ***end)
{
    static const str decisions[] = {EX("open"), EX("accepted"), EX("remediated"),
                                    EX("false positive")};
    static const struct column columns[] = {
        {.name = EX("id"), .title = EX("ID"), .type = COLUMN_ID, .weight = 9, .is_bold = true},
        {.name = EX("severity"), .title = EX("Severity"), .type = COLUMN_MARK, .weight = 12},
        {.name = EX("controls"),
         .title = EX("Control / actor"),
         .type = COLUMN_TEXT,
         .weight = 21,
         .is_bold = true},
        {.name = EX("actor"), .title = EX("Actor"), .type = COLUMN_TEXT, .weight = 1, .under = 3},
        {.name = EX("what"), .title = EX("What happened"), .type = COLUMN_TEXT, .weight = 42},
        {.name = EX("where"), .title = EX("Where"), .type = COLUMN_TEXT, .weight = 1, .under = 5},
        {.name = EX("when"), .title = EX("When (UTC)"), .type = COLUMN_TIME, .weight = 12},
        {.name = EX("decision"),
         .title = EX("Decision"),
         .type = COLUMN_INPUT,
         .weight = 12,
         .choices = decisions,
         .nchoices = 4},
        {.name = EX("record_sha256"), .title = EX("Record SHA-256"), .type = COLUMN_HASH},
    };
    static const struct {
        const char *id;
        enum mark mark;
        const char *word, *controls, *actor, *what, *where;
    } rows[] = {
        {"EX-003", MARK_CRITICAL, "critical", "CC6.1 · A.8.2 · 7.2.2", "j.müller@tarnalder.example",
         "sts:AssumeRole on "
         "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/"
         "AWSReservedSSO_BreakGlassAdmin_0a1b2c3d4e5f6071",
         "aws · 123456789012 · eu-central-1"},
        {"EX-014", MARK_CRITICAL, "critical", "CC8.1 · A.8.32 · 6.5.1",
         "ci-runner (github-actions)",
         "terraform apply run-Qz7kP3vB1xY — 14 to add, 3 to change, 1 to destroy; no approved pull "
         "request within 72 h",
         "hcp · payments-core-prod"},
        {"EX-022", MARK_HIGH, "high", "CC6.3 · A.5.18", "佐藤 健 <k.sato@tarnalder.example>",
         "SetIamPolicy grants roles/owner to "
         "serviceAccount:batch-export@tarn-data-prod.iam.gserviceaccount.com",
         "gcp · tarn-data-prod"},
        {"EX-025", MARK_HIGH, "high", "CC6.1 · 8.3.1", "unknown (expired session)",
         "ConsoleLogin without MFA, 7 failures then success from 203.0.113.77",
         "aws · 210987654321 · us-east-1"},
        {"EX-027", MARK_MEDIUM, "medium", "CC7.1 · A.8.9",
         "system:serviceaccount:kube-system:addon-manager",
         "patch clusterroles/view aggregates verbs [\"*\"] into namespace-admins",
         "k8s · prod-eu-1"},
        {"EX-031", MARK_MEDIUM, "medium", "CC7.2 · A.8.15 · 10.2.1", NULL,
         "No CloudTrail delivery 2026-10-09 14:02:00Z – 14:43:00Z (expected ≥ 1 event / 5 min)",
         "aws · eu-west-3"},
        {"EX-036", MARK_LOW, "low", "CC6.2 · A.5.16", "svc-deploy",
         "Access key AKIA…7Q2X unused for 92 days, still active", "aws · 123456789012"},
        {"EX-037", MARK_INFO, "info", "CC7.2", "דנה לוי",
         "First-seen actor: no event in the 90 days before", "github · tarnalder"},
    };
    const size_t nrows = sizeof rows / sizeof rows[0],
                 ncolumns = sizeof columns / sizeof columns[0];
    struct value *v = arena_new(a, struct value, nrows * ncolumns);
    struct table *t = arena_new(a, struct table, 1);
    struct block *b = example_block(a, end, BLOCK_TABLE);

    for (size_t r = 0; r < nrows; r++) {
        struct value *cell = v + r * ncolumns;

        cell[0] = r == 1 ? example_link(rows[r].id, "ex-014") : example_text(rows[r].id);
        cell[1] = example_mark(rows[r].mark, rows[r].word);
        cell[2] = example_text(rows[r].controls);
        cell[3] = rows[r].actor ? example_text(rows[r].actor) : (struct value){0};
        cell[4] = example_text(rows[r].what);
        cell[5] = example_text(rows[r].where);
        cell[6] = example_count(example_time((int)r * 3 + 1, 34867 + (int)r * 97));
        cell[8] = example_text("9f2c7be15d0a4e3388c1f7a2a0c45d9be3316b7a42d5d9e0bb7c0f81a62f4c10");
    }
    *t = (struct table){
        .columns = columns,
        .ncolumns = ncolumns,
        .values = v,
        .nrows = nrows,
        .sheet = STR("Exceptions"),
        .empty = STR("No exceptions in this period."),
        .digest = STR("4b1d0e1c29f7be15d0a4e3388c1f7a2a0c45d9be3316b7a42d5d9e0bb7c0e07a")};
    b->table = t;
    return b;
}

static inline void example_controls(struct section *s, struct arena *a)
{
    static const struct column columns[] = {
        {.name = EX("control"),
         .title = EX("Control"),
         .type = COLUMN_ID,
         .weight = 10,
         .is_bold = true},
        {.name = EX("test"),
         .title = EX("Requirement and test"),
         .type = COLUMN_TEXT,
         .weight = 45},
        {.name = EX("population"), .title = EX("Population"), .type = COLUMN_COUNT, .weight = 12},
        {.name = EX("exceptions"),
         .title = EX("Exceptions"),
         .type = COLUMN_COUNT,
         .weight = 12,
         .is_bold = true},
        {.name = EX("rate"), .title = EX("Rate"), .type = COLUMN_PERCENT, .weight = 8},
        {.name = EX("longest"), .title = EX("Longest"), .type = COLUMN_DURATION, .weight = 11},
        {.name = EX("outcome"), .title = EX("Outcome"), .type = COLUMN_MARK, .weight = 20},
    };
    static const struct {
        const char *control, *test;
        int64_t population, exceptions;
        enum mark mark;
        const char *word;
    } rows[] = {
        {"CC6.1", "Privileged access needs an approved request", 48112, 1, MARK_CRITICAL,
         "exceptions"},
        {"CC6.2", "Leavers lose access within 24 hours", 61, 0, MARK_CLEAR, "no exceptions noted"},
        {"CC6.3", "No wildcard grants to human identities", 9330, 2, MARK_HIGH, "exceptions"},
        {"CC7.1", "Drift is detected and resolved in 7 days", 14, 5, MARK_MEDIUM, "exceptions"},
        {"CC7.2", "Sources deliver without gaps longer than 15 minutes", 9, 1, MARK_PARTIAL,
         "partial"},
        {"CC7.3", "Incidents have a timeline", 0, 0, MARK_DASH, "no population"},
        {"CC8.1", "Every apply traces to an approved change", 867, 11, MARK_CRITICAL, "exceptions"},
        {"CC9.2", "Vendor sessions are requested and recorded", -1, -1, MARK_DASH, "not tested"},
    };
    const size_t nrows = sizeof rows / sizeof rows[0],
                 ncolumns = sizeof columns / sizeof columns[0];
    struct value *v = arena_new(a, struct value, nrows * ncolumns);
    struct table *t = arena_new(a, struct table, 1), *none = arena_new(a, struct table, 1);
    struct block **end = &s->blocks;
    struct block *b;

    for (size_t r = 0; r < nrows; r++) {
        struct value *cell = v + r * ncolumns;

        cell[0] = example_text(rows[r].control);
        cell[1] = example_text(rows[r].test);
        if (rows[r].population >= 0) {
            cell[2] = example_count(rows[r].population);
            cell[3] = example_count(rows[r].exceptions);
        }
        if (rows[r].population > 0)
            cell[4] = example_count(rows[r].exceptions * 1000 / rows[r].population);
        if (rows[r].exceptions > 0)
            cell[5] = example_count(5400 * rows[r].exceptions);
        cell[6] = example_mark(rows[r].mark, rows[r].word);
    }
    *t = (struct table){.columns = columns,
                        .ncolumns = ncolumns,
                        .values = v,
                        .nrows = nrows,
                        .sheet = STR("Controls")};
    *none = (struct table){
        .columns = columns,
        .ncolumns = ncolumns,
        .empty = STR("No controls without evidence in this period; 24 controls were examined.")};

    b = example_block(a, &end, BLOCK_TEXT);
    b->text = STR("One row per control; results come from the queries named in the workbook, sheet "
                  "“Controls”.");
    b->is_note = true;
    b = example_block(a, &end, BLOCK_TABLE);
    b->table = t;
    b = example_block(a, &end, BLOCK_TABLE);
    b->title = STR("Controls without evidence");
    b->table = none;
    b = example_block(a, &end, BLOCK_CHART);
    b->chart = example_heat(a, true);
    b = example_block(a, &end, BLOCK_CHART);
    b->chart = example_parts(a, CHART_FUNNEL);
}

struct example_register {
    struct arena *a; /* texts of one row: reset with the next */
    size_t at, nrows;
};

static inline bool example_register_next(void *state, struct value *v, struct err *err)
{
    static const char *const actors[] = {"j.müller@tarnalder.example",
                                         "佐藤 健",
                                         "system:serviceaccount:kube-system:addon-manager",
                                         "olivia.łuczak@tarnalder.example",
                                         "Δημήτρης Παπαδόπουλος",
                                         "ci-runner",
                                         "svc-deploy"};
    static const char *const actions[] = {
        "AssumeRole",      "Microsoft.Authorization/roleAssignments/write",
        "PutBucketPolicy", "terraform.run.apply",
        "DeleteTrail",     "repo.merge",
        "SetIamPolicy",    "ConsoleLogin"};
    static const char *const targets[] = {
        "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole",
        "payments-core-prod / run-Qz7kP3vB1xY", "projects/tarn-data-prod",
        "/subscriptions/9f1c2d3e-0000-4a5b-8c6d-7e8f9a0b1c2d/vaults/kv-core"};
    static const char *const sources[] = {"aws", "gcp", "github", "hcp"};
    struct example_register *reg = state;
    uint32_t n = (uint32_t)reg->at;

    (void)err;
    if (reg->at >= reg->nrows)
        return false;
    arena_reset(reg->a);
    v[0] = example_count(90001 + (int64_t)reg->at);
    v[1] = example_count(example_time((int)(n % 31), (int)example_number(n, 86400)));
    v[2] = example_text(actors[n % 7]);
    v[3] = example_text(sources[n % 4]);
    v[4] = example_text(actions[n % 8]);
    v[5] = example_text(targets[n % 4]);
    v[6] = n % 9 ? example_mark(MARK_CLEAR, "success") : example_mark(MARK_CRITICAL, "denied");
    v[7] = (struct value){.is_set = true,
                          .text = str_print(reg->a, "%08x%08x%08x%08x%08x%08x%08x%08x",
                                            example_number(n, 1U << 31), n, n * 7, n * 11, n * 13,
                                            n * 17, n * 19, n * 23)};
    reg->at++;
    return true;
}

static inline bool example_register_rewind(void *state, struct err *err)
{
    (void)err;
    ((struct example_register *)state)->at = 0;
    return true;
}

static inline void example_register(struct section *s, struct arena *a, struct arena *row_arena,
                                    size_t nrows)
{
    static const struct column columns[] = {
        {.name = EX("row"), .title = EX("Row"), .type = COLUMN_COUNT, .weight = 5},
        {.name = EX("time"), .title = EX("Time (UTC)"), .type = COLUMN_TIME, .weight = 12},
        {.name = EX("actor"), .title = EX("Actor"), .type = COLUMN_TEXT, .weight = 19},
        {.name = EX("source"), .title = EX("Source"), .type = COLUMN_TEXT, .weight = 5},
        {.name = EX("action"),
         .title = EX("Action"),
         .type = COLUMN_TEXT,
         .weight = 17,
         .is_bold = true},
        {.name = EX("target"), .title = EX("Target"), .type = COLUMN_TEXT, .weight = 29},
        {.name = EX("outcome"), .title = EX("Outcome"), .type = COLUMN_MARK, .weight = 8},
        {.name = EX("record_sha256"),
         .title = EX("Record SHA-256"),
         .type = COLUMN_HASH,
         .weight = 10},
    };
    struct block **end = &s->blocks;
    struct block *b = example_block(a, &end, BLOCK_TABLE);
    struct table *t = arena_new(a, struct table, 1);
    struct example_register *reg = arena_new(a, struct example_register, 1);

    *reg = (struct example_register){row_arena, 0, nrows};
    *t = (struct table){.columns = columns,
                        .ncolumns = sizeof columns / sizeof columns[0],
                        .nrows = nrows,
                        .source = {reg, example_register_next, example_register_rewind},
                        .pdf_limit = 2000,
                        .sheet = STR("Events"),
                        .empty = STR("No events in this period."),
                        .is_register = true};
    b->table = t;
    s->is_landscape = true;
}

/* --- the rest ------------------------------------------------------------------------------- */

static inline void example_strings(struct section *s, struct arena *a)
{
    static const struct column columns[] = {
        {.name = EX("name"),
         .title = EX("Kind"),
         .type = COLUMN_TEXT,
         .weight = 1,
         .is_bold = true},
        {.name = EX("text"), .title = EX("Text as recorded"), .type = COLUMN_TEXT, .weight = 4},
        {.name = EX("length"), .title = EX("Bytes"), .type = COLUMN_COUNT, .weight = 1},
    };
    struct value *v = arena_new(a, struct value, (EXAMPLE_NAWKWARD + 1) * 3);
    struct table *t = arena_new(a, struct table, 1);
    char *big = arena_alloc(a, 40000, 1);
    struct block **end = &s->blocks;
    struct block *b;
    size_t r;

    for (r = 0; r < EXAMPLE_NAWKWARD; r++) {
        v[r * 3] = example_text(example_awkward[r].name);
        v[r * 3 + 1] = (struct value){.is_set = true, .text = example_awkward[r].raw};
        v[r * 3 + 2] = example_count((int64_t)example_awkward[r].raw.len);
    }
    for (size_t k = 0; k < 40000; k++)
        big[k] = k % 61 == 60
                     ? ' '
                     : "abcdefghij-klmnop/qrstuvwxyz_0123456789"[example_number((uint32_t)k, 39)];
    v[r * 3] = example_text("40,000 characters");
    v[r * 3 + 1] = (struct value){.is_set = true, .text = {big, 40000}};
    v[r * 3 + 2] = example_count(40000);
    *t = (struct table){.columns = columns,
                        .ncolumns = 3,
                        .values = v,
                        .nrows = EXAMPLE_NAWKWARD + 1,
                        .sheet = STR("Strings: a/b*c?")};
    b = example_block(a, &end, BLOCK_TABLE);
    b->title = STR("Strings as logs hold them");
    b->text = STR("Nothing is normalised, trimmed or cut");
    b->table = t;
}

static inline void example_signoff(struct section *s, struct arena *a)
{
    static const struct step steps[] = {
        {0, MARK_INFO, EX("Commit 4f9c2e1 pushed to main by olivia.łuczak"),
         EX("github · tarnalder/payments-core · row 88,214")},
        {0, MARK_HIGH, EX("Workflow “deploy-prod” started; job “approve” skipped by condition"),
         EX("github actions · run 9931420 · row 88,236")},
        {0, MARK_CRITICAL,
         EX("terraform apply run-Qz7kP3vB1xY: 14 to add, 3 to change, 1 to destroy"),
         EX("hcp terraform · payments-core-prod · row 90,001")},
        {0, MARK_HIGH, EX("AuthorizeSecurityGroupIngress sg-0f31 0.0.0.0/0:443"),
         EX("aws cloudtrail · eu-central-1 · row 90,114")},
    };
    static const struct fact signers[] = {
        {.name = EX("Prepared by"), .value = EX("Ines Okafor, platform operations")},
        {.name = EX("Reviewed by")},
        {.name = EX("Approved by")}};
    struct step *timeline = arena_new(a, struct step, 4);
    struct block **end = &s->blocks;
    struct block *b;

    for (int k = 0; k < 4; k++) {
        timeline[k] = steps[k];
        timeline[k].t = example_time(17, 33170 + k * 617);
    }
    b = example_block(a, &end, BLOCK_SUBTITLE);
    b->title = STR("Exception EX-014 — sequence of events");
    b->anchor = STR("ex-014");
    b = example_block(a, &end, BLOCK_TIMELINE);
    b->steps = timeline;
    b->nsteps = 4;
    b = example_block(a, &end, BLOCK_CODE);
    b->title = STR("How to reproduce");
    b->text = STR("auditpress report monthly --period 2026-10 --env production --generated-at "
                  "2026-11-02T06:00:00Z "
                  "--format pdf,xlsx,json\nauditpress verify monthly-production-2026-10");
    b = example_block(a, &end, BLOCK_PAGE);
    b = example_block(a, &end, BLOCK_TEXT);
    b->text = STR("I have read sections 1 to 4, examined the exceptions and recorded my decisions "
                  "in the register.\n\nThe "
                  "reviewer differs from the preparer.");
    b = example_block(a, &end, BLOCK_SIGNATURES);
    b->title = STR("Signatures");
    b->facts = signers;
    b->nfacts = 3;
}

/* Rows of the register are made one at a time in `row_arena`. */
static inline struct report *example_report_in(struct arena *a, struct arena *row_arena,
                                               size_t register_rows)
{
    struct report *r = arena_new(a, struct report, 1);
    struct section **end = &r->sections;
    struct section *s;
    struct block **blocks;
    struct block *b;

    *r = (struct report){
        .id = STR("APR-2026-10-PROD-1a2b3c"),
        .kind = STR("monthly"),
        .title = STR("Change and access evidence"),
        .subtitle = STR("Production environment · October 2026"),
        .organization = STR("Tarn & Alder Payments GmbH"),
        .prepared_for = STR("Tarn & Alder Payments GmbH — Internal Audit"),
        .frameworks = STR("SOC 2 · ISO/IEC 27001:2022 · PCI DSS v4.0.1 · NIST SP 800-53 Rev. 5"),
        .environment = STR("production"),
        .classification = STR("Confidential — restricted distribution"),
        .period = STR("2026-10-01 00:00Z – before 2026-11-01 00:00Z"),
        .generated = STR("2026-11-02T06:00:00Z"),
        .generated_sec = 1793599200,
        .program = STR("auditpress 0.1.0"),
        .dataset_sha256 = STR("9f2c7be15d0a4e3388c1f7a2a0c45d9be3316b7a42d5d9e0bb7c0f81a62f4c10"),
        .state = STR("DRAFT")};
    example_cover(r, a);
    s = example_section(a, &end, "1", "Executive summary", "What happened, in figures", "summary");
    example_summary(s, a);
    s = example_section(a, &end, "2", "Exceptions", "Each finding with its evidence", "exceptions");
    blocks = &s->blocks;
    b = example_block(a, &blocks, BLOCK_TEXT);
    b->text = STR("Sorted by severity, then time. A match is a finding for review.");
    b->is_note = true;
    example_exceptions(a, &blocks);
    s = example_section(a, &end, "3", "Controls", "Which control rests on which evidence",
                        "controls");
    example_controls(s, a);
    s = example_section(a, &end, "4", "Completeness and sign-off",
                        "What the report rests on, and who says so", "signoff");
    example_signoff(s, a);
    s = example_section(a, &end, "A", "Event register", "Every event in scope", "register");
    example_register(s, a, row_arena, register_rows);
    s = example_section(a, &end, "B", "Awkward strings", "Text that logs really contain",
                        "strings");
    example_strings(s, a);
    return r;
}

#endif
