/*
 * gitlab_delivery: what the objects of GitLab's webhooks and REST API share, behind one source.
 */
#ifndef SOURCES_GITLAB_DELIVERY_H
#define SOURCES_GITLAB_DELIVERY_H

#include "tree.h"

struct gitlab_record {
    const struct record *rec;
    struct mapper *m;
    const json_t *doc;
    str path; /* "group/project"; absent when the record does not say it */
};

/* Service, account and place of the project. */
struct event gitlab_event(const struct gitlab_record *r);
/* Sets the actor from a user object: username, id. */
void gitlab_set_actor(struct event *ev, const json_t *user, struct arena *a);
/* "group/project!12"; absent without a number. */
str gitlab_request_key(str path, str number, struct arena *a);

enum map_result gitlab_map_pipeline(const struct gitlab_record *r);
enum map_result gitlab_map_job(const struct gitlab_record *r);
enum map_result gitlab_map_deployment(const struct gitlab_record *r);
enum map_result gitlab_map_api_pipeline(const struct gitlab_record *r);
enum map_result gitlab_map_api_deployment(const struct gitlab_record *r);
enum map_result gitlab_map_merge_request(const struct gitlab_record *r);
enum map_result gitlab_map_api_merge_request(const struct gitlab_record *r);
enum map_result gitlab_map_system_hook(const struct gitlab_record *r);

#endif
