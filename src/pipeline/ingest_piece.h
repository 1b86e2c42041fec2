/*
 * ingest_piece: the unit of work that goes from reader to worker to writer.
 *
 * A small file is one piece, read by the worker itself; a large one is many, cut by the reader. A
 * piece carries its results: a batch of rows, counts, what was wrong. Nothing in it depends on
 * which thread worked on it or when, so the writer, who takes pieces in input order, gives the same
 * database for any number of threads.
 */
#ifndef PIPELINE_INGEST_PIECE_H
#define PIPELINE_INGEST_PIECE_H

#include "pipeline/pipeline.h"
#include "sources/input.h"

enum { MOST_SOURCES = 128 };

struct piece {
    const char *path;
    struct arena arena;     /* for everything below */
    bool is_first, is_last; /* of its file */
    bool is_whole;          /* the worker reads the file itself */
    bool is_json;           /* not the shape of git log */
    /* from the reader, for a piece of a large file */
    char *bytes;
    size_t nbytes;
    struct cut *cuts;
    size_t ncuts;
    /* results */
    struct batch *batch;
    struct batch_counts counts;
    struct issues issues;
    struct issues text; /* lines that are no records: good or bad is known with the file */
    uint64_t ntext;
    const char *text_kind;      /* what the file looks like should it hold no record */
    bool is_seen[MOST_SOURCES]; /* sources found, by their place in source_list */
    size_t held;                /* memory of the results */
    /* about the file, in its last piece */
    struct input_totals totals;
    str failed;        /* it cannot be read at all, and why */
    bool is_too_large; /* for a whole piece: read it as a stream */
};

struct piece *piece_new(const char *path);
void piece_free(struct piece *p); /* NULL is fine */
struct issue *piece_issue(struct piece *p, enum issue_kind kind, const struct cut *where,
                          const char *fmt, ...) PRINTF_LIKE(4, 5);

/* What is the same for all pieces of a run. */
struct piece_rules {
    const struct source *forced; /* NULL: by content */
    struct map_settings map;
    size_t max_record_bytes;
    const volatile int *stop; /* may be NULL */
};

/* A worker's own memory. */
struct piece_worker;
struct piece_worker *piece_worker_new(const struct piece_rules *rules);
void piece_worker_free(struct piece_worker *w);
/* Fills in the results. */
void piece_work(struct piece_worker *w, struct piece *p);

/* What ends a file: things left open, bytes behind the compressed data, damage (NULL: none). */
void piece_end(struct piece *p, const struct cutter *c, const char *damage);

#endif
