/*
 * pdf_furniture: the cover, the contents page, and what stands on every page.
 *
 * Single pages get separated and e-mailed: each one carries the report's id, its period and
 * environment, its place among the pages and the beginning of the dataset's hash.
 */
#include "pdf.h"

/* --- cover ---------------------------------------------------------------------------------- */

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

/* Lines end between the names of a list, not inside one: "PCI DSS v4.0.1" stays together. */
static str break_at_dots(struct pdf *pdf, const struct style *s, str list, float width)
{
    const str dot = STR(" · ");
    str out = STR_NONE, line = STR_NONE;

    while (list.len) {
        size_t at = str_find(list, dot);
        str part = str_part(list, 0, at), longer = str_join(&pdf->scratch, line, dot, part);

        list = at == SIZE_MAX ? STR_NONE : str_part(list, at + dot.len, list.len);
        if (line.len && layout_line(pdf->fonts, s, longer, &pdf->scratch).width > width) {
            out = str_join(&pdf->scratch, out, STR("\n"), line);
            longer = part;
        }
        line = longer;
    }
    return str_join(&pdf->scratch, out, STR("\n"), line);
}

/* A line of the band: "Prepared for   Tarn & Alder Payments". Returns its height. */
static float band_row(struct pdf *pdf, float y, str name, str value, enum face face)
{
    const uint32_t *c = pdf->theme->colours;
    struct style label = {FACE_REGULAR, 9.4f, 15, 0, c[COLOUR_ON_NAVY_FAINT]};
    struct style text = {face, 9.4f, 15, 0,
                         c[face == FACE_BOLD ? COLOUR_ON_NAVY : COLOUR_ON_NAVY_SOFT]};
    const float x = pdf_left(pdf), indent = 70;

    if (str_empty(value))
        return 0;
    pdf_text(pdf, x, y, &label, layout_line(pdf->fonts, &label, name, &pdf->scratch));
    return pdf_lines(pdf, x + indent, y, &text,
                     layout_few_lines(pdf->fonts, &text,
                                      break_at_dots(pdf, &text, value, pdf_width(pdf) - indent),
                                      pdf_width(pdf) - indent, 4, &pdf->scratch));
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
    float y = pdf->is_tight ? 100 : 124;

    eyebrow.colour = c[COLOUR_ON_NAVY_ACCENT];
    pdf_text_right(
        pdf, pdf_right(pdf), 60, &small,
        layout_one_line(pdf->fonts, &small, pdf_capitals(pdf, r->classification), 320, a));
    pdf_text(pdf, x, y, &eyebrow,
             layout_one_line(pdf->fonts, &eyebrow, eyebrow_text(pdf), width, a));
    y += 16;
    y += pdf_lines(pdf, x, y, &title, layout_few_lines(pdf->fonts, &title, r->title, width, 4, a));
    y += 3;
    y += pdf_lines(pdf, x, y, &subtitle,
                   layout_few_lines(pdf->fonts, &subtitle, r->subtitle, width, 3, a));
    y += 22;
    if (!str_starts(r->prepared_for, r->organization))
        y += band_row(pdf, y, STR("Organization"), r->organization, FACE_BOLD);
    y += band_row(pdf, y, STR("Prepared for"), r->prepared_for, FACE_BOLD);
    y += band_row(pdf, y, STR("Frameworks"), r->frameworks, FACE_REGULAR);
    return y + (pdf->is_tight ? 10 : 16);
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
    if (bottom < 262 && !pdf->is_tight)
        bottom = 262;
    pdf_rect(pdf, 0, 0, p->width, bottom, c[COLOUR_NAVY]);
    pdf_rect(pdf, 0, bottom, p->width, 3.2f, c[COLOUR_ACCENT]);
    draw_logo(pdf, pdf_left(pdf), 70);
    draw_band_text(pdf);
    pdf->y = pdf->fresh_y = bottom + (pdf->is_tight ? 14 : 24);
}

static bool draw_cover(struct pdf *pdf, struct err *err)
{
    struct style eyebrow = pdf_eyebrow(pdf, 0.7f);

    pdf_new_page(pdf);
    pdf->page->is_cover = true;
    draw_band(pdf);
    for (const struct block *b = pdf->report->cover; b; b = b->next) {
        if (b->kind == BLOCK_BANNER) {
            pdf_text(pdf, pdf_left(pdf), pdf->y, &eyebrow,
                     layout_line(pdf->fonts, &eyebrow, STR("RESULT IN SHORT"), &pdf->scratch));
            pdf->y = pdf->fresh_y = pdf->y + 16;
        }
        if (!pdf_block(pdf, b, err))
            return false;
    }
    return true;
}

