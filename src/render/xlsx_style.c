/*
 * xlsx_style: what cells look like, as one table.
 *
 * Arial throughout, navy heads, hairlines instead of grids (rendering.md 4 and 6). A state is a
 * word in the cell, so that it can be filtered, with a shape put before it by the number format and
 * a colour: neither ever stands alone.
 */
#include "render/xlsx.h"

#define NO_COLOUR UINT32_MAX

static const struct {
    const char *name;
    uint32_t rgb;
} colours[] = {
    {"ink", 0x0F172A},      {"text", 0x1E293B},     {"muted", 0x475569},    {"faint", 0x64748B},
    {"rule", 0xCBD5E1},     {"hairline", 0xE2E8F0}, {"panel", 0xF8FAFC},    {"navy", 0x0B2A4A},
    {"link", 0x1D4ED8},     {"teal", 0x0F766E},     {"white", 0xFFFFFF},    {"band-text", 0xDBEAFE},
    {"input", 0xFFFBEB},    {"series-1", 0x6B8FD4}, {"series-2", 0xB45309}, {"series-3", 0x9F1239},
    {"series-4", 0x0F766E}, {"series-5", 0x64748B}, {"critical", 0x9F1239}, {"high", 0xD9660A},
    {"medium", 0xC77800},   {"low", 0x2563EB},      {"info", 0x64748B},     {"clear", 0x16A34A},
    {"dash", 0x64748B},     {"partial", 0xC77800},
};

uint32_t xlsx_colour(const char *name)
{
    for (size_t i = 0; name && i < sizeof colours / sizeof *colours; i++) {
        if (strcmp(name, colours[i].name) == 0)
            return colours[i].rgb;
    }
    return name && strcmp(name, "series-1") != 0 ? xlsx_colour("series-1") : 0x6B8FD4;
}

/* Text and ground of a state, its solid colour, and its shape as a number format for text: the cell
 * holds the word alone. */
static const struct {
    uint32_t text, ground, solid;
    const char *shape;
} marks[] = {
    [MARK_NONE] = {0x1E293B, NO_COLOUR, 0xCBD5E1, "@"},
    [MARK_CRITICAL] = {0x9F1239, 0xFFE4E6, 0x9F1239, "\"\u25B2 \"@"},
    [MARK_HIGH] = {0x9A3412, 0xFFEDD5, 0xD9660A, "\"\u25C6 \"@"},
    [MARK_MEDIUM] = {0x854D0E, 0xFEF9C3, 0xC77800, "\"\u25A0 \"@"},
    [MARK_LOW] = {0x1E40AF, 0xDBEAFE, 0x2563EB, "\"\u25CF \"@"},
    [MARK_INFO] = {0x475569, 0xF1F5F9, 0x64748B, "\"\u25CB \"@"},
    [MARK_CLEAR] = {0x166534, 0xDCFCE7, 0x16A34A, "\"\u2713 \"@"},
    [MARK_DASH] = {0x475569, 0xF1F5F9, 0x64748B, "\"\u2013 \"@"},
    [MARK_PARTIAL] = {0x854D0E, 0xFEF9C3, 0xC77800, "\"\u25D0 \"@"},
};

struct look {
    double size;
    const char *colour, *fill; /* NULL: none */
    const char *num_format;
    bool is_bold, is_italic, is_wrapped, is_unlocked, is_mono, is_right, is_middle, is_indented;
    const char *bottom; /* colour of the line below; NULL: none */
};

