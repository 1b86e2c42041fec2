/*
 * aws-cloudtrail: AWS's record of calls to its interfaces, of sign-ins and of what it does itself.
 *
 * Format: ../shared/formats-cloud.md 3 and 4. Read here: log files as a trail delivers them, `aws
 * cloudtrail lookup-events` (the event is JSON in a string; the wrapper's time is the caller's
 * local time and is not trusted), EventBridge envelopes, records that a log shipper put into
 * "message". Digests and Insights are recognised and are no events.
 *
 * What exports get wrong: a failed console sign-in has no errorCode; readOnly is missing in old
 * records and sign-ins, a string elsewhere; source addresses are often names; event names carry
 * dates; documentation reuses one eventID for different events; shippers move eventTime to
 * @timestamp.
 *
 * An ordinary record is mapped from the fields alone. Only writes that carry policies or network
 * rules are parsed as trees.
 */
#include "aws.h"
#include "csv.h"
#include "tree.h"

#include "base/ascii.h"

#define AWS_PATH(slot, path) path,
static const char *const paths[] = {AWS_FIELDS(AWS_PATH)};
#undef AWS_PATH

static int probe(const struct record *rec, const json_t *tree)
{
    const json_t *message = json_member(tree, "message");

    (void)rec;
    if (json_member(tree, "eventVersion") &&
        (json_member(tree, "eventSource") || json_member(tree, "insightDetails")))
        return 95;
    if (json_member(tree, "digestStartTime") && json_member(tree, "logFiles"))
        return 95;
    if (json_is_string(json_member(tree, "CloudTrailEvent")) && json_member(tree, "EventId"))
        return 95;
    if (json_member(tree, "detail-type") && json_path(tree, "detail", "eventVersion", NULL))
        return 95;
    if (json_member(tree, "insightDetails") && json_member(tree, "eventType"))
        return 90;
    if (json_member(tree, "eventSource") && json_member(tree, "eventName") &&
        json_member(tree, "userIdentity"))
        return 70;
    if (json_is_string(message) &&
        str_starts(str_from(json_string_value(message)), STR("{\"eventVersion\"")))
        return 60;
    return 0;
}

/* --- the name --------------------------------------------------------------------------------- */

static size_t digits_at_end(str s)
{
    size_t n = 0;

    while (n < s.len && ascii_is_digit(s.ptr[s.len - n - 1]))
        n++;
    return n;
}

/* CreateDistribution2020_05_31, CreateFunction20150331, AddPermission20150331v2 without the date of
 * the interface. */
static str without_date(str name)
{
    str s = name;
    size_t n = digits_at_end(s);

    if (n == 2 && s.len > 10 && s.ptr[s.len - 3] == '_' && s.ptr[s.len - 6] == '_' &&
        digits_at_end(str_part(s, 0, s.len - 6)) == 4)
        return str_part(s, 0, s.len - 10);
    if (n >= 1 && n <= 2 && s.len > n && s.ptr[s.len - n - 1] == 'v')
        s = str_part(s, 0, s.len - n - 1);
    n = digits_at_end(s);
    return n == 8 && s.len > 8 ? str_part(s, 0, s.len - 8) : name;
}

/* --- how it ended ----------------------------------------------------------------------------- */

static bool has_any(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_contains_nocase(s, str_from(*words)))
            return true;
    return false;
}

static enum outcome failed_how(str code, str text)
{
    static const char *const denied[] = {"accessdenied",
                                         "unauthorized",
                                         "notauthorized",
                                         "forbidden",
                                         "authfailure",
                                         "authorizationerror",
                                         NULL};
    static const char *const throttled[] = {
        "throttl",  "requestlimitexceeded",          "toomanyrequests",
        "slowdown", "provisionedthroughputexceeded", NULL};
    static const char *const denied_text[] = {"not authorized to perform", "access denied",
                                              "accessdenied", NULL};

    if (has_any(code, throttled))
        return OUTCOME_THROTTLED;
    if (has_any(code, denied) || (str_empty(code) && has_any(text, denied_text)))
        return OUTCOME_DENIED;
    return OUTCOME_FAILURE;
}

/* {"ConsoleLogin":"Failure"}: the only place where a failed sign-in says so besides its message. */
static bool is_member(struct field object, str name, const char *value)
{
    struct field key, v;

    if (object.kind == FIELD_OBJECT)
        for (size_t at = 0; fields_next_member(object.raw, &at, &key, &v);)
            if (str_eq(key.raw, name) && str_eq_nocase(v.raw, str_from(value)))
                return true;
    return false;
}

static bool is_sign_in(const struct aws_call *c)
{
    return str_eq(c->service, STR("signin.amazonaws.com"));
}

