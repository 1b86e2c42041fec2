/*
 * scratch: mkdtemp and the way back.
 */
#define _DEFAULT_SOURCE /* mkdtemp is XSI */
#include "scratch.h"

#include <stdlib.h>

#include "base/file.h"

bool scratch_make(struct arena *a, const char **dir, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *path =
        str_z(a, path_join(a, str_from(tmp && *tmp ? tmp : "/tmp"), STR("auditpress-XXXXXX")));

    *dir = mkdtemp(path);
    return *dir || err_errno(err, "cannot create a folder '%s'", path);
}

void scratch_remove(const char *dir)
{
    struct err ignored = {0};

    if (dir && !dir_remove(dir, &ignored))
        return; /* a left-over folder in /tmp is not worth failing for */
}
