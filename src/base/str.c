/*
 * str: searching, comparing and matching on views. All byte-wise; letter case means ASCII letters.
 */
#include "base/str.h"

#include "base/ascii.h"

static unsigned char fold(char c)
{
    return (unsigned char)ascii_lower(c);
}

int str_cmp(str a, str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int d = n ? memcmp(a.ptr, b.ptr, n) : 0;

    return d ? d : (a.len > b.len) - (a.len < b.len);
}

bool str_eq_nocase(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (fold(a.ptr[i]) != fold(b.ptr[i]))
            return false;
    return true;
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_eq(str_part(s, 0, prefix.len), prefix);
}

bool str_starts_nocase(str s, str prefix)
{
    return s.len >= prefix.len && str_eq_nocase(str_part(s, 0, prefix.len), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_eq(str_part(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(str s, str needle)
{
    if (!needle.len)
        return 0;
    for (size_t i = 0; i + needle.len <= s.len; i++) {
        const char *p = memchr(s.ptr + i, needle.ptr[0], s.len - needle.len - i + 1);

        if (!p)
            break;
        i = (size_t)(p - s.ptr);
        if (memcmp(p, needle.ptr, needle.len) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t str_find_nocase(str s, str needle)
{
    for (size_t i = 0; i + needle.len <= s.len; i++)
        if (str_eq_nocase(str_part(s, i, i + needle.len), needle))
            return i;
    return SIZE_MAX;
}

size_t str_find_char(str s, char c)
{
    const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

    return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

size_t str_find_last(str s, char c)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == c)
            return i - 1;
    return SIZE_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    size_t from = 0, to = s.len;

    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_part(s, from, to);
}

str str_cut(str *rest, char sep)
{
    str all = *rest;
    size_t at = str_find_char(all, sep);

    if (at == SIZE_MAX) {
        *rest = STR_NONE;
        return all;
    }
    *rest = str_part(all, at + 1, all.len);
    return str_part(all, 0, at);
}

bool str_to_u64(str s, uint64_t *out)
{
    uint64_t v = 0;

    if (!s.len)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = (unsigned)(s.ptr[i] - '0');

        if (d > 9 || v > (UINT64_MAX - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *out = v;
    return true;
}

bool str_to_i64(str s, int64_t *out)
{
    bool is_minus = s.len && s.ptr[0] == '-';
    uint64_t v;

    if (!str_to_u64(str_part(s, is_minus, s.len), &v) || v > (uint64_t)INT64_MAX)
        return false;
    *out = is_minus ? -(int64_t)v : (int64_t)v;
    return true;
}

/* One star remembered is enough: a later star makes an earlier one's choice final. */
static bool glob(str p, str s, bool is_nocase)
{
    size_t pi = 0, si = 0, star = SIZE_MAX, star_si = 0;

    while (si < s.len) {
        if (pi < p.len && p.ptr[pi] == '*') {
            star = pi++;
            star_si = si;
        } else if (pi < p.len && (p.ptr[pi] == '?' || p.ptr[pi] == s.ptr[si] ||
                                  (is_nocase && fold(p.ptr[pi]) == fold(s.ptr[si])))) {
            pi++;
            si++;
        } else if (star != SIZE_MAX) {
            pi = star + 1;
            si = ++star_si;
        } else {
            return false;
        }
    }
    while (pi < p.len && p.ptr[pi] == '*')
        pi++;
    return pi == p.len;
}

bool str_glob(str pattern, str s)
{
    return glob(pattern, s, false);
}

bool str_glob_nocase(str pattern, str s)
{
    return glob(pattern, s, true);
}

/* Levenshtein distance in one row. Words of 64 bytes and more are nobody's typing error. */
const char *str_nearest(str word, const char *const *known, size_t count)
{
    const char *best = NULL;
    size_t best_cost = word.len < 4 ? 2 : 4;

    for (size_t i = 0; i < count; i++) {
        size_t m = strlen(known[i]), row[64];

        if (m >= 64 || word.len >= 64)
            continue;
        for (size_t j = 0; j <= m; j++)
            row[j] = j;
        for (size_t x = 1; x <= word.len; x++) {
            size_t diagonal = row[0];

            row[0] = x;
            for (size_t j = 1; j <= m; j++) {
                size_t change = diagonal + (word.ptr[x - 1] != known[i][j - 1]);

                diagonal = row[j];
                row[j] = row[j] + 1 < change ? row[j] + 1 : change;
                if (row[j - 1] + 1 < row[j])
                    row[j] = row[j - 1] + 1;
            }
        }
        if (row[m] < best_cost) {
            best_cost = row[m];
            best = known[i];
        }
    }
    return best;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    a ^= b;
    a *= UINT64_C(0x9E3779B97F4A7C15);
    return a ^ (a >> 32);
}

uint64_t str_hash(str s)
{
    uint64_t h = s.len * UINT64_C(0xA0761D6478BD642F);
    size_t i = 0;

    for (; i + 8 <= s.len; i += 8) {
        uint64_t w;

        memcpy(&w, s.ptr + i, 8);
        h = mix(h, w);
    }
    if (i < s.len) {
        uint64_t w = 0;

        memcpy(&w, s.ptr + i, s.len - i);
        h = mix(h, w);
    }
    h = mix(h, UINT64_C(0xE7037ED1A0B428DB));
    return h;
}
