/*
 * pdf_cell: values as text, text into the lines of a cell, rows onto the page.
 *
 * Text wraps and is never cut. A hash is the exception: sixteen digits stand for it and the note
 * below the table says where the whole one is.
 */
#include "pdf_table.h"

#include "model/display.h"

static struct style base_style(const struct table_layout *t)
{
    return pdf_style(t->pdf, t->is_small ? TYPE_REGISTER : TYPE_TABLE, FACE_REGULAR, COLOUR_TEXT);
}

struct style pdf_cell_style(const struct table_layout *t, const struct table_column *c)
{
    const uint32_t *colours = t->pdf->theme->colours;
    struct style s = base_style(t);

    if (c->column->is_bold) {
        s.face = FACE_BOLD;
        s.colour = colours[COLOUR_INK];
    }
    if (c->column->type == COLUMN_HASH) {
        s.face = FACE_MONO;
        s.size = t->pdf->theme->type[TYPE_HASH].size;
        s.colour = colours[COLOUR_FAINT];
    } else if (c->is_mono) {
        s.face = FACE_MONO;
        s.size -= 0.8f;
    }
    return s;
}

static struct style under_style(const struct table_layout *t)
{
    struct style s = base_style(t);

    s.size -= 0.4f;
    s.leading -= 0.4f;
    s.colour = t->pdf->theme->colours[COLOUR_FAINT];
    return s;
}

/* 987 -> "98.7 %" */
static str percent_text(struct pdf *pdf, int64_t thousandths)
{
    return str_print(&pdf->scratch, "%s%lld.%lld %%", thousandths < 0 ? "-" : "",
                     (long long)(thousandths / 10) * (thousandths < 0 ? -1 : 1),
                     (long long)(thousandths % 10) * (thousandths < 0 ? -1 : 1));
}

static str hash_text(const struct table *table, str hash, struct arena *a)
{
    if (hash.len <= HASH_SHOWN || str_empty(table->sheet))
        return hash;
    return str_print(a, "%.*s…", HASH_SHOWN, hash.ptr);
}

str pdf_value_text(struct pdf *pdf, const struct column *column, const struct value *v)
{
    if (!v->is_set)
        return column->type == COLUMN_INPUT ? STR_NONE : STR("—");
    switch (column->type) {
    case COLUMN_TIME:
        return pdf_time_text(pdf, v->number);
    case COLUMN_COUNT:
        return count_text(v->number, &pdf->scratch);
    case COLUMN_PERCENT:
        return percent_text(pdf, v->number);
    case COLUMN_DURATION:
        return duration_text(v->number, &pdf->scratch);
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_MARK:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        break;
    }
    return v->text;
}

/* --- lay out -------------------------------------------------------------------------------- */

static void add_lines(struct cell *cell, const struct style *style, struct lines lines,
                      float indent, struct arena *a)
{
    struct cell_line *all = arena_new(a, struct cell_line, cell->nlines + lines.count);

    if (cell->nlines)
        memcpy(all, cell->lines, cell->nlines * sizeof *all);
    for (size_t k = 0; k < lines.count; k++)
        all[cell->nlines++] = (struct cell_line){*style, lines.line[k], indent};
    cell->lines = all;
}

static void add_text(struct table_layout *t, struct cell *cell, const struct style *style, str text,
                     float width, float indent, struct arena *a)
{
    add_lines(cell, style, layout_lines(t->pdf->fonts, style, text, width - indent, a), indent, a);
}

/* A time takes one line where it fits; else the date, and the time of day in faint type below it.
 */
static void add_time(struct table_layout *t, struct cell *cell, const struct style *style, str time,
                     float width, struct arena *a)
{
    struct style faint = under_style(t);
    struct line line = layout_line(t->pdf->fonts, style, time, a);

    if (line.width <= width + 0.01f || time.len < 12) {
        add_text(t, cell, style, time, width, 0, a);
        return;
    }
    add_text(t, cell, style, str_part(time, 0, 10), width, 0, a);
    add_text(t, cell, &faint, str_part(time, 11, time.len), width, 0, a);
}

static void add_mark(struct table_layout *t, struct cell *cell, const struct value *v,
                     struct style style, float width, struct arena *a)
{
    cell->mark = v->mark;
    cell->word = str_copy(a, v->text);
    cell->is_chip = !t->is_small && pdf_chip_width(t->pdf, v->mark, v->text) <= width + 2;
    if (cell->is_chip) {
        struct lines one = {arena_new(a, struct line, 1), 1};

        style.leading = PDF_CHIP_HEIGHT + 1;
        add_lines(cell, &style, one, 0, a);
        return;
    }
    style.colour = theme_mark(t->pdf->theme, v->mark).text;
    add_text(t, cell, &style, str_empty(v->text) ? STR(" ") : v->text, width, CELL_MARK_ROOM, a);
}

/* In the row's own memory: a source reuses its texts, and so do we. */
static str own_text(struct table_layout *t, const struct column *column, const struct value *v,
                    struct arena *a)
{
    return str_copy(a, pdf_value_text(t->pdf, column, v));
}

