/*
 * cutter_scan: the block scanner under the cutter.
 *
 * A block of 64 bytes becomes bit masks: quotes, backslashes, brackets, and bytes that may follow a
 * string. A running exclusive-or over the quotes tells which bytes are inside strings; the brackets
 * that are left are few and are taken one by one. Without SSE2 a table makes the same masks.
 */
#include "sources/cutter_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };

struct masks {
    uint64_t quote, backslash, open, close, after_string;
};

#if defined(__SSE2__)

static inline uint64_t bits(__m128i v)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(v);
}

static inline struct masks classify(const char *p)
{
    struct masks m = {0};

    for (int i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        /* '[' and '{', ']' and '}' differ in one bit only. */
        __m128i folded = _mm_or_si128(v, _mm_set1_epi8(0x20));
        __m128i close = _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'));
        __m128i after = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(',')),
                         _mm_cmpeq_epi8(v, _mm_set1_epi8(':'))),
            _mm_or_si128(close, _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v)));

        m.quote |= bits(_mm_cmpeq_epi8(v, _mm_set1_epi8('"'))) << i;
        m.backslash |= bits(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))) << i;
        m.open |= bits(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{'))) << i;
        m.close |= bits(close) << i;
        m.after_string |= bits(after) << i;
    }
    return m;
}

#else

enum { IS_QUOTE = 1, IS_BACKSLASH = 2, IS_OPEN = 4, IS_CLOSE = 8, IS_AFTER = 16 };

static inline unsigned class_of(unsigned char c)
{
    switch (c) {
    case '"':
        return IS_QUOTE;
    case '\\':
        return IS_BACKSLASH;
    case '{':
    case '[':
        return IS_OPEN;
    case '}':
    case ']':
        return IS_CLOSE | IS_AFTER;
    case ',':
    case ':':
        return IS_AFTER;
    default:
        return c <= ' ' ? IS_AFTER : 0;
    }
}

static inline struct masks classify(const char *p)
{
    struct masks m = {0};

    for (unsigned i = 0; i < BLOCK; i++) {
        uint64_t c = class_of((unsigned char)p[i]);

        m.quote |= (c & IS_QUOTE) << i;
        m.backslash |= (c >> 1 & 1) << i;
        m.open |= (c >> 2 & 1) << i;
        m.close |= (c >> 3 & 1) << i;
        m.after_string |= (c >> 4 & 1) << i;
    }
    return m;
}

#endif

void scan_begin(struct scan *s, bool is_watched)
{
    s->done = 0;
    s->string_at = 0;
    s->why = NULL;
    s->depth = 0;
    s->is_watched = is_watched;
    s->in_string = s->is_escaped = s->after_string = false;
}

void scan_begin_inside(struct scan *s)
{
    scan_begin(s, true);
    s->depth = 1;
    s->is_array[0] = 0;
}

static inline void push(struct scan *s, bool is_array)
{
    uint64_t bit = UINT64_C(1) << (s->depth % 64), *word = &s->is_array[s->depth / 64];

    *word = is_array ? *word | bit : *word & ~bit;
    s->depth++;
}

