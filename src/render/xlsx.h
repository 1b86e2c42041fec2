/*
 * xlsx: the workbook renderer's own rooms. Only src/render/xlsx*.c and their test read this;
 * xlsxwriter.h stops here.
 *
 * One code path for small and large workbooks: every sheet is written in ascending rows, left to
 * right, so that the library may stream ("constant memory") when there are too many cells to hold.
 */
#ifndef RENDER_XLSX_H
#define RENDER_XLSX_H

#include <xlsxwriter.h>

#include "render/render.h"
#include "render/theme.h"

/* Every look a cell can have; xlsx_style.c holds the table. The marks follow at the end, in the
 * order of enum mark. */
enum style {
    STYLE_HEAD,
    STYLE_HEAD_RIGHT,
    STYLE_TEXT,
    STYLE_WRAP,
    STYLE_BOLD,
    STYLE_KEY, /* bold on one line */
    STYLE_ID,
    STYLE_TIME,
    STYLE_COUNT,
    STYLE_PERCENT,
    STYLE_DURATION,
    STYLE_HASH,
    STYLE_INPUT,
    STYLE_EMPTY,
    /* README and Summary */
    STYLE_BAND_TITLE,
    STYLE_BAND_TEXT,
    STYLE_SECTION,
    STYLE_BLOCK,
    STYLE_BODY,
    STYLE_NOTE,
    STYLE_LABEL,
    STYLE_VALUE,
    STYLE_MONO,
    STYLE_LINK,
    STYLE_ROWS,
    STYLE_SMALL_HEAD,
    STYLE_SMALL_RIGHT,
    STYLE_TILE_LABEL,
    STYLE_TILE_NOTE,
    STYLE_FIRST_MARK, /* the word of a mark; then values of tiles, with its colour at their edge */
    STYLE_FIRST_TILE = STYLE_FIRST_MARK + MARK_PARTIAL + 1,
    STYLE_FIRST_BANNER = STYLE_FIRST_TILE + MARK_PARTIAL + 1,
    NSTYLES = STYLE_FIRST_BANNER + MARK_PARTIAL + 1,
};

/* One sheet of the file, in the file's order: what was put into it is compared with what stands on
 * disk afterwards. */
struct sheet {
    str name;
    lxw_worksheet *ws;
    int64_t last_row; /* rows are written in ascending order; -1: none yet */
    uint64_t nrows;   /* rows that hold something */
    double width;     /* of all columns together */
    struct sheet *next;
};

/* A table of the report, or the part of it that fits on one sheet. Made before anything is written,
 * for the contents. */
struct part {
    str name; /* "Events", "Events 2" */
    const struct section *section;
    const struct block *block;
    const struct table *table;
    uint64_t first, nrows; /* of the table's rows */
    struct part *next;
};

/* Where a chart's numbers stand on the sheet Figures. */
struct figures {
    const struct chart *chart;
    const struct section *section;
    uint64_t row; /* of its first value; the series follow one another */
    struct figures *next;
};

/* Values that a reviewer chooses from; kept on the hidden sheet Lists, one list a column. */
struct choices {
    const struct column *column;
    size_t number; /* from 1: defined name choices_1, column A */
    struct choices *next;
};

struct book {
    lxw_workbook *wb;
    const struct report *report;
    const struct theme *theme;
    struct arena *run;    /* lives as long as the book */
    struct arena scratch; /* one row */
    lxw_format *formats[NSTYLES];
    struct sheet *sheets, **last_sheet;
    struct part *parts;
    struct figures *figures;
    struct choices *choices;
    uint64_t rows_per_sheet; /* data rows under the head; less in tests */
    uint64_t cells_cut;
};

#define XLSX_README  "README"
#define XLSX_SUMMARY "Summary"
#define XLSX_FIGURES "Figures"
#define XLSX_LISTS   "Lists"

/* xlsx.c: the renderer with a limit that tests can lower. */
#define XLSX_ROWS_PER_SHEET (LXW_ROW_MAX - 1)
bool xlsx_render(const struct report *report, const struct theme *theme, uint64_t rows_per_sheet,
                 struct arena *a, const char *path, struct render_notes *notes,
                 struct err *err) MUST_CHECK;
bool xlsx_library(lxw_error code, const struct sheet *s, const char *what,
                  struct err *err); /* true when code is 0 */

/* xlsx_style.c */
void xlsx_styles_make(struct book *b);
enum style xlsx_mark_style(enum mark m);
enum style xlsx_tile_style(enum mark m);
enum style xlsx_banner_style(enum mark m);

