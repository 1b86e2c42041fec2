#!/usr/bin/env python3
"""Writes the sample company's exports. Deterministic: the same bytes on every machine.

    python3 tests/tools/samples.py     writes below samples/

Halden Freight is invented; so are its people, accounts and troubles. samples/README.md lists what is planted and where the reports show it.
The story: August is ordinary, in September and October things happen. All changes to production should go
commit -> pull request -> review -> HCP Terraform run -> confirmation by a second person -> apply.
"""
import datetime as dt
import hashlib
import json
import os
import random
import uuid

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "samples")
UTC = dt.timezone.utc
START, END = dt.datetime(2026, 8, 1, tzinfo=UTC), dt.datetime(2026, 11, 1, tzinfo=UTC)
REGION = "eu-central-1"
ACCOUNTS = {"prod": "410000000017", "staging": "420000000029", "dev": "430000000031"}
NEW_ACCOUNT = "440000000043"  # planted: nobody mapped it
ORG, REPO = "halden-freight", "halden-freight/infra"
DOMAIN = "halden-freight.example"

PEOPLE = {
    #        name,              mail,             GitHub,     HCP user,              office addresses
    "ingrid": ("Ingrid Solheim", "ingrid.solheim", "ingrid-s", "user-IngridSolheim01", "192.0.2.21"),
    "tomasz": ("Tomasz Wolski", "tomasz.wolski", "twolski", "user-TomaszWolski001", "192.0.2.34"),
    "amara": ("Amara Okafor", "amara.okafor", "amara-o", "user-AmaraOkafor0001", "192.0.2.35"),
    "hanh": ("Nguyễn Thị Hạnh", "hanh.nguyen", "hanh-ng", "user-HanhNguyen00001", "192.0.2.48"),
    "ken": ("佐藤 健", "ken.sato", "ken-sato", "user-KenSato00000001", "192.0.2.52"),
    "luca": ("Luca Moretti", "luca.moretti", "luca-moretti", "user-LucaMoretti0001", "198.51.100.77"),
}
GITHUB_IDS = {p: 7000100 + i for i, p in enumerate(PEOPLE)}
WORKSPACES = {  # workspace: (environment, HCP id, cloud)
    "network-prod": ("prod", "ws-NetworkProd00001", "aws"),
    "tracking-prod": ("prod", "ws-TrackingProd0001", "aws"),
    "data-prod": ("prod", "ws-DataProd00000001", "gcp"),
    "network-staging": ("staging", "ws-NetworkStage0001", "aws"),
    "tracking-staging": ("staging", "ws-TrackingStage001", "aws"),
    "tracking-dev": ("dev", "ws-TrackingDev00001", "aws"),
}

rnd = random.Random(20260801)


def uid(*parts):
    return str(uuid.UUID(bytes=hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:16], version=4))


def sha(*parts):
    return hashlib.sha1("|".join(map(str, parts)).encode()).hexdigest()


def short(prefix, *parts):
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return prefix + "".join(alphabet[b % len(alphabet)] for b in digest[:16])


def z(t, digits=0):
    text = t.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (".%03dZ" % (t.microsecond // 1000) if digits == 3 else ".%06dZ" % t.microsecond if digits == 6 else "Z")


def ms(t):
    return int(t.timestamp() * 1000)


def at(text):
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def minutes(n):
    return dt.timedelta(minutes=n)


def seconds(n):
    return dt.timedelta(seconds=n)


# --- AWS CloudTrail -----------------------------------------------------------------------------------------------------

trail = {}  # account -> list of (time, record)
counter = {"n": 0}


def role_identity(account, role, session, mfa=None, key=None, sso=False):
    path = "aws-reserved/sso.amazonaws.com/" if sso else ""
    rid = "AROA" + hashlib.sha256((account + role).encode()).hexdigest()[:17].upper()
    who = {
        "type": "AssumedRole", "principalId": rid + ":" + session,
        "arn": "arn:aws:sts::%s:assumed-role/%s/%s" % (account, role, session), "accountId": account,
        "accessKeyId": key or "ASIA" + hashlib.sha256((account + role + session).encode()).hexdigest()[:16].upper(),
        "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": rid,
                                             "arn": "arn:aws:iam::%s:role/%s%s" % (account, path, role), "accountId": account,
                                             "userName": role},
                           "attributes": {"mfaAuthenticated": "true" if mfa else "false"}}}
    return who


def person_identity(account, who, role="PlatformEngineer"):
    return role_identity(account, "AWSReservedSSO_%s_7f3b2c9d1e4a5b60" % role, "%s@%s" % (PEOPLE[who][1], DOMAIN), sso=True)


def user_identity(account, name):
    return {"type": "IAMUser", "principalId": "AIDA" + hashlib.sha256((account + name).encode()).hexdigest()[:17].upper(),
            "arn": "arn:aws:iam::%s:user/%s" % (account, name), "accountId": account, "userName": name,
            "accessKeyId": "AKIA" + hashlib.sha256((account + name).encode()).hexdigest()[:16].upper()}


def root_identity(account):
    return {"type": "Root", "principalId": account, "arn": "arn:aws:iam::%s:root" % account, "accountId": account}


def service_identity(name):
    return {"type": "AWSService", "invokedBy": name}


TERRAFORM = ("APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.70.0 "
             "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.31.0")
CONSOLE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
CLI = "aws-cli/2.17.44 md/awscrt#0.21.2 ua/2.0 os/linux md/arch#x86_64 lang/python#3.11.9 cfg/retry-mode#standard md/command#%s"
BOTO = "Boto3/1.35.10 md/Botocore#1.35.10 ua/2.0 os/linux lang/python#3.11.9"


