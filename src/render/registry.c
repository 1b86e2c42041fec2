/*
 * registry: the renderers by name, from list.h.
 */
#include "list.h"

#include "render/render.h"

#define DECLARE(id) extern const struct renderer renderer_##id;
RENDERERS(DECLARE)

#define POINTER(id) &renderer_##id,
static const struct renderer *const renderers[] = {RENDERERS(POINTER)};

const struct renderer *const *renderer_list(size_t *count)
{
    *count = sizeof renderers / sizeof renderers[0];
    return renderers;
}

const struct renderer *renderer_find(str name)
{
    for (size_t k = 0; k < sizeof renderers / sizeof renderers[0]; k++) {
        if (str_eq(name, str_from(renderers[k]->name)))
            return renderers[k];
    }
    return NULL;
}
