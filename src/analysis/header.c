/*
 * header: the comment lines at the top of a query or set file.
 *
 * Auditors write these files by hand, so a slip must never pass as something else: an unknown key,
 * a key said twice, a missing one, a word that is no need or no type is an error with file and
 * line. The grammar is in report/README.md.
 */
#include "analysis/header.h"

/* clang-format off */
#define KEYS(X)                                                                                   \
    /* key                 of queries  of sets */                                                 \
    X(title,               REQUIRED,   REQUIRED)                                                  \
    X(question,            REQUIRED,   REFUSED)                                                   \
    X(severity,            REQUIRED,   REFUSED)                                                   \
    X(tier,                REQUIRED,   REFUSED)                                                   \
    X(kind,                ALLOWED,    REFUSED)                                                   \
    X(needs,               REQUIRED,   REFUSED)                                                   \
    X(population,          ALLOWED,    REFUSED)                                                   \
    X(population_words,    REQUIRED,   REFUSED)                                                   \
    X(population_scope,    ALLOWED,    REFUSED)                                                   \
    X(param,               ALLOWED,    ALLOWED)                                                   \
    X(columns,             REQUIRED,   REQUIRED)                                                  \
    X(if_empty,            REQUIRED,   ALLOWED)                                                   \
    X(caveat,              ALLOWED,    ALLOWED)                                                   \
    X(reviewer,            REQUIRED,   REFUSED)
/* clang-format on */

#define KEY_CONSTANT(key, query, set) KEY_##key,
enum key { KEYS(KEY_CONSTANT) NKEYS };
enum presence { REFUSED, ALLOWED, REQUIRED };

#define KEY_ROW(key, query, set) [KEY_##key] = {#key, {query, set}},
static const struct {
    const char *name; /* with _ where the file has - */
    enum presence in[2];
} keys[NKEYS] = {KEYS(KEY_ROW)};

struct reader {
    struct arena *arena;
    str path;
    size_t line; /* of the entry being read */
    bool is_set;
    struct query *query;
    struct query_parameter **last_param;
    struct err *err;
};

static bool fail(struct reader *r, const char *what, str word)
{
    return err_set(r->err, ERR_USAGE, "%.*s:%zu: %s '%.*s'", STR_FMT(r->path), r->line, what,
                   STR_FMT(word));
}

/* --- words ------------------------------------------------------------------------------------ */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Cuts a word off the front of *rest: up to white space, `stop`, or the closing quote of a quoted
 * text. */
static bool next_word(str *rest, char stop, str *word, bool *is_quoted)
{
    size_t n = 0;

    *rest = str_trim(*rest);
    *is_quoted = rest->len > 0 && rest->ptr[0] == '"';
    if (*is_quoted) {
        size_t end = str_find_char(str_part(*rest, 1, rest->len), '"');

        if (end == SIZE_MAX)
            return false;
        *word = str_part(*rest, 1, end + 1);
        *rest = str_part(*rest, end + 2, rest->len);
        return true;
    }
    while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != stop)
        n++;
    *word = str_part(*rest, 0, n);
    *rest = str_part(*rest, n, rest->len);
    return true;
}

bool need_known(str word)
{
    static const char *const words[] = {
        "any",    "cloud-audit", "sign-in",        "runs",    "approvals",
        "vcs",    "state",       "platform-audit", "drift",   "state-access",
        "people", "identities",  "expected",       "trusted",
    };
    uint64_t days;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(word, str_from(words[i])))
            return true;
    return str_starts(word, STR("history:")) && str_to_u64(str_part(word, 8, word.len), &days) &&
           days > 0 && days <= 3650;
}

/* --- columns ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum column_type type;
    enum query_computed computed;
} types[] = {
    {"text", COLUMN_TEXT, COMPUTED_NO},       {"id", COLUMN_ID, COMPUTED_NO},
    {"time", COLUMN_TIME, COMPUTED_NO},       {"count", COLUMN_COUNT, COMPUTED_NO},
    {"percent", COLUMN_PERCENT, COMPUTED_NO}, {"duration", COLUMN_DURATION, COMPUTED_NO},
    {"mark", COLUMN_MARK, COMPUTED_NO},       {"hash", COLUMN_HASH, COMPUTED_NO},
    {"row", COLUMN_COUNT, COMPUTED_ROW},      {"local", COLUMN_TEXT, COMPUTED_LOCAL},
    {"ref", COLUMN_ID, COMPUTED_REF},
};

static bool column_type_find(str name, struct query_column *out)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_eq(name, str_from(types[i].name))) {
            out->type = types[i].type;
            out->computed = types[i].computed;
            return true;
        }
    }
    return false;
}

/* What follows the title: a weight, "bold", "under NAME". */
static bool column_extras(struct reader *r, str *rest, struct query_column *out)
{
    str word;
    bool is_quoted;
    uint64_t weight;

    for (;;) {
        *rest = str_trim(*rest);
        if (rest->len == 0 || rest->ptr[0] == ',')
            return true;
        if (!next_word(rest, ',', &word, &is_quoted) || is_quoted)
            return fail(r, "column: unexpected text after the title of", out->name);
        if (str_eq(word, STR("bold"))) {
            out->is_bold = true;
        } else if (str_eq(word, STR("under"))) {
            if (!next_word(rest, ',', &out->under, &is_quoted) || !is_name(out->under))
                return fail(r, "column: 'under' needs the name of a column at", out->name);
        } else if (str_to_u64(word, &weight) && weight <= 100) {
            out->weight = (int)weight;
        } else {
            return fail(r, "column: unknown word", word);
        }
    }
}

