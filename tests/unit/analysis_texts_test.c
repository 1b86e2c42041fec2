#include "check.h"

#include "../../src/analysis/texts.h"

static struct arena arena;

static struct texts some_texts(void)
{
    static struct text many = {.key = {"many", 4}, .value = {"{n|change|changes} by {who}", 27}};

    return (struct texts){.first = &many};
}

/* Expands; the message when it fails. */
static str expanded(const struct figures *f, const char *text)
{
    struct texts t = some_texts();
    struct err err = {0};
    str out;

    return text_expand(&t, f, str_from(text), &arena, &out, &err)
               ? out
               : str_copy(&arena, str_from(err.text));
}

TEST(a_placeholder_prints_its_figure_by_type)
{
    const struct value rate = {.is_set = true, .number = 987},
                       wait = {.is_set = true, .number = 5400};
    struct figures f;

    figures_init(&f);
    figure_count(&f, &arena, STR("events"), 1284307);
    figure_add(&f, &arena, STR("rate"), COLUMN_PERCENT, &rate);
    figure_add(&f, &arena, STR("wait"), COLUMN_DURATION, &wait);
    figure_text(&f, &arena, STR("who"), STR_NONE);
    CHECK_STR(expanded(&f, "{events} events"), "1,284,307 events");
    CHECK_STR(expanded(&f, "{rate}, {wait}"), "98.7 %, 1 h 30 min");
    CHECK_STR(expanded(&f, "{who}"), "—");
    CHECK_STR(expanded(&f, "{{rate}"), "{rate}");
}

TEST(a_placeholder_picks_the_word_for_its_number)
{
    struct figures f;

    figures_init(&f);
    figure_count(&f, &arena, STR("none"), 0);
    figure_count(&f, &arena, STR("one"), 1);
    figure_count(&f, &arena, STR("two"), 2);
    CHECK_STR(expanded(&f, "{none|change|changes}, {one|change|changes}, {two|change|changes}"),
              "0 changes, 1 change, 2 changes");
}

TEST(the_figure_added_last_is_the_one_printed)
{
    struct figures f;

    figures_init(&f);
    figure_count(&f, &arena, STR("n"), 1);
    figure_count(&f, &arena, STR("n"), 7);
    CHECK_STR(expanded(&f, "{n}"), "7");
}

TEST(a_text_with_a_hole_is_refused)
{
    struct figures f;

    figures_init(&f);
    figure_count(&f, &arena, STR("n"), 3);
    CHECK_STR(expanded(&f, "{m} events"), "unknown figure 'm'");
    CHECK_STR(expanded(&f, "@many"), "unknown figure 'who'");
    CHECK_STR(expanded(&f, "@other"), "no text 'other' in templates/text/en.json");
    CHECK_STR(expanded(&f, "{n events"), "a brace is not closed in '{n events'");
}

TEST(a_rate_is_rounded_half_up_and_nothing_of_nothing_is_nothing)
{
    CHECK_INT(thousandths_of(856, 867), 987);
    CHECK_INT(thousandths_of(1, 2000), 1);
    CHECK_INT(thousandths_of(0, 0), 0);
}

TEST(the_texts_of_the_program_can_all_be_read)
{
    struct texts t;
    struct err err = {0};

    CHECK(texts_load(&arena, STR("templates"), &t, &err));
    CHECK(t.first != NULL && t.glossary != NULL);
}
