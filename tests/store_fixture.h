/*
 * store_fixture: a store in memory and small files of events for the tests of src/store.
 *
 * A file is a list of tells; its digest is that of its name, so tests choose which of two files
 * sorts lower by naming them.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "model/event.h"
#include "store/store.h"

/* One record. Absent members have a common value. */
struct tell {
    const char *id; /* native id */
    const char *time;
    const char *actor, *action, *resource, *error, *agent, *region;
    const char *fold; /* key; part below */
    const char *grantee, *run;
    const char *by, *by_id; /* who approved the run, which was applied */
    const char *called;     /* name of the user by_id */
    int part;
    enum verb verb;
    enum outcome outcome; /* unknown: success */
    bool is_again;        /* a further event of the record before */
    bool is_pending, is_fact_only;
};

static inline void event_approve(struct event *ev, const struct tell *t, struct arena *a)
{
    struct approval *p = arena_new(a, struct approval, 1);
    struct change *c = arena_new(a, struct change, 1);
    struct fact_link *l = arena_new(a, struct fact_link, 1);

    *p = (struct approval){.decision = STR("approve"),
                           .object_type = STR("run"),
                           .object = ev->run,
                           .by = str_from(t->by),
                           .by_id = str_from(t->by_id),
                           .when = ev->time};
    *c = (struct change){.tool = STR("hcp-terraform"),
                         .key = ev->run,
                         .result = STR("applied"),
                         .applied_by_id = str_from(t->by_id),
                         .t_start = ev->time,
                         .adds = -1,
                         .changes = -1,
                         .destroys = -1,
                         .auto_apply = -1};
    *l = (struct fact_link){
        STR("user"), str_from(t->by_id), STR("user_name"), str_from(t->called), STR("test"), false,
        NULL};
    ev->approvals = p;
    ev->changes = c;
    ev->links = t->called ? l : NULL;
}

static inline struct event event_of(const struct tell *t, struct arena *a)
{
    struct event ev = {0};

    (void)instant_parse(str_from(t->time ? t->time : "2026-10-05T08:00:00Z"), &ev.time);
    if (t->time && !str_ends(str_from(t->time), STR("Z")))
        ev.time_text = str_from(t->time);
    ev.actor = ev.actor_id = str_from(t->actor ? t->actor : "kim");
    ev.actor_type = ACTOR_HUMAN;
    ev.service = STR("ec2.amazonaws.com");
    ev.action = str_from(t->action ? t->action : "RunInstances");
    ev.verb = t->verb ? t->verb : VERB_CREATE;
    ev.resource = str_from(t->resource);
    ev.account = STR("111122223333");
    ev.region = str_from(t->region ? t->region : "eu-central-1");
    ev.source_ip = STR("192.0.2.7");
    ev.user_agent = str_from(t->agent);
    ev.outcome = t->is_pending ? OUTCOME_PENDING : t->outcome ? t->outcome : OUTCOME_SUCCESS;
    ev.error = str_from(t->error);
    ev.run = str_from(t->run);
    ev.native_id = str_from(t->id);
    ev.fold.key = str_from(t->fold);
    ev.fold.part = (uint8_t)t->part;
    ev.is_fact_only = t->is_fact_only;
    if (t->by || t->by_id)
        event_approve(&ev, t, a);
    if (t->grantee) {
        ev.grants = arena_new(a, struct grant, 1);
        ev.grants->grantee = str_from(t->grantee);
        ev.grants->permission = STR("admin");
        ev.grants->is_admin = true;
    }
    return ev;
}

struct fixture {
    struct store *st;
    struct arena a;
    struct config cfg;
    struct err err;
    struct file_totals totals; /* of the file written last */
};

static inline bool fixture_open(struct fixture *f)
{
    *f = (struct fixture){0};
    config_defaults(&f->cfg);
    return store_open(&f->st, ":memory:", STORE_WRITE, &f->err);
}

static inline void fixture_close(struct fixture *f)
{
    store_close(f->st);
    arena_free(&f->a);
}

