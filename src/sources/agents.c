/*
 * agents: by which means a call was made, as far as its user agent tells. A user agent is set by
 * the caller: evidence, not proof. The signs are those of formats-cloud 15.
 *
 * This runs for every event, so a sign is only looked for where a word begins, and only among the
 * signs that begin with the same letter.
 */
#include "base/ascii.h"
#include "sources/source.h"

/* Of several signs in one agent the strongest counts: a Terraform provider also names its SDK. */
enum strength { CONTROLLER, PIPELINE, CONSOLE, COMMAND, BROWSER, LIBRARY, NO_SIGN };

struct sign {
    const char *text; /* lower case */
    enum strength strength;
};

/* By first letter, so that a word is compared with a few signs only. */
static const struct sign signs_a[] = {
    {"ack-", CONTROLLER},
    {"ansible", CONTROLLER},
    {"apitools", LIBRARY},
    {"argocd", CONTROLLER},
    {"aws internal", CONSOLE},
    {"aws-cli/", COMMAND},
    {"aws-controllers-k8s", CONTROLLER},
    {"aws-sdk-", LIBRARY},
    {"awspowershell", COMMAND},
    {"azurecli", COMMAND},
    {"azurepowershell", COMMAND},
    {NULL, NO_SIGN},
};
static const struct sign signs_b[] = {
    {"boto3/", LIBRARY},
    {"botocore/", LIBRARY},
    {NULL, NO_SIGN},
};
static const struct sign signs_c[] = {
    {"cloud.google.com", LIBRARY},
    {"cloudformation.amazonaws.com", CONTROLLER},
    {"cnrm", CONTROLLER},
    {"codebuild", PIPELINE},
    {"config-connector", CONTROLLER},
    {"console.", CONSOLE},
    {"crossplane", CONTROLLER},
    {"curl/", COMMAND},
    {NULL, NO_SIGN},
};
static const struct sign signs_e[] = {
    {"ec2consolebackend", CONSOLE},   {"eksctl", COMMAND}, {"exec-env/", LIBRARY},
    {"exec-env/cloudshell", COMMAND}, {NULL, NO_SIGN},
};
static const struct sign signs_g[] = {
    {"gcloud", COMMAND},          {"gcp-sdk", LIBRARY},          {"github cli", COMMAND},
    {"github-actions", PIPELINE}, {"gitlab-runner", PIPELINE},   {"go-http-client", LIBRARY},
    {"google-api-", LIBRARY},     {"google-cloud-sdk", COMMAND}, {"googlecloudconsole", CONSOLE},
    {"grpc-", LIBRARY},           {"gsutil", COMMAND},           {NULL, NO_SIGN},
};
static const struct sign signs_h[] = {
    {"hashicorp-terraform", CONTROLLER},
    {"hashicorp/1.0", CONTROLLER},
    {"helm-controller/", CONTROLLER},
    {"helm/", COMMAND},
    {NULL, NO_SIGN},
};
static const struct sign signs_j[] = {
    {"jenkins", PIPELINE},
    {NULL, NO_SIGN},
};
static const struct sign signs_k[] = {
    {"kubectl", COMMAND},
    {"kustomize-controller/", CONTROLLER},
    {NULL, NO_SIGN},
};
static const struct sign signs_m[] = {
    {"mozilla/", BROWSER},
    {NULL, NO_SIGN},
};
static const struct sign signs_o[] = {
    {"octokit", LIBRARY},
    {"okhttp", LIBRARY},
    {"opentofu", CONTROLLER},
    {NULL, NO_SIGN},
};
static const struct sign signs_p[] = {
    {"pulumi", CONTROLLER},
    {"python-requests", LIBRARY},
    {"python-urllib", LIBRARY},
    {NULL, NO_SIGN},
};
static const struct sign signs_r[] = {
    {"rds console", CONSOLE},
    {NULL, NO_SIGN},
};
static const struct sign signs_s[] = {
    {"s3console/", CONSOLE},
    {"signin.amazonaws.com", CONSOLE},
    {NULL, NO_SIGN},
};
static const struct sign signs_t[] = {
    {"terraform", CONTROLLER},
    {NULL, NO_SIGN},
};
static const struct sign signs_u[] = {
    {"upjet", CONTROLLER},
    {NULL, NO_SIGN},
};

static const struct sign *const signs[26] = {
    ['a' - 'a'] = signs_a, ['b' - 'a'] = signs_b, ['c' - 'a'] = signs_c, ['e' - 'a'] = signs_e,
    ['g' - 'a'] = signs_g, ['h' - 'a'] = signs_h, ['j' - 'a'] = signs_j, ['k' - 'a'] = signs_k,
    ['m' - 'a'] = signs_m, ['o' - 'a'] = signs_o, ['p' - 'a'] = signs_p, ['r' - 'a'] = signs_r,
    ['s' - 'a'] = signs_s, ['t' - 'a'] = signs_t, ['u' - 'a'] = signs_u,
};

static bool begins_with(str s, const char *sign)
{
    size_t i = 0;

    for (; sign[i]; i++)
        if (i == s.len || ascii_lower(s.ptr[i]) != sign[i])
            return false;
    return true;
}

static enum strength strongest_sign(str agent)
{
    enum strength best = NO_SIGN;
    bool was_word = false;

    for (size_t i = 0; i < agent.len; i++) {
        char c = ascii_lower(agent.ptr[i]);
        bool begins = !was_word && c >= 'a' && c <= 'z';

        was_word = ascii_is_letter(c) || ascii_is_digit(c);
        if (!begins || !signs[c - 'a'])
            continue;
        for (const struct sign *s = signs[c - 'a']; s->text; s++)
            if (s->strength < best && begins_with(str_part(agent, i, agent.len), s->text))
                best = s->strength;
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
