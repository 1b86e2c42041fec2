/*
 * internal: what the files of this layer share. Nobody else includes it.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/batch.h"
#include "store/sql.h"
#include "store/store.h"

#define SCHEMA_VERSION 1 /* of schema.sql and of the blobs of body.c */
#define STATEMENTS     512

/* --- dictionaries (dict.c) -------------------------------------------------------------------- */

struct dict_entry {
    uint64_t hash;
    size_t at, len; /* tuple bytes in the pool */
    int64_t id;     /* 0: empty slot */
};

/* What the writer remembers of a dictionary table: see dict.c. */
struct dict {
    struct dict_entry *recent;
    size_t nrecent;
    struct buf pool;
    struct known {
        uint32_t hash, id; /* id 0: empty slot */
    } * known;
    size_t nknown, nknown_slots;
    int64_t last_id; /* -1: not read yet */
};

bool dict_id(struct store *st, enum dict_kind kind, str tuple, uint64_t hash, int64_t *id,
             struct err *err) MUST_CHECK;
void dict_forget(struct dict *d); /* ids given out since the last commit are void */
void dict_free(struct dict *d);

/* --- roll-ups (rollup.c) ---------------------------------------------------------------------- */

/* The part of an event that roll-ups see. */
struct tally {
    int64_t sec, scope, actor, action, error;
    int outcome;
    bool is_write, is_fact;
};

enum roll_kind { ROLL_DAY_ACTION, ROLL_DAY_ACTOR, ROLL_SEEN, ROLL_COVERAGE, ROLL_KINDS };

struct roll {
    int64_t key[5];
    int64_t n, writes, failed; /* to add */
    int64_t first, last;
    bool has_span, is_stale; /* stale: an end of the span was taken away, count it again */
};

struct roll_map {
    struct roll *rolls;
    size_t count, cap;
    uint32_t *slots;
    size_t nslots;
};

void rollup_add(struct store *st, const struct tally *t);
void rollup_change(struct store *st, const struct tally *was,
                   const struct tally *is); /* NULL: nothing */
bool rollup_flush(struct store *st, struct err *err) MUST_CHECK;
bool rollup_flush_when_full(struct store *st, struct err *err) MUST_CHECK;
bool rollup_recount_stale(struct store *st, struct err *err) MUST_CHECK;
struct recount { /* the same rows twice, in the order of their keys */
    const char *table;
    int nkeys;
    const char *kept, *count; /* as the table has them; as the events add up to them */
};
extern const struct recount rollup_recounts[ROLL_KINDS];
bool rollup_rebuild(struct store *st, struct err *err) MUST_CHECK;
void rollup_forget(struct store *st);
void rollup_free(struct store *st);

/* --- writing ---------------------------------------------------------------------------------- */

/* The batch as a virtual table reads it: rows in the order of their keys (feed.c). */
struct feed {
    const struct batch *batch;
    const uint32_t *order;
    size_t n, at;
    int64_t file;
    bool *inserted; /* per place in `order`; NULL when no insert runs */
};

bool feed_open(struct store *st, struct err *err) MUST_CHECK;
/* Inserts rows[order[0..n)] whose wanted key is free and says which these were. */
bool feed_insert(struct store *st, const struct batch *b, const uint32_t *order, size_t n,
                 int64_t file, bool *inserted, struct err *err) MUST_CHECK;

/* A row that lost against a standing copy in another file; who wins is known when the file's digest
 * is (pending.c). */
struct pending {
    struct buf bytes; /* one after another: struct late, then its texts */
    bool is_spilled;  /* some went to a temporary table */
};

/* The file that is being written. */
struct open_file {
    int64_t id; /* 0: none */
    struct arena arena;
    str path, hint, fits;
    struct batch_counts counts;
    uint64_t gave;       /* records that gave events */
    uint64_t duplicate;  /* of these: all events stood elsewhere when they came */
    uint64_t standing;   /* events that stand in it now */
    int64_t first, last; /* seconds; 0: none */
    bool has_span;
};

struct eid_list { /* ids whose conflicts, and folds whose events, have to be worked out again */
    unsigned char (*ids)[EID_SIZE];
    size_t count, cap;
};

void eid_list_add(struct eid_list *list, const unsigned char eid[EID_SIZE]);

/* place.c: where rows stand. */
enum placing { PLACED_NEW, PLACED_DUPLICATE, PLACED_PENDING };
/* `was`: what roll-ups counted for an event that this one takes the place of; NULL for none. */
bool place_row(struct store *st, const struct row *row, str pool, int64_t file, str records,
               const struct tally *was, enum placing *how, int64_t *key,
               struct err *err) MUST_CHECK;
bool place_replace(struct store *st, const struct row *row, str pool, int64_t file,
                   struct err *err) MUST_CHECK;
bool place_remove(struct store *st, int64_t key, struct tally *was, struct err *err) MUST_CHECK;
struct tally row_tally(const struct row *row);

