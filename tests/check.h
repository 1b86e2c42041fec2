/*
 * check: the test harness. A test file includes this and holds TESTs; the file needs nothing else.
 *
 *   TEST(period_month_ends_where_the_next_begins)
 *   {
 *       CHECK_INT(june.until, july.from);
 *   }
 *
 * The name is the sentence that is true when it passes. A failed check prints its place and both
 * values and ends the test. main prints one line per failed test and the plain line "N passed, N
 * failed".
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

struct check_test {
    const char *name;
    void (*run)(void);
    struct check_test *next;
};

static struct check_test *check_first, **check_last = &check_first;
static bool check_has_failed;

#define TEST(id)                                                                                   \
    static void test_##id(void);                                                                   \
    __attribute__((constructor)) static void add_##id(void)                                        \
    {                                                                                              \
        static struct check_test t = {#id, test_##id, NULL};                                       \
        *check_last = &t;                                                                          \
        check_last = &t.next;                                                                      \
    }                                                                                              \
    static void test_##id(void)

#define CHECK_FAIL(...)                                                                            \
    do {                                                                                           \
        printf("%s:%d: ", __FILE__, __LINE__);                                                     \
        printf(__VA_ARGS__);                                                                       \
        printf("\n");                                                                              \
        check_has_failed = true;                                                                   \
        return;                                                                                    \
    } while (0)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            CHECK_FAIL("not true: %s", #condition);                                                \
    } while (0)

#define CHECK_INT(actual, wanted)                                                                  \
    do {                                                                                           \
        int64_t check_a = (int64_t)(actual), check_w = (int64_t)(wanted);                          \
        if (check_a != check_w)                                                                    \
            CHECK_FAIL("%s is %" PRId64 ", not %" PRId64, #actual, check_a, check_w);              \
    } while (0)

/* A str against a literal or any other C string. */
#define CHECK_STR(actual, wanted)                                                                  \
    do {                                                                                           \
        str check_a = (actual), check_w = str_from(wanted);                                        \
        if (!str_eq(check_a, check_w))                                                             \
            CHECK_FAIL("%s is '%.*s', not '%.*s'", #actual, STR_FMT(check_a), STR_FMT(check_w));   \
    } while (0)

int main(void)
{
    unsigned passed = 0, failed = 0;

    for (const struct check_test *t = check_first; t; t = t->next) {
        check_has_failed = false;
        t->run();
        if (check_has_failed) {
            printf("FAILED %s\n", t->name);
            failed++;
        } else {
            passed++;
        }
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}

#endif
