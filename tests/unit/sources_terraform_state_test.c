/* terraform-state: what a state manages, and what it never gives away. */
#include "check.h"
#include "feed.h"

extern const struct source source_terraform_state;

static const char v4[] =
    "{\"version\":4,\"terraform_version\":\"1.9.8\",\"serial\":7,\"lineage\":\"3f0c\","
    "\"outputs\":{\"password\":{\"value\":\"hunter2\",\"type\":\"string\",\"sensitive\":true}},"
    "\"resources\":["
    "{\"mode\":\"data\",\"type\":\"aws_ami\",\"name\":\"base\",\"provider\":\"provider[\\\"r/"
    "aws\\\"]\","
    "\"instances\":[{\"attributes\":{\"id\":\"ami-1\"}}]},"
    "{\"module\":\"module.net[\\\"eu\\\"]\",\"mode\":\"managed\",\"type\":\"aws_subnet\",\"name\":"
    "\"a\",\"provider\":\"p\","
    "\"instances\":[{\"index_key\":5,\"attributes\":{\"id\":\"subnet-5\","
    "\"arn\":\"arn:aws:ec2:eu-west-1:1:subnet/subnet-5\"}},"
    "{\"index_key\":\"a\\\"b\\\\c${x}\",\"status\":\"tainted\",\"attributes\":{\"id\":\"subnet-6\"}"
    "},"
    "{\"index_key\":6,\"deposed\":\"0123abcd\",\"attributes\":{\"id\":\"subnet-7\"}}]},"
    "{\"mode\":\"managed\",\"type\":\"google_compute_instance\",\"name\":\"g\",\"instances\":[{"
    "\"attributes\":{\"id\":\"g\","
    "\"self_link\":\"https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/g\"}}]},"
    "{\"mode\":\"managed\",\"type\":\"random_password\",\"name\":\"db\",\"instances\":[{"
    "\"attributes\":{\"id\":\"s3cr3t\"}}]}"
    "]}";

static const struct snapshot_resource *nth(const struct feed *f, int n)
{
    const struct snapshot_resource *r = f->events[0].snapshot->resources;

    while (n-- > 0 && r)
        r = r->next;
    return r;
}

static struct feed feed_state(const char *json)
{
    return feed_json(&source_terraform_state, json);
}

TEST(addresses_are_those_of_terraform_state_list)
{
    struct feed f = feed_state(v4);

    CHECK_INT(f.result, MAP_DONE);
    CHECK_INT(f.certainty, 95);
    CHECK_INT(f.n, 1);
    CHECK(f.events[0].is_fact_only);
    CHECK_STR(nth(&f, 0)->address, "data.aws_ami.base");
    CHECK_STR(nth(&f, 1)->address, "module.net[\"eu\"].aws_subnet.a[5]");
    CHECK_STR(nth(&f, 2)->address, "module.net[\"eu\"].aws_subnet.a[\"a\\\"b\\\\c$${x}\"]");
    CHECK(!nth(&f, 6));
}

TEST(a_snapshot_has_serial_lineage_and_version)
{
    struct feed f = feed_state(v4);

    CHECK_STR(f.events[0].snapshot->format, "terraform-4");
    CHECK_STR(f.events[0].snapshot->lineage, "3f0c");
    CHECK_INT(f.events[0].snapshot->serial, 7);
    CHECK_STR(f.events[0].snapshot->tool_version, "1.9.8");
    CHECK(!f.events[0].snapshot->when.is_set);
}

TEST(tainted_and_deposed_instances_say_so)
{
    struct feed f = feed_state(v4);

    CHECK(str_empty(nth(&f, 1)->status));
    CHECK_STR(nth(&f, 2)->status, "tainted");
    CHECK_STR(nth(&f, 3)->status, "deposed");
}

TEST(ids_join_with_cloud_logs)
{
    struct feed f = feed_state(v4);

    CHECK_STR(nth(&f, 1)->cloud_id, "subnet-5");
    CHECK_STR(nth(&f, 1)->arn, "arn:aws:ec2:eu-west-1:1:subnet/subnet-5");
    CHECK_STR(nth(&f, 4)->arn, "projects/p/zones/z/instances/g");
}

TEST(the_id_of_a_random_value_is_not_kept)
{
    struct feed f = feed_state(v4);

    CHECK_STR(nth(&f, 5)->address, "random_password.db");
    CHECK(str_empty(nth(&f, 5)->cloud_id));
}

TEST(a_digest_tells_change_and_not_the_value)
{
    struct feed a =
        feed_state("{\"version\":4,\"serial\":1,\"lineage\":\"l\",\"resources\":[{\"type\":\"t\","
                   "\"name\":\"n\","
                   "\"instances\":[{\"attributes\":{\"id\":\"1\",\"size\":\"small\"}}]}]}");
    struct feed b =
        feed_state("{\"version\":4,\"serial\":2,\"lineage\":\"l\",\"resources\":[{\"type\":\"t\","
                   "\"name\":\"n\","
                   "\"instances\":[{\"attributes\":{\"id\":\"1\",\"size\":\"large\"}}]}]}");

    CHECK_INT(nth(&a, 0)->digest.len, 16);
    CHECK(!str_eq(nth(&a, 0)->digest, nth(&b, 0)->digest));
    CHECK(str_eq(nth(&a, 0)->cloud_id, nth(&b, 0)->cloud_id));
}

