/*
 * pdf_chart: the frame that charts share, and bars per day.
 *
 * The title says what is counted, the line below it unit, population and zone. Axes of bars begin
 * at zero. The one thing to notice is written into the plot.
 */
#include "pdf.h"

#include <math.h>

#include "model/display.h"

#define PLOT_HEIGHT   128.0f
#define AXIS_HEIGHT   14.0f
#define WIDEST_LABEL  80.0f
#define LEGEND_HEIGHT 15.0f

struct style pdf_axis_style(const struct pdf *pdf)
{
    return pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);
}

/* --- labels of columns ---------------------------------------------------------------------- */

struct pdf_labels pdf_labels(struct pdf *pdf, const struct chart *c, float pitch)
{
    struct style s = pdf_axis_style(pdf);
    struct pdf_labels l = {c->ncategories <= 12 ? 1 : c->ncategories == 24 ? 3 : 5, 1};
    float widest = 0, over;

    for (size_t k = 0; k < c->ncategories; k++) {
        float w =
            layout_one_line(pdf->fonts, &s, c->categories[k], WIDEST_LABEL, &pdf->scratch).width;

        widest = w > widest ? w : widest;
    }
    /* Labels wider than a column are moved away from the edges of the plot. */
    over = widest > pitch ? (widest - pitch) / 2 : 0;
    while ((float)l.room * pitch < widest + 5 + over && l.room < c->ncategories)
        l.room++;
    while (l.step < l.room)
        l.step += l.step < 5 ? 1 : 5;
    return l;
}

/* The first, every step-th and the last; not the one too close before the last. */
bool pdf_is_labelled(const struct chart *c, struct pdf_labels labels, size_t column)
{
    size_t last = c->ncategories - 1;

    return column == last || (column % labels.step == 0 && last - column >= labels.room);
}

/* Below the middle of its column, but not over the edges of the plot. */
void pdf_axis_label(struct pdf *pdf, str text, float centre, float top, float left, float right)
{
    struct style s = pdf_axis_style(pdf);
    struct line line = layout_one_line(pdf->fonts, &s, text, WIDEST_LABEL, &pdf->scratch);

    if (centre + line.width / 2 > right)
        centre = right - line.width / 2;
    if (centre - line.width / 2 < left - 12)
        centre = left - 12 + line.width / 2;
    pdf_text_centre(pdf, centre, top, &s, line);
}

/* --- legend --------------------------------------------------------------------------------- */

static float legend(struct pdf *pdf, const struct chart *c, float x, float y, float width,
                    bool is_drawn)
{
    struct style s = {FACE_REGULAR, 7.6f, 10, 0, pdf->theme->colours[COLOUR_MUTED]};
    float at = x, top = y;

    if (c->nseries < 2)
        return 0;
    for (size_t k = 0; k < c->nseries; k++) {
        struct line line =
            layout_one_line(pdf->fonts, &s, c->series[k].name, width - 20, &pdf->scratch);

        if (at > x && at + 11 + line.width > x + width) {
            at = x;
            top += 11;
        }
        if (is_drawn) {
            pdf_rect(pdf, at, top + 1.5f, 6.6f, 6.6f,
                     theme_colour(pdf->theme, c->series[k].colour));
            pdf_text(pdf, at + 11, top, &s, line);
        }
        at += 11 + line.width + 18;
    }
    return top - y + LEGEND_HEIGHT;
}

/* --- stacked days --------------------------------------------------------------------------- */

struct scale {
    int64_t step, top;
};

/* Three to five lines at 1, 2 or 5 times a power of ten, and a fifth of room above for the note. */
static struct scale make_scale(int64_t most)
{
    int64_t power = 1;
    int64_t wanted = most > 0 ? most + (most + 4) / 5 : 1;

    for (;; power *= 10) {
        for (int k = 0; k < 3; k++) {
            int64_t step = power * (k == 0 ? 1 : k == 1 ? 2 : 5);

            if (wanted <= step * 5 || power > INT64_MAX / 100)
                return (struct scale){step, (wanted + step - 1) / step * step};
        }
    }
}

