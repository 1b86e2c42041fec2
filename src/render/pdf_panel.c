/*
 * pdf_panel: the conclusion, the tiles with their small trends, and lists of facts.
 */
#include "pdf.h"

/* --- banner --------------------------------------------------------------------------------- */

void pdf_banner(struct pdf *pdf, const struct block *b)
{
    struct mark_look look = theme_mark(pdf->theme, b->mark);
    struct style title = {FACE_BOLD, 14, 18, 0, look.text};
    struct style text = {FACE_REGULAR, 8.6f, 12, 0, look.text};
    const float x = pdf_left(pdf), inner = 44, width = pdf_width(pdf) - inner - 14;
    struct arena *a = &pdf->scratch;
    struct lines t = layout_few_lines(pdf->fonts, &title, b->title, width, 4, a);
    struct lines s = layout_few_lines(pdf->fonts, &text, b->text, width, 20, a);
    float h = 22 + (float)t.count * title.leading + (float)s.count * text.leading;

    if (h < 56)
        h = 56;
    pdf_need(pdf, h);
    pdf_frame(pdf, x, pdf->y, pdf_width(pdf), h, 2, look.ground, PDF_NO_COLOUR, 0);
    pdf_rect(pdf, x, pdf->y, 4, h, look.solid);
    pdf_mark(pdf, b->mark, x + 24, pdf->y + h / 2, 15, look.solid);
    pdf_lines(pdf, x + inner, pdf->y + 10, &title, t);
    pdf_lines(pdf, x + inner, pdf->y + 12 + (float)t.count * title.leading, &text, s);
    pdf->y += h;
}

/* --- tiles ---------------------------------------------------------------------------------- */

#define TILE_GAP     10.0f
#define TILE_PAD     11.0f
#define TILES_ACROSS 4
#define TREND_WIDTH  34.0f

struct tile_text {
    struct style label, value, note;
    struct lines labels, notes;
    struct line number;
    float height;
};

/* The value as large as the tile allows. */
static void fit_value(struct pdf *pdf, const struct tile *t, float width, struct tile_text *out)
{
    out->value = pdf_style(pdf, TYPE_TILE, FACE_BOLD, COLOUR_INK);
    for (;;) {
        out->number = layout_line(pdf->fonts, &out->value, t->value, &pdf->scratch);
        if (out->number.width <= width)
            return;
        if (out->value.size <= 9)
            break;
        out->value.size -= 1;
    }
    out->number =
        layout_few_lines(pdf->fonts, &out->value, t->value, width, 1, &pdf->scratch).line[0];
}

static struct tile_text lay_out_tile(struct pdf *pdf, const struct tile *t, float width)
{
    struct tile_text out = {.label = pdf_eyebrow(pdf, 0.5f)};
    const float inner = width - TILE_PAD - 8;

    out.note = pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_MUTED);
    if (pdf->is_cover)
        out.label = out.note;
    out.labels = layout_few_lines(pdf->fonts, &out.label,
                                  pdf->is_cover ? t->label : pdf_capitals(pdf, t->label), inner, 3,
                                  &pdf->scratch);
    out.notes = layout_few_lines(pdf->fonts, &out.note, t->note, inner, 3, &pdf->scratch);
    fit_value(pdf, t, inner, &out);
    out.height = 15 + (float)out.labels.count * out.label.leading + 21 +
                 (float)out.notes.count * out.note.leading + (pdf->is_cover ? 8 : 4);
    return out;
}

static void draw_trend(struct pdf *pdf, const struct tile *t, float x, float y, float w, float h,
                       uint32_t colour)
{
    float *xy = arena_new(&pdf->scratch, float, t->ntrend * 2);
    int64_t low = t->trend[0], high = t->trend[0];

    for (size_t k = 1; k < t->ntrend; k++) {
        low = t->trend[k] < low ? t->trend[k] : low;
        high = t->trend[k] > high ? t->trend[k] : high;
    }
    for (size_t k = 0; k < t->ntrend; k++) {
        double share = high > low ? (double)(t->trend[k] - low) / (double)(high - low) : 0.5;

        xy[k * 2] = x + w * (float)k / (float)(t->ntrend - 1);
        xy[k * 2 + 1] = y + h - h * (float)share;
    }
    pdf_polyline(pdf, xy, t->ntrend, 1, colour);
    pdf_circle(pdf, xy[t->ntrend * 2 - 2], xy[t->ntrend * 2 - 1], 1.7f, colour);
}