TEST(an_empty_state_is_a_state)
{
    struct feed f = feed_state("{\"version\":4,\"terraform_version\":\"1.9.8\",\"serial\":1,"
                               "\"lineage\":\"l\",\"outputs\":{},"
                               "\"resources\":[],\"check_results\":null}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK(!nth(&f, 0));
}

TEST(old_formats_count_in_brackets_and_name_their_modules)
{
    struct feed f = feed_state(
        "{\"version\":3,\"serial\":3,\"lineage\":\"l\",\"modules\":[{\"path\":[\"root\",\"net\","
        "\"inner\"],\"resources\":{"
        "\"aws_instance.web.2\":{\"type\":\"aws_instance\",\"provider\":\"provider.aws\","
        "\"primary\":{\"id\":\"i-2\","
        "\"tainted\":true,\"attributes\":{\"id\":\"i-2\"}}},"
        "\"data.aws_ami.base\":{\"type\":\"aws_ami\",\"primary\":{\"id\":\"ami-1\",\"attributes\":{"
        "}}},"
        "\"data.aws_ami.many.0\":{\"type\":\"aws_ami\",\"primary\":{\"id\":\"ami-2\"}}}}]}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(f.events[0].snapshot->format, "terraform-3");
    CHECK_STR(nth(&f, 0)->address, "module.net.module.inner.aws_instance.web[2]");
    CHECK_STR(nth(&f, 0)->status, "tainted");
    CHECK_STR(nth(&f, 1)->address, "module.net.module.inner.data.aws_ami.base");
    CHECK_STR(nth(&f, 1)->mode, "data");
    CHECK_STR(nth(&f, 1)->cloud_id, "ami-1");
    CHECK_STR(nth(&f, 2)->address, "module.net.module.inner.data.aws_ami.many[0]");
}

TEST(a_genuine_old_state_with_backend_settings_is_read)
{
    struct feed f = feed_state(
        "{\"version\":3,\"serial\":3,\"lineage\":\"l\",\"backend\":{\"type\":\"s3\",\"hash\":1},"
        "\"modules\":[{\"path\":[\"root\"],\"resources\":{\"a.b\":{\"type\":\"a\"}}}]}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(nth(&f, 0)->address, "a.b");
}

TEST(state_json_has_neither_serial_nor_lineage)
{
    struct feed f =
        feed_state("{\"format_version\":\"1.0\",\"terraform_version\":\"1.9.8\",\"values\":{"
                   "\"outputs\":{\"p\":{\"value\":\"hunter2\"}},"
                   "\"root_module\":{\"resources\":[{\"address\":\"a.b\",\"mode\":\"managed\","
                   "\"type\":\"a\",\"name\":\"b\","
                   "\"provider_name\":\"r/a\",\"values\":{\"id\":\"1\"},\"tainted\":true}],"
                   "\"child_modules\":[{\"address\":\"module.m\","
                   "\"child_modules\":[{\"resources\":[{\"address\":\"module.m.module.n.c.d\","
                   "\"type\":\"c\",\"values\":{}}]}]}]}}}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK_STR(f.events[0].snapshot->format, "terraform-json");
    CHECK_INT(f.events[0].snapshot->serial, -1);
    CHECK(str_empty(f.events[0].snapshot->lineage));
    CHECK_STR(nth(&f, 0)->status, "tainted");
    CHECK_STR(nth(&f, 1)->address, "module.m.module.n.c.d");
}

TEST(state_json_with_only_a_version_is_an_empty_state)
{
    struct feed f = feed_state("{\"format_version\":\"1.0\"}");

    CHECK_INT(f.result, MAP_DONE);
    CHECK(!nth(&f, 0));
}

TEST(a_backend_pointer_is_refused)
{
    struct feed f = feed_state(
        "{\"version\":3,\"serial\":0,\"lineage\":\"l\",\"backend\":{\"type\":\"local\",\"config\":{"
        "},"
        "\"hash\":9},\"modules\":[{\"path\":[\"root\"],\"outputs\":{},\"resources\":{}}]}");

    CHECK(f.certainty > 0);
    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "backend pointer (.terraform/terraform.tfstate), not a state of "
                               "resources: use 'terraform state "
                               "pull'");
}

TEST(an_encrypted_state_is_refused)
{
    struct feed f =
        feed_state("{\"serial\":1,\"lineage\":\"l\",\"meta\":{},\"encrypted_data\":\"eA==\","
                   "\"encryption_version\":\"v0\"}");

    CHECK(f.certainty > 0);
    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(
        str_from(f.why),
        "state or plan encrypted by OpenTofu: nothing in it can be read; export it decrypted");
}

TEST(a_format_newer_than_four_is_refused)
{
    struct feed f = feed_state("{\"version\":5,\"serial\":1,\"lineage\":\"l\",\"resources\":[]}");

    CHECK_INT(f.result, MAP_REJECT);
    CHECK_STR(str_from(f.why), "state format 5 is newer than the newest known, 4");
}

TEST(a_plan_and_a_pulumi_export_are_not_states)
{
    CHECK_INT(
        feed_state("{\"format_version\":\"1.2\",\"planned_values\":{},\"resource_changes\":[]}")
            .certainty,
        0);
    CHECK_INT(
        feed_state("{\"version\":3,\"deployment\":{\"manifest\":{},\"resources\":[]}}").certainty,
        0);
    CHECK_INT(feed_state("{\"version\":4}").certainty, 0);
}
