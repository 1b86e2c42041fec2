/*
 * terraform: what the readers of Terraform's and OpenTofu's artefacts share.
 */
#ifndef SOURCES_TERRAFORM_H
#define SOURCES_TERRAFORM_H

#include "model/event.h"

/* May the id of a resource of this type be kept? For a few types the id is the secret (formats-iac
 * 20). */
bool terraform_id_is_safe(str type);

/* The verb of a resource action as apply logs spell it: create, update, delete, read, import ... */
enum verb terraform_verb(str action);

#endif
