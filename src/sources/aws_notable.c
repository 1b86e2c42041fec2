/*
 * aws_notable: a few words on calls whose parameters decide whether they matter, and what a role
 * that was taken on follows from.
 *
 * Read with the stream's own reader: these are small objects, and none of their values is copied
 * but names and ids.
 */
#include "aws.h"

/* In either case: the same parameter is isMultiRegionTrail in one record, IsMultiRegionTrail in
 * another. */
static struct field member(struct field object, str name)
{
    struct field key, value;

    if (object.kind == FIELD_OBJECT)
        for (size_t at = 0; fields_next_member(object.raw, &at, &key, &value);)
            if (str_eq_nocase(key.raw, name))
                return value;
    return (struct field){.kind = FIELD_ABSENT};
}

static bool is_no(struct field f)
{
    return f.kind == FIELD_FALSE || (f.kind == FIELD_STRING && str_eq_nocase(f.raw, STR("false")));
}

static void say(const struct aws_call *c, struct event *ev, str words)
{
    ev->detail = str_join(c->arena, ev->detail, STR(", "), words);
}

/* What a trail no longer records. */
static void trail(const struct aws_call *c, struct event *ev)
{
    struct field request = c->f[AWS_REQUEST];

    if (is_no(member(request, STR("isMultiRegionTrail"))))
        say(c, ev, STR("one region only"));
    if (is_no(member(request, STR("includeGlobalServiceEvents"))))
        say(c, ev, STR("global service events off"));
    if (is_no(member(request, STR("enableLogFileValidation"))))
        say(c, ev, STR("log file validation off"));
}

static void selectors(const struct aws_call *c, struct event *ev)
{
    struct field basic = member(c->f[AWS_REQUEST], STR("eventSelectors"));
    struct field advanced = member(c->f[AWS_REQUEST], STR("advancedEventSelectors"));
    struct field each, kind;
    bool has_management = false, has_all = false;

    if (advanced.kind == FIELD_ARRAY)
        has_management = has_all = str_contains(advanced.raw, STR("Management"));
    if (basic.kind == FIELD_ARRAY) {
        for (size_t at = 0; fields_next_element(basic.raw, &at, &each);) {
            if (is_no(member(each, STR("includeManagementEvents"))))
                continue;
            has_management = true;
            kind = member(each, STR("readWriteType"));
            has_all = has_all || kind.kind == FIELD_ABSENT || str_eq_nocase(kind.raw, STR("All"));
        }
    }
    if (!has_management)
        say(c, ev, STR("management events off"));
    else if (!has_all)
        say(c, ev, STR("management events in part"));
}

static void public_access(const struct aws_call *c, struct event *ev)
{
    static const char *const blocks[] = {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                         "RestrictPublicBuckets"};
    struct field config = member(c->f[AWS_REQUEST], STR("PublicAccessBlockConfiguration"));

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (is_no(member(config, str_from(blocks[i]))))
            say(c, ev, str_print(c->arena, "%s off", blocks[i]));
}

static void database(const struct aws_call *c, struct event *ev)
{
    if (field_truth(member(c->f[AWS_REQUEST], STR("publiclyAccessible"))))
        say(c, ev, STR("publicly accessible"));
}

static void cluster_logging(const struct aws_call *c, struct event *ev)
{
    struct field each,
        list = member(member(c->f[AWS_REQUEST], STR("logging")), STR("clusterLogging"));

    if (list.kind == FIELD_ARRAY)
        for (size_t at = 0; fields_next_element(list.raw, &at, &each);)
            if (is_no(member(each, STR("enabled"))))
                say(c, ev, STR("control plane logging off"));
}

static struct fact_link *link_to(const struct aws_call *c, const char *type, str from, str session)
{
    struct fact_link *l = arena_new(c->arena, struct fact_link, 1);

    l->from_type = str_from(type);
    l->from = from;
    l->to_type = STR("session");
    l->to = session;
    l->rule = STR("CI run to role session");
    return l;
}

/* The subject of a web identity says which repository, branch or workspace came in, the session's
 * name which run; the key that was given out stands in every later call of the session. */
void aws_session(const struct aws_call *c, struct event *ev)
{
    str name = field_text(member(c->f[AWS_REQUEST], STR("roleSessionName")), c->arena);
    str key = field_text(member(member(c->f[AWS_RESPONSE], STR("credentials")), STR("accessKeyId")),
                         c->arena);

    if (!str_starts(c->name, STR("AssumeRole")) || ev->actor_type == ACTOR_PROVIDER)
        return;
    if (!str_empty(name))
        say(c, ev, str_print(c->arena, "session %.*s", STR_FMT(name)));
    if (str_empty(ev->run))
        ev->run = aws_run_in(name);
    if (str_empty(key) || !str_eq(c->name, STR("AssumeRoleWithWebIdentity")) ||
        str_empty(ev->actor))
        return;
    ev->links = link_to(c, "session", ev->actor, key);
    if (!str_empty(ev->run))
        ev->links->next = link_to(c, "run", ev->run, key);
}

void aws_notable(const struct aws_call *c, struct event *ev)
{
    static const struct {
        const char *name;
        void (*tell)(const struct aws_call *c, struct event *ev);
    } known[] = {
        {"CreateTrail", trail},
        {"UpdateTrail", trail},
        {"PutEventSelectors", selectors},
        {"PutBucketPublicAccessBlock", public_access},
        {"PutPublicAccessBlock", public_access},
        {"PutAccountPublicAccessBlock", public_access},
        {"CreateDBInstance", database},
        {"ModifyDBInstance", database},
        {"UpdateClusterConfig", cluster_logging},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(c->name, str_from(known[i].name)))
            known[i].tell(c, ev);
}