def aws(t, account, source, name, identity, read, ip, agent, request=None, response=None, error=None, message=None, resources=None,
        region=REGION, kind="AwsApiCall", extra=None, console=False):
    counter["n"] += 1
    rec = {"eventVersion": "1.10", "userIdentity": identity, "eventTime": z(t), "eventSource": source + ".amazonaws.com",
           "eventName": name, "awsRegion": region, "sourceIPAddress": ip, "userAgent": agent}
    if error:
        rec["errorCode"] = error
    if message:
        rec["errorMessage"] = message
    rec["requestParameters"] = request
    rec["responseElements"] = response
    if extra:
        rec["additionalEventData"] = extra
    rec["requestID"] = uid("request", counter["n"])
    rec["eventID"] = uid("event", counter["n"])
    rec["readOnly"] = read
    if resources:
        rec["resources"] = [{"ARN": a, "accountId": account} for a in resources]
    rec["eventType"] = kind
    rec["managementEvent"] = True
    rec["recipientAccountId"] = account
    rec["eventCategory"] = "Management"
    if console:
        rec["sessionCredentialFromConsole"] = "true"
    trail.setdefault(account, []).append((t, rec))
    return rec


def ordinary_aws():
    """Heartbeats of services and monitoring, people who look, CI that reads."""
    for env, account in ACCOUNTS.items():
        step = {"prod": 1, "staging": 3, "dev": 6}[env]
        t = START
        while t < END:
            beat = t + minutes(rnd.randint(1, 50))
            if rnd.random() < 0.5:
                aws(beat, account, "ec2", "DescribeInstances", role_identity(account, "halden-monitor", "monitor"), True,
                    "198.51.100.10", BOTO, {"maxResults": 100})
            else:
                aws(beat, account, "sts", "AssumeRole", service_identity("config.amazonaws.com"), True, "config.amazonaws.com",
                    "config.amazonaws.com",
                    {"roleArn": "arn:aws:iam::%s:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig" % account,
                     "roleSessionName": "AWSConfig-Describe"})
            t += dt.timedelta(hours=step)
        day = START
        while day < END:
            if day.weekday() < 5:
                for who in rnd.sample(["ingrid", "tomasz", "amara", "hanh"], {"prod": 2, "staging": 1, "dev": 1}[env]):
                    morning = day + dt.timedelta(hours=6 + rnd.random() * 3)
                    login(morning, account, who)
                    for _ in range(rnd.randint(1, 3)):
                        source, name = rnd.choice([("ec2", "DescribeSecurityGroups"), ("rds", "DescribeDBInstances"),
                                                   ("logs", "FilterLogEvents"), ("ecs", "ListServices"), ("s3", "ListBuckets")])
                        aws(morning + minutes(rnd.randint(2, 400)), account, source, name, person_identity(account, who, "ReadOnly"),
                            True, PEOPLE[who][4], CONSOLE, console=True)
            day += dt.timedelta(days=1)


def login(t, account, who):
    aws(t, account, "signin", "ConsoleLogin", person_identity(account, who, "ReadOnly"), False, PEOPLE[who][4], CONSOLE, None,
        {"ConsoleLogin": "Success"}, kind="AwsConsoleSignIn",
        extra={"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "No",
               "SamlProviderArn": "arn:aws:iam::%s:saml-provider/AWSSSO_7f3b2c9d1e4a5b60_DO_NOT_DELETE" % account})


# --- changes: commit, pull request, review, run, apply, cloud events, state --------------------------------------------------

commits, pulls, reviews, workflow_runs, hcp_runs, hcp_included, hcp_audit, github_audit = [], [], [], [], [], [], [], []
state_serial = {w: 40 for w in WORKSPACES}
state_files = {}


def github_user(who, login=None):
    login = login or PEOPLE[who][2]
    return {"login": login, "id": GITHUB_IDS[who] + (500 if login != PEOPLE[who][2] else 0), "type": "User"}


def add_commit(t, who, subject, parents, trailer="", committer=None, body=""):
    name, mail = PEOPLE[who][0], "%s@%s" % (PEOPLE[who][1], DOMAIN)
    cid = sha("commit", t, subject)
    commits.append((t, cid, " ".join(parents), name, mail, z(t).replace("Z", "+00:00"),
                    committer[0] if committer else name, committer[1] if committer else mail, z(t).replace("Z", "+00:00"), subject,
                    trailer))
    return cid


main_tip = {"id": sha("root")}
pull_number = {"n": 100}


def pull_request(t, author, title, branch, reviewer=None, merger=None, reviewer_login=None, review_minutes=95, merge=True):
    """Returns (merge time, merge commit, number)."""
    pull_number["n"] += 1
    n = pull_number["n"]
    head = add_commit(t, author, title, [main_tip["id"]])
    opened, reviewed = t + minutes(4), t + minutes(review_minutes)
    merged = reviewed + minutes(12)
    merger = merger or author
    url = "https://api.github.com/repos/%s/pulls/%d" % (REPO, n)
    merge_id = add_commit(merged, merger, "Merge pull request #%d from %s/%s" % (n, ORG, branch), [main_tip["id"], head],
                          committer=("GitHub", "noreply@github.com")) if merge else None
    pulls.append({"url": url, "id": 19000000 + n, "html_url": "https://github.com/%s/pull/%d" % (REPO, n), "number": n,
                  "state": "closed" if merge else "open", "title": title, "user": github_user(author),
                  "body": "See the ticket.", "created_at": z(opened), "updated_at": z(merged),
                  "closed_at": z(merged) if merge else None, "merged_at": z(merged) if merge else None,
                  "merge_commit_sha": merge_id, "draft": False,
                  "head": {"ref": branch, "sha": head, "repo": {"full_name": REPO}},
                  "base": {"ref": "main", "sha": main_tip["id"], "repo": {"full_name": REPO}},
                  "merged_by": github_user(merger) if merge else None})
    if reviewer:
        reviews.append({"id": 88000000 + n, "user": github_user(reviewer, reviewer_login), "body": "", "state": "APPROVED",
                        "html_url": "https://github.com/%s/pull/%d#pullrequestreview-%d" % (REPO, n, 88000000 + n),
                        "pull_request_url": url, "submitted_at": z(reviewed), "commit_id": head, "author_association": "MEMBER"})
    workflow_runs.append({"id": 11700000000 + n, "name": "checks", "node_id": short("WFR_", n), "head_branch": branch, "head_sha": head,
                          "path": ".github/workflows/checks.yml", "display_title": title, "run_number": n - 90, "event": "pull_request",
                          "status": "completed", "conclusion": "success", "workflow_id": 5120001,
                          "url": "https://api.github.com/repos/%s/actions/runs/%d" % (REPO, 11700000000 + n),
                          "pull_requests": [{"number": n, "head": {"ref": branch, "sha": head}}],
                          "created_at": z(opened + minutes(1)), "updated_at": z(opened + minutes(7)), "actor": github_user(author),
                          "run_attempt": 1, "run_started_at": z(opened + minutes(1)), "triggering_actor": github_user(author),
                          "repository": {"full_name": REPO}})
    audit_github(opened, author, "pull_request.create", {"pull_request_id": 19000000 + n, "repo": REPO})
    if merge:
        audit_github(merged, merger, "pull_request.merge", {"pull_request_id": 19000000 + n, "repo": REPO})
        main_tip["id"] = merge_id
    return merged, merge_id, n


