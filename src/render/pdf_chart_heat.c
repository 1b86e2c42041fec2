/*
 * pdf_chart_heat: counts as shades, one row a source or weekday, one column a day or hour.
 *
 * What is missing is never drawn as zero: a gap in the record is hatched, and where nothing was
 * expected there is an empty frame. Both are named below the plot.
 */
#include "pdf.h"

#include "model/display.h"

#define CELL_HEIGHT 13.0f
#define CELL_GAP    1.0f
#define NSHADES     7

struct heat {
    struct style label;
    float label_width, pitch;
    int64_t most;
    bool has_gap, has_absent;
};

static struct heat lay_out(struct pdf *pdf, const struct chart *c, float width)
{
    struct heat h = {.label = {FACE_REGULAR, 7.4f, 9, 0, pdf->theme->colours[COLOUR_TEXT]}};

    for (size_t s = 0; s < c->nseries; s++) {
        float w = layout_line(pdf->fonts, &h.label, c->series[s].name, &pdf->scratch).width + 1;

        h.label_width = w > h.label_width ? w : h.label_width;
        for (size_t k = 0; k < c->ncategories; k++) {
            int64_t v = c->series[s].values[k];

            h.most = v > h.most ? v : h.most;
            h.has_gap |= v == HEAT_GAP;
            h.has_absent |= v == HEAT_ABSENT;
        }
    }
    if (h.label_width > width * 0.3f)
        h.label_width = width * 0.3f;
    h.pitch = (width - h.label_width - 8) / (float)(c->ncategories ? c->ncategories : 1);
    /* A few wide columns would look like a table. */
    if (h.pitch > 40)
        h.pitch = 40;
    return h;
}

static float row_height(struct pdf *pdf, const struct heat *h, const struct series *s)
{
    size_t n =
        layout_few_lines(pdf->fonts, &h->label, s->name, h->label_width, 3, &pdf->scratch).count;
    float height = (float)n * h->label.leading + 2;

    return height > CELL_HEIGHT ? height : CELL_HEIGHT;
}

/* --- shades --------------------------------------------------------------------------------- */

static uint32_t mix(uint32_t from, uint32_t to, unsigned part, unsigned whole)
{
    uint32_t out = 0;

    for (int shift = 0; shift <= 16; shift += 8) {
        unsigned a = from >> shift & 255, b = to >> shift & 255;

        out |= ((a * (whole - part) + b * part + whole / 2) / whole) << shift;
    }
    return out;
}

/* The blue ramp of the theme for the first series colour, else the series' own colour in seven
 * steps. */
static uint32_t shade(const struct pdf *pdf, const char *colour, unsigned step)
{
    const uint32_t *c = pdf->theme->colours;

    if (!colour || strcmp(colour, "series-1") == 0 || step == 0)
        return c[COLOUR_HEAT_1 + step];
    return mix(c[COLOUR_PAPER], theme_colour(pdf->theme, colour), 2 + step, 2 + NSHADES - 1);
}

/* Zero has a shade of its own. */
static unsigned shade_of(int64_t value, int64_t most)
{
    unsigned step;

    if (value <= 0 || most <= 0)
        return 0;
    step = 1 + (unsigned)((double)value * (NSHADES - 1) / (double)most - 1e-9);
    return step < NSHADES ? step : NSHADES - 1;
}

static void draw_cell(struct pdf *pdf, const struct heat *h, const char *colour, int64_t value,
                      float x, float y, float w, float height)
{
    const uint32_t *c = pdf->theme->colours;

    if (value == HEAT_GAP) {
        pdf_rect(pdf, x, y, w, height, c[COLOUR_CRITICAL_GROUND]);
        pdf_hatch(pdf, x, y, w, height, c[COLOUR_CRITICAL]);
    } else if (value == HEAT_ABSENT) {
        pdf_frame(pdf, x + 0.25f, y + 0.25f, w - 0.5f, height - 0.5f, 0, c[COLOUR_PAPER],
                  c[COLOUR_RULE], 0.5f);
    } else {
        pdf_rect(pdf, x, y, w, height, shade(pdf, colour, shade_of(value, h->most)));
    }
}

/* --- legend --------------------------------------------------------------------------------- */

struct legend {
    struct pdf *pdf;
    struct style style;
    float left, right, x, y;
    bool is_drawn;
};

