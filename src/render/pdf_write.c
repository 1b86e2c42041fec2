/*
 * pdf_write: the finished pages into libharu, and out of it into memory.
 *
 * The library is used for what it does well: the object table, pages, bookmarks, compression, the
 * file. Its traps that matter here: errors stick and the next page is NULL, so the first one is
 * kept by the handler and every return is looked at; saving to a full disk can return success, so
 * it saves to memory and base/file.h writes; 32,767 pages unless configured; its dates come from
 * the caller.
 */
#include "pdf_write.h"

#include <hpdf.h>

#include "base/digest.h"
#include "base/instant.h"
#include "model/display.h"
#include "pdf.h"

struct writer {
    struct pdf *pdf;
    HPDF_Doc doc;
    HPDF_Page *pages;         /* by number - 1 */
    HPDF_STATUS code, detail; /* the first error */
    size_t page;              /* being written, from 1 */
};

static void keep_first_error(HPDF_STATUS code, HPDF_STATUS detail, void *user)
{
    struct writer *w = user;

    if (w->code != HPDF_OK)
        return;
    w->code = code;
    w->detail = detail;
}

/* --- strings -------------------------------------------------------------------------------- */

/* A text string: UTF-16 with its mark, written in hexadecimal. The library's own converter loses
 * what is above U+FFFF. */
static HPDF_Binary text_string(struct writer *w, str text)
{
    str clean = display_line(text, &w->pdf->scratch);
    str utf16 = pdf_utf16(clean, true, &w->pdf->scratch);
    size_t most = HPDF_LIMIT_MAX_STRING_LEN - 1;

    return HPDF_Binary_New(w->doc->mmgr, (HPDF_BYTE *)(uintptr_t)utf16.ptr,
                           (HPDF_UINT)(utf16.len < most ? utf16.len : most));
}

static bool add_text(struct writer *w, HPDF_Dict dict, const char *key, str text)
{
    return str_empty(text) || HPDF_Dict_Add(dict, key, text_string(w, text)) == HPDF_OK;
}

