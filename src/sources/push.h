/*
 * push: what a push to a repository looks like in a webhook. GitHub, GitLab and Gitea agree on it.
 */
#ifndef SOURCES_PUSH_H
#define SOURCES_PUSH_H

#include "tree.h"

/*
 * Sets action, verb, resource "repo:ref", commit, detail and the commits as facts. A push has no
 * time of its own; the time of its newest commit stands in, and the detail says so.
 */
void push_describe(struct event *ev, const json_t *doc, str repo, struct arena *a);

#endif
