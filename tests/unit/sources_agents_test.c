#include "sources/source.h"

#include "check.h"

#define CHANNEL(agent) str_from(channel_name(channel_from_user_agent(STR(agent))))

TEST(terraform_is_recognised_although_it_names_its_sdk)
{
    CHECK_STR(CHANNEL("APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) "
                      "terraform-provider-aws/4.67.0 aws-sdk-go/1.44.261"),
              "iac");
    CHECK_STR(CHANNEL("[APN/1.0 HashiCorp/1.0 Terraform/1.1.2]"), "iac");
    CHECK_STR(CHANNEL("stratus-red-team_0 HashiCorp-terraform-exec/0.17.3"), "iac");
    CHECK_STR(CHANNEL("google-api-go-client/0.5 Terraform/1.5.7 terraform-provider-google/4.1"),
              "iac");
}

TEST(other_controllers_are_iac)
{
    CHECK_STR(CHANNEL("APN/1.0 Pulumi/1.0 PulumiAwsNative/1.2"), "iac");
    CHECK_STR(CHANNEL("cloudformation.amazonaws.com"), "iac");
    CHECK_STR(CHANNEL("aws-sdk-go/1.44 ack-controller/1.0"), "iac");
    CHECK_STR(CHANNEL("APN/1.0 Ansible/2.9 Boto3/1.26"), "iac");
    CHECK_STR(CHANNEL("feedback-client/1.0"), "unknown");
}

TEST(a_person_at_a_console_is_seen_by_browser_or_backend)
{
    CHECK_STR(CHANNEL("console.ec2.amazonaws.com"), "console");
    CHECK_STR(CHANNEL("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.467]"), "console");
    CHECK_STR(CHANNEL("AWS Internal"), "console");
    CHECK_STR(CHANNEL("signin.amazonaws.com"), "console");
    CHECK_STR(CHANNEL("Mozilla/5.0 (X11; Linux x86_64) Chrome/99 Safari/537.36,gzip(gfe)"),
              "console");
}

TEST(command_lines_and_libraries_are_told_apart)
{
    CHECK_STR(CHANNEL("aws-cli/2.7.1 Python/3.9.11 exe/x86_64 command/ec2.run-instances"), "cli");
    CHECK_STR(CHANNEL("google-cloud-sdk gcloud/400 command/gcloud.compute.instances.insert"),
              "cli");
    CHECK_STR(CHANNEL("aws-cli/2.1 exec-env/CloudShell"), "cli");
    CHECK_STR(CHANNEL("Boto3/1.26.0 Python/3.9 exec-env/AWS_Lambda_python3.9 Botocore/1.29"),
              "sdk");
    CHECK_STR(CHANNEL("aws-sdk-go/1.44.100 (go1.19.2; linux; amd64)"), "sdk");
}

TEST(a_service_of_the_cloud_is_the_provider)
{
    CHECK_STR(CHANNEL("autoscaling.amazonaws.com"), "provider");
    CHECK_STR(CHANNEL(""), "unknown");
    CHECK_STR(CHANNEL("MyOwnTool/1.0"), "unknown");
}
