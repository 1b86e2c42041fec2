/*
 * git_log: the history of a repository (formats-iac 17), exported with
 *
 *   git log -z
 * --format='%H%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%s%x1f%(trailers:unfold,separator=%x1e)'
 *
 * NUL ends a record, 0x1f a field. Exports without e-mail addresses (%ae, %ce), with a signature
 * mark (%G?) before the subject, without trailers, or with the body (%b) behind the subject are
 * read too: the two dates tell which fields are there.
 *
 * Everything in a commit is written by its author. The event's actor is the committer and its time
 * the commit time; the author stands in the commit fact. A committer "GitHub <noreply@github.com>"
 * is the merge button. A pull request number in a subject is only a probable link.
 */
#include "base/ascii.h"
#include "sources/source.h"
#include "tree.h"

enum { MAX_FIELDS = 16 };

struct commit_text {
    str fields[MAX_FIELDS];
    size_t n;
};

struct commit_parts {
    str id, parents, author, author_email, committer, committer_email, when;
    str signature, subject;
    str rest; /* everything behind the subject: trailers, body */
};

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!memchr("0123456789abcdef", s.ptr[i], 16))
            return false;
    return s.len > 0;
}

static bool is_id(str s)
{
    return (s.len == 40 || s.len == 64) && is_hex(s);
}

static void split(str bytes, struct commit_text *out)
{
    str rest = bytes;

    out->n = 0;
    while (rest.ptr && out->n < MAX_FIELDS - 1)
        out->fields[out->n++] = str_cut(&rest, '\x1f');
    if (rest.ptr)
        out->fields[out->n++] = rest;
}

static bool is_date(str s)
{
    struct instant t;

    return s.len >= 10 && ascii_is_digit(s.ptr[0]) && instant_parse(s, &t) && t.is_set;
}

/* name, e-mail if there, date: moves *at behind them. */
static bool take_person(const struct commit_text *t, size_t *at, str *name, str *email, str *date)
{
    size_t i = *at;

    if (i + 1 >= t->n)
        return false;
    *name = t->fields[i++];
    if (!is_date(t->fields[i]) && i + 1 < t->n)
        *email = t->fields[i++];
    if (!is_date(t->fields[i]))
        return false;
    *date = t->fields[i++];
    *at = i;
    return true;
}

static bool is_signature_mark(str s)
{
    return s.len == 1 && memchr("GBUXYREN", s.ptr[0], 8);
}

static bool read_parts(const struct commit_text *t, struct commit_parts *p)
{
    str authored;
    size_t at = 2;

    *p = (struct commit_parts){.id = str_trim(t->fields[0])};
    if (t->n < 6 || !is_id(p->id))
        return false;
    p->parents = t->fields[1];
    if (!take_person(t, &at, &p->author, &p->author_email, &authored) ||
        !take_person(t, &at, &p->committer, &p->committer_email, &p->when))
        return false;
    if (at + 1 < t->n && is_signature_mark(t->fields[at]))
        p->signature = t->fields[at++];
    if (at < t->n)
        p->subject = t->fields[at++];
    if (at < t->n) {
        const char *end = t->fields[t->n - 1].ptr + t->fields[t->n - 1].len;

        p->rest = (str){t->fields[at].ptr, (size_t)(end - t->fields[at].ptr)};
    }
    return true;
}

/* --- links that people write ------------------------------------------------------------------ */

static str digits_at(str s, size_t at)
{
    size_t end = at;

    while (end < s.len && ascii_is_digit(s.ptr[end]))
        end++;
    return str_part(s, at, end);
}

static str number_behind(str s, str words)
{
    size_t at = str_find(s, words);

    return at == SIZE_MAX ? STR_NONE : digits_at(s, at + words.len);
}

/* "See merge request group/project!12" names the project too. */
static str merge_request_in(str rest, struct arena *a)
{
    static const char words[] = "See merge request ";
    size_t at = str_find(rest, str_from(words)), bang;
    str behind;

    if (at == SIZE_MAX)
        return STR_NONE;
    behind = str_part(rest, at + sizeof(words) - 1, rest.len);
    bang = str_find_char(behind, '!');
    if (bang == SIZE_MAX || str_empty(digits_at(behind, bang + 1)) ||
        str_contains(str_part(behind, 0, bang), STR("\n")))
        return STR_NONE;
    return str_print(a, "%.*s!%.*s", STR_FMT(str_part(behind, 0, bang)),
                     STR_FMT(digits_at(behind, bang + 1)));
}

