/*
 * xlsx_front: the sheets that are read: README and Summary.
 *
 * README has what the cover of the PDF says, the contents with links, and how to read the workbook.
 * Summary walks the sections in order with everything in them that is no table. Only here are cells
 * merged: nobody filters or pivots these two.
 *
 * Four columns B..E of one width, after a narrow margin A. Rows with merged cells are not measured
 * by the spreadsheet program, so their heights are worked out from the number of characters, a
 * little too high rather than too low.
 */
#include "base/instant.h"
#include "model/display.h"
#include "render/xlsx.h"

enum { MARGIN, LEFT, SECOND, THIRD, RIGHT };
#define COLUMN_WIDTH  27.0 /* characters of the default font */
#define COLUMN_PIXELS 194
#define ROW_PIXELS    20
#define LETTERS       1.15 /* of Arial 10 in the width of one of the default font */

/* A sheet that grows downwards. */
struct page {
    struct book *book;
    struct sheet *sheet;
    uint64_t row;
};

static double height_of(str text, double letters)
{
    return xlsx_text_lines(text, letters) * XLSX_LINE_POINTS + 2;
}

static bool across(struct page *p, str text, enum style style, struct err *err)
{
    double height = height_of(text, COLUMN_WIDTH * 4 * LETTERS);

    return xlsx_set_height(p->sheet, p->row, height, err) &&
           xlsx_put_across(p->book, p->sheet, p->row++, LEFT, RIGHT, text, style, err);
}

static bool title_across(struct page *p, str text, enum style style, double height, struct err *err)
{
    return xlsx_set_height(p->sheet, p->row, height, err) &&
           xlsx_put_across(p->book, p->sheet, p->row++, LEFT, RIGHT, text, style, err);
}

/* A label in the first column, a text across the other three. */
static bool pair(struct page *p, str label, enum style label_style, str text, enum style style,
                 struct err *err)
{
    double height = height_of(text, COLUMN_WIDTH * 3 * (style == STYLE_MONO ? 0.85 : LETTERS));
    double other = height_of(label, COLUMN_WIDTH * LETTERS);

    return xlsx_set_height(p->sheet, p->row, height > other ? height : other, err) &&
           xlsx_put_text(p->book, p->sheet, p->row, LEFT, label, label_style, err) &&
           xlsx_put_across(p->book, p->sheet, p->row++, SECOND, RIGHT, text, style, err);
}

static bool page_start(struct book *b, str name, struct page *p, struct err *err)
{
    *p = (struct page){b, NULL, 0};
    if (!xlsx_sheet_add(b, name, &p->sheet, err) ||
        !xlsx_set_width(p->sheet, MARGIN, MARGIN, 2, err) ||
        !xlsx_set_width(p->sheet, LEFT, RIGHT, COLUMN_WIDTH, err))
        return false;
    worksheet_gridlines(p->sheet->ws, LXW_HIDE_ALL_GRIDLINES);
    xlsx_sheet_print_setup(b, p->sheet, b->report->title);
    return true;
}

static bool band(struct page *p, const struct report *r, struct err *err)
{
    struct arena *a = &p->book->scratch;
    str who = str_join(a, r->organization, STR(" \u00B7 "), r->classification);

    who = str_join(a, who, STR(" \u00B7 "), r->state);
    return title_across(p, r->title, STYLE_BAND_TITLE, 34, err) &&
           title_across(p, r->subtitle, STYLE_BAND_TEXT, 18, err) &&
           title_across(p, who, STYLE_BAND_TEXT, 22, err);
}

/* --- blocks ---------------------------------------------------------------------------------- */

static bool put_title(struct page *p, const struct block *k, struct err *err)
{
    p->row++;
    if (!str_empty(k->title) && !title_across(p, k->title, STYLE_BLOCK, 18, err))
        return false;
    return true;
}

static bool put_words(struct page *p, const struct block *k, struct err *err)
{
    enum style style = k->is_note ? STYLE_NOTE : STYLE_BODY;

    if (k->mark != MARK_NONE)
        style = xlsx_mark_style(k->mark);
    return (str_empty(k->title) || put_title(p, k, err)) && across(p, k->text, style, err);
}

