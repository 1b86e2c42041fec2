/*
 * pdf_chart_parts: parts of a total, bars with their values, and steps with what is lost between
 * them.
 */
#include "pdf.h"

#include "model/display.h"

/* --- donut ---------------------------------------------------------------------------------- */

#define DONUT_SIZE 92.0f
#define PART_PITCH 17.0f

static int64_t part_value(const struct chart *c, size_t part)
{
    int64_t v = c->nseries ? c->series[0].values[part] : 0;

    return v > 0 ? v : 0;
}

/* A part named like a severity looks like it; the others take the colours of series in turn. */
static uint32_t part_colour(const struct pdf *pdf, const struct chart *c, size_t part)
{
    static const enum colour colours[] = {COLOUR_SERIES_1, COLOUR_SERIES_2, COLOUR_SERIES_4,
                                          COLOUR_SERIES_5, COLOUR_SERIES_6};
    enum mark mark = pdf_mark_of_word(c->categories[part]);

    return mark != MARK_NONE ? theme_mark(pdf->theme, mark).solid
                             : pdf->theme->colours[colours[part % 5]];
}

static void draw_donut(struct pdf *pdf, const struct chart *c, float cx, float cy, int64_t total)
{
    const float outer = DONUT_SIZE / 2, inner = outer * 0.63f;
    const uint32_t paper = pdf->theme->colours[COLOUR_PAPER];
    double before = 0;

    if (total == 0)
        pdf_ring(pdf, cx, cy, (outer + inner) / 2, outer - inner,
                 pdf->theme->colours[COLOUR_HEAT_1]);
    for (size_t k = 0; k < c->ncategories; k++) {
        double share = total ? (double)part_value(c, k) / (double)total : 0;

        if (share > 0)
            pdf_sector(pdf, cx, cy, inner, outer, (float)before, (float)(before + share),
                       part_colour(pdf, c, k));
        before += share;
    }
    before = 0;
    for (size_t k = 0; k < c->ncategories && total; k++) {
        double share = (double)part_value(c, k) / (double)total;

        /* A slit of paper between neighbours. */
        if (share > 0 && share < 1)
            pdf_sector(pdf, cx, cy, inner - 1, outer + 1, (float)before - 0.0025f,
                       (float)before + 0.0025f, paper);
        before += share;
    }
}

static void draw_total(struct pdf *pdf, const struct chart *c, float cx, float cy, int64_t total)
{
    struct style value = {FACE_BOLD, 17, 20, 0, pdf->theme->colours[COLOUR_INK]};
    struct style label = pdf_axis_style(pdf);
    bool has_label = !str_empty(c->total_label);
    struct line line;

    do {
        line = layout_line(pdf->fonts, &value, count_text(total, &pdf->scratch), &pdf->scratch);
        value.size -= line.width > 48 ? 1 : 0;
    } while (line.width > 48 && value.size > 8);
    pdf_text_centre(pdf, cx, cy - (has_label ? 14 : 10), &value, line);
    if (has_label)
        pdf_text_centre(pdf, cx, cy + 4, &label,
                        layout_one_line(pdf->fonts, &label, c->total_label, 52, &pdf->scratch));
}

static float draw_parts(struct pdf *pdf, const struct chart *c, float x, float y, float width,
                        bool is_drawn)
{
    struct style name = {FACE_REGULAR, 7.6f, 9.6f, 0, pdf->theme->colours[COLOUR_MUTED]};
    struct style value = {FACE_BOLD, 7.6f, 9.6f, 0, pdf->theme->colours[COLOUR_INK]};
    float top = y;

    for (size_t k = 0; k < c->ncategories; k++) {
        struct line number = layout_line(
            pdf->fonts, &value, count_text(part_value(c, k), &pdf->scratch), &pdf->scratch);
        struct lines names = layout_few_lines(pdf->fonts, &name, c->categories[k],
                                              width - 14 - number.width, 3, &pdf->scratch);
        enum mark mark = pdf_mark_of_word(c->categories[k]);

        if (is_drawn) {
            pdf_mark(pdf, mark == MARK_NONE ? MARK_MEDIUM : mark, x + 3, top + 4.8f, 6,
                     part_colour(pdf, c, k));
            pdf_lines(pdf, x + 11, top, &name, names);
            pdf_text_right(pdf, x + width, top, &value, number);
        }
        top += (float)names.count * name.leading + PART_PITCH - name.leading;
    }
    return top - y;
}

/* Room for the list beside the donut; 0 when names and numbers need more and it goes below. */
static float room_beside(struct pdf *pdf, const struct chart *c, float width)
{
    struct style s = {FACE_BOLD, 7.6f, 9.6f, 0, 0};
    float room = width - DONUT_SIZE - 12;

    room = room > 150 ? 150 : room;
    for (size_t k = 0; k < c->ncategories; k++) {
        str number = count_text(part_value(c, k), &pdf->scratch);
        float name = layout_line(pdf->fonts, &s, c->categories[k], &pdf->scratch).width;
        float value = layout_line(pdf->fonts, &s, number, &pdf->scratch).width;

        if (14 + (name < 60 ? name : 60) + value > room)
            return 0;
    }
    return room;
}

float pdf_chart_donut_height(struct pdf *pdf, const struct chart *c, float width)
{
    float beside = room_beside(pdf, c, width), list;

    if (beside <= 0)
        return DONUT_SIZE + 18 + draw_parts(pdf, c, 0, 0, width < 200 ? width : 200, false);
    list = draw_parts(pdf, c, 0, 0, beside, false);
    return 12 + (list > DONUT_SIZE ? list : DONUT_SIZE);
}

