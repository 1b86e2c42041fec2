/*
 * cutter_csv: see cutter_csv.h. A row stays as it stands in the file until a worker takes it: then
 * csv_record makes of it the JSON object that adapters read like any other record, with the
 * header's cells as its keys.
 *
 * A cell is quoted when a quote is its first character; a quote elsewhere is a character. Rows end
 * with LF or CR LF. Cells are kept as they are, blanks too; only those of the header are trimmed.
 */
#include "sources/cutter_csv.h"

#include "base/buf.h"
#include "sources/input.h"

enum { LEAST_CELLS = 3, LONGEST_NAME = 64 };

/* The cell at *at, still quoted; moves *at behind the separator that follows. False at the end. */
static bool next_cell(str row, char separator, size_t *at, str *cell)
{
    size_t i = *at;

    if (i > row.len)
        return false;
    if (i < row.len && row.ptr[i] == '"') {
        for (i++; i < row.len; i++) {
            if (row.ptr[i] != '"')
                continue;
            if (i + 1 >= row.len || row.ptr[i + 1] != '"')
                break;
            i++; /* two quotes stand for one */
        }
    }
    while (i < row.len && row.ptr[i] != separator)
        i++;
    *cell = str_part(row, *at, i);
    *at = i + 1;
    return true;
}

static str unquoted(str cell, struct buf *space)
{
    str inner = str_trim(cell);

    if (!inner.len || inner.ptr[0] != '"')
        return cell;
    buf_clear(space);
    for (size_t i = 1; i < inner.len; i++) {
        if (inner.ptr[i] == '"') {
            if (i + 1 >= inner.len || inner.ptr[i + 1] != '"')
                continue; /* the one that closes */
            i++;
        }
        buf_addc(space, inner.ptr[i]);
    }
    return buf_str(space);
}

/* --- headers --------------------------------------------------------------------------- */

/* A name of a column: short, begins with a letter or one of "_@#$", no punctuation of prose. */
static bool is_name(str cell)
{
    bool is_quoted = cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"';
    char first;

    if (is_quoted)
        cell = str_part(cell, 1, cell.len - 1);
    if (!cell.len || cell.len > LONGEST_NAME)
        return false;
    first = cell.ptr[0];
    if (!((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') ||
          memchr("_@#$", first, 4) || (first & 0x80)))
        return false;
    for (size_t i = 0; i < cell.len; i++)
        if ((unsigned char)cell.ptr[i] < ' ' || memchr("{}[]\"<>;=", cell.ptr[i], 9))
            return false;
    return true;
}

static bool is_header(str line, char separator)
{
    size_t at = 0, n = 0, marked = 0;
    str cell;

    while (next_cell(line, separator, &at, &cell)) {
        if (!is_name(cell))
            return false;
        marked += cell.ptr[0] == '@';
        n++;
    }
    return n >= LEAST_CELLS || (n == 2 && marked == 2); /* "@timestamp,@message" of Logs Insights */
}

char csv_separator(str line)
{
    static const char separators[] = ",;\t";

    if (str_starts(line, STR("\xEF\xBB\xBF")))
        line = str_part(line, 3, line.len);
    line = str_part(line, 0, str_find_char(line, '\n'));
    if (str_ends(line, STR("\r")))
        line = str_part(line, 0, line.len - 1);
    for (const char *c = separators; *c; c++)
        if (is_header(line, *c))
            return *c;
    return 0;
}

/* --- rows ------------------------------------------------------------------------------ */

size_t csv_row_end(str text, char separator, bool *is_open)
{
    bool at_start = true;

    *is_open = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (*is_open) {
            if (c != '"')
                continue;
            if (i + 1 < text.len && text.ptr[i + 1] == '"')
                i++;
            else
                *is_open = false;
        } else if (c == '\n') {
            return i;
        } else if (c == '"' && at_start) {
            *is_open = true;
        }
        at_start = c == separator && !*is_open;
    }
    return SIZE_MAX;
}

static str without_end(str row)
{
    return str_ends(row, STR("\r")) ? str_part(row, 0, row.len - 1) : row;
}

bool csv_record(str header, str row, struct arena *a, str *record, struct err *err)
{
    struct buf out = {0}, key_space = {0}, cell_space = {0};
    char separator = csv_separator(header);
    size_t key_at = 0, at = 0, n = 0;
    str key, cell;
    bool ok = true;

    header = without_end(header);
    row = without_end(row);
    buf_addc(&out, '{');
    while (next_cell(header, separator, &key_at, &key) && next_cell(row, separator, &at, &cell)) {
        if (n++)
            buf_addc(&out, ',');
        buf_add_json(&out, str_trim(unquoted(key, &key_space)));
        buf_addc(&out, ':');
        buf_add_json(&out, unquoted(cell, &cell_space));
    }
    buf_addc(&out, '}');
    if (key_at > header.len && next_cell(row, separator, &at, &cell) && !str_empty(str_trim(cell)))
        ok = err_set(err, ERR_DATA, "more cells than the header has names (%zu)", n);
    else
        *record = buf_str_copy(&out, a);
    buf_free(&out);
    buf_free(&key_space);
    buf_free(&cell_space);
    return ok;
}
