/*
 * body: an event as bytes. The member tables say once what a struct of model/event.h holds;
 * writing, reading and inserting follow them, so a new member is one line here and one column in
 * schema.sql.
 *
 * Bytes: each member in the order of its table (text: length + 1, then the bytes, 0 when absent;
 * numbers zigzag), each list as items led by 1 and ended by 0. Parts of folds keep such bytes in
 * the database: a changed table is a new schema version.
 */
#include "store/body.h"

#define AT(type, field) offsetof(struct type, field)
#define TEXT(type, field)                                                                          \
    {                                                                                              \
        MEMBER_STR, AT(type, field)                                                                \
    }

/* Held by event_row and the dictionaries. */
static const struct member core_members[] = {
    {MEMBER_INSTANT, AT(event, time)},
    TEXT(event, actor),
    TEXT(event, actor_id),
    {MEMBER_ENUM, AT(event, actor_type)},
    TEXT(event, via),
    TEXT(event, session),
    TEXT(event, credential),
    {MEMBER_ENUM, AT(event, mfa)},
    TEXT(event, service),
    TEXT(event, action),
    {MEMBER_ENUM, AT(event, verb)},
    TEXT(event, resource),
    TEXT(event, resource_type),
    TEXT(event, account),
    TEXT(event, region),
    TEXT(event, place),
    TEXT(event, label),
    TEXT(event, source_ip),
    TEXT(event, user_agent),
    {MEMBER_ENUM, AT(event, channel)},
    {MEMBER_ENUM, AT(event, outcome)},
    TEXT(event, error),
    TEXT(event, native_id),
    {MEMBER_FLAG, AT(event, is_fact_only)},
};

/* Held by the table `more`. */
static const struct member more_members[] = {
    TEXT(event, time_text), TEXT(event, error_text),     TEXT(event, run),
    TEXT(event, commit),    TEXT(event, change_request), TEXT(event, ticket),
    TEXT(event, request),   TEXT(event, detail),         {MEMBER_FLAG, AT(event, is_omitted)},
};

static const struct member resource_members[] = {TEXT(resource_ref, id), TEXT(resource_ref, type)};

static const struct member grant_members[] = {
    {MEMBER_FLAG, AT(grant, is_removal)},
    TEXT(grant, grantee),
    TEXT(grant, grantee_type),
    TEXT(grant, permission),
    TEXT(grant, scope),
    {MEMBER_FLAG, AT(grant, is_admin)},
    {MEMBER_FLAG, AT(grant, is_public)},
    {MEMBER_FLAG, AT(grant, is_external)},
    TEXT(grant, condition),
};

static const struct member exposure_members[] = {
    {MEMBER_FLAG, AT(exposure, is_removal)},
    {MEMBER_FLAG, AT(exposure, is_egress)},
    {MEMBER_FLAG, AT(exposure, is_deny)},
    TEXT(exposure, range),
    TEXT(exposure, protocol),
    {MEMBER_PORT, AT(exposure, port_from)},
    {MEMBER_PORT, AT(exposure, port_to)},
    TEXT(exposure, target),
};

static const struct member change_members[] = {
    TEXT(change, tool),
    TEXT(change, key),
    TEXT(change, workspace),
    TEXT(change, kind),
    TEXT(change, result),
    TEXT(change, created_by),
    TEXT(change, applied_by),
    TEXT(change, created_by_id),
    TEXT(change, applied_by_id),
    {MEMBER_INSTANT, AT(change, t_created)},
    {MEMBER_INSTANT, AT(change, t_planned)},
    {MEMBER_INSTANT, AT(change, t_start)},
    {MEMBER_INSTANT, AT(change, t_end)},
    TEXT(change, commit),
    TEXT(change, change_request),
    TEXT(change, config),
    TEXT(change, branch),
    TEXT(change, trigger),
    TEXT(change, message),
    TEXT(change, url),
    {MEMBER_COUNT, AT(change, adds)},
    {MEMBER_COUNT, AT(change, changes)},
    {MEMBER_COUNT, AT(change, destroys)},
    {MEMBER_TRI, AT(change, auto_apply)},
};

