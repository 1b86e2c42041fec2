/*
 * aws-config: configuration items of AWS Config, and notifications that AWS sends through SNS
 * (formats-cloud 6).
 *
 * An item says what a resource looked like at a time, never who changed it: it is recognised,
 * counted and no event. CloudTrail has the act. A notification is opened: what is in it may be a
 * CloudTrail event; a change of configuration, a delivered file or a message for people is none.
 */
#include "aws_carrier.h"
#include "tree.h"

static bool is_item(const json_t *doc)
{
    return (json_member(doc, "configurationItemCaptureTime") &&
            (json_member(doc, "resourceId") || json_member(doc, "resourceType"))) ||
           (json_member(doc, "configurationItemStatus") && json_member(doc, "resourceType"));
}

/* {"messageType":"ConfigurationItemChangeNotification",...}: the message of a notification, or the
 * detail of an event of EventBridge. */
static bool is_notice(const json_t *doc)
{
    return json_member(doc, "messageType") &&
           (json_member(doc, "configurationItem") || json_member(doc, "configurationItemDiff") ||
            json_member(doc, "configurationItemSummary") || json_member(doc, "configRuleName") ||
            json_member(doc, "newEvaluationResult") || json_member(doc, "s3ObjectKey"));
}

/* As SNS posts it, or as Lambda gets it: {"EventSource":"aws:sns","Sns":{...}}. */
static const json_t *notification_in(const json_t *doc)
{
    const json_t *inner = json_member(doc, "Sns");
    const json_t *n = json_is_object(inner) ? inner : doc;

    return json_member(n, "TopicArn") && json_member(n, "Message") && json_member(n, "MessageId")
               ? n
               : NULL;
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    if (is_item(doc) || is_notice(doc) || is_notice(json_member(doc, "detail")))
        return 90;
    return notification_in(doc) ? 90 : 0;
}

/* What a message says that is no audit event; NULL when nobody knows. */
static const char *kind_of(const json_t *message)
{
    if (is_notice(message))
        return "a notice of AWS Config: what changed, not who changed it";
    if (json_member(message, "s3Bucket") && json_member(message, "s3ObjectKey"))
        return "a notice that a log file was delivered";
    return NULL;
}

static enum map_result map_notification(const struct record *rec, struct mapper *m,
                                        const json_t *notification)
{
    const json_t *message = json_member(notification, "Message");
    struct carrier c = {.rec = rec};
    struct err err = {0};
    str text = json_is_string(message)
                   ? (str){json_string_value(message), json_string_length(message)}
                   : json_write(message, m->arena);
    enum map_result result;
    json_t *tree;

    text = str_copy(m->arena, text);
    tree = json_parse(text, &err);
    m->why = kind_of(tree);
    json_decref(tree);
    if (m->why)
        return MAP_NOT_EVENT;
    result = carrier_give(&c, text, m);
    if (result != MAP_FOREIGN)
        return result;
    m->why = "a notification that carries no audit event";
    return MAP_NOT_EVENT;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result = MAP_NOT_EVENT;

    if (!doc)
        return MAP_REJECT;
    if (is_item(doc))
        m->why = "an item of AWS Config: what a resource looked like, not who changed it";
    else if (is_notice(doc) || is_notice(json_member(doc, "detail")))
        m->why = kind_of(is_notice(doc) ? doc : json_member(doc, "detail"));
    else if (notification_in(doc))
        result = map_notification(rec, m, notification_in(doc));
    else
        result = MAP_FOREIGN;
    json_decref(doc);
    return result;
}

const struct source source_aws_config = {
    .name = "aws-config",
    .title = "AWS Config and SNS notifications",
    .reads = "recognised and counted, no events: configuration history, snapshots and notices; a "
             "CloudTrail event inside a notification is read",
    .shape = SHAPE_JSON,
    .probe = probe,
    .map = map,
};
