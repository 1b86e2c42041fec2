#include "sources/input.h"

#include <stdlib.h>

#include "base/buf.h"
#include "check.h"

/*
 * All cuts of a text as one line: `{"a":1}@0:1` for a record with offset and line, `!` in front of
 * a broken one, `#` of text,
 * `~` of something stray, number before them all; `in` and `outer` behind elements of a wrapper; at
 * the end what is unfinished.
 */
static str cut_in_pieces(str text, size_t piece, enum cutter_shape shape, size_t max,
                         struct arena *a)
{
    struct cutter *c = cutter_new(shape, max);
    struct buf line = {0};
    size_t from = 0, to = piece < text.len ? piece : text.len;
    struct cut cut;
    str all;

    for (;;) {
        bool is_last = to == text.len;
        size_t at = 0;
        /* A window of exactly its size, at another address each time. */
        char *window = xmalloc(to - from);

        if (to > from)
            memcpy(window, text.ptr + from, to - from);
        while (cutter_next(c, (str){window, to - from}, from, &at, is_last, &cut)) {
            if (line.len)
                buf_addc(&line, ' ');
            if (cut.kind == CUT_RECORD || cut.kind == CUT_BROKEN)
                buf_print(&line, "%d", (int)cut.number);
            buf_addc(&line, ":!#~%"[cut.kind]);
            buf_add(&line, cut.bytes);
            buf_print(&line, "@%d:%d", (int)cut.offset, (int)cut.line);
            if (cut.wrapper.len)
                buf_print(&line, "<%.*s%.*s>", STR_FMT(cut.wrapper), STR_FMT(cut.outer));
            if (cut.reason)
                buf_print(&line, "(%s)", cut.reason);
        }
        free(window);
        from += at;
        if (is_last)
            break;
        to = to + piece < text.len ? to + piece : text.len;
    }
    if (cutter_unfinished(c))
        buf_print(&line, " ... %s", cutter_unfinished(c));
    all = buf_str_copy(&line, a);
    buf_free(&line);
    cutter_free(c);
    return all;
}

static struct arena arena;

static str cuts_of(const char *text)
{
    str s = str_from(text), whole = cut_in_pieces(s, s.len, CUTTER_JSON, 1000, &arena);

    for (size_t piece = 1; piece < s.len && piece < 40; piece++) {
        str again = cut_in_pieces(s, piece, CUTTER_JSON, 1000, &arena);

        if (!str_eq(again, whole))
            return str_print(&arena, "in pieces of %zu: %.*s instead of %.*s", piece,
                             STR_FMT(again), STR_FMT(whole));
    }
    return whole;
}

#define CUTS(text, wanted) CHECK_STR(cuts_of(text), wanted)

TEST(values_in_a_row_are_records)
{
    CUTS("{\"a\":1}", "0:{\"a\":1}@0:1");
    CUTS("{\"a\":1}\n{\"b\":2}\n\n {\"c\":3}", "0:{\"a\":1}@0:1 1:{\"b\":2}@8:2 2:{\"c\":3}@18:4");
    CUTS("{\"a\":1}{\"b\":2}", "0:{\"a\":1}@0:1 1:{\"b\":2}@7:1");
    CUTS("{\n  \"a\": {\n  }\n}\n{\n}", "0:{\n  \"a\": {\n  }\n}@0:1 1:{\n}@17:5");
}

TEST(an_array_gives_its_elements)
{
    CUTS("[{\"a\":1},{\"b\":[{}]} , {} ]", "0:{\"a\":1}@1:1 1:{\"b\":[{}]}@9:1 2:{}@22:1");
    CUTS("[[{\"a\":1}],[{\"b\":2},{}]]", "0:{\"a\":1}@2:1 1:{\"b\":2}@12:1 2:{}@20:1");
    CUTS("[1,\"t\\\"]\",null]", "0:1@1:1 1:\"t\\\"]\"@3:1 2:null@10:1");
    CUTS("[\n{}\n]\n[{}]", "0:{}@2:2 1:{}@8:4");
}

TEST(nothing_is_no_record)
{
    CUTS("", "");
    CUTS(" \n\n", "");
    CUTS("[]", "");
    CUTS("[ [ ] ]", "");
    CUTS("{\"Records\":[]}", "");
    CUTS("{\"Records\" : [ ] , \"n\":1}\n[]", "");
}

