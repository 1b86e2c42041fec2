/*
 * generate: CloudTrail log files for measuring, the same bytes for the same arguments everywhere.
 *
 *   generate --events N [--per-file N] [--seed N] --out DIR       gzip files as CloudTrail delivers
 * them generate --events N [--seed N] --array FILE                   one array in one file, not
 * compressed
 *
 * The mix is that of real buckets: 95 % reads, many accounts, some hundred actors, a few denied
 * calls, two trails delivering the same event now and then, 1.4 kB an event.
 */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/instant.h"

enum {
    ACCOUNTS = 40,
    /* In each account. */
    ACTORS = 60,
    THINGS = 400, /* instances, buckets, groups … */
    ADDRESSES = 150,
    START = 1788220800, /* 2026-09-01T00:00:00Z */
    DAYS = 30,
    KEPT = 64, /* events that may come a second time */
};

struct options {
    uint64_t events, per_file, seed;
    const char *out, *array;
};

struct call {
    const char *service, *name, *request, *response, *resource_type;
};

static const struct call reads[] = {
    {"ec2", "DescribeInstances",
     "{\"instancesSet\":{\"items\":[{\"instanceId\":\"i-0%08x%08x\"}]},\"filterSet\":{}}", "null",
     NULL},
    {"ec2", "DescribeNetworkInterfaces",
     "{\"networkInterfaceIdSet\":{},\"filterSet\":{\"items\":[{\"name\":\"vpc-id\",\"valueSet\":{"
     "\"items\":[{\"value\":\"vpc-%08x%08x\"}]}}]}}",
     "null", NULL},
    {"sts", "AssumeRole",
     "{\"roleArn\":\"arn:aws:iam::210987654321:role/"
     "reader-%x\",\"roleSessionName\":\"session-%x\",\"durationSeconds\":3600}",
     "{\"credentials\":{\"accessKeyId\":\"ASIAEXAMPLEEXAMPLE00\",\"expiration\":\"Sep 1, 2026, "
     "9:00:00 AM\",\"sessionToken\":\"HIDDEN\"}}",
     "AWS::IAM::Role"},
    {"kms", "Decrypt",
     "{\"encryptionContext\":{\"aws:s3:arn\":\"arn:aws:s3:::data-%x/"
     "object-%x\"},\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}",
     "null", "AWS::KMS::Key"},
    {"s3", "GetBucketLocation",
     "{\"bucketName\":\"data-%x-%x\",\"Host\":\"s3.amazonaws.com\",\"location\":\"\"}", "null",
     "AWS::S3::Bucket"},
    {"s3", "ListBuckets", "{\"Host\":\"s3.%x.%x.amazonaws.com\"}", "null", NULL},
    {"logs", "DescribeLogStreams",
     "{\"logGroupName\":\"/aws/lambda/function-%x\",\"logStreamNamePrefix\":\"%x\",\"limit\":50}",
     "null", NULL},
    {"iam", "ListAttachedRolePolicies", "{\"roleName\":\"role-%x-%x\"}", "null", NULL},
    {"ssm", "DescribeInstanceInformation",
     "{\"filters\":[{\"key\":\"InstanceIds\",\"valueSet\":[\"i-0%08x%08x\"]}],\"maxResults\":50}",
     "null", NULL},
    {"dynamodb", "DescribeTable", "{\"tableName\":\"orders-%x-%x\"}", "null",
     "AWS::DynamoDB::Table"},
    {"rds", "DescribeDBInstances",
     "{\"dBInstanceIdentifier\":\"database-%x-%x\",\"maxRecords\":100}", "null", NULL},
    {"ecr", "BatchGetImage",
     "{\"repositoryName\":\"service-%x\",\"imageIds\":[{\"imageTag\":\"build-%x\"}],\"registryId\":"
     "\"210987654321\"}",
     "null", "AWS::ECR::Repository"},
};

