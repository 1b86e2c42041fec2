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

static void print_row(const struct text_table *t, const str *cells)
{
    for (size_t i = 0; i < t->ncolumns; i++)
        print_cell(cells[i], t->widths[i], t->right >> i & 1, i + 1 == t->ncolumns);
}

static void print_block(struct text_table *t)
{
    for (size_t i = 0; i < t->ncells; i++) {
        size_t w = width_of(t->cells[i]), *width = &t->widths[i % t->ncolumns];

        *width = w > *width ? w : *width;
    }
    if (!t->has_head) {
        str titles[TABLE_COLUMNS];

        for (size_t i = 0; i < t->ncolumns; i++) {
            titles[i] = str_from(t->titles[i]);
            if (t->widths[i] < titles[i].len)
                t->widths[i] = titles[i].len;
        }
        print_row(t, titles);
        t->has_head = true;
    }
    for (size_t i = 0; i + t->ncolumns <= t->ncells; i += t->ncolumns)
        print_row(t, t->cells + i);
    t->ncells = 0;
    t->cells = NULL;
    arena_reset(&t->rows);
}

void text_table_add(struct text_table *t, str cell)
{
    if (!t->cells)
        t->cells = arena_new(&t->rows, str, t->ncolumns * TABLE_ROWS);
    t->cells[t->ncells++] = display_line(str_copy(&t->rows, cell), &t->rows);
    if (t->ncells == t->ncolumns * TABLE_ROWS)
        print_block(t);
}

void text_table_print(struct text_table *t)
{
    print_block(t);
    text_table_drop(t);
}

void text_table_drop(struct text_table *t)
{
    arena_free(&t->rows);
}
