/*
 * zone: offsets from a TZif file (RFC 8536), version 1 to 3 blocks and the rule string behind them.
 *
 * Read here rather than through TZ and localtime so that a report depends on nothing but its
 * parameters, and so that two zones can be used by two threads.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/instant.h"
#include "model/period.h"

struct transition {
    int64_t at;
    int32_t offset;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3": the rule for all years behind the table. */
struct rule_day {
    int month, week, weekday, second;
};

struct zone {
    str name;
    int32_t first; /* before the first transition */
    struct transition *list;
    size_t count;
    bool has_rule;
    int32_t standard, summer;
    struct rule_day begin, end;
};

str zone_name(const struct zone *z)
{
    return z->name;
}

static int64_t big(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return n == 4 ? (int32_t)(uint32_t)v : (int64_t)v;
}

/* --- the rule string -------------------------------------------------------------------------- */

static bool skip_name(str s, size_t *at)
{
    size_t from = *at;

    if (*at < s.len && s.ptr[*at] == '<') {
        while (*at < s.len && s.ptr[*at] != '>')
            (*at)++;
        (*at)++;
        return *at <= s.len;
    }
    while (*at < s.len && ascii_is_letter(s.ptr[*at]))
        (*at)++;
    return *at - from >= 3;
}

/* [+-]h[h][:mm[:ss]] in seconds */
static bool take_hours(str s, size_t *at, int *out)
{
    int sign = 1, value = 0, unit = 3600;
    bool has = false;

    if (*at < s.len && (s.ptr[*at] == '-' || s.ptr[*at] == '+'))
        sign = s.ptr[(*at)++] == '-' ? -1 : 1;
    for (; unit; unit = unit == 1 ? 0 : unit / 60) {
        int n = 0;

        while (*at < s.len && ascii_is_digit(s.ptr[*at]) && n < 1000) {
            n = n * 10 + (s.ptr[(*at)++] - '0');
            has = true;
        }
        value += n * unit;
        if (*at >= s.len || s.ptr[*at] != ':')
            break;
        (*at)++;
    }
    *out = sign * value;
    return has;
}

static bool take_rule_day(str s, size_t *at, struct rule_day *d)
{
    int *parts[] = {&d->month, &d->week, &d->weekday};

    if (*at + 1 >= s.len || s.ptr[*at] != ',' || s.ptr[*at + 1] != 'M')
        return false;
    *at += 2;
    for (size_t i = 0; i < 3; i++) {
        if (i && (*at >= s.len || s.ptr[(*at)++] != '.'))
            return false;
        *parts[i] = 0;
        while (*at < s.len && ascii_is_digit(s.ptr[*at]) && *parts[i] < 100)
            *parts[i] = *parts[i] * 10 + (s.ptr[(*at)++] - '0');
    }
    d->second = 7200;
    if (*at < s.len && s.ptr[*at] == '/') {
        (*at)++;
        if (!take_hours(s, at, &d->second))
            return false;
    }
    return d->month >= 1 && d->month <= 12 && d->week >= 1 && d->week <= 5 && d->weekday <= 6;
}

static void parse_rule(struct zone *z, str s)
{
    size_t at = 0;
    int west;

    if (!skip_name(s, &at) || !take_hours(s, &at, &west))
        return;
    z->standard = z->summer = -west;
    if (at < s.len) {
        if (!skip_name(s, &at))
            return;
        z->summer = z->standard + 3600;
        if (at < s.len && s.ptr[at] != ',') {
            if (!take_hours(s, &at, &west))
                return;
            z->summer = -west;
        }
        if (!take_rule_day(s, &at, &z->begin) || !take_rule_day(s, &at, &z->end))
            return;
    }
    z->has_rule = true;
}

