/*
 * cutter: cuts a stream of JSON into records before anything is parsed.
 *
 * One rule covers every container (formats-cloud 1.2): a sequence of JSON values with or without
 * white space between; an array gives its elements, an object with a known key gives the elements
 * of the array under it, any other object is a record. What cannot be cut is reported, and cutting
 * goes on at the next place where a record can begin; nothing is passed over without being given to
 * the caller.
 *
 * A table gives its rows (csv.h); it shares the counting of lines and records, nothing else.
 *
 * The work is a small state machine over a window that the caller refills. Between two calls the
 * window may move; all that is kept is relative to the byte at *at.
 */
#include "sources/input.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fields.h"
#include "sources/csv.h"
#include "sources/cutter_commit.h"
#include "sources/cutter_resync.h"
#include "sources/cutter_scan.h"
#include "sources/cutter_wrapper.h"

enum {
    MOST_ARRAYS = 16, /* arrays of arrays that are opened; deeper ones are records */
    MOST_EMPTY_WRAPPER_MEMBERS = 6,
    LOG_REACH = 1 << 20,    /* how long a message of several lines may be */
    TEXT_PIECE = 1 << 16,   /* a line without end is given in pieces */
    LOOK_BACK = 256,        /* kept where a value flows by: enough for a key and its white space */
    HEADER_REACH = 1 << 16, /* of a table: looked for in this many bytes */
    RESYNC_REACH = 1 << 20, /* how far to look for a like record before any will do */
};

enum step { BETWEEN, IN_VALUE, AT_LIST, IN_SCALAR, IN_TAIL, BROKEN, SKIPPING, DROPPING };
/* In an array: after its bracket, after an element, after a comma; after something broken, no
 * complaints. */
enum expect { FIRST, COMMA, ELEMENT, ANYTHING };
enum { TOLD_COMMA = 1, TOLD_NO_COMMA = 2, TOLD_BRACKET = 4 };

struct cutter {
    enum cutter_shape shape;
    size_t max_bytes;
    enum step step;
    struct scan scan;
    /* where we are */
    unsigned narrays;         /* open arrays that are no wrapper's */
    bool in_wrapper, in_list; /* inside a wrapper object; inside its array */
    bool is_single;           /* the value is a wrapper's lone object, not an element */
    enum expect expect;
    const char *wrapper;
    struct buf outer;
    /* what the object being looked at has shown */
    bool has_empty_list, has_data;
    size_t data_at;
    /* the broken value */
    const char *why;
    size_t break_at, plain_from;
    char first_key[256];
    /* counting */
    uint64_t number, line, line_start;
    unsigned told;
    bool is_stamped;   /* the value stands in a line of CloudWatch Logs */
    bool is_cut_short; /* the stream ended inside a value */
    /* of a table */
    str header, names;
    size_t ncolumns;
    char separator; /* 0: the header is still to come */
    struct arena arena;
    const struct field_set *nothing; /* for validating only */
};

/* One call's view of the stream. */
struct view {
    str window;
    uint64_t base;
    size_t *at;
    bool is_last;
    struct cut *out;
};

enum result { GO_ON, GIVE, WAIT };

struct cutter *cutter_new(enum cutter_shape shape, size_t max_record_bytes)
{
    struct cutter *c = xmalloc(sizeof *c);

    *c = (struct cutter){.shape = shape, .max_bytes = max_record_bytes, .line = 1};
    c->nothing = field_set_new(&c->arena, NULL, 0);
    return c;
}

void cutter_free(struct cutter *c)
{
    if (!c)
        return;
    buf_free(&c->outer);
    arena_free(&c->arena);
    free(c);
}

