/*
 * pdf: the report as a document to read, sign and file.
 */
#include "pdf.h"

#include "base/file.h"

/* --- sections ------------------------------------------------------------------------------- */

#define SHARE_OF_PAGE 0.5f /* so much must be free for a section to begin below another */
#define SECTION_GAP   44.0f

static void section_title(struct pdf *pdf, const struct section *s, float top)
{
    struct style title = pdf_style(pdf, TYPE_PAGE_TITLE, FACE_BOLD, COLOUR_INK);
    struct style number = {FACE_REGULAR, 9.4f, title.leading, 0, pdf->theme->colours[COLOUR_MUTED]};
    const float x = pdf_left(pdf);
    struct line n = layout_one_line(pdf->fonts, &number, s->number, 60, &pdf->scratch);
    struct lines lines =
        layout_lines(pdf->fonts, &title, s->title, pdf_width(pdf) - n.width - 16, &pdf->scratch);
    float h = pdf_lines(pdf, x, top, &title, lines);

    pdf_text_right(pdf, pdf_right(pdf), top + h - title.leading + 1.5f, &number, n);
    pdf_line(pdf, x, top + h + 3, pdf_right(pdf), top + h + 3, 0.8f,
             pdf->theme->colours[COLOUR_INK]);
    pdf->y = pdf->fresh_y = top + h + 14;
    pdf->last = NULL;
}

static str outline_title(struct pdf *pdf, const struct section *s)
{
    return str_join(&pdf->scratch, s->number, STR("  "), s->title);
}

/* A section of sentences: "no population", "not tested". Its height; 0 for one with anything in it.
 */
static float brief_height(const struct section *s)
{
    float h = 40;

    for (const struct block *b = s->blocks; b; b = b->next) {
        bool is_sentence = b->kind == BLOCK_TABLE && b->table->nrows == 0;

        if (!is_sentence && b->kind != BLOCK_TEXT && b->kind != BLOCK_SUBTITLE)
            return 0;
        h += 40 + 14 * (float)((b->text.len + b->title.len) / 90);
    }
    return h;
}

/* Most sections begin a page; a brief one, and one that leaves most of a page, go below the last.
 */
static void begin_section(struct pdf *pdf, const struct section *s, bool is_first)
{
    const float room = pdf_bottom(pdf) - pdf_top(pdf);
    float left = pdf_bottom(pdf) - pdf->y - SECTION_GAP, brief = brief_height(s);
    bool goes_below = !is_first && pdf->is_landscape == s->is_landscape &&
                      (left > room * SHARE_OF_PAGE || (brief > 0 && brief < left));
    float top;

    arena_reset(&pdf->scratch);
    if (goes_below) {
        top = pdf->y + SECTION_GAP;
    } else {
        pdf->is_landscape = s->is_landscape;
        pdf_new_page(pdf);
        top = s->is_landscape ? 53 : 67;
    }
    pdf_place_anchor(pdf, s->anchor, top);
    pdf_add_outline(pdf, outline_title(pdf, s), s, top);
    section_title(pdf, s, top);
}

static bool draw_sections(struct pdf *pdf, struct err *err)
{
    bool is_first = true;

    for (const struct section *s = pdf->report->sections; s; s = s->next) {
        if (!s->is_pdf)
            continue;
        begin_section(pdf, s, is_first);
        is_first = false;
        for (const struct block *b = s->blocks; b; b = b->next) {
            if (!pdf_block(pdf, b, err))
                return err_wrap(err, "section '%.*s'", STR_FMT(s->title));
        }
    }
    return true;
}

/* --- the renderer --------------------------------------------------------------------------- */

static bool render(const struct report *report, const struct theme *theme, struct arena *a,
                   const char *path, struct render_notes *notes, struct err *err)
{
    struct pdf pdf = {.report = report, .theme = theme, .a = a, .notes = notes};
    struct buf file = {0};
    bool ok = false;

    pdf.fonts = fonts_open(theme, a, err);
    if (!pdf.fonts)
        return err_wrap(err, "cannot draw the PDF");
    *notes = (struct render_notes){0};
    pdf_collect_anchors(&pdf);
    if (!pdf_cover(&pdf, err) || !draw_sections(&pdf, err))
        goto done;
    pdf_furnish(&pdf);
    if (!pdf_write(&pdf, &file, err) || !file_write(path, buf_str(&file), err))
        goto done;
    notes->pages = pdf.npages;
    notes->characters_not_shown = fonts_not_shown(pdf.fonts);
    notes->fonts = fonts_list(pdf.fonts, a);
    ok = true;
done:
    pdf_free_pages(&pdf);
    arena_free(&pdf.scratch);
    fonts_close(pdf.fonts);
    buf_free(&file);
    return ok || err_wrap(err, "cannot draw the PDF");
}

const struct renderer renderer_pdf = {
    .name = "pdf",
    .suffix = ".pdf",
    .media_type = "application/pdf",
    .render = render,
};
