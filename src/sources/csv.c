/*
 * csv: finds rows, cells and the header. Knows nothing of what the cells mean.
 */
#include "csv.h"

#include "base/buf.h"

enum {
    MOST_PREAMBLE = 16, /* lines before the header */
    LONGEST_NAME = 64,
    LONGEST_NAME_OF_TWO = 32,
    MOST_TOTALS = 4, /* filled cells of a totals row */
};

/* --- rows -------------------------------------------------------------------------------------- */

static size_t line_end(str text)
{
    size_t at = str_find_char(text, '\n');

    return at == SIZE_MAX ? text.len : at;
}

static enum csv_result broken(str text, const char *why, struct csv_row *out)
{
    size_t end = line_end(text);

    out->why = why;
    out->next = end < text.len ? end + 1 : end;
    out->end = end > 0 && text.ptr[end - 1] == '\r' ? end - 1 : end;
    return CSV_BROKEN;
}

/* Behind the closing quote of the cell that opens at `at`; 0: not closed here. */
static size_t quote_end(str text, size_t at)
{
    for (at++; at < text.len; at++) {
        const char *quote = memchr(text.ptr + at, '"', text.len - at);

        if (!quote)
            return 0;
        at = (size_t)(quote - text.ptr) + 1;
        if (at == text.len || text.ptr[at] != '"')
            return at;
    }
    return 0;
}

static bool is_line_end(str text, size_t at)
{
    return text.ptr[at] == '\n' ||
           (text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n');
}

enum csv_result csv_row(str text, char separator, bool is_last, struct csv_row *out)
{
    size_t at = 0, from;

    *out = (struct csv_row){0};
    for (;;) {
        from = at;
        out->ncells++;
        if (at < text.len && text.ptr[at] == '"') {
            at = quote_end(text, at);
            if (!at)
                return is_last ? broken(text, "a quoted cell is not closed", out) : CSV_MORE;
            if (at < text.len && text.ptr[at] != separator && !is_line_end(text, at) &&
                !(text.ptr[at] == '\r' && at + 1 == text.len))
                return broken(text, "a quoted cell is followed by what may not follow it", out);
        } else {
            while (at < text.len && text.ptr[at] != separator && text.ptr[at] != '\n')
                at++;
        }
        if (at == text.len && !is_last)
            return CSV_MORE;
        if (!str_empty(str_trim(str_part(text, from, at))))
            out->nfilled = out->ncells;
        if (at == text.len || text.ptr[at] != separator)
            break;
        at++;
    }
    if (at < text.len && text.ptr[at] == '\r') {
        if (at + 1 == text.len && !is_last)
            return CSV_MORE;
        out->end = at++;
    } else {
        out->end = at > 0 && at <= text.len && text.ptr[at - 1] == '\r' ? at - 1 : at;
    }
    out->next = at < text.len ? at + 1 : at;
    return CSV_ROW;
}

bool csv_next_cell(str row, char separator, size_t *at, struct arena *a, str *cell)
{
    size_t from = *at, end = from;
    char *text;
    size_t n = 0;

    if (from > row.len)
        return false;
    if (from < row.len && row.ptr[from] == '"' && (end = quote_end(row, from)) != 0) {
        text = arena_new(a, char, end - from);
        for (size_t i = from + 1; i + 1 < end; i++) {
            text[n++] = row.ptr[i];
            i += row.ptr[i] == '"';
        }
        *cell = (str){text, n};
    } else {
        for (end = from; end < row.len && row.ptr[end] != separator;)
            end++;
        *cell = str_part(row, from, end);
    }
    *at = end + 1;
    return true;
}

/* --- header ------------------------------------------------------------------------------------ */

/* May this be the name of a column? Sentences and values are not. */
static bool is_name(str cell, size_t longest)
{
    bool has_letter = false;

    if (cell.len > longest || (cell.len && strchr(".!?", cell.ptr[cell.len - 1])))
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char c = (unsigned char)cell.ptr[i];

        has_letter |= (c | 32) >= 'a' && (c | 32) <= 'z';
        has_letter |= c >= 0x80;
        if (c < ' ' || strchr("{}<>=\"", c) || (c == ':' && i + 1 < cell.len && cell.ptr[i + 1] == ' '))
            return false;
    }
    return has_letter && !(cell.ptr[0] >= '0' && cell.ptr[0] <= '9') &&
           !strchr("-+*", cell.ptr[0]);
}

