/*
 * produce: one report as a bundle.
 *
 * A bundle is finished or it is not there: everything is written into a folder of its own beside
 * the place where it will stand, put on the disk for good, and renamed. Files of the bundle are
 * named after it, because they are attached to tickets one by one.
 *
 * A bundle of the same name is replaced. One whose bytes are the same stays, with whatever
 * signatures stand beside its SHA256SUMS. One that somebody changed after it was made (a reviewer
 * who filled in the workbook where it lay) is moved aside and kept.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "bundle.h"
#include "pipeline/pipeline.h"

struct job {
    const struct report_request *req;
    const struct produce_options *opt;
    const struct catalogue *catalogue;
    struct store *st;
    const struct config *cfg;
    struct arena *a;
    struct bundle *out;
    struct err *err;
    struct report report;
    const struct query_result *results;
    struct manifest manifest;
    struct manifest_file **last_output;
    str name; /* "monthly-production-2026-10" */
    const char *private_dir, *final_dir;
};

/* --- formats ------------------------------------------------------------------------------- */

/* Is `word` one of the formats asked for? */
static bool has_format(str formats, str word)
{
    while (!str_empty(formats)) {
        if (str_eq(str_trim(str_cut(&formats, ',')), word))
            return true;
    }
    return false;
}

static bool check_formats(str formats, struct err *err)
{
    bool has_any = false;

    while (!str_empty(formats)) {
        str word = str_trim(str_cut(&formats, ','));

        if (str_empty(word))
            continue;
        has_any = true;
        if (!str_eq(word, STR("json")) && !renderer_find(word)) {
            err_set(err, ERR_USAGE, "unknown format '%.*s'", STR_FMT(word));
            return err_hint(err, "Formats are pdf, xlsx and json, with commas between.");
        }
    }
    return has_any || err_set(err, ERR_USAGE, "no format was asked for");
}

/* --- files of the bundle --------------------------------------------------------------------- */

static const char *private_path(const struct job *j, str name)
{
    return str_z(j->a, path_join(j->a, str_from(j->private_dir), name));
}

static void add_output(struct job *j, str name, const char *media_type)
{
    struct manifest_file *f = arena_new(j->a, struct manifest_file, 1);

    f->name = name;
    f->media_type = str_from(media_type);
    *j->last_output = f;
    j->last_output = &f->next;
}

static void add_notes(struct render_notes *all, const struct render_notes *n, struct arena *a)
{
    all->characters_not_shown += n->characters_not_shown;
    all->cells_cut += n->cells_cut;
    all->pages += n->pages;
    all->sheets += n->sheets;
    all->rows += n->rows;
    all->fonts = str_join(a, all->fonts, STR("\n"), n->fonts);
}

static bool render_all(struct job *j, const struct theme *theme)
{
    size_t count;
    const struct renderer *const *list = renderer_list(&count);

    for (size_t i = 0; i < count; i++) {
        const struct renderer *r = list[i];
        str name = str_print(j->a, "%.*s%s", STR_FMT(j->name), r->suffix);
        struct render_notes notes = {0};

        if (!has_format(j->opt->formats, str_from(r->name)))
            continue;
        if (!r->render(&j->report, theme, j->a, private_path(j, name), &notes, j->err))
            return err_wrap(j->err, "%s", r->name);
        add_notes(&j->out->notes, &notes, j->a);
        add_output(j, name, r->media_type);
    }
    return true;
}

static bool write_findings(struct job *j)
{
    if (!has_format(j->opt->formats, STR("json")))
        return true;
    add_output(j, STR(BUNDLE_FINDINGS), "application/json");
    return file_write(private_path(j, STR(BUNDLE_FINDINGS)),
                      findings_json(&j->report, j->results, j->a), j->err);
}

