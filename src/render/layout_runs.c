/*
 * layout_runs: a line of text into glyphs from left to right.
 *
 * A line always reads left to right as a whole: names and log text stand in cells beside English
 * words. Inside it Hebrew and Arabic run from right to left with numbers kept as they are, by the
 * rules of the Unicode bidirectional algorithm (UAX 9) that matter without explicit controls; those
 * are shown as code points long before they get here.
 */
#include "layout.h"

#include "model/display.h"

enum bidi { BIDI_L, BIDI_R, BIDI_NUMBER, BIDI_NUMBER_SIGN, BIDI_NEUTRAL };

struct bidi_unit {
    struct unit unit;
    uint8_t bidi;
    uint8_t level;
};

static enum bidi bidi_class(uint32_t cp)
{
    if (layout_is_rtl(cp))
        return (cp >= 0x660 && cp <= 0x669) || (cp >= 0x6F0 && cp <= 0x6F9) ? BIDI_NUMBER : BIDI_R;
    if (cp >= '0' && cp <= '9')
        return BIDI_NUMBER;
    if (cp < 0x80 && cp > 0x20 && strchr("+-,.:/#$%", (int)cp))
        return BIDI_NUMBER_SIGN;
    if ((cp < 'A' || (cp > 'Z' && cp < 'a') || (cp > 'z' && cp < 0xAA)) ||
        (cp > 0xAA && cp < 0xC0 && cp != 0xB5 && cp != 0xBA) || cp == 0xD7 || cp == 0xF7)
        return BIDI_NEUTRAL;
    if ((cp >= 0x2000 && cp <= 0x206F) || (cp >= 0x2190 && cp <= 0x2BFF) ||
        (cp >= 0x3000 && cp <= 0x303F) || (cp >= 0x1F000 && cp <= 0x1FAFF))
        return BIDI_NEUTRAL;
    return BIDI_L;
}

/* W4, W5, W7: signs inside a number belong to it; a number after Latin letters is as good as Latin.
 */
static void resolve_numbers(struct bidi_unit *u, size_t n)
{
    uint8_t strong = BIDI_L;

    for (size_t k = 0; k < n; k++) {
        if (u[k].bidi == BIDI_NUMBER_SIGN) {
            bool is_behind =
                k > 0 && u[k - 1].unit.cp < 0x10000 && bidi_class(u[k - 1].unit.cp) == BIDI_NUMBER;
            bool is_before = k + 1 < n && u[k + 1].bidi == BIDI_NUMBER;
            bool is_terminator = strchr("#$%", (int)u[k].unit.cp) != NULL;

            u[k].bidi = (is_terminator ? is_behind || is_before : is_behind && is_before)
                            ? BIDI_NUMBER
                            : BIDI_NEUTRAL;
        }
        if (u[k].bidi == BIDI_L || u[k].bidi == BIDI_R)
            strong = u[k].bidi;
        else if (u[k].bidi == BIDI_NUMBER && strong == BIDI_L)
            u[k].bidi = BIDI_L;
    }
}

static uint32_t mirror(uint32_t cp)
{
    static const char pairs[] = "()[]{}<>";
    const char *at = cp && cp < 0x80 ? strchr(pairs, (int)cp) : NULL;

    if (at)
        return (uint32_t)pairs[(at - pairs) ^ 1];
    return cp == 0xAB ? 0xBB : cp == 0xBB ? 0xAB : cp;
}

static bool is_opening(uint32_t cp)
{
    return cp == '(' || cp == '[' || cp == '{';
}

/* N0: a pair of brackets around right-to-left text that follows right-to-left text goes with it. */
static void resolve_brackets(struct bidi_unit *u, size_t n)
{
    uint8_t strong = BIDI_L;

    for (size_t k = 0; k < n; k++) {
        bool has_r = false, has_l = false;
        size_t end = k + 1;

        if (u[k].bidi == BIDI_L || u[k].bidi == BIDI_R)
            strong = u[k].bidi;
        if (u[k].bidi != BIDI_NEUTRAL || strong != BIDI_R || !is_opening(u[k].unit.cp))
            continue;
        while (end < n && u[end].unit.cp != mirror(u[k].unit.cp)) {
            has_r |= u[end].bidi == BIDI_R || u[end].bidi == BIDI_NUMBER;
            has_l |= u[end].bidi == BIDI_L;
            end++;
        }
        if (end < n && has_r && !has_l)
            u[k].bidi = u[end].bidi = BIDI_R;
    }
}

