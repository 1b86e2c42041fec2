/*
 * csv_cloudtrail: the columns of CloudTrail in a table back into the event they were taken from
 * (formats-cloud 4.5). Athena writes userIdentity and resources in its own text form:
 * {type=IAMUser, principalid=AIDA…, sessioncontext={attributes={…}}}, without quotes; a value may
 * hold ", " and "=", so only the known names of members end one.
 */
#include "csv.h"

#include "base/buf.h"

enum place { AS_TEXT, AS_WORD, AS_VALUE, AS_STRUCT, IN_IDENTITY, IN_RESOURCE };

/* A column, in lower case and without blanks, and the member it becomes. */
static const struct column {
    const char *name, *member;
    enum place place;
} columns[] = {
    {"eventversion", "eventVersion", AS_TEXT},
    {"eventtime", "eventTime", AS_TEXT},
    {"eventsource", "eventSource", AS_TEXT},
    {"eventname", "eventName", AS_TEXT},
    {"awsregion", "awsRegion", AS_TEXT},
    {"sourceipaddress", "sourceIPAddress", AS_TEXT},
    {"useragent", "userAgent", AS_TEXT},
    {"errorcode", "errorCode", AS_TEXT},
    {"errormessage", "errorMessage", AS_TEXT},
    {"requestid", "requestID", AS_TEXT},
    {"eventid", "eventID", AS_TEXT},
    {"eventtype", "eventType", AS_TEXT},
    {"eventcategory", "eventCategory", AS_TEXT},
    {"apiversion", "apiVersion", AS_TEXT},
    {"readonly", "readOnly", AS_WORD},
    {"managementevent", "managementEvent", AS_WORD},
    {"recipientaccountid", "recipientAccountId", AS_TEXT},
    {"sharedeventid", "sharedEventID", AS_TEXT},
    {"vpcendpointid", "vpcEndpointId", AS_TEXT},
    {"requestparameters", "requestParameters", AS_VALUE},
    {"responseelements", "responseElements", AS_VALUE},
    {"additionaleventdata", "additionalEventData", AS_VALUE},
    {"serviceeventdetails", "serviceEventDetails", AS_VALUE},
    {"tlsdetails", "tlsDetails", AS_VALUE},
    {"addendum", "addendum", AS_VALUE},
    {"useridentity", "userIdentity", AS_STRUCT},
    {"resources", "resources", AS_STRUCT},
    {"type", "type", IN_IDENTITY},
    {"principalid", "principalId", IN_IDENTITY},
    {"arn", "arn", IN_IDENTITY},
    {"accountid", "accountId", IN_IDENTITY},
    {"accesskeyid", "accessKeyId", IN_IDENTITY},
    {"awsaccesskey", "accessKeyId", IN_IDENTITY},
    {"username", "userName", IN_IDENTITY},
    {"invokedby", "invokedBy", IN_IDENTITY},
    {"resourcetype", "ResourceType", IN_RESOURCE},
    {"resourcename", "ResourceName", IN_RESOURCE},
};

/* Members of userIdentity and resources as Athena spells them. */
static const struct {
    const char *lower, *member;
} members[] = {
    {"type", "type"},
    {"principalid", "principalId"},
    {"arn", "arn"},
    {"accountid", "accountId"},
    {"accesskeyid", "accessKeyId"},
    {"username", "userName"},
    {"invokedby", "invokedBy"},
    {"sessioncontext", "sessionContext"},
    {"attributes", "attributes"},
    {"mfaauthenticated", "mfaAuthenticated"},
    {"creationdate", "creationDate"},
    {"sessionissuer", "sessionIssuer"},
    {"ec2roledelivery", "ec2RoleDelivery"},
    {"webidfederationdata", "webIdFederationData"},
    {"federatedprovider", "federatedProvider"},
    {"sourceidentity", "sourceIdentity"},
    {"identityprovider", "identityProvider"},
    {"credentialid", "credentialId"},
    {"onbehalfof", "onBehalfOf"},
    {"userid", "userId"},
    {"identitystorearn", "identityStoreArn"},
};

static void add_member(struct buf *out, const char *name)
{
    if (out->len && !strchr("{[", out->ptr[out->len - 1]))
        buf_addc(out, ',');
    buf_add_json(out, str_from(name));
    buf_addc(out, ':');
}

/* The member whose name and "=" stand at the beginning of the text; *len: of both. */
static const char *member_at(str text, size_t *len)
{
    size_t end = str_find_char(str_part(text, 0, 32), '=');
    str name = str_part(text, 0, end);

    if (end == SIZE_MAX)
        return NULL;
    *len = end + 1;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (str_eq_nocase(name, str_from(members[i].lower)))
            return members[i].member;
    return NULL;
}

/* Where a plain value ends: at its bracket, or where the next member begins. */
static size_t plain_end(str text)
{
    size_t len;

    for (size_t i = 0; i < text.len; i++) {
        str rest = str_part(text, i, text.len);

        if (rest.ptr[0] == '}' ||
            (str_starts(rest, STR(", ")) && member_at(str_part(rest, 2, rest.len), &len)))
            return i;
    }
    return text.len;
}

