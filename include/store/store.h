/*
 * store: the SQLite file. sqlite3.h stops here.
 *
 * The database is a cache of the evidence: from the same files in any order, with any number of
 * threads, the same reports come out. Keys: event key   seconds << 30 | 30 bits of the event's
 * 128-bit id; on a collision the next free key. Time order, dedup and insert locality in one tree.
 * Events without a time have seconds 0. public id   what `events` prints: hex seconds, '-', first
 * 12 hex digits of the 128-bit id. The same on every machine. 128-bit id  the native id itself when
 * it is a UUID (with evenly spread digits, versions 3 4 5 8) that dedupes by itself, else the first
 * half of SHA-256(source NUL dedupe key). Without a dedupe key of their own, the second and further
 *               events of one record are numbered.
 * Same 128-bit id with the same content (time, who, what, where, outcome) is a duplicate: one copy
 * stands, the one in the file with the lowest SHA-256, then the lowest offset, whatever the order
 * of ingest. With other content it is a conflict: both stand, both public ids get four digits of
 * their content's hash ("-9c3d") and an issue says so. Ids are compared within a second: the same
 * id at another time is another event.
 *
 * Writing is one thread's work, in input order; batches are filled by any thread. Dictionary ids
 * are given out by the writer. Durability: journal mode TRUNCATE, synchronous FULL; a committed
 * file survives power loss. A fresh database is the same.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/digest.h"
#include "model/config.h"
#include "model/event.h"
#include "model/issues.h"

struct store;

enum store_mode {
    STORE_READ,  /* must exist; no lock */
    STORE_WRITE, /* made when missing; takes the lock <path>.lock, ERR_LOCKED when held */
};

/* ":memory:" is a database of its own that ends with the store. */
bool store_open(struct store **out, const char *path, enum store_mode mode,
                struct err *err) MUST_CHECK;
void store_close(struct store *st); /* NULL is fine; rolls back what is not committed */

/* --- filling a batch: any thread, no SQLite ----------------------------------------------- */

struct batch;
struct batch *batch_new(void);
void batch_free(struct batch *b);          /* NULL is fine */
size_t batch_bytes(const struct batch *b); /* memory held, for bounding the queue */

/* Copies all it needs. The events of one record go into one batch. `sha` is the SHA-256 of the
 * record's bytes: NULL for plain reads (verb read or list, outcome success). */
void batch_add(struct batch *b, const char *source, const struct event *ev,
               const struct evidence *where, str record_bytes, const struct sha256 *sha);
void batch_issue(struct batch *b, const struct issue *issue);

/* What the reader counted. read = accepted + rejected + duplicate holds per file once it is stored;
 * the writer works out accepted and duplicate. A record that gave several events is accepted once;
 * one that gave only duplicates is a duplicate. */
struct batch_counts {
    uint64_t read, rejected, not_event, text;
};
void batch_count(struct batch *b, const struct batch_counts *add);

/* --- writing ------------------------------------------------------------------------------ */

struct file_info {
    str path; /* as given by the user */
    struct sha256 sha256;
    uint64_t size, plain_size;
    const char *compression;
    str sources;  /* names of the sources found in it, separated by spaces */
    str env_hint; /* --env at ingest: wins over the environment map */
};

/* As things stood when the file came: what it added. When a later file takes over an event (see
 * above), the totals in the database move with it, those given here before do not. */
struct file_totals {
    uint64_t read, accepted, rejected, duplicate, conflict, folded, not_event, text;
};

bool store_begin(struct store *st, struct err *err) MUST_CHECK;
bool store_commit(struct store *st, struct err *err) MUST_CHECK;
void store_rollback(struct store *st);

/* Is a file with these bytes here already? Also notes the new path for it. */
bool store_file_known(struct store *st, const struct sha256 *sha, str path, bool *known,
                      struct err *err) MUST_CHECK;
bool store_size_known(struct store *st, uint64_t size, bool *known, struct err *err) MUST_CHECK;
/* One file at a time. Its SHA-256 need not be known before store_file_end. Should it turn out to be
 * known already, all of it is a duplicate and only the path is noted. */
bool store_file_begin(struct store *st, str path, str env_hint, int64_t *file,
                      struct err *err) MUST_CHECK;
