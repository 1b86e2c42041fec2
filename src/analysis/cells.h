/*
 * cells: rows of a statement as values of the report model, by the columns that a header declares.
 */
#ifndef ANALYSIS_CELLS_H
#define ANALYSIS_CELLS_H

#include "analysis/analysis.h"

/* What computed columns need to know of the report. */
struct file_numbers; /* F1.. by SHA-256 order */
struct cell_context {
    const struct zone *zone;          /* NULL: UTC */
    const struct file_numbers *files; /* NULL: no file has a number */
};

/* Files of the store in the order of their SHA-256. */
bool file_numbers_load(struct store *st, struct arena *a, const struct file_numbers **out,
                       struct err *err) MUST_CHECK;
uint64_t file_number(const struct file_numbers *f, str sha256); /* 0: unknown */
/* "F3@1024+512" */
str evidence_ref(const struct file_numbers *f, str sha256, int64_t offset, int64_t length,
                 struct arena *a);

/* Where the declared columns of a query stand in its SELECT; made once for a prepared statement. */
struct cell_map {
    const struct query *query;
    size_t *at; /* for each declared column: index in the SELECT, or SIZE_MAX when computed */
    size_t t, file_sha256, offset, length; /* SIZE_MAX when not selected */
};
bool cell_map_make(const struct query *q, const struct statement *s, struct arena *a,
                   struct cell_map *out, struct err *err) MUST_CHECK;

/* The current row. Texts live in the arena. `number` counts rows from 1. */
void cell_row(const struct cell_map *map, const struct statement *s,
              const struct cell_context *context, uint64_t number, struct arena *a,
              struct value *values);

/* Index of a SELECT column by name; SIZE_MAX when it is not there. */
size_t cell_find(const struct statement *s, str name);
str cell_text(struct cell c, struct arena *a); /* numbers as digits; NULL is absent */
/* "2026-10-05 14:03:22 +02:00" */
str cell_local_time(int64_t key, const struct zone *zone, struct arena *a);
/* Mark and word of a severity, a result, an outcome or an approval state. */
struct value mark_value(str word);

/* Columns for the report model, `extra` of them left free at the end. */
struct column *cell_columns(const struct query *q, size_t extra, struct arena *a);

/* Gives :from, :until, :environment, :zone_offset and the query's parameters their values. */
void query_bind(struct statement *s, const struct query *q, const struct scope *scope);
str query_param_value(const struct query *q, const struct query_parameter *p,
                      const struct scope *scope);

#endif
