/*
 * pdf_table: tables across pages.
 *
 * The head repeats on every page. A row is not cut unless it is taller than half a page. The first
 * two rows and the last two stay together. A list that is not printed whole says which rows these
 * are and where all of them are.
 */
#include "pdf_table.h"

#include "model/display.h"

static struct style note_style(const struct pdf *pdf)
{
    return pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);
}

/* --- head ----------------------------------------------------------------------------------- */

#define HEAD_PAD 5.0f

static struct lines head_lines(struct table_layout *t, const struct table_column *c,
                               const struct style *style)
{
    return layout_lines(t->pdf->fonts, style, pdf_capitals(t->pdf, c->column->title), c->width + 2,
                        &t->pdf->scratch);
}

static float head_height(struct table_layout *t)
{
    struct style style = pdf_eyebrow(t->pdf, 0.35f);
    size_t most = 1;

    for (size_t k = 0; k < t->ncolumns; k++) {
        size_t n = head_lines(t, &t->columns[k], &style).count;

        most = n > most ? n : most;
    }
    return (float)most * style.leading + 2 * HEAD_PAD - 1;
}

static void draw_head(struct table_layout *t)
{
    struct pdf *pdf = t->pdf;
    struct style style = pdf_eyebrow(pdf, 0.35f);
    const float x = pdf_left(pdf), right = pdf_right(pdf), h = t->head_height;

    pdf_line(pdf, x, pdf->y, right, pdf->y, 0.9f, pdf->theme->colours[COLOUR_INK]);
    for (size_t k = 0; k < t->ncolumns; k++) {
        const struct table_column *c = &t->columns[k];
        struct lines lines = head_lines(t, c, &style);
        float y = pdf->y + h - HEAD_PAD + 0.5f - (float)lines.count * style.leading;

        for (size_t i = 0; i < lines.count; i++, y += style.leading) {
            if (c->is_right)
                pdf_text_right(pdf, c->x + c->width, y, &style, lines.line[i]);
            else
                pdf_text(pdf, c->x, y, &style, lines.line[i]);
        }
    }
    pdf->y += h;
    pdf_line(pdf, x, pdf->y, right, pdf->y, 0.5f, pdf->theme->colours[COLOUR_RULE]);
}

/* --- what is said above and below ----------------------------------------------------------- */

static str range_text(const struct table_layout *t)
{
    struct pdf *pdf = t->pdf;
    str first = count_text((int64_t)t->nrows, &pdf->scratch);
    str all = count_text((int64_t)t->table->nrows, &pdf->scratch);

    if (str_empty(t->table->sheet))
        return str_print(&pdf->scratch, "Rows 1–%.*s of %.*s", STR_FMT(first), STR_FMT(all));
    return str_print(&pdf->scratch, "Rows 1–%.*s of %.*s; all rows: workbook, sheet “%.*s”",
                     STR_FMT(first), STR_FMT(all), STR_FMT(t->table->sheet));
}

static bool has_short_hash(const struct table_layout *t)
{
    for (size_t k = 0; k < t->ncolumns; k++) {
        if (t->columns[k].column->type == COLUMN_HASH && !str_empty(t->table->sheet))
            return true;
    }
    return false;
}

static str foot_text(struct table_layout *t)
{
    const struct table *table = t->table;
    struct arena *a = &t->pdf->scratch;
    str n = count_text((int64_t)table->nrows, a), out;

    if (t->is_cut)
        out = range_text(t);
    else if (!str_empty(table->sheet))
        out = str_print(a, "%.*s %s; workbook, sheet “%.*s”", STR_FMT(n),
                        table->nrows == 1 ? "row" : "rows", STR_FMT(table->sheet));
    else
        out = str_print(a, "%.*s %s", STR_FMT(n), table->nrows == 1 ? "row" : "rows");
    if (has_short_hash(t))
        out = str_print(a, "%.*s · hashes: first %d of 64 digits, whole in the workbook",
                        STR_FMT(out), HASH_SHOWN);
    if (!str_empty(table->digest))
        out = str_print(a, "%.*s\nSHA-256 over the ordered rows: %.*s", STR_FMT(out),
                        STR_FMT(table->digest));
    return out;
}

static struct lines foot_lines(struct table_layout *t)
{
    struct style s = note_style(t->pdf);

    if (!t->is_cut && str_empty(t->table->sheet) && str_empty(t->table->digest) &&
        !has_short_hash(t))
        return (struct lines){0};
    return layout_lines(t->pdf->fonts, &s, foot_text(t), pdf_width(t->pdf), &t->pdf->scratch);
}

#define FOOT_GAP 5.0f

static float foot_height(struct table_layout *t)
{
    size_t n = foot_lines(t).count;

    return n ? FOOT_GAP + (float)n * note_style(t->pdf).leading : 0;
}

static void draw_foot(struct table_layout *t)
{
    struct pdf *pdf = t->pdf;
    struct style s = note_style(pdf);
    float h = foot_height(t);

    pdf_need(pdf, h);
    pdf_lines(pdf, pdf_left(pdf), pdf->y + FOOT_GAP, &s, foot_lines(t));
    pdf->y += h;
}

/* Title, subtitle, and that this is not all. */
static str subtitle_text(struct table_layout *t, const struct block *b)
{
    return t->is_cut ? str_join(&t->pdf->scratch, b->text, STR(" · "), range_text(t)) : b->text;
}

/* --- rows ----------------------------------------------------------------------------------- */

