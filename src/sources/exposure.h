/*
 * exposure: what the adapters of the clouds share about openings in a network.
 */
#ifndef SOURCES_EXPOSURE_H
#define SOURCES_EXPOSURE_H

#include "model/event.h"

/* "22" or "8000-9000"; false, with both left alone, when the text is no ports. */
bool ports_parse(str text, int32_t *from, int32_t *to);

/* "tcp 22 from 0.0.0.0/0", "deny udp 8000-9000 to 10.0.0.0/8" */
str exposure_words(const struct exposure *e, struct arena *a);

#endif
