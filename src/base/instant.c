/*
 * instant: reading the times of twenty formats and printing one.
 *
 * One hand-written reader instead of strptime: locale-free, strict about ranges, tolerant about the
 * forms that real exports hold (formats-cloud 2, formats-iac 21).
 */
#include "base/instant.h"

#include <stdio.h>

#include "base/ascii.h"

int64_t instant_days(int year, int month, int day)
{
    /* Howard Hinnant's days_from_civil: eras of 400 years beginning in March. */
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

void instant_civil(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* min..max digits into *out; false without moving when there are fewer. */
static bool take_number(str s, size_t *at, size_t min, size_t max, int *out)
{
    size_t i = *at;
    int v = 0;

    while (i < s.len && i - *at < max && ascii_is_digit(s.ptr[i]))
        v = v * 10 + (s.ptr[i++] - '0');
    if (i - *at < min)
        return false;
    *at = i;
    *out = v;
    return true;
}

static bool take_char(str s, size_t *at, char c)
{
    if (*at >= s.len || s.ptr[*at] != c)
        return false;
    (*at)++;
    return true;
}

static void skip_blanks(str s, size_t *at)
{
    while (*at < s.len && s.ptr[*at] == ' ')
        (*at)++;
}

struct civil {
    int year, month, day, hour, minute, second;
    int32_t nsec;
    uint8_t digits;
    int offset; /* seconds east of UTC */
};

static bool take_fraction(str s, size_t *at, struct civil *c)
{
    if (!take_char(s, at, '.') && !take_char(s, at, ','))
        return true;
    for (int i = 0; i < 9; i++) {
        bool has = *at < s.len && ascii_is_digit(s.ptr[*at]);

        c->nsec = c->nsec * 10 + (has ? s.ptr[*at] - '0' : 0);
        if (has) {
            (*at)++;
            c->digits++;
        }
    }
    while (*at < s.len && ascii_is_digit(s.ptr[*at])) /* beyond nanoseconds: cut, never rounded */
        (*at)++;
    return c->digits > 0;
}

static bool take_clock(str s, size_t *at, struct civil *c)
{
    if (!take_number(s, at, 1, 2, &c->hour) || !take_char(s, at, ':'))
        return false;
    skip_blanks(s, at); /* "07: 45: 44" of one Azure writer */
    if (!take_number(s, at, 2, 2, &c->minute))
        return false;
    if (!take_char(s, at, ':'))
        return true;
    skip_blanks(s, at);
    return take_number(s, at, 2, 2, &c->second) && take_fraction(s, at, c);
}

/* Z, +00:00, +0000, " UTC", " +0000 UTC", or nothing. */
static bool take_zone(str s, size_t *at, struct civil *c)
{
    int hours, minutes = 0, sign;

    skip_blanks(s, at);
    if (*at == s.len)
        return true;
    if (take_char(s, at, 'Z') || take_char(s, at, 'z'))
        return *at == s.len;
    if (s.ptr[*at] == '+' || s.ptr[*at] == '-') {
        sign = s.ptr[(*at)++] == '-' ? -1 : 1;
        if (!take_number(s, at, 2, 2, &hours))
            return false;
        take_char(s, at, ':');
        if (*at < s.len && ascii_is_digit(s.ptr[*at]) && !take_number(s, at, 2, 2, &minutes))
            return false;
        if (hours > 15 || minutes > 59)
            return false;
        c->offset = sign * (hours * 3600 + minutes * 60);
        skip_blanks(s, at);
        if (*at == s.len)
            return true;
    }
    return str_eq(str_part(s, *at, s.len), STR("UTC")) ||
           str_eq(str_part(s, *at, s.len), STR("GMT"));
}

static bool civil_instant(const struct civil *c, struct instant *out)
{
    static const int days_of[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

    if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > days_of[c->month - 1] ||
        (c->month == 2 && c->day == 29 && !is_leap) || c->hour > 24 || c->minute > 59 ||
        c->second > 60 || (c->hour == 24 && (c->minute || c->second)))
        return false;
    *out = (struct instant){0};
    if (c->year == 1) /* Go's zero time: not set */
        return true;
    out->sec = instant_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 +
               (c->second > 59 ? 59 : c->second) - c->offset;
    out->nsec = c->nsec;
    out->digits = c->digits;
    out->is_set = true;
    return out->sec > 0 && out->sec < INT64_C(253402300800);
}

/* 2019-10-02T22:12:29Z and with a space, a fraction, an offset; also a bare date. */
static bool parse_iso(str s, struct instant *out)
{
    struct civil c = {0};
    size_t at = 0;

    if (!take_number(s, &at, 4, 4, &c.year) || !take_char(s, &at, '-') ||
        !take_number(s, &at, 2, 2, &c.month) || !take_char(s, &at, '-') ||
        !take_number(s, &at, 2, 2, &c.day))
        return false;
    if (at == s.len)
        return civil_instant(&c, out);
    if (!take_char(s, &at, 'T') && !take_char(s, &at, 't') && !take_char(s, &at, ' '))
        return false;
    skip_blanks(s, &at);
    return take_clock(s, &at, &c) && take_zone(s, &at, &c) && civil_instant(&c, out);
}

/* 20131102T010628Z */
static bool parse_compact(str s, struct instant *out)
{
    struct civil c = {0};
    size_t at = 0;

    return take_number(s, &at, 4, 4, &c.year) && take_number(s, &at, 2, 2, &c.month) &&
           take_number(s, &at, 2, 2, &c.day) && take_char(s, &at, 'T') &&
           take_number(s, &at, 2, 2, &c.hour) && take_number(s, &at, 2, 2, &c.minute) &&
           take_number(s, &at, 2, 2, &c.second) && take_zone(s, &at, &c) && civil_instant(&c, out);
}

/* 11/3/2020 9:06:42 AM +00:00, month first */
static bool parse_us(str s, struct instant *out)
{
    struct civil c = {0};
    size_t at = 0;

    if (!take_number(s, &at, 1, 2, &c.month) || !take_char(s, &at, '/') ||
        !take_number(s, &at, 1, 2, &c.day) || !take_char(s, &at, '/') ||
        !take_number(s, &at, 4, 4, &c.year) || !take_char(s, &at, ' ') || !take_clock(s, &at, &c))
        return false;
    skip_blanks(s, &at);
    if (at + 2 <= s.len && (str_eq_nocase(str_part(s, at, at + 2), STR("AM")) ||
                            str_eq_nocase(str_part(s, at, at + 2), STR("PM")))) {
        if (c.hour < 1 || c.hour > 12)
            return false;
        c.hour = c.hour % 12 + (s.ptr[at] == 'P' || s.ptr[at] == 'p' ? 12 : 0);
        at += 2;
    }
    return take_zone(s, &at, &c) && civil_instant(&c, out);
}

/* 23/Nov/2026:00:45:00 +0000 */
static bool parse_ncsa(str s, struct instant *out)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = {0};
    size_t at = 0, month;

    if (!take_number(s, &at, 2, 2, &c.day) || !take_char(s, &at, '/') || at + 3 > s.len)
        return false;
    month = str_find(str_from(months), str_part(s, at, at + 3));
    if (month == SIZE_MAX || month % 3)
        return false;
    c.month = (int)(month / 3) + 1;
    at += 3;
    return take_char(s, &at, '/') && take_number(s, &at, 4, 4, &c.year) && take_char(s, &at, ':') &&
           take_clock(s, &at, &c) && take_zone(s, &at, &c) && civil_instant(&c, out);
}

/* Seconds, milliseconds, microseconds or nanoseconds, told apart by size; seconds may have a
 * fraction. */
static bool parse_number(str s, struct instant *out)
{
    static const struct {
        uint64_t below, per_second;
        uint8_t digits;
    } units[] = {
        {UINT64_C(100000000000), 1, 0},
        {UINT64_C(100000000000000), 1000, 3},
        {UINT64_C(100000000000000000), 1000000, 6},
        {UINT64_MAX, 1000000000, 9},
    };
    size_t dot = str_find_char(s, '.');
    struct civil fraction = {0};
    uint64_t v;

    if (!str_to_u64(str_part(s, 0, dot == SIZE_MAX ? s.len : dot), &v))
        return false;
    if (dot != SIZE_MAX && (!take_fraction(s, &dot, &fraction) || dot != s.len))
        return false;
    *out = (struct instant){0};
    if (v == 0)
        return true;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (v >= units[i].below)
            continue;
        out->sec = (int64_t)(v / units[i].per_second);
        out->nsec = (int32_t)(v % units[i].per_second * (1000000000 / units[i].per_second));
        out->digits = units[i].digits;
        break;
    }
    if (!out->digits) {
        out->nsec = fraction.nsec;
        out->digits = fraction.digits;
    }
    out->is_set = true;
    return out->sec > 0 && out->sec < INT64_C(253402300800);
}

