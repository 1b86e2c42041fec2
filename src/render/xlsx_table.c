/*
 * xlsx_table: one sheet a table, with every row of it.
 *
 * Made to be filtered, sampled and pivoted: one head row, one fact a cell, no merged cells, no
 * subtotals, nothing below the data. Identifiers are text, times are real dates, no formula is ever
 * made. A table longer than a sheet goes on in "Name 2" under the same head. Rows come from the
 * report's values or are pulled from its source; their number is the one promised or the workbook
 * is not finished.
 */
#include "base/instant.h"
#include "model/display.h"
#include "render/xlsx.h"

#define PAGE_LETTERS 340.0 /* of a landscape page at less than half size, still legible */
#define DAY_SECONDS  86400.0
#define SERIAL_1970  25569.0 /* days from the spreadsheet's day 0 to 1970-01-01 */
#define SERIAL_FIRST_SECOND                                                                        \
    INT64_C(-2203891200) /* 1900-03-01: before it the spreadsheet's calendar has a day too many */
#define SERIAL_END_SECOND INT64_C(253402300800) /* 10000-01-01 */

/* --- cells ----------------------------------------------------------------------------------- */

/*
 * Whole seconds only: the low bits of an event's key are no fraction (base/instant.h). Second 0 is
 * how the store keeps "no time". What the spreadsheet's calendar cannot hold is written as text
 * rather than moved.
 */
static bool put_time(struct book *b, struct sheet *s, uint64_t row, int col, int64_t key,
                     struct err *err)
{
    int64_t sec = key >> 30;

    if (sec == 0)
        return xlsx_put_blank(b, s, row, col, STYLE_TIME, err);
    if (sec < SERIAL_FIRST_SECOND || sec >= SERIAL_END_SECOND)
        return xlsx_put_text(b, s, row, col,
                             str_print(&b->scratch, "%lld s after 1970", (long long)sec), STYLE_ID,
                             err);
    return xlsx_put_number(b, s, row, col, SERIAL_1970 + (double)sec / DAY_SECONDS, STYLE_TIME,
                           err);
}

static bool put_duration(struct book *b, struct sheet *s, uint64_t row, int col, int64_t sec,
                         struct err *err)
{
    /* Spreadsheets print a negative time as a row of hashes. */
    if (sec < 0)
        return xlsx_put_text(b, s, row, col,
                             str_print(&b->scratch, "-%lld:%02lld:%02lld", (long long)(-sec / 3600),
                                       (long long)(-sec / 60 % 60), (long long)(-sec % 60)),
                             STYLE_ID, err);
    return xlsx_put_number(b, s, row, col, (double)sec / DAY_SECONDS, STYLE_DURATION, err);
}

static enum style text_style(const struct table *t, const struct column *c)
{
    if (c->is_bold)
        return t->is_register ? STYLE_KEY : STYLE_BOLD;
    /* Wrapping a million rows makes the spreadsheet measure each of them when it opens the file. */
    return t->is_register ? STYLE_TEXT : STYLE_WRAP;
}

static enum style style_of(const struct table *t, const struct column *c)
{
    switch (c->type) {
    case COLUMN_TEXT:
        return text_style(t, c);
    case COLUMN_ID:
        return c->is_bold ? STYLE_KEY : STYLE_ID;
    case COLUMN_TIME:
        return STYLE_TIME;
    case COLUMN_COUNT:
        return STYLE_COUNT;
    case COLUMN_PERCENT:
        return STYLE_PERCENT;
    case COLUMN_DURATION:
        return STYLE_DURATION;
    case COLUMN_MARK:
        return xlsx_mark_style(MARK_NONE);
    case COLUMN_HASH:
        return STYLE_HASH;
    case COLUMN_INPUT:
        return STYLE_INPUT;
    }
    return STYLE_TEXT;
}

