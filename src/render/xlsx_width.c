/*
 * xlsx_width: how wide the columns of a sheet are.
 *
 * As wide as what is in them, within limits; so the first rows are looked at before the first is
 * written, of pulled rows too. What is longer further down wraps or is cut off by its neighbour, as
 * anywhere in a spreadsheet.
 */
#include "model/display.h"
#include "render/xlsx.h"

#define ROWS_MEASURED 500

/* Letters of the longest line, wide ones (Chinese, Japanese, Korean, emoji) counted twice. */
static double letters_of(str text)
{
    size_t longest = 0, n = 0;

    for (size_t at = 0; at < text.len && longest < 200;) {
        uint32_t cp = utf8_next(text, &at);

        n = cp == '\n' ? 0 : n + (cp >= 0x2E80 ? 2 : 1);
        longest = n > longest ? n : longest;
    }
    return (double)longest;
}

/* Least and most of a column, by what it holds. */
static void limits_of(const struct column *c, double *least, double *most)
{
    *least = 10;
    *most = 60;
    switch (c->type) {
    case COLUMN_TEXT:
        break;
    case COLUMN_ID:
        *most = 72;
        break;
    case COLUMN_TIME:
        *least = *most = 19;
        break;
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        *least = *most = 12;
        break;
    case COLUMN_MARK:
        *least = 12;
        *most = 24;
        break;
    case COLUMN_HASH:
        *most = 70;
        break;
    case COLUMN_INPUT:
        *least = *most = 22;
        break;
    }
}

/* Room for the words of the head, in two lines when they are long, and for the filter's arrow. */
static double head_width(const struct column *c)
{
    double letters = letters_of(c->title) + (c->type == COLUMN_TIME ? 6 : 0);

    return letters > 16 ? letters / 2 + 6 : letters + 4;
}

static void widen(const struct table *t, const struct value *values, double *widths)
{
    for (size_t c = 0; c < t->ncolumns; c++) {
        double factor = t->columns[c].is_bold || t->columns[c].type == COLUMN_HASH ? 1.1 : 1.0;
        double more = values[c].is_set ? letters_of(values[c].text) * factor + 2 : 0;

        widths[c] = more > widths[c] ? more : widths[c];
    }
}

static bool measure(const struct table *t, struct value *pulled, double *widths, struct err *err)
{
    size_t most = t->nrows < ROWS_MEASURED ? t->nrows : ROWS_MEASURED;

    if (t->source.rewind && !t->source.rewind(t->source.state, err))
        return false;
    for (size_t row = 0; row < most; row++) {
        const struct value *values = t->source.next ? pulled : t->values + row * t->ncolumns;

        if (t->source.next) {
            memset(pulled, 0, t->ncolumns * sizeof *pulled);
            if (!t->source.next(t->source.state, pulled, err))
                return err->kind == ERR_NONE; /* too few: said when they are written */
        }
        widen(t, values, widths);
    }
    return true;
}

bool xlsx_widths(struct book *b, const struct table *t, struct value *pulled, double **out,
                 struct err *err)
{
    double *widths = arena_new(b->run, double, t->ncolumns);

    if (!measure(t, pulled, widths, err))
        return false;
    for (size_t c = 0; c < t->ncolumns; c++) {
        double least, most, head = head_width(&t->columns[c]);

        limits_of(&t->columns[c], &least, &most);
        widths[c] = widths[c] < least ? least : widths[c] > most ? most : widths[c];
        widths[c] = widths[c] < head ? head : widths[c];
    }
    *out = widths;
    return true;
}