/* --- small steps ----------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t skip_space(str text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at]))
        at++;
    return at;
}

static str rest_of(const struct view *v)
{
    return str_part(v->window, *v->at, v->window.len);
}

static void move_to(struct cutter *c, const struct view *v, size_t to)
{
    size_t last, n = scan_count_lines(str_part(v->window, *v->at, to), &last);

    if (n) {
        c->line += n;
        c->line_start = v->base + *v->at + last + 1;
    }
    *v->at = to;
}

/* Fills the cut for bytes from..to of the window; they may begin behind *at. */
static enum result give(struct cutter *c, const struct view *v, enum cut_kind kind, size_t from,
                        size_t to)
{
    size_t last;

    *v->out = (struct cut){
        .kind = kind,
        .bytes = str_part(v->window, from, to),
        .offset = v->base + from,
        .line = c->line + scan_count_lines(str_part(v->window, *v->at, from), &last),
        .number = c->number,
        .reason = kind == CUT_BROKEN || kind == CUT_STRAY ? c->why : NULL,
    };
    if (kind == CUT_RECORD || kind == CUT_BROKEN || kind == CUT_LOG)
        c->number++;
    if (c->is_stamped)
        v->out->wrapper = STR("stamped line");
    c->is_stamped = false;
    if (c->in_wrapper) {
        v->out->wrapper = str_from(c->wrapper);
        v->out->outer = buf_str(&c->outer);
    }
    return GIVE;
}

/* A comma or bracket too many or too few: told once for each sort. */
static enum result stray(struct cutter *c, const struct view *v, unsigned sort, const char *why,
                         size_t len)
{
    enum result r = GO_ON;

    if (!(c->told & sort)) {
        c->told |= sort;
        c->why = why;
        r = give(c, v, CUT_STRAY, *v->at, *v->at + len);
    }
    move_to(c, v, *v->at + len);
    return r;
}

/* Where a run of bytes that is no JSON ends: at one of `stops`, or in a piece when it is long.
 * SIZE_MAX: not here yet. */
static size_t run_end(const struct view *v, const char *stops)
{
    str rest = rest_of(v);

    for (size_t i = 0; i < rest.len; i++)
        if (strchr(stops, rest.ptr[i]) && rest.ptr[i])
            return *v->at + i;
    if (rest.len >= TEXT_PIECE || v->is_last)
        return v->window.len;
    return SIZE_MAX;
}

static void begin_value(struct cutter *c, bool is_watched)
{
    scan_begin(&c->scan, is_watched);
    c->has_empty_list = c->has_data = false;
    c->step = IN_VALUE;
}

static void begin_list(struct cutter *c, const char *key)
{
    c->wrapper = key;
    c->in_wrapper = c->in_list = true;
    c->expect = FIRST;
    c->step = BETWEEN;
}

static void broken_at(struct cutter *c, const char *why, size_t at, size_t plain_from)
{
    c->why = why;
    c->break_at = at;
    c->plain_from = plain_from;
    c->step = BROKEN;
}

static void end_value(struct cutter *c)
{
    c->step = BETWEEN;
    c->expect = COMMA;
    if (c->is_single) {
        c->is_single = false;
        c->step = IN_TAIL;
        scan_begin_inside(&c->scan);
    }
}

/* --- between values -------------------------------------------------------------------- */

/* The lines behind a stamped one belong to its message, even when they look like records: who may
 * write to a log could make up events otherwise. */
static enum result log_line(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);
    size_t from = *v->at, end = resync_message_end(rest), kept;

    if (end == SIZE_MAX) {
        if (!v->is_last && rest.len < LOG_REACH)
            return WAIT;
        end = v->is_last ? rest.len : str_find_char(rest, '\n');
        end = end == SIZE_MAX ? rest.len : end;
    }
    for (kept = from + end; kept > from && is_space(v->window.ptr[kept - 1]);)
        kept--;
    give(c, v, CUT_LOG, from, kept);
    move_to(c, v, from + end);
    return GIVE;
}

static enum result text_line(struct cutter *c, const struct view *v)
{
    size_t prefix = resync_line_prefix(rest_of(v)), from = *v->at, to, end;

    to = run_end(v, "\n");
    if (to == SIZE_MAX)
        return WAIT;
    if (prefix) {
        c->is_stamped = resync_is_stamped(rest_of(v));
        move_to(c, v, from + prefix);
        return GO_ON;
    }
    if (resync_is_stamped(rest_of(v)))
        return log_line(c, v);
    for (end = to; end > from && is_space(v->window.ptr[end - 1]);)
        end--;
    give(c, v, CUT_TEXT, from, end);
    move_to(c, v, to);
    return GIVE;
}

/* A scalar followed by what may follow it in an array: "[2020-01-01 12:00] started" is not one.
 * GO_ON: it is. */
static enum result scalar_fits(const struct view *v, size_t from)
{
    size_t end = from, next;
    str scalar;

