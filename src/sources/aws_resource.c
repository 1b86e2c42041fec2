/*
 * aws_resource: what a call was made on. No field of the record says so uniformly
 * (formats-cloud 3.4): `resources` where the service fills it, else for a creation the id in the
 * response, else the best known key of the request.
 *
 * What exports get wrong: `resources` of STS names the caller's own role, `ARN` is sometimes spelt
 * `arn` or holds no ARN, EC2 lists are objects {"items":[...]} (older: "item"), newer EC2 calls
 * nest everything in "<Name>Request" in capitals.
 */
#include "aws.h"

struct known_key {
    str key;
    str type; /* in the words of `resources` */
};

/* clang-format off */
#define K(key, type) {{key, sizeof(key) - 1}, {type, sizeof(type) - 1}}
/* clang-format on */

/* Best first, where the call's name does not decide: keys that name the act's object stand before
 * keys that name what it is part of. The first letter is compared without case. */
static const struct known_key request_keys[] = {
    K("instanceId", "AWS::EC2::Instance"),
    K("instancesSet", "AWS::EC2::Instance"),
    K("instanceIds", "AWS::EC2::Instance"),
    K("bucketName", "AWS::S3::Bucket"),
    K("userName", "AWS::IAM::User"),
    K("roleName", "AWS::IAM::Role"),
    K("groupName", ""),
    K("groupId", ""),
    K("policyArn", "AWS::IAM::Policy"),
    K("policyName", "AWS::IAM::Policy"),
    K("roleArn", "AWS::IAM::Role"),
    K("functionName", "AWS::Lambda::Function"),
    K("dBInstanceIdentifier", "AWS::RDS::DBInstance"),
    K("dBClusterIdentifier", "AWS::RDS::DBCluster"),
    K("dBSnapshotIdentifier", "AWS::RDS::DBSnapshot"),
    K("dBClusterSnapshotIdentifier", "AWS::RDS::DBClusterSnapshot"),
    K("networkAclId", "AWS::EC2::NetworkAcl"),
    K("routeTableId", "AWS::EC2::RouteTable"),
    K("subnetId", "AWS::EC2::Subnet"),
    K("internetGatewayId", "AWS::EC2::InternetGateway"),
    K("natGatewayId", "AWS::EC2::NatGateway"),
    K("volumeId", "AWS::EC2::Volume"),
    K("snapshotId", "AWS::EC2::Snapshot"),
    K("imageId", "AWS::EC2::Image"),
    K("networkInterfaceId", "AWS::EC2::NetworkInterface"),
    K("allocationId", "AWS::EC2::EIP"),
    K("keyName", "AWS::EC2::KeyPair"),
    K("launchTemplateId", "AWS::EC2::LaunchTemplate"),
    K("autoScalingGroupName", "AWS::AutoScaling::AutoScalingGroup"),
    K("loadBalancerArn", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
    K("loadBalancerName", "AWS::ElasticLoadBalancing::LoadBalancer"),
    K("targetGroupArn", "AWS::ElasticLoadBalancingV2::TargetGroup"),
    K("listenerArn", "AWS::ElasticLoadBalancingV2::Listener"),
    K("vpcEndpointId", "AWS::EC2::VPCEndpoint"),
    K("vpcPeeringConnectionId", "AWS::EC2::VPCPeeringConnection"),
    K("transitGatewayId", "AWS::EC2::TransitGateway"),
    K("customerGatewayId", "AWS::EC2::CustomerGateway"),
    K("flowLogId", "AWS::EC2::FlowLog"),
    K("vpcId", "AWS::EC2::VPC"),
    K("trailName", "AWS::CloudTrail::Trail"),
    K("trailARN", "AWS::CloudTrail::Trail"),
    K("secretId", "AWS::SecretsManager::Secret"),
    K("keyId", "AWS::KMS::Key"),
    K("stackName", "AWS::CloudFormation::Stack"),
    K("clusterName", ""),
    K("service", "AWS::ECS::Service"),
    K("family", "AWS::ECS::TaskDefinition"),
    K("cluster", "AWS::ECS::Cluster"),
    K("tableName", "AWS::DynamoDB::Table"),
    K("topicArn", "AWS::SNS::Topic"),
    K("queueUrl", "AWS::SQS::Queue"),
    K("logGroupName", "AWS::Logs::LogGroup"),
    K("restApiId", "AWS::ApiGateway::RestApi"),
    K("hostedZoneId", "AWS::Route53::HostedZone"),
    K("distributionId", "AWS::CloudFront::Distribution"),
    K("certificateArn", "AWS::CertificateManager::Certificate"),
    K("repositoryName", "AWS::ECR::Repository"),
    K("permissionSetArn", "AWS::SSO::PermissionSet"),
    K("configurationRecorderName", "AWS::Config::ConfigurationRecorder"),
    K("detectorId", "AWS::GuardDuty::Detector"),
    K("instanceProfileName", "AWS::IAM::InstanceProfile"),
    K("accessKeyId", "AWS::IAM::AccessKey"),
    K("serialNumber", "AWS::IAM::MFADevice"),
    K("resourceArn", ""),
    K("resourceARN", ""),
    K("resourceId", ""),
    K("resourcesSet", ""),
    K("sessionId", "AWS::SSM::Session"),
    K("target", ""),
    K("documentName", "AWS::SSM::Document"),
    K("name", ""),
    K("arn", ""),
    K("id", ""),
};

/* What a creation answers: the object's own id, at the top or further down ({"vpc":{"vpcId":...}}).
 * Parents come last. */
static const struct known_key response_keys[] = {
    K("arn", ""),
    K("functionArn", "AWS::Lambda::Function"),
    K("instancesSet", "AWS::EC2::Instance"),
    K("natGatewayId", "AWS::EC2::NatGateway"),
    K("vpcEndpointId", "AWS::EC2::VPCEndpoint"),
    K("flowLogId", "AWS::EC2::FlowLog"),
    K("networkInterfaceId", "AWS::EC2::NetworkInterface"),
    K("snapshotId", "AWS::EC2::Snapshot"),
    K("volumeId", "AWS::EC2::Volume"),
    K("imageId", "AWS::EC2::Image"),
    K("allocationId", "AWS::EC2::EIP"),
    K("launchTemplateId", "AWS::EC2::LaunchTemplate"),
    K("keyPairId", "AWS::EC2::KeyPair"),
    K("internetGatewayId", "AWS::EC2::InternetGateway"),
    K("transitGatewayId", "AWS::EC2::TransitGateway"),
    K("customerGatewayId", "AWS::EC2::CustomerGateway"),
    K("vpcPeeringConnectionId", "AWS::EC2::VPCPeeringConnection"),
    K("networkAclId", "AWS::EC2::NetworkAcl"),
    K("routeTableId", "AWS::EC2::RouteTable"),
    K("groupId", "AWS::EC2::SecurityGroup"),
    K("dBInstanceArn", "AWS::RDS::DBInstance"),
    K("dBClusterArn", "AWS::RDS::DBCluster"),
    K("stackId", "AWS::CloudFormation::Stack"),
    K("topicArn", "AWS::SNS::Topic"),
    K("queueUrl", "AWS::SQS::Queue"),
    K("trailARN", "AWS::CloudTrail::Trail"),
    K("keyId", "AWS::KMS::Key"),
    K("repositoryArn", "AWS::ECR::Repository"),
    K("taskDefinitionArn", "AWS::ECS::TaskDefinition"),
    K("serviceArn", "AWS::ECS::Service"),
    K("clusterArn", "AWS::ECS::Cluster"),
    K("tableArn", "AWS::DynamoDB::Table"),
    K("accessKeyId", "AWS::IAM::AccessKey"),
    K("serialNumber", "AWS::IAM::MFADevice"),
    K("subnetId", "AWS::EC2::Subnet"),
    K("vpcId", "AWS::EC2::VPC"),
};

enum {
    REQUEST_KEYS = sizeof request_keys / sizeof *request_keys,
    RESPONSE_KEYS = sizeof response_keys / sizeof *response_keys,
};

struct found {
    size_t index; /* in the table */
    size_t rank;  /* the lower the better; FOUND_NONE: nothing */
    struct field value;
};

enum { FOUND_NONE = 1 << 16, NOT_IN_NAME = 1 << 8 };

static size_t index_of(const struct known_key *keys, size_t nkeys, str key)
{
    size_t i = 0;

    while (i < nkeys &&
           !(keys[i].key.len == key.len && (keys[i].key.ptr[0] | 32) == (key.ptr[0] | 32) &&
             memcmp(keys[i].key.ptr + 1, key.ptr + 1, key.len - 1) == 0))
        i++;
    return i;
}

/* "volumeId" in "AttachVolume": the call's own name tells which of several ids it is about. */
static bool is_in_name(str key, str name)
{
    static const char *const ends[] = {"Identifier", "Name", "Set", "Url",
                                       "Arn",        "ARN",  "Ids", "Id"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        str end = str_from(ends[i]);

        if (str_ends(key, end))
            return key.len > end.len &&
                   str_contains_nocase(name, str_part(key, 0, key.len - end.len));
    }
    return str_eq(key, STR("service")) && str_contains(name, STR("Service"));
}

static bool is_empty_value(struct field v)
{
    return v.kind == FIELD_ABSENT || v.kind == FIELD_NULL || v.kind == FIELD_FALSE ||
           v.kind == FIELD_TRUE || v.raw.len == 0 || str_eq(v.raw, STR("{}")) ||
           str_eq(v.raw, STR("[]"));
}

static void best_member(str name, str object, const struct known_key *keys, size_t nkeys,
                        struct found *best)
{
    struct field key, value;

    for (size_t at = 0; best->rank && fields_next_member(object, &at, &key, &value);) {
        size_t index, rank;
        bool is_own;

        if (key.is_escaped || key.raw.len == 0 || is_empty_value(value))
            continue;
        index = index_of(keys, nkeys, key.raw);
        if (index == nkeys)
            continue;
        is_own =
            is_in_name(key.raw, name) || (keys == response_keys && str_eq(key.raw, STR("arn")));
        rank = is_own ? index : index + NOT_IN_NAME;
        if (rank < best->rank)
            *best = (struct found){index, rank, value};
    }
}

/* The best known key at the top, else further down: in a response, and in EC2's
 * {"CreateFlowLogsRequest":{...}}. */
static struct found best_of(str name, struct field object, const struct known_key *keys,
                            size_t nkeys, int depth)
{
    struct found best = {.rank = FOUND_NONE};
    struct field key, value;

    if (object.kind != FIELD_OBJECT)
        return best;
    best_member(name, object.raw, keys, nkeys, &best);
    for (size_t at = 0;
         depth && best.rank == FOUND_NONE && fields_next_member(object.raw, &at, &key, &value);)
        if (value.kind == FIELD_OBJECT &&
            (keys == response_keys || str_ends(key.raw, STR("Request"))))
            best = best_of(name, value, keys, nkeys, depth - 1);
    return best;
}

/* The primary resource first, then the others, none twice. */
static void add(const struct aws_call *c, struct event *ev, str id, str type)
{
    struct resource_ref **tail = &ev->more_resources;

    if (str_empty(id) || str_eq(id, ev->resource))
        return;
    if (str_empty(ev->resource)) {
        ev->resource = id;
        ev->resource_type = type;
        return;
    }
    for (; *tail; tail = &(*tail)->next)
        if (str_eq((*tail)->id, id))
            return;
    *tail = arena_new(c->arena, struct resource_ref, 1);
    (*tail)->id = id;
    (*tail)->type = type;
}

/* The id in an element of a list: {"instanceId":"i-1",...}. A request to run instances has elements
 * without one. */
static struct field id_of(struct field element)
{
    static const char *const ids[] = {"instanceId", "resourceId", "spotInstanceRequestId"};
    struct field found = element;

    if (element.kind != FIELD_OBJECT)
        return element;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        found = field_member(element, str_from(ids[i]));
        if (found.kind != FIELD_ABSENT)
            break;
    }
    return found;
}

