/*
 * functions: what SQL may call besides SQLite's own: the vocabulary of report/README.md and a few
 * for the views.
 *
 * All are deterministic and harmless, so that views and indexes may use them (the schema is not
 * trusted).
 */
#include <stdio.h>

#include "store/internal.h"

static int64_t seconds_of(sqlite3_value *v)
{
    return sqlite3_value_int64(v) >> 30;
}

static bool any_null(int n, sqlite3_value **v)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            return true;
    return false;
}

static str text_of(sqlite3_value *v)
{
    const char *text = (const char *)sqlite3_value_text(v);

    return (str){text, text ? (size_t)sqlite3_value_bytes(v) : 0};
}

static void give_text(sqlite3_context *ctx, str s)
{
    sqlite3_result_text64(ctx, s.ptr ? s.ptr : "", s.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void give_instant(sqlite3_context *ctx, struct instant t)
{
    char text[48];

    give_text(ctx, (str){text, instant_print(t, text)});
}

/* --- times ------------------------------------------------------------------------------------ */

/* Whole seconds: the lower bits of an event's key are no time. */
static void fn_utc(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (!any_null(n, v) && seconds_of(v[0]) > 0)
        give_instant(ctx, (struct instant){.sec = seconds_of(v[0]), .is_set = true});
}

static void fn_time_text(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    int64_t sub = sqlite3_value_int64(v[1]);

    (void)n;
    if (seconds_of(v[0]) > 0 && sub >= 0)
        give_instant(ctx, (struct instant){seconds_of(v[0]), (int32_t)(sub / 10 % 1000000000),
                                           (uint8_t)(sub % 10), true});
}

static void fn_seconds_between(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (!any_null(n, v))
        sqlite3_result_int64(ctx, seconds_of(v[1]) - seconds_of(v[0]));
}

static void fn_day(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (!any_null(n, v))
        sqlite3_result_int64(ctx, seconds_of(v[0]) / 86400 * 86400 * (INT64_C(1) << 30));
}

static void fn_hour(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (!any_null(n, v))
        sqlite3_result_int64(ctx, seconds_of(v[0]) / 3600 % 24);
}

/* --- names ------------------------------------------------------------------------------------ */

static void fn_glob_nocase(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (!any_null(n, v))
        sqlite3_result_int(ctx, str_glob_nocase(text_of(v[0]), text_of(v[1])));
}

static void fn_in_list(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    const struct store *st = sqlite3_user_data(ctx);

    (void)n;
    sqlite3_result_int(
        ctx, sqlite3_value_type(v[3]) != SQLITE_NULL &&
                 list_match(st->lists, text_of(v[0]), text_of(v[1]), text_of(v[2]), text_of(v[3])));
}

/* First of the aliases that are this name, in lower case; NULL when there is none. */
static const struct alias *alias_find(const struct store *st, str lower)
{
    size_t from = 0, until = st->naliases;

    while (from < until) {
        size_t mid = from + (until - from) / 2;

        if (str_cmp(st->aliases[mid].name, lower) < 0)
            from = mid + 1;
        else
            until = mid;
    }
    return from < st->naliases && str_eq(st->aliases[from].name, lower) ? &st->aliases[from] : NULL;
}

static bool same_person(const struct store *st, str a, str b)
{
    struct arena lower = {0};
    const struct alias *x, *y, *end = st->aliases + st->naliases;
    bool is_same = str_eq_nocase(a, b);

    if (!is_same && st->naliases) {
        x = alias_find(st, str_lower(&lower, a));
        y = alias_find(st, str_lower(&lower, b));
        /* One alias may belong to several people of the roster. */
        for (const struct alias *i = x; x && y && i < end && str_eq(i->name, x->name); i++)
            for (const struct alias *j = y; j < end && str_eq(j->name, y->name); j++)
                is_same |= i->person == j->person;
    }
    arena_free(&lower);
    return is_same;
}

static void fn_same_person(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    if (any_null(n, v))
        sqlite3_result_int(ctx, 0);
    else
        sqlite3_result_int(ctx, same_person(sqlite3_user_data(ctx), text_of(v[0]), text_of(v[1])));
}

/* The account of an ARN (field 5), the domain of an e-mail address, also behind "user:" and the
 * like. */
static void fn_host_of(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    str s = text_of(v[0]), rest = s;
    size_t at = str_find_last(s, '@');

    (void)n;
    if (str_starts(s, STR("arn:"))) {
        for (int field = 0; field < 4; field++)
            (void)str_cut(&rest, ':');
        rest = str_cut(&rest, ':');
        if (!str_empty(rest))
            give_text(ctx, rest);
    } else if (at != SIZE_MAX && at + 1 < s.len) {
        give_text(ctx, str_part(s, at + 1, s.len));
    } else if (str_starts_nocase(s, STR("domain:")) && s.len > 7) {
        give_text(ctx, str_part(s, 7, s.len));
    }
}

static void fn_ticket_of(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    const struct store *st = sqlite3_user_data(ctx);
    struct arena a = {0};
    str key = ticket_find(st->ticket, text_of(v[0]), &a);

    (void)n;
    if (!str_empty(key))
        give_text(ctx, key);
    arena_free(&a);
}

/* --- ids -------------------------------------------------------------------------------------- */

static size_t put_hex(char *out, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return 2 * n;
}

/* 66f0a1b2-1a2b3c4d5e6f, and -9c3d behind it when several contents share the id. */
static void fn_event_id(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    char text[64];
    int at;

    (void)n;
    if (sqlite3_value_bytes(v[1]) != EID_SIZE)
        return;
    at = snprintf(text, sizeof text, "%llx-", (long long)seconds_of(v[0]));
    at += (int)put_hex(text + at, sqlite3_value_blob(v[1]), 6);
    if (sqlite3_value_type(v[2]) != SQLITE_NULL)
        at += snprintf(text + at, sizeof text - (size_t)at, "-%04x",
                       (unsigned)sqlite3_value_int(v[2]) & 0xffff);
    give_text(ctx, (str){text, (size_t)at});
}

static void fn_native_text(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    sqlite3_value *uuid = sqlite3_value_type(v[0]) == SQLITE_NULL ? v[1] : v[0];
    char hex[2 * EID_SIZE], text[37];

    (void)n;
    if (sqlite3_value_type(uuid) == SQLITE_TEXT) {
        if (sqlite3_value_bytes(uuid) > 0)
            sqlite3_result_value(ctx, uuid);
        return;
    }
    if (sqlite3_value_bytes(uuid) != EID_SIZE)
        return;
    put_hex(hex, sqlite3_value_blob(uuid), EID_SIZE);
    snprintf(text, sizeof text, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    give_text(ctx, str_from(text));
}

static void fn_bytes_hex(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    struct arena a = {0};

    if (!any_null(n, v))
        give_text(ctx, hex_of(sqlite3_value_blob(v[0]), (size_t)sqlite3_value_bytes(v[0]), &a));
    arena_free(&a);
}

bool functions_open(struct store *st, struct err *err)
{
    static const struct {
        const char *name;
        int nargs;
        void (*call)(sqlite3_context *ctx, int n, sqlite3_value **v);
    } functions[] = {
        {"utc", 1, fn_utc},
        {"seconds_between", 2, fn_seconds_between},
        {"day", 1, fn_day},
        {"hour", 1, fn_hour},
        {"glob_nocase", 2, fn_glob_nocase},
        {"in_list", 4, fn_in_list},
        {"same_person", 2, fn_same_person},
        {"host_of", 1, fn_host_of},
        {"event_id", 3, fn_event_id},
        {"time_text", 2, fn_time_text},
        {"native_text", 2, fn_native_text},
        {"bytes_hex", 1, fn_bytes_hex},
        {"ticket_of", 1, fn_ticket_of},
    };
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int rc = sqlite3_create_function_v2(st->db, functions[i].name, functions[i].nargs, flags,
                                            st, functions[i].call, NULL, NULL, NULL);

        if (rc != SQLITE_OK)
            return sql_failed(st, rc, err);
    }
    return true;
}
