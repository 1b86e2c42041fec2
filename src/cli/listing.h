/*
 * listing: rows of a statement to standard output as a table, JSON lines or CSV.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "command.h"

enum listing_format { LISTING_TABLE, LISTING_JSONL, LISTING_CSV };

#define LISTING_OPTION                                                                             \
    {                                                                                              \
        "format", "FORMAT", "table (default), jsonl or csv", false                                 \
    }

bool listing_format(struct context *ctx, enum listing_format *out);
/* One value as JSON: text quoted, numbers bare, null. */
void add_json_cell(struct buf *out, struct cell c);
str listing_text(struct cell c, struct arena *a);
void text_table_add_cell(struct text_table *t, struct cell c);
/* Every row and column as it comes; JSON lines leave NULL out when `skips_null`. */
bool listing_print(struct context *ctx, struct statement *q, enum listing_format format);

#endif
