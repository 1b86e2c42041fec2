/*
 * ingest_piece: from the cuts of a piece to rows and issues.
 *
 * The format is found from the first record that a source claims; the records behind it go straight
 * to that source until it says that one is not its own. Each record ends in exactly one way:
 * mapped, recognised as no event, or rejected with place and reason.
 */
#include "pipeline/ingest_piece.h"

#include <stdlib.h>

#include "model/display.h"

enum {
    WHOLE_LIMIT = 48 << 20, /* inflated; larger files are streams */
    EXCERPT_READ = 512,
    EXCERPT_KEPT = 120,
    /* Of one piece; the rest is counted. */
    MOST_NOTES = 200,
    MOST_TEXT = 1000,
    MOST_REJECTED = 10000,
};

struct piece_worker {
    struct mapper mapper; /* first: emit finds the worker from it */
    const struct piece_rules *rules;
    struct arena record_arena;
    struct field *fields;
    struct arena arena;
    struct input_space space;
    const struct field_set *nothing;
    size_t nsources;
    /* the piece at hand */
    struct piece *piece;
    const struct source *source; /* of the last record; NULL: not known yet */
    const struct cut *cut;
    struct sha256 sha;
    bool has_sha;
    uint64_t nnotes;
};

struct piece *piece_new(const char *path)
{
    struct piece *p = xmalloc(sizeof *p);

    *p = (struct piece){.path = path};
    return p;
}

void piece_free(struct piece *p)
{
    if (!p)
        return;
    batch_free(p->batch);
    free(p->bytes);
    free(p->cuts);
    arena_free(&p->arena);
    free(p);
}

/* --- issues ---------------------------------------------------------------------------- */

/* The beginning of a record, fit to be shown: one line, secrets masked, cut between characters. */
static str excerpt_of(str bytes, struct arena *a)
{
    str line = display_line(mask_secrets(str_part(bytes, 0, EXCERPT_READ), a), a);
    size_t end = line.len < EXCERPT_KEPT ? line.len : EXCERPT_KEPT;

    while (end > 0 && end < line.len && ((unsigned char)line.ptr[end] & 0xC0) == 0x80)
        end--;
    return str_copy(a, str_part(line, 0, end));
}

static void set_place(struct issue *issue, const struct cut *where)
{
    issue->has_place = true;
    issue->record = where->number;
    issue->offset = where->offset;
    issue->line = where->line;
}

struct issue *piece_issue(struct piece *p, enum issue_kind kind, const struct cut *where,
                          const char *fmt, ...)
{
    struct issue *issue = issues_add(&p->issues, &p->arena, kind, "%s", "");
    va_list args;

    va_start(args, fmt);
    issue->reason = str_vprint(&p->arena, fmt, args);
    va_end(args);
    if (where) {
        set_place(issue, where);
        issue->excerpt = excerpt_of(where->bytes, &p->arena);
    }
    return issue;
}