    while (end < v->window.len && !is_space(v->window.ptr[end]) && v->window.ptr[end] != ',' &&
           v->window.ptr[end] != ']')
        end++;
    next = skip_space(v->window, end);
    if (next == v->window.len && !v->is_last && next - from < TEXT_PIECE)
        return WAIT;
    if (next < v->window.len && v->window.ptr[next] != ',' && v->window.ptr[next] != ']')
        return GIVE;
    scalar = str_part(v->window, from, end);
    for (size_t i = 0; i < scalar.len; i++)
        if (!strchr("0123456789+-.eE", scalar.ptr[i]) || (i > 0 && scalar.ptr[i] == '-'))
            return str_eq(scalar, STR("true")) || str_eq(scalar, STR("false")) ||
                           str_eq(scalar, STR("null"))
                       ? GO_ON
                       : GIVE;
    return GO_ON;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Is the bracket at *at the beginning of JSON, or of text like "[command]/usr/bin/terraform"? */
static enum result bracket_at_top(struct cutter *c, const struct view *v, bool is_array)
{
    size_t next = skip_space(v->window, *v->at + 1);
    bool is_line_start = v->base + *v->at == c->line_start, is_json = false;
    enum result fits = GIVE;
    char n;

    if (next == v->window.len && !v->is_last)
        return WAIT;
    n = next < v->window.len ? v->window.ptr[next] : is_array ? ']' : '}';
    if (!is_array)
        is_json =
            n == '"' || n == '}' || (is_line_start && (is_letter(n) || n == '\'' || n == '_'));
    else if (n == '{' || n == '[' || n == ']' || n == '"')
        is_json = true;
    else
        fits = n && strchr("-0123456789tfn", n) ? scalar_fits(v, next) : GIVE;
    if (fits == WAIT)
        return WAIT;
    if (!is_json && fits == GIVE)
        return text_line(c, v);
    if (is_array) {
        c->narrays = 1;
        c->expect = FIRST;
        move_to(c, v, *v->at + 1);
    } else {
        begin_value(c, true);
    }
    return GO_ON;
}

static enum result at_top(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);

    if (c->number == 0 && strchr(",]}", rest.ptr[0]) && rest.ptr[0])
        return text_line(c, v); /* as in the human-readable output of many tools */
    switch (rest.ptr[0]) {
    case '{':
    case '[':
        return bracket_at_top(c, v, rest.ptr[0] == '[');
    case ',':
        return stray(c, v, TOLD_COMMA, "a comma between records that are in no array", 1);
    case '}':
    case ']':
        return stray(c, v, TOLD_BRACKET, "a closing bracket that closes nothing", 1);
    case '\x02': /* frames of HCP Terraform logs */
    case '\x03':
    case '\x1e': /* RFC 7464 */
        move_to(c, v, *v->at + 1);
        return GO_ON;
    case '\xEF':
        if (rest.len < 3 && !v->is_last)
            return WAIT;
        if (str_starts(rest, STR("\xEF\xBB\xBF"))) {
            move_to(c, v, *v->at + 3);
            c->line_start += c->line_start == v->base + *v->at - 3 ? 3 : 0;
            return GO_ON;
        }
        return text_line(c, v);
    default:
        return text_line(c, v);
    }
}

static enum result close_array(struct cutter *c, const struct view *v)
{
    if (c->expect == ELEMENT && !(c->told & TOLD_COMMA)) {
        c->expect = COMMA;
        return stray(c, v, TOLD_COMMA, "a comma before the closing bracket", 0);
    }
    move_to(c, v, *v->at + 1);
    c->expect = COMMA;
    if (c->in_list) {
        c->in_list = false;
        c->step = IN_TAIL;
        scan_begin_inside(&c->scan);
    } else {
        c->narrays--;
    }
    return GO_ON;
}

static enum result garbage(struct cutter *c, const struct view *v)
{
    size_t from = *v->at, to = run_end(v, "\n,{]"), end;

    if (to == SIZE_MAX)
        return WAIT;
    to = to == from ? to + 1 : to;
    for (end = to; end > from && is_space(v->window.ptr[end - 1]);)
        end--;
    c->why = "not a JSON value";
    give(c, v, CUT_BROKEN, from, end);
    move_to(c, v, to);
    c->expect = ANYTHING;
    return GIVE;
}

static bool begins_scalar(str rest)
{
    return strchr("\"-0123456789", rest.ptr[0]) || str_starts(rest, STR("true")) ||
           str_starts(rest, STR("false")) || str_starts(rest, STR("null"));
}

