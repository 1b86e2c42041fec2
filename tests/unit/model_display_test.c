#include "model/display.h"

#include "check.h"

static struct arena a;

TEST(what_would_be_invisible_is_written_as_its_code_point)
{
    CHECK_STR(display_text(STR("a\xE2\x80\xAE"
                               "b"),
                           &a),
              "a\\u202Eb");
    CHECK_STR(display_text(STR("\x1b[31mred"), &a), "\\u001B[31mred");
    CHECK_STR(display_text(STR("\xEF\xBB\xBFx"), &a), "\\uFEFFx");
}

TEST(a_bad_byte_becomes_one_replacement_and_the_next_is_read_afresh)
{
    CHECK_STR(display_text(STR("a\xC3(b"), &a), "a\xEF\xBF\xBD(b");
    CHECK_STR(display_text(STR("\xED\xA0\x80"), &a), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_STR(display_text(STR("\xC0\xAF"), &a), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(line_ends_become_one_kind)
{
    CHECK_STR(display_text(STR("a\r\nb\rc\td"), &a), "a\nb\nc d");
    CHECK_STR(display_line(STR("a\r\nb"), &a), "a\\nb");
}

TEST(scripts_are_left_alone)
{
    CHECK_STR(display_text(STR("\xE1\xBA\xA4\xE1\xBB\xA3 \xE7\x9B\xA3\xE6\x9F\xBB"), &a),
              "\xE1\xBA\xA4\xE1\xBB\xA3 \xE7\x9B\xA3\xE6\x9F\xBB");
}

TEST(credentials_are_masked_and_identifiers_are_not)
{
    CHECK_STR(mask_secrets(STR("{\"password\": \"hunter2\", \"user\": \"ann\"}"), &a),
              "{\"password\": \"***\", \"user\": \"ann\"}");
    CHECK_STR(mask_secrets(STR("Authorization: Bearer abc.def"), &a), "Authorization: Bearer ***");
    CHECK_STR(mask_secrets(STR("key AKIAIOSFODNN7EXAMPLE used"), &a),
              "key AKIAIOSFODNN7EXAMPLE used");
    CHECK_STR(mask_secrets(STR("t=ghp_0123456789012345678901234567890123456"), &a), "t=***");
    CHECK_STR(mask_secrets(STR("the token bucket is full"), &a), "the token bucket is full");
}

TEST(counts_and_durations_read_easily)
{
    CHECK_STR(count_text(1284307, &a), "1,284,307");
    CHECK_STR(count_text(-1000, &a), "-1,000");
    CHECK_STR(duration_text(5400, &a), "1 h 30 min");
    CHECK_STR(duration_text(45, &a), "45 s");
    CHECK_STR(duration_text(90061, &a), "1 d 1 h");
    CHECK_STR(duration_text(89580, &a), "24 h 53 min");
}
