/*
 * compose_block: blocks that need no data of their own: texts, banners, facts, tiles, the glossary.
 */
#include "analysis/compose.h"

/* One text, or a list of sentences, each with its conditions, that make one paragraph. */
static bool compose_sentences(struct composer *c, json_t *object, str *out)
{
    const json_t *list = json_member(object, "text");
    size_t i;
    json_t *one;

    if (!json_is_array(list))
        return compose_member(c, object, "text", out);
    json_array_foreach (list, i, one) {
        bool is_wanted;
        str sentence;

        if (!compose_keys(c, one, "text when unless") || !compose_wanted(c, one, &is_wanted))
            return false;
        if (is_wanted && !compose_member(c, one, "text", &sentence))
            return false;
        if (is_wanted)
            *out = str_join(c->a, *out, STR(" "), sentence);
    }
    return true;
}

bool compose_text(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_TEXT);

    b->is_note = json_truth(json_member(object, "note"));
    return compose_mark(c, object, &b->mark) && compose_member(c, object, "title", &b->title) &&
           compose_sentences(c, object, &b->text);
}

bool compose_banner(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_BANNER);

    return compose_mark(c, object, &b->mark) && compose_member(c, object, "banner", &b->title) &&
           compose_member(c, object, "text", &b->text);
}

bool compose_subtitle(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_SUBTITLE);

    return compose_member(c, object, "subtitle", &b->title) &&
           compose_member(c, object, "anchor", &b->anchor);
}

bool compose_code(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_CODE);

    return compose_member(c, object, "title", &b->title) &&
           compose_member(c, object, "code", &b->text);
}

bool compose_page(struct composer *c, json_t *object)
{
    (void)object;
    compose_block(c, BLOCK_PAGE);
    return true;
}

bool compose_signatures(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_SIGNATURES);

    return compose_member(c, object, "signatures", &b->title) &&
           compose_member(c, object, "text", &b->text);
}

bool compose_facts(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_FACTS);
    const json_t *list = json_member(object, "facts");
    struct fact *facts = arena_new(c->a, struct fact, json_array_size(list));
    size_t i;
    json_t *one;

    b->facts = facts;
    json_array_foreach (list, i, one) {
        struct fact *f = &facts[b->nfacts];
        bool is_wanted;

        if (!compose_keys(c, one, "name value mono when unless") ||
            !compose_wanted(c, one, &is_wanted))
            return false;
        if (!is_wanted)
            continue;
        f->is_mono = json_truth(json_member(one, "mono"));
        if (!compose_member(c, one, "name", &f->name) ||
            !compose_member(c, one, "value", &f->value))
            return false;
        b->nfacts++;
    }
    return compose_member(c, object, "title", &b->title);
}

/* The figure of this period and those before, the oldest first; none with fewer than two. */
static const int64_t *trend_of(struct composer *c, str name, size_t *count)
{
    int64_t *values = arena_new(c->a, int64_t, PAST_MOST + 1);

    *count = 0;
    for (size_t i = c->npast; i-- > 0;) {
        const struct figure *f = figure_find(&c->past[i].figures, name);

        if (f && f->is_set)
            values[(*count)++] = f->number;
    }
    if (figure_find(&c->figures, name))
        values[(*count)++] = figure_find(&c->figures, name)->number;
    *count = *count < 2 ? 0 : *count;
    return *count ? values : NULL;
}

static bool compose_tile(struct composer *c, json_t *object, struct tile *out)
{
    str trend = json_get_text(object, "trend", c->a);

    if (trend.len > 0 && !figure_find(&c->figures, trend))
        return err_set(c->err, ERR_USAGE, "unknown figure '%.*s'", STR_FMT(trend));
    if (trend.len > 0)
        out->trend = trend_of(c, trend, &out->ntrend);
    return compose_mark(c, object, &out->mark) && compose_member(c, object, "label", &out->label) &&
           compose_member(c, object, "value", &out->value) &&
           compose_member(c, object, "note", &out->note);
}

bool compose_tiles(struct composer *c, json_t *object)
{
    struct block *b = compose_block(c, BLOCK_TILES);
    const json_t *list = json_member(object, "tiles");
    struct tile *tiles = arena_new(c->a, struct tile, json_array_size(list));
    size_t i;
    json_t *one;

    b->tiles = tiles;
    json_array_foreach (list, i, one) {
        bool is_wanted;

        if (!compose_keys(c, one, "label value note mark trend when unless") ||
            !compose_wanted(c, one, &is_wanted))
            return false;
        if (is_wanted && !compose_tile(c, one, &tiles[b->ntiles++]))
            return false;
    }
    return compose_member(c, object, "title", &b->title);
}

bool compose_glossary(struct composer *c, json_t *object)
{
    static const struct column columns[] = {
        COL_BOLD("term", "Term", TEXT, 22),
        COL("meaning", "Meaning", TEXT, 78),
    };
    struct table_draft d;

    draft_begin(&d, c->a, columns, 2);
    for (const struct text *t = c->texts.glossary; t; t = t->next) {
        struct value *row = draft_row(&d);

        row[0] = text_value(t->key);
        row[1] = text_value(t->value);
    }
    return compose_table_block(c, object, draft_end(&d), STR_NONE);
}