static enum result in_array(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);
    char ch = rest.ptr[0];

    if (ch == ',') {
        if (c->expect == FIRST || c->expect == ELEMENT)
            return stray(c, v, TOLD_COMMA, "a comma too many", 1);
        c->expect = ELEMENT;
        move_to(c, v, *v->at + 1);
        return GO_ON;
    }
    if (ch == ']')
        return close_array(c, v);
    if (ch == '}')
        return stray(c, v, TOLD_BRACKET, "a closing bracket that closes nothing", 1);
    if (c->expect == COMMA) {
        c->expect = ANYTHING;
        return stray(c, v, TOLD_NO_COMMA, "a comma is missing before this", 0);
    }
    if (ch == '[' && !c->in_list && c->narrays < MOST_ARRAYS) {
        c->narrays++;
        c->expect = FIRST;
        move_to(c, v, *v->at + 1);
        return GO_ON;
    }
    if (ch == '{' || ch == '[') {
        begin_value(c, ch == '{' && !c->in_list);
        return GO_ON;
    }
    if (ch && begins_scalar(rest)) {
        c->step = IN_SCALAR;
        return GO_ON;
    }
    if (rest.len < 5 && !v->is_last)
        return WAIT; /* may become "false" */
    return garbage(c, v);
}

static enum result between(struct cutter *c, const struct view *v)
{
    size_t at = skip_space(v->window, *v->at);

    if (at > *v->at)
        move_to(c, v, at);
    if (at == v->window.len)
        return WAIT;
    return c->in_list || c->narrays ? in_array(c, v) : at_top(c, v);
}

/* A string or number as an element: no record of anything, but the caller is to see it. */
static enum result in_scalar(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);
    size_t end = 0;

    if (rest.ptr[0] == '"') {
        for (end = 1; end < rest.len && rest.ptr[end] != '"'; end++)
            end += rest.ptr[end] == '\\';
        end++;
    } else {
        while (end < rest.len && !strchr(",]} \t\r\n", rest.ptr[end]))
            end++;
    }
    if (end >= rest.len && !v->is_last && rest.len < c->max_bytes)
        return WAIT;
    end = end > rest.len ? rest.len : end ? end : 1;
    give(c, v, CUT_RECORD, *v->at, *v->at + end);
    move_to(c, v, *v->at + end);
    end_value(c);
    return GIVE;
}

/* --- wrappers -------------------------------------------------------------------------- */

static enum result give_data(struct cutter *c, const struct view *v, struct field data)
{
    size_t from = (size_t)(data.raw.ptr - v->window.ptr);

    give(c, v, CUT_RECORD, from, from + data.raw.len);
    v->out->wrapper = STR("data");
    return GIVE;
}

/* A member of the outermost object opens a bracket. */
static enum result watched(struct cutter *c, const struct view *v, bool is_array)
{
    str value = rest_of(v), key = scan_key_before(value.ptr, c->scan.done - 1);

    if (is_array) {
        if (wrapper_key(key))
            c->step = AT_LIST;
        return GO_ON;
    }
    if (!str_eq(key, STR("data")))
        return GO_ON;
    if (c->step == IN_VALUE) {
        c->has_data = true;
    } else if (str_eq(str_from(c->wrapper), STR("included"))) {
        move_to(c, v, *v->at + c->scan.done - 1);
        c->wrapper = "data";
        c->is_single = true;
        begin_value(c, false);
    }
    return GO_ON;
}

/* Behind the bracket of an array under a wrapper key: is the object a wrapper? */
static enum result at_list(struct cutter *c, const struct view *v)
{
    str value = rest_of(v), key = scan_key_before(value.ptr, c->scan.done - 1), members;
    size_t next = skip_space(value, c->scan.done), count, list = *v->at + c->scan.done;
    enum result r = GO_ON;
    struct field data;

