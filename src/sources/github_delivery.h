/*
 * github_delivery: what the objects of GitHub's REST API share, behind one source.
 */
#ifndef SOURCES_GITHUB_DELIVERY_H
#define SOURCES_GITHUB_DELIVERY_H

#include "tree.h"

struct github_record {
    const struct record *rec;
    struct mapper *m;
    const json_t *hook;   /* the webhook delivery around the object; NULL for an API answer */
    const json_t *object; /* pull request, review, run, deployment, status */
    str repo;             /* "owner/repo"; absent when neither object nor delivery says it */
};

/* Service, place, account, native id of the object. */
struct event github_event(const struct github_record *r);
/* Sets the actor from a user object: login, id, type; apps are automation. */
void github_set_actor(struct event *ev, const json_t *user, struct arena *a);
bool github_is_bot(const json_t *user);
/* "owner/repo#12"; "#12" when the repository is not known; absent without a number. */
str github_key(str repo, str number, struct arena *a);
/* The digits behind `word` in an address: number_in_url(".../actions/runs/12/job/3", "/runs/") ->
 * "12". */
str github_number_in_url(str url, const char *word);

/* The run's id, and from the second attempt on its number too: each attempt is a change of its own.
 */
str github_run_key(str id, int64_t attempt, struct arena *a);

enum map_result github_map_pull_request(const struct github_record *r);
enum map_result github_map_review(const struct github_record *r);
enum map_result github_map_run(const struct github_record *r);
enum map_result github_map_deployment(const struct github_record *r);
enum map_result github_map_deployment_status(const struct github_record *r);
enum map_result github_map_issue_event(const struct github_record *r);
enum map_result github_map_push(const struct github_record *r);
enum map_result github_map_job(const struct github_record *r);
enum map_result github_map_check(const struct github_record *r);
enum map_result github_map_status(const struct github_record *r);
enum map_result github_map_rule(const struct github_record *r);
enum map_result github_map_merge_group(const struct github_record *r);
enum map_result github_map_dispatch(const struct github_record *r);
enum map_result github_map_deployment_review(const struct github_record *r);
enum map_result github_map_comment(const struct github_record *r);

#endif