static str change_request_in(const struct commit_parts *p, struct arena *a)
{
    str number = number_behind(p->subject, STR("Merge pull request #"));
    size_t open = str_find_last(p->subject, '(');

    if (str_empty(number) && open != SIZE_MAX &&
        str_starts(str_part(p->subject, open, p->subject.len), STR("(#")) &&
        str_ends(p->subject, STR(")"))) {
        number = digits_at(p->subject, open + 2);
        if (open + 2 + number.len + 1 != p->subject.len)
            number = STR_NONE;
    }
    if (!str_empty(number))
        return str_print(a, "#%.*s", STR_FMT(number));
    return merge_request_in(p->rest, a);
}

static str reverted_in(const struct commit_parts *p)
{
    static const char words[] = "This reverts commit ";
    size_t at = str_find(p->rest, str_from(words)), end;

    if (at == SIZE_MAX)
        return STR_NONE;
    at += sizeof(words) - 1;
    for (end = at; end < p->rest.len && is_hex(str_part(p->rest, end, end + 1)); end++)
        ;
    return end - at >= 7 ? str_part(p->rest, at, end) : STR_NONE;
}

/* --- map -------------------------------------------------------------------------------------- */

static int probe(const struct record *rec, const json_t *tree)
{
    struct commit_text t;
    struct commit_parts p;

    (void)tree;
    split(rec->bytes, &t);
    return read_parts(&t, &p) ? 95 : 0;
}

static bool is_merge(str parents)
{
    return str_find_char(str_trim(parents), ' ') != SIZE_MAX;
}

static struct commit *commit_of(const struct commit_parts *p, struct instant when, struct arena *a)
{
    struct commit *c = arena_new(a, struct commit, 1);

    c->id = p->id;
    c->parents = str_trim(p->parents);
    c->author = p->author;
    c->author_email = p->author_email;
    c->committer = p->committer;
    c->committer_email = p->committer_email;
    c->when = when;
    c->change_request = change_request_in(p, a);
    c->reverts = reverted_in(p);
    c->subject = p->subject;
    return c;
}

/* With --name-status or --numstat, paths stand between the commits as records of their own. */
static bool is_between_commits(str bytes)
{
    return str_find_char(bytes, '\x1f') == SIZE_MAX && !is_hex(str_part(str_trim(bytes), 0, 8));
}

static enum map_result map(const struct record *rec, struct mapper *m)
{
    struct event ev = event_new();
    struct commit_text t;
    struct commit_parts p;

    if (is_between_commits(rec->bytes)) {
        m->why = "a path, not a commit";
        return MAP_NOT_EVENT;
    }
    split(rec->bytes, &t);
    if (!read_parts(&t, &p)) {
        m->why = "not a commit: expected id, parents, author, date, committer, date, subject with "
                 "0x1f between them";
        return MAP_REJECT;
    }
    event_set_time(&ev, p.when);
    ev.actor = p.committer;
    ev.actor_id = p.committer_email;
    ev.actor_type =
        str_eq(p.committer_email, STR("noreply@github.com")) ? ACTOR_PROVIDER : ACTOR_UNKNOWN;
    ev.service = STR("git");
    ev.action = is_merge(p.parents) ? STR("merge") : STR("commit");
    ev.verb = VERB_UPDATE;
    ev.resource = p.id;
    ev.resource_type = STR("commit");
    ev.commit = p.id;
    ev.commits = commit_of(&p, ev.time, m->arena);
    ev.change_request = ev.commits->change_request;
    ev.native_id = p.id;
    ev.detail = p.subject;
    if (str_eq(p.signature, STR("B")) || str_eq(p.signature, STR("R")))
        ev.detail = str_join(m->arena, p.subject, STR(" "), STR("[bad or revoked signature]"));
    m->emit(m, &ev);
    return MAP_DONE;
}

const struct source source_git_log = {
    .name = "git-log",
    .title = "Git history",
    .reads = "git log -z --format='%H%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%s%x1f"
             "%(trailers:unfold,separator=%x1e)'",
    .shape = SHAPE_GIT_LOG,
    .gives = GIVES_VCS,
    .probe = probe,
    .map = map,
};