    if (next == value.len && !v->is_last)
        return WAIT;
    c->step = c->in_wrapper ? IN_TAIL : IN_VALUE;
    if (next < value.len && value.ptr[next] == ']')
        c->has_empty_list = true;
    if (next == value.len || (value.ptr[next] != '{' && value.ptr[next] != '['))
        return GO_ON;
    if (!c->in_wrapper) {
        members = str_part(value, 0, (size_t)(key.ptr - value.ptr) - 1);
        wrapper_scalars(members, &c->outer);
        data = wrapper_member(members, STR("data"));
        if (c->has_data && str_eq(key, STR("included")) && wrapper_is_json_api(members, &count) &&
            data.kind == FIELD_OBJECT)
            r = give_data(c, v, data);
        if (wrapper_is_health_check(buf_str(&c->outer))) {
            c->has_empty_list = true; /* it holds nothing but the question */
            return GO_ON;
        }
    }
    begin_list(c, wrapper_key(key));
    move_to(c, v, list);
    return r;
}

/* The rest of a wrapper object, behind its array. It flows by without being held. */
static enum result in_tail(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);

    switch (scan_value(&c->scan, rest.ptr, rest.len)) {
    case SCAN_MORE:
        if (rest.len > LOOK_BACK) {
            move_to(c, v, v->window.len - LOOK_BACK);
            c->scan.done = LOOK_BACK;
        }
        return WAIT;
    case SCAN_END:
        move_to(c, v, *v->at + c->scan.done);
        c->in_wrapper = false;
        c->step = BETWEEN;
        c->expect = COMMA;
        return GO_ON;
    case SCAN_ARRAY:
        return watched(c, v, true);
    case SCAN_OBJECT:
        return watched(c, v, false);
    case SCAN_BROKEN:
        move_to(c, v, *v->at + c->scan.done);
        broken_at(c, c->scan.why, 0, 0);
        return GO_ON;
    }
    return WAIT;
}

/* --- values ---------------------------------------------------------------------------- */

static enum result whole_value(struct cutter *c, const struct view *v)
{
    str value = str_part(rest_of(v), 0, c->scan.done);
    size_t from = *v->at, end = from + value.len, count;
    struct field none[1], data;
    struct err err = {0};
    enum result r;

    if (value.len > c->max_bytes) {
        broken_at(c, "larger than the limit for one record", value.len, SIZE_MAX);
        return GO_ON;
    }
    if ((c->has_empty_list || c->has_data) && fields_read(c->nothing, value, none, &err)) {
        bool is_api = wrapper_is_json_api(value, &count);

        data = wrapper_member(value, STR("data"));
        if (c->has_data && is_api && data.kind == FIELD_OBJECT) {
            r = give_data(c, v, data);
            goto done;
        }
        r = GO_ON;
        if (c->has_empty_list && count <= MOST_EMPTY_WRAPPER_MEMBERS)
            goto done;
    }
    r = give(c, v, CUT_RECORD, from, end);
done:
    move_to(c, v, end);
    end_value(c);
    return r;
}

static enum result in_value(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);

    switch (scan_value(&c->scan, rest.ptr, rest.len)) {
    case SCAN_MORE:
        c->is_cut_short = v->is_last;
        if (v->is_last)
            broken_at(c, "the file ends inside this record", rest.len, SIZE_MAX);
        else if (rest.len > c->max_bytes)
            broken_at(c, "larger than the limit for one record", rest.len, SIZE_MAX);
        else
            return WAIT;
        return GO_ON;
    case SCAN_END:
        return whole_value(c, v);
    case SCAN_ARRAY:
        return watched(c, v, true);
    case SCAN_OBJECT:
        return watched(c, v, false);
    case SCAN_BROKEN:
        broken_at(c, c->scan.why, c->scan.done, c->scan.string_at);
        return GO_ON;
    }
    return WAIT;
}

/* --- after a broken value -------------------------------------------------------------- */

static struct resync resync_of(struct cutter *c, const struct view *v)
{
    return (struct resync){
        .text = rest_of(v),
        .in_array = c->in_list || c->narrays,
        .column = (size_t)(v->base + *v->at - c->line_start),
        .plain_from = c->plain_from,
        .first_key = str_from(c->first_key),
    };
}

static void keep_first_key(struct cutter *c, str value)
{
    str key = resync_first_key(value);
    size_t n = key.len < sizeof c->first_key ? key.len : 0;

    if (n)
        memcpy(c->first_key, key.ptr, n);
    c->first_key[n] = '\0';
}

static enum result give_broken(struct cutter *c, const struct view *v, size_t to)
{
    size_t from = *v->at, end = to;

    while (end > from + 1 && (is_space(v->window.ptr[end - 1]) || v->window.ptr[end - 1] == ','))
        end--;
    give(c, v, CUT_BROKEN, from, end);
    move_to(c, v, to);
    c->expect = ANYTHING;
    if (c->in_wrapper && !c->in_list)
        c->in_wrapper = c->is_single = false;
    return GIVE;
}

