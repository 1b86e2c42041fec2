#include <stdlib.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "check.h"
#include "example_report.h"
#include "model/display.h"
#include "render/xlsx.h"

extern const struct renderer renderer_xlsx;

/* A folder of its own for each run of the tests; gone when a test ends well. */
static const char *folder(struct arena *a)
{
    char *path = str_z(a, STR("/tmp/auditpress-xlsx-XXXXXX"));

    return mkdtemp(path) ? path : "/nonexistent";
}

static const char *in(struct arena *a, const char *dir, const char *name)
{
    return str_z(a, path_join(a, str_from(dir), str_from(name)));
}

static void remove_folder(const char *dir)
{
    struct err err = {0};

    if (!dir_remove(dir, &err))
        printf("%s\n", err.text);
}

static const struct theme *theme(struct arena *a)
{
    struct err err = {0};
    const struct theme *t = theme_load(a, "templates", STR("default"), &err);

    if (!t)
        printf("%s\n", err.text);
    return t;
}

/* What the other reader prints; standard error with it, so that a failed check shows why. */
static str read_with(struct arena *a, const char *options, const char *path, const char *sheet)
{
    struct buf b = {0};
    char *command =
        str_z(a, str_print(a, "/usr/bin/python3 tests/tools/read_xlsx.py %s '%s' %s 2>&1", options,
                           path, sheet));
    FILE *p = popen(command, "r");
    char part[4096];
    size_t n;
    str out;

    while (p && (n = fread(part, 1, sizeof part, p)) > 0)
        buf_add(&b, (str){part, n});
    if (!p || pclose(p) != 0)
        buf_addz(&b, "\nreader failed\n");
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

static str line_of(str text, size_t number)
{
    str line = STR_NONE;

    for (size_t i = 0; i <= number; i++)
        line = str_cut(&text, '\n');
    return line;
}

static str cells_json(struct arena *a, str name, str text, size_t bytes)
{
    struct buf b = {0};
    str out;

    buf_addc(&b, '[');
    buf_add_json(&b, name);
    buf_addz(&b, ", ");
    buf_add_json(&b, text);
    buf_print(&b, ", %zu]", bytes);
    out = buf_str_copy(&b, a);
    buf_free(&b);
    return out;
}

TEST(a_workbook_has_the_rows_of_every_table_and_other_readers_accept_it)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    const struct report *r = example_report_in(&a, &rows, 2500);
    str sheets;

    if (!renderer_xlsx.render(r, theme(&a), &a, path, &notes, &err))
        CHECK_FAIL("%s", err.text);
    CHECK_STR(read_with(&a, "--check", path, ""), "ok\n");
    sheets = read_with(&a, "", path, "");
    CHECK(str_contains(sheets, STR("\nExceptions\t9\t9\tvisible\n")));
    CHECK(str_contains(sheets, STR("\nControls\t9\t7\tvisible\n")));
    CHECK(str_contains(sheets, STR("\nEvents\t2501\t8\tvisible\n")));
    CHECK(str_contains(sheets, STR("\nStrings- a-b-c-\t22\t3\tvisible\n")));
    CHECK(str_contains(sheets, STR("\nLists\t5\t1\thidden\n")));
    CHECK(str_starts(sheets, STR("README\t")));
    CHECK_INT(notes.rows, 8 + 8 + 2500 + 21);
    CHECK_INT(notes.cells_cut, 1);
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

TEST(every_awkward_string_is_in_its_cell_as_display_text)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    str cells;

    CHECK(renderer_xlsx.render(example_report_in(&a, &rows, 1), theme(&a), &a, path, &notes, &err));
    cells = read_with(&a, "", path, "'Strings- a-b-c-'");
    for (size_t i = 0; i < EXAMPLE_NAWKWARD; i++) {
        const struct example_awkward *k = &example_awkward[i];

        CHECK_STR(line_of(cells, i + 1),
                  str_z(&a, cells_json(&a, str_from(k->name), str_from(k->shown), k->raw.len)));
    }
    CHECK(str_contains(cells, STR("\u2026 [+")));
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

TEST(values_arrive_with_their_types)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");

    CHECK(renderer_xlsx.render(example_report_in(&a, &rows, 2), theme(&a), &a, path, &notes, &err));
    CHECK_STR(line_of(read_with(&a, "", path, "Controls 2 2"), 0),
              "[\"CC6.1\", \"Privileged access needs an approved request\", 48112, 1, 0, "
              "{\"seconds\": 5400}, \"exceptions\"]");
    CHECK(str_starts(line_of(read_with(&a, "", path, "Controls 4 4"), 0),
                     STR("[\"CC6.3\", \"No wildcard")));
    CHECK(str_starts(line_of(read_with(&a, "", path, "Events 2 2"), 0),
                     STR("[90001, {\"date\": \"2026-10-01T")));
    CHECK(str_contains(read_with(&a, "", path, "Exceptions 2 2"),
                       STR("{\"date\": \"2026-10-02T09:41:07\"}, null, \"9f2c7be15d0a")));
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

TEST(data_sheets_are_set_up_for_filtering_review_and_print)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    str look;

    CHECK(renderer_xlsx.render(example_report_in(&a, &rows, 2), theme(&a), &a, path, &notes, &err));
    look = read_with(&a, "--look", path, "Exceptions");
    CHECK(str_contains(look, STR("frozen: B2\n")));
    CHECK(str_contains(look, STR("filter: A1:I9\n")));
    CHECK(str_contains(look, STR("merged: 0\n")));
    CHECK(str_contains(look, STR("protected: True\n")));
    CHECK(
        str_contains(look, STR("orientation: landscape\npaper: 9\nfit: None 0\nrepeat: $1:$1\n")));
    CHECK(str_contains(look, STR("APR-2026-10-PROD-1a2b3c \u00B7 data 9f2c7be15d0a | ")));
    CHECK(str_contains(look, STR("choices: H2:H9 choices_1 Lists!$A$2:$A$5\n")));
    CHECK(str_contains(look, STR("head: A1 True FFFFFFFF FF0B2A4A\n")));
    CHECK(str_contains(look, STR("cell: G2 yyyy-mm-dd hh:mm:ss locked\n")));
    CHECK(str_contains(look, STR("cell: H2 @ unlocked\n")));
    CHECK(str_contains(look, STR("cell: B2 \"\u25B2 \"@ locked\n")));
    look = read_with(&a, "--look", path, "Controls");
    CHECK(str_contains(look, STR("protected: False\n")));
    CHECK(str_contains(look, STR("cell: C2 #,##0 locked\ncell: D2 #,##0 locked\ncell: E2 0.0% "
                                 "locked\ncell: F2 [h]:mm:ss locked\n")));
    CHECK(str_contains(read_with(&a, "--look", path, "Summary"), STR("\ncharts: 4\n")));
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

TEST(properties_come_from_the_report_and_never_from_the_clock)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct report *r = example_report_in(&a, &rows, 1);
    str p;

    r->period_from = STR("2026-10-01T00:00:00Z");
    r->period_until = STR("2026-11-01T00:00:00Z");
    CHECK(renderer_xlsx.render(r, theme(&a), &a, path, &notes, &err));
    p = read_with(&a, "--properties", path, "");
    CHECK(str_contains(p, STR("created: 2026-11-02 06:00:00\n")));
    CHECK(str_contains(p, STR("ReportId: APR-2026-10-PROD-1a2b3c\nEnvironment: production\n"
                              "PeriodStart: 2026-10-01T00:00:00Z\nPeriodEnd: 2026-11-01T00:00:00Z\n"
                              "DatasetSHA256: 9f2c7be1")));
    CHECK(str_contains(p, STR("ToolVersion: auditpress 0.1.0\nComplete: false\n")));
    CHECK(str_contains(p, STR("read-only recommended: True\n")));
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

TEST(the_same_report_gives_the_same_bytes)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *one = in(&a, dir, "a.xlsx"), *two = in(&a, dir, "b.xlsx");
    str first, second;

    CHECK(
        renderer_xlsx.render(example_report_in(&a, &rows, 300), theme(&a), &a, one, &notes, &err));
    CHECK(
        renderer_xlsx.render(example_report_in(&a, &rows, 300), theme(&a), &a, two, &notes, &err));
    CHECK(file_read(&a, one, 0, &first, &err) && file_read(&a, two, 0, &second, &err));
    CHECK(str_eq(first, second));
    remove_folder(dir);
    arena_free(&rows);
    arena_free(&a);
}

