/*
 * table: columns on a terminal, as wide as their widest cell. Cells are made printable; width
 * counts code points, which is right for most scripts and near enough for the rest.
 */
#include <stdio.h>

#include "command.h"
#include "model/display.h"

void print_str(str s)
{
    fwrite(s.ptr ? s.ptr : "", 1, s.len, stdout);
}

void print_line(str s)
{
    print_str(s);
    putchar('\n');
}

void text_table_add(struct text_table *t, str cell)
{
    if (t->ncells == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 256;
        str *more = arena_new(t->arena, str, cap);

        if (t->ncells)
            memcpy(more, t->cells, t->ncells * sizeof *more);
        t->cells = more;
        t->cap = cap;
    }
    t->cells[t->ncells++] = display_line(str_copy(t->arena, cell), t->arena);
}

static size_t width_of(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

static void print_cell(str s, size_t width, bool is_right, bool is_last)
{
    size_t pad = width - width_of(s);

    if (is_right)
        printf("%*s", (int)pad, "");
    print_str(s);
    if (!is_right && !is_last)
        printf("%*s", (int)pad, "");
    fputs(is_last ? "\n" : "  ", stdout);
}

void text_table_print(const struct text_table *t)
{
    size_t widths[32] = {0};

    for (size_t i = 0; i < t->ncolumns; i++)
        widths[i] = strlen(t->titles[i]);
    for (size_t i = 0; i < t->ncells; i++) {
        size_t w = width_of(t->cells[i]);

        if (w > widths[i % t->ncolumns])
            widths[i % t->ncolumns] = w;
    }
    for (size_t i = 0; i < t->ncolumns; i++)
        print_cell(str_from(t->titles[i]), widths[i], t->right >> i & 1, i + 1 == t->ncolumns);
    for (size_t i = 0; i < t->ncells; i++) {
        size_t column = i % t->ncolumns;

        print_cell(t->cells[i], widths[column], t->right >> column & 1, column + 1 == t->ncolumns);
    }
}
