/*
 * ticket: finds ticket keys in titles and messages by the configured pattern, a POSIX extended
 * regular expression. A key inside a longer word is none.
 */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "store/internal.h"

struct ticket_pattern {
    regex_t regex;
};

struct ticket_pattern *ticket_pattern_new(str pattern, struct err *err)
{
    struct ticket_pattern *p = xmalloc(sizeof *p);
    struct arena a = {0};
    int rc = regcomp(&p->regex, str_z(&a, pattern), REG_EXTENDED);

    arena_free(&a);
    if (rc == 0)
        return p;
    free(p);
    err_set(err, ERR_USAGE, "the ticket pattern '%.*s' is no regular expression", STR_FMT(pattern));
    return NULL;
}

static bool is_word(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '_';
}

str ticket_find(const struct ticket_pattern *p, str text, struct arena *a)
{
    const char *z;
    size_t from = 0;
    regmatch_t m;

    if (!p || str_empty(text))
        return STR_NONE;
    z = str_z(a, text); /* a NUL inside ends the search */
    while (regexec(&p->regex, z + from, 1, &m, from ? REG_NOTBOL : 0) == 0 && m.rm_eo > m.rm_so) {
        size_t start = from + (size_t)m.rm_so, end = from + (size_t)m.rm_eo;

        if ((start == 0 || !is_word(z[start - 1])) && !is_word(z[end]))
            return str_part(text, start, end);
        from = start + 1;
    }
    return STR_NONE;
}

void ticket_pattern_free(struct ticket_pattern *p)
{
    if (!p)
        return;
    regfree(&p->regex);
    free(p);
}
