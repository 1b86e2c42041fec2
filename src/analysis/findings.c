/*
 * findings: findings.json, the results of a report for machines. The order is that of the report;
 * members keep their order; numbers are numbers and times are RFC 3339, so that nothing has to be
 * parsed out of a sentence.
 */
#include "analysis/analysis.h"

#include "base/buf.h"
#include "base/instant.h"

const char *query_result_name(const struct query_result *r)
{
    return r->query->kind == QUERY_POPULATION && r->result == RESULT_NO_EXCEPTIONS
               ? "listed"
               : result_name(r->result);
}

static void put_text(struct buf *b, const char *name, str text, bool is_last)
{
    buf_print(b, "\"%s\":", name);
    if (text.ptr)
        buf_add_json(b, text);
    else
        buf_addz(b, "null");
    if (!is_last)
        buf_addc(b, ',');
}

static void put_number(struct buf *b, const char *name, int64_t n)
{
    buf_print(b, "\"%s\":%lld,", name, (long long)n);
}

static void put_value(struct buf *b, enum column_type type, const struct value *v, struct arena *a)
{
    if (!v->is_set) {
        buf_addz(b, "null");
        return;
    }
    switch (type) {
    case COLUMN_TIME:
        buf_add_json(b, instant_text((struct instant){.sec = v->number >> 30, .is_set = true}, a));
        return;
    case COLUMN_COUNT:
    case COLUMN_PERCENT:
    case COLUMN_DURATION:
        buf_print(b, "%lld", (long long)v->number);
        return;
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_MARK:
    case COLUMN_HASH:
    case COLUMN_INPUT:
        buf_add_json(b, v->text);
        return;
    }
}

static void put_words(struct buf *b, const char *name, str words)
{
    const char *comma = "";

    buf_print(b, "\"%s\":[", name);
    for (str rest = words; rest.len > 0;) {
        str word = str_cut(&rest, ' ');

        if (word.len == 0)
            continue;
        buf_addz(b, comma);
        buf_add_json(b, word);
        comma = ",";
    }
    buf_addz(b, "],");
}

static void put_finding(struct buf *b, const struct finding *f, struct arena *a)
{
    const char *comma = "";

    buf_addz(b, "\n   {");
    put_text(b, "number", f->number, false);
    put_text(b, "severity", str_from(severity_name(f->severity)), false);
    put_text(b, "environment", f->environment, false);
    put_text(b, "item", f->item, false);
    put_text(b, "time",
             f->has_t ? instant_text((struct instant){.sec = f->t >> 30, .is_set = true}, a)
                      : STR_NONE,
             false);
    put_text(b, "actor", f->actor, false);
    put_text(b, "action", f->action, false);
    put_text(b, "resource", f->resource, false);
    put_text(b, "reason", f->reason, false);
    put_text(b, "change", f->change, false);
    put_words(b, "evidence", f->evidence);
    buf_addz(b, "\"row\":{");
    for (size_t i = 0; i < f->query->ncolumns; i++) {
        buf_addz(b, comma);
        buf_add_json(b, f->query->columns[i].name);
        buf_addc(b, ':');
        put_value(b, f->query->columns[i].type, &f->values[i], a);
        comma = ",";
    }
    buf_addz(b, "}}");
}

static void put_result(struct buf *b, const struct query_result *r, struct arena *a)
{
    const struct query *q = r->query;
    const char *comma = "";

    buf_addz(b, "\n  {");
    put_text(b, "query", q->id, false);
    put_text(b, "title", q->title, false);
    put_text(b, "severity", str_from(severity_name(q->severity)), false);
    put_text(b, "kind", q->kind == QUERY_POPULATION ? STR("population") : STR("exceptions"), false);
    put_text(b, "environment", r->environment, false);
    put_text(b, "outcome", str_from(query_result_name(r)), false);
    put_text(b, "why", r->why, false);
    /* 0 exceptions only where the whole record was examined */
    if (r->result == RESULT_NOT_TESTED)
        buf_addz(b, "\"population\":null,");
    else
        put_number(b, "population", r->population);
    if (q->kind == QUERY_EXCEPTIONS &&
        (r->result == RESULT_EXCEPTIONS || r->result == RESULT_NO_EXCEPTIONS))
        put_number(b, "exceptions", r->exceptions);
    else
        buf_addz(b, "\"exceptions\":null,");
    put_text(b, "population_sha256", r->population_sha256, false);
    put_text(b, "query_sha256", q->sql_sha256, false);
    buf_addz(b, q->kind == QUERY_POPULATION ? "\"rows\":[" : "\"findings\":[");
    for (const struct finding *f = r->findings; f; f = f->next) {
        buf_addz(b, comma);
        put_finding(b, f, a);
        comma = ",";
    }
    buf_addz(b, "]}");
}

str findings_json(const struct report *report, const struct query_result *results, struct arena *a)
{
    struct buf b = {0};
    const char *comma = "";
    str text;

    buf_addz(&b, "{");
    put_text(&b, "report", report->id, false);
    put_text(&b, "kind", report->kind, false);
    put_text(&b, "organization", report->organization, false);
    put_text(&b, "environment", report->environment, false);
    put_text(&b, "from", report->period_from, false);
    put_text(&b, "until", report->period_until, false);
    put_text(&b, "generated", report->generated, false);
    put_text(&b, "program", report->program, false);
    put_text(&b, "dataset_sha256", report->dataset_sha256, false);
    put_text(&b, "state", report->state, false);
    buf_print(&b, "\"is_complete\":%s,\n \"results\":[", report->is_complete ? "true" : "false");
    for (const struct query_result *r = results; r; r = r->next) {
        buf_addz(&b, comma);
        put_result(&b, r, a);
        comma = ",";
    }
    buf_addz(&b, "\n ]}\n");
    text = buf_str_copy(&b, a);
    buf_free(&b);
    return text;
}