static const struct call writes[] = {
    {"ec2", "RunInstances",
     "{\"instancesSet\":{\"items\":[{\"imageId\":\"ami-0%08x\",\"minCount\":1,\"maxCount\":1}]},"
     "\"instanceType\":\"m5.large\",\"subnetId\":\"subnet-%08x\"}",
     "{\"instancesSet\":{\"items\":[{\"instanceId\":\"i-0abc12345678\",\"currentState\":{\"code\":"
     "0,\"name\":\"pending\"}}]}}",
     NULL},
    {"ec2", "AuthorizeSecurityGroupIngress",
     "{\"groupId\":\"sg-%08x\",\"ipPermissions\":{\"items\":[{\"ipProtocol\":\"tcp\",\"fromPort\":"
     "443,\"toPort\":443,\"groups\":{},\"ipRanges\":{\"items\":[{\"cidrIp\":\"10.0.%u.0/"
     "24\"}]}}]}}",
     "{\"_return\":true}", NULL},
    {"iam", "AttachRolePolicy",
     "{\"roleName\":\"role-%x\",\"policyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess-%x\"}",
     "null", NULL},
    {"s3", "PutBucketPolicy",
     "{\"bucketName\":\"data-%x\",\"bucketPolicy\":{\"Version\":\"2012-10-17\",\"Statement\":[{"
     "\"Sid\":\"s%x\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::210987654321:"
     "root\"},\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::data/*\"}]}}",
     "null", "AWS::S3::Bucket"},
    {"lambda", "UpdateFunctionCode20150331v2",
     "{\"functionName\":\"function-%x\",\"s3Bucket\":\"artifacts-%x\",\"dryRun\":false,\"publish\":"
     "false}",
     "{\"runtime\":\"python3.12\",\"codeSize\":12345,\"version\":\"$LATEST\"}", NULL},
    {"rds", "ModifyDBInstance",
     "{\"dBInstanceIdentifier\":\"database-%x\",\"applyImmediately\":true,\"allocatedStorage\":%u}",
     "{\"dBInstanceStatus\":\"available\",\"engine\":\"postgres\"}", NULL},
};

static const char *const regions[] = {"eu-central-1", "eu-west-1", "us-east-1", "us-west-2",
                                      "ap-southeast-1"};
static const char *const agents[] = {
    "aws-sdk-go/1.44.100 (go1.19.2; linux; amd64) amazon-ssm-agent/3.2.582.0",
    "Boto3/1.26.90 Python/3.9.16 Linux/5.10.176-157.645.amzn2.x86_64 exec-env/AWS_Lambda_python3.9 "
    "Botocore/1.29.90",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 (+https://www.terraform.io) "
    "terraform-provider-aws/5.60.0 aws-sdk-go-v2/1.30.1 ua/2.1 os/linux lang/go#1.22.5",
    "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9 "
    "md/prompt#off md/command#ec2.describe-instances",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.217 "
    "OpenJDK_64-Bit_Server_VM/25.402-b08 java/1.8.0_402 vendor/Oracle_Corporation]",
};

#define PICK(list, n) (&(list)[(n) % (sizeof(list) / sizeof((list)[0]))])

struct generator {
    uint64_t state;
    uint64_t done, events;
    struct buf kept[KEPT]; /* earlier events */
};

static uint32_t draw(struct generator *g)
{
    g->state = g->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(g->state >> 32);
}

/* One of the things of an account, as a number that looks like an id. */
static uint32_t thing_of(unsigned account, uint32_t n)
{
    uint64_t h = (account * 100003u + n % THINGS + 1) * UINT64_C(0x9E3779B97F4A7C15);

    return (uint32_t)(h >> 29);
}

/* Formats of the tables take two numbers. */
static void put_filled(struct buf *b, const char *format, uint32_t x, uint32_t y)
{
    uint32_t values[] = {x, y};
    size_t used = 0;

    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            buf_addc(b, *p);
            continue;
        }
        if (strncmp(p, "%08x", 4) == 0) {
            buf_print(b, "%08x", values[used++ % 2]);
            p += 3;
        } else {
            buf_print(b, p[1] == 'u' ? "%u" : "%x", values[used++ % 2] % 200);
            p++;
        }
    }
}

