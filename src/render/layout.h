/*
 * layout: text into lines of a given width, and a line into glyphs in the order they are drawn.
 *
 * Works on the widths of font.h alone, so that a page can be planned before it exists. Nothing is
 * ever hyphenated: the reader may copy the identifier.
 */
#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include "font.h"

struct style {
    enum face face;
    float size, leading, tracking; /* points */
    uint32_t colour;
};

struct line {
    str text; /* without the line break and the spaces before it */
    float width;
};

struct lines {
    struct line *line;
    size_t count;
};

/* The text cleaned (fonts_text), cut at its line breaks and wrapped to `width` points. No text: no
 * line. */
struct lines layout_lines(struct fonts *fonts, const struct style *style, str raw, float width,
                          struct arena *a);

/* At most so many lines, the last one ending in … when that is not all: for labels of charts and
 * tiles, which are no evidence. */
struct lines layout_few_lines(struct fonts *fonts, const struct style *style, str raw, float width,
                              size_t most, struct arena *a);

/* The first of them, for a place with room for one. */
struct line layout_one_line(struct fonts *fonts, const struct style *style, str raw, float width,
                            struct arena *a);

/* One line of text that is not wrapped; line breaks become spaces. */
struct line layout_line(struct fonts *fonts, const struct style *style, str raw, struct arena *a);

/* What a column needs at least: the longest word, or of words wider than `most` the longest piece
 * that does not tear. Never more than `most`. */
float layout_longest_word(struct fonts *fonts, const struct style *style, str raw, float most,
                          struct arena *a);

/* Glyphs of one line, left to right on the page: right-to-left runs are reversed, numbers in them
 * not. */
struct drawn {
    uint16_t cid;
    uint8_t font;
    int16_t adjust; /* moved right before it is drawn, 1/1000 of the size */
    int16_t rise;
};
size_t layout_glyphs(struct fonts *fonts, enum face face, str line, struct arena *a,
                     struct drawn **out);

/* --- shared by layout.c and layout_runs.c --------------------------------------------------- */

/* What is drawn as one thing: a character, or a stretch of letters that change with their
 * neighbours. */
struct unit {
    size_t from, to;    /* bytes */
    uint32_t cp;        /* the first character */
    struct glyph glyph; /* of a single character */
    bool is_shaped, is_rtl;
};
bool layout_next_unit(struct fonts *fonts, enum face face, str text, size_t *at, struct unit *out);
bool layout_is_rtl(uint32_t cp);

#endif
