/*
 * instant: a point in time as the sources give it.
 *
 * UTC seconds since 1970 and nanoseconds, with the number of fraction digits the source wrote, so
 * that it can be printed back with the source's precision. "No time" is is_set = false: Terraform
 * states and some plans have none, and 0 or 0001-01-01 mean "not set" in several formats.
 *
 * A time key orders events and facts and is what queries compare: seconds << 30 | low 30 bits. For
 * facts the low bits are nanoseconds; for events a hash of the event id (store/store.h). Both
 * compare rightly with the bounds of a period, which are whole seconds.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include "base/arena.h"
#include "base/err.h"

struct instant {
    int64_t sec;
    int32_t nsec;
    uint8_t digits; /* fraction digits in the source: 0..9 */
    bool is_set;
};

/*
 * Reads every form of formats-cloud 2 and formats-iac 21: RFC 3339 with 0-9 digits and any offset,
 * a space instead of T, "2016-08-12 15:23:28 UTC", "2021-02-09 20:07:49.686182 +0000 UTC",
 * month-first "11/3/2020 9:06:42 AM +00:00", "23/Nov/2026:00:45:00 +0000", compact
 * "20131102T010628Z", and numbers (also as text) told apart by size: seconds below 1e11,
 * milliseconds below 1e14, microseconds below 1e17, else nanoseconds. Without a zone the time is
 * taken as UTC. The zero times of Go and 0 give is_set = false and true. Out of range (before 1970,
 * after 9999) or unreadable: false.
 */
bool instant_parse(str text, struct instant *out);

/* RFC 3339 in UTC with the source's digits: 2026-09-01T08:00:00.250Z. Absent when not set. */
str instant_text(struct instant t, struct arena *a);
/* The same into a buffer of at least 40 bytes; returns the length, 0 when not set. */
size_t instant_print(struct instant t, char *out);

int instant_cmp(struct instant a, struct instant b);

/* A key has 33 bits for seconds: what lies behind the year 2242 stands at its end. */
#define KEY_LAST_SECOND ((INT64_C(1) << 33) - 1)

static inline int64_t instant_key(struct instant t) /* time key with nanoseconds; 0 when not set */
{
    int64_t sec = t.sec < KEY_LAST_SECOND ? t.sec : KEY_LAST_SECOND;

    return t.is_set ? (sec * (INT64_C(1) << 30)) | t.nsec : 0;
}
/* The bound of a period as a time key: behind all keys when it lies behind the last second. */
static inline int64_t key_of_seconds(int64_t sec)
{
    return sec > KEY_LAST_SECOND ? INT64_MAX : sec * (INT64_C(1) << 30);
}
struct instant instant_from_key(int64_t key); /* digits: 0, 3, 6 or 9 as needed */

/* Civil calendar, UTC. Month 1..12, day 1..31. */
int64_t instant_days(int year, int month, int day); /* days since 1970-01-01 */
void instant_civil(int64_t days, int *year, int *month, int *day);

#endif
