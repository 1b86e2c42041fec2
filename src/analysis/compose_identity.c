/*
 * compose_identity: what a report is, as fields of the model and as figures for its texts.
 *
 * The number of a report is made from everything that decides what stands in it, and from nothing
 * else: the same question to the same data has the same number, whenever it is asked.
 */
#include "analysis/compose.h"

#include "base/digest.h"

/* --- names ------------------------------------------------------------------------------------ */

static str environment_title(const struct composer *c)
{
    for (const struct environment *e = c->cfg->environments; e; e = e->next)
        if (str_eq(e->name, c->scope.environment) && e->title.len > 0)
            return e->title;
    if (c->scope.environment.len == 0)
        return STR("All environments");
    return str_print(c->a, "Environment %.*s", STR_FMT(c->scope.environment));
}

/* "SOC 2 · ISO/IEC 27001:2022 Annex A · PCI DSS v4.0.1" */
static str frameworks_text(const struct composer *c)
{
    str all = STR_NONE;

    for (const struct framework *f = c->catalogue->frameworks; f; f = f->next) {
        size_t dash = str_find(f->title, STR(" — "));

        if (framework_chosen(c, f))
            all = str_join(c->a, all, STR(" · "),
                           dash == SIZE_MAX ? f->title : str_part(f->title, 0, dash));
    }
    return all;
}

/* A framework that is asked for and does not exist must not become an empty section. */
static bool check_frameworks(struct composer *c)
{
    for (str rest = c->frameworks; rest.len > 0;) {
        str name = str_cut(&rest, ' ');
        bool is_there = name.len == 0;

        for (const struct framework *f = c->catalogue->frameworks; f && !is_there; f = f->next)
            is_there = str_eq(f->name, name);
        if (!is_there)
            return err_set(c->err, ERR_USAGE, "no framework '%.*s' in report/frameworks",
                           STR_FMT(name));
    }
    return true;
}

/* The filter in words: "actor alice*, outcome denied"; absent without one. */
static str filter_text(const struct composer *c)
{
    const struct request_filter *f = &c->req->filter;
    const struct {
        const char *name;
        str value;
    } parts[] = {
        {"source", f->source}, {"actor", f->actor},       {"action", f->action},
        {"verb", f->verb},     {"resource", f->resource}, {"outcome", f->outcome},
        {"change", f->change}, {"ticket", f->ticket},     {"text", f->text},
    };
    str all = STR_NONE;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value.len > 0)
            all = str_join(c->a, all, STR(", "),
                           str_print(c->a, "%s '%.*s'", parts[i].name, STR_FMT(parts[i].value)));
    return all;
}

static str report_id(struct composer *c, str prefix)
{
    struct sha256_run *run = sha256_begin();
    str environment = str_or(c->scope.environment, STR("all"));
    struct sha256 sum;
    const str parts[] = {
        c->req->kind,
        environment,
        period_text(c->scope.period, c->a),
        c->report->dataset_sha256,
        c->cfg->sha256,
        c->catalogue->version,
        c->frameworks,
        filter_text(c),
    };
    char *upper = str_z(c->a, environment);

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sha256_more(run, parts[i]);
        sha256_more(run, STR("\n"));
    }
    sum = sha256_end(run);
    for (char *p = upper; *p; p++)
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    return str_print(c->a, "%.*s-%.*s-%s-%.*s", STR_FMT(prefix), STR_FMT(c->scope.period->label),
                     upper, STR_FMT(str_part(sha256_hex(&sum, c->a), 0, 6)));
}

/* --- the record ------------------------------------------------------------------------------- */

static bool load_dataset(struct composer *c)
{
    const struct period *p = c->scope.period;
    struct sha256 sum;
    uint64_t events = 0;

    if (!store_dataset_digest(c->st, KEY_OF_SECONDS(p->from), KEY_OF_SECONDS(p->until),
                              c->scope.environment, &sum, &events, c->err))
        return false;
    c->report->dataset_sha256 = sha256_hex(&sum, c->a);
    figure_text(&c->figures, c->a, STR("dataset"), c->report->dataset_sha256);
    figure_count(&c->figures, c->a, STR("dataset_events"), (int64_t)events);
    return true;
}

