/*
 * gcp-audit: Google Cloud's audit log entries, whichever way they left Cloud Logging: `gcloud
 * logging read`, sink objects, entries.list, CloudEvents and Pub/Sub envelopes, BigQuery exports.
 *
 * Format: ../shared/formats-cloud.md 7. What exports get wrong: success has no status at all;
 * severity is not outcome; the second entry of an operation may lack principal and request; login
 * events say their outcome in the method's name; BigQuery renames the payload, writes null
 * everywhere and puts JSON into strings.
 *
 * A long-running call writes two entries which are folded into one event: who and when from the
 * first, how it ended from the last. The first alone counts as a success: the call was accepted,
 * and an opening that it made must not wait for its second entry.
 */
#include "gcp.h"
#include "packed.h"
#include "tree.h"

#define GCP_PATH(slot, path) path,
static const char *const paths[] = {GCP_FIELDS(GCP_PATH)};
#undef GCP_PATH

extern const struct source source_gcp_audit;

static int probe(const struct record *rec, const json_t *tree)
{
    const json_t *data = json_member(tree, "data"), *message = json_member(tree, "message");
    bool has_log = json_member(tree, "logName");

    (void)rec;
    if (has_log &&
        (json_member(tree, "protoPayload") || json_member(tree, "protopayload_auditlog")))
        return 95;
    if (has_log && (json_member(tree, "jsonPayload") || json_member(tree, "textPayload")))
        return 70;
    if (json_member(data, "logName") && json_member(data, "protoPayload"))
        return 95;
    if (json_is_string(json_member(message, "data")) &&
        (json_member(tree, "subscription") || json_member(message, "messageId")))
        return 60;
    return 0;
}

/* --- envelopes -------------------------------------------------------------------------------- */

/* {"requestJson":"{...}"} as {"request":{...}} */
static void unfold_text(json_t *payload, const char *from, const char *to)
{
    const json_t *text = json_member(payload, from);
    struct err err = {0};
    json_t *value;

    if (!json_is_string(text))
        return;
    value = json_parse((str){json_string_value(text), json_string_length(text)}, &err);
    if (value)
        json_object_set_new(payload, to, value);
}

/* The entry as Cloud Logging spells it, from the columns of a BigQuery export. */
static str from_bigquery(str record, struct arena *a)
{
    static const char *const names[][2] = {
        {"requestJson", "request"},
        {"responseJson", "response"},
        {"metadataJson", "metadata"},
        {"servicedata_v1_iam", "serviceData"},
    };
    struct err err = {0};
    json_t *tree = json_parse(record, &err),
           *payload = json_object_get(tree, "protopayload_auditlog");
    str out = STR_NONE;

    if (json_is_object(payload)) {
        for (size_t i = 0; i < 3; i++)
            unfold_text(payload, names[i][0], names[i][1]);
        if (json_is_object(json_object_get(payload, names[3][0])))
            json_object_set(payload, names[3][1], json_object_get(payload, names[3][0]));
        json_object_set(tree, "protoPayload", payload);
        json_object_del(tree, "protopayload_auditlog");
        out = json_write(tree, a);
    }
    json_decref(tree);
    return out;
}

/* The entry that an envelope carries; absent for a plain one. */
static str carried(str record, const struct field *f, struct arena *a)
{
    if (f[GCP_PAYLOAD].kind == FIELD_OBJECT)
        return STR_NONE;
    if (f[GCP_BIGQUERY].kind == FIELD_OBJECT)
        return from_bigquery(record, a);
    if (f[GCP_LOG].kind != FIELD_ABSENT)
        return STR_NONE;
    if (f[GCP_DATA].kind == FIELD_OBJECT)
        return f[GCP_DATA].raw;
    if (f[GCP_PUBSUB].kind == FIELD_STRING)
        return packed_base64(field_string(f[GCP_PUBSUB], a), a);
    return STR_NONE;
}

/* --- what the log's name says ----------------------------------------------------------------- */

/* projects/P/logs/cloudaudit.googleapis.com%2Factivity */
static enum gcp_log log_of(str name)
{
    size_t at = str_find(name, STR("cloudaudit.googleapis.com"));
    str kind;

