/*
 * cutter_resync: after a broken value, where does the next one begin?
 */
#ifndef SOURCES_CUTTER_RESYNC_H
#define SOURCES_CUTTER_RESYNC_H

#include "base/str.h"

struct resync {
    str text; /* begins with the broken value */
    bool in_array;
    size_t column;     /* of the broken value in its line */
    size_t plain_from; /* from here on any element will do; before it only a like one */
    str first_key;     /* of the broken value, may be absent */
};

/* Where to go on, SIZE_MAX when nowhere. *is_sure: a like value; without it more text may show a
 * better place. */
size_t resync_find(const struct resync *r, bool *is_sure);

/* The first key of the object that begins the text; absent when it cannot be read. */
str resync_first_key(str text);

/* Length of what log services, CI systems and syslog put in front of an object: a time stamp
 * ("2020-02-20T07:01:01.000Z {"), a header ("Nov 23 08:00:00 host vault[7]: {"), a cookie
 * ("@cee: {"). 0 when the line does not begin like that. */
size_t resync_line_prefix(str line);

/* Does the line begin with the stamp of an export of CloudWatch Logs, "2020-02-20T07:01:01.000Z ",
 * to the letter? Terraform's debug log, which looks the same and goes on "[INFO]  ", does not. */
bool resync_is_stamped(str line);
/* Where the message of a stamped line ends: at the line feed before the next stamped line. SIZE_MAX
 * when that is not in the text. */
size_t resync_message_end(str text);

#endif
