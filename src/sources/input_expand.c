/*
 * input, first part: from what stands on the command line to a list of files.
 *
 * The list is sorted by bytes whatever the order of the arguments, the file system or the locale,
 * so that the same evidence is read in the same order everywhere.
 */
#include "sources/input.h"

#include <glob.h>
#include <stdlib.h>

struct list {
    const char **paths;
    size_t count, cap;
};

static void list_add(struct list *l, const char *path)
{
    if (l->count == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->paths = xrealloc(l->paths, l->cap * sizeof *l->paths);
    }
    l->paths[l->count++] = path;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_existing(struct arena *a, struct list *l, const char *path, struct err *err)
{
    struct path_list files;

    if (!dir_exists(path)) {
        list_add(l, str_z(a, str_from(path)));
        return true;
    }
    if (!dir_list(a, path, &files, err))
        return false;
    if (!files.count)
        return err_set(err, ERR_IO, "no files in '%s'", path);
    for (size_t i = 0; i < files.count; i++)
        list_add(l, files.paths[i]);
    return true;
}

static bool add_pattern(struct arena *a, struct list *l, const char *pattern, struct err *err)
{
    glob_t found = {0};
    int code = glob(pattern, GLOB_NOSORT | GLOB_ERR, NULL, &found);
    bool ok = code == 0;

    if (code == GLOB_NOMATCH)
        err_set(err, ERR_IO, "nothing matches '%s'", pattern);
    else if (code)
        err_set(err, ERR_IO, "cannot look for '%s': a folder cannot be read", pattern);
    for (size_t i = 0; ok && i < found.gl_pathc; i++)
        ok = add_existing(a, l, found.gl_pathv[i], err);
    if (code == 0)
        globfree(&found);
    return ok;
}

static bool add_path(struct arena *a, struct list *l, const char *path, struct err *err)
{
    if (strcmp(path, "-") == 0) {
        list_add(l, "-");
        return true;
    }
    if (file_exists(path) || dir_exists(path))
        return add_existing(a, l, path, err);
    if (strpbrk(path, "*?["))
        return add_pattern(a, l, path, err);
    err_set(err, ERR_IO, "no such file or folder: '%s'", path);
    return false;
}

bool input_expand(struct arena *a, const char *const *paths, size_t npaths, struct path_list *out,
                  struct err *err)
{
    struct list l = {0};
    bool ok = true;
    size_t n = 0;

    for (size_t i = 0; ok && i < npaths; i++)
        ok = add_path(a, &l, paths[i], err);
    if (ok) {
        if (l.count)
            qsort(l.paths, l.count, sizeof *l.paths, by_bytes);
        out->paths = arena_new(a, const char *, l.count);
        for (size_t i = 0; i < l.count; i++)
            if (n == 0 || strcmp(out->paths[n - 1], l.paths[i]) != 0)
                out->paths[n++] = l.paths[i];
        out->count = n;
    }
    free(l.paths);
    return ok;
}