static void next_page(struct table_layout *t)
{
    pdf_new_page(t->pdf);
    draw_head(t);
}

/* A row taller than half a page: as much as fits, again and again. */
static void draw_tall_row(struct table_layout *t, struct table_row *row)
{
    struct pdf *pdf = t->pdf;

    if (pdf_bottom(pdf) - pdf->y < 80)
        next_page(t);
    for (;;) {
        pdf->y += pdf_draw_row(t, row, pdf_bottom(pdf) - t->pad);
        if (pdf_row_is_done(t, row))
            return;
        next_page(t);
    }
}

/* `next` is the row below, laid out; NULL below the last. */
static void draw_row(struct table_layout *t, struct table_row *row, const struct table_row *next)
{
    struct pdf *pdf = t->pdf;
    const float half = (pdf_bottom(pdf) - pdf_top(pdf)) / 2;
    bool is_second_last = next && row->number + 2 == t->nrows;
    float together = is_second_last && row->height + next->height < half ? next->height : 0;

    if (row->height > half) {
        draw_tall_row(t, row);
        return;
    }
    /* The last row keeps what is said below the table. */
    if (!next || together > 0)
        together += foot_height(t);
    if (pdf->y + row->height + together > pdf_bottom(pdf) + 0.01f)
        next_page(t);
    pdf->y += pdf_draw_row(t, row, pdf->y + row->height + 1);
}

#define ROWS_AHEAD 5 /* laid out before the first of them is drawn */

/* A table that small is not divided. Of others the first two rows stay together. */
static void begin_table(struct table_layout *t, const struct block *b, const struct table_row *rows)
{
    struct pdf *pdf = t->pdf;
    str subtitle = subtitle_text(t, b);
    float title = pdf_title_height(pdf, b->title, subtitle, pdf_width(pdf));
    const float half = (pdf_bottom(pdf) - pdf_top(pdf)) / 2;
    bool is_small = t->nrows <= ROWS_AHEAD;
    float h = is_small ? foot_height(t) : 0;

    for (size_t k = 0; k < t->nrows && k < (is_small ? ROWS_AHEAD : 2); k++)
        h += rows[k].height;
    pdf_need(pdf, title + t->head_height +
                      (h < half                ? h
                       : rows[0].height < half ? rows[0].height
                                               : 80));
    pdf_title(pdf, b->title, subtitle, pdf_left(pdf), pdf->y, pdf_width(pdf));
    pdf->y += title;
    draw_head(t);
}

static bool draw_rows(struct table_layout *t, const struct block *b, struct err *err)
{
    struct table_row rows[ROWS_AHEAD] = {{.cells = NULL}};
    struct value *own = arena_new(t->pdf->a, struct value, t->table->ncolumns);
    const struct value *values;
    size_t nlaid = 0;
    bool ok = true;

    for (size_t k = 0; k < t->nrows && ok; k++) {
        arena_reset(&t->pdf->scratch);
        for (; nlaid < t->nrows && nlaid < k + ROWS_AHEAD; nlaid++) {
            ok = pdf_next_values(t->table, nlaid, &values, own, err);
            if (!ok)
                break;
            rows[nlaid % ROWS_AHEAD].number = nlaid;
            pdf_lay_out_row(t, values, &rows[nlaid % ROWS_AHEAD]);
        }
        if (!ok)
            break;
        if (k == 0)
            begin_table(t, b, rows);
        draw_row(t, &rows[k % ROWS_AHEAD], k + 1 < t->nrows ? &rows[(k + 1) % ROWS_AHEAD] : NULL);
    }
    t->pdf->notes->rows += t->nrows;
    for (size_t k = 0; k < ROWS_AHEAD; k++)
        arena_free(&rows[k].a);
    return ok;
}

static void draw_empty(struct pdf *pdf, const struct block *b)
{
    struct style s = pdf_style(pdf, TYPE_BODY, FACE_REGULAR, COLOUR_TEXT);
    str text = str_empty(b->table->empty) ? STR("No rows.") : b->table->empty;
    struct lines lines = layout_lines(pdf->fonts, &s, text, pdf_width(pdf), &pdf->scratch);
    float title = pdf_title_height(pdf, b->title, b->text, pdf_width(pdf));

    pdf_need(pdf, title + (float)lines.count * s.leading);
    pdf_title(pdf, b->title, b->text, pdf_left(pdf), pdf->y, pdf_width(pdf));
    pdf->y += title;
    pdf->y += pdf_lines(pdf, pdf_left(pdf), pdf->y, &s, lines);
}

bool pdf_table(struct pdf *pdf, const struct block *b, struct err *err)
{
    const struct table *table = b->table;
    struct table_layout t = {.pdf = pdf, .table = table, .is_small = table->is_register};

    if (table->nrows == 0) {
        draw_empty(pdf, b);
        return true;
    }
    t.nrows = table->pdf_limit && table->pdf_limit < table->nrows ? table->pdf_limit : table->nrows;
    t.is_cut = t.nrows < table->nrows;
    if (!table->values && !table->source.rewind(table->source.state, err))
        return false;
    if (!pdf_columns(&t, pdf_left(pdf), pdf_width(pdf), err))
        return false;
    if (t.ncolumns == 0)
        return true; /* for the workbook alone */
    t.pad = t.is_small ? 2.6f : 3.9f;
    t.head_height = head_height(&t);
    if (!draw_rows(&t, b, err))
        return false;
    draw_foot(&t);
    return true;
}