/* --- small tables of our own ---------------------------------------------------------------- */

static struct report *report_of(struct arena *a, const struct table *t, const char *title)
{
    struct report *r = arena_new(a, struct report, 1);
    struct block *b = arena_new(a, struct block, 1);

    *r = (struct report){.id = STR("R"), .title = STR("Title"), .state = STR("FINAL")};
    r->sections = arena_new(a, struct section, 1);
    *r->sections = (struct section){
        .number = STR("1"), .title = str_from(title), .is_xlsx = true, .blocks = b};
    *b = (struct block){.kind = BLOCK_TABLE, .title = str_from(title), .table = t};
    return r;
}

static const struct column one_column[] = {
    {.name = EX("n"), .title = EX("Number"), .type = COLUMN_COUNT}};

struct counter {
    uint64_t at, end;
};

static bool counter_next(void *state, struct value *v, struct err *err)
{
    struct counter *c = state;

    (void)err;
    if (c->at == c->end)
        return false;
    v[0] = example_count((int64_t)c->at++);
    return true;
}

static bool counter_rewind(void *state, struct err *err)
{
    (void)err;
    ((struct counter *)state)->at = 0;
    return true;
}

TEST(a_table_longer_than_a_sheet_goes_on_in_the_next_and_loses_no_row)
{
    struct arena a = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct counter c = {0, 25};
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .nrows = 25,
                      .sheet = STR("Events"),
                      .source = {&c, counter_next, counter_rewind}};
    str readme;

    CHECK(xlsx_render(report_of(&a, &t, "Events"), theme(&a), 10, &a, path, &notes, &err));
    CHECK(str_contains(read_with(&a, "", path, ""), STR("Events\t11\t1\tvisible\nEvents 2\t11\t1\t"
                                                        "visible\nEvents 3\t6\t1\tvisible\n")));
    CHECK_STR(read_with(&a, "", path, "'Events 3' 1 3"), "[\"Number\"]\n[20]\n[21]\n");
    readme = read_with(&a, "", path, "README");
    CHECK(str_contains(readme, STR("\"Events 2\", \"Events, rows 11\u201320 of 25\"")));
    CHECK_INT(notes.rows, 25);
    remove_folder(dir);
    arena_free(&a);
}

