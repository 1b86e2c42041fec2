/*
 * aws-cloudwatch: CloudWatch Logs, a carrier of other logs (formats-cloud 5). What it carries is
 * handed to CloudTrail or Kubernetes audit and stored as theirs; any other line is recognised,
 * counted and no event: it says nothing of who did what.
 *
 * Read here: filter-log-events, get-log-events, payloads of subscriptions (the cutter gives their
 * log events), the same packed for Lambda and Kinesis, answers of Logs Insights. Lines of an
 * export task lose their stamp in the cutter: JSON goes to whom it belongs and comes here when
 * nobody knows it, text is counted there and then.
 *
 * A message that begins like a CloudTrail event and is no whole JSON is a line too, with a note.
 */
#include "aws_carrier.h"
#include "packed.h"
#include "tree.h"

enum { LARGEST_PAYLOAD = 32 << 20 };

static const char plain[] = "a line of CloudWatch Logs that is no audit event";

/* --- shapes ----------------------------------------------------------------------------------- */

static bool is_log_event(const struct record *rec, const json_t *doc)
{
    return json_is_string(json_member(doc, "message")) &&
           json_is_integer(json_member(doc, "timestamp")) &&
           (json_member(doc, "ingestionTime") || str_eq(rec->wrapper, STR("logEvents")));
}

/* JSON in a line of an export task. */
static bool is_stamped(const struct record *rec)
{
    return str_eq(rec->wrapper, STR("stamped line"));
}

static const json_t *packed_in(const json_t *doc)
{
    const json_t *lambda = json_path(doc, "awslogs", "data", NULL);

    return lambda ? lambda : json_path(doc, "kinesis", "data", NULL);
}

static bool is_packed(const json_t *doc)
{
    /* What base64 makes of the first bytes of gzip. */
    return json_is_string(packed_in(doc)) &&
           str_starts(str_from(json_string_value(packed_in(doc))), STR("H4sI"));
}

static bool is_payload(const json_t *doc)
{
    return json_is_array(json_member(doc, "logEvents")) && json_member(doc, "logGroup");
}

/* [{"field":"@timestamp","value":"..."}, ...] */
static bool is_insights_row(const json_t *doc)
{
    const json_t *first = json_array_get(doc, 0);

    return json_is_string(json_member(first, "field")) && json_object_get(first, "value");
}

/* The same from a table: the columns are the members. */
static bool is_table_row(const json_t *doc)
{
    return json_is_string(json_member(doc, "@message")) && json_member(doc, "@timestamp") &&
           !json_member(doc, "@level"); /* that is Terraform's own log */
}

static int probe(const struct record *rec, const json_t *doc)
{
    if (is_table_row(doc) || is_packed(doc) || is_payload(doc) || is_insights_row(doc))
        return 95;
    if (is_log_event(rec, doc))
        return 80;
    return is_stamped(rec) ? 1 : 0; /* when nobody else claims it */
}

/* --- messages --------------------------------------------------------------------------------- */

/* "/aws/eks/prod-1/cluster" belongs to the cluster prod-1. */
static void know(struct carrier *c, const json_t *payload, struct arena *a)
{
    const str before = STR("/aws/eks/"), behind = STR("/cluster");
    str group = tree_text(payload, "logGroup", a);

    c->account = tree_text(payload, "owner", a);
    if (str_starts(group, before) && str_ends(group, behind) &&
        group.len > before.len + behind.len)
        c->place = str_part(group, before.len, group.len - behind.len);
}

static enum map_result give_message(const struct carrier *c, const json_t *message,
                                    struct mapper *m)
{
    enum map_result result = MAP_FOREIGN;

    if (json_is_string(message))
        result = carrier_give(
            c, str_copy(m->arena, (str){json_string_value(message), json_string_length(message)}),
            m);
    if (result != MAP_FOREIGN)
        return result;
    m->why = plain;
    return MAP_NOT_EVENT;
}

