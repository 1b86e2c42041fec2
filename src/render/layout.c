/*
 * layout: measuring and breaking lines.
 *
 * A line ends after a space or between CJK characters; inside a long token after one of / : . - _ ,
 * = ? & @ | ; else anywhere. A space is preferred when it leaves at least a third of the line
 * filled, a break in a token when it leaves nearly half.
 */
#include "layout.h"

#include "model/display.h"

#define LEAST_AT_SPACE (1.0f / 3.0f)
#define LEAST_IN_TOKEN 0.45f

/* --- units ---------------------------------------------------------------------------------- */

struct range {
    uint32_t from, to;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t cp)
{
    for (size_t k = 0; k < count && cp >= ranges[k].from; k++) {
        if (cp <= ranges[k].to)
            return true;
    }
    return false;
}
#define IS_IN(ranges, cp) is_in(ranges, sizeof ranges / sizeof ranges[0], cp)

/* Marks that stand on the letter before them. */
static bool is_combining(uint32_t cp)
{
    static const struct range marks[] = {{0x300, 0x36F},   {0x483, 0x489},   {0x1AB0, 0x1AFF},
                                         {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0x3099, 0x309A},
                                         {0xFE20, 0xFE2F}};

    return cp >= 0x300 && IS_IN(marks, cp);
}

/* Scripts whose letters change shape, move or stack: HarfBuzz places them. */
static bool is_complex(uint32_t cp)
{
    static const struct range scripts[] = {
        {0x590, 0x109F},    {0x135D, 0x135F},  {0x1700, 0x18AF}, {0x1A00, 0x1AAF},
        {0x1B00, 0x1C4F},   {0x1CD0, 0x1CFF},  {0xA800, 0xA8FF}, {0xA900, 0xAAFF},
        {0xABC0, 0xABFF},   {0xFB1D, 0xFDFF},  {0xFE70, 0xFEFC}, {0x10800, 0x10FFF},
        {0x11000, 0x11FFF}, {0x1E800, 0x1EEFF}};

    return cp >= 0x300 && (is_combining(cp) || IS_IN(scripts, cp));
}

bool layout_is_rtl(uint32_t cp)
{
    static const struct range scripts[] = {
        {0x590, 0x8FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFC}, {0x10800, 0x10FFF}, {0x1E800, 0x1EEFF}};

    return cp >= 0x590 && IS_IN(scripts, cp);
}

static bool next_is_combining(str text, size_t at)
{
    /* U+0300 and everything after it begins with 0xCC or more in UTF-8. */
    return at < text.len && (unsigned char)text.ptr[at] >= 0xCC &&
           is_combining(utf8_next(text, &at));
}

bool layout_next_unit(struct fonts *fonts, enum face face, str text, size_t *at, struct unit *out)
{
    *out = (struct unit){.from = *at};
    if (*at >= text.len)
        return false;
    out->cp = utf8_next(text, at);
    fonts_glyph(fonts, face, out->cp, &out->glyph);
    out->is_rtl = layout_is_rtl(out->cp);
    out->is_shaped = is_complex(out->cp) || next_is_combining(text, *at);
    while (out->is_shaped && *at < text.len) {
        size_t next = *at;
        uint32_t cp = utf8_next(text, &next);
        struct glyph g;

        if (!is_complex(cp) && !next_is_combining(text, next))
            break;
        if (!is_combining(cp) && layout_is_rtl(cp) != out->is_rtl)
            break;
        if (!fonts_glyph(fonts, face, cp, &g) || g.font != out->glyph.font)
            break;
        *at = next;
    }
    out->to = *at;
    return true;
}

/* --- pieces: what a line can be cut between ------------------------------------------------- */

enum cut { CUT_ANYWHERE, CUT_HUMP, CUT_TOKEN, CUT_SPACE, CUT_COUNT };

struct piece {
    uint32_t to;    /* byte behind it */
    uint32_t width; /* 1/1000 of the size */
    uint8_t cut;    /* how good it is to end a line behind it */
    bool is_space;
};

static bool is_cjk(uint32_t cp)
{
    static const struct range scripts[] = {{0x2E80, 0x312F},  {0x3190, 0x4DBF}, {0x4E00, 0x9FFF},
                                           {0xAC00, 0xD7AF},  {0xF900, 0xFAFF}, {0xFF00, 0xFFEF},
                                           {0x20000, 0x3FFFF}};

    return cp >= 0x2E80 && IS_IN(scripts, cp);
}

