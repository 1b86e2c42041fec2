/*
 * pdf_mark: the shapes of severities and outcomes, and chips: a shape and its word on a ground.
 *
 * Most copies are printed grey and many readers cannot tell red from orange: the shape and the word
 * say the same as the colour.
 */
#include "pdf.h"

static void tick(struct pdf *pdf, float cx, float cy, float size, uint32_t colour)
{
    const float r = size / 2;
    const float xy[] = {cx - r, cy, cx - r * 0.25f, cy + r * 0.75f, cx + r, cy - r * 0.7f};

    pdf_polyline(pdf, xy, 3, size * 0.24f, colour);
}

void pdf_mark(struct pdf *pdf, enum mark mark, float cx, float cy, float size, uint32_t colour)
{
    const float r = size / 2;
    const float triangle[] = {
        cx, cy - r, cx + r * 1.05f, cy + r * 0.85f, cx - r * 1.05f, cy + r * 0.85f};
    const float diamond[] = {cx, cy - r * 1.15f, cx + r * 1.15f, cy,
                             cx, cy + r * 1.15f, cx - r * 1.15f, cy};

    switch (mark) {
    case MARK_CRITICAL:
        pdf_polygon(pdf, triangle, 3, colour);
        break;
    case MARK_HIGH:
        pdf_polygon(pdf, diamond, 4, colour);
        break;
    case MARK_MEDIUM:
        pdf_rect(pdf, cx - r * 0.85f, cy - r * 0.85f, r * 1.7f, r * 1.7f, colour);
        break;
    case MARK_LOW:
        pdf_circle(pdf, cx, cy, r * 0.9f, colour);
        break;
    case MARK_INFO:
        pdf_ring(pdf, cx, cy, r * 0.75f, size * 0.2f, colour);
        break;
    case MARK_CLEAR:
        tick(pdf, cx, cy, size, colour);
        break;
    case MARK_DASH:
        pdf_rect(pdf, cx - r, cy - size * 0.11f, size, size * 0.22f, colour);
        break;
    case MARK_PARTIAL:
        pdf_ring(pdf, cx, cy, r * 0.8f, size * 0.16f, colour);
        pdf_sector(pdf, cx, cy, 0, r * 0.8f, 0, 0.5f, colour);
        break;
    case MARK_NONE:
        break;
    }
}

str pdf_mark_word(enum mark mark)
{
    switch (mark) {
    case MARK_CRITICAL:
        return str_from(severity_name(SEVERITY_CRITICAL));
    case MARK_HIGH:
        return str_from(severity_name(SEVERITY_HIGH));
    case MARK_MEDIUM:
        return str_from(severity_name(SEVERITY_MEDIUM));
    case MARK_LOW:
        return str_from(severity_name(SEVERITY_LOW));
    case MARK_INFO:
        return str_from(severity_name(SEVERITY_INFO));
    case MARK_CLEAR:
        return str_from(result_words(RESULT_NO_EXCEPTIONS));
    case MARK_DASH:
        return str_from(result_words(RESULT_NOT_TESTED));
    case MARK_PARTIAL:
        return str_from(result_words(RESULT_PARTIAL));
    case MARK_NONE:
        break;
    }
    return STR_NONE;
}

enum mark pdf_mark_of_word(str word)
{
    for (int mark = MARK_CRITICAL; mark <= MARK_PARTIAL; mark++) {
        if (str_eq_nocase(pdf_mark_word((enum mark)mark), word))
            return (enum mark)mark;
    }
    return MARK_NONE;
}

#define CHIP_PAD  5.5f
#define CHIP_MARK 5.2f

static struct style chip_style(const struct pdf *pdf, enum mark mark)
{
    return (struct style){FACE_BOLD, 6.8f, PDF_CHIP_HEIGHT, 0, theme_mark(pdf->theme, mark).text};
}

/* "critical" -> "Critical" */
static str sentence_case(struct pdf *pdf, str word)
{
    char *copy = str_z(&pdf->scratch, word);

    if (word.len && copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    return (str){copy, word.len};
}

static float mark_room(enum mark mark, str word)
{
    return mark == MARK_NONE ? 0 : CHIP_MARK + (word.len ? 3 : 0);
}

float pdf_chip_width(struct pdf *pdf, enum mark mark, str word)
{
    struct style s = chip_style(pdf, mark);

    return 2 * CHIP_PAD + mark_room(mark, word) +
           layout_line(pdf->fonts, &s, sentence_case(pdf, word), &pdf->scratch).width;
}

void pdf_chip(struct pdf *pdf, enum mark mark, str word, float x, float top)
{
    struct style s = chip_style(pdf, mark);
    struct mark_look look = theme_mark(pdf->theme, mark);
    struct line line = layout_line(pdf->fonts, &s, sentence_case(pdf, word), &pdf->scratch);
    float w = 2 * CHIP_PAD + mark_room(mark, word) + line.width;

    pdf_frame(pdf, x, top, w, PDF_CHIP_HEIGHT, PDF_CHIP_HEIGHT / 2, look.ground, PDF_NO_COLOUR, 0);
    pdf_mark(pdf, mark, x + CHIP_PAD + CHIP_MARK / 2, top + PDF_CHIP_HEIGHT / 2, CHIP_MARK,
             look.text);
    pdf_text(pdf, x + CHIP_PAD + mark_room(mark, word), top, &s, line);
}
