/*
 * period: what a user calls a month, a quarter or "from … to", as half-open UTC seconds.
 */
#include "model/period.h"

#include <stdio.h>

#include "base/instant.h"

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

struct day {
    int year, month, day;
};

static struct day day_of(const struct zone *z, int64_t utc)
{
    int64_t local = utc + zone_offset(z, utc);
    struct day d;

    instant_civil(local >= 0 ? local / 86400 : (local - 86399) / 86400, &d.year, &d.month, &d.day);
    return d;
}

static int64_t start_of(const struct zone *z, struct day d)
{
    int64_t days = instant_days(d.year, d.month, d.day); /* carries month 13 and day 32 over */

    instant_civil(days, &d.year, &d.month, &d.day);
    return zone_instant(z, d.year, d.month, d.day, 0, 0, 0);
}

static struct day next_month(struct day d, int months)
{
    int m = d.year * 12 + d.month - 1 + months;

    return (struct day){m / 12, m % 12 + 1, 1};
}

static void set_months(struct arena *a, const struct zone *z, struct day from, int months,
                       struct period *out)
{
    from.day = 1;
    out->zone = z;
    out->from = start_of(z, from);
    out->until = start_of(z, next_month(from, months));
    if (months == 12) {
        out->label = str_print(a, "%04d", from.year);
        out->title = out->label;
    } else if (months == 3) {
        out->label = str_print(a, "%04d-Q%d", from.year, (from.month + 2) / 3);
        out->title = str_print(a, "Quarter %d of %d", (from.month + 2) / 3, from.year);
    } else {
        out->label = str_print(a, "%04d-%02d", from.year, from.month);
        out->title = str_print(a, "%s %d", month_names[from.month - 1], from.year);
    }
}

static str day_title(struct arena *a, struct day d, bool has_year)
{
    return has_year ? str_print(a, "%d %s %d", d.day, month_names[d.month - 1], d.year)
                    : str_print(a, "%d %s", d.day, month_names[d.month - 1]);
}

/* first and last day, both inclusive */
static void set_days(struct arena *a, const struct zone *z, struct day first, struct day last,
                     struct period *out)
{
    struct day after = last;

    after.day++;
    out->zone = z;
    out->from = start_of(z, first);
    out->until = start_of(z, after);
    if (first.year == last.year && first.month == last.month && first.day == last.day) {
        out->label = str_print(a, "%04d-%02d-%02d", first.year, first.month, first.day);
        out->title = day_title(a, first, true);
        return;
    }
    out->label = str_print(a, "%04d-%02d-%02d..%04d-%02d-%02d", first.year, first.month, first.day,
                           last.year, last.month, last.day);
    out->title = str_print(a, "%.*s to %.*s", STR_FMT(day_title(a, first, first.year != last.year)),
                           STR_FMT(day_title(a, last, true)));
}

static bool parse_day(str s, struct day *d)
{
    uint64_t y, m, n;
    static const int days_of[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || !str_to_u64(str_part(s, 0, 4), &y) ||
        !str_to_u64(str_part(s, 5, 7), &m) || !str_to_u64(str_part(s, 8, 10), &n))
        return false;
    *d = (struct day){(int)y, (int)m, (int)n};
    return y >= 1970 && m >= 1 && m <= 12 && n >= 1 && (int)n <= days_of[m - 1] &&
           (m != 2 || n != 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)));
}

static bool bad(struct err *err, str text)
{
    err_set(err, ERR_USAGE, "cannot read period '%.*s'", STR_FMT(text));
    return err_hint(
        err,
        "Use 2026-10, 2026-Q3, 2026, 2026-10-05, 2026-03-03..2026-04-17, last-month, last-quarter, "
        "this-month or T-30d.");
}

static bool parse_relative(struct arena *a, str s, const struct zone *z, int64_t now,
                           struct period *out, bool *is_mine)
{
    struct day today = day_of(z, now), first = today;
    struct day quarter = {today.year, (today.month - 1) / 3 * 3 + 1, 1};
    uint64_t days;

    *is_mine = true;
    first.day = 1;
    if (str_eq(s, STR("this-month"))) {
        set_months(a, z, first, 1, out);
    } else if (str_eq(s, STR("last-month"))) {
        set_months(a, z, next_month(first, -1), 1, out);
    } else if (str_eq(s, STR("this-quarter"))) {
        set_months(a, z, quarter, 3, out);
    } else if (str_eq(s, STR("last-quarter"))) {
        set_months(a, z, next_month(quarter, -3), 3, out);
    } else if (str_eq(s, STR("last-year"))) {
        set_months(a, z, (struct day){today.year - 1, 1, 1}, 12, out);
    } else if (str_starts(s, STR("T-")) && str_ends(s, STR("d")) &&
               str_to_u64(str_part(s, 2, s.len - 1), &days) && days > 0 && days < 4000) {
        struct day from = today, last = today;

        from.day -= (int)days;
        last.day -= 1;
        instant_civil(instant_days(from.year, from.month, from.day), &from.year, &from.month,
                      &from.day);
        instant_civil(instant_days(last.year, last.month, last.day), &last.year, &last.month,
                      &last.day);
        set_days(a, z, from, last, out);
    } else {
        *is_mine = false;
    }
    return *is_mine;
}

bool period_parse(struct arena *a, str text, const struct zone *z, int64_t now, struct period *out,
                  struct err *err)
{
    str s = str_trim(text);
    size_t dots = str_find(s, STR(".."));
    uint64_t year, n;
    struct day d;
    bool is_relative;

