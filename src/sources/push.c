/*
 * push: see push.h.
 */
#include "push.h"

static str first_line(str text)
{
    return str_part(text, 0, str_find_char(text, '\n'));
}

static struct commit *commit_of(const json_t *o, str repo, struct arena *a)
{
    struct commit *c = arena_new(a, struct commit, 1);

    c->id = tree_text(o, "id", a);
    c->repo = repo;
    c->author = tree_path_text(a, o, "author", "name", NULL);
    c->author_email = tree_path_text(a, o, "author", "email", NULL);
    c->committer = tree_path_text(a, o, "committer", "name", NULL);
    c->committer_email = tree_path_text(a, o, "committer", "email", NULL);
    c->subject = str_copy(a, first_line(tree_text(o, "message", a)));
    c->when = tree_time(o, "timestamp");
    return c;
}

/* All zeros stand for "there is none": the side of a branch that is made or deleted. */
static bool is_nothing(str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] != '0')
            return false;
    return true;
}

static void add_commits(struct event *ev, const json_t *commits, str repo, struct arena *a)
{
    struct commit **last = &ev->commits;
    const json_t *o;
    size_t i;

    json_array_foreach (commits, i, o) {
        struct commit *c = commit_of(o, repo, a);

        if (str_empty(c->id))
            continue;
        if (c->when.is_set && (!ev->time.is_set || instant_cmp(ev->time, c->when) < 0))
            ev->time = c->when;
        *last = c;
        last = &c->next;
    }
}

void push_describe(struct event *ev, const json_t *doc, str repo, struct arena *a)
{
    const json_t *commits = json_member(doc, "commits");
    str ref = tree_text(doc, "ref", a), before = tree_text(doc, "before", a);
    size_t n = json_array_size(commits);

    ev->action = STR("push");
    ev->commit = tree_text(doc, "after", a);
    ev->resource = str_join(a, repo, STR(":"), ref);
    ev->resource_type = str_starts(ref, STR("refs/tags/")) ? STR("tag") : STR("branch");
    ev->outcome = OUTCOME_SUCCESS;
    add_commits(ev, commits, repo, a);
    ev->verb = is_nothing(ev->commit) ? VERB_DELETE
               : is_nothing(before)   ? VERB_CREATE
                                      : VERB_UPDATE;
    ev->detail = str_print(a, "%zu commit%s%s%s", n, n == 1 ? "" : "s",
                           json_truth(json_member(doc, "forced")) ? ", forced" : "",
                           ev->time.is_set ? "; the time is that of the newest commit" : "");
}
