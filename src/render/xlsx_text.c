/*
 * xlsx_text: what a cell, a sheet name and a page footer accept.
 *
 * Spreadsheet programs count UTF-16 units and drop a cell that has too many; the library counts
 * code points. Readers decode
 * "_x0041_" into "A", so a text that happens to look like that gets its first underscore written as
 * "_x005F_" (rendering.md 2).
 */
#include "base/ascii.h"
#include "model/display.h"
#include "render/xlsx.h"

#define ESCAPE   "_x005F_"
#define CUT_ROOM 160 /* units kept free for the mark of a cut */

static bool looks_escaped(str s, size_t at)
{
    return s.len - at >= 7 && s.ptr[at] == '_' && s.ptr[at + 1] == 'x' &&
           ascii_hex(s.ptr[at + 2]) >= 0 && ascii_hex(s.ptr[at + 3]) >= 0 &&
           ascii_hex(s.ptr[at + 4]) >= 0 && ascii_hex(s.ptr[at + 5]) >= 0 && s.ptr[at + 6] == '_';
}

/* UTF-16 units that the character at `at` takes in the file, and where the next one begins. */
static size_t units_at(str s, size_t *at)
{
    size_t from = *at;
    uint32_t cp = utf8_next(s, at);

    if (cp == '_' && looks_escaped(s, from))
        return sizeof ESCAPE - 1;
    return cp > 0xFFFF ? 2 : 1;
}

static size_t units_of(str s)
{
    size_t units = 0;

    for (size_t at = 0; at < s.len;)
        units += units_at(s, &at);
    return units;
}

/* The longest beginning of at most `limit` units, and how many characters stay behind it. */
static str first_units(str s, size_t limit, uint64_t *left_out)
{
    size_t end = 0, units = 0;

    while (end < s.len) {
        size_t next = end;

        units += units_at(s, &next);
        if (units > limit)
            break;
        end = next;
    }
    *left_out = 0;
    for (size_t at = end; at < s.len; (*left_out)++)
        utf8_next(s, &at);
    return str_part(s, 0, end);
}

static str escaped(str s, struct arena *a)
{
    size_t extra = 0;
    char *out, *to;

    for (size_t at = 0; at < s.len; at++)
        extra += looks_escaped(s, at) ? sizeof ESCAPE - 2 : 0;
    if (!extra)
        return s;
    out = to = arena_alloc(a, s.len + extra, 1);
    for (size_t at = 0; at < s.len; at++) {
        if (looks_escaped(s, at)) {
            memcpy(to, ESCAPE, sizeof ESCAPE - 1);
            to += sizeof ESCAPE - 1;
        } else {
            *to++ = s.ptr[at];
        }
    }
    return (str){out, s.len + extra};
}

str xlsx_cell_text(str raw, str record_sha256, struct arena *a, bool *was_cut)
{
    str text = display_text(raw, a);
    uint64_t left_out;
    str kept;

    *was_cut = false;
    /* A byte is never less than a unit, so that most texts need no counting. */
    if (text.len <= XLSX_CELL_UNITS / (sizeof ESCAPE - 1) || units_of(text) <= XLSX_CELL_UNITS)
        return escaped(text, a);
    *was_cut = true;
    kept = escaped(first_units(text, XLSX_CELL_UNITS - CUT_ROOM, &left_out), a);
    if (str_empty(record_sha256))
        return str_print(a, "%.*s\u2026 [+%.*s characters]", STR_FMT(kept),
                         STR_FMT(count_text((int64_t)left_out, a)));
    return str_print(a, "%.*s\u2026 [+%.*s characters, record SHA-256 %.*s]", STR_FMT(kept),
                     STR_FMT(count_text((int64_t)left_out, a)),
                     STR_FMT(str_part(record_sha256, 0, 64)));
}

double xlsx_text_lines(str text, double letters)
{
    double lines = 0;

    for (str rest = text; rest.ptr;) {
        str line = str_cut(&rest, '\n');
        size_t at = 0, n = 0;

        for (; at < line.len; n++)
            utf8_next(line, &at);
        lines += (double)(n / (size_t)letters + 1);
    }
    return lines < 1 ? 1 : lines > 29 ? 29 : lines; /* a row ends at 409 points */
}

/*
 * Spreadsheet programs refuse [ ] : * ? / \ in a sheet's name, an apostrophe at either end, more
 * than 31 characters, and the name History. A name from a definition is bent rather than the report
 * refused; README lists the names as they stand.
 */
str xlsx_sheet_name(str name, struct arena *a)
{
    uint64_t left_out;
    str clean = str_trim(str_copy(a, display_line(name, a)));
    char *out;

    while (clean.len && clean.ptr[0] == '\'')
        clean = str_part(clean, 1, clean.len);
    clean = str_trim(first_units(clean, LXW_SHEETNAME_MAX, &left_out));
    while (clean.len && clean.ptr[clean.len - 1] == '\'')
        clean.len--;
    if (str_empty(clean))
        return STR("Table");
    if (str_eq_nocase(clean, STR("History")))
        return STR("History of changes");
    out = str_z(a, clean);
    for (char *c = out; *c; c++) {
        if (strchr("[]:*?/\\", *c))
            *c = '-';
    }
    return (str){out, clean.len};
}

str xlsx_part_name(str name, uint64_t number, struct arena *a)
{
    str tail = str_print(a, " %llu", (unsigned long long)number);
    uint64_t left_out;
    str head;

    if (number < 2)
        return name;
    head = first_units(name, LXW_SHEETNAME_MAX - tail.len, &left_out);
    return str_print(a, "%.*s%.*s", STR_FMT(head), STR_FMT(tail));
}

char *xlsx_title_text(str s, size_t limit, struct arena *a)
{
    str clean = display_line(s, a);
    size_t end = 0;

    /* The library takes a title that begins with "=" for a reference. */
    if (str_starts(clean, STR("=")))
        clean = str_print(a, " %.*s", STR_FMT(clean));
    for (size_t next = 0; end < clean.len; end = next) {
        utf8_next(clean, &next);
        if (next > limit)
            break;
    }
    return str_z(a, str_part(clean, 0, end));
}

char *xlsx_footer_text(str s, size_t limit, struct arena *a)
{
    str clean = display_line(s, a);
    char *out = arena_alloc(a, limit + 1, 1);
    size_t n = 0;

    for (size_t at = 0, from = 0; at < clean.len; from = at) {
        bool is_code = clean.ptr[from] == '&';

        utf8_next(clean, &at);
        if (n + (at - from) + is_code > limit)
            break;
        if (is_code)
            out[n++] = '&';
        memcpy(out + n, clean.ptr + from, at - from);
        n += at - from;
    }
    return out;
}
