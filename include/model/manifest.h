/*
 * manifest: what a bundle was made from and what is in it, as manifest.json.
 *
 * Program and rule versions, digests of configuration and registers, parameters, period, every
 * input with its digest and counts, gaps, results, every output with its digest. Written with one
 * item a line so that two manifests can be compared with diff. Same contents, same bytes.
 */
#ifndef MODEL_MANIFEST_H
#define MODEL_MANIFEST_H

#include "base/arena.h"
#include "base/err.h"
#include "model/config.h"
#include "model/period.h"
#include "model/report.h"

#define MANIFEST_SCHEMA "auditpress/manifest/1"

struct manifest_input { /* a file the database was filled from */
    str path, sha256, sources, compression, problem;
    int64_t number; /* the 7 of F7 in evidence references; 0: none, it could not be read */
    str first, last; /* times of its events, RFC 3339; absent: none */
    int64_t size, plain_size, read, accepted, rejected, duplicate, conflict, folded, not_event,
        text;
    struct manifest_input *next;
};

struct manifest_gap { /* silence of a continuous source that touches the period */
    str source, account, region, from, until;
    int64_t seconds, days;
    struct manifest_gap *next;
};

struct manifest_result { /* a query as it was run */
    str query, sha256;   /* of the query file */
    str environment, why, population_sha256;
    enum result result;
    bool is_list; /* lists its population: it has no count of exceptions */
    int64_t population, exceptions;
    struct manifest_result *next;
};

struct manifest_file {            /* a file of the rules, or of the bundle */
    str name, sha256, media_type; /* media_type: outputs only */
    int64_t size;                 /* outputs: bytes; lists: rows */
    struct manifest_file *next;
};

struct manifest_pair { /* a named parameter that was given */
    str name, value;
    struct manifest_pair *next;
};

struct manifest {
    const struct report *report;
    const struct period *period;
    const struct config *config;      /* digest, registers, query parameters */
    str catalogue;                    /* version of the rules */
    str command;                      /* gives the same bundle again */
    struct manifest_pair *parameters; /* frameworks, formats, filters */
    struct manifest_file *lists;
    struct manifest_input *inputs;
    struct manifest_gap *gaps;
    struct manifest_result *results;
    struct manifest_file *outputs; /* without manifest.json, SHA256SUMS and VERIFY.txt */
    const struct render_notes *notes;
};

str manifest_json(const struct manifest *m, struct arena *a);

/* What checking a bundle needs of it. */
struct manifest_facts {
    str report_id, dataset_sha256;
    struct manifest_file *outputs;
};
bool manifest_read(str json, struct arena *a, struct manifest_facts *out,
                   struct err *err) MUST_CHECK;

#endif
