/*
 * report: what a report says, as one tree with all numbers computed. PDF, XLSX and JSON say the
 * same because they are given the same. Renderers walk it; they place and format, and compute
 * nothing.
 *
 * Everything lives in the arena of the run, except rows of large tables, which are pulled one at a
 * time from `rows`.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/arena.h"
#include "base/err.h"

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
const char *severity_name(enum severity s); /* "critical" */
bool severity_find(str name, enum severity *out);

/* The five outcomes of a query; never two (catalogue 1.2). */
#define RESULTS(X)                                                                                 \
    X(RESULT_NO_EXCEPTIONS, "no-exceptions", "no exceptions noted")                                \
    X(RESULT_EXCEPTIONS, "exceptions", "exceptions")                                               \
    X(RESULT_NO_POPULATION, "no-population", "no population")                                      \
    X(RESULT_NOT_TESTED, "not-tested", "not tested")                                               \
    X(RESULT_PARTIAL, "partial", "partial")
#define RESULT_CONSTANT(constant, name, words) constant,
enum result { RESULTS(RESULT_CONSTANT) };
const char *result_name(enum result r);  /* "not-tested" */
const char *result_words(enum result r); /* "not tested" */

/* How a mark looks: shape, colour and word always go together. */
enum mark {
    MARK_NONE,
    MARK_CRITICAL,
    MARK_HIGH,
    MARK_MEDIUM,
    MARK_LOW,
    MARK_INFO,  /* severities */
    MARK_CLEAR, /* no exceptions noted: tick */
    MARK_DASH,  /* not tested, no population */
    MARK_PARTIAL,
};
enum mark mark_of_severity(enum severity s);

/* --- tables ------------------------------------------------------------------------------- */

enum column_type {
    COLUMN_TEXT,
    COLUMN_ID,       /* identifiers: text always, mono in the PDF when long */
    COLUMN_TIME,     /* value is a time key; printed UTC with Z */
    COLUMN_COUNT,    /* right-aligned, thousands */
    COLUMN_PERCENT,  /* value in 1/1000 */
    COLUMN_DURATION, /* seconds */
    COLUMN_MARK,     /* severity or result with its word */
    COLUMN_HASH,     /* SHA-256 hex: shortened in the PDF, whole in XLSX and JSON */
    COLUMN_INPUT,    /* empty, for the reviewer to fill in; drop-down if `choices` */
};

bool column_is_number(enum column_type type); /* count, percent, duration: right-aligned */

struct column {
    str name;  /* machine name: "actor" */
    str title; /* "Actor" */
    enum column_type type;
    int weight; /* share of the width in the PDF; 0: not printed there, workbook only */
    int under; /* index + 1 of the column under whose text this one is printed in faint type; 0: own
                  column */
    bool is_bold;
    const str *choices; /* drop-down list for COLUMN_INPUT */
    size_t nchoices;
};

struct value {
    bool is_set;
    int64_t number; /* TIME, COUNT, PERCENT, DURATION */
    enum mark mark; /* MARK */
    str text;       /* everything else, and the word of a mark */
    str link;       /* anchor inside the report, or absent */
};

/* Rows one after another; `next` fills values[0..ncolumns) and returns false at the end or on error
 * (*err set). Texts are valid until the next call. `rewind` starts over: each renderer pulls the
 * rows itself. */
struct rows {
    void *state;
    bool (*next)(void *state, struct value *values, struct err *err);
    bool (*rewind)(void *state, struct err *err);
};

struct table {
    const struct column *columns;
    size_t ncolumns;
    const struct value *values; /* nrows * ncolumns, row by row; NULL when `source` is used */
    size_t nrows;               /* always known, also with `source` */
    struct rows source;
    size_t pdf_limit; /* rows printed in the PDF; 0: all. Cut lists say "rows 1-k of N" */
    str sheet;        /* sheet of the workbook where all rows are; absent: not in the workbook. In a
                         section with is_xlsx this table is written there (one table a sheet); in
                         others it only says where to look. At most 31 characters; not README,
                         Summary, Figures or Lists, which are the workbook's own */
    str empty;        /* sentence printed when there is no row */
    str digest;       /* SHA-256 over the ordered rows; absent: none */
    bool is_register; /* landscape page, small type */
};

/* --- charts ------------------------------------------------------------------------------- */