static inline bool innermost_is_array(const struct scan *s)
{
    uint32_t at = s->depth - 1;

    return s->is_array[at / 64] >> (at % 64) & 1;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* What opens inside an object follows a colon, what opens inside an array a comma or the array's
 * bracket. */
static inline bool is_announced(const struct scan *s, const char *value, size_t at)
{
    while (at > 0 && is_space(value[at - 1]))
        at--;
    if (at == 0)
        return true;
    return innermost_is_array(s) ? value[at - 1] == ',' || value[at - 1] == '['
                                 : value[at - 1] == ':';
}

static enum scan_result broken(struct scan *s, size_t at, const char *why)
{
    s->done = at;
    s->why = why;
    return SCAN_BROKEN;
}

/* Which bytes are escaped: each odd backslash of a run escapes the byte behind it. */
static inline uint64_t escaped_bytes(struct scan *s, uint64_t backslash)
{
    uint64_t escaped = s->is_escaped;

    s->is_escaped = false;
    backslash &= ~escaped;
    while (backslash) {
        int i = __builtin_ctzll(backslash);

        if (i == BLOCK - 1) {
            s->is_escaped = true;
            break;
        }
        escaped |= UINT64_C(2) << i;
        backslash &= ~(UINT64_C(3) << i);
    }
    return escaped;
}

/* Each bit becomes the exclusive-or of itself and all below. */
static inline uint64_t running_xor(uint64_t v)
{
    v ^= v << 1;
    v ^= v << 2;
    v ^= v << 4;
    v ^= v << 8;
    v ^= v << 16;
    return v ^ v << 32;
}

/* The bits below the lowest one that is set. */
static inline uint64_t below(uint64_t v)
{
    return (v & -v) - 1;
}

static inline void note_string(struct scan *s, size_t start, uint64_t opening)
{
    if (opening)
        s->string_at = start + (size_t)(63 - __builtin_clzll(opening));
}

/* One bracket outside of strings. SCAN_MORE: go on. */
static inline enum scan_result take_bracket(struct scan *s, const char *value, size_t at)
{
    char c = value[at];

    if (c == '{' || c == '[') {
        if (s->depth && !is_announced(s, value, at))
            return broken(s, at, "a bracket opens where nothing may begin");
        if (s->depth == SCAN_DEPTH_MAX)
            return broken(s, at, "nested deeper than 512");
        push(s, c == '[');
        if (s->depth == 2 && s->is_watched) {
            s->done = at + 1;
            s->in_string = s->is_escaped = s->after_string = false;
            return c == '[' ? SCAN_ARRAY : SCAN_OBJECT;
        }
        return SCAN_MORE;
    }
    if (innermost_is_array(s) != (c == ']'))
        return broken(s, at, "a closing bracket does not fit the one that is open");
    s->depth--;
    if (s->depth)
        return SCAN_MORE;
    s->done = at + 1;
    return SCAN_END;
}

/* The first n bytes of a block; blanks behind them. */
static inline enum scan_result scan_block(struct scan *s, const char *value, const char *block,
                                          size_t n)
{
    struct masks m = classify(block);
    uint64_t escaped = 0, quote, inside, opening, closing, misplaced, brackets;
    size_t start = s->done;

    if (m.backslash | s->is_escaped)
        escaped = escaped_bytes(s, m.backslash);
    quote = m.quote & ~escaped;
    inside = running_xor(quote) ^ (s->in_string ? UINT64_MAX : 0);
    opening = quote & inside;
    closing = quote & ~inside;
    misplaced = (closing << 1 | s->after_string) & ~m.after_string;
    brackets = (m.open | m.close) & ~inside;
    if (misplaced)
        brackets &= below(misplaced);
    while (brackets) {
        enum scan_result r = take_bracket(s, value, start + (size_t)__builtin_ctzll(brackets));

        if (r != SCAN_MORE) {
            note_string(s, start, opening & below(brackets));
            return r;
        }
        brackets &= brackets - 1;
    }
    if (misplaced) {
        note_string(s, start, opening & below(misplaced));
        return broken(s, start + (size_t)__builtin_ctzll(misplaced),
                      "malformed JSON: no comma, colon or bracket behind a string");
    }
    note_string(s, start, opening);
    s->in_string = inside >> (n - 1) & 1;
    s->after_string = closing >> (n - 1) & 1;
    if (n < BLOCK)
        s->is_escaped = escaped >> n & 1;
    s->done += n;
    return SCAN_MORE;
}

enum scan_result scan_value(struct scan *s, const char *value, size_t len)
{
    char padded[BLOCK];
    enum scan_result r = SCAN_MORE;
    size_t n;

    while (r == SCAN_MORE && len - s->done >= BLOCK)
        r = scan_block(s, value, value + s->done, BLOCK);
    n = len - s->done;
    if (r != SCAN_MORE || n == 0)
        return r;
    memset(padded, ' ', sizeof padded);
    memcpy(padded, value + s->done, n);
    return scan_block(s, value, padded, n);
}

str scan_key_before(const char *text, size_t at)
{
    size_t end, from;

    while (at > 0 && is_space(text[at - 1]))
        at--;
    if (at == 0 || text[--at] != ':')
        return STR_NONE;
    while (at > 0 && is_space(text[at - 1]))
        at--;
    if (at == 0 || text[--at] != '"')
        return STR_NONE;
    end = from = at;
    while (from > 0 && text[from - 1] != '"')
        from--;
    return from > 0 ? (str){text + from, end - from} : STR_NONE;
}

size_t scan_count_lines(str text, size_t *last)
{
    size_t count = 0, i = 0;

    *last = SIZE_MAX;
#if defined(__SSE2__)
    for (; i + 16 <= text.len; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text.ptr + i));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));

        if (found) {
            count += (size_t)__builtin_popcount(found);
            *last = i + (size_t)(31 - __builtin_clz(found));
        }
    }
#endif
    for (; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            count++;
            *last = i;
        }
    }
    return count;
}