static void map_outcome(const struct aws_call *c, struct event *ev)
{
    ev->error = aws_text(c, AWS_ERROR);
    ev->error_text = aws_text(c, AWS_ERROR_TEXT);
    if (!str_empty(ev->error) || !str_empty(ev->error_text)) {
        ev->outcome = failed_how(ev->error, ev->error_text);
        ev->error = str_or(ev->error, ev->error_text);
    } else if ((is_sign_in(c) && is_member(c->f[AWS_RESPONSE], ev->action, "Failure")) ||
               is_member(c->f[AWS_SERVICE_DETAILS], STR("UserAuthentication"), "Failure") ||
               is_member(c->f[AWS_SERVICE_DETAILS], STR("state"), "FAILED")) {
        ev->outcome = OUTCOME_FAILURE;
    } else {
        ev->outcome = OUTCOME_SUCCESS;
    }
}

/* --- by which means --------------------------------------------------------------------------- */

static bool is_console_name(str s)
{
    return str_starts(s, STR("signin.")) || str_starts(s, STR("console."));
}

/* CloudFormation acts under its own name, in any of three places. A service that was called on
 * somebody's behalf is the platform's doing, but for the console. */
static enum channel channel_of(const struct aws_call *c, const struct event *ev)
{
    const str formation = STR("cloudformation.amazonaws.com");
    str invoked_by = aws_text(c, AWS_ID_INVOKED_BY), type = aws_text(c, AWS_TYPE);
    enum channel by_agent;

    if (str_eq(ev->user_agent, formation) || str_eq(ev->source_ip, formation) ||
        str_eq(invoked_by, formation))
        return CHANNEL_IAC;
    by_agent = channel_from_user_agent(ev->user_agent);
    if (by_agent == CHANNEL_IAC)
        return CHANNEL_IAC;
    if (str_starts(type, STR("AwsConsole")) || is_console_name(invoked_by))
        return CHANNEL_CONSOLE;
    if (c->is_service_event || !str_empty(invoked_by))
        return CHANNEL_PROVIDER;
    if (by_agent != CHANNEL_CLI && field_truth(c->f[AWS_FROM_CONSOLE]))
        return CHANNEL_CONSOLE;
    return by_agent;
}

/* --- the record ------------------------------------------------------------------------------- */

static const char *map_time(const struct aws_call *c, struct event *ev)
{
    str text = str_or(aws_text(c, AWS_TIME), aws_text(c, AWS_SHIPPED_TIME));

    if (str_empty(text))
        return "eventTime is missing";
    return event_set_time(ev, text) && ev->time.is_set ? NULL
                                                       : "eventTime cannot be read as a time";
}

/* Without branches: in an id, nobody can tell what the next digit is, the processor neither. */
static bool is_hex(char c)
{
    return ((unsigned)(c - '0') < 10u) | ((unsigned)((c | 32) - 'a') < 6u);
}

/* 8-4-4-4-12 hex digits: unique by itself. Test data and documentation have ids that are not; those
 * count per account. */