static void fill_report(struct composer *c, str prefix)
{
    struct report *r = c->report;
    const struct period *p = c->scope.period;

    r->kind = c->req->kind;
    r->organization = c->cfg->organization;
    r->prepared_for = str_or(c->cfg->prepared_for, c->cfg->organization);
    r->classification = c->cfg->classification;
    r->environment = c->scope.environment;
    r->frameworks = frameworks_text(c);
    r->period = period_text(p, c->a);
    r->period_from = instant_text((struct instant){.sec = p->from, .is_set = true}, c->a);
    r->period_until = instant_text((struct instant){.sec = p->until, .is_set = true}, c->a);
    r->generated = c->req->generated;
    r->generated_sec = c->req->generated_sec;
    r->program = c->req->program;
    r->state = p->until > c->req->generated_sec ? STR("DRAFT") : STR("UNSIGNED");
    r->id = report_id(c, prefix);
}

static void identity_figures(struct composer *c)
{
    const struct report *r = c->report;
    const struct {
        const char *name;
        str value;
    } texts[] = {
        {"report_id", r->id},
        {"kind", r->kind},
        {"organization", r->organization},
        {"prepared_for", r->prepared_for},
        {"environment", str_or(r->environment, STR("all environments"))},
        {"environment_title", environment_title(c)},
        {"frameworks", r->frameworks},
        {"period", c->scope.period->title},
        {"period_text", r->period},
        {"zone", c->scope.period->zone ? zone_name(c->scope.period->zone) : STR("UTC")},
        {"generated", r->generated},
        {"program", r->program},
        {"state", r->state},
        {"catalogue", c->catalogue->version},
        {"command", c->req->command},
        {"filter", filter_text(c)},
        {"config", str_or(c->cfg->path, STR("built-in defaults"))},
        {"config_sha256", c->cfg->sha256},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        figure_text(&c->figures, c->a, str_from(texts[i].name), texts[i].value);
}

/* --- results as figures ----------------------------------------------------------------------- */

void result_figures(const struct query_result *results, struct figures *into, struct arena *a)
{
    static const char *const severities[SEVERITY_COUNT] = {"info", "low", "medium", "high",
                                                           "critical"};
    static const char *const outcomes[RESULT_COUNT] = {"q_clear", "q_exceptions", "q_no_population",
                                                       "q_not_tested", "q_partial"};
    struct result_counts n = results_count(results, STR_NONE);

    /* no number where nothing was answered: it would look like a clean result */
    if (n.of_result[RESULT_EXCEPTIONS] + n.of_result[RESULT_NO_EXCEPTIONS] > 0)
        figure_count(into, a, STR("exceptions"), n.exceptions);
    else
        figure_add(into, a, STR("exceptions"), COLUMN_COUNT, &(struct value){0});
    figure_count(into, a, STR("queries"), n.queries);
    figure_count(into, a, STR("lists"), n.lists);
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        figure_count(into, a, str_from(severities[i]), n.of_severity[i]);
    for (size_t i = 0; i < RESULT_COUNT; i++)
        figure_count(into, a, str_from(outcomes[i]), n.of_result[i]);
    figure_count(into, a, STR("q_open"),
                 n.of_result[RESULT_NOT_TESTED] + n.of_result[RESULT_PARTIAL]);
    figure_count(into, a, STR("q_limited"), n.limited);
    figure_count(into, a, STR("q_limited_exceptions"), n.limited_exceptions);
    figure_count(into, a, STR("q_limited_partial"), n.of_result[RESULT_PARTIAL]);
}

/* Hours of coverage are those of UTC. */
static void zone_figure(struct composer *c)
{
    const struct period *p = c->scope.period;
    int32_t offset = p->zone ? zone_offset(p->zone, p->from) : 0;

    figure_count(&c->figures, c->a, STR("is_hour_split"), offset % 3600 != 0);
}

static bool set_figures(struct composer *c, json_t *definition)
{
    const json_t *list = json_member(definition, "figures");
    size_t i;
    json_t *id;

    json_array_foreach (list, i, id) {
        const struct query *set = catalogue_find_set(c->catalogue, json_text(id, c->a));

        if (!set)
            return err_set(c->err, ERR_USAGE, "figures: no set '%.*s' in report/sets",
                           STR_FMT(json_text(id, c->a)));
        if (!compose_set_figures(c, set, &c->scope, &c->figures))
            return err_wrap(c->err, "figures");
    }
    return true;
}

bool compose_identity(struct composer *c, json_t *definition)
{
    c->frameworks = str_or(c->req->frameworks, c->cfg->frameworks);
    if (!check_frameworks(c) || !load_dataset(c))
        return false;
    fill_report(c, str_or(str_copy(c->a, json_get_text(definition, "id", c->a)), STR("APR")));
    identity_figures(c);
    result_figures(c->results, &c->figures, c->a);
    zone_figure(c);
    if (!set_figures(c, definition))
        return false;
    return compose_completeness(c);
}