static str date_text(struct writer *w, const char *format)
{
    int64_t sec = w->pdf->report->generated_sec, rest = ((sec % 86400) + 86400) % 86400;
    int year, month, day;

    instant_civil((sec - rest) / 86400, &year, &month, &day);
    if (format[0] == 'D')
        return str_print(&w->pdf->scratch, "D:%04d%02d%02d%02d%02d%02dZ", year, month, day,
                         (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    return str_print(&w->pdf->scratch, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                     (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* --- metadata ------------------------------------------------------------------------------- */

static str keywords(struct writer *w)
{
    const struct report *r = w->pdf->report;
    struct arena *a = &w->pdf->scratch;

    return str_join(a, str_join(a, r->id, STR(", "), r->environment), STR(", "), r->period);
}

static bool write_info(struct writer *w)
{
    const struct report *r = w->pdf->report;
    HPDF_Dict info = w->doc->info;
    const char *date = str_z(&w->pdf->scratch, date_text(w, "D"));

    return info && add_text(w, info, "Title", r->title) &&
           add_text(w, info, "Subject", r->subtitle) &&
           add_text(w, info, "Author", r->organization) &&
           add_text(w, info, "Creator", r->program) && add_text(w, info, "Keywords", keywords(w)) &&
           HPDF_Dict_Add(info, "CreationDate", HPDF_String_New(w->doc->mmgr, date, NULL)) ==
               HPDF_OK &&
           HPDF_Dict_Add(info, "ModDate", HPDF_String_New(w->doc->mmgr, date, NULL)) == HPDF_OK;
}

static void put_xml(struct buf *b, str text)
{
    for (size_t k = 0; k < text.len; k++) {
        char c = text.ptr[k];

        if (c == '<')
            buf_addz(b, "&lt;");
        else if (c == '>')
            buf_addz(b, "&gt;");
        else if (c == '&')
            buf_addz(b, "&amp;");
        else
            buf_addc(b, c);
    }
}

static void put_property(struct writer *w, struct buf *b, const char *open, str text,
                         const char *close)
{
    buf_addz(b, open);
    put_xml(b, display_line(text, &w->pdf->scratch));
    buf_addz(b, close);
}

/* The same as the info dictionary, for readers that look here. */
static str xmp_packet(struct writer *w, struct buf *b)
{
    const struct report *r = w->pdf->report;
    str date = date_text(w, "ISO");

    buf_addz(b, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n");
    put_property(w, b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", r->title,
                 "</rdf:li></rdf:Alt></dc:title>\n");
    put_property(w, b, "<dc:creator><rdf:Seq><rdf:li>", r->organization,
                 "</rdf:li></rdf:Seq></dc:creator>\n");
    put_property(w, b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", r->subtitle,
                 "</rdf:li></rdf:Alt></dc:description>\n");
    put_property(w, b, "<pdf:Keywords>", keywords(w), "</pdf:Keywords>\n");
    put_property(w, b, "<xmp:CreatorTool>", r->program, "</xmp:CreatorTool>\n");
    put_property(w, b, "<xmp:CreateDate>", date, "</xmp:CreateDate>\n");
    put_property(w, b, "<xmp:ModifyDate>", date, "</xmp:ModifyDate>\n");
    buf_addz(b, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n");
    return buf_str(b);
}

static bool write_xmp(struct writer *w)
{
    struct buf b = {0};
    str packet = xmp_packet(w, &b);
    HPDF_Dict meta = HPDF_DictStream_New(w->doc->mmgr, w->doc->xref);
    bool ok = meta && HPDF_Dict_AddName(meta, "Type", "Metadata") == HPDF_OK &&
              HPDF_Dict_AddName(meta, "Subtype", "XML") == HPDF_OK &&
              HPDF_Stream_Write(meta->stream, (const HPDF_BYTE *)packet.ptr,
                                (HPDF_UINT)packet.len) == HPDF_OK &&
              HPDF_Dict_Add(w->doc->catalog, "Metadata", meta) == HPDF_OK;

    buf_free(&b);
    return ok;
}

/* The first half of the dataset's hash, twice: the same data gives the same file. */
static bool write_id(struct writer *w)
{
    HPDF_Array id = HPDF_Array_New(w->doc->mmgr);
    struct sha256 sum;

    if (!sha256_from_hex(w->pdf->report->dataset_sha256, &sum))
        sum = sha256_of(w->pdf->report->id);
    for (int k = 0; k < 2; k++) {
        if (HPDF_Array_Add(id, HPDF_Binary_New(w->doc->mmgr, sum.bytes, 16)) != HPDF_OK)
            return false;
    }
    return HPDF_Dict_Add(w->doc->trailer, "ID", id) == HPDF_OK;
}

static bool write_catalog(struct writer *w)
{
    HPDF_Dict catalog = w->doc->catalog, view = HPDF_Dict_New(w->doc->mmgr);

    return view && HPDF_Dict_AddBoolean(view, "DisplayDocTitle", HPDF_TRUE) == HPDF_OK &&
           HPDF_Dict_Add(catalog, "ViewerPreferences", view) == HPDF_OK &&
           HPDF_Dict_Add(catalog, "Lang", HPDF_String_New(w->doc->mmgr, "en", NULL)) == HPDF_OK &&
           (w->pdf->npages < 2 || HPDF_SetPageMode(w->doc, HPDF_PAGE_MODE_USE_OUTLINE) == HPDF_OK);
}

/* --- pages ---------------------------------------------------------------------------------- */

/* One dictionary of fonts for all pages: a page's text names them F0, F1 ... */
static HPDF_Dict write_fonts(struct writer *w, struct err *err)
{
    HPDF_Dict dict = HPDF_Dict_New(w->doc->mmgr);
    struct fonts *fonts = w->pdf->fonts;

    if (!dict || HPDF_Xref_Add(w->doc->xref, dict) != HPDF_OK)
        return NULL;
    for (size_t k = 0; k < fonts_count(fonts); k++) {
        struct font_subset subset;
        const char *name = str_z(&w->pdf->scratch, str_print(&w->pdf->scratch, "F%zu", k));

        if (!fonts_is_used(fonts, k))
            continue;
        if (!fonts_subset(fonts, k, &w->pdf->scratch, &subset, err))
            return NULL;
        if (HPDF_Dict_Add(dict, name, pdf_font_object(w->doc, &subset, &w->pdf->scratch)) !=
            HPDF_OK)
            return NULL;
    }
    return dict;
}

static bool write_page(struct writer *w, const struct pdf_page *p, HPDF_Dict fonts)
{
    HPDF_Page page = HPDF_AddPage(w->doc);
    HPDF_Dict resources;
    HPDF_Stream stream;

    w->page = p->number;
    w->pages[p->number - 1] = page;
    if (!page || HPDF_Page_SetWidth(page, p->width) != HPDF_OK ||
        HPDF_Page_SetHeight(page, p->height) != HPDF_OK)
        return false;
    resources = HPDF_Dict_GetItem(page, "Resources", HPDF_OCLASS_DICT);
    if (!resources || HPDF_Dict_Add(resources, "Font", fonts) != HPDF_OK)
        return false;
    stream = ((HPDF_PageAttr)page->attr)->stream;
    return HPDF_Stream_Write(stream, (const HPDF_BYTE *)p->ops.ptr, (HPDF_UINT)p->ops.len) ==
           HPDF_OK;
}

/* The place on a page, at the reader's own zoom: the library's call refuses zoom 0, which means
 * that. */
static HPDF_Array make_destination(struct writer *w, const struct pdf_page *p, float y)
{
    HPDF_Array dest = HPDF_Array_New(w->doc->mmgr);
    float top = p->height - y + 10;
    bool ok = dest && HPDF_Array_Add(dest, w->pages[p->number - 1]) == HPDF_OK &&
              HPDF_Array_AddName(dest, "XYZ") == HPDF_OK &&
              HPDF_Array_AddNumber(dest, 0) == HPDF_OK &&
              HPDF_Array_AddReal(dest, top > p->height ? p->height : top) == HPDF_OK &&
              HPDF_Array_AddNumber(dest, 0) == HPDF_OK;

    return ok ? dest : NULL;
}

static bool write_link(struct writer *w, HPDF_Array annots, const struct pdf_page *p,
                       const struct pdf_link *link)
{
    const struct pdf_anchor *anchor = pdf_find_anchor(w->pdf, link->anchor);
    const struct pdf_page *to = anchor ? anchor->page : link->page;
    HPDF_Box box = {link->x, p->height - link->y - link->height, link->x + link->width,
                    p->height - link->y};
    HPDF_Array rect, border;
    HPDF_Dict d;

    if (!to)
        return true;
    d = HPDF_Dict_New(w->doc->mmgr);
    rect = HPDF_Box_Array_New(w->doc->mmgr, box);
    border = HPDF_Array_New(w->doc->mmgr);
    if (!d || !rect || !border || HPDF_Xref_Add(w->doc->xref, d) != HPDF_OK)
        return false;
    for (int k = 0; k < 3; k++) {
        if (HPDF_Array_AddNumber(border, 0) != HPDF_OK)
            return false;
    }
    return HPDF_Dict_AddName(d, "Type", "Annot") == HPDF_OK &&
           HPDF_Dict_AddName(d, "Subtype", "Link") == HPDF_OK &&
           HPDF_Dict_Add(d, "Rect", rect) == HPDF_OK &&
           HPDF_Dict_Add(d, "Border", border) == HPDF_OK &&
           HPDF_Dict_AddNumber(d, "F", 4) == HPDF_OK &&
           HPDF_Dict_Add(d, "Dest", make_destination(w, to, anchor ? anchor->y : 10)) == HPDF_OK &&
           HPDF_Array_Add(annots, d) == HPDF_OK;
}

static bool write_links(struct writer *w, const struct pdf_page *p)
{
    HPDF_Array annots;

    if (!p->nlinks)
        return true;
    annots = HPDF_Array_New(w->doc->mmgr);
    if (!annots || HPDF_Dict_Add(w->pages[p->number - 1], "Annots", annots) != HPDF_OK)
        return false;
    for (size_t k = 0; k < p->nlinks; k++) {
        if (!write_link(w, annots, p, &p->links[k]))
            return false;
    }
    return true;
}

static bool write_outlines(struct writer *w)
{
    HPDF_Outline section = NULL;

    for (size_t k = 0; k < w->pdf->noutlines; k++) {
        const struct pdf_outline *o = &w->pdf->outlines[k];
        HPDF_Outline item = HPDF_CreateOutline(w->doc, o->section ? NULL : section, "-", NULL);

        arena_reset(&w->pdf->scratch);
        if (!item || HPDF_Outline_SetOpened(item, HPDF_FALSE) != HPDF_OK ||
            HPDF_Dict_Add(item, "Title", text_string(w, o->title)) != HPDF_OK ||
            HPDF_Dict_Add(item, "Dest", make_destination(w, o->page, o->y)) != HPDF_OK)
            return false;
        section = o->section ? item : section;
    }
    return true;
}

static bool write_pages(struct writer *w, struct err *err)
{
    struct pdf *pdf = w->pdf;
    HPDF_Dict fonts = write_fonts(w, err);

    if (!fonts)
        return false;
    w->pages = arena_new(pdf->a, HPDF_Page, pdf->npages);
    for (size_t k = 0; k < pdf->npages; k++) {
        if (!write_page(w, pdf->pages[k], fonts))
            return false;
        buf_free(&pdf->pages[k]->ops); /* the library has its own copy */
    }
    for (size_t k = 0; k < pdf->npages; k++) {
        if (!write_links(w, pdf->pages[k]))
            return false;
    }
    return write_outlines(w);
}

/* --- saving --------------------------------------------------------------------------------- */

/* The last read returns an error together with data: the bytes are counted, not the status. */
static bool read_back(struct writer *w, struct buf *out)
{
    size_t size, before = out->len;

    if (HPDF_SaveToStream(w->doc) != HPDF_OK || HPDF_ResetStream(w->doc) != HPDF_OK)
        return false;
    size = HPDF_GetStreamSize(w->doc);
    buf_reserve(out, size);
    while (out->len - before < size) {
        HPDF_UINT32 n = 1 << 20;

        buf_reserve(out, n);
        HPDF_ReadFromStream(w->doc, (HPDF_BYTE *)out->ptr + out->len, &n);
        if (n == 0)
            return false;
        out->len += n;
    }
    return true;
}

bool pdf_write(struct pdf *pdf, struct buf *out, struct err *err)
{
    struct writer w = {.pdf = pdf};
    bool ok = false;

    arena_reset(&pdf->scratch);
    w.doc = HPDF_New(keep_first_error, &w);
    if (!w.doc)
        return err_set(err, ERR_IO, "the PDF library does not start");
    w.doc->pdf_version = HPDF_VER_14;
    ok = HPDF_SetCompressionMode(w.doc, HPDF_COMP_ALL) == HPDF_OK &&
         HPDF_SetPagesConfiguration(w.doc, 256) == HPDF_OK && write_pages(&w, err) &&
         write_info(&w) && write_xmp(&w) && write_catalog(&w) && write_id(&w) &&
         read_back(&w, out) && (w.code == HPDF_OK || w.code == HPDF_STREAM_EOF);
    HPDF_Free(w.doc);
    /* The first cause wins: a font that could not be cut has already said so. */
    return ok || err_set(err, ERR_IO, "the PDF library reports error 0x%04lX (%lu) at page %zu",
                         (unsigned long)w.code, (unsigned long)w.detail, w.page);
}
