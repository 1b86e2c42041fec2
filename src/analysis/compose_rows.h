/*
 * compose_rows: opened sets and digests of rows, for the parts of the composer that read rows
 * themselves.
 */
#ifndef ANALYSIS_COMPOSE_ROWS_H
#define ANALYSIS_COMPOSE_ROWS_H

#include "analysis/cells.h"

struct sha256_run;

/* A prepared set with all parameters bound. The caller closes the statement. */
bool set_open(struct store *st, const struct query *set, const struct scope *scope,
              const struct request_filter *filter, struct arena *a, struct statement **out,
              struct cell_map *map, struct err *err) MUST_CHECK;

/* Cells as text, a tab between, a line feed at the end. */
void digest_row(struct sha256_run *run, const struct column *columns, size_t ncolumns,
                const struct value *values, struct arena *a);

#endif
