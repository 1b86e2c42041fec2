/*
 * pdf_list: what needs a decision, sequences of events, signatures, command lines.
 */
#include <inttypes.h>

#include "base/instant.h"
#include "pdf.h"

static void begin(struct pdf *pdf, const struct block *b, float title)
{
    pdf_title(pdf, b->title, b->text, pdf_left(pdf), pdf->y, pdf_width(pdf));
    pdf->y += title;
}

/* --- decisions ------------------------------------------------------------------------------ */

#define DECISION_ID   60.0f
#define DECISION_TEXT 142.0f

void pdf_decisions(struct pdf *pdf, const struct block *b)
{
    struct style eyebrow = pdf_eyebrow(pdf, 0.7f);
    struct style id = pdf_style(pdf, TYPE_TABLE, FACE_BOLD, COLOUR_INK);
    struct style text = pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_TEXT);
    const float x = pdf_left(pdf), width = pdf_width(pdf) - DECISION_TEXT;
    struct line title = layout_one_line(pdf->fonts, &eyebrow, pdf_capitals(pdf, b->title),
                                        pdf_width(pdf), &pdf->scratch);

    for (size_t k = 0; k < b->nfacts; k++) {
        const struct fact *f = &b->facts[k];
        bool is_link = pdf_has_anchor(pdf, f->link);
        struct lines ids = layout_few_lines(pdf->fonts, &id, f->name,
                                            DECISION_TEXT - DECISION_ID - 8, 8, &pdf->scratch);
        struct lines texts = layout_lines(pdf->fonts, &text, f->value, width, &pdf->scratch);
        size_t most = ids.count > texts.count ? ids.count : texts.count;
        float h = (float)most * text.leading + 10, end;
        const struct pdf_page *page;

        pdf_need_part(pdf, k == 0 ? 30 : 0, h);
        if (k == 0 && !str_empty(b->title)) {
            pdf_text(pdf, x, pdf->y, &eyebrow, title);
            pdf->y += 13;
        }
        id.colour = pdf->theme->colours[is_link ? COLOUR_LINK : COLOUR_INK];
        if (f->mark != MARK_NONE)
            pdf_chip(pdf, f->mark, pdf_mark_word(f->mark), x, pdf->y + 4.5f);
        if (is_link)
            pdf_link(pdf, x + DECISION_ID, pdf->y, DECISION_TEXT - DECISION_ID, h, f->link);
        pdf->y += 5;
        end = pdf->y + pdf_lines(pdf, x + DECISION_ID, pdf->y, &id, ids);
        page = pdf->page;
        pdf_flow_lines(pdf, x + DECISION_TEXT, &text, texts);
        if (pdf->page == page && pdf->y < end)
            pdf->y = end;
        pdf->y += 5;
        pdf_line(pdf, x, pdf->y, pdf_right(pdf), pdf->y, 0.35f, pdf->theme->colours[COLOUR_RULE]);
    }
}

/* --- timeline ------------------------------------------------------------------------------- */

#define TIMELINE_MARK 96.0f
#define TIMELINE_TEXT 110.0f

void pdf_timeline(struct pdf *pdf, const struct block *b)
{
    struct style time = pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_MUTED);
    struct style title = pdf_style(pdf, TYPE_TABLE, FACE_BOLD, COLOUR_INK);
    struct style note = pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);
    const float x = pdf_left(pdf), width = pdf_width(pdf) - TIMELINE_TEXT;
    float above = pdf_title_height(pdf, b->title, b->text, pdf_width(pdf)), last_y = 0;
    const struct pdf_page *last_page = NULL;

    for (size_t k = 0; k < b->nsteps; k++) {
        const struct step *s = &b->steps[k];
        struct lines titles = layout_lines(pdf->fonts, &title, s->title, width, &pdf->scratch);
        struct lines notes = layout_lines(pdf->fonts, &note, s->note, width, &pdf->scratch);
        float h = (float)titles.count * title.leading + (float)notes.count * note.leading, cy;

        pdf_need_part(pdf, k == 0 ? above + 24 : 0, h);
        if (k == 0)
            begin(pdf, b, above);
        cy = pdf->y + title.leading / 2;
        if (last_page == pdf->page)
            pdf_line(pdf, x + TIMELINE_MARK, last_y + 5, x + TIMELINE_MARK, cy - 5, 0.5f,
                     pdf->theme->colours[COLOUR_RULE]);
        if (s->t)
            pdf_text_right(pdf, x + TIMELINE_MARK - 9, pdf->y, &time,
                           layout_line(pdf->fonts, &time, pdf_time_text(pdf, s->t), &pdf->scratch));
        pdf_mark(pdf, s->mark == MARK_NONE ? MARK_INFO : s->mark, x + TIMELINE_MARK, cy, 6,
                 theme_mark(pdf->theme, s->mark).solid);
        last_page = pdf->page;
        last_y = cy;
        pdf_flow_lines(pdf, x + TIMELINE_TEXT, &title, titles);
        pdf_flow_lines(pdf, x + TIMELINE_TEXT, &note, notes);
        pdf->y += k + 1 < b->nsteps ? 7 : 0;
    }
}

