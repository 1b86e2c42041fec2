/*
 * aws_carrier: what CloudWatch Logs, CloudTrail Lake and notifications have in common: the event is
 * inside, as text or as the cells of a row, and belongs to another source. It is stored as that
 * source's, so that the same act from a bucket and from a log group is one event.
 */
#ifndef SOURCES_AWS_CARRIER_H
#define SOURCES_AWS_CARRIER_H

#include "sources/source.h"

/* What the carrier knows and the event may not say. */
struct carrier {
    const struct record *rec;
    str account, place;
    bool is_outcome_unknown; /* whether it failed was not asked for */
};

/* JSON text to the source that knows it: CloudTrail or Kubernetes audit. MAP_FOREIGN: neither does,
 * or it is no whole JSON. */
enum map_result carrier_give(const struct carrier *c, str text, struct mapper *m);

/* A row of an answer to a query, its columns as members of `row`; dots in a name are steps of a
 * path. MAP_FOREIGN: not one event with its name and time. */
enum map_result carrier_give_row(const struct carrier *c, const json_t *row, struct mapper *m);

#endif
