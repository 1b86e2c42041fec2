/*
 * theme: colours, type sizes and fonts of a report, read from templates/themes/<name>.json.
 *
 * Both renderers take their colours from here, so that a severity looks the same on paper and in a
 * cell. A theme is read once and lives in the arena of the run.
 */
#ifndef RENDER_THEME_H
#define RENDER_THEME_H

#include "render/render.h"

#define COLOURS(X)                                                                                 \
    X(INK, "ink")                                                                                  \
    X(TEXT, "text")                                                                                \
    X(MUTED, "muted")                                                                              \
    X(FAINT, "faint")                                                                              \
    X(RULE, "rule")                                                                                \
    X(HAIRLINE, "hairline")                                                                        \
    X(PANEL, "panel")                                                                              \
    X(PAPER, "paper")                                                                              \
    X(WATERMARK, "watermark")                                                                      \
    X(NAVY, "navy")                                                                                \
    X(ACCENT, "accent")                                                                            \
    X(ON_NAVY, "on-navy")                                                                          \
    X(ON_NAVY_SOFT, "on-navy-soft")                                                                \
    X(ON_NAVY_FAINT, "on-navy-faint")                                                              \
    X(ON_NAVY_ACCENT, "on-navy-accent")                                                            \
    X(LINK, "link")                                                                                \
    X(TEAL, "teal")                                                                                \
    X(INPUT, "input")                                                                              \
    X(CRITICAL, "critical")                                                                        \
    X(CRITICAL_TEXT, "critical-text")                                                              \
    X(CRITICAL_GROUND, "critical-ground")                                                          \
    X(HIGH, "high")                                                                                \
    X(HIGH_TEXT, "high-text")                                                                      \
    X(HIGH_GROUND, "high-ground")                                                                  \
    X(MEDIUM, "medium")                                                                            \
    X(MEDIUM_TEXT, "medium-text")                                                                  \
    X(MEDIUM_GROUND, "medium-ground")                                                              \
    X(LOW, "low")                                                                                  \
    X(LOW_TEXT, "low-text")                                                                        \
    X(LOW_GROUND, "low-ground")                                                                    \
    X(INFO, "info")                                                                                \
    X(INFO_TEXT, "info-text")                                                                      \
    X(INFO_GROUND, "info-ground")                                                                  \
    X(CLEAR, "clear")                                                                              \
    X(CLEAR_TEXT, "clear-text")                                                                    \
    X(CLEAR_GROUND, "clear-ground")                                                                \
    X(SERIES_1, "series-1")                                                                        \
    X(SERIES_2, "series-2")                                                                        \
    X(SERIES_3, "series-3")                                                                        \
    X(SERIES_4, "series-4")                                                                        \
    X(SERIES_5, "series-5")                                                                        \
    X(SERIES_6, "series-6")                                                                        \
    X(HEAT_1, "heat-1")                                                                            \
    X(HEAT_2, "heat-2")                                                                            \
    X(HEAT_3, "heat-3")                                                                            \
    X(HEAT_4, "heat-4")                                                                            \
    X(HEAT_5, "heat-5")                                                                            \
    X(HEAT_6, "heat-6")                                                                            \
    X(HEAT_7, "heat-7")
#define COLOUR_CONSTANT(constant, name) COLOUR_##constant,
enum colour { COLOURS(COLOUR_CONSTANT) COLOUR_COUNT };

#define TYPE_ROLES(X)                                                                              \
    X(COVER_TITLE, "cover-title")                                                                  \
    X(COVER_SUBTITLE, "cover-subtitle")                                                            \
    X(PAGE_TITLE, "page-title")                                                                    \
    X(BLOCK_TITLE, "block-title")                                                                  \
    X(BODY, "body")                                                                                \
    X(TABLE, "table")                                                                              \
    X(REGISTER, "register")                                                                        \
    X(CAPTION, "caption")                                                                          \
    X(EYEBROW, "eyebrow")                                                                          \
    X(TILE, "tile")                                                                                \
    X(HASH, "hash")
#define TYPE_ROLE_CONSTANT(constant, name) TYPE_##constant,
enum type_role { TYPE_ROLES(TYPE_ROLE_CONSTANT) TYPE_COUNT };

enum face { FACE_REGULAR, FACE_BOLD, FACE_MONO, FACE_COUNT };

struct type_size {
    float size, leading; /* points */
};

struct name_list {
    str *names;
    size_t count;
};

struct theme {
    str name;
    str logo;                       /* product name on the cover */
    str eyebrow;                    /* line above the title */
    bool is_letter;                 /* US Letter instead of A4 */
    uint32_t colours[COLOUR_COUNT]; /* 0xRRGGBB */
    struct type_size type[TYPE_COUNT];
    struct name_list folders;           /* searched in order for font files */
    struct name_list faces[FACE_COUNT]; /* file names: the face itself, then its fallbacks */
};

/* The colour a model names ("series-1", "critical"); muted when the theme has none of that name. */
uint32_t theme_colour(const struct theme *theme, const char *name);

/* The three colours of a mark: its shape when it stands alone, its word, the ground of its chip. */
struct mark_look {
    uint32_t solid, text, ground;
};
struct mark_look theme_mark(const struct theme *theme, enum mark mark);

#endif
