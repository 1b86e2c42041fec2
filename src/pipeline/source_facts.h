/*
 * source_facts: tells the store what each source is good for, which the store and the analysis
 * above it cannot see.
 */
#ifndef PIPELINE_SOURCE_FACTS_H
#define PIPELINE_SOURCE_FACTS_H

#include "store/store.h"

bool source_facts_tell(struct store *st, struct err *err) MUST_CHECK;

#endif