static enum result broken(struct cutter *c, const struct view *v)
{
    bool is_complete = c->scan.depth == 0, is_sure;
    struct resync r;
    size_t next;

    if (is_complete) { /* only too large */
        c->step = BETWEEN;
        return give_broken(c, v, *v->at + c->break_at);
    }
    keep_first_key(c, rest_of(v));
    r = resync_of(c, v);
    next = resync_find(&r, &is_sure);
    if (next != SIZE_MAX && (is_sure || v->is_last || r.text.len > c->break_at + RESYNC_REACH)) {
        c->step = BETWEEN;
        return give_broken(c, v, *v->at + next);
    }
    if (c->plain_from == SIZE_MAX && !v->is_last) {
        /* Too large, and its brackets hold so far: on to its end, holding nothing. */
        c->step = DROPPING;
        c->scan.is_watched = false;
        c->scan.done = 0;
        return give_broken(c, v, *v->at + c->break_at);
    }
    if (!v->is_last && r.text.len <= c->break_at + RESYNC_REACH)
        return WAIT;
    c->step = v->is_last ? BETWEEN : SKIPPING;
    return give_broken(c, v, v->window.len);
}

/* Nothing to go on at was near: let bytes go by until there is. They belong to the broken record.
 */
static enum result skipping(struct cutter *c, const struct view *v)
{
    struct resync r = resync_of(c, v);
    size_t next;
    bool is_sure;

    r.plain_from = 0;
    next = resync_find(&r, &is_sure);
    if (next != SIZE_MAX) {
        move_to(c, v, *v->at + next);
        c->step = BETWEEN;
        c->expect = ANYTHING;
        return GO_ON;
    }
    if (v->is_last)
        move_to(c, v, v->window.len);
    else if (r.text.len > LOOK_BACK)
        move_to(c, v, v->window.len - LOOK_BACK);
    return WAIT;
}

/* The rest of a value that is too large. */
static enum result dropping(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);

    switch (scan_value(&c->scan, rest.ptr, rest.len)) {
    case SCAN_MORE:
        move_to(c, v, v->window.len);
        c->scan.done = 0;
        return WAIT;
    case SCAN_END:
        move_to(c, v, *v->at + c->scan.done);
        end_value(c);
        return GO_ON;
    case SCAN_ARRAY:
    case SCAN_OBJECT:
        return GO_ON;
    case SCAN_BROKEN:
        move_to(c, v, *v->at + c->scan.done);
        c->step = SKIPPING;
        return GO_ON;
    }
    return WAIT;
}

/* --- git log -z ------------------------------------------------------------------------ */

static bool next_commit(struct cutter *c, const struct view *v)
{
    for (;;) {
        str rest = rest_of(v);
        size_t blank = 0, end;

        while (blank < rest.len && (is_space(rest.ptr[blank]) || !rest.ptr[blank]))
            blank++;
        if (blank) {
            move_to(c, v, *v->at + blank);
            continue;
        }
        if (!rest.len)
            return false;
        end = commit_end(rest, c->scan.done);
        if (end == SIZE_MAX && !v->is_last && rest.len <= c->max_bytes) {
            /* A line feed needs what follows it. */
            c->scan.done = rest.len > COMMIT_HEAD + 1 ? rest.len - COMMIT_HEAD - 1 : 0;
            return false;
        }
        end = end == SIZE_MAX ? rest.len : end;
        c->scan.done = 0;
        c->why = "larger than the limit for one record";
        give(c, v, end > c->max_bytes ? CUT_BROKEN : CUT_RECORD, *v->at, *v->at + end);
        move_to(c, v, *v->at + end);
        return true;
    }
}

/* --- rows of a table ------------------------------------------------------------------- */

/* What stands before the header is told, not lost. */
static enum result find_header(struct cutter *c, const struct view *v)
{
    str rest = rest_of(v);
    struct csv_header h;
    size_t from = *v->at;
    enum result r = GO_ON;
    str before;