TEST(a_source_with_fewer_or_more_rows_than_promised_gives_no_workbook)
{
    struct arena a = {0};
    struct err few = {0}, many = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct counter c = {0, 5};
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .nrows = 6,
                      .sheet = STR("Events"),
                      .source = {&c, counter_next, counter_rewind}};

    CHECK(!xlsx_render(report_of(&a, &t, "E"), theme(&a), 10, &a, path, &notes, &few));
    CHECK_STR(str_from(few.text), "sheet 'Events': 6 rows were promised and 5 came");
    CHECK(!file_exists(path));
    t.nrows = 4;
    CHECK(!xlsx_render(report_of(&a, &t, "E"), theme(&a), 10, &a, path, &notes, &many));
    CHECK_STR(str_from(many.text), "sheet 'Events': more than the promised 4 rows came");
    CHECK(!file_exists(path));
    remove_folder(dir);
    arena_free(&a);
}

TEST(two_tables_cannot_share_a_sheet_and_the_workbooks_own_names_are_kept)
{
    struct arena a = {0};
    struct err same = {0}, own = {0};
    struct render_notes notes = {0};
    struct table t = {.columns = one_column, .ncolumns = 1, .sheet = STR("Events")};
    struct table u = {.columns = one_column, .ncolumns = 1, .sheet = STR("EVENTS")};
    struct report *r = report_of(&a, &t, "First");
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");

    r->sections->next = report_of(&a, &u, "Second")->sections;
    CHECK(!xlsx_render(r, theme(&a), 10, &a, path, &notes, &same));
    CHECK_STR(str_from(same.text), "section 'Second': two tables ask for sheet 'EVENTS'");
    u.sheet = STR("readme");
    CHECK(!xlsx_render(r, theme(&a), 10, &a, path, &notes, &own));
    CHECK_STR(str_from(own.text),
              "section 'Second': sheet name 'readme' is one that the workbook uses itself");
    remove_folder(dir);
    arena_free(&a);
}

