/*
 * xlsx_sheet: sheets and single cells.
 *
 * The library drops a cell it does not like and says so only by its return value, so every write
 * goes through here, where the value is looked at and the row counted for the reading back. Limits
 * are checked before the call: the library would print a warning to stderr.
 */
#include "model/display.h"
#include "render/xlsx.h"

#define PAPER_A4     9
#define PAPER_LETTER 1

/* Numbers beyond this lose digits as a double; they are written as text. */
#define EXACT_MAX INT64_C(999999999999999)

bool xlsx_library(lxw_error code, const struct sheet *s, const char *what, struct err *err)
{
    if (code == LXW_NO_ERROR)
        return true;
    if (!s)
        return err_set(err, ERR_IO, "cannot write the workbook: %s: %s", what, lxw_strerror(code));
    return err_set(err, ERR_IO, "cannot write the workbook: sheet '%.*s': %s: %s", STR_FMT(s->name),
                   what, lxw_strerror(code));
}

bool xlsx_sheet_add(struct book *b, str name, struct sheet **out, struct err *err)
{
    struct sheet *s = arena_new(b->run, struct sheet, 1);

    for (const struct sheet *other = b->sheets; other; other = other->next) {
        if (str_eq_nocase(other->name, name))
            return err_set(err, ERR_DATA, "two sheets are named '%.*s'", STR_FMT(name));
    }
    s->name = str_copy(b->run, name);
    s->last_row = -1;
    s->ws = workbook_add_worksheet(b->wb, str_z(b->run, name));
    if (!s->ws)
        return err_set(err, ERR_IO, "cannot add sheet '%.*s' to the workbook", STR_FMT(name));
    *b->last_sheet = s;
    b->last_sheet = &s->next;
    *out = s;
    return true;
}

/* What stands on every printed page: single pages get separated. */
void xlsx_sheet_print_setup(struct book *b, struct sheet *s, str title)
{
    const struct report *r = b->report;
    struct arena *a = &b->scratch;
    char *header, *footer;

    worksheet_set_paper(s->ws, b->theme->is_letter ? PAPER_LETTER : PAPER_A4);
    worksheet_fit_to_pages(s->ws, 1, 0);
    worksheet_set_margins(s->ws, 0.5, 0.5, 0.7, 0.7);
    /* A size code that is followed by a digit would swallow it: hence the blank. At most 255 bytes.
     */
    header =
        str_z(a, str_print(a, "&L&\"Arial,Bold\"&8 %s&R&\"Arial,Regular\"&8 %s  %s",
                           xlsx_footer_text(title, 60, a), xlsx_footer_text(r->subtitle, 100, a),
                           xlsx_footer_text(r->state, 10, a)));
    footer = str_z(a, str_print(a,
                                "&L&\"Arial,Regular\"&8 %s \u00B7 data %s&C&\"Arial,Regular\"&8 %s"
                                "&R&\"Arial,Regular\"&8 Page &P of &N",
                                xlsx_footer_text(r->id, 70, a),
                                xlsx_footer_text(r->dataset_sha256, 12, a),
                                xlsx_footer_text(r->classification, 50, a)));
    worksheet_set_header(s->ws, header);
    worksheet_set_footer(s->ws, footer);
    arena_reset(a);
}

static bool enter_row(struct sheet *s, uint64_t row, struct err *err)
{
    if ((int64_t)row < s->last_row || row >= LXW_ROW_MAX)
        return err_set(err, ERR_IO, "sheet '%.*s': row %llu is out of order", STR_FMT(s->name),
                       (unsigned long long)row + 1);
    if ((int64_t)row > s->last_row) {
        s->last_row = (int64_t)row;
        s->nrows++;
    }
    return true;
}

