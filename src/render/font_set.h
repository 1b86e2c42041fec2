/*
 * font_set: what font.c and font_subset.c share.
 */
#ifndef RENDER_FONT_SET_H
#define RENDER_FONT_SET_H

#include <hb-ot.h>
#include <hb.h>

#include "font.h"

#define MAX_FONTS 32
#define CP_PAGES  (0x110000 / 256)

struct font_cid {
    uint32_t gid;
    uint16_t width;
    str text;
};

/* One font file. */
struct font {
    str path;
    hb_blob_t *blob;
    hb_face_t *face;
    hb_font_t *hb;         /* scaled to 1000 units */
    struct font_cid *cids; /* cid 0 is the empty glyph and never used */
    size_t ncids, cap;
    uint16_t *index; /* open addressing over (gid, text): cid, 0 free */
    size_t index_size;
    bool is_bold, is_mono;
};

struct face_map {
    uint8_t fonts[MAX_FONTS]; /* in the order they are tried */
    size_t nfonts;
    struct glyph *pages[CP_PAGES]; /* what a code point became; cid 0: not looked up yet */
};

struct fonts {
    struct arena *a;
    struct font fonts[MAX_FONTS];
    size_t nfonts;
    struct face_map faces[FACE_COUNT];
    hb_buffer_t *buffer;
    uint64_t not_shown;
    hb_blob_t *subsets[MAX_FONTS];
};

#endif