static const struct look looks[STYLE_FIRST_MARK] = {
    [STYLE_HEAD] = {9, "white", "navy", NULL, .is_bold = true, .is_wrapped = true,
                    .is_middle = true},
    [STYLE_HEAD_RIGHT] = {9, "white", "navy", NULL, .is_bold = true, .is_wrapped = true,
                          .is_middle = true, .is_right = true},
    [STYLE_TEXT] = {10, "text", NULL, "@", .bottom = "rule"},
    [STYLE_WRAP] = {10, "text", NULL, "@", .is_wrapped = true, .bottom = "rule"},
    [STYLE_BOLD] = {10, "ink", NULL, "@", .is_bold = true, .is_wrapped = true, .bottom = "rule"},
    [STYLE_KEY] = {10, "ink", NULL, "@", .is_bold = true, .bottom = "rule"},
    [STYLE_ID] = {10, "text", NULL, "@", .bottom = "rule"},
    [STYLE_TIME] = {10, "text", NULL, "yyyy-mm-dd hh:mm:ss", .bottom = "rule"},
    [STYLE_COUNT] = {10, "text", NULL, "#,##0", .is_right = true, .bottom = "rule"},
    [STYLE_PERCENT] = {10, "text", NULL, "0.0%", .is_right = true, .bottom = "rule"},
    [STYLE_DURATION] = {10, "text", NULL, "[h]:mm:ss", .is_right = true, .bottom = "rule"},
    [STYLE_HASH] = {9, "muted", NULL, "@", .is_mono = true, .bottom = "rule"},
    [STYLE_INPUT] = {10, "ink", "input", "@", .is_wrapped = true, .is_unlocked = true,
                     .bottom = "rule"},
    [STYLE_EMPTY] = {10, "muted", NULL, "@", .is_italic = true},
    [STYLE_BAND_TITLE] = {18, "white", "navy", "@", .is_bold = true, .is_middle = true,
                          .is_indented = true},
    [STYLE_BAND_TEXT] = {10, "band-text", "navy", "@", .is_middle = true, .is_indented = true},
    [STYLE_SECTION] = {14, "ink", NULL, "@", .is_bold = true, .bottom = "ink", .is_middle = true},
    [STYLE_BLOCK] = {11, "ink", NULL, "@", .is_bold = true},
    [STYLE_BODY] = {10, "text", NULL, "@", .is_wrapped = true},
    [STYLE_NOTE] = {9, "faint", NULL, "@", .is_wrapped = true},
    [STYLE_LABEL] = {10, "muted", NULL, "@", .is_wrapped = true, .bottom = "hairline"},
    [STYLE_VALUE] = {10, "text", NULL, "@", .is_wrapped = true, .bottom = "hairline"},
    [STYLE_MONO] = {9, "text", NULL, "@", .is_wrapped = true, .is_mono = true,
                    .bottom = "hairline"},
    [STYLE_LINK] = {10, "link", NULL, "@", .bottom = "hairline"},
    [STYLE_ROWS] = {10, "text", NULL, "#,##0", .is_right = true, .bottom = "hairline"},
    [STYLE_SMALL_HEAD] = {8, "muted", NULL, "@", .is_bold = true, .bottom = "rule"},
    [STYLE_TILE_LABEL] = {8, "muted", "panel", "@", .is_bold = true, .is_wrapped = true,
                          .is_middle = true, .is_indented = true},
    [STYLE_TILE_NOTE] = {9, "muted", "panel", "@", .is_wrapped = true, .is_indented = true},
};

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

static lxw_format *format_new(struct book *b, const char *font, double size, uint32_t colour)
{
    lxw_format *f = workbook_add_format(b->wb);

    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_font_color(f, colour);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static void line_below(lxw_format *f, uint32_t colour)
{
    format_set_bottom(f, LXW_BORDER_THIN);
    format_set_bottom_color(f, colour);
}

static lxw_format *format_of(struct book *b, const struct look *k)
{
    lxw_format *f =
        format_new(b, k->is_mono ? "Courier New" : "Arial", k->size, xlsx_colour(k->colour));

    if (k->is_bold)
        format_set_bold(f);
    if (k->is_italic)
        format_set_italic(f);
    if (k->is_wrapped)
        format_set_text_wrap(f);
    if (k->is_unlocked)
        format_set_unlocked(f);
    /* Said, not left to the program: it would put dates and right-to-left texts on the right. */
    format_set_align(f, k->is_right ? LXW_ALIGN_RIGHT : LXW_ALIGN_LEFT);
    if (k->is_indented)
        format_set_indent(f, 1);
    if (k->is_middle)
        format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (k->fill)
        format_set_bg_color(f, xlsx_colour(k->fill));
    if (k->num_format)
        format_set_num_format(f, k->num_format);
    if (k->bottom)
        line_below(f, xlsx_colour(k->bottom));
    return f;
}

static void marks_make(struct book *b, enum mark m)
{
    lxw_format *cell = format_new(b, "Arial", 10, marks[m].text);
    lxw_format *tile = format_new(b, "Arial", 18, xlsx_colour("ink"));
    lxw_format *banner = format_new(b, "Arial", 11, marks[m].text);

    format_set_num_format(cell, marks[m].shape);
    line_below(cell, xlsx_colour("rule"));
    format_set_num_format(tile, "@");
    format_set_bold(tile);
    format_set_bg_color(tile, xlsx_colour("panel"));
    format_set_left(tile, LXW_BORDER_THICK);
    format_set_left_color(tile, marks[m].solid);
    format_set_align(tile, LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(tile, LXW_ALIGN_LEFT);
    format_set_indent(tile, 1);
    format_set_num_format(banner, marks[m].shape);
    format_set_bold(banner);
    format_set_text_wrap(banner);
    format_set_align(banner, LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(banner, LXW_ALIGN_LEFT);
    format_set_indent(banner, 1);
    if (marks[m].ground != NO_COLOUR) {
        format_set_bg_color(cell, marks[m].ground);
        format_set_bg_color(banner, marks[m].ground);
    } else {
        format_set_bg_color(banner, xlsx_colour("panel"));
    }
    b->formats[xlsx_mark_style(m)] = cell;
    b->formats[xlsx_tile_style(m)] = tile;
    b->formats[xlsx_banner_style(m)] = banner;
}

void xlsx_styles_make(struct book *b)
{
    for (int s = 0; s < STYLE_FIRST_MARK; s++)
        b->formats[s] = format_of(b, &looks[s]);
    for (int m = MARK_NONE; m <= MARK_PARTIAL; m++)
        marks_make(b, (enum mark)m);
}
