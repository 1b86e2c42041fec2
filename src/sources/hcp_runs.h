/*
 * hcp_runs: the documents of HCP Terraform's API and its notifications, behind one source.
 */
#ifndef SOURCES_HCP_RUNS_H
#define SOURCES_HCP_RUNS_H

#include "tree.h"

/* One resource object of a JSON:API document. */
struct hcp_object {
    const struct record *rec;
    struct mapper *m;
    const json_t *data; /* the object with id, type, attributes, relationships */
    const json_t *attributes;
    str id;
};

/* Id that a relationship points at; absent when there is none. */
str hcp_related(const struct hcp_object *o, const char *relationship);
/* An event of this source: service, place, dedupe key (id and `part`), native id. */
struct event hcp_event(const struct hcp_object *o, const char *part);
/* A change with nothing said but tool, key and workspace. */
struct change *hcp_change(str run, str workspace, struct arena *a);
struct fact_link *hcp_link(str from_type, str from, str to_type, str to, str rule, struct arena *a);

enum map_result hcp_map_run(const struct hcp_object *o);
enum map_result hcp_map_state_version(const struct hcp_object *o);
enum map_result hcp_map_configuration_version(const struct hcp_object *o);
enum map_result hcp_map_ingress(const struct hcp_object *o);
enum map_result hcp_map_policy_check(const struct hcp_object *o);
enum map_result hcp_map_assessment(const struct hcp_object *o);
enum map_result hcp_map_user(const struct hcp_object *o);
enum map_result hcp_map_workspace(const struct hcp_object *o);

/* Notifications of version 1 and 2, and run task requests (hcp_notifications.c). */
enum map_result hcp_map_notification(const struct record *rec, struct mapper *m, const json_t *doc);
enum map_result hcp_map_task_request(const struct record *rec, struct mapper *m, const json_t *doc);

#endif