static void put_identity(struct buf *b, struct generator *g, unsigned account, const char *time)
{
    unsigned actor = draw(g) % ACTORS;
    unsigned kind = draw(g) % 100;

    if (kind < 78)
        buf_print(
            b,
            "{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE%04uROLE%03u:session-%u\","
            "\"arn\":\"arn:aws:sts::10000000%04u:assumed-role/app-role-%u/session-%u\","
            "\"accountId\":\"10000000%04u\",\"accessKeyId\":\"ASIAEXAMPLE%04u%05u\","
            "\"sessionContext\":"
            "{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLE%04uROLE%03u\","
            "\"arn\":\"arn:aws:iam::10000000%04u:role/app-role-%u\",\"accountId\":\"10000000%04u\","
            "\"userName\":\"app-role-%u\"},\"webIdFederationData\":{},\"attributes\":{"
            "\"creationDate\":"
            "\"%s\",\"mfaAuthenticated\":\"%s\"}}}",
            account, actor, actor, account, actor, actor, account, account, actor, account, actor,
            account, actor, account, actor, time, kind < 10 ? "true" : "false");
    else if (kind < 92)
        buf_print(b,
                  "{\"type\":\"IAMUser\",\"principalId\":\"AIDAEXAMPLE%04uUSER%03u\",\"arn\":"
                  "\"arn:aws:iam::10000000%04u:user/"
                  "user.%u\",\"accountId\":\"10000000%04u\",\"accessKeyId\":"
                  "\"AKIAEXAMPLE%04u%05u\",\"userName\":\"user.%u\"}",
                  account, actor, account, actor, account, account, actor, actor);
    else
        buf_print(b, "{\"type\":\"AWSService\",\"invokedBy\":\"%s.amazonaws.com\"}",
                  kind & 1 ? "autoscaling" : "config");
}

/* Two UUIDs: of the request and of the event. */
static void put_ids(struct buf *b, struct generator *g)
{
    static const char *const names[] = {"requestID", "eventID"};

    for (int i = 0; i < 2; i++) {
        uint32_t w[4];

        for (int k = 0; k < 4; k++)
            w[k] = draw(g);
        buf_print(b, "\"%s\":\"%08x-%04x-4%03x-a%03x-%08x%04x\",", names[i], w[0], w[1] >> 16,
                  w[1] & 0xfff, w[2] >> 20, w[3], w[2] & 0xffff);
    }
}

static void put_event(struct buf *b, struct generator *g, unsigned account, const char *region)
{
    /* One draw a statement: in an argument list the order is the compiler's. */
    bool is_write = draw(g) % 100 < 5;
    bool is_denied = draw(g) % 70 == 0;
    uint32_t pick = draw(g);
    uint32_t x = thing_of(account, draw(g));
    uint32_t y = x * 2654435761u;
    uint32_t address = draw(g) % ADDRESSES;
    const struct call *c = is_write ? PICK(writes, pick) : PICK(reads, pick);
    struct instant when = {.sec = START + (int64_t)(g->done * (DAYS * 86400) / g->events),
                           .is_set = true};
    char time[40];

    time[instant_print(when, time)] = '\0';
    buf_addz(b, "{\"eventVersion\":\"1.09\",\"userIdentity\":");
    put_identity(b, g, account, time);
    buf_print(b,
              ",\"eventTime\":\"%s\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\","
              "\"awsRegion\":\"%s\",\"sourceIPAddress\":\"10.%u.%u.%u\",\"userAgent\":\"%s\",",
              time, c->service, c->name, region, account, address / 50, 10 + address % 50,
              *PICK(agents, pick >> 8));
    if (is_denied)
        buf_print(
            b,
            "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User is not authorized to perform: "
            "%s:%s because no identity-based policy allows it\",",
            c->service, c->name);
    buf_addz(b, "\"requestParameters\":");
    put_filled(b, c->request, x, y);
    buf_print(b,
              ",\"responseElements\":%s,\"additionalEventData\":{\"vpcEndpointId\":\"vpce-%08x\"},",
              is_denied ? "null" : c->response, account);
    put_ids(b, g);
    if (c->resource_type)
        buf_print(b,
                  "\"resources\":[{\"accountId\":\"10000000%04u\",\"type\":\"%s\",\"ARN\":"
                  "\"arn:aws:%s:eu-central-1:10000000%04u:thing/%u\"}],",
                  account, c->resource_type, c->service, account, x % THINGS);
    buf_print(
        b,
        "\"readOnly\":%s,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,"
        "\"recipientAccountId\":\"10000000%04u\",\"eventCategory\":\"Management\","
        "\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\","
        "\"clientProvidedHostHeader\":\"%s.%s.amazonaws.com\"}}",
        is_write ? "false" : "true", account, c->service, region);
}