static bool put_banner(struct page *p, const struct block *k, struct err *err)
{
    p->row++;
    if (!title_across(p, k->title, xlsx_banner_style(k->mark), 26, err))
        return false;
    return str_empty(k->text) || across(p, k->text, STYLE_BODY, err);
}

static bool put_facts(struct page *p, const struct block *k, struct err *err)
{
    if (!put_title(p, k, err))
        return false;
    for (size_t i = 0; i < k->nfacts; i++) {
        const struct fact *f = &k->facts[i];

        if (!pair(p, f->name, STYLE_LABEL, f->value, f->is_mono ? STYLE_MONO : STYLE_VALUE, err))
            return false;
    }
    return true;
}

/* One row of up to four tiles: label, value, note below one another. */
static bool put_tile_row(struct page *p, const struct tile *tiles, size_t n, struct err *err)
{
    struct book *b = p->book;
    double height = XLSX_LINE_POINTS + 4;

    if (!xlsx_set_height(p->sheet, p->row, 18, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        double needed = height_of(tiles[i].note, COLUMN_WIDTH * LETTERS) + 4;

        height = needed > height ? needed : height;
        if (!xlsx_put_text(b, p->sheet, p->row, LEFT + (int)i, tiles[i].label, STYLE_TILE_LABEL,
                           err))
            return false;
    }
    if (!xlsx_set_height(p->sheet, ++p->row, 28, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!xlsx_put_text(b, p->sheet, p->row, LEFT + (int)i, tiles[i].value,
                           xlsx_tile_style(tiles[i].mark), err))
            return false;
    }
    if (!xlsx_set_height(p->sheet, ++p->row, height, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!xlsx_put_text(b, p->sheet, p->row, LEFT + (int)i, tiles[i].note, STYLE_TILE_NOTE, err))
            return false;
    }
    p->row += 2;
    return true;
}

static bool put_tiles(struct page *p, const struct block *k, struct err *err)
{
    if (!put_title(p, k, err))
        return false;
    for (size_t i = 0; i < k->ntiles; i += 4) {
        if (!put_tile_row(p, k->tiles + i, k->ntiles - i < 4 ? k->ntiles - i : 4, err))
            return false;
    }
    return true;
}

static str part_list(const struct page *p, const struct table *t)
{
    struct arena *a = &p->book->scratch;
    str names = STR_NONE;

    for (const struct part *q = p->book->parts; q; q = q->next) {
        if (q->table == t)
            names = str_join(a, names, STR(", "), str_print(a, "'%.*s'", STR_FMT(q->name)));
    }
    return names;
}

static bool put_table_pointer(struct page *p, const struct block *k, struct err *err)
{
    const struct table *t = k->table;
    struct arena *a = &p->book->scratch;
    str text;

    if (str_empty(t->sheet))
        return true;
    text = str_print(a, "%.*s rows on sheet %.*s", STR_FMT(count_text((int64_t)t->nrows, a)),
                     STR_FMT(part_list(p, t)));
    if (t->nrows == 0 && !str_empty(t->empty))
        text = t->empty;
    return pair(p, str_or(k->title, t->sheet), STYLE_LABEL, text, STYLE_VALUE, err);
}

static bool put_chart(struct page *p, const struct chart *c, int col, int columns, bool *drawn,
                      struct err *err)
{
    return xlsx_chart_draw(p->book, p->sheet, p->row, col, c, columns * COLUMN_PIXELS - 8,
                           12 * ROW_PIXELS, drawn, err);
}

static bool put_chart_words(struct page *p, const struct chart *c, bool drawn, struct err *err)
{
    struct arena *a = &p->book->scratch;
    str text = str_join(a, c->subtitle, STR(" \u00B7 "), c->note);

    if (!drawn)
        text = str_join(a, text, STR(" \u00B7 "), STR("numbers on sheet Figures"));
    return pair(p, c->title, STYLE_LABEL, text, STYLE_VALUE, err);
}

static bool put_charts(struct page *p, const struct block *k, struct err *err)
{
    const struct chart *second = k->kind == BLOCK_CHART_PAIR ? k->chart2 : NULL;
    bool first_drawn = false, second_drawn = false;

    if (!put_title(p, k, err))
        return false;
    if (k->chart && !put_chart(p, k->chart, LEFT, second ? 2 : 4, &first_drawn, err))
        return false;
    if (second && !put_chart(p, second, first_drawn ? THIRD : LEFT, 2, &second_drawn, err))
        return false;
    p->row += first_drawn || second_drawn ? 13 : 0;
    return (!k->chart || put_chart_words(p, k->chart, first_drawn, err)) &&
           (!second || put_chart_words(p, second, second_drawn, err));
}

static bool put_timeline(struct page *p, const struct block *k, struct err *err)
{
    struct arena *a = &p->book->scratch;

    if (!put_title(p, k, err))
        return false;
    for (size_t i = 0; i < k->nsteps; i++) {
        const struct step *s = &k->steps[i];
        struct instant when = {.sec = s->t >> 30, .is_set = s->t >> 30 != 0};

        if (!pair(p, instant_text(when, a), STYLE_LABEL, str_join(a, s->title, STR("\n"), s->note),
                  STYLE_VALUE, err))
            return false;
    }
    return true;
}

static bool put_decisions(struct page *p, const struct block *k, struct err *err)
{
    if (!put_title(p, k, err))
        return false;
    for (size_t i = 0; i < k->nfacts; i++) {
        if (!pair(p, k->facts[i].name, xlsx_mark_style(k->facts[i].mark), k->facts[i].value,
                  STYLE_VALUE, err))
            return false;
    }
    return true;
}

static bool put_block(struct page *p, const struct block *k, struct err *err)
{
    switch (k->kind) {
    case BLOCK_TEXT:
        return put_words(p, k, err);
    case BLOCK_BANNER:
        return put_banner(p, k, err);
    case BLOCK_FACTS:
        return put_facts(p, k, err);
    case BLOCK_TILES:
        return put_tiles(p, k, err);
    case BLOCK_TABLE:
        return put_table_pointer(p, k, err);
    case BLOCK_CHART:
    case BLOCK_CHART_PAIR:
        return put_charts(p, k, err);
    case BLOCK_TIMELINE:
        return put_timeline(p, k, err);
    case BLOCK_DECISIONS:
        return put_decisions(p, k, err);
    case BLOCK_SIGNATURES:
        return put_title(p, k, err) && across(p,
                                              STR("Signed on the PDF, which is the record; the "
                                                  "workbook is a copy for testing."),
                                              STYLE_NOTE, err);
    case BLOCK_CODE:
        return put_title(p, k, err) && across(p, k->text, STYLE_MONO, err);
    case BLOCK_SUBTITLE:
        return put_title(p, k, err);
    case BLOCK_PAGE:
        return true;
    }
    return true;
}

/* --- README ---------------------------------------------------------------------------------- */

static bool contents_head(struct page *p, struct err *err)
{
    struct book *b = p->book;

    p->row++;
    return title_across(p, STR("Sheets"), STYLE_BLOCK, 18, err) &&
           xlsx_put_text(b, p->sheet, p->row, LEFT, STR("Sheet"), STYLE_SMALL_HEAD, err) &&
           xlsx_put_across(b, p->sheet, p->row, SECOND, THIRD, STR("Holds"), STYLE_SMALL_HEAD,
                           err) &&
           xlsx_put_text(b, p->sheet, p->row++, RIGHT, STR("Rows"), STYLE_SMALL_RIGHT, err);
}

static bool contents_line(struct page *p, str name, str holds, int64_t nrows, struct err *err)
{
    struct book *b = p->book;
    bool ok = xlsx_put_link(b, p->sheet, p->row, LEFT, name, STYLE_LINK, err) &&
              xlsx_put_across(b, p->sheet, p->row, SECOND, THIRD, holds, STYLE_VALUE, err);

    if (nrows >= 0)
        ok = ok && xlsx_put_count(b, p->sheet, p->row, RIGHT, nrows, STYLE_ROWS, err);
    else
        ok = ok && xlsx_put_blank(b, p->sheet, p->row, RIGHT, STYLE_ROWS, err);
    p->row++;
    arena_reset(&b->scratch);
    return ok;
}

static bool contents(struct page *p, struct err *err)
{
    struct book *b = p->book;
    struct arena *a = &b->scratch;

    if (!contents_head(p, err) ||
        !contents_line(p, STR(XLSX_SUMMARY), STR("What happened, section by section"), -1, err))
        return false;
    for (const struct part *q = b->parts; q; q = q->next) {
        str holds = str_or(q->block->title, q->section->title);

        if (q->nrows < q->table->nrows)
            holds = str_print(a, "%.*s, rows %.*s\u2013%.*s of %.*s", STR_FMT(holds),
                              STR_FMT(count_text((int64_t)q->first + 1, a)),
                              STR_FMT(count_text((int64_t)(q->first + q->nrows), a)),
                              STR_FMT(count_text((int64_t)q->table->nrows, a)));
        if (!contents_line(p, q->name, holds, (int64_t)q->nrows, err))
            return false;
    }
    return !b->figures ||
           contents_line(p, STR(XLSX_FIGURES), STR("The numbers behind the charts"), -1, err);
}

static bool how_to_read(struct page *p, struct err *err)
{
    static const struct {
        const char *label, *text;
    } notes[] = {
        {"Generated file", "Written by a program from the files listed in this report. A change "
                           "made after generation breaks its "
                           "digest: check it with sha256sum -c SHA256SUMS in its folder. The PDF "
                           "and the manifest are the record; "
                           "this workbook is a copy for testing."},
        {"Times",
         "Real dates in UTC, whole seconds. An empty cell means that the record does not say."},
        {"Identifiers",
         "Text, also where they are digits, so that no leading zero and no digit is lost."},
        {"Colours", "Severity and result only, always with their word. Cells on a yellow ground "
                    "are for the reviewer."},
        {"Long texts", "A text that a cell cannot hold ends with \u2026 and the number of "
                       "characters left out; the record itself is "
                       "found through its SHA-256."},
        {"Formulas", "There are none. A value that begins with = + - or @ is text here; a program "
                     "that opens the sheet after an "
                     "export to CSV may run it."},
        {"Protection", "Sheets for review are protected without a password, against slips only."},
    };

    p->row++;
    if (!title_across(p, STR("How to read this workbook"), STYLE_BLOCK, 18, err))
        return false;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!pair(p, str_from(notes[i].label), STYLE_LABEL, str_from(notes[i].text), STYLE_VALUE,
                  err))
            return false;
    }
    return true;
}

