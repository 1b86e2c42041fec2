/*
 * pdf_furniture: the cover, the contents page, and what stands on every page.
 *
 * Single pages get separated and e-mailed: each one carries the report's id, its period and
 * environment, its place among the pages and the beginning of the dataset's hash.
 */
#include "pdf.h"

/* --- cover
 * ---------------------------------------------------------------------------------------------- */

static void draw_logo(struct pdf *pdf, float x, float bottom)
{
    const uint32_t *c = pdf->theme->colours;
    struct style name = {FACE_BOLD, 13, 16, 0, c[COLOUR_ON_NAVY]};

    pdf_rect(pdf, x, bottom - 21.5f, 8.8f, 21.5f, c[COLOUR_ACCENT]);
    pdf_rect(pdf, x + 12, bottom - 13.5f, 8.8f, 13.5f, c[COLOUR_ON_NAVY]);
    pdf_rect(pdf, x + 24, bottom - 29.5f, 8.8f, 29.5f, c[COLOUR_ON_NAVY]);
    pdf_text(pdf, x + 44, bottom - 13, &name,
             layout_line(pdf->fonts, &name, pdf->theme->logo, &pdf->scratch));
}

static str eyebrow_text(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    str text = pdf->theme->eyebrow;

    if (!str_empty(r->state) && !str_eq(r->state, STR("FINAL")))
        text = str_join(&pdf->scratch, text, STR(" · "), r->state);
    return pdf_capitals(pdf, text);
}

/* A line of the band: "Prepared for   Tarn & Alder Payments". Returns its height. */
static float band_row(struct pdf *pdf, float y, str name, str value, enum face face)
{
    const uint32_t *c = pdf->theme->colours;
    struct style label = {FACE_REGULAR, 9.4f, 15, 0, c[COLOUR_ON_NAVY_FAINT]};
    struct style text = {face, 9.4f, 15, 0,
                         c[face == FACE_BOLD ? COLOUR_ON_NAVY : COLOUR_ON_NAVY_SOFT]};
    const float x = pdf_left(pdf), indent = 66;

    if (str_empty(value))
        return 0;
    pdf_text(pdf, x, y, &label, layout_line(pdf->fonts, &label, name, &pdf->scratch));
    return pdf_lines(
        pdf, x + indent, y, &text,
        layout_lines(pdf->fonts, &text, value, pdf_width(pdf) - indent, &pdf->scratch));
}

static float draw_band_text(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    const uint32_t *c = pdf->theme->colours;
    struct style eyebrow = pdf_eyebrow(pdf, 0.7f);
    struct style title = pdf_style(pdf, TYPE_COVER_TITLE, FACE_BOLD, COLOUR_ON_NAVY);
    struct style subtitle = pdf_style(pdf, TYPE_COVER_SUBTITLE, FACE_REGULAR, COLOUR_ON_NAVY_SOFT);
    struct style small = {FACE_REGULAR, 8, 11, 0, c[COLOUR_ON_NAVY_SOFT]};
    const float x = pdf_left(pdf), width = pdf_width(pdf);
    struct arena *a = &pdf->scratch;
    float y = 124;

    eyebrow.colour = c[COLOUR_ON_NAVY_ACCENT];
    pdf_text_right(pdf, pdf_right(pdf), 60, &small,
                   layout_line(pdf->fonts, &small, pdf_capitals(pdf, r->classification), a));
    pdf_text(pdf, x, y, &eyebrow, layout_line(pdf->fonts, &eyebrow, eyebrow_text(pdf), a));
    y += 16;
    y += pdf_lines(pdf, x, y, &title, layout_lines(pdf->fonts, &title, r->title, width, a));
    y += 3;
    y +=
        pdf_lines(pdf, x, y, &subtitle, layout_lines(pdf->fonts, &subtitle, r->subtitle, width, a));
    y += 22;
    if (!str_starts(r->prepared_for, r->organization))
        y += band_row(pdf, y, STR("For"), r->organization, FACE_BOLD);
    y += band_row(pdf, y, STR("Prepared for"), r->prepared_for, FACE_BOLD);
    y += band_row(pdf, y, STR("Frameworks"), r->frameworks, FACE_REGULAR);
    return y + 16;
}

