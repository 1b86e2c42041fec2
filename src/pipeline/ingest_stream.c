/*
 * ingest_stream: reads and cuts, and leaves all else to the workers.
 *
 * Where one piece ends and the next begins depends on the bytes alone, never on how fast somebody
 * reads, so the same file gives the same pieces everywhere.
 */
#include "pipeline/ingest_stream.h"

#include <stdlib.h>

enum { PIECE_BYTES = 2 << 20 };

struct stream {
    const char *path;
    struct input *in;
    struct cutter *cutter;
    enum cutter_shape shape;
    char *window; /* becomes the piece's */
    size_t have, cap;
    uint64_t base;
    bool is_first, is_last;
    bool has_record;
    const char *text_kind;
    struct err damage;
};

/* Reads until the window holds `want` bytes or nothing follows. */
static bool fill(struct stream *s, size_t want, struct err *err)
{
    if (s->cap < want) {
        s->window = xrealloc(s->window, want);
        s->cap = want;
    }
    while (s->have < want && !s->is_last) {
        size_t got;

        if (!input_read(s->in, s->window + s->have, want - s->have, &got, &s->damage)) {
            if (s->damage.kind != ERR_DATA) {
                *err = s->damage;
                return false;
            }
            got = 0;
        }
        s->have += got;
        s->is_last = got == 0;
    }
    return true;
}

/* A record that does not fit makes the window twice as large, up to the largest record allowed. */
static size_t window_wanted(const struct stream *s, size_t max_record)
{
    size_t more = s->have < PIECE_BYTES ? PIECE_BYTES - s->have : s->have;

    if (more < PIECE_BYTES / 2)
        more = PIECE_BYTES / 2;
    if (s->have + more > max_record + PIECE_BYTES)
        more = PIECE_BYTES;
    return s->have + more;
}

static struct piece *new_piece(struct stream *s)
{
    struct piece *p = piece_new(s->path);

    p->is_first = s->is_first;
    s->is_first = false;
    return p;
}

/* Copies what the cutter only lends; the copy made for the last cut serves as long as nothing
 * changes. */
static str keep(struct piece *p, str lent, str last)
{
    if (!lent.ptr)
        return lent;
    return last.ptr && str_eq(lent, last) ? last : str_copy(&p->arena, lent);
}

static void add_cut(struct piece *p, size_t *cap, const struct cut *cut)
{
    struct cut last = p->ncuts ? p->cuts[p->ncuts - 1] : (struct cut){0};

    if (p->ncuts == *cap) {
        *cap = *cap ? *cap * 2 : 256;
        p->cuts = xrealloc(p->cuts, *cap * sizeof *p->cuts);
    }
    p->cuts[p->ncuts] = *cut;
    p->cuts[p->ncuts].outer = keep(p, cut->outer, last.outer);
    p->cuts[p->ncuts].wrapper = keep(p, cut->wrapper, last.wrapper);
    p->ncuts++;
}

/* Cuts the window, gives it to a piece and keeps the unfinished end for the next. */
static struct piece *cut_window(struct stream *s)
{
    struct piece *p = new_piece(s);
    size_t at = 0, cap = 0, rest;
    struct cut cut;
    char *next;

    while (cutter_next(s->cutter, (str){s->window, s->have}, s->base, &at, s->is_last, &cut)) {
        add_cut(p, &cap, &cut);
        s->has_record |= cut.kind == CUT_RECORD || cut.kind == CUT_BROKEN;
    }
    rest = s->have - at;
    if (p->ncuts == 0) { /* a record larger than the window: more of it */
        memmove(s->window, s->window + at, rest);
    } else {
        next = xmalloc(rest > PIECE_BYTES ? rest : PIECE_BYTES);
        memcpy(next, s->window + at, rest);
        p->bytes = s->window;
        p->nbytes = s->have;
        s->window = next;
        s->cap = rest > PIECE_BYTES ? rest : PIECE_BYTES;
    }
    p->is_json = s->shape != CUTTER_NUL;
    s->base += at;
    s->have = rest;
    return p;
}

static void end_file(struct stream *s, struct piece *p)
{
    struct err err = {0};

    if (!input_finish(s->in, &p->totals, &err)) {
        p->failed = str_copy(&p->arena, str_from(err.text));
        p->is_last = true;
        return;
    }
    if (!s->has_record)
        p->text_kind = s->text_kind;
    piece_end(p, s->cutter, s->damage.kind == ERR_DATA ? s->damage.text : NULL);
}

static bool fail(struct stream *s, piece_sink *sink, void *state, str why)
{
    struct piece *p = new_piece(s);

    p->failed = str_copy(&p->arena, why);
    p->is_last = true;
    return sink(state, p);
}

bool stream_file(const char *path, const struct piece_rules *rules, piece_sink *sink, void *state)
{
    struct stream s = {.path = path, .is_first = true};
    struct err err = {0};
    const char *why_not;
    bool ok = true;

    if (!input_open(&s.in, path, &err))
        return fail(&s, sink, state, str_from(err.text));
    input_stop_on(s.in, rules->stop);
    while (ok) {
        struct piece *p;

        if (!fill(&s, window_wanted(&s, rules->max_record_bytes), &err)) {
            ok = fail(&s, sink, state, str_from(err.text));
            break;
        }
        if (!s.cutter) {
            str first = {s.window, s.have};

            if (!input_sniff(first, &s.shape, &why_not)) {
                ok = fail(&s, sink, state, str_from(why_not));
                break;
            }
            s.text_kind = input_text_kind(str_part(first, 0, 1 << 16));
            s.cutter = cutter_new(s.shape, rules->max_record_bytes);
        }
        p = cut_window(&s);
        if (s.is_last)
            end_file(&s, p);
        if (p->ncuts == 0 && !p->is_last) {
            s.is_first = p->is_first;
            piece_free(p);
            continue;
        }
        ok = sink(state, p);
        if (s.is_last)
            break;
    }
    cutter_free(s.cutter);
    input_close(s.in);
    free(s.window);
    return ok;
}