/* A record of many messages is an event when one of them is; what is wrong with one is told. */
static enum map_result give_payload(struct carrier *c, const json_t *payload, struct mapper *m)
{
    const json_t *events = json_member(payload, "logEvents"), *message;
    enum map_result sum = MAP_NOT_EVENT;

    know(c, payload, m->arena);
    for (size_t i = 0; i < json_array_size(events); i++) {
        enum map_result one;

        message = json_member(json_array_get(events, i), "message");
        one = give_message(c, message, m);
        if (one == MAP_REJECT)
            issues_add(m->notes, m->arena, ISSUE_NOTE, "message %zu is not taken: %s", i,
                       m->why ? m->why : "it is incomplete");
        else if (one == MAP_DONE)
            sum = MAP_DONE;
    }
    m->why = sum == MAP_DONE ? NULL : plain;
    return sum;
}

static enum map_result give_packed(struct carrier *c, const json_t *text, struct mapper *m)
{
    str packed = {json_string_value(text), json_string_length(text)};
    str payload = packed_gunzip(packed_base64(packed, m->arena), LARGEST_PAYLOAD, m->arena);
    struct err err = {0};
    enum map_result result = MAP_REJECT;
    json_t *doc;

    m->why = "the packed payload is damaged or too large";
    if (str_empty(payload))
        return MAP_REJECT;
    doc = json_parse(payload, &err);
    if (is_payload(doc))
        result = give_payload(c, doc, m);
    else
        m->why = "the packed payload holds no log events";
    json_decref(doc);
    return result;
}

/* The message when it was asked for; else the columns may be members of a CloudTrail event. */
static enum map_result give_row(const struct carrier *c, const json_t *cells, struct mapper *m)
{
    json_t *row = json_object();
    enum map_result result;

    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *cell = json_array_get(cells, i);
        const json_t *name = json_member(cell, "field"), *value = json_member(cell, "value");

        if (json_is_string(name) && value)
            json_object_set(row, json_string_value(name), json_open(value));
    }
    if (json_member(row, "@message")) {
        result = give_message(c, json_member(row, "@message"), m);
    } else {
        result = carrier_give_row(c, row, m);
        if (result == MAP_FOREIGN) {
            m->why = "a row of Logs Insights without message, or name and time of an event";
            result = MAP_NOT_EVENT;
        }
    }
    json_decref(row);
    return result;
}

/* --- source ----------------------------------------------------------------------------------- */

static enum map_result map_doc(const struct record *rec, struct mapper *m, const json_t *doc)
{
    struct carrier c = {.rec = rec};
    enum map_result result;
    struct err err = {0};
    json_t *outer;

    if (is_packed(doc))
        return give_packed(&c, packed_in(doc), m);
    if (is_payload(doc))
        return give_payload(&c, doc, m);
    if (is_insights_row(doc))
        return give_row(&c, doc, m);
    if (is_table_row(doc))
        return give_message(&c, json_member(doc, "@message"), m);
    if (is_stamped(rec)) {
        result = carrier_give(&c, rec->bytes, m);
        m->why = result == MAP_FOREIGN ? plain : m->why;
        return result == MAP_FOREIGN ? MAP_NOT_EVENT : result;
    }
    if (!is_log_event(rec, doc))
        return MAP_FOREIGN;
    outer = str_empty(rec->outer) ? NULL : json_parse(rec->outer, &err);
    know(&c, outer, m->arena);
    result = give_message(&c, json_member(doc, "message"), m);
    json_decref(outer);
    return result;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result;

    if (!doc)
        return MAP_REJECT;
    result = map_doc(rec, m, doc);
    json_decref(doc);
    return result;
}

const struct source source_aws_cloudwatch = {
    .name = "aws-cloudwatch",
    .title = "AWS CloudWatch Logs",
    .reads = "carries CloudTrail and EKS audit: filter-log-events, get-log-events, subscription "
             "payloads, Logs Insights answers, export tasks to S3",
    .shape = SHAPE_JSON,
    .probe = probe,
    .map = map,
};
