/* git-log: the forms of the export, and the links that people write. */
#include "check.h"
#include "feed.h"

extern const struct source source_git_log;

#define ID "0123456789012345678901234567890123456789"
#define P1 "1111111111111111111111111111111111111111"
#define P2 "2222222222222222222222222222222222222222"
#define F  "\x1f"
#define PEOPLE                                                                                     \
    F "Ann" F "ann@x.example" F "2026-09-01T10:00:00+02:00" F "Bob" F "bob@x.example" F            \
      "2026-09-02T10:00:00+02:00" F

static struct feed feed(const char *record)
{
    return feed_record(&source_git_log, str_from(record), NULL, NULL);
}

TEST(the_recommended_export_is_read)
{
    struct feed f = feed(ID F P1 PEOPLE "Widen the subnet" F "Reviewed-by: Eve");
    const struct event *ev = &f.events[0];

    CHECK_INT(f.certainty, 95);
    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(ev->action, "commit");
    CHECK_STR(ev->actor, "Bob");
    CHECK_STR(ev->actor_id, "bob@x.example");
    CHECK_INT(ev->time.sec, 1788336000);
    CHECK_STR(ev->time_text, "2026-09-02T10:00:00+02:00");
    CHECK_STR(ev->resource, ID);
    CHECK_STR(ev->commits->author, "Ann");
    CHECK_STR(ev->commits->author_email, "ann@x.example");
    CHECK_STR(ev->commits->subject, "Widen the subnet");
    CHECK(str_empty(ev->commits->change_request));
}

TEST(an_export_with_signatures_and_without_addresses_is_read)
{
    struct feed f = feed(ID F P1 F "Ann" F "2026-09-01T10:00:00Z" F "Bob" F "2026-09-02T10:00:00Z" F
                                   "N" F "Subject" F "");

    CHECK_STR(f.events[0].actor, "Bob");
    CHECK(str_empty(f.events[0].actor_id));
    CHECK_STR(f.events[0].commits->subject, "Subject");
    CHECK(str_empty(f.events[0].time_text));
}

TEST(a_bad_signature_is_told)
{
    struct feed f = feed(ID F P1 F "Ann" F "2026-09-01T10:00:00Z" F "Bob" F "2026-09-02T10:00:00Z" F
                                   "B" F "Subject" F "");

    CHECK_STR(f.events[0].detail, "Subject [bad or revoked signature]");
}

TEST(an_export_without_trailers_is_read)
{
    struct feed f = feed(ID F P1 PEOPLE "N");

    CHECK_STR(f.events[0].commits->subject, "N");
}

TEST(two_parents_are_a_merge_and_the_button_is_no_person)
{
    struct feed f = feed(ID F P1 " " P2 F "Ann" F "a@x" F "2026-09-01T10:00:00Z" F "GitHub" F
                                 "noreply@github.com" F "2026-09-01T10:00:00Z" F
                                 "Merge pull request #12 from acme/fix" F);

    CHECK_STR(f.events[0].action, "merge");
    CHECK_INT(f.events[0].actor_type, ACTOR_PROVIDER);
    CHECK_STR(f.events[0].commits->parents, P1 " " P2);
    CHECK_STR(f.events[0].commits->change_request, "#12");
}

TEST(a_first_commit_has_no_parents)
{
    struct feed f = feed(ID F PEOPLE "Begin" F);

    CHECK_INT(f.result, MAP_DONE);
    CHECK(str_empty(f.events[0].commits->parents));
}

TEST(a_squash_merge_names_its_pull_request_at_the_end)
{
    CHECK_STR(feed(ID F P1 PEOPLE "Widen (#7)" F).events[0].commits->change_request, "#7");
    CHECK(str_empty(feed(ID F P1 PEOPLE "Widen (#7) again" F).events[0].commits->change_request));
    CHECK(str_empty(feed(ID F P1 PEOPLE "Widen (#7x)" F).events[0].commits->change_request));
}

TEST(gitlab_names_project_and_number_in_the_body)
{
    struct feed f = feed(ID F P1 " " P2 PEOPLE "Merge branch 'a' into 'main'" F
                                 "Text\n\nSee merge request acme/infra!31\n");

    CHECK_STR(f.events[0].commits->change_request, "acme/infra!31");
}

TEST(a_revert_names_the_commit_it_takes_back)
{
    struct feed f = feed(ID F P1 PEOPLE "Revert \"Widen\"" F "This reverts commit " P2 ".\n");

    CHECK_STR(f.events[0].commits->reverts, P2);
}

TEST(paths_between_commits_are_no_events)
{
    CHECK_INT(feed("M").result, MAP_NOT_EVENT);
    CHECK_INT(feed("terraform/main.tf").result, MAP_NOT_EVENT);
}

TEST(a_commit_that_is_cut_short_is_refused)
{
    CHECK_INT(feed("01234567890123").result, MAP_REJECT);
    CHECK_INT(feed(ID F P1 F "Ann" F "2026-09-01T10:00:00Z" F "Bob").result, MAP_REJECT);
    CHECK_INT(feed(ID F P1 F "Ann" F "2026-09-01T10:00:00Z" F "Bob").certainty, 0);
}
