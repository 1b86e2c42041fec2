/*
 * input, second part: the bytes of one file as a stream, inflated on the way and hashed as stored.
 *
 * Whether a file is gzip is seen from its first bytes; the name may say anything, because download
 * tools inflate behind one's back. Members may follow each other (concatenated .gz files). Small
 * files go through input_whole.c, which is faster; this is for large ones and for pipes.
 */
#include "sources/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { STORED_SIZE = 256 * 1024, WAIT_MS = 200 };

struct input {
    int fd;
    const char *path;
    char *stored; /* bytes read and not used yet: from..to */
    size_t from, to;
    bool is_at_end; /* of the stored bytes */
    bool is_started, is_gzip;
    bool is_done;       /* nothing more can be inflated */
    const char *broken; /* why not */
    z_stream z;
    const volatile int *stop;
    struct sha256_run *hash;
    struct input_totals totals;
};

void input_stop_on(struct input *in, const volatile int *stop)
{
    in->stop = stop;
}

/* A named pipe that nobody has opened for writing yet is waited for as well. */
static bool wait_for_bytes(const struct input *in, struct err *err)
{
    struct pollfd fd = {.fd = in->fd, .events = POLLIN};

    do {
        if (in->stop && *in->stop)
            return err_set(err, ERR_STOPPED, "stopped while reading '%s'", in->path);
    } while (poll(&fd, 1, WAIT_MS) <= 0);
    return true;
}

/* At least `want` unused bytes, as far as there are any. */
static bool fill(struct input *in, size_t want, struct err *err)
{
    if (in->to - in->from >= want)
        return true;
    memmove(in->stored, in->stored + in->from, in->to - in->from);
    in->to -= in->from;
    in->from = 0;
    while (in->to < want && !in->is_at_end) {
        ssize_t n;

        if (!wait_for_bytes(in, err))
            return false;
        n = read(in->fd, in->stored + in->to, STORED_SIZE - in->to);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, "cannot read '%s'", in->path);
        sha256_more(in->hash, (str){in->stored + in->to, (size_t)n});
        in->to += (size_t)n;
        in->is_at_end = n == 0;
        in->totals.size += (uint64_t)n;
    }
    return true;
}

static bool is_gzip_header(const char *p, size_t len)
{
    return len >= 2 && (unsigned char)p[0] == 0x1f && (unsigned char)p[1] == 0x8b;
}

bool input_open(struct input **out, const char *path, struct err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    /* Opening a named pipe would wait for its writer, deaf to a stop; reading it waits with an ear
     * open. */
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct input *in;

    *out = NULL;
    if (fd < 0)
        return err_errno(err, "cannot open '%s'", path);
    if (!is_stdin)
        (void)fcntl(fd, F_SETFL, O_RDONLY);
    in = xmalloc(sizeof *in);
    *in = (struct input){.fd = fd, .path = path, .hash = sha256_begin()};
    in->stored = xmalloc(STORED_SIZE);
    in->totals.compression = "none";
    *out = in;
    return true;
}

/* The first bytes say whether they are compressed. Not when opening: one may have to wait for them.
 */
static bool start(struct input *in, struct err *err)
{
    if (in->is_started)
        return true;
    if (!fill(in, 2, err))
        return false;
    in->is_started = true;
    if (!is_gzip_header(in->stored, in->to))
        return true;
    if (inflateInit2(&in->z, 15 + 16) != Z_OK)
        return err_set(err, ERR_IO, "cannot read '%s': zlib does not start", in->path);
    in->is_gzip = true;
    in->totals.compression = "gzip";
    return true;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    if (in->is_gzip)
        inflateEnd(&in->z);
    if (in->hash)
        sha256_drop(in->hash);
    if (in->fd != STDIN_FILENO)
        close(in->fd);
    free(in->stored);
    free(in);
}

/* Behind a member: another one, or the end of what can be inflated. */
static bool next_member(struct input *in, struct err *err)
{
    if (!fill(in, 2, err))
        return false;
    if (is_gzip_header(in->stored + in->from, in->to - in->from)) {
        inflateReset(&in->z);
        return true;
    }
    in->is_done = true;
    while (in->from < in->to) {
        in->totals.trailing += in->to - in->from;
        in->from = in->to;
        if (!fill(in, 1, err))
            return false;
    }
    return true;
}

/* Inflates until there is something in dst, or nothing more can come. */
static bool inflate_some(struct input *in, char *dst, size_t cap, size_t *got, struct err *err)
{
    uInt most = cap < (1u << 30) ? (uInt)cap : 1u << 30;
    int code;

    in->z.next_out = (Bytef *)dst;
    in->z.avail_out = most;
    while (!in->is_done && in->z.avail_out == most) {
        if (!fill(in, 1, err))
            return false;
        in->z.next_in = (Bytef *)(in->stored + in->from);
        in->z.avail_in = (uInt)(in->to - in->from);
        code = inflate(&in->z, Z_NO_FLUSH);
        in->from = in->to - in->z.avail_in;
        if (code == Z_STREAM_END) {
            if (!next_member(in, err))
                return false;
        } else if (code == Z_BUF_ERROR && in->is_at_end && in->z.avail_out == most) {
            in->broken = "the compressed data ends too early";
            in->is_done = true;
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            in->broken = "the compressed data is damaged";
            in->is_done = true;
        }
    }
    *got = most - in->z.avail_out;
    return true;
}

bool input_read(struct input *in, char *dst, size_t cap, size_t *got, struct err *err)
{
    *got = 0;
    if (!start(in, err))
        return false;
    if (in->is_gzip) {
        if (!inflate_some(in, dst, cap, got, err))
            return false;
        if (!*got && in->broken)
            return err_set(err, ERR_DATA, "%s, after %llu bytes", in->broken,
                           (unsigned long long)in->totals.plain_size);
    } else {
        if (!fill(in, 1, err))
            return false;
        *got = in->to - in->from < cap ? in->to - in->from : cap;
        memcpy(dst, in->stored + in->from, *got);
        in->from += *got;
    }
    in->totals.plain_size += *got;
    return true;
}

bool input_finish(struct input *in, struct input_totals *out, struct err *err)
{
    if (!start(in, err))
        return false;
    do {
        in->from = in->to;
        if (!fill(in, 1, err))
            return false;
    } while (in->from < in->to);
    in->totals.sha256 = sha256_end(in->hash);
    in->hash = NULL;
    *out = in->totals;
    return true;
}
