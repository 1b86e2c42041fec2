/*
 * pdf_columns: how wide the columns of a table are.
 *
 * The weights of the model are shares of the width. They are corrected by what the first rows hold:
 * no column narrower than its longest word or number, none wider than its longest text while
 * another one has to wrap. The widths add up to the width of the text.
 */
#include "pdf_table.h"

#define SAMPLE_ROWS          200
#define WIDEST_WORD          110.0f /* longer ones are broken inside the word */
#define WIDEST_WORD_REGISTER 130.0f

bool pdf_next_values(const struct table *table, size_t row, const struct value **values,
                     struct value *own, struct err *err)
{
    if (table->values) {
        *values = table->values + row * table->ncolumns;
        return true;
    }
    memset(own, 0, table->ncolumns * sizeof *own);
    *values = own;
    if (table->source.next(table->source.state, own, err))
        return true;
    return err_set(err, ERR_INTEGRITY, "a table ended after %zu of %zu rows", row, table->nrows);
}

static float text_width(struct table_layout *t, const struct style *style, str text)
{
    struct lines lines = layout_lines(t->pdf->fonts, style, text, 1e9f, &t->pdf->scratch);
    float most = 0;

    for (size_t k = 0; k < lines.count; k++)
        most = lines.line[k].width > most ? lines.line[k].width : most;
    return most;
}

static void grow(struct table_column *c, float least, float natural)
{
    c->least = least > c->least ? least : c->least;
    c->natural = natural > c->natural ? natural : c->natural;
}

static float longest_word(struct table_layout *t, const struct style *style, str text)
{
    float w = layout_longest_word(t->pdf->fonts, style, text, &t->pdf->scratch);
    float most = t->table->is_register ? WIDEST_WORD_REGISTER : WIDEST_WORD;

    return w < most ? w : most;
}

static void measure_value(struct table_layout *t, struct table_column *c,
                          const struct column *column, const struct value *v)
{
    struct style style = pdf_cell_style(t, c);
    str text = pdf_value_text(t->pdf, column, v);
    float w;

    switch (column->type) {
    case COLUMN_MARK:
        w = t->table->is_register ? CELL_MARK_ROOM + text_width(t, &style, text)
                                  : pdf_chip_width(t->pdf, v->mark, v->text);
        if (v->is_set)
            grow(c, w < 110 ? w : 110, w);
        break;
    case COLUMN_TIME:
        w = text_width(t, &style, text);
        grow(c,
             t->table->is_register || text.len < 12 ? w
                                                    : text_width(t, &style, str_part(text, 0, 10)),
             w);
        break;
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        w = text_width(t, &style, text);
        grow(c, w, w);
        break;
    case COLUMN_HASH:
        w = text_width(t, &style, STR("0123456789abcdef…"));
        grow(c, w, str_empty(t->table->sheet) ? text_width(t, &style, text) : w);
        break;
    case COLUMN_INPUT:
        grow(c, 50, 90);
        break;
    case COLUMN_TEXT:
    case COLUMN_ID:
        grow(c, longest_word(t, &style, text), text_width(t, &style, text));
        break;
    }
}

static void measure_row(struct table_layout *t, const struct value *values)
{
    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        measure_value(t, c, c->column, &values[c->index]);
        for (size_t u = 0; u < t->table->ncolumns; u++) {
            const struct column *under = &t->table->columns[u];

            if (under->under != (int)c->index + 1 || under->weight <= 0 || !values[u].is_set)
                continue;
            measure_value(t, c, under, &values[u]);
            t->is_striped = true;
        }
    }
}

static bool measure_rows(struct table_layout *t, struct err *err)
{
    size_t n = t->nrows < SAMPLE_ROWS ? t->nrows : SAMPLE_ROWS;
    struct arena a = {0};
    struct value *own = arena_new(&a, struct value, t->table->ncolumns);
    const struct value *values;
    bool ok = true;

    for (size_t row = 0; row < n && ok; row++) {
        ok = pdf_next_values(t->table, row, &values, own, err);
        if (ok)
            measure_row(t, values);
        arena_reset(&t->pdf->scratch);
    }
    arena_free(&a);
    if (!t->table->values)
        ok = ok && t->table->source.rewind(t->table->source.state, err);
    return ok;
}

static void measure_head(struct table_layout *t)
{
    struct style head = pdf_eyebrow(t->pdf, 0.35f);

    for (size_t k = 0; k < t->ncolumns; k++) {
        str title = pdf_capitals(t->pdf, t->columns[k].column->title);

        grow(&t->columns[k], longest_word(t, &head, title), longest_word(t, &head, title));
    }
}

