/*
 * pdf_draw: the drawing operators of a page, written as PDF text into the page's buffer.
 *
 * Numbers are written with two decimals by integer arithmetic: no locale, no float formatting.
 * Colour, width and dash are set before a path begins, which the format demands. Text is written as
 * the cids of font.h, two bytes each.
 */
#include <math.h>

#include "pdf.h"

/* --- operators ------------------------------------------------------------------------------ */

static void put_number(struct buf *b, float value)
{
    char text[24];
    size_t at = sizeof text;
    long v = lroundf(value * 100);
    bool is_negative = v < 0;
    unsigned long rest = is_negative ? 0UL - (unsigned long)v : (unsigned long)v;
    unsigned long cents = rest % 100;

    text[--at] = ' ';
    if (cents) {
        if (cents % 10)
            text[--at] = (char)('0' + cents % 10);
        text[--at] = (char)('0' + cents / 10);
        text[--at] = '.';
    }
    rest /= 100;
    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (is_negative)
        text[--at] = '-';
    buf_add(b, (str){text + at, sizeof text - at});
}

static void put_point(struct pdf_page *p, float x, float y)
{
    put_number(&p->ops, x);
    put_number(&p->ops, p->height - y);
}

static void put_colour(struct buf *b, uint32_t colour, const char *op)
{
    /* A byte as a fraction needs three decimals to come back as the same byte. */
    buf_print(b, "%u.%03u %u.%03u %u.%03u %s\n", (colour >> 16 & 255) / 255,
              (colour >> 16 & 255) % 255 * 1000 / 255, (colour >> 8 & 255) / 255,
              (colour >> 8 & 255) % 255 * 1000 / 255, (colour & 255) / 255,
              (colour & 255) % 255 * 1000 / 255, op);
}

static void set_fill(struct pdf_page *p, uint32_t colour)
{
    if (p->fill != colour)
        put_colour(&p->ops, colour, "rg");
    p->fill = colour;
}

static void set_stroke(struct pdf_page *p, uint32_t colour, float width)
{
    if (p->stroke != colour)
        put_colour(&p->ops, colour, "RG");
    p->stroke = colour;
    if (p->line_width != width) {
        put_number(&p->ops, width);
        buf_addz(&p->ops, "w\n");
    }
    p->line_width = width;
}

static void move_to(struct pdf_page *p, float x, float y)
{
    put_point(p, x, y);
    buf_addz(&p->ops, "m\n");
}

static void line_to(struct pdf_page *p, float x, float y)
{
    put_point(p, x, y);
    buf_addz(&p->ops, "l\n");
}

static void curve_to(struct pdf_page *p, float x1, float y1, float x2, float y2, float x, float y)
{
    put_point(p, x1, y1);
    put_point(p, x2, y2);
    put_point(p, x, y);
    buf_addz(&p->ops, "c\n");
}

static void rect_path(struct pdf_page *p, float x, float y, float w, float h)
{
    put_point(p, x, y + h);
    put_number(&p->ops, w);
    put_number(&p->ops, h);
    buf_addz(&p->ops, "re\n");
}

/* --- shapes --------------------------------------------------------------------------------- */

void pdf_rect(struct pdf *pdf, float x, float y, float w, float h, uint32_t fill)
{
    set_fill(pdf->page, fill);
    rect_path(pdf->page, x, y, w, h);
    buf_addz(&pdf->page->ops, "f\n");
}

