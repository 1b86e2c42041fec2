/*
 * run: a query with what the record covers already known, for those who run many of them.
 */
#ifndef ANALYSIS_RUN_H
#define ANALYSIS_RUN_H

#include "analysis/coverage.h"

/* For one environment (or none: a population of the whole record). */
bool query_run_covered(const struct query *q, struct store *st, const struct scope *scope,
                       const struct coverage *cov, struct arena *a, struct query_result *out,
                       struct err *err) MUST_CHECK;

#endif
