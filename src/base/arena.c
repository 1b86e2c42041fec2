/*
 * arena: blocks in a list, the newest in front. Blocks double up to 1 MB; a large thing gets a
 * block of its own. A reset keeps one block, so a parser that resets per record allocates nothing
 * in the long run.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"

enum { BLOCK_FIRST = 4096, BLOCK_LARGEST = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    _Alignas(16) unsigned char data[];
};

static void out_of_memory(size_t size)
{
    fprintf(stderr, "auditpress: out of memory: cannot get %zu bytes\n", size);
    exit(6);
}

void *xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory(size);
    return p;
}

void *xrealloc(void *ptr, size_t size)
{
    void *p = realloc(ptr, size ? size : 1);

    if (!p)
        out_of_memory(size);
    return p;
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b;

    if (size > SIZE_MAX - sizeof *b)
        out_of_memory(size);
    b = xmalloc(sizeof *b + size);
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
    struct arena_block *b = a->head;
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

    if (!b || at > b->size || size > b->size - at) {
        size_t want = b ? b->size * 2 : BLOCK_FIRST;

        if (want > BLOCK_LARGEST)
            want = BLOCK_LARGEST;
        b = block_new(size > want ? size : want);
        b->next = a->head;
        a->head = b;
        at = 0;
    }
    b->used = at + size;
    a->used_bytes += size;
    return memset(b->data + at, 0, size);
}

void *arena_array(struct arena *a, size_t size, size_t count, size_t align)
{
    if (count && size > SIZE_MAX / count)
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, size * count, align);
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->head;

    if (!keep)
        return;
    while (keep->next) {
        struct arena_block *next = keep->next;

        if (keep->size > next->size && keep->size <= BLOCK_LARGEST) {
            keep->next = next->next;
            free(next);
        } else {
            free(keep);
            keep = next;
        }
    }
    keep->used = 0;
    a->head = keep;
    a->used_bytes = 0;
}

void arena_free(struct arena *a)
{
    while (a->head) {
        struct arena_block *next = a->head->next;

        free(a->head);
        a->head = next;
    }
    a->used_bytes = 0;
}

str str_copy(struct arena *a, str s)
{
    char *p;

    if (!s.ptr)
        return s;
    p = arena_new(a, char, s.len);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return (str){p, s.len};
}

char *str_z(struct arena *a, str s)
{
    char *p = arena_new(a, char, s.len + 1);

    if (s.len)
        memcpy(p, s.ptr, s.len);
    return p;
}

str str_vprint(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    int n;
    char *p;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        return STR_NONE;
    p = arena_new(a, char, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, args);
    return (str){p, (size_t)n};
}

str str_print(struct arena *a, const char *fmt, ...)
{
    va_list args;
    str s;

    va_start(args, fmt);
    s = str_vprint(a, fmt, args);
    va_end(args);
    return s;
}

str str_join(struct arena *a, str left, str between, str right)
{
    char *p;
    size_t n;

    if (!left.len)
        return right;
    if (!right.len)
        return left;
    n = left.len + between.len + right.len;
    p = arena_new(a, char, n);
    memcpy(p, left.ptr, left.len);
    if (between.len)
        memcpy(p + left.len, between.ptr, between.len);
    memcpy(p + left.len + between.len, right.ptr, right.len);
    return (str){p, n};
}

str str_lower(struct arena *a, str s)
{
    char *p = arena_new(a, char, s.len);

    for (size_t i = 0; i < s.len; i++)
        p[i] = ascii_lower(s.ptr[i]);
    return (str){p, s.len};
}