static void draw_tile(struct pdf *pdf, const struct tile *t, float x, float y, float w, float h)
{
    struct tile_text text = lay_out_tile(pdf, t, w);
    uint32_t colour = theme_mark(pdf->theme, t->mark).solid;
    float at = y + 8, inner = w - TILE_PAD - 8;

    pdf_frame(pdf, x, y, w, h, 3, pdf->theme->colours[COLOUR_PAPER],
              pdf->theme->colours[COLOUR_RULE], 0.7f);
    if (pdf->is_cover) {
        pdf_text(pdf, x + TILE_PAD, at, &text.value, text.number);
        at += 22;
        at += pdf_lines(pdf, x + TILE_PAD, at, &text.label, text.labels);
        pdf_lines(pdf, x + TILE_PAD, at, &text.note, text.notes);
        pdf_rect(pdf, x + TILE_PAD, y + h - 9, w - 2 * TILE_PAD, 2.4f, colour);
        return;
    }
    pdf_rect(pdf, x, y + 6, 2.4f, h - 12, colour);
    at += pdf_lines(pdf, x + TILE_PAD, at, &text.label, text.labels);
    pdf_text(pdf, x + TILE_PAD, at + 1, &text.value, text.number);
    /* Beside the number, or beside the note, or not at all: it shows no more than a direction. */
    if (t->ntrend > 1 && text.number.width < inner - TREND_WIDTH - 6)
        draw_trend(pdf, t, x + w - 12 - TREND_WIDTH, at + 6, TREND_WIDTH, 11, colour);
    else if (t->ntrend > 1 && text.notes.count == 1 &&
             text.notes.line[0].width < inner - TREND_WIDTH - 6)
        draw_trend(pdf, t, x + w - 12 - TREND_WIDTH, at + 23, TREND_WIDTH, 7, colour);
    pdf_lines(pdf, x + TILE_PAD, at + 23, &text.note, text.notes);
}

void pdf_tiles(struct pdf *pdf, const struct block *b)
{
    const float w = (pdf_width(pdf) - (TILES_ACROSS - 1) * TILE_GAP) / TILES_ACROSS;
    float title = pdf_title_height(pdf, b->title, STR_NONE, pdf_width(pdf));

    for (size_t k = 0; k < b->ntiles; k += TILES_ACROSS) {
        size_t end = k + TILES_ACROSS < b->ntiles ? k + TILES_ACROSS : b->ntiles;
        float h = pdf->is_cover ? 54 : 60;

        for (size_t i = k; i < end; i++) {
            float own = lay_out_tile(pdf, &b->tiles[i], w).height;

            h = own > h ? own : h;
        }
        pdf_need(pdf, h + (k == 0 ? title : 0));
        if (k == 0) {
            pdf_title(pdf, b->title, STR_NONE, pdf_left(pdf), pdf->y, pdf_width(pdf));
            pdf->y += title;
        }
        for (size_t i = k; i < end; i++)
            draw_tile(pdf, &b->tiles[i], pdf_left(pdf) + (float)(i - k) * (w + TILE_GAP), pdf->y, w,
                      h);
        pdf->y += h + (end < b->ntiles ? TILE_GAP : 0);
    }
}

/* --- facts ---------------------------------------------------------------------------------- */

#define FACT_NAME_WIDTH 104.0f

static void draw_fact(struct pdf *pdf, const struct style *name, struct lines names,
                      const struct style *value, struct lines values, float pad)
{
    const struct pdf_page *page = pdf->page;
    float end = pdf->y + pad + (float)names.count * name->leading;

    pdf->y += pad;
    pdf_lines(pdf, pdf_left(pdf), pdf->y, name, names);
    pdf_flow_lines(pdf, pdf_left(pdf) + FACT_NAME_WIDTH, value, values);
    if (pdf->page == page && pdf->y < end)
        pdf->y = end;
    pdf->y += pad;
}

void pdf_facts(struct pdf *pdf, const struct block *b)
{
    struct style name = pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_MUTED);
    struct style value = pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_TEXT);
    struct style mono = {FACE_MONO, 7.2f, name.leading, 0, value.colour};
    const float x = pdf_left(pdf), inner = pdf_width(pdf) - FACT_NAME_WIDTH;
    const float pad = pdf->is_tight ? 2.2f : 4.2f;
    float title = pdf_title_height(pdf, b->title, b->text, pdf_width(pdf));

    for (size_t k = 0; k < b->nfacts; k++) {
        const struct fact *f = &b->facts[k];
        struct style *style = f->is_mono ? &mono : &value;
        struct lines names =
            layout_few_lines(pdf->fonts, &name, f->name, FACT_NAME_WIDTH - 8, 8, &pdf->scratch);
        struct lines values = layout_lines(
            pdf->fonts, style, str_empty(f->value) ? STR("—") : f->value, inner, &pdf->scratch);
        size_t most = names.count > values.count ? names.count : values.count;
        float h = (float)most * name.leading + 2 * pad;

        pdf_need_part(pdf, k == 0 ? title + 20 : 0, h);
        if (k == 0) {
            pdf_title(pdf, b->title, b->text, x, pdf->y, pdf_width(pdf));
            pdf->y += title;
        }
        pdf_link(pdf, x + FACT_NAME_WIDTH, pdf->y, inner, h, f->link);
        draw_fact(pdf, &name, names, style, values, pad);
        pdf_line(pdf, x, pdf->y, pdf_right(pdf), pdf->y, 0.35f, pdf->theme->colours[COLOUR_RULE]);
    }
}