static bool same_inputs(const struct manifest_input *x, const struct manifest_input *y)
{
    for (; x && y; x = x->next, y = y->next) {
        if (!str_eq(x->path, y->path) || !str_eq(x->sha256, y->sha256) ||
            x->accepted != y->accepted || x->duplicate != y->duplicate ||
            !str_eq(x->problem, y->problem))
            return false;
    }
    return !x && !y;
}

/* A report is many queries, and nothing keeps others from ingesting between two of them. Better no
 * report than one whose parts speak of different records. */
static bool check_unchanged(struct job *j)
{
    struct manifest_input *now;

    if (!bundle_inputs(j->st, j->a, &now, j->err))
        return false;
    if (same_inputs(j->manifest.inputs, now))
        return true;
    err_set(j->err, ERR_LOCKED, "the database was filled while the report was made");
    return err_hint(j->err, "Run it again when ingest is done.");
}

static bool write_manifest(struct job *j)
{
    for (struct manifest_file *f = j->manifest.outputs; f; f = f->next) {
        struct sha256 digest;
        uint64_t size;

        if (!bundle_digest(private_path(j, f->name), true, &digest, &size, j->err))
            return false;
        f->sha256 = sha256_hex(&digest, j->a);
        f->size = (int64_t)size;
    }
    j->manifest.report = &j->report;
    j->manifest.config = j->cfg;
    j->manifest.notes = &j->out->notes;
    return bundle_manifest(j->req, j->opt->formats, j->catalogue, j->st, j->results, j->a,
                           &j->manifest, j->err) &&
           check_unchanged(j) &&
           file_write(private_path(j, STR(BUNDLE_MANIFEST)), manifest_json(&j->manifest, j->a),
                      j->err);
}

static bool write_verify(const struct job *j)
{
    const struct report *r = &j->report;
    struct buf b = {0};
    bool ok;

    buf_print(&b, "Report %.*s, %.*s, %.*s.\n", STR_FMT(r->id), STR_FMT(r->environment),
              STR_FMT(r->period));
    buf_addz(&b, "How to check this folder with nothing but standard tools.\n\n"
                 "1. Is every file what it was when the report was made?\n\n"
                 "       sha256sum -c SHA256SUMS\n\n"
                 "   (on macOS: shasum -a 256 -c SHA256SUMS). Every line must end in OK. "
                 "SHA256SUMS is the file to sign,\n"
                 "   to time-stamp, or to note down elsewhere: who knows its digest can check "
                 "everything below it.\n\n"
                 "2. From which files was it made?\n\n"
                 "   manifest.json lists them under \"inputs\", one a line, with path, SHA-256 and "
                 "counts. For an original\n"
                 "   that you hold:\n\n"
                 "       sha256sum FILE\n\n"
                 "   For every input: read = accepted + rejected + duplicate.\n\n"
                 "3. Does a row of the report say what the record says?\n\n"
                 "   An evidence reference F7@2048+512 names file 7 of the report's list of files, "
                 "the byte where the record\n"
                 "   begins (from 0) and its length, in the decompressed file:\n\n"
                 "       gzip -dcf FILE | tail -c +2049 | head -c 512\n"
                 "       gzip -dcf FILE | tail -c +2049 | head -c 512 | sha256sum\n\n"
                 "   (tail counts from 1: add one.) F numbers stand in the manifest as \"f\". The "
                 "second command gives the record's\n"
                 "   SHA-256 that stands in the row. Of plain reads no digest is kept: their proof "
                 "is the place in a file whose\n"
                 "   own SHA-256 is in the manifest.\n\n"
                 "4. Does the same input give the same report?\n\n"
                 "   First step 1 and 2, then read the inputs of the manifest into a new database, "
                 "and make the report:\n\n");
    buf_print(&b, "       auditpress --config CONFIG --db NEW.db ingest FILES...\n       %.*s\n\n",
              STR_FMT(j->req->command));
    buf_print(
        &b,
        "   (the second with --db NEW.db as well) with %.*s and rules %.*s. The configuration "
        "must have the SHA-256\n   %.*s.\n   That gives these files again, byte for byte. "
        "\"auditpress verify FOLDER\" then checks the bundle.\n\n",
        STR_FMT(r->program), STR_FMT(j->catalogue->version),
        STR_FMT(str_or(j->cfg->sha256, STR("(none: built-in defaults)"))));
    buf_addz(&b, "5. What are the other digests taken over?\n\n"
                 "   Ordered rows of a table: all its columns in the order of the workbook, those "
                 "that are not printed included;\n"
                 "   a tab between two cells, a line feed (0x0A) after each row, no heading. Times "
                 "as 2026-10-05T14:03:22Z, numbers\n"
                 "   as plain digits, shares in thousandths, durations in seconds, texts as they "
                 "stand, an empty cell as nothing.\n"
                 "   A population: the identifiers of its items in the order of time, each "
                 "followed by a line feed.\n"
                 "   The dataset: the identities and contents of all events of this environment "
                 "and period, in the order of time;\n"
                 "   it says nothing of other environments and periods.\n");
    ok = file_write(private_path(j, STR(BUNDLE_VERIFY)), buf_str(&b), j->err);
    buf_free(&b);
    return ok;
}

