/*
 * file: what is kept of each file, and its control totals.
 *
 * read = accepted + rejected + duplicate holds for every file. A record is accepted when one of its
 * events stands in this copy of it; which copy stands is decided by the digests of the files
 * (place.c), so the totals of a file may change when another one comes. They are told to the caller
 * as they were on arrival: what this file added.
 */
#include <stdlib.h>

#include "store/internal.h"

/* --- records that lose or win ----------------------------------------------------------------- */

static bool count_duplicate(struct store *st, int64_t file, int change, struct err *err)
{
    struct sql q = sql_begin(
        st,
        "UPDATE file_row SET duplicate = duplicate + ?1, accepted = accepted - ?1 WHERE id = ?2");

    sql_int(&q, change);
    sql_int(&q, file);
    return sql_run(&q, err);
}

/* Standing events of a record that gave several, after a change; 0 or 1 for one that gave a single
 * event. */
static bool standing_after(struct store *st, int64_t file, int64_t record, int change,
                           int64_t *standing, struct err *err)
{
    struct sql q = sql_begin(st, "UPDATE shared_record SET standing = standing + ? WHERE file=? "
                                 "AND record=? RETURNING standing");
    bool has_row;

    sql_int(&q, change);
    sql_int(&q, file);
    sql_int(&q, record);
    if (!sql_row(&q, &has_row, err))
        return false;
    *standing = has_row ? sql_int_at(&q, 0) : change > 0;
    return !has_row || sql_run(&q, err);
}

bool record_loses(struct store *st, int64_t file, int64_t record, struct err *err)
{
    int64_t standing;

    return standing_after(st, file, record, -1, &standing, err) &&
           (standing != 0 || count_duplicate(st, file, 1, err));
}

bool record_wins(struct store *st, int64_t file, int64_t record, struct err *err)
{
    int64_t standing;

    return standing_after(st, file, record, 1, &standing, err) &&
           (standing != 1 || count_duplicate(st, file, -1, err));
}

bool file_sha256(struct store *st, int64_t file, struct sha256 *out, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT sha256 FROM file_row WHERE id=?");
    bool has_row;
    str bytes;

    sql_int(&q, file);
    if (!sql_row(&q, &has_row, err))
        return false;
    bytes = has_row ? sql_blob_at(&q, 0) : STR_NONE;
    if (bytes.len != SHA256_SIZE) {
        sql_end(&q);
        return err_set(err, ERR_INTEGRITY, "database '%s': a file has no digest", st->path);
    }
    memcpy(out->bytes, bytes.ptr, SHA256_SIZE);
    sql_end(&q);
    return true;
}

/* --- known files ------------------------------------------------------------------------------ */

static bool file_by_sha(struct store *st, const struct sha256 *sha, int64_t not_this, int64_t *file,
                        struct err *err)
{
    struct sql q = sql_begin(st, "SELECT id FROM file_row WHERE sha256=? AND id<>?");
    bool has_row;

    sql_blob(&q, sha->bytes, SHA256_SIZE);
    sql_int(&q, not_this);
    if (!sql_row(&q, &has_row, err))
        return false;
    *file = has_row ? sql_int_at(&q, 0) : 0;
    if (has_row)
        sql_end(&q);
    return true;
}

/* Of several paths of the same bytes the lowest is shown and looked at by the environment map. */
static bool note_path(struct store *st, int64_t file, str path, struct err *err)
{
    struct sql add = sql_begin(st, "INSERT OR IGNORE INTO file_path VALUES(?,?)"), set;

    sql_int(&add, file);
    sql_text(&add, path);
    if (!sql_run(&add, err))
        return false;
    if (sqlite3_changes(st->db))
        st->is_changed = true;
    set = sql_begin(st, "UPDATE file_row SET path=?1 WHERE id=?2 AND path > ?1");
    sql_text(&set, path);
    sql_int(&set, file);
    return sql_run(&set, err);
}

