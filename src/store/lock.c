/*
 * lock: one writer at a time. The lock is flock's and ends with the process; the text inside is for
 * the message only. The file is taken away at the end, so whoever gets a lock looks whether the
 * file still has its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "store/internal.h"

static bool is_held(int fd, const char *path, const char *db, struct err *err)
{
    char text[64] = "";
    struct stat sb;
    struct arena a = {0};
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    str since = STR_NONE;
    long pid = n > 0 ? strtol(text, NULL, 10) : 0;

    if (fstat(fd, &sb) == 0)
        since = instant_text((struct instant){.sec = sb.st_mtime, .is_set = true}, &a);
    if (pid > 0)
        err_set(err, ERR_LOCKED, "database '%s' is being written by process %ld since %.*s", db,
                pid, STR_FMT(since));
    else
        err_set(err, ERR_LOCKED, "database '%s' is being written by another process", db);
    err_hint(err, "Wait for it to end; the lock is '%s'.", path);
    arena_free(&a);
    return false;
}

bool lock_take(const char *db, int *fd, struct err *err)
{
    struct arena a = {0};
    const char *path = str_z(&a, str_print(&a, "%s.lock", db));
    bool ok = false;

    for (;;) {
        struct stat mine, named;
        char text[32];
        int n;

        *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (*fd < 0) {
            err_errno(err, "cannot make the lock '%s'", path);
            break;
        }
        if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                is_held(*fd, path, db, err);
            else
                err_errno(err, "cannot lock '%s'", path);
            close(*fd);
            break;
        }
        if (fstat(*fd, &mine) != 0 || stat(path, &named) != 0 || mine.st_ino != named.st_ino ||
            mine.st_dev != named.st_dev) {
            close(*fd); /* the one before us has just removed it */
            continue;
        }
        n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
        ok = ftruncate(*fd, 0) == 0 && pwrite(*fd, text, (size_t)n, 0) == n;
        if (!ok) {
            err_errno(err, "cannot write the lock '%s'", path);
            close(*fd);
        }
        break;
    }
    if (!ok)
        *fd = -1;
    arena_free(&a);
    return ok;
}

void lock_drop(const char *db, int fd)
{
    struct arena a = {0};

    if (fd < 0)
        return;
    /* Nothing to do about failures: the lock itself ends with the descriptor. */
    (void)unlink(str_z(&a, str_print(&a, "%s.lock", db)));
    (void)close(fd);
    arena_free(&a);
}
