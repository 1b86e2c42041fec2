/*
 * bundle: checks a bundle against its SHA256SUMS and its manifest.
 *
 * What `sha256sum -c` does, and what it cannot do: files that no list names, and a manifest that
 * does not agree with the sums. Signatures over SHA256SUMS (SHA256SUMS.minisig, .tsr, .sig ...) are
 * made afterwards and cannot be listed in it; they are the only files allowed beside.
 */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/manifest.h"
#include "pipeline/pipeline.h"

struct sum {
    str name;
    str hex;
    bool is_seen; /* by the manifest */
    struct sum *next;
};

struct check {
    const char *dir;
    struct arena *a;
    struct issues *found;
    struct sum *sums, **last;
};

bool bundle_digest(const char *path, bool do_sync, struct sha256 *digest, uint64_t *size,
                   struct err *err)
{
    /* Somebody else may have put a link or a pipe there: neither is followed. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct sha256_run *run;
    struct stat st;
    char part[65536];
    ssize_t n;
    bool ok;

    if (fd < 0)
        return err_errno(err, "cannot open '%s'", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return err_set(err, ERR_IO, "'%s' is not a file", path);
    }
    run = sha256_begin();
    *size = 0;
    while ((n = read(fd, part, sizeof part)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        sha256_more(run, (str){part, (size_t)n});
        *size += (uint64_t)n;
    }
    ok = n == 0 || err_errno(err, "cannot read '%s'", path);
    *digest = sha256_end(run);
    if (ok && do_sync && (fchmod(fd, 0600) != 0 || fsync(fd) != 0))
        ok = err_errno(err, "cannot sync '%s'", path);
    close(fd);
    return ok;
}

static char *inside(const struct check *c, str name)
{
    return str_z(c->a, path_join(c->a, str_from(c->dir), name));
}

static void problem(const struct check *c, str name, const char *what)
{
    issues_add(c->found, c->a, ISSUE_FILE, "%s: '%.*s' %s", c->dir, STR_FMT(name), what);
}

/* A name must stay inside the folder: a bundle is checked, not trusted. */
static bool is_plain_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '/' || (unsigned char)name.ptr[i] < ' ')
            return false;
    }
    return name.len && name.ptr[0] != '.';
}

static struct sum *find_sum(const struct check *c, str name)
{
    for (struct sum *s = c->sums; s; s = s->next) {
        if (str_eq(s->name, name))
            return s;
    }
    return NULL;
}

/* "<64 digits>  name" or "<64 digits> *name", as sha256sum writes them. */
static void read_sums(struct check *c, str text)
{
    size_t number = 0;

    while (!str_empty(text)) {
        str line = str_cut(&text, '\n');
        struct sha256 digest;
        struct sum *s;
        str name = str_part(line, 66, line.len);

        number++;
        if (line.len < 67 || line.ptr[64] != ' ' || (line.ptr[65] != ' ' && line.ptr[65] != '*') ||
            !sha256_from_hex(str_part(line, 0, 64), &digest) || !is_plain_name(name)) {
            issues_add(c->found, c->a, ISSUE_FILE,
                       "%s: " BUNDLE_SUMS " line %zu is not a digest and a name", c->dir, number);
            continue;
        }
        if (find_sum(c, name)) {
            problem(c, name, "is listed twice in " BUNDLE_SUMS);
            continue;
        }
        s = arena_new(c->a, struct sum, 1);
        s->name = name;
        s->hex = sha256_hex(&digest, c->a);
        *c->last = s;
        c->last = &s->next;
    }
    if (!c->sums)
        issues_add(c->found, c->a, ISSUE_FILE, "%s: " BUNDLE_SUMS " lists nothing", c->dir);
}

static void check_sum(const struct check *c, const struct sum *s)
{
    struct sha256 digest;
    struct err err = {0};
    uint64_t size;

    if (!file_exists(inside(c, s->name)))
        problem(c, s->name, "is missing");
    else if (!bundle_digest(inside(c, s->name), false, &digest, &size, &err))
        issues_add(c->found, c->a, ISSUE_FILE, "%s", err.text);
    else if (!str_eq(sha256_hex(&digest, c->a), s->hex))
        problem(c, s->name, "is not what it was: its SHA-256 is not that of " BUNDLE_SUMS);
}

static void check_output(const struct check *c, const struct manifest_file *f)
{
    struct sum *s = find_sum(c, f->name);
    struct stat st;

    if (!s) {
        problem(c, f->name, "is in the manifest but not in " BUNDLE_SUMS);
        return;
    }
    s->is_seen = true;
    if (!str_eq(s->hex, f->sha256))
        problem(c, f->name, "has another SHA-256 in the manifest than in " BUNDLE_SUMS);
    if (stat(inside(c, f->name), &st) == 0 && st.st_size != f->size)
        problem(c, f->name, "has not the size that the manifest says");
}

/* The manifest and VERIFY.txt cannot stand in the manifest; everything else must. */
static void check_manifest(struct check *c)
{
    struct manifest_facts facts;
    struct err err = {0};
    str json;

    if (!find_sum(c, STR(BUNDLE_MANIFEST))) {
        problem(c, STR(BUNDLE_MANIFEST), "is not in " BUNDLE_SUMS);
        return;
    }
    if (!file_exists(inside(c, STR(BUNDLE_MANIFEST))))
        return; /* said already */
    if (!file_read(c->a, inside(c, STR(BUNDLE_MANIFEST)), (size_t)2 << 30, &json, &err) ||
        !manifest_read(json, c->a, &facts, &err)) {
        issues_add(c->found, c->a, ISSUE_FILE, "%s: '" BUNDLE_MANIFEST "' cannot be read: %s",
                   c->dir, err.text);
        return;
    }
    for (const struct manifest_file *f = facts.outputs; f; f = f->next)
        check_output(c, f);
    for (const struct sum *s = c->sums; s; s = s->next) {
        if (!s->is_seen && !str_eq(s->name, STR(BUNDLE_MANIFEST)) &&
            !str_eq(s->name, STR(BUNDLE_VERIFY)))
            problem(c, s->name, "is in " BUNDLE_SUMS " but not in the manifest");
    }
}

static bool check_unlisted(const struct check *c, struct err *err)
{
    struct path_list all;
    size_t skip = str_from(inside(c, STR("x"))).len - 1;

    if (!dir_list(c->a, c->dir, &all, err))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        str name = str_from(all.paths[i] + skip);

        if (!find_sum(c, name) && !str_eq(name, STR(BUNDLE_SUMS)) &&
            !str_starts(name, STR(BUNDLE_SUMS ".")))
            problem(c, name, "is listed nowhere");
    }
    return true;
}

bool bundle_verify(const char *dir, struct issues *found, struct arena *a, struct err *err)
{
    struct check c = {.dir = dir, .a = a, .found = found};
    str text;

    c.last = &c.sums;
    if (!dir_exists(dir))
        return err_set(err, ERR_USAGE, "'%s' is not a folder", dir);
    if (!file_exists(inside(&c, STR(BUNDLE_SUMS)))) {
        err_set(err, ERR_INTEGRITY, "'%s' is no bundle: it has no " BUNDLE_SUMS, dir);
        return false;
    }
    if (!file_read(a, inside(&c, STR(BUNDLE_SUMS)), 0, &text, err))
        return false;
    read_sums(&c, text);
    for (const struct sum *s = c.sums; s; s = s->next)
        check_sum(&c, s);
    check_manifest(&c);
    return check_unlisted(&c, err);
}
