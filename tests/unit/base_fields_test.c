#include "base/fields.h"

#include "check.h"

enum { MOST_PATHS = 16 };

struct reading {
    struct arena arena;
    struct field out[MOST_PATHS];
    struct err err;
    bool is_ok;
};

/* Paths as one text with blanks between, as a test reads best. */
static struct reading *read_record(str record, const char *paths)
{
    static struct reading r;
    const char *list[MOST_PATHS];
    size_t n = 0;
    str rest = str_from(paths);

    arena_free(&r.arena);
    r = (struct reading){0};
    while (rest.ptr)
        list[n++] = str_z(&r.arena, str_cut(&rest, ' '));
    r.is_ok = fields_read(field_set_new(&r.arena, list, n), record, r.out, &r.err);
    return &r;
}

static const char *refusal(const char *record)
{
    struct reading *r = read_record(str_from(record), "/a");

    return r->is_ok ? "taken" : r->err.text;
}

#define TEXT(n) field_text(r->out[n], &r->arena)

TEST(values_are_found_under_their_paths)
{
    struct reading *r =
        read_record(STR("{\"x\":1,\"a\":{\"b\":[{\"c\":\"deep\"},7]},\"a/b\":true,\"~\":\"t\"}"),
                    "/a/b/0/c /a/b/1 /a~1b /~0 /x /absent");

    CHECK(r->is_ok);
    CHECK_STR(TEXT(0), "deep");
    CHECK_STR(TEXT(1), "7");
    CHECK_STR(TEXT(2), "true");
    CHECK_STR(TEXT(3), "t");
    CHECK_STR(TEXT(4), "1");
    CHECK_INT(r->out[5].kind, FIELD_ABSENT);
}

TEST(a_number_names_a_member_of_an_object_too)
{
    struct reading *r =
        read_record(STR("{\"a\":{\"0\":\"member\"},\"b\":[\"element\"]}"), "/a/0 /b/0");

    CHECK_STR(TEXT(0), "member");
    CHECK_STR(TEXT(1), "element");
}

TEST(objects_and_arrays_are_given_as_their_text)
{
    struct reading *r = read_record(STR(" {\"a\": {\"b\": [1, 2]}} "), "/a /a/b ");

    CHECK_STR(r->out[0].raw, "{\"b\": [1, 2]}");
    CHECK_INT(r->out[0].kind, FIELD_OBJECT);
    CHECK_STR(r->out[1].raw, "[1, 2]");
    CHECK_INT(r->out[2].kind, FIELD_OBJECT);
    CHECK_STR(TEXT(0), "");
}

TEST(of_two_members_with_one_name_the_last_wins)
{
    struct reading *r = read_record(
        STR("{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"a\":2,\"b\":{\"d\":3}}"), "/a /b/c /b/d");

    CHECK_STR(TEXT(0), "2");
    CHECK_INT(r->out[1].kind, FIELD_ABSENT);
    CHECK_STR(TEXT(2), "3");
}

TEST(a_later_scalar_forgets_what_stood_below_an_earlier_object)
{
    struct reading *r = read_record(STR("{\"b\":{\"c\":1},\"b\":null}"), "/b/c /b");

    CHECK_INT(r->out[0].kind, FIELD_ABSENT);
    CHECK_INT(r->out[1].kind, FIELD_NULL);
}

TEST(a_name_written_with_escapes_is_the_same_name)
{
    struct reading *r =
        read_record(STR("{\"\\u0061\":1,\"\\u00e9\":2,\"b\\/c\":3}"), "/a /\xc3\xa9 /b~1c");

    CHECK_STR(TEXT(0), "1");
    CHECK_STR(TEXT(1), "2");
    CHECK_STR(TEXT(2), "3");
}

TEST(the_same_path_may_be_asked_for_twice)
{
    struct reading *r = read_record(STR("{\"a\":\"x\"}"), "/a /b /a");

    CHECK_STR(TEXT(0), "x");
    CHECK_STR(TEXT(2), "x");
}