static void reject(struct piece_worker *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void reject(struct piece_worker *w, const char *fmt, ...)
{
    va_list args;
    str why;

    if (++w->piece->counts.rejected > MOST_REJECTED)
        return;
    va_start(args, fmt);
    why = str_vprint(&w->record_arena, fmt, args);
    va_end(args);
    piece_issue(w->piece, ISSUE_REJECTED, w->cut, "%.*s", STR_FMT(why));
}

static void keep_notes(struct piece_worker *w, const struct issues *notes)
{
    for (const struct issue *n = notes->first; n; n = n->next) {
        struct issue *kept;

        if (++w->nnotes > MOST_NOTES)
            continue;
        kept = piece_issue(w->piece, n->kind, NULL, "%.*s", STR_FMT(n->reason));
        set_place(kept, w->cut);
        if (n->excerpt.len)
            kept->excerpt = excerpt_of(n->excerpt, &w->piece->arena);
    }
}

/* --- records --------------------------------------------------------------------------- */

/* Reads in plenty are found again by their place; everything else carries a digest of its own. */
static bool is_plain_read(const struct event *ev)
{
    return (ev->verb == VERB_READ || ev->verb == VERB_LIST) && ev->outcome == OUTCOME_SUCCESS &&
           !ev->is_fact_only;
}

static void note_source(struct piece_worker *w, const struct source *s)
{
    size_t n;
    const struct source *const *list = source_list(&n);

    for (size_t i = 0; i < n && i < MOST_SOURCES; i++)
        w->piece->is_seen[i] |= list[i] == s;
}

static void emit(struct mapper *m, const struct event *ev)
{
    struct piece_worker *w = (struct piece_worker *)m;
    struct evidence where = {w->cut->number, w->cut->offset, w->cut->bytes.len};
    const struct source *as = m->as ? m->as : w->source;

    if (m->as)
        note_source(w, m->as);
    if (!is_plain_read(ev) && !w->has_sha) {
        w->sha = sha256_of(w->cut->bytes);
        w->has_sha = true;
    }
    batch_add(w->piece->batch, as->name, ev, &where, w->cut->bytes,
              is_plain_read(ev) ? NULL : &w->sha);
}

static bool read_fields(struct piece_worker *w, const struct source *s, str bytes)
{
    const struct field_set *set = s ? source_fields(s) : w->nothing;
    struct err err = {0};

    if (fields_read(set, bytes, w->fields, &err))
        return true;
    reject(w, "%s", err.text);
    return false;
}

static void find_source(struct piece_worker *w, const struct record *rec)
{
    const char *nearest = NULL;

    w->source = w->rules->forced ? w->rules->forced : source_probe(rec, &nearest);
    if (!w->source && nearest)
        reject(w, "unknown format: looks like %s", nearest);
    else if (!w->source)
        reject(w, "unknown format");
}

/* Gives the record to the source. False: it is not its record. */
static bool map_record(struct piece_worker *w, const struct record *rec)
{
    struct issues notes = {0};
    struct piece *p = w->piece;

    w->mapper.notes = &notes;
    w->mapper.why = NULL;
    switch (source_map(w->source, rec, &w->mapper)) {
    case MAP_FOREIGN:
        return false;
    case MAP_NOT_EVENT:
        p->counts.not_event++;
        break;
    case MAP_REJECT:
        reject(w, "%s", w->mapper.why ? w->mapper.why : "the record is incomplete");
        break;
    case MAP_DONE:
        break;
    }
    note_source(w, w->source);
    keep_notes(w, &notes);
    return true;
}

static bool is_json(const struct source *s)
{
    return s->shape != SHAPE_GIT_LOG;
}

static void take_record(struct piece_worker *w, const struct cut *cut, bool is_json_file)
{
    bool is_fresh = !w->source;
    struct record rec = {
        .bytes = cut->is_row ? csv_record(cut->outer, cut->bytes, &w->record_arena) : cut->bytes,
        .outer = cut->is_row ? STR_NONE : cut->outer,
        .is_row = cut->is_row,
        .wrapper = cut->wrapper,
        .file_name = path_base(str_from(w->piece->path)),
        .number = cut->number,
        .offset = cut->offset,
        .fields = w->fields,
    };

    w->piece->counts.read++;
    if (is_fresh) {
        if (is_json_file && !read_fields(w, NULL, rec.bytes))
            return;
        find_source(w, &rec);
        if (!w->source)
            return;
    }
    if (is_json(w->source) && !read_fields(w, w->source, rec.bytes))
        return;
    if (map_record(w, &rec))
        return;
    /* Not the format of the record before: look afresh, once. */
    if (!is_fresh && !w->rules->forced) {
        find_source(w, &rec);
        if (!w->source)
            return;
        if (is_json(w->source) && !read_fields(w, w->source, rec.bytes))
            return;
        if (map_record(w, &rec))
            return;
    }
    reject(w, "not a record of %s", w->source->title);
    if (!w->rules->forced)
        w->source = NULL;
}

static void take_text(struct piece_worker *w, const struct cut *cut)
{
    struct piece *p = w->piece;
    struct issue *line;

    if (++p->ntext > MOST_TEXT)
        return;
    line = issues_add(&p->text, &p->arena, ISSUE_TEXT, "%s", "not JSON");
    set_place(line, cut);
    line->excerpt = excerpt_of(cut->bytes, &p->arena);
}

/* A line of an application's log: evidence that there was one, and no event. */
static void take_log(struct piece_worker *w, const struct cut *cut)
{
    w->piece->counts.read++;
    w->piece->counts.not_event++;
    note_source(w, source_find(STR("aws-cloudwatch")));
    if (str_contains(cut->bytes, STR("\n{")))
        piece_issue(w->piece, ISSUE_NOTE, cut,
                    "lines that look like records belong to a log line and are not read");
}

static void take(struct piece_worker *w, const struct cut *cut, bool is_json_file)
{
    w->cut = cut;
    w->has_sha = false;
    arena_reset(&w->record_arena);
    switch (cut->kind) {
    case CUT_RECORD:
        take_record(w, cut, is_json_file);
        break;
    case CUT_BROKEN:
        w->piece->counts.read++;
        reject(w, "%s", cut->reason);
        break;
    case CUT_TEXT:
        take_text(w, cut);
        break;
    case CUT_LOG:
        take_log(w, cut);
        break;
    case CUT_STRAY:
        piece_issue(w->piece, ISSUE_NOTE, cut, "%s", cut->reason);
        break;
    }
}

/* --- pieces ---------------------------------------------------------------------------- */

void piece_end(struct piece *p, const struct cutter *c, const char *damage)
{
    const char *open = c ? cutter_unfinished(c) : NULL;

    if (damage)
        piece_issue(p, ISSUE_TRUNCATED, NULL, "%s", damage);
    if (open)
        piece_issue(p, ISSUE_TRUNCATED, NULL, "%s", open);
    if (p->totals.trailing)
        piece_issue(p, ISSUE_NOTE, NULL, "%llu bytes behind the compressed data are not read",
                    (unsigned long long)p->totals.trailing);
    p->is_last = true;
}

/* A small file from its bytes to its rows. */
static void work_whole(struct piece_worker *w, struct piece *p)
{
    struct input_whole in;
    struct err err = {0};
    enum cutter_shape shape;
    const char *why_not;
    struct cutter *c;
    struct cut cut;
    size_t at = 0;

    p->is_first = p->is_last = true;
    if (!input_whole(&w->space, p->path, WHOLE_LIMIT, &in, &err)) {
        p->failed = str_copy(&p->arena, str_from(err.text));
        return;
    }
    p->is_too_large = in.is_too_large;
    if (in.is_too_large)
        return;
    p->totals = in.totals;
    if (!input_sniff(in.plain, &shape, &why_not)) {
        p->failed = str_from(why_not);
        return;
    }
    c = cutter_new(shape, w->rules->max_record_bytes);
    while (cutter_next(c, in.plain, 0, &at, true, &cut))
        take(w, &cut, shape != CUTTER_NUL);
    if (p->counts.read == 0)
        p->text_kind = input_text_kind(str_part(in.plain, 0, 1 << 16));
    piece_end(p, c, in.problem);
    cutter_free(c);
}

void piece_work(struct piece_worker *w, struct piece *p)
{
    w->piece = p;
    w->source = NULL;
    w->nnotes = 0;
    p->batch = batch_new();
    if (p->is_whole)
        work_whole(w, p);
    for (size_t i = 0; i < p->ncuts; i++)
        take(w, &p->cuts[i], p->is_json);
    if (w->nnotes > MOST_NOTES)
        piece_issue(p, ISSUE_NOTE, NULL, "%llu more notes like these",
                    (unsigned long long)(w->nnotes - MOST_NOTES));
    if (p->counts.rejected > MOST_REJECTED)
        piece_issue(p, ISSUE_REJECTED, NULL, "%llu more records are rejected here",
                    (unsigned long long)(p->counts.rejected - MOST_REJECTED));
    /* The bytes are no longer needed: all that was kept of them is in the batch. */
    free(p->bytes);
    free(p->cuts);
    p->bytes = NULL;
    p->cuts = NULL;
    p->held = batch_bytes(p->batch) + p->arena.used_bytes;
}

struct piece_worker *piece_worker_new(const struct piece_rules *rules)
{
    struct piece_worker *w = xmalloc(sizeof *w);
    const struct source *const *list = source_list(&(size_t){0});
    size_t most = 1;

    *w = (struct piece_worker){.rules = rules};
    for (; *list; list++)
        most = (*list)->npaths > most ? (*list)->npaths : most;
    w->fields = arena_new(&w->arena, struct field, most);
    w->nothing = field_set_new(&w->arena, NULL, 0);
    w->mapper = (struct mapper){.arena = &w->record_arena, .emit = emit, .settings = &rules->map};
    return w;
}

void piece_worker_free(struct piece_worker *w)
{
    if (!w)
        return;
    input_space_free(&w->space);
    arena_free(&w->record_arena);
    arena_free(&w->arena);
    free(w);
}
