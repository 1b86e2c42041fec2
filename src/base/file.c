/*
 * file: reading and writing whole files, and walking folders.
 *
 * A file is written beside its place under a private name, synced and renamed, so that a reader
 * finds the old bytes or the new ones and nothing else, also after a power failure.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

bool file_read(struct arena *a, const char *path, size_t limit, str *out, struct err *err)
{
    struct buf b = {0};
    bool ok = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (!limit)
        limit = (size_t)256 << 20;
    if (fd < 0)
        return err_errno(err, "cannot open '%s'", path);
    for (;;) {
        ssize_t n;

        buf_reserve(&b, 65536);
        n = read(fd, b.ptr + b.len, b.cap - b.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            err_errno(err, "cannot read '%s'", path);
            goto done;
        }
        if (n == 0)
            break;
        b.len += (size_t)n;
        if (b.len > limit) {
            err_set(err, ERR_DATA, "'%s' is larger than %zu bytes", path, limit);
            goto done;
        }
    }
    *out = buf_str_copy(&b, a);
    ok = true;
done:
    buf_free(&b);
    close(fd);
    return ok;
}

static bool write_all(int fd, str data)
{
    while (data.len) {
        ssize_t n = write(fd, data.ptr, data.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data = str_part(data, (size_t)n, data.len);
    }
    return true;
}

bool file_write(const char *path, str data, struct err *err)
{
    struct arena scratch = {0};
    char *part = str_z(&scratch, str_print(&scratch, "%s.part-%ld", path, (long)getpid()));
    bool ok = false;
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0) {
        err_errno(err, "cannot create '%s'", part);
        goto done;
    }
    ok = write_all(fd, data) && fsync(fd) == 0;
    if (!ok)
        err_errno(err, "cannot write '%s'", path);
    if (close(fd) != 0 && ok)
        ok = err_errno(err, "cannot write '%s'", path);
    if (ok && rename(part, path) != 0)
        ok = err_errno(err, "cannot put '%s' in place", path);
    if (!ok)
        unlink(part);
done:
    arena_free(&scratch);
    return ok;
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool dir_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool dir_make(const char *path, struct err *err)
{
    struct arena scratch = {0};
    char *p = str_z(&scratch, str_from(path));
    bool ok = true;

    for (char *at = p; ok && *at; at++) {
        if (*at != '/' || at == p)
            continue;
        *at = '\0';
        ok = mkdir(p, 0777) == 0 || errno == EEXIST;
        *at = '/';
    }
    ok = ok && (mkdir(p, 0777) == 0 || errno == EEXIST);
    if (!ok)
        err_errno(err, "cannot create folder '%s'", path);
    else if (!dir_exists(path))
        ok = err_set(err, ERR_IO, "cannot create folder '%s': a file has that name", path);
    arena_free(&scratch);
    return ok;
}

/* Names in a folder, sorted by bytes, without "." and "..". */
static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool names_in(struct arena *a, const char *dir, const char ***names, size_t *count,
                     struct err *err)
{
    DIR *d = opendir(dir);
    const struct dirent *e;
    const char **list = NULL;
    size_t n = 0, cap = 0;

    if (!d)
        return err_errno(err, "cannot open folder '%s'", dir);
    while (errno = 0, (e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (n == cap) {
            const char **more = arena_new(a, const char *, cap ? cap * 2 : 64);

            if (n)
                memcpy(more, list, n * sizeof *list);
            list = more;
            cap = cap ? cap * 2 : 64;
        }
        list[n++] = str_z(a, str_from(e->d_name));
    }
    if (errno) {
        err_errno(err, "cannot read folder '%s'", dir);
        closedir(d);
        return false;
    }
    closedir(d);
    if (n)
        qsort(list, n, sizeof *list, by_name);
    *names = list;
    *count = n;
    return true;
}

bool dir_remove(const char *path, struct err *err)
{
    struct arena scratch = {0};
    struct stat st;
    bool ok = true;

    if (lstat(path, &st) != 0)
        return errno == ENOENT || err_errno(err, "cannot look at '%s'", path);
    if (S_ISDIR(st.st_mode)) {
        const char **names = NULL;
        size_t count = 0;

        ok = names_in(&scratch, path, &names, &count, err);
        for (size_t i = 0; ok && i < count; i++)
            ok = dir_remove(
                str_z(&scratch, path_join(&scratch, str_from(path), str_from(names[i]))), err);
        if (ok && rmdir(path) != 0)
            ok = err_errno(err, "cannot remove folder '%s'", path);
    } else if (unlink(path) != 0) {
        ok = err_errno(err, "cannot remove '%s'", path);
    }
    arena_free(&scratch);
    return ok;
}

bool file_sync_dir(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok;

    if (fd < 0)
        return err_errno(err, "cannot open folder '%s'", path);
    ok = fsync(fd) == 0 || errno == EINVAL || err_errno(err, "cannot sync folder '%s'", path);
    close(fd);
    return ok;
}

struct growing {
    struct path_list *list;
    size_t cap;
};

static void add_path(struct arena *a, struct growing *g, const char *path)
{
    if (g->list->count == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 64;
        const char **more = arena_new(a, const char *, cap);

        if (g->list->count)
            memcpy(more, g->list->paths, g->list->count * sizeof *more);
        g->list->paths = more;
        g->cap = cap;
    }
    g->list->paths[g->list->count++] = path;
}

static bool walk(struct arena *a, const char *dir, struct growing *g, struct err *err)
{
    const char **names = NULL;
    size_t count = 0;

    if (!names_in(a, dir, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = str_z(a, path_join(a, str_from(dir), str_from(names[i])));
        struct stat link, st;

        if (lstat(path, &link) != 0)
            continue; /* vanished between the two calls */
        if (S_ISDIR(link.st_mode)) {
            if (!walk(a, path, g, err))
                return false;
        } else if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
            add_path(a, g, path);
        }
    }
    return true;
}

bool dir_list(struct arena *a, const char *dir, struct path_list *out, struct err *err)
{
    struct growing g = {out, 0};

    *out = (struct path_list){NULL, 0};
    if (!walk(a, dir, &g, err))
        return false;
    if (out->count)
        qsort(out->paths, out->count, sizeof *out->paths, by_name);
    return true;
}

str path_base(str path)
{
    size_t at = str_find_last(path, '/');

    return at == SIZE_MAX ? path : str_part(path, at + 1, path.len);
}

str path_join(struct arena *a, str dir, str name)
{
    while (dir.len > 1 && dir.ptr[dir.len - 1] == '/')
        dir.len--;
    if (!dir.len || str_eq(dir, STR(".")))
        return str_copy(a, name);
    return str_print(a, "%.*s%s%.*s", STR_FMT(dir), str_eq(dir, STR("/")) ? "" : "/",
                     STR_FMT(name));
}