static bool write_sums(struct job *j)
{
    struct path_list all;
    struct buf b = {0};
    bool ok;

    if (!dir_list(j->a, j->private_dir, &all, j->err))
        return false;
    ok = true;
    for (size_t i = 0; ok && i < all.count; i++) {
        struct sha256 digest;
        uint64_t size;
        str name = path_base(str_from(all.paths[i]));

        ok = bundle_digest(all.paths[i], true, &digest, &size, j->err);
        if (!ok)
            break;
        buf_print(&b, "%.*s  %.*s\n", STR_FMT(sha256_hex(&digest, j->a)), STR_FMT(name));
        j->out->files = str_join(j->a, j->out->files, STR(" "), name);
    }
    ok = ok && file_write(private_path(j, STR(BUNDLE_SUMS)), buf_str(&b), j->err);
    j->out->files = str_join(j->a, j->out->files, STR(" "), STR(BUNDLE_SUMS));
    buf_free(&b);
    return ok;
}

static bool fill(struct job *j)
{
    const struct theme *theme =
        theme_load(j->a, j->opt->template_dir, str_or(j->cfg->theme, STR("default")), j->err);

    return theme && render_all(j, theme) && write_findings(j) && write_manifest(j) &&
           write_verify(j) && write_sums(j) && file_sync_dir(j->private_dir, j->err);
}

/* --- into place ------------------------------------------------------------------------------ */

static bool same_sums(const struct job *j, bool *is_same)
{
    const char *old = str_z(j->a, path_join(j->a, str_from(j->final_dir), STR(BUNDLE_SUMS)));
    str was, now;

    *is_same = false;
    if (!file_read(j->a, old, 0, &was, j->err) ||
        !file_read(j->a, private_path(j, STR(BUNDLE_SUMS)), 0, &now, j->err))
        return false;
    *is_same = str_eq(was, now);
    return true;
}

/* A name beside the bundle that nothing has yet: "<name>.changed", "<name>.changed-2" ... */
static const char *free_name(const struct job *j)
{
    const char *path = str_z(j->a, str_print(j->a, "%s.changed", j->final_dir));

    for (unsigned n = 2; file_exists(path); n++)
        path = str_z(j->a, str_print(j->a, "%s.changed-%u", j->final_dir, n));
    return path;
}

static bool move(const char *from, const char *to, struct err *err)
{
    return rename(from, to) == 0 || err_errno(err, "cannot rename '%s' to '%s'", from, to);
}

/* From the first rename to the second there is no bundle under the name; a kill in between leaves
 * both folders, complete, under names that say what they are. */
