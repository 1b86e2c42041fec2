/*
 * mapping: sources that are files, not code: templates/mappings/<name>.json (templates/README.md).
 */
#ifndef SOURCES_MAPPING_H
#define SOURCES_MAPPING_H

#include "sources/source.h"

struct mapping;

/* Reads and checks a mapping: unknown keys, unknown words and samples that do not map as they say
 * are errors that name file and key. NULL then. Lives in the arena. */
const struct mapping *mapping_read(struct arena *a, const char *path, str text, struct err *err);

const struct source *mapping_source(const struct mapping *m);
const struct field_set *mapping_fields(const struct mapping *m);
int mapping_probe(const struct mapping *m, const struct record *rec);
enum map_result mapping_map(const struct mapping *m, const struct record *rec, struct mapper *to);

#endif
