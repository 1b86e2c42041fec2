/*
 * scratch: a private folder that goes away again, for work that needs files or a database of its
 * own.
 */
#ifndef PIPELINE_SCRATCH_H
#define PIPELINE_SCRATCH_H

#include "base/err.h"

/* Below $TMPDIR or /tmp, mode 0700; the path lives in the arena. */
bool scratch_make(struct arena *a, const char **dir, struct err *err) MUST_CHECK;
void scratch_remove(const char *dir); /* NULL is fine; what cannot be removed stays */

#endif
