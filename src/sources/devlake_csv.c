/*
 * devlake_csv: raw tables of Apache DevLake as CSV (formats-iac 13). The cell `data` of a row holds
 * one answer of the API of GitHub, GitLab, Jenkins or CircleCI as it was collected; it is read by
 * the source of that platform. `created_at` is when it was collected, never when it happened.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "tree.h"

enum path { PARAMS, DATA, INPUT };

static const char *const paths[] = {[PARAMS] = "/params", [DATA] = "/data", [INPUT] = "/input"};

extern const struct source source_devlake_csv;

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return json_is_string(json_member(doc, "data")) && json_is_string(json_member(doc, "params")) &&
                   tree_has(doc, "url") && tree_has(doc, "created_at")
               ? 95
               : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct record inner = *rec;
    struct field *fields;
    const struct source *s;
    struct err err = {0};

    if (rec->fields[DATA].kind != FIELD_STRING || rec->fields[PARAMS].kind != FIELD_STRING)
        return MAP_FOREIGN;
    inner.bytes = str_trim(field_string(rec->fields[DATA], m->arena));
    inner.outer = inner.wrapper = STR_NONE;
    s = source_probe(&inner, NULL);
    if (!s || s == &source_devlake_csv) {
        m->why = "the row's data is of no kind that is read";
        return MAP_NOT_EVENT;
    }
    fields = arena_new(m->arena, struct field, s->npaths);
    if (!fields_read(source_fields(s), inner.bytes, fields, &err)) {
        m->why = str_z(m->arena, str_from(err.text));
        return MAP_REJECT;
    }
    inner.fields = fields;
    return s->map(&inner, m);
}

const struct source source_devlake_csv = {
    .name = "devlake-csv",
    .title = "Raw tables of Apache DevLake",
    .reads = "CSV exports of the _raw_ tables: answers of GitHub, GitLab, Jenkins, CircleCI",
    .shape = SHAPE_JSON,
    .gives = GIVES_RUNS | GIVES_APPROVALS | GIVES_VCS,
    .paths = paths,
    .npaths = sizeof(paths) / sizeof(paths[0]),
    .probe = probe,
    .map = map,
};