static const struct member approval_members[] = {
    TEXT(approval, decision), TEXT(approval, object_type),
    TEXT(approval, object),   TEXT(approval, by),
    TEXT(approval, by_id),    {MEMBER_FLAG, AT(approval, by_bot)},
    TEXT(approval, commit),   {MEMBER_INSTANT, AT(approval, when)},
};

static const struct member change_request_members[] = {
    TEXT(change_request, key),
    TEXT(change_request, repo),
    TEXT(change_request, branch),
    TEXT(change_request, base),
    TEXT(change_request, title),
    TEXT(change_request, author),
    TEXT(change_request, author_id),
    TEXT(change_request, merged_by),
    TEXT(change_request, merged_by_id),
    TEXT(change_request, head_commit),
    TEXT(change_request, merge_commit),
    {MEMBER_INSTANT, AT(change_request, t_created)},
    {MEMBER_INSTANT, AT(change_request, t_merged)},
    {MEMBER_INSTANT, AT(change_request, t_closed)},
};

static const struct member commit_members[] = {
    TEXT(commit, id),
    TEXT(commit, repo),
    TEXT(commit, parents),
    TEXT(commit, author),
    TEXT(commit, author_email),
    TEXT(commit, committer),
    TEXT(commit, committer_email),
    {MEMBER_INSTANT, AT(commit, when)},
    TEXT(commit, change_request),
    TEXT(commit, reverts),
    TEXT(commit, subject),
};

static const struct member link_members[] = {
    TEXT(fact_link, from_type), TEXT(fact_link, from), TEXT(fact_link, to_type),
    TEXT(fact_link, to),        TEXT(fact_link, rule), {MEMBER_FLAG, AT(fact_link, is_probable)},
};

static const struct member snapshot_members[] = {
    TEXT(snapshot, format),
    TEXT(snapshot, lineage),
    {MEMBER_COUNT, AT(snapshot, serial)},
    TEXT(snapshot, tool_version),
    {MEMBER_INSTANT, AT(snapshot, when)},
};

