/* The commands, in the order of `auditpress help`. */
#define COMMANDS(X)                                                                                \
    X(init)                                                                                        \
    X(ingest)                                                                                      \
    X(events)                                                                                      \
    X(resources)                                                                                   \
    X(query)                                                                                       \
    X(report)                                                                                      \
    X(evidence)                                                                                    \
    X(verify)                                                                                      \
    X(sources)                                                                                     \
    X(environments)                                                                                \
    X(frameworks)                                                                                  \
    X(config)                                                                                      \
    X(help)                                                                                        \
    X(version)
