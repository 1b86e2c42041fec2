#include "sources/exposure.h"

#include "check.h"

static struct arena arena;

TEST(one_port_is_a_range_of_its_own)
{
    int32_t from, to;

    CHECK(ports_parse(STR("22"), &from, &to));
    CHECK_INT(from, 22);
    CHECK_INT(to, 22);
    CHECK(ports_parse(STR("8000-9000"), &from, &to));
    CHECK_INT(from, 8000);
    CHECK_INT(to, 9000);
}

TEST(what_is_no_port_is_refused_and_changes_nothing)
{
    static const char *const wrong[] = {"", "ssh", "65536", "1-65536", "22-x", "-22", "*"};
    int32_t from = -1, to = -1;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(!ports_parse(str_from(wrong[i]), &from, &to));
    CHECK_INT(from, -1);
    CHECK_INT(to, -1);
}

TEST(an_opening_is_told_in_words)
{
    struct exposure e = {
        .protocol = STR("tcp"), .port_from = 22, .port_to = 22, .range = STR("0.0.0.0/0")};

    CHECK_STR(exposure_words(&e, &arena), "tcp 22 from 0.0.0.0/0");
    e.is_deny = e.is_egress = true;
    e.port_to = 30;
    CHECK_STR(exposure_words(&e, &arena), "deny tcp 22-30 to 0.0.0.0/0");
    e.port_from = e.port_to = -1;
    CHECK_STR(exposure_words(&e, &arena), "deny tcp to 0.0.0.0/0");
}
