/*
 * cutter_commit: `git log -z --format=…` with 0x1f between fields. The body of a commit may hold
 * any line, so a line feed ends a record only when the next line begins like one.
 */
#include "sources/cutter_commit.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool commit_begins(str text)
{
    size_t n = 0;

    while (n < text.len && n < COMMIT_HEAD && is_hex(text.ptr[n]))
        n++;
    return (n == 40 || n == 64) && n < text.len && text.ptr[n] == '\x1f';
}

size_t commit_end(str text, size_t from)
{
    for (size_t i = from; i < text.len; i++)
        if (text.ptr[i] == '\0' ||
            (text.ptr[i] == '\n' && commit_begins(str_part(text, i + 1, text.len))))
            return i;
    return SIZE_MAX;
}
