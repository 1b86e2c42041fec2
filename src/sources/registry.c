/*
 * registry: finds the source for a name or for a record.
 *
 * A record is recognised by what is in it, never by the name of its file: every source says how
 * sure it is. A record that nobody claims is compared with the formats we know of and do not read,
 * so that the message says what was found instead of "unknown".
 */
#include "sources/source.h"

#include "base/file.h"
#include "mapping.h"
#include "sources/list.h"

#define DECLARE(name) extern const struct source source_##name;
SOURCES(DECLARE)

#define ADDRESS(name) &source_##name,
static const struct source *const built_in[] = {SOURCES(ADDRESS) NULL};

enum { NSOURCES = sizeof built_in / sizeof built_in[0] - 1, MOST_MAPPINGS = 48 };

/* The one thing here that is written to: by sources_start and sources_load, before there are
 * threads. */
static struct {
    struct arena arena;
    const struct source *list[NSOURCES + MOST_MAPPINGS + 1];
    const struct field_set *fields[NSOURCES + MOST_MAPPINGS + 1];
    size_t count;
    bool is_started;
} compiled;

void sources_start(void)
{
    if (compiled.is_started)
        return;
    json_object_seed(0);
    for (; built_in[compiled.count]; compiled.count++) {
        const struct source *s = built_in[compiled.count];

        compiled.list[compiled.count] = s;
        compiled.fields[compiled.count] = field_set_new(&compiled.arena, s->paths, s->npaths);
    }
    compiled.is_started = true;
}

static bool load_mapping(const char *path, struct err *err)
{
    const struct mapping *m;
    str text;

    if (!file_read(&compiled.arena, path, 1 << 20, &text, err))
        return false;
    m = mapping_read(&compiled.arena, path, text, err);
    if (!m)
        return false;
    if (source_find(str_from(mapping_source(m)->name)))
        return err_set(err, ERR_USAGE, "%s: name: there is a source '%s' already", path,
                       mapping_source(m)->name);
    if (compiled.count == NSOURCES + MOST_MAPPINGS)
        return err_set(err, ERR_USAGE, "%s: more than %d mappings", path, MOST_MAPPINGS);
    compiled.fields[compiled.count] = mapping_fields(m);
    compiled.list[compiled.count++] = mapping_source(m);
    return true;
}

bool sources_load(const char *dir, struct err *err)
{
    struct path_list files;

    if (!dir_exists(dir))
        return true;
    if (!dir_list(&compiled.arena, dir, &files, err))
        return false;
    for (size_t i = 0; i < files.count; i++)
        if (str_ends(str_from(files.paths[i]), STR(".json")) && !load_mapping(files.paths[i], err))
            return false;
    return true;
}

enum map_result source_map(const struct source *s, const struct record *rec, struct mapper *m)
{
    return s->mapping ? mapping_map(s->mapping, rec, m) : s->map(rec, m);
}

const struct source *const *source_list(size_t *count)
{
    *count = compiled.count;
    return compiled.list;
}

const struct source *source_find(str name)
{
    for (size_t i = 0; compiled.list[i]; i++)
        if (str_eq(str_from(compiled.list[i]->name), name))
            return compiled.list[i];
    return NULL;
}

const struct field_set *source_fields(const struct source *s)
{
    for (size_t i = 0; compiled.list[i]; i++)
        if (compiled.list[i] == s)
            return compiled.fields[i];
    return NULL;
}