static bool forget_failure(struct store *st, str path, struct err *err)
{
    struct sql issues =
        sql_begin(st, "DELETE FROM issue_row WHERE file IN "
                      "(SELECT id FROM file_row WHERE path=? AND problem IS NOT NULL)");
    struct sql files;

    sql_text(&issues, path);
    if (!sql_run(&issues, err))
        return false;
    files = sql_begin(st, "DELETE FROM file_row WHERE path=? AND problem IS NOT NULL");
    sql_text(&files, path);
    return sql_run(&files, err);
}

bool store_file_known(struct store *st, const struct sha256 *sha, str path, bool *known,
                      struct err *err)
{
    int64_t file;

    if (!file_by_sha(st, sha, 0, &file, err))
        return false;
    *known = file != 0;
    return !*known || (note_path(st, file, path, err) && forget_failure(st, path, err));
}

bool store_size_known(struct store *st, uint64_t size, bool *known, struct err *err)
{
    struct sql q =
        sql_begin(st, "SELECT 1 FROM file_row WHERE size=? AND sha256 IS NOT NULL LIMIT 1");

    sql_int(&q, (int64_t)size);
    if (!sql_row(&q, known, err))
        return false;
    if (*known)
        sql_end(&q);
    return true;
}

str path_fits(const struct store *st, struct arena *a, str path)
{
    struct buf lines = {0};
    str out = STR_NONE;

    for (size_t i = 0; i < st->npatterns; i++) {
        if (!str_glob_nocase(st->patterns[i], path))
            continue;
        if (lines.len)
            buf_addc(&lines, '\n');
        buf_add(&lines, st->patterns[i]);
    }
    if (lines.len)
        out = buf_str_copy(&lines, a);
    buf_free(&lines);
    return out;
}

/* --- one file, from begin to end -------------------------------------------------------------- */

bool store_file_begin(struct store *st, str path, str env_hint, int64_t *file, struct err *err)
{
    struct open_file *f = &st->file;
    struct sql q;

    if (f->id)
        return err_set(err, ERR_IO, "a file was begun before the one before it was ended");
    if (!forget_failure(st, path, err))
        return false;
    arena_reset(&f->arena);
    *f = (struct open_file){.arena = f->arena};
    f->path = str_copy(&f->arena, path);
    f->hint = str_copy(&f->arena, env_hint);
    f->fits = path_fits(st, &f->arena, f->path);
    q = sql_begin(st, "INSERT INTO file_row(path, hint, fits) VALUES(?,?,?)");
    sql_text(&q, str_or(f->path, STR("-")));
    sql_text(&q, f->hint);
    sql_text(&q, f->fits);
    if (!sql_run(&q, err))
        return false;
    f->id = *file = sqlite3_last_insert_rowid(st->db);
    st->is_changed = true;
    return true;
}

static bool write_totals(struct store *st, const struct file_info *info,
                         const struct file_totals *t, struct err *err)
{
    const struct open_file *f = &st->file;
    struct sql q = sql_begin(
        st, "UPDATE file_row SET sha256=?, size=?, plain_size=?, compression=?, sources=?, read=?, "
            "accepted=?, rejected=?, duplicate=?, gave=?, not_event=?, text=?, t_first=?, t_last=? "
            "WHERE id=?");

    sql_blob(&q, info->sha256.bytes, SHA256_SIZE);
    sql_int(&q, (int64_t)info->size);
    sql_int(&q, (int64_t)info->plain_size);
    sql_text(&q, str_from(info->compression));
    sql_text(&q, info->sources);
    sql_int(&q, (int64_t)t->read);
    sql_int(&q, (int64_t)t->accepted);
    sql_int(&q, (int64_t)t->rejected);
    sql_int(&q, (int64_t)t->duplicate);
    sql_int(&q, (int64_t)f->gave);
    sql_int(&q, (int64_t)t->not_event);
    sql_int(&q, (int64_t)t->text);
    sql_int_or_null(&q, f->has_span, f->first);
    sql_int_or_null(&q, f->has_span, f->last);
    sql_int(&q, f->id);
    return sql_run(&q, err);
}

