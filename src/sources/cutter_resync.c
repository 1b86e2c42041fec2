/*
 * cutter_resync: the search for the next record behind a broken one.
 *
 * Records of one export begin alike, {"eventVersion": and so on. A place where an object with the
 * same first key begins, behind a comma or bracket, is as good as certain. Text inside strings
 * cannot look like that, because its quotes are escaped. Where values stand by themselves the next
 * line that is indented no more than the broken value will do as well; in an array, failing all
 * else, any object behind another one.
 */
#include "sources/cutter_resync.h"

enum { LONGEST_KEY = 200, LONGEST_STAMP = 48, LONGEST_PREFIX = 160 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n';
}

static size_t skip_space(str text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at]))
        at++;
    return at;
}

/* Last byte before `at` that is no white space; NUL at the beginning. */
static char before(str text, size_t at, size_t *where)
{
    while (at > 0 && is_space(text.ptr[at - 1]))
        at--;
    *where = at ? at - 1 : 0;
    return at ? text.ptr[at - 1] : '\0';
}

str resync_first_key(str text)
{
    size_t at = 1, from;

    if (text.len < 2 || text.ptr[0] != '{')
        return STR_NONE;
    at = skip_space(text, at);
    if (at == text.len || text.ptr[at] != '"')
        return STR_NONE;
    from = ++at;
    while (at < text.len && at - from <= LONGEST_KEY && text.ptr[at] != '"' && text.ptr[at] != '\n')
        at++;
    return at < text.len && text.ptr[at] == '"' && at > from ? str_part(text, from, at) : STR_NONE;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t time_prefix(str line)
{
    static const char shape[] = "0000-00-00T00:00:00";
    size_t n = sizeof shape - 1;

    if (line.len <= n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (shape[i] == '0' ? !is_digit(line.ptr[i]) : line.ptr[i] != shape[i])
            return 0;
    while (n < line.len && n < LONGEST_STAMP && line.ptr[n] > ' ')
        n++;
    return n + 1 < line.len && line.ptr[n] == ' ' && line.ptr[n + 1] == '{' ? n + 1 : 0;
}

/* "<134>Nov 23 08:00:00 host vault[7]:", "<134>1 2026-11-23T08:00:00Z host vault 7 - -" */
static bool begins_syslog(str line)
{
    static const char shape[] = "Aaa 00 00:00:00 ";
    bool has_priority = line.len && line.ptr[0] == '<';

    if (has_priority) {
        (void)str_cut(&line, '>');
        if (str_starts(line, STR("1 ")) && line.len > 2 && is_digit(line.ptr[2]))
            return true;
    }
    if (line.len < sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        char c = line.ptr[i];
        bool fits = shape[i] == '0'   ? is_digit(c) || (i == 4 && c == ' ')
                    : shape[i] == 'A' ? c >= 'A' && c <= 'Z'
                    : shape[i] == 'a' ? c >= 'a' && c <= 'z'
                                      : c == shape[i];

        if (!fits)
            return false;
    }
    return true;
}

/* A syslog header, the cookie that says that JSON follows ("@cee: {"), or both. */
static size_t shipped_prefix(str line)
{
    str near = str_part(line, 0, LONGEST_PREFIX);
    size_t brace = str_find_char(near, '{');
    str head = str_part(near, 0, brace);

    if (brace == SIZE_MAX || brace + 1 >= near.len || near.ptr[brace + 1] != '"' ||
        str_find_char(head, '\n') != SIZE_MAX)
        return 0;
    head = str_trim(head);
    if (str_ends(head, STR("@cee:")))
        return brace;
    return (str_ends(head, STR(":")) || str_ends(head, STR(" -"))) && begins_syslog(head) ? brace
                                                                                          : 0;
}

size_t resync_line_prefix(str line)
{
    size_t n = time_prefix(line);

    return n ? n : shipped_prefix(line);
}

enum { STAMP = sizeof "2020-02-20T07:01:01.000Z " - 1 };

static bool has_stamp(str line)
{
    static const char shape[] = "0000-00-00T00:00:00.000Z ";

    for (size_t i = 0; i < STAMP; i++)
        if (i >= line.len || (shape[i] == '0' ? !is_digit(line.ptr[i]) : line.ptr[i] != shape[i]))
            return false;
    return true;
}

/* "[INFO]  core: ...", "[TRACE] ..." */
static bool is_debug_log(str message)
{
    static const char *const levels[] = {"[TRACE] ", "[DEBUG] ", "[INFO] ", "[WARN] ", "[ERROR] "};

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_starts(message, str_from(levels[i])))
            return true;
    return false;
}

bool resync_is_stamped(str line)
{
    return has_stamp(line) && !is_debug_log(str_part(line, STAMP, line.len));
}

size_t resync_message_end(str text)
{
    for (size_t at = 0; at < text.len; at++) {
        const char *feed = memchr(text.ptr + at, '\n', text.len - at);

        if (!feed)
            break;
        at = (size_t)(feed - text.ptr);
        if (has_stamp(str_part(text, at + 1, text.len)))
            return at;
    }
    return SIZE_MAX;
}

/* An object that begins its line, no deeper than the broken one: the beginning of that line. */
static size_t line_boundary(const struct resync *r, size_t brace)
{
    size_t line = brace;

    while (line > 0 && brace - line < LONGEST_PREFIX && r->text.ptr[line - 1] != '\n')
        line--;
    if (line == 0 || r->text.ptr[line - 1] != '\n')
        return SIZE_MAX;
    if (resync_line_prefix(str_part(r->text, line, r->text.len)) == brace - line)
        return line;
    if (brace - line > r->column)
        return SIZE_MAX;
    for (size_t i = line; i < brace; i++)
        if (!is_blank(r->text.ptr[i]))
            return SIZE_MAX;
    return line;
}

static bool is_like(const struct resync *r, size_t brace)
{
    size_t where;
    char c = before(r->text, brace, &where);
    str key = resync_first_key(str_part(r->text, brace, r->text.len));

    return !str_empty(key) && str_eq(key, r->first_key) &&
           (c == ',' || c == '}' || c == ']' || c == '[');
}

/* "}, {" followed by a quote. */
static bool is_plain(const struct resync *r, size_t brace)
{
    size_t comma, closing, next = skip_space(r->text, brace + 1);

    return next < r->text.len && r->text.ptr[next] == '"' &&
           before(r->text, brace, &comma) == ',' && before(r->text, comma, &closing) == '}';
}

size_t resync_find(const struct resync *r, bool *is_sure)
{
    size_t fallback = SIZE_MAX;

    *is_sure = true;
    for (size_t at = 1; at < r->text.len; at++) {
        const char *brace = memchr(r->text.ptr + at, '{', r->text.len - at);

        if (!brace)
            break;
        at = (size_t)(brace - r->text.ptr);
        if (!r->in_array && line_boundary(r, at) != SIZE_MAX)
            return line_boundary(r, at);
        if (is_like(r, at))
            return at;
        if (fallback == SIZE_MAX && r->in_array && at >= r->plain_from && is_plain(r, at))
            fallback = at;
    }
    *is_sure = false;
    return fallback;
}