/* A cover is one page: when it becomes two it is drawn again with less white. */
bool pdf_cover(struct pdf *pdf, struct err *err)
{
    bool ok;

    pdf->is_landscape = false;
    pdf->is_cover = true;
    ok = draw_cover(pdf, err);
    if (ok && pdf->npages > 1) {
        pdf_drop_pages(pdf, 0);
        pdf->is_tight = true;
        ok = draw_cover(pdf, err);
    }
    pdf->is_cover = pdf->is_tight = false;
    pdf->ncovers = pdf->npages;
    return ok;
}

/* --- contents ------------------------------------------------------------------------------- */

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

struct contents {
    struct style number, title, purpose;
    float pad; /* above and below a row: less when there are many */
};

static struct contents contents_styles(const struct pdf *pdf)
{
    return (struct contents){pdf_style(pdf, TYPE_BODY, FACE_REGULAR, COLOUR_MUTED),
                             pdf_style(pdf, TYPE_BODY, FACE_BOLD, COLOUR_INK),
                             pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT), 4.5f};
}

#define CONTENTS_INDENT 26.0f
#define CONTENTS_PAGE   44.0f

/* Lays one row out, draws it when asked to, and returns its height. */
static float contents_row(struct pdf *pdf, const struct contents *c, const struct pdf_outline *o,
                          bool is_drawn)
{
    struct arena *a = &pdf->scratch;
    const float x = pdf_left(pdf), width = pdf_width(pdf) - CONTENTS_INDENT - CONTENTS_PAGE;
    struct lines titles = layout_lines(pdf->fonts, &c->title, o->section->title, width, a);
    struct lines purposes = layout_lines(pdf->fonts, &c->purpose, o->section->purpose, width, a);
    float h = (float)titles.count * c->title.leading + (float)purposes.count * c->purpose.leading +
              2 * c->pad;
    float top;

    if (!is_drawn)
        return h;
    pdf_need(pdf, h);
    top = pdf->y + c->pad;
    pdf_text(pdf, x, top, &c->number,
             layout_one_line(pdf->fonts, &c->number, o->section->number, CONTENTS_INDENT - 4, a));
    pdf_text_right(pdf, pdf_right(pdf), top, &c->number,
                   layout_line(pdf->fonts, &c->number, str_print(a, "%zu", o->page->number), a));
    top += pdf_lines(pdf, x + CONTENTS_INDENT, top, &c->title, titles);
    pdf_lines(pdf, x + CONTENTS_INDENT, top, &c->purpose, purposes);
    pdf_link_page(pdf, x, pdf->y, pdf_width(pdf), h, o->page);
    pdf->y += h;
    pdf_line(pdf, x, pdf->y, pdf_right(pdf), pdf->y, 0.35f, pdf->theme->colours[COLOUR_RULE]);
    return h;
}

static void number_pages(struct pdf *pdf)
{
    for (size_t k = 0; k < pdf->npages; k++)
        pdf->pages[k]->number = k + 1;
}

static float contents_height(struct pdf *pdf, const struct contents *c)
{
    float h = 0;

    for (size_t k = 0; k < pdf->noutlines; k++) {
        arena_reset(&pdf->scratch);
        if (pdf->outlines[k].section)
            h += contents_row(pdf, c, &pdf->outlines[k], false);
    }
    return h;
}

static void draw_contents(struct pdf *pdf)
{
    struct contents c = contents_styles(pdf);

    contents_title(pdf);
    while (contents_height(pdf, &c) > pdf_bottom(pdf) - pdf->y && c.pad > 1.5f)
        c.pad -= 0.5f;
    /* One page does not do even so: then in comfort. */
    if (c.pad <= 1.5f)
        c.pad = contents_styles(pdf).pad;
    for (size_t k = 0; k < pdf->noutlines; k++) {
        arena_reset(&pdf->scratch);
        if (pdf->outlines[k].section)
            contents_row(pdf, &c, &pdf->outlines[k], true);
    }
}

/* Pages from.. move behind the cover. */
static void move_behind_cover(struct pdf *pdf, size_t from)
{
    size_t n = pdf->npages - from;
    struct pdf_page **moved = arena_new(pdf->a, struct pdf_page *, n);

    memcpy(moved, pdf->pages + from, n * sizeof *moved);
    memmove(pdf->pages + pdf->ncovers + n, pdf->pages + pdf->ncovers,
            (from - pdf->ncovers) * sizeof *moved);
    memcpy(pdf->pages + pdf->ncovers, moved, n * sizeof *moved);
}

