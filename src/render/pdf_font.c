/*
 * pdf_font: a font subset as PDF objects.
 *
 * libharu's own font objects are not used: it keeps the wrong glyphs (font_subset.c), writes a map
 * of characters that covers half of them and breaks a font's name at a comma. The objects here are
 * put together from its dictionaries: Type0 with Identity-H, CIDFontType2 with a map from cid to
 * glyph, a descriptor with the subset, and a ToUnicode map so that text can be searched and copied.
 */
#include <hpdf.h>

#include "base/buf.h"
#include "model/display.h"
#include "pdf_write.h"

str pdf_utf16(str utf8, bool has_mark, struct arena *a)
{
    char *out = arena_alloc(a, utf8.len * 2 + 2, 1);
    size_t n = 0;

    if (has_mark) {
        out[n++] = (char)0xFE;
        out[n++] = (char)0xFF;
    }
    for (size_t at = 0; at < utf8.len;) {
        uint32_t cp = utf8_next(utf8, &at);
        uint32_t units[2] = {cp, 0};
        int count = 1;

        if (cp > 0xFFFF) {
            units[0] = 0xD800 + ((cp - 0x10000) >> 10);
            units[1] = 0xDC00 + ((cp - 0x10000) & 0x3FF);
            count = 2;
        }
        for (int k = 0; k < count; k++) {
            out[n++] = (char)(units[k] >> 8);
            out[n++] = (char)(units[k] & 255);
        }
    }
    return (str){out, n};
}

/* A compressed stream object that holds `data`. */
static HPDF_Dict make_stream(HPDF_Doc doc, str data)
{
    HPDF_Dict dict = HPDF_DictStream_New(doc->mmgr, doc->xref);

    if (!dict)
        return NULL;
    dict->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
    if (HPDF_Stream_Write(dict->stream, (const HPDF_BYTE *)data.ptr, (HPDF_UINT)data.len) !=
        HPDF_OK)
        return NULL;
    return dict;
}

static void put_hex(struct buf *b, str bytes)
{
    buf_addc(b, '<');
    for (size_t k = 0; k < bytes.len; k++)
        buf_print(b, "%02X", (unsigned)(unsigned char)bytes.ptr[k]);
    buf_addc(b, '>');
}

#define ENTRIES_PER_BLOCK 100 /* the format allows no more */

static HPDF_Dict make_to_unicode(HPDF_Doc doc, const struct font_subset *s, struct arena *a)
{
    struct buf b = {0};
    HPDF_Dict dict;
    size_t in_block = 0, total = 0, done = 0;

    for (size_t cid = 1; cid < s->ncids; cid++)
        total += s->texts[cid].len > 0;
    buf_addz(&b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                 "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    for (size_t cid = 1; cid < s->ncids; cid++) {
        if (!s->texts[cid].len)
            continue;
        if (in_block == 0)
            buf_print(&b, "%zu beginbfchar\n",
                      total - done < ENTRIES_PER_BLOCK ? total - done : ENTRIES_PER_BLOCK);
        buf_print(&b, "<%04X> ", (unsigned)cid);
        put_hex(&b, pdf_utf16(s->texts[cid], false, a));
        buf_addc(&b, '\n');
        done++;
        if (++in_block == ENTRIES_PER_BLOCK || done == total) {
            buf_addz(&b, "endbfchar\n");
            in_block = 0;
        }
    }
    buf_addz(&b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    dict = make_stream(doc, buf_str(&b));
    buf_free(&b);
    return dict;
}

static HPDF_Dict make_gid_map(HPDF_Doc doc, const struct font_subset *s, struct arena *a)
{
    char *map = arena_alloc(a, s->ncids * 2, 1);

    for (size_t cid = 0; cid < s->ncids; cid++) {
        map[cid * 2] = (char)(s->gids[cid] >> 8);
        map[cid * 2 + 1] = (char)(s->gids[cid] & 255);
    }
    return make_stream(doc, (str){map, s->ncids * 2});
}

#define WIDTHS_PER_ARRAY 1000

/* [1 [w1 w2 ...] 1001 [...]] */
static HPDF_Array make_widths(HPDF_Doc doc, const struct font_subset *s)
{
    HPDF_Array all = HPDF_Array_New(doc->mmgr), part = NULL;

    for (size_t cid = 1; all && cid < s->ncids; cid++) {
        if ((cid - 1) % WIDTHS_PER_ARRAY == 0) {
            part = HPDF_Array_New(doc->mmgr);
            if (!part || HPDF_Array_AddNumber(all, (HPDF_INT32)cid) != HPDF_OK ||
                HPDF_Array_Add(all, part) != HPDF_OK)
                return NULL;
        }
        if (HPDF_Array_AddNumber(part, s->widths[cid]) != HPDF_OK)
            return NULL;
    }
    return all;
}

static HPDF_Dict make_descriptor(HPDF_Doc doc, const struct font_subset *s, const char *name)
{
    HPDF_Dict d = HPDF_Dict_New(doc->mmgr);
    HPDF_Array bbox = HPDF_Array_New(doc->mmgr);
    HPDF_Dict file = make_stream(doc, s->file);
    bool ok = d && bbox && file && HPDF_Xref_Add(doc->xref, d) == HPDF_OK &&
              HPDF_Dict_AddNumber(file, "Length1", (HPDF_INT32)s->file.len) == HPDF_OK;

    for (int k = 0; ok && k < 4; k++)
        ok = HPDF_Array_AddNumber(bbox, s->bbox[k]) == HPDF_OK;
    ok = ok && HPDF_Dict_AddName(d, "Type", "FontDescriptor") == HPDF_OK &&
         HPDF_Dict_AddName(d, "FontName", name) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "Flags", 4 | (s->is_mono ? 1 : 0)) == HPDF_OK &&
         HPDF_Dict_Add(d, "FontBBox", bbox) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "ItalicAngle", 0) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "Ascent", s->ascent) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "Descent", s->descent) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "CapHeight", s->cap_height) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "XHeight", s->x_height) == HPDF_OK &&
         HPDF_Dict_AddNumber(d, "StemV", s->is_bold ? 140 : 80) == HPDF_OK &&
         HPDF_Dict_Add(d, "FontFile2", file) == HPDF_OK;
    return ok ? d : NULL;
}

