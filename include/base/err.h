/*
 * err: why an operation ended.
 *
 * Functions that can fail return bool and take `struct err *err` last. Whoever finds the cause
 * calls err_set; whoever knows more on the way up calls err_wrap, which puts its words in front.
 * Only `cli` prints. What is wrong with the evidence while the operation goes on is an issue
 * (model/issues.h).
 *
 * Text is "what failed: where: why", lower case, no full stop, names in single quotes. A hint is a
 * sentence of its own. Bytes that come from outside are made printable by err_set itself.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/arena.h"

enum err_kind {
    ERR_NONE,
    ERR_USAGE,     /* command line or configuration; exit 2 */
    ERR_DATA,      /* the input is not what it should be; exit 6 */
    ERR_INTEGRITY, /* a digest, total or signature does not hold; exit 4 */
    ERR_DELIVERY,  /* exit 5 */
    ERR_IO,        /* files, disks, memory, libraries; exit 6 */
    ERR_LOCKED,    /* another run holds the database; exit 75 */
    ERR_STOPPED,   /* a signal asked us to end; exit 130 or 143 */
};

struct err {
    enum err_kind kind;
    char text[1024];
    char hint[256];
};

/* Always false, so that `return err_set(...)` reads well. The first cause wins: a second err_set on
 * the same err is ignored. */
bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool err_errno(struct err *err, const char *fmt, ...)
    PRINTF_LIKE(2, 3); /* ERR_IO; adds strerror(errno) */

#endif
