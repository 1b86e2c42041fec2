/*
 * pdf: what the files of the PDF renderer share.
 *
 * A document is laid out first: pages of drawing operators, links and anchors, all ours
 * (pdf_flow.c, pdf_block.c, pdf_table.c, pdf_chart*.c). When every page is there, heads, feet and
 * the contents page are drawn (pdf_furniture.c), because only then is "page 3 of 18" known. Last,
 * pdf_write.c pours the pages into the PDF library and saves. The library is seen by pdf_write.c
 * and pdf_font.c alone.
 *
 * y runs downwards from the top edge everywhere; pdf_draw.c turns it over in one place.
 */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "base/buf.h"
#include "layout.h"

#define PDF_MARGIN    42.0f /* left and right */
#define PDF_GUTTER    12.0f /* of the twelve columns */
#define PDF_GAP       26.0f /* between blocks */
#define PDF_NO_COLOUR UINT32_MAX

struct pdf_link {
    float x, y, width, height;
    str anchor; /* or, when empty: */
    const struct pdf_page *page;
};

struct pdf_page {
    struct buf ops; /* operators of the page, uncompressed */
    float width, height;
    size_t number; /* from 1; set when all pages are there */
    bool is_cover;
    struct pdf_link *links;
    size_t nlinks, links_cap;
    /* What the operators have set so far, to say it once. */
    uint32_t fill, stroke;
    float line_width, size, tracking;
    int font;
};

struct pdf_anchor {
    str name;
    const struct pdf_page *page; /* NULL until it is placed */
    float y;
};

struct pdf_outline {
    str title;
    const struct section *section; /* the first entry of a section; NULL: one below it */
    const struct pdf_page *page;
    float y;
};

struct pdf {
    const struct report *report;
    const struct theme *theme;
    struct fonts *fonts;
    struct arena *a;      /* as long as the document */
    struct arena scratch; /* one drawing step; reset by those who draw rows */
    struct render_notes *notes;
    struct pdf_page **pages;
    size_t npages, pages_cap;
    struct pdf_page *page;    /* where we are */
    float y;                  /* next free place on it */
    float fresh_y;            /* where its content begins: no gap above the first block */
    const struct block *last; /* the block above, if it is on this page */
    bool is_landscape, is_cover;
    bool is_tight;              /* a cover with much to say: less white */
    size_t ncovers;             /* pages of the cover: one, as a rule */
    struct pdf_anchor *anchors; /* open addressing by name */
    size_t anchors_size;
    struct pdf_outline *outlines;
    size_t noutlines, outlines_cap;
};

/* --- pdf_draw.c: marks on the current page -------------------------------------------------- */

void pdf_rect(struct pdf *pdf, float x, float y, float w, float h, uint32_t fill);
void pdf_frame(struct pdf *pdf, float x, float y, float w, float h, float radius, uint32_t fill,
               uint32_t stroke, float line_width);
void pdf_line(struct pdf *pdf, float x1, float y1, float x2, float y2, float width,
              uint32_t colour);
void pdf_dotted(struct pdf *pdf, float x, float y1, float y2, uint32_t colour);
void pdf_polygon(struct pdf *pdf, const float *xy, size_t npoints, uint32_t fill);
void pdf_polyline(struct pdf *pdf, const float *xy, size_t npoints, float width, uint32_t colour);
void pdf_circle(struct pdf *pdf, float cx, float cy, float radius, uint32_t fill);
void pdf_ring(struct pdf *pdf, float cx, float cy, float radius, float width, uint32_t colour);
/* Part of a ring, from and to in turns clockwise from the top. */
void pdf_sector(struct pdf *pdf, float cx, float cy, float inner, float outer, float from, float to,
                uint32_t fill);
void pdf_hatch(struct pdf *pdf, float x, float y, float w, float h, uint32_t colour);
/* A line of text whose box begins at `top`; its letters stand in the middle of style->leading. */
void pdf_text(struct pdf *pdf, float x, float top, const struct style *style, struct line line);
void pdf_text_right(struct pdf *pdf, float right, float top, const struct style *style,
                    struct line line);
void pdf_text_centre(struct pdf *pdf, float centre, float top, const struct style *style,
                     struct line line);
/* Turned 45 degrees around the middle of the page. */
void pdf_watermark(struct pdf *pdf, const struct style *style, struct line line);
/* All lines of a paragraph; returns the height used. */
float pdf_lines(struct pdf *pdf, float x, float top, const struct style *style, struct lines lines);

/* The same at pdf->y, over as many pages as it takes; moves pdf->y. */
void pdf_flow_lines(struct pdf *pdf, float x, const struct style *style, struct lines lines);

/* --- pdf_mark.c ----------------------------------------------------------------------------- */

void pdf_mark(struct pdf *pdf, enum mark mark, float cx, float cy, float size, uint32_t colour);
/* The word of a mark that comes without one, and the mark a word names; MARK_NONE when it names
 * none. */
str pdf_mark_word(enum mark mark);
enum mark pdf_mark_of_word(str word);
/* A word with its shape on a ground. Returns the width it takes. */
#define PDF_CHIP_HEIGHT 11.5f
float pdf_chip_width(struct pdf *pdf, enum mark mark, str word);
void pdf_chip(struct pdf *pdf, enum mark mark, str word, float x, float top);

