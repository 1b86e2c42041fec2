/*
 * terraform_state: state files of Terraform and OpenTofu, formats 4 to 1, and the state JSON of
 * `terraform show -json` (formats-iac 1 and 3).
 *
 * A state says what code manages and nothing else: not who wrote it, when, or from which commit. So
 * it gives a snapshot and no event. Values are never kept: a state holds passwords in clear text
 * whether or not they are marked as sensitive. Of the attributes only the id and the ARN are taken,
 * and 64 bits of a digest that tells whether they changed.
 *
 * Files that look like a state and are none: the backend pointer in .terraform/terraform.tfstate,
 * and what OpenTofu encrypts.
 */
#include "terraform_state.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "sources/source.h"
#include "terraform.h"
#include "tree.h"

enum { DIGEST_BYTES = 8 };

/* The audit log names a Google resource by the path behind the version:
 * projects/p/zones/z/instances/i. */
static str google_path(str self_link)
{
    size_t at = str_find(self_link, STR("/projects/"));

    return at == SIZE_MAX ? STR_NONE : str_part(self_link, at + 1, self_link.len);
}

str state_digest(const json_t *attributes, struct arena *a)
{
    struct sha256 digest = sha256_of(json_write(attributes, a));

    return hex_of(digest.bytes, DIGEST_BYTES, a);
}

void state_add(struct snapshot_resource ***last, const struct state_instance *in, struct arena *a)
{
    struct snapshot_resource *r = arena_new(a, struct snapshot_resource, 1);

    r->address = in->address;
    r->type = in->type;
    r->provider = in->provider;
    r->mode = in->mode;
    r->status = in->status;
    if (in->attributes && terraform_id_is_safe(in->type)) {
        r->cloud_id = tree_text(in->attributes, "id", a);
        r->arn = tree_text(in->attributes, "arn", a);
        if (str_empty(r->arn))
            r->arn = google_path(tree_text(in->attributes, "self_link", a));
    }
    if (in->attributes)
        r->digest = state_digest(in->attributes, a);
    **last = r;
    *last = &r->next;
}

/* --- format 4 --------------------------------------------------------------------------------- */

/* As `terraform state list` prints it: [5], ["key"], with the escapes of the configuration
 * language. */
static str instance_key(const json_t *key, struct arena *a)
{
    struct buf out = {0};
    str text, done;

    if (json_is_integer(key))
        return str_print(a, "[%" JSON_INTEGER_FORMAT "]", json_integer_value(key));
    if (!json_is_string(key))
        return STR_NONE;
    text = (str){json_string_value(key), json_string_length(key)};
    buf_addz(&out, "[\"");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_template = (c == '$' || c == '%') && i + 1 < text.len && text.ptr[i + 1] == '{';

        if (c == '"' || c == '\\')
            buf_addc(&out, '\\');
        if (is_template) /* "${" would begin an expression: doubled */
            buf_addc(&out, c);
        if (c == '\n' || c == '\r' || c == '\t')
            buf_addz(&out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
        else
            buf_addc(&out, c);
    }
    buf_addz(&out, "\"]");
    done = buf_str_copy(&out, a);
    buf_free(&out);
    return done;
}

static void read_resource(const json_t *resource, struct snapshot_resource ***last, struct arena *a)
{
    str module = tree_text(resource, "module", a);
    str mode = str_or(tree_text(resource, "mode", a), STR("managed"));
    str type = tree_text(resource, "type", a), name = tree_text(resource, "name", a);
    str provider = tree_text(resource, "provider", a);
    str base = str_print(a, "%.*s%s%s%.*s.%.*s", STR_FMT(module), str_empty(module) ? "" : ".",
                         str_eq(mode, STR("data")) ? "data." : "", STR_FMT(type), STR_FMT(name));
    const json_t *instance;
    size_t i;

    json_array_foreach(json_member(resource, "instances"), i, instance)
    {
        struct state_instance in = {.type = type, .provider = provider, .mode = mode};

        in.address =
            str_join(a, base, STR(""), instance_key(json_member(instance, "index_key"), a));
        in.status =
            tree_has(instance, "deposed") ? STR("deposed") : tree_text(instance, "status", a);
        in.attributes = json_member(instance, "attributes");
        if (!in.attributes)
            in.attributes = json_member(instance, "attributes_flat");
        state_add(last, &in, a);
    }
}

static void read_v4(const json_t *doc, struct snapshot_resource ***last, struct arena *a)
{
    const json_t *resource;
    size_t i;

    json_array_foreach(json_member(doc, "resources"), i, resource) read_resource(resource, last, a);
}

/* --- state JSON ------------------------------------------------------------------------------- */

/* Modules nest in practice a handful deep; fields_read already refuses more than 512 levels of
 * JSON. */
static void read_module(const json_t *module, struct snapshot_resource ***last, struct arena *a)
{
    const json_t *resource, *child;
    size_t i;

    json_array_foreach(json_member(module, "resources"), i, resource)
    {
        struct state_instance in = {
            .address = tree_text(resource, "address", a),
            .type = tree_text(resource, "type", a),
            .provider = tree_text(resource, "provider_name", a),
            .mode = tree_text(resource, "mode", a),
            .attributes = json_member(resource, "values"),
        };

        if (tree_has(resource, "deposed_key"))
            in.status = STR("deposed");
        else if (json_truth(json_member(resource, "tainted")))
            in.status = STR("tainted");
        state_add(last, &in, a);
    }
    json_array_foreach(json_member(module, "child_modules"), i, child) read_module(child, last, a);
}

