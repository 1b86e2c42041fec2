/*
 * font_subset: cuts a font file down to the glyphs a document used.
 *
 * HarfBuzz follows composite glyphs to any depth. The PDF library's own subsetter does not: glyphs
 * made of other made glyphs (Vietnamese letters in DejaVu, many kanji in Droid Sans Fallback) lose
 * parts without a word. Hinting programs are dropped, and so are all tables a PDF reader does not
 * use.
 */
#include <hb-subset.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "font_set.h"

size_t fonts_count(const struct fonts *fonts)
{
    return fonts->nfonts;
}

bool fonts_is_used(const struct fonts *fonts, size_t font)
{
    return fonts->fonts[font].ncids > 1;
}

static hb_subset_plan_t *make_plan(const struct font *f)
{
    static const char unused[][5] = {"GSUB", "GPOS", "GDEF", "BASE", "JSTF", "MATH", "OS/2", "post",
                                     "name", "cmap", "kern", "hdmx", "VDMX", "gasp", "LTSH", "PCLT",
                                     "DSIG", "FFTM", "vhea", "vmtx", "VORG", "meta", "STAT"};
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_subset_plan_t *plan;
    hb_set_t *glyphs, *drop;

    if (!input)
        return NULL;
    glyphs = hb_subset_input_glyph_set(input);
    for (size_t cid = 1; cid < f->ncids; cid++)
        hb_set_add(glyphs, f->cids[cid].gid);
    drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t k = 0; k < sizeof unused / sizeof unused[0]; k++)
        hb_set_add(drop, hb_tag_from_string(unused[k], 4));
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
    plan = hb_subset_plan_create_or_fail(f->face, input);
    hb_subset_input_destroy(input);
    return plan;
}

/* Six capitals that differ when the subset differs, then the name the font gives itself. */
static str subset_name(const struct font *f, str file, struct arena *a)
{
    struct sha256 sum = sha256_of(file);
    char name[128], tag[7] = "";
    unsigned len = sizeof name, out = 0;

    for (int k = 0; k < 6; k++)
        tag[k] = (char)('A' + sum.bytes[k] % 26);
    hb_ot_name_get_utf8(f->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &len, name);
    for (unsigned k = 0; k < len && name[k]; k++) {
        char c = name[k];

        if (ascii_is_letter(c) || ascii_is_digit(c) || c == '-')
            name[out++] = c;
    }
    return str_print(a, "%s+%.*s", tag, out ? (int)out : 4, out ? name : "Font");
}

static void read_metrics(const struct font *f, struct font_subset *out)
{
    hb_blob_t *head = hb_face_reference_table(f->face, HB_TAG('h', 'e', 'a', 'd'));
    unsigned len, upem = hb_face_get_upem(f->face);
    const unsigned char *p = (const unsigned char *)hb_blob_get_data(head, &len);
    hb_position_t v = 0;

    for (int k = 0; k < 4 && len >= 44; k++) {
        const unsigned char *at = p + 36 + k * 2;

        out->bbox[k] = (int16_t)(at[0] << 8 | at[1]) * 1000 / (int)upem;
    }
    hb_blob_destroy(head);
    hb_ot_metrics_get_position_with_fallback(f->hb, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, &v);
    out->ascent = v;
    hb_ot_metrics_get_position_with_fallback(f->hb, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, &v);
    out->descent = v > 0 ? -v : v;
    hb_ot_metrics_get_position_with_fallback(f->hb, HB_OT_METRICS_TAG_CAP_HEIGHT, &v);
    out->cap_height = v;
    hb_ot_metrics_get_position_with_fallback(f->hb, HB_OT_METRICS_TAG_X_HEIGHT, &v);
    out->x_height = v;
    out->is_bold = f->is_bold;
    out->is_mono = f->is_mono;
}

static void fill_cids(const struct font *f, const hb_subset_plan_t *plan, struct arena *a,
                      struct font_subset *out)
{
    const hb_map_t *map = hb_subset_plan_old_to_new_glyph_mapping(plan);
    uint16_t *gids = arena_new(a, uint16_t, f->ncids), *widths = arena_new(a, uint16_t, f->ncids);
    str *texts = arena_new(a, str, f->ncids);

    for (size_t cid = 1; cid < f->ncids; cid++) {
        hb_codepoint_t gid = hb_map_get(map, f->cids[cid].gid);

        gids[cid] = gid == HB_MAP_VALUE_INVALID ? 0 : (uint16_t)gid;
        widths[cid] = f->cids[cid].width;
        texts[cid] = f->cids[cid].text;
    }
    out->ncids = f->ncids;
    out->gids = gids;
    out->widths = widths;
    out->texts = texts;
}

bool fonts_subset(struct fonts *fonts, size_t font, struct arena *a, struct font_subset *out,
                  struct err *err)
{
    struct font *f = &fonts->fonts[font];
    hb_subset_plan_t *plan = make_plan(f);
    hb_face_t *cut = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    unsigned len = 0;
    const char *data;
    bool ok = false;

    *out = (struct font_subset){0};
    if (!cut) {
        err_set(err, ERR_IO, "cannot cut font '%.*s' down to the characters used",
                STR_FMT(f->path));
        goto done;
    }
    hb_blob_destroy(fonts->subsets[font]);
    fonts->subsets[font] = hb_face_reference_blob(cut);
    data = hb_blob_get_data(fonts->subsets[font], &len);
    out->file = (str){data, len};
    out->name = subset_name(f, out->file, a);
    read_metrics(f, out);
    fill_cids(f, plan, a, out);
    ok = len > 0 || err_set(err, ERR_IO, "font '%.*s' came out empty", STR_FMT(f->path));
done:
    hb_face_destroy(cut);
    hb_subset_plan_destroy(plan);
    return ok;
}

str fonts_list(const struct fonts *fonts, struct arena *a)
{
    struct buf b = {0};
    str out;

    for (size_t k = 0; k < fonts->nfonts; k++) {
        unsigned len;
        const char *data = hb_blob_get_data(fonts->fonts[k].blob, &len);
        struct sha256 sum;
        str hex;

        if (!fonts_is_used(fonts, k))
            continue;
        sum = sha256_of((str){data, len});
        hex = sha256_hex(&sum, a);
        buf_print(&b, "%.*s %.*s\n", STR_FMT(path_base(fonts->fonts[k].path)), STR_FMT(hex));
    }
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}
