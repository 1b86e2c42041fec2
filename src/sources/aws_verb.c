/*
 * aws_verb: what kind of act an API call is.
 *
 * `readOnly` decides when the record has it; the name only says which kind of reading or writing.
 * Without it (old records, sign-ins, service events) the name decides (formats-cloud 16). Calls
 * that hand out power or secrets (AssumeRole, GetSecretValue, Decrypt) are reads here as they are
 * for AWS: which of them matter is for the lists under report/ to say.
 */
#include "aws.h"

struct prefix {
    str text;
    enum verb verb;
};

/* clang-format off */
#define P(text, verb) {{text, sizeof(text) - 1}, verb}
/* clang-format on */

static const struct prefix reads[] = {
    P("List", VERB_LIST),       P("Search", VERB_LIST),   P("Lookup", VERB_LIST),
    P("Query", VERB_LIST),      P("Scan", VERB_LIST),     P("Get", VERB_READ),
    P("Describe", VERB_READ),   P("Head", VERB_READ),     P("BatchGet", VERB_READ),
    P("Check", VERB_READ),      P("Estimate", VERB_READ), P("Preview", VERB_READ),
    P("Validate", VERB_READ),   P("View", VERB_READ),     P("Test", VERB_READ),
    P("Simulate", VERB_READ),   P("Detect", VERB_READ),   P("Decode", VERB_READ),
    P("AssumeRole", VERB_READ), P("Decrypt", VERB_READ),
};

/* The longest comes first where one begins another. */
static const struct prefix writes[] = {
    P("CreateGrant", VERB_GRANT),
    P("CreateAccountAssignment", VERB_GRANT),
    P("CreateGroupMembership", VERB_GRANT),
    P("DeleteAccountAssignment", VERB_REVOKE),
    P("DeleteGroupMembership", VERB_REVOKE),
    P("RevokeGrant", VERB_REVOKE),
    P("RetireGrant", VERB_REVOKE),
    P("StartLogging", VERB_CONFIG),
    P("StopLogging", VERB_CONFIG),
    P("UpdateTrail", VERB_CONFIG),
    P("PutEventSelectors", VERB_CONFIG),
    P("PutInsightSelectors", VERB_CONFIG),
    P("StartConfigurationRecorder", VERB_CONFIG),
    P("StopConfigurationRecorder", VERB_CONFIG),
    P("CreateTags", VERB_UPDATE),
    P("DeleteTags", VERB_UPDATE),
    P("Create", VERB_CREATE),
    P("RunInstances", VERB_CREATE),
    P("Allocate", VERB_CREATE),
    P("Register", VERB_CREATE),
    P("Request", VERB_CREATE),
    P("Import", VERB_CREATE),
    P("Copy", VERB_CREATE),
    P("Launch", VERB_CREATE),
    P("Provision", VERB_CREATE),
    P("Restore", VERB_CREATE),
    P("Delete", VERB_DELETE),
    P("Terminate", VERB_DELETE),
    P("Deregister", VERB_DELETE),
    P("Release", VERB_DELETE),
    P("Remove", VERB_DELETE),
    P("Purge", VERB_DELETE),
    P("BatchDelete", VERB_DELETE),
    P("ScheduleKeyDeletion", VERB_DELETE),
    P("Start", VERB_EXECUTE),
    P("Stop", VERB_EXECUTE),
    P("Reboot", VERB_EXECUTE),
    P("Run", VERB_EXECUTE),
    P("Invoke", VERB_EXECUTE),
    P("Execute", VERB_EXECUTE),
    P("SendCommand", VERB_EXECUTE),
    P("SendSSHPublicKey", VERB_EXECUTE),
    P("ResumeSession", VERB_EXECUTE),
    P("Rotate", VERB_EXECUTE),
};

static bool find(const struct prefix *list, size_t count, str name, enum verb *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(name, list[i].text)) {
            *out = list[i].verb;
            return true;
        }
    }
    return false;
}

/* Sign-in events are neither reads nor writes, but for those that change how one signs in. */
static bool sign_in_verb(str service, str name, enum verb *out)
{
    static const struct prefix signs[] = {
        P("ConsoleLogin", VERB_LOGIN),  P("UserAuthentication", VERB_LOGIN),
        P("SwitchRole", VERB_LOGIN),    P("ExitRole", VERB_LOGOUT),
        P("Logout", VERB_LOGOUT),       P("PasswordUpdated", VERB_UPDATE),
        P("EmailUpdated", VERB_UPDATE), P("PasswordRecovery", VERB_UPDATE),
        P("Authenticate", VERB_LOGIN),
    };

    if (!str_eq(service, STR("signin.amazonaws.com")) && !str_eq(service, STR("sso.amazonaws.com")))
        return false;
    return find(signs, sizeof signs / sizeof *signs, name, out);
}

enum verb aws_verb(str service, str name, struct field read_only, bool is_service_event)
{
    bool is_said = read_only.kind != FIELD_ABSENT && read_only.kind != FIELD_NULL;
    enum verb verb;

    if (sign_in_verb(service, name, &verb))
        return verb;
    if (is_said && field_truth(read_only))
        return find(reads, sizeof reads / sizeof *reads, name, &verb) ? verb : VERB_READ;
    if (!is_said && find(reads, sizeof reads / sizeof *reads, name, &verb))
        return verb;
    if (find(writes, sizeof writes / sizeof *writes, name, &verb))
        return verb;
    if (str_eq(service, STR("signin.amazonaws.com")))
        return VERB_READ; /* CheckMfa, CredentialVerification: steps of a sign-in */
    /* What the platform notes about itself in words of its own (SharedSnapshotVolumeCreated) is no
     * write of anybody. */
    return is_service_event ? VERB_UNKNOWN : VERB_UPDATE;
}