TEST(escapes_are_decoded)
{
    struct reading *r = read_record(
        STR("{\"a\":\"q\\\"\\\\\\/\\b\\f\\n\\r\\t \\u00e9 \\u65E5 \\ud83d\\ude00\"}"), "/a");

    CHECK(r->out[0].is_escaped);
    CHECK_STR(TEXT(0), "q\"\\/\b\f\n\r\t \xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80");
}

TEST(a_nul_is_allowed_in_a_value_but_not_in_a_name)
{
    struct reading *r = read_record(STR("{\"a\":\"x\\u0000y\"}"), "/a");

    CHECK_INT(TEXT(0).len, 3);
    CHECK_STR(str_from(refusal("{\"b\\u0000\":1}")),
              "JSON error at byte 2: a member name contains \\u0000");
}

TEST(null_dash_and_empty_are_absent_as_text)
{
    struct reading *r = read_record(
        STR("{\"a\":null,\"b\":\"\",\"c\":\"-\",\"d\":\"null\",\"e\":\"--\"}"), "/a /b /c /d /e");

    for (int i = 0; i < 4; i++)
        CHECK(!TEXT(i).ptr);
    CHECK_STR(TEXT(4), "--");
    CHECK(field_string(r->out[1], &r->arena).ptr);
    CHECK(!field_string(r->out[0], &r->arena).ptr);
}

TEST(truth_is_written_in_many_ways)
{
    struct reading *r = read_record(
        STR("[true,\"true\",\"True\",\"Yes\",\"1\",1,false,\"false\",0,null,\"no\",[]]"),
        "/0 /1 /2 /3 /4 /5 /6 /7 /8 /9 /10 /11");

    for (int i = 0; i < 12; i++)
        CHECK_INT(field_truth(r->out[i]), i < 6);
}

TEST(broken_json_is_refused_with_its_place)
{
    CHECK_STR(str_from(refusal("")), "JSON error at byte 0: nothing here");
    CHECK_STR(str_from(refusal("{\"a\":1,}")),
              "JSON error at byte 7: expected a member name in double quotes");
    CHECK_STR(str_from(refusal("{a:1}")),
              "JSON error at byte 1: expected a member name in double quotes");
    CHECK_STR(str_from(refusal("[1,]")), "JSON error at byte 3: expected a value");
    CHECK_STR(str_from(refusal("[1 2]")), "JSON error at byte 3: expected ',' or ']'");
    CHECK_STR(str_from(refusal("{\"a\" 1}")), "JSON error at byte 5: expected ':'");
    CHECK_STR(str_from(refusal("{\"a\":1")),
              "JSON error at byte 6: ends inside an object or array");
    CHECK_STR(str_from(refusal("{\"a\":\"b")),
              "JSON error at byte 5: the string that begins here does not end");
    CHECK_STR(str_from(refusal("{\"a\":tru}")), "JSON error at byte 5: expected a value");
    CHECK_STR(str_from(refusal("{\"a\":01}")), "JSON error at byte 6: expected ',' or '}'");
    CHECK_STR(str_from(refusal("{\"a\":1.}")), "JSON error at byte 5: not a number");
    CHECK_STR(str_from(refusal("{\"a\":-}")), "JSON error at byte 5: not a number");
    CHECK_STR(str_from(refusal("{\"a\":\"x\ty\"}")),
              "JSON error at byte 7: a control character inside a string");
    CHECK_STR(str_from(refusal("{\"a\":\"\\x\"}")), "JSON error at byte 6: not an escape");
    CHECK_STR(str_from(refusal("{\"a\":\"\\ud800\"}")),
              "JSON error at byte 6: half of a surrogate pair");
    CHECK_STR(str_from(refusal("{\"a\":\"\xff\"}")), "JSON error at byte 6: not UTF-8");
    CHECK_STR(str_from(refusal("{} {}")),
              "JSON error at byte 3: something follows the end of the value");
    CHECK_STR(str_from(refusal("[}")), "JSON error at byte 1: expected a value");
}