/* N1, N2: what stands between right-to-left neighbours goes their way, all else is left to right.
 */
static void resolve_neutrals(struct bidi_unit *u, size_t n)
{
    for (size_t k = 0; k < n;) {
        size_t end = k;

        while (end < n && u[end].bidi == BIDI_NEUTRAL)
            end++;
        if (end > k) {
            bool is_r = k > 0 && u[k - 1].bidi != BIDI_L && end < n && u[end].bidi != BIDI_L;

            for (; k < end; k++)
                u[k].bidi = is_r ? BIDI_R : BIDI_L;
        } else {
            k++;
        }
    }
    for (size_t k = 0; k < n; k++)
        u[k].level = u[k].bidi == BIDI_R ? 1 : u[k].bidi == BIDI_NUMBER ? 2 : 0;
}

static void reverse_runs(struct bidi_unit *u, size_t n, uint8_t level)
{
    for (size_t k = 0; k < n;) {
        size_t end = k;

        while (end < n && u[end].level >= level)
            end++;
        for (size_t left = k, right = end; left + 1 < right; left++) {
            struct bidi_unit swap = u[left];

            u[left] = u[--right];
            u[right] = swap;
        }
        k = end > k ? end : k + 1;
    }
}

struct drawing {
    struct drawn *glyphs;
    size_t count, cap;
    int pending; /* owed to the next glyph, 1/1000 */
    struct arena *a;
};

static void add_glyph(struct drawing *d, struct drawn g)
{
    if (d->count == d->cap) {
        struct drawn *old = d->glyphs;

        d->cap = d->cap * 2 + 16;
        d->glyphs = arena_new(d->a, struct drawn, d->cap);
        if (d->count)
            memcpy(d->glyphs, old, d->count * sizeof *old);
    }
    g.adjust = (int16_t)(g.adjust + d->pending);
    d->pending = 0;
    d->glyphs[d->count++] = g;
}

static void draw_unit(struct drawing *d, struct fonts *fonts, str text, const struct bidi_unit *b)
{
    const struct unit *u = &b->unit;
    struct shaped *shaped;
    size_t n;

    /* A bracket in right-to-left text is drawn as its mirror image and copied as itself. */
    if (!u->is_shaped && (b->level != 1 || mirror(u->cp) == u->cp)) {
        add_glyph(d, (struct drawn){u->glyph.cid, u->glyph.font, 0, 0});
        return;
    }
    n = fonts_shape(fonts, u->glyph.font, str_part(text, u->from, u->to), b->level == 1, d->a,
                    &shaped);
    for (size_t k = 0; k < n; k++) {
        const struct shaped *s = &shaped[k];

        add_glyph(d, (struct drawn){s->cid, u->glyph.font, s->shift, s->rise});
        d->pending = s->advance - s->width - s->shift;
    }
}

size_t layout_glyphs(struct fonts *fonts, enum face face, str line, struct arena *a,
                     struct drawn **out)
{
    struct drawing d = {.a = a};
    struct bidi_unit *units = arena_new(a, struct bidi_unit, line.len + 1);
    size_t n = 0, at = 0;
    bool has_rtl = false;

    while (layout_next_unit(fonts, face, line, &at, &units[n].unit)) {
        units[n].bidi = (uint8_t)bidi_class(units[n].unit.cp);
        has_rtl |= units[n].unit.is_rtl;
        n++;
    }
    if (has_rtl) {
        resolve_numbers(units, n);
        resolve_brackets(units, n);
        resolve_neutrals(units, n);
        reverse_runs(units, n, 2);
        reverse_runs(units, n, 1);
    }
    for (size_t k = 0; k < n; k++)
        draw_unit(&d, fonts, line, &units[k]);
    *out = d.glyphs;
    return d.count;
}
