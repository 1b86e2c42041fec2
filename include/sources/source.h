/*
 * source: what one kind of export looks like and what its records mean.
 *
 * A source is one file src/sources/<name>.c and one line in src/sources/list.h. The reader has
 * already cut the file into records (sources/cutter.h); an adapter knows one record and nothing
 * about files.
 */
#ifndef SOURCES_SOURCE_H
#define SOURCES_SOURCE_H

#include "base/fields.h"
#include "base/json.h"
#include "model/event.h"
#include "model/issues.h"

struct record {
    str bytes;     /* JSON text of the record (for git-log: its fields, see there) */
    str outer;     /* scalar members of the wrapper that stand before the array, as a JSON object;
                      absent when there is no wrapper */
    str wrapper;   /* key under which the record was found: "Records", "data" ... */
    str file_name; /* base name, a hint for messages only */
    uint64_t number, offset;
    bool is_row;   /* a row of a table: bytes were made of it by csv_record */
    const struct field *fields; /* one per path of the source, read before map is called */
};

enum map_result {
    MAP_DONE,      /* events were emitted (also none: recognised, nothing to tell) */
    MAP_NOT_EVENT, /* recognised as something that is no event: a digest, an insight, a health check
                    */
    MAP_FOREIGN,   /* not this source's record: probe it again */
    MAP_REJECT,    /* broken: `why` says what is missing, in words for a user */
};

/* What map works with. Everything allocated from `arena` lives until the record is stored. */
struct mapper {
    struct arena *arena;
    struct issues *notes;                                   /* taken, but the reader should know */
    void (*emit)(struct mapper *m, const struct event *ev); /* any number of times */
    const struct map_settings *settings;
    const struct source *as; /* set by a carrier around emit: whose event it is; NULL: its own */
    const char *why; /* set by map before MAP_REJECT or MAP_NOT_EVENT; static or in arena */
};

/* The few settings that change what a record means. */
struct map_settings {
    str commit_variable; /* plan JSON: which variable holds the commit */
};

/* What the events of a source are good for: the `needs` of queries are worked out from these. */
enum source_gives {
    GIVES_CLOUD_AUDIT = 1 << 0, /* writes to cloud resources */
    GIVES_SIGN_IN = 1 << 1,
    GIVES_RUNS = 1 << 2, /* applies and deployments */
    GIVES_APPROVALS = 1 << 3,
    GIVES_VCS = 1 << 4,            /* commits and change requests */
    GIVES_STATE = 1 << 5,          /* what code manages */
    GIVES_PLATFORM_AUDIT = 1 << 6, /* administration of delivery platforms */
    GIVES_DRIFT = 1 << 7,
    GIVES_STATE_ACCESS = 1 << 8, /* reads and writes of state */
};

enum source_shape { SHAPE_JSON, SHAPE_GIT_LOG, SHAPE_CSV };

struct mapping;

struct source {
    const char *name;  /* "aws-cloudtrail" */
    const char *title; /* "AWS CloudTrail" */
    const char *reads; /* one line for `sources`: which exports, how to get them */
    enum source_shape shape;
    unsigned gives;           /* enum source_gives */
    bool is_continuous;       /* events are expected all the time: gaps mean something */
    bool text_is_normal;      /* lines that are not records are normal in its files */
    const char *const *paths; /* wanted fields; NULL with npaths 0 when map reads the tree itself */
    size_t npaths;
    /* How sure, 0 to 100, that this record is ours. Called on the first records of a file and when
     * map said FOREIGN; the tree is the parsed record (NULL for shapes other than JSON). */
    int (*probe)(const struct record *rec, const json_t *tree);
    enum map_result (*map)(const struct record *rec, struct mapper *m);
    const struct mapping *mapping; /* of a mapping file: probe and map are NULL then */
};

const struct source *source_find(str name);             /* NULL when unknown */
const struct source *const *source_list(size_t *count); /* in the order of list.h */
/* Best probe; NULL when nobody claims it. `nearest` (may be NULL) gets the closest known format in
 * words. */
const struct source *source_probe(const struct record *rec, const char **nearest);
/* Compiled paths of a source: built once before threads start. */
const struct field_set *source_fields(const struct source *s);
void sources_start(void); /* once, before any other call; seeds jansson, compiles the paths */

/* Mapping files of a folder become sources, behind those of the program; no folder, no mappings.
 * Once, after sources_start and before threads. */
bool sources_load(const char *dir, struct err *err) MUST_CHECK;
/* Maps a record by the adapter or the mapping of the source. */
enum map_result source_map(const struct source *s, const struct record *rec, struct mapper *m);

/* --- for adapters ------------------------------------------------------------------------- */

struct event event_new(void); /* everything absent, enums unknown */

/* AWS user agents, GCP user agents and so on: formats-cloud 15. */
enum channel channel_from_user_agent(str user_agent);

/* Ticket keys are found later, from the configured pattern; adapters only keep messages and titles.
 */

#endif
