/*
 * xlsx_style: what cells look like, as one table.
 *
 * Arial throughout, navy heads, hairlines instead of grids (rendering.md 4 and 6). A state is a
 * word in the cell, so that it can be filtered, with a shape put before it by the number format and
 * a colour: neither ever stands alone.
 */
#include "render/xlsx.h"

/* The shape of a mark, as a number format for text: the cell holds the word alone. */
static const char *const shapes[] = {
    [MARK_NONE] = "@",
    [MARK_CRITICAL] = "\"\u25B2 \"@",
    [MARK_HIGH] = "\"\u25C6 \"@",
    [MARK_MEDIUM] = "\"\u25A0 \"@",
    [MARK_LOW] = "\"\u25CF \"@",
    [MARK_INFO] = "\"\u25CB \"@",
    [MARK_CLEAR] = "\"\u2713 \"@",
    [MARK_DASH] = "\"\u2013 \"@",
    [MARK_PARTIAL] = "\"\u25D0 \"@",
};

enum { BOLD = 1, ITALIC = 2, WRAP = 4, OPEN = 8, MONO = 16, RIGHT = 32, MIDDLE = 64, INDENT = 128 };
enum { NONE = -1 };

struct look {
    double size;
    int colour, fill, bottom; /* enum colour; bottom: of the line below */
    const char *num_format;
    unsigned flags;
};

/* clang-format off */
static const struct look looks[STYLE_FIRST_MARK] = {
    [STYLE_HEAD]       = {9,  COLOUR_ON_NAVY,      COLOUR_NAVY,  NONE,            NULL, BOLD | WRAP | MIDDLE},
    [STYLE_HEAD_RIGHT] = {9,  COLOUR_ON_NAVY,      COLOUR_NAVY,  NONE,            NULL, BOLD | WRAP | MIDDLE | RIGHT},
    [STYLE_TEXT]       = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "@",  0},
    [STYLE_WRAP]       = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "@",  WRAP},
    [STYLE_BOLD]       = {10, COLOUR_INK,          NONE,         COLOUR_RULE,     "@",  BOLD | WRAP},
    [STYLE_KEY]        = {10, COLOUR_INK,          NONE,         COLOUR_RULE,     "@",  BOLD},
    [STYLE_ID]         = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "@",  0},
    [STYLE_TIME]       = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "yyyy-mm-dd hh:mm:ss", 0},
    [STYLE_COUNT]      = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "#,##0", RIGHT},
    [STYLE_PERCENT]    = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "0.0%", RIGHT},
    [STYLE_DURATION]   = {10, COLOUR_TEXT,         NONE,         COLOUR_RULE,     "[h]:mm:ss", RIGHT},
    [STYLE_HASH]       = {9,  COLOUR_MUTED,        NONE,         COLOUR_RULE,     "@",  MONO},
    [STYLE_INPUT]      = {10, COLOUR_INK,          COLOUR_INPUT, COLOUR_RULE,     "@",  WRAP | OPEN},
    [STYLE_EMPTY]      = {10, COLOUR_MUTED,        NONE,         NONE,            "@",  ITALIC},
    [STYLE_BAND_TITLE] = {18, COLOUR_ON_NAVY,      COLOUR_NAVY,  NONE,            "@",  BOLD | MIDDLE | INDENT},
    [STYLE_BAND_TEXT]  = {10, COLOUR_ON_NAVY_SOFT, COLOUR_NAVY,  NONE,            "@",  MIDDLE | INDENT},
    [STYLE_SECTION]    = {14, COLOUR_INK,          NONE,         COLOUR_INK,      "@",  BOLD | MIDDLE},
    [STYLE_BLOCK]      = {11, COLOUR_INK,          NONE,         NONE,            "@",  BOLD},
    [STYLE_BODY]       = {10, COLOUR_TEXT,         NONE,         NONE,            "@",  WRAP},
    [STYLE_NOTE]       = {9,  COLOUR_FAINT,        NONE,         NONE,            "@",  WRAP},
    [STYLE_LABEL]      = {10, COLOUR_MUTED,        NONE,         COLOUR_HAIRLINE, "@",  WRAP},
    [STYLE_VALUE]      = {10, COLOUR_TEXT,         NONE,         COLOUR_HAIRLINE, "@",  WRAP},
    [STYLE_MONO]       = {9,  COLOUR_TEXT,         NONE,         COLOUR_HAIRLINE, "@",  WRAP | MONO},
    [STYLE_LINK]       = {10, COLOUR_LINK,         NONE,         COLOUR_HAIRLINE, "@",  0},
    [STYLE_ROWS]       = {10, COLOUR_TEXT,         NONE,         COLOUR_HAIRLINE, "#,##0", RIGHT},
    [STYLE_SMALL_HEAD] = {8,  COLOUR_MUTED,        NONE,         COLOUR_RULE,     "@",  BOLD},
    [STYLE_SMALL_RIGHT] = {8, COLOUR_MUTED,        NONE,         COLOUR_RULE,     "@",  BOLD | RIGHT},
    [STYLE_TILE_LABEL] = {8,  COLOUR_MUTED,        COLOUR_PANEL, NONE,            "@",  BOLD | WRAP | MIDDLE | INDENT},
    [STYLE_TILE_NOTE]  = {9,  COLOUR_MUTED,        COLOUR_PANEL, NONE,            "@",  WRAP | INDENT},
};
/* clang-format on */

