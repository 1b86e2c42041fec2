/*
 * pdf_write: what pdf_write.c and pdf_font.c share. The library's header stays out of ours.
 */
#ifndef RENDER_PDF_WRITE_H
#define RENDER_PDF_WRITE_H

#include "font.h"

struct _HPDF_Doc_Rec;
struct _HPDF_Dict_Rec;

/* The font objects of a subset; the result is what a page's resources name. NULL on failure. */
struct _HPDF_Dict_Rec *pdf_font_object(struct _HPDF_Doc_Rec *doc, const struct font_subset *subset,
                                       struct arena *a);

/* Text as UTF-16BE, as PDF wants it in ToUnicode maps and titles. */
str pdf_utf16(str utf8, bool has_mark, struct arena *a);

#endif