TEST(a_refusal_of_a_record_of_several_lines_names_the_line)
{
    CHECK_STR(str_from(refusal("{\n  \"a\": 1,\n}")),
              "JSON error at byte 12, line 3 of the record: "
              "expected a member name in double quotes");
}

TEST(utf8_is_checked_strictly)
{
    static const char *const bad[] = {
        "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
        "\x80",     "\xe6\x97",     "\xc3("};
    char record[32];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(record, sizeof record, "[\"%s\"]", bad[i]);
        CHECK_STR(str_from(refusal(record)), "JSON error at byte 2: not UTF-8");
    }
    CHECK_STR(str_from(refusal("[\"\xc2\x80 \xef\xbf\xbf \xf4\x8f\xbf\xbf\"]")), "taken");
}

TEST(nesting_deeper_than_512_is_refused)
{
    char record[1200];

    for (int depth = 512; depth <= 513; depth++) {
        memset(record, '[', (size_t)depth);
        memset(record + depth, ']', (size_t)depth);
        record[2 * depth] = '\0';
        CHECK_STR(str_from(refusal(record)),
                  depth == 512 ? "taken" : "JSON error at byte 512: nested deeper than 512");
    }
}

TEST(long_strings_and_numbers_of_any_size_are_text)
{
    struct reading *r =
        read_record(STR("{\"a\":123456789012345678901234567890,\"b\":1e999,\"c\":\"a text that is "
                        "quite a bit longer "
                        "than sixteen bytes \\u0021 and goes on after an escape\"}"),
                    "/a /b /c");

    CHECK_STR(TEXT(0), "123456789012345678901234567890");
    CHECK_STR(TEXT(1), "1e999");
    CHECK_STR(TEXT(2),
              "a text that is quite a bit longer than sixteen bytes ! and goes on after an escape");
}

TEST(elements_are_stepped_through)
{
    str array = STR("[ {\"a\":[1,\"]\"]} ,2, \"th\\\"ree\",[],null ]");
    static const enum field_kind kinds[] = {FIELD_OBJECT, FIELD_NUMBER, FIELD_STRING, FIELD_ARRAY,
                                            FIELD_NULL};
    struct field f;
    size_t at = 0, n = 0;

    while (fields_next_element(array, &at, &f))
        CHECK_INT(f.kind, kinds[n++]);
    CHECK_INT(n, 5);
    at = 0;
    CHECK(!fields_next_element(STR("[ ]"), &at, &f));
}

TEST(members_are_stepped_through)
{
    str object = STR("{ \"a\" : 1 , \"b}\":{\"c\":2},\"\":\"x\"}");
    struct field key, f;
    size_t at = 0;

    CHECK(fields_next_member(object, &at, &key, &f));
    CHECK_STR(key.raw, "a");
    CHECK_STR(f.raw, "1");
    CHECK(fields_next_member(object, &at, &key, &f));
    CHECK_STR(key.raw, "b}");
    CHECK_STR(f.raw, "{\"c\":2}");
    CHECK(fields_next_member(object, &at, &key, &f));
    CHECK_STR(f.raw, "x");
    CHECK(!fields_next_member(object, &at, &key, &f));
}

TEST(a_member_is_found_by_its_name)
{
    struct field object = {.raw = STR("{\"a\":1,\"ab\":{\"b\":2},\"b\":\"x\"}"),
                           .kind = FIELD_OBJECT};
    struct field array = {.raw = STR("[\"b\",2]"), .kind = FIELD_ARRAY};

    CHECK_STR(field_member(object, STR("b")).raw, "x");
    CHECK_STR(field_member(field_member(object, STR("ab")), STR("b")).raw, "2");
    CHECK_INT(field_member(object, STR("c")).kind, FIELD_ABSENT);
    CHECK_INT(field_member(array, STR("b")).kind, FIELD_ABSENT);
    CHECK_INT(field_member((struct field){0}, STR("b")).kind, FIELD_ABSENT);
}
