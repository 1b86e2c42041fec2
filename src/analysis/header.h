/*
 * header: the comment lines at the top of a query or set file, read strictly. The grammar is in
 * report/README.md.
 */
#ifndef ANALYSIS_HEADER_H
#define ANALYSIS_HEADER_H

#include "analysis/analysis.h"

/* Fills everything of a query but id, family and path. `path` is for messages. Errors name file and
 * line. */
bool header_read(struct arena *a, str path, str text, bool is_set, struct query *out,
                 struct err *err) MUST_CHECK;

/* Does the word of a `needs` line (one alternative of it) exist? "history:30" included. */
bool need_known(str word);

#endif