static bool read_column(struct reader *r, str *rest, struct query_column *out)
{
    str type, title;
    bool is_quoted;

    *out = (struct query_column){.weight = 10};
    if (!next_word(rest, ',', &out->name, &is_quoted) || is_quoted || !is_name(out->name))
        return fail(r, "column: expected a name before", str_part(*rest, 0, 40));
    if (!next_word(rest, ',', &type, &is_quoted) || is_quoted || !column_type_find(type, out))
        return fail(r, "column: unknown type", type);
    if (!next_word(rest, ',', &title, &is_quoted) || !is_quoted)
        return fail(r, "column: no title in quotes for", out->name);
    out->title = title;
    return column_extras(r, rest, out);
}

static const struct query_column *column_find(const struct query *q, str name)
{
    for (size_t i = 0; i < q->ncolumns; i++)
        if (str_eq(q->columns[i].name, name))
            return &q->columns[i];
    return NULL;
}

static bool check_columns(struct reader *r)
{
    const struct query *q = r->query;

    for (size_t i = 0; i < q->ncolumns; i++) {
        const struct query_column *c = &q->columns[i];
        const struct query_column *above = column_find(q, c->under);

        if (column_find(q, c->name) != c)
            return fail(r, "column said twice:", c->name);
        if (c->under.len > 0 && (!above || above->under.len > 0 || above == c))
            return fail(r, "column: no column of its own to be printed under:", c->under);
        if (c->computed == COMPUTED_LOCAL && !column_find(q, STR("t")))
            return fail(r, "column: type 'local' needs a column 't' beside", c->name);
    }
    if (q->kind == QUERY_EXCEPTIONS && !column_find(q, STR("item")))
        return fail(r, "columns: exceptions need the column", STR("item"));
    return true;
}

static bool read_columns(struct reader *r, str value)
{
    struct query_column *columns;
    size_t most = 1;

    for (size_t i = 0; i < value.len; i++)
        most += value.ptr[i] == ',';
    columns = arena_new(r->arena, struct query_column, most);
    r->query->columns = columns;
    for (str rest = value; rest.len > 0;) {
        if (!read_column(r, &rest, &columns[r->query->ncolumns++]))
            return false;
        if (rest.len > 0)
            rest = str_trim(str_part(rest, 1, rest.len));
    }
    return true;
}

/* --- the other keys --------------------------------------------------------------------------- */

static bool read_needs(struct reader *r, str value)
{
    r->query->needs = value;
    for (str rest = value; rest.ptr;) {
        str need = str_cut(&rest, ' ');

        for (str words = need; need.len > 0 && words.ptr;) {
            str word = str_cut(&words, '|');

            if (!need_known(word))
                return fail(r, "unknown need", word);
        }
    }
    return true;
}

/* "approval_min 1 -- how many people must approve": name, default, note. */
static bool read_param(struct reader *r, str value)
{
    struct query_parameter *p = arena_new(r->arena, struct query_parameter, 1);
    size_t note = str_find(value, STR(" -- "));
    str words = str_trim(str_part(value, 0, note));

    p->name = str_cut(&words, ' ');
    p->value = words.ptr ? str_trim(words) : STR("");
    p->note = note == SIZE_MAX ? STR_NONE : str_trim(str_part(value, note + 4, value.len));
    if (!is_name(p->name))
        return fail(r, "parameter: not a name:", p->name);
    for (const struct query_parameter *other = r->query->params; other; other = other->next)
        if (str_eq(other->name, p->name))
            return fail(r, "parameter said twice:", p->name);
    *r->last_param = p;
    r->last_param = &p->next;
    return true;
}

static bool read_population(struct reader *r, str value)
{
    str rest = value;

    if (!is_name(str_cut(&rest, ' ')) ||
        (rest.len > 0 && !str_starts(str_trim(rest), STR("where "))))
        return fail(r, "population: expected 'VIEW' or 'VIEW where CONDITION', not", value);
    r->query->population = value;
    return true;
}

