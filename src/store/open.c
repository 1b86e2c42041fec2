/*
 * open: the database file: making it, opening it, its transactions.
 *
 * Durability: the rollback journal is truncated at commit and everything is synced (journal_mode
 * TRUNCATE, synchronous FULL), so what store_commit has reported survives the loss of power, and
 * what was not committed leaves nothing. In big transactions this costs little (performance.md).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/derive.sql.h"
#include "store/internal.h"
#include "store/schema.sql.h"
#include "store/views.sql.h"

#define APPLICATION_ID 0x41554450 /* "AUDP" */

/* --- the connection --------------------------------------------------------------------------- */

static bool is_in_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

/* SQLite would make it with the mode of the umask; evidence is nobody else's to read. */
static bool make_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_errno(err, "cannot open database '%s'", path);
    if (close(fd) != 0)
        return err_errno(err, "cannot make database '%s'", path);
    return true;
}

/* A reader opens for writing too, where it may: only so can it roll back what a process that died
 * has left half done. It writes nothing else. */
static bool connect_db(struct store *st, struct err *err)
{
    struct arena a = {0};
    bool is_uri = str_starts(str_from(st->path), STR("file:")); /* a name is a name */
    const char *name = is_uri ? str_z(&a, str_print(&a, "./%s", st->path)) : st->path;
    int rc;

    /* Counting memory takes a lock per allocation. Refused once SQLite has begun, which is fine. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    rc = sqlite3_open_v2(name, &st->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (rc == SQLITE_CANTOPEN && st->mode == STORE_READ) {
        sqlite3_close(st->db);
        rc = sqlite3_open_v2(name, &st->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    }
    arena_free(&a);
    if (rc != SQLITE_OK)
        return sql_failed(st, rc, err);
    sqlite3_extended_result_codes(st->db, 1);
    sqlite3_busy_timeout(st->db, 60000);
    sqlite3_limit(st->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return sql_script(
        st,
        st->mode == STORE_READ
            ? "PRAGMA cache_size=-16384"
            : "PRAGMA page_size=4096; PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; "
              "PRAGMA cache_size=-16384; PRAGMA secure_delete=0; PRAGMA foreign_keys=0",
        err);
}

/* --- the schema ------------------------------------------------------------------------------- */

static bool number_of(struct store *st, const char *text, int64_t *out, struct err *err)
{
    struct sql q = sql_begin(st, text);
    bool has_row;

    if (!sql_row(&q, &has_row, err))
        return false;
    *out = has_row ? sql_int_at(&q, 0) : 0;
    if (has_row)
        sql_end(&q);
    return true;
}

#define NAME_OF(constant, name) name,
static const char *const actor_types[] = {ACTOR_TYPES(NAME_OF)};
static const char *const verbs[] = {VERBS(NAME_OF)};
static const char *const channels[] = {CHANNELS(NAME_OF)};
static const char *const outcomes[] = {OUTCOMES(NAME_OF)};
static const char *const mfas[] = {MFA_STATES(NAME_OF)};

static bool fill_words(struct store *st, const char *insert, const char *const *words, size_t n,
                       struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct sql q = sql_begin(st, insert);

        sql_int(&q, (int64_t)i);
        sql_text(&q, str_from(words[i]));
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool make_schema(struct store *st, struct err *err)
{
    struct arena a = {0};
    const char *header = str_z(&a, str_print(&a, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                                             APPLICATION_ID, SCHEMA_VERSION));
    bool ok = sql_script(st, header, err) && sql_script(st, sql_schema, err) &&
              fill_words(st, "INSERT INTO actor_type VALUES(?,?)", actor_types, COUNT(actor_types),
                         err) &&
              fill_words(st, "INSERT INTO verb VALUES(?,?)", verbs, COUNT(verbs), err) &&
              fill_words(st, "INSERT INTO channel VALUES(?,?)", channels, COUNT(channels), err) &&
              fill_words(st, "INSERT INTO outcome VALUES(?,?)", outcomes, COUNT(outcomes), err) &&
              fill_words(st, "INSERT INTO mfa VALUES(?,?)", mfas, COUNT(mfas), err) &&
              meta_set(st, "content", STR("0"), err) &&
              /* The derived tables, still empty: the views name them. */
              sql_script(st, sql_derive, err);

    arena_free(&a);
    return ok;
}

static bool check_version(struct store *st, bool *is_new, struct err *err)
{
    int64_t application, version, objects;

    if (!number_of(st, "SELECT application_id FROM pragma_application_id", &application, err) ||
        !number_of(st, "SELECT user_version FROM pragma_user_version", &version, err) ||
        !number_of(st, "SELECT count(*) FROM sqlite_schema", &objects, err))
        return false;
    *is_new = objects == 0 && application == 0;
    if (*is_new && st->mode == STORE_READ)
        return err_set(err, ERR_DATA, "'%s' holds nothing yet", st->path);
    if (!*is_new && application != APPLICATION_ID)
        return err_set(err, ERR_DATA, "'%s' is not a database of auditpress", st->path);
    if (!*is_new && version != SCHEMA_VERSION) {
        err_set(err, ERR_DATA, "database '%s' has format %lld, this program wants %d", st->path,
                (long long)version, SCHEMA_VERSION);
        return err_hint(err,
                        "The database is made from the exports: ingest them again into a new one.");
    }
    return true;
}

static bool prepare_contents(struct store *st, struct err *err)
{
    bool is_new;

    if (st->mode == STORE_READ)
        return check_version(st, &is_new, err);
    if (!sql_script(st, "BEGIN IMMEDIATE", err))
        return false;
    if (check_version(st, &is_new, err) && (!is_new || make_schema(st, err)))
        return sql_script(st, "COMMIT", err);
    (void)sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* --- open and close --------------------------------------------------------------------------- */

static char *text_copy(const char *z)
{
    size_t n = strlen(z) + 1;

    return memcpy(xmalloc(n), z, n);
}

bool store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    struct store *st = xmalloc(sizeof *st);

    *out = NULL;
    memset(st, 0, sizeof *st);
    st->path = text_copy(path);
    st->mode = mode;
    st->lock_fd = -1;
    for (size_t i = 0; i < DICT_KINDS; i++)
        st->dicts[i].last_id = -1;
    if (!is_in_memory(path)) {
        if (mode == STORE_READ && access(path, F_OK) != 0) {
            err_errno(err, "cannot open database '%s'", path);
            goto failed;
        }
        if (mode == STORE_WRITE && (!lock_take(path, &st->lock_fd, err) || !make_file(path, err)))
            goto failed;
    }
    if (!connect_db(st, err) || !functions_open(st, err) || !feed_open(st, err) ||
        !prepare_contents(st, err) || !registers_load(st, err) || !lists_open(st, err) ||
        !sql_script(st, sql_views, err) || !guard_open(st, err))
        goto failed;
    *out = st;
    return true;
failed:
    store_close(st);
    return false;
}

void store_close(struct store *st)
{
    if (!st)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        (void)sqlite3_finalize(st->statements[i].stmt);
    /* Rolls back what is open. Statements of users are theirs to close before. */
    (void)sqlite3_close_v2(st->db);
    lock_drop(st->path, st->lock_fd);
    for (size_t i = 0; i < DICT_KINDS; i++)
        dict_free(&st->dicts[i]);
    rollup_free(st);
    buf_free(&st->pending.bytes);
    free(st->conflicts.ids);
    free(st->folds.ids);
    arena_free(&st->file.arena);
    arena_free(&st->row_arena);
    arena_free(&st->registers);
    arena_free(&st->names);
    list_set_free(st->lists);
    ticket_pattern_free(st->ticket);
    free(st->path);
    free(st);
}

/* --- transactions ----------------------------------------------------------------------------- */

bool store_begin(struct store *st, struct err *err)
{
    if (st->mode != STORE_WRITE)
        return err_set(err, ERR_IO, "database '%s' was opened for reading", st->path);
    return sql_script(st, "BEGIN IMMEDIATE", err);
}

bool content_changed(struct store *st, struct err *err)
{
    struct sql q = sql_begin(st, "UPDATE meta SET value = value + 1 WHERE key = 'content'");

    return sql_run(&q, err);
}

bool store_commit(struct store *st, struct err *err)
{
    if (st->file.id) {
        store_rollback(st);
        return err_set(err, ERR_IO, "a file was begun and not ended before the commit");
    }
    if (!rollup_flush(st, err) || (st->is_changed && !content_changed(st, err)) ||
        !sql_script(st, "COMMIT", err)) {
        store_rollback(st);
        return false;
    }
    st->is_changed = false;
    return true;
}

void store_rollback(struct store *st)
{
    /* Fails only when there is nothing to roll back. */
    if (!sqlite3_get_autocommit(st->db))
        (void)sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
    for (size_t i = 0; i < DICT_KINDS; i++)
        dict_forget(&st->dicts[i]);
    rollup_forget(st);
    pending_forget(st);
    st->conflicts.count = st->folds.count = 0;
    st->file.id = 0;
    st->is_changed = false;
}
