/*
 * pdf_block: one block of a section after another. Decides the space between them and what stays
 * together across pages; the blocks draw themselves.
 */
#include "pdf.h"

/* --- titles --------------------------------------------------------------------------------- */

#define LONGEST_LINE 511.3f /* text does not run across a landscape page */

static struct style title_style(const struct pdf *pdf)
{
    return pdf->is_cover ? pdf_eyebrow(pdf, 0.7f)
                         : pdf_style(pdf, TYPE_BLOCK_TITLE, FACE_BOLD, COLOUR_INK);
}

static struct style subtitle_style(const struct pdf *pdf)
{
    struct style s = pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);

    s.size = 7.6f;
    s.leading = 10;
    return s;
}

static str title_text(struct pdf *pdf, str title)
{
    return pdf->is_cover ? pdf_capitals(pdf, title) : title;
}

float pdf_title_height(struct pdf *pdf, str title, str subtitle, float width)
{
    struct style t = title_style(pdf), s = subtitle_style(pdf);
    struct arena *a = &pdf->scratch;
    size_t nt = layout_few_lines(pdf->fonts, &t, title_text(pdf, title), width, 6, a).count;
    size_t ns = layout_few_lines(pdf->fonts, &s, subtitle, width, 12, a).count;

    return nt || ns ? (float)nt * t.leading + (float)ns * s.leading + 6 : 0;
}

void pdf_title(struct pdf *pdf, str title, str subtitle, float x, float y, float width)
{
    struct style t = title_style(pdf), s = subtitle_style(pdf);
    struct arena *a = &pdf->scratch;

    y += pdf_lines(pdf, x, y, &t,
                   layout_few_lines(pdf->fonts, &t, title_text(pdf, title), width, 6, a));
    pdf_lines(pdf, x, y, &s, layout_few_lines(pdf->fonts, &s, subtitle, width, 12, a));
}

/* --- text ----------------------------------------------------------------------------------- */

static struct style text_style(const struct pdf *pdf, const struct block *b)
{
    struct style s = pdf_style(pdf, TYPE_BODY, FACE_REGULAR, COLOUR_TEXT);

    if (b->is_note) {
        s.size = 8.4f;
        s.leading = 12;
        s.colour = pdf->theme->colours[COLOUR_MUTED];
    }
    return s;
}

#define TEXT_MARK        7.0f
#define TEXT_MARK_INDENT 13.0f

static float text_width(const struct pdf *pdf)
{
    return pdf_width(pdf) < LONGEST_LINE ? pdf_width(pdf) : LONGEST_LINE;
}

/* A text with a mark begins with its shape; the word is in the text. */
static float text_indent(const struct block *b)
{
    return b->mark == MARK_NONE ? 0 : TEXT_MARK_INDENT;
}

static void draw_text(struct pdf *pdf, const struct block *b)
{
    struct style s = text_style(pdf, b);
    float title = pdf_title_height(pdf, b->title, STR_NONE, text_width(pdf));
    float indent = text_indent(b);
    struct arena own = {0}; /* a new page may come in between */
    struct lines lines = layout_lines(pdf->fonts, &s, b->text, text_width(pdf) - indent, &own);

    pdf_need(pdf, title + (float)(lines.count < 3 ? lines.count : 2) * s.leading);
    pdf_title(pdf, b->title, STR_NONE, pdf_left(pdf), pdf->y, text_width(pdf));
    pdf->y += title;
    for (size_t k = 0; k < lines.count; k++) {
        /* The last two lines stay together. */
        pdf_need(pdf, (k + 2 == lines.count ? 2 : 1) * s.leading);
        if (k == 0 && b->mark != MARK_NONE)
            pdf_mark(pdf, b->mark, pdf_left(pdf) + TEXT_MARK / 2, pdf->y + s.leading / 2, TEXT_MARK,
                     theme_mark(pdf->theme, b->mark).text);
        pdf_text(pdf, pdf_left(pdf) + indent, pdf->y, &s, lines.line[k]);
        pdf->y += s.leading;
    }
    arena_free(&own);
}

/* --- charts --------------------------------------------------------------------------------- */

#define PAIR_GAP 24.0f

static void draw_chart(struct pdf *pdf, const struct block *b)
{
    struct chart own = *b->chart; /* the block's titles serve a chart without */
    const struct chart *c = &own;
    size_t rows = pdf_chart_rows(c), first = 0;

    own.title = str_or(own.title, b->title);
    own.subtitle = str_or(own.subtitle, b->text);
    while (first < rows || rows == 0) {
        size_t count = rows - first;
        float room = pdf_bottom(pdf) - pdf->y;

        /* A chart with many rows is cut between rows; any other one begins a page if need be. */
        while (count > 1 && pdf_chart_height(pdf, c, first, count, pdf_width(pdf)) > room)
            count--;
        if (count < rows - first && count < 4 && !pdf_is_fresh(pdf)) {
            pdf_new_page(pdf);
            continue;
        }
        pdf_need(pdf, pdf_chart_height(pdf, c, first, count, pdf_width(pdf)));
        pdf_chart(pdf, c, first, count, pdf_left(pdf), pdf->y, pdf_width(pdf));
        pdf->y += pdf_chart_height(pdf, c, first, count, pdf_width(pdf));
        first += count;
        if (first >= rows)
            break;
        pdf_new_page(pdf);
    }
}