static bool are_names(str row, char separator, size_t ncells, struct arena *a)
{
    size_t longest = ncells == 2 ? LONGEST_NAME_OF_TWO : LONGEST_NAME, nempty = 0;
    str cell;

    for (size_t at = 0; csv_next_cell(row, separator, &at, a, &cell);) {
        cell = ncells == 2 ? cell : str_trim(cell);
        nempty += str_empty(cell);
        if (!str_empty(cell) && (!is_name(cell, longest) || cell.ptr[0] == ' '))
            return false;
    }
    return nempty <= 1 && ncells - nempty >= 2;
}

/* Is the row a header with this separator? The row behind it must agree. */
static bool fits(str text, char separator, bool is_last, bool is_first_line,
                 struct csv_header *out, struct arena *a)
{
    struct csv_row row, below;
    str rest;

    if (csv_row(text, separator, is_last, &row) != CSV_ROW || row.ncells < 2)
        return false;
    if (row.ncells == 2 && (!is_first_line || separator == '|'))
        return false;
    if (!are_names(str_part(text, 0, row.end), separator, row.ncells, a))
        return false;
    rest = str_part(text, row.next, text.len);
    if (str_empty(str_trim(rest))) {
        if (row.ncells < 3 || !is_last)
            return false;
    } else if (csv_row(rest, separator, is_last, &below) != CSV_ROW || below.ncells < row.ncells ||
               below.nfilled > row.ncells) {
        return false;
    }
    *out = (struct csv_header){.separator = separator, .row = row};
    return true;
}

bool csv_find_header(str text, bool is_last, struct csv_header *out)
{
    static const char separators[] = ",;\t|";
    size_t at = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    struct csv_header found;
    struct arena a = {0};
    bool is_found = false;

    for (int line = 0; line < MOST_PREAMBLE && at < text.len && !is_found; line++) {
        str rest = str_part(text, at, text.len), first = str_part(rest, 0, line_end(rest));

        if (str_find_char(first, '{') != SIZE_MAX || str_find_char(first, '<') != SIZE_MAX ||
            (first.len && first.ptr[0] == '['))
            break;
        for (const char *s = separators; *s && !str_empty(str_trim(first)); s++) {
            if (!fits(rest, *s, is_last, line == 0, &found, &a) ||
                (is_found && out->row.ncells >= found.row.ncells))
                continue;
            *out = found;
            out->at = at;
            is_found = true;
        }
        at += first.len + 1;
    }
    arena_free(&a);
    return is_found;
}

/* The name with the white space in it made single blanks. */
static str name_of(str cell, struct arena *a)
{
    str name = str_trim(cell);
    char *text = arena_new(a, char, name.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < name.len; i++) {
        bool is_blank = strchr(" \t\r\n", name.ptr[i]) != NULL && name.ptr[i];

        if (!is_blank)
            text[n++] = name.ptr[i];
        else if (n && text[n - 1] != ' ')
            text[n++] = ' ';
    }
    return (str){text, n};
}

static bool has_name(str names, str name)
{
    str rest = str_part(names, 1, names.len);

    while (!str_empty(rest))
        if (str_eq(str_cut(&rest, '\n'), name))
            return true;
    return false;
}

str csv_names(str row, char separator, struct arena *a)
{
    struct buf names = {0};
    str cell, name, result;
    size_t column = 0;

    buf_addc(&names, separator);
    for (size_t at = 0; csv_next_cell(row, separator, &at, a, &cell);) {
        column++;
        name = name_of(cell, a);
        if (str_empty(name))
            name = str_print(a, "column %zu", column);
        cell = name;
        for (size_t n = 2; has_name(buf_str(&names), name); n++)
            name = str_print(a, "%.*s %zu", STR_FMT(cell), n);
        buf_add(&names, name);
        buf_addc(&names, '\n');
    }
    result = buf_str_copy(&names, a);
    buf_free(&names);
    return result;
}

bool csv_is_totals(str row, char separator, struct arena *a)
{
    static const char *const words[] = {"total", "grand total", "sum", "count", "rows", "(", NULL};
    size_t at = 0, nfilled = 0, ncells = 0;
    str first = STR_NONE, cell;

    if (str_empty(row) || !strchr("tTgGsScCrR(\"", row.ptr[0]))
        return false;
    while (csv_next_cell(row, separator, &at, a, &cell)) {
        ncells++;
        cell = str_trim(cell);
        nfilled += !str_empty(cell);
        first = str_or(first, cell);
    }
    if (nfilled > MOST_TOTALS || (nfilled == ncells && ncells > 1))
        return false;
    for (size_t i = 0; words[i]; i++) {
        str rest = str_part(first, strlen(words[i]), first.len);

        if (str_starts_nocase(first, str_from(words[i])) &&
            (words[i][0] == '(' ? str_ends(first, STR(" rows)"))
                                : str_empty(rest) || strchr(" :s=", rest.ptr[0])))
            return true;
    }
    return false;
}
