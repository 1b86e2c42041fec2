/*
 * input, third part: a small file at once. Cloud audit logs are many small gzip files; libdeflate
 * inflates them more than twice as fast as a stream can be.
 *
 * libdeflate tells nothing about a member that is cut short, so what it refuses is read again as a
 * stream, which keeps everything before the damage.
 */
#include "sources/input.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLAIN_FIRST = 1 << 20, KEPT_LARGEST = 8 << 20 };

static void reserve(char **ptr, size_t *cap, size_t want)
{
    if (want <= *cap)
        return;
    free(*ptr);
    *ptr = xmalloc(want);
    *cap = want;
}

/* Buffers grow for a large file and are given back behind it. */
static void shrink(char **ptr, size_t *cap)
{
    if (*cap <= KEPT_LARGEST)
        return;
    free(*ptr);
    *ptr = NULL;
    *cap = 0;
}

void input_space_free(struct input_space *space)
{
    free(space->stored);
    free(space->plain);
    if (space->inflater)
        libdeflate_free_decompressor(space->inflater);
    *space = (struct input_space){0};
}

/* The stored bytes; *is_fit is false when there are more than `limit`, or when this is no regular
 * file. */
static bool read_stored(struct input_space *space, const char *path, size_t limit, size_t *len,
                        bool *is_fit, struct err *err)
{
    struct stat st;
    size_t have = 0;
    bool ok = false;
    int fd;

    *is_fit = false;
    /* Opening a named pipe and closing it again would break it for its writer. */
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return true;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, "cannot open '%s'", path);
    if (fstat(fd, &st) != 0) {
        err_errno(err, "cannot read '%s'", path);
        goto done;
    }
    ok = true;
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > limit)
        goto done;
    reserve(&space->stored, &space->stored_cap, (size_t)st.st_size + 1);
    for (;;) {
        ssize_t n = read(fd, space->stored + have, space->stored_cap - have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            ok = err_errno(err, "cannot read '%s'", path);
            goto done;
        }
        if (n == 0)
            break;
        have += (size_t)n;
        if (have == space->stored_cap) /* it grows while we read */
            goto done;
    }
    *len = have;
    *is_fit = true;
done:
    close(fd);
    return ok;
}

enum inflated { INFLATED, TOO_LARGE, REFUSED };

/* What the last four bytes say about the size is a guess: members are concatenated, and some lie.
 */
static size_t guess_plain(str stored, size_t limit)
{
    const unsigned char *p = (const unsigned char *)stored.ptr + stored.len - 4;
    size_t said = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;

    if (said < PLAIN_FIRST)
        said = PLAIN_FIRST;
    return said < limit ? said : limit;
}

/* One member to plain[*have..], growing the buffer as needed. */
static enum inflated inflate_member(struct input_space *space, str stored, size_t limit,
                                    size_t *have, size_t *used)
{
    for (;;) {
        size_t room = space->plain_cap - *have, got = 0;
        enum libdeflate_result code = libdeflate_gzip_decompress_ex(
            space->inflater, stored.ptr, stored.len, space->plain + *have, room, used, &got);
        size_t want;
        char *grown;

        if (code == LIBDEFLATE_SUCCESS) {
            *have += got;
            return INFLATED;
        }
        if (code != LIBDEFLATE_INSUFFICIENT_SPACE)
            return REFUSED;
        if (space->plain_cap > limit)
            return TOO_LARGE;
        want = space->plain_cap * 2 < limit + 1 ? space->plain_cap * 2 : limit + 1;
        grown = xmalloc(want);
        memcpy(grown, space->plain, *have);
        free(space->plain);
        space->plain = grown;
        space->plain_cap = want;
    }
}

static bool is_member(str s)
{
    return s.len >= 18 && (unsigned char)s.ptr[0] == 0x1f && (unsigned char)s.ptr[1] == 0x8b;
}

static enum inflated inflate_all(struct input_space *space, str stored, size_t limit,
                                 struct input_whole *out)
{
    size_t have = 0, used;

    if (!space->inflater)
        space->inflater = libdeflate_alloc_decompressor();
    reserve(&space->plain, &space->plain_cap, guess_plain(stored, limit));
    while (is_member(stored)) {
        enum inflated r = inflate_member(space, stored, limit, &have, &used);

        if (r != INFLATED)
            return r;
        stored = str_part(stored, used, stored.len);
    }
    if (have > limit)
        return TOO_LARGE;
    if (stored.len >= 2 && (unsigned char)stored.ptr[0] == 0x1f &&
        (unsigned char)stored.ptr[1] == 0x8b)
        return REFUSED; /* a member too short to be one */
    out->totals.trailing = stored.len;
    out->plain = (str){space->plain, have};
    return INFLATED;
}

/* Damaged data once more, as a stream: what comes before the damage stands. */
static bool salvage(struct input_space *space, const char *path, size_t limit,
                    struct input_whole *out, struct err *err)
{
    struct input *in;
    struct err damage = {0};
    size_t have = 0, got = 1;
    bool ok;

    if (!input_open(&in, path, err))
        return false;
    while (got && damage.kind == ERR_NONE) {
        if (have == space->plain_cap) {
            space->plain_cap *= 2;
            space->plain = xrealloc(space->plain, space->plain_cap);
        }
        if (!input_read(in, space->plain + have, space->plain_cap - have, &got, &damage))
            got = 0;
        have += got;
        if (have > limit) {
            out->is_too_large = true;
            break;
        }
    }
    if (damage.kind == ERR_IO)
        *err = damage;
    ok = damage.kind != ERR_IO && input_finish(in, &out->totals, err);
    input_close(in);
    out->plain = (str){space->plain, have};
    out->problem = damage.kind == ERR_DATA ? "the compressed data is cut short or damaged" : NULL;
    return ok;
}

bool input_whole(struct input_space *space, const char *path, size_t limit, struct input_whole *out,
                 struct err *err)
{
    bool is_fit;
    str stored;

    *out = (struct input_whole){0};
    shrink(&space->stored, &space->stored_cap);
    shrink(&space->plain, &space->plain_cap);
    if (!read_stored(space, path, limit, &stored.len, &is_fit, err))
        return false;
    out->is_too_large = !is_fit;
    if (!is_fit)
        return true;
    stored.ptr = space->stored;
    out->totals = (struct input_totals){.size = stored.len, .plain_size = stored.len};
    out->totals.compression = "none";
    out->plain = stored;
    if (is_member(stored)) {
        switch (inflate_all(space, stored, limit, out)) {
        case TOO_LARGE:
            out->is_too_large = true;
            return true;
        case REFUSED:
            return salvage(space, path, limit, out, err);
        case INFLATED:
            break;
        }
        out->totals.compression = "gzip";
        out->totals.plain_size = out->plain.len;
    } else if (stored.len >= 2 && (unsigned char)stored.ptr[0] == 0x1f &&
               (unsigned char)stored.ptr[1] == 0x8b) {
        reserve(&space->plain, &space->plain_cap, PLAIN_FIRST);
        return salvage(space, path, limit, out, err);
    }
    out->totals.sha256 = sha256_of(stored);
    return true;
}
