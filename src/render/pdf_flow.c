/*
 * pdf_flow: the sequence of pages, the place on the current one, and what points at places:
 * anchors, links, bookmarks.
 */
#include "pdf.h"

#include <stdlib.h>

#include "base/instant.h"

/* --- styles --------------------------------------------------------------------------------- */

struct style pdf_style(const struct pdf *pdf, enum type_role role, enum face face,
                       enum colour colour)
{
    struct type_size t = pdf->theme->type[role];

    return (struct style){face, t.size, t.leading, 0, pdf->theme->colours[colour]};
}

struct style pdf_eyebrow(const struct pdf *pdf, float tracking)
{
    struct style s = pdf_style(pdf, TYPE_EYEBROW, FACE_BOLD, COLOUR_MUTED);

    s.tracking = tracking;
    return s;
}

/* For our own labels: ASCII letters. */
str pdf_capitals(struct pdf *pdf, str text)
{
    char *copy = str_z(&pdf->scratch, text);

    for (size_t k = 0; k < text.len; k++) {
        if (copy[k] >= 'a' && copy[k] <= 'z')
            copy[k] = (char)(copy[k] - 'a' + 'A');
    }
    return (str){copy, text.len};
}

/* Whole seconds: the rest of an event's key is not time (base/instant.h). */
str pdf_time_text(struct pdf *pdf, int64_t time_key)
{
    int64_t sec = time_key >> 30, days = sec / 86400, rest = sec % 86400;
    int year, month, day;

    instant_civil(days, &year, &month, &day);
    return str_print(&pdf->scratch, "%04d-%02d-%02d %02d:%02d:%02dZ", year, month, day,
                     (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* --- pages ---------------------------------------------------------------------------------- */

float pdf_left(const struct pdf *pdf)
{
    (void)pdf;
    return PDF_MARGIN;
}

float pdf_right(const struct pdf *pdf)
{
    return pdf->page->width - PDF_MARGIN;
}

float pdf_width(const struct pdf *pdf)
{
    return pdf->page->width - 2 * PDF_MARGIN;
}

float pdf_bottom(const struct pdf *pdf)
{
    return pdf->page->height - 60;
}

float pdf_top(const struct pdf *pdf)
{
    return pdf->is_landscape ? 60 : 66;
}

/* Only a draft is marked across its pages; every other state stands in the foot. */
static void draw_state(struct pdf *pdf)
{
    struct style s = {FACE_BOLD, 150, 150, 0, pdf->theme->colours[COLOUR_WATERMARK]};

    if (!str_starts(pdf->report->state, STR("DRAFT")))
        return;
    pdf_watermark(pdf, &s, layout_line(pdf->fonts, &s, STR("DRAFT"), &pdf->scratch));
}

void pdf_new_page(struct pdf *pdf)
{
    const bool is_letter = pdf->theme->is_letter;
    float w = is_letter ? 612 : 595.276f, h = is_letter ? 792 : 841.890f;
    struct pdf_page *p = arena_new(pdf->a, struct pdf_page, 1);

    if (pdf->npages == pdf->pages_cap) {
        pdf->pages_cap = pdf->pages_cap * 2 + 64;
        pdf->pages = xrealloc(pdf->pages, pdf->pages_cap * sizeof pdf->pages[0]);
    }
    *p = (struct pdf_page){.width = pdf->is_landscape ? h : w,
                           .height = pdf->is_landscape ? w : h,
                           .fill = PDF_NO_COLOUR,
                           .stroke = PDF_NO_COLOUR,
                           .font = -1};
    pdf->pages[pdf->npages++] = p;
    pdf->page = p;
    pdf->y = pdf->fresh_y = pdf_top(pdf);
    pdf->last = NULL;
    draw_state(pdf);
}

bool pdf_is_fresh(const struct pdf *pdf)
{
    return pdf->y <= pdf->fresh_y + 0.01f;
}

bool pdf_need(struct pdf *pdf, float height)
{
    if (pdf->y + height <= pdf_bottom(pdf) + 0.01f || pdf->y <= pdf_top(pdf) + 0.01f)
        return false;
    pdf_new_page(pdf);
    return true;
}

void pdf_need_part(struct pdf *pdf, float above, float height)
{
    const float half = (pdf_bottom(pdf) - pdf_top(pdf)) / 2;

    pdf_need(pdf, above + (height < half ? height : half));
}

void pdf_flow_lines(struct pdf *pdf, float x, const struct style *style, struct lines lines)
{
    for (size_t k = 0; k < lines.count; k++) {
        pdf_need(pdf, style->leading);
        pdf_text(pdf, x, pdf->y, style, lines.line[k]);
        pdf->y += style->leading;
    }
}

void pdf_drop_pages(struct pdf *pdf, size_t from)
{
    for (size_t k = from; k < pdf->npages; k++) {
        buf_free(&pdf->pages[k]->ops);
        free(pdf->pages[k]->links);
    }
    pdf->npages = from;
}

void pdf_free_pages(struct pdf *pdf)
{
    pdf_drop_pages(pdf, 0);
    free(pdf->pages);
    pdf->pages = NULL;
}

/* --- anchors and links ---------------------------------------------------------------------- */

static struct pdf_anchor *anchor_slot(const struct pdf *pdf, str name)
{
    size_t at = str_hash(name) & (pdf->anchors_size - 1);

    while (pdf->anchors[at].name.ptr && !str_eq(pdf->anchors[at].name, name))
        at = (at + 1) & (pdf->anchors_size - 1);
    return &pdf->anchors[at];
}

/* All anchors there will be, so that text that leads nowhere is not drawn like a link. */
void pdf_collect_anchors(struct pdf *pdf)
{
    size_t count = 0;

    for (const struct section *s = pdf->report->sections; s; s = s->next) {
        count++;
        for (const struct block *b = s->blocks; b; b = b->next)
            count++;
    }
    pdf->anchors_size = 16;
    while (pdf->anchors_size < count * 2)
        pdf->anchors_size *= 2;
    pdf->anchors = arena_new(pdf->a, struct pdf_anchor, pdf->anchors_size);
    for (const struct section *s = pdf->report->sections; s; s = s->next) {
        if (!s->is_pdf)
            continue;
        if (!str_empty(s->anchor))
            anchor_slot(pdf, s->anchor)->name = s->anchor;
        for (const struct block *b = s->blocks; b; b = b->next) {
            if (!str_empty(b->anchor))
                anchor_slot(pdf, b->anchor)->name = b->anchor;
        }
    }
}

bool pdf_has_anchor(const struct pdf *pdf, str name)
{
    return !str_empty(name) && anchor_slot(pdf, name)->name.ptr;
}

void pdf_place_anchor(struct pdf *pdf, str name, float y)
{
    struct pdf_anchor *anchor = str_empty(name) ? NULL : anchor_slot(pdf, name);

    if (!anchor || !anchor->name.ptr || anchor->page)
        return;
    anchor->page = pdf->page;
    anchor->y = y;
}

const struct pdf_anchor *pdf_find_anchor(const struct pdf *pdf, str name)
{
    const struct pdf_anchor *anchor = str_empty(name) ? NULL : anchor_slot(pdf, name);

    return anchor && anchor->page ? anchor : NULL;
}

/* Readers and writers end at 32,767 links on a page. */
#define MOST_LINKS 32767

static void add_link(struct pdf_page *p, struct pdf_link link)
{
    if (p->nlinks == MOST_LINKS)
        return;
    if (p->nlinks == p->links_cap) {
        p->links_cap = p->links_cap * 2 + 8;
        p->links = xrealloc(p->links, p->links_cap * sizeof p->links[0]);
    }
    p->links[p->nlinks++] = link;
}

void pdf_link(struct pdf *pdf, float x, float y, float w, float h, str anchor)
{
    if (pdf_has_anchor(pdf, anchor))
        add_link(pdf->page, (struct pdf_link){x, y, w, h, str_copy(pdf->a, anchor), NULL});
}

void pdf_link_page(struct pdf *pdf, float x, float y, float w, float h, const struct pdf_page *page)
{
    add_link(pdf->page, (struct pdf_link){x, y, w, h, STR_NONE, page});
}

void pdf_add_outline(struct pdf *pdf, str title, const struct section *section, float y)
{
    if (pdf->noutlines == pdf->outlines_cap) {
        struct pdf_outline *old = pdf->outlines;

        pdf->outlines_cap = pdf->outlines_cap * 2 + 32;
        pdf->outlines = arena_new(pdf->a, struct pdf_outline, pdf->outlines_cap);
        if (pdf->noutlines)
            memcpy(pdf->outlines, old, pdf->noutlines * sizeof *old);
    }
    pdf->outlines[pdf->noutlines++] =
        (struct pdf_outline){str_copy(pdf->a, title), section, pdf->page, y};
}
