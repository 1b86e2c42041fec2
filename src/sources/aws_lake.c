/*
 * aws-cloudtrail-lake: answers of CloudTrail Lake and events that other systems put into it
 * (formats-cloud 4.4).
 *
 * A row of an answer is an array of objects with one member each, all values text. It holds what
 * was selected: with name and time it is a CloudTrail event, stored as CloudTrail's; without, it is
 * a count or a list and no event. That it succeeded is only said when the error was selected.
 *
 * An event of an integration names its actor, its act and its system in eventData. What came with
 * the request is not kept: no format says where its secrets are.
 */
#include "aws.h"
#include "aws_carrier.h"
#include "tree.h"

/* --- rows ------------------------------------------------------------------------------------- */

static bool is_row(const struct record *rec, const json_t *doc)
{
    return str_eq(rec->wrapper, STR("QueryResultRows")) && json_is_object(json_array_get(doc, 0));
}

static enum map_result map_row(const struct record *rec, struct mapper *m, const json_t *cells)
{
    struct carrier c = {.rec = rec};
    json_t *row = json_object();
    enum map_result result = MAP_FOREIGN;

    for (size_t i = 0; i < json_array_size(cells); i++)
        if (json_is_object(json_array_get(cells, i)))
            json_object_update(row, json_array_get(cells, i));
    if (json_is_string(json_member(row, "eventJson")))
        result = carrier_give(&c, tree_text(row, "eventJson", m->arena), m);
    if (result == MAP_FOREIGN)
        result = carrier_give_row(&c, row, m);
    if (result == MAP_FOREIGN) {
        m->why = "a row of an answer that is no event: its name or time was not selected";
        result = MAP_NOT_EVENT;
    }
    json_decref(row);
    return result;
}

/* --- events of integrations ------------------------------------------------------------------- */

static bool is_integration(const json_t *doc)
{
    return json_is_object(json_member(doc, "eventData")) &&
           str_eq(str_from(json_string_value(json_member(doc, "eventCategory"))),
                  STR("ActivityAuditLog"));
}

static enum map_result map_integration(struct mapper *m, const json_t *doc)
{
    const struct field unsaid = {STR_NONE, FIELD_ABSENT, false};
    const json_t *data = json_member(doc, "eventData"), *who = json_member(data, "userIdentity");
    struct arena *a = m->arena;
    struct event ev = event_new();

    if (!event_set_time(&ev, tree_text(data, "eventTime", a)) || !ev.time.is_set) {
        m->why = "eventTime is missing or cannot be read as a time";
        return MAP_REJECT;
    }
    ev.action = tree_text(data, "eventName", a);
    if (str_empty(ev.action)) {
        m->why = "eventName is missing";
        return MAP_REJECT;
    }
    ev.service = tree_text(data, "eventSource", a);
    ev.verb = aws_verb(ev.service, ev.action, unsaid, false);
    ev.actor = ev.actor_id = tree_text(who, "principalId", a);
    ev.actor_type = str_empty(ev.actor) ? ACTOR_UNKNOWN : ACTOR_HUMAN;
    if (str_contains_nocase(tree_text(who, "type", a), STR("service")))
        ev.actor_type = ACTOR_SERVICE;
    ev.account = str_or(tree_text(data, "recipientAccountId", a),
                        tree_text(doc, "recipientAccountId", a));
    ev.source_ip = tree_text(data, "sourceIPAddress", a);
    ev.user_agent = tree_text(data, "userAgent", a);
    ev.channel = channel_from_user_agent(ev.user_agent);
    ev.error = tree_text(data, "errorCode", a);
    ev.error_text = tree_text(data, "errorMessage", a);
    ev.error = str_or(ev.error, ev.error_text);
    ev.outcome = str_empty(ev.error) ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
    ev.native_id = str_or(tree_text(data, "UID", a), tree_text(doc, "eventID", a));
    m->emit(m, &ev);
    return MAP_DONE;
}

/* --- source ----------------------------------------------------------------------------------- */

static int probe(const struct record *rec, const json_t *doc)
{
    return is_row(rec, doc) ? 90 : is_integration(doc) ? 97 : 0;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    json_t *doc = tree_open(rec, m);
    enum map_result result = MAP_FOREIGN;

    if (!doc)
        return MAP_REJECT;
    if (is_row(rec, doc))
        result = map_row(rec, m, doc);
    else if (is_integration(doc))
        result = map_integration(m, doc);
    json_decref(doc);
    return result;
}

const struct source source_aws_lake = {
    .name = "aws-cloudtrail-lake",
    .title = "AWS CloudTrail Lake",
    .reads = "aws cloudtrail get-query-results (rows become CloudTrail's events), activity events "
             "of integrations",
    .shape = SHAPE_JSON,
    .gives = GIVES_CLOUD_AUDIT,
    .probe = probe,
    .map = map,
};