def audit_github(t, who, action, extra=None, login=None):
    rec = {"@timestamp": ms(t), "_document_id": short("", "github", t, action, who), "action": action,
           "actor": login or PEOPLE[who][2], "actor_id": GITHUB_IDS[who], "actor_is_bot": False, "actor_ip": PEOPLE[who][4],
           "actor_location": {"country_code": "NO"}, "business": "halden", "created_at": ms(t), "org": ORG, "org_id": 5501,
           "operation_type": "modify", "user_agent": CONSOLE}
    rec.update(extra or {})
    github_audit.append((t, rec))


def audit_hcp(t, user, action, rtype, rid, meta=None, kind="Client"):
    name = next((p[1].replace(".", "-") for p in PEOPLE.values() if p[3] == user), "terraform-cloud")
    hcp_audit.append((t, {"id": uid("hcp", t, action, rid), "version": "0", "type": "Resource", "timestamp": z(t, 3),
                          "auth": {"accessor_id": user, "description": name, "type": kind, "impersonator_id": None,
                                   "organization_id": "org-HaldenFreight001"},
                          "request": {"id": uid("hcpreq", t, action, rid)},
                          "resource": {"id": rid, "type": rtype, "action": action, "meta": meta}}))


def hcp_run(t, workspace, creator, confirmer, commit, pr, message, auto_apply=False, status="applied", destroy=False, source=None,
            plan_minutes=3, confirm_minutes=25, apply_minutes=6, branch="main"):
    """Returns (run id, apply start, apply end)."""
    wid = WORKSPACES[workspace][1]
    run = short("run-", workspace, t)
    planned = t + minutes(plan_minutes)
    confirmed = planned + minutes(confirm_minutes)
    start = (planned if auto_apply else confirmed) + seconds(20)
    end = start + minutes(apply_minutes)
    stamps = {"plan-queueable-at": z(t + seconds(2)).replace("Z", "+00:00"), "planning-at": z(t + seconds(20)).replace("Z", "+00:00"),
              "planned-at": z(planned).replace("Z", "+00:00")}
    if not auto_apply:
        stamps["confirmed-at"] = z(confirmed).replace("Z", "+00:00")
    stamps["applying-at"] = z(start).replace("Z", "+00:00")
    stamps["applied-at" if status == "applied" else "errored-at"] = z(end).replace("Z", "+00:00")
    rel = {"workspace": {"data": {"id": wid, "type": "workspaces"}},
           "created-by": {"data": {"id": PEOPLE[creator][3], "type": "users"}},
           "plan": {"data": {"id": short("plan-", run), "type": "plans"}},
           "apply": {"data": {"id": short("apply-", run), "type": "applies"}}}
    if not auto_apply:
        rel["confirmed-by"] = {"data": {"id": PEOPLE[confirmer][3], "type": "users"}}
    if commit:
        cv, ia = short("cv-", run), short("ia-", run)
        rel["configuration-version"] = {"data": {"id": cv, "type": "configuration-versions"}}
        hcp_included.append({"id": cv, "type": "configuration-versions",
                             "attributes": {"source": "github", "speculative": False, "status": "uploaded", "auto-queue-runs": True},
                             "relationships": {"ingress-attributes": {"data": {"id": ia, "type": "ingress-attributes"}}}})
        hcp_included.append({"id": ia, "type": "ingress-attributes",
                             "attributes": {"branch": branch, "clone-url": "https://github.com/%s.git" % REPO, "commit-sha": commit,
                                            "commit-message": message, "identifier": REPO, "is-pull-request": False,
                                            "on-default-branch": branch == "main", "pull-request-number": None,
                                            "sender-username": PEOPLE[creator][2]}})
    hcp_runs.append((t, {"id": run, "type": "runs",
                         "attributes": {"actions": {"is-cancelable": False, "is-confirmable": False, "is-discardable": False},
                                        "auto-apply": auto_apply, "created-at": z(t, 3), "has-changes": True, "is-destroy": destroy,
                                        "message": message, "plan-only": False, "refresh-only": False,
                                        "source": source or ("tfe-configuration-version" if commit else "tfe-ui"), "status": status,
                                        "status-timestamps": stamps, "trigger-reason": "manual" if not commit else "vcs",
                                        "target-addrs": None, "replace-addrs": None, "terraform-version": "1.9.8"},
                         "relationships": rel}))
    audit_hcp(t, PEOPLE[creator][3], "create", "run", run, {"workspace_id": wid})
    if not auto_apply:
        audit_hcp(confirmed, PEOPLE[confirmer][3], "apply", "run", run, {"workspace_id": wid})
    audit_hcp(end, "user-TerraformAgent01", "create", "state_version", short("sv-", run), {"workspace_id": wid, "run_id": run}, "System")
    state_serial[workspace] += 1
    return run, start, end