    if (rest.len < HEADER_REACH && !v->is_last)
        return WAIT;
    if (!csv_find_header(str_part(rest, 0, HEADER_REACH), rest.len <= HEADER_REACH && v->is_last,
                         &h)) {
        c->why = "no header";
        r = rest.len ? give(c, v, CUT_BROKEN, from, v->window.len) : WAIT;
        move_to(c, v, v->window.len);
        return r;
    }
    c->separator = h.separator;
    c->header = str_copy(&c->arena, str_part(rest, h.at, h.at + h.row.end));
    c->names = csv_names(c->header, h.separator, &c->arena);
    c->ncolumns = h.row.ncells;
    before = str_trim(str_part(rest, 0, h.at));
    if (!str_empty(before) && !str_eq(before, STR("\xEF\xBB\xBF"))) {
        c->why = "lines before the header of the table";
        r = give(c, v, CUT_STRAY, from, from + h.at);
    }
    move_to(c, v, from + h.at + h.row.next);
    return r;
}

static enum result bad_row(struct cutter *c, const struct view *v, const struct csv_row *row,
                           const char *why)
{
    size_t from = *v->at;

    c->why = why;
    give(c, v, CUT_BROKEN, from, from + row->end);
    move_to(c, v, from + row->next);
    return GIVE;
}

static enum result whole_row(struct cutter *c, const struct view *v, const struct csv_row *row)
{
    size_t from = *v->at;
    str text = str_part(v->window, from, from + row->end);
    struct arena a = {0};
    bool is_totals = csv_is_totals(text, c->separator, &a);

    arena_free(&a);
    if (is_totals || str_eq(text, c->header)) {
        c->why = is_totals ? "a row of totals, not a record" : "the header again";
        give(c, v, CUT_STRAY, from, from + row->end);
        move_to(c, v, from + row->next);
        return GIVE;
    }
    if (row->ncells < c->ncolumns)
        return bad_row(c, v, row, "the row has fewer cells than the header");
    if (row->nfilled > c->ncolumns)
        return bad_row(c, v, row, "the row has more cells than the header");
    give(c, v, CUT_RECORD, from, from + row->end);
    v->out->outer = c->names;
    v->out->is_row = true;
    move_to(c, v, from + row->next);
    return GIVE;
}

static enum result next_row(struct cutter *c, const struct view *v)
{
    struct csv_row row;
    str rest;

    if (!c->separator)
        return find_header(c, v);
    rest = rest_of(v);
    if (str_empty(rest))
        return WAIT;
    switch (csv_row(rest, c->separator, v->is_last || rest.len > c->max_bytes, &row)) {
    case CSV_MORE:
        return WAIT;
    case CSV_BROKEN:
        return bad_row(c, v, &row, row.why);
    case CSV_ROW:
        break;
    }
    if (row.end > c->max_bytes)
        return bad_row(c, v, &row, "larger than the limit for one record");
    if (row.nfilled == 0 && row.ncells == 1) {
        move_to(c, v, *v->at + row.next);
        return GO_ON;
    }
    return whole_row(c, v, &row);
}

/* --- the whole ------------------------------------------------------------------------- */

static enum result step(struct cutter *c, const struct view *v)
{
    switch (c->step) {
    case BETWEEN:
        return between(c, v);
    case IN_VALUE:
        return in_value(c, v);
    case AT_LIST:
        return at_list(c, v);
    case IN_SCALAR:
        return in_scalar(c, v);
    case IN_TAIL:
        return in_tail(c, v);
    case BROKEN:
        return broken(c, v);
    case SKIPPING:
        return skipping(c, v);
    case DROPPING:
        return dropping(c, v);
    }
    return WAIT;
}

bool cutter_next(struct cutter *c, str window, uint64_t base, size_t *at, bool is_last,
                 struct cut *out)
{
    struct view v = {window, base, at, is_last, out};
    enum result r = GO_ON;

    if (c->shape == CUTTER_NUL)
        return next_commit(c, &v);
    while (r == GO_ON)
        r = c->shape == CUTTER_CSV ? next_row(c, &v) : step(c, &v);
    return r == GIVE;
}

const char *cutter_unfinished(const struct cutter *c)
{
    if (c->step == DROPPING)
        return "the file ends inside a record that is larger than the limit";
    if (c->step == SKIPPING)
        return "nothing that could be read follows the broken record";
    if (c->in_wrapper)
        return "the file ends inside an object whose records are read";
    if (c->narrays)
        return "the file ends inside an array";
    return c->is_cut_short ? "the file ends inside a record" : NULL;
}