    *out = (struct period){0};
    if (dots != SIZE_MAX)
        return period_between(a, str_part(s, 0, dots), str_part(s, dots + 2, s.len), z, out, err);
    if (str_ends(s, STR("m")) && str_starts(s, STR("T-"))) {
        err_set(err, ERR_USAGE, "'%.*s' could mean months or minutes", STR_FMT(s));
        return err_hint(err, "Write days, as in T-30d, or a month, as in 2026-10.");
    }
    if (parse_relative(a, s, z, now, out, &is_relative))
        return true;
    if (parse_day(s, &d)) {
        set_days(a, z, d, d, out);
        return true;
    }
    if (s.len < 4 || !str_to_u64(str_part(s, 0, 4), &year) || year < 1970 || year > 9998)
        return bad(err, text);
    if (s.len == 4) {
        set_months(a, z, (struct day){(int)year, 1, 1}, 12, out);
    } else if (s.len == 7 && s.ptr[4] == '-' && s.ptr[5] == 'Q' && s.ptr[6] >= '1' &&
               s.ptr[6] <= '4') {
        set_months(a, z, (struct day){(int)year, (s.ptr[6] - '1') * 3 + 1, 1}, 3, out);
    } else if (s.len == 7 && s.ptr[4] == '-' && str_to_u64(str_part(s, 5, 7), &n) && n >= 1 &&
               n <= 12) {
        set_months(a, z, (struct day){(int)year, (int)n, 1}, 1, out);
    } else {
        return bad(err, text);
    }
    return true;
}

/* One end of --from/--to: a date in the zone, or an instant with its own zone. */
static bool parse_end(str text, const struct zone *z, bool is_until, int64_t *sec, struct day *day,
                      bool *is_day, struct err *err)
{
    str s = str_trim(text);
    struct instant t;

    *is_day = parse_day(s, day);
    if (*is_day) {
        struct day d = *day;

        d.day += is_until;
        *sec = start_of(z, d);
        return true;
    }
    if (s.len > 10 && instant_parse(s, &t) && t.is_set) {
        if (t.nsec)
            return err_set(err, ERR_USAGE, "'%.*s' has a fraction: periods are whole seconds",
                           STR_FMT(s));
        *sec = t.sec;
        *day = day_of(z, t.sec);
        return true;
    }
    err_set(err, ERR_USAGE, "cannot read date '%.*s'", STR_FMT(text));
    return err_hint(err, "Use 2026-03-03 (an end date is included) or 2026-03-03T08:00:00Z.");
}

bool period_between(struct arena *a, str from, str to, const struct zone *z, struct period *out,
                    struct err *err)
{
    struct day first, last;
    bool is_first_day, is_last_day;
    int64_t start, end;

    *out = (struct period){0};
    if (!parse_end(from, z, false, &start, &first, &is_first_day, err) ||
        !parse_end(to, z, true, &end, &last, &is_last_day, err))
        return false;
    if (start >= end)
        return err_set(err, ERR_USAGE, "the period from '%.*s' to '%.*s' is empty", STR_FMT(from),
                       STR_FMT(to));
    set_days(a, z, first, last, out);
    out->from = start;
    out->until = end;
    if (!is_first_day || !is_last_day) {
        struct instant i = {start, 0, 0, true}, j = {end, 0, 0, true};
        str label =
            str_print(a, "%.*s..%.*s", STR_FMT(instant_text(i, a)), STR_FMT(instant_text(j, a)));
        char *plain = str_z(a, label);
        size_t n = 0;

        out->title =
            str_print(a, "%.*s to %.*s", STR_FMT(instant_text(i, a)), STR_FMT(instant_text(j, a)));
        for (char *p = plain; *p; p++) /* colons are trouble in file names */
            if (*p != ':')
                plain[n++] = *p;
        out->label = (str){plain, n};
    }
    return true;
}

struct period period_previous(struct arena *a, const struct period *p)
{
    struct day first = day_of(p->zone, p->from), after = day_of(p->zone, p->until);
    int months = (after.year - first.year) * 12 + after.month - first.month;
    struct period before = {0};

    if (first.day == 1 && after.day == 1 && start_of(p->zone, first) == p->from &&
        start_of(p->zone, after) == p->until && (months == 1 || months == 3 || months == 12)) {
        set_months(a, p->zone, next_month(first, -months), months, &before);
        return before;
    }
    before.zone = p->zone;
    before.until = p->from;
    before.from = p->from - (p->until - p->from);
    if (start_of(p->zone, first) == p->from && start_of(p->zone, after) == p->until) {
        int64_t days = instant_days(after.year, after.month, after.day) -
                       instant_days(first.year, first.month, first.day);
        struct day from = first, last = first;

        from.day -= (int)days;
        last.day -= 1;
        instant_civil(instant_days(from.year, from.month, from.day), &from.year, &from.month,
                      &from.day);
        instant_civil(instant_days(last.year, last.month, last.day), &last.year, &last.month,
                      &last.day);
        set_days(a, p->zone, from, last, &before);
        return before;
    }
    before.label = str_print(a, "before-%.*s", STR_FMT(p->label));
    before.title = str_print(a, "the same length before %.*s", STR_FMT(p->title));
    return before;
}

static str local_text(const struct zone *z, int64_t sec, struct arena *a)
{
    int32_t offset = zone_offset(z, sec), minutes = (offset < 0 ? -offset : offset) / 60;
    struct instant t = {sec + offset, 0, 0, true};
    str text = instant_text(t, a);

    if (!offset)
        return text;
    return str_print(a, "%.*s%c%02d:%02d", STR_FMT(str_part(text, 0, text.len - 1)),
                     offset < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

str period_text(const struct period *p, struct arena *a)
{
    return str_print(a, "%.*s to %.*s (%.*s, end not included)",
                     STR_FMT(local_text(p->zone, p->from, a)),
                     STR_FMT(local_text(p->zone, p->until, a)), STR_FMT(zone_name(p->zone)));
}
