/*
 * terraform_lock: who held the lock of a state, for which operation (formats-iac 2):
 * .terraform.tfstate.lock.info, .tflock objects, bodies of LOCK requests.
 *
 * The one Terraform artefact with a person and a time in it. The person is what the machine said of
 * itself, not what anybody authenticated: the actor's type stays open, the machine is the session.
 */
#include "base/fields.h"
#include "sources/source.h"
#include "tree.h"

enum path { ID, OPERATION, WHO, CREATED, VERSION, STATE };

static const char *const paths[] = {
    [ID] = "/ID",           [OPERATION] = "/Operation", [WHO] = "/Who",
    [CREATED] = "/Created", [VERSION] = "/Version",     [STATE] = "/Path",
};

static int probe(const struct record *rec, const json_t *doc)
{
    (void)rec;
    return json_is_string(json_member(doc, "ID")) &&
                   json_is_string(json_member(doc, "Operation")) &&
                   json_is_string(json_member(doc, "Who")) &&
                   json_is_string(json_member(doc, "Created"))
               ? 95
               : 0;
}

/* "state-mv" and its kin alter the state by hand, without plan or apply. */
static enum verb verb_of(str operation)
{
    return str_eq(operation, STR("OperationTypePlan"))    ? VERB_PLAN
           : str_eq(operation, STR("OperationTypeApply")) ? VERB_APPLY
           : str_starts(operation, STR("OperationType"))  ? VERB_READ
                                                          : VERB_UPDATE;
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    struct arena *a = m->arena;
    str operation = field_text(rec->fields[OPERATION], a), version;
    size_t at;

    if (str_empty(operation) || rec->fields[WHO].kind != FIELD_STRING)
        return MAP_FOREIGN;
    if (!event_set_time(&ev, field_text(rec->fields[CREATED], a))) {
        m->why = "'Created' is missing or not a time";
        return MAP_REJECT;
    }
    version = field_text(rec->fields[VERSION], a);
    ev.actor = field_text(rec->fields[WHO], a);
    at = str_find_last(ev.actor, '@'); /* DOMAIN\user@HOST: the last one */
    if (at != SIZE_MAX)
        ev.session = str_part(ev.actor, at + 1, ev.actor.len);
    ev.service = STR("terraform");
    ev.action = str_join(a, STR("lock"), STR("."), operation);
    ev.verb = verb_of(operation);
    ev.channel = CHANNEL_IAC;
    ev.resource = field_text(rec->fields[STATE], a);
    ev.resource_type = STR("state");
    ev.native_id = ev.request = field_text(rec->fields[ID], a);
    if (!str_empty(version))
        ev.detail = str_print(a, "version %.*s", STR_FMT(version));
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_terraform_lock = {
    .name = "terraform-lock",
    .title = "Terraform and OpenTofu state locks",
    .reads = ".terraform.tfstate.lock.info, .tflock objects, bodies of LOCK requests",
    .shape = SHAPE_JSON,
    .gives = GIVES_STATE_ACCESS,
    .paths = paths,
    .npaths = sizeof(paths) / sizeof(paths[0]),
    .probe = probe,
    .map = map,
};