static const struct member snapshot_resource_members[] = {
    TEXT(snapshot_resource, address),  TEXT(snapshot_resource, type),
    TEXT(snapshot_resource, cloud_id), TEXT(snapshot_resource, arn),
    TEXT(snapshot_resource, provider), TEXT(snapshot_resource, mode),
    TEXT(snapshot_resource, status),   TEXT(snapshot_resource, digest),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LIST(field, type, table, sql)                                                              \
    {                                                                                              \
        AT(event, field), AT(type, next), sizeof(struct type), table, COUNT(table), sql            \
    }

const struct member_list body_facts[FACT_KINDS] = {
    [FACT_RESOURCE] = LIST(more_resources, resource_ref, resource_members, NULL),
    [FACT_GRANT] =
        LIST(grants, grant, grant_members, "INSERT INTO grant_fact VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
    [FACT_EXPOSURE] = LIST(exposures, exposure, exposure_members,
                           "INSERT INTO exposure_fact VALUES(?,?,?,?,?,?,?,?,?,?)"),
    [FACT_CHANGE] =
        LIST(changes, change, change_members,
             "INSERT INTO change_seen VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
    [FACT_APPROVAL] = LIST(approvals, approval, approval_members,
                           "INSERT INTO approval_seen VALUES(?,?,?,?,?,?,?,?,?,?)"),
    [FACT_CHANGE_REQUEST] =
        LIST(change_requests, change_request, change_request_members,
             "INSERT INTO change_request_seen VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
    [FACT_COMMIT] = LIST(commits, commit, commit_members,
                         "INSERT INTO commit_seen VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"),
    [FACT_LINK] =
        LIST(links, fact_link, link_members, "INSERT INTO link_seen VALUES(?,?,?,?,?,?,?,?)"),
};

const struct member_list body_snapshot = {
    AT(event, snapshot),     0,
    sizeof(struct snapshot), snapshot_members,
    COUNT(snapshot_members), "INSERT INTO snapshot_seen VALUES(?,?,?,?,?,?)",
};

const struct member_list body_snapshot_resource = {
    AT(snapshot, resources),          AT(snapshot_resource, next),
    sizeof(struct snapshot_resource), snapshot_resource_members,
    COUNT(snapshot_resource_members), "INSERT INTO snapshot_resource VALUES(?,?,?,?,?,?,?,?,?,?)",
};

/* --- writing ---------------------------------------------------------------------------------- */

size_t varint_put(char out[10], uint64_t v)
{
    size_t n = 0;

    while (v >= 0x80) {
        out[n++] = (char)(v | 0x80);
        v >>= 7;
    }
    out[n++] = (char)v;
    return n;
}

static void put_number(struct buf *out, uint64_t v)
{
    char bytes[10];

    buf_add(out, (str){bytes, varint_put(bytes, v)});
}

static void put_signed(struct buf *out, int64_t v)
{
    put_number(out, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

static void put_member(struct buf *out, const struct member *m, const void *base)
{
    const char *p = (const char *)base + m->offset;

    switch (m->type) {
    case MEMBER_STR: {
        const str *s = (const void *)p;

        put_number(out, s->ptr ? (uint64_t)s->len + 1 : 0);
        buf_add(out, *s);
        break;
    }
    case MEMBER_INSTANT: {
        const struct instant *t = (const void *)p;

        put_number(out, t->is_set ? t->digits + 1u : 0);
        if (t->is_set) {
            put_signed(out, t->sec);
            put_signed(out, t->nsec);
        }
        break;
    }
    case MEMBER_COUNT:
        put_signed(out, *(const int64_t *)(const void *)p);
        break;
    case MEMBER_PORT:
        put_signed(out, *(const int32_t *)(const void *)p);
        break;
    case MEMBER_TRI:
        put_signed(out, *(const int8_t *)p);
        break;
    case MEMBER_FLAG:
        put_number(out, *(const bool *)(const void *)p);
        break;
    case MEMBER_ENUM:
        put_number(out, *(const unsigned *)(const void *)p);
        break;
    }
}

static void put_members(struct buf *out, const struct member *members, size_t n, const void *base)
{
    for (size_t i = 0; i < n; i++)
        put_member(out, members + i, base);
}

void body_put_item(struct buf *out, const struct member_list *list, const void *item)
{
    put_members(out, list->members, list->nmembers, item);
}

static void put_list(struct buf *out, const struct member_list *list, const void *base)
{
    for (const void *item = body_pointer(base, list->head); item;
         item = body_pointer(item, list->next)) {
        put_number(out, 1);
        body_put_item(out, list, item);
    }
    put_number(out, 0);
}

bool body_is_needed(const struct event *ev)
{
    for (size_t i = 0; i < COUNT(more_members); i++) {
        const char *p = (const char *)ev + more_members[i].offset;

        if (more_members[i].type == MEMBER_STR ? !str_empty(*(const str *)(const void *)p)
                                               : *(const bool *)(const void *)p)
            return true;
    }
    for (size_t i = 0; i < FACT_KINDS; i++)
        if (body_pointer(ev, body_facts[i].head))
            return true;
    return ev->snapshot != NULL;
}

void body_put(struct buf *out, const struct event *ev, bool is_whole)
{
    put_number(out, is_whole);
    if (is_whole)
        put_members(out, core_members, COUNT(core_members), ev);
    put_members(out, more_members, COUNT(more_members), ev);
    for (size_t i = 0; i < FACT_KINDS; i++)
        put_list(out, &body_facts[i], ev);
    put_number(out, ev->snapshot != NULL);
    if (ev->snapshot) {
        put_members(out, body_snapshot.members, body_snapshot.nmembers, ev->snapshot);
        put_list(out, &body_snapshot_resource, ev->snapshot);
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

bool varint_get(str *rest, uint64_t *v)
{
    uint64_t got = 0;

    for (unsigned shift = 0; shift < 64 && rest->len; shift += 7) {
        unsigned char c = (unsigned char)*rest->ptr;

        *rest = str_part(*rest, 1, rest->len);
        got |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            *v = got;
            return true;
        }
    }
    return false;
}

static bool get_signed(str *rest, int64_t *v)
{
    uint64_t got;

    if (!varint_get(rest, &got))
        return false;
    *v = (int64_t)((got >> 1) ^ (got & 1 ? UINT64_MAX : 0));
    return true;
}

static bool get_text(str *rest, str *out)
{
    uint64_t len;

    if (!varint_get(rest, &len) || len > (uint64_t)rest->len + 1)
        return false;
    *out = len ? str_part(*rest, 0, (size_t)len - 1) : STR_NONE;
    if (len)
        *rest = str_part(*rest, (size_t)len - 1, rest->len);
    return true;
}

static bool get_instant(str *rest, struct instant *out)
{
    uint64_t digits;
    int64_t sec = 0, nsec = 0;

    if (!varint_get(rest, &digits) || digits > 10)
        return false;
    if (digits &&
        (!get_signed(rest, &sec) || !get_signed(rest, &nsec) || nsec < 0 || nsec > 999999999))
        return false;
    *out = (struct instant){sec, (int32_t)nsec, (uint8_t)(digits ? digits - 1 : 0), digits != 0};
    return true;
}

static bool get_member(str *rest, const struct member *m, void *base)
{
    char *p = (char *)base + m->offset;
    int64_t number = 0;

    if (m->type == MEMBER_STR)
        return get_text(rest, (str *)(void *)p);
    if (m->type == MEMBER_INSTANT)
        return get_instant(rest, (struct instant *)(void *)p);
    if (m->type == MEMBER_COUNT || m->type == MEMBER_PORT || m->type == MEMBER_TRI) {
        if (!get_signed(rest, &number))
            return false;
    } else {
        uint64_t got;

        if (!varint_get(rest, &got) || got > INT8_MAX)
            return false;
        number = (int64_t)got;
    }
    switch (m->type) {
    case MEMBER_STR:
    case MEMBER_INSTANT:
        break;
    case MEMBER_COUNT:
        *(int64_t *)(void *)p = number;
        break;
    case MEMBER_PORT:
        *(int32_t *)(void *)p = (int32_t)number;
        break;
    case MEMBER_TRI:
        *(int8_t *)p = (int8_t)number;
        break;
    case MEMBER_FLAG:
        *(bool *)(void *)p = number != 0;
        break;
    case MEMBER_ENUM:
        *(unsigned *)(void *)p = (unsigned)number;
        break;
    }
    return true;
}

static bool get_members(str *rest, const struct member *members, size_t n, void *base)
{
    for (size_t i = 0; i < n; i++)
        if (!get_member(rest, members + i, base))
            return false;
    return true;
}

static bool get_list(str *rest, const struct member_list *list, struct arena *a, void *base)
{
    char *link = (char *)base + list->head;
    uint64_t more;

    while (varint_get(rest, &more)) {
        void *item;

        if (!more)
            return true;
        item = arena_alloc(a, list->size, _Alignof(max_align_t));
        if (!get_members(rest, list->members, list->nmembers, item))
            return false;
        memcpy(link, &item, sizeof item);
        link = (char *)item + list->next;
    }
    return false;
}

bool body_get(str body, struct arena *a, struct event *ev)
{
    uint64_t is_whole, has_snapshot;

    memset(ev, 0, sizeof *ev);
    if (!varint_get(&body, &is_whole))
        return false;
    if (is_whole && !get_members(&body, core_members, COUNT(core_members), ev))
        return false;
    if (!get_members(&body, more_members, COUNT(more_members), ev))
        return false;
    for (size_t i = 0; i < FACT_KINDS; i++)
        if (!get_list(&body, &body_facts[i], a, ev))
            return false;
    if (!varint_get(&body, &has_snapshot))
        return false;
    if (!has_snapshot)
        return body.len == 0;
    ev->snapshot = arena_new(a, struct snapshot, 1);
    return get_members(&body, body_snapshot.members, body_snapshot.nmembers, ev->snapshot) &&
           get_list(&body, &body_snapshot_resource, a, ev->snapshot) && body.len == 0;
}
