/*
 * font: the font files of a report, which characters they have, how wide these are, and subsets of
 * them for embedding.
 *
 * Font files are read and cut by HarfBuzz; the PDF library never opens one (it loses parts of
 * glyphs, see the notes in font_subset.c). Each file numbers the glyphs it was asked for in the
 * order of use: that number, the cid, is what a page holds. A cid stands for a glyph and the text
 * it shows, so that text can be copied out of the page as it was.
 *
 * Widths are in 1/1000 of the type size. One set belongs to one document and one thread.
 */
#ifndef RENDER_FONT_H
#define RENDER_FONT_H

#include "theme.h"

struct fonts;

struct glyph {
    uint16_t cid;
    uint16_t width;
    uint8_t font; /* index of the file in the set */
};

/* Opens the files of a theme. The first of each face must be there; the others may be absent. */
struct fonts *fonts_open(const struct theme *theme, struct arena *a, struct err *err) MUST_CHECK;
void fonts_close(struct fonts *fonts);

/* False when no font of the face has the character. */
bool fonts_glyph(struct fonts *fonts, enum face face, uint32_t cp, struct glyph *out);

/* The text fit to be drawn: cleaned (model/display.h), and every character that no font has written
 * as [U+1F512]. Line breaks stay. */
str fonts_text(struct fonts *fonts, enum face face, str raw, struct arena *a);
/* How many different characters that happened to. */
uint64_t fonts_not_shown(const struct fonts *fonts);

/* Glyphs of a piece of text in one font and one direction, from left to right. */
struct shaped {
    uint16_t cid;
    uint16_t width;               /* of the glyph in the font */
    int16_t advance, shift, rise; /* where the next one begins; how this one is moved */
    uint32_t cluster;             /* byte of the text it belongs to */
};
size_t fonts_shape(struct fonts *fonts, uint8_t font, str text, bool is_rtl, struct arena *a,
                   struct shaped **out);

/* --- for embedding, after the last glyph was asked for -------------------------------------- */

struct font_subset {
    str name; /* "QXKZPA+LiberationSans-Bold" */
    str file; /* TrueType: glyf hmtx loca head hhea maxp */
    int bbox[4], ascent, descent, cap_height, x_height;
    bool is_mono, is_bold;
    size_t ncids;
    const uint16_t *gids;   /* per cid: glyph number in `file` */
    const uint16_t *widths; /* per cid */
    const str *texts;       /* per cid: what it shows, UTF-8 */
};

size_t fonts_count(const struct fonts *fonts);
bool fonts_is_used(const struct fonts *fonts, size_t font);
/* The file stays valid until fonts_close. */
bool fonts_subset(struct fonts *fonts, size_t font, struct arena *a, struct font_subset *out,
                  struct err *err) MUST_CHECK;

/* One line per font used: file name, space, SHA-256 of the whole file. */
str fonts_list(const struct fonts *fonts, struct arena *a);

#endif
