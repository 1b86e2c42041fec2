/*
 * small_store: a store filled with events made up on the spot, for tests of what reads it.
 *
 *   struct small_store s = small_open(&arena);
 *   small_days(&s, "aws-cloudtrail", "111111111111", "2026-10-01", 31, NULL);
 *   small_event(&s, "aws-cloudtrail", "111111111111", "2026-10-05T08:00:00Z", "al", "StopLogging");
 *   CHECK(small_done(&s, "aws-cloudtrail", &config));
 *   small_close(&s);
 */
#ifndef TESTS_SMALL_STORE_H
#define TESTS_SMALL_STORE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "store/store.h"

struct small_store {
    struct arena *arena;
    struct store *st;
    struct batch *batch;
    struct batch_counts counts;
    int64_t file;
    char dir[64];
    bool ok;
};

static inline struct small_store small_open(struct arena *a)
{
    static const struct source_facts facts[] = {
        {{"aws-cloudtrail", 14}, {"AWS CloudTrail", 14}, {"cloud-audit sign-in", 19}, true},
        {{"github-audit", 12}, {"GitHub audit log", 16}, {"platform-audit", 14}, true},
        {{"hcp-terraform", 13}, {"HCP Terraform", 13}, {"runs approvals", 14}, false},
    };
    struct small_store s = {.arena = a, .batch = batch_new(), .dir = "/tmp/auditpress-test-XXXXXX"};
    struct err err = {0};

    s.ok = mkdtemp(s.dir) &&
           store_open(&s.st, str_z(a, str_print(a, "%s/test.db", s.dir)), STORE_WRITE, &err);
    for (size_t i = 0; s.ok && i < sizeof facts / sizeof *facts; i++)
        s.ok = store_source_add(s.st, &facts[i], &err);
    s.ok = s.ok && store_begin(s.st, &err) &&
           store_file_begin(s.st, STR("test.json"), STR_NONE, &s.file, &err);
    if (!s.ok)
        printf("small_open: %s\n", err.text);
    return s;
}

static inline struct event small_new(struct small_store *s, const char *account, const char *time,
                                     const char *actor, const char *action)
{
    struct event ev = {0};

    s->ok = s->ok && instant_parse(str_from(time), &ev.time);
    ev.actor = ev.actor_id = str_from(actor);
    ev.actor_type = ACTOR_HUMAN;
    ev.service = STR("test");
    ev.action = str_from(action);
    ev.verb = str_starts(ev.action, STR("Get")) ? VERB_READ : VERB_UPDATE;
    ev.account = str_from(account);
    ev.outcome = OUTCOME_SUCCESS;
    ev.resource = str_print(s->arena, "thing-%s", action);
    return ev;
}

static inline void small_put(struct small_store *s, const char *source, struct event *ev)
{
    str bytes = str_print(s->arena, "{\"n\":%llu}", (unsigned long long)s->counts.read);
    struct evidence where = {s->counts.read, s->counts.read * 100, bytes.len};
    struct sha256 sha = sha256_of(bytes);

    ev->native_id = str_print(s->arena, "record-%llu", (unsigned long long)s->counts.read++);
    batch_add(s->batch, source, ev, &where, bytes, ev->verb == VERB_READ ? NULL : &sha);
}

static inline void small_event(struct small_store *s, const char *source, const char *account,
                               const char *time, const char *actor, const char *action)
{
    struct event ev = small_new(s, account, time, actor, action);

    small_put(s, source, &ev);
}

/* A read at noon on each of `days` days, but not on those for which `skip` says so. */
static inline void small_days(struct small_store *s, const char *source, const char *account,
                              const char *first, int days, bool (*skip)(int day))
{
    struct instant start;

    s->ok = s->ok && instant_parse(str_from(first), &start);
    for (int i = 0; s->ok && i < days; i++) {
        struct instant noon = {.sec = start.sec + i * 86400 + 43200, .is_set = true};
        struct event ev;

        if (skip && skip(i))
            continue;
        ev = small_new(s, account, str_z(s->arena, instant_text(noon, s->arena)), "robot",
                       "GetThing");
        small_put(s, source, &ev);
    }
}

static inline bool small_done(struct small_store *s, const char *sources, const struct config *cfg)
{
    struct file_info info = {
        .path = STR("test.json"), .compression = "none", .sources = str_from(sources)};
    struct file_totals totals;
    struct err err = {0};

    info.sha256 = sha256_of(STR("test.json"));
    info.size = info.plain_size = s->counts.read * 100;
    batch_count(s->batch, &s->counts);
    s->ok = s->ok && store_write(s->st, s->file, s->batch, &err) &&
            store_file_end(s->st, s->file, &info, &totals, &err) && store_commit(s->st, &err) &&
            store_derive(s->st, cfg, &err);
    if (!s->ok)
        printf("small_done: %s\n", err.text);
    return s->ok;
}

static inline void small_close(struct small_store *s)
{
    struct err err = {0};

    batch_free(s->batch);
    store_close(s->st);
    if (!dir_remove(s->dir, &err))
        printf("small_close: %s\n", err.text);
}

#endif
