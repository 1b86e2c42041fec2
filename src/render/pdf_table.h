/*
 * pdf_table: what pdf_table.c, pdf_columns.c and pdf_cell.c share.
 */
#ifndef RENDER_PDF_TABLE_H
#define RENDER_PDF_TABLE_H

#include "pdf.h"

#define HASH_SHOWN     16   /* of 64 digits; the whole is in the workbook */
#define CELL_MARK_ROOM 9.0f /* a shape before its word */

#define TEXTS_PER_CELL 3 /* its own and two below it */

/* A column that has a place of its own. */
struct table_column {
    const struct column *column;
    size_t index; /* into the values of a row */
    float x, width;
    float least, natural; /* found in the first rows */
    bool is_right;
    bool is_mono;
};

struct table_layout {
    struct pdf *pdf;
    const struct table *table;
    struct table_column *columns;
    size_t ncolumns;
    float head_height, pad; /* above and below the lines of a cell */
    float *sample;          /* widths of the texts of the first rows, by row, column and text */
    size_t nsample;
    bool is_small; /* register type */
    bool is_striped;
    bool is_cut;  /* not all rows are printed */
    size_t nrows; /* printed */
};

/* One line of a cell. */
struct cell_line {
    struct style style;
    struct line line;
    float indent;
};

struct cell {
    struct cell_line *lines;
    size_t nlines, ndrawn;
    enum mark mark; /* before the first line, or as a chip with `word` */
    str word;
    bool is_chip;
    str link;
};

struct table_row {
    struct arena a; /* of this row alone */
    struct cell *cells;
    float height;
    size_t number;
};

/* pdf_columns.c: widths that add up to `width`, from the titles and the first rows. */
bool pdf_columns(struct table_layout *t, float left, float width, struct err *err) MUST_CHECK;
/* Row after row, from the values or the source. */
bool pdf_next_values(const struct table *table, size_t row, const struct value **values,
                     struct value *own, struct err *err) MUST_CHECK;

/* pdf_cell.c */
struct style pdf_cell_style(const struct table_layout *t, const struct table_column *column);
str pdf_value_text(struct pdf *pdf, const struct column *column, const struct value *v);
void pdf_lay_out_row(struct table_layout *t, const struct value *values, struct table_row *row);
/* Draws the lines that fit above `limit` and have not been drawn; returns the height used. */
float pdf_draw_row(struct table_layout *t, struct table_row *row, float limit);
bool pdf_row_is_done(const struct table_layout *t, const struct table_row *row);

#endif