static void round_path(struct pdf_page *p, float x, float y, float w, float h, float r)
{
    const float k = r * 0.4477f; /* from the corner to the control point of a quarter circle */

    move_to(p, x + r, y);
    line_to(p, x + w - r, y);
    curve_to(p, x + w - k, y, x + w, y + k, x + w, y + r);
    line_to(p, x + w, y + h - r);
    curve_to(p, x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
    line_to(p, x + r, y + h);
    curve_to(p, x + k, y + h, x, y + h - k, x, y + h - r);
    line_to(p, x, y + r);
    curve_to(p, x, y + k, x + k, y, x + r, y);
    buf_addz(&p->ops, "h\n");
}

void pdf_frame(struct pdf *pdf, float x, float y, float w, float h, float radius, uint32_t fill,
               uint32_t stroke, float line_width)
{
    struct pdf_page *p = pdf->page;
    bool has_fill = fill != PDF_NO_COLOUR, has_stroke = stroke != PDF_NO_COLOUR;

    if (has_fill)
        set_fill(p, fill);
    if (has_stroke)
        set_stroke(p, stroke, line_width);
    if (radius > 0)
        round_path(p, x, y, w, h, radius);
    else
        rect_path(p, x, y, w, h);
    buf_addz(&p->ops, has_fill && has_stroke ? "B\n"
                      : has_fill             ? "f\n"
                      : has_stroke           ? "S\n"
                                             : "n\n");
}

void pdf_line(struct pdf *pdf, float x1, float y1, float x2, float y2, float width, uint32_t colour)
{
    set_stroke(pdf->page, colour, width);
    move_to(pdf->page, x1, y1);
    line_to(pdf->page, x2, y2);
    buf_addz(&pdf->page->ops, "S\n");
}

void pdf_dotted(struct pdf *pdf, float x, float y1, float y2, uint32_t colour)
{
    buf_addz(&pdf->page->ops, "[1 2] 0 d\n");
    pdf_line(pdf, x, y1, x, y2, 0.7f, colour);
    buf_addz(&pdf->page->ops, "[] 0 d\n");
}

static void polygon_path(struct pdf_page *p, const float *xy, size_t npoints)
{
    move_to(p, xy[0], xy[1]);
    for (size_t k = 1; k < npoints; k++)
        line_to(p, xy[k * 2], xy[k * 2 + 1]);
}

void pdf_polygon(struct pdf *pdf, const float *xy, size_t npoints, uint32_t fill)
{
    set_fill(pdf->page, fill);
    polygon_path(pdf->page, xy, npoints);
    buf_addz(&pdf->page->ops, "h f\n");
}

void pdf_polyline(struct pdf *pdf, const float *xy, size_t npoints, float width, uint32_t colour)
{
    set_stroke(pdf->page, colour, width);
    polygon_path(pdf->page, xy, npoints);
    buf_addz(&pdf->page->ops, "S\n");
}

/* An arc in pieces of at most an eighth of a turn; turns run clockwise from the top. */
static void arc_path(struct pdf_page *p, float cx, float cy, float r, float from, float to)
{
    const float full = 6.2831853f;
    int n = (int)ceilf(fabsf(to - from) * 8);
    float step = n ? (to - from) / (float)n * full : 0, a = from * full;
    float k = 4.0f / 3.0f * tanf(step / 4) * r;

    for (int i = 0; i < n; i++, a += step) {
        float x0 = cx + r * sinf(a), y0 = cy - r * cosf(a);
        float x1 = cx + r * sinf(a + step), y1 = cy - r * cosf(a + step);

        curve_to(p, x0 + k * cosf(a), y0 + k * sinf(a), x1 - k * cosf(a + step),
                 y1 - k * sinf(a + step), x1, y1);
    }
}

void pdf_circle(struct pdf *pdf, float cx, float cy, float radius, uint32_t fill)
{
    set_fill(pdf->page, fill);
    move_to(pdf->page, cx, cy - radius);
    arc_path(pdf->page, cx, cy, radius, 0, 1);
    buf_addz(&pdf->page->ops, "h f\n");
}

void pdf_ring(struct pdf *pdf, float cx, float cy, float radius, float width, uint32_t colour)
{
    set_stroke(pdf->page, colour, width);
    move_to(pdf->page, cx, cy - radius);
    arc_path(pdf->page, cx, cy, radius, 0, 1);
    buf_addz(&pdf->page->ops, "h S\n");
}

void pdf_sector(struct pdf *pdf, float cx, float cy, float inner, float outer, float from, float to,
                uint32_t fill)
{
    const float full = 6.2831853f;
    struct pdf_page *p = pdf->page;

    set_fill(p, fill);
    move_to(p, cx + outer * sinf(from * full), cy - outer * cosf(from * full));
    arc_path(p, cx, cy, outer, from, to);
    line_to(p, cx + inner * sinf(to * full), cy - inner * cosf(to * full));
    arc_path(p, cx, cy, inner, to, from);
    buf_addz(&p->ops, "h f\n");
}

void pdf_hatch(struct pdf *pdf, float x, float y, float w, float h, uint32_t colour)
{
    struct pdf_page *p = pdf->page;

    set_stroke(p, colour, 0.8f);
    buf_addz(&p->ops, "q\n");
    rect_path(p, x, y, w, h);
    buf_addz(&p->ops, "W n\n");
    for (float at = -h; at < w; at += 2.4f) {
        move_to(p, x + at, y + h);
        line_to(p, x + at + h, y);
    }
    buf_addz(&p->ops, "S Q\n");
}

/* --- text ----------------------------------------------------------------------------------- */

static void put_cid(struct buf *b, uint16_t cid)
{
    const char bytes[2] = {(char)(cid >> 8), (char)(cid & 255)};

    for (int k = 0; k < 2; k++) {
        char c = bytes[k];

        if (c == '(' || c == ')' || c == '\\')
            buf_addc(b, '\\');
        /* A reader takes a bare CR in a string for LF. */
        if (c == '\r')
            buf_addz(b, "\\r");
        else
            buf_addc(b, c);
    }
}

/* Glyphs from..to of one font and one rise, moved apart where shaping says so. */
static void put_run(struct pdf_page *p, const struct drawn *g, size_t from, size_t to)
{
    struct buf *b = &p->ops;

    buf_addz(b, "[(");
    for (size_t k = from; k < to; k++) {
        if (g[k].adjust) {
            buf_addz(b, ")");
            put_number(b, -(float)g[k].adjust);
            buf_addz(b, "(");
        }
        put_cid(b, g[k].cid);
    }
    buf_addz(b, ")] TJ\n");
}

static void put_glyphs(struct pdf *pdf, const struct style *style, str text)
{
    struct pdf_page *p = pdf->page;
    struct drawn *g;
    size_t n = layout_glyphs(pdf->fonts, style->face, text, &pdf->scratch, &g);
    int16_t rise = 0;

    if (p->tracking != style->tracking) {
        put_number(&p->ops, style->tracking);
        buf_addz(&p->ops, "Tc\n");
        p->tracking = style->tracking;
    }
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && g[to].font == g[from].font && g[to].rise == g[from].rise;
             to++)
            ;
        if (p->font != g[from].font || p->size != style->size) {
            buf_print(&p->ops, "/F%u ", g[from].font);
            put_number(&p->ops, style->size);
            buf_addz(&p->ops, "Tf\n");
            p->font = g[from].font;
            p->size = style->size;
        }
        if (rise != g[from].rise) {
            rise = g[from].rise;
            put_number(&p->ops, (float)rise * style->size / 1000);
            buf_addz(&p->ops, "Ts\n");
        }
        put_run(p, g, from, to);
    }
    if (rise)
        buf_addz(&p->ops, "0 Ts\n");
}

