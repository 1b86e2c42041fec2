#include "base/err.h"

#include <errno.h>

#include "check.h"

TEST(the_first_cause_is_kept)
{
    struct err err = {0};

    CHECK(!err_set(&err, ERR_DATA, "record %d is cut short", 7));
    CHECK(!err_set(&err, ERR_IO, "cannot close"));
    CHECK_INT(err.kind, ERR_DATA);
    CHECK_STR(str_from(err.text), "record 7 is cut short");
}

TEST(who_knows_more_puts_words_in_front)
{
    struct err err = {0};

    err_set(&err, ERR_DATA, "no time");
    CHECK(!err_wrap(&err, "record %d", 3));
    CHECK(!err_wrap(&err, "cannot read '%s'", "june.json"));
    CHECK_STR(str_from(err.text), "cannot read 'june.json': record 3: no time");
    CHECK_INT(err.kind, ERR_DATA);
}

TEST(no_control_character_reaches_a_terminal)
{
    struct err err = {0};

    err_set(&err, ERR_DATA, "unknown '%s'", "\x1b[31m\x7f\n\t");
    CHECK_STR(str_from(err.text), "unknown '?[31m?  '");
}

TEST(a_text_too_long_is_cut_and_still_ends)
{
    char word[900];
    struct err err = {0};

    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    err_set(&err, ERR_DATA, "%s", word);
    err_wrap(&err, "%s", word);
    CHECK_INT(strlen(err.text), sizeof err.text - 1);
}

TEST(the_systems_reason_is_told)
{
    struct err err = {0};

    errno = ENOENT;
    CHECK(!err_errno(&err, "cannot open '%s'", "x"));
    CHECK_STR(str_from(err.text), "cannot open 'x': No such file or directory");
    CHECK_INT(err.kind, ERR_IO);
}
