/*
 * rules: the samples of each query, run through the same road as real exports: files, adapters,
 * store, derived facts.
 */
#include "base/buf.h"
#include "pipeline/pipeline.h"
#include "scratch.h"

struct loader {
    const char *dir;
};

/* Writes the inputs of a case as files and reads them in. */
static bool load(const char *dir, const struct case_input *inputs, size_t ninputs, struct store *st,
                 const struct config *cfg, struct arena *a, struct err *err)
{
    struct ingest_result result = {0};

    if (!ninputs)
        return store_derive(st, cfg, err);
    for (size_t i = 0; i < ninputs; i++) {
        struct ingest_options opt = {.source = inputs[i].source, .threads = 1};
        const char *path = str_z(a, str_print(a, "%s/input-%zu", dir, i));

        if (!file_write(path, inputs[i].bytes, err) ||
            !ingest(st, cfg, &path, 1, &opt, a, &result, err))
            return false;
    }
    return true;
}

static bool open_case(void *state, const struct catalogue *c, str config,
                      const struct case_input *inputs, size_t ninputs, struct arena *a,
                      struct store **st, struct config *cfg, struct err *err)
{
    struct loader *l = state;

    if (!scratch_make(a, &l->dir, err))
        return false;
    config_defaults(cfg);
    if (!str_empty(config)) {
        const char *path = str_z(a, str_print(a, "%s/auditpress.json", l->dir));

        if (!file_write(path, config, err) || !config_load(a, path, cfg, err))
            return false;
    }
    return store_open(st, ":memory:", STORE_WRITE, err) &&
           load(l->dir, inputs, ninputs, *st, cfg, a, err) && catalogue_attach(c, *st, err);
}

static void close_case(void *state, struct store *st)
{
    struct loader *l = state;

    store_close(st);
    scratch_remove(l->dir);
    l->dir = NULL;
}

bool rules_run(const struct catalogue *c, struct arena *a, struct rules_check *out, struct err *err)
{
    struct loader loader = {0};
    struct case_loader hands = {&loader, open_case, close_case};

    return catalogue_check(c, &hands, a, out, err);
}
