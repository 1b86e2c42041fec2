/*
 * file: whole files in, whole files out, and lists of paths.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* All bytes of a file of at most `limit` bytes (0: 256 MiB). */
bool file_read(struct arena *a, const char *path, size_t limit, str *out,
               struct err *err) MUST_CHECK;

/* Writes beside `path` under a private name, syncs, and renames: a finished file is complete or
 * absent. Mode 0600 & ~umask. */
bool file_write(const char *path, str data, struct err *err) MUST_CHECK;

bool file_exists(const char *path);
bool dir_exists(const char *path);
bool dir_make(const char *path, struct err *err) MUST_CHECK; /* with parents; existing is fine */
bool dir_remove(const char *path,
                struct err *err) MUST_CHECK; /* with all inside; missing is fine */
bool file_sync_dir(const char *path, struct err *err) MUST_CHECK; /* fsync of the folder itself */

struct path_list {
    const char **paths;
    size_t count;
};

/* Regular files below `dir`, recursively, paths beginning with `dir`, sorted by bytes. Hidden names
 * (".git", ".terraform.lock.hcl") included, since lock and pointer files are evidence. Symbolic
 * links to files are followed, to folders not. */
bool dir_list(struct arena *a, const char *dir, struct path_list *out, struct err *err) MUST_CHECK;

str path_base(str path); /* "a/b/c.json" -> "c.json" */
str path_join(struct arena *a, str dir, str name);

#endif
