#include "base/ascii.h"

#include "check.h"

TEST(digits_are_the_ten_of_ascii)
{
    CHECK(ascii_is_digit('0') && ascii_is_digit('9'));
    CHECK(!ascii_is_digit('/') && !ascii_is_digit(':') && !ascii_is_digit('\xb2'));
}

TEST(letters_are_those_of_ascii_in_both_cases)
{
    CHECK(ascii_is_letter('a') && ascii_is_letter('z'));
    CHECK(ascii_is_letter('A') && ascii_is_letter('Z'));
    CHECK(!ascii_is_letter('@') && !ascii_is_letter('[') && !ascii_is_letter('`'));
    CHECK(!ascii_is_letter('{') && !ascii_is_letter('\xe4'));
}

TEST(lower_case_leaves_everything_but_capitals_alone)
{
    CHECK_INT(ascii_lower('Q'), 'q');
    CHECK_INT(ascii_lower('q'), 'q');
    CHECK_INT(ascii_lower('@'), '@');
    CHECK_INT(ascii_lower('['), '[');
    CHECK_INT(ascii_lower('\xc4'), '\xc4');
}

TEST(a_hexadecimal_digit_has_a_value_in_either_case)
{
    CHECK_INT(ascii_hex('0'), 0);
    CHECK_INT(ascii_hex('9'), 9);
    CHECK_INT(ascii_hex('a'), 10);
    CHECK_INT(ascii_hex('F'), 15);
    CHECK_INT(ascii_hex('g'), -1);
    CHECK_INT(ascii_hex('\x10'), -1);
    CHECK_INT(ascii_hex('\0'), -1);
}