RESOURCE_CHANGES = {
    "network": [("ec2", "CreateTags", lambda i: ({"resourcesSet": {"items": [{"resourceId": "vpc-0a1b2c3d4e5f60001"}]},
                                                  "tagSet": {"items": [{"key": "release", "value": "r%d" % i}]}}, {"_return": True})),
                ("ec2", "ModifyVpcAttribute", lambda i: ({"vpcId": "vpc-0a1b2c3d4e5f60001", "enableDnsHostnames": {"value": True}},
                                                         {"_return": True})),
                ("ec2", "CreateRoute", lambda i: ({"routeTableId": "rtb-0f00aa11bb22cc33d", "destinationCidrBlock": "10.%d.0.0/16" % (i % 200),
                                                   "natGatewayId": "nat-0c1d2e3f40516273a"}, {"_return": True}))],
    "tracking": [("ecs", "UpdateService", lambda i: ({"cluster": "tracking", "service": "api", "desiredCount": 3,
                                                      "taskDefinition": "tracking-api:%d" % (200 + i)}, {"service": {"serviceName": "api"}})),
                 ("ecs", "RegisterTaskDefinition", lambda i: ({"family": "tracking-api", "cpu": "512", "memory": "1024"},
                                                              {"taskDefinition": {"revision": 200 + i}})),
                 ("ssm", "PutParameter", lambda i: ({"name": "/tracking/feature-%d" % i, "type": "String", "overwrite": True},
                                                    {"version": i})),
                 ("rds", "ModifyDBInstance", lambda i: ({"dBInstanceIdentifier": "tracking-main", "backupRetentionPeriod": 14,
                                                         "applyImmediately": False}, {"dBInstanceIdentifier": "tracking-main"}))],
}


def apply_events(workspace, run, start, end, count, fail=False):
    env, _, cloud = WORKSPACES[workspace]
    if cloud == "gcp":
        for i in range(count):
            gcp_write(start + seconds(20 + i * 7), run, i)
        gcp_operation(start + seconds(25), run)
        return
    account = ACCOUNTS[env]
    identity = role_identity(account, "terraform-apply", run)
    aws(start - seconds(8), account, "sts", "AssumeRoleWithWebIdentity",
        {"type": "WebIdentityUser", "principalId": "arn:aws:iam::%s:oidc-provider/app.terraform.io:aws.workload.identity:organization:%s:"
                                                   "project:core:workspace:%s:run_phase:apply" % (account, ORG, workspace),
         "userName": "organization:%s:project:core:workspace:%s:run_phase:apply" % (ORG, workspace),
         "identityProvider": "arn:aws:iam::%s:oidc-provider/app.terraform.io" % account},
        True, "203.0.113.60", TERRAFORM,
        {"roleArn": "arn:aws:iam::%s:role/terraform-apply" % account, "roleSessionName": run},
        {"credentials": {"accessKeyId": identity["accessKeyId"], "expiration": "Aug 1, 2026, 1:00:00 PM",
                         "sessionToken": "HIDDEN_DUE_TO_SECURITY_REASONS"},
         "assumedRoleUser": {"assumedRoleId": identity["principalId"], "arn": identity["arn"]}})
    changes = RESOURCE_CHANGES[workspace.split("-")[0]]
    for i in range(count):
        source, name, make = changes[(counter["n"] + i) % len(changes)]
        request, response = make(counter["n"] % 97)
        bad = fail and i == count - 1
        aws(start + seconds(15 + i * 9), account, source, name, identity, False, "203.0.113.60", TERRAFORM, request,
            None if bad else response, "InvalidParameterCombination" if bad else None,
            "The parameter backupRetentionPeriod is not valid here." if bad else None)
    for i in range(3):
        aws(end - seconds(30 - i * 4), account, "ec2", "DescribeVpcs", identity, True, "203.0.113.60", TERRAFORM,
            {"vpcSet": {"items": [{"vpcId": "vpc-0a1b2c3d4e5f60001"}]}})


TITLES = ["Raise API task count", "Rotate parameter names", "Longer database backups", "Add route to partner network", "Tag releases",
          "Enable DNS host names", "Smaller task memory", "Feature switch for label printing", "New parameter for carrier limits",
          "Move service to newer image", "Prune old routes", "Backup window at night", "Retry settings for carrier feed"]
ticket = {"n": 300}


def ordinary_change(t, workspaces, title=None):
    """One honest change, rolled out to several workspaces one after the other."""
    ticket["n"] += 1
    author, reviewer, confirmer = rnd.choice([("tomasz", "amara", "ingrid"), ("amara", "tomasz", "ingrid"), ("hanh", "ingrid", "tomasz"),
                                              ("tomasz", "hanh", "amara"), ("amara", "hanh", "ingrid")])
    title = "HF-%d: %s" % (ticket["n"], title or rnd.choice(TITLES))
    merged, merge_id, n = pull_request(t, author, title, "hf-%d" % ticket["n"], reviewer)
    for i, w in enumerate(workspaces):
        env = WORKSPACES[w][0]
        run, start, end = hcp_run(merged + minutes(2 + i * 50), w, author, confirmer, merge_id, n, title, auto_apply=env == "dev")
        apply_events(w, run, start, end, rnd.randint(2, 5))


schedule = []  # (time, what to do): changes happen in the order of time, so that numbers and parents follow it


