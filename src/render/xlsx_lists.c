/*
 * xlsx_lists: the values a reviewer may choose from.
 *
 * A list inside the cell's rule ends at 255 characters, so the values stand on a hidden sheet under
 * defined names.
 */
#include "render/xlsx.h"

static bool same_choices(const struct column *a, const struct column *b)
{
    if (a->nchoices != b->nchoices)
        return false;
    for (size_t i = 0; i < a->nchoices; i++) {
        if (!str_eq(a->choices[i], b->choices[i]))
            return false;
    }
    return true;
}

static const struct choices *find_or_add(struct book *b, const struct column *c)
{
    struct choices **at = &b->choices;
    size_t number = 1;

    for (; *at; at = &(*at)->next, number++) {
        if (same_choices((*at)->column, c))
            return *at;
    }
    *at = arena_new(b->run, struct choices, 1);
    (*at)->column = c;
    (*at)->number = number;
    return *at;
}

bool xlsx_choices_offer(struct book *b, struct sheet *s, int col, uint64_t nrows,
                        const struct column *c, struct err *err)
{
    static char title[] = "Not on the list", message[] = "Please choose one of the values offered.";
    const struct choices *list = find_or_add(b, c);
    lxw_data_validation rule = {0};

    rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    rule.value_formula = str_z(&b->scratch, str_print(&b->scratch, "=choices_%zu", list->number));
    rule.dropdown = LXW_VALIDATION_ON;
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.show_input = LXW_VALIDATION_ON;
    rule.show_error = LXW_VALIDATION_ON;
    rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
    rule.error_title = title;
    rule.error_message = message;
    return xlsx_library(worksheet_data_validation_range(s->ws, 1, (lxw_col_t)col, (lxw_row_t)nrows,
                                                        (lxw_col_t)col, &rule),
                        s, "list of choices", err);
}

static bool define(struct book *b, const struct choices *list, struct err *err)
{
    char column[LXW_MAX_COL_NAME_LENGTH];
    char *name = str_z(&b->scratch, str_print(&b->scratch, "choices_%zu", list->number));
    char *range;

    lxw_col_to_name(column, (lxw_col_t)(list->number - 1), 1);
    range = str_z(&b->scratch, str_print(&b->scratch, "=" XLSX_LISTS "!%s$2:%s$%zu", column, column,
                                         list->column->nchoices + 1));
    return xlsx_library(workbook_define_name(b->wb, name, range), NULL, "list of choices", err);
}

/* Rows go down over all lists at once: a streaming sheet takes them in ascending order only. */
bool xlsx_lists_write(struct book *b, struct err *err)
{
    struct sheet *s;
    size_t longest = 0;

    if (!b->choices)
        return true;
    if (!xlsx_sheet_add(b, STR(XLSX_LISTS), &s, err))
        return false;
    for (const struct choices *c = b->choices; c; c = c->next)
        longest = c->column->nchoices > longest ? c->column->nchoices : longest;
    for (size_t row = 0; row <= longest; row++) {
        for (const struct choices *c = b->choices; c; c = c->next) {
            if (row > c->column->nchoices)
                continue;
            if (!xlsx_put_text(b, s, row, (int)c->number - 1,
                               row ? c->column->choices[row - 1] : c->column->title,
                               row ? STYLE_TEXT : STYLE_HEAD, err))
                return false;
        }
    }
    for (const struct choices *c = b->choices; c; c = c->next) {
        if (!define(b, c, err))
            return false;
    }
    worksheet_hide(s->ws);
    arena_reset(&b->scratch);
    return true;
}
