/*
 * cutter_wrapper: questions about an object that may be a wrapper. The text need not be whole: `{`
 * and the members seen so far will do.
 */
#ifndef SOURCES_CUTTER_WRAPPER_H
#define SOURCES_CUTTER_WRAPPER_H

#include "base/buf.h"
#include "base/fields.h"

/* The key as a literal when an array under it holds records; NULL for any other key. */
const char *wrapper_key(str key);

/* The scalar members as an object of their own; {} when they make none. */
void wrapper_scalars(str members, struct buf *out);

/* CloudWatch Logs asks a new destination whether it is there: {"messageType":"CONTROL_MESSAGE"}. */
bool wrapper_is_health_check(str scalars);

/* Nothing but what JSON:API puts around its data? Counts the members on the way. */
bool wrapper_is_json_api(str members, size_t *count);

/* FIELD_ABSENT when there is no such member. */
struct field wrapper_member(str members, str name);

#endif