def ordinary_changes():
    day = START
    while day < END:
        if day.weekday() < 5:
            morning = day + dt.timedelta(hours=7, minutes=rnd.randint(5, 50))
            kind = rnd.random()
            title = None
            if kind < 0.42:
                workspaces = ["tracking-dev", "tracking-staging", "tracking-prod"]
            elif kind < 0.60:
                workspaces = ["network-staging", "network-prod"]
            elif kind < 0.70:
                workspaces, title = ["data-prod"], rnd.choice(["Wider retention for shipments", "New column family", "Dataset labels"])
            else:
                workspaces = ["tracking-dev"]
            schedule.append((morning, lambda t=morning, w=workspaces, x=title: ordinary_change(t, w, x)))
        day += dt.timedelta(days=1)


# --- Google Cloud --------------------------------------------------------------------------------------------------------

gcp = {}


def gcp_entry(t, project, service, method, principal, resource, ip, agent, log="activity", severity="NOTICE", status=None, extra=None,
              subject=None, labels=None, rtype="project", operation=None):
    n = counter["n"] = counter["n"] + 1
    payload = {"@type": "type.googleapis.com/google.cloud.audit.AuditLog", "status": status or {},
               "authenticationInfo": {"principalEmail": principal, "principalSubject": subject or "user:" + principal},
               "requestMetadata": {"callerIp": ip, "callerSuppliedUserAgent": agent}, "serviceName": service, "methodName": method,
               "authorizationInfo": [{"resource": resource, "permission": service.split(".")[0] + ".resources.use",
                                      "granted": not (status or {}).get("code")}],
               "resourceName": resource}
    payload.update(extra or {})
    entry = {"protoPayload": payload, "insertId": short("", "gcp", n)[:14].lower(),
             "resource": {"type": rtype, "labels": dict({"project_id": project}, **(labels or {}))},
             "timestamp": z(t, 6), "severity": severity, "logName": "projects/%s/logs/cloudaudit.googleapis.com%%2F%s" % (project, log),
             "receiveTimestamp": z(t + seconds(1), 6)}
    if operation:
        entry["operation"] = operation
    gcp.setdefault(project, []).append((t, entry))


def gcp_write(t, run, i):
    project = "halden-data-prod"
    gcp_entry(t, project, "bigquery.googleapis.com", ["google.cloud.bigquery.v2.DatasetService.UpdateDataset",
                                                      "google.cloud.bigquery.v2.TableService.UpdateTable"][i % 2],
              "terraform@halden-data-prod.iam.gserviceaccount.com", "projects/%s/datasets/shipments" % project, "203.0.113.61",
              "Terraform/1.9.8 (+https://www.terraform.io) Terraform-Plugin-SDK/2.34.0 terraform-provider-google/6.4.0 %s" % run,
              subject="serviceAccount:terraform@halden-data-prod.iam.gserviceaccount.com", rtype="bigquery_dataset",
              labels={"dataset_id": "shipments"})


def gcp_operation(t, run):
    """A long-running operation: two entries, one act."""
    op = {"id": "operation-%d-%s" % (ms(t), sha(run)[:8]), "producer": "compute.googleapis.com"}
    for when, part in ((t, {"first": True}), (t + seconds(31), {"last": True})):
        gcp_entry(when, "halden-data-prod", "compute.googleapis.com", "v1.compute.networks.patch",
                  "terraform@halden-data-prod.iam.gserviceaccount.com", "projects/halden-data-prod/global/networks/data",
                  "203.0.113.61", "Terraform/1.9.8 terraform-provider-google/6.4.0 %s" % run, rtype="gce_network",
                  subject="serviceAccount:terraform@halden-data-prod.iam.gserviceaccount.com", operation=dict(op, **part))


def ordinary_gcp():
    for project, step in (("halden-data-prod", 4), ("halden-data-staging", 6)):
        t = START
        while t < END:
            if project.endswith("staging") and t >= at("2026-10-01 00:00:00"):
                break  # planted: the export of October is missing
            beat = t + minutes(rnd.randint(1, 200)) + dt.timedelta(microseconds=rnd.randint(0, 999999))
            gcp_entry(beat, project, "bigquery.googleapis.com", "google.cloud.bigquery.v2.JobService.InsertJob",
                      "loader@%s.iam.gserviceaccount.com" % project, "projects/%s/jobs/load_%d" % (project, ms(beat)), "private",
                      "google-api-python-client/2.140.0", log="data_access", severity="INFO",
                      subject="serviceAccount:loader@%s.iam.gserviceaccount.com" % project, rtype="bigquery_project")
            t += dt.timedelta(hours=step)
        day = START
        while day < END:
            if day.weekday() in (1, 3) and not (project.endswith("staging") and day >= at("2026-10-01 00:00:00")):
                gcp_entry(day + dt.timedelta(hours=8, minutes=rnd.randint(0, 200)), project, "bigquery.googleapis.com",
                          "google.cloud.bigquery.v2.TableDataService.List", "ken.sato@" + DOMAIN,
                          "projects/%s/datasets/shipments/tables/legs" % project, PEOPLE["ken"][4], CONSOLE + ",gzip(gfe)",
                          log="data_access", severity="INFO", rtype="bigquery_dataset", labels={"dataset_id": "shipments"})
            day += dt.timedelta(days=1)


# --- what is planted -------------------------------------------------------------------------------------------------------

SSH = {"groupId": "sg-0aa11bb22cc33dd44", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {},
       "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0", "description": "tmp"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}}


def new_ticket(words):
    ticket["n"] += 1
    return "HF-%d: %s" % (ticket["n"], words)


def unapproved_apply(t):
    """Planted 1: merged without review, applied without confirmation."""
    title = new_ticket("Quick fix for carrier feed")
    merged, merge_id, n = pull_request(t, "tomasz", title, "quick-fix", reviewer=None, review_minutes=6)
    run, start, end = hcp_run(merged + minutes(2), "tracking-prod", "tomasz", "tomasz", merge_id, n, title, auto_apply=True)
    apply_events("tracking-prod", run, start, end, 4)


