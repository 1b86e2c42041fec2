/*
 * ingest_ring: pieces on their way. One reader puts them in, in input order; workers take them one
 * after the other; the writer gets them back in the order in which they were put in. Bounded by
 * number and by the memory of what waits, so that the fastest of the three waits for the slowest.
 */
#ifndef PIPELINE_INGEST_RING_H
#define PIPELINE_INGEST_RING_H

#include "pipeline/ingest_piece.h"

struct ring;

struct ring *ring_new(void);
void ring_free(struct ring *r); /* with the pieces still in it; after all threads have ended */

bool ring_put(struct ring *r, struct piece *p); /* takes the piece over; false: stopped */
void ring_close(struct ring *r);                /* nothing more will be put in */
struct piece *ring_take(struct ring *r);        /* for a worker; NULL: no more work */
void ring_done(struct ring *r, struct piece *p);
struct piece *ring_get(struct ring *r); /* for the writer, who owns it then; NULL: the end */
void ring_stop(struct ring *r);         /* everybody leaves */

#endif