/* Local seconds since 1970 of a rule day in a year. */
static int64_t rule_instant(const struct rule_day *d, int year)
{
    int64_t first = instant_days(year, d->month, 1);
    int weekday = (int)((first % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
    int64_t day = first + (d->weekday - weekday + 7) % 7 + (d->week - 1) * 7;
    int64_t month_end =
        d->month == 12 ? instant_days(year + 1, 1, 1) : instant_days(year, d->month + 1, 1);

    while (day >= month_end)
        day -= 7;
    return day * 86400 + d->second;
}

static int32_t rule_offset(const struct zone *z, int64_t utc)
{
    int year, month, day;
    int64_t begin, end;

    if (z->standard == z->summer)
        return z->standard;
    instant_civil((utc + z->standard) / 86400, &year, &month, &day);
    begin = rule_instant(&z->begin, year) - z->standard;
    end = rule_instant(&z->end, year) - z->summer;
    if (begin < end)
        return utc >= begin && utc < end ? z->summer : z->standard;
    return utc >= end && utc < begin ? z->standard : z->summer;
}

/* --- the file --------------------------------------------------------------------------------- */

struct header {
    size_t isut, isstd, leap, times, types, chars;
};

static bool read_header(str data, size_t at, struct header *h, char *version)
{
    const unsigned char *p = (const unsigned char *)data.ptr + at;

    if (at + 44 > data.len || memcmp(p, "TZif", 4) != 0)
        return false;
    *version = (char)p[4];
    h->isut = (size_t)big(p + 20, 4);
    h->isstd = (size_t)big(p + 24, 4);
    h->leap = (size_t)big(p + 28, 4);
    h->times = (size_t)big(p + 32, 4);
    h->types = (size_t)big(p + 36, 4);
    h->chars = (size_t)big(p + 40, 4);
    return h->times < 100000 && h->types > 0 && h->types < 1000 && h->chars < 100000 &&
           h->leap < 10000 && h->isut < 1000 && h->isstd < 1000;
}

static size_t body_size(const struct header *h, size_t width)
{
    return h->times * (width + 1) + h->types * 6 + h->chars + h->leap * (width + 4) + h->isstd +
           h->isut;
}

static bool read_body(struct arena *a, str data, size_t at, const struct header *h, size_t width,
                      struct zone *z)
{
    const unsigned char *p = (const unsigned char *)data.ptr + at;
    const unsigned char *index = p + h->times * width, *types = index + h->times;

    if (at + body_size(h, width) > data.len)
        return false;
    z->first = (int32_t)big(types, 4);
    z->count = h->times;
    z->list = arena_new(a, struct transition, h->times);
    for (size_t i = 0; i < h->times; i++) {
        if (index[i] >= h->types)
            return false;
        z->list[i].at = big(p + i * width, width);
        z->list[i].offset = (int32_t)big(types + (size_t)index[i] * 6, 4);
    }
    return true;
}

static bool parse_file(struct arena *a, str data, struct zone *z)
{
    struct header h;
    char version;
    size_t at = 44, end;
    str rule;

    if (!read_header(data, 0, &h, &version))
        return false;
    if (version < '2')
        return read_body(a, data, at, &h, 4, z);
    at += body_size(&h, 4);
    if (!read_header(data, at, &h, &version) || !read_body(a, data, at + 44, &h, 8, z))
        return false;
    end = at + 44 + body_size(&h, 8);
    if (end >= data.len || data.ptr[end] != '\n')
        return true;
    rule = str_part(data, end + 1, data.len);
    parse_rule(z, str_cut(&rule, '\n'));
    return true;
}

const struct zone *zone_load(struct arena *a, str name, struct err *err)
{
    struct zone *z = arena_new(a, struct zone, 1);
    struct err why = {0};
    str data;

    z->name = str_copy(a, str_empty(name) ? STR("UTC") : name);
    if (str_eq(z->name, STR("UTC")) || str_eq(z->name, STR("Etc/UTC")))
        return z;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!(ascii_is_letter(c) || ascii_is_digit(c) || c == '/' || c == '_' || c == '-' ||
              c == '+') ||
            (c == '/' && i == 0))
            goto unknown;
    }
    if (file_read(a, str_z(a, str_print(a, "/usr/share/zoneinfo/%.*s", STR_FMT(name))), 1 << 20,
                  &data, &why) &&
        parse_file(a, data, z))
        return z;
unknown:
    err_set(err, ERR_USAGE, "unknown time zone '%.*s'", STR_FMT(name));
    err_hint(err,
             "Use a name of the zone database, such as UTC or Europe/Berlin (package tzdata).");
    return NULL;
}

int32_t zone_offset(const struct zone *z, int64_t utc)
{
    size_t low = 0, high = z->count;

    if (!z->count)
        return z->has_rule ? rule_offset(z, utc) : z->first;
    if (utc >= z->list[z->count - 1].at && z->has_rule)
        return rule_offset(z, utc);
    while (low < high) { /* first transition behind utc */
        size_t mid = (low + high) / 2;

        if (z->list[mid].at <= utc)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? z->list[low - 1].offset : z->first;
}

int64_t zone_instant(const struct zone *z, int year, int month, int day, int hour, int minute,
                     int second)
{
    int64_t local = instant_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    int32_t before = zone_offset(z, local - 86400), after = zone_offset(z, local + 86400);
    int64_t early = local - before, late = local - after;

    if (before == after)
        return early;
    /* Around a switch. Twice there: the earlier instant. Not there: the switch itself, found by
     * halving. */
    if (zone_offset(z, early) == before)
        return early;
    if (zone_offset(z, late) == after)
        return late;
    {
        int64_t low = local - 86400 - before, high = local + 86400 - after;

        while (high - low > 1) {
            int64_t mid = low + (high - low) / 2;

            if (zone_offset(z, mid) == before)
                low = mid;
            else
                high = mid;
        }
        return high;
    }
}
