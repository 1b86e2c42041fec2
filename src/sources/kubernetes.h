/*
 * kubernetes: what audit events of a cluster mean, whoever delivers them: the cluster itself
 * (kubernetes_audit.c) or Google Cloud's audit log (gcp_*.c). Format:
 * ../shared/formats-cloud.md 11.
 */
#ifndef SOURCES_KUBERNETES_H
#define SOURCES_KUBERNETES_H

#include "base/json.h"
#include "model/event.h"

/* "system:serviceaccount:default:builder", "system:kube-scheduler", "system:anonymous"; unknown
 * for names that are not Kubernetes' own. */
enum actor_type kubernetes_actor_type(str username);

/* Subresources of a pod through which one gets in: exec, attach, portforward. */
bool kubernetes_is_entry(str subresource);
/* Questions that are spelled as creations: access reviews and token reviews. */
bool kubernetes_is_review(str resource);

/* The grants of a RoleBinding or ClusterRoleBinding, appended to *tail; returns the new tail.
 * `scope`: where it holds. `words` gets a few words for the reader when it is empty. */
struct grant **kubernetes_binding(const json_t *binding, str scope, bool is_removal,
                                  struct arena *a, struct grant **tail, str *words);
/* The same for a Role or ClusterRole: one grant to the role itself, which says whether its rules
 * allow everything. */
struct grant **kubernetes_role(const json_t *role, str scope, struct arena *a, struct grant **tail,
                               str *words);

#endif