static bool put_value(struct book *b, struct sheet *s, uint64_t row, int col, const struct table *t,
                      const struct value *v, str hash, struct err *err)
{
    const struct column *c = &t->columns[col];
    enum style style = style_of(t, c);

    if (!v->is_set)
        return xlsx_put_blank(b, s, row, col, style, err);
    switch (c->type) {
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        return xlsx_put_text_of(b, s, row, col, v->text, hash, style, err);
    case COLUMN_MARK:
        return xlsx_put_text(b, s, row, col, v->text, xlsx_mark_style(v->mark), err);
    case COLUMN_TIME:
        return put_time(b, s, row, col, v->number, err);
    case COLUMN_COUNT:
        return xlsx_put_count(b, s, row, col, v->number, style, err);
    case COLUMN_PERCENT:
        return xlsx_put_number(b, s, row, col, (double)v->number / 1000.0, style, err);
    case COLUMN_DURATION:
        return put_duration(b, s, row, col, v->number, err);
    }
    return true;
}

/* Wrapped cells are measured here: not every program does it when it opens the file. */
static bool set_row_height(struct sheet *s, uint64_t row, const struct table *t,
                           const double *widths, const struct value *values, struct err *err)
{
    double lines = 1;

    for (size_t c = 0; c < t->ncolumns; c++) {
        enum column_type type = t->columns[c].type;
        double more;

        if (!values[c].is_set || (type != COLUMN_TEXT && type != COLUMN_INPUT))
            continue;
        more = xlsx_text_lines(values[c].text, widths[c] * (t->columns[c].is_bold ? 0.95 : 1.1));
        lines = more > lines ? more : lines;
    }
    return lines < 2 || xlsx_set_height(s, row, lines * XLSX_LINE_POINTS + 2, err);
}

static bool put_row(struct book *b, struct sheet *s, uint64_t row, const struct table *t,
                    const double *widths, const struct value *values, struct err *err)
{
    bool ok = t->is_register || set_row_height(s, row, t, widths, values, err);
    str hash = STR_NONE;

    for (size_t c = 0; c < t->ncolumns && str_empty(hash); c++) {
        if (t->columns[c].type == COLUMN_HASH && values[c].is_set)
            hash = values[c].text;
    }
    for (size_t c = 0; ok && c < t->ncolumns; c++)
        ok = put_value(b, s, row, (int)c, t, &values[c], hash, err);
    arena_reset(&b->scratch);
    return ok;
}

/* --- sheets ---------------------------------------------------------------------------------- */

/* How many columns stay in view: up to the one that names the row. */
static int frozen_columns(const struct table *t)
{
    for (size_t c = 0; c < t->ncolumns && c < 3; c++) {
        if (t->columns[c].type == COLUMN_ID || t->columns[c].is_bold)
            return (int)c + 1;
    }
    return 1;
}

/* One page across, as long as it can be read. */
static uint16_t pages_across(const struct sheet *s)
{
    double pages = s->width / PAGE_LETTERS;

    return pages <= 1 ? 1 : pages >= 20 ? 20 : (uint16_t)(pages + 1);
}

bool xlsx_head_finish(struct book *b, struct sheet *s, str title, int ncolumns, uint64_t nrows,
                      int frozen, struct err *err)
{
    lxw_col_t last = (lxw_col_t)(ncolumns - 1);
    char range[LXW_MAX_CELL_RANGE_LENGTH];

    worksheet_freeze_panes(s->ws, 1, (lxw_col_t)frozen);
    xlsx_sheet_print_setup(b, s, title);
    worksheet_set_landscape(s->ws);
    worksheet_fit_to_pages(s->ws, pages_across(s), 0);
    lxw_rowcol_to_range(range, 0, 0, (lxw_row_t)nrows, last);
    return xlsx_library(worksheet_repeat_rows(s->ws, 0, 0), s, "head", err) &&
           xlsx_library(worksheet_repeat_columns(s->ws, 0, (lxw_col_t)(frozen - 1)), s, "key",
                        err) &&
           xlsx_library(worksheet_autofilter(s->ws, 0, 0, (lxw_row_t)nrows, last), s, "filter",
                        err) &&
           xlsx_library(worksheet_ignore_errors(s->ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range), s,
                        "hints", err);
}

static enum style head_style(const struct column *c)
{
    return column_is_number(c->type) ? STYLE_HEAD_RIGHT : STYLE_HEAD;
}