def self_approved(t):
    """Planted 2: reviewed from the author's second account, which the people list knows, and confirmed by the author."""
    title = new_ticket("Widen partner route")
    merged, merge_id, n = pull_request(t, "hanh", title, "partner-route", reviewer="hanh", reviewer_login="hanh-ops")
    run, start, end = hcp_run(merged + minutes(2), "network-prod", "hanh", "hanh", merge_id, n, title)
    apply_events("network-prod", run, start, end, 3)


def failed_and_repaired(t):
    """Planted 13: an apply that failed half-way and was repaired within hours."""
    title = new_ticket("Backup retention by class")
    merged, merge_id, n = pull_request(t, "amara", title, "backup-class", "tomasz")
    run, start, end = hcp_run(merged + minutes(2), "tracking-prod", "amara", "ingrid", merge_id, n, title, status="errored")
    apply_events("tracking-prod", run, start, end, 3, fail=True)
    title += ", corrected"
    merged, merge_id, n = pull_request(t + minutes(170), "amara", title, "backup-class-2", "tomasz", review_minutes=15)
    run, start, end = hcp_run(merged + minutes(2), "tracking-prod", "amara", "ingrid", merge_id, n, title, confirm_minutes=5)
    apply_events("tracking-prod", run, start, end, 3)


def failed_and_left(t):
    """Planted 13: one in staging that nobody repaired."""
    title = new_ticket("Database class for tests")
    merged, merge_id, n = pull_request(t, "tomasz", title, "db-class", "amara")
    run, start, end = hcp_run(merged + minutes(2), "network-staging", "tomasz", "ingrid", merge_id, n, title, status="errored")
    apply_events("network-staging", run, start, end, 2, fail=True)


def no_trail(t):
    """Planted 14: a run in production without commit, pull request or ticket, started by hand, confirmed by a second person."""
    run, start, end = hcp_run(t, "tracking-prod", "tomasz", "ingrid", None, None, "Triggered via UI")
    apply_events("tracking-prod", run, start, end, 2)


def planted_changes():
    for when, what in (("2026-09-10 08:10:00", failed_and_repaired), ("2026-09-22 10:05:00", self_approved),
                       ("2026-10-08 17:05:00", no_trail), ("2026-10-14 15:20:00", unapproved_apply),
                       ("2026-10-30 12:30:00", failed_and_left)):
        schedule.append((at(when), lambda t=at(when), w=what: w(t)))