/* --- signatures ----------------------------------------------------------------------------- */

static void signature_line(struct pdf *pdf, float x, float y, float w, str caption, str value)
{
    struct style small = pdf_style(pdf, TYPE_CAPTION, FACE_REGULAR, COLOUR_FAINT);
    struct style text = pdf_style(pdf, TYPE_TABLE, FACE_REGULAR, COLOUR_TEXT);
    struct lines lines = layout_few_lines(pdf->fonts, &text, value, w, 2, &pdf->scratch);

    pdf_lines(pdf, x, y - 2 - (float)lines.count * text.leading, &text, lines);
    pdf_line(pdf, x, y, x + w, y, 0.5f, pdf->theme->colours[COLOUR_FAINT]);
    pdf_text(pdf, x, y + 2, &small, layout_line(pdf->fonts, &small, caption, &pdf->scratch));
}

static void draw_signer(struct pdf *pdf, const struct fact *f, float h)
{
    struct style role = pdf_style(pdf, TYPE_TABLE, FACE_BOLD, COLOUR_INK);
    const float x = pdf_left(pdf), w = pdf_width(pdf), column = (w - 2 * PDF_GUTTER - 24) / 6;
    float y = pdf->y;

    pdf_frame(pdf, x, y, w, h, 3, PDF_NO_COLOUR, pdf->theme->colours[COLOUR_RULE], 0.7f);
    pdf_text(pdf, x + 12, y + 9, &role,
             layout_one_line(pdf->fonts, &role, f->name, w - 24, &pdf->scratch));
    signature_line(pdf, x + 12, y + 48, column * 2, STR("Name and role"), f->value);
    signature_line(pdf, x + 12 + column * 2 + PDF_GUTTER, y + 48, column, STR("Date"), STR_NONE);
    signature_line(pdf, x + 12 + column * 3 + 2 * PDF_GUTTER, y + 48, column * 3, STR("Signature"),
                   STR_NONE);
    signature_line(pdf, x + 12, y + 80, w - 24, STR("Comment"), STR_NONE);
}

void pdf_signatures(struct pdf *pdf, const struct block *b)
{
    static const struct fact blank[] = {{.name = {"Prepared by", 11}},
                                        {.name = {"Reviewed by", 11}},
                                        {.name = {"Approved by", 11}}};
    const struct fact *signers = b->nfacts ? b->facts : blank;
    size_t n = b->nfacts ? b->nfacts : 3;
    struct style s = pdf_style(pdf, TYPE_BODY, FACE_REGULAR, COLOUR_TEXT);
    struct lines statement = layout_lines(pdf->fonts, &s, b->text, pdf_width(pdf), &pdf->scratch);
    float title = pdf_title_height(pdf, b->title, STR_NONE, pdf_width(pdf));
    float above = statement.count ? (float)statement.count * s.leading + 10 : 0;

    for (size_t k = 0; k < n; k++) {
        pdf_need_part(pdf, k == 0 ? title + above : 0, 96);
        if (k == 0) {
            pdf_title(pdf, b->title, STR_NONE, pdf_left(pdf), pdf->y, pdf_width(pdf));
            pdf->y += title;
            pdf_flow_lines(pdf, pdf_left(pdf), &s, statement);
            pdf->y += statement.count ? 10 : 0;
            pdf_need(pdf, 96);
        }
        draw_signer(pdf, &signers[k], 96);
        pdf->y += k + 1 < n ? 106 : 96;
    }
}

/* --- code ----------------------------------------------------------------------------------- */

#define CODE_PAD 8.0f

void pdf_code(struct pdf *pdf, const struct block *b)
{
    struct style s = {FACE_MONO, 7.4f, 10.6f, 0, pdf->theme->colours[COLOUR_TEXT]};
    const float x = pdf_left(pdf), w = pdf_width(pdf);
    float above = pdf_title_height(pdf, b->title, STR_NONE, w);
    struct lines lines = layout_lines(pdf->fonts, &s, b->text, w - 2 * CODE_PAD - 4, &pdf->scratch);
    size_t done = 0;

    while (done < lines.count) {
        size_t room;
        struct lines part;

        pdf_need(pdf, (done ? 0 : above) + 2 * CODE_PAD + 2 * s.leading);
        if (!done) {
            pdf_title(pdf, b->title, STR_NONE, x, pdf->y, w);
            pdf->y += above;
        }
        room = (size_t)((pdf_bottom(pdf) - pdf->y - 2 * CODE_PAD) / s.leading);
        part = (struct lines){lines.line + done,
                              lines.count - done < room ? lines.count - done : room};
        pdf_frame(pdf, x, pdf->y, w, (float)part.count * s.leading + 2 * CODE_PAD, 2,
                  pdf->theme->colours[COLOUR_PANEL], pdf->theme->colours[COLOUR_HAIRLINE], 0.5f);
        pdf_lines(pdf, x + CODE_PAD + 2, pdf->y + CODE_PAD, &s, part);
        pdf->y += (float)part.count * s.leading + 2 * CODE_PAD;
        done += part.count;
        if (done < lines.count)
            pdf_new_page(pdf);
    }
}