/* --- pdf_flow.c: pages, one after another --------------------------------------------------- */

struct style pdf_style(const struct pdf *pdf, enum type_role role, enum face face,
                       enum colour colour);
/* Eyebrows and column heads: bold, tracked. */
struct style pdf_eyebrow(const struct pdf *pdf, float tracking);
str pdf_capitals(struct pdf *pdf, str text);
str pdf_time_text(struct pdf *pdf, int64_t time_key); /* 2026-10-14 03:12:44Z */

float pdf_left(const struct pdf *pdf);
float pdf_right(const struct pdf *pdf);
float pdf_width(const struct pdf *pdf);  /* of the text */
float pdf_bottom(const struct pdf *pdf); /* content ends here */
float pdf_top(const struct pdf *pdf);    /* content of a page without title begins here */
void pdf_new_page(struct pdf *pdf);
/* A new page unless `height` is left or the page has no content yet. True when there is a new page.
 */
bool pdf_need(struct pdf *pdf, float height);
/* The same for something that can be divided when it is taller than half a page. */
void pdf_need_part(struct pdf *pdf, float above, float height);
bool pdf_is_fresh(const struct pdf *pdf); /* nothing on the page but, at most, a section's title */

bool pdf_has_anchor(const struct pdf *pdf, str name);
void pdf_collect_anchors(struct pdf *pdf);
void pdf_place_anchor(struct pdf *pdf, str name, float y);
const struct pdf_anchor *pdf_find_anchor(const struct pdf *pdf, str name);
void pdf_link(struct pdf *pdf, float x, float y, float w, float h, str anchor);
void pdf_link_page(struct pdf *pdf, float x, float y, float w, float h,
                   const struct pdf_page *page);
void pdf_add_outline(struct pdf *pdf, str title, const struct section *section, float y);
void pdf_drop_pages(struct pdf *pdf, size_t from); /* pages from.. were only a trial */
void pdf_free_pages(struct pdf *pdf);

/* --- blocks --------------------------------------------------------------------------------- */

/* Title and subtitle above a block, as high as they are with the gap below; 0 without. On the cover
 * a title is an eyebrow. */
float pdf_title_height(struct pdf *pdf, str title, str subtitle, float width);
void pdf_title(struct pdf *pdf, str title, str subtitle, float x, float y, float width);

bool pdf_block(struct pdf *pdf, const struct block *block, struct err *err) MUST_CHECK;
bool pdf_table(struct pdf *pdf, const struct block *block, struct err *err) MUST_CHECK;
void pdf_tiles(struct pdf *pdf, const struct block *block);
void pdf_facts(struct pdf *pdf, const struct block *block);
void pdf_banner(struct pdf *pdf, const struct block *block);
void pdf_timeline(struct pdf *pdf, const struct block *block);
void pdf_decisions(struct pdf *pdf, const struct block *block);
void pdf_signatures(struct pdf *pdf, const struct block *block);
void pdf_code(struct pdf *pdf, const struct block *block);

/* --- charts: drawn at a place; those with rows can be drawn in parts ------------------------ */

size_t pdf_chart_rows(const struct chart *chart); /* 0: only whole */
float pdf_chart_height(struct pdf *pdf, const struct chart *chart, size_t first, size_t count,
                       float width);
void pdf_chart(struct pdf *pdf, const struct chart *chart, size_t first, size_t count, float x,
               float y, float width);
void pdf_chart_days(struct pdf *pdf, const struct chart *chart, float x, float y, float width);
void pdf_chart_donut(struct pdf *pdf, const struct chart *chart, float x, float y, float width);
float pdf_chart_donut_height(struct pdf *pdf, const struct chart *chart, float width);
/* Horizontal bars, and steps: bars with what is lost on the way. */
float pdf_chart_bars_height(struct pdf *pdf, const struct chart *chart, size_t first, size_t count,
                            float width);
void pdf_chart_bars(struct pdf *pdf, const struct chart *chart, size_t first, size_t count, float x,
                    float y, float width);
float pdf_chart_heat_height(struct pdf *pdf, const struct chart *chart, size_t first, size_t count,
                            float width);
void pdf_chart_heat(struct pdf *pdf, const struct chart *chart, size_t first, size_t count, float x,
                    float y, float width);
struct style pdf_axis_style(const struct pdf *pdf);
/* Which columns have a label below them, so that none touches the next. */
struct pdf_labels {
    size_t step;
    size_t room; /* columns that a label takes */
};
struct pdf_labels pdf_labels(struct pdf *pdf, const struct chart *chart, float pitch);
bool pdf_is_labelled(const struct chart *chart, struct pdf_labels labels, size_t column);
void pdf_axis_label(struct pdf *pdf, str text, float centre, float top, float left, float right);

/* --- the whole ------------------------------------------------------------------------------ */

bool pdf_cover(struct pdf *pdf, struct err *err) MUST_CHECK;
/* Contents page, heads and feet: when all else is drawn. */
void pdf_furnish(struct pdf *pdf);
/* The bytes of the finished document, appended to `out`. */
bool pdf_write(struct pdf *pdf, struct buf *out, struct err *err) MUST_CHECK;

#endif
