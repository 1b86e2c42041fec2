/*
 * xlsx_chart: the numbers behind the charts, and charts of the spreadsheet program over them.
 *
 * The sheet Figures holds every number of every chart, one a row, so that it can be filtered and
 * checked; the charts on Summary refer to it. Bars, stacked days and donuts are drawn by the
 * spreadsheet program; a heat map or anything else it cannot draw has its numbers only.
 */
#include "render/xlsx.h"

enum { FIGURE_SECTION, FIGURE_CHART, FIGURE_SERIES, FIGURE_CATEGORY, FIGURE_VALUE, NFIGURES };

static struct figures **plan_chart(struct book *b, const struct section *s, const struct chart *c,
                                   struct figures **last, uint64_t *row)
{
    struct figures *f = arena_new(b->run, struct figures, 1);

    f->chart = c;
    f->section = s;
    f->row = *row;
    *row += c->nseries * c->ncategories;
    *last = f;
    return &f->next;
}

void xlsx_figures_plan(struct book *b)
{
    struct figures **last = &b->figures;
    uint64_t row = 1;

    for (const struct section *s = b->report->sections; s; s = s->next) {
        for (const struct block *k = s->is_xlsx ? s->blocks : NULL; k; k = k->next) {
            if (k->chart && (k->kind == BLOCK_CHART || k->kind == BLOCK_CHART_PAIR))
                last = plan_chart(b, s, k->chart, last, &row);
            if (k->chart2 && k->kind == BLOCK_CHART_PAIR)
                last = plan_chart(b, s, k->chart2, last, &row);
        }
    }
}

static bool put_figure(struct book *b, struct sheet *s, uint64_t row, int64_t value,
                       struct err *err)
{
    if (value == HEAT_GAP)
        return xlsx_put_text(b, s, row, FIGURE_VALUE, STR("gap"), STYLE_TEXT, err);
    if (value == HEAT_ABSENT)
        return xlsx_put_text(b, s, row, FIGURE_VALUE, STR("not expected"), STYLE_TEXT, err);
    return xlsx_put_count(b, s, row, FIGURE_VALUE, value, STYLE_COUNT, err);
}

static bool put_series(struct book *b, struct sheet *s, const struct figures *f, size_t k,
                       struct err *err)
{
    const struct chart *c = f->chart;

    for (size_t i = 0; i < c->ncategories; i++) {
        uint64_t row = f->row + k * c->ncategories + i;

        if (!xlsx_put_text(b, s, row, FIGURE_SECTION, f->section->title, STYLE_TEXT, err) ||
            !xlsx_put_text(b, s, row, FIGURE_CHART, c->title, STYLE_TEXT, err) ||
            !xlsx_put_text(b, s, row, FIGURE_SERIES, c->series[k].name, STYLE_TEXT, err) ||
            !xlsx_put_text(b, s, row, FIGURE_CATEGORY, c->categories[i], STYLE_TEXT, err) ||
            !put_figure(b, s, row, c->series[k].values[i], err))
            return false;
    }
    arena_reset(&b->scratch);
    return true;
}

bool xlsx_figures_write(struct book *b, struct err *err)
{
    static const struct {
        str title;
        double width;
    } heads[NFIGURES] = {
        {{"Section", 7}, 30},  {{"Chart", 5}, 40}, {{"Series", 6}, 28},
        {{"Category", 8}, 28}, {{"Value", 5}, 14},
    };
    struct sheet *s;
    uint64_t nrows = 0;

    if (!b->figures)
        return true;
    if (!xlsx_sheet_add(b, STR(XLSX_FIGURES), &s, err))
        return false;
    for (int c = 0; c < NFIGURES; c++) {
        if (!xlsx_set_width(s, c, c, heads[c].width, err) ||
            !xlsx_put_text(b, s, 0, c, heads[c].title, STYLE_HEAD, err))
            return false;
    }
    for (const struct figures *f = b->figures; f; f = f->next) {
        for (size_t k = 0; k < f->chart->nseries; k++) {
            if (!put_series(b, s, f, k, err))
                return false;
        }
        nrows = f->row + f->chart->nseries * f->chart->ncategories - 1;
    }
    return xlsx_head_finish(b, s, STR(XLSX_FIGURES), NFIGURES, nrows, 2, err);
}

/* --- charts ---------------------------------------------------------------------------------- */