/* A scalar, a list of them, EC2's {"items":[{"instanceId":...}]} or its {"tag":1,"content":...}.
 * Long lists are cut: a call on thousands of keys is still one act, and the record itself is kept.
 */
static void add_value(const struct aws_call *c, struct event *ev, struct field v, str type)
{
    enum { MOST = 100 };
    struct field each;
    size_t count = 0;

    if (v.kind == FIELD_OBJECT) {
        struct field items = field_member(v, STR("items"));

        if (items.kind == FIELD_ABSENT)
            items = field_member(v, STR("item"));
        v = items.kind == FIELD_ABSENT ? field_member(v, STR("content")) : items;
    }
    if (v.kind == FIELD_STRING || v.kind == FIELD_NUMBER)
        add(c, ev, field_text(v, c->arena), type);
    if (v.kind != FIELD_ARRAY)
        return;
    for (size_t at = 0; count < MOST && fields_next_element(v.raw, &at, &each); count++) {
        each = id_of(each);
        if (each.kind == FIELD_STRING)
            add(c, ev, field_text(each, c->arena), type);
    }
}

static str type_of_group(str service, str id)
{
    if (str_starts(id, STR("sg-")) || str_eq(service, STR("ec2.amazonaws.com")))
        return STR("AWS::EC2::SecurityGroup");
    return str_eq(service, STR("iam.amazonaws.com")) ? STR("AWS::IAM::Group") : STR_NONE;
}

