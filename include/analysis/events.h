/*
 * events: listing what the store holds, filtered; used by `events`, `resources` and the result list
 * of `report request`.
 */
#ifndef ANALYSIS_EVENTS_H
#define ANALYSIS_EVENTS_H

#include "analysis/analysis.h"

/* Events of a scope in time order (time key, then id). Columns are the fields of design 2 under
 * their names; the last five belong to the evidence: file_sha256, offset, length, record_sha256,
 * and more_resources (separated by 0x1f). `environments`: names separated by spaces, absent for
 * all. The caller steps and closes the statement. */
bool events_open(struct store *st, const struct period *period, str environments,
                 const struct request_filter *filter, struct statement **out,
                 struct err *err) MUST_CHECK;
/* How many of the columns come before the evidence ones. */
size_t events_fields(const struct statement *q);

/* Resources held by state snapshots: address, type, cloud_id, status, serial, lineage, environment,
 * file, record. */
bool resources_open(struct store *st, str environments, str address, struct statement **out,
                    struct err *err) MUST_CHECK;

#endif
