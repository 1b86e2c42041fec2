#include "model/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

static struct arena a;
static struct err err;

/* Loads a configuration from text; the message in err says why not. */
static bool load(const char *text, struct config *cfg)
{
    char path[] = "config-test-XXXXXX";
    int fd = mkstemp(path);
    bool ok;

    err = (struct err){0};
    if (fd < 0)
        return err_errno(&err, "mkstemp");
    close(fd);
    ok = file_write(path, str_from(text), &err) && config_load(&a, path, cfg, &err);
    unlink(path);
    return ok;
}

/* The message behind the file name, which differs from run to run. */
static str message(void)
{
    str text = str_from(err.text);

    return str_part(text, str_find_char(text, ':'), text.len);
}

TEST(an_empty_object_gives_the_defaults)
{
    struct config cfg;

    CHECK(load("{}", &cfg));
    CHECK_STR(cfg.zone, "UTC");
    CHECK(!cfg.has_people && cfg.environments == NULL);
}

TEST(an_unknown_key_is_refused_with_its_line_and_the_nearest_name)
{
    struct config cfg;

    CHECK(!load("{\"organization\": \"X\",\n \"enviroments\": []}", &cfg));
    CHECK_STR(message(), ":2: 'enviroments': unknown key");
    CHECK_STR(str_from(err.hint), "Did you mean 'environments'?");
    CHECK_INT(err.kind, ERR_USAGE);
}

TEST(production_needs_approval_unless_it_is_told_otherwise)
{
    struct config cfg;

    CHECK(load("{\"environments\": [{\"name\": \"prod-eu\"}, {\"name\": \"dev\"},"
               " {\"name\": \"prod-lab\", \"needs_approval\": false}]}",
               &cfg));
    CHECK(cfg.environments->needs_approval);
    CHECK(!cfg.environments->next->needs_approval);
    CHECK(!cfg.environments->next->next->needs_approval);
}

TEST(a_rule_for_an_environment_that_is_not_listed_is_refused)
{
    struct config cfg;

    CHECK(!load("{\"environments\": [{\"name\": \"prod\"}],\n"
                "\"environment_map\": [{\"environment\": \"production\"}]}",
                &cfg));
    CHECK_STR(message(),
              ":2: 'production': the environment map names an environment that is not in "
              "'environments'");
}

TEST(people_keep_all_their_names)
{
    struct config cfg;

    CHECK(load("{\"people\": [{\"name\": \"Ann\", \"aliases\": [\"ann-gh\", \"user-ann\"],"
               " \"end\": \"2026-10-12\"}]}",
               &cfg));
    CHECK(cfg.has_people);
    CHECK_STR(cfg.people->aliases, "ann-gh user-ann");
    CHECK(cfg.people->t_end.is_set);
}

TEST(parameters_can_differ_by_environment)
{
    struct config cfg;

    CHECK(load("{\"parameters\": {\"aut-denied\": {\"deny_n\": 25, \"prod\": {\"deny_n\": 10}}}}",
               &cfg));
    CHECK_STR(cfg.params->value, "25");
    CHECK_STR(cfg.params->next->environment, "prod");
    CHECK_STR(cfg.params->next->value, "10");
}

TEST(a_missing_list_file_names_the_list_and_the_configuration)
{
    struct config cfg;

    CHECK(!load("{\"people\": \"nobody.json\"}", &cfg));
    CHECK(str_contains(str_from(err.text), STR("list 'people' of 'config-test-")));
    CHECK(str_contains(str_from(err.text), STR("cannot open 'nobody.json'")));
}
