#include "check.h"
#include "sources/mapping.h"

static struct arena arena;

#define HEAD "{\"name\":\"n\",\"title\":\"t\",\"reads\":\"r\",\"shape\":\"json\",\"when\":{\"/w\":\"a*\"},"
#define SAMPLE(expect)                                                                             \
    "\"samples\":[{\"record\":{\"w\":\"ab\",\"t\":\"2026-01-01T00:00:00Z\",\"ok\":true},"              \
    "\"expect\":" expect "}]}"

/* What is wrong with a mapping; "" when nothing is. */
static str fault(const char *text)
{
    struct err err = {0};

    sources_start();
    return mapping_read(&arena, "f.json", str_from(text), &err)
               ? STR("")
               : str_copy(&arena, str_from(err.text));
}

TEST(a_mapping_whose_sample_maps_is_taken)
{
    CHECK_STR(fault(HEAD "\"fields\":{\"time\":\"/t\",\"outcome\":{\"path\":\"/ok\",\"map\":{\"true\":"
                         "\"success\"}}}," SAMPLE("{\"outcome\":\"success\"}")),
              "");
}

TEST(a_key_that_is_not_known_is_an_error_with_file_and_key)
{
    CHECK_STR(fault(HEAD "\"fields\":{\"time\":\"/t\",\"actr\":\"/a\"}," SAMPLE("{}")),
              "f.json: fields: 'actr' is not a field of an event");
    CHECK_STR(fault(HEAD "\"field\":{}," SAMPLE("{}")), "f.json: mapping: 'field' is not known here");
}

TEST(a_word_that_a_field_does_not_have_is_an_error)
{
    CHECK_STR(fault(HEAD "\"fields\":{\"time\":\"/t\",\"verb\":{\"const\":\"made\"}}," SAMPLE("{}")),
              "f.json: verb: 'made' is not a word of this field");
}

TEST(a_sample_that_maps_otherwise_is_an_error)
{
    CHECK_STR(fault(HEAD "\"fields\":{\"time\":\"/t\"}," SAMPLE("{\"actor\":\"x\"}")),
              "f.json: samples: 'actor' does not come out as expected");
    CHECK_STR(fault(HEAD "\"fields\":{\"time\":\"/t\"}," SAMPLE("null")),
              "f.json: samples: 'expect' is null, but there is an event");
}