static bool run_with_files(struct store *st, const char *text, int64_t first, int64_t second,
                           struct err *err)
{
    struct sql q = sql_begin(st, text);

    sql_int(&q, first);
    sql_int(&q, second);
    return sql_run(&q, err);
}

/* The digest, known only now, is that of a file that is here already: what little was written for
 * this one goes to that one. Its events stand there; should the program have changed in between,
 * new ones stand under the old file. */
static bool join_known(struct store *st, int64_t known, struct file_totals *t, struct err *err)
{
    static const char *const texts[] = {
        "DELETE FROM issue_row WHERE file=?1 AND ?2",
        "DELETE FROM shared_record WHERE file=?1 AND ?2",
        "DELETE FROM file_row WHERE id=?1 AND ?2",
    };

    t->duplicate += t->accepted;
    t->accepted = 0;
    if (st->file.standing && (!run_with_files(st, "UPDATE event_row SET file=?2 WHERE file=?1",
                                              st->file.id, known, err) ||
                              !run_with_files(st, "UPDATE fold_part SET file=?2 WHERE file=?1",
                                              st->file.id, known, err)))
        return false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!run_with_files(st, texts[i], st->file.id, known, err))
            return false;
    pending_forget(st);
    return note_path(st, known, st->file.path, err);
}

static bool read_later_totals(struct store *st, struct file_totals *t, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT conflict, folded FROM file_row WHERE id=?");
    bool has_row;

    sql_int(&q, st->file.id);
    if (!sql_row(&q, &has_row, err))
        return false;
    if (has_row) {
        t->conflict = (uint64_t)sql_int_at(&q, 0);
        t->folded = (uint64_t)sql_int_at(&q, 1);
        sql_end(&q);
    }
    return true;
}

bool store_file_end(struct store *st, int64_t file, const struct file_info *info,
                    struct file_totals *totals, struct err *err)
{
    const struct open_file *f = &st->file;
    struct file_totals t = {
        .read = f->counts.read,
        .rejected = f->counts.rejected,
        .duplicate = f->duplicate,
        .not_event = f->counts.not_event,
        .text = f->counts.text,
    };
    int64_t known;

    if (file != f->id || !file)
        return err_set(err, ERR_IO, "a file was ended that is not open");
    if (t.rejected + t.duplicate > t.read || f->gave + t.rejected > t.read)
        return err_set(err, ERR_INTEGRITY,
                       "'%.*s': records do not add up: %llu read, %llu gave events, %llu rejected",
                       STR_FMT(f->path), (unsigned long long)t.read, (unsigned long long)f->gave,
                       (unsigned long long)t.rejected);
    t.accepted = t.read - t.rejected - t.duplicate;
    if (!file_by_sha(st, &info->sha256, file, &known, err))
        return false;
    if (known) {
        if (!join_known(st, known, &t, err))
            return false;
    } else if (!write_totals(st, info, &t, err) || !note_path(st, file, f->path, err) ||
               !pending_settle(st, err)) {
        return false;
    }
    if (!conflict_settle(st, err) || !read_later_totals(st, &t, err))
        return false;
    st->file.id = 0;
    *totals = t;
    return true;
}

bool store_file_failed(struct store *st, str path, str reason, struct err *err)
{
    struct sql file, issue;

    if (!forget_failure(st, path, err))
        return false;
    st->is_changed = true;
    file = sql_begin(st, "INSERT INTO file_row(path, problem) VALUES(?,?)");
    sql_text(&file, str_or(path, STR("-")));
    sql_text(&file, str_or(reason, STR("cannot be read")));
    if (!sql_run(&file, err))
        return false;
    issue = sql_begin(st, "INSERT INTO issue_row(file, kind, reason) VALUES(?,?,?)");
    sql_int(&issue, sqlite3_last_insert_rowid(st->db));
    sql_text(&issue, str_from(issue_kind_name(ISSUE_FILE)));
    sql_text(&issue, str_or(reason, STR("cannot be read")));
    return sql_run(&issue, err);
}