static HPDF_Dict make_system_info(HPDF_Doc doc)
{
    HPDF_Dict info = HPDF_Dict_New(doc->mmgr);
    bool ok =
        info &&
        HPDF_Dict_Add(info, "Registry", HPDF_String_New(doc->mmgr, "Adobe", NULL)) == HPDF_OK &&
        HPDF_Dict_Add(info, "Ordering", HPDF_String_New(doc->mmgr, "Identity", NULL)) == HPDF_OK &&
        HPDF_Dict_AddNumber(info, "Supplement", 0) == HPDF_OK;

    return ok ? info : NULL;
}

static HPDF_Dict make_descendant(HPDF_Doc doc, const struct font_subset *s, const char *name,
                                 struct arena *a)
{
    HPDF_Dict d = HPDF_Dict_New(doc->mmgr);
    bool ok = d && HPDF_Xref_Add(doc->xref, d) == HPDF_OK &&
              HPDF_Dict_AddName(d, "Type", "Font") == HPDF_OK &&
              HPDF_Dict_AddName(d, "Subtype", "CIDFontType2") == HPDF_OK &&
              HPDF_Dict_AddName(d, "BaseFont", name) == HPDF_OK &&
              HPDF_Dict_Add(d, "CIDSystemInfo", make_system_info(doc)) == HPDF_OK &&
              HPDF_Dict_Add(d, "FontDescriptor", make_descriptor(doc, s, name)) == HPDF_OK &&
              HPDF_Dict_AddNumber(d, "DW", 0) == HPDF_OK &&
              HPDF_Dict_Add(d, "W", make_widths(doc, s)) == HPDF_OK &&
              HPDF_Dict_Add(d, "CIDToGIDMap", make_gid_map(doc, s, a)) == HPDF_OK;

    return ok ? d : NULL;
}

struct _HPDF_Dict_Rec *pdf_font_object(struct _HPDF_Doc_Rec *doc, const struct font_subset *s,
                                       struct arena *a)
{
    const char *name = str_z(a, s->name);
    HPDF_Dict d = HPDF_Dict_New(doc->mmgr);
    HPDF_Array descendants = HPDF_Array_New(doc->mmgr);
    bool ok = d && descendants && HPDF_Xref_Add(doc->xref, d) == HPDF_OK &&
              HPDF_Array_Add(descendants, make_descendant(doc, s, name, a)) == HPDF_OK &&
              HPDF_Dict_AddName(d, "Type", "Font") == HPDF_OK &&
              HPDF_Dict_AddName(d, "Subtype", "Type0") == HPDF_OK &&
              HPDF_Dict_AddName(d, "BaseFont", name) == HPDF_OK &&
              HPDF_Dict_AddName(d, "Encoding", "Identity-H") == HPDF_OK &&
              HPDF_Dict_Add(d, "DescendantFonts", descendants) == HPDF_OK &&
              HPDF_Dict_Add(d, "ToUnicode", make_to_unicode(doc, s, a)) == HPDF_OK;

    return ok ? d : NULL;
}