static bool read_value(struct reader *r, enum key key, str value)
{
    struct query *q = r->query;
    uint64_t tier;

    switch (key) {
    case KEY_title:
        q->title = value;
        return true;
    case KEY_question:
        q->question = value;
        return true;
    case KEY_if_empty:
        q->if_empty = value;
        return true;
    case KEY_caveat:
        q->caveat = value;
        return true;
    case KEY_reviewer:
        q->reviewer = value;
        return true;
    case KEY_population_words:
        q->population_words = value;
        return true;
    case KEY_severity:
        return severity_find(value, &q->severity) || fail(r, "unknown severity", value);
    case KEY_tier:
        if (!str_to_u64(value, &tier) || tier < 1 || tier > 3)
            return fail(r, "tier is 1, 2 or 3, not", value);
        q->tier = (int)tier;
        return true;
    case KEY_kind:
        q->kind = QUERY_POPULATION;
        return str_eq(value, STR("population")) || fail(r, "unknown kind", value);
    case KEY_population_scope:
        q->is_population_whole = true;
        return str_eq(value, STR("all")) || fail(r, "unknown population scope", value);
    case KEY_needs:
        return read_needs(r, value);
    case KEY_population:
        return read_population(r, value);
    case KEY_param:
        return read_param(r, value);
    case KEY_columns:
        return read_columns(r, value);
    case NKEYS:
        break;
    }
    return false;
}

/* Key of a header line; the file writes "if-empty". */
static bool key_find(str name, enum key *out)
{
    for (size_t i = 0; i < NKEYS; i++) {
        str key = str_from(keys[i].name);
        bool is_same = key.len == name.len;

        for (size_t k = 0; is_same && k < key.len; k++)
            is_same = name.ptr[k] == (key.ptr[k] == '_' ? '-' : key.ptr[k]);
        if (is_same) {
            *out = (enum key)i;
            return true;
        }
    }
    return false;
}

static bool read_entry(struct reader *r, str entry, size_t *seen)
{
    str rest = entry;
    str name = str_trim(str_cut(&rest, ':'));
    enum key key;

    if (!rest.ptr || !key_find(name, &key))
        return fail(r, "unknown header key", name);
    if (keys[key].in[r->is_set] == REFUSED)
        return fail(r, "key not used here:", name);
    if (seen[key] > 0 && key != KEY_param)
        return fail(r, "header key said twice:", name);
    seen[key] = r->line;
    rest = str_trim(rest);
    if (rest.len == 0 && key != KEY_needs)
        return fail(r, "no value for header key", name);
    return read_value(r, key, rest);
}

/* A following line that goes on with the entry: "--" and more than ten blanks. */
static bool is_continuation(str line)
{
    return str_starts(line, STR("--           "));
}

static bool read_entries(struct reader *r, str *text, size_t *seen)
{
    size_t line = 1;

    while (str_starts(*text, STR("--"))) {
        str entry = str_trim(str_part(str_cut(text, '\n'), 2, SIZE_MAX));

        r->line = line++;
        if (entry.len == 0)
            continue;
        while (text->ptr && is_continuation(*text)) {
            str more = str_trim(str_part(str_cut(text, '\n'), 2, SIZE_MAX));

            entry = str_print(r->arena, "%.*s %.*s", STR_FMT(entry), STR_FMT(more));
            line++;
        }
        if (!read_entry(r, entry, seen))
            return false;
    }
    return true;
}

/* The statement without the semicolon, so that it can also stand inside another. */
static str bare_statement(str text)
{
    str sql = str_trim(text);

    while (str_ends(sql, STR(";")))
        sql = str_trim(str_part(sql, 0, sql.len - 1));
    return sql;
}

static bool missing(struct reader *r, const char *key)
{
    char *name = str_z(r->arena, str_from(key));

    for (char *c = name; *c; c++)
        *c = *c == '_' ? '-' : *c;
    return err_set(r->err, ERR_USAGE, "%.*s:1: header key '%s' is missing", STR_FMT(r->path), name);
}

bool header_read(struct arena *a, str path, str text, bool is_set, struct query *out,
                 struct err *err)
{
    struct reader r = {.arena = a, .path = path, .is_set = is_set, .query = out, .err = err};
    size_t seen[NKEYS] = {0};
    str rest = text;

    out->kind = is_set ? QUERY_SET : QUERY_EXCEPTIONS;
    r.last_param = &out->params;
    if (!read_entries(&r, &rest, seen))
        return false;
    for (size_t i = 0; i < NKEYS; i++)
        if (keys[i].in[is_set] == REQUIRED && seen[i] == 0)
            return missing(&r, keys[i].name);
    if (out->kind == QUERY_EXCEPTIONS && out->population.len == 0)
        return missing(&r, "population");
    r.line = seen[KEY_columns];
    if (!check_columns(&r))
        return false;
    out->sql = bare_statement(rest);
    if (out->sql.len == 0)
        return err_set(err, ERR_USAGE, "%.*s:1: no SELECT below the header", STR_FMT(path));
    return true;
}