TEST(sheet_names_are_bent_until_spreadsheet_programs_take_them)
{
    struct arena a = {0};

    CHECK_STR(xlsx_sheet_name(STR("Events"), &a), "Events");
    CHECK_STR(xlsx_sheet_name(STR("a/b\\c[1]:*?"), &a), "a-b-c-1----");
    CHECK_STR(xlsx_sheet_name(STR("'quoted'"), &a), "quoted");
    CHECK_STR(xlsx_sheet_name(STR("history"), &a), "History of changes");
    CHECK_STR(xlsx_sheet_name(STR("  '' "), &a), "Table");
    CHECK_STR(xlsx_sheet_name(STR("A name with more than thirty-one characters"), &a),
              "A name with more than thirty-on");
    CHECK_STR(xlsx_sheet_name(STR("\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680"
                                  "\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680"
                                  "\U0001F680\U0001F680\U0001F680\U0001F680"),
                              &a),
              "\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680"
              "\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680\U0001F680");
    CHECK_STR(xlsx_part_name(STR("A name with thirty-one letters."), 12, &a),
              "A name with thirty-one lette 12");
    arena_free(&a);
}

TEST(a_text_that_looks_like_an_escape_is_escaped_and_a_long_one_is_cut_with_a_mark)
{
    struct arena a = {0};
    bool was_cut;
    char *big = arena_alloc(&a, 40000, 1);
    str cell;

    CHECK_STR(xlsx_cell_text(STR("_x0041_ _x00g1_ _X0041_"), STR_NONE, &a, &was_cut),
              "_x005F_x0041_ _x00g1_ _X0041_");
    CHECK_STR(xlsx_cell_text(STR("_x0041_x0042_"), STR_NONE, &a, &was_cut),
              "_x005F_x0041_x005F_x0042_");
    CHECK(!was_cut);
    memset(big, 'x', 40000);
    cell = xlsx_cell_text((str){big, XLSX_CELL_UNITS}, STR_NONE, &a, &was_cut);
    CHECK(!was_cut && cell.len == XLSX_CELL_UNITS);
    cell = xlsx_cell_text((str){big, 40000}, STR("abc"), &a, &was_cut);
    CHECK(was_cut);
    CHECK_STR(str_part(cell, cell.len - 45, cell.len),
              "xx\u2026 [+7,393 characters, record SHA-256 abc]");
    arena_free(&a);
}

TEST(times_durations_and_counts_beyond_what_a_cell_can_hold_are_text)
{
    static const struct column columns[] = {
        {.name = EX("t"), .title = EX("When"), .type = COLUMN_TIME},
        {.name = EX("d"), .title = EX("Took"), .type = COLUMN_DURATION},
        {.name = EX("n"), .title = EX("Count"), .type = COLUMN_COUNT},
        {.name = EX("p"), .title = EX("Rate"), .type = COLUMN_PERCENT},
        {.name = EX("i"), .title = EX("Account"), .type = COLUMN_ID},
    };
    struct value v[] = {
        {.is_set = true, .number = (INT64_C(1790000000) << 30) + 123456789},
        example_count(100 * 3600 + 61),
        example_count(999999999999999),
        example_count(125),
        example_text("012345678901"),
        {.is_set = true, .number = 5},
        example_count(-3661),
        example_count(INT64_MAX),
        {.is_set = false},
        example_text("=cmd|' /C calc'!A0"),
    };
    struct table t = {
        .columns = columns, .ncolumns = 5, .values = v, .nrows = 2, .sheet = STR("Data")};
    struct arena a = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");

    CHECK(xlsx_render(report_of(&a, &t, "Data"), theme(&a), 10, &a, path, &notes, &err));
    CHECK_STR(
        read_with(&a, "", path, "Data"),
        "[\"When (UTC)\", \"Took\", \"Count\", \"Rate\", \"Account\"]\n"
        "[{\"date\": \"2026-09-21T14:13:20\"}, {\"seconds\": 360061}, 999999999999999, 0.125, "
        "\"012345678901\"]\n"
        "[null, \"-1:01:01\", \"9223372036854775807\", null, \"=cmd|' /C calc'!A0\"]\n");
    remove_folder(dir);
    arena_free(&a);
}

TEST(an_empty_table_has_its_head_and_its_sentence_apart)
{
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .sheet = STR("Data"),
                      .empty = STR("No exceptions in this period.")};
    struct arena a = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");

    CHECK(xlsx_render(report_of(&a, &t, "Data"), theme(&a), 10, &a, path, &notes, &err));
    CHECK_STR(read_with(&a, "", path, "Data"),
              "[\"Number\"]\n[null]\n[\"No exceptions in this period.\"]\n");
    remove_folder(dir);
    arena_free(&a);
}

