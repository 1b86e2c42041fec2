/*
 * list: every source of the program, one line each. A source is src/sources/<name>.c with
 * `const struct source source_<name>`; the order is the order of `auditpress sources`, and of two
 * sources that are equally sure of a record the upper one gets it.
 */
#ifndef SOURCES_LIST_H
#define SOURCES_LIST_H

#define SOURCES(X)                                                                                 \
    X(aws_cloudtrail)                                                                              \
    X(aws_lake)                                                                                    \
    X(aws_cloudwatch)                                                                              \
    X(aws_config)                                                                                  \
    X(gcp_audit)                                                                                   \
    X(azure_activity)                                                                              \
    X(azure_entra)                                                                                 \
    X(azure_keyvault)                                                                              \
    X(azure_platform)                                                                              \
    X(kubernetes_audit)                                                                            \
    X(vault_audit)                                                                                 \
    X(okta_system)                                                                                 \
    X(terraform_state)                                                                             \
    X(terraform_plan)                                                                              \
    X(terraform_ui_log)                                                                            \
    X(hcp_terraform)                                                                               \
    X(hcp_terraform_runs)                                                                          \
    X(github_audit)                                                                                \
    X(github_delivery)                                                                             \
    X(gitlab_audit)                                                                                \
    X(gitlab_delivery)                                                                             \
    X(pulumi_checkpoint)                                                                           \
    X(pulumi_events)                                                                               \
    X(pulumi_cloud)                                                                                \
    X(cloudformation)                                                                              \
    X(terraform_lock)                                                                              \
    X(spacelift)                                                                                   \
    X(flux)                                                                                        \
    X(hoop)                                                                                        \
    X(ci_runs)                                                                                     \
    X(bitbucket)                                                                                   \
    X(devlake_csv)                                                                                 \
    X(git_log)

#endif