/* The band is as high as its text. Text is laid out once to know, drawn again on top. */
static void draw_band(struct pdf *pdf)
{
    const uint32_t *c = pdf->theme->colours;
    struct pdf_page *p = pdf->page;
    size_t before = p->ops.len;
    float bottom = draw_band_text(pdf);

    p->ops.len = before;
    p->fill = p->stroke = PDF_NO_COLOUR;
    p->font = -1;
    p->tracking = -1;
    bottom = bottom < 262 ? 262 : bottom;
    pdf_rect(pdf, 0, 0, p->width, bottom, c[COLOUR_NAVY]);
    pdf_rect(pdf, 0, bottom, p->width, 3.2f, c[COLOUR_ACCENT]);
    draw_logo(pdf, pdf_left(pdf), 70);
    draw_band_text(pdf);
    pdf->y = pdf->fresh_y = bottom + 24;
}

bool pdf_cover(struct pdf *pdf, struct err *err)
{
    struct style eyebrow = pdf_eyebrow(pdf, 0.7f);

    pdf->is_landscape = false;
    pdf->is_cover = true;
    pdf_new_page(pdf);
    pdf->page->is_cover = true;
    draw_band(pdf);
    for (const struct block *b = pdf->report->cover; b; b = b->next) {
        if (b->kind == BLOCK_BANNER) {
            pdf_text(pdf, pdf_left(pdf), pdf->y, &eyebrow,
                     layout_line(pdf->fonts, &eyebrow, STR("OVERALL CONCLUSION"), &pdf->scratch));
            pdf->y = pdf->fresh_y = pdf->y + 16;
        }
        if (!pdf_block(pdf, b, err))
            return false;
    }
    pdf->is_cover = false;
    return true;
}

/* --- contents
 * ------------------------------------------------------------------------------------------- */

#define CONTENTS_FROM 6
#define CONTENTS_ROW  31.0f

static void contents_title(struct pdf *pdf)
{
    struct style title = pdf_style(pdf, TYPE_PAGE_TITLE, FACE_BOLD, COLOUR_INK);

    pdf_text(pdf, pdf_left(pdf), 67, &title,
             layout_line(pdf->fonts, &title, STR("Contents"), &pdf->scratch));
    pdf_line(pdf, pdf_left(pdf), 92, pdf_right(pdf), 92, 0.8f, pdf->theme->colours[COLOUR_INK]);
    pdf->y = pdf->fresh_y = 100;
}

static void contents_row(struct pdf *pdf, const struct pdf_outline *o)
{
    struct style number = pdf_style(pdf, TYPE_BODY, FACE_REGULAR, COLOUR_MUTED);
    struct style title = pdf_style(pdf, TYPE_BODY, FACE_BOLD, COLOUR_INK);
    struct style purpose = pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);
    struct arena *a = &pdf->scratch;
    const float x = pdf_left(pdf), width = pdf_width(pdf) - 70;
    struct lines titles = layout_lines(pdf->fonts, &title, o->section->title, width, a);
    struct lines purposes = layout_lines(pdf->fonts, &purpose, o->section->purpose, width, a);
    float h = (float)titles.count * title.leading + (float)purposes.count * purpose.leading + 9,
          top;

    pdf_need(pdf, h);
    top = pdf->y + 4.5f;
    pdf_text(pdf, x, top, &number, layout_line(pdf->fonts, &number, o->section->number, a));
    top += pdf_lines(pdf, x + 26, top, &title, titles);
    pdf_lines(pdf, x + 26, top, &purpose, purposes);
    pdf_text_right(pdf, pdf_right(pdf), pdf->y + 4.5f, &number,
                   layout_line(pdf->fonts, &number, str_print(a, "%zu", o->page->number), a));
    pdf_link_page(pdf, x, pdf->y, pdf_width(pdf), h, o->page);
    pdf->y += h;
    pdf_line(pdf, x, pdf->y, pdf_right(pdf), pdf->y, 0.35f, pdf->theme->colours[COLOUR_RULE]);
}

static void number_pages(struct pdf *pdf)
{
    for (size_t k = 0; k < pdf->npages; k++)
        pdf->pages[k]->number = k + 1;
}

static void draw_contents(struct pdf *pdf)
{
    for (size_t k = 0; k < pdf->noutlines; k++) {
        arena_reset(&pdf->scratch);
        if (pdf->outlines[k].section)
            contents_row(pdf, &pdf->outlines[k]);
    }
}

