/*
 * gcp_notable: a few words on calls whose parameters decide whether they weaken logging.
 */
#include "gcp.h"
#include "tree.h"

static str sink(const struct gcp_entry *e, const json_t *request)
{
    (void)e;
    return json_truth(json_path(request, "sink", "disabled", NULL)) ? STR("sink disabled")
                                                                    : STR_NONE;
}

static str log_bucket(const struct gcp_entry *e, const json_t *request)
{
    str days = tree_path_text(e->arena, request, "bucket", "retentionDays", NULL);

    return str_empty(days) ? STR_NONE : str_print(e->arena, "retention %.*s days", STR_FMT(days));
}

static str subnetwork(const struct gcp_entry *e, const json_t *request)
{
    const json_t *flow = json_member(request, "enableFlowLogs"),
                 *log = json_path(request, "logConfig", "enable", NULL);

    (void)e;
    return json_is_false(flow) || json_is_false(log) ? STR("flow logs off") : STR_NONE;
}

void gcp_notable(const struct gcp_entry *e, struct event *ev)
{
    static const struct {
        const char *end; /* of the method */
        str (*tell)(const struct gcp_entry *e, const json_t *request);
    } known[] = {
        {"ConfigServiceV2.CreateSink", sink},
        {"ConfigServiceV2.UpdateSink", sink},
        {"ConfigServiceV2.UpdateBucket", log_bucket},
        {"compute.subnetworks.patch", subnetwork},
    };
    struct err err = {0};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        json_t *request;

        if (!str_ends(e->method, str_from(known[i].end)) || e->f[GCP_REQUEST].kind != FIELD_OBJECT)
            continue;
        request = json_parse(e->f[GCP_REQUEST].raw, &err);
        ev->detail = known[i].tell(e, request);
        json_decref(request);
    }
}
