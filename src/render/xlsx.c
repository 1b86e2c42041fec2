/*
 * xlsx: a report as a workbook to test with: complete populations, filters, samples.
 *
 * Order of sheets: README, Summary, one sheet a table, Figures (numbers behind the charts), Lists
 * (hidden). Up to about a million cells the library holds the cells and shares equal texts, which
 * every reader understands; above, it streams them and memory stays flat. A full disk under its
 * temporary files goes unnoticed by the library, so space is looked at before and the file is read
 * back after (rendering.md 4).
 */
#include "render/xlsx.h"

#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define STREAMING_CELLS  1000000
#define XML_BYTES_A_CELL 60
#define ZIP64_BYTES      (UINT64_C(3) << 30)

static uint64_t cells_of(const struct book *b)
{
    uint64_t cells = 0;

    for (const struct part *p = b->parts; p; p = p->next)
        cells += p->nrows * p->table->ncolumns;
    return cells;
}

static str folder_of(str path)
{
    size_t slash = str_find_last(path, '/');

    return slash == SIZE_MAX ? STR(".") : slash == 0 ? STR("/") : str_part(path, 0, slash);
}

/* The XML of a sheet stands on disk twice before it is packed. */
static bool space_check(const char *folder, uint64_t cells, struct err *err)
{
    uint64_t needed = cells * XML_BYTES_A_CELL * 2 + cells * XML_BYTES_A_CELL / 4;
    struct statvfs fs;

    if (statvfs(folder, &fs) != 0)
        return err_errno(err, "cannot look at '%s'", folder);
    if ((uint64_t)fs.f_bavail * fs.f_frsize >= needed)
        return true;
    return err_set(err, ERR_IO,
                   "cannot write the workbook: '%s' has %llu MB free, about %llu MB are needed",
                   folder, (unsigned long long)((uint64_t)fs.f_bavail * fs.f_frsize >> 20),
                   (unsigned long long)(needed >> 20));
}

static bool set_property(struct book *b, const char *name, str value, struct err *err)
{
    if (str_empty(value))
        return true;
    return xlsx_library(
        workbook_set_custom_property_string(b->wb, name, xlsx_title_text(value, 250, b->run)), NULL,
        name, err);
}

static bool set_properties(struct book *b, struct err *err)
{
    const struct report *r = b->report;
    struct arena *a = b->run;
    lxw_doc_properties p = {
        .title = xlsx_title_text(r->title, 250, a),
        .subject = xlsx_title_text(r->subtitle, 250, a),
        .author = xlsx_title_text(r->program, 250, a),
        .company = xlsx_title_text(r->organization, 250, a),
        .category = xlsx_title_text(r->kind, 250, a),
        .keywords = xlsx_title_text(r->frameworks, 250, a),
        .status = xlsx_title_text(r->state, 250, a),
        .comments = xlsx_title_text(r->id, 250, a),
        .created = (time_t)r->generated_sec, /* left out, it would be the clock */
    };

    return xlsx_library(workbook_set_properties(b->wb, &p), NULL, "properties", err) &&
           set_property(b, "ReportId", r->id, err) &&
           set_property(b, "Environment", r->environment, err) &&
           set_property(b, "PeriodStart", r->period_from, err) &&
           set_property(b, "PeriodEnd", r->period_until, err) &&
           set_property(b, "DatasetSHA256", r->dataset_sha256, err) &&
           set_property(b, "ToolVersion", r->program, err) &&
           xlsx_library(workbook_set_custom_property_boolean(b->wb, "Complete", r->is_complete),
                        NULL, "Complete", err);
}

static bool fill(struct book *b, struct err *err)
{
    return set_properties(b, err) && xlsx_readme_write(b, err) && xlsx_summary_write(b, err) &&
           xlsx_tables_write(b, err) && xlsx_figures_write(b, err) && xlsx_lists_write(b, err);
}

static bool read_back(const struct book *b, const char *path, struct render_notes *notes,
                      struct err *err)
{
    size_t n = 0, i = 0;
    uint64_t *rows;

    for (const struct sheet *s = b->sheets; s; s = s->next)
        n++;
    rows = arena_new(b->run, uint64_t, n);
    for (const struct sheet *s = b->sheets; s; s = s->next)
        rows[i++] = s->nrows;
    notes->sheets = n;
    for (const struct part *p = b->parts; p; p = p->next)
        notes->rows += p->nrows;
    notes->cells_cut += b->cells_cut;
    return xlsx_check(path, rows, n, err);
}

bool xlsx_render(const struct report *report, const struct theme *theme, uint64_t rows_per_sheet,
                 struct arena *a, const char *path, struct render_notes *notes, struct err *err)
{
    struct book b = {.report = report, .theme = theme, .run = a, .rows_per_sheet = rows_per_sheet};
    char *folder = str_z(a, folder_of(str_from(path)));
    lxw_workbook_options options = {.tmpdir = folder};
    bool ok = false;
    uint64_t cells;

    b.last_sheet = &b.sheets;
    if (!xlsx_parts_plan(&b, err))
        return false;
    xlsx_figures_plan(&b);
    cells = cells_of(&b);
    if (!space_check(folder, cells, err))
        return false;
    options.constant_memory = cells > STREAMING_CELLS;
    options.use_zip64 = cells * XML_BYTES_A_CELL > ZIP64_BYTES;
    b.wb = workbook_new_opt(path, &options);
    if (!b.wb)
        return err_set(err, ERR_IO, "cannot write the workbook '%s'", path);
    xlsx_styles_make(&b);
    workbook_read_only_recommended(b.wb);
    if (fill(&b, err)) {
        ok = xlsx_library(workbook_close(b.wb), NULL, path,
                          err); /* frees the workbook, also when it fails */
        b.wb = NULL;
    }
    ok = ok && read_back(&b, path, notes, err);
    if (b.wb)
        lxw_workbook_free(b.wb);
    if (!ok)
        unlink(path);
    arena_free(&b.scratch);
    return ok;
}

static bool render(const struct report *report, const struct theme *theme, struct arena *a,
                   const char *path, struct render_notes *notes, struct err *err)
{
    return xlsx_render(report, theme, XLSX_ROWS_PER_SHEET, a, path, notes, err);
}

const struct renderer renderer_xlsx = {
    .name = "xlsx",
    .suffix = ".xlsx",
    .media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    .render = render,
};