/* --- which one is it -------------------------------------------------------------------------- */

static bool is_show_json(const json_t *doc)
{
    return json_is_string(json_member(doc, "format_version")) &&
           !tree_has(doc, "resource_changes") && !tree_has(doc, "planned_values") &&
           !tree_has(doc, "configuration") && !tree_has(doc, "provider_schemas") &&
           (tree_has(doc, "values") || tree_has(doc, "terraform_version") ||
            json_object_size(doc) == 1);
}

static bool is_encrypted(const json_t *doc)
{
    return tree_has(doc, "encrypted_data") && tree_has(doc, "encryption_version");
}

/* A genuine old state may carry "backend" beside its resources; a pointer has the type of the
 * backend and no resource. */
static bool is_pointer(const json_t *doc)
{
    const json_t *backend = json_member(doc, "backend"), *module;
    size_t i;

    if (!backend)
        backend = json_member(doc, "state_store");
    if (!json_is_object(backend) || !tree_has(backend, "type") ||
        json_array_size(json_member(doc, "resources")))
        return false;
    json_array_foreach(json_member(doc, "modules"), i,
                       module) if (json_object_size(json_member(module, "resources"))) return false;
    return true;
}

static bool is_state(const json_t *doc)
{
    return json_is_integer(json_member(doc, "version")) && !tree_has(doc, "deployment") &&
           !tree_has(doc, "checkpoint") &&
           (tree_has(doc, "lineage") || json_is_array(json_member(doc, "modules")) ||
            is_pointer(doc) ||
            (tree_has(doc, "serial") &&
             (tree_has(doc, "terraform_version") || tree_has(doc, "resources"))));
}

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    if (is_encrypted(doc))
        return 90;
    if (is_show_json(doc))
        return 80;
    return is_state(doc) ? 95 : 0;
}

/* --- map -------------------------------------------------------------------------------------- */

static const char *refusal(const json_t *doc, struct arena *a)
{
    int64_t version = tree_int(doc, "version", 0);

    if (is_encrypted(doc))
        return "state or plan encrypted by OpenTofu: nothing in it can be read; export it "
               "decrypted";
    if (is_pointer(doc))
        return "backend pointer (.terraform/terraform.tfstate), not a state of resources: use "
               "'terraform state pull'";
    if (version > 4)
        return str_z(
            a, str_print(a, "state format %d is newer than the newest known, 4", (int)version));
    if (version < 1)
        return "state format version is missing";
    if (version == 4 && tree_has(doc, "resources") && !json_is_array(json_member(doc, "resources")))
        return "'resources' is not an array";
    if (version < 4 && !json_is_array(json_member(doc, "modules")))
        return "'modules' is missing";
    return NULL;
}

static bool read_show_json(const json_t *doc, struct snapshot *s, struct mapper *m)
{
    struct snapshot_resource **last = &s->resources;
    str format = tree_text(doc, "format_version", m->arena);

    if (!str_starts(format, STR("0.")) && !str_starts(format, STR("1."))) {
        m->why = "state JSON of an unknown format version";
        return false;
    }
    s->format = STR("terraform-json");
    read_module(json_path(doc, "values", "root_module", NULL), &last, m->arena);
    return true;
}

static bool read_state(const json_t *doc, struct snapshot *s, struct mapper *m)
{
    struct snapshot_resource **last = &s->resources;
    int64_t version = tree_int(doc, "version", 0);

    m->why = refusal(doc, m->arena);
    if (m->why)
        return false;
    s->format = str_print(m->arena, "terraform-%d", (int)version);
    s->lineage = tree_text(doc, "lineage", m->arena);
    s->serial = tree_int(doc, "serial", -1);
    if (version == 4)
        read_v4(doc, &last, m->arena);
    else
        state_read_old(doc, &last, m->arena);
    return true;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    struct snapshot *s = arena_new(m->arena, struct snapshot, 1);
    json_t *doc = tree_open(rec, m);
    bool ok;

    if (!doc)
        return MAP_REJECT;
    if (!is_encrypted(doc) && !is_show_json(doc) && !is_state(doc)) {
        json_decref(doc);
        return MAP_FOREIGN;
    }
    s->serial = -1;
    ok =
        is_show_json(doc) && !is_encrypted(doc) ? read_show_json(doc, s, m) : read_state(doc, s, m);
    if (ok) {
        s->tool_version = tree_text(doc, "terraform_version", m->arena);
        ev.service = STR("terraform");
        ev.action = STR("state");
        ev.snapshot = s;
        ev.is_fact_only = true;
        m->emit(m, &ev);
    }
    json_decref(doc);
    return ok ? MAP_DONE : MAP_REJECT;
}

const struct source source_terraform_state = {
    .name = "terraform-state",
    .title = "Terraform and OpenTofu state",
    .reads = "state files (formats 4 to 1; 'terraform state pull') and 'terraform show -json' of a "
             "state",
    .shape = SHAPE_JSON,
    .gives = GIVES_STATE,
    .text_is_normal = true,
    .probe = probe,
    .map = map,
};