bool store_write(struct store *st, int64_t file, struct batch *b, struct err *err) MUST_CHECK;
bool store_file_end(struct store *st, int64_t file, const struct file_info *info,
                    struct file_totals *totals, struct err *err) MUST_CHECK;
/* A file that could not be read at all: kept with its reason so that reports can say so. */
bool store_file_failed(struct store *st, str path, str reason, struct err *err) MUST_CHECK;

/* What the events of a source are good for. The sources layer knows it; the store keeps it so that
 * gaps (only a continuous source can be silent), queries (view `source`) and outcomes can use it.
 * Set for every source before files are written; setting the same again changes nothing. */
struct source_facts {
    str name, title; /* "aws-cloudtrail", "AWS CloudTrail" */
    str gives;       /* words of report/README.md, separated by spaces: "cloud-audit sign-in" */
    bool is_continuous;
};
bool store_source_add(struct store *st, const struct source_facts *source,
                      struct err *err) MUST_CHECK;

/* A row of report/lists/<list>.tsv for the temp table behind the view `list` and in_list(); kept
 * until the store is closed, never written to the file. Works on a store opened for reading too. */
bool store_list_add(struct store *st, str list, str source, str service, str pattern, str note,
                    struct err *err) MUST_CHECK;

/* Tells the registers before files are written. Not needed, but path patterns of the environment
 * map that are not known while a file is written cost store_derive a pass over all events. Inside
 * or outside a transaction. */
bool store_configure(struct store *st, const struct config *cfg, struct err *err) MUST_CHECK;

/* Applies the environment map, the registers and the join rules: (re)makes every derived table.
 * Nothing to do when neither events nor configuration changed since the last time. Inside or
 * outside a transaction. */
bool store_derive(struct store *st, const struct config *cfg, struct err *err) MUST_CHECK;
/* Are these the environments, rules and registers that were applied last? Also on a store opened for
 * reading. */
bool store_is_configured(struct store *st, const struct config *cfg, bool *is,
                         struct err *err) MUST_CHECK;

/* --- reading ------------------------------------------------------------------------------ */

enum cell_kind { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT };
struct cell {
    enum cell_kind kind;
    int64_t i;
    double r;
    str text; /* valid until the next step */
};

struct statement; /* one prepared, read-only SELECT */

/* Refuses anything but one SELECT over the published views and functions (an authorizer watches),
 * whatever it is called by. `what` names it in messages. A statement that runs longer than
 * `limit_ms` (0: no limit) is interrupted with an error. */
bool store_prepare(struct store *st, str sql, const char *what, int limit_ms,
                   struct statement **out, struct err *err) MUST_CHECK;
void statement_close(struct statement *q);                        /* NULL is fine */
bool statement_has(const struct statement *q, const char *param); /* does it use :param */
void statement_bind_int(struct statement *q, const char *param,
                        int64_t v); /* unused parameters are ignored */
void statement_bind_text(struct statement *q, const char *param, str v); /* absent binds NULL */
size_t statement_columns(const struct statement *q);
const char *statement_column(const struct statement *q, size_t column);
bool statement_next(struct statement *q, bool *has_row, struct err *err) MUST_CHECK;
struct cell statement_cell(const struct statement *q, size_t column);
void statement_reset(struct statement *q);

/* Where the bytes of an event or a fact stand. `id` is a public id. */
struct evidence_ref {
    str path; /* as ingested */
    struct sha256 file_sha256;
    struct evidence where;
    bool has_sha;
    struct sha256 record_sha256;
};
bool store_evidence(struct store *st, str id, struct arena *a, struct evidence_ref **refs,
                    size_t *nrefs, struct err *err) MUST_CHECK;

/* Recounts everything that is kept as a total (roll-ups, control totals) and checks the file
 * against itself. */
bool store_verify(struct store *st, struct issues *found, struct arena *a,
                  struct err *err) MUST_CHECK;

/* SHA-256 over the ordered event ids and contents of a period and environment (absent: all): the
 * dataset digest. */
bool store_dataset_digest(struct store *st, int64_t from_key, int64_t until_key, str environment,
                          struct sha256 *out, uint64_t *events, struct err *err) MUST_CHECK;

#endif
