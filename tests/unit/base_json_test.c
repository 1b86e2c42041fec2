#include "base/json.h"

#include "check.h"

static struct arena a;

TEST(a_number_that_no_type_holds_keeps_its_digits)
{
    struct err err = {0};
    json_t *doc =
        json_parse(STR("{\"n\":18446744073709551616,\"m\":[1e999,\"1e999\"],\"k\":7}"), &err);

    CHECK(doc != NULL);
    CHECK_STR(json_get_text(doc, "n", &a), "18446744073709551616");
    CHECK_STR(json_get_text(doc, "k", &a), "7");
    json_decref(doc);
}

TEST(what_stands_for_nothing_is_absent)
{
    struct err err = {0};
    json_t *doc =
        json_parse(STR("{\"a\":\"\",\"b\":\"-\",\"c\":\"null\",\"d\":null,\"e\":\"x\"}"), &err);

    CHECK(doc != NULL);
    CHECK(str_empty(json_get_text(doc, "a", &a)) && str_empty(json_get_text(doc, "b", &a)));
    CHECK(str_empty(json_get_text(doc, "c", &a)) && json_member(doc, "d") == NULL);
    CHECK_STR(json_get_text(doc, "e", &a), "x");
    json_decref(doc);
}

TEST(broken_text_is_refused_with_its_place)
{
    struct err err = {0};

    CHECK(json_parse(STR("{\"a\":}"), &err) == NULL);
    CHECK(str_starts(str_from(err.text), STR("not valid JSON: line 1, column ")));
}
