#include "base/arena.h"

#include "check.h"

static struct arena arena;

TEST(the_shorter_of_two_equal_beginnings_comes_first)
{
    CHECK(str_cmp(STR("a"), STR("ab")) < 0);
    CHECK(str_cmp(STR("b"), STR("ab")) > 0);
    CHECK(str_cmp(STR("\xff"), STR("a")) > 0);
    CHECK_INT(str_cmp(STR_NONE, STR("")), 0);
}

TEST(an_empty_needle_is_at_the_beginning_and_an_absent_one_nowhere)
{
    CHECK_INT(str_find(STR("abc"), STR("")), 0);
    CHECK_INT(str_find(STR("abcabc"), STR("ca")), 2);
    CHECK(str_find(STR("abc"), STR("abcd")) == SIZE_MAX);
    CHECK_INT(str_find_nocase(STR("xAbC"), STR("aBc")), 1);
    CHECK_INT(str_find_last(STR("a/b/c"), '/'), 3);
    CHECK(str_find_char(STR_NONE, 'a') == SIZE_MAX);
}

TEST(cutting_gives_every_part_and_then_ends)
{
    str rest = STR("a,,b,");

    CHECK_STR(str_cut(&rest, ','), "a");
    CHECK_STR(str_cut(&rest, ','), "");
    CHECK_STR(str_cut(&rest, ','), "b");
    CHECK(rest.ptr != NULL);
    CHECK_STR(str_cut(&rest, ','), "");
    CHECK(rest.ptr == NULL);
}

TEST(a_part_is_clamped_to_the_text)
{
    CHECK_STR(str_part(STR("abc"), 1, 99), "bc");
    CHECK_STR(str_part(STR("abc"), 7, 99), "");
    CHECK_STR(str_part(STR("abc"), 2, 1), "");
}

TEST(numbers_do_not_overflow_in_silence)
{
    uint64_t u = 7;
    int64_t i = 7;

    CHECK(str_to_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX);
    u = 7;
    CHECK(!str_to_u64(STR("18446744073709551616"), &u));
    CHECK(!str_to_u64(STR(""), &u));
    CHECK(!str_to_u64(STR("+1"), &u));
    CHECK(!str_to_u64(STR("1 "), &u));
    CHECK_INT(u, 7);
    CHECK(str_to_i64(STR("-9223372036854775807"), &i) && i == -INT64_MAX);
    i = 7;
    CHECK(!str_to_i64(STR("9223372036854775808"), &i));
    CHECK(!str_to_i64(STR("-"), &i));
    CHECK_INT(i, 7);
}

TEST(a_star_matches_any_run_and_a_question_mark_one_byte)
{
    CHECK(str_glob(STR("*"), STR("")));
    CHECK(str_glob(STR("a*c"), STR("a/b/c")));
    CHECK(str_glob(STR("a*b*c"), STR("aXbXbXc")));
    CHECK(!str_glob(STR("a*b"), STR("abc")));
    CHECK(str_glob(STR("a?c"), STR("abc")));
    CHECK(!str_glob(STR("a?c"), STR("ac")));
    CHECK(!str_glob(STR("[ab]"), STR("a")));
    CHECK(!str_glob(STR("A*"), STR("abc")));
    CHECK(str_glob_nocase(STR("A*"), STR("abc")));
}

TEST(many_stars_do_not_take_for_ever)
{
    char text[2000];

    memset(text, 'a', sizeof text);
    CHECK(!str_glob(STR("*a*a*a*a*a*a*a*a*a*b"), (str){text, sizeof text}));
}

TEST(the_nearest_word_is_a_near_one)
{
    static const char *const known[] = {"monthly", "quarterly", "daily"};

    CHECK_STR(str_from(str_nearest(STR("montly"), known, 3)), "monthly");
    CHECK(str_nearest(STR("zebra"), known, 3) == NULL);
}

TEST(white_space_goes_off_both_ends_only)
{
    CHECK_STR(str_trim(STR(" \t a b \r\n")), "a b");
    CHECK_STR(str_trim(STR(" \n ")), "");
}

TEST(joining_needs_both_sides)
{
    CHECK_STR(str_join(&arena, STR("a"), STR(", "), STR("b")), "a, b");
    CHECK_STR(str_join(&arena, STR("a"), STR(", "), STR_NONE), "a");
    CHECK_STR(str_join(&arena, STR_NONE, STR(", "), STR("b")), "b");
}

TEST(a_copy_of_nothing_is_nothing_and_of_an_empty_text_an_empty_text)
{
    CHECK(str_copy(&arena, STR_NONE).ptr == NULL);
    CHECK(str_copy(&arena, STR("")).ptr != NULL);
}
