/*
 * input: from paths to decompressed bytes to records.
 *
 * Bytes decide, names do not: gzip (also several members), BOM, UTF-16 and Git LFS pointers are
 * recognised by content. Records are cut before they are parsed: one bad record costs one record,
 * and memory does not grow with the file.
 */
#ifndef SOURCES_INPUT_H
#define SOURCES_INPUT_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/file.h"
#include "model/issues.h"

/* --- which files -------------------------------------------------------------------------- */

/* Files, folders (recursive), globs; "-" stays "-". Sorted by bytes, each once. A path that matches
 * nothing is an error. */
bool input_expand(struct arena *a, const char *const *paths, size_t npaths, struct path_list *out,
                  struct err *err) MUST_CHECK;

/* --- bytes of one file -------------------------------------------------------------------- */

struct input; /* an open file with its decompressor */

struct input_totals {
    uint64_t size;           /* bytes as stored */
    uint64_t plain_size;     /* bytes after decompression */
    struct sha256 sha256;    /* of the bytes as stored */
    const char *compression; /* "none", "gzip" */
    uint64_t trailing;       /* bytes behind the last gzip member that are none: not read */
};

/* `path` "-" reads standard input. */
bool input_open(struct input **out, const char *path, struct err *err) MUST_CHECK;
/* Next decompressed bytes, at most `cap`; *got 0 at the end. On a broken member: false with err,
 * what came before stands. */
bool input_read(struct input *in, char *dst, size_t cap, size_t *got, struct err *err) MUST_CHECK;
/* Reads and hashes whatever was not read yet, then gives the totals. */
bool input_finish(struct input *in, struct input_totals *out, struct err *err) MUST_CHECK;
void input_close(struct input *in); /* NULL is fine */
/* Reading, and waiting for a pipe, ends with ERR_STOPPED once *stop is set. */
void input_stop_on(struct input *in, const volatile int *stop);

/* Buffers that are used again for file after file. Zero-initialise. */
struct input_space {
    char *stored, *plain;
    size_t stored_cap, plain_cap;
    void *inflater;
};

struct input_whole {
    str plain; /* in the space, until the next file */
    struct input_totals totals;
    const char *problem; /* in words: the compressed data is cut short or damaged; what came before
                            stands */
    bool is_too_large; /* more than `limit`, stored or inflated: read it as a stream, nothing is in
                          here */
};

/* A small file at once, several times faster than the stream. */
bool input_whole(struct input_space *space, const char *path, size_t limit, struct input_whole *out,
                 struct err *err) MUST_CHECK;
void input_space_free(struct input_space *space);

/* --- records ------------------------------------------------------------------------------ */

enum cut_kind {
    CUT_RECORD, /* a complete value; not yet validated inside */
    CUT_BROKEN, /* looked like a record but its brackets, quotes or nesting do not hold */
    CUT_TEXT,   /* a line between records that is not JSON at all */
    CUT_STRAY,  /* a comma or bracket that should not be there, or one that is missing: no
                   record is lost by it; each sort is told once a file */
    CUT_LOG,    /* a line of CloudWatch Logs that is text, with the lines that belong to it */
};

struct cut {
    enum cut_kind kind;
    str bytes;       /* inside the window given to cutter_next */
    uint64_t number; /* from 0; records, broken ones, logs are numbered, what stands between has the
                        number of the next */
    uint64_t offset, line; /* in the decompressed stream; line 1-based */
    str outer, wrapper;    /* see struct record; valid until the cutter is called again */
    bool is_row;           /* of a table: csv_record(outer, bytes) is the record */
    const char *reason;    /* for CUT_BROKEN and CUT_STRAY */
};

enum cutter_shape { CUTTER_JSON, CUTTER_NUL, CUTTER_CSV };

/*
 * Cuts a sequence of JSON values with or without white space between (formats-cloud 1.2): an array
 * gives its elements; an object with a known wrapper key gives the elements of the array under it,
 * as they arrive; any other object is a record. After a broken value it goes on at the next line
 * (in a one-document file: at the next element). CUTTER_NUL: records end with a NUL byte (git log
 * -z).
 *
 * Wrapper keys count only in an object that stands by itself or in an array that does, and only
 * when the array under them is empty or begins with an object or array. An object with an empty one
 * and more than six members is a record all the same. JSON:API: an object with nothing but data,
 * links, meta, included and jsonapi whose `data` is an object gives that object.
 *
 * CUTTER_CSV: each row below the header is a record; its `outer` is what csv_record needs to know
 * of the header. A row that does not fit is broken; a preamble, a totals row and a header that
 * comes again are strays.
 */
struct cutter;
struct cutter *cutter_new(enum cutter_shape shape, size_t max_record_bytes);
void cutter_free(struct cutter *c);

/*
 * Gives the next record in window[*at..len). Returns false when it needs more bytes: the caller
 * keeps the bytes from *at on (an unfinished record, or nothing), appends what follows in the
 * stream and calls again; `is_last` says that nothing follows, then the rest comes out as a record,
 * as broken or as text. The offset of window[0] in the stream is `base`. When a record outgrows
 * max_record_bytes it comes out as CUT_BROKEN and is skipped without being held.
 */
bool cutter_next(struct cutter *c, str window, uint64_t base, size_t *at, bool is_last,
                 struct cut *out);

/* The record that a row stands for: an object from the names of the columns, trimmed, to the cells
 * as strings. Rows of CloudTrail and CloudWatch Logs become the event they hold. */
str csv_record(str names, str row, struct arena *a);

/* After the last call: what is still open where the file ends, in words; NULL when all is closed.
 */
const char *cutter_unfinished(const struct cutter *c);

/* What the first bytes say. `why_not` gets a sentence when this can never be read (Parquet, UTF-16,
 * LFS pointer, binary). */
bool input_sniff(str first_bytes, enum cutter_shape *shape, const char **why_not);

/* What text looks like that holds no record at all: "human-readable Terraform output", "CSV";
 * "text" when nobody knows. */
const char *input_text_kind(str first_bytes);

#endif
