/*
 * font: looks characters up in a chain of font files and hands out cids.
 *
 * A character is taken from the first font of the face that has it. Glyph lookups are remembered
 * per face in pages of 256 code points, so that measuring a register of half a million cells costs
 * one array access per character.
 */
#include "font.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "font_set.h"
#include "model/display.h"

/* --- opening -------------------------------------------------------------------------------- */

static char *find_file(const struct theme *theme, str name, struct arena *a)
{
    for (size_t k = 0; k < theme->folders.count; k++) {
        char *path = str_z(a, path_join(a, theme->folders.names[k], name));

        if (file_exists(path))
            return path;
    }
    return NULL;
}

/* TrueType outlines only: OpenType with PostScript outlines ("OTTO") needs another kind of PDF
 * font. */
static bool is_truetype(hb_blob_t *blob)
{
    unsigned len;
    const char *data = hb_blob_get_data(blob, &len);

    return len > 12 && (memcmp(data, "\0\1\0\0", 4) == 0 || memcmp(data, "true", 4) == 0);
}

static bool open_font(struct fonts *fonts, const char *path, bool is_bold, bool is_mono,
                      uint8_t *out, struct err *err)
{
    struct font *f = &fonts->fonts[fonts->nfonts];

    for (size_t k = 0; k < fonts->nfonts; k++) {
        if (str_eq(fonts->fonts[k].path, str_from(path))) {
            *out = (uint8_t)k;
            return true;
        }
    }
    if (fonts->nfonts == MAX_FONTS)
        return err_set(err, ERR_USAGE, "a theme may name at most %d font files", MAX_FONTS);
    f->blob = hb_blob_create_from_file_or_fail(path);
    if (!f->blob)
        return err_set(err, ERR_IO, "cannot read font '%s'", path);
    if (!is_truetype(f->blob)) {
        hb_blob_destroy(f->blob);
        f->blob = NULL;
        return err_set(err, ERR_DATA, "font '%s' has no TrueType outlines", path);
    }
    f->path = str_copy(fonts->a, str_from(path));
    f->face = hb_face_create(f->blob, 0);
    f->hb = hb_font_create(f->face);
    hb_font_set_scale(f->hb, 1000, 1000);
    f->is_bold = is_bold;
    f->is_mono = is_mono;
    f->ncids = 1;
    *out = (uint8_t)fonts->nfonts++;
    return true;
}

static bool open_face(struct fonts *fonts, const struct theme *theme, enum face face,
                      struct err *err)
{
    struct face_map *map = &fonts->faces[face];
    const struct name_list *names = &theme->faces[face];

    for (size_t k = 0; k < names->count; k++) {
        const char *path = find_file(theme, names->names[k], fonts->a);

        if (!path && k == 0) {
            err_set(err, ERR_IO, "font '%.*s' is not installed", STR_FMT(names->names[k]));
            return err_hint(err, "Install fonts-liberation2, or name another font in the theme.");
        }
        if (!path || map->nfonts == MAX_FONTS)
            continue;
        if (!open_font(fonts, path, face == FACE_BOLD && k == 0, face == FACE_MONO && k == 0,
                       &map->fonts[map->nfonts], err))
            return false;
        map->nfonts++;
    }
    return true;
}

struct fonts *fonts_open(const struct theme *theme, struct arena *a, struct err *err)
{
    struct fonts *fonts = arena_new(a, struct fonts, 1);

    fonts->a = a;
    fonts->buffer = hb_buffer_create();
    for (int face = 0; face < FACE_COUNT; face++) {
        if (!open_face(fonts, theme, (enum face)face, err)) {
            fonts_close(fonts);
            return NULL;
        }
    }
    return fonts;
}

void fonts_close(struct fonts *fonts)
{
    if (!fonts)
        return;
    for (size_t k = 0; k < fonts->nfonts; k++) {
        struct font *f = &fonts->fonts[k];

        hb_font_destroy(f->hb);
        hb_face_destroy(f->face);
        hb_blob_destroy(f->blob);
        hb_blob_destroy(fonts->subsets[k]);
        free(f->cids);
        free(f->index);
    }
    hb_buffer_destroy(fonts->buffer);
}

/* --- cids ----------------------------------------------------------------------------------- */

static size_t cid_slot(const struct font *f, uint32_t gid, str text)
{
    size_t at = (str_hash(text) ^ gid * 2654435761U) & (f->index_size - 1);

    while (f->index[at] &&
           (f->cids[f->index[at]].gid != gid || !str_eq(f->cids[f->index[at]].text, text)))
        at = (at + 1) & (f->index_size - 1);
    return at;
}

