#include <stdlib.h>

#include "base/buf.h"
#include "check.h"
#include "sources/input.h"

static struct arena arena;

/* Every cut on a line of its own: a record as JSON, or what is wrong with it; in windows that grow
 * by `piece` bytes. */
static str table_in_pieces(str text, size_t piece)
{
    struct cutter *c = cutter_new(CUTTER_CSV, 4096);
    size_t from = 0, to = piece < text.len ? piece : text.len, at;
    struct buf out = {0};
    struct cut cut;
    str all;

    for (;;) {
        char *window = xmalloc(to - from + 1);
        bool is_last = to == text.len;

        at = 0;
        memcpy(window, text.ptr + from, to - from);
        while (cutter_next(c, (str){window, to - from}, from, &at, is_last, &cut)) {
            buf_print(&out, "%d@%d ", (int)cut.line, (int)cut.offset);
            if (cut.kind == CUT_RECORD)
                buf_add(&out, csv_record(cut.outer, cut.bytes, &arena));
            else
                buf_print(&out, "%c %s", cut.kind == CUT_BROKEN ? '!' : '~', cut.reason);
            buf_addc(&out, '\n');
        }
        free(window);
        from += at;
        if (is_last)
            break;
        to = to + piece < text.len ? to + piece : text.len;
    }
    all = buf_str_copy(&out, &arena);
    buf_free(&out);
    cutter_free(c);
    return all;
}

static str table(const char *text)
{
    str whole = table_in_pieces(str_from(text), SIZE_MAX / 2);

    for (size_t piece = 1; piece < 12; piece++)
        if (!str_eq(table_in_pieces(str_from(text), piece), whole))
            return STR("it depends on the windows");
    return whole;
}

static const char *shape_of(const char *text)
{
    static const char *const names[] = {"json", "nul", "csv"};
    enum cutter_shape shape;
    const char *why;

    return input_sniff(str_from(text), &shape, &why) ? names[shape] : why;
}

TEST(a_row_becomes_an_object_from_column_to_cell)
{
    CHECK_STR(table("Who,When \nann,2026-01-01\n"),
              "2@10 {\"Who\":\"ann\",\"When\":\"2026-01-01\"}\n");
}

TEST(each_separator_is_found_from_the_header)
{
    CHECK_STR(table("a;b;c\n1,5;2;3\n"), "2@6 {\"a\":\"1,5\",\"b\":\"2\",\"c\":\"3\"}\n");
    CHECK_STR(table("a\tb\tc\n1\t2\t\n"), "2@6 {\"a\":\"1\",\"b\":\"2\",\"c\":\"\"}\n");
    CHECK_STR(table("a|b|c\n1|2|3"), "2@6 {\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}\n");
}

TEST(quoted_cells_may_hold_quotes_separators_and_line_feeds)
{
    CHECK_STR(table("a,b\r\n\"x \"\"y\"\", z\",\"one\r\ntwo\"\r\n3,4\r\n"),
              "2@5 {\"a\":\"x \\\"y\\\", z\",\"b\":\"one\\r\\ntwo\"}\n"
              "4@30 {\"a\":\"3\",\"b\":\"4\"}\n");
}

TEST(a_byte_order_mark_and_columns_of_one_name_are_no_trouble)
{
    CHECK_STR(table("\xEF\xBB\xBFName,Name,,ID\n1,2,3,4\n"),
              "2@17 {\"Name\":\"1\",\"Name 2\":\"2\",\"column 3\":\"3\",\"ID\":\"4\"}\n");
}

TEST(a_preamble_a_totals_row_and_a_second_header_are_told_and_are_no_records)
{
    CHECK_STR(table("Audit report\nAcme Ltd\n\na,b,c\n1,2,3\na,b,c\n4,5,6\nTotal,,2\n(2 rows)\n"),
              "1@0 ~ lines before the header of the table\n"
              "5@29 {\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}\n"
              "6@35 ~ the header again\n"
              "7@41 {\"a\":\"4\",\"b\":\"5\",\"c\":\"6\"}\n"
              "8@47 ~ a row of totals, not a record\n"
              "9@56 ~ a row of totals, not a record\n");
}

TEST(a_bad_row_costs_one_record)
{
    CHECK_STR(table("a,b,c\n1,2,3\n1,2\n1,2,3,4\n\"x\"y,2,3\n4,5,6\n\"7,8,9\n"),
              "2@6 {\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}\n"
              "3@12 ! the row has fewer cells than the header\n"
              "4@16 ! the row has more cells than the header\n"
              "5@24 ! a quoted cell is followed by what may not follow it\n"
              "6@33 {\"a\":\"4\",\"b\":\"5\",\"c\":\"6\"}\n"
              "7@39 ! a quoted cell is not closed\n");
}

TEST(the_structures_of_athena_become_the_event_again)
{
    CHECK_STR(
        table("\"eventtime\",\"eventsource\",\"eventname\",\"useridentity\",\"resources\","
              "\"readonly\"\n"
              "\"2026-01-01T00:00:00Z\",\"s3.amazonaws.com\",\"PutObject\",\"{type=IAMUser, "
              "username=a, "
              "b=c, sessioncontext={attributes={mfaauthenticated=true}}}\",\"[{arn=arn:aws:s3:::x, "
              "accountid=1}]\",\"false\"\n"),
        "2@76 {\"eventTime\":\"2026-01-01T00:00:00Z\",\"eventSource\":\"s3.amazonaws.com\","
        "\"eventName\":\"PutObject\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"a, "
        "b=c\","
        "\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"true\"}}},"
        "\"resources\":[{\"ARN\":\"arn:aws:s3:::x\",\"accountId\":\"1\"}],\"readOnly\":false,"
        "\"withoutOutcome\":true}\n");
}

TEST(the_message_of_a_log_line_is_the_record)
{
    CHECK_STR(table("@timestamp,@message\n2026-01-01,\"{\"\"eventVersion\"\":\"\"1.08\"\"}\"\n"),
              "2@20 {\"eventVersion\":\"1.08\"}\n");
}

TEST(tables_are_told_from_json_and_from_text)
{
    CHECK_STR(str_from(shape_of("User name,Event time\nann,2026-01-01\n")), "csv");
    CHECK_STR(str_from(shape_of("a,b,c\n")), "csv");
    CHECK_STR(str_from(shape_of("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n")), "json");
    CHECK_STR(str_from(shape_of("Jan 1 host, vault: {\"a\":1}\nJan 1 host, vault: {\"a\":1}\n")),
              "json");
    CHECK_STR(str_from(shape_of("Terraform used the plan, that is.\nIt was fine, really.\n")),
              "json");
    CHECK_STR(str_from(shape_of("one line, of text\n")), "json");
}