TEST(a_wrapper_gives_the_elements_of_its_array)
{
    CUTS("{\"Records\":[{\"a\":1},{\"b\":2}]}",
         "0:{\"a\":1}@12:1<Records{}> 1:{\"b\":2}@20:1<Records{}>");
    CUTS("{\"owner\":\"1\\\"2\",\"x\":{\"y\":[1]},\"n\":7,\"l\":[],\"logEvents\":[{}],\"later\":[{}"
         "]}",
         "0:{}@56:1<logEvents{\"owner\":\"1\\\"2\",\"n\":7}>");
    CUTS("{\n \"kind\": \"EventList\",\n \"items\": [\n  {\"a\":1},\n  {\"b\":2}\n ]\n}\n",
         "0:{\"a\":1}@38:4<items{\"kind\":\"EventList\"}> "
         "1:{\"b\":2}@49:5<items{\"kind\":\"EventList\"}>");
    CUTS("{\"QueryResultRows\":[[{\"a\":1},{\"b\":2}],[{}]]}",
         "0:[{\"a\":1},{\"b\":2}]@20:1<QueryResultRows{}> 1:[{}]@38:1<QueryResultRows{}>");
}

TEST(wrappers_can_stand_in_lines_and_arrays)
{
    CUTS("{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":2}]}",
         "0:{\"a\":1}@12:1<Records{}> 1:{\"b\":2}@34:2<Records{}>");
    CUTS("[{\"p\":1,\"records\":[{\"a\":1}]},{\"p\":2,\"records\":[{\"b\":2}]},{\"c\":3}]",
         "0:{\"a\":1}@19:1<records{\"p\":1}> 1:{\"b\":2}@47:1<records{\"p\":2}> 2:{\"c\":3}@57:1");
}

TEST(an_array_of_scalars_or_a_nested_key_makes_no_wrapper)
{
    CUTS("{\"action\":\"x\",\"events\":[\"push\"]}",
         "0:{\"action\":\"x\",\"events\":[\"push\"]}@0:1");
    CUTS("{\"a\":{\"items\":[{}]},\"resources\":[{}]}",
         "0:{\"a\":{\"items\":[{}]},\"resources\":[{}]}@0:1");
    CUTS("{\"Records\":[{\"items\":[{\"x\":1}]}]}", "0:{\"items\":[{\"x\":1}]}@12:1<Records{}>");
    CUTS("{\"a\":\"items\",\"b\":[{}]}", "0:{\"a\":\"items\",\"b\":[{}]}@0:1");
}

TEST(a_record_with_an_empty_list_stays_a_record)
{
    CUTS("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"events\":[]}",
         "0:{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"events\":[]}@0:1");
    CUTS("{\"result\":[],\"success\":true,\"errors\":[],\"messages\":[]}", "");
}

TEST(a_json_api_document_gives_its_object)
{
    CUTS("{\"data\":{\"id\":\"run-1\",\"data\":{}},\"links\":{}}",
         "0:{\"id\":\"run-1\",\"data\":{}}@8:1<data>");
    CUTS("{\"data\":{\"id\":1},\"included\":[{\"id\":2}]}",
         "0:{\"id\":1}@8:1<data> 1:{\"id\":2}@29:1<included{}>");
    CUTS("{\"included\":[{\"id\":2}],\"data\":{\"id\":1}}",
         "0:{\"id\":2}@13:1<included{}> 1:{\"id\":1}@30:1<data{}>");
    CUTS("{\"data\":[{\"id\":1}],\"included\":[{\"id\":2}],\"meta\":{}}",
         "0:{\"id\":1}@9:1<data{}> 1:{\"id\":2}@31:1<included{}>");
}

TEST(data_beside_other_members_is_part_of_the_record)
{
    CUTS("{\"action\":\"x\",\"data\":{\"id\":1}}", "0:{\"action\":\"x\",\"data\":{\"id\":1}}@0:1");
    CUTS("{\"data\":{\"id\":1},\"errors\":[]}", "0:{\"data\":{\"id\":1},\"errors\":[]}@0:1");
    CUTS("{\"data\":null}", "0:{\"data\":null}@0:1");
}

TEST(marks_and_frames_are_passed_over)
{
    CUTS("\xEF\xBB\xBF{\"a\":1}", "0:{\"a\":1}@3:1");
    CUTS("\x02{\"a\":1}\n\x03", "0:{\"a\":1}@1:1");
    CUTS("\x1e{\"a\":1}\n\x1e{}\n", "0:{\"a\":1}@1:1 1:{}@10:2");
}