enum style xlsx_mark_style(enum mark m)
{
    return (enum style)(STYLE_FIRST_MARK + (int)m);
}

enum style xlsx_tile_style(enum mark m)
{
    return (enum style)(STYLE_FIRST_TILE + (int)m);
}

enum style xlsx_banner_style(enum mark m)
{
    return (enum style)(STYLE_FIRST_BANNER + (int)m);
}

static lxw_format *format_of(struct book *b, const struct look *k)
{
    const uint32_t *colours = b->theme->colours;
    lxw_format *f = workbook_add_format(b->wb);

    format_set_font_name(f, k->flags & MONO ? "Courier New" : "Arial");
    format_set_font_size(f, k->size);
    format_set_font_color(f, colours[k->colour]);
    if (k->num_format)
        format_set_num_format(f, k->num_format);
    if (k->flags & BOLD)
        format_set_bold(f);
    if (k->flags & ITALIC)
        format_set_italic(f);
    if (k->flags & WRAP)
        format_set_text_wrap(f);
    if (k->flags & OPEN)
        format_set_unlocked(f);
    if (k->flags & INDENT)
        format_set_indent(f, 1);
    format_set_align(f, k->flags & MIDDLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
    /* Said, not left to the program: it would put dates and right-to-left texts on the right. */
    format_set_align(f, k->flags & RIGHT ? LXW_ALIGN_RIGHT : LXW_ALIGN_LEFT);
    if (k->fill != NONE)
        format_set_bg_color(f, colours[k->fill]);
    if (k->bottom != NONE) {
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_bottom_color(f, colours[k->bottom]);
    }
    return f;
}

/* A cell with the word of a state, the value of a tile, a banner. */
static void marks_make(struct book *b, enum mark m)
{
    static const struct look cell = {10, COLOUR_TEXT, NONE, COLOUR_RULE, NULL, WRAP};
    static const struct look tile = {18,   COLOUR_INK, COLOUR_PANEL,
                                     NONE, "@",        BOLD | MIDDLE | INDENT};
    static const struct look banner = {11,   COLOUR_TEXT, COLOUR_PANEL,
                                       NONE, NULL,        BOLD | WRAP | MIDDLE | INDENT};
    struct mark_look colours = theme_mark(b->theme, m);
    lxw_format *f[] = {format_of(b, &cell), format_of(b, &tile), format_of(b, &banner)};

    format_set_left(f[1], LXW_BORDER_THICK);
    format_set_left_color(f[1], colours.solid);
    for (int i = 0; i < 3; i += 2) {
        format_set_num_format(f[i], shapes[m]);
        if (m == MARK_NONE)
            continue;
        format_set_font_color(f[i], colours.text);
        format_set_bg_color(f[i], colours.ground);
    }
    b->formats[xlsx_mark_style(m)] = f[0];
    b->formats[xlsx_tile_style(m)] = f[1];
    b->formats[xlsx_banner_style(m)] = f[2];
}

void xlsx_styles_make(struct book *b)
{
    for (int s = 0; s < STYLE_FIRST_MARK; s++)
        b->formats[s] = format_of(b, &looks[s]);
    for (int m = MARK_NONE; m <= MARK_PARTIAL; m++)
        marks_make(b, (enum mark)m);
}
