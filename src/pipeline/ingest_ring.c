/*
 * ingest_ring: one mutex, one condition per kind of waiting.
 *
 * Pieces get finished in any order, and one that takes long holds the writer while the others pile
 * up behind it. So a worker begins a new piece only while little waits, except when it is the very
 * piece that the writer needs next: that one is always worked on, and with it everything moves.
 */
#include "pipeline/ingest_ring.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    SLOTS = 256,
    MOST_READ = 8 << 20,  /* bytes of pieces that wait for a worker */
    MOST_DONE = 16 << 20, /* bytes of results that wait for the writer */
};

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t may_put, may_take, may_get;
    struct piece *slots[SLOTS];
    bool is_done[SLOTS];
    uint64_t put, taken, got; /* counts; got <= taken <= put */
    size_t read_bytes, done_bytes;
    bool is_closed, is_stopped;
};

struct ring *ring_new(void)
{
    struct ring *r = xmalloc(sizeof *r);

    *r = (struct ring){0};
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->may_put, NULL);
    pthread_cond_init(&r->may_take, NULL);
    pthread_cond_init(&r->may_get, NULL);
    return r;
}

void ring_free(struct ring *r)
{
    for (uint64_t i = r->got; i < r->put; i++)
        piece_free(r->slots[i % SLOTS]);
    pthread_cond_destroy(&r->may_put);
    pthread_cond_destroy(&r->may_take);
    pthread_cond_destroy(&r->may_get);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

bool ring_put(struct ring *r, struct piece *p)
{
    bool is_stopped;

    pthread_mutex_lock(&r->lock);
    while (!r->is_stopped &&
           (r->put - r->got == SLOTS || (r->read_bytes > MOST_READ && r->put > r->taken)))
        pthread_cond_wait(&r->may_put, &r->lock);
    is_stopped = r->is_stopped;
    if (!is_stopped) {
        r->slots[r->put % SLOTS] = p;
        r->is_done[r->put % SLOTS] = false;
        r->put++;
        r->read_bytes += p->nbytes;
        pthread_cond_signal(&r->may_take);
    }
    pthread_mutex_unlock(&r->lock);
    if (is_stopped)
        piece_free(p);
    return !is_stopped;
}

void ring_close(struct ring *r)
{
    pthread_mutex_lock(&r->lock);
    r->is_closed = true;
    pthread_cond_broadcast(&r->may_take);
    pthread_cond_broadcast(&r->may_get);
    pthread_mutex_unlock(&r->lock);
}

struct piece *ring_take(struct ring *r)
{
    struct piece *p = NULL;

    pthread_mutex_lock(&r->lock);
    while (!r->is_stopped &&
           (r->taken < r->put ? r->done_bytes > MOST_DONE && r->taken > r->got : !r->is_closed))
        pthread_cond_wait(&r->may_take, &r->lock);
    if (!r->is_stopped && r->taken < r->put) {
        p = r->slots[r->taken++ % SLOTS];
        r->read_bytes -= p->nbytes;
        pthread_cond_signal(&r->may_put);
    }
    pthread_mutex_unlock(&r->lock);
    return p;
}

void ring_done(struct ring *r, struct piece *p)
{
    pthread_mutex_lock(&r->lock);
    for (uint64_t i = r->got; i < r->taken; i++)
        if (r->slots[i % SLOTS] == p)
            r->is_done[i % SLOTS] = true;
    r->done_bytes += p->held;
    pthread_cond_signal(&r->may_get);
    pthread_mutex_unlock(&r->lock);
}

struct piece *ring_get(struct ring *r)
{
    struct piece *p = NULL;

    pthread_mutex_lock(&r->lock);
    while (!r->is_stopped && (r->got < r->put ? !r->is_done[r->got % SLOTS] : !r->is_closed))
        pthread_cond_wait(&r->may_get, &r->lock);
    if (!r->is_stopped && r->got < r->put) {
        p = r->slots[r->got++ % SLOTS];
        r->done_bytes -= p->held;
        pthread_cond_signal(&r->may_put);
        pthread_cond_broadcast(&r->may_take);
    }
    pthread_mutex_unlock(&r->lock);
    return p;
}

void ring_stop(struct ring *r)
{
    pthread_mutex_lock(&r->lock);
    r->is_stopped = true;
    pthread_cond_broadcast(&r->may_put);
    pthread_cond_broadcast(&r->may_take);
    pthread_cond_broadcast(&r->may_get);
    pthread_mutex_unlock(&r->lock);
}
