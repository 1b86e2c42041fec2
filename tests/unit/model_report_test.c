#include "model/report.h"

#include "check.h"

TEST(counts_percentages_and_durations_are_numbers)
{
    CHECK(column_is_number(COLUMN_COUNT));
    CHECK(column_is_number(COLUMN_PERCENT));
    CHECK(column_is_number(COLUMN_DURATION));
    CHECK(!column_is_number(COLUMN_TIME));
    CHECK(!column_is_number(COLUMN_ID));
    CHECK(!column_is_number(COLUMN_INPUT));
}

TEST(a_severity_is_found_by_the_name_it_has)
{
    for (enum severity s = SEVERITY_INFO; s <= SEVERITY_CRITICAL; s++) {
        enum severity found;

        CHECK(severity_find(str_from(severity_name(s)), &found));
        CHECK_INT(found, s);
    }
}

TEST(an_unknown_severity_is_not_found)
{
    enum severity found = SEVERITY_LOW;

    CHECK(!severity_find(STR("Critical"), &found));
    CHECK(!severity_find(STR(""), &found));
    CHECK_INT(found, SEVERITY_LOW);
}

TEST(a_result_has_a_name_for_files_and_words_for_people)
{
    CHECK_STR(str_from(result_name(RESULT_NOT_TESTED)), "not-tested");
    CHECK_STR(str_from(result_words(RESULT_NOT_TESTED)), "not tested");
    CHECK_STR(str_from(result_words(RESULT_NO_EXCEPTIONS)), "no exceptions noted");
}

TEST(every_severity_has_a_mark_of_its_own)
{
    CHECK_INT(mark_of_severity(SEVERITY_CRITICAL), MARK_CRITICAL);
    CHECK_INT(mark_of_severity(SEVERITY_HIGH), MARK_HIGH);
    CHECK_INT(mark_of_severity(SEVERITY_MEDIUM), MARK_MEDIUM);
    CHECK_INT(mark_of_severity(SEVERITY_LOW), MARK_LOW);
    CHECK_INT(mark_of_severity(SEVERITY_INFO), MARK_INFO);
}
