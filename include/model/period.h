/*
 * period: a half-open span of time [from, until) in whole seconds, in a named zone.
 *
 * Parsed from "2026-10", "2026-Q3", "2026", "2026-10-05", "2026-03-01..2026-03-15", "last-month",
 * "last-quarter", "this-month", "T-30d", or from --from/--to where a bare end date is inclusive. A
 * lone "m" is refused as ambiguous; a bad date is an error, never an empty period. Zones are IANA
 * names; daylight saving is worked out from the zone database (read by this module, no TZ
 * environment variable).
 */
#ifndef MODEL_PERIOD_H
#define MODEL_PERIOD_H

#include "base/arena.h"
#include "base/err.h"

/* Offsets of one zone from its TZif file; UTC when the name is "UTC". Immutable, shared. */
struct zone;
const struct zone *zone_load(struct arena *a, str name,
                             struct err *err); /* NULL and err when unknown */
str zone_name(const struct zone *z);
int32_t zone_offset(const struct zone *z, int64_t utc_sec); /* seconds east of UTC */
/* The instant of a civil time in the zone. In the hour that does not exist: the instant of the
 * switch; in the hour that exists twice: the first. */
int64_t zone_instant(const struct zone *z, int year, int month, int day, int hour, int minute,
                     int second);

struct period {
    int64_t from, until; /* UTC seconds; from < until */
    str label;           /* "2026-10", "2026-Q3", "2026-03-03..2026-04-17": for file names */
    str title;           /* "October 2026", "3 March to 17 April 2026" */
    const struct zone *zone;
};

/* `now` (UTC seconds) is only used by the relative forms. */
bool period_parse(struct arena *a, str text, const struct zone *z, int64_t now, struct period *out,
                  struct err *err) MUST_CHECK;
bool period_between(struct arena *a, str from, str to, const struct zone *z, struct period *out,
                    struct err *err) MUST_CHECK;
/* Same length of calendar before this one: previous month, quarter, or the same number of days. */
struct period period_previous(struct arena *a, const struct period *p);
/* "2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z (UTC, end not included)", with offset when not UTC.
 */
str period_text(const struct period *p, struct arena *a);

#endif
