/* gitlab-audit: the three shapes of one event, names that have to be built, and what is no user. */
#include "check.h"
#include "feed.h"

extern const struct source source_gitlab_audit;

static struct feed feed(const char *json)
{
    return feed_json(&source_gitlab_audit, json);
}

#define ENTRY(author, details)                                                                     \
    "{\"id\":7,\"author_id\":" author ",\"entity_id\":6,\"entity_type\":\"Project\","              \
    "\"created_at\":\"2026-07-01T08:00:00.125Z\",\"author_name\":\"Outer\",\"details\":{"          \
    "\"author_name\":\"Ann\",\"target_details\":\"bob\",\"target_type\":\"User\","                 \
    "\"entity_path\":\"acme/shop\",\"ip_address\":\"192.0.2.7\"," details "}}"

TEST(what_the_details_say_counts_before_what_stands_outside)
{
    struct feed f = feed(ENTRY("3", "\"custom_message\":\"Project archived\""));

    CHECK_INT(f.certainty, 92);
    CHECK_INT(f.n, 1);
    CHECK_STR(f.events[0].actor, "Ann");
    CHECK_STR(f.events[0].actor_id, "3");
    CHECK_STR(f.events[0].account, "acme/shop");
    CHECK_STR(f.events[0].source_ip, "192.0.2.7");
    CHECK_STR(f.events[0].action, "audit_operation");
    CHECK_INT(f.events[0].verb, VERB_UPDATE);
    CHECK_STR(f.events[0].detail, "Project archived");
    CHECK_STR(f.events[0].dedupe, "Project 7");
}

TEST(an_event_without_type_is_named_by_its_change)
{
    struct feed f = feed(ENTRY("3", "\"change\":\"email address\",\"from\":\"a\",\"to\":\"b\""));

    CHECK_STR(f.events[0].action, "change_email_address");
    CHECK_STR(f.events[0].detail, "email address from a to b");
}

TEST(added_access_is_a_grant_and_removed_access_its_end)
{
    struct feed add = feed(ENTRY("3", "\"add\":\"user_access\",\"as\":\"Owner\""));
    struct feed gone = feed(ENTRY("3", "\"remove\":\"user_access\""));

    CHECK_INT(add.events[0].verb, VERB_GRANT);
    CHECK_STR(add.events[0].grants->grantee, "bob");
    CHECK_STR(add.events[0].grants->permission, "Owner");
    CHECK_STR(add.events[0].grants->scope, "acme/shop");
    CHECK(add.events[0].grants->is_admin);
    CHECK_INT(gone.events[0].verb, VERB_REVOKE);
    CHECK(gone.events[0].grants->is_removal);
}

TEST(negative_authors_are_no_people)
{
    const char *git = "\"author_class\":\"DeployKey\",\"custom_message\":{\"protocol\":\"ssh\","
                      "\"action\":\"git-upload-pack\"}";
    struct feed key = feed(str_z(&feed_arena, str_print(&feed_arena, ENTRY("-3", "%s"), git)));

    CHECK_INT(key.events[0].actor_type, ACTOR_SERVICE);
    CHECK_STR(key.events[0].detail, "ssh git-upload-pack");
    CHECK_INT(feed(ENTRY("-1", "\"with\":\"standard\"")).events[0].actor_type, ACTOR_ANONYMOUS);
}

TEST(a_failed_sign_in_is_the_only_failure)
{
    struct feed f =
        feed(ENTRY("-1", "\"custom_message\":\"Failed to login with STANDARD authentication\""));

    CHECK_INT(f.events[0].verb, VERB_LOGIN);
    CHECK_INT(f.events[0].outcome, OUTCOME_FAILURE);
    CHECK_INT(feed(ENTRY("3", "\"with\":\"standard\"")).events[0].outcome, OUTCOME_SUCCESS);
}

TEST(the_log_of_an_own_instance_has_dots_in_its_keys)
{
    struct feed f =
        feed("{\"time\":\"2026-07-01T08:00:01Z\",\"created_at\":\"2026-07-01T08:00:00Z\","
             "\"correlation_id\":\"C1\",\"meta.remote_ip\":\"192.0.2.9\","
             "\"meta.user\":\"ann\",\"author_id\":3,\"author_name\":\"Ann\","
             "\"entity_id\":3,\"entity_type\":\"User\",\"with\":\"standard\","
             "\"target_type\":\"User\",\"target_details\":\"Ann\"}");

    CHECK_STR(f.events[0].action, "sign_in");
    CHECK_STR(f.events[0].source_ip, "192.0.2.9");
    CHECK_STR(f.events[0].session, "ann");
    CHECK_STR(f.events[0].request, "C1");
    CHECK(str_empty(f.events[0].dedupe));
}

TEST(an_event_without_a_time_is_refused)
{
    CHECK_INT(feed("{\"author_id\":1,\"entity_type\":\"User\",\"target_type\":\"User\"}").result,
              MAP_REJECT);
    CHECK_INT(feed("{\"kind\":\"Pod\"}").certainty, 0);
    CHECK_INT(feed("{\"kind\":\"Pod\"}").result, MAP_FOREIGN);
}