static void grow_cids(struct font *f)
{
    f->cap = f->cap ? f->cap * 2 : 256;
    f->cids = xrealloc(f->cids, f->cap * sizeof f->cids[0]);
    f->cids[0] = (struct font_cid){0};
    free(f->index);
    f->index_size = f->cap * 4;
    f->index = xmalloc(f->index_size * sizeof f->index[0]);
    memset(f->index, 0, f->index_size * sizeof f->index[0]);
    for (size_t cid = 1; cid < f->ncids; cid++)
        f->index[cid_slot(f, f->cids[cid].gid, f->cids[cid].text)] = (uint16_t)cid;
}

/* The cid that shows glyph `gid` for `text`; 0 when the font has no number left. */
static uint16_t take_cid(struct fonts *fonts, struct font *f, uint32_t gid, str text)
{
    size_t slot;

    if (f->ncids >= f->cap)
        grow_cids(f);
    slot = cid_slot(f, gid, text);
    if (!f->index[slot] && f->ncids < UINT16_MAX) {
        hb_position_t width = hb_font_get_glyph_h_advance(f->hb, gid);

        f->cids[f->ncids] = (struct font_cid){gid,
                                              (uint16_t)(width < 0            ? 0
                                                         : width > UINT16_MAX ? UINT16_MAX
                                                                              : width),
                                              str_copy(fonts->a, text)};
        f->index[slot] = (uint16_t)f->ncids++;
    }
    return f->index[slot];
}

static const struct glyph no_glyph = {UINT16_MAX, 0, 0};

static struct glyph look_up(struct fonts *fonts, const struct face_map *map, uint32_t cp)
{
    for (size_t k = 0; k < map->nfonts; k++) {
        struct font *f = &fonts->fonts[map->fonts[k]];
        hb_codepoint_t gid;

        if (hb_font_get_nominal_glyph(f->hb, cp, &gid) && gid) {
            char utf8[4];
            uint16_t cid = take_cid(fonts, f, gid, (str){utf8, utf8_put(cp, utf8)});

            if (cid)
                return (struct glyph){cid, f->cids[cid].width, map->fonts[k]};
        }
    }
    return no_glyph;
}

/* A text is measured more often than it is drawn: count a character when it is first missed. */
static bool is_missed(const struct fonts *fonts, uint32_t cp)
{
    for (int face = 0; face < FACE_COUNT; face++) {
        const struct glyph *page = fonts->faces[face].pages[cp / 256];

        if (page && page[cp % 256].cid == no_glyph.cid)
            return true;
    }
    return false;
}

bool fonts_glyph(struct fonts *fonts, enum face face, uint32_t cp, struct glyph *out)
{
    struct face_map *map = &fonts->faces[face];
    struct glyph **page, *g;

    if (cp > 0x10FFFF)
        return false;
    page = &map->pages[cp / 256];
    if (!*page)
        *page = arena_new(fonts->a, struct glyph, 256);
    g = &(*page)[cp % 256];
    if (!g->cid) {
        struct glyph found = look_up(fonts, map, cp);

        fonts->not_shown += found.cid == no_glyph.cid && !is_missed(fonts, cp);
        *g = found;
    }
    *out = *g;
    return g->cid != no_glyph.cid;
}

/* --- text ----------------------------------------------------------------------------------- */

static bool is_drawable(struct fonts *fonts, enum face face, str text)
{
    struct glyph g;

    for (size_t at = 0; at < text.len;) {
        uint32_t cp = utf8_next(text, &at);

        if (cp != '\n' && !fonts_glyph(fonts, face, cp, &g))
            return false;
    }
    return true;
}

str fonts_text(struct fonts *fonts, enum face face, str raw, struct arena *a)
{
    str text = display_text(raw, a), out;
    struct buf b = {0};
    struct glyph g;

    if (is_drawable(fonts, face, text))
        return text;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t cp = utf8_next(text, &at);

        if (cp == '\n' || fonts_glyph(fonts, face, cp, &g)) {
            buf_add(&b, str_part(text, from, at));
        } else {
            buf_print(&b, "[U+%04X]", (unsigned)cp);
        }
    }
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

uint64_t fonts_not_shown(const struct fonts *fonts)
{
    return fonts->not_shown;
}

/* --- shaping -------------------------------------------------------------------------------- */

/* End of the cluster that begins at `from`: the next higher one, or the end of the text. */
static uint32_t cluster_end(const hb_glyph_info_t *info, unsigned n, uint32_t from, size_t len)
{
    uint32_t end = (uint32_t)len;

    for (unsigned k = 0; k < n; k++) {
        if (info[k].cluster > from && info[k].cluster < end)
            end = info[k].cluster;
    }
    return end;
}

