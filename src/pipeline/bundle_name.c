/*
 * bundle_name: what the folder of a report is called: "monthly-prod-2026-10".
 *
 * Two reports that may stand side by side must not have one name, since one of the same name is
 * replaced.
 */
#include "bundle.h"

#include "base/ascii.h"

/* Letters, digits, dot, dash and underscore stay; a name that had others gets a piece of its
 * digest, so that "prod/a" and "prod_a" do not land in one folder. */
static str file_part(str s, struct arena *a)
{
    char *out = str_z(a, s);
    bool is_changed = false;

    for (char *c = out; *c; c++) {
        bool is_plain = ascii_is_letter(*c) || ascii_is_digit(*c);

        if (!is_plain && (!strchr(".-_", *c) || (c == out && *c == '.'))) {
            *c = '_';
            is_changed = true;
        }
    }
    if (is_changed || strlen(out) != s.len) {
        struct sha256 d = sha256_of(s);

        return str_print(a, "%.60s-%.*s", out, 6, sha256_hex(&d, a).ptr);
    }
    return (str){out, s.len};
}

/* Answers to two different questions about one period must not replace each other. */
static str filter_part(const struct request_filter *f, struct arena *a)
{
    const str parts[] = {f->source,  f->actor,  f->action, f->verb, f->resource,
                         f->outcome, f->change, f->ticket, f->text};
    struct sha256_run *run = sha256_begin();
    struct sha256 digest;
    bool has_filter = false;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        has_filter = has_filter || !str_empty(parts[i]);
        sha256_more(run, parts[i]);
        sha256_more(run, (str){"", 1}); /* a NUL between them */
    }
    digest = sha256_end(run);
    return has_filter ? str_print(a, "-%.6s", sha256_hex(&digest, a).ptr) : STR("");
}

str bundle_name(const struct report_request *req, struct arena *a)
{
    return str_print(a, "%.*s-%.*s-%.*s%.*s", STR_FMT(file_part(req->kind, a)),
                     STR_FMT(file_part(str_or(req->environment, STR("all")), a)),
                     STR_FMT(file_part(req->period->label, a)),
                     STR_FMT(filter_part(&req->filter, a)));
}
