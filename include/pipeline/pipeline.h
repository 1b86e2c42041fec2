/*
 * pipeline: the order of things. Transactions, files, threads and the clock of the outside world
 * live here; everything below is told.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "analysis/analysis.h"
#include "base/file.h"
#include "render/render.h"
#include "sources/source.h"
#include "store/store.h"

/* --- ingest ------------------------------------------------------------------------------- */

struct ingest_options {
    str source; /* force this one; absent: by content */
    str env_hint;
    int threads;             /* 0: one per core */
    size_t max_record_bytes; /* 0: 64 MiB */
    bool is_dry_run;         /* probe only, write nothing */
    void (*progress)(void *state, uint64_t files, uint64_t records,
                     uint64_t bytes); /* NULL: none; at most 5 a second */
    void *progress_state;
    const volatile int *stop; /* set by a signal: end after the current file, roll back the rest */
};

struct source_totals {
    str source;
    uint64_t files;
    struct file_totals totals;
    struct source_totals *next;
};

struct ingest_result {
    uint64_t files, files_known, files_failed;
    struct file_totals totals;
    struct source_totals *sources; /* by name */
    struct file_issue { /* files and places, in input order; at most 1,000, then only counted */
        str path;
        const struct issue *issue;
        struct file_issue *next;
    } * issues;
    uint64_t nissues;
};

/* Files in, events in the store, facts derived. Results live in `a`. */
bool ingest(struct store *st, const struct config *cfg, const char *const *paths, size_t npaths,
            const struct ingest_options *opt, struct arena *a, struct ingest_result *out,
            struct err *err) MUST_CHECK;

/* --- reports ------------------------------------------------------------------------------ */

struct produce_options {
    const char *out_dir;
    str formats; /* "pdf,xlsx,json" */
    const char *template_dir;
};

struct bundle {
    str dir;           /* where it stands */
    str files;         /* names separated by spaces */
    str kept;          /* where a bundle of that name went that was changed after it was made */
    enum result worst; /* a gap (not tested, partial) counts as worse than exceptions */
    int64_t exceptions, not_tested;
    struct render_notes notes;
};

/* Composes, renders and writes one bundle: <kind>-<env>-<period>/ with PDF, XLSX, findings.json,
 * manifest.json, SHA256SUMS and VERIFY.txt, built beside and renamed into place. */
bool produce(const struct report_request *req, const struct produce_options *opt,
             const struct catalogue *c, struct store *st, const struct config *cfg, struct arena *a,
             struct bundle *out, struct err *err) MUST_CHECK;

/* Checks a bundle against its SHA256SUMS and manifest. Findings in `found`; true with none found
 * means intact. */
bool bundle_verify(const char *dir, struct issues *found, struct arena *a,
                   struct err *err) MUST_CHECK;

/* The record's own bytes from the original file, its digest checked; secrets masked unless
 * `is_raw`. */
bool evidence_read(const struct evidence_ref *ref, bool is_raw, struct arena *a, str *out,
                   struct err *err) MUST_CHECK;

/* --- rules and starters ------------------------------------------------------------------- */

/* Every query against its own samples: each case is ingested into a database of its own in a
 * private folder. */
bool rules_run(const struct catalogue *c, struct arena *a, struct rules_check *out,
               struct err *err) MUST_CHECK;

/* A first configuration, as JSON text, worked out from exports: sources, accounts and workspaces
 * found, and a proposed environment map. What cannot be told is listed in a "comment", not guessed.
 */
bool starter_config(const char *const *paths, size_t npaths, struct arena *a, str *out,
                    struct err *err) MUST_CHECK;

#endif
