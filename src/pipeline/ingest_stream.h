/*
 * ingest_stream: a large file, or a pipe, becomes pieces of about two megabytes.
 */
#ifndef PIPELINE_INGEST_STREAM_H
#define PIPELINE_INGEST_STREAM_H

#include "pipeline/ingest_piece.h"

/* Takes the piece over. False: stop, nobody wants more. */
typedef bool piece_sink(void *state, struct piece *p);

/* Gives at least one piece, the last marked so; what goes wrong with the file stands in it. Memory
 * is bounded by the piece and by the largest record. False when the sink said so. */
bool stream_file(const char *path, const struct piece_rules *rules, piece_sink *sink, void *state);

#endif