TEST(more_cells_than_memory_should_hold_are_streamed_and_read_back_the_same)
{
    struct arena a = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct counter c = {0, 1048577};
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .nrows = 1048577,
                      .sheet = STR("Events"),
                      .source = {&c, counter_next, counter_rewind}};

    if (!xlsx_render(report_of(&a, &t, "Events"), theme(&a), XLSX_ROWS_PER_SHEET, &a, path, &notes,
                     &err))
        CHECK_FAIL("%s", err.text);
    CHECK_INT(notes.rows, 1048577);
    CHECK_INT(notes.sheets, 4);
    CHECK_STR(read_with(&a, "", path, "'Events 2'"), "[\"Number\"]\n[1048575]\n[1048576]\n");
    remove_folder(dir);
    arena_free(&a);
}

/* --- what goes wrong on disk ---------------------------------------------------------------- */

TEST(a_full_disk_is_an_error_and_leaves_no_file)
{
    struct arena a = {0};
    struct err err = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct counter c = {0, 200000};
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .nrows = 200000,
                      .sheet = STR("Events"),
                      .source = {&c, counter_next, counter_rewind}};
    struct rlimit was, small;
    bool ok;

    /* No file may grow beyond 1 MB: the library's temporary files end there, and it does not look.
     */
    CHECK(getrlimit(RLIMIT_FSIZE, &was) == 0);
    small = was;
    small.rlim_cur = 1 << 20;
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
    ok = xlsx_render(report_of(&a, &t, "Events"), theme(&a), XLSX_ROWS_PER_SHEET, &a, path, &notes,
                     &err);
    CHECK(setrlimit(RLIMIT_FSIZE, &was) == 0);
    CHECK(!ok);
    CHECK(str_contains(str_from(err.text), STR("workbook")));
    CHECK(!file_exists(path));
    remove_folder(dir);
    arena_free(&a);
}

TEST(a_folder_that_is_not_there_is_an_error)
{
    struct arena a = {0}, rows = {0};
    struct err err = {0};
    struct render_notes notes = {0};

    CHECK(!renderer_xlsx.render(example_report_in(&a, &rows, 1), theme(&a), &a,
                                "/nonexistent/a.xlsx", &notes, &err));
    CHECK_STR(str_from(err.text), "cannot look at '/nonexistent': No such file or directory");
    arena_free(&rows);
    arena_free(&a);
}

TEST(reading_back_finds_a_missing_row_a_cut_part_and_a_flipped_byte)
{
    struct arena a = {0};
    struct err few = {0}, flipped = {0}, cut = {0}, none = {0};
    struct render_notes notes = {0};
    const char *dir = folder(&a), *path = in(&a, dir, "a.xlsx");
    struct counter c = {0, 50};
    struct table t = {.columns = one_column,
                      .ncolumns = 1,
                      .nrows = 50,
                      .sheet = STR("Events"),
                      .source = {&c, counter_next, counter_rewind}};
    uint64_t rows[] = {0, 0, 52};
    str bytes;
    char *copy;

    CHECK(xlsx_render(report_of(&a, &t, "Events"), theme(&a), 100, &a, path, &notes, &few));
    CHECK(!xlsx_check(path, rows, 3, &few));
    CHECK(
        str_starts(str_from(few.text), STR("the workbook did not reach the disk whole: sheet 1")));
    CHECK(file_read(&a, path, 0, &bytes, &few));
    copy = arena_alloc(&a, bytes.len, 1);
    memcpy(copy, bytes.ptr, bytes.len);
    copy[bytes.len / 2] ^= 1;
    CHECK(file_write(path, (str){copy, bytes.len}, &few));
    CHECK(!xlsx_check(path, rows, 3, &flipped));
    CHECK(file_write(path, str_part(bytes, 0, bytes.len - 30), &few));
    CHECK(!xlsx_check(path, rows, 3, &cut));
    CHECK_STR(str_from(cut.text), "the workbook did not reach the disk whole: no end record");
    CHECK(file_write(path, STR(""), &few));
    CHECK(!xlsx_check(path, rows, 3, &none));
    remove_folder(dir);
    arena_free(&a);
}
