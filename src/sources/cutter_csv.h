/*
 * cutter_csv: rows of CSV files (RFC 4180, and what spreadsheets make of it).
 */
#ifndef SOURCES_CUTTER_CSV_H
#define SOURCES_CUTTER_CSV_H

#include "base/str.h"

/* The separator of a header row: comma, semicolon or tab; 0 when this is no header. */
char csv_separator(str line);

/* The end of the row that begins at 0, line feeds inside quotes not counted; SIZE_MAX when it is
 * not in `text`. *is_open says that a quote is open at the end of the text. */
size_t csv_row_end(str text, char separator, bool *is_open);

#endif
