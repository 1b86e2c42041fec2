/*
 * ingest: files in, events in the store, facts derived.
 *
 *   reader ──> ring ──> workers ──> ring ──> writer
 *   lists files,        inflate, cut,        the caller's thread: the only one that
 *   cuts large ones     map to rows          touches the store, in input order
 *
 * A file is stored whole or not at all. Small files share a transaction; a large one has its own,
 * so that it can be taken back alone. Whatever happened to a file is written down: it was read,
 * known already, unreadable, empty, cut short.
 */
#include "pipeline/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/ingest_piece.h"
#include "pipeline/ingest_ring.h"
#include "pipeline/ingest_stream.h"
#include "pipeline/source_facts.h"

enum {
    SMALL_FILE = 4 << 20, /* as stored; larger ones are cut by the reader */
    COMMIT_FILES = 2000,
    COMMIT_BYTES = 64 << 20,
    MOST_ISSUES = 1000,
    MOST_THREADS = 64,
    MAX_RECORD = 64 << 20,
    PROGRESS_MS = 200,
};

/* The file that the writer is at. */
struct file {
    int64_t id;
    bool is_open;
    bool is_seen[MOST_SOURCES];
    bool has_text_source;
    uint64_t read;
    /* Text before the first record: good or bad is known with the first record. */
    struct arena text_arena;
    struct issues text;
    uint64_t ntext;
    struct batch_counts counts; /* for a dry run */
};

struct writer {
    struct store *st; /* NULL: dry run */
    const struct ingest_options *opt;
    struct piece_rules rules;
    struct piece_worker *worker; /* for what the writer must read itself */
    struct arena *a;
    struct ingest_result *out;
    struct file_issue **last_issue;
    struct file file;
    bool in_transaction;
    unsigned files_waiting;
    size_t bytes_waiting;
    int64_t progress_ms;
    uint64_t bytes;
    struct err *err;
};

struct reader {
    const struct path_list *files;
    const bool *is_known;
    const struct piece_rules *rules;
    struct ring *ring;
};

/* --- reading and working --------------------------------------------------------------- */

static bool put(void *state, struct piece *p)
{
    return ring_put(state, p);
}

static bool is_small(const char *path)
{
    struct stat st;

    return strcmp(path, "-") != 0 &&
           (stat(path, &st) != 0 || (S_ISREG(st.st_mode) && st.st_size <= SMALL_FILE));
}

static void *read_files(void *state)
{
    struct reader *r = state;
    bool goes_on = true;

    for (size_t i = 0; goes_on && i < r->files->count; i++) {
        const char *path = r->files->paths[i];
        struct piece *p;

        if (r->is_known[i])
            continue;
        if (is_small(path)) {
            p = piece_new(path);
            p->is_whole = true;
            goes_on = ring_put(r->ring, p);
        } else {
            goes_on = stream_file(path, r->rules, put, r->ring);
        }
    }
    ring_close(r->ring);
    return NULL;
}

static void *work(void *state)
{
    struct reader *r = state;
    struct piece_worker *w = piece_worker_new(r->rules);
    struct piece *p;

    while ((p = ring_take(r->ring)) != NULL) {
        piece_work(w, p);
        ring_done(r->ring, p);
    }
    piece_worker_free(w);
    return NULL;
}

/* --- transactions ---------------------------------------------------------------------- */

static bool begin(struct writer *w)
{
    if (w->in_transaction || !w->st)
        return true;
    if (!store_begin(w->st, w->err))
        return false;
    w->in_transaction = true;
    return true;
}

static bool commit(struct writer *w)
{
    w->files_waiting = 0;
    w->bytes_waiting = 0;
    if (!w->in_transaction)
        return true;
    w->in_transaction = false;
    return store_commit(w->st, w->err);
}

static void roll_back(struct writer *w)
{
    if (w->in_transaction)
        store_rollback(w->st);
    w->in_transaction = false;
}

/* --- what the caller is told ----------------------------------------------------------- */

static struct issue *issue_copy(struct arena *a, const struct issue *from)
{
    struct issue *to = arena_new(a, struct issue, 1);

    *to = *from;
    to->reason = str_copy(a, from->reason);
    to->excerpt = str_copy(a, from->excerpt);
    to->next = NULL;
    return to;
}

static void tell_issue(struct writer *w, const char *path, const struct issue *issue)
{
    struct file_issue *f;

    if (w->out->nissues++ >= MOST_ISSUES)
        return;
    f = arena_new(w->a, struct file_issue, 1);
    f->path = str_copy(w->a, str_from(path));
    f->issue = issue_copy(w->a, issue);
    *w->last_issue = f;
    w->last_issue = &f->next;
}