bool xlsx_put_text_of(struct book *b, struct sheet *s, uint64_t row, int col, str text,
                      str record_sha256, enum style style, struct err *err)
{
    bool was_cut;
    str cell = xlsx_cell_text(text, record_sha256, &b->scratch, &was_cut);

    b->cells_cut += was_cut;
    return enter_row(s, row, err) &&
           xlsx_library(worksheet_write_string(s->ws, (lxw_row_t)row, (lxw_col_t)col,
                                               str_z(&b->scratch, cell), b->formats[style]),
                        s, "cell", err);
}

bool xlsx_put_text(struct book *b, struct sheet *s, uint64_t row, int col, str text,
                   enum style style, struct err *err)
{
    return xlsx_put_text_of(b, s, row, col, text, STR_NONE, style, err);
}

bool xlsx_put_number(struct book *b, struct sheet *s, uint64_t row, int col, double n,
                     enum style style, struct err *err)
{
    return enter_row(s, row, err) &&
           xlsx_library(
               worksheet_write_number(s->ws, (lxw_row_t)row, (lxw_col_t)col, n, b->formats[style]),
               s, "cell", err);
}

bool xlsx_put_count(struct book *b, struct sheet *s, uint64_t row, int col, int64_t n,
                    enum style style, struct err *err)
{
    if (n > EXACT_MAX || n < -EXACT_MAX)
        return xlsx_put_text(b, s, row, col, str_print(&b->scratch, "%lld", (long long)n), STYLE_ID,
                             err);
    return xlsx_put_number(b, s, row, col, (double)n, style, err);
}

bool xlsx_put_blank(struct book *b, struct sheet *s, uint64_t row, int col, enum style style,
                    struct err *err)
{
    return enter_row(s, row, err) &&
           xlsx_library(
               worksheet_write_blank(s->ws, (lxw_row_t)row, (lxw_col_t)col, b->formats[style]), s,
               "cell", err);
}

/* To the first cell of another sheet; an apostrophe in the name is doubled inside the quotes. */
bool xlsx_put_link(struct book *b, struct sheet *s, uint64_t row, int col, str sheet_name,
                   enum style style, struct err *err)
{
    char *target = arena_alloc(&b->scratch, sheet_name.len * 2 + 32, 1);
    char *to = target;

    memcpy(to, "internal:'", 10);
    to += 10;
    for (size_t i = 0; i < sheet_name.len; i++) {
        if (sheet_name.ptr[i] == '\'')
            *to++ = '\'';
        *to++ = sheet_name.ptr[i];
    }
    memcpy(to, "'!A1", 5);
    return enter_row(s, row, err) &&
           xlsx_library(worksheet_write_url_opt(s->ws, (lxw_row_t)row, (lxw_col_t)col, target,
                                                b->formats[style], str_z(&b->scratch, sheet_name),
                                                NULL),
                        s, "link", err);
}

bool xlsx_put_across(struct book *b, struct sheet *s, uint64_t row, int col, int last, str text,
                     enum style style, struct err *err)
{
    bool was_cut;
    str cell = xlsx_cell_text(text, STR_NONE, &b->scratch, &was_cut);

    b->cells_cut += was_cut;
    if (last <= col)
        return xlsx_put_text(b, s, row, col, text, style, err);
    return enter_row(s, row, err) &&
           xlsx_library(worksheet_merge_range(s->ws, (lxw_row_t)row, (lxw_col_t)col, (lxw_row_t)row,
                                              (lxw_col_t)last, str_z(&b->scratch, cell),
                                              b->formats[style]),
                        s, "cells", err);
}

bool xlsx_set_height(struct sheet *s, uint64_t row, double points, struct err *err)
{
    return enter_row(s, row, err) &&
           xlsx_library(worksheet_set_row(s->ws, (lxw_row_t)row, points, NULL), s, "row height",
                        err);
}

bool xlsx_set_width(struct sheet *s, int first, int last, double width, struct err *err)
{
    s->width += width * (last - first + 1);
    return xlsx_library(worksheet_set_column(s->ws, (lxw_col_t)first, (lxw_col_t)last, width, NULL),
                        s, "column width", err);
}