def planted():
    prod, staging = ACCOUNTS["prod"], ACCOUNTS["staging"]

    # 3 a console change to a security group that code manages
    aws(at("2026-10-09 18:41:12"), prod, "ec2", "RevokeSecurityGroupEgress", person_identity(prod, "amara"), False, PEOPLE["amara"][4],
        CONSOLE, {"groupId": "sg-0aa11bb22cc33dd44", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
                  "ipRanges": {"items": [{"cidrIp": "10.40.0.0/16"}]}}]}}, {"_return": True}, console=True)

    # 4 SSH open to the world in production for three hours
    aws(at("2026-09-17 11:03:40"), prod, "ec2", "AuthorizeSecurityGroupIngress", person_identity(prod, "hanh"), False, PEOPLE["hanh"][4],
        CONSOLE, SSH, {"_return": True}, console=True)
    aws(at("2026-09-17 14:15:52"), prod, "ec2", "RevokeSecurityGroupIngress", person_identity(prod, "hanh"), False, PEOPLE["hanh"][4],
        CONSOLE, SSH, {"_return": True}, console=True)

    # 6 root signs in without a second factor and creates a key
    aws(at("2026-10-03 21:14:03"), prod, "signin", "ConsoleLogin", root_identity(prod), False, "203.0.113.200", CONSOLE, None,
        {"ConsoleLogin": "Success"}, kind="AwsConsoleSignIn", region="us-east-1",
        extra={"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "No"})
    aws(at("2026-10-03 21:16:44"), prod, "iam", "CreateAccessKey", root_identity(prod), False, "203.0.113.200", CONSOLE,
        None, {"accessKey": {"accessKeyId": "AKIAHALDENROOTKEY001", "status": "Active"}}, region="us-east-1", console=True)

    # 7 the trail of staging was off for 47 minutes
    arn = "arn:aws:cloudtrail:%s:%s:trail/halden-org" % (REGION, staging)
    for name, when in (("StopLogging", "2026-09-23 13:02:11"), ("StartLogging", "2026-09-23 13:49:30")):
        aws(at(when), staging, "cloudtrail", name, person_identity(staging, "tomasz"), False, PEOPLE["tomasz"][4],
            CLI % ("cloudtrail." + ("stop-logging" if name == "StopLogging" else "start-logging")), {"name": arn})

    # 8 administrator rights by hand, in staging
    aws(at("2026-10-19 09:31:05"), staging, "iam", "AttachUserPolicy", person_identity(staging, "ingrid"), False, PEOPLE["ingrid"][4],
        CONSOLE, {"userName": "luca.moretti", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, None, region="us-east-1",
        console=True)

    # 9 an outsider becomes viewer of the production data project
    gcp_entry(at("2026-10-22 07:48:19"), "halden-data-prod", "cloudresourcemanager.googleapis.com", "SetIamPolicy", "ken.sato@" + DOMAIN,
              "projects/halden-data-prod", PEOPLE["ken"][4], CONSOLE + ",gzip(gfe)",
              extra={"serviceData": {"@type": "type.googleapis.com/google.iam.v1.logging.AuditData", "policyDelta": {"bindingDeltas": [
                  {"action": "ADD", "role": "roles/bigquery.dataViewer", "member": "user:freight.partner@gmail.com"}]}}})

    # 10 somebody tries passwords in staging
    for i in range(12):
        aws(at("2026-10-27 02:10:00") + seconds(i * 31), staging, "signin", "ConsoleLogin",
            {"type": "IAMUser", "accountId": staging, "accessKeyId": "", "userName": "backup-admin"}, False, "203.0.113.181", CONSOLE, None,
            {"ConsoleLogin": "Failure"}, message="Failed authentication", kind="AwsConsoleSignIn", region="us-east-1",
            extra={"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "No"})

    # 11 a script that asks for more than it may
    for i in range(40):
        aws(at("2026-10-06 03:00:00") + seconds(i * 17), prod, "secretsmanager", "GetSecretValue",
            role_identity(prod, "inventory-scan", "inventory"), True, "198.51.100.14", BOTO,
            {"secretId": "tracking/db-%02d" % i}, None, "AccessDenied",
            "User: arn:aws:sts::%s:assumed-role/inventory-scan/inventory is not authorized to perform: secretsmanager:GetSecretValue" % prod)

    # 12 state of production written by a person, outside any run
    audit_hcp(at("2026-10-16 16:22:37"), PEOPLE["amara"][3], "create", "state_version", "sv-HandMade00000001",
              {"workspace_id": WORKSPACES["network-prod"][1], "run_id": None})

    # 15 a newcomer in October
    for i in range(6):
        aws(at("2026-10-12 09:20:00") + minutes(i * 47), prod, "ecs", "DescribeServices", person_identity(prod, "luca", "ReadOnly"), True,
            PEOPLE["luca"][4], CONSOLE, {"cluster": "tracking"}, console=True)

    # 16 an account that no rule maps
    for i in range(9):
        aws(at("2026-10-20 10:00:00") + minutes(i * 61), NEW_ACCOUNT, "s3", "ListBuckets",
            role_identity(NEW_ACCOUNT, "OrganizationAccountAccessRole", "ingrid.solheim@" + DOMAIN), True, PEOPLE["ingrid"][4], CONSOLE)

    # ordinary administration of GitHub, and one weakened protection
    audit_github(at("2026-08-12 08:00:00"), "ingrid", "team.add_member", {"team": "halden-freight/platform", "user": "amara-o"})
    audit_github(at("2026-10-12 08:30:00"), "ingrid", "org.add_member", {"user": "luca-moretti", "permission": "read"})
    audit_github(at("2026-10-14 15:17:00"), "tomasz", "protected_branch.policy_override", {"repo": REPO, "branch": "main"})

    # 5 a day without logs: taken out behind everything else
    day = at("2026-10-21 00:00:00")
    trail[prod] = [(t, r) for t, r in trail[prod] if not day <= t < day + dt.timedelta(days=1)]


# --- state, plans, apply logs -----------------------------------------------------------------------------------------------

def state(workspace, serial, resources):
    return {"version": 4, "terraform_version": "1.9.8", "serial": serial, "lineage": uid("lineage", workspace), "outputs": {},
            "resources": [{"mode": "managed", "type": t, "name": n, "provider": "provider[\"registry.terraform.io/hashicorp/%s\"]" % p,
                           "instances": [{"schema_version": 1, "attributes": a, "sensitive_attributes": []}]}
                          for t, n, p, a in resources], "check_results": None}


def states():
    prod, staging = ACCOUNTS["prod"], ACCOUNTS["staging"]

    network = lambda account, sg, vpc: [
        ("aws_vpc", "main", "aws", {"id": vpc, "arn": "arn:aws:ec2:%s:%s:vpc/%s" % (REGION, account, vpc), "cidr_block": "10.40.0.0/16"}),
        ("aws_security_group", "web", "aws", {"id": sg, "arn": "arn:aws:ec2:%s:%s:security-group/%s" % (REGION, account, sg), "name": "web"}),
        ("aws_route_table", "private", "aws", {"id": "rtb-0f00aa11bb22cc33d",
                                               "arn": "arn:aws:ec2:%s:%s:route-table/rtb-0f00aa11bb22cc33d" % (REGION, account)})]
    tracking = lambda account: [
        ("aws_db_instance", "main", "aws", {"id": "tracking-main", "arn": "arn:aws:rds:%s:%s:db:tracking-main" % (REGION, account),
                                            "engine": "postgres", "password": "not-a-real-password"}),
        ("aws_ecs_service", "api", "aws", {"id": "arn:aws:ecs:%s:%s:service/tracking/api" % (REGION, account), "name": "api"})]
    for month, add in (("2026-08", 0), ("2026-09", 1), ("2026-10", 2)):
        yield "network-prod-%s.tfstate" % month, state("network-prod", 41 + 9 * add, network(prod, "sg-0aa11bb22cc33dd44", "vpc-0a1b2c3d4e5f60001"))
        yield "tracking-prod-%s.tfstate" % month, state("tracking-prod", 44 + 13 * add, tracking(prod))
        yield "network-staging-%s.tfstate" % month, state("network-staging", 41 + 8 * add, network(staging, "sg-0ee55ff66aa77bb88", "vpc-0b1b2c3d4e5f60002"))


def plan():
    return {"format_version": "1.2", "terraform_version": "1.9.8", "timestamp": "2026-10-05T08:11:32Z", "applyable": True, "complete": True,
            "errored": False, "variables": {"git_sha": {"value": sha("dev-pipeline")}, "db_password": {"value": "not-a-real-password"}},
            "planned_values": {"root_module": {}},
            "resource_changes": [
                {"address": "aws_sqs_queue.labels", "mode": "managed", "type": "aws_sqs_queue", "name": "labels",
                 "provider_name": "registry.terraform.io/hashicorp/aws",
                 "change": {"actions": ["create"], "before": None, "after": {"name": "labels"}, "after_unknown": {"id": True}}},
                {"address": "aws_sqs_queue.old", "mode": "managed", "type": "aws_sqs_queue", "name": "old",
                 "provider_name": "registry.terraform.io/hashicorp/aws",
                 "change": {"actions": ["delete"], "before": {"name": "old"}, "after": None, "after_unknown": {}}}],
            "configuration": {"root_module": {}}}


def apply_log():
    t = at("2026-10-05 08:14:02")
    line = lambda i, level, message, **more: dict({"@level": level, "@message": message, "@module": "terraform.ui",
                                                   "@timestamp": z(t + dt.timedelta(seconds=i, microseconds=137000), 6)}, **more)
    res = lambda addr: {"addr": addr, "module": "", "resource": addr, "implied_provider": "aws", "resource_type": addr.split(".")[0],
                        "resource_name": addr.split(".")[1], "resource_key": None}
    yield line(0, "info", "Terraform 1.9.8", terraform="1.9.8", type="version", ui="1.2")
    for i, (addr, action, word, key) in enumerate((("aws_sqs_queue.labels", "create", "Creat", "https://sqs.eu-central-1.amazonaws.com/430000000031/labels"),
                                                   ("aws_sqs_queue.old", "delete", "Destr", None))):
        yield line(1 + i * 3, "info", "%s: %sing..." % (addr, word), type="apply_start", hook={"resource": res(addr), "action": action})
        hook = {"resource": res(addr), "action": action, "elapsed_seconds": 2}
        if key:
            hook.update(id_key="id", id_value=key)
        yield line(3 + i * 3, "info", "%s: complete after 2s" % addr, type="apply_complete", hook=hook)
    yield line(9, "info", "Apply complete! Resources: 1 added, 0 changed, 1 destroyed.", type="change_summary",
               changes={"add": 1, "change": 0, "import": 0, "remove": 1, "operation": "apply"})
    yield line(9, "info", "Outputs: 0", type="outputs", outputs={})


# --- files ----------------------------------------------------------------------------------------------------------------------

def write(path, text):
    full = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def by_month(entries):
    months = {}
    for t, e in sorted(entries, key=lambda x: x[0]):
        months.setdefault(t.strftime("%Y-%m"), []).append(e)
    return sorted(months.items())


def wrapped(key, records, rest=""):
    return "{\"%s\":[\n%s\n]%s}\n" % (key, ",\n".join(dump(r) for r in records), rest)


def write_all():
    for account, entries in sorted(trail.items()):
        for month, records in by_month(entries):
            text = wrapped("Records", records)
            if account == ACCOUNTS["staging"] and month == "2026-09":
                text = break_one(text)
            write("aws-cloudtrail/%s_CloudTrail_%s_%s.json" % (account, REGION, month), text)
    # a second trail delivered some of the same events again (formats-cloud 17)
    again = [r for t, r in sorted(trail[ACCOUNTS["prod"]], key=lambda x: x[0]) if at("2026-09-17 08:00:00") <= t < at("2026-09-17 20:00:00")]
    write("aws-cloudtrail/%s_CloudTrail_second-trail_2026-09-17.json" % ACCOUNTS["prod"], wrapped("Records", again))
    for project, entries in sorted(gcp.items()):
        for month, records in by_month(entries):
            write("gcp-audit/%s_%s.json" % (project, month), "[\n%s\n]\n" % ",\n".join(dump(r) for r in reversed(records)))
    for month, records in by_month(github_audit):
        write("github-audit/audit-log_%s.ndjson" % month, "".join(dump(r) + "\n" for r in records))
    write("github-delivery/pulls.json", "[\n%s\n]\n" % ",\n".join(dump(p) for p in pulls))
    write("github-delivery/reviews.json", "[\n%s\n]\n" % ",\n".join(dump(r) for r in reviews))
    write("github-delivery/workflow-runs.json", wrapped("workflow_runs", workflow_runs).replace("{\"workflow_runs\"", "{\"total_count\":%d,\"workflow_runs\"" % len(workflow_runs), 1))
    for month, records in by_month(hcp_audit):
        write("hcp-terraform/audit-trail_%s.json" % month,
              wrapped("data", list(reversed(records)), ",\"pagination\":{\"current_page\":1,\"prev_page\":null,\"next_page\":null,\"total_pages\":1,\"total_count\":%d}" % len(records)))
    for month, records in by_month(hcp_runs):
        ids = {r["relationships"].get("configuration-version", {}).get("data", {}).get("id") for r in records}
        extra = [i for i in hcp_included if i["id"] in ids]
        ids = {i["relationships"]["ingress-attributes"]["data"]["id"] for i in extra}
        extra += [i for i in hcp_included if i["id"] in ids]
        write("hcp-terraform/runs_%s.json" % month,
              wrapped("data", list(reversed(records)), ",\"included\":[\n%s\n]" % ",\n".join(dump(i) for i in extra)))
    write("git-log/infra.gitlog", "".join("\x1f".join(c[1:]) + "\0" for c in sorted(commits, key=lambda c: c[0], reverse=True)))
    for name, content in states():
        write("terraform-state/" + name, json.dumps(content, indent=2) + "\n")
    write("terraform-plan/dev-queues.plan.json", dump(plan()) + "\n")
    write("terraform-ui-log/dev-queues.apply.log", "Terraform v1.9.8\non linux_amd64\n" + "".join(dump(l) + "\n" for l in apply_log()))


def break_one(text):
    """Planted: one record of the file is damaged (a quote is lost)."""
    lines = text.split("\n")
    i = len(lines) // 2
    lines[i] = lines[i].replace("\"eventName\":\"", "\"eventName\":", 1)
    return "\n".join(lines)


def main():
    ordinary_aws()
    ordinary_gcp()
    ordinary_changes()
    planted_changes()
    for _, change in sorted(schedule, key=lambda job: job[0]):
        change()
    planted()
    write_all()


if __name__ == "__main__":
    main()