/* Pages from..npages move behind the cover. */
static void move_behind_cover(struct pdf *pdf, size_t from)
{
    size_t n = pdf->npages - from;
    struct pdf_page **moved = arena_new(pdf->a, struct pdf_page *, n);

    memcpy(moved, pdf->pages + from, n * sizeof *moved);
    memmove(pdf->pages + 1 + n, pdf->pages + 1, (from - 1) * sizeof *moved);
    memcpy(pdf->pages + 1, moved, n * sizeof *moved);
}

/* The contents are laid out at the end and moved; how many pages they take shifts the numbers they
 * print, so they are laid out twice. */
static void add_contents(struct pdf *pdf)
{
    size_t body = pdf->npages, taken;

    pdf->is_landscape = false;
    pdf_new_page(pdf);
    contents_title(pdf);
    draw_contents(pdf);
    taken = pdf->npages - body;
    pdf_drop_pages(pdf, body);
    for (size_t k = 0; k < body; k++)
        pdf->pages[k]->number = k == 0 ? 1 : k + 1 + taken;
    pdf_new_page(pdf);
    contents_title(pdf);
    draw_contents(pdf);
    move_behind_cover(pdf, body);
}

/* --- heads and feet
 * ------------------------------------------------------------------------------------- */

/* As large as fits; these lines are no evidence but have to be there whole. */
static struct line fit_line(struct pdf *pdf, struct style *s, str text, float width)
{
    struct line line = layout_line(pdf->fonts, s, text, &pdf->scratch);

    while (line.width > width && s->size > 3) {
        s->size -= 0.2f;
        line = layout_line(pdf->fonts, s, text, &pdf->scratch);
    }
    return line;
}

static void draw_head(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    struct style title = {FACE_BOLD, 7.4f, 10, 0, pdf->theme->colours[COLOUR_INK]};
    struct style text = {FACE_REGULAR, 7.4f, 10, 0, pdf->theme->colours[COLOUR_FAINT]};
    struct style right_style = text;
    const float third = pdf_width(pdf) / 3, y = 32;
    struct line right = fit_line(pdf, &right_style, pdf_capitals(pdf, r->classification), third);
    struct line left = fit_line(pdf, &title, r->title, third - 10);

    pdf_text_right(pdf, pdf_right(pdf), y, &right_style, right);
    pdf_text(pdf, pdf_left(pdf), y, &title, left);
    pdf_text(pdf, pdf_left(pdf) + left.width + 6, y, &text,
             fit_line(pdf, &text, r->subtitle, pdf_width(pdf) - left.width - right.width - 16));
}

static str join(struct pdf *pdf, str left, str right)
{
    return str_join(&pdf->scratch, left, STR(" · "), right);
}

static void draw_foot(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    struct style first = {FACE_REGULAR, 6.8f, 9, 0, pdf->theme->colours[COLOUR_FAINT]};
    struct style second = first, right = first;
    const float y = pdf->page->height - 40, width = pdf_width(pdf) - 80;
    str data = str_empty(r->dataset_sha256)
                   ? STR_NONE
                   : str_print(&pdf->scratch, "data SHA-256 %.*s…",
                               STR_FMT(str_part(r->dataset_sha256, 0, 12)));
    str top = join(pdf, r->id, join(pdf, r->environment, r->period));

    pdf_line(pdf, pdf_left(pdf), y, pdf_right(pdf), y, 0.5f, pdf->theme->colours[COLOUR_RULE]);
    pdf_text(pdf, pdf_left(pdf), y + 4, &first, fit_line(pdf, &first, top, width));
    pdf_text(pdf, pdf_left(pdf), y + 13, &second,
             fit_line(pdf, &second, join(pdf, r->program, data), width));
    pdf_text_right(
        pdf, pdf_right(pdf), y + 4, &right,
        layout_line(pdf->fonts, &right,
                    str_print(&pdf->scratch, "Page %zu of %zu", pdf->page->number, pdf->npages),
                    &pdf->scratch));
    if (!str_empty(r->state))
        pdf_text_right(pdf, pdf_right(pdf), y + 13, &right,
                       layout_line(pdf->fonts, &right, pdf_capitals(pdf, r->state), &pdf->scratch));
}

void pdf_furnish(struct pdf *pdf)
{
    number_pages(pdf);
    if (pdf->npages >= CONTENTS_FROM)
        add_contents(pdf);
    number_pages(pdf);
    for (size_t k = 0; k < pdf->npages; k++) {
        pdf->page = pdf->pages[k];
        arena_reset(&pdf->scratch);
        if (!pdf->page->is_cover)
            draw_head(pdf);
        draw_foot(pdf);
    }
}