/* facts.c: what hangs off an event. */
bool extras_insert(struct store *st, int64_t key, str blob, str records,
                   struct err *err) MUST_CHECK;
bool extras_delete(struct store *st, int64_t key, struct err *err) MUST_CHECK;
bool extras_move(struct store *st, int64_t from, int64_t to, struct err *err) MUST_CHECK;

/* fold.c: records that are parts of one act. */
bool fold_add(struct store *st, const struct row *row, const struct part *part, str pool,
              str source, int64_t file, enum placing *how, struct err *err) MUST_CHECK;
bool fold_replace(struct store *st, const struct row *row, const struct part *part, str pool,
                  int64_t file, struct err *err) MUST_CHECK;
bool fold_settle(struct store *st,
                 struct err *err) MUST_CHECK; /* makes the merged events of touched folds again */

/* pending.c */
void pending_add(struct store *st, const struct row *row, const struct part *part, str pool);
bool pending_spill(struct store *st, struct err *err) MUST_CHECK; /* when there is much of it */
bool pending_settle(struct store *st,
                    struct err *err) MUST_CHECK; /* once the file's digest stands in file_row */
void pending_forget(struct store *st);

/* conflict.c */
bool conflict_settle(struct store *st, struct err *err) MUST_CHECK;

/* writer.c: rows of a batch get the ids of the database. */
bool row_intern(struct store *st, struct batch *b, struct row *row, str hint, str fits,
                struct err *err) MUST_CHECK;

/* file.c: control totals. A record loses or wins a standing event. */
bool record_loses(struct store *st, int64_t file, int64_t record, struct err *err) MUST_CHECK;
bool record_wins(struct store *st, int64_t file, int64_t record, struct err *err) MUST_CHECK;
bool file_sha256(struct store *st, int64_t file, struct sha256 *out, struct err *err) MUST_CHECK;
/* Path patterns of the environment map that a path fits, one a line, sorted. */
str path_fits(const struct store *st, struct arena *a, str path);

/* registers.c */
bool registers_load(struct store *st, struct err *err)
    MUST_CHECK; /* path patterns, aliases, ticket pattern into memory */
bool registers_write(struct store *st, const struct config *cfg, struct err *err) MUST_CHECK;
bool scopes_refit(struct store *st,
                  struct err *err) MUST_CHECK; /* when the path patterns changed */

/* open.c */
bool content_changed(struct store *st,
                     struct err *err) MUST_CHECK; /* so that facts are derived again */

/* meta.c */
bool meta_get(struct store *st, const char *key, struct arena *a, str *out,
              struct err *err) MUST_CHECK;
bool meta_set(struct store *st, const char *key, str value, struct err *err) MUST_CHECK;

/* lock.c: an exclusive lock on <path>.lock; *fd stays open. */
bool lock_take(const char *path, int *fd, struct err *err) MUST_CHECK;
void lock_drop(const char *path, int fd);

/* functions.c, ticket.c, lists.c */
bool functions_open(struct store *st, struct err *err) MUST_CHECK;
struct ticket_pattern;
struct ticket_pattern *ticket_pattern_new(str pattern,
                                          struct err *err); /* NULL and err when it is none */
str ticket_find(const struct ticket_pattern *p, str text,
                struct arena *a); /* part of `text`, or absent */
void ticket_pattern_free(struct ticket_pattern *p);
bool lists_open(struct store *st, struct err *err) MUST_CHECK;
struct alias {
    str name; /* lower case */
    int64_t person;
};
struct list_set; /* report/lists in memory */
int list_match(const struct list_set *set, str list, str source, str service, str value);
void list_set_free(struct list_set *set);

/* guard.c: what users' SQL may do. */
bool guard_open(struct store *st, struct err *err) MUST_CHECK;
int64_t guard_now_ms(void);
bool guard_check_text(const struct store *st, str sql, const char *what,
                      struct err *err) MUST_CHECK;

/* --- the store -------------------------------------------------------------------------------- */

struct cached {
    const char *text;
    sqlite3_stmt *stmt;
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    int lock_fd; /* -1: none */
    struct cached statements[STATEMENTS];

    struct dict dicts[DICT_KINDS];
    struct roll_map rolls[ROLL_KINDS];
    struct feed feed;
    struct open_file file;
    struct pending pending;
    struct eid_list conflicts, folds;
    struct arena row_arena; /* reset per row */
    bool is_changed;        /* since the last commit */

    struct arena registers;
    const str *patterns; /* path patterns of the environment map, sorted */
    size_t npatterns;
    const struct alias *aliases; /* sorted by name */
    size_t naliases;

    struct ticket_pattern *ticket; /* NULL: none configured yet */

    struct list_set *lists;
    struct arena names;
    const str *views; /* published ones and internal ones (name begins with _), sorted */
    size_t nviews;
    bool is_guarded;     /* a user's statement is being prepared or stepped */
    int64_t deadline_ms; /* of that statement; 0: none */
    bool is_late;
};

#endif