static void draw_chart_pair(struct pdf *pdf, const struct block *b)
{
    float right = (pdf_width(pdf) - PAIR_GAP) * 0.34f;
    float left = pdf_width(pdf) - PAIR_GAP - right;
    float h1 = pdf_chart_height(pdf, b->chart, 0, pdf_chart_rows(b->chart), left);
    float h2 = pdf_chart_height(pdf, b->chart2, 0, pdf_chart_rows(b->chart2), right);

    pdf_need(pdf, h1 > h2 ? h1 : h2);
    pdf_chart(pdf, b->chart, 0, pdf_chart_rows(b->chart), pdf_left(pdf), pdf->y, left);
    pdf_chart(pdf, b->chart2, 0, pdf_chart_rows(b->chart2), pdf_right(pdf) - right, pdf->y, right);
    pdf->y += h1 > h2 ? h1 : h2;
}

/* --- one after another ---------------------------------------------------------------------- */

static float least_height(struct pdf *pdf, const struct block *b);

/* A sentence or two that leads to something stays with it. */
static float least_text(struct pdf *pdf, const struct block *b)
{
    struct style s = text_style(pdf, b);
    size_t n = layout_lines(pdf->fonts, &s, b->text, text_width(pdf), &pdf->scratch).count;
    float title = pdf_title_height(pdf, b->title, STR_NONE, text_width(pdf));
    bool leads = b->next && n <= 3 && b->next->kind != BLOCK_SUBTITLE && str_empty(b->next->title);

    return title + 8 + (float)(n < 3 ? n : 2) * s.leading +
           (leads ? least_height(pdf, b->next) : 0);
}

/* What a block needs at least to begin well, for the subtitle above it. */
static float least_height(struct pdf *pdf, const struct block *b)
{
    float title;

    if (!b)
        return 0;
    title = pdf_title_height(pdf, b->title, b->text, pdf_width(pdf));
    switch (b->kind) {
    case BLOCK_CHART:
        if (pdf_chart_rows(b->chart) < 12)
            return pdf_chart_height(pdf, b->chart, 0, pdf_chart_rows(b->chart), pdf_width(pdf));
        return 160;
    case BLOCK_CHART_PAIR:
        return 210;
    case BLOCK_TABLE:
        if (b->table->nrows == 0)
            return title + 20;
        return title + (b->table->nrows < 5 ? 42 + 36 * (float)b->table->nrows : 120);
    case BLOCK_TEXT:
        return least_text(pdf, b);
    case BLOCK_TILES:
    case BLOCK_SIGNATURES:
        return title + 80;
    case BLOCK_BANNER:
    case BLOCK_FACTS:
    case BLOCK_TIMELINE:
    case BLOCK_DECISIONS:
    case BLOCK_CODE:
        return title + 60;
    case BLOCK_SUBTITLE:
        return 40 + least_height(pdf, b->next);
    case BLOCK_PAGE:
        break;
    }
    return 0;
}

static void draw_subtitle(struct pdf *pdf, const struct block *b)
{
    float h = pdf_title_height(pdf, b->title, b->text, pdf_width(pdf));

    pdf_need(pdf, h + 6 + least_height(pdf, b->next));
    pdf_place_anchor(pdf, b->anchor, pdf->y);
    pdf_add_outline(pdf, b->title, NULL, pdf->y);
    pdf_title(pdf, b->title, b->text, pdf_left(pdf), pdf->y, pdf_width(pdf));
    pdf->y += h;
}

static float gap_above(const struct pdf *pdf, const struct block *b)
{
    const struct block *last = pdf->last;

    if (pdf_is_fresh(pdf) || !last)
        return 0;
    if (pdf->is_tight)
        return 13;
    if (last->kind == BLOCK_SUBTITLE)
        return 2;
    if (b->kind == BLOCK_TEXT && str_empty(b->title) && last->kind == BLOCK_TEXT)
        return 8;
    if (last->kind == BLOCK_TEXT && b->kind == BLOCK_TABLE && str_empty(b->title))
        return 10;
    if (b->kind == BLOCK_TEXT && str_empty(b->title))
        return 14;
    if (last->kind == BLOCK_TEXT && b->kind != BLOCK_SUBTITLE && b->kind != BLOCK_CHART)
        return 16;
    /* Charts and lists of decisions bring white of their own. */
    if (b->kind == BLOCK_DECISIONS || last->kind == BLOCK_CHART_PAIR || b->kind == BLOCK_CHART_PAIR)
        return 16;
    return PDF_GAP;
}

bool pdf_block(struct pdf *pdf, const struct block *b, struct err *err)
{
    bool ok = true;

    arena_reset(&pdf->scratch);
    pdf->y += gap_above(pdf, b);
    if (b->kind != BLOCK_SUBTITLE)
        pdf_place_anchor(pdf, b->anchor, pdf->y);
    switch (b->kind) {
    case BLOCK_TEXT:
        draw_text(pdf, b);
        break;
    case BLOCK_BANNER:
        pdf_banner(pdf, b);
        break;
    case BLOCK_FACTS:
        pdf_facts(pdf, b);
        break;
    case BLOCK_TILES:
        pdf_tiles(pdf, b);
        break;
    case BLOCK_TABLE:
        ok = pdf_table(pdf, b, err);
        break;
    case BLOCK_CHART:
        draw_chart(pdf, b);
        break;
    case BLOCK_CHART_PAIR:
        draw_chart_pair(pdf, b);
        break;
    case BLOCK_TIMELINE:
        pdf_timeline(pdf, b);
        break;
    case BLOCK_DECISIONS:
        pdf_decisions(pdf, b);
        break;
    case BLOCK_SIGNATURES:
        pdf_signatures(pdf, b);
        break;
    case BLOCK_CODE:
        pdf_code(pdf, b);
        break;
    case BLOCK_SUBTITLE:
        draw_subtitle(pdf, b);
        break;
    case BLOCK_PAGE:
        if (!pdf_is_fresh(pdf))
            pdf_new_page(pdf);
        break;
    }
    pdf->last = b;
    return ok;
}