/* Closing marks that do not begin a line in Chinese and Japanese. */
static bool is_closing(uint32_t cp)
{
    static const uint32_t marks[] = {0x3001, 0x3002, 0x3009, 0x300B, 0x300D, 0x300F,
                                     0x3011, 0x3015, 0xFF01, 0xFF09, 0xFF0C, 0xFF0E,
                                     0xFF1A, 0xFF1B, 0xFF1F, 0x30FC};

    for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++) {
        if (cp == marks[k])
            return true;
    }
    return false;
}

static bool is_token_end(uint32_t cp)
{
    return cp < 0x80 && cp > 0x20 && strchr("/:.-_,=?&@|;", (int)cp);
}

static uint8_t cut_behind(uint32_t cp, str text, size_t at)
{
    uint32_t next = at < text.len ? utf8_next(text, &at) : 0;

    if (cp == ' ')
        return next == ' ' ? CUT_ANYWHERE : CUT_SPACE;
    if ((is_cjk(cp) || is_cjk(next)) && !is_closing(next) && !is_closing(cp))
        return CUT_SPACE;
    if (is_closing(cp) && !is_closing(next))
        return CUT_SPACE;
    if (is_token_end(cp) && !is_token_end(next))
        return CUT_TOKEN;
    /* RevokeSecurity|GroupEgress */
    if (cp >= 'a' && cp <= 'z' && next >= 'A' && next <= 'Z')
        return CUT_HUMP;
    return CUT_ANYWHERE;
}

/* A shaped unit is cut between its clusters only; their widths come from the shaped glyphs. */
static size_t shaped_pieces(struct fonts *fonts, const struct unit *u, str text, struct arena *a,
                            struct piece *out)
{
    str part = str_part(text, u->from, u->to);
    struct shaped *g;
    size_t n = fonts_shape(fonts, u->glyph.font, part, u->is_rtl, a, &g), count = 0;
    int32_t *width = arena_new(a, int32_t, part.len);
    bool *begins = arena_new(a, bool, part.len + 1);

    for (size_t k = 0; k < n; k++) {
        width[g[k].cluster] += g[k].advance;
        begins[g[k].cluster] = true;
    }
    begins[part.len] = true;
    for (size_t from = 0, to = 1; to <= part.len; to++) {
        if (!begins[to])
            continue;
        out[count++] =
            (struct piece){(uint32_t)(u->from + to), (uint32_t)(width[from] > 0 ? width[from] : 0),
                           CUT_ANYWHERE, false};
        from = to;
    }
    return count;
}

static size_t make_pieces(struct fonts *fonts, enum face face, str text, struct arena *a,
                          struct piece *out)
{
    size_t count = 0, at = 0;
    struct unit u;

    while (layout_next_unit(fonts, face, text, &at, &u)) {
        if (u.is_shaped) {
            count += shaped_pieces(fonts, &u, text, a, out + count);
            continue;
        }
        out[count++] = (struct piece){(uint32_t)u.to, u.glyph.width, cut_behind(u.cp, text, u.to),
                                      u.cp == ' '};
    }
    return count;
}

/* --- lines ---------------------------------------------------------------------------------- */

struct breaker {
    const struct style *style;
    float width;
    struct arena *a;
    struct lines *lines;
    size_t cap;
};

static float piece_width(const struct style *s, const struct piece *p)
{
    return (float)p->width * s->size / 1000 + s->tracking;
}

static void add_line(struct breaker *b, str text, float width)
{
    struct lines *l = b->lines;

    if (l->count == b->cap) {
        struct line *old = l->line;

        b->cap = b->cap ? b->cap * 2 : 4;
        l->line = arena_new(b->a, struct line, b->cap);
        if (l->count)
            memcpy(l->line, old, l->count * sizeof *old);
    }
    l->line[l->count++] = (struct line){text, width};
}

/* Width of pieces[from..] up to the next cut that is at least as good as `cut`; spaces count
 * nothing. */
static float width_to_cut(const struct breaker *b, const struct piece *pieces, size_t from,
                          size_t n, uint8_t cut)
{
    float sum = 0;

    for (size_t k = from; k < n; k++) {
        if (!pieces[k].is_space)
            sum += piece_width(b->style, &pieces[k]);
        if (sum > b->width || pieces[k].cut >= cut)
            break;
    }
    return sum;
}

