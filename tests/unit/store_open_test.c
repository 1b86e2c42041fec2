/* The database as a file: lock, mode, what survives, who may read. */
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "store_fixture.h"

struct place {
    char dir[64];
    struct arena a;
    struct err err;
};

static bool place_make(struct place *p)
{
    *p = (struct place){.dir = "/tmp/store-test-XXXXXX"};
    return mkdtemp(p->dir) != NULL;
}

static const char *in(struct place *p, const char *name)
{
    return str_z(&p->a, path_join(&p->a, str_from(p->dir), str_from(name)));
}

static void place_remove(struct place *p)
{
    struct err err = {0};

    CHECK(dir_remove(p->dir, &err));
    arena_free(&p->a);
}

static bool reopen(struct fixture *f, const char *path, enum store_mode mode)
{
    *f = (struct fixture){0};
    config_defaults(&f->cfg);
    return store_open(&f->st, path, mode, &f->err);
}

TEST(a_second_writer_is_told_who_holds_the_database)
{
    struct place p;
    struct store *one = NULL, *two = NULL;
    char holder[64];

    CHECK(place_make(&p));
    CHECK(store_open(&one, in(&p, "a.db"), STORE_WRITE, &p.err));
    CHECK(!store_open(&two, in(&p, "a.db"), STORE_WRITE, &p.err));
    CHECK_INT(p.err.kind, ERR_LOCKED);
    snprintf(holder, sizeof holder, "is being written by process %ld since 20", (long)getpid());
    CHECK(str_contains(str_from(p.err.text), str_from(holder)));
    p.err = (struct err){0};
    CHECK(store_open(&two, in(&p, "a.db"), STORE_READ, &p.err));
    store_close(two);
    store_close(one);
    CHECK(!file_exists(in(&p, "a.db.lock")));
    CHECK(store_open(&one, in(&p, "a.db"), STORE_WRITE, &p.err));
    store_close(one);
    place_remove(&p);
}

TEST(the_file_is_for_its_owner_alone)
{
    struct place p;
    struct store *st = NULL;
    struct stat sb;

    CHECK(place_make(&p));
    CHECK(store_open(&st, in(&p, "a.db"), STORE_WRITE, &p.err));
    CHECK(stat(in(&p, "a.db"), &sb) == 0);
    CHECK_INT(sb.st_mode & 07777, 0600);
    store_close(st);
    place_remove(&p);
}

TEST(what_is_not_our_database_is_refused_with_its_name)
{
    struct place p;
    struct store *st = NULL;

    CHECK(place_make(&p));
    CHECK(!store_open(&st, in(&p, "none.db"), STORE_READ, &p.err));
    CHECK(str_contains(str_from(p.err.text), STR("none.db': No such file")));
    p.err = (struct err){0};
    CHECK(file_write(in(&p, "text.db"),
                     STR("this is a text and has been one for a long time, longer than a header"),
                     &p.err));
    CHECK(!store_open(&st, in(&p, "text.db"), STORE_WRITE, &p.err));
    CHECK(str_ends(str_from(p.err.text), STR("text.db' is not a database")));
    p.err = (struct err){0};
    CHECK(file_write(in(&p, "empty.db"), STR(""), &p.err));
    CHECK(!store_open(&st, in(&p, "empty.db"), STORE_READ, &p.err));
    CHECK(str_ends(str_from(p.err.text), STR("empty.db' holds nothing yet")));
    place_remove(&p);
}

TEST(what_was_committed_is_there_again_and_can_be_added_to)
{
    struct place p;
    struct fixture f;
    str before;

    CHECK(place_make(&p));
    CHECK(reopen(&f, in(&p, "a.db"), STORE_WRITE));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .actor = "lee"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    before = str_copy(&p.a, digest_of(&f));
    fixture_close(&f);
    CHECK(reopen(&f, in(&p, "a.db"), STORE_READ));
    CHECK(str_eq(digest_of(&f), before));
    CHECK_STR(rows_of(&f, "SELECT actor FROM event ORDER BY actor"), "kim\nlee\n");
    CHECK(!store_begin(f.st, &f.err));
    fixture_close(&f);
    CHECK(reopen(&f, in(&p, "a.db"), STORE_WRITE));
    CHECK(WRITE(&f, "two", {.id = "b", .actor = "lee"}, {.id = "c"}));
    CHECK_INT(f.totals.duplicate, 1);
    CHECK_STR(rows_of(&f, "SELECT count(DISTINCT actor_id), count(*) FROM event"), "2|3\n");
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
    place_remove(&p);
}

