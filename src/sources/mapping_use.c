/*
 * mapping_use: what a mapping makes of a record.
 */
#include "mapping_parts.h"

#include "tree.h"

#define ROW(name, member, hold) {name, offsetof(struct event, member), hold},
const struct mapped_field mapped_fields[MAPPED_FIELD_COUNT] = {MAPPED_FIELDS(ROW)};

#define NAME(constant, name) name,
static const char *const actor_names[] = {ACTOR_TYPES(NAME)};
static const char *const channel_names[] = {CHANNELS(NAME)};

/* "::ffff:1.2.3.4", "1.2.3.4:50332" and "[2001:db8::1]:443" are addresses with something around. */
static str address_of(str s)
{
    size_t colon = str_find_last(s, ':');

    if (str_starts(s, STR("[")))
        return str_part(s, 1, str_find_char(s, ']'));
    if (str_starts_nocase(s, STR("::ffff:")) && str_find_char(s, '.') != SIZE_MAX)
        return str_part(s, 7, s.len);
    return colon != SIZE_MAX && str_find_char(s, ':') == colon ? str_part(s, 0, colon) : s;
}

bool mapped_set(const struct mapped_field *f, struct event *ev, str text, struct arena *a)
{
    char *at = (char *)ev + f->offset;

    switch (f->hold) {
    case HOLD_TEXT:
        *(str *)(void *)at = str_copy(a, text);
        return true;
    case HOLD_ADDRESS:
        *(str *)(void *)at = str_copy(a, address_of(text));
        return true;
    case HOLD_TIME:
        return event_set_time(ev, text);
    case HOLD_VERB:
        return verb_find(text, &ev->verb);
    case HOLD_OUTCOME:
        return outcome_find(text, &ev->outcome);
    case HOLD_CHANNEL:
        for (int c = CHANNEL_UNKNOWN; c <= CHANNEL_PROVIDER; c++)
            if (str_eq(text, str_from(channel_names[c]))) {
                ev->channel = (enum channel)c;
                return true;
            }
        return false;
    case HOLD_ACTOR:
        for (int t = ACTOR_UNKNOWN; t <= ACTOR_ANONYMOUS; t++)
            if (str_eq(text, str_from(actor_names[t]))) {
                ev->actor_type = (enum actor_type)t;
                return true;
            }
        return false;
    }
    return false;
}

static str value_of(const struct value *v, const struct field *f, struct arena *a)
{
    str text = STR_NONE;
    size_t at;

    switch (v->kind) {
    case VALUE_PATH:
        text = field_text(f[v->slot], a);
        break;
    case VALUE_CONST:
        text = v->text;
        break;
    case VALUE_FIRST:
        for (size_t i = 0; i < v->nparts && str_empty(text); i++)
            text = value_of(&v->parts[i], f, a);
        break;
    case VALUE_JOIN:
        for (size_t i = 0; i < v->nparts; i++)
            text = str_join(a, text, v->text, value_of(&v->parts[i], f, a));
        break;
    }
    if (v->after.len && !str_empty(text)) {
        at = str_find(text, v->after);
        text = at == SIZE_MAX ? STR_NONE : str_part(text, at + v->after.len, text.len);
    }
    if (v->before.len && (at = str_find(text, v->before)) != SIZE_MAX)
        text = str_part(text, 0, at);
    for (size_t i = 0; i < v->nmap && !str_empty(text); i++)
        if (str_glob(v->map[i].from, text))
            return v->map[i].to;
    return v->nmap || str_empty(text) ? v->otherwise : text;
}

static bool holds(const struct kind *k, const struct field *f, struct arena *a)
{
    for (size_t i = 0; i < k->nwhen; i++) {
        const struct condition *c = &k->when[i];
        bool is_there = f[c->slot].kind != FIELD_ABSENT && f[c->slot].kind != FIELD_NULL, fits = false;
        str text = c->kind == WHEN_LIKE ? field_text(f[c->slot], a) : STR_NONE;

        for (size_t g = 0; g < c->nglobs; g++)
            fits |= text.ptr && str_glob(c->globs[g], text);
        if (c->kind == WHEN_LIKE ? !fits : is_there != (c->kind == WHEN_THERE))
            return false;
    }
    return true;
}

enum { SURE = 80 };

int mapping_probe(const struct mapping *m, const struct record *rec)
{
    struct arena a = {0};
    struct field *f = arena_new(&a, struct field, m->source.npaths);
    struct err err = {0};
    int score = fields_read(m->set, rec->bytes, f, &err) && holds(&m->base, f, &a) ? SURE : 0;

    arena_free(&a);
    return score;
}

enum map_result mapping_map(const struct mapping *m, const struct record *rec, struct mapper *to)
{
    const struct field *f = rec->fields;
    const struct kind *kind = NULL;
    struct event ev = event_new();

    if (!holds(&m->base, f, to->arena))
        return MAP_FOREIGN;
    for (size_t i = 0; i < m->nkinds && !kind; i++)
        kind = holds(&m->kinds[i], f, to->arena) ? &m->kinds[i] : NULL;
    if (kind && kind->skip) {
        to->why = kind->skip;
        return MAP_NOT_EVENT;
    }
    for (size_t i = 0; i < MAPPED_FIELD_COUNT; i++) {
        const struct value *v = kind && kind->fields[i] ? kind->fields[i] : m->base.fields[i];
        str text = v ? value_of(v, f, to->arena) : STR_NONE;

        if (!str_empty(text) && !mapped_set(&mapped_fields[i], &ev, text, to->arena) &&
            mapped_fields[i].hold != HOLD_TIME)
            issues_add(to->notes, to->arena, ISSUE_NOTE, "%s: '%.*s' is not a word of this field",
                       mapped_fields[i].name, STR_FMT(text));
    }
    if (!ev.time.is_set) {
        to->why = "time is missing or cannot be read";
        return MAP_REJECT;
    }
    if (ev.channel == CHANNEL_UNKNOWN)
        ev.channel = channel_from_user_agent(ev.user_agent);
    to->emit(to, &ev);
    return MAP_DONE;
}