static bool is_uuid(str s)
{
    unsigned digits = 0;

    if (s.len != 36 || s.ptr[8] != '-' || s.ptr[13] != '-' || s.ptr[18] != '-' || s.ptr[23] != '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        digits += is_hex(s.ptr[i]);
    return digits == 32;
}

static void map_ids(const struct aws_call *c, struct event *ev)
{
    ev->native_id = aws_text(c, AWS_EVENT_ID);
    ev->request = aws_text(c, AWS_REQUEST_ID);
    if (!str_empty(ev->native_id) && !is_uuid(ev->native_id))
        ev->dedupe = str_join(c->arena, ev->account, STR(" "), ev->native_id);
}

/* {"reason":"UPDATED_DATA","originalEventID":"..."} */
static void note_addendum(const struct aws_call *c)
{
    struct field key, value;
    str original = STR_NONE, reason = STR_NONE;

    if (c->f[AWS_ADDENDUM].kind != FIELD_OBJECT)
        return;
    for (size_t at = 0; fields_next_member(c->f[AWS_ADDENDUM].raw, &at, &key, &value);) {
        if (str_eq(key.raw, STR("originalEventID")))
            original = field_text(value, c->arena);
        else if (str_eq(key.raw, STR("reason")))
            reason = field_text(value, c->arena);
    }
    if (!str_empty(original))
        issues_add(c->notes, c->arena, ISSUE_NOTE, "corrects event %.*s (%.*s)", STR_FMT(original),
                   STR_FMT(reason));
}

static void map_write(const struct aws_call *c, struct event *ev)
{
    ev->is_omitted =
        field_truth(c->f[AWS_REQUEST_OMITTED]) || field_truth(c->f[AWS_RESPONSE_OMITTED]);
    aws_exposures(c, ev);
    aws_grants(c, ev);
    aws_notable(c, ev);
}

static const char *map_call(const struct field *f, struct mapper *m, struct event *ev)
{
    struct aws_call c = {.f = f, .arena = m->arena, .notes = m->notes};
    const char *why = map_time(&c, ev);

    if (why)
        return why;
    ev->service = aws_text(&c, AWS_SOURCE);
    ev->action = aws_text(&c, AWS_NAME);
    if (str_empty(ev->action))
        return "eventName is missing";
    c.service = ev->service;
    c.name = without_date(ev->action);
    c.is_service_event = str_eq(aws_text(&c, AWS_TYPE), STR("AwsServiceEvent")) ||
                         str_eq(aws_text(&c, AWS_ID_TYPE), STR("AWSService"));
    ev->region = aws_text(&c, AWS_REGION);
    ev->source_ip = aws_text(&c, AWS_IP);
    ev->user_agent = aws_text(&c, AWS_AGENT);
    c.account = str_or(aws_text(&c, AWS_RECIPIENT), aws_text(&c, AWS_ID_ACCOUNT));
    ev->account = c.account;
    ev->verb = aws_verb(c.service, c.name, f[AWS_READ_ONLY],
                        str_eq(aws_text(&c, AWS_TYPE), STR("AwsServiceEvent")));
    aws_identity(&c, ev);
    map_outcome(&c, ev);
    if (str_contains(ev->error, STR("DryRunOperation"))) {
        ev->verb = VERB_READ; /* a test of permissions: nothing was to change */
        ev->detail = STR("dry run");
    }
    ev->channel = channel_of(&c, ev);
    if (ev->channel == CHANNEL_IAC && str_empty(ev->run))
        ev->run = aws_run_in(ev->user_agent);
    map_ids(&c, ev);
    aws_resources(&c, ev);
    if (is_sign_in(&c) || ev->verb == VERB_LOGIN)
        aws_sign_in(&c, ev);
    if (verb_is_write(ev->verb))
        map_write(&c, ev);
    else if (str_eq(c.service, STR("sts.amazonaws.com")))
        aws_session(&c, ev);
    note_addendum(&c);
    return NULL;
}

/* The event that a wrapper carries; absent for a plain record. */
static str carried(const struct field *f, struct arena *a)
{
    if (f[AWS_NAME].kind != FIELD_ABSENT || f[AWS_VERSION].kind != FIELD_ABSENT)
        return STR_NONE;
    if (f[AWS_LOOKUP_EVENT].kind == FIELD_STRING)
        return field_string(f[AWS_LOOKUP_EVENT], a);
    if (f[AWS_DETAIL].kind == FIELD_OBJECT)
        return f[AWS_DETAIL].raw;
    if (f[AWS_MESSAGE].kind == FIELD_STRING)
        return field_string(f[AWS_MESSAGE], a);
    return STR_NONE;
}

extern const struct source source_aws_cloudtrail;

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct field inner[AWS_FIELD_COUNT];
    const struct field *f = rec->fields;
    str text = carried(f, m->arena);
    struct event ev = event_new();

    if (text.ptr) {
        struct err err = {0};

        if (!fields_read(source_fields(&source_aws_cloudtrail), text, inner, &err)) {
            m->why = "the event inside the record is not valid JSON";
            return MAP_REJECT;
        }
        inner[AWS_LOOKUP_RESOURCES] = f[AWS_LOOKUP_RESOURCES];
        f = inner;
    }
    if (f[AWS_DIGEST_START].kind != FIELD_ABSENT && f[AWS_LOG_FILES].kind == FIELD_ARRAY) {
        m->why = "a CloudTrail digest";
        return MAP_NOT_EVENT;
    }
    if (f[AWS_INSIGHT].kind == FIELD_OBJECT) {
        m->why = "a CloudTrail Insight: an anomaly, not an act";
        return MAP_NOT_EVENT;
    }
    if (f[AWS_NAME].kind == FIELD_ABSENT && f[AWS_SOURCE].kind == FIELD_ABSENT &&
        f[AWS_VERSION].kind == FIELD_ABSENT)
        return MAP_FOREIGN;
    m->why = map_call(f, m, &ev);
    if (m->why)
        return MAP_REJECT;
    if (rec->is_row && str_ends(rec->bytes, STR(CSV_WITHOUT_OUTCOME)))
        ev.outcome = OUTCOME_UNKNOWN;
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_aws_cloudtrail = {
    .name = "aws-cloudtrail",
    .title = "AWS CloudTrail",
    .reads =
        "log files of a trail from its bucket, aws cloudtrail lookup-events, EventBridge envelopes",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT | GIVES_SIGN_IN | GIVES_STATE_ACCESS,
    .is_continuous = true,
    .paths = paths,
    .npaths = AWS_FIELD_COUNT,
    .probe = probe,
    .map = map,
};
