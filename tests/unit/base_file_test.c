#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static struct arena arena;
static char folder[] = "/tmp/auditpress-file-XXXXXX";

__attribute__((constructor)) static void make_folder(void)
{
    if (!mkdtemp(folder))
        abort();
}

__attribute__((destructor)) static void remove_folder(void)
{
    struct err err = {0};

    if (!dir_remove(folder, &err))
        puts(err.text);
}

static const char *path_of(const char *name)
{
    return str_z(&arena, path_join(&arena, str_from(folder), str_from(name)));
}

TEST(what_is_written_is_read_back)
{
    struct err err = {0};
    str bytes;

    CHECK(file_write(path_of("bytes"), STR("a\0b\n"), &err));
    CHECK(file_read(&arena, path_of("bytes"), 0, &bytes, &err));
    CHECK_INT(bytes.len, 4);
    CHECK(str_eq(bytes, STR("a\0b\n")));
}

TEST(a_file_is_replaced_whole_and_leaves_nothing_beside)
{
    const char *path = path_of("alone/twice");
    struct path_list all;
    struct err err = {0};
    str bytes;

    CHECK(dir_make(path_of("alone"), &err));
    CHECK(file_write(path, STR("first, and longer"), &err));
    CHECK(file_write(path, STR("second"), &err));
    CHECK(file_read(&arena, path, 0, &bytes, &err));
    CHECK_STR(bytes, "second");
    CHECK(dir_list(&arena, path_of("alone"), &all, &err));
    CHECK_INT(all.count, 1);
}

TEST(only_the_owner_reads_what_is_written)
{
    struct err err = {0};
    struct stat st;

    CHECK(file_write(path_of("private"), STR("x"), &err));
    CHECK(stat(path_of("private"), &st) == 0);
    CHECK_INT(st.st_mode & 077, 0);
}

TEST(a_file_beyond_the_limit_is_refused)
{
    struct err err = {0};
    str bytes;

    CHECK(file_write(path_of("five"), STR("12345"), &err));
    CHECK(file_read(&arena, path_of("five"), 5, &bytes, &err));
    CHECK(!file_read(&arena, path_of("five"), 4, &bytes, &err));
    CHECK(str_contains(str_from(err.text), STR("is larger than 4 bytes")));
    CHECK_INT(err.kind, ERR_DATA);
}

TEST(a_missing_file_is_named)
{
    struct err err = {0};
    str bytes;

    CHECK(!file_read(&arena, path_of("missing"), 0, &bytes, &err));
    CHECK(str_contains(str_from(err.text), STR("missing': No such file or directory")));
    CHECK_INT(err.kind, ERR_IO);
}

TEST(a_folder_is_made_with_its_parents_and_removed_with_all_inside)
{
    struct err err = {0};

    CHECK(dir_make(path_of("a/b/c"), &err));
    CHECK(dir_make(path_of("a/b/c/"), &err));
    CHECK(file_write(path_of("a/b/c/file"), STR("x"), &err));
    CHECK(dir_remove(path_of("a"), &err));
    CHECK(!file_exists(path_of("a")));
    CHECK(dir_remove(path_of("a"), &err));
}

TEST(a_folder_without_a_name_is_refused)
{
    struct err err = {0};

    CHECK(!dir_make("", &err));
    CHECK_INT(err.kind, ERR_IO);
}

TEST(a_folder_is_not_made_where_a_file_is)
{
    struct err err = {0};

    CHECK(file_write(path_of("taken"), STR("x"), &err));
    CHECK(!dir_make(path_of("taken"), &err));
    CHECK(str_contains(str_from(err.text), STR("a file has that name")));
}

TEST(removing_a_link_leaves_what_it_points_to)
{
    struct err err = {0};

    CHECK(dir_make(path_of("kept"), &err));
    CHECK(file_write(path_of("kept/file"), STR("x"), &err));
    CHECK(dir_make(path_of("gone"), &err));
    CHECK(symlink(path_of("kept"), path_of("gone/link")) == 0);
    CHECK(dir_remove(path_of("gone"), &err));
    CHECK(file_exists(path_of("kept/file")));
}

TEST(a_list_is_sorted_and_follows_links_to_files_only)
{
    const char *dir = path_of("list");
    struct path_list all;
    struct err err = {0};

    CHECK(dir_make(path_of("list/b"), &err));
    CHECK(file_write(path_of("list/b/2"), STR("x"), &err));
    CHECK(file_write(path_of("list/a"), STR("x"), &err));
    CHECK(file_write(path_of("list/.hidden"), STR("x"), &err));
    CHECK(symlink(path_of("list/a"), path_of("list/z")) == 0);
    CHECK(symlink(path_of("list/b"), path_of("list/y")) == 0);
    CHECK(dir_list(&arena, dir, &all, &err));
    CHECK_INT(all.count, 4);
    CHECK_STR(path_base(str_from(all.paths[0])), ".hidden");
    CHECK_STR(path_base(str_from(all.paths[1])), "a");
    CHECK(str_ends(str_from(all.paths[2]), STR("list/b/2")));
    CHECK_STR(path_base(str_from(all.paths[3])), "z");
}

TEST(paths_are_joined_with_one_slash)
{
    CHECK_STR(path_join(&arena, STR("a"), STR("b")), "a/b");
    CHECK_STR(path_join(&arena, STR("a//"), STR("b")), "a/b");
    CHECK_STR(path_join(&arena, STR("/"), STR("b")), "/b");
    CHECK_STR(path_join(&arena, STR("."), STR("b")), "b");
    CHECK_STR(path_join(&arena, STR(""), STR("b")), "b");
    CHECK_STR(path_base(STR("a/b.json")), "b.json");
    CHECK_STR(path_base(STR("b.json")), "b.json");
}
