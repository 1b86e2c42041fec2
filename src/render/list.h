/* The kinds of file a report can become. One line each; the order is that of `--format`. */
#define RENDERERS(X)                                                                               \
    X(pdf)                                                                                         \
    X(xlsx)