/* Formats that have been seen in the wild: all of these members together give one away. */
static const struct {
    const char *title;
    const char *members[4];
} seen[] = {
    {"an encrypted OpenTofu state or plan", {"encrypted_data", "encryption_version"}},
    {"an EventBridge envelope", {"detail-type", "detail", "source"}},
    {"a CloudTrail digest", {"digestStartTime", "logFiles"}},
    {"a CloudTrail event with members missing", {"eventName", "eventTime"}},
    {"a CloudTrail event with members missing", {"eventName", "eventSource"}},
    {"a CloudWatch Logs payload", {"messageType", "logGroup"}},
    {"a CloudWatch Logs payload for Lambda", {"awslogs"}},
    {"a CloudWatch Logs event", {"message", "timestamp", "ingestionTime"}},
    {"an AWS Config item", {"configurationItemCaptureTime"}},
    {"an AWS Config item", {"resourceType", "configurationItemStatus"}},
    {"CloudFormation output", {"StackId", "StackName"}},
    {"a Google Cloud log entry", {"logName", "insertId"}},
    {"an Azure log in the resource-log shape", {"operationName", "resourceId", "time"}},
    {"an Azure activity log", {"operationName", "eventTimestamp"}},
    {"an Azure activity log from the Python SDK", {"operation_name", "event_timestamp"}},
    {"an Azure activity log from Log Analytics", {"OperationNameValue", "TimeGenerated"}},
    {"an Entra ID audit entry", {"activityDisplayName", "activityDateTime"}},
    {"an Entra ID sign-in", {"userPrincipalName", "createdDateTime"}},
    {"a Kubernetes audit event", {"auditID", "verb"}},
    {"a Kubernetes object or event list", {"kind", "apiVersion"}},
    {"an object with a Kubernetes `kind` and nothing else", {"kind"}},
    {"a Vault audit entry", {"type", "request", "auth"}},
    {"an Okta system log event", {"published", "eventType", "actor"}},
    {"a GitLab audit event", {"entity_type", "author_id"}},
    {"a GitLab webhook", {"object_kind"}},
    {"a GitLab system hook", {"event_name", "project_id"}},
    {"a GitHub webhook", {"repository", "sender"}},
    {"a Cloudflare audit log", {"action", "actor", "when"}},
    {"a Cloudflare audit log", {"ActionType", "When"}},
    {"a Teleport audit event", {"event", "code", "uid"}},
    {"a state lock", {"ID", "Operation", "Who", "Created"}},
    {"a Terraform backend pointer", {"version", "backend"}},
    {"a Terraform state of an old format", {"version", "modules"}},
    {"a Pulumi stack export", {"version", "deployment"}},
    {"a Pulumi checkpoint", {"checkpoint"}},
    {"a Pulumi engine event", {"sequence", "timestamp"}},
    {"a Pulumi preview", {"steps", "changeSummary"}},
    {"an HCP Terraform notification", {"payload_version", "notification_configuration_id"}},
    {"an HCP Terraform run task request", {"payload_version", "task_result_id"}},
    {"a JSON:API document", {"id", "type", "attributes"}},
    {"a Spacelift webhook", {"account", "action", "actor", "remoteIP"}},
    {"a Flux event", {"involvedObject", "reportingController"}},
};

enum { MOST_ERROR_MEMBERS = 4 };

/* {"message": "Not Found", "documentation_url": …} and its kin, saved by a script that did not
 * look. */
static bool is_error_reply(const json_t *tree)
{
    return json_object_size(tree) <= MOST_ERROR_MEMBERS &&
           (json_object_get(tree, "error") || json_object_get(tree, "errors") ||
            json_object_get(tree, "documentation_url"));
}

static bool has_members(const json_t *tree, const char *const members[4])
{
    for (int i = 0; i < 4 && members[i]; i++)
        if (!json_object_get(tree, members[i]))
            return false;
    return true;
}

static const char *looks_like(const json_t *tree)
{
    if (!tree)
        return "text that is not JSON";
    if (!json_is_object(tree))
        return "a JSON value that is not an object";
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (has_members(tree, seen[i].members))
            return seen[i].title;
    return is_error_reply(tree) ? "an error reply instead of an export" : NULL;
}

const struct source *source_probe(const struct record *rec, const char **nearest)
{
    const struct source *best = NULL;
    struct err not_json = {0};
    json_t *tree = json_parse(rec->bytes, &not_json);
    int best_score = 0;

    for (size_t i = 0; compiled.list[i]; i++) {
        int score = 0;

        /* A row of a table may well be the record of a source that also comes as JSON. */
        if ((compiled.list[i]->shape != SHAPE_GIT_LOG) == (tree != NULL) &&
            (compiled.list[i]->shape != SHAPE_CSV || rec->is_row))
            score = compiled.list[i]->mapping ? mapping_probe(compiled.list[i]->mapping, rec)
                                              : compiled.list[i]->probe(rec, tree);

        if (score > best_score) {
            best = compiled.list[i];
            best_score = score;
        }
    }
    if (nearest)
        *nearest = best ? best->title : looks_like(tree);
    json_decref(tree);
    return best;
}

struct event event_new(void)
{
    return (struct event){0};
}
