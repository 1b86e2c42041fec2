/*
 * terraform_state_old: state formats 1 to 3, written by Terraform before 0.12 (formats-iac 1).
 *
 * Modules are a list with paths, resources an object whose keys are "type.name", "type.name.0"
 * (count) or "data.type.name"; attributes are flat strings. Today's `terraform state list` prints
 * the count in brackets and the path with "module.".
 */
#include "terraform_state.h"
#include "tree.h"

static str module_prefix(const json_t *path, struct arena *a)
{
    const json_t *part;
    str prefix = STR("");
    size_t i;

    json_array_foreach(path, i, part) if (i > 0) /* the first is "root" */
        prefix = str_print(a, "%.*smodule.%.*s.", STR_FMT(prefix), STR_FMT(json_text(part, a)));
    return prefix;
}

/* "aws_instance.web.2" -> "aws_instance.web[2]": a number behind type and name is the count's
 * index. */
static str address_of(str prefix, str key, bool is_data, struct arena *a)
{
    size_t dot = str_find_last(key, '.'),
           first = str_find_char(str_part(key, is_data ? 5 : 0, key.len), '.');
    uint64_t index;

    if (dot == SIZE_MAX || first == SIZE_MAX || dot == first + (is_data ? 5 : 0) ||
        !str_to_u64(str_part(key, dot + 1, key.len), &index))
        return str_join(a, prefix, STR(""), str_copy(a, key));
    return str_print(a, "%.*s%.*s[%.*s]", STR_FMT(prefix), STR_FMT(str_part(key, 0, dot)),
                     STR_FMT(str_part(key, dot + 1, key.len)));
}

void state_read_old(const json_t *doc, struct snapshot_resource ***last, struct arena *a)
{
    const json_t *module;
    size_t i;

    json_array_foreach(json_member(doc, "modules"), i, module)
    {
        str prefix = module_prefix(json_member(module, "path"), a);
        json_t *resources = json_object_get(module, "resources"), *resource;
        const char *name;

        json_object_foreach(resources, name, resource)
        {
            const json_t *primary = json_member(resource, "primary");
            str key = str_from(name);
            bool is_data = str_starts(key, STR("data."));
            struct state_instance in = {
                .address = address_of(prefix, key, is_data, a),
                .type = tree_text(resource, "type", a),
                .provider = tree_text(resource, "provider", a),
                .mode = is_data ? STR("data") : STR("managed"),
                .attributes = json_member(primary, "attributes"),
            };

            if (json_truth(json_member(primary, "tainted")))
                in.status = STR("tainted");
            else if (!primary && json_array_size(json_member(resource, "deposed")))
                in.status = STR("deposed");
            if (!json_member(in.attributes, "id")) /* the id stands beside the attributes too */
                in.attributes = primary;
            state_add(last, &in, a);
        }
    }
}