/* xlsx_text.c: texts as cells take them. */
#define XLSX_CELL_UNITS 32767
str xlsx_cell_text(str raw, str record_sha256, struct arena *a, bool *was_cut);
/* Lines that a text takes when `letters` of it fit on one; rather one too many than one too few. */
double xlsx_text_lines(str text, double letters);
#define XLSX_LINE_POINTS 13.0
str xlsx_sheet_name(str name, struct arena *a); /* bent until spreadsheet programs take it */
str xlsx_part_name(str name, uint64_t number,
                   struct arena *a);                         /* "Events 2", at most 31 characters */
char *xlsx_title_text(str s, size_t limit, struct arena *a); /* one line, at most `limit` bytes */
char *xlsx_footer_text(str s, size_t limit, struct arena *a); /* & doubled, at most `limit` bytes */

/* xlsx_sheet.c: sheets and single cells, every return value looked at. */
bool xlsx_sheet_add(struct book *b, str name, struct sheet **out, struct err *err) MUST_CHECK;
void xlsx_sheet_print_setup(struct book *b, struct sheet *s, str title);
bool xlsx_put_text(struct book *b, struct sheet *s, uint64_t row, int col, str text,
                   enum style style, struct err *err) MUST_CHECK;
bool xlsx_put_text_of(struct book *b, struct sheet *s, uint64_t row, int col, str text,
                      str record_sha256, enum style style, struct err *err) MUST_CHECK;
bool xlsx_put_number(struct book *b, struct sheet *s, uint64_t row, int col, double n,
                     enum style style, struct err *err) MUST_CHECK;
bool xlsx_put_count(struct book *b, struct sheet *s, uint64_t row, int col, int64_t n,
                    enum style style, struct err *err) MUST_CHECK;
bool xlsx_put_blank(struct book *b, struct sheet *s, uint64_t row, int col, enum style style,
                    struct err *err) MUST_CHECK;
bool xlsx_put_link(struct book *b, struct sheet *s, uint64_t row, int col, str sheet_name,
                   enum style style, struct err *err) MUST_CHECK;
/* One text across columns col..last of a row of the furniture; never among data. */
bool xlsx_put_across(struct book *b, struct sheet *s, uint64_t row, int col, int last, str text,
                     enum style style, struct err *err) MUST_CHECK;
bool xlsx_set_height(struct sheet *s, uint64_t row, double points, struct err *err) MUST_CHECK;
bool xlsx_set_width(struct sheet *s, int first, int last, double width, struct err *err) MUST_CHECK;

/* xlsx_plan.c, xlsx_width.c */
bool xlsx_parts_plan(struct book *b, struct err *err) MUST_CHECK;
/* `pulled` is room for one row; the source is left somewhere in the middle. */
bool xlsx_widths(struct book *b, const struct table *t, struct value *pulled, double **out,
                 struct err *err) MUST_CHECK;

/* xlsx_table.c: data sheets. */
bool xlsx_tables_write(struct book *b, struct err *err) MUST_CHECK;
bool xlsx_head_finish(struct book *b, struct sheet *s, str title, int ncolumns, uint64_t nrows,
                      int frozen, struct err *err) MUST_CHECK;

/* xlsx_lists.c: drop-down lists. */
bool xlsx_choices_offer(struct book *b, struct sheet *s, int col, uint64_t nrows,
                        const struct column *c, struct err *err) MUST_CHECK;
bool xlsx_lists_write(struct book *b, struct err *err) MUST_CHECK;

/* xlsx_front.c: README and Summary. */
bool xlsx_readme_write(struct book *b, struct err *err) MUST_CHECK;
bool xlsx_summary_write(struct book *b, struct err *err) MUST_CHECK;

/* xlsx_chart.c: the numbers behind charts, and charts of the spreadsheet program over them. */
void xlsx_figures_plan(struct book *b);
bool xlsx_figures_write(struct book *b, struct err *err) MUST_CHECK;
/* Draws what the program can draw itself; *drawn is false for the other kinds. Size in pixels. */
bool xlsx_chart_draw(struct book *b, struct sheet *s, uint64_t row, int col,
                     const struct chart *chart, int width, int height, bool *drawn,
                     struct err *err) MUST_CHECK;

/* xlsx_check.c: reads the closed file back. `rows` are in the order of the sheets. */
bool xlsx_check(const char *path, const uint64_t *rows, size_t nsheets, struct err *err) MUST_CHECK;

#endif