/* Types that the key alone does not tell. */
static str type_of(const struct aws_call *c, const struct known_key *k, struct field value)
{
    static const struct known_key by_service[] = {
        K("cloudtrail.amazonaws.com", "AWS::CloudTrail::Trail"),
        K("eks.amazonaws.com", "AWS::EKS::Cluster"),
        K("ssm.amazonaws.com", "AWS::SSM::Parameter"),
        K("secretsmanager.amazonaws.com", "AWS::SecretsManager::Secret"),
        K("ecs.amazonaws.com", "AWS::ECS::Cluster"),
        K("sns.amazonaws.com", "AWS::SNS::Topic"),
    };
    size_t i;

    if (k->type.len)
        return k->type;
    if (str_starts(k->key, STR("group")))
        return type_of_group(c->service, value.raw);
    if ((!str_eq(k->key, STR("name")) && !str_eq(k->key, STR("clusterName"))) ||
        str_empty(c->service))
        return STR_NONE;
    i = index_of(by_service, sizeof by_service / sizeof *by_service, c->service);
    return i < sizeof by_service / sizeof *by_service ? by_service[i].type : STR_NONE;
}

/* [{"ARN":..., "accountId":..., "type":...}], the wrapper's [{"ResourceType":...,
 * "ResourceName":...}] */