static int64_t total_at(const struct chart *c, size_t column)
{
    int64_t sum = 0;

    for (size_t k = 0; k < c->nseries; k++)
        sum += c->series[k].values[column] > 0 ? c->series[k].values[column] : 0;
    return sum;
}

struct plot {
    float x, y, width, height;
    struct scale scale;
};

static float height_of(const struct plot *p, int64_t value)
{
    return (float)((double)value / (double)p->scale.top) * p->height;
}

static void draw_grid(struct pdf *pdf, const struct plot *p, float label_right)
{
    struct style s = pdf_axis_style(pdf);

    for (int64_t v = 0; v <= p->scale.top; v += p->scale.step) {
        float y = p->y + p->height - height_of(p, v);

        if (v > 0)
            pdf_line(pdf, p->x, y, p->x + p->width, y, 0.35f, pdf->theme->colours[COLOUR_HAIRLINE]);
        pdf_text_right(pdf, label_right, y - s.leading / 2, &s,
                       layout_line(pdf->fonts, &s, count_text(v, &pdf->scratch), &pdf->scratch));
    }
}

static void draw_bars(struct pdf *pdf, const struct chart *c, const struct plot *p)
{
    float pitch = p->width / (float)c->ncategories, bar = pitch * 0.68f;

    bar = bar > 26 ? 26 : bar;
    for (size_t k = 0; k < c->ncategories; k++) {
        float x = p->x + (float)k * pitch + (pitch - bar) / 2, y = p->y + p->height;

        for (size_t s = 0; s < c->nseries; s++) {
            int64_t v = c->series[s].values[k];
            float h = v > 0 ? height_of(p, v) : 0;

            if (h > 0)
                pdf_rect(pdf, x, y - h, bar, h, theme_colour(pdf->theme, c->series[s].colour));
            y -= h;
        }
    }
    pdf_line(pdf, p->x, p->y + p->height, p->x + p->width, p->y + p->height, 0.7f,
             pdf->theme->colours[COLOUR_FAINT]);
}

static void draw_day_labels(struct pdf *pdf, const struct chart *c, const struct plot *p)
{
    float pitch = p->width / (float)c->ncategories;
    struct pdf_labels labels = pdf_labels(pdf, c, pitch);

    for (size_t k = 0; k < c->ncategories; k++) {
        if (pdf_is_labelled(c, labels, k))
            pdf_axis_label(pdf, c->categories[k], p->x + ((float)k + 0.5f) * pitch,
                           p->y + p->height + 3, p->x, p->x + p->width);
    }
}

/* Beside a dotted leader that ends above its bar; on the side with more room. */
static void draw_note(struct pdf *pdf, const struct chart *c, const struct plot *p)
{
    struct style s = pdf_style(pdf, TYPE_CAPTION, FACE_BOLD, COLOUR_INK);
    float pitch = p->width / (float)c->ncategories;
    float x = p->x + ((float)c->note_at + 0.5f) * pitch;
    bool is_left = c->note_at * 2 >= c->ncategories;
    float room = (is_left ? x - p->x : p->x + p->width - x) - 4;
    float end = p->y + p->height - height_of(p, total_at(c, c->note_at)) - 3;
    struct lines lines = layout_few_lines(pdf->fonts, &s, c->note, room, 3, &pdf->scratch);

    if (end > p->y)
        pdf_dotted(pdf, x, p->y, end, pdf->theme->colours[COLOUR_INK]);
    for (size_t k = 0; k < lines.count; k++) {
        float y = p->y - 1 + (float)k * s.leading;

        /* The words stand on the grid and on bars; a ground of paper keeps them readable. */
        pdf_rect(pdf, is_left ? x - 4 - lines.line[k].width - 2 : x + 2, y, lines.line[k].width + 4,
                 s.leading, pdf->theme->colours[COLOUR_PAPER]);
        if (is_left)
            pdf_text_right(pdf, x - 4, y, &s, lines.line[k]);
        else
            pdf_text(pdf, x + 4, y, &s, lines.line[k]);
        s.face = FACE_REGULAR;
        s.colour = pdf->theme->colours[COLOUR_MUTED];
    }
}