/* The next event, or in two of a thousand cases an earlier one again. */
static void put_next(struct buf *b, struct generator *g, unsigned account, const char *region)
{
    struct buf *kept = &g->kept[draw(g) % KEPT];
    size_t from = b->len;

    if (draw(g) % 500 == 0 && kept->len) {
        buf_add(b, buf_str(kept));
    } else {
        put_event(b, g, account, region);
        if (draw(g) % 50 == 0) {
            buf_clear(kept);
            buf_add(kept, (str){b->ptr + from, b->len - from});
        }
    }
    g->done++;
}

static void die(const char *what)
{
    fprintf(stderr, "generate: %s\n", what);
    exit(1);
}

static void write_gzip(const char *path, str text, struct libdeflate_compressor *z,
                       struct buf *packed)
{
    struct err err = {0};

    buf_clear(packed);
    buf_reserve(packed, libdeflate_gzip_compress_bound(z, text.len));
    packed->len = libdeflate_gzip_compress(z, text.ptr, text.len, packed->ptr, packed->cap);
    if (!packed->len || !file_write(path, buf_str(packed), &err))
        die(err.text);
}

static void write_files(const struct options *o, struct generator *g)
{
    struct libdeflate_compressor *z = libdeflate_alloc_compressor(6);
    struct buf text = {0}, packed = {0};
    struct err err = {0};
    char path[512];

    if (!dir_make(o->out, &err))
        die(err.text);
    for (uint64_t file = 0; g->done < g->events; file++) {
        unsigned account = draw(g) % ACCOUNTS;
        const char *region = *PICK(regions, draw(g));

        buf_clear(&text);
        buf_addz(&text, "{\"Records\":[");
        for (uint64_t i = 0; i < o->per_file && g->done < g->events; i++) {
            if (i)
                buf_addc(&text, ',');
            put_next(&text, g, account, region);
        }
        buf_addz(&text, "]}");
        snprintf(path, sizeof path, "%s/%07llu_10000000%04u_CloudTrail_%s.json.gz", o->out,
                 (unsigned long long)file, account, region);
        write_gzip(path, buf_str(&text), z, &packed);
    }
    buf_free(&text);
    buf_free(&packed);
    libdeflate_free_compressor(z);
}

static void write_array(const struct options *o, struct generator *g)
{
    FILE *f = fopen(o->array, "wb");
    struct buf text = {0};

    if (!f)
        die("cannot open the file");
    fputc('[', f);
    while (g->done < g->events) {
        unsigned account = draw(g) % ACCOUNTS;
        const char *region = *PICK(regions, draw(g));

        buf_clear(&text);
        if (g->done)
            buf_addz(&text, ",\n");
        put_next(&text, g, account, region);
        if (fwrite(text.ptr, 1, text.len, f) != text.len)
            die("cannot write");
    }
    fputs("]\n", f);
    if (fclose(f) != 0)
        die("cannot write");
    buf_free(&text);
}

int main(int argc, char **argv)
{
    struct options o = {.events = 10000, .per_file = 550, .seed = 1};
    struct generator g = {0};

    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];

        if (strcmp(name, "--events") == 0)
            o.events = strtoull(value, NULL, 10);
        else if (strcmp(name, "--per-file") == 0)
            o.per_file = strtoull(value, NULL, 10);
        else if (strcmp(name, "--seed") == 0)
            o.seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "--out") == 0)
            o.out = value;
        else if (strcmp(name, "--array") == 0)
            o.array = value;
        else
            die("unknown option");
    }
    if ((!o.out && !o.array) || !o.events || !o.per_file)
        die("usage: generate --events N [--per-file N] [--seed N] (--out DIR | --array FILE)");
    g.state = o.seed * 0x9E3779B97F4A7C15u;
    g.events = o.events;
    if (o.out)
        write_files(&o, &g);
    else
        write_array(&o, &g);
    for (int i = 0; i < KEPT; i++)
        buf_free(&g.kept[i]);
    return 0;
}