enum chart_kind {
    CHART_STACKED_DAYS, /* one bar a day (or month), stacked series */
    CHART_BARS,         /* horizontal bars, one series, value at the end */
    CHART_DONUT,        /* at most five parts of one total */
    CHART_HEATMAP,      /* rows x columns, shades; cell < 0: see below */
    CHART_FUNNEL,       /* steps with counts and what is lost between */
};
#define HEAT_GAP    (-1) /* hatched: a gap in the record */
#define HEAT_ABSENT (-2) /* empty frame: not active, not expected */

struct series {
    str name;
    const char *colour;    /* name in the theme: "series-1", "critical", "teal" ... */
    const int64_t *values; /* one per category */
};

struct chart {
    enum chart_kind kind;
    str title, subtitle; /* what is counted; unit, population and zone */
    str note;            /* the one thing to notice, at category `note_at`; absent: none.
                          * Heat map: note_at = row * ncategories + column, that cell is outlined */
    size_t note_at;
    const str *categories; /* x labels, bar labels, parts, heat columns */
    size_t ncategories;
    const struct series *series; /* heat map: one series a row */
    size_t nseries;
    str total_label; /* donut: word under the total */
    str sheet;       /* workbook sheet with the same numbers as a table; absent: only on "Figures",
                        which has those of every chart */
};

/* --- blocks ------------------------------------------------------------------------------- */

struct fact { /* one line of an identification list */
    str name, value;
    bool is_mono;
    enum mark mark; /* of a decision; MARK_NONE: none */
    str link;       /* anchor inside the report, or absent */
};

struct tile {
    str label, value, note;
    enum mark mark;       /* colour of the edge */
    const int64_t *trend; /* sparkline; NULL: none */
    size_t ntrend;
};

struct step {  /* of a timeline */
    int64_t t; /* time key */
    enum mark mark;
    str title, note;
};

enum block_kind {
    BLOCK_TEXT,   /* paragraph; `is_note` small and faint */
    BLOCK_BANNER, /* conclusion: mark, title, text */
    BLOCK_FACTS,
    BLOCK_TILES, /* up to eight, four across */
    BLOCK_TABLE,
    BLOCK_CHART,
    BLOCK_CHART_PAIR, /* two charts side by side, the first twice as wide */
    BLOCK_TIMELINE,
    BLOCK_DECISIONS,  /* what needs a decision (facts: mark, name = id, value = sentence) */
    BLOCK_SIGNATURES, /* prepared, reviewed, approved */
    BLOCK_CODE,       /* command lines, mono */
    BLOCK_SUBTITLE,   /* block title inside a section, with its anchor */
    BLOCK_PAGE,       /* start a new page */
};

struct block {
    enum block_kind kind;
    str title, text; /* title above the block; subtitle below it in `text` for tables and charts */
    str anchor;      /* link target; absent: none */
    bool is_note;
    enum mark mark;
    const struct fact *facts;
    size_t nfacts;
    const struct tile *tiles;
    size_t ntiles;
    const struct table *table;
    const struct chart *chart, *chart2;
    const struct step *steps;
    size_t nsteps;
    struct block *next;
};

struct section {
    str number; /* "1", "A" */
    str title;
    str purpose; /* one line for the contents page */
    str anchor;
    bool is_landscape;
    bool is_pdf, is_xlsx; /* where it appears */
    struct block *blocks;
    struct section *next;
};

struct report {
    str id;       /* "APR-2026-10-PROD-1a2b3c" */
    str kind;     /* monthly, request */
    str title;    /* "Change and access evidence" */
    str subtitle; /* "Production environment · October 2026" */
    str organization, prepared_for, frameworks, environment, classification;
    str period; /* as printed everywhere */
    str period_from,
        period_until; /* RFC 3339, half open; for the workbook's properties and the manifest */
    str generated;    /* RFC 3339, a parameter */
    int64_t generated_sec;
    str program; /* "auditpress 0.1.0" */
    str dataset_sha256;
    str state; /* "DRAFT" (the period is not over) or "UNSIGNED", and " · record incomplete" */
    bool is_complete; /* nothing not tested, no gaps, no rejected records */
    struct row_source
        *sources; /* who makes the report keeps its row sources here, to close them at the end */
    struct block *cover;      /* banner, tiles, facts, text of the cover */
    struct section *sections; /* in order */
};

/* What a renderer found that the report could not know: told to the user and kept in the manifest.
 */
struct render_notes {
    uint64_t characters_not_shown; /* different ones, written as [U+XXXX] */
    uint64_t cells_cut;            /* texts too long for a cell: cut with a mark */
    uint64_t pages, rows, sheets;
    str fonts; /* "LiberationSans-Regular.ttf sha256..." lines */
};

#endif