static void add_totals(struct file_totals *sum, const struct file_totals *more)
{
    sum->read += more->read;
    sum->accepted += more->accepted;
    sum->rejected += more->rejected;
    sum->duplicate += more->duplicate;
    sum->conflict += more->conflict;
    sum->folded += more->folded;
    sum->not_event += more->not_event;
    sum->text += more->text;
}

/* Totals by what was found in a file; a file of two sources counts under both names together. */
static void tell_totals(struct writer *w, str sources, const struct file_totals *totals)
{
    str name = str_or(sources, STR("unknown"));
    struct source_totals **at = &w->out->sources, *s;

    while (*at && str_cmp((*at)->source, name) < 0)
        at = &(*at)->next;
    if (!*at || !str_eq((*at)->source, name)) {
        s = arena_new(w->a, struct source_totals, 1);
        s->source = str_copy(w->a, name);
        s->next = *at;
        *at = s;
    }
    (*at)->files++;
    add_totals(&(*at)->totals, totals);
    add_totals(&w->out->totals, totals);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell_progress(struct writer *w)
{
    int64_t now;

    if (!w->opt->progress || (now = now_ms()) - w->progress_ms < PROGRESS_MS)
        return;
    w->progress_ms = now;
    w->opt->progress(w->opt->progress_state, w->out->files, w->out->totals.read + w->file.read,
                     w->bytes);
}

/* --- text between records -------------------------------------------------------------- */

static void add_issue(struct writer *w, struct piece *p, const struct issue *issue)
{
    batch_issue(p->batch, issue);
    tell_issue(w, p->path, issue);
}

/* Lines that are no records, in a file where that is normal: one issue for all of them. */
static void text_is_fine(struct writer *w, struct piece *p)
{
    struct file *f = &w->file;
    struct issue issue = *f->text.first;

    issue.reason = str_print(&p->arena, "%llu lines between the records are text",
                             (unsigned long long)f->ntext);
    batch_issue(p->batch, &issue);
    p->counts.text += f->ntext;
}

static void text_is_rejected(struct writer *w, struct piece *p)
{
    struct file *f = &w->file;
    struct issue rest = {.kind = ISSUE_REJECTED};

    for (struct issue *i = f->text.first; i; i = i->next) {
        i->kind = ISSUE_REJECTED;
        add_issue(w, p, i);
    }
    p->counts.read += f->ntext;
    p->counts.rejected += f->ntext;
    if (f->ntext == f->text.count)
        return;
    rest.reason = str_print(&p->arena, "%llu more lines are not JSON",
                            (unsigned long long)(f->ntext - f->text.count));
    add_issue(w, p, &rest);
}

static void keep_text(struct file *f, const struct piece *p)
{
    f->ntext += p->ntext;
    for (const struct issue *i = p->text.first; i && f->text.count < MOST_ISSUES; i = i->next) {
        struct issue *kept = issues_add(&f->text, &f->text_arena, i->kind, "%s", "");
        struct issue *next = kept->next;

        *kept = *issue_copy(&f->text_arena, i);
        kept->next = next;
    }
}

/* A file without a single record: what is it then? */
static void explain_empty(struct writer *w, struct piece *p)
{
    struct issue issue = {.kind = ISSUE_NOTE, .reason = STR("no records in this file")};

    if (w->file.ntext) {
        issue = *w->file.text.first;
        issue.kind = ISSUE_FILE;
        issue.reason =
            str_print(&p->arena, "not JSON: looks like %s", p->text_kind ? p->text_kind : "text");
        p->counts.read++;
        p->counts.rejected++;
    }
    add_issue(w, p, &issue);
}

static void settle_text(struct writer *w, struct piece *p)
{
    struct file *f = &w->file;
    size_t n;
    const struct source *const *list = source_list(&n);

    for (size_t i = 0; i < n && i < MOST_SOURCES; i++) {
        f->is_seen[i] |= p->is_seen[i];
        f->has_text_source |= p->is_seen[i] && list[i]->text_is_normal;
    }
    f->read += p->counts.read;
    keep_text(f, p);
    if (f->read == 0 && p->is_last)
        explain_empty(w, p);
    if (f->read == 0 || f->ntext == 0)
        return;
    if (f->has_text_source)
        text_is_fine(w, p);
    else
        text_is_rejected(w, p);
    f->text = (struct issues){0};
    f->ntext = 0;
    arena_free(&f->text_arena);
}

/* --- writing --------------------------------------------------------------------------- */

static str source_names(const struct file *f, struct arena *a)
{
    str names = STR("");
    size_t n;
    const struct source *const *list = source_list(&n);

    for (size_t i = 0; i < n && i < MOST_SOURCES; i++)
        if (f->is_seen[i])
            names = str_join(a, names, STR(" "), str_from(list[i]->name));
    return names;
}

static void forget_file(struct file *f)
{
    arena_free(&f->text_arena);
    *f = (struct file){0};
}

static bool write_failed(struct writer *w, struct piece *p)
{
    struct issue issue = {.kind = ISSUE_FILE, .reason = p->failed};

    if (w->file.is_open) /* what is already stored of it must go */
        roll_back(w);
    forget_file(&w->file);
    w->out->files++;
    w->out->files_failed++;
    tell_issue(w, p->path, &issue);
    if (!w->st)
        return true;
    return begin(w) && store_file_failed(w->st, str_from(p->path), p->failed, w->err);
}

/* The bytes are here already under this or another name. */
static bool is_known(struct writer *w, struct piece *p, bool *known)
{
    *known = false;
    return !w->st || store_file_known(w->st, &p->totals.sha256, str_from(p->path), known, w->err);
}

static bool count_known(struct writer *w)
{
    forget_file(&w->file);
    w->out->files++;
    w->out->files_known++;
    return true;
}

static bool open_file(struct writer *w, struct piece *p)
{
    struct file *f = &w->file;

    if (f->is_open)
        return true;
    f->is_open = true;
    /* A file of several pieces may have to be taken back alone. */
    if (!p->is_last && !commit(w))
        return false;
    return begin(w) &&
           (!w->st || store_file_begin(w->st, str_from(p->path), w->opt->env_hint, &f->id, w->err));
}

static bool end_file(struct writer *w, struct piece *p)
{
    struct file_totals totals = {0};
    struct file_info info = {
        .path = str_from(p->path),
        .sha256 = p->totals.sha256,
        .size = p->totals.size,
        .plain_size = p->totals.plain_size,
        .compression = p->totals.compression,
        .sources = source_names(&w->file, &p->arena),
        .env_hint = w->opt->env_hint,
    };
    const struct batch_counts *c = &w->file.counts;

    if (w->st && !store_file_end(w->st, w->file.id, &info, &totals, w->err))
        return false;
    if (!w->st)
        totals = (struct file_totals){.read = c->read,
                                      .accepted = c->read - c->rejected,
                                      .rejected = c->rejected,
                                      .not_event = c->not_event,
                                      .text = c->text};
    w->out->files++;
    tell_totals(w, info.sources, &totals);
    forget_file(&w->file);
    return ++w->files_waiting < COMMIT_FILES && w->bytes_waiting < COMMIT_BYTES ? true : commit(w);
}

static bool write_rows(struct writer *w, struct piece *p)
{
    struct batch_counts *sum = &w->file.counts;

    for (const struct issue *i = p->issues.first; i; i = i->next)
        add_issue(w, p, i);
    settle_text(w, p);
    batch_count(p->batch, &p->counts);
    sum->read += p->counts.read;
    sum->rejected += p->counts.rejected;
    sum->not_event += p->counts.not_event;
    sum->text += p->counts.text;
    w->bytes_waiting += p->held;
    return !w->st || store_write(w->st, w->file.id, p->batch, w->err);
}

static bool write_piece(struct writer *w, struct piece *p);

/* Sink for what the writer reads itself. */
static bool work_and_write(void *state, struct piece *p)
{
    struct writer *w = state;
    bool ok;

    piece_work(w->worker, p);
    ok = write_piece(w, p);
    piece_free(p);
    return ok;
}

static bool is_stopped(const struct writer *w)
{
    return w->opt->stop && *w->opt->stop;
}

static bool write_piece(struct writer *w, struct piece *p)
{
    bool known;

    if (is_stopped(w))
        return err_set(w->err, ERR_STOPPED, "stopped");
    /* A small file that inflates to much more than such files do. */
    if (p->is_too_large)
        return stream_file(p->path, &w->rules, work_and_write, w);
    if (p->failed.len)
        return write_failed(w, p);
    if (!w->file.is_open && p->is_last) {
        if (!begin(w) || !is_known(w, p, &known))
            return false;
        if (known)
            return count_known(w);
    }
    if (!open_file(w, p) || !write_rows(w, p))
        return false;
    w->bytes += p->totals.plain_size;
    tell_progress(w);
    if (!p->is_last)
        return true;
    if (!p->is_first) {
        /* Only now are the digest of a stream and the question answered whether it is new. */
        if (!is_known(w, p, &known))
            return false;
        if (known) {
            roll_back(w);
            return begin(w) && is_known(w, p, &known) && count_known(w);
        }
    }
    return end_file(w, p);
}

/* --- the whole ------------------------------------------------------------------------- */

static bool hash_file(const char *path, const volatile int *stop, struct sha256 *out)
{
    struct input_totals totals;
    struct err ignored = {0}; /* told when the file is read for good */
    struct input *in;
    bool ok = input_open(&in, path, &ignored);

    if (ok)
        input_stop_on(in, stop);
    ok = ok && input_finish(in, &totals, &ignored);
    input_close(in);
    if (ok)
        *out = totals.sha256;
    return ok;
}

/* Files of a size that is in the store are hashed before anything else is done with them. */
static bool find_known(struct writer *w, const struct path_list *files, bool *known)
{
    for (size_t i = 0; i < files->count; i++) {
        struct stat st;
        struct sha256 sha;
        bool is_size_known;

        if (!w->st || strcmp(files->paths[i], "-") == 0 || stat(files->paths[i], &st) != 0 ||
            !S_ISREG(st.st_mode))
            continue;
        if (is_stopped(w))
            return err_set(w->err, ERR_STOPPED, "stopped");
        if (!store_size_known(w->st, (uint64_t)st.st_size, &is_size_known, w->err))
            return false;
        if (!is_size_known || !hash_file(files->paths[i], w->opt->stop, &sha))
            continue;
        if (!begin(w) ||
            !store_file_known(w->st, &sha, str_from(files->paths[i]), &known[i], w->err))
            return false;
        if (known[i])
            count_known(w);
        tell_progress(w);
    }
    return commit(w);
}

static int thread_count(int wanted)
{
    long cores = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores;
}

static bool write_all(struct writer *w, struct ring *ring)
{
    struct piece *p;
    bool ok = true;

    while (ok && (p = ring_get(ring)) != NULL) {
        ok = write_piece(w, p);
        piece_free(p);
    }
    return ok && commit(w);
}

/* Starts reader and workers, writes what they give, and waits for them to end. */
static bool run(struct writer *w, const struct path_list *files, const bool *known)
{
    struct ring *ring = ring_new();
    struct reader r = {files, known, &w->rules, ring};
    pthread_t threads[MOST_THREADS + 1];
    int wanted = 1 + thread_count(w->opt->threads), n = 0;
    bool ok;

    while (n < wanted && pthread_create(&threads[n], NULL, n ? work : read_files, &r) == 0)
        n++;
    ok = n > 1 ? write_all(w, ring) : err_set(w->err, ERR_IO, "cannot start a thread");
    ring_stop(ring);
    while (n > 0)
        pthread_join(threads[--n], NULL);
    ring_free(ring);
    return ok;
}

static bool find_forced(const struct ingest_options *opt, const struct source **out,
                        struct err *err)
{
    *out = source_find(opt->source);
    if (!opt->source.len || *out)
        return true;
    err_set(err, ERR_USAGE, "unknown source '%.*s'", STR_FMT(opt->source));
    return err_hint(err, "`auditpress sources` lists what can be read.");
}

bool ingest(struct store *st, const struct config *cfg, const char *const *paths, size_t npaths,
            const struct ingest_options *opt, struct arena *a, struct ingest_result *out,
            struct err *err)
{
    struct writer w = {
        .st = opt->is_dry_run ? NULL : st, .opt = opt, .a = a, .out = out, .err = err};
    struct path_list files;
    bool *known;
    bool ok;

    *out = (struct ingest_result){0};
    w.last_issue = &out->issues;
    w.rules.map.commit_variable = cfg->commit_variable;
    w.rules.stop = opt->stop;
    w.rules.max_record_bytes = opt->max_record_bytes ? opt->max_record_bytes : MAX_RECORD;
    sources_start();
    if (!find_forced(opt, &w.rules.forced, err) || !input_expand(a, paths, npaths, &files, err))
        return false;
    if (w.st && (!store_configure(w.st, cfg, err) || !source_facts_tell(w.st, err)))
        return false;
    known = arena_new(a, bool, files.count);
    w.worker = piece_worker_new(&w.rules);
    ok = find_known(&w, &files, known) && run(&w, &files, known);
    if (!ok)
        roll_back(&w);
    piece_worker_free(w.worker);
    forget_file(&w.file);
    return ok && (!w.st || store_derive(w.st, cfg, err));
}
