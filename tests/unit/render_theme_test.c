/* Themes: what a theme file must hold, and that its colours can be read. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "render/theme.h"

static const struct theme *load_default(struct arena *a)
{
    struct err err = {0};

    return theme_load(a, "templates", STR("default"), &err);
}

/* The default theme with one piece of its text replaced, loaded. */
static const struct theme *load_changed(struct arena *a, const char *old, const char *new,
                                        struct err *err)
{
    char dir[] = "/tmp/auditpress-theme-XXXXXX";
    const struct theme *t = NULL;
    struct err setup = {0};
    str text, changed;
    size_t at;

    if (!mkdtemp(dir) || !file_read(a, "templates/themes/default.json", 0, &text, &setup))
        return NULL;
    at = str_find(text, str_from(old));
    changed = str_print(a, "%.*s%s%.*s", (int)at, text.ptr, new, (int)(text.len - at - strlen(old)),
                        text.ptr + at + strlen(old));
    if (dir_make(str_z(a, str_print(a, "%s/themes", dir)), &setup) &&
        file_write(str_z(a, str_print(a, "%s/themes/changed.json", dir)), changed, &setup))
        t = theme_load(a, dir, STR("changed"), err);
    if (!dir_remove(dir, &setup))
        return NULL;
    return t;
}

TEST(the_default_theme_loads)
{
    struct arena a = {0};
    const struct theme *t = load_default(&a);

    CHECK(t != NULL);
    CHECK_STR(t->logo, "auditpress");
    CHECK_INT(t->colours[COLOUR_NAVY], 0x0B2A4A);
    CHECK_INT(theme_colour(t, "critical"), 0x9F1239);
    CHECK_INT(theme_colour(t, "no-such-colour"), t->colours[COLOUR_MUTED]);
    CHECK(t->type[TYPE_BODY].size > 9 && t->type[TYPE_BODY].size < 10);
    arena_free(&a);
}

TEST(a_misspelt_colour_is_named)
{
    struct arena a = {0};
    struct err err = {0};

    CHECK(load_changed(&a, "\"teal\"", "\"tael\"", &err) == NULL);
    CHECK(str_contains(str_from(err.text), STR("unknown colour 'tael'")));
    CHECK_INT(err.kind, ERR_USAGE);
    arena_free(&a);
}

TEST(a_missing_colour_is_named)
{
    struct arena a = {0};
    struct err err = {0};

    CHECK(load_changed(&a, "\"link\": \"#1D4ED8\",", "", &err) == NULL);
    CHECK(str_contains(str_from(err.text), STR("colour 'link' is missing")));
    arena_free(&a);
}

TEST(a_colour_has_six_digits)
{
    struct arena a = {0};
    struct err err = {0};

    CHECK(load_changed(&a, "#0F172A", "#0F172", &err) == NULL);
    CHECK(str_contains(str_from(err.text), STR("colour 'ink'")));
    arena_free(&a);
}

TEST(a_theme_can_be_for_letter_paper)
{
    struct arena a = {0};
    struct err err = {0};
    const struct theme *t = load_changed(&a, "\"A4\"", "\"Letter\"", &err);

    CHECK(t != NULL && t->is_letter);
    CHECK(load_changed(&a, "\"A4\"", "\"A5\"", &err) == NULL);
    CHECK(str_contains(str_from(err.text), STR("paper is neither")));
    arena_free(&a);
}

TEST(a_theme_name_leads_nowhere_else)
{
    struct arena a = {0};
    struct err err = {0};

    CHECK(theme_load(&a, "templates", STR("../themes/default"), &err) == NULL);
    CHECK_STR(str_from(err.text), "'../themes/default' is not the name of a theme");
    arena_free(&a);
}

static double luminance(uint32_t rgb)
{
    double sum = 0;
    const double share[] = {0.2126, 0.7152, 0.0722};

    for (int k = 0; k < 3; k++) {
        double c = (rgb >> (16 - 8 * k) & 255) / 255.0;

        sum += share[k] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
    double la = luminance(a), lb = luminance(b);

    return ((la > lb ? la : lb) + 0.05) / ((la > lb ? lb : la) + 0.05);
}

TEST(all_text_has_a_contrast_of_at_least_four_and_a_half)
{
    struct arena a = {0};
    const struct theme *t = load_default(&a);
    const enum colour on_paper[] = {COLOUR_INK, COLOUR_TEXT, COLOUR_MUTED, COLOUR_FAINT,
                                    COLOUR_LINK};

    CHECK(t != NULL);
    for (size_t k = 0; k < sizeof on_paper / sizeof on_paper[0]; k++) {
        CHECK(contrast(t->colours[on_paper[k]], t->colours[COLOUR_PAPER]) >= 4.5);
        CHECK(contrast(t->colours[on_paper[k]], t->colours[COLOUR_PANEL]) >= 4.5);
    }
    for (int mark = MARK_CRITICAL; mark <= MARK_PARTIAL; mark++) {
        struct mark_look look = theme_mark(t, (enum mark)mark);

        CHECK(contrast(look.text, look.ground) >= 4.5);
        CHECK(contrast(look.solid, t->colours[COLOUR_PAPER]) >= 3);
    }
    CHECK(contrast(t->colours[COLOUR_ON_NAVY_ACCENT], t->colours[COLOUR_NAVY]) >= 4.5);
    arena_free(&a);
}
