/*
 * cutter_scan: where does the JSON value end that begins here? Only brackets and quotes are looked
 * at, 64 bytes at once; whether the value is valid inside is for the reader of its fields to say.
 * What cannot be JSON however the rest goes on is found at once, so that a missing quote or bracket
 * does not swallow the records behind it.
 */
#ifndef SOURCES_CUTTER_SCAN_H
#define SOURCES_CUTTER_SCAN_H

#include "base/str.h"

enum { SCAN_DEPTH_MAX = 512 };

enum scan_result {
    SCAN_MORE,   /* all bytes looked at, not at the end */
    SCAN_END,    /* scan.done is behind the value */
    SCAN_ARRAY,  /* watched: an array begins under a member of the outer object */
    SCAN_OBJECT, /* the same with an object; scan.done is behind the bracket */
    SCAN_BROKEN, /* scan.why; scan.done is at the place */
};

/* State between calls; all places are relative to the beginning of the value. */
struct scan {
    size_t done;
    size_t string_at; /* last quote that opened a string */
    const char *why;
    uint32_t depth;
    bool is_watched; /* report what opens inside the outer object */
    bool in_string, is_escaped, after_string;
    uint64_t is_array[SCAN_DEPTH_MAX / 64 + 1]; /* one bit per depth */
};

void scan_begin(struct scan *s, bool is_watched);
/* Begins inside an object whose opening bracket is gone. */
void scan_begin_inside(struct scan *s);
/* Goes on in a value of which `len` bytes are here, from scan.done. */
enum scan_result scan_value(struct scan *s, const char *value, size_t len);

/* The key of the member whose value begins at `at`, without its quotes; absent when none can be
 * seen. */
str scan_key_before(const char *text, size_t at);
/* Line feeds in the text, and where the last one stands (SIZE_MAX: none). */
size_t scan_count_lines(str text, size_t *last);

#endif