void pdf_text(struct pdf *pdf, float x, float top, const struct style *style, struct line line)
{
    struct pdf_page *p = pdf->page;

    if (!line.text.len)
        return;
    set_fill(p, style->colour);
    buf_addz(&p->ops, "BT\n");
    /* The middle of the letters between ascent and descent, for the fonts we use by default. */
    put_point(p, x, top + style->leading / 2 + style->size * 0.3465f);
    buf_addz(&p->ops, "Td\n");
    put_glyphs(pdf, style, line.text);
    buf_addz(&p->ops, "ET\n");
}

void pdf_text_right(struct pdf *pdf, float right, float top, const struct style *style,
                    struct line line)
{
    pdf_text(pdf, right - (line.width - style->tracking), top, style, line);
}

void pdf_text_centre(struct pdf *pdf, float centre, float top, const struct style *style,
                     struct line line)
{
    pdf_text(pdf, centre - (line.width - style->tracking) / 2, top, style, line);
}

void pdf_watermark(struct pdf *pdf, const struct style *style, struct line line)
{
    struct pdf_page *p = pdf->page;
    const float turn = 0.70710678f, back = line.width / 2 * turn, down = style->size * 0.35f * turn;

    set_fill(p, style->colour);
    buf_addz(&p->ops, "BT\n");
    buf_addz(&p->ops, ".7071 .7071 -.7071 .7071 ");
    put_number(&p->ops, p->width / 2 - back + down);
    put_number(&p->ops, p->height / 2 - back - down);
    buf_addz(&p->ops, "Tm\n");
    put_glyphs(pdf, style, line.text);
    buf_addz(&p->ops, "ET\n");
}

float pdf_lines(struct pdf *pdf, float x, float top, const struct style *style, struct lines lines)
{
    for (size_t k = 0; k < lines.count; k++)
        pdf_text(pdf, x, top + (float)k * style->leading, style, lines.line[k]);
    return (float)lines.count * style->leading;
}
