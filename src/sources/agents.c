/*
 * agents: by which means a call was made, as far as its user agent tells. A user agent is set by the
 * caller: evidence, not proof. The signs are those of formats-cloud 15.
 *
 * This runs for every event, so a sign is only looked for where a word begins, and only among the
 * signs that begin with the same letter.
 */
#include "sources/source.h"

/* Of several signs in one agent the strongest counts: a Terraform provider also names its SDK. */
enum strength { CONTROLLER, PIPELINE, CONSOLE, COMMAND, BROWSER, LIBRARY, NO_SIGN };

struct sign {
    const char *text;                        /* lower case */
    enum strength strength;
};

/* Sorted by text: it is searched by the first letter. */
static const struct sign signs[] = {
    {"ack-", CONTROLLER},
    {"ansible", CONTROLLER},
    {"apitools", LIBRARY},
    {"aws internal", CONSOLE},
    {"aws-cli/", COMMAND},
    {"aws-controllers-k8s", CONTROLLER},
    {"aws-sdk-", LIBRARY},
    {"awspowershell", COMMAND},
    {"azurecli", COMMAND},
    {"azurepowershell", COMMAND},
    {"boto3/", LIBRARY},
    {"botocore/", LIBRARY},
    {"cloud.google.com", LIBRARY},
    {"cloudformation.amazonaws.com", CONTROLLER},
    {"cnrm", CONTROLLER},
    {"codebuild", PIPELINE},
    {"config-connector", CONTROLLER},
    {"console.", CONSOLE},
    {"crossplane", CONTROLLER},
    {"curl/", COMMAND},
    {"ec2consolebackend", CONSOLE},
    {"eksctl", COMMAND},
    {"exec-env/", LIBRARY},
    {"exec-env/cloudshell", COMMAND},
    {"gcloud", COMMAND},
    {"gcp-sdk", LIBRARY},
    {"github cli", COMMAND},
    {"github-actions", PIPELINE},
    {"gitlab-runner", PIPELINE},
    {"go-http-client", LIBRARY},
    {"google-api-", LIBRARY},
    {"google-cloud-sdk", COMMAND},
    {"googlecloudconsole", CONSOLE},
    {"grpc-", LIBRARY},
    {"gsutil", COMMAND},
    {"hashicorp-terraform", CONTROLLER},
    {"hashicorp/1.0", CONTROLLER},
    {"jenkins", PIPELINE},
    {"kubectl", COMMAND},
    {"mozilla/", BROWSER},
    {"octokit", LIBRARY},
    {"okhttp", LIBRARY},
    {"opentofu", CONTROLLER},
    {"pulumi", CONTROLLER},
    {"python-requests", LIBRARY},
    {"python-urllib", LIBRARY},
    {"rds console", CONSOLE},
    {"s3console/", CONSOLE},
    {"signin.amazonaws.com", CONSOLE},
    {"terraform", CONTROLLER},
    {"upjet", CONTROLLER},
};

enum { NSIGNS = sizeof signs / sizeof signs[0] };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_alphanumeric(char c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool begins_with(str s, const char *sign)
{
    size_t i = 0;

    for (; sign[i]; i++)
        if (i == s.len || lower(s.ptr[i]) != sign[i])
            return false;
    return true;
}

static size_t first_with_letter(char letter)
{
    size_t low = 0, high = NSIGNS;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (signs[middle].text[0] < letter)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum strength strongest_sign(str agent)
{
    enum strength best = NO_SIGN;

    for (size_t i = 0; i < agent.len; i++) {
        char letter = lower(agent.ptr[i]);

        if (!is_alphanumeric(letter) || (i > 0 && is_alphanumeric(agent.ptr[i - 1])))
            continue;
        for (size_t s = first_with_letter(letter); s < NSIGNS && signs[s].text[0] == letter; s++)
            if (signs[s].strength < best &&
                begins_with(str_part(agent, i, agent.len), signs[s].text))
                best = signs[s].strength;
    }
    return best;
}

enum channel channel_from_user_agent(str user_agent)
{
    str agent = str_trim(user_agent);

    switch (strongest_sign(agent)) {
    case CONTROLLER:
        return CHANNEL_IAC;
    case PIPELINE:
        return CHANNEL_CI;
    case CONSOLE:
    case BROWSER:
        return CHANNEL_CONSOLE;
    case COMMAND:
        return CHANNEL_CLI;
    case LIBRARY:
        return CHANNEL_SDK;
    case NO_SIGN:
        break;
    }
    /* A service of the cloud that calls another: "autoscaling.amazonaws.com". */
    return str_ends(agent, STR(".amazonaws.com")) || str_starts_nocase(agent, STR("aws-internal"))
               ? CHANNEL_PROVIDER
               : CHANNEL_UNKNOWN;
}