/* The contents are laid out at the end and moved; how many pages they take shifts the numbers they
 * print, so they are laid out twice. */
static void add_contents(struct pdf *pdf)
{
    size_t body = pdf->npages, taken;

    pdf->is_landscape = false;
    pdf_new_page(pdf);
    draw_contents(pdf);
    taken = pdf->npages - body;
    pdf_drop_pages(pdf, body);
    for (size_t k = 0; k < body; k++)
        pdf->pages[k]->number = k < pdf->ncovers ? k + 1 : k + 1 + taken;
    pdf_new_page(pdf);
    draw_contents(pdf);
    move_behind_cover(pdf, body);
}

/* --- heads and feet ------------------------------------------------------------------------- */

/* Smaller until it fits; what is too long even so is whole on the cover. */
static struct line fit_line(struct pdf *pdf, struct style *s, str text, float width)
{
    struct line line = layout_line(pdf->fonts, s, text, &pdf->scratch);

    while (line.width > width && s->size > 5) {
        s->size -= 0.2f;
        line = layout_line(pdf->fonts, s, text, &pdf->scratch);
    }
    if (line.width > width)
        line = layout_few_lines(pdf->fonts, s, text, width, 1, &pdf->scratch).line[0];
    return line;
}

/* Title and subtitle on one line when they fit, else one below the other. */
static void draw_head(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    struct style title = {FACE_BOLD, 7.4f, 10, 0, pdf->theme->colours[COLOUR_INK]};
    struct style text = {FACE_REGULAR, 7.4f, 10, 0, pdf->theme->colours[COLOUR_FAINT]};
    struct style right_style = text;
    const float x = pdf_left(pdf), width = pdf_width(pdf);
    struct line right =
        fit_line(pdf, &right_style, pdf_capitals(pdf, r->classification), width / 3);
    struct line left = layout_line(pdf->fonts, &title, r->title, &pdf->scratch);
    struct line after = layout_line(pdf->fonts, &text, r->subtitle, &pdf->scratch);
    const float room = width - right.width - 12;
    bool is_one_line = left.width + 6 + after.width <= room;
    float y = is_one_line ? 32 : 26;

    pdf_text_right(pdf, pdf_right(pdf), y, &right_style, right);
    pdf_text(pdf, x, y, &title, fit_line(pdf, &title, r->title, room));
    if (is_one_line)
        pdf_text(pdf, x + left.width + 6, y, &text, after);
    else
        pdf_text(pdf, x, y + 10, &text, fit_line(pdf, &text, r->subtitle, width));
}

static str join(struct pdf *pdf, str left, str right)
{
    return str_join(&pdf->scratch, left, STR(" · "), right);
}

static str data_text(struct pdf *pdf)
{
    str sum = pdf->report->dataset_sha256;

    return str_empty(sum)
               ? STR_NONE
               : str_print(&pdf->scratch, "data SHA-256 %.*s…", STR_FMT(str_part(sum, 0, 12)));
}

static void draw_foot(struct pdf *pdf)
{
    const struct report *r = pdf->report;
    struct style s = {FACE_REGULAR, 6.8f, 9, 0, pdf->theme->colours[COLOUR_FAINT]};
    const float x = pdf_left(pdf), right = pdf_right(pdf), room = pdf_width(pdf) - 80;
    str place = join(pdf, r->id, r->environment), all = join(pdf, place, r->period);
    bool is_one_line = layout_line(pdf->fonts, &s, all, &pdf->scratch).width <= room;
    str lines[] = {is_one_line ? all : place, is_one_line ? STR_NONE : r->period,
                   join(pdf, r->program, data_text(pdf))};
    str page = str_print(&pdf->scratch, "Page %zu of %zu", pdf->page->number, pdf->npages);
    float y = pdf->page->height - (is_one_line ? 40 : 48);

    pdf_line(pdf, x, y, right, y, 0.5f, pdf->theme->colours[COLOUR_RULE]);
    y += 4;
    pdf_text_right(pdf, right, y, &s, layout_line(pdf->fonts, &s, page, &pdf->scratch));
    pdf_text_right(pdf, right, y + s.leading, &s,
                   layout_line(pdf->fonts, &s, pdf_capitals(pdf, r->state), &pdf->scratch));
    for (size_t k = 0; k < 3; k++) {
        struct style fitted = s;

        if (str_empty(lines[k]))
            continue;
        pdf_text(pdf, x, y, &fitted, fit_line(pdf, &fitted, lines[k], room));
        y += s.leading;
    }
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