bool xlsx_readme_write(struct book *b, struct err *err)
{
    struct page p;

    if (!page_start(b, STR(XLSX_README), &p, err) || !band(&p, b->report, err))
        return false;
    for (const struct block *k = b->report->cover; k; k = k->next) {
        if (!put_block(&p, k, err))
            return false;
        arena_reset(&b->scratch);
    }
    return contents(&p, err) && how_to_read(&p, err);
}

/* --- Summary --------------------------------------------------------------------------------- */

static bool put_section(struct page *p, const struct section *s, struct err *err)
{
    str title = str_join(&p->book->scratch, s->number, STR("  "), s->title);

    p->row++;
    if (!title_across(p, title, STYLE_SECTION, 26, err) ||
        !xlsx_set_height(p->sheet, p->row++, 6, err))
        return false;
    for (const struct block *k = s->blocks; k; k = k->next) {
        if (!put_block(p, k, err))
            return false;
        arena_reset(&p->book->scratch);
    }
    return true;
}

bool xlsx_summary_write(struct book *b, struct err *err)
{
    struct page p;

    if (!page_start(b, STR(XLSX_SUMMARY), &p, err) || !band(&p, b->report, err))
        return false;
    for (const struct section *s = b->report->sections; s; s = s->next) {
        if (s->is_xlsx && !put_section(&p, s, err))
            return false;
    }
    return true;
}
