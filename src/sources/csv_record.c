/*
 * csv_record: a row as JSON text, so that everything behind the cutter reads one kind of record.
 *
 * The evidence stays the row: its bytes, offset and digest. What CloudTrail and CloudWatch flatten
 * into columns is put together again, so the same event from a bucket and from a console export is
 * the same event.
 */
#include "csv.h"

#include "base/buf.h"
#include "base/fields.h"
#include "sources/input.h"

static bool is_valid(str text, struct arena *a)
{
    struct field none[1];
    struct err err = {0};

    return fields_read(field_set_new(a, NULL, 0), text, none, &err);
}

str csv_cell_json(str cell, struct arena *a)
{
    str text = str_trim(cell);

    if (text.len < 2 || !strchr("{[", text.ptr[0]) || !is_valid(text, a))
        return STR_NONE;
    return text;
}

/* The message of a log line, when the row is one of CloudWatch Logs Insights and it holds JSON. */
static str message_of(str names, str row, struct arena *a)
{
    str rest = str_part(names, 1, names.len), name, cell;

    if (!str_contains(names, STR("@message\n")))
        return STR_NONE;
    for (size_t at = 0; csv_next_cell(row, names.ptr[0], &at, a, &cell) && !str_empty(rest);) {
        name = str_cut(&rest, '\n');
        if (str_eq(name, STR("@message")))
            return csv_cell_json(cell, a);
    }
    return STR_NONE;
}

str csv_record(str names, str row, struct arena *a)
{
    str rest = str_part(names, 1, names.len), cell, result;
    struct buf out = {0};

    result = message_of(names, row, a);
    if (str_empty(result))
        result = csv_cloudtrail(names, row, a);
    if (!str_empty(result))
        return result;
    buf_addc(&out, '{');
    for (size_t at = 0; csv_next_cell(row, names.ptr[0], &at, a, &cell) && !str_empty(rest);) {
        buf_addz(&out, out.len > 1 ? "," : "");
        buf_add_json(&out, str_cut(&rest, '\n'));
        buf_addc(&out, ':');
        buf_add_json(&out, cell);
    }
    buf_addc(&out, '}');
    result = buf_str_copy(&out, a);
    buf_free(&out);
    return result;
}
