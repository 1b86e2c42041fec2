/*
 * cutter_commit: where the records of a git log export begin and end (formats-iac 17).
 */
#ifndef SOURCES_CUTTER_COMMIT_H
#define SOURCES_CUTTER_COMMIT_H

#include "base/str.h"

enum { COMMIT_HEAD = 65 }; /* bytes of the longest id with the separator behind it */

/* A commit id and the separator of fields. */
bool commit_begins(str text);

/* Records end with NUL; an export made without -z ends them with a line feed. SIZE_MAX: not in
 * text[from..). */
size_t commit_end(str text, size_t from);

#endif
