/*
 * packed: what carriers do to a record before they put it into a string.
 */
#ifndef SOURCES_PACKED_H
#define SOURCES_PACKED_H

#include "base/arena.h"
#include "base/str.h"

/* Both alphabets; padding, line ends and whatever else is no digit are passed over. */
str packed_base64(str text, struct arena *a);

/* One gzip member. Absent when it is none, is damaged, or is said to be larger than `limit`. */
str packed_gunzip(str bytes, size_t limit, struct arena *a);

#endif