bool instant_parse(str text, struct instant *out)
{
    str s = str_trim(text);

    *out = (struct instant){0};
    return parse_iso(s, out) || parse_number(s, out) || parse_us(s, out) || parse_compact(s, out) ||
           parse_ncsa(s, out);
}

size_t instant_print(struct instant t, char *out)
{
    int year, month, day, n;
    int64_t days = t.sec / 86400, rest = t.sec % 86400;

    if (!t.is_set)
        return 0;
    instant_civil(days, &year, &month, &day);
    n = snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, (int)(rest / 3600),
                 (int)(rest / 60 % 60), (int)(rest % 60));
    if (t.digits) {
        snprintf(out + n, 40 - (size_t)n, ".%09d", (int)t.nsec);
        n += 1 + t.digits;
    }
    out[n++] = 'Z';
    out[n] = '\0';
    return (size_t)n;
}

str instant_text(struct instant t, struct arena *a)
{
    char text[40];
    size_t n = instant_print(t, text);

    return n ? str_copy(a, (str){text, n}) : STR_NONE;
}

int instant_cmp(struct instant a, struct instant b)
{
    if (a.is_set != b.is_set)
        return a.is_set - b.is_set;
    if (a.sec != b.sec)
        return a.sec < b.sec ? -1 : 1;
    return (a.nsec > b.nsec) - (a.nsec < b.nsec);
}

struct instant instant_from_key(int64_t key)
{
    struct instant t = {0};

    if (key <= 0)
        return t;
    t.sec = key >> 30;
    t.nsec = (int32_t)(key & ((INT64_C(1) << 30) - 1));
    if (t.nsec >= 1000000000) /* the low bits of an event key are a hash, not nanoseconds */
        t.nsec = 0;
    t.digits = t.nsec == 0 ? 0 : t.nsec % 1000000 == 0 ? 3 : t.nsec % 1000 == 0 ? 6 : 9;
    t.is_set = true;
    return t;
}