static struct cell make_cell(struct table_layout *t, const struct table_column *c,
                             const struct value *values, struct arena *a)
{
    const struct value *v = &values[c->index];
    struct style style = pdf_cell_style(t, c), faint = under_style(t);
    struct cell cell = {0};
    str text = own_text(t, c->column, v, a);

    if (!v->is_set)
        style.colour = faint.colour;
    if (v->is_set && pdf_has_anchor(t->pdf, v->link)) {
        cell.link = str_copy(a, v->link);
        style.colour = t->pdf->theme->colours[COLOUR_LINK];
    }
    if (c->column->type == COLUMN_MARK && v->is_set && v->mark != MARK_NONE)
        add_mark(t, &cell, v, style, c->width, a);
    else if (c->column->type == COLUMN_TIME && v->is_set)
        add_time(t, &cell, &style, text, c->width, a);
    else if (c->column->type == COLUMN_HASH)
        add_text(t, &cell, &style, hash_text(t->table, text, a), c->width, 0, a);
    else
        add_text(t, &cell, &style, text, c->width, 0, a);
    for (size_t k = 0; k < t->table->ncolumns; k++) {
        const struct column *under = &t->table->columns[k];

        if (under->under == (int)c->index + 1 && under->weight > 0 && values[k].is_set)
            add_text(t, &cell, &faint, own_text(t, under, &values[k], a), c->width, 0, a);
    }
    return cell;
}

static float cell_height(const struct cell *cell)
{
    float h = 0;

    for (size_t k = 0; k < cell->nlines; k++)
        h += cell->lines[k].style.leading;
    return h;
}

void pdf_lay_out_row(struct table_layout *t, const struct value *values, struct table_row *row)
{
    float most = base_style(t).leading;

    arena_reset(&row->a);
    row->cells = arena_new(&row->a, struct cell, t->ncolumns);
    for (size_t k = 0; k < t->ncolumns; k++) {
        float h;

        row->cells[k] = make_cell(t, &t->columns[k], values, &row->a);
        h = cell_height(&row->cells[k]);
        most = h > most ? h : most;
    }
    row->height = most + 2 * t->pad;
}

/* --- draw ----------------------------------------------------------------------------------- */

static void draw_line(struct table_layout *t, const struct table_column *c, struct cell *cell,
                      float y)
{
    struct pdf *pdf = t->pdf;
    const struct cell_line *l = &cell->lines[cell->ndrawn];
    uint32_t colour = theme_mark(pdf->theme, cell->mark).text;

    if (cell->ndrawn == 0 && cell->is_chip) {
        pdf_chip(pdf, cell->mark, cell->word, c->x, y - 0.5f);
        return;
    }
    if (cell->ndrawn == 0 && cell->mark != MARK_NONE)
        pdf_mark(pdf, cell->mark, c->x + 3, y + l->style.leading / 2, 5, colour);
    if (c->is_right)
        pdf_text_right(pdf, c->x + c->width, y, &l->style, l->line);
    else
        pdf_text(pdf, c->x + l->indent, y, &l->style, l->line);
}

static float draw_cell(struct table_layout *t, const struct table_column *c, struct cell *cell,
                       float limit)
{
    float y = t->pdf->y + t->pad;

    while (cell->ndrawn < cell->nlines) {
        const struct cell_line *l = &cell->lines[cell->ndrawn];

        if (y + l->style.leading > limit)
            break;
        draw_line(t, c, cell, y);
        if (cell->link.ptr)
            pdf_link(t->pdf, c->x, y, l->line.width, l->style.leading, cell->link);
        y += l->style.leading;
        cell->ndrawn++;
    }
    return y - t->pdf->y + t->pad;
}

static float part_height(const struct table_layout *t, const struct table_row *row, float limit)
{
    float most = base_style(t).leading + 2 * t->pad;

    for (size_t k = 0; k < t->ncolumns; k++) {
        const struct cell *cell = &row->cells[k];
        float h = t->pad;

        for (size_t i = cell->ndrawn; i < cell->nlines; i++) {
            if (t->pdf->y + h + cell->lines[i].style.leading > limit)
                break;
            h += cell->lines[i].style.leading;
        }
        h += t->pad;
        most = h > most ? h : most;
    }
    return most;
}

#define STRIPE_OVERHANG 4.0f

float pdf_draw_row(struct table_layout *t, struct table_row *row, float limit)
{
    struct pdf *pdf = t->pdf;
    const float x = pdf_left(pdf), w = pdf_width(pdf), h = part_height(t, row, limit);

    if (t->is_striped && row->number % 2 == 1)
        pdf_rect(pdf, x - STRIPE_OVERHANG, pdf->y + 0.2f, w + 2 * STRIPE_OVERHANG, h - 0.2f,
                 pdf->theme->colours[COLOUR_PANEL]);
    for (size_t k = 0; k < t->ncolumns; k++) {
        const struct table_column *c = &t->columns[k];

        if (c->column->type == COLUMN_INPUT && !row->cells[k].nlines)
            pdf_frame(pdf, c->x, pdf->y + 3, c->width, h - 6, 1.5f, PDF_NO_COLOUR,
                      pdf->theme->colours[COLOUR_RULE], 0.5f);
        draw_cell(t, c, &row->cells[k], limit);
    }
    pdf_line(pdf, x, pdf->y + h, x + w, pdf->y + h, 0.35f, pdf->theme->colours[COLOUR_RULE]);
    return h;
}

bool pdf_row_is_done(const struct table_layout *t, const struct table_row *row)
{
    for (size_t k = 0; k < t->ncolumns; k++) {
        if (row->cells[k].ndrawn < row->cells[k].nlines)
            return false;
    }
    return true;
}