void pdf_chart_donut(struct pdf *pdf, const struct chart *c, float x, float y, float width)
{
    float cx = x + DONUT_SIZE / 2 + 2, cy = y + 10 + DONUT_SIZE / 2, list;
    float beside = room_beside(pdf, c, width);
    int64_t total = 0;

    for (size_t k = 0; k < c->ncategories; k++)
        total += part_value(c, k);
    draw_donut(pdf, c, cx, cy, total);
    draw_total(pdf, c, cx, cy, total);
    if (beside <= 0) {
        draw_parts(pdf, c, x, y + DONUT_SIZE + 18, width < 200 ? width : 200, true);
        return;
    }
    list = draw_parts(pdf, c, 0, 0, beside, false) - (PART_PITCH - 9.6f);
    draw_parts(pdf, c, x + DONUT_SIZE + 12, list < DONUT_SIZE ? cy - list / 2 : y + 10, beside,
               true);
}

/* --- bars and steps ------------------------------------------------------------------------- */

#define BAR_HEIGHT  7.4f
#define BAR_PITCH   13.0f
#define STEP_PITCH  19.0f
#define STEP_HEIGHT 12.0f

struct bars {
    struct style label, value;
    float label_width, value_width, bar_width, pitch, bar_height;
    int64_t most;
};

static int64_t bar_value(const struct chart *c, size_t row)
{
    return c->nseries ? c->series[0].values[row] : 0;
}

/* "401" or, on the way through steps, "401 (−11)". */
static str bar_text(struct pdf *pdf, const struct chart *c, size_t row)
{
    str n = count_text(bar_value(c, row), &pdf->scratch), lost;

    if (c->kind != CHART_FUNNEL || row == 0 || bar_value(c, row - 1) <= bar_value(c, row))
        return n;
    lost = count_text(bar_value(c, row - 1) - bar_value(c, row), &pdf->scratch);
    return str_print(&pdf->scratch, "%.*s (−%.*s)", STR_FMT(n), STR_FMT(lost));
}

static struct bars lay_out_bars(struct pdf *pdf, const struct chart *c, float width)
{
    struct bars b = {.label = {FACE_REGULAR, 7.6f, 9, 0, pdf->theme->colours[COLOUR_TEXT]},
                     .value = {FACE_REGULAR, 7.2f, 9, 0, pdf->theme->colours[COLOUR_MUTED]},
                     .pitch = c->kind == CHART_FUNNEL ? STEP_PITCH : BAR_PITCH,
                     .bar_height = c->kind == CHART_FUNNEL ? STEP_HEIGHT : BAR_HEIGHT,
                     .most = 1};

    for (size_t k = 0; k < c->ncategories; k++) {
        float label = layout_line(pdf->fonts, &b.label, c->categories[k], &pdf->scratch).width;
        float value = layout_line(pdf->fonts, &b.value, bar_text(pdf, c, k), &pdf->scratch).width;

        b.label_width = label > b.label_width ? label : b.label_width;
        b.value_width = value > b.value_width ? value : b.value_width;
        b.most = bar_value(c, k) > b.most ? bar_value(c, k) : b.most;
    }
    b.label_width += 1;
    if (b.label_width > width * 0.46f)
        b.label_width = width * 0.46f;
    b.bar_width = width - b.label_width - 8 - b.value_width - 5;
    if (b.bar_width > 300)
        b.bar_width = 300;
    return b;
}

static float bar_pitch(struct pdf *pdf, const struct chart *c, const struct bars *b, size_t row)
{
    size_t n = layout_few_lines(pdf->fonts, &b->label, c->categories[row], b->label_width, 3,
                                &pdf->scratch)
                   .count;
    float h = (float)n * b->label.leading + 4;

    return h > b->pitch ? h : b->pitch;
}

float pdf_chart_bars_height(struct pdf *pdf, const struct chart *c, size_t first, size_t count,
                            float width)
{
    struct bars b = lay_out_bars(pdf, c, width);
    float h = 8;

    for (size_t k = first; k < first + count; k++)
        h += bar_pitch(pdf, c, &b, k);
    return h;
}

void pdf_chart_bars(struct pdf *pdf, const struct chart *c, size_t first, size_t count, float x,
                    float y, float width)
{
    struct bars b = lay_out_bars(pdf, c, width);
    uint32_t colour = theme_colour(pdf->theme, c->nseries ? c->series[0].colour : "series-1");

    y += 4;
    for (size_t k = first; k < first + count; k++) {
        struct lines labels = layout_few_lines(pdf->fonts, &b.label, c->categories[k],
                                               b.label_width, 3, &pdf->scratch);
        float pitch = bar_pitch(pdf, c, &b, k), middle = y + pitch / 2, bar = x + b.label_width + 8;
        float w = bar_value(c, k) > 0
                      ? (float)((double)bar_value(c, k) / (double)b.most) * b.bar_width
                      : 0;

        if (w > 0 && w < 0.6f)
            w = 0.6f;
        pdf_lines(pdf, x, middle - (float)labels.count * b.label.leading / 2, &b.label, labels);
        if (w > 0)
            pdf_rect(pdf, bar, middle - b.bar_height / 2, w, b.bar_height, colour);
        pdf_text(pdf, bar + w + 5, middle - b.value.leading / 2, &b.value,
                 layout_line(pdf->fonts, &b.value, bar_text(pdf, c, k), &pdf->scratch));
        y += pitch;
    }
}
