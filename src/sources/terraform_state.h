/*
 * terraform_state: the three families of state documents behind one source.
 */
#ifndef SOURCES_TERRAFORM_STATE_H
#define SOURCES_TERRAFORM_STATE_H

#include "base/json.h"
#include "model/event.h"

/* What one instance gives, whatever the format. `attributes` is only looked at for id, ARN and
 * digest. */
struct state_instance {
    str address, type, provider, mode, status;
    const json_t *attributes;
};

/* Tells whether attributes changed between two snapshots, never what they are. */
str state_digest(const json_t *attributes, struct arena *a);
/* Puts an instance behind `**last` and moves *last on. */
void state_add(struct snapshot_resource ***last, const struct state_instance *in, struct arena *a);

/* Formats 1 to 3: modules with flat attributes (terraform_state_old.c). */
void state_read_old(const json_t *doc, struct snapshot_resource ***last, struct arena *a);

#endif
