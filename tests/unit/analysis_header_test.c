#include "check.h"

#include "../../src/analysis/header.h"

#define GOOD_HEAD                                                                                  \
    "-- title:      Changes nobody approved\n"                                                     \
    "-- question:   Which changes have no approval?\n"                                             \
    "-- severity:   critical\n"                                                                    \
    "-- tier:       1\n"                                                                           \
    "-- needs:      runs approvals|vcs history:30\n"                                               \
    "-- population: change where result = 'applied'\n"                                             \
    "-- population-words: applied changes\n"                                                       \
    "-- if-empty:   Every change has an approval.\n"                                               \
    "-- reviewer:   Ask.\n"
#define GOOD_COLUMNS                                                                               \
    "-- columns:    item id \"Change\" 8 bold, t time \"When, in UTC\", who text \"Who\" 0 under " \
    "item\n"
#define SELECT "SELECT item, t, who FROM change ORDER BY t, item;\n"

static struct arena arena;

static bool read_text(const char *text, bool is_set, struct query *q, struct err *err)
{
    *q = (struct query){0};
    *err = (struct err){0};
    return header_read(&arena, STR("queries/apr/x.sql"), str_from(text), is_set, q, err);
}

/* The message a text is refused with; "" when it is taken. */
static str refusal(const char *text)
{
    struct query q;
    struct err err;

    return read_text(text, false, &q, &err) ? STR("") : str_copy(&arena, str_from(err.text));
}

TEST(a_query_header_gives_every_field)
{
    struct query q;
    struct err err;

    CHECK(read_text(GOOD_HEAD GOOD_COLUMNS "-- param: approval_min 1 -- how many\n" SELECT, false,
                    &q, &err));
    CHECK_STR(q.title, "Changes nobody approved");
    CHECK_INT(q.severity, SEVERITY_CRITICAL);
    CHECK_INT(q.kind, QUERY_EXCEPTIONS);
    CHECK_STR(q.needs, "runs approvals|vcs history:30");
    CHECK_STR(q.population, "change where result = 'applied'");
    CHECK_STR(q.params->name, "approval_min");
    CHECK_STR(q.params->value, "1");
    CHECK_STR(q.params->note, "how many");
    CHECK_STR(q.sql, "SELECT item, t, who FROM change ORDER BY t, item");
}

TEST(columns_have_titles_with_commas_weights_and_places)
{
    struct query q;
    struct err err;

    CHECK(read_text(GOOD_HEAD GOOD_COLUMNS SELECT, false, &q, &err));
    CHECK_INT(q.ncolumns, 3);
    CHECK_INT(q.columns[0].weight, 8);
    CHECK(q.columns[0].is_bold);
    CHECK_STR(q.columns[1].title, "When, in UTC");
    CHECK_INT(q.columns[1].type, COLUMN_TIME);
    CHECK_INT(q.columns[1].weight, 10);
    CHECK_INT(q.columns[2].weight, 0);
    CHECK_STR(q.columns[2].under, "item");
}

TEST(a_header_line_goes_on_in_the_next_when_it_is_indented)
{
    struct query q;
    struct err err;

    CHECK(read_text(GOOD_HEAD "-- caveat:     one\n--             two\n" GOOD_COLUMNS SELECT, false,
                    &q, &err));
    CHECK_STR(q.caveat, "one two");
}

TEST(a_list_of_its_population_needs_no_item)
{
    struct query q;
    struct err err;

    CHECK(read_text(GOOD_HEAD "-- kind: population\n-- columns: who text \"Who\"\n" SELECT, false,
                    &q, &err));
    CHECK_INT(q.kind, QUERY_POPULATION);
}

TEST(a_set_has_columns_and_no_severity)
{
    struct query q;
    struct err err;

    CHECK(read_text("-- title: Days\n-- columns: no row \"No\", ref ref \"Evidence\"\n\nSELECT 1\n",
                    true, &q, &err));
    CHECK_INT(q.columns[0].computed, COMPUTED_ROW);
    CHECK_INT(q.columns[1].computed, COMPUTED_REF);
    CHECK(!read_text("-- title: Days\n-- severity: high\n-- columns: n count \"N\"\nSELECT 1\n",
                     true, &q, &err));
    CHECK_STR(str_from(err.text), "queries/apr/x.sql:2: key not used here: 'severity'");
}

TEST(every_slip_is_refused_with_its_line)
{
    CHECK_STR(refusal(GOOD_HEAD GOOD_COLUMNS "-- sverity: high\n" SELECT),
              "queries/apr/x.sql:11: unknown header key 'sverity'");
    CHECK_STR(refusal(GOOD_HEAD GOOD_COLUMNS "-- just words\n" SELECT),
              "queries/apr/x.sql:11: unknown header key 'just words'");
    CHECK_STR(refusal(GOOD_HEAD GOOD_COLUMNS "-- tier: 2\n" SELECT),
              "queries/apr/x.sql:11: header key said twice: 'tier'");
    CHECK_STR(refusal(GOOD_HEAD SELECT), "queries/apr/x.sql:1: header key 'columns' is missing");
    CHECK_STR(refusal(GOOD_HEAD "-- columns: item words \"Change\"\n" SELECT),
              "queries/apr/x.sql:10: column: unknown type 'words'");
    CHECK_STR(refusal(GOOD_HEAD "-- columns: item id Change\n" SELECT),
              "queries/apr/x.sql:10: column: no title in quotes for 'item'");
    CHECK_STR(refusal(GOOD_HEAD "-- columns: who id \"Who\"\n" SELECT),
              "queries/apr/x.sql:10: columns: exceptions need the column 'item'");
    CHECK_STR(refusal(GOOD_HEAD "-- columns: item id \"A\", item id \"B\"\n" SELECT),
              "queries/apr/x.sql:10: column said twice: 'item'");
    CHECK_STR(refusal(GOOD_HEAD GOOD_COLUMNS "-- caveat:\n" SELECT),
              "queries/apr/x.sql:11: no value for header key 'caveat'");
    CHECK_STR(refusal(GOOD_HEAD GOOD_COLUMNS), "queries/apr/x.sql:1: no SELECT below the header");
}

TEST(a_need_that_does_not_exist_is_refused)
{
    CHECK(need_known(STR("history:30")));
    CHECK(!need_known(STR("history:0")));
    CHECK(!need_known(STR("history:")));
    CHECK_STR(refusal("-- title: x\n-- needs: runs cloud\n"),
              "queries/apr/x.sql:2: unknown need 'cloud'");
}
