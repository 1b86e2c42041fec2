/*
 * pdf_columns: how wide the columns of a table are.
 *
 * The weights of the model are shares of the width. They are corrected by what the first rows hold:
 * no column narrower than its longest word or number, none wider than its longest text while
 * another one has to wrap. The widths add up to the width of the text.
 */
#include <math.h>

#include "pdf_table.h"

#define SAMPLE_ROWS 100
#define WIDEST_WORD 110.0f /* longer ones are broken inside the word */

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

/* When even small type is short of room, long words give way sooner. */
static float widest_word(const struct table_layout *t)
{
    float share = pdf_width(t->pdf) / (float)(t->ncolumns ? t->ncolumns : 1) * 1.6f;

    return !t->is_small || share > WIDEST_WORD ? WIDEST_WORD : share < 60 ? 60 : share;
}

static float longest_word(struct table_layout *t, const struct style *style, str text)
{
    return layout_longest_word(t->pdf->fonts, style, text, widest_word(t), &t->pdf->scratch);
}

/* A sentence needs room for two or three words on a line. */
static float least_of_text(struct table_layout *t, const struct style *style, str text, float width)
{
    float word = longest_word(t, style, text), prose = width < 58 ? width : 58;

    return str_find_char(text, ' ') == SIZE_MAX || word > prose ? word : prose;
}

/* Lets a value widen what its column needs and wants; returns the width of its text on one line. */
static float measure_value(struct table_layout *t, struct table_column *c,
                           const struct column *column, const struct value *v)
{
    struct style style = pdf_cell_style(t, c);
    str text = pdf_value_text(t->pdf, column, v);
    float w = text_width(t, &style, text);

    switch (column->type) {
    case COLUMN_MARK:
        w = t->is_small ? CELL_MARK_ROOM + w : pdf_chip_width(t->pdf, v->mark, v->text);
        if (v->is_set)
            grow(c, w < WIDEST_WORD ? w : WIDEST_WORD, w);
        break;
    case COLUMN_TIME:
        if (t->table->is_register || text.len < 12)
            grow(c, w, w);
        else
            grow(c, text_width(t, &style, str_part(text, 0, 10)), w);
        break;
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        grow(c, w, w);
        break;
    case COLUMN_HASH:
        if (!str_empty(t->table->sheet))
            w = text_width(t, &style, STR("0123456789abcdef…"));
        grow(c, text_width(t, &style, STR("0123456789abcdef…")), w);
        break;
    case COLUMN_INPUT:
        grow(c, 50, 90);
        break;
    case COLUMN_TEXT:
    case COLUMN_ID:
        grow(c, least_of_text(t, &style, text, w), w);
        break;
    }
    return w;
}

