/*
 * bundle: the folder that a report lands as. Names and the two files every part of it agrees on.
 */
#ifndef PIPELINE_BUNDLE_H
#define PIPELINE_BUNDLE_H

#include "analysis/analysis.h"
#include "base/digest.h"
#include "base/file.h"
#include "model/manifest.h"

#define BUNDLE_SUMS     "SHA256SUMS"
#define BUNDLE_MANIFEST "manifest.json"
#define BUNDLE_FINDINGS "findings.json"
#define BUNDLE_VERIFY   "VERIFY.txt"

/* <kind>-<environment>-<period>, safe as a file name; with a filter, a piece of its digest behind.
 */
str bundle_name(const struct report_request *req, struct arena *a);

/* Digest and size of a file, read in pieces. `do_sync` also makes it private and puts it on the
 * disk for good. */
bool bundle_digest(const char *path, bool do_sync, struct sha256 *digest, uint64_t *size,
                   struct err *err) MUST_CHECK;

/* The files of the database, by path. */
bool bundle_inputs(struct store *st, struct arena *a, struct manifest_input **out,
                   struct err *err) MUST_CHECK;

/* What the manifest says about where the report comes from: gaps out of the store, lists and
 * queries out of the catalogue, parameters out of the request. Inputs, outputs and notes are the
 * caller's. */
bool bundle_manifest(const struct report_request *req, str formats, const struct catalogue *c,
                     struct store *st, const struct query_result *results, struct arena *a,
                     struct manifest *out, struct err *err) MUST_CHECK;

#endif
