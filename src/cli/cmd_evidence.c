/*
 * evidence: the record behind an event or a finding, from the original file.
 */
#include <stdio.h>

#include "command.h"
#include "model/display.h"
#include "pipeline/pipeline.h"

/* What the original says goes to stdout; where it stands goes to stderr, so that the record can be
 * piped. */
static bool print_evidence(struct context *ctx, const struct evidence_ref *ref)
{
    str bytes;

    fprintf(stderr, "%.*s: record %llu, byte %llu, %llu bytes\nfile SHA-256   %.*s\n",
            STR_FMT(display_line(ref->path, &ctx->arena)), (unsigned long long)ref->where.record,
            (unsigned long long)ref->where.offset, (unsigned long long)ref->where.length,
            STR_FMT(sha256_hex(&ref->file_sha256, &ctx->arena)));
    if (ref->has_sha)
        fprintf(stderr, "record SHA-256 %.*s\n",
                STR_FMT(sha256_hex(&ref->record_sha256, &ctx->arena)));
    if (!evidence_read(ref, option_flag(ctx, "raw"), &ctx->arena, &bytes, &ctx->err))
        return false;
    print_line(bytes);
    return true;
}

static int run(struct context *ctx)
{
    struct evidence_ref *refs;
    size_t nrefs = 0;

    if (!context_store(ctx, STORE_READ))
        return -1;
    for (size_t i = 0; i < ctx->noperands; i++) {
        if (!store_evidence(ctx->store, str_from(ctx->operands[i]), &ctx->arena, &refs, &nrefs,
                            &ctx->err))
            return -1;
        for (size_t j = 0; j < nrefs; j++)
            if (!print_evidence(ctx, &refs[j]))
                return -1;
    }
    return 0;
}

static const struct option options[] = {
    {"raw", NULL, "do not mask what looks like a secret", false}};
static const struct example examples[] = {
    {"evidence 68e4c3f0-a1b2c3d4e5f6",
     "the record's own bytes; the id is that of `events` and of the reports"},
};

const struct command command_evidence = {
    .name = "evidence",
    .operands = "ID...",
    .summary = "print the original record behind an event",
    .details = "The original file must stand where it stood when it was read. Its bytes are "
               "checked against the digests of the database.",
    .options = options,
    .noptions = 1,
    .examples = examples,
    .nexamples = 1,
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