static void measure_row(struct table_layout *t, const struct value *values, float *sample)
{
    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];
        size_t ntexts = 1;

        sample[k * TEXTS_PER_CELL] = measure_value(t, c, c->column, &values[c->index]);
        for (size_t u = 0; u < t->table->ncolumns; u++) {
            const struct column *under = &t->table->columns[u];
            float w;

            if (under->under != (int)c->index + 1 || under->weight <= 0 || !values[u].is_set)
                continue;
            w = measure_value(t, c, under, &values[u]);
            if (ntexts < TEXTS_PER_CELL)
                sample[k * TEXTS_PER_CELL + ntexts++] = w;
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

    t->sample = arena_new(t->pdf->a, float, n * t->ncolumns * TEXTS_PER_CELL);
    t->nsample = n;
    for (size_t row = 0; row < n && ok; row++) {
        ok = pdf_next_values(t->table, row, &values, own, err);
        if (ok)
            measure_row(t, values, t->sample + row * t->ncolumns * TEXTS_PER_CELL);
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

/* --- fewer lines --------------------------------------------------------------------------------
 */

/* Lines of a text of that width in a column; wrapping leaves about a tenth of a line empty. */
static float lines_of(float text, float column)
{
    if (text <= 0)
        return 0;
    return text <= column ? 1 : ceilf(text * 1.1f / column);
}

/* How many lines the first rows take together; those of a cell beside a taller one count a little.
 */
static float total_lines(const struct table_layout *t)
{
    float total = 0;

    for (size_t row = 0; row < t->nsample; row++) {
        float most = 1, all = 0;

        for (size_t k = 0; k < t->ncolumns; k++) {
            const float *texts = t->sample + (row * t->ncolumns + k) * TEXTS_PER_CELL;
            float lines = 0;

            for (size_t i = 0; i < TEXTS_PER_CELL; i++)
                lines += lines_of(texts[i], t->columns[k].width);
            most = lines > most ? lines : most;
            all += lines;
        }
        total += most + all * 0.1f;
    }
    return total;
}

/* Moves width from one column to another as long as that saves lines. */
static void save_lines(struct table_layout *t)
{
    float best = total_lines(t);

    for (float step = 24; step >= 3; step /= 2) {
        for (size_t k = 0; k < t->ncolumns * t->ncolumns; k++) {
            struct table_column *to = &t->columns[k / t->ncolumns];
            struct table_column *from = &t->columns[k % t->ncolumns];
            float lines;

            if (to == from || from->width - step < from->least || to->width >= to->natural)
                continue;
            from->width -= step;
            to->width += step;
            lines = total_lines(t);
            if (lines < best - 0.01f) {
                best = lines;
            } else {
                from->width += step;
                to->width -= step;
            }
        }
    }
}

/* More than fits even when all wrap: the widest give up first, so that numbers and times stay
 * whole. */
static void shrink_widest(struct table_layout *t, float room)
{
    float low = 0, high = room;

    for (int turn = 0; turn < 40; turn++) {
        float middle = (low + high) / 2, sum = 0;

        for (size_t k = 0; k < t->ncolumns; k++)
            sum += t->columns[k].least < middle ? t->columns[k].least : middle;
        if (sum > room)
            high = middle;
        else
            low = middle;
    }
    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        c->width = c->least < low ? c->least : low;
        /* Text may still give to its neighbours what it does not need. */
        c->least = c->width * (c->column->type == COLUMN_TEXT ? 0.8f : 1);
    }
}

static void place(struct table_layout *t, float left, float width)
{
    const float gap = t->is_small ? 8 : 11, room = width - gap * (float)(t->ncolumns - 1);
    float x = left;

    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        c->natural = c->natural < c->least ? c->least : c->natural;
    }
    if (sum_of(t, true) > room) {
        shrink_widest(t, room);
    } else {
        share_by_weight(t, room);
        share_rest(t, room);
    }
    save_lines(t);
    for (size_t k = 0; k < t->ncolumns; k++) {
        struct table_column *c = &t->columns[k];

        c->x = x;
        x += c->width + gap;
        t->is_striped |= c->natural > c->width + 0.5f && c->column->type != COLUMN_INPUT;
    }
}

static void choose_columns(struct table_layout *t)
{
    const struct table *table = t->table;

    t->ncolumns = 0;
    for (size_t k = 0; k < table->ncolumns; k++) {
        const struct column *c = &table->columns[k];

        if (c->weight > 0 && c->under == 0)
            t->columns[t->ncolumns++] = (struct table_column){
                .column = c, .index = k, .is_right = column_is_number(c->type)};
    }
    choose_mono(t);
}

bool pdf_columns(struct table_layout *t, float left, float width, struct err *err)
{
    t->columns = arena_new(t->pdf->a, struct table_column, t->table->ncolumns);
    for (;;) {
        choose_columns(t);
        if (t->ncolumns == 0)
            return true;
        measure_head(t);
        if (!measure_rows(t, err))
            return false;
        /* Too many columns for this type: once more in the type of registers. */
        if (t->is_small || sum_of(t, true) + 11 * (float)(t->ncolumns - 1) <= width)
            break;
        t->is_small = true;
    }
    place(t, left, width);
    return true;
}
