#include "base/digest.h"

#include "check.h"

static struct arena arena;

TEST(the_digests_are_those_of_the_standard)
{
    struct sha256 empty = sha256_of(STR_NONE), abc = sha256_of(STR("abc"));

    CHECK_STR(sha256_hex(&empty, &arena),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_STR(sha256_hex(&abc, &arena),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(pieces_give_the_digest_of_the_whole)
{
    struct sha256_run *run = sha256_begin();
    struct sha256 whole = sha256_of(STR("abc")), sum;

    sha256_more(run, STR("a"));
    sha256_more(run, STR_NONE);
    sha256_more(run, STR("bc"));
    sum = sha256_end(run);
    CHECK(memcmp(&sum, &whole, sizeof sum) == 0);
}

TEST(a_digest_is_read_back_from_digits_of_either_case)
{
    struct sha256 abc = sha256_of(STR("abc")), back = {{0}};

    CHECK(sha256_from_hex(sha256_hex(&abc, &arena), &back));
    CHECK(memcmp(&abc, &back, sizeof abc) == 0);
    CHECK(sha256_from_hex(STR("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
                          &back));
    CHECK(memcmp(&abc, &back, sizeof abc) == 0);
}

TEST(what_is_no_digest_is_refused)
{
    struct sha256 d;

    CHECK(!sha256_from_hex(STR(""), &d));
    CHECK(!sha256_from_hex(STR("ba7816"), &d));
    CHECK(!sha256_from_hex(STR("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                           &d));
}