static bool replace(struct job *j, bool is_intact)
{
    const char *aside =
        is_intact ? str_z(j->a, str_print(j->a, "%s.old-%ld", j->final_dir, (long)getpid()))
                  : free_name(j);
    struct err back = {0};

    if (!move(j->final_dir, aside, j->err))
        return false;
    if (!move(j->private_dir, j->final_dir, j->err)) {
        if (!move(aside, j->final_dir, &back))
            err_hint(j->err, "The bundle that stood there is now '%s'.", aside);
        return false;
    }
    if (is_intact)
        return dir_remove(aside, j->err);
    j->out->kept = str_from(aside);
    return true;
}

static bool put_in_place(struct job *j)
{
    struct issues found = {0};
    bool is_same;

    if (!file_exists(j->final_dir))
        return move(j->private_dir, j->final_dir, j->err);
    if (!file_exists(str_z(j->a, path_join(j->a, str_from(j->final_dir), STR(BUNDLE_SUMS))))) {
        err_set(j->err, ERR_USAGE, "'%s' is there already and is no bundle", j->final_dir);
        return err_hint(j->err, "Move it away, or give another folder with --out.");
    }
    if (!bundle_verify(j->final_dir, &found, j->a, j->err) || !same_sums(j, &is_same))
        return false;
    if (is_same && !found.count)
        return dir_remove(j->private_dir, j->err);
    return replace(j, !found.count);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* Gaps outrank exceptions: these are counted besides, a gap would be hidden behind them. */
static int rank(enum result r)
{
    switch (r) {
    case RESULT_NO_EXCEPTIONS:
        return 0;
    case RESULT_NO_POPULATION:
        return 1;
    case RESULT_EXCEPTIONS:
        return 2;
    case RESULT_PARTIAL:
        return 3;
    case RESULT_NOT_TESTED:
        return 4;
    }
    return 0;
}

static void count_results(struct job *j)
{
    j->out->worst = RESULT_NO_EXCEPTIONS;
    for (const struct query_result *r = j->results; r; r = r->next) {
        j->out->exceptions += r->query->kind == QUERY_EXCEPTIONS ? r->exceptions : 0;
        j->out->not_tested += r->result == RESULT_NOT_TESTED;
        if (rank(r->result) > rank(j->out->worst))
            j->out->worst = r->result;
    }
}

static bool compose(struct job *j)
{
    if (!bundle_inputs(j->st, j->a, &j->manifest.inputs, j->err) ||
        !report_compose(j->req, j->catalogue, j->st, j->cfg, j->a, &j->report, &j->results, j->err))
        return false;
    count_results(j);
    return true;
}

static bool build(struct job *j)
{
    struct err second = {0};

    if (!dir_make(j->opt->out_dir, j->err) || !dir_remove(j->private_dir, j->err) ||
        !dir_make(j->private_dir, j->err))
        return false;
    if (fill(j) && put_in_place(j) && file_sync_dir(j->opt->out_dir, j->err))
        return true;
    if (!dir_remove(j->private_dir, &second))
        err_hint(j->err, "'%s' is left over: %.150s", j->private_dir, second.text);
    return false;
}

bool produce(const struct report_request *req, const struct produce_options *opt,
             const struct catalogue *c, struct store *st, const struct config *cfg, struct arena *a,
             struct bundle *out, struct err *err)
{
    struct job j = {.req = req,
                    .opt = opt,
                    .catalogue = c,
                    .st = st,
                    .cfg = cfg,
                    .a = a,
                    .out = out,
                    .err = err};
    bool ok;

    *out = (struct bundle){.exceptions = 0};
    j.last_output = &j.manifest.outputs;
    j.name = bundle_name(req, a);
    j.final_dir = str_z(a, path_join(a, str_from(opt->out_dir), j.name));
    j.private_dir = str_z(a, str_print(a, "%s.tmp-%ld", j.final_dir, (long)getpid()));
    out->dir = str_from(j.final_dir);
    ok = check_formats(opt->formats, err) && compose(&j) && build(&j);
    report_release(&j.report);
    return ok;
}