/* Identifiers that are longer than a word are easier to compare in equal widths. */
static void choose_mono(struct table_layout *t)
{
    for (size_t k = 0; k < t->ncolumns && t->table->values; k++) {
        struct table_column *c = &t->columns[k];
        size_t longest = 0;

        for (size_t row = 0; row < t->nrows && row < SAMPLE_ROWS; row++) {
            size_t len = t->table->values[row * t->table->ncolumns + c->index].text.len;

            longest = len > longest ? len : longest;
        }
        c->is_mono = c->column->type == COLUMN_ID && !c->column->is_bold && longest > 24;
    }
}

/* --- sharing the width ---------------------------------------------------------------------- */

static float sum_of(const struct table_layout *t, bool is_least)
{
    float sum = 0;

    for (size_t k = 0; k < t->ncolumns; k++)
        sum += is_least ? t->columns[k].least : t->columns[k].natural;
    return sum;
}

/* Every column its share by weight; a column whose share is outside its bounds is set to the bound
 * and the others share what is left. `width` 0 means not set yet. */
static void share_by_weight(struct table_layout *t, float room)
{
    bool has_changed = true;

    while (has_changed) {
        float left = room, weights = 0;

        has_changed = false;
        for (size_t k = 0; k < t->ncolumns; k++) {
            left -= t->columns[k].width;
            weights += t->columns[k].width > 0 ? 0 : (float)t->columns[k].column->weight;
        }
        for (int bound = 0; bound < 2 && !has_changed; bound++) {
            for (size_t k = 0; k < t->ncolumns; k++) {
                struct table_column *c = &t->columns[k];
                float share = left * (float)c->column->weight / (weights > 0 ? weights : 1);

                if (c->width > 0)
                    continue;
                if (bound == 0 && share < c->least)
                    c->width = c->least;
                else if (bound == 1 && share > c->natural)
                    c->width = c->natural;
                else
                    continue;
                has_changed = true;
                break;
            }
        }
        if (!has_changed) {
            for (size_t k = 0; k < t->ncolumns; k++) {
                struct table_column *c = &t->columns[k];

                if (c->width <= 0)
                    c->width = left * (float)c->column->weight / weights;
            }
        }
    }
}

/* What no column needs goes to those with text, by weight, so that the table is as wide as the
 * page. */
static void share_rest(struct table_layout *t, float room)
{
    float weights = 0, left = room;
    bool has_text = false;

    for (size_t k = 0; k < t->ncolumns; k++) {
        left -= t->columns[k].width;
        has_text |= t->columns[k].column->type == COLUMN_TEXT;
    }
    for (size_t k = 0; k < t->ncolumns; k++) {
        const struct column *c = t->columns[k].column;

        weights += !has_text || c->type == COLUMN_TEXT ? (float)c->weight : 0;
    }
    for (size_t k = 0; k < t->ncolumns && left > 0; k++) {
        struct table_column *c = &t->columns[k];

        if (!has_text || c->column->type == COLUMN_TEXT)
            c->width += left * (float)c->column->weight / weights;
    }
}

static void place(struct table_layout *t, float left, float width, float gap)
{
    float room = width - gap * (float)(t->ncolumns - 1), least = sum_of(t, true), x = left;

    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        if (c->natural < c->least)
            c->natural = c->least;
        /* More than fits even so: everyone gives up the same part. */
        if (least > room)
            c->width = c->least * room / least;
    }
    if (least <= room) {
        share_by_weight(t, room);
        share_rest(t, room);
    }
    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        c->x = x;
        x += c->width + gap;
        t->is_striped |= c->natural > c->width + 0.5f && c->column->type != COLUMN_INPUT;
    }
}

static bool is_number(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_PERCENT || type == COLUMN_DURATION;
}

bool pdf_columns(struct table_layout *t, float left, float width, struct err *err)
{
    const struct table *table = t->table;

    t->columns = arena_new(t->pdf->a, struct table_column, table->ncolumns);
    for (size_t k = 0; k < table->ncolumns; k++) {
        const struct column *c = &table->columns[k];

        if (c->weight > 0 && c->under == 0)
            t->columns[t->ncolumns++] =
                (struct table_column){.column = c, .index = k, .is_right = is_number(c->type)};
    }
    choose_mono(t);
    measure_head(t);
    if (!measure_rows(t, err))
        return false;
    place(t, left, width, table->is_register ? 8 : 11);
    return true;
}