/* A process that dies between begin and commit: the next one ends where an undisturbed one would.
 */
TEST(a_writer_that_dies_leaves_what_was_committed_and_no_lock)
{
    struct place p;
    struct fixture f;
    const char *db;
    int status = 0;
    pid_t pid;

    CHECK(place_make(&p));
    db = in(&p, "a.db");
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        static struct tell many[3000];

        for (size_t i = 0; i < 3000; i++)
            many[i].id = "x";
        if (reopen(&f, db, STORE_WRITE) && WRITE(&f, "one", {.id = "a"}) &&
            store_begin(f.st, &f.err) && write_file_in(&f, "two", many, 3000, 100))
            abort();
        _exit(1);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));
    CHECK(reopen(&f, db, STORE_WRITE));
    CHECK_STR(rows_of(&f, "SELECT path FROM file"), "one\n");
    CHECK_STR(faults_of(&f), "");
    CHECK(WRITE(&f, "two", {.id = "b"}));
    fixture_close(&f);
    place_remove(&p);
}

/* The bytes of the file, not only what is in it. */
TEST(the_same_batches_give_the_same_bytes)
{
    struct place p;
    struct fixture f;
    const char *names[] = {"a.db", "b.db"};
    str bytes[2];

    CHECK(place_make(&p));
    for (size_t i = 0; i < 2; i++) {
        CHECK(reopen(&f, in(&p, names[i]), STORE_WRITE));
        CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .actor = "lee", .grantee = "eve"}));
        CHECK(WRITE(&f, "two", {.id = "a"}, {.id = "b", .actor = "mo"}));
        CHECK(store_derive(f.st, &f.cfg, &f.err));
        fixture_close(&f);
        CHECK(file_read(&p.a, in(&p, names[i]), 0, &bytes[i], &p.err));
    }
    CHECK(str_eq(bytes[0], bytes[1]));
    place_remove(&p);
}

TEST(verify_finds_totals_that_do_not_add_up)
{
    struct place p;
    struct fixture f;
    sqlite3 *db = NULL;

    CHECK(place_make(&p));
    CHECK(reopen(&f, in(&p, "a.db"), STORE_WRITE));
    CHECK(WRITE(&f, "one", {.id = "a"}, {.id = "b", .actor = "lee", .grantee = "eve"}));
    CHECK(store_derive(f.st, &f.cfg, &f.err));
    CHECK_STR(faults_of(&f), "");
    fixture_close(&f);
    CHECK(sqlite3_open(in(&p, "a.db"), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db,
                       "UPDATE seen_row SET n = n + 1 WHERE actor = 1; DELETE FROM coverage_hour;"
                       "UPDATE file_row SET accepted = 1; DELETE FROM event_row WHERE actor = 2",
                       NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    CHECK(reopen(&f, in(&p, "a.db"), STORE_READ));
    CHECK_STR(faults_of(&f), "file one: 2 read, but 1 accepted, 0 rejected and 0 duplicate\n"
                             "file one: 1 of its records stand, by its totals 2\n"
                             "details of event 1923272611426209330, which is not here\n"
                             "details of event 1923272611426209330, which is not here\n"
                             "1 rows of day_action are not what the events add up to\n"
                             "1 rows of day_actor are not what the events add up to\n"
                             "2 rows of seen_row are not what the events add up to\n"
                             "1 rows of coverage_hour are not what the events add up to\n");
    fixture_close(&f);
    place_remove(&p);
}