static void from_list(const struct aws_call *c, struct event *ev, struct field list, bool is_lookup)
{
    str caller = aws_text(c, AWS_ISSUER_ARN), prefix = STR_NONE, prefix_type = STR_NONE,
        own = STR_NONE, own_type = STR_NONE;
    struct field each, key, value;

    if (list.kind != FIELD_ARRAY)
        return;
    for (size_t at = 0; fields_next_element(list.raw, &at, &each);) {
        str id = STR_NONE, type = STR_NONE, start = STR_NONE;

        if (each.kind != FIELD_OBJECT)
            continue;
        for (size_t in = 0; fields_next_member(each.raw, &in, &key, &value);) {
            if (str_eq_nocase(key.raw, STR("arn")) ||
                (is_lookup && str_eq(key.raw, STR("ResourceName"))))
                id = field_text(value, c->arena);
            else if (str_eq(key.raw, STR("type")) ||
                     (is_lookup && str_eq(key.raw, STR("ResourceType"))))
                type = field_text(value, c->arena);
            else if (str_eq(key.raw, STR("ARNPrefix")))
                start = field_text(value, c->arena);
        }
        if (!str_empty(id) && str_eq(id, caller)) {
            own = id;
            own_type = type;
        } else if (!str_empty(id)) {
            add(c, ev, id, type);
        } else if (str_empty(prefix)) {
            prefix = start;
            prefix_type = type;
        }
    }
    if (str_empty(ev->resource))
        add(c, ev, str_or(own, prefix), str_empty(own) ? prefix_type : own_type);
}