TEST(lines_that_are_no_json_are_text)
{
    CUTS("Terraform v1.3\non linux_amd64\n{\"a\":1}\nbye",
         "#Terraform v1.3@0:1 #on linux_amd64@15:2 0:{\"a\":1}@30:3 #bye@38:4");
    CUTS("[command]/usr/bin/terraform show -json\r\n{}",
         "#[command]/usr/bin/terraform show -json@0:1 0:{}@40:2");
    CUTS("[2026-09-01 08:00:00] started\n[2026-09-01] x\n[12:00:01] x",
         "#[2026-09-01 08:00:00] started@0:1 "
         "#[2026-09-01] x@30:2 #[12:00:01] x@45:3");
    CUTS("$ aws logs {x}\n[ec2-user@host ~]$ ls\n{}",
         "#$ aws logs {x}@0:1 #[ec2-user@host ~]$ ls@15:2 0:{}@37:3");
    CUTS("  {\n    + Statement = [\n", "#{@2:1 #+ Statement = [@8:2");
}

TEST(a_time_stamp_in_front_of_an_object_is_passed_over)
{
    CUTS("2020-02-20T07:01:01.000Z {\"a\":1}\n2020-02-20T07:01:01.000Z "
         "text\n2020-02-20T07:01:02.000Z {\"b\":2}\n",
         "0:{\"a\":1}@25:1<stamped line> %2020-02-20T07:01:01.000Z text@33:2 "
         "2:{\"b\":2}@88:3<stamped line>");
}

TEST(what_syslog_puts_in_front_of_an_object_is_passed_over)
{
    CUTS("@cee: {\"a\":1}\n@cee:{\"b\":2}\n", "0:{\"a\":1}@6:1 1:{\"b\":2}@19:2");
    CUTS("<134>Nov  3 08:00:00 host vault[7]: {\"a\":1}\n", "0:{\"a\":1}@36:1");
    CUTS("<134>1 2026-11-23T08:00:00Z host vault 7 - - {\"a\":1}", "0:{\"a\":1}@45:1");
    CUTS("Nov 23 08:00:00 host vault[7]: @cee: {\"a\":1}", "0:{\"a\":1}@37:1");
    CUTS("@cee: {\"a\":[1,2}\n@cee: {\"b\":2}\n",
         "0!{\"a\":[1,2}@6:1(a closing bracket does not fit the one that is open) "
         "1:{\"b\":2}@23:2");
}

TEST(a_line_that_only_mentions_an_object_stays_text)
{
    CUTS("INFO: got {\"a\":1}\n", "#INFO: got {\"a\":1}@0:1");
    CUTS("@cee: {oops\n", "#@cee: {oops@0:1");
}

TEST(a_broken_line_costs_one_record)
{
    CUTS("{\"a\":1}\n{\"a\":[1,2}\n{\"a\":3}\n",
         "0:{\"a\":1}@0:1 1!{\"a\":[1,2}@8:2(a closing bracket does not fit the one that is "
         "open) 2:{\"a\":3}@19:3");
    CUTS("{\"a\":\"x\n{\"b\":2}\n{\"c\":3}\n", "0!{\"a\":\"x@0:1(malformed JSON: no comma, colon "
                                               "or bracket behind a string) 1:{\"b\":2}@8:2 "
                                               "2:{\"c\":3}@16:3");
    CUTS("{\"a\":{\"b\":1}\n{\"c\":2}\n",
         "0!{\"a\":{\"b\":1}@0:1(a bracket opens where nothing may begin) 1:{\"c\":2}@13:2");
}

TEST(a_broken_element_costs_one_record)
{
    CUTS("[{\"a\":1},{\"a\":\"x},{\"a\":3},{\"a\":4}]",
         "0:{\"a\":1}@1:1 1!{\"a\":\"x}@9:1(malformed JSON: no comma, colon or "
         "bracket behind a string) 2:{\"a\":3}@18:1 3:{\"a\":4}@26:1");
    CUTS("{\"Records\":[{\"a\":1},{\"a\":{\"b\":1},{\"a\":3}]}",
         "0:{\"a\":1}@12:1<Records{}> 1!{\"a\":{\"b\":1}@20:1"
         "<Records{}>(a bracket opens where nothing may begin) 2:{\"a\":3}@33:1<Records{}>");
    CUTS(
        "[{\"a\":[1,2},{\"b\":2}]",
        "0!{\"a\":[1,2}@1:1(a closing bracket does not fit the one that is open) 1:{\"b\":2}@12:1");
}