/* One batch per `per_batch` records. */
static inline bool write_batches(struct fixture *f, int64_t file, const struct tell *tells,
                                 size_t n, size_t per_batch)
{
    uint64_t record = 0, in_batch = 0;
    struct batch *b = batch_new();
    bool ok = true;

    for (size_t i = 0; i < n && ok; i++) {
        struct event ev = event_of(&tells[i], &f->a);
        str bytes =
            str_print(&f->a, "{\"id\":\"%s\",\"n\":%zu}", tells[i].id ? tells[i].id : "", i);
        struct sha256 sha = sha256_of(bytes);
        bool is_plain = ev.verb == VERB_READ;

        if (!tells[i].is_again && i > 0) {
            record++;
            if (++in_batch >= per_batch) {
                ok = store_write(f->st, file, b, &f->err);
                batch_free(b);
                b = batch_new();
                in_batch = 0;
            }
        }
        if (!tells[i].is_again)
            batch_count(b, &(struct batch_counts){.read = 1});
        batch_add(b, "aws-cloudtrail", &ev, &(struct evidence){record, record * 100, 99}, bytes,
                  is_plain ? NULL : &sha);
    }
    ok = ok && store_write(f->st, file, b, &f->err);
    batch_free(b);
    return ok;
}

static inline bool write_file_in(struct fixture *f, const char *name, const struct tell *tells,
                                 size_t n, size_t per_batch)
{
    struct file_info info = {.path = str_from(name),
                             .size = 100 + strlen(name),
                             .plain_size = 200,
                             .compression = "none",
                             .sources = STR("aws-cloudtrail")};
    bool known;
    int64_t file;

    info.sha256 = sha256_of(str_from(name));
    if (!store_file_known(f->st, &info.sha256, info.path, &known, &f->err))
        return false;
    return known || (store_file_begin(f->st, info.path, STR_NONE, &file, &f->err) &&
                     write_batches(f, file, tells, n, per_batch) &&
                     store_file_end(f->st, file, &info, &f->totals, &f->err));
}

/* In a transaction of its own. */
static inline bool write_file(struct fixture *f, const char *name, const struct tell *tells,
                              size_t n)
{
    return store_begin(f->st, &f->err) && write_file_in(f, name, tells, n, 1000) &&
           store_commit(f->st, &f->err);
}

#define WRITE(f, name, ...)                                                                        \
    write_file(f, name, (const struct tell[]){__VA_ARGS__},                                        \
               sizeof((const struct tell[]){__VA_ARGS__}) / sizeof(struct tell))

/* All rows of a query, one a line, columns separated by '|'; an error's text in brackets. */
static inline str rows_of(struct fixture *f, const char *sql)
{
    struct err err = {0};
    struct statement *q = NULL;
    bool has_row = true;
    str out = STR("");

    if (!store_prepare(f->st, str_from(sql), "test", 0, &q, &err))
        return str_print(&f->a, "[%s]", err.text);
    while (statement_next(q, &has_row, &err) && has_row) {
        for (size_t i = 0; i < statement_columns(q); i++) {
            struct cell c = statement_cell(q, i);
            str text = c.kind == CELL_INT    ? str_print(&f->a, "%lld", (long long)c.i)
                       : c.kind == CELL_TEXT ? c.text
                                             : STR("");

            out = str_print(&f->a, "%.*s%s%.*s", STR_FMT(out), i ? "|" : "", STR_FMT(text));
        }
        out = str_print(&f->a, "%.*s\n", STR_FMT(out));
    }
    statement_close(q);
    return err.kind ? str_print(&f->a, "[%s]", err.text) : out;
}

static inline str digest_of(struct fixture *f)
{
    struct sha256 d;
    uint64_t n;

    if (!store_dataset_digest(f->st, 0, INT64_MAX, STR_NONE, &d, &n, &f->err))
        return STR("failed");
    return str_print(&f->a, "%llu %.*s", (unsigned long long)n, STR_FMT(sha256_hex(&d, &f->a)));
}

/* What store_verify finds, one a line; empty when all is well. */
static inline str faults_of(struct fixture *f)
{
    struct issues found = {0};
    str out = STR("");

    if (!store_verify(f->st, &found, &f->a, &f->err))
        return str_print(&f->a, "[%s]", f->err.text);
    for (const struct issue *i = found.first; i; i = i->next)
        out = str_print(&f->a, "%.*s%.*s\n", STR_FMT(out), STR_FMT(i->reason));
    return out;
}

#endif