    if (at == SIZE_MAX)
        return GCP_LOG_OTHER;
    kind = str_part(name, at + sizeof "cloudaudit.googleapis.com" - 1, name.len);
    if (str_starts(kind, STR("/")))
        kind = str_part(kind, 1, kind.len);
    else if (str_starts_nocase(kind, STR("%2F")))
        kind = str_part(kind, 3, kind.len);
    if (str_eq(kind, STR("activity")))
        return GCP_LOG_ACTIVITY;
    if (str_eq(kind, STR("data_access")))
        return GCP_LOG_DATA;
    if (str_eq(kind, STR("system_event")))
        return GCP_LOG_SYSTEM;
    return str_eq(kind, STR("policy")) ? GCP_LOG_POLICY : GCP_LOG_OTHER;
}

/* organizations/123/logs/... -> 123 */
static str owner_of(str name)
{
    str rest = name;

    (void)str_cut(&rest, '/');
    return str_cut(&rest, '/');
}

/* --- how it ended ----------------------------------------------------------------------------- */

static const char *code_name(uint64_t code)
{
    static const char *const names[] = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    };

    return code < sizeof names / sizeof *names ? names[code] : NULL;
}

static enum outcome outcome_of_code(uint64_t code)
{
    if (code == 0)
        return OUTCOME_SUCCESS;
    if (code == 7 || code == 16 || code == 401 || code == 403)
        return OUTCOME_DENIED;
    return code == 8 || code == 429 ? OUTCOME_THROTTLED : OUTCOME_FAILURE;
}

/* An element with granted:false and no status: list calls answer with what is allowed, so nothing
 * can be said. */
static bool is_partly_refused(struct field authorization)
{
    struct field each, key, value;

    if (authorization.kind != FIELD_ARRAY)
        return false;
    for (size_t at = 0; fields_next_element(authorization.raw, &at, &each);)
        if (each.kind == FIELD_OBJECT)
            for (size_t in = 0; fields_next_member(each.raw, &in, &key, &value);)
                if (str_eq(key.raw, STR("granted")) &&
                    (value.kind == FIELD_FALSE || str_eq_nocase(value.raw, STR("false"))))
                    return true;
    return false;
}

static void map_outcome(const struct gcp_entry *e, struct event *ev)
{
    uint64_t code = 0;

    if (e->f[GCP_CODE].kind == FIELD_NUMBER)
        (void)str_to_u64(e->f[GCP_CODE].raw, &code);
    ev->outcome = outcome_of_code(code);
    if (str_eq(gcp_text(e, GCP_DECISION), STR("forbid")))
        ev->outcome = OUTCOME_DENIED;
    else if (ev->outcome == OUTCOME_SUCCESS && is_partly_refused(e->f[GCP_AUTHORIZATION]))
        ev->outcome = OUTCOME_UNKNOWN;
    if (code == 0)
        return; /* a message without a code is information */
    ev->error =
        code_name(code) ? str_from(code_name(code)) : str_print(e->arena, "%u", (unsigned)code);
    ev->error_text = gcp_text(e, GCP_MESSAGE);
}

/* --- the entry -------------------------------------------------------------------------------- */

static const char *map_time(const struct gcp_entry *e, struct event *ev)
{
    str text = str_or(gcp_text(e, GCP_TIME), gcp_text(e, GCP_RECEIVED));

    if (str_empty(text))
        return "timestamp is missing";
    return event_set_time(ev, text) && ev->time.is_set ? NULL
                                                       : "timestamp cannot be read as a time";
}

/* First and last entry of an operation; the parts of an entry that was too large for one. */
static void map_fold(const struct gcp_entry *e, struct event *ev)
{
    bool is_first = field_truth(e->f[GCP_FIRST]), is_last = field_truth(e->f[GCP_LAST]);
    str part = gcp_text(e, GCP_SPLIT);

    ev->request = gcp_text(e, GCP_OPERATION);
    if (!str_empty(part)) {
        ev->fold.key = str_print(e->arena, "split %.*s", STR_FMT(part));
        ev->fold.part = str_empty(gcp_text(e, GCP_SPLIT_INDEX)) ||
                                str_eq(gcp_text(e, GCP_SPLIT_INDEX), STR("0"))
                            ? 0
                            : 1;
        return;
    }
    if (str_empty(ev->request) || is_first == is_last)
        return;
    ev->fold.key =
        str_print(e->arena, "%.*s %.*s", STR_FMT(gcp_text(e, GCP_PRODUCER)), STR_FMT(ev->request));
    ev->fold.part = is_first ? 0 : 2;
}

