/*
 * xlsx_plan: which part of which table stands on which sheet, before anything is written.
 *
 * README lists all sheets and comes first. A table longer than a sheet goes on in "Name 2".
 */
#include "render/xlsx.h"

static bool plan_name(struct book *b, const struct table *t, str name, struct err *err)
{
    static const char *const own[] = {XLSX_README, XLSX_SUMMARY, XLSX_FIGURES, XLSX_LISTS};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (str_eq_nocase(name, str_from(own[i])))
            return err_set(err, ERR_DATA, "sheet name '%.*s' is one that the workbook uses itself",
                           STR_FMT(name));
    }
    for (const struct part *p = b->parts; p; p = p->next) {
        if (p->table != t && str_eq_nocase(p->name, name))
            return err_set(err, ERR_DATA, "two tables ask for sheet '%.*s'", STR_FMT(name));
    }
    return true;
}

static bool plan_table(struct book *b, const struct section *section, const struct block *block,
                       struct part ***last, struct err *err)
{
    const struct table *t = block->table;
    uint64_t first = 0, number = 1;

    for (const struct part *p = b->parts; p; p = p->next) {
        if (p->table == t)
            return true; /* shown in two sections, written once */
    }
    if (t->ncolumns == 0 || t->ncolumns > LXW_COL_MAX)
        return err_set(err, ERR_DATA, "sheet '%.*s' would have %zu columns", STR_FMT(t->sheet),
                       t->ncolumns);
    do {
        struct part *p = arena_new(b->run, struct part, 1);

        p->name = xlsx_part_name(xlsx_sheet_name(t->sheet, b->run), number++, b->run);
        if (!plan_name(b, t, p->name, err))
            return false;
        p->section = section;
        p->block = block;
        p->table = t;
        p->first = first;
        p->nrows = t->nrows - first < b->rows_per_sheet ? t->nrows - first : b->rows_per_sheet;
        first += p->nrows;
        **last = p;
        *last = &p->next;
    } while (first < t->nrows);
    return true;
}

bool xlsx_parts_plan(struct book *b, struct err *err)
{
    struct part **last = &b->parts;

    for (const struct section *s = b->report->sections; s; s = s->next) {
        for (const struct block *k = s->is_xlsx ? s->blocks : NULL; k; k = k->next) {
            if (k->kind == BLOCK_TABLE && k->table && !str_empty(k->table->sheet) &&
                !plan_table(b, s, k, &last, err))
                return err_wrap(err, "section '%.*s'", STR_FMT(s->title));
        }
    }
    return true;
}
