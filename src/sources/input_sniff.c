/*
 * input, fourth part: what a file is, from its first bytes. Names lie.
 */
#include "sources/input.h"

#include "sources/csv.h"
#include "sources/cutter_commit.h"

enum { LOOK = 1 << 16 }; /* for the header of a table */

struct mark {
    const char *bytes;
    size_t len, at;
    const char *why_not;
};

#define MARK(bytes, at, why_not)                                                                   \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, at, why_not                                                      \
    }

static const struct mark marks[] = {
    MARK("PAR1", 0, "a Parquet file, not a text log: export it as JSON"),
    MARK("PK\x03\x04", 0, "a zip archive: unpack it first"),
    MARK("\x28\xB5\x2F\xFD", 0, "compressed with zstd: unpack it first"),
    MARK("BZh", 0, "compressed with bzip2: unpack it first"),
    MARK("\xFD"
         "7zXZ",
         0, "compressed with xz: unpack it first"),
    MARK("\x1F\x8B", 0, "compressed with gzip twice: unpack it once first"),
    MARK("ustar", 257, "a tar archive: unpack it first"),
    MARK("\xFF\xFE", 0, "UTF-16 text: export it as UTF-8"),
    MARK("\xFE\xFF", 0, "UTF-16 text: export it as UTF-8"),
    MARK("{\0", 0, "UTF-16 text: export it as UTF-8"),
    MARK("[\0", 0, "UTF-16 text: export it as UTF-8"),
    MARK("\0{", 0, "UTF-16 text: export it as UTF-8"),
    MARK("\0[", 0, "UTF-16 text: export it as UTF-8"),
    MARK("version https://git-lfs", 0,
         "a Git LFS pointer in place of the file: fetch the file with `git lfs pull`"),
    MARK("%PDF", 0, "a PDF document"),
    MARK("SQLite format 3", 0, "an SQLite database"),
};

bool input_sniff(str first_bytes, enum cutter_shape *shape, const char **why_not)
{
    struct csv_header header;

    *shape = commit_begins(first_bytes) ? CUTTER_NUL : CUTTER_JSON;
    *why_not = NULL;
    if (*shape == CUTTER_NUL)
        return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        str mark = {marks[i].bytes, marks[i].len};

        if (str_starts(str_part(first_bytes, marks[i].at, first_bytes.len), mark)) {
            *why_not = marks[i].why_not;
            return false;
        }
    }
    if (str_find_char(str_part(first_bytes, 0, 512), '\0') != SIZE_MAX)
        *why_not = "binary data";
    else if (csv_find_header(str_part(first_bytes, 0, LOOK), first_bytes.len <= LOOK, &header))
        *shape = CUTTER_CSV;
    return !*why_not;
}

struct sign {
    const char *text;
    const char *kind;
};

static const struct sign begins[] = {
    {"<!doctype html", "an HTML page"},
    {"<html", "an HTML page"},
    {"<?xml", "an XML document"},
    {"-----BEGIN ", "a PEM file"},
    {"commit ", "human-readable git log; see `auditpress help sources` for the export to use"},
    {"diff --git", "a patch"},
};

static const struct sign contains[] = {
    {"Terraform will perform the following actions",
     "human-readable Terraform output: export it with -json"},
    {"OpenTofu will perform the following actions",
     "human-readable OpenTofu output: export it with -json"},
    {"Terraform used the selected providers",
     "human-readable Terraform output: export it with -json"},
    {"Apply complete!", "human-readable Terraform output: export it with -json"},
    {"Destroy complete!", "human-readable Terraform output: export it with -json"},
    {"Refreshing state...", "human-readable Terraform output: export it with -json"},
    {"Terraform v", "human-readable Terraform output: export it with -json"},
    {"Ran Plan for", "an Atlantis comment"},
    {"Ran Apply for", "an Atlantis comment"},
    {"Ran Policy Check for", "an Atlantis comment"},
};

/* Two lines with the same number of separators, more than one. */
static bool is_csv(str s)
{
    static const char separators[] = ",;\t";
    str first = str_cut(&s, '\n'), second = str_cut(&s, '\n');

    for (const char *c = separators; *c; c++) {
        size_t n = 0, m = 0;

        for (size_t i = 0; i < first.len; i++)
            n += first.ptr[i] == *c;
        for (size_t i = 0; i < second.len; i++)
            m += second.ptr[i] == *c;
        if (n > 1 && m >= n)
            return true;
    }
    return false;
}

const char *input_text_kind(str first_bytes)
{
    str s = str_trim(first_bytes);

    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (str_starts_nocase(s, str_from(begins[i].text)))
            return begins[i].kind;
    for (size_t i = 0; i < sizeof contains / sizeof contains[0]; i++)
        if (str_contains(s, str_from(contains[i].text)))
            return contains[i].kind;
    return is_csv(s) ? "CSV without a header row that can be told" : "text";
}