/* Kerning and ligatures stay off: the same text must be as wide in a cell as the sum of its
 * letters. */
static const hb_feature_t plain[] = {
    {HB_TAG('k', 'e', 'r', 'n'), 0, 0, (unsigned)-1},
    {HB_TAG('l', 'i', 'g', 'a'), 0, 0, (unsigned)-1},
    {HB_TAG('c', 'l', 'i', 'g'), 0, 0, (unsigned)-1},
};

/* The text a glyph carries for copying. Left to right, the first glyph of a cluster carries all of
 * it. Right to left each glyph carries one character, the last of the cluster first, because
 * readers turn the order of glyphs around and not what a glyph stands for. */
struct cluster {
    str text; /* not yet carried */
    bool is_rtl;
};

static str carry(struct cluster *c)
{
    size_t from = 0;
    str all = c->text;

    if (!c->is_rtl) {
        c->text = STR_NONE;
        return str_or(all, STR(""));
    }
    for (size_t at = 0; at < all.len;) {
        from = at;
        utf8_next(all, &at);
    }
    c->text = str_part(all, 0, from);
    return str_part(all, from, all.len);
}

static size_t count_characters(str text)
{
    size_t n = 0;

    for (size_t at = 0; at < text.len; n++)
        utf8_next(text, &at);
    return n;
}

/* A glyph without ink, and without width where the font has one: readers take a wide one for a gap.
 */
static bool find_blank(struct font *f, hb_codepoint_t *out)
{
    static const hb_codepoint_t blanks[] = {0x200D, 0x200C, 0x200B, ' '};

    for (size_t k = 0; k < sizeof blanks / sizeof blanks[0]; k++) {
        if (hb_font_get_nominal_glyph(f->hb, blanks[k], out))
            return true;
    }
    return false;
}

/* A cluster with fewer glyphs than characters (a ligature) gets blanks that take no room in front.
 */
static size_t add_blanks(struct fonts *fonts, struct font *f, struct cluster *c, size_t nglyphs,
                         uint32_t cluster, struct shaped *out)
{
    size_t n = c->is_rtl ? count_characters(c->text) : 0, count = 0;
    hb_codepoint_t blank;

    if (n <= nglyphs || !find_blank(f, &blank))
        return 0;
    for (; count < n - nglyphs; count++) {
        uint16_t cid = take_cid(fonts, f, blank, carry(c));

        out[count] = (struct shaped){cid, f->cids[cid].width, 0, 0, 0, cluster};
    }
    return count;
}

size_t fonts_shape(struct fonts *fonts, uint8_t font, str text, bool is_rtl, struct arena *a,
                   struct shaped **out)
{
    struct font *f = &fonts->fonts[font];
    hb_buffer_t *b = fonts->buffer;
    const hb_glyph_info_t *info;
    const hb_glyph_position_t *pos;
    struct cluster c = {STR_NONE, is_rtl};
    size_t count = 0;
    unsigned n;

    hb_buffer_clear_contents(b);
    hb_buffer_set_flags(b, HB_BUFFER_FLAG_DO_NOT_INSERT_DOTTED_CIRCLE);
    hb_buffer_set_cluster_level(b, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_GRAPHEMES);
    hb_buffer_add_utf8(b, text.ptr, (int)text.len, 0, (int)text.len);
    hb_buffer_set_direction(b, is_rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    /* The language would otherwise come from the locale. */
    hb_buffer_set_language(b, hb_language_from_string("und", -1));
    hb_buffer_guess_segment_properties(b);
    hb_shape(f->hb, b, plain, sizeof plain / sizeof plain[0]);
    info = hb_buffer_get_glyph_infos(b, &n);
    pos = hb_buffer_get_glyph_positions(b, &n);
    *out = arena_new(a, struct shaped, n + text.len);
    for (unsigned k = 0; k < n; k++) {
        uint32_t cluster = info[k].cluster;
        uint16_t cid;

        if (k == 0 || info[k - 1].cluster != cluster) {
            size_t same = 1;

            while (k + same < n && info[k + same].cluster == cluster)
                same++;
            c.text = str_part(text, cluster, cluster_end(info, n, cluster, text.len));
            count += add_blanks(fonts, f, &c, same, cluster, *out + count);
        }
        cid = take_cid(fonts, f, info[k].codepoint, carry(&c));
        (*out)[count++] = (struct shaped){cid,
                                          f->cids[cid].width,
                                          (int16_t)pos[k].x_advance,
                                          (int16_t)pos[k].x_offset,
                                          (int16_t)pos[k].y_offset,
                                          cluster};
    }
    return count;
}