static bool put_head(struct book *b, struct sheet *s, const struct table *t, const double *widths,
                     struct err *err)
{
    if (!xlsx_set_height(s, 0, 26, err))
        return false;
    for (size_t c = 0; c < t->ncolumns; c++) {
        const struct column *col = &t->columns[c];
        str title = col->title;

        if (col->type == COLUMN_TIME && !str_contains(title, STR("UTC")))
            title = str_print(&b->scratch, "%.*s (UTC)", STR_FMT(title));
        if (!xlsx_set_width(s, (int)c, (int)c, widths[c], err) ||
            !xlsx_put_text(b, s, 0, (int)c, title, head_style(col), err))
            return false;
    }
    arena_reset(&b->scratch);
    return true;
}

static bool finish(struct book *b, struct sheet *s, const struct part *p, struct err *err)
{
    const struct table *t = p->table;
    bool has_input = false;

    for (size_t c = 0; c < t->ncolumns; c++) {
        if (t->columns[c].type != COLUMN_INPUT)
            continue;
        has_input = true;
        if (t->columns[c].nchoices && p->nrows &&
            !xlsx_choices_offer(b, s, (int)c, p->nrows, &t->columns[c], err))
            return false;
    }
    if (has_input) {
        /* Without a password: against slips, nothing more. What is for the reviewer is unlocked. */
        lxw_protection allow = {.format_columns = 1, .format_rows = 1, .sort = 1, .autofilter = 1};

        worksheet_protect(s->ws, NULL, &allow);
    }
    return xlsx_head_finish(b, s, str_or(p->block->title, p->section->title), (int)t->ncolumns,
                            p->nrows, frozen_columns(t), err);
}

static bool next_row(const struct table *t, uint64_t row, struct value *pulled,
                     const struct value **out, struct err *err)
{
    if (!t->source.next) {
        *out = t->values + row * t->ncolumns;
        return true;
    }
    memset(pulled, 0, t->ncolumns * sizeof *pulled);
    *out = pulled;
    if (t->source.next(t->source.state, pulled, err))
        return true;
    return err->kind != ERR_NONE
               ? false
               : err_set(err, ERR_INTEGRITY, "%llu rows were promised and %llu came",
                         (unsigned long long)t->nrows, (unsigned long long)row);
}

static bool write_part(struct book *b, const struct part *p, const double *widths,
                       struct value *pulled, struct err *err)
{
    const struct table *t = p->table;
    struct sheet *s;

    if (!xlsx_sheet_add(b, p->name, &s, err) || !put_head(b, s, t, widths, err))
        return false;
    for (uint64_t row = 0; row < p->nrows; row++) {
        const struct value *values;

        if (!next_row(t, p->first + row, pulled, &values, err) ||
            !put_row(b, s, row + 1, t, widths, values, err))
            return false;
    }
    /* Below an empty row, so that a program that reads until the first one finds no data; and after
     * the filter, which when streaming must not end above what was written. */
    return finish(b, s, p, err) && (p->nrows > 0 || str_empty(t->empty) ||
                                    xlsx_put_text(b, s, 2, 0, t->empty, STYLE_EMPTY, err));
}

/* All parts of one table, the first of which is `p`; *p is then the first of the next. */
static bool write_table(struct book *b, const struct part **p, struct err *err)
{
    const struct table *t = (*p)->table;
    struct value *pulled = arena_new(b->run, struct value, t->ncolumns);
    double *widths;

    if (!xlsx_widths(b, t, pulled, &widths, err) ||
        (t->source.rewind && !t->source.rewind(t->source.state, err)))
        return false;
    for (; *p && (*p)->table == t; *p = (*p)->next) {
        if (!write_part(b, *p, widths, pulled, err))
            return false;
    }
    if (t->source.next && t->source.next(t->source.state, pulled, err))
        return err_set(err, ERR_INTEGRITY, "more than the promised %zu rows came", t->nrows);
    return err->kind == ERR_NONE;
}

bool xlsx_tables_write(struct book *b, struct err *err)
{
    for (const struct part *p = b->parts; p;) {
        str name = p->name;

        if (!write_table(b, &p, err))
            return err_wrap(err, "sheet '%.*s'", STR_FMT(name));
    }
    return true;
}
