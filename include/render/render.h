/*
 * render: a report into one kind of file. A renderer is src/render/<name>.c and one line in
 * src/render/list.h. It writes to `path` (a private name; the caller renames) and leaves no
 * half-written file behind on failure.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "model/report.h"

struct theme; /* colours, sizes, fonts: templates/themes/<name>.json */
const struct theme *theme_load(struct arena *a, const char *template_dir, str name,
                               struct err *err);

struct renderer {
    const char *name;   /* "pdf" */
    const char *suffix; /* ".pdf" */
    const char *media_type;
    bool (*render)(const struct report *report, const struct theme *theme, struct arena *a,
                   const char *path, struct render_notes *notes, struct err *err);
};

const struct renderer *renderer_find(str name);
const struct renderer *const *renderer_list(size_t *count);

#endif
