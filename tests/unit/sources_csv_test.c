/* CSV: telling a header, cutting rows anywhere, and the JSON object that a row becomes. */
#include "base/buf.h"
#include "check.h"
#include "sources/cutter_csv.h"
#include "sources/input.h"

static struct arena arena;

/* All rows as "row@offset:line", a broken one with "!", joined by "|". */
static str rows_of(str text, size_t piece)
{
    struct cutter *c = cutter_new(CUTTER_CSV, 64);
    struct buf out = {0};
    size_t from = 0, to = piece < text.len ? piece : text.len;
    struct cut cut;
    str all;

    for (;;) {
        size_t at = 0;

        while (cutter_next(c, str_part(text, from, to), from, &at, to == text.len, &cut))
            buf_print(&out, "%s%s%.*s@%d:%d", out.len ? "|" : "", cut.kind == CUT_BROKEN ? "!" : "",
                      STR_FMT(cut.bytes), (int)cut.offset, (int)cut.line);
        from += at;
        if (to == text.len)
            break;
        to = to + piece < text.len ? to + piece : text.len;
    }
    all = buf_str_copy(&out, &arena);
    buf_free(&out);
    cutter_free(c);
    return all;
}

static str object_of(const char *header, const char *row)
{
    struct err err = {0};
    str record = STR_NONE;

    return csv_record(str_from(header), str_from(row), &arena, &record, &err)
               ? record
               : str_copy(&arena, str_from(err.text));
}

TEST(a_header_is_three_names_and_no_prose)
{
    CHECK_INT(csv_separator(STR("id,params,data\n1,2,3")), ',');
    CHECK_INT(csv_separator(STR("\xEF\xBB\xBF\"Event ID\";\"User name\";\"Time\"\r\n")), ';');
    CHECK_INT(csv_separator(STR("a\tb\tc")), '\t');
    CHECK_INT(csv_separator(STR("@timestamp,@message\n")), ',');
    CHECK_INT(csv_separator(STR("Hello, world\n")), 0);
    CHECK_INT(csv_separator(STR("Plan: 1 to add, 0 to change, 0 to destroy.\n")), 0);
    CHECK_INT(csv_separator(STR("{\"a\":1,\"b\":2,\"c\":3}")), 0);
    CHECK_INT(csv_separator(STR("[1,2,3]")), 0);
    CHECK_INT(csv_separator(STR("2026-07-01 08:00:00,a,b\n")), 0);
}

TEST(rows_are_the_same_in_whatever_pieces_they_arrive)
{
    str text = STR("\xEF\xBB\xBFid,name,text\r\n1,a,\"x\ny\"\r\n\r\n2,b,\"say \"\"hi\"\"\"\n3,c,d");

    for (size_t piece = 1; piece <= text.len; piece++)
        CHECK_STR(rows_of(text, piece),
                  "1,a,\"x\ny\"\r@17:2|2,b,\"say \"\"hi\"\"\"@30:5|3,c,d@47:6");
}

TEST(a_quote_that_is_never_closed_costs_its_line)
{
    CHECK_STR(rows_of(STR("id,name,text\n1,\"a,b\n2,c,d\n"), 1000), "!1,\"a,b@13:2|2,c,d@20:3");
}

TEST(a_row_becomes_an_object_with_the_names_of_the_header)
{
    CHECK_STR(object_of("a,\"b c\",d\r", "1,\"x \"\"y\"\"\n,z\",\r"),
              "{\"a\":\"1\",\"b c\":\"x \\\"y\\\"\\n,z\",\"d\":\"\"}");
    CHECK_STR(object_of("a;b;c", "1;2"), "{\"a\":\"1\",\"b\":\"2\"}");
    CHECK_STR(object_of("a,b,c", "1,2,3,"), "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
    CHECK_STR(object_of("a,b,c", "1,2,3,4"), "more cells than the header has names (3)");
    CHECK_STR(object_of("a,b,c", "x\"y,2,3"), "{\"a\":\"x\\\"y\",\"b\":\"2\",\"c\":\"3\"}");
}
