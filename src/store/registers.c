/*
 * registers: what the configuration knows of people, identities, sources and environments, as
 * tables, so that derive.sql can join them; and in memory what is asked for per event or per row of
 * a query.
 */
#include "store/hash.h"
#include "store/internal.h"

/* --- into memory ------------------------------------------------------------------------------ */

static bool count_of(struct store *st, const char *text, size_t *n, struct err *err)
{
    struct sql q = sql_begin(st, text);
    bool has_row;

    if (!sql_row(&q, &has_row, err))
        return false;
    *n = has_row ? (size_t)sql_int_at(&q, 0) : 0;
    sql_end(&q);
    return true;
}

static bool load_patterns(struct store *st, struct err *err)
{
    struct sql q;
    str *patterns;
    size_t n;
    bool has_row;

    if (!count_of(st, "SELECT count(DISTINCT path) FROM reg_env_rule WHERE path IS NOT NULL", &n,
                  err))
        return false;
    patterns = arena_new(&st->registers, str, n);
    q = sql_begin(st,
                  "SELECT DISTINCT path FROM reg_env_rule WHERE path IS NOT NULL ORDER BY path");
    for (st->npatterns = 0;; st->npatterns++) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            break;
        patterns[st->npatterns] = str_copy(&st->registers, sql_text_at(&q, 0));
    }
    st->patterns = patterns;
    return true;
}

static bool load_aliases(struct store *st, struct err *err)
{
    struct sql q;
    struct alias *aliases;
    size_t n;
    bool has_row;

    if (!count_of(st, "SELECT count(*) FROM reg_alias", &n, err))
        return false;
    aliases = arena_new(&st->registers, struct alias, n);
    q = sql_begin(st, "SELECT alias, person FROM reg_alias ORDER BY alias, person");
    for (st->naliases = 0;; st->naliases++) {
        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            break;
        aliases[st->naliases].name = str_copy(&st->registers, sql_text_at(&q, 0));
        aliases[st->naliases].person = sql_int_at(&q, 1);
    }
    st->aliases = aliases;
    return true;
}

bool registers_load(struct store *st, struct err *err)
{
    str pattern;

    arena_reset(&st->registers);
    if (!load_patterns(st, err) || !load_aliases(st, err) ||
        !meta_get(st, "ticket", &st->registers, &pattern, err))
        return false;
    ticket_pattern_free(st->ticket);
    st->ticket = NULL;
    if (str_empty(pattern))
        return true;
    st->ticket = ticket_pattern_new(pattern, err);
    return st->ticket != NULL;
}

/* --- from the configuration ------------------------------------------------------------------- */