static float legend_item(struct legend *l, float swatch, str text)
{
    struct line line = layout_one_line(l->pdf->fonts, &l->style, text,
                                       l->right - l->left - swatch - 5, &l->pdf->scratch);
    float x;

    if (l->x > l->left && l->x + swatch + 5 + line.width > l->right) {
        l->x = l->left;
        l->y += 12;
    }
    x = l->x;
    if (l->is_drawn)
        pdf_text(l->pdf, x + swatch + 5, l->y, &l->style, line);
    l->x += swatch + 5 + line.width + 16;
    return x;
}

static float draw_legend(struct pdf *pdf, const struct chart *c, const struct heat *h, float x,
                         float y, float width, bool is_drawn)
{
    struct legend l = {pdf, pdf_axis_style(pdf), x, x + width, x, y, is_drawn};
    const char *colour = c->nseries ? c->series[0].colour : NULL;
    str most = count_text(h->most, &pdf->scratch);
    float at =
        legend_item(&l, 7 * NSHADES + 5,
                    h->most > 0 ? str_print(&pdf->scratch, "0 to %.*s", STR_FMT(most)) : STR("0"));

    for (unsigned k = 0; k < NSHADES && is_drawn; k++)
        pdf_rect(pdf, at + 7 * (float)k, l.y + 1.5f, 6, 6, shade(pdf, colour, k));
    if (h->has_gap) {
        at = legend_item(&l, 9, STR("gap in the record"));
        if (is_drawn)
            draw_cell(pdf, h, colour, HEAT_GAP, at, l.y + 1.5f, 9, 6);
    }
    if (h->has_absent) {
        at = legend_item(&l, 9, STR("not active, not expected"));
        if (is_drawn)
            draw_cell(pdf, h, colour, HEAT_ABSENT, at, l.y + 1.5f, 9, 6);
    }
    if (!str_empty(c->note)) {
        at = legend_item(&l, 9, c->note);
        if (is_drawn)
            pdf_frame(pdf, at + 0.6f, l.y + 1.6f, 7.8f, 5.8f, 0, PDF_NO_COLOUR,
                      pdf->theme->colours[COLOUR_CRITICAL], 1.2f);
    }
    return l.y - y + 12;
}

/* --- the plot ------------------------------------------------------------------------------- */

static void draw_labels(struct pdf *pdf, const struct chart *c, const struct heat *h, float x,
                        float y)
{
    struct pdf_labels labels = pdf_labels(pdf, c, h->pitch);

    for (size_t k = 0; k < c->ncategories; k++) {
        if (pdf_is_labelled(c, labels, k))
            pdf_axis_label(pdf, c->categories[k], x + ((float)k + 0.5f) * h->pitch - CELL_GAP / 2,
                           y, x, x + (float)c->ncategories * h->pitch - CELL_GAP);
    }
}

float pdf_chart_heat_height(struct pdf *pdf, const struct chart *c, size_t first, size_t count,
                            float width)
{
    struct heat h = lay_out(pdf, c, width);
    float height = 2 + 12 + draw_legend(pdf, c, &h, 0, 0, width - h.label_width - 8, false);

    for (size_t s = first; s < first + count; s++)
        height += row_height(pdf, &h, &c->series[s]);
    return height;
}

void pdf_chart_heat(struct pdf *pdf, const struct chart *c, size_t first, size_t count, float x,
                    float y, float width)
{
    struct heat h = lay_out(pdf, c, width);
    float left = x + h.label_width + 8, noted_x = 0, noted_y = 0, noted_height = 0;

    y += 2;
    for (size_t s = first; s < first + count; s++) {
        const struct series *row = &c->series[s];
        float height = row_height(pdf, &h, row);
        struct lines names =
            layout_few_lines(pdf->fonts, &h.label, row->name, h.label_width, 3, &pdf->scratch);

        pdf_lines(pdf, x, y + (height - CELL_GAP - (float)names.count * h.label.leading) / 2,
                  &h.label, names);
        for (size_t k = 0; k < c->ncategories; k++) {
            float cell = left + (float)k * h.pitch;

            draw_cell(pdf, &h, row->colour, row->values[k], cell, y, h.pitch - CELL_GAP,
                      height - CELL_GAP);
            if (!str_empty(c->note) && c->note_at == s * c->ncategories + k) {
                noted_x = cell;
                noted_y = y;
                noted_height = height - CELL_GAP;
            }
        }
        y += height;
    }
    if (noted_height > 0)
        pdf_frame(pdf, noted_x, noted_y, h.pitch - CELL_GAP, noted_height, 0, PDF_NO_COLOUR,
                  pdf->theme->colours[COLOUR_CRITICAL], 1.2f);
    draw_labels(pdf, c, &h, left, y + 1);
    draw_legend(pdf, c, &h, left, y + 13, width - h.label_width - 8, true);
}
