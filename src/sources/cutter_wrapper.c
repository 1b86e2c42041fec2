/*
 * cutter_wrapper: which keys hold records (formats-cloud 1.2, formats-iac 6 to 11), and what stands
 * beside them.
 */
#include "sources/cutter_wrapper.h"

static const char *const keys[] = {
    "Records",
    "records",
    "Events",
    "events",
    "value",
    "entries",
    "items",
    "configurationItems",
    "logEvents",
    "results",
    "QueryResultRows",
    "result",
    "data",
    "included",
    "workflow_runs",
    "auditLogEvents",
    "StackEvents",
    "StackResourceDrifts",
    "StackSummaries",
};

const char *wrapper_key(str key)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (str_eq(key, str_from(keys[i])))
            return keys[i];
    return NULL;
}

/* Nobody has validated this text: a step that leads nowhere is the end. */
static bool next_member(str members, size_t *at, struct field *key, struct field *value)
{
    size_t before = *at;

    return fields_next_member(members, at, key, value) && *at > before;
}

static bool is_scalar(struct field f)
{
    return f.kind != FIELD_OBJECT && f.kind != FIELD_ARRAY && f.kind != FIELD_ABSENT;
}

static bool is_valid(str object)
{
    struct arena a = {0};
    struct field none[1];
    struct err err = {0};
    bool ok = fields_read(field_set_new(&a, NULL, 0), object, none, &err);

    arena_free(&a);
    return ok;
}

void wrapper_scalars(str members, struct buf *out)
{
    struct field key, value;
    size_t at = 0;

    buf_clear(out);
    buf_addc(out, '{');
    while (next_member(members, &at, &key, &value)) {
        if (key.kind != FIELD_STRING || !is_scalar(value))
            continue;
        buf_addz(out, out->len > 1 ? ",\"" : "\"");
        buf_add(out, key.raw);
        buf_addz(out, value.kind == FIELD_STRING ? "\":\"" : "\":");
        buf_add(out, value.raw);
        if (value.kind == FIELD_STRING)
            buf_addc(out, '"');
    }
    buf_addc(out, '}');
    if (is_valid(buf_str(out)))
        return;
    buf_clear(out);
    buf_addz(out, "{}");
}

bool wrapper_is_health_check(str scalars)
{
    return str_eq(wrapper_member(scalars, STR("messageType")).raw, STR("CONTROL_MESSAGE"));
}

bool wrapper_is_json_api(str members, size_t *count)
{
    static const char *const known[] = {"data", "links", "meta", "included", "jsonapi"};
    struct field key, value;
    size_t at = 0;
    bool is_all_known = true;

    for (*count = 0; next_member(members, &at, &key, &value); ++*count) {
        bool is_known = false;

        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            is_known |= str_eq(key.raw, str_from(known[i]));
        is_all_known &= is_known;
    }
    return is_all_known;
}

struct field wrapper_member(str members, str name)
{
    struct field key, value;
    size_t at = 0;

    while (next_member(members, &at, &key, &value))
        if (str_eq(key.raw, name))
            return value;
    return (struct field){STR_NONE, FIELD_ABSENT, false};
}
