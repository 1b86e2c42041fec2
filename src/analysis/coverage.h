/*
 * coverage: what the record holds for a period and an environment, and when it is silent. Outcomes
 * rest on it.
 *
 * Loaded once for a period and environment and then asked by every query.
 */
#ifndef ANALYSIS_COVERAGE_H
#define ANALYSIS_COVERAGE_H

#include "analysis/analysis.h"
#include "base/instant.h"

#define KEY_OF_SECONDS(sec) key_of_seconds(sec)
#define SECONDS_OF_KEY(key) ((key) >> 30)
#define DAY_SECONDS         86400

struct source_seen {
    str source, title, gives;
    bool is_continuous;
    bool is_read; /* events or files of it reach into the period, in any environment */
    bool is_here; /* events of it in the environment, in the period */
};

/* Whole days without any event of a continuous source where some were to be expected. Days since
 * 1970, UTC. */
struct silence {
    str source, account;
    bool is_here; /* of the account's events in the environment; else of all its events */
    int64_t from_day, until_day;
    struct silence *next;
};

struct coverage {
    str environment;
    int64_t from, until;         /* time keys of the period */
    int64_t first_day, last_day; /* whole days of the period: first and one past the last */
    struct source_seen *sources;
    size_t nsources;
    struct silence *silences;       /* by source, account, day */
    int64_t days_told, days_silent; /* a day for each source and account of silence_counts() */
    int64_t history_days;           /* days of record before the period in the environment */
    int64_t first_key; /* where the record of the environment begins; 0: nothing there */
};

bool coverage_load(struct store *st, const struct scope *scope, struct arena *a,
                   struct coverage *out, struct err *err) MUST_CHECK;

struct source_seen *coverage_source(const struct coverage *c, str name); /* NULL: unknown */

/* --- needs.c ---------------------------------------------------------------------------------- */

/* Is the word of a needs line there? If not, *why says what is missing. */
bool coverage_has(const struct coverage *c, const struct config *cfg, str word, struct arena *a,
                  str *why);

/* The sources that a needs line rests on are silent on these days; absent when the record is whole.
 */
str coverage_silences(const struct coverage *c, str needs, struct arena *a);
str coverage_silences_all(const struct coverage *c,
                          struct arena *a); /* those that silence_counts() */

/* Is this silence one of the report's: a cloud account is asked for the environment's events, a
 * delivery platform for all. */
bool silence_counts(const struct coverage *c, const struct silence *s);

/* "2026-10-14" and "2026-10-14 to 2026-10-16" */
str days_text(int64_t from_day, int64_t until_day, struct arena *a);

bool word_in(str word, str words); /* among words separated by spaces */

#endif
