/*
 * azure: what the Azure adapters share: which kind of log a record is, who acted, where. Azure
 * writes one and the same thing in camel case (REST, CLI), snake case (Python SDK) and Pascal case
 * (PowerShell, Log Analytics), objects as JSON in strings, and names in capitals. Format:
 * ../shared/formats-cloud.md 8.
 */
#ifndef SOURCES_AZURE_H
#define SOURCES_AZURE_H

#include "base/json.h"
#include "model/event.h"
#include "sources/source.h"

enum azure_kind {
    AZURE_NONE,
    AZURE_ACTIVITY, /* what the resource manager was asked, and the platform's own messages */
    AZURE_ENTRA,    /* the directory: audit and sign-ins */
    AZURE_KEYVAULT,
    AZURE_PLATFORM, /* any other resource log */
};
enum azure_kind azure_kind_of(const json_t *tree);

/* A member by its name in camel case, also when it is written in snake or Pascal case. */
const json_t *azure_member(const json_t *object, const char *camel);
/* Its text; of {"value": …, "localizedValue": …} the value. */
str azure_text(const json_t *object, const char *camel, struct arena *a);
/* The object a value is, or holds as JSON in a string (in a string …). New reference, or NULL. */
json_t *azure_opened(const json_t *value);

/* Who, from the claims of a token: actor, actor_id, actor_type, session, mfa, channel. `caller`:
 * what the record says besides. */
void azure_identity(const json_t *claims, str caller, struct event *ev, struct arena *a);
/* Subscription or tenant and resource group of a resource id, in small letters: Azure compares
 * them without case and writes them in any. */
void azure_place(str resource_id, struct event *ev, struct arena *a);
/* Without the port that some logs append; absent for "<null>". */
str azure_address(str text);
/* How a call with this HTTP status or Azure error code ended. */
enum outcome azure_outcome_of_status(uint64_t status);
bool azure_is_denial(str code);

/* Facts of an activity: grants, exposures, detail. `properties` as opened. */
void azure_activity_facts(const json_t *properties, str operation, struct event *ev,
                          struct arena *a);

#endif
