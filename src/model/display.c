/*
 * display: one way from hostile bytes to text that a page, a cell or a terminal can show.
 */
#include "model/display.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/buf.h"

uint32_t utf8_next(str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *at;
    size_t left = s.len - *at, need;
    uint32_t cp, least;

    if (p[0] < 0x80) {
        (*at)++;
        return p[0];
    }
    need = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    least = need == 4 ? 0x10000 : need == 3 ? 0x800 : 0x80;
    cp = need == 4 ? p[0] & 7u : need == 3 ? p[0] & 15u : p[0] & 31u;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < need)
        goto bad;
    for (size_t i = 1; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            goto bad;
        cp = cp << 6 | (p[i] & 0x3Fu);
    }
    if (cp < least || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        goto bad;
    *at += need;
    return cp;
bad:
    (*at)++; /* one bad byte; the next is read afresh */
    return 0xFFFD;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 63));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 63));
        out[2] = (char)(0x80 | (cp & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 63));
    out[2] = (char)(0x80 | (cp >> 6 & 63));
    out[3] = (char)(0x80 | (cp & 63));
    return 4;
}

/* Invisible, reordering, or taken by our own private use in the PDF. */
static bool is_shown_as_code(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || (cp >= 0x200B && cp <= 0x200F) ||
           cp == 0x2028 || cp == 0x2029 || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF ||
           (cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xF0000;
}

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || (unsigned char)s.ptr[i] >= 0x7F)
            return false;
    return true;
}

static str display(str raw, bool keeps_lines, struct arena *a)
{
    struct buf b = {0};
    str out;

    if (is_plain(raw))
        return raw;
    for (size_t at = 0; at < raw.len;) {
        uint32_t cp = utf8_next(raw, &at);
        char bytes[4];

        if (cp == '\r') {
            if (at < raw.len && raw.ptr[at] == '\n')
                at++;
            cp = '\n';
        }
        if (cp == '\n' && keeps_lines)
            buf_addc(&b, '\n');
        else if (cp == '\n')
            buf_addz(&b, "\\n");
        else if (cp == '\t')
            buf_addc(&b, ' ');
        else if (is_shown_as_code(cp))
            buf_print(&b, "\\u%04X", (unsigned)cp);
        else
            buf_add(&b, (str){bytes, utf8_put(cp, bytes)});
    }
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

str display_text(str raw, struct arena *a)
{
    return display(raw, true, a);
}

str display_line(str raw, struct arena *a)
{
    return display(raw, false, a);
}

/* --- secrets ---------------------------------------------------------------------------------- */

static bool is_token_char(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '_' || c == '-' || c == '/' ||
           c == '+' || c == '.' || c == '=';
}

/* Words that stand before a value that must not be shown: password=..., "secret": "..." */
static const char *const secret_words[] = {
    "password",        "passwd",     "pwd",           "secret",      "token",
    "apikey",          "api_key",    "api-key",       "private_key", "privatekey",
    "access_key",      "accesskey",  "secretkey",     "secret_key",  "client_secret",
    "sharedaccesskey", "accountkey", "authorization", "bearer",      "credential",
};

/* Tokens that show what they are by how they begin. AKIA and ASIA ids are identifiers, not secrets:
 * they are kept. */
static const struct {
    const char *prefix;
    size_t at_least;
} secret_prefixes[] = {
    {"ghp_", 20},         {"gho_", 20},         {"ghu_", 20},    {"ghs_", 20},  {"ghr_", 20},
    {"github_pat_", 20},  {"glpat-", 16},       {"xoxb-", 16},   {"xoxp-", 16}, {"hvs.", 20},
    {"s.", 24},           {"eyJ", 40},          {"sk-", 24},     {"AIza", 30},  {"ya29.", 20},
    {"FwoGZXIvYXdz", 20}, {"IQoJb3JpZ2lu", 20}, {"dop_v1_", 20}, {"npm_", 30},  {"pul-", 30},
    {"SG.", 30},
};

static size_t token_end(str s, size_t from)
{
    while (from < s.len && is_token_char(s.ptr[from]))
        from++;
    return from;
}

/* Length of the secret that begins at `at` because of its own shape; 0 when none does. */
static size_t secret_by_shape(str s, size_t at)
{
    str rest = str_part(s, at, s.len);

    if (str_starts(rest, STR("-----BEGIN ")) &&
        str_contains(str_part(rest, 0, 64), STR("PRIVATE KEY"))) {
        size_t end = str_find(rest, STR("-----END "));

        return end == SIZE_MAX ? rest.len : end + 9;
    }
    if (at > 0 && is_token_char(s.ptr[at - 1]) && !strchr("=/+.", s.ptr[at - 1]))
        return 0;
    for (size_t i = 0; i < sizeof secret_prefixes / sizeof *secret_prefixes; i++) {
        str prefix = str_from(secret_prefixes[i].prefix);

        if (str_starts(rest, prefix) && token_end(s, at) - at >= secret_prefixes[i].at_least)
            return token_end(s, at) - at;
    }
    return 0;
}

/* "password = value": where the value begins, SIZE_MAX when no value follows the word at `at`. */
static size_t secret_by_word(str s, size_t at)
{
    for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++) {
        str word = str_from(secret_words[i]);
        size_t p = at + word.len;
        bool has_sign = false;

        if (!str_starts_nocase(str_part(s, at, s.len), word))
            continue;
        while (p < s.len && (s.ptr[p] == '"' || s.ptr[p] == '\\' || s.ptr[p] == '\''))
            p++;
        while (p < s.len && (s.ptr[p] == ' ' || s.ptr[p] == ':' || s.ptr[p] == '=')) {
            has_sign = has_sign || s.ptr[p] != ' ';
            p++;
        }
        if (str_eq_nocase(word, STR("bearer")) && p > at + word.len)
            has_sign = true;
        if (!has_sign)
            continue;
        while (p < s.len && (s.ptr[p] == '"' || s.ptr[p] == '\\' || s.ptr[p] == '\''))
            p++;
        if (str_starts_nocase(str_part(s, p, s.len), STR("bearer ")))
            p += 7;
        return p;
    }
    return SIZE_MAX;
}

