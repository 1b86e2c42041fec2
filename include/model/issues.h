/*
 * issues: what was wrong with the evidence while the work went on.
 *
 * A record that cannot be used is counted and stored with its place and reason; nothing is lost in
 * silence.
 */
#ifndef MODEL_ISSUES_H
#define MODEL_ISSUES_H

#include "base/arena.h"

#define ISSUE_KINDS(X)                                                                             \
    X(ISSUE_REJECTED, "rejected")   /* the record was not taken */                                 \
    X(ISSUE_CONFLICT, "conflict")   /* same id, other content: both kept */                        \
    X(ISSUE_TEXT, "text")           /* a line that is not a record, where that is normal */        \
    X(ISSUE_FILE, "file")           /* about the whole file: unreadable, unknown, empty */         \
    X(ISSUE_TRUNCATED, "truncated") /* the file ends inside a record or a compressed member */     \
    X(ISSUE_NOTE, "note")           /* taken, but the reader should know */

#define ISSUE_CONSTANT(constant, name) constant,
enum issue_kind { ISSUE_KINDS(ISSUE_CONSTANT) };
const char *issue_kind_name(enum issue_kind k);

struct issue {
    enum issue_kind kind;
    bool has_place;
    uint64_t record, offset, line; /* line is 1-based, 0 when not known */
    str reason;                    /* "JSON error at byte 812: expected ','" */
    str excerpt; /* start of the text, printable, secrets masked, at most 120 bytes */
    struct issue *next;
};

/* In order of addition; owned by the arena given to issues_add. */
struct issues {
    struct issue *first, **last;
    size_t count;
};

struct issue *issues_add(struct issues *list, struct arena *a, enum issue_kind kind,
                         const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