static void map_place(const struct gcp_entry *e, struct event *ev)
{
    ev->account = str_or(gcp_text(e, GCP_PROJECT), owner_of(gcp_text(e, GCP_LOG)));
    ev->region = gcp_text(e, GCP_LOCATION);
    if (str_empty(ev->region))
        ev->region =
            str_or(gcp_text(e, GCP_REGION), str_or(gcp_text(e, GCP_ZONE), gcp_text(e, GCP_WHERE)));
    ev->place = gcp_text(e, GCP_CLUSTER);
    ev->resource = gcp_text(e, GCP_RESOURCE);
    ev->resource_type = gcp_text(e, GCP_RESOURCE_TYPE);
}

/* Creations name what they are made in; the answer names what was made. */
static void map_made(const struct gcp_entry *e, struct event *ev)
{
    str made = gcp_text(e, GCP_MADE);

    if (ev->verb != VERB_CREATE || !str_starts(made, STR("projects/")) ||
        str_eq(made, ev->resource))
        return;
    event_add_resource(ev, made, ev->resource_type, e->arena);
}

static const char *map_entry(const struct field *f, struct mapper *m, struct event *ev)
{
    struct gcp_entry e = {.f = f, .arena = m->arena, .notes = m->notes};
    const char *why = map_time(&e, ev);
    size_t dot;

    if (why)
        return why;
    e.service = ev->service = gcp_text(&e, GCP_SERVICE);
    e.method = ev->action = gcp_text(&e, GCP_METHOD);
    if (str_empty(ev->action))
        return "methodName is missing";
    dot = str_find_last(e.method, str_find_char(e.method, '.') == SIZE_MAX ? '-' : '.');
    e.word = dot == SIZE_MAX ? e.method : str_part(e.method, dot + 1, e.method.len);
    e.log = log_of(gcp_text(&e, GCP_LOG));
    gcp_identity(&e, ev);
    map_place(&e, ev);
    ev->source_ip = gcp_text(&e, GCP_IP);
    ev->user_agent = gcp_text(&e, GCP_AGENT);
    ev->channel = ev->actor_type == ACTOR_PROVIDER ? CHANNEL_PROVIDER
                                                   : channel_from_user_agent(ev->user_agent);
    ev->verb = gcp_verb(&e);
    map_outcome(&e, ev);
    map_fold(&e, ev);
    map_made(&e, ev);
    ev->native_id = gcp_text(&e, GCP_INSERT_ID);
    if (!str_empty(ev->native_id))
        ev->dedupe = str_join(
            m->arena,
            str_join(m->arena, gcp_text(&e, GCP_LOG), STR(" "), instant_text(ev->time, m->arena)),
            STR(" "), ev->native_id);
    if (str_eq(e.service, STR("login.googleapis.com")))
        gcp_sign_in(&e, ev);
    if (verb_is_write(ev->verb)) {
        gcp_exposures(&e, ev);
        gcp_grants(&e, ev);
        gcp_notable(&e, ev);
    }
    return NULL;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    enum { DEEPEST = 3 }; /* Pub/Sub around a BigQuery row */
    struct field inner[GCP_FIELD_COUNT];
    const struct field *f = rec->fields;
    str text = carried(rec->bytes, f, m->arena);
    struct event ev = event_new();

    for (int depth = 0; text.ptr && depth < DEEPEST; depth++) {
        struct err err = {0};

        if (!fields_read(source_fields(&source_gcp_audit), text, inner, &err)) {
            m->why = "the log entry inside the envelope is not valid JSON";
            return MAP_REJECT;
        }
        f = inner;
        text = carried(text, f, m->arena);
    }
    if (f[GCP_LOG].kind == FIELD_ABSENT)
        return MAP_FOREIGN;
    if (f[GCP_PAYLOAD].kind != FIELD_OBJECT ||
        (f[GCP_METHOD].kind == FIELD_ABSENT && f[GCP_SERVICE].kind == FIELD_ABSENT)) {
        m->why = "a log entry that is not an audit entry";
        return MAP_NOT_EVENT;
    }
    m->why = map_entry(f, m, &ev);
    if (m->why)
        return MAP_REJECT;
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_gcp_audit = {
    .name = "gcp-audit",
    .title = "Google Cloud audit logs",
    .reads = "gcloud logging read --format=json, sink objects, Pub/Sub and CloudEvents envelopes, "
             "BigQuery exports",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT | GIVES_SIGN_IN | GIVES_STATE_ACCESS,
    .is_continuous = true,
    .paths = paths,
    .npaths = GCP_FIELD_COUNT,
    .probe = probe,
    .map = map,
};