static size_t value_end(str s, size_t from)
{
    while (from < s.len && !strchr("\"' ,;&}\n\\", s.ptr[from]))
        from++;
    return from;
}

str mask_secrets(str text, struct arena *a)
{
    struct buf b = {0};
    size_t kept = 0;
    str out;

    for (size_t at = 0; at < text.len;) {
        size_t n = secret_by_shape(text, at), from = at;

        if (!n) {
            from = secret_by_word(text, at);
            n = from == SIZE_MAX ? 0 : value_end(text, from) - from;
        }
        if (!n) {
            at++;
            continue;
        }
        buf_add(&b, str_part(text, kept, from));
        buf_addz(&b, "***");
        kept = at = from + n;
    }
    if (!kept)
        return text;
    buf_add(&b, str_part(text, kept, text.len));
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

/* --- numbers ---------------------------------------------------------------------------------- */

str count_text(int64_t n, struct arena *a)
{
    char digits[24], out[32];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)(n < 0 ? -n : n));
    size_t at = 0;

    if (n < 0)
        out[at++] = '-';
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    return str_copy(a, (str){out, at});
}

str duration_text(int64_t seconds, struct arena *a)
{
    static const struct {
        int64_t size;
        const char *name;
    } units[] = {
        {86400, "d"},
        {3600, "h"},
        {60, "min"},
        {1, "s"},
    };

    if (seconds < 0)
        return str_print(a, "-%.*s", STR_FMT(duration_text(-seconds, a)));
    for (size_t i = 0; i < 3; i++) {
        int64_t whole = seconds / units[i].size, part = seconds % units[i].size / units[i + 1].size;

        if (!whole)
            continue;
        /* 24 h 53 min is no day: what a zero hides is printed in the unit below it */
        if (i == 0 && !part && seconds % units[1].size / units[2].size)
            return str_print(a, "%lld h %lld min", (long long)(seconds / units[1].size),
                             (long long)(seconds % units[1].size / units[2].size));
        return part ? str_print(a, "%lld %s %lld %s", (long long)whole, units[i].name,
                                (long long)part, units[i + 1].name)
                    : str_print(a, "%lld %s", (long long)whole, units[i].name);
    }
    return str_print(a, "%lld s", (long long)seconds);
}
