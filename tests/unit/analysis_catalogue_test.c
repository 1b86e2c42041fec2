#include <stdio.h>
#include <stdlib.h>

#include "check.h"

#include "analysis/analysis.h"
#include "base/file.h"

static struct arena arena;

static const char good_query[] =
    "-- title: T\n-- question: Q?\n-- severity: high\n-- tier: 1\n-- needs: any\n-- population: "
    "event\n"
    "-- population-words: events\n-- if-empty: None.\n-- reviewer: Look.\n-- columns: item id "
    "\"Item\"\nSELECT id AS item FROM event\n";

/* Loads a folder made of the given files; `err` gets the message without the folder. */
static bool load_made(const char *const files[][2], size_t nfiles, struct catalogue *c,
                      str *message)
{
    char dir[] = "/tmp/auditpress-test-XXXXXX";
    struct err err = {0};
    bool ok = mkdtemp(dir) != NULL;

    for (size_t i = 0; ok && i < nfiles; i++) {
        str path = str_print(&arena, "%s/%s", dir, files[i][0]);

        ok = dir_make(str_z(&arena, str_part(path, 0, str_find_last(path, '/'))), &err) &&
             file_write(str_z(&arena, path), str_from(files[i][1]), &err);
    }
    ok = ok && catalogue_load(&arena, dir, c, &err);
    *message = str_copy(&arena, str_from(err.text));
    if (str_find(*message, STR("': ")) != SIZE_MAX)
        *message = str_part(*message, str_find(*message, STR("': ")) + 3, message->len);
    if (!dir_remove(dir, &err))
        printf("%s\n", err.text);
    return ok;
}

/* The message with which one file beside a good query is refused. */
static str refusal(const char *path, const char *text)
{
    const char *const files[][2] = {{"queries/tst/tst-one.sql", good_query}, {path, text}};
    struct catalogue c;
    str message;

    return load_made(files, 2, &c, &message) ? STR("taken") : message;
}

TEST(the_catalogue_of_the_program_can_be_loaded)
{
    struct catalogue c;
    struct err err = {0};
    size_t queries = 0;

    if (!catalogue_load(&arena, "report", &c, &err))
        CHECK_STR(str_from(err.text), "");
    for (const struct query *q = c.queries; q; q = q->next)
        queries++;
    CHECK(queries >= 22);
    CHECK(catalogue_find(&c, STR("apr-unapproved-run")) != NULL);
    CHECK(catalogue_find(&c, STR("apr-unapproved")) == NULL);
    CHECK(catalogue_find_set(&c, STR("events")) != NULL);
    CHECK_INT(c.version.len, 12);
    CHECK(c.frameworks != NULL && c.lists != NULL);
}

TEST(the_version_changes_with_a_rule_and_not_with_its_samples)
{
    const char *const one[][2] = {{"queries/tst/tst-one.sql", good_query}};
    const char *const sampled[][2] = {{"queries/tst/tst-one.sql", good_query},
                                      {"queries/tst/tst-one.cases.json", "{}"}};
    const char *const renamed[][2] = {{"queries/tst/tst-two.sql", good_query}};
    struct catalogue a, b, c;
    str message;

    CHECK(load_made(one, 1, &a, &message));
    CHECK(load_made(sampled, 2, &b, &message));
    CHECK(load_made(renamed, 1, &c, &message));
    CHECK_STR(b.version, str_z(&arena, a.version));
    CHECK(!str_eq(c.version, a.version));
}

TEST(a_list_says_what_it_is_and_gives_its_rows)
{
    const char *const files[][2] = {
        {"queries/tst/tst-one.sql", good_query},
        {"lists/roles.tsv",
         "# Roles of power\n# looked up 2026-11\nsource\tservice\tpattern\tnote\n\n"
         "aws-cloudtrail\tiam\t*Admin*\teverything\n\t\troles/owner\n"},
    };
    struct catalogue c;
    str message;

    CHECK(load_made(files, 2, &c, &message));
    CHECK_STR(c.list_files->name, "roles");
    CHECK_STR(c.list_files->about, "Roles of power");
    CHECK_INT(c.list_files->rows, 2);
    CHECK_STR(c.lists->pattern, "*Admin*");
    CHECK_STR(c.lists->next->pattern, "roles/owner");
    CHECK_STR(c.lists->next->source, "");
}

TEST(what_is_wrong_in_a_file_is_said_with_its_name)
{
    CHECK_STR(refusal("queries/tst/other-one.sql", good_query),
              "queries/tst/other-one.sql:1: a query of family 'tst' is named 'tst-...'");
    CHECK_STR(refusal("lists/x.tsv", "pattern\n"),
              "lists/x.tsv:1: the first line must name the columns source, service, pattern, note");
    CHECK_STR(refusal("lists/x.tsv", "source\tservice\tpattern\tnote\na\tb\tc\td\te\n"),
              "lists/x.tsv:2: expected source, service, pattern and note between tabs");
    CHECK_STR(refusal("lists/x.tsv", "# nothing\n"), "lists/x.tsv: empty list");
    CHECK_STR(refusal("frameworks/X.json", "{\"name\": \"Y\", \"title\": \"Y\", \"controls\": []}"),
              "frameworks/X.json: the name inside is 'Y'");
    CHECK_STR(refusal("frameworks/X.json", "{\"name\": \"X\", \"controls\": [], \"more\": 1}"),
              "frameworks/X.json: unknown key 'more'");
    CHECK_STR(refusal("frameworks/X.json", "{\"name\": \"X\", \"controls\": [{\"id\": \"A\", "
                                           "\"label\": \"l\", \"queries\": [\"q\"], "
                                           "\"strength\": \"strong\"}]}"),
              "frameworks/X.json: control 'A': unknown strength 'strong'");
}

TEST(a_folder_without_queries_is_refused)
{
    const char *const files[][2] = {{"lists/x.tsv", "source\tservice\tpattern\tnote\n\t\ta\n"}};
    struct catalogue c;
    str message;

    CHECK(!load_made(files, 1, &c, &message));
    CHECK(str_starts(message, STR("no queries in '")));
}