/* A list of structs or one of them; *at moves behind it. False: it is none. */
static bool add_struct(struct buf *out, str text, size_t *at, bool is_resource, int depth)
{
    size_t len;
    const char *name;
    str rest;

    if (*at >= text.len || text.ptr[*at] != '{' || depth > 8)
        return false;
    buf_addc(out, '{');
    for (++*at; *at < text.len && text.ptr[*at] != '}';) {
        rest = str_part(text, *at, text.len);
        if (str_starts(rest, STR(", "))) {
            *at += 2;
            continue;
        }
        name = member_at(rest, &len);
        if (!name)
            return false;
        add_member(out, is_resource && strcmp(name, "arn") == 0 ? "ARN" : name);
        *at += len;
        rest = str_part(text, *at, text.len);
        if (rest.len && rest.ptr[0] == '{') {
            if (!add_struct(out, text, at, is_resource, depth + 1))
                return false;
            continue;
        }
        len = plain_end(rest);
        buf_add_json(out, str_part(rest, 0, len));
        *at += len;
    }
    buf_addc(out, '}');
    return (*at)++ < text.len;
}

static bool add_structs(struct buf *out, str text)
{
    size_t at = 0;

    if (text.ptr[0] != '[')
        return add_struct(out, text, &at, false, 0) && at == text.len;
    buf_addc(out, '[');
    for (at = 1; at < text.len && text.ptr[at] != ']';) {
        if (text.ptr[at] == ',' || text.ptr[at] == ' ') {
            at++;
            continue;
        }
        if (out->ptr[out->len - 1] == '}')
            buf_addc(out, ',');
        if (!add_struct(out, text, &at, true, 0))
            return false;
    }
    buf_addc(out, ']');
    return at + 1 == text.len;
}

static void add_cell(struct buf *out, const struct column *c, str cell, struct arena *a)
{
    struct buf value = {0};
    str json = STR_NONE;

    if (c->place == AS_WORD &&
        (str_eq_nocase(cell, STR("true")) || str_eq_nocase(cell, STR("false"))))
        json = str_lower(a, cell);
    else if (c->place == AS_VALUE || c->place == AS_STRUCT)
        json = csv_cell_json(cell, a);
    if (str_empty(json) && c->place == AS_STRUCT && add_structs(&value, cell))
        json = buf_str_copy(&value, a);
    buf_free(&value);
    add_member(out, c->member);
    if (str_empty(json))
        buf_add_json(out, cell);
    else
        buf_add(out, json);
}

static const struct column *column_of(str name, struct arena *a)
{
    char *word = arena_new(a, char, name.len + 1);
    str identity = STR("useridentity.");

    if (str_starts_nocase(name, identity))
        name = str_part(name, identity.len, name.len);
    for (size_t i = 0, n = 0; i < name.len; i++)
        if (name.ptr[i] != ' ' && name.ptr[i] != '_')
            word[n++] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] | 32 : name.ptr[i];
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(word, columns[i].name) == 0)
            return &columns[i];
    return NULL;
}

/* What makes the table CloudTrail's: these three, as nobody else calls them. */
static bool is_cloudtrail(str names, struct arena *a)
{
    str rest = str_part(names, 1, names.len);
    unsigned seen = 0;

    while (!str_empty(rest)) {
        const struct column *c = column_of(str_cut(&rest, '\n'), a);

        seen |= c ? (strcmp(c->name, "eventname") == 0) |
                        (strcmp(c->name, "eventsource") == 0) << 1 |
                        (strcmp(c->name, "eventtime") == 0) << 2
                  : 0u;
    }
    return seen == 7;
}

/* Without a column for errors the table does not say how an event ended. */
static bool tells_errors(str names, struct arena *a)
{
    str rest = str_part(names, 1, names.len);

    while (!str_empty(rest)) {
        const struct column *c = column_of(str_cut(&rest, '\n'), a);

        if (c && (strcmp(c->name, "errorcode") == 0 || strcmp(c->name, "errormessage") == 0))
            return true;
    }
    return false;
}

static void add_part(struct buf *out, const char *name, const char *open, const struct buf *part,
                     const char *close)
{
    if (!part->len)
        return;
    add_member(out, name);
    buf_addz(out, open);
    buf_add(out, buf_str(part));
    buf_addz(out, close);
}

str csv_cloudtrail(str names, str row, struct arena *a)
{
    str rest = str_part(names, 1, names.len), cell, result;
    struct buf out = {0}, identity = {0}, resource = {0};

    if (!is_cloudtrail(names, a))
        return STR_NONE;
    buf_addc(&out, '{');
    for (size_t at = 0; csv_next_cell(row, names.ptr[0], &at, a, &cell) && !str_empty(rest);) {
        const struct column *c = column_of(str_cut(&rest, '\n'), a);

        cell = str_trim(cell);
        if (!c || str_empty(cell) || str_eq(cell, STR("-")) || str_eq(cell, STR("null")))
            continue;
        add_cell(c->place == IN_IDENTITY   ? &identity
                 : c->place == IN_RESOURCE ? &resource
                                           : &out,
                 c, cell, a);
    }
    add_part(&out, "userIdentity", "{", &identity, "}");
    add_part(&out, "Resources", "[{", &resource, "}]");
    if (!tells_errors(names, a))
        buf_addz(&out, CSV_WITHOUT_OUTCOME);
    else
        buf_addc(&out, '}');
    result = buf_str_copy(&out, a);
    buf_free(&out);
    buf_free(&identity);
    buf_free(&resource);
    return result;
}