void pdf_chart_days(struct pdf *pdf, const struct chart *c, float x, float y, float width)
{
    struct style s = pdf_axis_style(pdf);
    struct plot p = {.y = y, .height = PLOT_HEIGHT};
    int64_t most = 0;
    float label;

    for (size_t k = 0; k < c->ncategories; k++)
        most = total_at(c, k) > most ? total_at(c, k) : most;
    p.scale = make_scale(most);
    label =
        layout_line(pdf->fonts, &s, count_text(p.scale.top, &pdf->scratch), &pdf->scratch).width;
    p.x = x + label + 6;
    p.width = width - label - 6;
    draw_grid(pdf, &p, x + label);
    draw_bars(pdf, c, &p);
    draw_day_labels(pdf, c, &p);
    if (!str_empty(c->note) && c->note_at < c->ncategories)
        draw_note(pdf, c, &p);
    if (most == 0)
        pdf_text_centre(pdf, p.x + p.width / 2, y + PLOT_HEIGHT / 2 - s.leading / 2, &s,
                        layout_line(pdf->fonts, &s, STR("none in this period"), &pdf->scratch));
    legend(pdf, c, p.x, y + PLOT_HEIGHT + AXIS_HEIGHT + 5, p.width, true);
}

/* --- all kinds ------------------------------------------------------------------------------ */

size_t pdf_chart_rows(const struct chart *c)
{
    switch (c->kind) {
    case CHART_HEATMAP:
        return c->nseries;
    case CHART_BARS:
    case CHART_FUNNEL:
        return c->ncategories;
    case CHART_STACKED_DAYS:
    case CHART_DONUT:
        break;
    }
    return 0;
}

static str part_title(struct pdf *pdf, const struct chart *c, size_t first)
{
    return first ? str_print(&pdf->scratch, "%.*s (continued)", STR_FMT(c->title)) : c->title;
}

/* Charts of nothing are a sentence: an empty frame would look like a fault of the printer. */
static bool is_empty(const struct chart *c)
{
    return c->nseries == 0 || c->ncategories == 0;
}

static struct style empty_style(const struct pdf *pdf)
{
    return pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_MUTED);
}

float pdf_chart_height(struct pdf *pdf, const struct chart *c, size_t first, size_t count,
                       float width)
{
    float title = pdf_title_height(pdf, part_title(pdf, c, first), c->subtitle, width);

    if (is_empty(c))
        return title + empty_style(pdf).leading + 4;
    switch (c->kind) {
    case CHART_STACKED_DAYS:
        return title + PLOT_HEIGHT + AXIS_HEIGHT + 5 + legend(pdf, c, 0, 0, width - 30, false);
    case CHART_DONUT:
        return title + pdf_chart_donut_height(pdf, c, width);
    case CHART_HEATMAP:
        return title + pdf_chart_heat_height(pdf, c, first, count, width);
    case CHART_BARS:
    case CHART_FUNNEL:
        break;
    }
    return title + pdf_chart_bars_height(pdf, c, first, count, width);
}

void pdf_chart(struct pdf *pdf, const struct chart *c, size_t first, size_t count, float x, float y,
               float width)
{
    str title = part_title(pdf, c, first);

    pdf_title(pdf, title, c->subtitle, x, y, width);
    y += pdf_title_height(pdf, title, c->subtitle, width);
    if (is_empty(c)) {
        struct style s = empty_style(pdf);

        pdf_text(
            pdf, x, y, &s,
            layout_line(pdf->fonts, &s, STR("Nothing to show in this period."), &pdf->scratch));
        return;
    }
    switch (c->kind) {
    case CHART_STACKED_DAYS:
        pdf_chart_days(pdf, c, x, y, width);
        break;
    case CHART_DONUT:
        pdf_chart_donut(pdf, c, x, y, width);
        break;
    case CHART_HEATMAP:
        pdf_chart_heat(pdf, c, first, count, x, y, width);
        break;
    case CHART_BARS:
    case CHART_FUNNEL:
        pdf_chart_bars(pdf, c, first, count, x, y, width);
        break;
    }
}