/* Relations name two parties: AttachRolePolicy, AddUserToGroup, AssociateRouteTable. */
static bool is_relation(str name)
{
    return str_starts(name, STR("Attach")) || str_starts(name, STR("Detach")) ||
           str_starts(name, STR("Associate")) || str_starts(name, STR("Disassociate")) ||
           str_starts(name, STR("Add")) || str_starts(name, STR("Remove"));
}

static void add_bucket(const struct aws_call *c, struct event *ev, str bucket)
{
    str object = field_text(field_member(c->f[AWS_REQUEST], STR("key")), c->arena);

    add(c, ev, str_join(c->arena, bucket, STR("/"), object),
        str_empty(object) ? STR("AWS::S3::Bucket") : STR("AWS::S3::Object"));
}

static void add_other_party(const struct aws_call *c, struct event *ev)
{
    struct field key, value;

    if (c->f[AWS_REQUEST].kind != FIELD_OBJECT)
        return;
    for (size_t at = 0; fields_next_member(c->f[AWS_REQUEST].raw, &at, &key, &value);) {
        size_t index = REQUEST_KEYS;

        if (!key.is_escaped && key.raw.len && !is_empty_value(value))
            index = index_of(request_keys, REQUEST_KEYS, key.raw);
        if (index < REQUEST_KEYS)
            add_value(c, ev, value, type_of(c, &request_keys[index], value));
    }
}

/* A creation is of what the response names; the name asked for is kept beside it when both speak of
 * the same thing (the role's name and its ARN), not the network or volume that the new thing is
 * made in. */
static void from_call(const struct aws_call *c, struct event *ev, bool is_creation)
{
    struct found asked = best_of(c->name, c->f[AWS_REQUEST], request_keys, REQUEST_KEYS, 1),
                 made = {.rank = FOUND_NONE};
    bool is_iam = str_eq(c->service, STR("iam.amazonaws.com"));
    str asked_type =
        asked.rank == FOUND_NONE ? STR_NONE : type_of(c, &request_keys[asked.index], asked.value);

    if (is_creation)
        made = best_of(c->name, c->f[AWS_RESPONSE], response_keys, RESPONSE_KEYS, 3);
    if (made.rank != FOUND_NONE) {
        str type = str_or(response_keys[made.index].type, asked_type);

        add_value(c, ev, made.value, type);
        if (!str_eq(type, asked_type) && !is_iam)
            return;
    }
    if (asked.rank == FOUND_NONE)
        return;
    if (str_eq(request_keys[asked.index].key, STR("bucketName")))
        add_bucket(c, ev, field_text(asked.value, c->arena));
    else
        add_value(c, ev, asked.value, asked_type);
    if (is_iam || is_relation(c->name))
        add_other_party(c, ev);
}

void aws_resources(const struct aws_call *c, struct event *ev)
{
    from_list(c, ev, c->f[AWS_RESOURCES], false);
    if (str_empty(ev->resource))
        from_call(c, ev, ev->verb == VERB_CREATE || ev->verb == VERB_GRANT);
    from_list(c, ev, c->f[AWS_LOOKUP_RESOURCES], true);
}