/* How many of pieces[from..n) fit on one line, at least one. */
static size_t fit_pieces(const struct breaker *b, const struct piece *pieces, size_t from, size_t n)
{
    size_t last[CUT_COUNT] = {0}; /* piece behind the last cut of each kind */
    float filled[CUT_COUNT] = {0}, sum = 0;

    for (size_t k = from; k < n; k++) {
        float w = piece_width(b->style, &pieces[k]);

        if (sum + w > b->width + 0.01f && !pieces[k].is_space && k > from) {
            size_t space = last[CUT_SPACE], token = last[CUT_TOKEN];

            if (space && filled[CUT_SPACE] >= b->width * LEAST_AT_SPACE)
                return space - from;
            if (token && filled[CUT_TOKEN] >= b->width * LEAST_IN_TOKEN)
                return token - from;
            /* Early, but then the rest of the word stays whole. */
            if (space && width_to_cut(b, pieces, space, n, CUT_SPACE) <= b->width)
                return space - from;
            if (token && width_to_cut(b, pieces, token, n, CUT_TOKEN) <= b->width)
                return token - from;
            if (last[CUT_HUMP] && filled[CUT_HUMP] >= b->width * LEAST_IN_TOKEN)
                return last[CUT_HUMP] - from;
            return k - from;
        }
        sum += w;
        last[pieces[k].cut] = k + 1;
        filled[pieces[k].cut] = sum;
    }
    return n - from;
}

static void break_paragraph(struct breaker *b, struct fonts *fonts, str text)
{
    struct piece *pieces = arena_new(b->a, struct piece, text.len + 1);
    size_t n = make_pieces(fonts, b->style->face, text, b->a, pieces), from = 0;
    size_t first_byte = 0;

    if (n == 0)
        add_line(b, STR(""), 0);
    while (from < n) {
        size_t take = fit_pieces(b, pieces, from, n), shown = take;
        float width = 0;

        /* Spaces at a break are not drawn; at the end of the text they count for nothing either. */
        while (shown > 1 && pieces[from + shown - 1].is_space)
            shown--;
        for (size_t k = 0; k < shown; k++)
            width += piece_width(b->style, &pieces[from + k]);
        add_line(b, str_part(text, first_byte, pieces[from + shown - 1].to), width);
        from += take;
        first_byte = pieces[from - 1].to;
    }
}

struct lines layout_lines(struct fonts *fonts, const struct style *style, str raw, float width,
                          struct arena *a)
{
    struct lines lines = {0};
    struct breaker b = {style, width, a, &lines, 0};
    str rest = fonts_text(fonts, style->face, raw, a);

    while (rest.len)
        break_paragraph(&b, fonts, str_cut(&rest, '\n'));
    return lines;
}

struct lines layout_few_lines(struct fonts *fonts, const struct style *style, str raw, float width,
                              size_t most, struct arena *a)
{
    struct lines lines = layout_lines(fonts, style, raw, width, a);
    struct line *last;
    str text;

    if (lines.count <= most)
        return lines;
    lines.count = most;
    last = &lines.line[most - 1];
    text = last->text;
    do {
        *last = layout_line(fonts, style, str_print(a, "%.*s…", STR_FMT(text)), a);
        while (text.len && ((unsigned char)text.ptr[text.len - 1] & 0xC0) == 0x80)
            text.len--;
        text.len -= text.len > 0;
    } while (last->width > width && text.len);
    return lines;
}

struct line layout_one_line(struct fonts *fonts, const struct style *style, str raw, float width,
                            struct arena *a)
{
    struct lines lines = layout_few_lines(fonts, style, raw, width, 1, a);

    return lines.count ? lines.line[0] : (struct line){STR(""), 0};
}

struct line layout_line(struct fonts *fonts, const struct style *style, str raw, struct arena *a)
{
    str text = fonts_text(fonts, style->face, raw, a);
    struct lines lines = {0};
    struct breaker b = {style, 1e9f, a, &lines, 0};

    if (str_find_char(text, '\n') != SIZE_MAX) {
        char *copy = str_z(a, text);

        for (size_t k = 0; k < text.len; k++)
            copy[k] = copy[k] == '\n' ? ' ' : copy[k];
        text.ptr = copy;
    }
    break_paragraph(&b, fonts, text);
    return lines.line[0];
}

float layout_longest_word(struct fonts *fonts, const struct style *style, str raw, float most,
                          struct arena *a)
{
    str text = fonts_text(fonts, style->face, raw, a);
    struct piece *pieces = arena_new(a, struct piece, text.len + 1);
    size_t n = make_pieces(fonts, style->face, text, a, pieces);
    float longest = 0, word = 0, part = 0, longest_part = 0;

    for (size_t k = 0; k < n; k++) {
        if (!pieces[k].is_space) {
            word += piece_width(style, &pieces[k]);
            part += piece_width(style, &pieces[k]);
        }
        longest_part = part > longest_part ? part : longest_part;
        if (pieces[k].cut >= CUT_TOKEN)
            part = 0;
        if (pieces[k].cut == CUT_SPACE || k + 1 == n) {
            float enough = longest_part > most * 0.65f ? longest_part : most * 0.65f;
            float w = word <= most ? word : enough;

            longest = w > longest ? w : longest;
            word = longest_part = 0;
        }
    }
    return longest < most ? longest : most;
}