static lxw_chart_font font_of(const struct book *b, double size, enum colour colour, bool is_bold)
{
    static char arial[] = "Arial";
    lxw_chart_font font = {0};

    font.name = arial;
    font.size = size;
    font.bold = is_bold ? LXW_TRUE : LXW_EXPLICIT_FALSE;
    font.color = b->theme->colours[colour];
    return font;
}

static uint8_t type_of(enum chart_kind kind)
{
    switch (kind) {
    case CHART_STACKED_DAYS:
        return LXW_CHART_COLUMN_STACKED;
    case CHART_BARS:
    case CHART_FUNNEL:
        return LXW_CHART_BAR;
    case CHART_DONUT:
        return LXW_CHART_DOUGHNUT;
    case CHART_HEATMAP:
        return LXW_CHART_NONE;
    }
    return LXW_CHART_NONE;
}

static void axes_set(const struct book *b, lxw_chart *chart, enum chart_kind kind,
                     size_t ncategories)
{
    lxw_chart_font small = font_of(b, 8, COLOUR_FAINT, false);
    lxw_chart_line none = {.none = LXW_TRUE},
                   hairline = {.color = b->theme->colours[COLOUR_HAIRLINE], .width = 0.5f};
    bool is_bar = type_of(kind) == LXW_CHART_BAR;

    chart_axis_set_num_font(chart->x_axis, &small);
    chart_axis_set_num_font(chart->y_axis, &small);
    chart_axis_set_major_tick_mark(chart->x_axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_major_tick_mark(chart->y_axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    /* In a bar chart the library calls the axis of the names y. */
    if (is_bar) {
        chart_axis_set_reverse(chart->y_axis);
        chart_axis_major_gridlines_set_visible(chart->y_axis, LXW_FALSE);
        chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_NONE);
        chart_axis_major_gridlines_set_visible(chart->x_axis, LXW_FALSE);
        chart_axis_set_line(chart->x_axis, &none);
        chart_axis_set_min(chart->x_axis, 0);
    } else {
        chart_axis_set_line(chart->y_axis, &none);
        chart_axis_major_gridlines_set_line(chart->y_axis, &hairline);
        chart_axis_set_num_format(chart->y_axis, "#,##0");
        chart_axis_set_min(chart->y_axis, 0);
        if (ncategories > 12)
            chart_axis_set_interval_unit(chart->x_axis, 5);
    }
}

/* "severity" as colour of a series: each category has the colour of the severity it names. */
static uint32_t colour_of(struct book *b, const struct chart *c, size_t category)
{
    static const char *const parts[] = {"series-1", "series-2", "series-3", "series-4", "series-5"};

    if (c->series[0].colour && strcmp(c->series[0].colour, "severity") == 0)
        return theme_colour(b->theme,
                            str_z(&b->scratch, str_lower(&b->scratch, c->categories[category])));
    return theme_colour(b->theme, parts[category % (sizeof parts / sizeof *parts)]);
}

static bool donut_set(struct book *b, lxw_chart_series *series, const struct chart *c,
                      const struct sheet *s, struct err *err)
{
    lxw_chart_point **points = arena_new(&b->scratch, lxw_chart_point *, c->ncategories + 1);

    for (size_t i = 0; i < c->ncategories; i++) {
        lxw_chart_fill *fill = arena_new(&b->scratch, lxw_chart_fill, 1);

        fill->color = colour_of(b, c, i);
        points[i] = arena_new(&b->scratch, lxw_chart_point, 1);
        points[i]->fill = fill;
    }
    return xlsx_library(chart_series_set_points(series, points), s, "chart", err);
}

static bool series_add(struct book *b, struct sheet *s, lxw_chart *chart, const struct figures *f,
                       size_t k, struct err *err)
{
    const struct chart *c = f->chart;
    uint64_t from = f->row + k * c->ncategories;
    lxw_row_t first = (lxw_row_t)from, last = (lxw_row_t)(from + c->ncategories - 1);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    lxw_chart_fill fill = {.color = theme_colour(b->theme, c->series[k].colour)};
    lxw_chart_font small = font_of(b, 8, COLOUR_TEXT, false);

    if (!series)
        return err_set(err, ERR_IO, "cannot write the workbook: chart '%.*s'", STR_FMT(c->title));
    chart_series_set_categories(series, XLSX_FIGURES, first, FIGURE_CATEGORY, last,
                                FIGURE_CATEGORY);
    chart_series_set_values(series, XLSX_FIGURES, first, FIGURE_VALUE, last, FIGURE_VALUE);
    chart_series_set_name_range(series, XLSX_FIGURES, first, FIGURE_SERIES);
    if (c->kind == CHART_DONUT)
        return donut_set(b, series, c, s, err);
    chart_series_set_fill(series, &fill);
    if (type_of(c->kind) == LXW_CHART_BAR) {
        chart_series_set_labels(series);
        chart_series_set_labels_num_format(series, "#,##0");
        chart_series_set_labels_font(series, &small);
    }
    return true;
}

/* Parts of a donut as single values of several series stand below one another on Figures just as
 * well. */
static bool donut_of_series(struct book *b, struct sheet *s, lxw_chart *chart,
                            const struct figures *f, struct err *err)
{
    const struct chart *c = f->chart;
    lxw_row_t first = (lxw_row_t)f->row, last = (lxw_row_t)(f->row + c->nseries - 1);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    lxw_chart_point **points = arena_new(&b->scratch, lxw_chart_point *, c->nseries + 1);

    if (!series)
        return err_set(err, ERR_IO, "cannot write the workbook: chart '%.*s'", STR_FMT(c->title));
    chart_series_set_categories(series, XLSX_FIGURES, first, FIGURE_SERIES, last, FIGURE_SERIES);
    chart_series_set_values(series, XLSX_FIGURES, first, FIGURE_VALUE, last, FIGURE_VALUE);
    for (size_t k = 0; k < c->nseries; k++) {
        lxw_chart_fill *fill = arena_new(&b->scratch, lxw_chart_fill, 1);

        fill->color = theme_colour(b->theme, c->series[k].colour);
        points[k] = arena_new(&b->scratch, lxw_chart_point, 1);
        points[k]->fill = fill;
    }
    return xlsx_library(chart_series_set_points(series, points), s, "chart", err);
}

static const struct figures *figures_of(const struct book *b, const struct chart *c)
{
    for (const struct figures *f = b->figures; f; f = f->next) {
        if (f->chart == c)
            return f;
    }
    return NULL;
}

static void frame_set(struct book *b, lxw_chart *chart, const struct chart *c)
{
    lxw_chart_font title = font_of(b, 10, COLOUR_INK, true),
                   small = font_of(b, 8, COLOUR_MUTED, false);
    lxw_chart_line frame = {.color = b->theme->colours[COLOUR_HAIRLINE], .width = 0.75f};
    bool is_donut = c->kind == CHART_DONUT;
    bool is_split = is_donut ? c->ncategories * c->nseries > 1 : c->nseries > 1;

    chart_title_set_name(chart, xlsx_title_text(c->title, 200, &b->scratch));
    chart_title_set_name_font(chart, &title);
    chart_legend_set_position(chart, !is_split  ? LXW_CHART_LEGEND_NONE
                                     : is_donut ? LXW_CHART_LEGEND_RIGHT
                                                : LXW_CHART_LEGEND_BOTTOM);
    chart_legend_set_font(chart, &small);
    chart_chartarea_set_line(chart, &frame);
    if (is_donut)
        chart_set_hole_size(chart, 62);
    else
        chart_set_series_gap(chart, 40);
}

bool xlsx_chart_draw(struct book *b, struct sheet *s, uint64_t row, int col, const struct chart *c,
                     int width, int height, bool *drawn, struct err *err)
{
    const struct figures *f = figures_of(b, c);
    uint8_t type = type_of(c->kind);
    lxw_chart_options at = {
        .x_offset = 4, .y_offset = 4, .x_scale = width / 480.0, .y_scale = height / 288.0};
    lxw_chart *chart;
    bool ok = true;

    *drawn = f && type != LXW_CHART_NONE && c->nseries && c->ncategories && c->nseries <= 255;
    if (!*drawn)
        return true;
    chart = workbook_add_chart(b->wb, type);
    if (!chart)
        return err_set(err, ERR_IO, "cannot write the workbook: chart '%.*s'", STR_FMT(c->title));
    frame_set(b, chart, c);
    if (c->kind == CHART_DONUT && c->nseries > 1 && c->ncategories == 1) {
        ok = donut_of_series(b, s, chart, f, err);
    } else {
        for (size_t k = 0; ok && k < c->nseries; k++)
            ok = series_add(b, s, chart, f, k, err);
        if (c->kind != CHART_DONUT)
            axes_set(b, chart, c->kind, c->ncategories);
    }
    at.description = xlsx_title_text(c->title, 200, &b->scratch);
    return ok && xlsx_library(
                     worksheet_insert_chart_opt(s->ws, (lxw_row_t)row, (lxw_col_t)col, chart, &at),
                     s, "chart", err);
}