static bool write_environments(struct store *st, const struct config *cfg, struct err *err)
{
    int64_t n = 0;

    for (const struct environment *e = cfg->environments; e; e = e->next) {
        struct sql q = sql_begin(st, "INSERT INTO reg_environment VALUES(?,?,?,?)");

        sql_int(&q, n++);
        sql_text(&q, e->name);
        sql_text(&q, e->title);
        sql_int(&q, e->needs_approval);
        if (!sql_run(&q, err))
            return false;
    }
    n = 0;
    for (const struct env_rule *r = cfg->env_rules; r; r = r->next) {
        const str texts[] = {r->environment, r->source, r->account, r->region,
                             r->place,       r->label,  r->path};
        struct sql q = sql_begin(st, "INSERT INTO reg_env_rule VALUES(?,?,?,?,?,?,?,?)");

        sql_int(&q, n++);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            sql_text(&q, texts[i]);
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

static bool write_alias(struct store *st, int64_t person, str name, struct err *err)
{
    struct sql q = sql_begin(st, "INSERT OR IGNORE INTO reg_alias VALUES(?,?)");
    struct arena a = {0};
    bool ok = true;

    if (!str_empty(name)) {
        sql_text(&q, str_lower(&a, name));
        sql_int(&q, person);
        ok = sql_run(&q, err);
    }
    arena_free(&a);
    return ok;
}

static bool write_people(struct store *st, const struct config *cfg, struct err *err)
{
    int64_t n = 0;

    for (const struct person *p = cfg->people; p; p = p->next, n++) {
        struct sql q = sql_begin(st, "INSERT INTO reg_person VALUES(?,?,?,?,?,?,?,?,?,?)");
        str rest = p->aliases;

        sql_int(&q, n);
        sql_text(&q, str_or(p->name, p->email));
        sql_text(&q, p->email);
        sql_text(&q, p->team);
        sql_text(&q, p->zone);
        sql_int_or_null(&q, p->t_start.is_set, instant_key(p->t_start));
        sql_int_or_null(&q, p->t_end.is_set, instant_key(p->t_end));
        sql_int(&q, p->is_developer);
        sql_int(&q, p->is_approver);
        sql_int(&q, p->is_admin);
        if (!sql_run(&q, err) || !write_alias(st, n, p->name, err) ||
            !write_alias(st, n, p->email, err))
            return false;
        while (rest.ptr)
            if (!write_alias(st, n, str_cut(&rest, ' '), err))
                return false;
    }
    return true;
}

static bool write_sources(struct store *st, const struct config *cfg, struct err *err)
{
    str rest = cfg->trusted;
    int64_t n = 0;

    for (const struct identity_rule *r = cfg->identities; r; r = r->next) {
        struct sql q = sql_begin(st, "INSERT INTO reg_identity VALUES(?,?,?,?)");

        sql_int(&q, n++);
        sql_text(&q, r->pattern);
        sql_text(&q, r->kind);
        sql_text(&q, r->note);
        if (!sql_run(&q, err))
            return false;
    }
    n = 0;
    for (const struct expected_source *e = cfg->expected; e; e = e->next) {
        const str texts[] = {e->source, e->account, e->region, e->place, e->environment};
        struct sql q = sql_begin(st, "INSERT INTO reg_expected VALUES(?,?,?,?,?,?)");

        sql_int(&q, n++);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            sql_text(&q, texts[i]);
        if (!sql_run(&q, err))
            return false;
    }
    while (rest.ptr) {
        struct sql q = sql_begin(st, "INSERT OR IGNORE INTO reg_trusted VALUES(?)");
        str name = str_cut(&rest, ' ');

        if (str_empty(name))
            continue;
        sql_text(&q, name);
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

static bool write_kinds(struct store *st, const struct config *cfg, struct err *err)
{
    const struct {
        const char *name;
        bool is_there;
    } kinds[] = {
        {"people", cfg->has_people},
        {"identities", cfg->has_identities},
        {"expected", cfg->has_expected},
        {"trusted", cfg->has_trusted},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct sql q = sql_begin(st, "INSERT INTO reg_kind VALUES(?)");

        if (!kinds[i].is_there)
            continue;
        sql_text(&q, str_from(kinds[i].name));
        if (!sql_run(&q, err))
            return false;
    }
    return true;
}

static bool write_all(struct store *st, const struct config *cfg, struct err *err)
{
    return sql_script(st,
                      "DELETE FROM reg_kind; DELETE FROM reg_environment; DELETE FROM "
                      "reg_env_rule; DELETE FROM reg_person; "
                      "DELETE FROM reg_alias; DELETE FROM reg_identity; DELETE FROM reg_expected; "
                      "DELETE FROM reg_trusted",
                      err) &&
           write_environments(st, cfg, err) && write_people(st, cfg, err) &&
           write_sources(st, cfg, err) && write_kinds(st, cfg, err) &&
           meta_set(st, "ticket", cfg->ticket_pattern, err) && registers_load(st, err);
}

/* --- what the tables hold, as a digest -------------------------------------------------------- */

static void add(struct buf *b, str s)
{
    buf_print(b, "%zu:", s.len);
    buf_add(b, s);
}

static void add_flags(struct buf *b, int64_t one, int64_t two, int64_t three)
{
    buf_print(b, "%lld,%lld,%lld;", (long long)one, (long long)two, (long long)three);
}

static void add_texts(struct buf *b, const str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(b, texts[i]);
    buf_addc(b, '\n');
}

#define ADD_TEXTS(b, ...)                                                                          \
    add_texts(b, (const str[]){__VA_ARGS__}, sizeof((const str[]){__VA_ARGS__}) / sizeof(str))

static str registers_digest(const struct config *cfg, struct arena *a)
{
    struct buf b = {0};
    struct sha256 d;

    for (const struct environment *e = cfg->environments; e; e = e->next) {
        add_flags(&b, e->needs_approval, 0, 0);
        ADD_TEXTS(&b, STR("environment"), e->name, e->title);
    }
    for (const struct env_rule *r = cfg->env_rules; r; r = r->next)
        ADD_TEXTS(&b, STR("rule"), r->environment, r->source, r->account, r->region, r->place,
                  r->label, r->path);
    for (const struct person *p = cfg->people; p; p = p->next) {
        add_flags(&b, p->is_developer, p->is_approver, p->is_admin);
        add_flags(&b, instant_key(p->t_start), instant_key(p->t_end), 0);
        ADD_TEXTS(&b, STR("person"), p->name, p->email, p->team, p->zone, p->aliases);
    }
    for (const struct identity_rule *r = cfg->identities; r; r = r->next)
        ADD_TEXTS(&b, STR("identity"), r->pattern, r->kind, r->note);
    for (const struct expected_source *e = cfg->expected; e; e = e->next)
        ADD_TEXTS(&b, STR("expected"), e->source, e->account, e->region, e->place, e->environment);
    ADD_TEXTS(&b, STR("other"), cfg->trusted, cfg->ticket_pattern);
    add_flags(&b, cfg->has_people, cfg->has_identities, cfg->has_expected * 2 + cfg->has_trusted);
    d = sha256_of(buf_str(&b));
    buf_free(&b);
    return sha256_hex(&d, a);
}

bool store_is_configured(struct store *st, const struct config *cfg, bool *is, struct err *err)
{
    struct arena a = {0};
    str have;
    bool ok = meta_get(st, "registers", &a, &have, err);

    *is = ok && str_eq(registers_digest(cfg, &a), have);
    arena_free(&a);
    return ok;
}

bool registers_write(struct store *st, const struct config *cfg, struct err *err)
{
    struct arena a = {0};
    str want = registers_digest(cfg, &a), have;
    bool ok = meta_get(st, "registers", &a, &have, err);

    if (ok && !str_eq(want, have))
        ok = write_all(st, cfg, err) && meta_set(st, "registers", want, err);
    arena_free(&a);
    return ok;
}

/* --- events under another path pattern -------------------------------------------------------- */

static bool find_unfit(struct store *st, bool *any, struct err *err)
{
    struct sql q = sql_begin(st, "SELECT id, path, fits FROM file_row WHERE sha256 IS NOT NULL");
    bool has_row;

    *any = false;
    if (!sql_script(st,
                    "CREATE TEMP TABLE IF NOT EXISTS refit(file INTEGER PRIMARY KEY, fits TEXT); "
                    "DELETE FROM temp.refit",
                    err))
        return false;
    for (;;) {
        struct sql add_file;
        str fits;

        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        arena_reset(&st->row_arena);
        fits = path_fits(st, &st->row_arena, sql_text_at(&q, 1));
        if (str_eq(fits, sql_text_at(&q, 2)))
            continue;
        add_file = sql_begin(st, "INSERT INTO temp.refit VALUES(?,?)");
        sql_int(&add_file, sql_int_at(&q, 0));
        sql_text(&add_file, fits);
        if (!sql_run(&add_file, err)) {
            sql_end(&q);
            return false;
        }
        *any = true;
    }
}

/* Scopes that the events of those files have, under their new patterns. */
static bool make_scopes(struct store *st, struct err *err)
{
    struct sql q;
    bool has_row;

    if (!sql_script(st,
                    "CREATE TEMP TABLE IF NOT EXISTS rescope(was INTEGER, fits TEXT, becomes "
                    "INTEGER); DELETE FROM temp.rescope;"
                    "INSERT INTO temp.rescope(was, fits) SELECT DISTINCT e.scope, r.fits FROM "
                    "main.event_row AS e "
                    "JOIN temp.refit AS r ON r.file = e.file ORDER BY 1, 2",
                    err))
        return false;
    q = sql_begin(st,
                  "SELECT r.rowid, s.source, s.account, s.region, s.place, s.label, s.hint, r.fits "
                  "FROM temp.rescope AS r JOIN main.scope AS s ON s.id = r.was ORDER BY r.rowid");
    for (;;) {
        struct sql set;
        str texts[7], tuple;
        int64_t id;

        if (!sql_row(&q, &has_row, err))
            return false;
        if (!has_row)
            return true;
        arena_reset(&st->row_arena);
        for (int i = 0; i < 7; i++)
            texts[i] = sql_text_at(&q, i + 1);
        tuple = tuple_of_texts(&st->row_arena, texts, 7);
        set = sql_begin(st, "UPDATE temp.rescope SET becomes=? WHERE rowid=?");
        if (!dict_id(st, DICT_SCOPE, tuple, hash_bytes(DICT_SCOPE + 1, tuple.ptr, tuple.len), &id,
                     err)) {
            sql_end(&q);
            return false;
        }
        sql_int(&set, id);
        sql_int(&set, sql_int_at(&q, 0));
        if (!sql_run(&set, err)) {
            sql_end(&q);
            return false;
        }
    }
}

bool scopes_refit(struct store *st, struct err *err)
{
    bool any;

    if (!find_unfit(st, &any, err))
        return false;
    if (!any)
        return true;
    /* A pass over all events and a new count: patterns change rarely, and store_configure spares it
     * on the first ingest. */
    return make_scopes(st, err) &&
           sql_script(st,
                      "UPDATE main.event_row AS e SET scope = (SELECT becomes FROM temp.rescope AS "
                      "s JOIN temp.refit AS r "
                      "  ON r.fits IS s.fits WHERE s.was = e.scope AND r.file = e.file) "
                      "WHERE file IN (SELECT file FROM temp.refit);"
                      "UPDATE main.file_row AS f SET fits = (SELECT fits FROM temp.refit AS r "
                      "WHERE r.file = f.id) "
                      "WHERE id IN (SELECT file FROM temp.refit)",
                      err) &&
           rollup_rebuild(st, err) && content_changed(st, err);
}
