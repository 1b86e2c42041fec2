#include "base/buf.h"

#include "check.h"

static struct arena arena;

static str json_of(str s)
{
    struct buf b = {0};
    str out;

    buf_add_json(&b, s);
    out = buf_str_copy(&b, &arena);
    buf_free(&b);
    return out;
}

static str csv_of(str s)
{
    struct buf b = {0};
    str out;

    buf_add_csv(&b, s);
    out = buf_str_copy(&b, &arena);
    buf_free(&b);
    return out;
}

TEST(text_is_put_together_in_the_order_it_comes)
{
    struct buf b = {0};

    buf_add(&b, STR("one "));
    buf_addz(&b, "two ");
    buf_addc(&b, '3');
    buf_print(&b, " %s %d", "four", 5);
    CHECK_STR(buf_str(&b), "one two 3 four 5");
    buf_clear(&b);
    CHECK_STR(buf_str(&b), "");
    buf_add(&b, STR_NONE);
    CHECK_INT(b.len, 0);
    buf_free(&b);
}

TEST(a_text_of_any_length_fits)
{
    struct buf b = {0};

    for (size_t i = 0; i < 100000; i++)
        buf_print(&b, "%zu,", i % 10);
    CHECK_INT(b.len, 200000);
    CHECK_STR(str_part(buf_str(&b), 199996, 200000), "8,9,");
    buf_free(&b);
}

TEST(a_json_string_escapes_what_must_be_escaped)
{
    CHECK_STR(json_of(STR("")), "\"\"");
    CHECK_STR(json_of(STR_NONE), "\"\"");
    CHECK_STR(json_of(STR("a \"b\" \\ /")), "\"a \\\"b\\\" \\\\ /\"");
    CHECK_STR(json_of(STR("\n\r\t")), "\"\\n\\r\\t\"");
    CHECK_STR(json_of(STR("\0\x1f\x7f")), "\"\\u0000\\u001f\\u007f\"");
}

TEST(a_json_string_keeps_characters_and_replaces_broken_ones)
{
    CHECK_STR(json_of(STR("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x99\x82")),
              "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x99\x82\"");
    CHECK_STR(json_of(STR("\xff")), "\"\xEF\xBF\xBD\"");
    CHECK_STR(json_of(STR("\xC3")), "\"\xEF\xBF\xBD\"");
    CHECK_STR(json_of(STR("\xC0\xAF")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK_STR(json_of(STR("\xED\xA0\x80")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK_STR(json_of(STR("\xF5z")), "\"\xEF\xBF\xBDz\"");
}

TEST(a_csv_cell_is_quoted_only_when_it_must_be)
{
    CHECK_STR(csv_of(STR("plain text")), "plain text");
    CHECK_STR(csv_of(STR("")), "");
    CHECK_STR(csv_of(STR("a,b")), "\"a,b\"");
    CHECK_STR(csv_of(STR("say \"hi\"")), "\"say \"\"hi\"\"\"");
    CHECK_STR(csv_of(STR("two\nlines")), "\"two\nlines\"");
}

TEST(a_csv_cell_is_never_a_formula)
{
    CHECK_STR(csv_of(STR("=1+1")), "\"'=1+1\"");
    CHECK_STR(csv_of(STR("+1")), "\"'+1\"");
    CHECK_STR(csv_of(STR("-1")), "\"'-1\"");
    CHECK_STR(csv_of(STR("@SUM(A1)")), "\"'@SUM(A1)\"");
    CHECK_STR(csv_of(STR("\t=1")), "\"'\t=1\"");
    CHECK_STR(csv_of(STR("\r=1")), "\"'\r=1\"");
}

TEST(a_csv_cell_that_begins_with_a_zero_byte_is_no_formula)
{
    str out = csv_of(STR("\0a"));

    CHECK_INT(out.len, 2);
}
