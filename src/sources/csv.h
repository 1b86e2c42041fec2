/*
 * csv: rows and headers of RFC 4180 and its dialects (formats-cloud 14): separators , ; tab and |,
 * quoted line feeds, CRLF, a preamble before the header, a totals row behind the last.
 */
#ifndef SOURCES_CSV_H
#define SOURCES_CSV_H

#include "base/arena.h"

struct csv_row {
    size_t end;      /* of its text, without the line end */
    size_t next;     /* behind the line end */
    size_t ncells;   /* cells that stand there */
    size_t nfilled;  /* up to the last one that is not empty */
    const char *why; /* broken: what is wrong; static */
};

enum csv_result { CSV_ROW, CSV_MORE, CSV_BROKEN };

/* One row at the beginning of the text. CSV_MORE: it goes on behind the text. A broken row ends
 * with its first line. */
enum csv_result csv_row(str text, char separator, bool is_last, struct csv_row *out);

struct csv_header {
    char separator;
    size_t at; /* where its row begins: what stands before is a preamble */
    struct csv_row row;
};

/* False: this is no CSV. `is_last`: the text is all there is. */
bool csv_find_header(str text, bool is_last, struct csv_header *out);

/* The header as csv_record wants it: the separator, then each name, trimmed, each once ("name",
 * "name 2"), with a line feed behind it. */
str csv_names(str row, char separator, struct arena *a);

/* The next cell of a row without its quotes; *at starts at 0. False behind the last. */
bool csv_next_cell(str row, char separator, size_t *at, struct arena *a, str *cell);

/* "Total,,42", "(42 rows)" */
bool csv_is_totals(str row, char separator, struct arena *a);

/* A row of CloudTrail events (Athena, CloudTrail Lake, console event history) as the record it came
 * from. Absent: the header says that it is something else. */
str csv_cloudtrail(str names, str row, struct arena *a);
/* How such a record ends when its table has no column for errors: the outcome is not known. */
#define CSV_WITHOUT_OUTCOME ",\"withoutOutcome\":true}"

/* The cell when it is a JSON object or array; absent otherwise. */
str csv_cell_json(str cell, struct arena *a);

#endif