TEST(a_value_that_is_only_wrong_inside_is_cut_as_a_record)
{
    CUTS("[{\"a\":1,,},{b:2}]", "0:{\"a\":1,,}@1:1 1:{b:2}@11:1");
    CUTS("{\"a\":\"line\nfeed\"}\n{}", "0:{\"a\":\"line\nfeed\"}@0:1 1:{}@18:3");
    CUTS("{eventName: \"x\"}", "0:{eventName: \"x\"}@0:1");
}

TEST(a_file_that_ends_too_early_says_so)
{
    CUTS("[{\"a\":1},{\"b\":", "0:{\"a\":1}@1:1 1!{\"b\":@9:1(the file ends inside this record) "
                               "... the file ends inside an array");
    CUTS("[{\"a\":1},", "0:{\"a\":1}@1:1 ... the file ends inside an array");
    CUTS("{\"Records\":[{\"a\":1}]",
         "0:{\"a\":1}@12:1<Records{}> ... the file ends inside an object whose records are read");
    CUTS("{\"a\":\"b",
         "0!{\"a\":\"b@0:1(the file ends inside this record) ... the file ends inside a record");
    CUTS("{\"a\":1}\n{\"b", "0:{\"a\":1}@0:1 1!{\"b@8:2(the file ends inside this record) ... the "
                            "file ends inside a record");
}

TEST(commas_and_brackets_astray_are_told_once_and_cost_nothing)
{
    CUTS("[{},]", "0:{}@1:1 ~@4:1(a comma before the closing bracket)");
    CUTS("[{} {} {}]", "0:{}@1:1 ~@4:1(a comma is missing before this) 1:{}@4:1 2:{}@7:1");
    CUTS("{},\n{},\n", "0:{}@0:1 ~,@2:1(a comma between records that are in no array) 1:{}@4:2");
    CUTS("{}]{}", "0:{}@0:1 ~]@2:1(a closing bracket that closes nothing) 1:{}@3:1");
}

TEST(words_in_an_array_are_broken_elements)
{
    CUTS("[{},\n ... more ...\n {}]", "0:{}@1:1 1!... more ...@6:2(not a JSON value) 2:{}@20:3");
    CUTS("[{},undefined,{}]", "0:{}@1:1 1!undefined@4:1(not a JSON value) 2:{}@14:1");
}

TEST(a_record_larger_than_the_limit_is_skipped)
{
    str text = str_print(&arena, "[{\"a\":\"%.*s\",\"b\":[{}]},{\"c\":1}]", 300,
                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");

    for (size_t piece = 10; piece < text.len + 10; piece += 50) {
        str got = cut_in_pieces(text, piece, CUTTER_JSON, 100, &arena);

        CHECK(str_starts(got, STR("0!{\"a\":\"xxx")));
        CHECK(str_contains(got, STR("(larger than the limit for one record)")));
        CHECK(str_contains(got, STR(" 1:{\"c\":1}@")));
        CHECK(str_ends(got, STR(":1")));
    }
}

TEST(records_of_git_end_with_nul)
{
    str log = STR("0123456789012345678901234567890123456789\x1f"
                  "a\0"
                  "\n0123456789012345678901234567890123456789\x1f"
                  "b\nc\0");

    CHECK_STR(cut_in_pieces(log, 7, CUTTER_NUL, 1000, &arena),
              "0:0123456789012345678901234567890123456789\x1f"
              "a@0:1 1:0123456789012345678901234567890123456789\x1f"
              "b\nc@44:2");
}

TEST(records_of_git_without_z_end_with_the_line)
{
    str log = STR("0123456789012345678901234567890123456789\x1f"
                  "a\n0123456789012345678901234567890123456789\x1f"
                  "b\n");

    for (size_t piece = 1; piece < log.len; piece++)
        CHECK_STR(cut_in_pieces(log, piece, CUTTER_NUL, 1000, &arena),
                  "0:0123456789012345678901234567890123456789\x1f"
                  "a@0:1 1:0123456789012345678901234567890123456789\x1f"
                  "b\n@43:2");
}
