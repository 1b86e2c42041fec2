/*
 * pulumi: what the readers of Pulumi's artefacts share.
 */
#ifndef SOURCES_PULUMI_H
#define SOURCES_PULUMI_H

#include "tree.h"

/* The verb of an operation on a resource: create, delete-replaced, import ... */
enum verb pulumi_verb(str op);
/* May the id of a resource of this type be kept? For a few types the id is the secret. */
bool pulumi_id_is_safe(str type, struct arena *a);
/* "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs" -> "shop/dev". Names may contain "::". */
str pulumi_stack_of(str urn, struct arena *a);
/* Sets the counts of a change from `resourceChanges`. */
void pulumi_set_counts(struct change *c, const json_t *counts);
/* "3 create, 1 same"; absent when there are none. */
str pulumi_count_words(const json_t *counts, struct arena *a);
/* applied, failed, cancelled, pending of succeeded, failed, canceled, in-progress; sets the
 * outcome. */
str pulumi_result(str result, enum outcome *outcome);

#endif
